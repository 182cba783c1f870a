//! What the terms of a base model ask of what is derived from it, by `policies/facts/base-models.toml`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::cards::{Card, of_models, says};
use crate::policy::evaluate::Context;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::SubjectKind;
use crate::policy::predicates::{PARTIAL, Predicate};

static DATA: &str = include_str!("../../../../policies/facts/base-models.toml");

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bases {
    base: Vec<Base>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    name: String,
    licenses: Vec<String>,
    says: Option<String>,
    #[serde(default)]
    policy: bool,
}

static BASES: LazyLock<Bases> = LazyLock::new(|| toml::from_str(DATA).unwrap_or_default());

/// The base of a card that has terms of its own, and its name as the card writes it.
fn base<'a>(card: &Card<'a>) -> Option<(&'static Base, &'a str)> {
    let names = card.texts("base_model");
    names.into_iter().find_map(|name| {
        let lower = name.to_lowercase();
        let found = BASES.base.iter().filter(|base| lower.starts_with(&base.name)).max_by_key(|base| base.name.len());
        found.map(|base| (base, name))
    })
}

const fn on_bases(name: &'static str, about: &'static str, check: fn(&Context<'_>, &mut Judge)) -> Predicate {
    Predicate { name, about, on: SubjectKind::Document, fields: &["base", "license", "expected"], params: &[], check }
}

fn failure(card: &Card<'_>, base: &str, expected: &str) -> Failure {
    let license = card.texts("license").join(", ");
    Failure::new(card.document.place.path.as_str(), card.document.place.clone())
        .with("base", base)
        .with("license", if license.is_empty() { "no license".to_owned() } else { license })
        .with("expected", expected)
}

pub(in super::super) const BASE_UNDECLARED: Predicate = on_bases(
    "base-model-undeclared",
    "The configuration of an adapter names a base model that the card beside it, or else the next one above, does not name.",
    |context, judge| {
        let inventory = context.scene.inventory;
        for adapter in inventory.metadata.iter().filter(|m| m.kind == "adapter") {
            let Some(base) =
                adapter.value.get("base_model_name_or_path").and_then(Value::as_str).filter(|b| !b.is_empty())
            else {
                continue;
            };
            let folder = adapter.place.path.parent();
            let card = folder.ancestors().find_map(|at| {
                inventory.documents.iter().find(|d| d.place.path.parent() == at && d.front_matter.is_some())
            });
            let declared = card
                .and_then(|c| c.front_matter.as_ref())
                .is_some_and(|f| f.get("base_model").is_some_and(|v| !v.is_null()));
            if declared {
                judge.pass();
                continue;
            }
            let place = card.map_or(&adapter.place, |c| &c.place).clone();
            judge.fail(
                Failure::new(adapter.place.path.as_str(), place)
                    .with("base", base)
                    .with("license", "")
                    .with("expected", "")
                    .also(adapter.place.clone(), "names the base model"),
            );
        }
    },
);

pub(in super::super) const NOT_PASSED_ON: Predicate = on_bases(
    "base-license-not-passed-on",
    "A card names a base model whose terms go with every derivative, and states a license that drops them.",
    |context, judge| {
        for card in of_models(context) {
            let Some((base, name)) = base(&card) else { continue };
            let stated = card.texts("license");
            let keeps = stated.iter().any(|id| base.licenses.iter().any(|allowed| allowed.eq_ignore_ascii_case(id)));
            if keeps || stated.is_empty() {
                judge.pass();
            } else {
                judge.fail(failure(&card, name, &base.licenses[0]));
            }
        }
    },
);

pub(in super::super) const ATTRIBUTION: Predicate = on_bases(
    "base-attribution-missing",
    "The terms of the base model ask for a line of attribution that no document has.",
    |context, judge| {
        for card in of_models(context) {
            let Some((base, name)) = base(&card) else { continue };
            let Some(kind) = &base.says else { continue };
            if says(context, kind) {
                judge.pass();
                continue;
            }
            let line = if kind == "built-with-llama" {
                "Built with Llama"
            } else {
                "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms"
            };
            judge.fail(failure(&card, name, line));
        }
    },
);

pub(in super::super) const USE_POLICY: Predicate = on_bases(
    "use-policy-not-included",
    "The terms of the base model ask to pass on its use policy, and neither a file of that name nor a document has it.",
    |context, judge| {
        let inventory = context.scene.inventory;
        for card in of_models(context) {
            let Some((_, name)) = base(&card).filter(|(base, _)| base.policy) else { continue };
            if !inventory.whole {
                judge.undecided(PARTIAL);
                continue;
            }
            let has_file = inventory.files.iter().any(|file| {
                let name: String = file.path.name().to_lowercase().replace(['-', ' '], "_");
                ["use_policy", "usage_policy", "acceptable_use", "use_restrictions", "prohibited_use"]
                    .iter()
                    .any(|n| name.contains(n))
            });
            if has_file || says(context, "use-policy") {
                judge.pass();
            } else {
                judge.fail(failure(&card, name, ""));
            }
        }
    },
);
