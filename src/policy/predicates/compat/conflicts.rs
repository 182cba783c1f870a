//! Licenses that exclude each other: a component's and the project's, two components', a copied file's and the project's.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Predicate;
use super::super::manifests::is_later;
use super::dependencies::{NO_SOURCE, name_some};
use super::{Meeting, Reader, graph, license_text, outbound, vendored};
use crate::model::{
    Copyright, Detection, DetectionKind, FileKind, FileRecord, Manifest, Package, Place, RelPath, Severity,
};
use crate::policy::compat::{Answer, Compatibility, Relation, Scope};
use crate::policy::evaluate::Context;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::{is_license_text_name, is_source, is_test};
use crate::policy::project::{LicenseText, license_of};
use crate::policy::{compat, expression};

/// Whether what decided is that the license withholds freedoms; other rules speak of those.
fn is_restricted(verdict: &Compatibility) -> bool {
    let terms = verdict.branches.iter().flat_map(|b| &b.because).filter(|t| t.answer == Answer::No);
    let facts = terms.filter_map(|t| compat::license(expression::bare(&t.inbound)));
    facts.into_iter().any(|f| !f.is_open())
}

/// Whether a license may not be used so, and not for what it withholds.
fn is_refused(verdict: &Compatibility) -> bool {
    verdict.answer == Answer::No && !is_restricted(verdict)
}

/// The first source that is an address, else the row.
fn source(verdict: &Compatibility) -> String {
    let sources: Vec<&String> = verdict.branches.iter().flat_map(|b| &b.because).flat_map(|t| &t.sources).collect();
    let address = sources.iter().find(|s| s.starts_with("http")).or(sources.first());
    address.map(|s| (*s).clone()).unwrap_or_default()
}

pub(crate) const OUTBOUND: Predicate = Predicate {
    name: "outbound-conflict",
    about: "By relation and branch, a component's license cannot be used in a work under the project's license. Components without a known license are left to dependency-license-unknown.",
    on: SubjectKind::Component,
    fields: &["component", "license", "outbound", "relation", "reason", "path", "source", "branches"],
    params: &[("outbound", ParamKind::Expression)],
    check: |context, judge| {
        let (uses, unknown) = graph::uses(context);
        let meeting = Meeting::new(context);
        let mut reader = Reader::default();
        let mut without = 0;
        for used in &uses {
            for (at, package) in used.components() {
                let Some(text) = license_text(package) else {
                    without += 1;
                    continue;
                };
                let relation = meeting.relation(package);
                let Some(verdict) = reader.judge(text, &used.outbound.expression, relation) else {
                    without += 1;
                    continue;
                };
                if !is_refused(verdict) {
                    judge.pass();
                    continue;
                }
                let Some(place) = package.origin.first() else { continue };
                let branches: Vec<&str> = verdict.branches.iter().map(|b| b.branch.as_str()).collect();
                judge.fail(
                    Failure::new(package.purl.clone(), place.clone())
                        .with("component", package.label())
                        .with("license", text)
                        .with("outbound", used.outbound.expression.to_string())
                        .with("relation", relation.name())
                        .with("reason", verdict.reason())
                        .with("path", used.path(at))
                        .with("source", source(verdict))
                        .with("branches", branches.join(" | "))
                        .license(text)
                        .also(used.outbound.place.clone().into_owned(), "the project's license is declared here"),
                );
            }
        }
        if unknown && judge.subjects == 0 {
            judge.undecided("the project's license is not known");
        } else if without > 0 && judge.subjects == 0 {
            judge.undecided(NO_SOURCE);
        }
        judge.nothing("the project has no components");
    },
};

pub(crate) const SIBLING: Predicate = Predicate {
    name: "sibling-conflict",
    about: "Two components of one artefact exclude each other: one wants the whole under its own license, which the other does not allow. Conflicts with the project's own license are left to outbound-conflict.",
    on: SubjectKind::Component,
    fields: &["component", "license", "other", "theirs", "reason", "path", "source"],
    params: &[],
    check: |context, judge| {
        let (uses, _) = graph::uses(context);
        let meeting = Meeting::new(context);
        let mut reader = Reader::default();
        for used in &uses {
            // By license: the pairs of licenses are few where the pairs of components are many.
            let mut by_license: BTreeMap<(&str, Relation), Vec<(usize, &Package)>> = BTreeMap::new();
            for (at, package) in used.components() {
                let relation = meeting.relation(package);
                let linked = matches!(relation, Relation::Static | Relation::Dynamic);
                if let Some(text) = license_text(package).filter(|_| linked) {
                    by_license.entry((text, relation)).or_default().push((at, package));
                }
            }
            let owners: Vec<(&str, Relation)> = by_license.keys().copied().collect();
            for &(strong, relation) in &owners {
                // The whole of the artefact would have to be under it, and the project's license has room for it.
                let Some(whole) = reader.read(strong).cloned() else { continue };
                let binds = super::branch_facts(&whole).iter().all(|branch| {
                    branch.iter().any(|(_, f)| f.is_some_and(|f| f.is_open() && f.scope == Scope::Work))
                });
                let fits =
                    reader.judge(strong, &used.outbound.expression, relation).is_some_and(|v| v.answer != Answer::No);
                if !binds || !fits {
                    continue;
                }
                for &(weak, their_relation) in &owners {
                    if weak == strong {
                        continue;
                    }
                    let Some(verdict) = reader.judge(weak, &whole, their_relation).cloned() else { continue };
                    let reported = reader
                        .judge(weak, &used.outbound.expression, their_relation)
                        .is_some_and(|v| v.answer == Answer::No);
                    if !is_refused(&verdict) || reported {
                        judge.pass();
                        continue;
                    }
                    let (Some((at, package)), Some((_, owner))) =
                        (by_license[&(weak, their_relation)].first(), by_license[&(strong, relation)].first())
                    else {
                        continue;
                    };
                    let Some(place) = package.origin.first() else { continue };
                    let mut failure = Failure::new(package.purl.clone(), place.clone())
                        .with("component", package.label())
                        .with("license", weak)
                        .with("other", format!("{} {}", owner.name, owner.version))
                        .with("theirs", strong)
                        .with("reason", verdict.reason())
                        .with("path", used.path(*at))
                        .with("source", source(&verdict))
                        .license(weak);
                    if let Some(origin) = owner.origin.first() {
                        failure = failure.also(origin.clone(), format!("{} is {strong}", owner.name));
                    }
                    judge.fail(failure);
                }
            }
        }
        judge.nothing("no component wants the whole under its own license");
    },
};

/// Files that GNU's build tools put into packages. Their exceptions allow any license for the package that they build,
/// in words that vary too much to be found in each of them.
const BUILD_FILES: &[&str] =
    &["ltmain.sh", "libtool.m4", "config.guess", "config.sub", "depcomp", "install-sh", "missing"];

/// Whether a file is by its path no part of a work: a script for a shell or an editor, which runs alone, and what lies in
/// folders for tools, documents and the build.
fn stands_alone(path: &RelPath) -> bool {
    let shells = ["sh", "bash", "zsh", "fish", "ps1", "bat", "awk", "vim"];
    let folders = [
        "admin",
        "bin",
        "build",
        "build-aux",
        "ci",
        "cmake",
        "contrib",
        "debian",
        "dev",
        "doc",
        "docs",
        "hack",
        "m4",
        "maint",
        "misc",
        "packaging",
        "script",
        "scripts",
        "tool",
        "tools",
        "util",
        "utils",
        "utilities",
    ];
    let is_apart = |part: &str| folders.iter().any(|folder| part.eq_ignore_ascii_case(folder));
    shells.contains(&path.extension()) || path.folder().split('/').any(is_apart)
}

/// Fails components in folders for the code of others whose license text is of a license that the project names nowhere
/// and that cannot be linked into a work under the project's. A warning where no file of the component states the license,
/// as some texts are of a part, and where its folder is one for tools. Components that manifests tell of are judged as such.
fn copied_components(context: &Context<'_>, judge: &mut Judge, reader: &mut Reader, named: &BTreeSet<String>) {
    let inventory = context.scene.inventory;
    for copy in vendored::copies(context) {
        let is_declared = |m: &&Manifest| m.license.is_some() && m.place.path.is_within(&copy.folder);
        let is_code = |f: &&&FileRecord| is_source(&f.path.extension().to_ascii_lowercase());
        if !copy.files.iter().any(|f| is_code(&f))
            || inventory.vendored.iter().chain(&inventory.manifests).any(|m| is_declared(&m))
        {
            continue;
        }
        let texts = copy.files.iter().filter(|f| f.path.lies_in(&copy.folder) && is_license_text_name(&f.path));
        let texts: Vec<LicenseText<'_>> = texts.map(|file| LicenseText { path: &file.path, file }).collect();
        let Some((license, place)) = license_of(&texts) else { continue };
        let Some(outbound) = outbound::of(context, &copy.folder) else { continue };
        let text = license.to_string();
        let is_named = expression::ids(&license).iter().any(|id| named.contains(expression::text_id(id)));
        let verdict = reader.judge(&text, &outbound.expression, Relation::Static).filter(|v| is_refused(v)).cloned();
        let Some(verdict) = verdict.filter(|_| !is_named) else {
            judge.pass();
            continue;
        };
        // What the files say of themselves goes before a text beside them.
        let stated = copy.files.iter().filter(is_code).flat_map(|f| &f.licenses).filter(|d| {
            d.kind == DetectionKind::Tag || d.kind == DetectionKind::Text || super::files::is_standard_notice(d)
        });
        let mut answers = stated
            .filter_map(|d| Some(is_refused(reader.judge(&d.expression, &outbound.expression, Relation::Static)?)));
        let first = answers.next();
        let some_refused = first == Some(true) || answers.any(|no| no);
        if first.is_some() && !some_refused {
            judge.pass();
            continue;
        }
        let is_error = some_refused && !stands_alone(&copy.files[0].path) && !is_test(&copy.files[0].path);
        judge.fail(
            Failure::new(copy.folder.as_str(), place)
                .with("license", text.clone())
                .with("outbound", outbound.expression.to_string())
                .with("files", copy.folder.to_string())
                .with("reason", verdict.reason())
                .with("source", source(&verdict))
                .license(text)
                .at_most(if is_error { Severity::Error } else { Severity::Warning })
                .also(outbound.place.into_owned(), "the project's license is declared here"),
        );
    }
}

pub(crate) const COPIED: Predicate = Predicate {
    name: "copied-file-conflict",
    about: "First-party source files are by their header, or a component in vendor/ or third_party/ by its license text, under a license that the project names nowhere and that cannot be used in a work under the project's. One finding per license, or per component; a warning where all of its files are scripts for a shell or an editor, lie in folders for tools, tests, documents and the build, or are of a program with a folder of its own or a part with the text of its license in its folder.",
    on: SubjectKind::File,
    fields: &["license", "outbound", "files", "reason", "source"],
    params: &[("outbound", ParamKind::Expression)],
    check: |context, judge| {
        let named = super::files::named_ids(context);
        let mut reader = Reader::default();
        let mut groups: BTreeMap<(String, String), (Compatibility, outbound::Outbound<'_>, Vec<Place>)> =
            BTreeMap::new();
        let mut unknown = false;
        let files = context.scene.project.own_files().filter(|f| {
            matches!(f.kind, FileKind::Text(_))
                && is_source(&f.path.extension().to_ascii_lowercase())
                && !is_license_text_name(&f.path)
                && !BUILD_FILES.contains(&f.path.name())
        });
        // The files of a folder go out together, unless the configuration tells paths apart.
        let mut last: Option<(&str, Option<outbound::Outbound<'_>>)> = None;
        for file in files {
            let header = file.licenses.iter().filter(|d| {
                d.place.path == file.path
                    && !d.snippet
                    && d.invalid.is_none()
                    && !super::files::is_fragment(d)
                    && (matches!(d.kind, DetectionKind::Tag | DetectionKind::Text)
                        || super::files::is_standard_notice(d)
                        || super::files::is_own_word(d))
            });
            // Prose that speaks of "the GPL" names no version, and rarely grants anything.
            let header = header.filter(|d| {
                let versionless = ["GPL-1.0-or-later", "LGPL-2.0-or-later", "AGPL-1.0-or-later"];
                d.kind != DetectionKind::Notice || !versionless.contains(&d.expression.as_str())
            });
            // Several statements of one file may be a choice, so the mildest counts.
            let texts: Vec<(&str, &Place)> = header.map(|d| (d.expression.as_str(), &d.place)).collect();
            let folder = file.path.folder();
            let outbound = match last {
                Some((known, outbound)) if known == folder && context.config.outbound.is_empty() => outbound,
                _ => outbound::of(context, &file.path),
            };
            last = Some((folder, outbound.clone()));
            let Some(outbound) = outbound else {
                unknown |= !texts.is_empty();
                continue;
            };
            let mut worst: Option<(String, Compatibility, Place)> = None;
            // A sentence is enough to put a copy under the project's own license beside that of its origin.
            // Who may take a later version may take that which the project names.
            let is_of_named = |text: &str| {
                let ids = expression::ids_of(text);
                let is_it = |id: &String| {
                    named.contains(expression::text_id(id)) || named.iter().any(|own| is_later(id, own))
                };
                ids.iter().any(is_it)
            };
            let is_own = |d: &Detection| d.kind == DetectionKind::Notice && is_of_named(&d.expression);
            let mut fits = texts.is_empty() || file.licenses.iter().any(is_own);
            for (text, place) in texts {
                let is_named = is_of_named(text);
                // Whole files of a library may be kept apart in it, so a copied file counts only where linking would.
                let linked = reader.judge(text, &outbound.expression, Relation::Static).is_some_and(is_refused);
                let copied = reader.judge(text, &outbound.expression, Relation::Copied).filter(|v| is_refused(v));
                match copied {
                    Some(verdict) if linked && !is_named => {
                        if worst.is_none() {
                            worst = Some((text.to_owned(), verdict.clone(), place.clone()));
                        }
                    }
                    _ => fits = true,
                }
            }
            // The Regents of the University of California gave up the advertising clauses of all their code in 1999.
            let is_given_up = |text: &str| {
                let of_regents = |c: &Copyright| c.holder.contains("Regents of the University of California");
                text.starts_with("BSD-4") && file.copyrights.iter().any(of_regents)
            };
            match worst.filter(|(text, ..)| !fits && !is_given_up(text)) {
                None => judge.pass(),
                Some((text, verdict, place)) => {
                    let key = (text, outbound.expression.to_string());
                    groups.entry(key).or_insert_with(|| (verdict, outbound, Vec::new())).2.push(place);
                }
            }
        }
        copied_components(context, judge, &mut reader, &named);
        // License texts in folders, where anything is in conflict.
        let texts: Vec<&FileRecord> = match groups.is_empty() {
            true => Vec::new(),
            false => {
                let is_text = |f: &&FileRecord| f.path.depth() > 1 && is_license_text_name(&f.path);
                context.scene.inventory.files.iter().filter(is_text).collect()
            }
        };
        for ((text, out), (verdict, outbound, places)) in groups {
            let Some((first, rest)) = places.split_first() else { continue };
            // Folders that hold a program of this license.
            let starts_program = |path: &RelPath| {
                let stem = path.stem();
                ["main", "Main", "__main__"].contains(&stem)
            };
            let mains = places.iter().filter(|p| starts_program(&p.path)).map(|p| p.path.parent());
            let programs: Vec<RelPath> = mains.filter(|folder| !folder.as_str().is_empty()).collect();
            // A part that has the text of its license in its folder is offered under that, beside the work.
            let ids = expression::ids_of(&text);
            let is_of_it = |id: &str| ids.iter().any(|own| expression::text_id(own) == expression::text_id(id));
            let own_texts = texts.iter().filter(|f| f.licenses.iter().any(|d| is_of_it(&d.expression)));
            let parts: Vec<RelPath> = own_texts.map(|f| f.path.parent()).collect();
            let is_apart = |path: &RelPath| {
                parts.iter().any(|part| path.is_within(part))
                    || stands_alone(path)
                    || is_test(path)
                    || programs.iter().any(|program| path.is_within(program))
            };
            let mut failure = Failure::new(first.path.as_str(), first.clone())
                .with("license", text.clone())
                .with("outbound", out)
                .with("files", name_some(places.iter().map(|p| p.path.as_str())))
                .with("reason", verdict.reason())
                .with("source", source(&verdict))
                .license(text)
                .at_most(if places.iter().all(|p| is_apart(&p.path)) { Severity::Warning } else { Severity::Error })
                .also(outbound.place.into_owned(), "the project's license is declared here");
            for place in rest.iter().take(10) {
                failure = failure.also(place.clone(), "is under it too");
            }
            judge.fail(failure);
        }
        if unknown && judge.subjects == 0 {
            judge.undecided("the project's license is not known");
        }
        judge.nothing("no source file states a license");
    },
};
