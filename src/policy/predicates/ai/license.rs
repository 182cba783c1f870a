//! The license that a card states.

use super::cards::{Card, of_models, weights};
use crate::model::{DocumentRole, Place};
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::predicates::Predicate;

/// Words of the Hub that name a family of licenses, or none.
const FAMILIES: &[&str] = &["bsd", "cc", "gfdl", "gpl", "lgpl", "openrail", "unknown"];

/// Words of the Hub for terms that restrict who may use a model, or for what.
const RESTRICTED: &[&str] = &[
    "apple-ascl",
    "deepfloyd-if-license",
    "fair-noncommercial-research-license",
    "gemma",
    "h-research",
    "intel-research",
];

const fn on_cards(
    name: &'static str,
    about: &'static str,
    check: fn(&crate::policy::evaluate::Context<'_>, &mut crate::policy::judge::Judge),
) -> Predicate {
    Predicate { name, about, on: SubjectKind::Document, fields: &["license", "other"], params: &[], check }
}

/// Where a key of the front matter stands: the document, for front matter has no places.
fn place(card: &Card<'_>) -> Place {
    card.document.place.clone()
}

fn failure(card: &Card<'_>, license: &str, other: &str) -> Failure {
    Failure::new(card.document.place.path.as_str(), place(card)).with("license", license).with("other", other)
}

pub(in super::super) const MISSING: Predicate = on_cards(
    "card-license-missing",
    "A model card states no license, or `other` without the name and a link or text.",
    |context, judge| {
        for card in of_models(context) {
            let licenses = card.texts("license");
            let is_other = licenses == ["other"];
            let is_named = card.has("license_name") && (card.has("license_link") || card.has("license_details"));
            if licenses.is_empty() || is_other && !is_named {
                let problem = if is_other { "`other` without license_name and license_link" } else { "no license" };
                judge.fail(failure(&card, problem, ""));
            } else {
                judge.pass();
            }
        }
    },
);

pub(in super::super) const FAMILY: Predicate = on_cards(
    "card-license-family",
    "A model card states a family of licenses, such as `gpl` or `cc`, where only one license says what is allowed.",
    |context, judge| {
        for card in of_models(context) {
            match card.texts("license").into_iter().find(|id| FAMILIES.contains(&id.to_lowercase().as_str())) {
                Some(id) => judge.fail(failure(&card, id, "")),
                None => judge.pass(),
            }
        }
    },
);

/// The id in a spelling that can be compared: lower case, GNU suffixes removed.
fn bare(id: &str) -> String {
    let lower = id.to_lowercase();
    expression::text_id(&lower).trim_end_matches("-only").trim_end_matches("-or-later").to_owned()
}

pub(in super::super) const MISMATCH: Predicate = on_cards(
    "card-license-mismatch",
    "A model card names another license than the license text in its folder.",
    |context, judge| {
        for card in of_models(context) {
            let folder = card.document.place.path.parent();
            let stated = card.texts("license");
            let Some(unit) = context.scene.project.units.iter().find(|u| u.folder == folder && u.own_texts) else {
                continue;
            };
            let found: Vec<String> = unit.texts.iter().flat_map(|t| t.text_ids()).collect();
            let known: Vec<&str> =
                stated.iter().copied().filter(|id| !FAMILIES.contains(id) && *id != "other").collect();
            if found.is_empty() || known.is_empty() {
                continue;
            }
            // A text of the code may lie beside the text of the weights: one that agrees is enough.
            let agrees = known
                .iter()
                .any(|id| found.iter().any(|text| bare(text) == bare(id) || bare(text).contains(&bare(id))));
            if agrees {
                judge.pass();
            } else {
                judge.fail(failure(&card, &known.join(", "), &found.join(", ")));
            }
        }
    },
);

pub(in super::super) const OPEN_CLAIM: Predicate = on_cards(
    "open-claim-restricted",
    "A document calls the model open source, and the card's license restricts who may use it or for what.",
    |context, judge| {
        for card in of_models(context) {
            let restricted = card.texts("license").into_iter().find(|id| {
                let id = id.to_lowercase();
                id.starts_with("llama")
                    || id.contains("rail")
                    || id.contains("-nc")
                    || RESTRICTED.contains(&id.as_str())
            });
            let Some(license) = restricted else {
                judge.pass();
                continue;
            };
            let claim = card.document.signals.iter().find(|s| s.kind.0 == "open-source-claim");
            match claim {
                Some(claim) => judge.fail(
                    Failure::new(card.document.place.path.as_str(), claim.place.clone())
                        .with("license", license)
                        .with("other", ""),
                ),
                None => judge.pass(),
            }
        }
    },
);

pub(in super::super) const COMPONENTS: Predicate = Predicate {
    name: "component-licenses-unclear",
    about: "The tree holds weights and code, and only one of the two has a license.",
    on: SubjectKind::Repository,
    fields: &["with", "without"],
    params: &[],
    check: |context, judge| {
        let Some(first) = weights(context).next() else { return judge.nothing("there are no weights") };
        let code = context
            .scene
            .inventory
            .files
            .iter()
            .filter(|f| crate::policy::paths::is_source(f.path.extension()))
            .count();
        if code < 3 {
            return judge.nothing("there is no code beside the weights");
        }
        let code_licensed = context.scene.project.root().is_some_and(|root| !root.texts.is_empty())
            || !context.scene.project.declared().is_empty();
        let weights_licensed = of_models(context).iter().any(|card| card.has("license"))
            || context.scene.inventory.documents.iter().any(|d| {
                d.role == DocumentRole::Readme && d.headings.iter().any(|h| h.text.to_lowercase().contains("license"))
            })
            || context.scene.inventory.files.iter().any(|f| {
                let name = f.path.name().to_lowercase();
                name.contains("license") && (name.contains("model") || name.contains("weight"))
            });
        let (with, without) = match (code_licensed, weights_licensed) {
            (true, true) => return judge.pass(),
            (true, false) => ("the code", "the weights"),
            (false, true) => ("the weights", "the code"),
            (false, false) => ("nothing", "code and weights"),
        };
        judge.fail(Failure::new("repository", first.place.clone()).with("with", with).with("without", without));
    },
};
