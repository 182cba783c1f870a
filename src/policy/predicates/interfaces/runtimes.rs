//! The least runtime that a package asks for: stated, tested, still supported.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::super::workflows::counts;
use super::{Context, Predicate};
use crate::model::Manifest;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

static DATA: &str = include_str!("../../../../policies/facts/runtimes.toml");

/// A runtime and when its versions end.
#[derive(Debug, Deserialize)]
struct Runtime {
    name: String,
    ends: BTreeMap<String, toml::value::Datetime>,
}

fn runtimes() -> &'static BTreeMap<String, Runtime> {
    static RUNTIMES: OnceLock<BTreeMap<String, Runtime>> = OnceLock::new();
    RUNTIMES.get_or_init(|| toml::from_str(DATA).unwrap_or_default())
}

impl Runtime {
    fn end(&self, release: &str) -> Option<Date> {
        let date = self.ends.get(release)?.date?;
        Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
    }
}

/// What ecosystems call the field.
const FIELDS: &[(&str, &str)] = &[
    ("cargo", "`rust-version = \"…\"` under [package]"),
    ("npm", "`\"engines\": { \"node\": \">=…\" }`"),
    ("pypi", "`requires-python = \">=…\"` under [project]"),
    ("golang", "`go …`"),
    ("gem", "`required_ruby_version`"),
    ("composer", "`\"php\": \">=…\"` under \"require\""),
];

/// The project's own packages that may be published.
fn packages<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Manifest> {
    let inventory = context.scene.inventory;
    inventory
        .manifests
        .iter()
        .filter(|m| m.publishable && m.name.is_some() && !m.descriptive && is_first_party(&m.place.path))
}

pub(crate) const UNDECLARED: Predicate = Predicate {
    name: "minimum-runtime-undeclared",
    about: "A package that may be published does not say which version of its language or runtime it needs at least. Members of a workspace are told once, at its root.",
    on: SubjectKind::Manifest,
    fields: &["field"],
    params: &[],
    check: |context, judge| {
        for manifest in packages(context) {
            let Some((_, field)) = FIELDS.iter().find(|(e, _)| *e == manifest.ecosystem.as_str()) else { continue };
            let name = manifest.place.path.name();
            // Other files of an ecosystem have no such field.
            let has_field =
                ["Cargo.toml", "package.json", "pyproject.toml", "setup.cfg", "setup.py", "go.mod", "composer.json"];
            if !has_field.contains(&name) && !name.ends_with(".gemspec") {
                continue;
            }
            let folder = manifest.place.path.parent();
            let beside = || {
                context.scene.inventory.manifests.iter().any(|m| {
                    m.ecosystem == manifest.ecosystem
                        && m.place.path.parent() == folder
                        && m.minimum_runtime.is_some()
                })
            };
            if manifest.minimum_runtime.is_some() || manifest.workspace.is_some() || beside() {
                judge.pass();
            } else {
                judge.fail(Failure::new(manifest.place.path.as_str(), manifest.place.clone()).with("field", *field));
            }
        }
        judge.nothing("no package that may be published has a field for it");
    },
};

/// The least version that a requirement admits, as `major` or `major.minor`; `None` where it states no least one, or
/// offers a choice.
fn least(requirement: &str) -> Option<(String, Option<String>)> {
    let first = requirement.split("||").next()?.split(',').find(|part| !part.trim_start().starts_with(['<', '!']))?;
    let first = first.trim();
    let plain = first.trim_start_matches(['>', '=', '^', '~', 'v', ' ']);
    if first.starts_with('>') && !first.starts_with(">=") {
        return None;
    }
    let mut parts = plain.split(|c: char| !c.is_ascii_digit());
    let major = parts.next().filter(|p| !p.is_empty())?.to_owned();
    let minor = plain[major.len()..].starts_with('.').then(|| parts.next()).flatten().filter(|p| !p.is_empty());
    Some((major, minor.map(str::to_owned)))
}

/// The release line of a runtime, in the words of the table.
fn line_of(ecosystem: &str, requirement: &str) -> Option<String> {
    let (major, minor) = least(requirement)?;
    if ecosystem == "npm" { Some(major) } else { Some(format!("{major}.{}", minor?)) }
}

/// One failure for manifests that ask for the same runtime: at the first, with the others beside it.
fn together(manifests: &[&Manifest]) -> Option<Failure> {
    let (first, rest) = manifests.split_first()?;
    let (_, place) = first.minimum_runtime.as_ref()?;
    let more = match rest.len() {
        0 => String::new(),
        1 => ", as does one more".to_owned(),
        n => format!(", as do {n} more"),
    };
    let mut failure = Failure::new(first.place.path.as_str(), place.clone()).with("more", more);
    for (_, place) in rest.iter().filter_map(|m| m.minimum_runtime.as_ref()).take(10) {
        failure = failure.also(place.clone(), "asks for the same");
    }
    Some(failure)
}

pub(crate) const END_OF_LIFE: Predicate = Predicate {
    name: "runtime-end-of-life",
    about: "The least runtime that a package asks for gets no security fixes any more, by a table with dates.",
    on: SubjectKind::Manifest,
    fields: &["runtime", "requirement", "end", "more"],
    params: &[],
    check: |context, judge| {
        let mut ended: BTreeMap<(&str, &str), (String, String, Vec<&Manifest>)> = BTreeMap::new();
        for manifest in packages(context) {
            let Some(runtime) = runtimes().get(manifest.ecosystem.as_str()) else { continue };
            let Some((requirement, _)) = &manifest.minimum_runtime else { continue };
            let Some(line) = line_of(manifest.ecosystem.as_str(), requirement) else { continue };
            match runtime.end(&line).filter(|end| *end < context.today) {
                None => judge.pass(),
                Some(end) => {
                    let key = (manifest.ecosystem.as_str(), requirement.as_str());
                    let named = || (format!("{} {line}", runtime.name), end.to_string(), Vec::new());
                    ended.entry(key).or_insert_with(named).2.push(manifest);
                }
            }
        }
        for ((_, requirement), (runtime, end, manifests)) in ended {
            let Some(failure) = together(&manifests) else { continue };
            judge.fail(failure.with("runtime", runtime).with("requirement", requirement).with("end", end));
        }
        judge.nothing("no package states a least runtime whose end is known");
    },
};

/// Ecosystems whose runtimes pipelines name.
const NAMED: &[&str] = &["npm", "pypi", "gem", "composer"];

pub(crate) const UNTESTED: Predicate = Predicate {
    name: "support-matrix-untested",
    about: "The least runtime that a package asks for is not among the versions that the pipelines test with. Judged only where a pipeline names versions.",
    on: SubjectKind::Manifest,
    fields: &["runtime", "requirement", "tested", "more"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let mut untested: BTreeMap<(&str, &str), (String, String, Vec<&Manifest>)> = BTreeMap::new();
        for manifest in packages(context) {
            let ecosystem = manifest.ecosystem.as_str();
            if !NAMED.contains(&ecosystem) {
                continue;
            }
            let Some((requirement, _)) = &manifest.minimum_runtime else { continue };
            let Some(line) = line_of(ecosystem, requirement) else { continue };
            let own = inventory.pipelines.iter().filter(|p| counts(inventory, &p.place.path, p.active));
            let uses = own.flat_map(|p| &p.runtimes).filter(|step| step.0 == ecosystem);
            let mut tested: Vec<String> = uses.map(|(_, version)| version.clone()).collect();
            tested.sort();
            tested.dedup();
            if tested.is_empty() {
                judge.nothing("no pipeline names the versions that it tests with");
                continue;
            }
            let fits = |version: &String| {
                let version = version.trim_start_matches('v');
                version == line
                    || version.strip_prefix(line.as_str()).is_some_and(|rest| rest.starts_with(['.', '-', '+']))
            };
            // What is no number, such as `lts/*` or an expression, may be anything.
            if tested.iter().any(fits) || tested.iter().any(|v| !v.starts_with(|c: char| c.is_ascii_digit())) {
                judge.pass();
            } else {
                let named = || (line.clone(), tested.join(", "), Vec::new());
                untested.entry((ecosystem, requirement.as_str())).or_insert_with(named).2.push(manifest);
            }
        }
        for ((_, requirement), (runtime, tested, manifests)) in untested {
            let Some(failure) = together(&manifests) else { continue };
            judge.fail(failure.with("runtime", runtime).with("requirement", requirement).with("tested", tested));
        }
        judge.nothing("no package states a least runtime that pipelines name");
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_version_is_told() {
        let npm = |r: &str| line_of("npm", r);
        let pypi = |r: &str| line_of("pypi", r);
        assert_eq!(
            (npm(">=18").as_deref(), npm("^16.14.0 || >=18").as_deref(), npm("*")),
            (Some("18"), Some("16"), None)
        );
        assert_eq!(
            (pypi(">=3.8,<4").as_deref(), pypi("<4,>=3.10").as_deref(), pypi(">=3")),
            (Some("3.8"), Some("3.10"), None)
        );
    }

    #[test]
    fn the_table_is_read() {
        assert_eq!(runtimes().len(), 4);
        for runtime in runtimes().values() {
            for release in runtime.ends.keys() {
                assert!(runtime.end(release).is_some(), "{} {release}", runtime.name);
            }
        }
    }
}
