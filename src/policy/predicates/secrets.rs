//! Credentials, key material, programs and hidden characters in the tree.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Predicate;
use super::certified::Certified;
use crate::model::{
    Artifact, ArtifactKind, Confidence, IN_PROSE, Inventory, RelPath, Secret, Severity, TURNED, says_stand_in,
};
use crate::policy::evaluate::Context;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::{is_first_party, is_manual, is_source, is_test, is_vendored};

pub(super) const COMMITTED: Predicate = Predicate {
    name: "secret-committed",
    about: "A text holds a credential of at least the confidence that the pack asks for, and no comment allows it with a reason and, where it names a last day (`expires=\"2027-01-31\"`), until then. Credentials in folders for tests and examples count when their form leaves no doubt. There, in the pages of a manual, in descriptions of interfaces and in comments that explain the program, and where a path says test, example or the like, they are warnings, unless a checksum in them proves that they are none that somebody made up. So are private keys whose certificates nobody relies on: those in the same file, or in the same folder or one beside it, that are expired, signed by themselves or by such a one, or made out to localhost or an example; credentials in the code of others; Google's API keys in source files, which programs hand out to their users; private keys beside programs that test, in files named as a default, and encrypted ones; and those of files that hold more than three.",
    on: SubjectKind::File,
    fields: &["title", "shown", "kind", "commit"],
    params: &[("secret-confidence", ParamKind::Text)],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let least = least_confidence(context);
        judge.subjects += inventory.statistics.text_files;
        let shown = Shown {
            described: inventory.interfaces.iter().map(|interface| &interface.place.path).collect(),
            certified: Certified::new(inventory, context.today),
            collections: collections(inventory),
        };
        let committed: Vec<&Secret> =
            inventory.secrets.iter().filter(|s| is_committed(s, least, context.today)).collect();
        let mut keys: BTreeMap<(RelPath, bool), Vec<&Secret>> = BTreeMap::new();
        for secret in committed.iter().filter(|s| is_key_file(s)) {
            let folder = (secret.place.path.parent(), shown.holds(secret));
            keys.entry(folder).or_default().push(secret);
        }
        keys.retain(|_, keys| keys.len() > MOST_KEYS);
        // Records of requests and the like repeat one credential over and over.
        let mut repeated: BTreeMap<(&RelPath, &str, &str), Vec<&Secret>> = BTreeMap::new();
        for secret in committed.iter().filter(|s| s.commit.is_none() && !is_key_file(s)) {
            repeated.entry((&secret.place.path, &secret.kind, &secret.shown)).or_default().push(secret);
        }
        repeated.retain(|_, places| places.len() > MOST_KEYS);
        for secret in committed {
            judge.subjects = judge.subjects.saturating_sub(1);
            let path = secret.place.path.as_str();
            let mut title = match &secret.commit {
                Some(commit) => format!("{} (in commit {})", secret.title, &commit[..commit.len().min(12)]),
                None => secret.title.clone(),
            };
            let mut related = Vec::new();
            let in_folder = || keys.get(&(secret.place.path.parent(), shown.holds(secret)));
            let in_file = || repeated.get(&(&secret.place.path, secret.kind.as_str(), secret.shown.as_str()));
            let (group, among) = match (secret.commit.is_some(), is_key_file(secret)) {
                (true, _) => (None, ""),
                (false, true) => (in_folder(), "its folder"),
                (false, false) => (in_file(), "the file"),
            };
            // Many keys in one folder are one finding, at the first of them; so are many that look alike in one file.
            if let Some([first, rest @ ..]) = group.map(Vec::as_slice) {
                if !std::ptr::eq(*first, secret) {
                    continue;
                }
                title = format!("{title}, as do {} more places in {among}", rest.len());
                let shown = rest.iter().take(MOST_SINGLE);
                related = shown.map(|key| (key.place.clone(), "holds one, too".to_owned())).collect();
            }
            let mut failure = Failure::new(path, secret.place.clone());
            failure.related = related;
            judge.fail(
                failure
                    .even_in_tests()
                    .with("title", title)
                    .with("shown", secret.shown.as_str())
                    .with("kind", secret.kind.as_str())
                    .with("commit", secret.commit.as_deref().unwrap_or("the tree"))
                    .at_most(if shown.holds(secret) { Severity::Warning } else { Severity::Error }),
            );
        }
    },
};

/// So many private keys in one folder are told one by one; more are told together.
const MOST_KEYS: usize = 3;

/// Whether a credential is a private key in a file of the tree that is made to hold keys and certificates.
fn is_key_file(secret: &Secret) -> bool {
    let holds_keys = ["pem", "key", "ppk", "p8", "asc", "gpg", "rsa", "crt"];
    let extension = secret.place.path.extension().to_ascii_lowercase();
    secret.commit.is_none() && secret.kind.ends_with("private-key") && holds_keys.contains(&extension.as_str())
}

/// Tells credentials that are most likely shown and not used.
struct Shown<'a> {
    described: BTreeSet<&'a RelPath>,
    certified: Certified<'a>,
    /// Files that hold more private keys than a program has use for.
    collections: BTreeSet<&'a RelPath>,
}

impl Shown<'_> {
    /// Manuals, comments and the described interfaces show what their product prints, and tests need keys of their own and
    /// texts that look like credentials. What a checksum proves is an exception.
    fn holds(&self, secret: &Secret) -> bool {
        let path = &secret.place.path;
        let is_said = secret.explained || is_manual(path) || self.described.contains(path) || is_for_tests(path);
        let is_key = secret.commit.is_none() && secret.kind.ends_with("private-key");
        let is_idle = || {
            // One that is encrypted opens nothing without its passphrase.
            secret.kind == "encrypted-private-key"
                || is_default(path)
                || self.certified.by_nobody(path)
                || self.collections.contains(path)
        };
        // Programs that run at their users' hand out such keys with themselves; who made one limits what it is good for.
        let is_of_client = secret.kind == "google-api-key" && is_source(&path.extension().to_ascii_lowercase());
        !secret.proven && (is_said || is_vendored(path) || is_of_client || is_key && is_idle())
    }
}

/// Files that hold more than [`MOST_KEYS`] private keys, as vectors for tests do.
fn collections(inventory: &Inventory) -> BTreeSet<&RelPath> {
    let mut counts: BTreeMap<&RelPath, usize> = BTreeMap::new();
    for secret in inventory.secrets.iter().filter(|s| s.commit.is_none() && s.kind.ends_with("private-key")) {
        *counts.entry(&secret.place.path).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > MOST_KEYS).map(|(path, _)| path).collect()
}

/// Whether a path says that its file is there for tests or as an example; `expected` holds what tests print.
fn is_for_tests(path: &RelPath) -> bool {
    is_test(path) || says_stand_in(path.as_str()) || path.folder().split('/').any(|part| part == "expected")
}

/// Whether a file is named as what a program falls back to where nobody gave it a key (`default.pem`), or as what those
/// who write it use (`lamp-dev.jks`, `App_TemporaryKey.pfx` of Visual Studio).
fn is_default(path: &RelPath) -> bool {
    let mut words = path.stem().split(['-', '_', '.']);
    words.any(|word| {
        ["default", "dev", "devel", "development", "TemporaryKey"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
    })
}

/// Whether a credential fails `secret-committed`.
fn is_committed(secret: &Secret, least: Confidence, today: Date) -> bool {
    secret.confidence >= least && !is_allowed(secret, today)
}

/// Whether a comment allows a credential today.
fn is_allowed(secret: &Secret, today: Date) -> bool {
    let lasts = |until: &String| until.parse::<Date>().is_ok_and(|last| last >= today);
    secret.allowed.is_some() && secret.allowed_until.as_ref().is_none_or(lasts)
}

pub(super) const ALLOW_UNUSED: Predicate = Predicate {
    name: "allow-unused",
    about: "A comment `openclause: allow(secret-committed)` stands where no credential is found on its line or the next. Folders for tests and examples are left out.",
    on: SubjectKind::File,
    fields: &["what"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        for secret in inventory.secrets.iter().filter(|s| s.commit.is_none() && s.allowed.is_some()) {
            if counts(inventory, &secret.place.path) {
                judge.pass();
            }
        }
        for artifact in of(inventory, ArtifactKind::UnusedAllow) {
            judge.fail(
                Failure::new(artifact.place.path.as_str(), artifact.place.clone())
                    .with("what", artifact.what.as_str()),
            );
        }
        judge.nothing("no comment allows a credential");
    },
};

fn least_confidence(context: &Context<'_>) -> Confidence {
    match context.text("secret-confidence") {
        "low" => Confidence::Low,
        "medium" => Confidence::Medium,
        _ => Confidence::High,
    }
}

/// Judges every file by what of one kind was found: each place fails, and a file without one passes.
fn fail_each(judge: &mut Judge, inventory: &Inventory, kind: ArtifactKind) {
    judge.subjects += inventory.files.len() as u64;
    of(inventory, kind).for_each(|artifact| fail(judge, artifact));
}

pub(super) const KEY_MATERIAL: Predicate = Predicate {
    name: "key-material-tracked",
    about: "A key store, a file of private keys, or a file of credentials with values in it. Files that git does not track, and those in folders for tests and examples, are left out, and so is what secret-committed tells already. Where a path says test, example or the like, and where the certificates beside it are such as nobody relies on, it is a warning.",
    on: SubjectKind::File,
    fields: &["what"],
    params: &[("secret-confidence", ParamKind::Text)],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let least = least_confidence(context);
        let committed =
            inventory.secrets.iter().filter(|s| s.commit.is_none() && is_committed(s, least, context.today));
        let told: BTreeSet<&RelPath> = committed.map(|secret| &secret.place.path).collect();
        judge.subjects += inventory.files.len() as u64;
        let certified = Certified::new(inventory, context.today);
        let at_most = |path: &RelPath| {
            let is_idle = is_for_tests(path) || is_default(path) || certified.by_nobody(path) || is_vendored(path);
            if is_idle { Severity::Warning } else { Severity::Error }
        };
        let untold = of(inventory, ArtifactKind::KeyMaterial).filter(|artifact| !told.contains(&artifact.place.path));
        untold.for_each(|artifact| fail_at_most(judge, artifact, at_most(&artifact.place.path)));
        // A file that holds nothing but a key in armour.
        let mut last: Option<&RelPath> = None;
        for secret in &inventory.secrets {
            let path = &secret.place.path;
            let key = secret.kind.ends_with("private-key") && secret.commit.is_none() && secret.allowed.is_none();
            let made_for_it = ["pem", "key", "ppk", "p8", "asc", "gpg", "rsa"].contains(&path.extension())
                || path.name().starts_with("id_") && path.extension().is_empty();
            if key && made_for_it && !told.contains(path) && last != Some(path) && counts(inventory, path) {
                last = Some(path);
                judge.subjects = judge.subjects.saturating_sub(1);
                let at_most = if is_manual(path) { Severity::Warning } else { at_most(path) };
                let failure = Failure::new(path.as_str(), secret.place.clone()).with("what", "a private key");
                judge.fail(failure.at_most(at_most));
            }
        }
    },
};

pub(super) const BINARY: Predicate = Predicate {
    name: "binary-unreviewable",
    about: "A program or library in machine or byte code. Files that git does not track, and those in folders for tests and examples, are left out; gradle-wrapper.jar is, when a workflow compares it with the checksums that Gradle publishes. Many of one sort in one folder are one finding, and so are very many in the whole tree.",
    on: SubjectKind::File,
    fields: &["what"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        judge.subjects += inventory.files.len() as u64;
        let validated = inventory.artifacts.iter().any(|a| a.kind == ArtifactKind::WrapperValidation);
        let counted = of(inventory, ArtifactKind::Executable)
            .filter(|artifact| !(validated && artifact.place.path.name() == "gradle-wrapper.jar"));
        let mut groups: BTreeMap<(RelPath, &str), Vec<&Artifact>> = BTreeMap::new();
        for artifact in counted {
            groups.entry((artifact.place.path.parent(), artifact.what.as_str())).or_default().push(artifact);
        }
        let mut all: BTreeMap<&str, Vec<&Artifact>> = BTreeMap::new();
        groups.iter().for_each(|((_, what), group)| all.entry(*what).or_default().extend(group));
        for (what, group) in all.iter().filter(|(_, group)| group.len() > MOST_IN_TREE) {
            let folders: BTreeSet<RelPath> = group.iter().map(|artifact| artifact.place.path.parent()).collect();
            let more = group.len() - 1;
            judge.subjects = judge.subjects.saturating_sub(group.len() as u64);
            let mut failure = Failure::new(group[0].place.path.as_str(), group[0].place.clone())
                .with("what", format!("{what}, as are {more} more files in {} folders", folders.len()));
            let shown = group.iter().skip(1).take(MOST_SINGLE);
            failure.related = shown.map(|artifact| (artifact.place.clone(), format!("is {what}, too"))).collect();
            judge.fail(failure);
        }
        groups.retain(|(_, what), _| all[what].len() <= MOST_IN_TREE);
        for ((folder, what), group) in groups {
            if group.len() <= MOST_SINGLE {
                group.into_iter().for_each(|artifact| fail(judge, artifact));
            } else if let [first, rest @ ..] = group.as_slice() {
                judge.subjects = judge.subjects.saturating_sub(group.len() as u64);
                let place = if folder.depth() == 0 { "the root folder".to_owned() } else { format!("`{folder}`") };
                let what = format!("{what}, as are {} more files in {place}", rest.len());
                judge.fail(Failure::new(first.place.path.as_str(), first.place.clone()).with("what", what));
            }
        }
    },
};

pub(super) const ARCHIVE_ESCAPES: Predicate = Predicate {
    name: "archive-escapes",
    about: "An archive (zip, tar, 7-Zip, compressed tar) has a member with an absolute path or one that climbs out by `..`, or a link that leads out of it. Files that git does not track, and those in folders for tests and examples, are left out.",
    on: SubjectKind::File,
    fields: &["what"],
    params: &[],
    check: |context, judge| fail_each(judge, context.scene.inventory, ArtifactKind::Escape),
};

pub(super) const HIDDEN: Predicate = Predicate {
    name: "hidden-unicode",
    about: "A text has characters that turn the order in which it is shown, that are not shown inside a name, or that carry hidden text. Scripts and emoji that need such characters are left in peace; a line that spells the code point or speaks of bidirectional text is a warning, and so are an invisible character inside a word of a comment or string and turned text in prose.",
    on: SubjectKind::File,
    fields: &["what"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        judge.subjects += inventory.statistics.text_files;
        for artifact in of(inventory, ArtifactKind::HiddenText) {
            // In texts for people of a script that runs from right to left such characters are slips, not attacks.
            let is_text = ["po", "pot", "xlf", "xliff", "arb", "strings", "resx", "properties"]
                .contains(&artifact.place.path.extension())
                || is_translation_from_right(&artifact.place.path);
            let at_most = match artifact.place.region.as_ref() {
                _ if is_text => Severity::Note,
                _ if artifact.what.contains(IN_PROSE) => Severity::Warning,
                // Nothing reads prose but people, and none of it runs otherwise than it is read.
                _ if artifact.what.contains(TURNED) && is_prose(&artifact.place.path) => Severity::Warning,
                Some(region) if tells_of_hidden(&region.excerpt) => Severity::Warning,
                _ => Severity::Error,
            };
            fail_at_most(judge, artifact, at_most);
        }
    },
};

/// Whether a line that holds hidden characters speaks of them, as an example in a check for them does: by its code point
/// (`U+202E`), an escape of it, or the name of the attack.
fn tells_of_hidden(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let spelt = |c: char| {
        let code = format!("{:04x}", u32::from(c));
        ["u+", "\\u", "\\u{", "0x", "&#x"].iter().any(|before| lower.contains(&format!("{before}{code}")))
    };
    let words = || lower.split(|c: char| !c.is_ascii_alphanumeric());
    words().any(|word| word.starts_with("bidi") || word.starts_with("trojan"))
        || lists_hidden(line)
        || line.chars().filter(|c| !c.is_ascii()).any(spelt)
}

/// Whether the characters of the kind on a line turn and hide nothing: different ones stand side by side, as in a set of
/// characters to look for, or each is all that stands in its quotes, as in a table of characters.
fn lists_hidden(line: &str) -> bool {
    const LEAST: usize = 4;
    let is_hidden =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{200b}'..='\u{200f}');
    let mut runs = line.split(|c| !is_hidden(c)).filter(|run| run.len() >= 3 * LEAST);
    if runs.any(|run| run.chars().collect::<BTreeSet<char>>().len() >= LEAST) {
        return true;
    }
    let mut hidden = line.char_indices().filter(|&(_, c)| is_hidden(c)).peekable();
    hidden.peek().is_some()
        && hidden.all(|(at, c)| {
            let before = line[..at].chars().next_back().filter(|c| ['"', '\''].contains(c));
            before.is_some() && line[at + c.len_utf8()..].chars().next() == before
        })
}

/// Whether a file is prose by its extension.
fn is_prose(path: &RelPath) -> bool {
    ["txt", "md", "markdown", "rst", "adoc", "asciidoc", "tex"].contains(&path.extension())
}

/// Whether a file is named like the texts of a program in a language that is written from right to left: `ar.js`,
/// `messages_fa.ts`, `he/common.js`.
fn is_translation_from_right(path: &RelPath) -> bool {
    const LANGUAGES: &[&str] = &["ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"];
    let stem = path.stem().to_ascii_lowercase();
    let is_named = |part: &str| LANGUAGES.contains(&part);
    let folder = path.parent().name().to_ascii_lowercase();
    stem.split(['-', '_', '.']).any(is_named) || folder.split(['-', '_']).next().is_some_and(is_named)
}

/// So many programs of one sort in one folder are told one by one; more are told together.
const MOST_SINGLE: usize = 8;

/// So many programs of one sort in the whole tree are told by folder; more are told together.
const MOST_IN_TREE: usize = 100;

/// Artifacts of a sort that count.
fn of(inventory: &Inventory, kind: ArtifactKind) -> impl Iterator<Item = &Artifact> {
    inventory.artifacts.iter().filter(move |a| a.kind == kind && counts(inventory, &a.place.path))
}

/// Whether a file is the project's own and is, or may be, tracked.
fn counts(inventory: &Inventory, path: &RelPath) -> bool {
    let tracked = inventory.repository.as_ref().and_then(|repository| repository.is_tracked(path));
    is_first_party(path) && !is_test(path) && tracked != Some(false)
}

/// An artifact fails as one of the subjects that were counted in advance.
fn fail(judge: &mut Judge, artifact: &Artifact) {
    fail_at_most(judge, artifact, Severity::Error);
}

fn fail_at_most(judge: &mut Judge, artifact: &Artifact, at_most: Severity) {
    judge.subjects = judge.subjects.saturating_sub(1);
    let failure = Failure::new(artifact.place.path.as_str(), artifact.place.clone());
    judge.fail(failure.with("what", artifact.what.as_str()).at_most(at_most));
}
