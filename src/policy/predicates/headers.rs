//! License tags in file headers.

use std::collections::{BTreeMap, HashMap};

use super::Predicate;
use super::manifests::is_later;
use crate::model::{Detection, DetectionKind, FileKind, FileRecord};
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::is_source;

/// First-party files with the tags that stand in them.
fn tagged<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a FileRecord, &'a Detection)> {
    context.scene.project.own_files().flat_map(|file| {
        file.licenses
            .iter()
            .filter(|d| d.kind == DetectionKind::Tag && d.place.path == file.path)
            .map(move |d| (file, d))
    })
}

/// Ids that the project as a whole names: its manifests, its license texts, its LICENSES/ folder, its REUSE.toml.
fn project_ids(context: &Context<'_>) -> Vec<String> {
    let project = context.scene.project;
    let mut ids: Vec<String> = project.declared().iter().flat_map(expression::ids).collect();
    ids.extend(project.named_ids());
    ids.sort();
    ids.dedup();
    ids
}

/// Whether one license of a header is covered by what the project names.
fn covered(id: &str, project: &[String]) -> bool {
    let id = expression::bare(id);
    // Those of the second kind ask for nothing, so that nothing can be in the way of it.
    if id.starts_with("LicenseRef-") || ["CC0-1.0", "0BSD", "Unlicense", "WTFPL", "MIT-0"].contains(&id) {
        return true;
    }
    let text = expression::text_id(id);
    project.iter().any(|p| {
        let same_text = expression::text_id(p) == text;
        // `-only` in a project that offers `-or-later` narrows it; the same id, a bare text, or the wider grant does not.
        // Who may take a later version may take that of the project.
        is_later(id, expression::text_id(p))
            || same_text && (p == id || p == text || id.ends_with("-or-later") || !p.ends_with("-or-later"))
    })
}

pub(super) const CONFLICT: Predicate = Predicate {
    name: "header-conflicts-project",
    about: "Tags name a license that neither the manifests, the license texts, LICENSES/ nor REUSE.toml name, and whose text the file does not hold. Dedications to the public and licenses without a condition are left out. One finding per license, at the first file.",
    on: SubjectKind::File,
    fields: &["license", "files", "project"],
    params: &[],
    check: |context, judge| {
        let project = project_ids(context);
        if project.is_empty() {
            return judge.nothing("the project's license is not known");
        }
        let mut strangers: BTreeMap<String, Vec<&Detection>> = BTreeMap::new();
        // For each expression what each of its branches names beside the project: files repeat few.
        let mut beside: HashMap<&str, Vec<Vec<String>>> = HashMap::new();
        for (file, detection) in tagged(context).filter(|(_, d)| d.invalid.is_none()) {
            // Code that came from elsewhere and brought the text of its license with it is named by more than a tag.
            let texts = || file.licenses.iter().filter(|d| d.kind == DetectionKind::Text);
            let brought = |id: &String| {
                let id = expression::bare(id);
                texts().any(|d| d.expression == id || d.expression == expression::text_id(id))
            };
            let branches = beside.entry(&detection.expression).or_insert_with(|| {
                let branches = expression::parse(&detection.expression).and_then(|e| expression::branches(&e));
                let mut branches = branches.unwrap_or_default();
                branches.iter_mut().for_each(|ids| ids.retain(|id| !covered(id, &project)));
                branches
            });
            let lacking =
                branches.iter().map(|ids| ids.iter().filter(|id| !brought(id)).cloned().collect::<Vec<String>>());
            // The branch that lacks least is the one that the project can keep to.
            match lacking.min_by_key(Vec::len) {
                Some(ids) if !ids.is_empty() => {
                    ids.into_iter().for_each(|id| strangers.entry(id).or_default().push(detection));
                }
                _ => judge.pass(),
            }
        }
        for (id, detections) in strangers {
            let Some((first, rest)) = detections.split_first() else { continue };
            let files = match rest.len() {
                0 => first.place.path.to_string(),
                more => format!("{} and {more} more", first.place.path),
            };
            let mut failure = Failure::new(first.place.path.as_str(), first.place.clone())
                .with("license", id.clone())
                .with("files", files)
                .with("project", project.join(", "))
                .license(id);
            for other in rest.iter().take(10) {
                failure = failure.also(other.place.clone(), "tagged so too");
            }
            judge.fail(failure);
        }
    },
};

pub(super) const MALFORMED: Predicate = Predicate {
    name: "header-tag-malformed",
    about: "A tag is misspelt, or its expression is not a valid SPDX expression.",
    on: SubjectKind::File,
    fields: &["wrong"],
    params: &[],
    check: |context, judge| {
        for (file, detection) in tagged(context) {
            match &detection.invalid {
                None => judge.pass(),
                Some(wrong) => {
                    judge.fail(Failure::new(file.path.as_str(), detection.place.clone()).with("wrong", wrong.clone()))
                }
            }
        }
    },
};

pub(super) const COVERAGE: Predicate = Predicate {
    name: "header-coverage-low",
    about: "Fewer first-party source files than `min-coverage` percent state their license. Off while that is 0.",
    on: SubjectKind::Repository,
    fields: &["share", "wanted", "without"],
    params: &[("min-coverage", ParamKind::Number)],
    check: |context, judge| {
        let wanted = context.number("min-coverage");
        if wanted == 0 {
            return judge.nothing("no share is asked for (parameter min-coverage)");
        }
        let sources: Vec<&FileRecord> = context
            .scene
            .project
            .own_files()
            .filter(|f| matches!(f.kind, FileKind::Text(_)))
            .filter(|f| is_source(&f.path.extension().to_ascii_lowercase()))
            .collect();
        let without: Vec<&&FileRecord> = sources.iter().filter(|f| f.license.is_none()).collect();
        let (Some(place), false) = (context.scene.project.anchor(), sources.is_empty()) else {
            return judge.nothing("there are no source files");
        };
        let share = (sources.len() - without.len()) as i64 * 100 / sources.len() as i64;
        if share >= wanted {
            return judge.pass();
        }
        let mut failure = Failure::new("repository", place)
            .with("share", share.to_string())
            .with("wanted", wanted.to_string())
            .with("without", without.len().to_string());
        for file in without.iter().take(10) {
            failure = failure.also(crate::model::Place::file(file.path.clone()), "states no license");
        }
        judge.fail(failure);
    },
};
