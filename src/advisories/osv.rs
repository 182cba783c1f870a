//! Records of the Open Source Vulnerability schema (1.7), and whether they speak of a version.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde::Deserialize;

use crate::collect::packages::version::Scheme;

/// What is read of every record: which packages it speaks of.
#[derive(Deserialize)]
pub(super) struct Heads<'a> {
    #[serde(borrow, default)]
    pub(super) affected: Vec<Head<'a>>,
}

/// The package of one entry.
#[derive(Deserialize)]
pub(super) struct Head<'a> {
    #[serde(borrow)]
    pub(super) package: Option<PackageName<'a>>,
}

/// A package by its ecosystem and its name there.
#[derive(Deserialize)]
pub(super) struct PackageName<'a> {
    #[serde(borrow)]
    pub(super) ecosystem: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
}

/// A record that speaks of a package of the project.
#[derive(Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) summary: String,
    pub(super) withdrawn: Option<String>,
    #[serde(default)]
    affected: Vec<Affected>,
    #[serde(default)]
    severity: Vec<Score>,
    database_specific: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Affected {
    package: Option<Package>,
    #[serde(default)]
    ranges: Vec<Range>,
    #[serde(default)]
    versions: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct Range {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

#[derive(Deserialize)]
struct Score {
    #[serde(rename = "type")]
    kind: String,
    score: String,
}

impl Record {
    /// Whether a version of a package is affected, and the first version that is not; `matches` tells the package.
    pub(super) fn affects(&self, matches: impl Fn(&str, &str) -> bool, version: &str) -> Option<Option<String>> {
        let mut hit = false;
        let mut fixed: Option<String> = None;
        for affected in &self.affected {
            let Some(package) = affected.package.as_ref().filter(|p| matches(&p.ecosystem, &p.name)) else {
                continue;
            };
            let scheme = Scheme::of(super::base(&package.ecosystem));
            hit |= affected.versions.iter().any(|listed| {
                listed == version
                    || scheme.is_some_and(|scheme| scheme.compare(listed, version) == Some(Ordering::Equal))
            });
            for range in affected.ranges.iter().filter(|range| range.kind != "GIT") {
                // SEMVER says itself how to compare, whatever the ecosystem.
                let scheme = if range.kind == "SEMVER" { Some(Scheme::Semantic) } else { scheme };
                let Some(scheme) = scheme else { continue };
                hit |= range.holds(scheme, version);
                let next = range.fixes().filter(|fix| scheme.compare(fix, version) == Some(Ordering::Greater));
                for next in next {
                    let is_nearer =
                        fixed.as_ref().is_none_or(|known| scheme.compare(next, known) == Some(Ordering::Less));
                    if is_nearer {
                        fixed = Some(next.to_owned());
                    }
                }
            }
        }
        hit.then_some(fixed)
    }

    /// How bad it is: the word of the database, else the newest vector of CVSS.
    pub(super) fn severity(&self) -> Option<String> {
        let word = self.database_specific.as_ref().and_then(|more| more.get("severity")?.as_str());
        let vector = || self.severity.iter().max_by(|a, b| a.kind.cmp(&b.kind)).map(|score| score.score.as_str());
        word.or_else(vector).map(str::to_owned)
    }
}

impl Range {
    fn fixes(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| event.fixed.as_deref())
    }

    /// The evaluation of the schema: events in their order, each of which turns "affected" on or off.
    fn holds(&self, scheme: Scheme, version: &str) -> bool {
        let at_least = |bound: &str| bound == "0" || scheme.compare(version, bound).is_some_and(Ordering::is_ge);
        let limits: Vec<&str> = self.events.iter().filter_map(|event| event.limit.as_deref()).collect();
        let within = limits.is_empty()
            || limits.iter().any(|limit| *limit == "*" || scheme.compare(version, limit) == Some(Ordering::Less));
        // Events may stand in any order; each counts by its version, and what was introduced before what was fixed.
        let mut last: Option<(&str, bool)> = None;
        for event in &self.events {
            let (bound, on) = match (&event.introduced, &event.fixed, &event.last_affected) {
                (Some(bound), ..) if at_least(bound) => (bound.as_str(), true),
                (_, Some(bound), _) if at_least(bound) => (bound.as_str(), false),
                (_, _, Some(bound)) if scheme.compare(version, bound) == Some(Ordering::Greater) => {
                    (bound.as_str(), false)
                }
                _ => continue,
            };
            let is_later = last.is_none_or(|(known, _)| {
                known == "0" || bound != "0" && scheme.compare(bound, known).is_some_and(Ordering::is_ge)
            });
            if is_later {
                last = Some((bound, on));
            }
        }
        within && last.is_some_and(|(_, on)| on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(ecosystem: &str, kind: &str, events: &str, versions: &str) -> Record {
        let text = format!(
            r#"{{"id":"T-1","affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"a"}},
            "ranges":[{{"type":"{kind}","events":[{events}]}}],"versions":[{versions}]}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn affected(record: &Record, version: &str) -> Option<Option<String>> {
        record.affects(|_, name| name == "a", version)
    }

    #[test]
    fn events_turn_on_and_off() {
        let two = record(
            "npm",
            "SEMVER",
            r#"{"introduced":"0"},{"fixed":"1.2.0"},{"introduced":"2.0.0"},{"fixed":"2.0.5"}"#,
            "",
        );
        assert_eq!(affected(&two, "1.1.9"), Some(Some("1.2.0".to_owned())));
        assert_eq!(affected(&two, "1.2.0"), None);
        assert_eq!(affected(&two, "2.0.4"), Some(Some("2.0.5".to_owned())));
        assert_eq!(affected(&two, "2.0.5"), None);
        assert_eq!(affected(&two, "2.0.0-rc.1"), None);
        let last = record("PyPI", "ECOSYSTEM", r#"{"introduced":"1.0"},{"last_affected":"1.4.post1"}"#, "");
        assert_eq!(affected(&last, "1.4.post1"), Some(None));
        assert_eq!(affected(&last, "1.4.post2"), None);
        assert_eq!(affected(&last, "1.0rc1"), None);
        let limit = record("npm", "SEMVER", r#"{"introduced":"0"},{"limit":"3.0.0"}"#, "");
        assert_eq!((affected(&limit, "2.9.9"), affected(&limit, "3.0.0")), (Some(None), None));
    }

    #[test]
    fn lists_count_beside_ranges_and_alone() {
        let listed = record("Alpine:v3.18", "ECOSYSTEM", r#"{"introduced":"0"}"#, r#""1.0-r1""#);
        assert_eq!((affected(&listed, "1.0-r1"), affected(&listed, "1.0-r2")), (Some(None), None));
        let spelled = record("PyPI", "GIT", r#"{"introduced":"0"}"#, r#""1.0""#);
        assert_eq!((affected(&spelled, "1.0.0"), affected(&spelled, "1.0.1")), (Some(None), None));
        let other = record("npm", "SEMVER", r#"{"introduced":"0"}"#, "");
        assert_eq!(other.affects(|_, name| name == "b", "1.0.0"), None);
    }
}
