//! Finds the names of licenses in a stretch of text, each with the version and the `or later` that belong to it.
//!
//! `name version? (later | only)?`, or `version (or later)? of the name`. Both orders occur, and the version may stand in
//! the next clause ("as published by the Free Software Foundation; either version 2 of the License").

use std::ops::Range;

use super::context::PREFIXES;
use super::lexicon::{self, Strength, What};
use super::tokens::{Tokens, gap};

/// A license, or an exception to one, that the text names.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// The words of the name and of what was read with it.
    pub(super) words: Range<usize>,
    /// What the name stands for.
    pub(super) what: What,
    /// How much the name says by itself.
    pub(super) strength: Strength,
    /// The version that was read, as what it names.
    pub(super) version: Option<&'static str>,
    /// Which other versions count.
    pub(super) later: Later,
    /// Whether the word `license` follows.
    pub(super) called: bool,
}

/// Which versions beside the named one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Later {
    /// Nothing was said.
    Unsaid,
    /// No other one.
    Only,
    /// Every later one.
    Newer,
}

/// How far behind a name its version may stand, in words.
const REACH: usize = 18;
/// How far behind a name without a version a clause such as `either version 2 of the License` may stand, in words.
const CLAUSE: usize = 70;

/// Words between a name and its version.
const FILLERS: &[&str] = &[
    "a",
    "agreement",
    "also",
    "as",
    "at",
    "by",
    "conditions",
    "either",
    "foundation",
    "free",
    "fsf",
    "general",
    "gnu",
    "gpl",
    "in",
    "inc",
    "international",
    "its",
    "lgpl",
    "license",
    "of",
    "option",
    "public",
    "published",
    "software",
    "terms",
    "the",
    "this",
    "to",
    "under",
    "which",
    "your",
    "incorporated",
    "exactly",
    "specifically",
    "namely",
    "only",
    "generic",
    "unported",
];
/// Words that announce a version.
const VERSION: &[&str] = &[
    "version",
    "versions",
    "v",
    "ver",
    "vers",
    "release",
    "rev",
    "revision",
    "verison",
    "versión",
    "versione",
    "versão",
    "версии",
    "версия",
];
/// Words that open what may follow a version.
const OR: &[&str] = &["or", "and", "oder", "ou", "o", "eller", "und", "et", "y", "e", "soit", "либо", "или"];
/// Words for later versions.
const LATER: &[&str] = &[
    "later",
    "newer",
    "above",
    "higher",
    "greater",
    "subsequent",
    "upwards",
    "onwards",
    "onward",
    "upward",
    "up",
    "superior",
    "posterior",
    "ultérieure",
    "ulterieure",
    "spätere",
    "späteren",
    "späterer",
    "neuer",
    "neuere",
    "neueren",
    "neuerer",
    "höher",
    "höhere",
    "später",
    "successiva",
    "latter",
    "lator",
    "laterversion",
    "after",
    "later's",
    "senere",
    "future",
    // `qualquer versão`.
    "qualquer",
    "поздней",
    "позднее",
];
/// Words between `or` and `later`.
const OPTION: &[&str] = &[
    "a",
    "any",
    "at",
    "by",
    "choice",
    "choose",
    "discretion",
    "if",
    "in",
    "its",
    "jeder",
    "more",
    "nach",
    "ihrer",
    "your",
    "of",
    "opinion",
    "option",
    "optional",
    "options",
    "our",
    "optionally",
    "youre",
    "same",
    "prefer",
    "recent",
    "license",
    "so",
    "the",
    "their",
    "this",
    "to",
    "under",
    "version",
    "versions",
    "wish",
    "you",
    "toute",
    "votre",
    "gré",
    "à",
    "según",
    "su",
    "elección",
    "cualquier",
    "versión",
    "gpl",
    "lgpl",
    "gnu",
    "wahl",
    "propria",
    "scelta",
    "una",
    "versione",
    "na",
    "sua",
    "seu",
    "opinião",
    "critério",
    "по",
    "вашему",
    "выбору",
    "любой",
    "более",
    "desire",
    "yours",
    "it",
    "all",
    "s",
    // Between the strings of a program that prints its notice.
    "cout",
    "echo",
    "endl",
    "fprintf",
    "fputs",
    "indent",
    "ofile",
    "print",
    "printf",
    "println",
    "puts",
    "std",
    "stderr",
    "stdout",
];

/// The mentions of a stretch, in order and without overlap of their names.
pub(super) fn find(tokens: &Tokens) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(name) = Name::at(tokens, at) else {
            at += 1;
            continue;
        };
        if name.what == What::Nothing {
            at += name.words;
            continue;
        }
        let start = at;
        let (end, called) = behind_name(tokens, &name, start + name.words);
        at = end;
        let mention = Mention {
            words: start..end,
            what: name.what,
            strength: name.strength,
            version: None,
            later: Later::Unsaid,
            called: called || tokens.word(start + name.words - 1) == "license",
        };
        let What::Family(family) = name.what else {
            at = fixed(tokens, mention, end, &mut out);
            continue;
        };
        let address = name.strength == Strength::Address;
        at = with_versions(tokens, mention, family, name.number, end, &mut out).max(at);
        if address {
            at = address_end(tokens, at);
        }
    }
    out.retain(|m| !is_comparison(tokens, m) && !is_in_path(tokens, m) && !is_interpreter(tokens, m));
    drop_unlisted(tokens, &mut out);
    pages(&mut out);
    clauses(tokens, &mut out);
    out
}

/// Takes its meaning from a name without a version where a version that the list does not have stands beside it, or
/// beside the same name elsewhere.
fn drop_unlisted(tokens: &Tokens, mentions: &mut [Mention]) {
    let mut unlisted: Vec<What> = Vec::new();
    for mention in mentions.iter().filter(|m| m.version.is_none()) {
        let What::Family(number) = mention.what else { continue };
        let family = lexicon::family(number);
        if !family.gnu && !unlisted.contains(&mention.what) && has_unlisted_version(tokens, mention, family) {
            unlisted.push(mention.what);
        }
    }
    for mention in mentions.iter_mut().filter(|m| m.version.is_none() && unlisted.contains(&m.what)) {
        mention.what = What::Nothing;
    }
}

/// Whether a mention only compares, as in `(GPL compatible)`. Where a line ends with `GPL-`, in the head of a table, the
/// word may stand behind one of another column.
fn is_comparison(tokens: &Tokens, mention: &Mention) -> bool {
    let end = mention.words.end;
    let compares = |at: usize| matches!(tokens.word(at), "compatible" | "compatibility" | "incompatible");
    let cut = || tokens.gap(end, gap::OTHER) && tokens.gap(end, gap::LINE) && compares(end + 1);
    !tokens.breaks_sentence(end) && (compares(end) || cut())
}

/// Whether a name is a folder of a path, as in `boost/mpl/apply.hpp`; names of licenses are listed with slashes as well.
fn is_in_path(tokens: &Tokens, mention: &Mention) -> bool {
    let Range { start, end } = mention.words;
    let slash = |at: usize| tokens.gap(at, gap::SLASH) && !tokens.is_spaced(at);
    let word = |at: usize| {
        let word = tokens.word(at);
        let is_name = |phrase: &lexicon::Phrase| !matches!(phrase.strength, Strength::Faint | Strength::Weak);
        !PREFIXES.contains(&word) && !lexicon::single(word).is_some_and(is_name)
    };
    let named = matches!(mention.strength, Strength::Address | Strength::Statement);
    !named && start > 0 && end == start + 1 && slash(start) && slash(end) && word(start - 1) && word(end)
}

/// Whether a name is that of the program that runs a script, as in `#!/usr/bin/python` and `#!/usr/bin/env ruby`.
fn is_interpreter(tokens: &Tokens, mention: &Mention) -> bool {
    let start = mention.words.start;
    let path = || tokens.gap(start, gap::SLASH) && tokens.word(start - 1) == "bin";
    let env = || start > 1 && tokens.word(start - 1) == "env" && tokens.word(start - 2) == "bin";
    start > 0 && mention.strength != Strength::Address && (path() || env())
}

/// A name as it was found.
struct Name<'t> {
    words: usize,
    what: What,
    strength: Strength,
    /// The version that is part of the word, as in `gplv2`.
    number: Option<&'t str>,
}

impl<'t> Name<'t> {
    fn at(tokens: &'t Tokens, at: usize) -> Option<Self> {
        if let Some(phrase) = lexicon::longest(tokens, at)
            // `the GPL 3.x license` names no license of X.
            && !(phrase.words[0] == "x" && is_placeholder(tokens, at))
            // `badge/license-BSD--3--Clause-blue`: what the badge names is behind its first word.
            && !(phrase.words[0] == "license" && at > 0 && tokens.word(at - 1) == "badge")
        {
            return Some(Self {
                words: phrase.words.len(),
                what: phrase.what,
                strength: phrase.strength,
                number: None,
            });
        }
        if !matches!(tokens.last_byte(at), b'0'..=b'9' | b'.') {
            return None;
        }
        let word = tokens.word(at);
        let base = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        if base.len() < 3 {
            return None;
        }
        let number = Some(&word[base.len()..]);
        // The `v` is not a part of the name, though `gplv` is one of an address.
        let phrase = base.strip_suffix('v').and_then(lexicon::single).or_else(|| lexicon::single(base))?;
        let What::Family(family) = phrase.what else { return None };
        number.and_then(|n| lexicon::family(family).version(n))?;
        Some(Self { words: 1, what: phrase.what, strength: phrase.strength, number })
    }
}

/// Whether a word stands for the last part of a version, as the letter in `3.x`.
fn is_placeholder(tokens: &Tokens, at: usize) -> bool {
    at > 0
        && tokens.gap(at, gap::DOT)
        && !tokens.is_spaced(at)
        && tokens.word(at - 1).ends_with(|c: char| c.is_ascii_digit())
}

/// Where a name ends with what repeats it: `license`, `(GPL)`, `(the "GPL")`; and whether it is called a license.
fn behind_name(tokens: &Tokens, name: &Name<'_>, mut end: usize) -> (usize, bool) {
    let mut called = false;
    if matches!(name.strength, Strength::Address | Strength::Statement) {
        return (end, true);
    }
    loop {
        // A folder, as in `doc/licenses` and in a list of `LICENSES/MIT LICENSES/ISC`; the next cell of a table or badge of a
        // row, as in `|Python| |License|`.
        let listed = tokens.word(end) == "licenses" && tokens.gap(end + 1, gap::SLASH) && !tokens.is_spaced(end + 1);
        let apart = tokens.breaks_sentence(end) || tokens.gap(end, gap::SLASH) || listed;
        // The next field of a record.
        let field = tokens.gap(end, gap::LINE) && tokens.gap(end + 1, gap::COLON);
        if matches!(tokens.word(end), "license" | "licenses" | "licensed" | "agreement" | "licensing" | "lizenz")
            && !apart
            && !field
        {
            // `#!/usr/bin/python` and below it `Licensed under ...`.
            if tokens.word(end) == "licensed" && tokens.gap(end, gap::LINE) && name.strength != Strength::Strong {
                return (end, called);
            }
            called = true;
            end += usize::from(tokens.word(end) != "licensed");
            if tokens.word(end.saturating_sub(1)) == "licensed" || tokens.word(end) == "licensed" {
                return (end, called);
            }
            continue;
        }
        if !tokens.gap(end, gap::OPEN) || tokens.gap(end, gap::PARAGRAPH) {
            return (end, called);
        }
        let skip = usize::from(matches!(tokens.word(end), "the" | "aka" | "or" | "called"));
        match Name::at(tokens, end + skip) {
            Some(again) if again.what == name.what && again.number.is_none() => {
                end += skip + again.words;
                // `MIT (MIT-LICENSE.txt) and GPL (GPL-LICENSE.txt)`.
                let file = usize::from(tokens.word(end) == "license");
                let dotted = tokens.gap(end + file, gap::DOT) && !tokens.is_spaced(end + file);
                if dotted && matches!(tokens.word(end + file), "txt" | "md" | "html") {
                    end += file + 1;
                }
            }
            _ => return (end, called),
        }
    }
}

/// Marks that stand behind an address.
const ADDRESS_ENDS: u16 = gap::SPACE | gap::LINE | gap::QUOTE | gap::OPEN | gap::CLOSE | gap::COMMA | gap::SEMICOLON;

/// Where the address ends whose words reach up to `at`: `.php` and `.html` belong to it.
fn address_end(tokens: &Tokens, mut at: usize) -> usize {
    while at < tokens.len() && !tokens.gap(at, ADDRESS_ENDS) {
        at += 1;
    }
    at
}

/// A license that is named as a whole; `or later` behind it is read for the sake of its span.
fn fixed(tokens: &Tokens, mut mention: Mention, end: usize, out: &mut Vec<Mention>) -> usize {
    let (_, behind) = later(tokens, end);
    if behind > end && !matches!(mention.what, What::Exception(_)) {
        mention.words.end = behind;
    }
    let at = mention.words.end;
    let address = mention.strength == Strength::Address;
    out.push(mention);
    if address { address_end(tokens, at) } else { at }
}

/// Reads the versions of a family's mention; returns where to go on.
fn with_versions(
    tokens: &Tokens,
    mention: Mention,
    family: u16,
    number: Option<&str>,
    end: usize,
    out: &mut Vec<Mention>,
) -> usize {
    let family = lexicon::family(family);
    // `GPLv2+ license`: the sign stands right behind the name.
    let glued = number.is_some() && tokens.gap(mention.words.start + 1, gap::PLUS);
    let first = match number {
        Some(number) => family.version(number).map(|(_, id)| (id, end)),
        // `mozilla.org/MPL/MPL-1.1.html` repeats the name.
        None if mention.strength == Strength::Address && is_repeated(tokens, end) => {
            version_behind(tokens, end + 1, family)
        }
        None => version_behind(tokens, end, family),
    };
    let Some((id, mut end)) = first else {
        let before = versions_before(tokens, mention.words.start, family);
        if before.is_empty() {
            out.push(mention);
            return end;
        }
        for (at, id, said) in before {
            let words = at.min(mention.words.start)..mention.words.end;
            let (after, behind) = later(tokens, mention.words.end);
            let said = if said == Later::Unsaid { after } else { said };
            let words = if said == after && after != Later::Unsaid { words.start..behind } else { words };
            out.push(Mention { words, version: Some(id), later: said, ..mention.clone() });
        }
        return out.last().map_or(end, |m| m.words.end);
    };
    // `2 or 3`, `version 2 or (at your option) version 3 or later`.
    let mut version = Some(id);
    let before = out.len();
    while let Some(id) = version {
        let (said, behind) = if glued && out.len() == before { (Later::Newer, end) } else { later(tokens, end) };
        out.push(Mention { words: mention.words.start..behind, version: Some(id), later: said, ..mention.clone() });
        end = behind;
        version = None;
        if let Some((id, behind)) = next_version(tokens, end, family) {
            (version, end) = (Some(id), behind);
        }
    }
    end
}

/// Whether the next part of an address is the word before it once more.
fn is_repeated(tokens: &Tokens, at: usize) -> bool {
    at > 0 && tokens.word(at) == tokens.word(at - 1) && tokens.gap(at, gap::SLASH) && !tokens.is_spaced(at)
}

/// Whether a name stands beside a version that the list does not have, as in `version 2.02 of the PHP license` and
/// `http://www.php.net/license/2_02.txt`: what the name means without a version says nothing of that one.
fn has_unlisted_version(tokens: &Tokens, mention: &Mention, family: &lexicon::Family) -> bool {
    let Range { start, end } = mention.words;
    let unlisted = |at: usize| number(tokens.word(at)).is_some_and(|number| family.version(number).is_none());
    let dotted = |at: usize| tokens.word(at).contains('.') && unlisted(at);
    if mention.strength == Strength::Address {
        return tokens.gap(end, gap::SLASH) && !tokens.is_spaced(end) && unlisted(end);
    }
    // The next row of a table may have one as well.
    let beside = |at: usize| !tokens.breaks_sentence(at) && !tokens.gap(at, gap::SLASH) && !is_next_field(tokens, at);
    let behind = VERSION.contains(&tokens.word(end)) && beside(end) && beside(end + 1);
    let the = start > 0 && tokens.word(start - 1) == "the";
    let of = start.checked_sub(usize::from(the) + 3);
    let before = of.filter(|&at| VERSION.contains(&tokens.word(at)) && tokens.word(at + 2) == "of");
    behind && dotted(end + 1) || before.is_some_and(|at| dotted(at + 1) && !tokens.breaks_sentence(at + 1))
}

/// The version number that a word is, without the `v` or `version` that may be glued to it.
fn number(word: &str) -> Option<&str> {
    let number = ["version", "ver", "v"].iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(word);
    let number = match number {
        "two" | "ii" => "2",
        "three" => "3",
        _ => number,
    };
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(number)
}

/// The version behind a name, and where it ends.
fn version_behind(tokens: &Tokens, from: usize, family: &lexicon::Family) -> Option<(&'static str, usize)> {
    let (mut at, mut said, mut plain) = (from, false, 0);
    while at < tokens.len() && at < from + REACH {
        let word = tokens.word(at);
        // `GPL/LGPL v3`: the name of the next license.
        if matches!(word, "gpl" | "lgpl" | "lesser" | "library") && tokens.gap(at, gap::SLASH) {
            return None;
        }
        let announced =
            VERSION.contains(&word) || word == "either" || word.starts_with('v') && number(word).is_some();
        let stop = if at == from { gap::SENTENCE } else { gap::SENTENCE | gap::PARAGRAPH };
        if (tokens.gap(at, stop) || at == from && tokens.gap(at, gap::PARAGRAPH)) && !announced
            || is_next_field(tokens, at)
        {
            return None;
        }
        if let Some(number) = number(word)
            && let Some((_, id)) = family.version(number)
        {
            // A number of another kind, as in `GPL, 3 files`, has a comma before it and is not called a version.
            let direct = said
                || word.starts_with('v')
                || (plain <= 3 && !tokens.gap(at, gap::COMMA))
                || number.contains('.') && plain <= 3;
            let counts = !tokens.gap(at + 1, gap::SPACE) || tokens.word(at + 1) != "files";
            if direct && counts {
                return Some((id, at + 1));
            }
            return None;
        }
        if VERSION.contains(&word) {
            said = true;
        } else if FILLERS.contains(&word) {
            plain += 1;
        } else {
            return None;
        }
        at += 1;
    }
    None
}

/// Whether a word is the key of the next field of a record, as in `License: GPL` and below it `Version: 2.0`, and in
/// `"license": "GPL", "version": "2.0"` and `license="GPL" version="2"`.
pub(super) fn is_next_field(tokens: &Tokens, at: usize) -> bool {
    // With a comma in JSON, without in an element's attributes.
    let quoted = tokens.gap(at, gap::QUOTE) && tokens.gap(at + 1, gap::QUOTE);
    (tokens.gap(at, gap::LINE) || quoted) && tokens.gap(at + 1, gap::COLON)
}

/// A further version of the same license: `or 3`, `and/or version 3`, `, 3`.
fn next_version(tokens: &Tokens, from: usize, family: &lexicon::Family) -> Option<(&'static str, usize)> {
    let listed = tokens.gap(from, gap::COMMA | gap::SLASH);
    let mut at = from;
    let mut joined = listed;
    while at < from + 12 && !tokens.breaks_sentence(at) && !is_next_field(tokens, at) {
        let word = tokens.word(at);
        if let Some((_, id)) = number(word).and_then(|n| family.version(n)) {
            // `GPLv3 or 2-clause BSD`: the number starts the name of another license.
            let other = lexicon::longest(tokens, at).is_some();
            return (joined && !other).then_some((id, at + 1));
        }
        joined |= OR.contains(&word);
        if !(OR.contains(&word)
            || VERSION.contains(&word)
            || matches!(
                word,
                "at" | "your"
                    | "option"
                    | "of"
                    | "the"
                    | "license"
                    | "either"
                    | "under"
                    | "terms"
                    | "to"
                    | "also"
                    | "later"
                    | "if"
                    | "you"
                    | "prefer"
                    | "alternatively"
                    | "dated"
                    | "june"
                    | "29"
                    | "1991"
                    | "2007"
            ))
        {
            return None;
        }
        at += 1;
    }
    None
}

/// The versions before a name, as in `versions 2 or 3 (or later) of the GNU GPL`: where each stands, what it names, and
/// whether later ones count.
fn versions_before(tokens: &Tokens, name: usize, family: &lexicon::Family) -> Vec<(usize, &'static str, Later)> {
    let mut out = Vec::new();
    let (mut linked, mut later, mut either) = (false, Later::Unsaid, true);
    let mut at = name;
    while at > 0 && at + REACH > name {
        if tokens.breaks_sentence(at) {
            break;
        }
        at -= 1;
        let word = tokens.word(at);
        if let Some((_, id)) = number(word).and_then(|n| family.version(n)) {
            let announced = word.starts_with('v')
                || at > 0
                    && (VERSION.contains(&tokens.word(at - 1))
                        || OR.contains(&tokens.word(at - 1))
                        || tokens.word(at - 1) == "gnu");
            if !linked || !announced || !either {
                break;
            }
            out.push((at, id, later));
            (later, either) = (Later::Unsaid, false);
        } else if LATER.contains(&word) {
            later = Later::Newer;
        } else if word == "only" {
            later = Later::Only;
        } else if matches!(word, "of" | "s" | "de" | "der") {
            linked = true;
        } else if OR.contains(&word) {
            either = true;
        } else if !(VERSION.contains(&word) || FILLERS.contains(&word) || OPTION.contains(&word)) {
            break;
        }
    }
    out.reverse();
    out
}

/// What is said of other versions behind a version, and where that ends.
pub(super) fn later(tokens: &Tokens, from: usize) -> (Later, usize) {
    // `GPL v2+` and `GPL (>= 2)`.
    if tokens.gap(from, gap::PLUS) || from > 0 && tokens.gap(from - 1, gap::AT_LEAST) {
        return (Later::Newer, from);
    }
    let mut at = from;
    let mut until = from + LATER_REACH;
    while at < tokens.len() && at < until {
        if tokens.gap(at, gap::PARAGRAPH)
            || is_next_field(tokens, at)
            || at > from + 1 && tokens.gap(at, gap::SENTENCE)
        {
            break;
        }
        if let Some(end) = aside_end(tokens, at) {
            until = (until + end - at).min(from + ASIDES);
            at = end;
            continue;
        }
        let word = tokens.word(at);
        // `version 2 as published by the FSF; either version 2 of the License, or later`.
        if number(word).is_some()
            && at > from + 1
            && tokens.word(at - 1) == "version"
            && tokens.word(at - 2) == "either"
        {
            at += 1;
            continue;
        }
        // `version 2 (at your option) any later version`.
        let option =
            tokens.gap(at, gap::OPEN) && [word, tokens.word(at + 1), tokens.word(at + 2)] == ["at", "your", "option"];
        if OR.contains(&word) || option {
            if tokens.gap(at, gap::SENTENCE) {
                break;
            }
            if let Some(end) = later_word(tokens, at + usize::from(!option)) {
                let behind = tokens.word(end);
                let accepted = (end..end + 5)
                    .any(|n| matches!(tokens.word(n), "accepted" | "approved") && !tokens.breaks_sentence(n))
                    && behind != "of";
                return if accepted { (Later::Only, end) } else { (Later::Newer, end) };
            }
            break;
        }
        if LATER.contains(&word)
            && at <= from + 1
            && !tokens.gap(at, gap::SENTENCE)
            && !matches!(word, "after" | "up" | "above" | "future" | "latter")
        {
            return (Later::Newer, at + 1);
        }
        if matches!(word, "only" | "exclusively" | "solely") && !tokens.gap(at, gap::SENTENCE) {
            return (Later::Only, at + 1);
        }
        if word == "plus" && at == from && !tokens.is_spaced(at) {
            return (Later::Newer, at + 1);
        }
        if !(FILLERS.contains(&word)
            || VERSION.contains(&word)
            || matches!(
                word,
                "lesser"
                    | "library"
                    | "affero"
                    | "named"
                    | "that"
                    | "dated"
                    | "june"
                    | "february"
                    | "1991"
                    | "1999"
                    | "2007"
                    | "29"
                    | "any"
            ))
        {
            break;
        }
        at += 1;
    }
    (Later::Unsaid, from)
}

/// What is said of later versions stands so near behind a version, in words.
const LATER_REACH: usize = 18;
/// With asides in between, such as an address, it stands so near: every address of a long list may be asked.
const ASIDES: usize = 60;
/// An aside in brackets has so many words at most.
const BRACKETS: usize = 5;
/// A clause that only tells where the text is has so many words at most.
const ASIDE: usize = 16;

/// Where the words end that stand between a version and what is said of later ones, and start at `at`: the name once more
/// in brackets, as in `version 2 (GPLv2) or later`, another aside in brackets such as `(included below)`, the address of the
/// license, or `, a copy of which is in the file COPYING,`.
fn aside_end(tokens: &Tokens, at: usize) -> Option<usize> {
    let word = tokens.word(at);
    if tokens.gap(at, gap::OPEN)
        && let Some(name) = Name::at(tokens, at)
        && matches!(name.what, What::Family(number) if lexicon::family(number).gnu)
        && tokens.gap(at + name.words, gap::CLOSE)
    {
        return Some(at + name.words);
    }
    if tokens.gap(at, gap::OPEN)
        && let Some(end) = (at + 1..=at + BRACKETS).find(|&n| tokens.gap(n, gap::CLOSE))
        && OR.contains(&tokens.word(end))
        && (at..end)
            .all(|n| !tokens.breaks_sentence(n + 1) && !OR.contains(&tokens.word(n)) && tokens.word(n) != "only")
    {
        return Some(end);
    }
    if matches!(word, "http" | "https") && !tokens.breaks_sentence(at) {
        return (at + 1..at + ASIDES).find(|&n| tokens.gap(n, ADDRESS_ENDS));
    }
    let clause = tokens.gap(at, gap::COMMA)
        && matches!(word, "a" | "the")
        && matches!(tokens.word(at + 1), "copy" | "text")
        && [tokens.word(at + 2), tokens.word(at + 3)] == ["of", "which"];
    let end = clause.then(|| (at + 4..at + ASIDE).find(|&n| tokens.gap(n, gap::COMMA)))??;
    ((at + 1)..=end).all(|n| !tokens.breaks_sentence(n)).then_some(end)
}

/// Where `at your option any later version` ends that starts at `from`.
fn later_word(tokens: &Tokens, from: usize) -> Option<usize> {
    for at in from..(from + 12).min(tokens.len()) {
        if tokens.gap(at, gap::PARAGRAPH) || at > from && tokens.gap(at, gap::SENTENCE) {
            return None;
        }
        let word = tokens.word(at);
        if LATER.contains(&word) {
            let more = usize::from(matches!(tokens.word(at + 1), "version" | "versions" | "release" | "revision"));
            return Some(at + 1 + more);
        }
        if !(OPTION.contains(&word) || OR.contains(&word)) {
            return None;
        }
    }
    None
}

/// Where `de la licence` or `der Lizenz` ends that starts at `from`.
fn of_license(tokens: &Tokens, from: usize) -> Option<usize> {
    let skip = usize::from(matches!(tokens.word(from + 1), "la" | "cette" | "esta"));
    let of = matches!(tokens.word(from), "de" | "der" | "della" | "da" | "dieser");
    let license = matches!(tokens.word(from + 1 + skip), "license" | "lizenz" | "licencia" | "licenza" | "licença");
    (of && license).then_some(from + 2 + skip)
}

/// The page of a license stands so near behind its name, in words.
const PAGE: usize = 40;

/// Gives a name that means nothing without a version the one of its page behind it, as in `the Creative Commons
/// Attribution License. See the following URL for the details: http://creativecommons.org/licenses/by/3.0/`.
fn pages(mentions: &mut [Mention]) {
    for n in 1..mentions.len() {
        let (before, rest) = mentions.split_at_mut(n);
        let (Some(name), Some(page)) = (before.last_mut(), rest.first()) else { continue };
        let What::Family(number) = name.what else { continue };
        let near = page.words.start < name.words.end + PAGE;
        let named = name.version.is_none() && name.strength != Strength::Address;
        if named && near && page.strength == Strength::Address && page.what == name.what {
            let family = lexicon::family(number);
            if family.bare.is_empty() && !family.gnu {
                (name.version, name.later) = (page.version, page.later);
            }
        }
    }
}

/// Gives mentions without a version the one of a clause behind them: `either version 2 of the License, or later`.
fn clauses(tokens: &Tokens, mentions: &mut [Mention]) {
    for n in 0..mentions.len() {
        let What::Family(number_of) = mentions[n].what else { continue };
        if mentions[n].version.is_some() || matches!(mentions[n].strength, Strength::Address) {
            continue;
        }
        let family = lexicon::family(number_of);
        let start = mentions[n].words.end;
        let mut near = mentions[n + 1..].iter().take_while(|m| m.words.start < start + CLAUSE);
        let other =
            near.find(|m| m.version.is_some() || m.what != mentions[n].what && !matches!(m.what, What::Exception(_)));
        let end = (start + CLAUSE).min(other.map_or(tokens.len(), |m| m.words.start)).min(tokens.len());
        for at in start..end {
            if tokens.gap(at, gap::PARAGRAPH) && at > start + 25 {
                break;
            }
            if !VERSION.contains(&tokens.word(at)) || is_next_field(tokens, at) {
                continue;
            }
            let Some((_, id)) = number(tokens.word(at + 1)).and_then(|v| family.version(v)) else { continue };
            let foreign = of_license(tokens, at + 2);
            let (said, behind) = later(tokens, foreign.unwrap_or(at + 2));
            let of_license = tokens.word(at + 2) == "of"
                && matches!(tokens.word(at + 3), "the" | "this" | "that" | "said")
                && tokens.word(at + 4) == "license"
                || foreign.is_some();
            if of_license || said != Later::Unsaid {
                mentions[n].version = Some(id);
                mentions[n].later = said;
                mentions[n].words.end = behind.max(at + 2);
                break;
            }
        }
    }
}
