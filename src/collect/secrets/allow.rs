//! Comments that let a finding stay: `openclause: allow(secure/secret-committed) reason="…" expires="2027-01-31"`, and
//! `gitleaks:allow`.

use super::super::{Hit, SourceFile};
use super::rule;
use crate::model::{Artifact, ArtifactKind, Secret};

/// The rule that such a comment must name; the part behind the slash is enough, and so is `*`.
const RULE: &str = "secret-committed";
/// How our own comments start; a keyword of the prefilter.
const MARK: &str = "openclause: allow(";
/// What stands in front of a comment that is alone on its line.
const MARKS: &[&str] = &["#", "//", "--", ";", "<!--", "/*", "*", "%"];

/// What a comment allows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) reason: String,
    /// The last day, as the comment writes it.
    pub(super) until: Option<String>,
}

/// Why what stands on `line` may stay, when a comment on it, or alone on the line `above`, says so.
pub(super) fn reason(line: &str, above: &str) -> Option<Allowed> {
    of(line).or_else(|| {
        let comment = above.trim_start();
        let alone = MARKS.iter().any(|mark| comment.starts_with(mark));
        alone.then(|| of(above)).flatten()
    })
}

fn of(line: &str) -> Option<Allowed> {
    if line.contains("gitleaks:allow") {
        return Some(Allowed { reason: "gitleaks:allow".to_owned(), until: None });
    }
    let (_, rest) = line.split_once(MARK)?;
    let (rules, rest) = rest.split_once(')')?;
    let named = rules
        .split(',')
        .map(str::trim)
        .any(|rule| rule == "*" || rule == RULE || rule.strip_prefix("secure/") == Some(RULE));
    let value = |key: &str| Some(rest.split_once(key)?.1.split_once('"')?.0.trim().to_owned());
    let reason = value("reason=\"").filter(|reason| !reason.is_empty() && named)?;
    Some(Allowed { reason, until: value("expires=\"") })
}

/// Comments of ours in a file that allow a credential where none was found.
pub(super) fn unused(file: &SourceFile<'_>, hits: &[Hit], secrets: &[Secret]) -> Vec<Artifact> {
    let mut out = Vec::new();
    for hit in hits.iter().filter(|hit| rule::KEYWORDS[usize::from(hit.keyword)] == MARK) {
        let number = file.line_at(hit.start as usize);
        let line = file.line(number);
        // Where the words stand in a sentence or a text, they are no comment.
        let Some(before) = line.find(MARK).map(|at| line[..at].trim_end()) else { continue };
        let is_comment = MARKS.iter().any(|mark| before.ends_with(mark));
        let stays = secrets.iter().any(|secret| {
            let first = secret.place.start_line();
            first == number || first == number + 1
        });
        if is_comment && !stays && of(line).is_some() {
            out.push(Artifact {
                place: file.place_of_line(number),
                kind: ArtifactKind::UnusedAllow,
                what: "a comment that allows a credential where there is none".to_owned(),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_needed() {
        let of = |text: &str| of(&text.replace("@", MARK)).map(|allowed| (allowed.reason, allowed.until));
        let said = |reason: &str| Some((reason.to_owned(), None));
        assert_eq!(of("x = 1 # @secure/secret-committed) reason=\"revoked in 2020\""), said("revoked in 2020"));
        assert_eq!(
            of("x = 1 # @secret-committed) reason=\"old\" expires=\"2026-01-31\""),
            Some(("old".to_owned(), Some("2026-01-31".to_owned())))
        );
        assert_eq!(of("x = 1 # @secret-committed)"), None);
        assert_eq!(of("x = 1 # @other) reason=\"r\""), None);
        assert_eq!(of("x = 1 # gitleaks:allow"), said("gitleaks:allow"));
        let above = format!("  // {MARK}*) reason=\"test vector\"");
        assert_eq!(reason("x", &above).map(|allowed| allowed.reason), Some("test vector".to_owned()));
        assert_eq!(reason("x", "y = 2 // gitleaks:allow"), None, "that is about the line it stands on");
    }
}
