//! Licenses that files of the tree state: restricted ones, dropped exceptions, narrowed versions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::Predicate;
use super::{Reader, branch_facts, outbound};
use crate::model::{Detection, DetectionKind, FileRecord, Place, RelPath, Severity};
use crate::policy::compat::LicenseFacts;
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_license_text_name, is_source, is_test};

/// Ids that the project names as its own: in manifests, license texts, LICENSES/ and REUSE.toml, and those that the
/// files of license texts at the root tell of, as the licenses of parts; without GNU suffixes.
pub(super) fn named_ids(context: &Context<'_>) -> BTreeSet<String> {
    let ids = context.scene.project.named_ids();
    let mut out: BTreeSet<String> = ids.iter().map(|id| expression::text_id(id).to_owned()).collect();
    let root = context.scene.inventory.files.iter().filter(|f| f.path.depth() == 1 && is_license_text_name(&f.path));
    let told = root.flat_map(|f| &f.licenses).filter(|d| d.kind != DetectionKind::Clue && d.invalid.is_none());
    for parsed in told.filter_map(|d| expression::parse(&d.expression)) {
        for id in expression::ids(&parsed) {
            // The two halves of one text: who names the whole names the older half as well.
            if id == "OpenSSL" {
                out.insert("SSLeay-standalone".to_owned());
            }
            out.insert(expression::text_id(&id).to_owned());
        }
    }
    out
}

/// What a file says of its own license, where it says it. A text in a file that bears its identifier as name
/// (`LICENSES/CC-BY-NC-4.0.txt`, one of a collection of texts) is of no file in particular: tags and notices tell which.
fn stated(file: &FileRecord) -> impl Iterator<Item = &Detection> {
    let is_named = |d: &Detection| {
        d.kind == DetectionKind::Text && (d.expression == file.path.stem() || d.expression == file.path.name())
    };
    file.licenses.iter().filter(move |d| {
        d.invalid.is_none()
            && !d.snippet
            && !is_named(d)
            && !is_fragment(d)
            && (matches!(d.kind, DetectionKind::Tag | DetectionKind::Text) || is_standard_notice(d) || is_own_word(d))
    })
}

/// Whether a text has less than half of the words of the license that it is nearest to: terms that are kin share parts,
/// and a part tells too little to hold against anybody.
pub(super) fn is_fragment(detection: &Detection) -> bool {
    detection.kind == DetectionKind::Text && detection.score < 0.5
}

/// Whether a notice is one of those that licenses tell to put into files: a paragraph, not a phrase in prose or code
/// that speaks of licenses.
pub(super) fn is_standard_notice(detection: &Detection) -> bool {
    let lines = detection.place.region.as_ref().map_or(0, |r| r.end_line.saturating_sub(r.start_line));
    detection.kind == DetectionKind::Notice && lines >= 2
}

/// Whether a sentence at the head of a file says of the file itself what it is under: `This file is licensed under …`, or
/// a line of its comment that is nothing but the statement: `# Licensed under …`.
pub(super) fn is_own_word(detection: &Detection) -> bool {
    const HEAD: u32 = 30;
    const THINGS: &[&str] = &["file", "program", "software", "module", "script", "code", "work", "library"];
    let Some(region) = detection.place.region.as_ref() else { return false };
    // A line of data or prose speaks of something else.
    let is_code = is_source(&detection.place.path.extension().to_ascii_lowercase());
    let says = || {
        let words = region.excerpt.to_ascii_lowercase();
        let line = words.trim_start_matches(|c: char| !c.is_alphanumeric());
        THINGS.iter().any(|thing| words.contains(&format!("this {thing} is ")))
            || is_code && line.len() < words.len() && line.starts_with("licensed under ")
    };
    detection.kind == DetectionKind::Notice && region.start_line <= HEAD && says()
}

/// Fails files in an open project whose license withholds something by `what`. One finding per license.
pub(super) fn restricted(context: &Context<'_>, judge: &mut Judge, what: fn(&LicenseFacts) -> Option<String>) {
    let mut reader = Reader::default();
    // For each expression that can be read what it withholds, if anything: files repeat few.
    let mut withheld: HashMap<&str, Option<Option<String>>> = HashMap::new();
    let mut groups: BTreeMap<String, (String, Vec<&Place>)> = BTreeMap::new();
    // In what tests are fed, a license is data.
    for file in context.scene.project.own_files().filter(|file| !is_test(&file.path)) {
        for detection in stated(file) {
            let reason = withheld.entry(&detection.expression).or_insert_with(|| {
                let branches = branch_facts(reader.read(&detection.expression)?);
                // One branch that withholds nothing is enough.
                let refused: Option<Vec<String>> =
                    branches.iter().map(|branch| branch.iter().find_map(|(_, facts)| what((*facts)?))).collect();
                Some(refused.and_then(|r| r.into_iter().next()))
            });
            let Some(reason) = reason else { continue };
            let Some(reason) = reason.clone() else {
                judge.pass();
                continue;
            };
            // Beside a second notice the first may be one of two to choose from, or have ended by its terms.
            let is_other = |d: &Detection| d.kind == DetectionKind::Notice && d.expression != detection.expression;
            if detection.kind == DetectionKind::Notice && file.licenses.iter().any(is_other) {
                continue;
            }
            // A project that goes out under the license itself has chosen it; another rule speaks of that.
            let Some(outbound) = outbound::of(context, &file.path) else { continue };
            if !outbound::is_open(&outbound.expression) {
                continue;
            }
            groups
                .entry(detection.expression.clone())
                .or_insert_with(|| (reason, Vec::new()))
                .1
                .push(&detection.place);
        }
    }
    // A file that holds the project's license and others tells with the latter of parts, and which those are.
    let is_of_part = |path: &RelPath| {
        let texts = context.scene.inventory.file(path).into_iter().flat_map(|f| &f.licenses);
        is_license_text_name(path) && texts.filter(|d| d.kind == DetectionKind::Text).count() > 1
    };
    for (text, (reason, places)) in groups {
        let Some((first, rest)) = places.split_first() else { continue };
        let files = match rest.len() {
            0 => first.path.to_string(),
            more => format!("{} and {more} more", first.path),
        };
        let mut failure = Failure::new(first.path.as_str(), (*first).clone())
            .with("component", files)
            .with("license", text.clone())
            .with("denied", format!("it {reason}"))
            .at_most(if places.iter().all(|place| is_of_part(&place.path)) {
                Severity::Warning
            } else {
                Severity::Error
            })
            .license(text);
        for place in rest.iter().take(10) {
            failure = failure.also((*place).clone(), "is under it too");
        }
        judge.fail(failure);
    }
}

/// The license and its exceptions, for every license of an expression.
fn with_exceptions(text: &str) -> Vec<(String, Option<String>)> {
    let Some(expression) = expression::parse(text) else { return Vec::new() };
    let parts = expression.requirements();
    parts
        .map(|part| {
            let id = part.req.license.to_string();
            (expression::text_id(&id).to_owned(), part.req.addition.as_ref().map(ToString::to_string))
        })
        .collect()
}

/// The exception that `full` grants on a license and that `bare` names without any.
fn dropped(full: &str, bare: &str) -> Option<(String, String)> {
    let named = with_exceptions(bare);
    with_exceptions(full).into_iter().find_map(|(id, exception)| {
        let exception = exception?;
        let lost = named.iter().any(|(i, e)| *i == id && e.is_none())
            && !named.iter().any(|(i, e)| *i == id && e.as_ref() == Some(&exception));
        lost.then_some((id, exception))
    })
}

pub(crate) const EXCEPTION: Predicate = Predicate {
    name: "exception-dropped",
    about: "A license text, or the vendored copy of a component, grants an exception that the manifest, lock file or bill of materials leaves out.",
    on: SubjectKind::Manifest,
    fields: &["exception", "license", "full", "declared"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        for unit in &context.scene.project.units {
            for manifest in &unit.manifests {
                let Some(field) = &manifest.license else { continue };
                let found = unit.texts.iter().flat_map(|t| t.found().map(move |d| (t, d)));
                let lost = found.filter_map(|(_, d)| Some((d, dropped(&d.expression, &field.text)?))).next();
                match lost {
                    None => judge.pass(),
                    Some((detection, (id, exception))) => judge.fail(
                        Failure::new(manifest.place.path.as_str(), field.place.clone())
                            .with("exception", exception)
                            .with("license", id)
                            .with("full", detection.expression.clone())
                            .with("declared", field.text.clone())
                            .also(detection.place.clone(), "the exception is granted here"),
                    ),
                }
            }
        }
        for copy in &inventory.vendored {
            let (Some(name), Some(field)) = (&copy.name, &copy.license) else { continue };
            for package in inventory.packages.iter().filter(|p| p.name == *name && !p.local) {
                let Some(declared) = &package.license.declared else { continue };
                match dropped(&field.text, declared) {
                    None => judge.pass(),
                    Some((id, exception)) => {
                        let place = package.origin.first().unwrap_or(&copy.place).clone();
                        judge.fail(
                            Failure::new(package.purl.clone(), place)
                                .with("exception", exception)
                                .with("license", id)
                                .with("full", field.text.clone())
                                .with("declared", declared.clone())
                                .also(field.place.clone(), "the exception is granted here"),
                        );
                    }
                }
            }
        }
        judge.nothing("nothing declares a license");
    },
};

pub(crate) const NARROWED: Predicate = Predicate {
    name: "or-later-narrowed",
    about: "The notice of a file allows later versions of a GNU license and its SPDX tag does not, or the reverse. One finding per pair, at the first file.",
    on: SubjectKind::File,
    fields: &["notice", "tag", "files"],
    params: &[],
    check: |context, judge| {
        let mut groups: BTreeMap<(String, String), Vec<(&Place, &Place)>> = BTreeMap::new();
        for file in &context.scene.inventory.files {
            if is_license_text_name(&file.path) {
                continue;
            }
            let here = |kind: DetectionKind| {
                file.licenses
                    .iter()
                    .filter(move |d| d.kind == kind && d.place.path == file.path && d.invalid.is_none())
            };
            let single =
                |d: &&Detection| expression::parse(&d.expression).is_some_and(|e| expression::ids(&e).len() == 1);
            // The first of each: a file may say the same again and again.
            let firsts = |kind| -> BTreeMap<&str, &Detection> {
                here(kind).rev().map(|d| (d.expression.as_str(), d)).filter(|(_, d)| single(d)).collect()
            };
            let notices = firsts(DetectionKind::Notice);
            let tags = if notices.is_empty() { BTreeMap::new() } else { firsts(DetectionKind::Tag) };
            for tag in tags.values() {
                for notice in notices.values() {
                    let (t, n) = (&tag.expression, &notice.expression);
                    let (t_id, n_id) = (expression::bare(t), expression::bare(n));
                    if expression::text_id(t_id) != expression::text_id(n_id) {
                        continue;
                    }
                    let later = |id: &str| id.ends_with("-or-later") || id.ends_with('+');
                    if later(t_id) == later(n_id) {
                        judge.pass();
                    } else {
                        groups
                            .entry((n_id.to_owned(), t_id.to_owned()))
                            .or_default()
                            .push((&tag.place, &notice.place));
                    }
                }
            }
        }
        judge.nothing("no file has both an SPDX tag and a notice of a GNU license");
        for ((notice, tag), places) in groups {
            let Some(((first, at), rest)) = places.split_first() else { continue };
            let files = match rest.len() {
                0 => first.path.to_string(),
                more => format!("{} and {more} more", first.path),
            };
            let mut failure = Failure::new(first.path.as_str(), (*first).clone())
                .with("notice", notice)
                .with("tag", tag.clone())
                .with("files", files)
                .license(tag)
                .also((*at).clone(), "the notice stands here");
            for (place, _) in rest.iter().take(10) {
                failure = failure.also((*place).clone(), "tagged so too");
            }
            judge.fail(failure);
        }
    },
};
