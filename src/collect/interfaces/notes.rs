//! What every format has in common: counting what is documented, and judging what is said of deprecated elements.

use crate::model::{Element, Interface, Place};

/// How many elements of one document are kept to be compared.
const MOST: usize = 50_000;
/// How many problems of one document are told.
const MOST_PROBLEMS: usize = 100;

/// Counts an element; `name` and `place` are asked for the first one that says nothing.
pub(super) fn count(out: &mut Interface, documented: bool, named: impl FnOnce() -> (Place, String)) {
    out.elements = out.elements.saturating_add(1);
    if !documented {
        out.undocumented = out.undocumented.saturating_add(1);
        if out.first_undocumented.is_none() {
            out.first_undocumented = Some(named());
        }
    }
}

/// Keeps an element to be compared.
pub(super) fn keep(out: &mut Interface, name: String, label: &str, shape: String, required: bool, kept: bool) {
    if out.shape.len() < MOST {
        out.shape.push(Element { name, label: label.to_owned(), shape, required, kept });
    }
}

/// Notes a problem.
pub(super) fn problem(out: &mut Interface, place: Place, text: impl Into<String>) {
    if out.problems.len() < MOST_PROBLEMS {
        out.problems.push((place, text.into()));
    }
}

/// Whether a text about a deprecated element says what to use in its place, or when it goes.
pub(super) fn names_successor(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "use ",
        "replace",
        "instead",
        "see ",
        "migrate",
        "supersede",
        "in favor",
        "in favour",
        "sunset",
        "removed",
        "removal",
        "remove ",
        "alternative",
        "switch to",
        "prefer ",
        "moved to",
        "renamed",
        "no longer",
        "end of life",
        "until ",
    ];
    let lower = text.to_ascii_lowercase();
    let year = lower.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4 && n.starts_with("20"));
    year || WORDS.iter().any(|word| lower.contains(word))
}

/// Whether the host of an address is the own machine, a private network or a placeholder, which nobody outside uses.
pub(super) fn is_local(host: &str) -> bool {
    let host = host.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    let name = name.to_ascii_lowercase();
    let private =
        ["127.", "10.", "192.168.", "0.0.0.0", "[::1]", "169.254."].iter().any(|start| name.starts_with(start))
            || (16..32).any(|n| name.starts_with(&format!("172.{n}.")));
    let reserved = ["localhost", ".local", ".internal", ".test", ".example", ".invalid", ".svc"]
        .iter()
        .any(|end| name.ends_with(end))
        || ["example.com", "example.org", "example.net"]
            .iter()
            .any(|end| name == *end || name.ends_with(&format!(".{end}")));
    name.is_empty() || name.starts_with(['{', '$', '<']) || !name.contains('.') || private || reserved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successors_are_named_by_words_or_dates() {
        assert!(names_successor("Use `v2` instead."));
        assert!(names_successor("Gone on 2026-01-01"));
        assert!(!names_successor("Deprecated."));
    }

    #[test]
    fn machines_of_ones_own_are_told() {
        for host in
            ["localhost:8080", "127.0.0.1/v1", "[::1]:80", "{host}.x.org", "api", "172.20.0.2", "api.example.com"]
        {
            assert!(is_local(host), "{host}");
        }
        for host in ["petstore.swagger.io/v2", "172.32.0.2", "api.acme.io:80"] {
            assert!(!is_local(host), "{host}");
        }
    }
}
