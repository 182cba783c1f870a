//! What is published about one license in a work under another (`policies/facts/license-pairs.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::words::{Answer, Relation};

static DATA: &str = include_str!("../../../policies/facts/license-pairs.toml");

/// Relations in which code becomes part of one program.
const COMBINED: &[Relation] = &[Relation::Copied, Relation::Static, Relation::Dynamic, Relation::Plugin];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sets: BTreeMap<String, Vec<String>>,
    pair: Vec<Pair>,
}

/// A published answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    inbound: Vec<String>,
    outbound: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    relations: Vec<Relation>,
    /// The answer.
    pub(super) answer: Answer,
    /// Duties of the inbound license that do not apply here.
    #[serde(default)]
    pub(super) without: Vec<String>,
    /// Why, as a clause; for `depends`, on what.
    pub(super) reason: String,
    /// Who published it.
    pub(super) source: String,
}

static FILE: LazyLock<File> = LazyLock::new(|| toml::from_str(DATA).unwrap_or_default());

/// The pairs that name a license as inbound, by it.
static BY_INBOUND: LazyLock<BTreeMap<&'static str, Vec<&'static Pair>>> = LazyLock::new(|| {
    let mut out: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for pair in &FILE.pair {
        for name in &pair.inbound {
            match name.strip_prefix('@') {
                Some(set) => {
                    for id in FILE.sets.get(set).into_iter().flatten() {
                        out.entry(id.as_str()).or_default().push(pair);
                    }
                }
                None => out.entry(name.as_str()).or_default().push(pair),
            }
        }
    }
    out
});

/// Whether `names` has `id`, by itself or in a set.
fn lists(names: &[String], id: &str) -> bool {
    names.iter().any(|name| match name.strip_prefix('@') {
        Some("any") => true,
        Some(set) => FILE.sets.get(set).is_some_and(|ids| ids.iter().any(|i| i == id)),
        None => name == id,
    })
}

/// The first pair that speaks of `inbound` in a work under `outbound`.
pub(super) fn find(inbound: &str, outbound: &str, relation: Relation) -> Option<&'static Pair> {
    BY_INBOUND.get(inbound)?.iter().copied().find(|pair| {
        let relations = if pair.relations.is_empty() { COMBINED } else { &pair.relations };
        // Weights that are derived from others are an adaptation of them, as code is that others are copied into.
        let derived = relation == Relation::WeightsDerived && relations.contains(&Relation::Copied);
        (derived || relations.contains(&relation))
            && lists(&pair.outbound, outbound)
            && !lists(&pair.unless, outbound)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_speaks_of_licenses_that_there_are() {
        let file: File = toml::from_str(DATA).unwrap();
        let known = |name: &String| match name.strip_prefix('@') {
            Some("any") => true,
            Some(set) => file.sets.contains_key(set),
            None => super::super::facts::license(name).is_some(),
        };
        for pair in &file.pair {
            let names = pair.inbound.iter().chain(&pair.outbound).chain(&pair.unless);
            let strange: Vec<_> = names.filter(|name| !known(name)).collect();
            assert!(strange.is_empty(), "{strange:?}");
            assert!(pair.source.starts_with("http"), "{}", pair.source);
            assert!(!pair.reason.ends_with('.'), "{}", pair.reason);
        }
        for id in file.sets.values().flatten() {
            assert!(super::super::facts::license(id).is_some(), "{id}");
        }
    }
}
