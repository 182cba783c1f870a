//! The license under which the project goes out, and what the project says about it.

use super::Predicate;
use super::manifests::is_later;
use crate::model::{DetectionKind, Document, Place};
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(super) const NOT_OPEN: Predicate = Predicate {
    name: "outbound-not-open",
    about: "The project calls itself open source, and no branch of its license consists of licenses that the OSI approved or the FSF lists as free.",
    on: SubjectKind::Repository,
    fields: &["license"],
    params: &[],
    check: |context, judge| {
        let project = context.scene.project;
        let claim = project
            .documents()
            .find_map(|d| d.signals.iter().find(|s| s.kind.0 == "open-source-claim").map(|s| s.place.clone()));
        let Some(claim) = claim else { return judge.nothing("the project does not call itself open source") };
        let mut outbound = project.declared();
        let from_texts = outbound.is_empty();
        if from_texts {
            let texts = project.root().into_iter().flat_map(|u| &u.texts);
            let ids = texts.flat_map(crate::policy::project::LicenseText::text_ids);
            outbound = ids.filter_map(|id| expression::parse(&id)).collect();
        }
        if outbound.is_empty() {
            return judge.undecided("the project's license is not known");
        }
        // Texts beside each other may be a choice: one that is open is enough.
        let is_open =
            |id: &str| expression::is_open(id) || ["GPL-", "LGPL-", "AGPL-"].iter().any(|g| id.starts_with(g));
        if from_texts && outbound.iter().flat_map(expression::ids).any(|id| is_open(&id)) {
            return judge.pass();
        }
        for expression in outbound {
            let Some(branches) = expression::branches(&expression) else {
                judge.undecided("the license expression has too many branches");
                continue;
            };
            let text = expression.to_string();
            if branches.iter().any(|ids| ids.iter().all(|id| is_open(id))) {
                judge.pass();
            } else if text.contains("Ref-") {
                judge.undecided("the project's license is not on the SPDX list");
            } else if let Some(anchor) = project.anchor() {
                judge.fail(
                    Failure::new("repository", claim.clone())
                        .with("license", text.clone())
                        .license(text)
                        .also(anchor, "the project's license is declared here"),
                );
            }
        }
    },
};

/// License ids that badges of a document name, with their places: `badge/license-MIT-blue`, `License: MIT`.
fn badges(document: &Document) -> Vec<(String, Place)> {
    let mut out = Vec::new();
    for image in &document.images {
        let target = image.target.to_ascii_lowercase();
        if !target.contains("badge") && !target.contains("shields.io") {
            continue;
        }
        let after = |text: &str, mark: &str| {
            let at = text.to_ascii_lowercase().find(mark)?;
            text.get(at + mark.len()..).map(str::to_owned)
        };
        // The static badge writes `label-message-colour` and doubles a dash that belongs to the text.
        let in_target = after(&image.target, "/license-").map(|rest| {
            let plain = rest.replace("--", "\u{0}").replace("%20", " ").replace('_', " ");
            plain.split(['-', '.', '?']).next().unwrap_or_default().replace('\u{0}', "-")
        });
        let in_alt = image.alt.as_deref().and_then(|alt| after(alt, "license: ").or_else(|| after(alt, "license-")));
        for text in in_target.into_iter().chain(in_alt) {
            let text = text.trim();
            let named = expression::parse(text).map(|e| expression::ids(&e)).filter(|ids| !ids.is_empty());
            let meant = named.or_else(|| {
                expression::suggest(text).and_then(|s| expression::parse(&s)).map(|e| expression::ids(&e))
            });
            out.extend(meant.into_iter().flatten().map(|id| (id, image.place.clone())));
        }
    }
    out
}

pub(super) const README: Predicate = Predicate {
    name: "readme-license-mismatch",
    about: "The README names a license, in a badge or a licensing statement, that neither the manifests nor the license texts name. Creative Commons licenses and the GNU Free Documentation License count where the project is under one: they are those of logos and of the README itself.",
    on: SubjectKind::Document,
    fields: &["named", "project"],
    params: &[],
    check: |context: &Context<'_>, judge| {
        let project = context.scene.project;
        let Some(readme) = project.readme() else { return judge.nothing("there is no README") };
        let mut known: Vec<String> = project
            .declared()
            .iter()
            .flat_map(expression::ids)
            .map(|id| expression::text_id(&id).to_owned())
            .collect();
        for unit in &project.units {
            known.extend(unit.texts.iter().flat_map(crate::policy::project::LicenseText::text_ids));
        }
        // The text may stand at the root under another name: `Copyright.txt`.
        let root =
            context.scene.inventory.files.iter().filter(|f| f.path.depth() == 1 && f.path != readme.place.path);
        for detection in root.flat_map(|f| &f.licenses).filter(|d| d.kind == DetectionKind::Text) {
            let ids = expression::ids_of(&detection.expression);
            known.extend(ids.iter().map(|id| expression::text_id(id).to_owned()));
        }
        known.sort();
        known.dedup();
        if known.is_empty() {
            return judge.nothing("the project's license is not known otherwise");
        }
        let mut named = badges(readme);
        let statements = context.scene.inventory.file(&readme.place.path).into_iter().flat_map(|f| &f.licenses);
        for detection in statements.filter(|d| {
            d.place.path == readme.place.path
                && matches!(d.kind, DetectionKind::Notice | DetectionKind::Reference | DetectionKind::Text)
        }) {
            let ids = expression::ids_of(&detection.expression);
            named.extend(ids.into_iter().map(|id| (id, detection.place.clone())));
        }
        // What is licensed like that beside a program is a logo, a picture or the manual.
        let is_of_works = |id: &str| id.starts_with("CC-") || id.starts_with("FSFAP") || id.starts_with("GFDL");
        if !known.iter().any(|id| is_of_works(id)) {
            named.retain(|(id, _)| !is_of_works(id));
        }
        // One right name is enough: a README also speaks of the licenses of what it bundles.
        if named.is_empty() {
            return judge.nothing("the README names no license");
        }
        // "The GPL" is that of any version, and who may take a later one may ship its text.
        let is_known = |id: &str| known.iter().any(|k| k == expression::text_id(id) || is_later(id, k));
        if named.iter().any(|(id, _)| is_known(id)) {
            return judge.pass();
        }
        let (id, place) = named.swap_remove(0);
        if id.starts_with("LicenseRef-") {
            return judge.undecided("the license that the README names is not on the SPDX list");
        }
        judge.fail(
            Failure::new(readme.place.path.as_str(), place).with("named", id).with("project", known.join(", ")),
        );
    },
};
