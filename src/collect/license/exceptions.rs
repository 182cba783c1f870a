//! Joins the texts of exceptions with the licenses that they belong to.

use super::layout::Kind;
use super::resolve::Stated;
use super::texts::Piece;
use crate::model::DetectionKind;

/// An exception stands so near behind the statement it belongs to, in bytes.
const NEAR: usize = 1_500;

/// Joins the text of an exception with the statement beside it, or with the text before it.
pub(super) fn join(pieces: &mut Vec<Piece>, stated: &mut [Stated]) {
    let mut at = 0;
    while at < pieces.len() {
        if pieces[at].kind != Kind::Exception {
            at += 1;
            continue;
        }
        let (before, rest) = pieces.split_at_mut(at);
        let exception = &rest[0];
        let name = &exception.detection.expression;
        let start = exception.bytes.start;
        let behind = stated.partition_point(|s| s.bytes.start < start);
        let near = behind.saturating_sub(HOSTS)..stated.len().min(behind + HOSTS);
        let host = stated[near]
            .iter_mut()
            .filter(|s| s.statement.kind != DetectionKind::Clue && start.abs_diff(s.bytes.end) < NEAR)
            .filter_map(|s| {
                let named = with_version(&s.statement.expression, name);
                Some((named.or_else(|| with_exception(&s.statement.expression, name))?, s))
            })
            .min_by_key(|(_, s)| (s.statement.points, start.abs_diff(s.bytes.end)));
        if let Some((expression, host)) = host {
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

/// So many statements before and behind an exception are looked at for the one it belongs to.
const HOSTS: usize = 64;

/// An expression that ends with an exception of this name, in the version whose text is there: a name without a version
/// may be read as that of another one.
pub(super) fn with_version(expression: &str, exception: &str) -> Option<String> {
    let (license, named) = expression.rsplit_once(" WITH ")?;
    let stem = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    (named[..stem(named)] == exception[..stem(exception)]).then(|| format!("{license} WITH {exception}"))
}

/// The expression with an exception behind each license; `None` where one has its own already or is of no family that
/// exceptions are written for.
pub(super) fn with_exception(expression: &str, exception: &str) -> Option<String> {
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
