//! Reads license statements in prose: notices, fields and references.
//!
//! # Conventions
//! - `GPL v2` without `or later` is `GPL-2.0-only`; so is every GNU license.
//! - A bare `GPL` in a statement is `GPL-1.0-or-later`, a bare `LGPL` is `LGPL-2.0-or-later`, as the licenses themselves say
//!   ("if the Program does not specify a version number, you may choose any version ever published").
//! - Other names without a version mean what `policies/facts/license-lexicon.txt` says, and nothing when it says nothing.
//! - A name with a version that the list lacks (`version 2.02 of the PHP license`) names no identifier.
//! - A bare `BSD` names no identifier; it is `LicenseRef-BSD`, or the one BSD license of the project's license file;
//!   as the other choice beside the GPL it is `BSD-3-Clause`, as in the kernel's `Dual BSD/GPL`.
//! - Names joined by `or`, `and/or`, a slash, or in a sentence that offers a choice are joined with `OR`.
//! - A link to the page of a license is that license right behind `under`, whatever its words are.
//! - A mention without a licensing verb, a field, or a line of its own is a clue.

mod context;
mod han;
mod items;
mod lexicon;
mod links;
mod mentions;
mod talk;
pub(super) mod tokens;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::model::DetectionKind;

use context::Context;
use lexicon::{Strength, What};
use mentions::{Later, Mention};
use tokens::{Tokens, gap};

/// What a stretch of text says of a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// The words of it.
    pub(super) words: Range<usize>,
    /// SPDX expression.
    pub(super) expression: String,
    /// How it was stated.
    pub(super) kind: DetectionKind,
    /// Whether a name without a version was taken for what it means by convention, or only an address was given.
    pub(super) loose: bool,
    /// Whether a verb or a field right beside the name says so; without, it counts in texts and comments only.
    pub(super) firm: bool,
    /// Whether it offers the license as another choice beside what was stated before it.
    pub(super) alternative: bool,
    /// Whether it only points at the license, as in "see the GNU General Public License".
    pub(super) points: bool,
    /// Why.
    pub(super) reason: &'static str,
}

/// Why a notice is one that points at a license file of the BSD style, and names no license: it means the text of that file,
/// and `BSD-3-Clause` where there is none.
pub(super) const POINTED: &str = "a sentence that points at a license file of the BSD style";

/// Names between which more words stand are statements of their own.
const APART: usize = 14;
/// So many names are the values that something may have, as in `the license must be one of: LGPL, GPL, QPL, MPL, BSD`.
const VALUES: usize = 3;
/// Another choice stands so near behind the first, in words.
const NEAR: usize = 220;
/// The first choice in other words stands so near before it, in words.
const BESIDE: usize = 60;
/// Words between names of one statement.
const JOINS: &[&str] = &[
    "a",
    "addition",
    "additionally",
    "also",
    "alternatively",
    "an",
    "and",
    "any",
    "as",
    "at",
    "available",
    "both",
    "by",
    "choice",
    "clause",
    "conditions",
    "dual",
    "either",
    "following",
    "foundation",
    "free",
    "gnu",
    "her",
    "http",
    "https",
    "his",
    "if",
    "in",
    "is",
    "it",
    "its",
    "later",
    "license",
    "licensed",
    "licenses",
    "may",
    "of",
    "one",
    "option",
    "or",
    "other",
    "oder",
    "plus",
    "public",
    "published",
    "respectively",
    "same",
    "software",
    "style",
    "terms",
    "the",
    "their",
    "then",
    "this",
    "to",
    "under",
    "version",
    "well",
    "with",
    "www",
    "you",
    "your",
    "und",
    "ou",
    "et",
    "inc",
    "general",
    "third",
    "second",
    "first",
    "prefer",
    "option",
    "s",
    "optionally",
    "wish",
    "versions",
    "used",
    "use",
    "can",
    "be",
    "distributed",
    "code",
];

/// The statements of a stretch, in order.
pub(super) fn find(tokens: &Tokens) -> Vec<Statement> {
    let mentions = mentions::find(tokens);
    let mut out: Vec<Statement> = Vec::new();
    let mut at = 0;
    while at < mentions.len() {
        let mut end = at + 1;
        while end < mentions.len() && joined(tokens, &mentions[end - 1], &mentions[end]) {
            end += 1;
        }
        if !excepts(&mentions[at..end], &mut out)
            && let Some(mut statement) = statement(tokens, &mentions[at..end])
        {
            if is_compared(tokens, &mentions, at..end) {
                (statement.kind, statement.reason) = (DetectionKind::Clue, "a row of a table that compares");
            }
            merge(statement, &mut out);
        }
        at = end;
    }
    links::add(tokens, &mut out);
    out
}

/// A row of a table has so many words at most.
const ROW: usize = 60;

/// Whether a group of mentions stands in a row of a table that names other licenses in other cells, as in `| License |
/// LGPL | MIT |`: such a table compares programs.
fn is_compared(tokens: &Tokens, mentions: &[Mention], group: Range<usize>) -> bool {
    let (first, last) = (mentions[group.start].words.start, mentions[group.end - 1].words.end);
    let bars = |words: Range<usize>| {
        words.end - words.start < ROW
            && words.clone().skip(1).all(|n| !tokens.gap(n, gap::LINE))
            && words.skip(1).any(|n| tokens.gap(n, gap::SLASH) && tokens.is_spaced(n))
    };
    let other = |n: usize| {
        let one = &mentions[n];
        expression(one).is_some()
            && mentions[group.clone()].iter().all(|m| m.what != one.what)
            && bars(one.words.start.min(first)..(one.words.start + 1).max(last))
    };
    // Of two a slash may stand between them as well, and a slash offers a choice.
    let cells = |pair: &[Mention]| {
        let next = pair[1].words.start;
        pair[0].what != pair[1].what && tokens.gap(next, gap::SLASH) && tokens.is_spaced(next)
    };
    let within = group.len() > 2 && mentions[group.clone()].windows(2).all(cells);
    if !(within || group.start > 0 && other(group.start - 1) || group.end < mentions.len() && other(group.end)) {
        return false;
    }
    let line = (first.saturating_sub(ROW)..=first).rev().find(|&n| n == 0 || tokens.gap(n, gap::LINE));
    // Bars part the banner of a minified file as well, which starts with `/*!`.
    line.is_some_and(|n| tokens.gap(n, gap::SLASH) && !tokens.gap(n, gap::SENTENCE))
}

/// A sentence that grants an exception by its name stands so near behind the notice it belongs to, in words.
const EXCEPTS: usize = 160;
/// So many statements before it are looked at for that notice.
const NEAREST: usize = 8;

/// Whether a group names an exception to the license that was stated before it, as in `under Section 7 of GPL version
/// 3, you are granted the permissions described in the GCC Runtime Library Exception`; that license then has it.
fn excepts(group: &[Mention], out: &mut [Statement]) -> bool {
    let mut exceptions = group.iter().filter_map(|m| match m.what {
        What::Exception(exception) => Some(exception),
        _ => None,
    });
    let Some(exception) = exceptions.next() else { return false };
    let Some(start) = group.first().map(|m| m.words.start) else { return false };
    let host = out.iter_mut().rev().take(NEAREST).find(|s| s.kind != DetectionKind::Clue && !s.points);
    let Some(host) = host.filter(|s| s.kind == DetectionKind::Notice && s.words.end + EXCEPTS > start) else {
        return false;
    };
    // The license that the sentence names is the one before it, and no company's.
    let again = |m: &Mention| match m.what {
        What::Exception(_) => true,
        _ if matches!(m.strength, Strength::Faint) => true,
        _ => expression(m).is_some_and(|(name, loose)| {
            ids(&host.expression).any(|id| {
                let number = |id: &str| id.trim_end_matches("-only").trim_end_matches("-or-later").to_owned();
                number(id) == number(&name) || loose && family_of(id) == family_of(&name)
            })
        }),
    };
    if !group.iter().all(again) {
        return false;
    }
    if host.expression.contains(exception) {
        return true;
    }
    let Some(expression) = with_exception(&host.expression, exception) else { return false };
    host.expression = expression;
    true
}

/// The expression with an exception behind those of its licenses that it is written for.
fn with_exception(expression: &str, exception: &str) -> Option<String> {
    let words: Vec<&str> = expression.split(' ').collect();
    let families: &[&str] = match exception {
        _ if exception.contains("LGPL") || exception.starts_with("WxWindows") => &["LGPL-"],
        "LLVM-exception" | "Swift-exception" => &["Apache-2.0"],
        _ => &["GPL-", "LGPL-", "AGPL-"],
    };
    let bare = |at: usize, family: &str| {
        words[at].trim_start_matches('(').starts_with(family) && words.get(at + 1) != Some(&"WITH")
    };
    let family = families.iter().find(|family| (0..words.len()).any(|at| bare(at, family)))?;
    let with = |at: usize| match words[at].strip_suffix(')') {
        _ if !bare(at, family) => words[at].to_owned(),
        Some(id) => format!("{id} WITH {exception})"),
        None => format!("{} WITH {exception}", words[at]),
    };
    Some((0..words.len()).map(with).collect::<Vec<_>>().join(" "))
}

/// The license whose page an address is.
pub(super) fn of_address(address: &str) -> Option<String> {
    let tokens = Tokens::of(address, 0..address.len());
    let mention = mentions::find(&tokens).into_iter().find(|m| m.strength == Strength::Address)?;
    expression(&mention).map(|(expression, _)| expression).filter(|e| !e.starts_with("LicenseRef-"))
}

/// Whether two mentions belong to one statement.
fn joined(tokens: &Tokens, one: &Mention, next: &Mention) -> bool {
    let between = one.words.end.min(next.words.start)..next.words.start;
    if next.strength == Strength::Statement || one.strength == Strength::Statement {
        return false;
    }
    // Versions of one name: `2 or 3`.
    if next.words.start < one.words.end {
        return true;
    }
    // `@license http://www.gnu.org/licenses/lgpl-2.1.txt LGPL`: the rest of the address, and its name.
    let named = one.strength == Strength::Address && next.strength != Strength::Address && same_license(one, next);
    let rest = || between.clone().all(|n| !tokens.is_spaced(n) && !tokens.breaks_sentence(n));
    if named
        && next.version.is_none()
        && rest()
        && !tokens.breaks_sentence(between.end)
        && !tokens.gap(between.end, gap::LINE)
    {
        return true;
    }
    let with = matches!(next.what, What::Exception(_));
    if with && between.len() <= 40 && (between.start + 1..=between.end).all(|n| !tokens.gap(n, gap::PARAGRAPH)) {
        return true;
    }
    if between.len() > APART
        || between.is_empty()
            && !tokens.gap(next.words.start, gap::SLASH | gap::COMMA | gap::PLUS | gap::OTHER | gap::OPEN)
    {
        return false;
    }
    let breaks = (between.start..=between.end).any(|n| tokens.gap(n, gap::PARAGRAPH | gap::SENTENCE));
    let said = between.clone().any(|n| {
        matches!(tokens.word(n), "or" | "and" | "alternatively" | "oder" | "und" | "ou" | "et" | "plus" | "either")
    });
    // `<LICENSE-APACHE or https://...>`, but an address on its own stands for itself.
    let in_address = between.clone().any(|n| matches!(tokens.word(n), "http" | "https" | "www"));
    let operator = said
        || tokens.gap(next.words.start, gap::SLASH)
        || tokens.gap(one.words.end, gap::SLASH | gap::COMMA)
        // `MIT (see ...)`, `Apache 2.0 <address>`: the same once more.
        || same_license(one, next);
    // `url='x-python', license='MIT'`.
    let field = |n: usize| tokens.word(n) == "license" && mentions::is_next_field(tokens, n);
    let mut between = between;
    !breaks && operator && (said || !in_address) && between.all(|n| JOINS.contains(&tokens.word(n)) && !field(n))
}

fn same_license(one: &Mention, next: &Mention) -> bool {
    one.what == next.what
}

/// The statement that a group of mentions makes.
fn statement(tokens: &Tokens, group: &[Mention]) -> Option<Statement> {
    let group = &shared_versions(tokens, group);
    let first = group.first()?;
    let words = group.iter().map(|m| m.words.start).min()?..group.iter().map(|m| m.words.end).max()?;
    if is_tag(tokens, first) {
        return None;
    }
    // `MIT/GPLv2 License`: the last name is called a license, and so are all.
    let head = Mention { called: first.called || is_called(group), ..first.clone() };
    let mut found = context::judge(tokens, &head, words.clone());
    // The address in front of a name is judged by the words before it, and so may the name be.
    if found == Context::None
        && first.strength == Strength::Address
        && let Some(named) = group.get(1).filter(|m| m.strength != Strength::Address && same_license(first, m))
    {
        found = context::judge(tokens, named, named.words.start..words.end);
    }
    // `Apache and MIT licensed`: what stands behind the last name speaks for all.
    if found == Context::None
        && let Some(last) = group.last()
        && group.len() > 1
        && last.strength != Strength::Address
        && tokens.word(words.end) == "licensed"
    {
        found = Context::Verb;
    }
    if found == Context::None
        && group.iter().all(|m| matches!(m.strength, Strength::Faint | Strength::Weak) && !m.called)
    {
        return None;
    }
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut loose = true;
    for (n, mention) in group.iter().enumerate() {
        let Some((mut expression, is_loose)) = expression(mention) else { continue };
        loose &= is_loose || mention.strength == Strength::Address;
        if let Some(version) = expression.strip_prefix("GFDL-")
            && let Some(sections) = invariants(tokens, mention.words.end)
        {
            let (number, later) = version.split_at(3.min(version.len()));
            expression = format!("GFDL-{number}{sections}{later}");
        }
        if expression == "LPPL-1.3a" && is_newer_lppl(tokens, mention) {
            expression.replace_range(.., "LPPL-1.3c");
        }
        if let What::Exception(exception) = mention.what {
            if let Some((last, _)) = parts.last_mut()
                && !last.contains(" WITH ")
            {
                // Both GCC and Swift have a `Runtime Library Exception`.
                let gcc = exception == "Swift-exception" && family_of(last).ends_with("GPL-");
                let exception = if gcc { "GCC-exception-3.1" } else { exception };
                *last = format!("{last} WITH {exception}");
            }
            continue;
        }
        let or = n > 0 && is_choice(tokens, &group[n - 1], mention);
        let bare_of = |known: &str| is_loose && family_of(known) == family_of(&expression);
        // The address of a license says nothing of later versions, nor the words of a link of the country that its address
        // names.
        let again = |known: &str| mention.strength == Strength::Address && family_of(known) == family_of(&expression);
        let ported = |known: &str| {
            expression.starts_with("CC-")
                && known.strip_prefix(&*expression).is_some_and(|rest| rest.starts_with('-'))
        };
        if parts.iter().any(|(known, _)| *known == expression || bare_of(known) || again(known) || ported(known)) {
            continue;
        }
        if let Some((last, _)) = parts.last_mut()
            && is_bare(last)
            && family_of(last) == family_of(&expression)
        {
            *last = expression;
            continue;
        }
        parts.push((expression, or));
    }
    if parts.is_empty() {
        return None;
    }
    let one_of = || {
        let three = words.start.checked_sub(3).map(|at| [tokens.word(at), tokens.word(at + 1), tokens.word(at + 2)]);
        three.is_some_and(|before| before == ["be", "one", "of"])
    };
    if parts.len() >= VALUES && one_of() {
        found = Context::None;
    }
    let offers = offers_choice(tokens, &words) || found == Context::Verb && is_choice_of_all(tokens, &parts, &words);
    let expression = join(&parts, offers);
    let (kind, reason) = match found {
        Context::None => (DetectionKind::Clue, "names the license, but grants nothing"),
        Context::Copy => (DetectionKind::Reference, "points at the license"),
        Context::Title => (DetectionKind::Reference, "a line that names the license"),
        Context::Field => (DetectionKind::Reference, "a license field"),
        Context::Verb if first.strength == Strength::Statement && expression == "BSD-3-Clause" => {
            (DetectionKind::Notice, POINTED)
        }
        Context::Near | Context::Verb => (DetectionKind::Notice, "a sentence that states the license"),
    };
    let item = || items::item(tokens, first.words.start) == Some(items::Item::Choice);
    let alternative = found == Context::Verb && (is_alternative(tokens, words.start) || item());
    let firm = matches!(found, Context::Verb | Context::Field);
    Some(Statement { words, expression, kind, loose, firm, alternative, points: found == Context::Copy, reason })
}

/// Whether the last of several names is called a license, for all of them.
fn is_called(group: &[Mention]) -> bool {
    group.len() > 1 && group.last().is_some_and(|last| last.called && last.strength == Strength::Strong)
}

/// The mentions with the version of the last of two GNU licenses given to both, as in `GPL or LGPL version 2`.
fn shared_versions(tokens: &Tokens, group: &[Mention]) -> Vec<Mention> {
    let mut out = group.to_vec();
    for n in 1..out.len() {
        let (What::Family(one), What::Family(next)) = (out[n - 1].what, out[n].what) else { continue };
        let (from, to) = (out[n - 1].words.end, out[n].words.start);
        let side_by_side = match to.checked_sub(from) {
            Some(0) => tokens.gap(to, gap::SLASH),
            Some(1) => matches!(tokens.word(from), "or" | "and"),
            _ => false,
        };
        let gnu = lexicon::family(one).gnu && lexicon::family(next).gnu && one != next;
        let named = out[n - 1].strength != Strength::Address && out[n].strength != Strength::Address;
        if !(side_by_side && gnu && named && out[n - 1].version.is_none()) {
            continue;
        }
        let number = lexicon::family(next).versions.iter().find(|(_, id)| Some(*id) == out[n].version);
        let Some((_, id)) = number.and_then(|(number, _)| lexicon::family(one).version(number)) else { continue };
        (out[n - 1].version, out[n - 1].later) = (Some(id), out[n].later);
    }
    out
}

/// Whether a mention is the value of an SPDX tag, which others read.
fn is_tag(tokens: &Tokens, first: &Mention) -> bool {
    let from = first.words.start.saturating_sub(6);
    (from..first.words.start).rev().take_while(|&n| !tokens.gap(n + 1, gap::LINE)).any(|n| tokens.word(n) == "spdx")
}

/// What a notice of the GNU Free Documentation License says of invariant sections, which the list has identifiers for.
fn invariants(tokens: &Tokens, from: usize) -> Option<&'static str> {
    let until = (from + 40).min(tokens.len());
    let at = (from..until).find(|&n| tokens.word(n) == "invariant")?;
    let before = |word: &str| (at.saturating_sub(3)..at).any(|n| tokens.word(n) == word);
    if before("no") || before("without") { Some("-no-invariants") } else { before("with").then_some("-invariants") }
}

/// Whether `version 1.3` of the LPPL is the last one of that number: a notice says since which version of LaTeX that
/// license is a part of it, which is `2003/12/01` for the first and `2005/12/01` for the last.
fn is_newer_lppl(tokens: &Tokens, mention: &Mention) -> bool {
    let numbered = |at: usize| tokens.word(at).trim_start_matches('v') == "1.3";
    let from = mention.words.end;
    mention.words.clone().any(numbered)
        && (from..tokens.len().min(from + 60)).any(|at| {
            at > 0 && tokens.word(at - 1) == "version" && matches!(tokens.word(at), "2005" | "2008" | "2006")
        })
}

/// The expression of one mention, and whether its version is a convention.
fn expression(mention: &Mention) -> Option<(String, bool)> {
    match mention.what {
        What::Fixed(expression) => Some((expression.to_owned(), expression.starts_with("LicenseRef-"))),
        What::Exception(exception) => Some((exception.to_owned(), false)),
        What::Nothing => None,
        What::Family(number) => {
            let family = lexicon::family(number);
            match mention.version {
                None if family.bare.is_empty() => None,
                None => Some((family.bare.to_owned(), true)),
                Some(id) if family.gnu => {
                    Some((format!("{id}-{}", if mention.later == Later::Newer { "or-later" } else { "only" }), false))
                }
                Some(id) => Some((id.to_owned(), false)),
            }
        }
    }
}

/// Whether an expression is what a family means without a version.
pub(super) fn is_bare(expression: &str) -> bool {
    matches!(
        expression,
        "GPL-1.0-or-later"
            | "LGPL-2.0-or-later"
            | "GFDL-1.1-or-later"
            | "LicenseRef-BSD"
            | "MPL-1.0"
            | "Artistic-1.0-Perl"
    )
}

/// The identifiers of an expression.
pub(super) fn ids(expression: &str) -> impl Iterator<Item = &str> {
    expression.split([' ', '(', ')']).filter(|word| !matches!(*word, "" | "AND" | "OR" | "WITH"))
}

/// The part of an id before its version; `BSD` for all of that name.
pub(super) fn family_of(expression: &str) -> &str {
    if expression.starts_with("BSD-") || matches!(expression, "LicenseRef-BSD" | "Linux-OpenIB") {
        return "BSD";
    }
    expression.find(|c: char| c.is_ascii_digit()).map_or(expression, |at| &expression[..at])
}

/// Whether the words between two mentions offer a choice.
fn is_choice(tokens: &Tokens, one: &Mention, next: &Mention) -> bool {
    if next.words.start < one.words.end
        || tokens.gap(next.words.start, gap::SLASH)
        || tokens.gap(one.words.end, gap::SLASH)
    {
        return true;
    }
    (one.words.end..next.words.start)
        .any(|n| matches!(tokens.word(n), "or" | "alternatively" | "either" | "oder" | "ou"))
}

/// Whether a stretch of text says that licenses named below it are a choice.
pub(super) fn is_offer(text: &str, range: Range<usize>) -> bool {
    let tokens = Tokens::of(text, range);
    let license = |word: &str| matches!(word, "license" | "licensed" | "licenses" | "licensing");
    (0..tokens.len()).any(|at| {
        let word = |ahead: usize| tokens.word(at + ahead);
        match word(0) {
            "choice" => {
                word(1) == "of" && (2..5).any(|n| matches!(word(n), "one" | "two" | "either") || license(word(n)))
            }
            "either" => license(word(1)) && at > 0 && tokens.word(at - 1) == "under",
            "dual" | "double" => (1..6).any(|n| license(word(n))),
            "duallicensed" | "dualicensed" => true,
            _ => false,
        }
    })
}

/// Whether a stretch of text says that licenses named above it are a choice, as in `You may select, at your option, one of
/// the above-listed licenses`.
pub(super) fn is_offer_of_above(text: &str, range: Range<usize>) -> bool {
    let tokens = Tokens::of(text, range);
    (0..tokens.len()).any(|at| {
        let word = |ahead: usize| tokens.word(at + ahead);
        let above = [word(0), word(1), word(2), word(3)] == ["one", "of", "the", "above"];
        above && (4..7).any(|n| matches!(word(n), "license" | "licenses"))
    })
}

/// What a field with this value states, where that is one statement.
pub(super) fn of_field(value: &str) -> Option<String> {
    let text = format!("License: {value}\n");
    let tokens = Tokens::of(&text, 0..text.len());
    let mut stated = find(&tokens).into_iter().filter(|s| s.kind != DetectionKind::Clue);
    let one = stated.next()?;
    stated.next().is_none().then_some(one.expression)
}

/// Whether something as a whole is under a GNU license and a permissive one, as in `released under the MIT, BSD, and GPL
/// Licenses`: who has to keep the GNU license gains nothing by the other, so that one may be chosen. What contains code
/// under both is under both.
fn is_choice_of_all(tokens: &Tokens, parts: &[(String, bool)], words: &Range<usize>) -> bool {
    let gnu = |id: &str| family_of(id).ends_with("GPL-");
    let permissive = |id: &str| matches!(id, "MIT" | "ISC" | "Apache-2.0") || family_of(id) == "BSD";
    let both = parts.iter().any(|(id, _)| gnu(id)) && parts.iter().any(|(id, _)| permissive(id));
    if !both || !parts.iter().all(|(id, _)| gnu(id) || permissive(id)) {
        return false;
    }
    let plural = |n: usize| tokens.word(n) == "licenses";
    if !(plural(words.end - 1) || plural(words.end) && !tokens.breaks_sentence(words.end)) {
        return false;
    }
    let mut from = words.start;
    while from > 0 && words.start - from < 8 && !tokens.breaks_sentence(from) {
        from -= 1;
    }
    let said = |words: &[&str], at: Range<usize>| at.into_iter().any(|n| words.contains(&tokens.word(n)));
    said(&["released", "licensed", "distributed", "available"], words.start.saturating_sub(4)..words.start)
        && !said(
            &[
                "contains",
                "contain",
                "containing",
                "code",
                "parts",
                "portions",
                "some",
                "includes",
                "including",
                "files",
            ],
            from..words.start,
        )
}

/// Whether the sentence says that one license of several may be chosen.
fn offers_choice(tokens: &Tokens, words: &Range<usize>) -> bool {
    let mut from = words.start;
    while from > 0 && words.start - from < 20 && !tokens.breaks_sentence(from) {
        from -= 1;
    }
    let until = (words.end + 6).min(tokens.len());
    (from..until).any(|n| {
        matches!(
            tokens.word(n),
            "dual" | "dualicensed" | "duallicensed" | "triple" | "tri" | "either" | "choice" | "multi" | "choose"
        ) || tokens.word(n) == "option" && n > words.end
            || tokens.word(n) == "double" && tokens.word(n + 1).starts_with("licens")
    })
}

/// Joins licenses; the flag tells whether one is an alternative to the one before.
fn join(parts: &[(String, bool)], offers: bool) -> String {
    let any_or = parts.iter().any(|(_, or)| *or);
    let any_and = parts.iter().skip(1).any(|(_, or)| !*or);
    if parts.len() < 2 {
        return parts.first().map_or(String::new(), |(one, _)| one.clone());
    }
    // Commas stand for the operator that the list ends with.
    let last_or = parts.last().is_some_and(|(_, or)| *or);
    let wrapped =
        |one: &String| if one.contains(' ') && !one.contains(" WITH ") { format!("({one})") } else { one.clone() };
    let list = parts.iter().map(|(one, _)| wrapped(one)).collect::<Vec<_>>();
    if offers || last_or || (any_or && !any_and) { list.join(" OR ") } else { list.join(" AND ") }
}

/// Whether the sentence that holds word `at` offers another choice: `Alternatively, ...`, `may also be used under ...`.
fn is_alternative(tokens: &Tokens, at: usize) -> bool {
    let mut from = at;
    while from > 0 && at - from < 40 && !tokens.breaks_sentence(from) {
        from -= 1;
    }
    let also = |n: usize| {
        tokens.word(n) == "also"
            && matches!(tokens.word(n + 1), "be" | "distribute" | "redistribute" | "use" | "choose" | "license")
            && n > 0
            && matches!(tokens.word(n - 1), "may" | "can")
            // `may also be linked to the OpenH323 library` is an exception.
            && tokens.word(n + 2) != "linked"
    };
    // A heading may stand before it: `GNU General Public License Usage`, and below it `Alternatively, ...`.
    (from..at).take(4).any(|n| tokens.word(n) == "alternatively")
        || (from..at).any(|n| tokens.word(n) == "alternatively" && tokens.gap(n, gap::LINE))
        || (from..at).take(12).any(also)
}

/// The page of a license stands so near behind its name in a list, in words.
const PAGE: usize = 20;

/// Whether a statement is nothing but the page of the license that was stated right before it, as in a list whose items
/// end with an address.
fn repeats_before(out: &[Statement], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &out[before]) else { return false };
    let known = |id: &str| ids(&before.expression).any(|one| family_of(one) == family_of(id));
    before.kind != DetectionKind::Clue
        && out[at].loose
        && !out[at].expression.contains(' ')
        && before.words.end + PAGE > out[at].words.start
        && ids(&out[at].expression).all(known)
}

/// Adds a statement; an alternative is the other choice of the statement before it.
fn merge(statement: Statement, out: &mut Vec<Statement>) {
    // Statements stand in order, and each has a word of its own: only so many may be near.
    let from = out.len().saturating_sub(NEAR);
    let near = out[from..]
        .iter()
        .rposition(|s| s.kind != DetectionKind::Clue && !s.points)
        .map(|at| from + at)
        .filter(|&at| statement.alternative && statement.words.start < out[at].words.end + NEAR);
    let Some(mut at) = near else {
        out.push(statement);
        return;
    };
    if repeats_before(out, at) {
        let page = out.remove(at);
        at -= 1;
        let named = &mut out[at];
        let is_of_page = |id: &str| family_of(id) == family_of(&page.expression) && (named.loose || is_bare(id));
        let versioned = |id| if is_of_page(id) { page.expression.as_str() } else { id };
        named.expression = named.expression.split(' ').map(versioned).collect::<Vec<_>>().join(" ");
    }
    let former = out[at].expression.clone();
    // Said before, as in a sentence that repeats both choices.
    let known =
        |id: &str| id == statement.expression || statement.loose && family_of(id) == family_of(&statement.expression);
    let joined = if former.split([' ', '(', ')']).any(known) {
        former.clone()
    } else {
        format!("{former} OR {}", statement.expression)
    };
    // The first choice may stand there in other words too, such as its address: all of them are one statement.
    let same = |s: &Statement| s.kind != DetectionKind::Clue && s.expression == former;
    let beside = |s: &Statement| same(s) && s.words.end + BESIDE > out[at].words.start;
    let from = at.saturating_sub(NEAR);
    let first = out[from..at].iter().position(beside).map_or(at, |first| from + first);
    out[first].expression = joined;
    out[first].words.end = statement.words.end;
    let behind = out.split_off(first + 1);
    let kept = behind.into_iter().enumerate().filter(|(n, s)| first + 1 + n > at || !same(s));
    out.extend(kept.map(|(_, s)| s));
}
