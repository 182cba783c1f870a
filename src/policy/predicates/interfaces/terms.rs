//! The license of interface documents.

use super::{Context, NONE, Predicate, own};
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(crate) const LICENSE_MISSING: Predicate = Predicate {
    name: "interface-license-missing",
    about: "An OpenAPI or AsyncAPI document has no info.license, or a schema has no license and the project grants none.",
    on: SubjectKind::File,
    fields: &["format", "mend"],
    params: &[],
    check: |context: &Context<'_>, judge| {
        let project = context.scene.project;
        let granted = !project.declared().is_empty() || project.root().is_some_and(|u| !u.texts.is_empty());
        for interface in own(context) {
            let of_file = || context.scene.inventory.file(&interface.place.path).is_some_and(|f| f.license.is_some());
            let is_api = interface.format.ends_with("API");
            if interface.license.is_some() || !is_api && (granted || of_file()) {
                judge.pass();
                continue;
            }
            let mend = if is_api {
                "Add `license: { name: …, identifier: … }` to `info`."
            } else {
                "Add a line `SPDX-License-Identifier: …`, or a LICENSE at the root."
            };
            judge.fail(
                Failure::new(interface.place.path.as_str(), interface.place.clone())
                    .with("format", interface.format)
                    .with("mend", mend),
            );
        }
        judge.nothing(NONE);
    },
};

pub(crate) const MISMATCH: Predicate = Predicate {
    name: "interface-license-mismatch",
    about: "The license that an interface document states is not among those that the project declares. Names that are no SPDX license are not compared.",
    on: SubjectKind::File,
    fields: &["stated", "declared"],
    params: &[],
    check: |context, judge| {
        let project = context.scene.project;
        let mut declared: Vec<String> = project.declared().iter().flat_map(expression::ids).collect();
        if declared.is_empty() {
            let texts = project.root().map(|u| &u.texts[..]).unwrap_or_default();
            declared = texts.iter().flat_map(crate::policy::project::LicenseText::text_ids).collect();
        }
        declared.sort();
        declared.dedup();
        for interface in own(context) {
            let Some((stated, place)) = &interface.license else { continue };
            let known = expression::parse(stated).or_else(|| expression::parse(&expression::suggest(stated)?));
            let Some(known) = known.filter(|_| !declared.is_empty()) else {
                judge.nothing("the license of the document or of the project has no SPDX identifier");
                continue;
            };
            let texts: Vec<&str> = declared.iter().map(|id| expression::text_id(id)).collect();
            if expression::ids(&known).iter().all(|id| texts.contains(&expression::text_id(id))) {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(interface.place.path.as_str(), place.clone())
                        .with("stated", stated.clone())
                        .with("declared", declared.join(", "))
                        .license(known.to_string()),
                );
            }
        }
        judge.nothing("no interface document states a license");
    },
};
