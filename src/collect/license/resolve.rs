//! Decides which of a file's license texts and statements stand.
//!
//! - A statement inside a text belongs to the text; so does its title.
//! - A standard notice counts where no statement was read in it.
//! - A name without a version says nothing beside the same name with one, an address nothing beside what it spells out.
//! - "See the GNU General Public License for details" says nothing beside a license that was stated.
//! - A GNU text is `-only`; beside a notice that says `or later` it is that.
//! - An exception belongs to the license stated beside it.
//! - `Alternatively, ... under the GPL` behind or inside a text is the other choice of that text.
//! - In program sources, names in code and strings count only right behind a verb or a field.
//! - Many names with little text are a list of licenses, not statements about the file.

use std::ops::Range;

use super::layout::Kind;
use super::statements::{Statement, family_of};
use super::texts::{Piece, UNIDENTIFIED};
use crate::collect::SourceFile;
use crate::collect::syntax::{Context, Syntax};
use crate::model::{Detection, DetectionKind};

/// So many different licenses in statements, with so few bytes to each, are a list.
const LIST: usize = 8;
const LIST_BYTES: usize = 90;
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
/// An exception stands so near behind the statement it belongs to, in bytes.
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
    let wholes = wholes(&pieces);
    pieces.retain(|p| !wholes.iter().any(|(id, whole)| p.detection.expression != *id && is_within(&p.bytes, whole)));
    stated.retain(|s| {
        !pieces.iter().any(|p| owns(p, s)) && !wholes.iter().any(|(_, whole)| is_within(&s.bytes, whole))
    });
    stated.retain(|s| !pieces.iter().any(|p| is_appendix(p, s)));
    pieces.retain(|p| {
        p.kind != Kind::Header
            || !stated.iter().any(|s| s.statement.kind != DetectionKind::Clue && overlap(&p.bytes, &s.bytes))
    });
    // A license file that holds a notice and no text is no license of its own.
    pieces.retain(|p| {
        p.detection.expression != UNIDENTIFIED
            || p.bytes.len() > NOTICE
            || !stated.iter().any(|s| s.statement.firm && overlap(&p.bytes, &s.bytes))
    });
    alternatives(&mut pieces, &mut stated);
    stated.retain(|s| {
        let loose = s.statement.loose || s.statement.points || s.statement.kind == DetectionKind::Reference;
        !pieces.iter().any(|p| is_title(p, s) && (loose || p.detection.expression == s.statement.expression))
    });
    lists(file, &mut stated);
    drop_loose(&pieces, &mut stated);
    drop_older(&mut stated);
    exceptions(&mut pieces, &mut stated);
    later_texts(&mut pieces, &stated);

    let mut out: Vec<(usize, Detection)> = pieces.into_iter().map(|p| (p.bytes.start, p.detection)).collect();
    out.extend(stated.into_iter().map(|s| (s.bytes.start, detection(file, s))));
    out.sort_by_key(|(start, _)| *start);
    out.into_iter().map(|(_, detection)| detection).collect()
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
        && !piece.detection.expression.contains("GPL-")
        && ids(&stated.statement.expression).all(|id| family_of(id) != family_of(&piece.detection.expression));
    whole && !other && stated.bytes.start < piece.bytes.end && piece.bytes.start < stated.bytes.end
}

/// Whether a statement is the title of the text behind it, or names it right behind its end.
fn is_title(piece: &Piece, stated: &Stated) -> bool {
    let before = stated.bytes.end <= piece.bytes.start && piece.bytes.start - stated.bytes.end < TITLE;
    let title = matches!(piece.kind, Kind::License) && piece.detection.expression != UNIDENTIFIED && before;
    title && family_of(&stated.statement.expression) == family_of(&piece.detection.expression)
}

/// Turns names in code and strings, in a sentence that only happens to have a word of licensing, into clues.
fn in_code(file: &SourceFile<'_>, stated: &mut [Stated]) {
    if stated.iter().all(|s| s.statement.firm) {
        return;
    }
    let Some(mut syntax) = Syntax::new(file.path.extension(), file.text()) else { return };
    for one in stated.iter_mut().filter(|s| !s.statement.firm) {
        if syntax.at(one.bytes.start) != Context::Comment {
            one.statement.kind = DetectionKind::Clue;
            one.statement.reason = "a name in code";
        }
    }
}

/// Joins a statement that offers another choice with the text that it stands in or behind.
fn alternatives(pieces: &mut [Piece], stated: &mut Vec<Stated>) {
    stated.retain(|s| {
        if !s.statement.alternative {
            return true;
        }
        let text = pieces.iter_mut().rev().find(|p| {
            p.kind == Kind::License && p.detection.expression != UNIDENTIFIED && p.bytes.start < s.bytes.start
        });
        match text {
            Some(text) if s.bytes.start < text.bytes.end + NEAR => {
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

/// Files that list names of files.
const LISTINGS: &[&str] = &["manifest", "manifest.skip", "manifest.in", "sources.txt", "files", "filelist"];

/// Turns the statements of a list of licenses into clues, and names of license files in a list of files.
fn lists(file: &SourceFile<'_>, stated: &mut [Stated]) {
    if LISTINGS.contains(&file.name) {
        for one in stated.iter_mut().filter(|s| s.statement.kind == DetectionKind::Reference) {
            one.statement.kind = DetectionKind::Clue;
            one.statement.reason = "one of a list of files";
        }
    }
    let mut known: Vec<&str> = stated
        .iter()
        .filter(|s| s.statement.kind == DetectionKind::Reference)
        .map(|s| s.statement.expression.as_str())
        .collect();
    known.sort_unstable();
    known.dedup();
    let reach = match (stated.first(), stated.last()) {
        (Some(first), Some(last)) => last.bytes.end.saturating_sub(first.bytes.start),
        _ => 0,
    };
    if known.len() >= LIST && reach / known.len() < LIST_BYTES {
        for one in stated.iter_mut().filter(|s| s.statement.kind == DetectionKind::Reference) {
            one.statement.kind = DetectionKind::Clue;
            one.statement.reason = "one of a list of licenses";
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
    let any_stated = texts().next().is_some()
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

/// Drops `-only` where the same license is stated with `or later` in more words, as in a title above a notice.
fn drop_older(stated: &mut Vec<Stated>) {
    let later: Vec<String> = stated
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
    stated.retain(|s| {
        let behind = |n: &Range<usize>| s.bytes.start >= n.end && s.bytes.start - n.end < AGAIN;
        let above = |n: &Range<usize>| n.start >= s.bytes.end && n.start - s.bytes.end < TITLE;
        let again = || notices.iter().any(|n| behind(n) || above(n));
        let less = s.statement.kind == DetectionKind::Reference || again();
        !(less && later.contains(&s.statement.expression))
    });
}

/// Joins the text of an exception with the statement beside it, or with the text before it.
fn exceptions(pieces: &mut Vec<Piece>, stated: &mut [Stated]) {
    let mut at = 0;
    while at < pieces.len() {
        if pieces[at].kind != Kind::Exception {
            at += 1;
            continue;
        }
        let (before, rest) = pieces.split_at_mut(at);
        let exception = &rest[0];
        let name = &exception.detection.expression;
        let host = stated
            .iter_mut()
            .filter(|s| s.statement.kind != DetectionKind::Clue)
            .filter_map(|s| Some((with_exception(&s.statement.expression, name)?, s)))
            .min_by_key(|(_, s)| (s.statement.points, exception.bytes.start.abs_diff(s.bytes.end)));
        if let Some((expression, host)) = host
            && exception.bytes.start.abs_diff(host.bytes.end) < NEAR
        {
            host.statement.expression = expression;
            host.statement.reason = "a sentence that states the license, and the text of its exception";
            host.bytes = host.bytes.start.min(exception.bytes.start)..host.bytes.end.max(exception.bytes.end);
            pieces.remove(at);
            continue;
        }
        let text = before.last_mut().map(|text| &mut text.detection);
        if let Some(text) = text
            && let Some(expression) = with_exception(&text.expression, name)
        {
            text.reason = format!("{}; followed by the text of the exception {name}", text.reason);
            text.expression = expression;
            pieces.remove(at);
            continue;
        }
        at += 1;
    }
}

/// The expression with an exception behind each license; `None` where one has its own already or is of no family that
/// exceptions are written for.
fn with_exception(expression: &str, exception: &str) -> Option<String> {
    let fits = |id: &str| spdx::license_id(id).is_some_and(|id| id.is_gnu() || id.name == "Apache-2.0");
    let mut out: Vec<String> = Vec::new();
    for word in expression.split(' ') {
        match word {
            "OR" | "AND" => out.push(word.to_owned()),
            id if fits(id) => out.push(format!("{id} WITH {exception}")),
            _ => return None,
        }
    }
    Some(out.join(" "))
}

/// A GNU text beside a notice that says `or later` is that.
fn later_texts(pieces: &mut [Piece], stated: &[Stated]) {
    for piece in pieces {
        let Some(id) = piece.detection.expression.strip_suffix("-only") else { continue };
        let later = format!("{id}-or-later");
        let said = stated
            .iter()
            .any(|s| s.statement.kind == DetectionKind::Notice && ids(&s.statement.expression).any(|id| id == later));
        if said {
            piece.detection.reason = format!("{}; the notice beside it says `or later`", piece.detection.reason);
            piece.detection.expression = later;
        }
    }
}

/// The identifiers of an expression.
fn ids(expression: &str) -> impl Iterator<Item = &str> {
    expression.split([' ', '(', ')']).filter(|word| !matches!(*word, "" | "AND" | "OR" | "WITH"))
}
