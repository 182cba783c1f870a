//! CITATION.cff (Citation File Format 1.2) against its own rules and the manifest.

use super::Predicate;
use crate::model::DocumentRole;
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

/// Keys that CFF 1.2.0 demands.
const REQUIRED: &[&str] = &["cff-version", "message", "title", "authors"];

pub(super) const CITATION: Predicate = Predicate {
    name: "citation-invalid-or-stale",
    about: "CITATION.cff lacks a key that CFF 1.2 demands, or names another version or license than the root manifest.",
    on: SubjectKind::Document,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        let documents = context.scene.inventory.documents.iter();
        let root = context.scene.project.root().map(|u| &u.manifests[..]).unwrap_or_default();
        for document in documents.filter(|d| d.role == DocumentRole::Citation) {
            let path = document.place.path.as_str();
            let Some(fields) = document.front_matter.as_ref().and_then(|f| f.as_object()) else {
                judge.fail(Failure::new(path, document.place.clone()).with("problem", "is not a YAML mapping"));
                continue;
            };
            let mut problems: Vec<String> = Vec::new();
            for key in REQUIRED {
                if !fields.contains_key(*key) {
                    problems.push(format!("lacks the key `{key}`, which CFF 1.2 demands"));
                }
            }
            let text = |key: &str| fields.get(key).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
            let versions: Vec<&str> = root.iter().filter_map(|m| m.version.as_deref()).collect();
            if let Some(version) = text("version")
                && !versions.is_empty()
                && !versions.contains(&version.trim_start_matches('v'))
            {
                problems.push(format!("names version {version}, the manifest {}", versions.join(", ")));
            }
            let declared = context.scene.project.declared();
            if let Some(license) = fields.get("license").and_then(|v| v.as_str())
                && !declared.is_empty()
            {
                let ids = |e: &spdx::Expression| {
                    let mut ids: Vec<String> =
                        expression::ids(e).iter().map(|id| expression::text_id(id).to_owned()).collect();
                    ids.sort();
                    ids
                };
                match expression::parse(license) {
                    Some(stated) if declared.iter().all(|d| ids(d) != ids(&stated)) => {
                        let theirs: Vec<String> = declared.iter().map(ToString::to_string).collect();
                        let words = format!("names the license {license}, the manifest {}", theirs.join(", "));
                        problems.push(words);
                    }
                    Some(_) => {}
                    None => problems.push(format!("names the license `{license}`, which is no SPDX expression")),
                }
            }
            if problems.is_empty() {
                judge.pass();
            } else {
                judge.fail(Failure::new(path, document.place.clone()).with("problem", problems.join("; it ")));
            }
        }
    },
};
