//! Licenses of components by themselves: unknown, denied, restricted, not chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Predicate;
use super::{Meeting, Reader, branch_facts, license_text, outbound, shipped};
use crate::model::{Package, Place, RelPath, Severity, purl_type};
use crate::policy::compat::{Category, LicenseFacts, Relation};
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::{ParamKind, SubjectKind};

/// How many components a grouped finding names.
const NAMED: usize = 5;

/// Why a rule abstains that needs licenses of components.
pub(super) const NO_SOURCE: &str = "the lock files name no licenses, and no vendored copies are there; scan with --caches to read them from package caches";

/// Names the first of many.
pub(super) fn name_some<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.into_iter().collect();
    match all.len().saturating_sub(NAMED) {
        0 => all.join(", "),
        more => format!("{} and {more} more", all[..NAMED].join(", ")),
    }
}

/// The lock or manifest that a component belongs to: a lock before a manifest.
fn home<'a>(context: &Context<'a>, package: &'a Package) -> Option<&'a Place> {
    let locks = &context.scene.inventory.locks;
    let of_lock = package.origin.iter().find(|o| locks.iter().any(|l| l.place.path == o.path));
    of_lock.or_else(|| package.origin.first())
}

pub(crate) const UNKNOWN: Predicate = Predicate {
    name: "dependency-license-unknown",
    about: "Components that are shipped and whose license nothing tells, one finding per lock file. Abstains for a lock file, and an ecosystem in one, of which no component's license is known, and warns where more than one in ten is missing: a lock file that states few licenses tells little of the components; and so does one that states none, where only copies in the checkout tell some. It warns, too, where all of them are packages of an environment (any lock file of pixi) or image, or name a license in words that are not known.",
    on: SubjectKind::Component,
    fields: &["count", "of", "components"],
    params: &[],
    check: |context, judge| {
        // Per lock file and ecosystem: what is unknown, of how many.
        let mut by_home: BTreeMap<&RelPath, BTreeMap<&str, (Vec<&Package>, usize)>> = BTreeMap::new();
        // Lock files of which more than chance copies in the checkout tell the licenses.
        let mut surveyed: BTreeSet<&RelPath> = BTreeSet::new();
        let mut places: BTreeMap<&RelPath, &Place> = BTreeMap::new();
        let mut reader = Reader::default();
        let meeting = Meeting::new(context);
        for package in shipped(context) {
            let Some(place) = home(context, package) else { continue };
            places.entry(&place.path).or_insert(place);
            let slot = by_home.entry(&place.path).or_default().entry(purl_type(&package.purl)).or_default();
            slot.1 += 1;
            let known = license_text(package).is_some_and(|text| reader.read(text).is_some());
            if !known {
                slot.0.push(package);
            } else if !matches!(package.license.source.as_deref(), Some("vendored" | "manifest")) {
                surveyed.insert(&place.path);
            }
        }
        if by_home.is_empty() {
            return judge.nothing("no component is shipped");
        }
        for (path, mut kinds) in by_home {
            // A lock file may state the licenses of some ecosystems only, as Pixi's does.
            if kinds.values().any(|(unknown, all)| unknown.len() < *all) {
                kinds.retain(|_, (unknown, all)| unknown.len() < *all);
            }
            let all: usize = kinds.values().map(|(_, all)| all).sum();
            let unknown: Vec<&Package> = kinds.into_values().flat_map(|(unknown, _)| unknown).collect();
            if unknown.is_empty() {
                judge.pass();
            } else if unknown.len() == all {
                judge.undecided(NO_SOURCE);
            } else {
                // The first of them that stands in the file is shown.
                let place = unknown.iter().flat_map(|p| &p.origin).find(|o| o.path == *path);
                let place =
                    place.or_else(|| places.get(path).copied()).cloned().unwrap_or_else(|| Place::file(path.clone()));
                let names: Vec<String> = unknown.iter().map(|package| package.label()).collect();
                // What an environment or image holds beside the product may not reach anybody with it.
                let apart =
                    path.name() == "pixi.lock" || unknown.iter().all(|p| meeting.relation(p) == Relation::Aggregate);
                // People can read words that name no known license.
                let silent = unknown.iter().any(|p| license_text(p).is_none());
                let mut failure = Failure::new(path.as_str(), place)
                    .with("count", unknown.len().to_string())
                    .with("of", all.to_string())
                    .with("components", name_some(names.iter().map(String::as_str)))
                    .at_most(if unknown.len() * 10 > all || apart || !silent || !surveyed.contains(path) {
                        Severity::Warning
                    } else {
                        Severity::Error
                    });
                for package in unknown.iter().skip(1).take(NAMED) {
                    if let Some(origin) = package.origin.first() {
                        let said = match license_text(package) {
                            Some(text) => format!("{} states `{text}`, which is no known license", package.name),
                            None => format!("{} states no license", package.name),
                        };
                        failure = failure.also(origin.clone(), said);
                    }
                }
                judge.fail(failure);
            }
        }
    },
};

/// A component whose every branch is refused: the refused licenses, each with the reason.
fn refused(
    expression: &spdx::Expression,
    refuses: impl Fn(&str, Option<&'static LicenseFacts>) -> Option<String>,
) -> Option<Vec<String>> {
    let mut reasons = Vec::new();
    for branch in branch_facts(expression) {
        let reason = branch.iter().find_map(|(text, facts)| Some(format!("{text}: {}", refuses(text, *facts)?)))?;
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    (!reasons.is_empty()).then_some(reasons)
}

/// Judges every shipped component whose license is known by `refuses`.
fn each_component(
    context: &Context<'_>,
    judge: &mut Judge,
    refuses: impl Fn(&Package, &str, Option<&'static LicenseFacts>) -> Option<String>,
) {
    let mut reader = Reader::default();
    let mut without = 0;
    for package in shipped(context) {
        let Some((text, expression)) = license_text(package).and_then(|t| Some((t, reader.read(t)?))) else {
            without += 1;
            continue;
        };
        let Some(place) = package.origin.first() else { continue };
        match refused(expression, |id, facts| refuses(package, id, facts)) {
            None => judge.pass(),
            Some(reasons) => judge.fail(
                Failure::new(package.purl.clone(), place.clone())
                    .with("component", package.label())
                    .with("license", text)
                    .with("denied", reasons.join("; "))
                    .license(text),
            ),
        }
    }
    if without > 0 && judge.subjects == 0 {
        judge.undecided(NO_SOURCE);
    }
    judge.nothing("no component is shipped");
}

pub(crate) const DENIED: Predicate = Predicate {
    name: "dependency-license-denied",
    about: "Every branch of a shipped component's license has a license that `deny` names or whose category `deny-categories` names, and that `allow` does not name.",
    on: SubjectKind::Component,
    fields: &["component", "license", "denied"],
    params: &[("deny-categories", ParamKind::Texts), ("deny", ParamKind::Texts), ("allow", ParamKind::Texts)],
    check: |context, judge| {
        let (categories, deny, allow) =
            (context.texts("deny-categories"), context.texts("deny"), context.texts("allow"));
        each_component(context, judge, |_, text, facts| {
            let id = expression::bare(text);
            let names =
                |list: &[String]| list.iter().any(|l| l == text || l == id || facts.is_some_and(|f| l == f.id));
            if names(allow) {
                return None;
            }
            if names(deny) {
                return Some("denied by name".to_owned());
            }
            let category = facts?.category.name();
            categories.iter().any(|c| c == category).then(|| format!("category {category}"))
        });
    },
};

/// Whether the work that a component is used in is meant to be open.
fn in_open_tree(context: &Context<'_>, package: &Package) -> bool {
    let place = package.origin.first();
    place.and_then(|p| outbound::of(context, &p.path)).is_some_and(|o| outbound::is_open(&o.expression))
}

/// What a license withholds that counts as a field of use, in words.
pub(super) fn field_of_use(facts: &LicenseFacts) -> Option<String> {
    let restricted = matches!(facts.category, Category::UseRestricted | Category::SourceAvailable);
    restricted.then(|| excluded(facts))
}

/// What a non-commercial or no-derivatives license withholds, in words.
pub(super) fn closed_content(facts: &LicenseFacts) -> Option<String> {
    matches!(facts.category, Category::Noncommercial | Category::NoDerivatives).then(|| excluded(facts))
}

fn excluded(facts: &LicenseFacts) -> String {
    let words = facts.limits.iter().filter_map(|l| crate::policy::compat::explain("limit", l));
    format!("excludes {}", words.collect::<Vec<_>>().join(", "))
}

pub(crate) const FIELD_OF_USE: Predicate = Predicate {
    name: "field-of-use-restriction",
    about: "A shipped component, or a file of the tree, is under a license that restricts fields of use, users or services (JSON, BUSL, Commons Clause, RAIL, Elastic, SSPL), in a project under an open license.",
    on: SubjectKind::Component,
    fields: &["component", "license", "denied"],
    params: &[],
    check: |context, judge| {
        each_component(context, judge, |package, _, facts| {
            field_of_use(facts?).filter(|_| in_open_tree(context, package))
        });
        super::files::restricted(context, judge, field_of_use);
    },
};

pub(crate) const CLOSED_CONTENT: Predicate = Predicate {
    name: "noncommercial-or-noderiv",
    about: "A shipped component, or a file of the tree, is under a non-commercial or no-derivatives license in a project under an open license.",
    on: SubjectKind::File,
    fields: &["component", "license", "denied"],
    params: &[],
    check: |context, judge| {
        each_component(context, judge, |package, _, facts| {
            closed_content(facts?).filter(|_| in_open_tree(context, package))
        });
        super::files::restricted(context, judge, closed_content);
    },
};

pub(crate) const CHOICE: Predicate = Predicate {
    name: "license-choice-unrecorded",
    about: "Components offer a choice of licenses of different categories, and the configuration records none. One finding per expression.",
    on: SubjectKind::Component,
    fields: &["license", "components", "branches", "example"],
    params: &[],
    check: |context, judge| {
        let mut reader = Reader::default();
        let mut open: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
        for package in shipped(context) {
            let Some(text) = license_text(package) else { continue };
            let Some(expression) = reader.read(text) else { continue };
            let branches = branch_facts(expression);
            if branches.len() < 2 {
                continue;
            }
            let mut categories: Vec<Category> = branches
                .iter()
                .filter_map(|branch| branch.iter().map(|(_, f)| f.map_or(Category::Unknown, |f| f.category)).max())
                .map(|category| if category == Category::PublicDomain { Category::Permissive } else { category })
                .collect();
            categories.sort_unstable();
            categories.dedup();
            match categories.as_slice() {
                [_] => judge.pass(),
                _ => open.entry(text).or_default().push(package),
            }
        }
        judge.nothing("no shipped component offers a choice of licenses");
        for (text, packages) in open {
            let Some(place) = packages.first().and_then(|p| p.origin.first()) else { continue };
            let names: Vec<&str> = packages.iter().map(|p| p.name.as_str()).collect();
            let branches: Vec<String> = reader
                .read(text)
                .map(branch_facts)
                .unwrap_or_default()
                .iter()
                .map(|branch| branch.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(" AND "))
                .collect();
            let example = packages.first().map(|p| p.purl.clone()).unwrap_or_default();
            judge.fail(
                Failure::new(format!("choice of {text}"), place.clone())
                    .with("license", text)
                    .with("components", name_some(names))
                    .with("branches", branches.join(" | "))
                    .with("example", example)
                    .license(text),
            );
        }
    },
};
