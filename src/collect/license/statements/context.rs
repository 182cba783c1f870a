//! Judges whether a sentence that names a license states that something is under it.

use std::ops::Range;

use super::han;
use super::items::item;
use super::lexicon::{Strength, What};
use super::mentions::Mention;
use super::talk::is_talk;
use super::tokens::{Tokens, gap};

/// What makes a mention a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Context {
    /// Nothing: it is a clue.
    None,
    /// The sentence speaks of a copy of the license, or points at it for details.
    Copy,
    /// The name is a line of its own.
    Title,
    /// The name is the value of a field such as `License:`.
    Field,
    /// The sentence speaks of licensing or distribution, in words that do not stand beside the name.
    Near,
    /// The sentence grants.
    Verb,
}

/// Words between a licensing verb and the name of the license.
pub(super) const FILLERS: &[&str] = &[
    "a",
    "an",
    "any",
    "approved",
    "apply",
    "both",
    "conditions",
    "dual",
    "either",
    "following",
    "free",
    "gnu",
    "latest",
    "liberal",
    "of",
    "one",
    "open",
    "osi",
    "only",
    "permissive",
    "same",
    "simple",
    "source",
    "standard",
    "style",
    "terms",
    "that",
    "the",
    "their",
    "this",
    "those",
    "version",
    "very",
    "usual",
    "your",
    "choice",
    "well",
    "known",
    "both",
    "current",
    "called",
    "so",
    "new",
    "provisions",
    "der",
    "den",
    "die",
    "bedingungen",
    "la",
    "le",
    "les",
    "los",
    "términos",
    "de",
    "termes",
    "os",
    "dos",
    "termos",
    "da",
    "i",
    "termini",
    "della",
    "modified",
    "slightly",
    "copyleft",
    "original",
    "s",
];
/// Words right before a name that state a license.
pub(super) const VERBS: &[&str] = &[
    "under",
    "licensed",
    "license",
    "licenses",
    "licensing",
    "license's",
    "relicensed",
    "sublicensed",
    "unter",
    "sous",
    "bajo",
    "lizenz",
    "licencia",
    "licenza",
    "licença",
    "copyrighted",
    "copyleft",
    "lizenziert",
    "unterliegt",
    "unterliegen",
    "suivant",
    "selon",
    "secondo",
    "dentro",
    "sob",
    "según",
    "условиях",
    "лицензией",
    "лицензии",
    "underlying",
];
/// Words right before a name that state a license when the sentence speaks of licensing or distribution too.
pub(super) const LINKS: &[&str] = &[
    "is", "are", "by", "to", "as", "with", "in", "per", "via", "using", "use", "uses", "being", "be", "from", "has",
    "at", "into", "for", "or", "and", "follows", "through", "on",
];
/// Words that make a sentence one of licensing.
const LICENSING: &[&str] = &[
    "available",
    "conditions",
    "copied",
    "copy",
    "copying",
    "copyright",
    "copyrighted",
    "covered",
    "distribute",
    "distributed",
    "distribution",
    "distributes",
    "distributable",
    "dual",
    "dualicensed",
    "duallicensed",
    "free",
    "freely",
    "governed",
    "granted",
    "license",
    "licensed",
    "licenses",
    "licensing",
    "lizenz",
    "modify",
    "modified",
    "open",
    "permission",
    "permitted",
    "provided",
    "published",
    "redistribute",
    "redistributed",
    "redistributing",
    "redistribution",
    "redistributable",
    "release",
    "released",
    "releases",
    "reserved",
    "subject",
    "subjects",
    "terms",
    "under",
    "usage",
    "use",
    "used",
    "relicensed",
    "accordance",
    "according",
    "bundled",
    "freigegeben",
    "lizenziert",
    "distribué",
    "donated",
    "dedicated",
    "protected",
    "contributed",
    "offered",
    "waived",
    "placed",
    "put",
    "mean",
    "means",
];
/// Words of [`LICENSING`] that are said of little but licenses: `use x as Python does` says nothing.
const GRANTING: &[&str] = &[
    "copyright",
    "copyrighted",
    "dedicated",
    "distributed",
    "donated",
    "dual",
    "freigegeben",
    "granted",
    "license",
    "licensed",
    "licenses",
    "licensing",
    "lizenz",
    "lizenziert",
    "permission",
    "placed",
    "put",
    "redistribute",
    "redistributed",
    "redistribution",
    "released",
    "relicensed",
    "subject",
    "subjects",
    "terms",
    "waived",
];
/// What is done so to somebody names who has the rights, no license.
const TO_OTHERS: &[&str] = &["licensed", "assigned", "contributed", "donated", "granted"];
/// Words for what a file is a part of.
const OWN: &[&str] = &["this", "our", "these", "license", "licensed"];
/// Words of a sentence that tells what of others is in the work.
const TAKEN: &[&str] = &[
    "taken", "copied", "included", "includes", "contains", "bundles", "bundled", "borrowed", "ported", "derived",
    "adapted", "embeds", "vendored",
];
/// Why the mention at the head of a group is a statement.
pub(super) fn judge(tokens: &Tokens, head: &Mention, group: Range<usize>) -> Context {
    let faint = !head.called
        && (head.strength == Strength::Faint && head.version.is_none()
            || head.strength == Strength::Weak
                && is_language(tokens, head)
                && !has_license(tokens, group.end)
                && group.end <= head.words.end);
    let weak = matches!(head.strength, Strength::Faint | Strength::Weak) && !head.called;
    let sentence = sentence(tokens, head.words.start);
    let before = sentence.start..head.words.start;
    if head.strength == Strength::Statement {
        let denied = (before.start..before.end).rev().take(4).any(|at| {
            matches!(tokens.word(at), "not" | "isnt" | "no" | "nor" | "never")
                    // `Not copyrighted -- provided to the public domain`.
                    && !matches!(tokens.word(at + 1), "copyrighted" | "copyright")
        });
        return if denied || is_package(tokens, head.words.end) { Context::None } else { Context::Verb };
    }
    if is_badge(tokens, head) {
        return Context::Field;
    }
    if is_pointed(tokens, head) || is_common(tokens, head) {
        return Context::Copy;
    }
    if is_glued(tokens, head, group.end)
        || is_participle(tokens, head)
        || is_example(tokens, head)
        || is_value(tokens, head)
        || weak
            && head.version.is_none()
            && (is_package(tokens, head.words.end) || is_extension(tokens, head) || is_host(tokens, head.words.end))
        || head.strength == Strength::Strong
            && is_in_address(tokens, head.words.start)
            && is_host(tokens, head.words.end)
        || matches!(tokens.word(group.end), "section" | "header" | "headers" | "until")
            && !tokens.breaks_sentence(group.end)
        || is_symbol(tokens, head)
        || is_limited(tokens, group.end)
    {
        return Context::None;
    }
    if is_file_name(tokens, head) {
        let points = |at: usize| {
            matches!(
                tokens.word(at),
                "see" | "file" | "under" | "terms" | "refer" | "read" | "licensed" | "distributed"
            )
        };
        return if (before.start..before.end).any(points) { Context::Copy } else { Context::None };
    }
    if han::is_field(tokens, head) {
        return Context::Field;
    }
    if han::states(tokens, head, group.end) {
        return Context::Verb;
    }
    if is_listed(tokens, head, sentence.clone()) || item(tokens, head.words.start).is_some() {
        return Context::Verb;
    }
    let found = right_before(tokens, head, weak, sentence.clone());
    // `License: Fair`, but not `by the license: your fair use rights`.
    let named = |found: Context| match found {
        Context::Field => ends_there(tokens, head),
        _ => found == Context::Verb && is_licensed_under(tokens, head),
    };
    if let Some(found) = found.filter(|found| !faint || named(*found)) {
        return if is_talk(tokens, sentence.start..head.words.start) { Context::None } else { found };
    }
    let title = is_line(tokens, head, group.clone(), weak)
        || dedicates(head) && is_last(tokens, group.clone())
        || !weak && is_credit(tokens, group.clone());
    if title || !faint && is_banner(tokens, group.clone()) {
        return Context::Title;
    }
    if is_talk(tokens, sentence.start..head.words.start)
        || matches!(tokens.word(group.end), "compatible" | "compatibility" | "incompatible" | "faq")
    {
        return Context::None;
    }
    // `uses the library x, which is MIT licensed`: another one's, unless it is in the work.
    let of_other = group.start > 1
        && matches!(tokens.word(group.start - 1), "is" | "are")
        && tokens.word(group.start - 2) == "which"
        && !words_of(tokens, before.clone()).any(|word| OWN.contains(&word) || TAKEN.contains(&word));
    if of_other {
        return Context::None;
    }
    // `This project is [MIT](./LICENSE) licensed.`
    let linked = || link_end(tokens, group.end).is_some_and(|end| tokens.word(end) == "licensed");
    let licensed = (behind(tokens, head, group.end) || linked()) && !faint || is_clause(tokens, group.clone());
    if licensed && !is_adjective(tokens, head, group.end) {
        return Context::Verb;
    }
    // `portions (CPL lib) that are`: a library of that name.
    if weak || tokens.word(group.end) == "lib" && !tokens.breaks_sentence(group.end) {
        return Context::None;
    }
    let words = || words_of(tokens, before.clone());
    if words().any(|w| matches!(w, "received" | "see" | "copy" | "consult" | "refer" | "read" | "found" | "obtain"))
        && !words().any(|w| matches!(w, "under" | "licensed" | "terms"))
    {
        return Context::Copy;
    }
    if is_page(tokens, head) {
        return Context::Copy;
    }
    // Strings of a list are no sentence.
    let listed = |at: &usize| tokens.gap(at + 1, gap::QUOTE) && tokens.gap(at + 1, gap::COMMA);
    let near = before
        .rev()
        .take_while(|&at| !listed(&at) && !is_field_start(tokens, at + 1))
        .any(|at| LICENSING.contains(&tokens.word(at)));
    if near { Context::Near } else { Context::None }
}

/// Whether a line starts at `at` with the name of a field, as in `Provides-Extra: mpl`: the one above says nothing of it.
fn is_field_start(tokens: &Tokens, at: usize) -> bool {
    let mut end = at + 1;
    while end < at + 3 && tokens.gap(end, gap::OTHER) && !tokens.is_spaced(end) && !tokens.gap(end, gap::COLON) {
        end += 1;
    }
    // `LGPL: http://...` and below it `EPL: http://...` are the licenses of one field, `rdf:resource=` is an attribute.
    let key = || super::lexicon::single(tokens.word(at)).is_none() && tokens.gap(end, gap::SPACE);
    tokens.gap(at, gap::LINE) && tokens.gap(end, gap::COLON) && !tokens.gap(end, gap::LINE | gap::SLASH) && key()
}

fn words_of(tokens: &Tokens, places: Range<usize>) -> impl Iterator<Item = &str> {
    places.map(|at| tokens.word(at))
}

/// Words that stand so near before an address are looked at for what it is.
const PAGE: usize = 12;

/// Whether an address in a paragraph of its own is where the sentence before it says that the license is, as in `You may
/// obtain a copy of the License at`.
fn is_page(tokens: &Tokens, head: &Mention) -> bool {
    let mut start = head.words.start;
    while start > 0 && matches!(tokens.word(start - 1), "http" | "https" | "www") {
        start -= 1;
    }
    let mut words = start.saturating_sub(PAGE)..start;
    head.strength == Strength::Address
        && tokens.gap(start, gap::PARAGRAPH)
        && !tokens.gap(start, gap::SENTENCE)
        && start > 0
        && matches!(tokens.word(start - 1), "at" | "from" | "here" | "address" | "url")
        && words.clone().skip(1).all(|at| !tokens.gap(at, gap::PARAGRAPH))
        && words.clone().any(|at| tokens.word(at) == "license")
        && words.any(|at| matches!(tokens.word(at), "copy" | "obtain" | "found" | "available" | "see" | "read"))
}

/// Hosts, by their first word, of the buttons of Creative Commons' licenses: who shows one states the license.
const BUTTONS: &[&str] = &["i", "licensebuttons"];

/// Whether the name is the message of a badge, as in `https://img.shields.io/badge/license-MIT-blue.svg`, or a button such as
/// `https://i.creativecommons.org/l/by/4.0/88x31.png`.
fn is_badge(tokens: &Tokens, head: &Mention) -> bool {
    let button = || head.strength == Strength::Address && BUTTONS.contains(&tokens.word(head.words.start));
    button()
        || head.words.start > 1
            && tokens.word(head.words.start - 1) == "license"
            && tokens.word(head.words.start - 2) == "badge"
            && tokens.gap(head.words.start - 1, gap::SLASH)
}

/// Whether the name that ends before word `end` is that of a folder, as in `doc/PATENTS`; `MIT/X11` are two names.
fn is_folder(tokens: &Tokens, end: usize) -> bool {
    let word = tokens.word(end);
    tokens.gap(end, gap::SLASH)
        && !tokens.is_spaced(end)
        && !PREFIXES.contains(&word)
        && super::lexicon::single(word).is_none()
}

/// Whether the last word of a name is the start of another one, as in `the same license as the python-apt
/// package`, of which the head of every translation speaks.
fn is_package(tokens: &Tokens, end: usize) -> bool {
    const MARKS: u16 =
        gap::DOT | gap::QUOTE | gap::OPEN | gap::CLOSE | gap::COMMA | gap::SEMICOLON | gap::SLASH | gap::COLON;
    tokens.gap(end, gap::OTHER | gap::GLUE)
        && !tokens.gap(end, MARKS)
        && !tokens.is_spaced(end)
        && !tokens.word(end).is_empty()
}

/// Whether the name is the extension of a file's, as in `index.php`; `LICENSE.BSD` speaks of a license.
fn is_extension(tokens: &Tokens, head: &Mention) -> bool {
    let start = head.words.start;
    start > 0
        && tokens.gap(start, gap::DOT)
        && !tokens.is_spaced(start)
        && !matches!(tokens.word(start - 1), "license" | "licenses" | "copying")
}

/// Whether a name goes on as that of a host, as in `The Original Code is mozilla.org code`.
fn is_host(tokens: &Tokens, end: usize) -> bool {
    tokens.gap(end, gap::DOT) && !tokens.is_spaced(end) && matches!(tokens.word(end), "org" | "com" | "net" | "info")
}

/// Words beside a hyphen or a slash that leave the name of a license one.
pub(super) const PREFIXES: &[&str] = &[
    "license",
    "licenses",
    "licensed",
    "cc",
    "copying",
    "copyright",
    "x11",
    "zlib",
    "under",
    "dual",
    "multi",
    "tri",
    "gnu",
    "gpl",
    "lgpl",
    "agpl",
    "mpl",
    "mit",
    "bsd",
    "apache",
    "isc",
    "expat",
    "perl",
    "artistic",
    "ruby",
    "the",
    "osi",
    "or",
    "and",
    "style",
    "new",
    "old",
];

/// Whether the name is a part of an identifier or of a path, as in `License::GPL`, `is_gpl_module` and `LICENSES/MIT.txt`.
fn is_glued(tokens: &Tokens, head: &Mention, end: usize) -> bool {
    let start = head.words.start;
    let glued = |at: usize| tokens.gap(at, gap::GLUE) && !tokens.is_spaced(at);
    // `pytest-mpl`; but `LICENSE-MIT` and `BSD-MIT`.
    // `contrib/licenses/MIT`, which is no address of a page.
    if head.strength == Strength::Address
        && tokens.word(start) == "licenses"
        && tokens.gap(start + 1, gap::SLASH)
        && !is_in_address(tokens, start)
    {
        return true;
    }
    let suffix = start > 0
        && !matches!(head.strength, Strength::Address | Strength::Statement)
        && is_package(tokens, start)
        && !tokens.gap(start, gap::LINE)
        && tokens.word(start - 1).bytes().all(|b| b.is_ascii_lowercase())
        && !PREFIXES.contains(&tokens.word(start - 1));
    let folder = start > 0
        && tokens.gap(start, gap::SLASH)
        && !tokens.is_spaced(start)
        && in_folder(tokens, start)
        && head.strength != Strength::Address;
    start > 0 && glued(start) || glued(end) && !tokens.gap(end, gap::PLUS) || folder || suffix
}

/// An address has so many words before its last.
const ADDRESS: usize = 16;

/// Whether the word at `start` stands in the address of a page: one with a host, or behind an attribute's opening quote.
fn is_in_address(tokens: &Tokens, start: usize) -> bool {
    let first =
        (start.saturating_sub(ADDRESS)..=start).rev().find(|&n| n == 0 || tokens.is_spaced(n)).unwrap_or(start);
    (first..start)
        .any(|n| matches!(tokens.word(n), "http" | "https" | "www" | "href") || n > first && tokens.gap(n, gap::DOT))
}

/// Where a link of Markdown ends whose text ends at `at`, as in `[MIT](./LICENSE) licensed`.
fn link_end(tokens: &Tokens, at: usize) -> Option<usize> {
    let opens = tokens.gap(at, gap::CLOSE) && tokens.gap(at, gap::OPEN) && !tokens.is_spaced(at);
    let mut words = at + 1..(at + ADDRESS).min(tokens.len());
    opens.then(|| words.find(|&n| tokens.gap(n, gap::CLOSE)))?
}

/// So many words lie between the folder of licenses and a file in it: `LICENSES/stand-alone/GPL-3.0`.
const BELOW: usize = 2;

/// Whether the path that goes on with the word at `start` has a folder of licenses, but for the one of the system.
fn in_folder(tokens: &Tokens, start: usize) -> bool {
    let glued =
        |at: usize| !tokens.is_spaced(at) && tokens.gap(at, gap::SLASH | gap::OTHER) && !tokens.breaks_sentence(at);
    let mut at = start - 1;
    while tokens.word(at) != "licenses" {
        if start - at > BELOW || at == 0 || !glued(at) {
            return false;
        }
        at -= 1;
    }
    // `License-Filename: LICENSES/preferred/GPL-2.0` states it; an item of a list does not.
    let item = || tokens.gap(at + 1, gap::SLASH) && tokens.gap(at, gap::LINE) && !tokens.gap(at, gap::COLON);
    (start - at == 1 || item()) && (at == 0 || tokens.word(at - 1) != "common")
}

/// Whether the name is that of a file in a folder of licenses that the words before it point at, as in `See
/// LICENSES/Unlicense for more information`.
fn is_pointed(tokens: &Tokens, head: &Mention) -> bool {
    let Some(folder) = head.words.start.checked_sub(1).filter(|&at| at > 0 && tokens.word(at) == "licenses") else {
        return false;
    };
    let apart = tokens.gap(folder, gap::SLASH | gap::DOT) && !tokens.is_spaced(folder);
    tokens.gap(head.words.start, gap::SLASH)
        && !tokens.is_spaced(head.words.start)
        && !apart
        && !tokens.breaks_sentence(folder)
        && matches!(tokens.word(folder - 1), "see" | "file")
}

/// Whether the name is that of a text that a Debian system has, as in `/usr/share/common-licenses/GPL-3`: a package says
/// elsewhere which license it is under.
fn is_common(tokens: &Tokens, head: &Mention) -> bool {
    let start = head.words.start;
    start > 1
        && [tokens.word(start - 2), tokens.word(start - 1)] == ["common", "licenses"]
        && tokens.gap(start, gap::SLASH)
        && !tokens.is_spaced(start)
}

/// Words between `with` and the restrictions that it adds.
const LIMITED: usize = 3;

/// Whether the words at `end` add restrictions to the license before them, which is another one then, as in `MIT, with a
/// special restriction`.
fn is_limited(tokens: &Tokens, end: usize) -> bool {
    tokens.word(end) == "with"
        && !tokens.breaks_sentence(end)
        && (end + 1..=end + LIMITED).any(|at| matches!(tokens.word(at), "restriction" | "restrictions"))
        && tokens.word(end + 1) != "no"
}

/// Whether the name is a part of a word that tells who may use a symbol, as in `tryget() is GPL-only`.
fn is_symbol(tokens: &Tokens, head: &Mention) -> bool {
    let only = head.words.start + 1;
    head.version.is_none()
        && tokens.word(only) == "only"
        && tokens.gap(only, gap::OTHER)
        && !tokens.is_spaced(only)
        && !tokens.gap(only, gap::OPEN)
}

/// A line that lists files has so many words before one of them.
const LISTED: usize = 12;

/// Whether the name is a part of a file's, as in `LICENSE.GPL`, `gpl.txt` and `"LICENSE-MIT"`.
fn is_file_name(tokens: &Tokens, head: &Mention) -> bool {
    let Range { start, end } = head.words;
    let glued = |at: usize, marks: u16| tokens.gap(at, marks) && !tokens.is_spaced(at);
    // In `[MIT](LICENSE.md)` the name is that of the license.
    let linked = || tokens.gap(end - 1, gap::CLOSE) && tokens.gap(end - 1, gap::OPEN);
    if head.strength != Strength::Address
        && !linked()
        && glued(end, gap::DOT)
        && matches!(tokens.word(end), "txt" | "md" | "html" | "rst" | "text")
    {
        return true;
    }
    let behind_license = start > 0 && matches!(tokens.word(start - 1), "license" | "licenses" | "copying");
    let string = || tokens.gap(start - 1, gap::QUOTE) && tokens.gap(end, gap::QUOTE);
    let joined = || glued(start, gap::OTHER) && !tokens.gap(start, gap::QUOTE | gap::COLON);
    // The directive of RPM specs that lists files of licenses: `%license COPYING-GPLV2 COPYING-LGPLV3`.
    let listed = || {
        let line = (start.saturating_sub(LISTED)..start).rev().find(|&n| tokens.gap(n, gap::LINE));
        line.is_some_and(|n| tokens.word(n) == "license" && tokens.gap(n, gap::OTHER) && n + 1 < start)
    };
    behind_license && (glued(start, gap::DOT) || joined() && (string() || listed()))
}

/// Whether the name is an example, as in `a permissive license, like MIT` and `licenses include MIT`; the title of a
/// section; or what something was under before it was relicensed.
fn is_example(tokens: &Tokens, head: &Mention) -> bool {
    let start = head.words.start;
    let before = |n: usize| if start >= n { tokens.word(start - n) } else { "" };
    !tokens.breaks_sentence(start)
        && (matches!(before(1), "like" | "include" | "includes" | "including" | "eg")
            || before(1) == "as" && before(2) == "such"
            || before(1) == "example" && before(2) == "for"
            || before(1) == "entitled"
            // What the parameters of BUSL-1.1 promise for later.
            || before(1) == "license" && before(2) == "change"
            // How the GNU GPL ends.
            || ["instead", "of", "this", "license"].iter().zip(head.words.end..).all(|(word, at)| tokens.word(at) == *word)
            // `close to the GNU LGPL`, `functionally equivalent to the MIT license`.
            || [1, 2].iter().any(|&n| {
                let to = before(n) == "to" && (n == 1 || before(1) == "the");
                to && matches!(before(n + 1), "close" | "equivalent" | "identical")
            })
            // `if any license choice other than GPL or LGPL is available`.
            || before(1) == "than" && before(2) == "other" && (3..8).any(|n| before(n) == "if")
            // `put under another distribution license [including the GNU Public License]`.
            || before(1) == "the" && before(2) == "including"
            // `a modified MIT license` is another one; a modified BSD license has a name, a modified GPL an exception.
            || matches!(before(1), "modified" | "adapted" | "customized")
                && matches!(head.what, What::Fixed("MIT") | What::Family(_))
                && !tokens.word(head.words.start).starts_with("gnu")
                && !tokens.word(head.words.start).starts_with("gpl")
            // `This license is derived from the MIT License`.
            || head.called
                && [1, 2].iter().any(|&n| {
                    before(n) == "from" && before(n + 1) == "derived" && (n == 1 || before(1) == "the")
                })
            // `The License is based on the MPL, but ...`.
            || [1, 2]
                .iter()
                .any(|&n| before(n) == "on" && before(n + 1) == "based" && (n == 1 || before(1) == "the"))
            || [1, 2]
                .iter()
                .any(|&n| before(n) == "than" && before(n + 1) == "rather" && (n == 1 || before(1) == "the"))
            || before(1) == "from"
                && (2..12).any(|n| {
                    matches!(
                        before(n),
                        "relicensed"
                            | "relicense"
                            | "changed"
                            | "change"
                            | "switched"
                            | "move"
                            | "moved"
                            | "migrated"
                    )
                }))
}

/// Whether the name stands behind `under the following license:` or a sentence to that effect.
fn is_listed(tokens: &Tokens, head: &Mention, sentence: Range<usize>) -> bool {
    let following = |at: usize| {
        tokens.word(at) == "following"
            && (at + 1..at + 4).any(|n| matches!(tokens.word(n), "license" | "licenses" | "terms"))
            && (sentence.start..at).any(|n| LICENSING.contains(&tokens.word(n)))
    };
    tokens.gap(head.words.start, gap::COLON) && sentence.clone().any(following)
}

/// The words of the sentence that holds `at`, as far back as a list of licenses may reach, and a little beyond `at`.
fn sentence(tokens: &Tokens, at: usize) -> Range<usize> {
    let mut start = at;
    while start > 0 && at - start < 60 && !tokens.breaks_sentence(start) {
        start -= 1;
    }
    start..at
}

/// What is `GPL'd` is under the GPL, in one word.
const PARTICIPLES: &[&str] = &["gpld", "gpled", "lgpld", "lgpled"];
/// What a file calls itself or what it is a part of.
const SELF: &[&str] = &[
    "this",
    "it",
    "its",
    "code",
    "everything",
    "file",
    "files",
    "library",
    "module",
    "package",
    "plugin",
    "program",
    "project",
    "script",
    "software",
    "source",
    "sources",
    "tool",
];

/// The name of a program has so many words at most.
const NAMED: usize = 3;

/// Whether a name is such a word and says nothing of the file, as in `links the GPL'd library` and `TANGO is GPLed`; `this
/// program is GPL'd` and `(c) 1999 Ann, GPL'd` are statements.
fn is_participle(tokens: &Tokens, head: &Mention) -> bool {
    const MARKS: u16 = gap::SENTENCE | gap::PARAGRAPH | gap::LINE | gap::COMMA | gap::SEMICOLON | gap::COLON;
    let Range { start, end } = head.words;
    if !PARTICIPLES.contains(&tokens.word(start)) {
        return false;
    }
    let is = start > 0 && matches!(tokens.word(start - 1), "is" | "are");
    // `Foo is GPLed software.`
    let called = || {
        SELF.contains(&tokens.word(end))
            && !tokens.breaks_sentence(end)
            && tokens.gap(end + 1, MARKS)
            && (start - 1).checked_sub(NAMED).is_none_or(|from| (from..start).any(|n| tokens.breaks_sentence(n)))
    };
    let own = if is {
        start > 1 && SELF.contains(&tokens.word(start - 2)) || called()
    } else {
        start == 0 || SELF.contains(&tokens.word(start - 1)) || tokens.gap(start, MARKS) && tokens.gap(end, MARKS)
    };
    !own
}

/// Whether a name is a part of what other software is called, as in `derived from the LGPL-licensed codebase`.
fn is_adjective(tokens: &Tokens, head: &Mention, end: usize) -> bool {
    let Some(before) = head.words.start.checked_sub(1).filter(|_| !tokens.breaks_sentence(head.words.start)) else {
        return false;
    };
    let glued = tokens.word(end) == "licensed" && tokens.gap(end, gap::OTHER) && !tokens.is_spaced(end);
    glued
        && !tokens.gap(end + 1, gap::SENTENCE | gap::PARAGRAPH | gap::COMMA | gap::CLOSE | gap::SEMICOLON)
        && matches!(
            tokens.word(before),
            "the" | "other" | "any" | "some" | "with" | "from" | "into" | "using" | "for"
        )
}

/// What headings and fields that name the license are called.
const HEADINGS: &[&str] = &[
    "license",
    "licenses",
    "licensing",
    "copying",
    "lizenz",
    "licencia",
    "licenza",
    "licença",
    "лицензия",
    "라이선스",
    "라이센스",
];

/// Whether a name that starts a paragraph goes on in no sentence, as in `MIT © Ann`, `[MIT](LICENSE.md)` and `MIT, see
/// LICENSE`.
pub(super) fn is_followed_up(tokens: &Tokens, head: &Mention) -> bool {
    let end = head.words.end;
    !is_package(tokens, end)
        && (tokens.gap(end, gap::OTHER | gap::CLOSE | gap::OPEN | gap::COMMA | gap::COLON)
            || matches!(tokens.word(end), "c" | "copy" | "copyright" | "by" | "see" | "for"))
}

/// A verb or a field right before the name.
fn right_before(tokens: &Tokens, head: &Mention, weak: bool, sentence: Range<usize>) -> Option<Context> {
    let mut at = head.words.start;
    let mut steps = 0;
    let mut gaps = 0;
    while at > 0 && steps < 8 {
        // `Licensed under:` and the name in a paragraph of its own.
        let paragraph = tokens.gap(at, gap::PARAGRAPH) && !tokens.gap(at, gap::COLON);
        if tokens.gap(at, gap::SENTENCE) && !paragraph {
            return None;
        }
        if !paragraph || steps == 0 {
            gaps |= if tokens.gap(at, gap::COLON) { gap::COLON } else { 0 }
                | if tokens.gap(at, gap::OPEN) { gap::OPEN } else { 0 }
                | if tokens.gap(at, gap::LINE) { gap::LINE } else { 0 };
        }
        let word = tokens.word(at - 1);
        if paragraph {
            // A heading `License`, and the name below it.
            let alone = tokens.gap(head.words.end, gap::LINE | gap::SENTENCE) || !weak;
            let stands_below = alone || steps == 0 && is_followed_up(tokens, head);
            return (stands_below && is_heading(tokens, at)).then_some(Context::Field);
        }
        // `KNOWN_LICENSES = [...]` and `enum License { ... }` list what there is.
        let listed = word == "licenses" && tokens.gap(at - 1, gap::GLUE)
            || at > 1 && matches!(tokens.word(at - 2), "enum" | "known" | "allowed" | "supported");
        if matches!(word, "license" | "licenses" | "licensing") && listed {
            return None;
        }
        if HEADINGS.contains(&word) {
            // In `[MIT](LICENSE) [![Python](...)](...)` the next badge follows.
            let apart = weak && tokens.gap(at, gap::CLOSE) && tokens.gap(at, gap::OPEN) && gaps & gap::COLON == 0;
            if apart {
                return None;
            }
            // `"license", "mit"` are strings of a list, and `[license](doc/TEXT)` links a file.
            let field = gaps & gap::COLON != 0
                || gaps & gap::OPEN != 0 && !(weak && is_folder(tokens, head.words.end))
                || steps == 0 && !tokens.is_spaced(at) && tokens.gap(at, gap::QUOTE) && !tokens.gap(at, gap::COMMA);
            if field {
                return Some(Context::Field);
            }
            let heading = gaps & gap::LINE != 0 && !tokens.gap(at, gap::COMMA);
            if heading && weak && tokens.gap(at - 1, gap::LINE) && steps == 0 {
                return Some(Context::Field);
            }
        }
        // The field of the Linux Software Map.
        if word == "policy" && at > 1 && tokens.word(at - 2) == "copying" && gaps & gap::COLON != 0 {
            return Some(Context::Field);
        }
        // `|license| |python|` are substitutions, and so are headings of columns; in `| License | MIT |` the first cell tells
        // what the second is.
        if matches!(word, "license" | "licenses" | "licensing") && tokens.gap(at, gap::SLASH) && tokens.is_spaced(at)
        {
            let first = at == 1 || tokens.gap(at - 1, gap::LINE);
            let cell = !tokens.gap(at - 1, gap::SLASH) || tokens.gap(at - 1, gap::SPACE);
            if !(first && cell) {
                return None;
            }
            if steps == 0 && !tokens.gap(at, gap::LINE) {
                return Some(Context::Field);
            }
        }
        if VERBS.contains(&word) {
            let licensing = word != "under"
                || !weak
                || head.strength == Strength::Weak && head.version.is_some()
                || (sentence.start..at - 1).any(|n| LICENSING.contains(&tokens.word(n)))
                // `Under BSD make, ...` starts a sentence about something else.
                || tokens.gap(at - 1, gap::LINE | gap::OPEN | gap::SENTENCE) && ends_there(tokens, head);
            let listed = !tokens.gap(at, gap::LINE) || tokens.gap(at, gap::QUOTE);
            let string = tokens.gap(at, gap::QUOTE) && word == "licenses";
            let of_other = (word == "license" && listed || string) && tokens.gap(at, gap::COMMA);
            return (licensing && !of_other).then_some(Context::Verb);
        }
        // `ASM uses a 3-clause BSD license`, `getopt has a BSD-like license`.
        // `faster than what has the MIT license` speaks of something else.
        let what = || at > 1 && matches!(tokens.word(at - 2), "what" | "that" | "which");
        let has = word == "has" && (matches!(tokens.word(at), "a" | "an") || tokens.word(at) == "the" && !what());
        let uses = matches!(word, "uses" | "utilizes" | "follows" | "follow" | "carries");
        if (uses || has) && !weak && head.called {
            return Some(Context::Verb);
        }
        if LINKS.contains(&word) {
            let licensing = (sentence.start..at - 1).any(|n| LICENSING.contains(&tokens.word(n)));
            let said = |words: &[&str]| (sentence.start..at - 1).any(|n| words.contains(&tokens.word(n)));
            let plain = matches!(word, "is" | "are") && !weak;
            // `based on the library x, which is LGPL`: another one's.
            let of_other = plain && at > 1 && tokens.word(at - 2) == "which" && !said(OWN);
            return ((licensing
                && (!weak
                    || match word {
                        "by" => at > 1 && matches!(tokens.word(at - 2), "covered" | "governed" | "protected"),
                        // `licensed to the PSF` names who has the license.
                        // `permission to install modules to the current perl` speaks of a program.
                        "to" if at > 1 && TO_OTHERS.contains(&tokens.word(at - 2)) || is_language(tokens, head) => {
                            false
                        }
                        "to" | "as" | "per" | "via" => said(GRANTING) || word == "via" && said(&["available"]),
                        // `licensed with MIT`.
                        "with" => at > 1 && tokens.word(at - 2) == "licensed",
                        _ => false,
                    }
                    || matches!(word, "is" | "are")
                        && said(&["license", "licenses", "licensing", "copyright"])
                        && ends_there(tokens, head))
                || plain)
                && !of_other)
                .then_some(Context::Verb);
        }
        if !FILLERS.contains(&word) {
            return None;
        }
        at -= 1;
        steps += 1;
    }
    None
}

/// Words of a heading about the license beside the word itself, with the commands of markup that make it one.
const HEADING: &[&str] =
    &["and", "author", "authors", "copyright", "copyrights", "disclaimer", "head1", "head2", "section", "warranty"];

/// Whether the line that ends before word `end` is a heading about the license: `The License`, `=head1 COPYRIGHT AND
/// LICENSE`, `License & Conduct`.
fn is_heading(tokens: &Tokens, end: usize) -> bool {
    let starts = |at: usize| at == 0 || tokens.gap(at, gap::LINE);
    let called = |at: usize| HEADINGS.contains(&tokens.word(at));
    let last = end - 1;
    if called(last) {
        let mut first = last;
        while !starts(first) && HEADING.contains(&tokens.word(first - 1)) {
            first -= 1;
        }
        if starts(first) || tokens.gap(last - 1, gap::LINE) {
            return true;
        }
    }
    let joins = |at: usize| tokens.gap(at, gap::SLASH) || tokens.word(at) == "and";
    let first = (end.saturating_sub(3)..end).rev().find(|&at| starts(at));
    first.is_some_and(|at| at < last && called(at) && joins(at + 1))
}

/// Whether a name is that of a language, whose versions are most often those of the language, as in `runs under Python 2
/// and 3`.
fn is_language(tokens: &Tokens, head: &Mention) -> bool {
    matches!(tokens.word(head.words.start), "python" | "perl" | "php" | "ruby")
}

/// Whether the version that starts at `at` is called that of a license, as in `under the Python 2.2 license`.
fn has_license(tokens: &Tokens, at: usize) -> bool {
    let number = tokens.word(at).starts_with(|c: char| c.is_ascii_digit());
    let end = at + usize::from(number);
    tokens.word(end) == "license" && (at..=end).all(|n| !tokens.breaks_sentence(n) && !tokens.gap(n, gap::LINE))
}

/// Whether the name is the value of a table's row whose key is a license as well, as in `'GNU Public License' => 'gpl'`.
fn is_value(tokens: &Tokens, head: &Mention) -> bool {
    let Some(key) = head.words.start.checked_sub(1).filter(|&at| at > 0 && tokens.word(at) == "license") else {
        return false;
    };
    let word = tokens.word(key - 1);
    let named = || {
        matches!(word, "public" | "software" | "documentation" | "library" | "lesser" | "general")
            || super::lexicon::single(word).is_some()
    };
    tokens.gap(key + 1, gap::QUOTE) && tokens.gap(key + 1, gap::COLON) && !tokens.gap(key, gap::QUOTE) && named()
}

/// Whether nothing that a name could belong to follows it, as in `the license is MIT`; `this is python port of ...`.
fn ends_there(tokens: &Tokens, head: &Mention) -> bool {
    let end = head.words.end;
    const MARKS: u16 = gap::SENTENCE
        | gap::PARAGRAPH
        | gap::LINE
        | gap::COMMA
        | gap::SEMICOLON
        | gap::OPEN
        | gap::CLOSE
        | gap::QUOTE
        | gap::SLASH
        | gap::DOT;
    tokens.gap(end, MARKS)
        || matches!(tokens.word(end), "or" | "and" | "with" | "see" | "license" | "licensed" | "for")
}

/// Whether the name is all that stands behind `licensed under` or `released under the`, so that nothing but a license can
/// be meant.
fn is_licensed_under(tokens: &Tokens, head: &Mention) -> bool {
    let Range { start, end } = head.words;
    let skip = usize::from(start > 0 && tokens.word(start - 1) == "the");
    let under = start.checked_sub(skip + 2).is_some_and(|at| {
        // `released under Linux` tells where it runs.
        let released =
            || skip > 0 && matches!(tokens.word(at), "released" | "relicensed" | "distributed" | "published");
        (tokens.word(at) == "licensed" || released())
            && tokens.word(at + 1) == "under"
            && !tokens.breaks_sentence(at + 1)
    });
    under && tokens.gap(end, gap::SENTENCE | gap::PARAGRAPH | gap::LINE | gap::COMMA)
}

/// What behind a group of names makes it a statement: `MIT licensed`, `MIT/X11 license applies`.
fn behind(tokens: &Tokens, head: &Mention, end: usize) -> bool {
    // What a bar parts is another cell or badge.
    if tokens.breaks_sentence(end) || tokens.gap(end, gap::SLASH) {
        return false;
    }
    let word = tokens.word(end);
    let next = tokens.word(end + 1);
    match word {
        "licensed" => !tokens.gap(end, gap::LINE) || !matches!(head.strength, Strength::Faint | Strength::Weak),
        "license" | "licenses" => {
            matches!(head.strength, Strength::Faint | Strength::Weak)
                && (tokens.gap(end + 1, gap::LINE | gap::SENTENCE) || matches!(next, "applies" | "apply" | "see"))
        }
        "applies" | "apply" | "applied" => true,
        "is" | "are" => next == "applicable",
        "terms" | "conditions" => matches!(next, "apply" | "applies"),
        // `the same terms as the Rust project (MIT/Apache-2.0 dual license)`.
        "dual" => matches!(next, "license" | "licensed" | "licensing"),
        _ => false,
    }
}

/// Words that say only how much of a thing is under a license.
const FULLY: &[&str] = &["100", "all", "also", "completely", "dual", "entirely", "fully", "now"];

/// Whether a group of names and `licensed` are a clause of their own, as in `MIT licensed, see LICENSE` and `It is Ruby
/// licensed (see COPYING)`; `whether MIT licensed code may be used` states nothing.
fn is_clause(tokens: &Tokens, group: Range<usize>) -> bool {
    const ENDS: u16 = gap::SENTENCE | gap::PARAGRAPH | gap::COMMA | gap::SEMICOLON | gap::OPEN | gap::LINE;
    // `is 100% MIT licensed`.
    let fully = usize::from(group.start > 0 && FULLY.contains(&tokens.word(group.start - 1)));
    let start = group.start - fully;
    let starts = start == 0
        || tokens.breaks_sentence(start)
        || matches!(tokens.word(start - 1), "is" | "are" | "its" | "it's");
    // `MIT licensed` is a name as a whole.
    let last = if tokens.word(group.end) == "licensed" { group.end } else { group.end - 1 };
    starts && tokens.word(last) == "licensed" && tokens.gap(last + 1, ENDS) && !tokens.breaks_sentence(last)
}

/// The banner of a minified file has so many words before its license.
const BANNER: usize = 40;

/// Whether a group of names is a part between bars of the banner of a minified file, as in `/*! x v1 | MIT */`.
fn is_banner(tokens: &Tokens, group: Range<usize>) -> bool {
    let bar = |at: usize| tokens.gap(at, gap::SLASH) && tokens.is_spaced(at) && !tokens.gap(at, gap::QUOTE);
    let Range { start, end } = group;
    let end = end + usize::from(tokens.word(end) == "licensed" && !tokens.breaks_sentence(end));
    if !bar(start) || !(bar(end) || tokens.gap(end, gap::LINE | gap::PARAGRAPH)) {
        return false;
    }
    let opens = |at: usize| tokens.gap(at, gap::SLASH) && tokens.gap(at, gap::OTHER) && tokens.gap(at, gap::SENTENCE);
    let from = start.saturating_sub(BANNER);
    let line = (from..start).rev().find(|&at| at == 0 || tokens.gap(at, gap::LINE) || opens(at));
    line.is_some_and(opens)
}

/// A claim of copyright stands so near before a sentence that is a name, in words.
const CREDIT: usize = 10;

/// Whether a group of names is a sentence of its own behind a claim of copyright, as in `(c) 2012 Ann. MIT license.` and
/// `by Ann (MIT Licensed)`, or in front of words that point at the text, as in `MIT License. See LICENSE.` or `MIT license,
/// see LICENSE file`.
fn is_credit(tokens: &Tokens, group: Range<usize>) -> bool {
    let Range { start, end } = group;
    let called = matches!(tokens.word(end), "license" | "licensed") && !tokens.breaks_sentence(end);
    let end = end + usize::from(called);
    let claims = |n: usize| {
        matches!(tokens.word(n), "copyright" | "by" | "vendored" | "copied")
            || tokens.word(n) == "c" && tokens.gap(n, gap::OPEN)
    };
    let from = (start.saturating_sub(CREDIT)..start).rev().take_while(|&n| !tokens.gap(n + 1, gap::PARAGRAPH));
    // `(c) 2014 Ann - GNU Lesser General Public License`.
    let dashed = || tokens.gap(start, gap::OTHER) && tokens.gap(start, gap::SPACE) && !tokens.gap(start, gap::LINE);
    // `(c) 2022 Ann, Inc. MIT License.`
    let short = || tokens.gap(start, gap::DOT) && tokens.is_spaced(start);
    let apart = || tokens.gap(start, gap::SENTENCE | gap::COMMA | gap::SEMICOLON) || short() || dashed();
    // `(MIT License)`; a bare id in brackets may be another work's.
    let bracketed = || {
        let named = matches!(tokens.word(end - 1), "license" | "licensed");
        named && tokens.gap(start, gap::OPEN) && tokens.gap(end, gap::CLOSE)
    };
    let claimed = || apart() && from.clone().any(claims);
    // `The MIT License (MIT). Please see ...`.
    let the = usize::from(start > 0 && tokens.word(start - 1) == "the" && !tokens.breaks_sentence(start));
    let see = end + usize::from(tokens.word(end) == "please");
    let pointed = || (start == the || tokens.breaks_sentence(start - the)) && tokens.word(see) == "see";
    let to_text = || {
        let at = end + 1 + usize::from(tokens.word(end + 1) == "the");
        matches!(tokens.word(at), "license" | "copying" | "file")
    };
    bracketed() && from.clone().any(claims)
        || tokens.gap(end, gap::SENTENCE) && (claimed() || pointed())
        || tokens.gap(end, gap::LINE) && claimed()
        || tokens.gap(end, gap::COMMA | gap::SEMICOLON | gap::OPEN | gap::OTHER) && pointed() && to_text()
}

/// Where the date of a license ends that starts at `at`, as in `Version 2, June 1991`; `at` itself when there is none.
fn date_end(tokens: &Tokens, at: usize) -> usize {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let month = |at: usize| MONTHS.contains(&tokens.word(at));
    let year = |at: usize| tokens.word(at).len() == 4 && tokens.word(at).starts_with(['1', '2']);
    let start = at + usize::from(tokens.word(at).len() <= 2 && month(at + 1));
    if month(start) && year(start + 1) && !tokens.gap(at, gap::LINE) { start + 2 } else { at }
}

/// The file of a license is so many words of an address away from its host.
const HOSTED: usize = 16;

/// Where the address of the license's file ends that follows the name at `at`, as in `MIT License,
/// https://example.org/blob/master/LICENSE`; `at` itself when there is none.
fn file_end(tokens: &Tokens, at: usize) -> usize {
    let joined = tokens.gap(at, gap::COMMA | gap::OPEN | gap::COLON | gap::OTHER) && !tokens.breaks_sentence(at);
    if !joined || !matches!(tokens.word(at), "http" | "https") {
        return at;
    }
    let end = (at + 1..at + HOSTED).find(|&n| tokens.is_spaced(n) || tokens.gap(n, gap::LINE | gap::CLOSE));
    let is_file = |n: usize| matches!(tokens.word(n), "license" | "copying") && tokens.word(n - 1) != "badge";
    end.filter(|&end| (at + 1..end).any(is_file)).unwrap_or(at)
}

/// Whether a name is that of no license but of the state of a work, which people write in a line of its own.
fn dedicates(head: &Mention) -> bool {
    head.what == What::Fixed("LicenseRef-public-domain")
}

/// Whether a name is the last part of a sentence behind a comma, or one of its own, as in `Written by Ann, public domain.`
fn is_last(tokens: &Tokens, group: Range<usize>) -> bool {
    let Range { start, end } = group;
    let apart = tokens.gap(start, gap::COMMA | gap::SENTENCE | gap::SEMICOLON) && !tokens.gap(start, gap::OPEN);
    // `MIT, BSD, public domain` are a list of licenses.
    let listed = || start > 0 && super::lexicon::single(tokens.word(start - 1)).is_some();
    apart && tokens.gap(end, gap::SENTENCE | gap::PARAGRAPH) && !listed()
}

/// Whether a group of names is all that its line holds, but for the date of the license or the address of its file.
fn is_line(tokens: &Tokens, head: &Mention, group: Range<usize>, weak: bool) -> bool {
    // `[MIT License](LICENSE)` is all of its line as well.
    let linked = link_end(tokens, group.end).filter(|_| tokens.gap(group.start, gap::OPEN));
    let end = linked.unwrap_or_else(|| file_end(tokens, date_end(tokens, group.end)));
    let weak = weak && !(dedicates(head) && tokens.gap(head.words.start, gap::LINE));
    if weak || !tokens.gap(end, gap::LINE | gap::PARAGRAPH) || group.len() < 2 && head.version.is_none() {
        return false;
    }
    let mut start = group.start;
    while start > 0
        && !tokens.gap(start, gap::LINE)
        && matches!(
            tokens.word(start - 1),
            "the" | "a" | "under" | "is" | "this" | "c" | "terms" | "of" | "see" | "name" | "text"
        )
    {
        start -= 1;
    }
    start == 0 || tokens.gap(start, gap::LINE)
}
