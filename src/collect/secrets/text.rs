//! Follows keywords to credentials in one text.

use std::collections::HashMap;
use std::ops::Range;

use super::super::keywords::starts_word;
use super::super::languages::is_program;
use super::super::syntax::{Context, Syntax};
use super::super::{Hit, SourceFile};
use super::assignment::{self, Assignment, Join};
use super::generic::{self, Ground};
use super::name::{self, Strength};
use super::rule::{self, Check, Rule, RuleKind};
use super::value::{
    Mix, entropy, is_documented, is_hex, is_monotone, is_placeholder, is_template, is_uuid, word_share,
};
use super::{allow, call, command, login, redact, shape};
use crate::model::{Confidence, Secret, says_stand_in};

/// How many credentials of one file are told.
const MOST: usize = 1_000;
/// Longest token that is looked at, in bytes.
const LONGEST: usize = 4_096;

/// Longest private key in base64 that is looked at, in bytes.
const LONGEST_KEY: usize = 16_384;

/// How far in front of a key in a program what says what it is for may stand, in bytes.
const NEAR: usize = 300;

/// How far in front of a key the start of the module of tests is looked for, in bytes.
const FAR: usize = 64 << 10;

/// How many times a text is searched far from a keyword (keys in armour, documents of Kubernetes).
const MOST_SEARCHES: usize = 2_000;

/// How often the form of a kind is held against the surroundings of one keyword, and of all keywords of a text. A text
/// made of keywords must not cost more than its length.
const MOST_TRIES: usize = 32;
const MOST_TRIES_IN_ALL: usize = 20_000;

/// A credential that was found.
struct Found {
    range: Range<usize>,
    kind: &'static str,
    title: &'static str,
    confidence: Confidence,
    /// What found it.
    by: By,
}

/// What finds a credential, the surest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// A name that says credential.
    Name,
    /// The name of a service, and the form of its credentials.
    Service,
    /// Its own form.
    Form,
    /// Its own form, and the checksum in it.
    Checksum,
}

/// Finds every credential of a text, sorted by place.
pub(super) fn find(file: &SourceFile<'_>, hits: &[Hit]) -> Vec<Secret> {
    let text = file.text();
    let mut search = Search {
        text,
        made_up: is_made_up(file.name, file.path.as_str()),
        found: Vec::new(),
        refuted: Vec::new(),
        judged: None,
        searches: MOST_SEARCHES,
        tries: MOST_TRIES_IN_ALL,
        last: HashMap::new(),
        assigned: (0..0, None),
        ground: ground(file),
    };
    let listing = is_listing(file.name, file.path.as_str());
    for hit in hits {
        let word = rule::KEYWORDS[usize::from(hit.keyword)];
        let start = hit.start as usize;
        let range = start..start + word.len();
        if search.found.len() >= 4 * MOST || text.get(range.clone()).is_none() {
            continue;
        }
        for &number in rule::of_keyword(hit.keyword) {
            let rule = &rule::RULES[usize::from(number)];
            search.by_rule(rule, range.clone(), listing);
        }
        if !listing && !search.made_up {
            search.by_use(hit.keyword, &range);
        }
        search.by_word(word, rule::is_of_name(hit.keyword), range, listing);
    }
    let refuted = search.refuted;
    search
        .found
        .retain(|f| f.by >= By::Form || !refuted.iter().any(|r| r.start < f.range.end && f.range.start < r.end));
    let mut found = best(search.found);
    found.retain(|f| !is_within_encoded(file, &f.range));
    let ranges: Vec<Range<usize>> = found.iter().map(|f| f.range.clone()).collect();
    let places = redact::places(file, &ranges);
    let mut explanation = Explanation::new(file);
    let mut secrets: Vec<Secret> = found
        .into_iter()
        .zip(places)
        .map(|(found, place)| {
            let line = place.start_line();
            let above = if line > 1 { file.line(line - 1) } else { "" };
            let allowed = allow::reason(file.line(line), above);
            Secret {
                shown: redact::shown(&text[found.range.clone()]),
                kind: found.kind.to_owned(),
                title: found.title.to_owned(),
                confidence: found.confidence,
                proven: found.by == By::Checksum,
                explained: explanation.covers(found.range.start, found.kind)
                    || found.by <= By::Service && explanation.is_in_fence(found.range.start)
                    || LOCAL.contains(&found.kind) && explanation.is_markdown(),
                allowed_until: allowed.as_ref().and_then(|allowed| allowed.until.clone()),
                allowed: allowed.map(|allowed| allowed.reason),
                place,
                commit: None,
            }
        })
        .collect();
    secrets.sort();
    secrets
}

/// Kinds that open a service only from within the network of those who run it. Sessions in documents print them.
const LOCAL: &[&str] = &["docker-swarm-token"];

/// Tells what explains from what runs.
struct Explanation<'f> {
    file: &'f SourceFile<'f>,
    syntax: Option<Syntax<'f>>,
}

impl<'f> Explanation<'f> {
    fn new(file: &'f SourceFile<'f>) -> Self {
        Self { file, syntax: Syntax::new(file.path.extension(), file.text()) }
    }

    /// See [`Secret::explained`]. Offsets must not decrease from call to call.
    fn covers(&mut self, at: usize, kind: &str) -> bool {
        self.is_commented(at, kind)
            || kind.ends_with("private-key") && self.is_for_tests(at)
            || self.is_shown_in_markup(at)
            || self.is_in_named_example(at)
            || self.is_said_to_be_public(at)
            || self.is_patch_of_such(at)
    }

    /// Whether the line of a place, or one of the two above it, says that everybody may know what stands there, as makers
    /// of programs say of what a service asks of clients that cannot keep a secret.
    fn is_said_to_be_public(&self, at: usize) -> bool {
        const SAYINGS: &[&str] = &[
            "not a secret",
            "not secret",
            "isn't secret",
            "isn't a secret",
            "public value",
            "intentionally checked in",
        ];
        let line = self.file.line_at(at);
        (line.saturating_sub(2).max(1)..=line).any(|number| {
            let text = self.file.line(number);
            let text = text[..text.floor_char_boundary(LONGEST)].to_ascii_lowercase();
            SAYINGS.iter().any(|saying| text.contains(saying))
        })
    }

    fn is_markdown(&self) -> bool {
        ["md", "mdx", "markdown"].contains(&self.file.path.extension())
    }

    /// Whether a place is a part of the change that a patch makes to a file of tests, examples or documents.
    fn is_patch_of_such(&self, at: usize) -> bool {
        if !["patch", "diff"].contains(&self.file.path.extension()) {
            return false;
        }
        let before = self.file.text().get(..at).unwrap_or_default();
        let Some(start) = before.rfind("\n+++ ") else { return false };
        let line = before[start + 5..].lines().next().unwrap_or_default();
        let path = line.split('\t').next().unwrap_or_default().to_ascii_lowercase();
        is_made_up(path.rsplit('/').next().unwrap_or_default(), &path)
    }

    /// Whether a place lies in code that a document in Markdown shows between fences. What has a form of its own may be
    /// real there as well; a name says no more than what a reader would put there.
    fn is_in_fence(&self, at: usize) -> bool {
        self.is_markdown()
            && self.before(at, FAR).lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1
    }

    /// Whether a place lies in a text over lines of Python whose name says that it documents (`EXAMPLES = r"""`).
    fn is_in_named_example(&self, at: usize) -> bool {
        if self.file.path.extension() != "py" {
            return false;
        }
        let before = self.before(at, LONGEST);
        let quotes = ["\"\"\"", "'''"];
        let Some(start) = quotes.iter().filter_map(|quote| before.rfind(quote)).max() else { return false };
        let line = before[..start].rsplit('\n').next().unwrap_or_default().to_ascii_lowercase();
        line.split_once('=').is_some_and(|(name, value)| {
            value.trim().len() <= 1 && ["doc", "example", "usage", "help"].iter().any(|word| name.contains(word))
        })
    }

    /// Whether a place of a program is named, or commented on in front of it, as one that is there for tests, or lies in
    /// the module of tests that ends a file of Rust.
    fn is_for_tests(&self, at: usize) -> bool {
        let is_module = || {
            self.file.path.extension() == "rs"
                && ["mod tests {", "mod test {"].iter().any(|module| self.before(at, FAR).contains(module))
        };
        self.syntax.is_some() && (says_stand_in(self.before(at, NEAR)) || is_module())
    }

    /// Whether a place lies in what markup shows as an example of code or of a session.
    fn is_shown_in_markup(&self, at: usize) -> bool {
        const EXAMPLES: &[[&str; 2]] = &[
            ["<pre", "</pre>"],
            ["<screen", "</screen>"],
            ["<programlisting", "</programlisting>"],
            ["<literallayout", "</literallayout>"],
            ["@example", "@end example"],
            ["@verbatim", "@end verbatim"],
            ["\\begin{verbatim}", "\\end{verbatim}"],
            ["\n.nf", "\n.fi"],
        ];
        if is_program(self.file.path.extension()) {
            return false;
        }
        let before = self.before(at, LONGEST);
        EXAMPLES.iter().any(|[start, end]| before.rfind(start).is_some_and(|at| !before[at..].contains(end)))
    }

    /// So many bytes in front of a place.
    fn before(&self, at: usize, many: usize) -> &'f str {
        let text = self.file.text();
        text.get(text.ceil_char_boundary(at.saturating_sub(many))..at).unwrap_or_default()
    }

    fn is_commented(&mut self, at: usize, kind: &str) -> bool {
        let comment = self.syntax.as_mut().map(|syntax| syntax.at(at) == Context::Comment);
        let mut line = self.file.line(self.file.line_at(at));
        if ["patch", "diff"].contains(&self.file.path.extension()) {
            line = line.strip_prefix(['+', '-']).unwrap_or(line);
        }
        let line = line.trim_start();
        let starts = |marks: &[&str]| marks.iter().any(|mark| line.starts_with(mark));
        let documents = starts(&["///", "//!", "* ", ">>> "]);
        // A comment of one line may be code that was switched off, which is no explanation.
        let of_line = starts(&["//", "#", ";", "--", "%"]) || line.contains(" //") || line.contains(" #");
        match comment {
            Some(comment) => comment && (documents || !of_line || kind.ends_with("-id")),
            None => documents || of_line && kind.ends_with("-id"),
        }
    }
}

/// Whether a text is a name in a program and no token: three or more words of small letters, which may be numbered, with
/// `_` between them (`lip_extension_strext_case`, `lip_f7_received_count`), of which chance makes next to none.
fn is_compound(text: &str) -> bool {
    let mut words = text.split('_');
    let is_word = |word: &str| {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        word.len() >= 2 && !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase())
    };
    text.bytes().filter(|b| *b == b'_').count() >= 2 && words.all(is_word)
}

/// Whether a place is a part of encoded data, which spells everything sooner or later: an armoured signature, a
/// certificate, an image. That is a long run of base64 that goes on in front of it or behind it, with another one on the
/// line above or below.
fn is_within_encoded(file: &SourceFile<'_>, range: &Range<usize>) -> bool {
    let text = file.text().as_bytes();
    let before = text[..range.start].iter().rev().take(LONGEST).take_while(|b| is_code(b)).count();
    let behind = text[range.end..].iter().take(LONGEST).take_while(|b| is_code(b)).count();
    let is_long = before + range.len() + behind >= ENCODED;
    if !is_long || !text[range.clone()].iter().all(is_code) {
        return false;
    }
    if is_between_escaped_lines(text, range) {
        return true;
    }
    // Nothing else is written in one that is so long.
    if before + behind >= LONG_CODE {
        return true;
    }
    // Lines of an encoder may end in escapes of line ends instead (`&#xA;`, `\n`).
    if is_surrounded(text, range) {
        return true;
    }
    let number = file.line_at(range.start);
    let is_encoded_at = |number: u32| number > 0 && is_encoded(file.line(number));
    let (above, below) = (is_encoded_at(number - 1), is_encoded_at(number + 1));
    // It may be a whole line, too.
    before + behind >= 8 && (above || below) || above && below
}

/// Whether lines of base64 stand above and below in one text of JSON, whose line ends are written `\\n`: the images of
/// notebooks.
fn is_between_escaped_lines(text: &[u8], range: &Range<usize>) -> bool {
    let run = |bytes: &mut dyn Iterator<Item = &u8>| bytes.take(LONGEST).take_while(|b| is_code(b)).count();
    let above = text[..range.start].strip_suffix(b"\\n").map_or(0, |head| run(&mut head.iter().rev()));
    let below = text[range.end..].strip_prefix(b"\\n").map_or(0, |tail| run(&mut tail.iter()));
    above >= ENCODED && below >= ENCODED
}

/// Shortest line that encoders break a text into (RFC 4648), in bytes; RFC 7468 has 64 columns and RFC 2045 76.
const ENCODED: usize = 56;

/// Whether what stands around a place on its line, without a space or quote, is next to nothing but digits of base64.
fn is_surrounded(text: &[u8], range: &Range<usize>) -> bool {
    const AROUND: usize = 160;
    let goes_on = |b: &&u8| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\'' | b'<' | b'>');
    let before = text[..range.start].iter().rev().take(AROUND).take_while(goes_on);
    let around: Vec<&u8> = before.chain(text[range.end..].iter().take(AROUND).take_while(goes_on)).collect();
    around.len() >= AROUND && around.iter().filter(|b| is_code(b)).count() * 10 >= around.len() * 9
}

/// So many digits around a token are encoded data, whatever stands above and below, in bytes.
const LONG_CODE: usize = 1_000;

/// Whether most of a line is one run of base64; quotes and what joins texts may stand around it.
fn is_encoded(line: &str) -> bool {
    let line = &line.as_bytes()[..line.len().min(LONGEST)];
    let longest = line.split(|b| !is_code(b)).map(<[u8]>::len).max().unwrap_or_default();
    longest >= ENCODED && longest * 4 >= line.len() * 3
}

/// Whether a byte is a digit of base64 (RFC 4648, section 4).
fn is_code(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Of findings that overlap, the surest; of equally sure ones that of a kind of its own, then the longest.
fn best(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| {
        (b.confidence, b.by, b.range.len(), a.range.start, a.kind).cmp(&(
            a.confidence,
            a.by,
            a.range.len(),
            b.range.start,
            b.kind,
        ))
    });
    let mut kept: std::collections::BTreeMap<usize, Found> = std::collections::BTreeMap::new();
    for one in found {
        let before = kept.range(..one.range.end).next_back();
        if before.is_none_or(|(_, other)| other.range.end <= one.range.start) && kept.len() < MOST {
            kept.insert(one.range.start, one);
        }
    }
    kept.into_values().collect()
}

/// Files that list digests and addresses of other things; nothing in them is a credential but what has the form of one.
fn is_listing(name: &str, path: &str) -> bool {
    const NAMES: &[&str] = &[
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "deno.lock",
        "bun.lock",
        "cargo.lock",
        "poetry.lock",
        "pipfile.lock",
        "uv.lock",
        "pdm.lock",
        "composer.lock",
        "gemfile.lock",
        "go.sum",
        "go.work.sum",
        "go.mod",
        "gradle.lockfile",
        "verification-metadata.xml",
        "flake.lock",
        "mix.lock",
        "pubspec.lock",
        "package.resolved",
        "podfile.lock",
        "conan.lock",
        "packages.lock.json",
        "cartfile.resolved",
        "checksums.txt",
        "sha256sums",
        "sha256sums.txt",
        "modules.txt",
        "gradlew",
        "gradlew.bat",
        "mvnw",
        "mvnw.cmd",
        "cargo.toml.orig",
        ".cargo-checksum.json",
        "requirements.txt",
        "database.refactorlog",
    ];
    const ENDS: &[&str] = &[
        ".min.js",
        ".min.css",
        ".js.map",
        ".css.map",
        ".mjs.map",
        ".svg",
        ".po",
        ".pot",
        ".ipynb_checkpoints",
        ".lock",
        ".snap",
        ".xlf",
        ".sum",
        ".tmlanguage.json",
        ".ai",
        ".eps",
        ".drawio",
        ".pbxproj",
    ];
    NAMES.contains(&name)
        || ENDS.iter().any(|end| name.ends_with(end))
        || path.contains("node_modules/")
        || path.contains("bower_components/")
        || path.contains(".dist-info/")
}

/// Folders and files of tests, examples and documents, whose values without a form are made up.
fn is_made_up(name: &str, path: &str) -> bool {
    let folder = |part: &str| {
        matches!(
            part,
            "test"
                | "tests"
                | "__tests__"
                | "testing"
                | "testdata"
                | "test-data"
                | "test_data"
                | "spec"
                | "specs"
                | "fixture"
                | "fixtures"
                | "example"
                | "examples"
                | "sample"
                | "samples"
                | "t"
                | "unit"
                | "e2e"
                | "demo"
                | "demos"
                | "mock"
                | "mocks"
                | "__mocks__"
                | "benches"
                | "bench"
                | "benchmark"
                | "benchmarks"
                | "docs"
                | "doc"
                | "documentation"
                | "it"
                | "integration"
                | "snapshots"
                | "__snapshots__"
                | "locale"
                | "locales"
                | "i18n"
                | "lang"
                | "translations"
                | "cassettes"
                | "unittests"
                | "testsuite"
        ) || ["-test", "-tests", "_test", "_tests"].iter().any(|end| part.ends_with(end))
    };
    let stem = name.split('.').next().unwrap_or(name);
    let lower = path.to_ascii_lowercase();
    lower.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(folder))
        || ["_test", "_tests", "-test", "_spec", "tests", "_unittest"].iter().any(|end| stem.ends_with(end))
        || ["test_", "test-"].iter().any(|start| stem.starts_with(start))
        || [".test.", ".spec.", ".example", ".sample", ".template", ".stories."]
            .iter()
            .any(|mark| name.contains(mark))
        || matches!(stem, "test" | "tests" | "conftest")
}

fn ground(file: &SourceFile<'_>) -> Ground {
    Ground { code: is_program(&file.path.extension().to_ascii_lowercase()) }
}

struct Search<'t> {
    text: &'t str,
    /// Whether values without a form are made up in files like this one.
    made_up: bool,
    found: Vec<Found>,
    /// What has the form of a kind and is none of it, and so is nothing else either.
    refuted: Vec<Range<usize>>,
    /// How many searches that reach far are left.
    searches: usize,
    /// How many tries around keywords are left.
    tries: usize,
    /// Where the last keyword of a kind started whose surroundings were searched.
    last: HashMap<&'static str, usize>,
    /// Where the last name starts that was judged for any kind, so that one with several keywords is judged once.
    judged: Option<usize>,
    /// The last name that an assignment was looked for behind, and what was found: a name may have several keywords, and
    /// a keyword several kinds.
    assigned: (Range<usize>, Option<Assignment>),
    ground: Ground,
}

impl Search<'_> {
    fn push(&mut self, range: Range<usize>, kind: &'static str, title: &'static str, confidence: Confidence, by: By) {
        if is_documented(&self.text[range.clone()]) {
            self.refuted.push(range);
            return;
        }
        self.found.push(Found { range, kind, title, confidence, by });
    }

    /// Holds the form of one kind against the text at a keyword.
    fn by_rule(&mut self, rule: &'static Rule, keyword: Range<usize>, listing: bool) {
        match rule.kind {
            RuleKind::Starts(starts) => {
                let rest = &self.text[keyword.start..];
                // What starts with a mark that separates needs none in front of it.
                let starts_word = !rest.starts_with(['&', '?', ':']);
                // Most places differ in the case of their first letter.
                let is_at =
                    |start: &&str| rest.as_bytes().first() == start.as_bytes().first() && rest.starts_with(start);
                if !starts.iter().any(is_at) || starts_word && !self.free_before(keyword.start) {
                    return;
                }
                let Some(found) = rule.form.get().and_then(|form| form.captures(self.window(rest))) else { return };
                let part = found.get(1).or_else(|| found.get(0)).map(|m| m.range()).unwrap_or_default();
                let whole = found.get(0).map_or(0, |m| m.end());
                if self.free_behind(keyword.start + whole) {
                    self.token(rule, keyword.start + part.start..keyword.start + part.end);
                }
            }
            RuleKind::Inside(reach) => {
                // In a run that repeats the keyword over itself (`AAAA…`), the first place has seen what the others would.
                let last = self.last.insert(rule.id, keyword.start);
                if last.is_some_and(|last| keyword.start < last + keyword.len()) {
                    return;
                }
                let from = self.boundary(keyword.start.saturating_sub(reach));
                let to = self.boundary((keyword.end + reach).min(self.text.len()));
                let Some(form) = rule.form.get() else { return };
                let window = &self.text[from..to];
                let mut at = 0;
                for _ in 0..MOST_TRIES.min(self.tries) {
                    self.tries -= 1;
                    let Some(found) = window.get(at..).and_then(|rest| form.captures(rest)) else { return };
                    let Some(all) = found.get(0).map(|m| at + m.start()..at + m.end()) else { return };
                    let part = found.get(1).map_or(all.clone(), |m| at + m.start()..at + m.end());
                    let near =
                        from + all.end > keyword.start && from + all.start < keyword.end || reach != rule::IN_IT;
                    if near && self.free_before(from + all.start) && self.free_behind(from + all.end) {
                        return self.token(rule, from + part.start..from + part.end);
                    }
                    if from + all.start > keyword.end {
                        return;
                    }
                    at = all.start + 1;
                    while !window.is_char_boundary(at) {
                        at += 1;
                    }
                    if at > window.len() {
                        return;
                    }
                }
            }
            RuleKind::Named => {
                if listing {
                    return;
                }
                if let Some(found) = self.assignment(keyword) {
                    self.named(rule, &found);
                }
            }
        }
    }

    /// The assignment whose name has the keyword.
    fn assignment(&mut self, keyword: Range<usize>) -> Option<Assignment> {
        let name = assignment::name_around(self.text, keyword);
        if self.assigned.0 != name {
            self.assigned = (name.clone(), assignment::find(self.text, name));
        }
        self.assigned.1.clone()
    }

    /// What has the form of a kind.
    fn token(&mut self, rule: &'static Rule, range: Range<usize>) {
        let secret = &self.text[range.clone()];
        let bad = is_template(secret)
            || rule.entropy > 0.0 && entropy(secret) < rule.entropy
            // What has to have digits has no order, and a name with measures in it (`Width0Point42`) has.
            || rule.digits && (Mix::of(secret).digits == 0 || word_share(secret) > 0.4)
            || rule.mixed && !has_all_kinds(secret)
            || is_dump(secret)
            || is_compound(secret)
            || says_example(secret)
            || rule.check == Check::Crc32Base62 && !shape::has_crc32_base62(secret);
        if bad {
            if rule.check != Check::None && self.refuted.len() < MOST {
                self.refuted.push(range);
            }
            return;
        }
        if !rule.after.is_empty() {
            let from = self.boundary(range.start.saturating_sub(200));
            let before = self.text[from..range.start].rsplit('\n').next().unwrap_or_default().to_ascii_lowercase();
            if !rule.after.iter().any(|word| before.contains(word)) {
                return;
            }
        }
        let by = if rule.check == Check::None { By::Form } else { By::Checksum };
        self.push(range, rule.id, rule.title, rule.confidence, by);
    }

    /// A value of the form that a service's credentials have, assigned to a name of the service.
    fn named(&mut self, rule: &'static Rule, found: &Assignment) {
        let raw = &self.text[found.value.clone()];
        let value = raw.trim_end_matches([',', ';', '.']);
        if value.len() > LONGEST
            || found.join == Join::Compare
            || !rule.form.get().is_some_and(|form| form.is_match(value))
        {
            return;
        }
        let mix = Mix::of(value);
        let bad = rule.entropy > 0.0 && entropy(value) < rule.entropy
            || rule.digits && mix.digits == 0
            || rule.mixed && (mix.digits == 0 || mix.lower + mix.upper == 0 || word_share(value) > 0.5)
            || is_placeholder(value)
            || is_template(value);
        if bad {
            return;
        }
        let name = &self.text[found.name.clone()];
        if is_digest_name(name)
            || self.is_of_badge(found.name.start)
            || !found.quoted && matches!(self.next(found.value.end), b'(' | b'.' | b'[')
        {
            return;
        }
        let strength = name::judge(name);
        // What is digits of one kind only may be a digest, a commit or an id; the name must say what it is.
        let random = mix.digits * 8 >= value.len() && value.len() >= 15 && word_share(value) < 0.3;
        let plain = is_hex(value) || is_uuid(value) || mix.upper == 0 && !random;
        let made_up = self.made_up;
        let argument = found.join == Join::Argument && (self.ground.code && !found.quoted || plain);
        if rule.noun && strength.is_none_or(|s| s < Strength::Strong)
            || (plain && (self.ground.code || made_up) || argument) && strength.is_none()
        {
            return;
        }
        if !found.quoted && self.ground.code && mix.classes() < 2 {
            return;
        }
        let range = found.value.start..found.value.start + value.len();
        let confidence = if made_up { Confidence::Low } else { rule.confidence };
        self.push(range, rule.id, rule.title, confidence, By::Service);
    }

    /// What the program or the call that a keyword names is given.
    fn by_use(&mut self, keyword: u16, range: &Range<usize>) {
        let (places, arguments) = (rule::places(keyword), rule::arguments(keyword));
        let mut found = Vec::new();
        if !places.is_empty() {
            found.append(&mut command::find(self.text, range.start, range.len(), places));
        }
        if !arguments.is_empty() {
            found.append(&mut call::find(self.text, range.start, range.len(), arguments));
        }
        for (range, kind, title, confidence) in found {
            self.push(range, kind, title, confidence, By::Form);
        }
    }

    /// What has no form of its own.
    fn by_word(&mut self, word: &str, is_of_name: bool, range: Range<usize>, listing: bool) {
        let at = range.start;
        if matches!(word, "-----begin" | "putty-user-key-file" | "kind:") {
            let Some(left) = self.searches.checked_sub(1) else { return };
            if word != "kind:" || self.text[at..].len() > 5 && login::is_secret_kind(&self.text[at + 5..]) {
                self.searches = left;
            } else {
                return;
            }
        }
        match word {
            "-----begin" => {
                if let Some(key) = shape::armour(&self.text[at..]) {
                    let confidence = match (self.made_up, key.sound) {
                        (true, _) => Confidence::Low,
                        (false, true) => Confidence::High,
                        (false, false) => Confidence::Medium,
                    };
                    self.push(
                        at..(at + key.length).min(self.text.len()),
                        key.kind,
                        "private key",
                        confidence,
                        By::Form,
                    );
                }
            }
            "putty-user-key-file" => {
                let window = self.window(&self.text[at..]);
                let key = window.starts_with("PuTTY-User-Key-File-") && window.contains("\nPrivate-Lines: ");
                let end = at + window.find("Private-MAC").unwrap_or(window.len());
                if key {
                    self.push(at..end, "putty-private-key", "PuTTY private key", Confidence::High, By::Form);
                }
            }
            "eyj" => {
                let rest = self.window(&self.text[at..]);
                if rest.starts_with("eyJ")
                    && self.free_before(at)
                    && let Some(length) = shape::jwt(rest)
                {
                    let made_up = self.made_up;
                    let confidence = if made_up { Confidence::Low } else { Confidence::Medium };
                    self.push(at..at + length, "jwt", "JSON web token", confidence, By::Form);
                }
            }
            "zxlk" => self.encoded_jwt(at),
            "ls0tls1crudjti" => self.encoded_key(at),
            "identified by" | "convertto-securestring" if !listing => {
                if let Some((range, kind, title, confidence)) = login::in_statement(self.text, at, word)
                    && !self.made_up
                {
                    self.push(range, kind, title, confidence, By::Form);
                }
            }
            "://" if !listing => {
                if let Some((range, kind, title, confidence)) = login::in_address(self.text, at) {
                    let confidence = if self.made_up { Confidence::Low } else { confidence };
                    if confidence > Confidence::Low || !self.made_up {
                        self.push(range, kind, title, confidence, By::Form);
                    }
                }
            }
            "@tcp(" | ":thin:" if !listing => {
                let find = if word == "@tcp(" { login::in_source_name } else { login::in_thin_address };
                if let Some((range, kind, title, confidence)) = find(self.text, at)
                    && !self.made_up
                {
                    self.push(range, kind, title, confidence, By::Form);
                }
            }
            "curl" if !listing => {
                if let Some((range, kind, title, confidence)) = login::in_curl(self.text, at) {
                    self.push(range, kind, title, confidence, By::Form);
                }
            }
            "kind:" => {
                for (range, kind, title, confidence) in login::in_kubernetes_secret(self.text, at) {
                    self.push(range, kind, title, confidence, By::Form);
                }
            }
            "basic " | "bearer " if !listing => {
                let least = if word == "basic " { 12 } else { 20 };
                let before =
                    self.text[..at].trim_end_matches([' ', '"', '\'', '`', ':', '=', ',', '(', '>', '\\', '[', '{']);
                let is_header = before.len() < at
                    && before
                        .get(before.len().saturating_sub(13)..)
                        .is_some_and(|b| b.eq_ignore_ascii_case("authorization"))
                    || before
                        .get(before.len().saturating_sub(6)..)
                        .is_some_and(|b| b.to_ascii_lowercase().contains("auth"))
                    || word == "bearer ";
                if is_header
                    && let Some(range) = login::header(self.text, at, least)
                    && !self.made_up
                    && !self.is_documentation(at)
                {
                    let (kind, title) = if word == "basic " {
                        ("basic-auth-header", "login in a header")
                    } else {
                        ("bearer-token", "bearer token in a header")
                    };
                    self.push(range, kind, title, Confidence::Medium, By::Name);
                }
            }
            // The mark that closes a name is no part of it (`pass=`).
            "pass=" | "pass =" | "pass:" | "pass'" | "pass\"" | "pass>" | "pass\\\"" | "pw=" | "pw:" | "pw\""
                if !listing =>
            {
                let name = word.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
                let name = range.start..range.start + name.len();
                // Among arguments the word is one of several that may be chosen.
                if self.assignment(name.clone()).is_some_and(|found| found.join != Join::Argument) {
                    self.any(name);
                }
            }
            _ if is_of_name && !listing => self.any(range),
            _ => {}
        }
    }

    /// An assignment to a name that says credential.
    fn any(&mut self, keyword: Range<usize>) {
        let made_up = self.made_up;
        let Some(mut found) = self.assignment(keyword) else { return };
        if self.judged.replace(found.name.start) == Some(found.name.start) {
            return;
        }
        // In programs a value is what stands there, and a short one is no credential, whatever its name.
        if self.ground.code && found.value.len() < generic::SHORTEST {
            return;
        }
        let name = &self.text[found.name.clone()];
        let Some(strength) = name::judge(name) else { return };
        // The command `pwd` in a script.
        if name == "pwd" && self.text[..found.name.start].ends_with('`') {
            return;
        }
        // What is called is the last part of its name, and a parameter of an address is short when it is public.
        let last = name.rsplit('.').next().unwrap_or(name);
        let before = found.name.start.checked_sub(1).map_or(b' ', |n| self.text.as_bytes()[n]);
        let in_string = !found.quoted
            && matches!(strength, Strength::Password)
            && login::is_in_connection_string(self.text, found.name.start, self.ground.code)
            && !login::unusable(&self.text[found.value.clone()]);
        if in_string {
            found.quoted = true;
        }
        if found.join == Join::Argument && (name::judge(last) != Some(strength) || before == b'/')
            || matches!(before, b'?' | b'&') && found.value.len() < 20 && !in_string
            || self.is_documentation(found.name.start)
        {
            return;
        }
        // In files of variables a value ends with its line, whatever marks it has.
        let to_line_end = assignment::to_line_end(self.text, &found).filter(|_| !self.ground.code);
        let whole = to_line_end.map(|value| Assignment { value, quoted: true, ..found.clone() });
        let judged = whole.into_iter().chain([found]).find_map(|found| {
            let value = &self.text[found.value.clone()];
            let next = self.next(found.value.end);
            Some((generic::judge(&found, strength, value, next, self.ground)?, found))
        });
        let Some((confidence, found)) = judged else { return };
        let value = generic::trimmed(&self.text[found.value.clone()]);
        // The value is its own name: `password: "user_password1"`.
        let plain = |text: &str| {
            text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase()).collect::<Vec<u8>>()
        };
        let letters = plain(name);
        if !letters.is_empty() && plain(value).starts_with(&letters) {
            return;
        }
        // Most credentials of tests are made up; what looks made by a machine may be real.
        let confidence = match (made_up, confidence) {
            (false, confidence) => confidence,
            (true, Confidence::Low) => return,
            (true, _) if mix_is_poor(value) => return,
            (true, _) => Confidence::Low,
        };
        let (kind, title) = match strength {
            Strength::Password if in_string => ("connection-string", "password in a connection string"),
            Strength::Password => ("password", "password"),
            Strength::Strong | Strength::Weak => ("generic-credential", "credential"),
        };
        self.push(found.value.start..found.value.start + value.len(), kind, title, confidence, By::Name);
    }

    /// A private key in armour, in base64.
    fn encoded_key(&mut self, at: usize) {
        let rest = &self.text[at..];
        let is_code = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-' | b'=');
        let length = rest.bytes().take(LONGEST_KEY).take_while(is_code).count();
        let Some(left) = self.searches.checked_sub(1).filter(|_| self.free_before(at)) else { return };
        self.searches = left;
        let inner = shape::base64(&rest[..length], LONGEST_KEY).and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(key) = inner.as_deref().filter(|key| key.starts_with("-----BEGIN")).and_then(shape::armour) else {
            return;
        };
        let confidence = match (self.made_up, key.sound) {
            (true, _) => Confidence::Low,
            (false, true) => Confidence::High,
            (false, false) => Confidence::Medium,
        };
        self.push(at..at + length, key.kind, "private key in base64", confidence, By::Form);
    }

    /// A JSON web token in base64.
    fn encoded_jwt(&mut self, at: usize) {
        let rest = self.window(&self.text[at..]);
        let length = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-' | b'='))
            .count();
        if !rest.starts_with("ZXlK") || length < 48 || !self.free_before(at) {
            return;
        }
        let inner = shape::base64(&rest[..length], LONGEST).and_then(|bytes| String::from_utf8(bytes).ok());
        if inner.is_some_and(|token| {
            shape::jwt(&token).is_some() || token.matches('.').count() >= 1 && token.starts_with("eyJ")
        }) {
            self.push(at..at + length, "jwt-base64", "JSON web token in base64", Confidence::Medium, By::Form);
        }
    }

    /// The start of a text, as far as a token may reach.
    fn window<'a>(&self, rest: &'a str) -> &'a str {
        let mut end = rest.len().min(LONGEST);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        &rest[..end]
    }

    fn boundary(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Whether a name is a parameter in the address of a badge, whose token opens nothing but the badge.
    fn is_of_badge(&self, at: usize) -> bool {
        let before = &self.text[self.boundary(at.saturating_sub(200))..at];
        let address = before.rsplit([' ', '\n', '(', '"', '\'']).next().unwrap_or_default();
        before.ends_with(['?', '&']) && (address.contains(".svg?") || address.contains("badge"))
    }

    /// Whether a place is in a comment that documents what follows, in which values are shown, not used.
    fn is_documentation(&self, at: usize) -> bool {
        let from = self.boundary(at.saturating_sub(400));
        let start = self.text[from..at].rfind('\n').map_or(from, |n| from + n + 1);
        let line = self.text[start..at].trim_start();
        self.ground.code && ["///", "//!", "* ", ">>> "].iter().any(|mark| line.starts_with(mark))
    }

    fn next(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// Whether a token may start here.
    fn free_before(&self, at: usize) -> bool {
        starts_word(self.text.as_bytes(), at)
    }

    /// Whether a token may end here.
    fn free_behind(&self, at: usize) -> bool {
        !matches!(self.next(at), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_')
    }
}

/// Whether a token says of itself that it is none.
fn says_example(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let body = lower.split(['_', '-', '.']).next_back().unwrap_or_default();
    [
        "example",
        "xxxxx",
        "placeholder",
        "abcdefghijkl",
        "1234567890",
        "your_",
        "your-",
        "yourtoken",
        "yourkey",
        "-----",
        "redacted",
        "0000000000",
        "dummy",
        "changeme",
        "01234567",
    ]
    .iter()
    .any(|word| lower.contains(word))
        || body.len() >= 8 && is_monotone(body)
}

/// Whether a value has digits and letters of both cases.
fn has_all_kinds(value: &str) -> bool {
    let mix = Mix::of(value);
    mix.digits > 0 && mix.lower > 0 && mix.upper > 0
}

/// Whether a token is made of no more than the digits of bytes written out (`EAAA08807D…`), where one of its form has
/// letters of the whole alphabet. What has small letters is left: some forms ask for digits of bytes.
fn is_dump(token: &str) -> bool {
    token.len() >= 40 && token.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
}

/// Whether a value is too short or too plain to be told from one that was made up for a test.
fn mix_is_poor(value: &str) -> bool {
    value.len() < 16 || Mix::of(value).classes() < 3
}

/// Names of digests and ids, whatever service they speak of.
fn is_digest_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [
        "sha1",
        "sha256",
        "sha512",
        "md5",
        "digest",
        "checksum",
        "integrity",
        "commit",
        "revision",
        "fingerprint",
        "etag",
        "hash",
        "guid",
        "uuid",
        "version",
    ]
    .iter()
    .any(|word| lower.contains(word))
}
