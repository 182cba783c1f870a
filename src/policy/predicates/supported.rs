//! The table of supported versions against the version of the project.

use super::Predicate;
use super::policies::words;
use crate::model::{DocumentRole, Place, RelPath};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(super) const STALE: Predicate = Predicate {
    name: "supported-versions-stale",
    about: "The table of versions in a security policy has no row for the current version, or says that it is not supported. The current version is that of the root manifest; development versions are left out.",
    on: SubjectKind::Document,
    fields: &["version", "problem"],
    params: &[],
    check: |context, judge| {
        let Some(current) = current(context) else {
            return judge.nothing("no root manifest names a released version");
        };
        let Some(numbers) = numbers(&current) else {
            return judge.nothing("the version of the root manifest is a development version");
        };
        for document in context.scene.project.documents().filter(|d| d.role == DocumentRole::Security) {
            let rows: Vec<(Row, &Place)> = document
                .signals
                .iter()
                .filter(|s| s.kind.0 == "version-row")
                .filter_map(|s| Some((Row::parse(&words(&s.place))?, &s.place)))
                .collect();
            let Some((_, first)) = rows.first() else { continue };
            let covering: Vec<_> = rows.iter().filter(|(row, _)| row.covers(&numbers)).collect();
            let path = document.place.path.as_str();
            let fail = |place: &Place, problem: &str| {
                Failure::new(path, place.clone()).with("version", current.clone()).with("problem", problem)
            };
            match covering.first() {
                None => judge.fail(fail(first, "has no row for it")),
                Some((_, place)) if covering.iter().all(|(row, _)| row.refused) => {
                    judge.fail(fail(place, "says that it is not supported"));
                }
                Some(_) => judge.pass(),
            }
        }
        judge.nothing("no security policy has a table of versions");
    },
};

/// The version of the root manifest, where all manifests at the root that name one agree.
fn current(context: &Context<'_>) -> Option<String> {
    let root = RelPath::default();
    let mut versions = context
        .scene
        .project
        .released()
        .filter(|m| m.place.path.parent() == root)
        .filter_map(|m| m.version.as_deref());
    let first = versions.next()?;
    versions.all(|v| v == first).then(|| first.to_owned())
}

/// The numbers of a version; `None` for pre-releases and for what is no dotted version.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let plain = version.split('+').next().unwrap_or_default();
    plain.trim_start_matches('v').split('.').map(|part| part.parse().ok()).collect()
}

/// A row of the table.
#[derive(Debug, PartialEq)]
struct Row {
    /// What its first cell says of versions, each with the comparison before it.
    bounds: Vec<(Comparison, Vec<u64>)>,
    /// Whether the first two bounds are the ends of a range.
    range: bool,
    /// Whether its first cell speaks of the newest version in words.
    newest: bool,
    /// Whether it says no.
    refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Same,
    AtLeast,
    Above,
    AtMost,
    Below,
}

impl Row {
    /// Reads `| 1.2.x | :white_check_mark: |`; `None` when its first cell names no version.
    fn parse(text: &str) -> Option<Self> {
        let mut cells = text.trim().trim_start_matches('|').split('|');
        let first = cells.next()?.to_lowercase();
        let rest = cells.collect::<Vec<_>>().join("|").to_lowercase();
        let newest = ["latest", "newest", "main", "master", "current", "最新"].iter().any(|w| first.contains(w));
        let mut bounds = Vec::new();
        let mut comparison = Comparison::Same;
        let mut chars = first.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '>' | '<' | '≥' | '≤' => {
                    let equal = chars.next_if(|(_, c)| *c == '=').is_some();
                    comparison = match (c, equal) {
                        ('>', false) => Comparison::Above,
                        ('>', true) | ('≥', _) => Comparison::AtLeast,
                        ('<', false) => Comparison::Below,
                        _ => Comparison::AtMost,
                    };
                }
                '0'..='9' => {
                    let rest = &first[at..];
                    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                    while chars.next_if(|(i, _)| *i < at + end).is_some() {}
                    let parts: Option<Vec<u64>> =
                        rest[..end].trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
                    if comparison == Comparison::Same && first[at + end..].starts_with('+') {
                        comparison = Comparison::AtLeast;
                    }
                    bounds.push((comparison, parts?));
                    comparison = Comparison::Same;
                }
                _ => {}
            }
        }
        let same = bounds.iter().all(|(c, _)| *c == Comparison::Same);
        let range = same && bounds.len() == 2 && [" - ", " – ", " to ", "–"].iter().any(|dash| first.contains(dash));
        let refused = ["❌", ":x:", "✗", "✘", "unsupported", "not supported", "end of life", "eol", "不支持"]
            .iter()
            .any(|word| rest.contains(word))
            || rest.split(|c: char| !c.is_alphanumeric()).any(|word| word == "no" || word == "否");
        (newest || !bounds.is_empty()).then_some(Self { bounds, range, newest, refused })
    }

    /// Whether the row speaks of this version. Versions stand for all that begin with them, as 1.2 does for 1.2.9.
    fn covers(&self, version: &[u64]) -> bool {
        if self.newest {
            return true;
        }
        let holds = |comparison: Comparison, bound: &[u64]| {
            let begins = version.len() >= bound.len() && version.starts_with(bound);
            match comparison {
                Comparison::Same => begins,
                Comparison::AtLeast => begins || version >= bound,
                Comparison::Above => !begins && version > bound,
                Comparison::AtMost => begins || version <= bound,
                Comparison::Below => !begins && version < bound,
            }
        };
        if self.range {
            let [(_, low), (_, high)] = &self.bounds[..] else { return false };
            return holds(Comparison::AtLeast, low) && holds(Comparison::AtMost, high);
        }
        let mut same = self.bounds.iter().filter(|(c, _)| *c == Comparison::Same).peekable();
        let bounded = self.bounds.iter().any(|(c, _)| *c != Comparison::Same);
        let within = self.bounds.iter().filter(|(c, _)| *c != Comparison::Same).all(|(c, b)| holds(*c, b));
        bounded && within || same.any(|(c, bound)| holds(*c, bound))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_cover_what_they_say() {
        let covers = |row: &str, version: &str| Row::parse(row).unwrap().covers(&numbers(version).unwrap());
        for (row, version) in [
            ("| 1.2.x | ✅ |", "1.2.9"),
            ("| 2.x | yes |", "2.0.0"),
            ("| >= 1.4 | yes |", "2.0"),
            ("| > 1.4 | yes |", "1.5.0"),
            ("| < 2.0 | no |", "1.9"),
            ("| 3.1+ | yes |", "3.4.0"),
            ("| 1.0 - 1.5 | yes |", "1.5.3"),
            ("| 1.4, 1.5 | yes |", "1.5.0"),
            ("| >= 1.2, < 2 | yes |", "1.7"),
            ("| latest | yes |", "9.0.0"),
            ("| v5.1 | yes |", "5.1.2"),
        ] {
            assert!(covers(row, version), "{row} speaks of {version}");
        }
        for (row, version) in [
            ("| 1.2.x | ✅ |", "1.20.0"),
            ("| > 1.4 | yes |", "1.4.2"),
            ("| < 2.0 | no |", "2.0.0"),
            ("| 1.0 - 1.5 | yes |", "1.6.0"),
            ("| >= 1.2, < 2 | yes |", "2.1.0"),
            ("| 3 | yes |", "4.0.0"),
        ] {
            assert!(!covers(row, version), "{row} does not speak of {version}");
        }
    }

    #[test]
    fn rows_say_no_in_several_ways() {
        for (row, refused) in [
            ("| 1.x | :x: |", true),
            ("| 1.x | ❌ |", true),
            ("| 1.x | No |", true),
            ("| 1.x | not supported |", true),
            ("| 1.x | :white_check_mark: |", false),
            ("| 1.x | supported until 2027, see notes |", false),
        ] {
            assert_eq!(Row::parse(row).unwrap().refused, refused, "{row}");
        }
        assert_eq!(Row::parse("| Version | Supported |"), None);
        assert_eq!(Row::parse("|---|---|"), None);
    }
}
