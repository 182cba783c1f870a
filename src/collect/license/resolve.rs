//! Decides which of a file's license texts and statements stand.
//!
//! - A statement inside a text belongs to the text; so does its title.
//! - A text that is part of a longer one, which is named beside it, is that; so is the name of the part beside it.
//! - A standard notice counts where no statement was read in it.
//! - A name without a version says nothing beside the same name with one, an address nothing beside what it spells out.
//! - "See the GNU General Public License for details" says nothing beside a license that was stated.
//! - Of two versions of a text that hardly differ its title tells which one it is.
//! - Two notices below a sentence that offers a choice of their licenses are that choice.
//! - A GNU text is `-only`; beside a notice that says `or later` it is that.
//! - The texts below an offer of the terms of Perl are the two licenses that it names.
//! - A list of changes states nothing but of `this` file or program.
//! - An exception belongs to the license stated beside it.
//! - `Alternatively, ... under the GPL` behind or inside a text is the other choice of that text.
//! - In program sources, names in code and strings count only right behind a verb or a field.
//! - Many names with little text are a list of licenses, not statements about the file.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::analysis::Stretch;
use super::exceptions;
use super::index::{Index, Text};
use super::is_markdown;
use super::layout::{Kind, for_grams};
use super::names::is_license_file;
use super::statements::{Statement, family_of, ids, is_bare, is_offer, is_offer_of_above};
use super::texts::{Piece, UNIDENTIFIED};
use crate::collect::SourceFile;
use crate::collect::syntax::{Context, Syntax};
use crate::model::{Detection, DetectionKind};

/// So many different licenses in statements, with so few bytes to each, are a list.
const LIST: usize = 8;
const LIST_BYTES: usize = 90;
/// So many different licenses in the translations of a program are names that it shows.
const SHOWN: usize = 4;
/// A title stands so near before its text, in bytes.
const TITLE: usize = 250;
/// So much of a text may lie between two of its parts, in bytes.
const GAP: usize = 16_000;
/// The appendix of a GNU text ends so far behind it, in bytes.
const APPENDIX: usize = 4_000;
/// What reads like a license and holds a statement is a notice up to this length, in bytes.
const NOTICE: usize = 2_500;
/// A second look at the same license stands so near behind the notice, in bytes.
const AGAIN: usize = 800;
/// A license stands so near before a choice that repeats it, in bytes.
const CHOICE: usize = 100;
/// The license of a field or a badge stands so near before a choice that repeats it, in bytes.
const BADGED: usize = 2_500;
/// Another choice stands so near behind the text that it is offered beside, in bytes.
const NEAR: usize = 1_500;

/// A statement and where it stands.
pub(super) struct Stated {
    /// Its bytes.
    pub(super) bytes: Range<usize>,
    /// What it says.
    pub(super) statement: Statement,
}

/// The detections of a file.
pub(super) fn resolve(file: &SourceFile<'_>, mut pieces: Vec<Piece>, mut stated: Vec<Stated>) -> Vec<Detection> {
    in_code(file, &mut stated);
    in_headings(file, &mut stated);
    in_history(file, &mut stated);
    versions_of_titles(&mut pieces, &stated);
    let wholes = wholes(&pieces);
    pieces.retain(|p| !wholes.iter().any(|(id, whole)| p.detection.expression != *id && is_within(&p.bytes, whole)));
    stated.retain(|s| {
        !neighbours(&pieces, &s.bytes).iter().any(|p| owns(p, s))
            && !wholes.iter().any(|(_, whole)| is_within(&s.bytes, whole))
    });
    stated.retain(|s| !neighbours(&pieces, &s.bytes).iter().any(|p| is_appendix(p, s)));
    pieces.retain(|p| {
        p.kind != Kind::Header
            || !stated.iter().any(|s| s.statement.kind != DetectionKind::Clue && overlap(&p.bytes, &s.bytes))
    });
    titled(&mut pieces, &mut stated);
    // A license file that holds a notice and no text is no license of its own.
    pieces.retain(|p| {
        p.detection.expression != UNIDENTIFIED
            || p.bytes.len() > NOTICE
            || !stated.iter().any(|s| s.statement.firm && overlap(&p.bytes, &s.bytes))
    });
    alternatives(file.text(), &mut pieces, &mut stated);
    stated.retain(|s| {
        let loose = s.statement.loose || s.statement.points || s.statement.kind == DetectionKind::Reference;
        !neighbours(&pieces, &s.bytes)
            .iter()
            .any(|p| is_title(p, s) && (loose || p.detection.expression == s.statement.expression))
    });
    composites(&mut pieces, &mut stated);
    lists(file, &mut stated);
    addressed(&mut stated);
    dedicated(&mut stated);
    drop_loose(&pieces, &mut stated);
    drop_older(file.text(), &mut stated);
    drop_unported(&mut stated);
    drop_unmodified(&mut stated);
    drop_choices(&mut stated);
    spell_out(&pieces, &mut stated);
    exceptions::join(&mut pieces, &mut stated);
    later_texts(&mut pieces, &stated);
    texts_of_perl(&mut pieces, &stated);
    texts_of_choices(file, &mut pieces, &mut stated);

    let mut out: Vec<(Range<usize>, Detection)> = pieces.into_iter().map(|p| (p.bytes, p.detection)).collect();
    out.extend(stated.into_iter().map(|s| (s.bytes.clone(), detection(file, s))));
    out.sort_by_key(|(bytes, _)| bytes.start);
    offered(file.text(), &mut out);
    if !is_license_file(file.name, file.path) {
        spelled(&mut out);
    }
    out.into_iter().map(|(_, detection)| detection).collect()
}

/// A sentence that offers a choice stands so near before the first license of it, in bytes.
const OFFER: usize = 400;
/// The other license stands so near behind the first, in bytes.
const OFFERED: usize = 2_500;

/// Joins the two licenses of a file below a sentence that offers a choice of them, as in `under a choice of one of two
/// licenses` and `you may do so under either license`.
fn offered(text: &str, out: &mut Vec<(Range<usize>, Detection)>) {
    let Some(first) = out.iter().position(|(_, d)| counts(d)) else { return };
    let one = out[first].1.expression.clone();
    let mut others = out[first + 1..].iter().filter(|(_, d)| counts(d) && d.expression != one);
    let Some((bytes, other)) = others.next().map(|(bytes, d)| (bytes.clone(), d.expression.clone())) else { return };
    let plain = |name: &str| !name.contains(" OR ") && !name.contains(" AND ") && name != UNIDENTIFIED;
    let near = bytes.start < out[first].0.end + OFFERED;
    if !(plain(&one) && plain(&other) && near && others.all(|(_, d)| d.expression == other)) {
        return;
    }
    let from = text.floor_char_boundary(out[first].0.start.saturating_sub(OFFER));
    let until = text.floor_char_boundary(out[first].0.end.min(out[first].0.start + OFFER));
    let behind = bytes.end.min(text.len())..text.floor_char_boundary((bytes.end + OFFER).min(text.len()));
    if from < until && is_offer(text, from..until) || is_offer_of_above(text, behind) {
        let detection = &mut out[first].1;
        detection.expression = format!("{one} OR {other}");
        detection.reason = format!("{}; a sentence offers {other} as well", detection.reason);
        drop_behind(out, first, |d| d.expression == one || d.expression == other);
    }
}

/// Drops what only spells out a choice of two licenses at the head of a file, as the two notices below `This file is
/// provided under a dual BSD/GPLv2 license`; the choice has the licenses that they name.
fn spelled(out: &mut Vec<(Range<usize>, Detection)>) {
    let Some(first) = out.iter().position(|(_, d)| counts(d)) else { return };
    let choice: Vec<String> = out[first].1.expression.split(" OR ").map(str::to_owned).collect();
    let others: Vec<&str> =
        out[first + 1..].iter().filter(|(_, d)| counts(d)).map(|(_, d)| d.expression.as_str()).collect();
    let same = |one: &str, other: &str| one == other || is_bare(one) && family_of(one) == family_of(other);
    let plain = |name: &str| !name.contains(' ');
    let both =
        choice.len() == 2 && choice.iter().all(|one| plain(one) && others.iter().any(|other| same(one, other)));
    let near =
        out.iter().rposition(|(_, d)| counts(d)).is_some_and(|last| out[last].0.start < out[first].0.end + OFFERED);
    if !(both && near && others.iter().all(|other| plain(other) && choice.iter().any(|one| same(one, other)))) {
        return;
    }
    let precise =
        |one: &String| others.iter().find(|other| same(one, other)).map_or(one.clone(), |other| (*other).to_owned());
    out[first].1.expression = choice.iter().map(precise).collect::<Vec<_>>().join(" OR ");
    drop_behind(out, first, |_| true);
}

/// Whether a detection states a license of the file.
fn counts(detection: &Detection) -> bool {
    detection.kind != DetectionKind::Clue && detection.invalid.is_none()
}

/// Drops the detections behind place `first` that count and that `said` tells to be said there.
fn drop_behind(out: &mut Vec<(Range<usize>, Detection)>, first: usize, said: impl Fn(&Detection) -> bool) {
    let mut at = 0;
    out.retain(|(_, d)| {
        at += 1;
        at <= first + 1 || !counts(d) || !said(d)
    });
}

fn detection(file: &SourceFile<'_>, stated: Stated) -> Detection {
    Detection {
        expression: stated.statement.expression,
        kind: stated.statement.kind,
        place: file.place(stated.bytes),
        score: 1.0,
        reason: stated.statement.reason.to_owned(),
        invalid: None,
        snippet: false,
        text: None,
    }
}

/// A title stands so far into the text that it names, in bytes.
const TITLED: usize = 400;
/// Names that say too little to be the title of a text.
const UNTELLING: &[&str] = &["LicenseRef-BSD", PUBLIC_DOMAIN];
/// What a statement says that names no dedication.
const PUBLIC_DOMAIN: &str = "LicenseRef-public-domain";
/// The share of a text that its title proves.
const TITLE_SCORE: f32 = 0.5;

/// Gives what reads like a license and is none of the list the name of its title: licenses of models are known by
/// their names alone. What is said in such a text is a part of it.
fn titled(pieces: &mut [Piece], stated: &mut Vec<Stated>) {
    // The texts, and where their titles may stand; both ascend as the pieces do.
    let mut texts: Vec<(Range<usize>, String)> = Vec::new();
    for piece in pieces.iter_mut().filter(|p| p.detection.expression == UNIDENTIFIED) {
        let bytes = piece.bytes.clone();
        let from = stated.partition_point(|s| s.bytes.start + TITLE < bytes.start);
        let near = stated[from..].iter().take_while(|s| s.bytes.start < bytes.start + TITLED);
        let name = near
            .map(|s| s.statement.expression.as_str())
            .find(|name| name.starts_with("LicenseRef-") && !name.contains(' ') && !UNTELLING.contains(name));
        let Some(name) = name.map(str::to_owned) else { continue };
        piece.detection.reason =
            format!("a text under the title of {name}, which the list does not have: not compared");
        piece.detection.expression.clone_from(&name);
        piece.detection.score = TITLE_SCORE;
        piece.detection.text = None;
        texts.push((bytes, name));
    }
    stated.retain(|s| {
        let next = texts.partition_point(|(text, _)| text.end < s.bytes.end);
        !texts.get(next).is_some_and(|(text, name)| {
            let before = s.bytes.start + TITLE >= text.start && s.statement.expression == *name;
            text.start <= s.bytes.start || before
        })
    });
}

/// So many texts before and behind a statement are looked at for what it belongs to.
const NEIGHBOURS: usize = 8;

/// The texts around a stretch; `pieces` ascend and hardly overlap.
fn neighbours<'p>(pieces: &'p [Piece], bytes: &Range<usize>) -> &'p [Piece] {
    let behind = pieces.partition_point(|p| p.bytes.start < bytes.end);
    &pieces[behind.saturating_sub(NEIGHBOURS)..pieces.len().min(behind + NEIGHBOURS)]
}

fn is_within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Texts that were found in several parts: the license, and the bytes from the first part to the last. What stands
/// between the parts is the text too, in words that the list does not have.
fn wholes(pieces: &[Piece]) -> Vec<(String, Range<usize>)> {
    let mut out: Vec<(String, Range<usize>, f32)> = Vec::new();
    let part =
        |p: &&Piece| p.kind == Kind::License && p.detection.score < 0.85 && p.detection.expression != UNIDENTIFIED;
    for piece in pieces.iter().filter(part) {
        let id = &piece.detection.expression;
        match out.iter_mut().find(|(known, whole, score)| {
            known == id && *score + piece.detection.score < 1.1 && piece.bytes.start < whole.end + GAP
        }) {
            Some((_, whole, score)) => {
                whole.end = whole.end.max(piece.bytes.end);
                *score += piece.detection.score;
            }
            None => out.push((id.clone(), piece.bytes.clone(), piece.detection.score)),
        }
    }
    out.into_iter().map(|(id, whole, _)| (id, whole)).collect()
}

/// Whether a statement stands in the appendix of a GNU text, which shows how to apply it.
fn is_appendix(piece: &Piece, stated: &Stated) -> bool {
    let text = &piece.detection.expression;
    let gnu = piece.kind == Kind::License && (text.contains("GPL-") || text.starts_with("GFDL-"));
    let behind = stated.bytes.start >= piece.bytes.end && stated.bytes.start - piece.bytes.end < APPENDIX;
    let same = ids(&stated.statement.expression)
        .all(|id| family_of(id).ends_with("GPL-") || family_of(id) == family_of(text));
    gnu && behind && same
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether a statement is a part of the text.
fn owns(piece: &Piece, stated: &Stated) -> bool {
    let whole = matches!(piece.kind, Kind::License | Kind::Exception) && piece.detection.expression != UNIDENTIFIED;
    let other = stated.statement.alternative
        && piece.kind == Kind::License
        && !piece.detection.expression.contains("GPL")
        && ids(&stated.statement.expression).all(|id| family_of(id) != family_of(&piece.detection.expression));
    // The notice that the exception belongs to may reach into its text, as up to its title or to a sentence in it that
    // names the license again.
    let (expression, name) = (&stated.statement.expression, &piece.detection.expression);
    let host = piece.kind == Kind::Exception
        && stated.bytes.start < piece.bytes.start
        && (exceptions::with_version(expression, name).is_some()
            || exceptions::with_exception(expression, name).is_some());
    whole && !other && !host && stated.bytes.start < piece.bytes.end && piece.bytes.start < stated.bytes.end
}

/// Whether a statement is the title of the text behind it, or names it right behind its end.
fn is_title(piece: &Piece, stated: &Stated) -> bool {
    let before = stated.bytes.end <= piece.bytes.start && piece.bytes.start - stated.bytes.end < TITLE;
    let title = matches!(piece.kind, Kind::License) && piece.detection.expression != UNIDENTIFIED && before;
    let (name, text) = (&stated.statement.expression, &piece.detection.expression);
    let shorter = text.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('-'));
    title && (family_of(name) == family_of(text) || shorter)
}

/// Words beside a statement that are looked at as well.
const AROUND: usize = 4;
/// So many runs of words are needed to tell whose wording it is.
const WORDING: usize = 5;

/// Drops statements about other licenses that are worded as one of the `texts` of the file is: they belong to it, even
/// where they stand in a part of it that the comparison left out. `all` has the words of each region and how many
/// statements there are up to its end.
pub(super) fn drop_own_wording(
    index: &Index,
    texts: &[u16],
    all: &[(usize, usize, Arc<Stretch>)],
    stated: &mut Vec<Stated>,
) {
    let texts: Vec<Text> = texts.iter().map(|n| index.text(*n)).filter(|t| t.kind == Kind::License).collect();
    if texts.is_empty() {
        return;
    }
    let mut at = 0;
    stated.retain(|one| {
        let region = all.partition_point(|(end, ..)| *end <= at);
        at += 1;
        let Some((_, base, stretch)) = all.get(region) else { return true };
        let (words, start, end) = (&stretch.words, one.bytes.start - base, one.bytes.end - base);
        let first = words.spans.partition_point(|s| (s.end as usize) <= start);
        let last = words.spans.partition_point(|s| (s.start as usize) < end);
        // What the comparison left out, such as the offer of another license, is nobody's wording.
        if first >= last {
            return true;
        }
        let around = &words.numbers[first.saturating_sub(AROUND)..(last + AROUND).min(words.numbers.len())];
        let mut runs: Vec<Option<u32>> = Vec::new();
        for_grams(around.iter().copied(), |hash, _| runs.push(index.gram(hash)));
        let of = |text: &Text| {
            let shared = runs.iter().flatten().filter(|gram| index.has(**gram, text.number)).count();
            runs.len() >= WORDING && shared * 10 >= runs.len() * 8
        };
        let same = |text: &Text| {
            // Other texts only speak of the GPL; where they offer it instead, that is theirs.
            let gnu = !one.statement.alternative;
            ids(&one.statement.expression)
                .any(|id| family_of(id) == family_of(text.name()) || gnu && id.contains("GPL-"))
        };
        !texts.iter().any(|text| !same(text) && of(text))
    });
}

/// A file with more texts is a collection, in which sentences are not about the texts beside them.
const COLLECTION: usize = 64;
/// A sentence that names a license stands so near beside a part of its text, in bytes.
const BESIDE: usize = 3_000;

/// Gives a text that is part of a longer one the name of the longer, where a sentence beside it names that; and drops
/// sentences that name a part beside the whole, as in "both the conditions of OpenSSL and of SSLeay apply".
fn composites(pieces: &mut [Piece], stated: &mut Vec<Stated>) {
    if pieces.len() > COLLECTION {
        return;
    }
    let index = Index::get();
    let text = |id: &str| license_text(&index, id);
    for piece in pieces.iter_mut().filter(|p| p.kind == Kind::License && p.detection.expression != UNIDENTIFIED) {
        let beside = |s: &Stated| {
            s.bytes.end <= piece.bytes.start && piece.bytes.start - s.bytes.end < BESIDE
                || s.bytes.start >= piece.bytes.end && s.bytes.start - piece.bytes.end < BESIDE
        };
        let differs = |s: &&Stated| {
            s.statement.kind == DetectionKind::Notice && s.statement.expression != piece.detection.expression
        };
        if !stated.iter().filter(differs).any(beside) {
            continue;
        }
        let Some(part) = text(&piece.detection.expression) else { continue };
        let whole = stated
            .iter()
            .filter(|s| differs(s) && beside(s))
            .find_map(|s| text(&s.statement.expression).filter(|whole| is_part(&index, &part, whole)));
        if let Some(whole) = whole {
            piece.detection.reason =
                format!("{}; a part of {}, which is named beside it", piece.detection.reason, whole.name());
            piece.detection.expression = whole.name().to_owned();
        }
        let whole = whole.unwrap_or(part);
        stated.retain(|s| {
            let other = s.statement.kind == DetectionKind::Notice && s.statement.expression != whole.name();
            !(other && beside(s) && text(&s.statement.expression).is_some_and(|part| is_part(&index, &part, &whole)))
        });
    }
}

/// The text of a license.
fn license_text(index: &Index, id: &str) -> Option<Text> {
    (0..index.len() as u16).map(|n| index.text(n)).find(|text| text.kind == Kind::License && text.name() == id)
}

/// Whether one text is a part of another that has much more: nearly all its runs of words are there too.
fn is_part(index: &Index, part: &Text, whole: &Text) -> bool {
    part.number != whole.number && whole.required * 2 >= part.required * 3 && shares(index, part, whole)
}

/// Whether nearly all runs of words of one text are in another one too.
fn shares(index: &Index, one: &Text, other: &Text) -> bool {
    let (mut all, mut shared) = (0, 0);
    for_grams(one.steps().map(|step| step.raw()), |hash, _| {
        all += 1;
        shared += u32::from(index.gram(hash).is_some_and(|gram| index.has(gram, other.number)));
    });
    all > 0 && shared * 10 >= all * 9
}

/// Gives a text the version that its title has, where it is of that version as much as of the next one: the CDDL 1.0 of
/// OpenSolaris has a clause that the list has in 1.1.
fn versions_of_titles(pieces: &mut [Piece], stated: &[Stated]) {
    let inexact = |p: &&mut Piece| p.kind == Kind::License && p.detection.score < 1.0;
    for piece in pieces.iter_mut().filter(inexact) {
        let text = &piece.detection.expression;
        let from = stated.partition_point(|s| s.bytes.start + TITLE < piece.bytes.start);
        let near = stated[from..].iter().take_while(|s| s.bytes.start < piece.bytes.start + TITLE);
        let title = near
            .map(|s| &s.statement)
            .find(|s| s.kind == DetectionKind::Reference && !s.loose && family_of(&s.expression) == family_of(text));
        // GNU texts of two versions are far apart, and `-only` is no other text.
        let Some(title) = title.filter(|t| t.expression != *text && !t.expression.contains("GPL-")) else { continue };
        let index = Index::get();
        let texts = (license_text(&index, text), license_text(&index, &title.expression));
        let (Some(one), Some(other)) = texts else { continue };
        if shares(&index, &one, &other) && shares(&index, &other, &one) {
            piece.detection.reason = format!("{}; its title says {}", piece.detection.reason, title.expression);
            piece.detection.expression.clone_from(&title.expression);
        }
    }
}

/// Turns names in code and strings, in a sentence that only happens to have a word of licensing, into clues; and
/// everything that code says of licenses when it names many: it works with them.
fn in_code(file: &SourceFile<'_>, stated: &mut [Stated]) {
    if stated.len() < LIST && stated.iter().all(|s| s.statement.firm) {
        return;
    }
    let Some(mut syntax) = Syntax::new(file.path.extension(), file.text()) else {
        return in_script(file, stated);
    };
    let outside: Vec<usize> =
        (0..stated.len()).filter(|&at| syntax.at(stated[at].bytes.start) != Context::Comment).collect();
    let many = are_many(&outside, stated);
    for at in outside {
        let statement = &mut stated[at].statement;
        if many || !statement.firm {
            statement.kind = DetectionKind::Clue;
            statement.reason = if many { "one of many names in code" } else { "a name in code" };
        }
    }
}

/// Turns headings of Markdown that name the public domain into clues: what stands below them tells what is in it.
fn in_headings(file: &SourceFile<'_>, stated: &mut [Stated]) {
    let named = |s: &Stated| s.statement.expression == PUBLIC_DOMAIN && s.statement.kind == DetectionKind::Reference;
    if !is_markdown(file) || !stated.iter().any(named) {
        return;
    }
    for one in stated.iter_mut().filter(|s| named(s)) {
        if file.text()[..one.bytes.start].ends_with("# ") {
            one.statement.kind = DetectionKind::Clue;
            one.statement.reason = "a heading";
        }
    }
}

/// Names of files that tell what changed.
const HISTORIES: &[&str] = &[
    "changelog",
    "changes",
    "change_log",
    "news",
    "history",
    "releasenotes",
    "release-notes",
    "release_notes",
    "relnotes",
    "whatsnew",
];
/// So far before a name in such a file `this file` or `this program` stands, in bytes.
const SUBJECT: usize = 240;

/// Turns what a list of changes says of licenses into clues: `Update the license to GPLv3` tells what was done then, and
/// often to something else. What it says of `this` file or program counts.
fn in_history(file: &SourceFile<'_>, stated: &mut [Stated]) {
    let rest = HISTORIES.iter().find_map(|name| file.name.strip_prefix(name));
    let is_history = rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(|c: char| matches!(c, '.' | '-' | '_') || c.is_ascii_digit())
    });
    if !is_history || Syntax::new(file.path.extension(), "").is_some() {
        return;
    }
    for one in stated.iter_mut().filter(|s| s.statement.kind != DetectionKind::Clue) {
        let start = one.bytes.start;
        let before = &file.text()[file.text().floor_char_boundary(start.saturating_sub(SUBJECT))..start];
        let before = before.rfind("\n\n").map_or(before, |at| &before[at..]);
        let field = before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("License:"));
        if !field && !before.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.eq_ignore_ascii_case("this")) {
            one.statement.kind = DetectionKind::Clue;
            one.statement.reason = "a change that a history tells of";
        }
    }
}

/// Whether the statements at these places name many licenses.
fn are_many(places: &[usize], stated: &[Stated]) -> bool {
    let mut names: Vec<&str> = places.iter().map(|&at| stated[at].statement.expression.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len() >= LIST
}

/// Extensions of programs whose comments are told by their lines.
const SCRIPTS: &[&str] =
    &["pm", "pl", "rb", "php", "lua", "tcl", "el", "r", "t", "hs", "ex", "exs", "erl", "vim", "cmake"];

/// Turns what a program says of many licenses into clues, outside of the lines that start with the mark of a comment and
/// outside of Perl's documentation.
fn in_script(file: &SourceFile<'_>, stated: &mut [Stated]) {
    let extension = file.path.extension();
    if stated.len() < LIST || !SCRIPTS.iter().any(|known| extension.eq_ignore_ascii_case(known)) {
        return;
    }
    let mut lines = file.text().split_inclusive('\n');
    let (mut line, mut end, mut documents) = ("", 0, false);
    let mut outside = Vec::new();
    for (at, one) in stated.iter().enumerate() {
        while end <= one.bytes.start {
            let Some(next) = lines.next() else { break };
            (line, end) = (next, end + next.len());
            if line.starts_with('=') {
                documents = !line.starts_with("=cut");
            }
        }
        let marked = line.trim_start().starts_with(['#', '/', '*', ';', '-', '%', '"', '{']);
        if !documents && !marked {
            outside.push(at);
        }
    }
    if are_many(&outside, stated) {
        for at in outside {
            stated[at].statement.kind = DetectionKind::Clue;
            stated[at].statement.reason = "one of many names in code";
        }
    }
}

/// Joins a statement that offers another choice with the text that it stands in or behind.
fn alternatives(whole: &str, pieces: &mut [Piece], stated: &mut Vec<Stated>) {
    stated.retain(|s| {
        if !s.statement.alternative {
            return true;
        }
        let text = pieces.iter_mut().rev().find(|p| {
            p.kind == Kind::License && p.detection.expression != UNIDENTIFIED && p.bytes.start < s.bytes.start
        });
        match text {
            Some(text) if s.bytes.start < text.bytes.end + NEAR && !claims(whole, text.bytes.end, s.bytes.start) => {
                let one = &s.statement.expression;
                let known = |id: &str| id == one || s.statement.loose && family_of(id) == family_of(one);
                if !ids(&text.detection.expression).any(known) {
                    text.detection.expression = format!("{} OR {one}", text.detection.expression);
                    text.detection.reason =
                        format!("{}; and a sentence that offers {one} instead", text.detection.reason);
                }
                false
            }
            _ => true,
        }
    });
}

/// Whether somebody claims copyright between two places: what follows is about something else.
fn claims(text: &str, from: usize, until: usize) -> bool {
    text.as_bytes()
        .get(from..until)
        .is_some_and(|between| between.windows(13).any(|run| run.eq_ignore_ascii_case(b"copyright (c)")))
}

/// Files that list names of files.
const LISTINGS: &[&str] =
    &[".cargo-checksum.json", "manifest", "manifest.skip", "manifest.in", "sources.txt", "files", "filelist"];

/// Turns the statements of a list of licenses into clues, and names of license files in a list of files.
fn lists(file: &SourceFile<'_>, stated: &mut [Stated]) {
    if LISTINGS.contains(&file.name) {
        for one in stated.iter_mut().filter(|s| s.statement.kind == DetectionKind::Reference) {
            one.statement.kind = DetectionKind::Clue;
            one.statement.reason = "one of a list of files";
        }
    }
    // The texts of a program, translated: names of licenses that it shows.
    let translated = ["po", "pot", "ts", "xlf"].iter().any(|e| file.path.extension().eq_ignore_ascii_case(e));
    if translated {
        // The comment at the head of a translation is about the file.
        let is_comment = |s: &Stated| {
            let from = file.text().floor_char_boundary(s.bytes.start.saturating_sub(SUBJECT));
            let before = &file.text()[from..s.bytes.start];
            before.rsplit('\n').next().is_some_and(|line| line.starts_with('#'))
        };
        let shown: Vec<usize> = (0..stated.len()).filter(|&at| !is_comment(&stated[at])).collect();
        let names: BTreeSet<&str> = shown.iter().map(|&at| stated[at].statement.expression.as_str()).collect();
        if names.len() >= SHOWN {
            for at in shown {
                stated[at].statement.kind = DetectionKind::Clue;
                stated[at].statement.reason = "one of many names that a program shows";
            }
        }
    }
    let mut known: Vec<&str> =
        stated.iter().filter(|s| is_item(s)).map(|s| s.statement.expression.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let reach = match (stated.first(), stated.last()) {
        (Some(first), Some(last)) => last.bytes.end.saturating_sub(first.bytes.start),
        _ => 0,
    };
    if known.len() >= LIST && reach / known.len() < LIST_BYTES {
        for one in stated.iter_mut().filter(|s| is_item(s)) {
            one.statement.kind = DetectionKind::Clue;
            one.statement.reason = "one of a list of licenses";
        }
    }
}

/// Whether a statement may be an item of a list of licenses.
fn is_item(stated: &Stated) -> bool {
    let statement = &stated.statement;
    statement.kind == DetectionKind::Reference || statement.kind == DetectionKind::Notice && !statement.firm
}

/// The statements so near behind one that they may say more of the same license.
fn behind(stated: &[Stated], at: usize) -> impl Iterator<Item = &Stated> {
    let end = stated[at].bytes.end;
    stated[at + 1..].iter().take_while(move |s| s.bytes.start < end + AGAIN)
}

/// Gives a name without a version the version of the address beside it, as in `under the LGPL, see
/// http://www.gnu.org/licenses/lgpl-2.1.html`, or of the sentence that says where a copy is, as in `under the GPL. You may
/// obtain a copy of the GPL version 2 or later at ...`.
fn addressed(stated: &mut [Stated]) {
    let bare = |s: &Stated| s.statement.loose && is_bare(&s.statement.expression);
    let counts = |s: &Stated| s.statement.kind != DetectionKind::Clue;
    for at in 0..stated.len() {
        if !bare(&stated[at]) || !counts(&stated[at]) {
            continue;
        }
        let family = family_of(&stated[at].statement.expression);
        let beside = behind(stated, at).find(|s| {
            let says = s.statement.loose || s.statement.points;
            let named = says && !is_bare(&s.statement.expression) && counts(s);
            named && !s.statement.expression.contains(' ') && family_of(&s.statement.expression) == family
        });
        let beside = beside.or_else(|| {
            // `Refer to the GPL, Version 2 or later, for details. Everyone may copy it under the conditions of the GPL`.
            let start = stated[at].bytes.start;
            let near = stated[..at].iter().rev().take_while(|s| s.bytes.end + AGAIN > start);
            let points = |s: &&Stated| s.statement.points && !is_bare(&s.statement.expression) && counts(s);
            near.take(1).find(points).filter(|s| family_of(&s.statement.expression) == family)
        });
        if let Some(expression) = beside.map(|s| s.statement.expression.clone()) {
            stated[at].statement.expression = expression;
        }
    }
    // The notice of GlassFish names the CDDL in a choice, and the page of the version that it means.
    for at in 0..stated.len() {
        let named = |s: &Stated| counts(s) && ids(&s.statement.expression).any(|id| id == CDDL.0);
        let page = |s: &Stated| s.statement.loose && s.statement.expression == CDDL.1;
        if named(&stated[at]) && behind(stated, at).any(page) {
            let statement = &mut stated[at].statement;
            statement.expression = statement.expression.replace(CDDL.0, CDDL.1);
        }
    }
}

/// What the CDDL means without a version, and its other version.
const CDDL: (&str, &str) = ("CDDL-1.0", "CDDL-1.1");

/// Licenses that dedicate a work to the public domain.
const DEDICATIONS: &[&str] = &["CC0-1.0", "Unlicense", "PDDL-1.0", "CC-PDDC"];

/// Gives `in the public domain` the name of the dedication beside it, as in `dedicated to the public domain. For details,
/// see http://creativecommons.org/publicdomain/zero/1.0/`.
fn dedicated(stated: &mut [Stated]) {
    for at in 0..stated.len() {
        if stated[at].statement.expression != PUBLIC_DOMAIN {
            continue;
        }
        let start = stated[at].bytes.start;
        // Its address is a clue where no sentence leads to it.
        let dedicates = |s: &&Stated| DEDICATIONS.contains(&s.statement.expression.as_str());
        let mut before = stated[..at].iter().rev().take_while(|s| s.bytes.end + AGAIN > start);
        let beside = behind(stated, at).find(dedicates).or_else(|| before.find(dedicates));
        if let Some(expression) = beside.map(|s| s.statement.expression.clone()) {
            stated[at].statement.expression = expression;
        }
    }
}

/// Drops what says less than something else in the file does.
fn drop_loose(pieces: &[Piece], stated: &mut Vec<Stated>) {
    let firm = |s: &Stated| s.statement.kind != DetectionKind::Clue && !s.statement.loose && !s.statement.points;
    let mut families: Vec<String> = stated
        .iter()
        .filter(|s| firm(s))
        .flat_map(|s| ids(&s.statement.expression))
        .map(|id| family_of(id).to_owned())
        .collect();
    let texts = || pieces.iter().filter(|p| p.detection.expression != UNIDENTIFIED);
    families.extend(texts().flat_map(|p| ids(&p.detection.expression)).map(|id| family_of(id).to_owned()));
    families.sort_unstable();
    families.dedup();
    let any_stated = texts().any(|p| p.kind != Kind::Exception)
        || stated.iter().any(|s| s.statement.kind != DetectionKind::Clue && !s.statement.points);
    let mut seen_points = false;
    stated.retain(|s| {
        if s.statement.kind == DetectionKind::Clue {
            return true;
        }
        let known = ids(&s.statement.expression).all(|id| families.iter().any(|f| f == family_of(id)));
        if s.statement.loose && known {
            return false;
        }
        if s.statement.points {
            if any_stated || seen_points && s.statement.loose {
                return false;
            }
            seen_points = true;
        }
        true
    });
}

/// Drops `-only` where the same license is stated with `or later` in more words, as in a title above a notice, in
/// the address behind a field, and in the line `MPL 1.1/GPL 2.0/LGPL 2.1` above Mozilla's notice.
fn drop_older(text: &str, stated: &mut Vec<Stated>) {
    let field = |s: &Stated| s.statement.kind == DetectionKind::Reference && s.statement.firm;
    let only = |id: &str| id.strip_suffix("-or-later").map(|id| format!("{id}-only"));
    // A file may state the same a hundred thousand times: sets of what was said, and places in order.
    let fields: BTreeSet<String> =
        stated.iter().filter(|s| field(s)).filter_map(|s| only(&s.statement.expression)).collect();
    let later: BTreeSet<String> = stated
        .iter()
        .filter(|s| s.statement.kind == DetectionKind::Notice)
        .flat_map(|s| {
            ids(&s.statement.expression)
                .filter_map(|id| id.strip_suffix("-or-later"))
                .map(|id| format!("{id}-only"))
                .collect::<Vec<_>>()
        })
        .collect();
    let notices: Vec<Range<usize>> =
        stated.iter().filter(|s| s.statement.expression.ends_with("-or-later")).map(|s| s.bytes.clone()).collect();
    let choices: BTreeSet<Vec<String>> = stated
        .iter()
        .filter(|s| s.statement.kind == DetectionKind::Notice && s.statement.expression.contains("-or-later"))
        .map(|s| all_older(&s.statement.expression))
        .filter(|choice| choice.len() > 1)
        .collect();
    stated.retain(|s| {
        let short = s.statement.kind != DetectionKind::Clue && s.statement.expression.contains(" OR ");
        let unsaid = short && !s.statement.expression.contains("-or-later");
        !(unsaid && choices.contains(&all_older(&s.statement.expression)))
    });
    stated.retain(|s| {
        let behind = || {
            let before = notices.partition_point(|n| n.end <= s.bytes.start).checked_sub(1);
            before.is_some_and(|at| s.bytes.start - notices[at].end < AGAIN)
        };
        let above = || {
            let next = notices.get(notices.partition_point(|n| n.start < s.bytes.end));
            next.is_some_and(|n| n.start - s.bytes.end < TITLE)
        };
        let again = || behind() || above();
        let less = s.statement.kind == DetectionKind::Reference || again();
        let before = &text.as_bytes()[..s.bytes.start];
        let address = || before.ends_with(b"//") || before.ends_with(b"www.");
        !(less && later.contains(&s.statement.expression)
            || again() && fields.contains(&s.statement.expression) && address())
    });
}

/// The identifiers of an expression, in order, as if it said nothing of later versions.
fn all_older(expression: &str) -> Vec<String> {
    let mut out: Vec<String> = ids(expression)
        .map(|id| id.strip_suffix("-or-later").map_or_else(|| id.to_owned(), |id| format!("{id}-only")))
        .collect();
    out.sort_unstable();
    out
}

/// Drops a license right before a statement that offers it as one of several, as a badge does at the head of a document.
fn drop_choices(stated: &mut Vec<Stated>) {
    let offers: Vec<(usize, String)> = stated
        .iter()
        .filter(|s| s.statement.kind == DetectionKind::Notice && s.statement.expression.contains(" OR "))
        .map(|s| (s.bytes.start, s.statement.expression.clone()))
        .collect();
    stated.retain(|s| {
        let first = offers.partition_point(|(start, _)| *start < s.bytes.end);
        let offered = offers.get(first).is_some_and(|(start, offer)| {
            let near = if s.statement.kind == DetectionKind::Reference { BADGED } else { CHOICE };
            start - s.bytes.end < near && offer.split(" OR ").any(|one| one == s.statement.expression)
        });
        !offered
    });
}

/// Gives the licenses of a choice without versions what the rest of the file says of them, as in the dual license of
/// device trees: `the GPL or the X11 license`, and below it the notice of the GPL and the text that the list calls MIT.
fn spell_out(pieces: &[Piece], stated: &mut [Stated]) {
    let texts = || pieces.iter().filter(|p| p.kind == Kind::License).map(|p| p.detection.expression.as_str());
    let mut versions: Vec<String> = stated
        .iter()
        .filter(|s| s.statement.kind == DetectionKind::Notice && !s.statement.loose)
        .flat_map(|s| ids(&s.statement.expression).map(str::to_owned))
        .chain(texts().map(str::to_owned))
        .filter(|id| id.starts_with("GPL-") && id != "GPL-1.0-or-later")
        .collect();
    versions.sort_unstable();
    versions.dedup();
    let is_mit = texts().any(|id| id == "MIT") && !texts().any(|id| id == "X11");
    for one in stated.iter_mut().map(|s| &mut s.statement).filter(|s| s.kind != DetectionKind::Clue) {
        let choice: Vec<&str> = one.expression.split(" OR ").collect();
        // The terms of Perl say which versions they mean.
        if choice.len() < 2 || choice.iter().any(|id| id.starts_with("Artistic-")) {
            continue;
        }
        let precise = |id: &&str| match (*id, versions.as_slice()) {
            ("GPL-1.0-or-later", [version]) => version.clone(),
            ("X11", _) if is_mit => "MIT".to_owned(),
            (id, _) => id.to_owned(),
        };
        one.expression = choice.iter().map(precise).collect::<Vec<_>>().join(" OR ");
    }
}

/// Licenses that are another one with a change, which their notices name as well.
const MODIFIED: &[(&str, &str)] = &[("MPL-2.0-no-copyleft-exception", "MPL-2.0"), ("Pixar", "Apache-2.0")];

/// Drops the license that another one of the same notice changes, as in `under the MPL 2.0. This Source Code Form is
/// "Incompatible With Secondary Licenses"`.
fn drop_unmodified(stated: &mut Vec<Stated>) {
    for (modified, other) in MODIFIED {
        if stated.iter().any(|s| s.statement.kind == DetectionKind::Notice && s.statement.expression == *modified) {
            stated.retain(|s| s.statement.expression != *other);
        }
    }
}

/// Drops a Creative Commons license beside the port of it to a country, which an address and its link text name.
fn drop_unported(stated: &mut Vec<Stated>) {
    let ported: BTreeSet<String> = stated
        .iter()
        .filter(|s| s.statement.kind != DetectionKind::Clue && s.statement.expression.starts_with("CC-BY"))
        .map(|s| s.statement.expression.clone())
        .collect();
    let is_port = |port: &String, id: &str| {
        port.strip_prefix(id)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|country| id.contains('.') && country.bytes().all(|b| b.is_ascii_uppercase()))
    };
    stated.retain(|s| !ported.iter().any(|port| is_port(port, &s.statement.expression)));
}

/// The text of one license of a choice stands so near behind it, in bytes.
const SHOWN_TEXT: usize = 400;

/// A text right behind a sentence that offers its license as one of several is a part of that offer, as in
/// `Alternatively, under the BSD license as stated below:` in a header. A file that is there for its text shows that.
fn texts_of_choices(file: &SourceFile<'_>, pieces: &mut [Piece], stated: &mut [Stated]) {
    if is_license_file(file.name, file.path) {
        return;
    }
    let texts = || pieces.iter().filter(|p| p.kind == Kind::License).map(|p| p.detection.expression.as_str());
    // The texts of all branches are told to be that choice by all of them.
    if texts().any(|one| texts().next() != Some(one)) {
        return;
    }
    for piece in pieces.iter_mut().filter(|p| p.kind == Kind::License && p.detection.expression != UNIDENTIFIED) {
        let behind = stated.partition_point(|s| s.bytes.start < piece.bytes.start);
        let Some(choice) = stated[..behind].last_mut() else { continue };
        let expression = &choice.statement.expression;
        let offers = choice.statement.kind == DetectionKind::Notice && expression.contains(" OR ");
        let near = piece.bytes.start.saturating_sub(choice.bytes.end) < SHOWN_TEXT;
        if !offers || expression.contains(['(', ')']) || expression.contains(" AND ") || !near {
            continue;
        }
        let text = piece.detection.expression.clone();
        let is_it = |id: &str| id == text || id == "LicenseRef-BSD" && family_of(&text) == "BSD";
        if expression.split(" OR ").any(is_it) {
            let spelled = |id: &str| if is_it(id) { text.clone() } else { id.to_owned() };
            choice.statement.expression = expression.split(" OR ").map(spelled).collect::<Vec<_>>().join(" OR ");
            piece.detection.reason = format!("{}; one of the licenses that are offered", piece.detection.reason);
            piece.detection.expression.clone_from(&choice.statement.expression);
        }
    }
}

/// The terms of Perl as an expression.
const PERL: &str = "GPL-1.0-or-later OR Artistic-1.0-Perl";

/// The texts of both licenses below a sentence that offers the terms of Perl are what that sentence names.
fn texts_of_perl(pieces: &mut [Piece], stated: &[Stated]) {
    if !stated.iter().any(|s| s.statement.kind == DetectionKind::Notice && s.statement.expression == PERL) {
        return;
    }
    for piece in pieces.iter_mut().filter(|p| p.kind == Kind::License) {
        let name = match piece.detection.expression.as_str() {
            "GPL-1.0-only" | "GPL-2.0-only" | "GPL-3.0-only" | "GPL-2.0-or-later" | "GPL-3.0-or-later" => {
                "GPL-1.0-or-later"
            }
            "Artistic-1.0" | "Artistic-1.0-cl8" => "Artistic-1.0-Perl",
            _ => continue,
        };
        piece.detection.expression = name.to_owned();
        piece.detection.reason =
            format!("{}; one of the two licenses of Perl, which are offered", piece.detection.reason);
    }
}

/// A GNU text beside a notice that says `or later` is that.
fn later_texts(pieces: &mut [Piece], stated: &[Stated]) {
    let mut said: Vec<&str> = stated
        .iter()
        .filter(|s| s.statement.kind == DetectionKind::Notice)
        .flat_map(|s| ids(&s.statement.expression))
        .filter(|id| id.ends_with("-or-later") || id.contains("-invariants") || id.contains("-no-invariants"))
        .collect();
    said.sort_unstable();
    said.dedup();
    for piece in pieces {
        let Some(id) = piece.detection.expression.strip_suffix("-only") else { continue };
        let later = format!("{id}-or-later");
        // What is said of invariant sections is a part of the identifier.
        if let Some(sections) = said.iter().find(|said| {
            id.starts_with("GFDL-") && said.strip_prefix(id).is_some_and(|rest| rest.contains("invariants"))
        }) {
            piece.detection.reason = format!("{}; as the notice beside it says", piece.detection.reason);
            piece.detection.expression = (*sections).to_owned();
            continue;
        }
        if said.contains(&later.as_str()) {
            piece.detection.reason = format!("{}; the notice beside it says `or later`", piece.detection.reason);
            piece.detection.expression = later;
        }
    }
}
