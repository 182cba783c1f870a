//! Bills of materials that lie in the checkout: there, valid, complete, and in step with the lock files.

use std::collections::{BTreeMap, BTreeSet};

use super::Predicate;
use crate::model::{BillDocument, Component, Package, Place, Scope, SkipReason, purl_type};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::{is_first_party, is_test};

fn bills<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a BillDocument> {
    context.scene.inventory.bills.iter().filter(|b| is_first_party(&b.path))
}

/// The first names of a list, and how many follow.
fn some(names: &BTreeSet<String>) -> String {
    const MOST: usize = 3;
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len() {
        n if n > MOST => format!("{} and {} more", shown.join(", "), n - MOST),
        _ => shown.join(", "),
    }
}

/// Programs and actions that write a bill of materials.
const WRITERS: &[&str] = &["sbom", "cyclonedx", "cdxgen", "syft", "spdx"];

pub(super) const MISSING: Predicate = Predicate {
    name: "sbom-missing",
    about: "A project with dependencies has no bill of materials, and no pipeline makes one.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if !inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        let Some(place) = inventory.manifests.iter().map(|m| &m.place).find(|p| is_first_party(&p.path)) else {
            return judge.nothing("there is no manifest of a package manager");
        };
        let makes = |text: &str| WRITERS.iter().any(|word| text.to_ascii_lowercase().contains(word));
        let made = inventory.pipelines.iter().any(|p| p.commands.iter().chain(&p.uses).any(|step| makes(&step.text)));
        let configured = inventory.files.iter().any(|f| f.path.name().starts_with(".goreleaser"));
        if bills(context).next().is_some() || made {
            judge.pass();
        } else if configured {
            judge.undecided("the release tool is configured in a file that this rule does not read");
        } else {
            judge.fail(Failure::new("repository", place.clone()));
        }
    },
};

pub(super) const INVALID: Predicate = Predicate {
    name: "sbom-invalid",
    about: "A bill of materials breaks the standard that it names.",
    on: SubjectKind::File,
    fields: &["standard", "reason", "more"],
    params: &[],
    check: |context, judge| {
        for bill in bills(context) {
            let Some(first) = bill.faults.first() else {
                judge.pass();
                continue;
            };
            let more = match bill.faults.len() {
                1 => String::new(),
                n => format!(" ({} more faults)", n - 1),
            };
            let mut failure = Failure::new(bill.path.as_str(), first.place.clone())
                .with("standard", format!("{} {}", bill.standard, bill.version))
                .with("reason", first.reason.clone())
                .with("more", more);
            for fault in bill.faults.iter().skip(1).take(9) {
                failure = failure.also(fault.place.clone(), fault.reason.clone());
            }
            judge.fail(failure);
        }
        const ENDINGS: &[&str] = &[".cdx.json", ".cdx.xml", ".spdx.json", ".spdx3.json", ".bom.json"];
        for skipped in &context.scene.inventory.skipped {
            let name = skipped.path.name().to_ascii_lowercase();
            let is_bill = ENDINGS.iter().any(|e| name.ends_with(e)) || name == "bom.json";
            if is_bill && skipped.kind == SkipReason::Malformed && is_first_party(&skipped.path) {
                judge.fail(
                    Failure::new(skipped.path.as_str(), Place::file(skipped.path.clone()))
                        .with("standard", "its standard")
                        .with("reason", skipped.reason.clone())
                        .with("more", ""),
                );
            }
        }
    },
};

pub(super) const PROFILE: Predicate = Predicate {
    name: "mlbom-profile-incomplete",
    about: "A bill of materials lacks values that its standard makes mandatory for models and datasets (SPDX 3 AI and Dataset profiles, CycloneDX ML-BOM).",
    on: SubjectKind::File,
    fields: &["standard", "reason", "more"],
    params: &[],
    check: |context, judge| {
        for bill in bills(context).filter(|bill| bill.models > 0) {
            let Some(first) = bill.gaps.first() else {
                judge.pass();
                continue;
            };
            let more = match bill.gaps.len() {
                1 => String::new(),
                n => format!(" ({} more values)", n - 1),
            };
            let mut failure = Failure::new(bill.path.as_str(), first.place.clone())
                .with("standard", format!("{} {}", bill.standard, bill.version))
                .with("reason", first.reason.clone())
                .with("more", more);
            for gap in bill.gaps.iter().skip(1).take(9) {
                failure = failure.also(gap.place.clone(), gap.reason.clone());
            }
            judge.fail(failure);
        }
        judge.nothing("no bill of materials describes a model or a dataset");
    },
};

/// Type and name of a purl, and its version; qualifiers and subpath are left out.
fn key(purl: &str) -> Option<(&str, &str)> {
    let purl = purl.split(['?', '#']).next()?;
    Some(purl.rsplit_once('@').filter(|(_, version)| !version.contains('/')).unwrap_or((purl, "")))
}

/// Whether a bill speaks of this project: its root has the name of one of the project's packages.
fn is_own(bill: &BillDocument, context: &Context<'_>) -> bool {
    let Some(root) = bill.bill.root() else { return false };
    let same = |name: &str| name.eq_ignore_ascii_case(&root.name);
    context
        .scene
        .inventory
        .manifests
        .iter()
        .any(|m| is_first_party(&m.place.path) && m.name.as_deref().is_some_and(same))
}

pub(super) const DRIFT: Predicate = Predicate {
    name: "sbom-drift",
    about: "A bill of materials of the project names other components or versions than its lock files do.",
    on: SubjectKind::File,
    fields: &["differences"],
    params: &[],
    check: |context, judge| {
        if bills(context).next().is_none() {
            return;
        }
        let packages = &context.scene.inventory.packages;
        let locked: Vec<&Package> = packages.iter().filter(|p| p.locked && !p.local).collect();
        let types: BTreeSet<&str> = locked.iter().map(|p| purl_type(&p.purl)).collect();
        let keys: BTreeSet<(&str, &str)> = locked.iter().filter_map(|p| key(&p.purl)).collect();
        let own: BTreeSet<&str> = packages.iter().filter(|p| p.local).filter_map(|p| Some(key(&p.purl)?.0)).collect();
        for bill in bills(context).filter(|b| is_own(b, context)) {
            let named = bill.bill.components.iter().filter_map(|c| c.purl.as_deref());
            let named: BTreeSet<(&str, &str)> = named
                .filter(|p| types.contains(purl_type(p)))
                .filter_map(key)
                .filter(|k| !own.contains(k.0))
                .collect();
            if named.is_empty() {
                continue;
            }
            let text = |(name, version): (&str, &str)| format!("{name}@{version}");
            let surplus: BTreeSet<String> = named.difference(&keys).map(|k| text(*k)).collect();
            // Bills rightly leave out what only development needs.
            let runtime = locked.iter().filter(|p| p.scope == Scope::Runtime).filter_map(|p| key(&p.purl));
            let lacking: BTreeSet<String> = runtime.filter(|k| !named.contains(k)).map(text).collect();
            if surplus.is_empty() && lacking.is_empty() {
                judge.pass();
                continue;
            }
            let mut words = Vec::new();
            if !surplus.is_empty() {
                words.push(format!("names {}, which no lock file has", some(&surplus)));
            }
            if !lacking.is_empty() {
                words.push(format!("lacks {}", some(&lacking)));
            }
            judge.fail(
                Failure::new(bill.path.as_str(), Place::file(bill.path.clone()))
                    .with("differences", words.join("; it ")),
            );
        }
    },
};

pub(super) const MINIMUM: Predicate = Predicate {
    name: "sbom-minimum-fields",
    about: "A bill of materials lacks what NTIA's minimum elements ask for: author, time, relationships; supplier, name, version and identifier of components.",
    on: SubjectKind::File,
    fields: &["lacking"],
    params: &[],
    check: |context, judge| {
        for document in bills(context) {
            let bill = &document.bill;
            let mut lacking: Vec<String> = Vec::new();
            let mut wants = |there: bool, what: &str| {
                if !there {
                    lacking.push(what.to_owned());
                }
            };
            wants(!bill.authors.is_empty() || !bill.tools.is_empty(), "its author");
            wants(bill.created.is_some(), "its time");
            wants(bill.root.is_some(), "the component that it is about");
            let related = bill.components.len() < 2 || bill.components.iter().any(|c| !c.dependencies.is_empty());
            wants(related, "relationships");
            let mut count = |lacks: fn(&Component) -> bool, what: &str| {
                let components = bill.components.iter().filter(|c| c.kind != crate::model::ComponentKind::File);
                match components.filter(|c| lacks(c)).count() {
                    0 => {}
                    1 => lacking.push(format!("the {what} of one component")),
                    n => lacking.push(format!("the {what} of {n} components")),
                }
            };
            count(|c| c.name.is_empty(), "name");
            count(|c| c.version.is_none(), "version");
            count(|c| c.purl.is_none() && c.cpe.is_none(), "identifier");
            count(|c| c.supplier.is_none(), "supplier");
            if lacking.is_empty() {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(document.path.as_str(), Place::file(document.path.clone()))
                        .with("lacking", lacking.join(", ")),
                );
            }
        }
    },
};

pub(super) const NOASSERTION: Predicate = Predicate {
    name: "sbom-license-noassertion",
    about: "A bill of materials says nothing of the license of components whose license the checkout tells.",
    on: SubjectKind::File,
    fields: &["components"],
    params: &[],
    check: |context, judge| {
        if bills(context).next().is_none() {
            return;
        }
        let packages = context.scene.inventory.packages.iter();
        let known: BTreeMap<(&str, &str), &str> = packages
            .filter_map(|p| Some((key(&p.purl)?, p.license.concluded.as_deref().or(p.license.declared.as_deref())?)))
            .collect();
        for bill in bills(context) {
            let components = bill.bill.components.iter().filter(|c| c.declared.is_none() && c.concluded.is_none());
            let silent: BTreeSet<String> = components
                .filter_map(|c| {
                    let license = known.get(&key(c.purl.as_deref()?)?)?;
                    Some(format!("{} ({license})", c.name))
                })
                .collect();
            if silent.is_empty() {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(bill.path.as_str(), Place::file(bill.path.clone()))
                        .with("components", some(&silent)),
                );
            }
        }
    },
};

pub(super) const VENDORED: Predicate = Predicate {
    name: "vendored-undeclared",
    about: "A copy of somebody's package lies in the checkout, outside folders for tests and examples, and no manifest, lock file or bill names it.",
    on: SubjectKind::Manifest,
    fields: &["name", "version"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if inventory.vendored.is_empty() {
            return;
        }
        let named: BTreeSet<(&str, &str)> =
            inventory.packages.iter().map(|p| (purl_type(&p.purl), p.name.as_str())).collect();
        let billed: BTreeSet<&str> =
            inventory.bills.iter().flat_map(|b| &b.bill.components).map(|c| c.name.as_str()).collect();
        for manifest in &inventory.vendored {
            let Some(name) = manifest.name.as_deref() else { continue };
            // A folder inside an installed package is a part of that package; tests make up packages of their own.
            if manifest.version.is_none() || is_test(&manifest.place.path) {
                continue;
            }
            if named.contains(&(manifest.ecosystem.as_str(), name)) || billed.contains(name) {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(manifest.place.path.as_str(), manifest.place.clone())
                        .with("name", name)
                        .with("version", manifest.version.clone().unwrap_or_default()),
                );
            }
        }
    },
};

pub(super) const VEX: Predicate = Predicate {
    name: "vex-stale",
    about: "A VEX statement speaks of a component that no lock file or bill has, or has been under investigation for more days than allowed.",
    on: SubjectKind::File,
    fields: &["vulnerability", "problem"],
    params: &[("vex-days", ParamKind::Number)],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if !inventory.vex.iter().any(|s| is_first_party(&s.place.path)) {
            return;
        }
        let mut known: BTreeSet<&str> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
        for component in inventory.bills.iter().flat_map(|b| &b.bill.components) {
            known.insert(&component.reference);
            known.extend(component.purl.as_deref());
        }
        let names: BTreeSet<&str> = known.iter().filter_map(|purl| Some(key(purl)?.0)).collect();
        let days = context.number("vex-days");
        for statement in inventory.vex.iter().filter(|s| is_first_party(&s.place.path)) {
            let subject = statement.subject.as_str();
            let (name, version) = key(subject).unwrap_or((subject, ""));
            let found = known.contains(subject)
                || version.is_empty() && names.contains(name)
                || known.iter().any(|k| key(k) == Some((name, version)));
            let time = statement.time.as_deref().and_then(|t| t.parse::<jiff::Timestamp>().ok());
            let day = time.map(|t| jiff::tz::Offset::UTC.to_datetime(t).date());
            let age = day.and_then(|day| day.until(context.today).ok()).map_or(0, |span| i64::from(span.get_days()));
            let problem = if !found && !known.is_empty() {
                format!("speaks of {subject}, which no lock file or bill has")
            } else if statement.status == "under_investigation" && age > days {
                format!("has left {subject} under investigation for {age} days")
            } else {
                judge.pass();
                continue;
            };
            judge.fail(
                Failure::new(statement.place.path.as_str(), statement.place.clone())
                    .with("vulnerability", statement.vulnerability.clone())
                    .with("problem", problem),
            );
        }
    },
};
