//! What a model card tells about training, limits and cost.

use super::cards::{of_models, says};
use crate::policy::evaluate::Context;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::SubjectKind;
use crate::policy::predicates::Predicate;

const fn on_cards(name: &'static str, about: &'static str, check: fn(&Context<'_>, &mut Judge)) -> Predicate {
    Predicate { name, about, on: SubjectKind::Document, fields: &[], params: &[], check }
}

/// Fails for each model card that has neither one of the keys nor a section with one of the words, nor says it.
fn tells(context: &Context<'_>, judge: &mut Judge, keys: &[&str], words: &[&str], kind: Option<&str>) {
    let said = kind.is_some_and(|kind| says(context, kind));
    for card in of_models(context) {
        if said || keys.iter().any(|key| card.has(key)) || card.has_section(words) {
            judge.pass();
        } else {
            judge.fail(Failure::new(card.document.place.path.as_str(), card.document.place.clone()));
        }
    }
}

pub(in super::super) const TRAINING_DATA: Predicate = on_cards(
    "training-data-undisclosed",
    "A model card has neither the key `datasets` nor a section on training data.",
    |context, judge| tells(context, judge, &["datasets"], &["data", "corpus", "corpora", "数据"], None),
);

pub(in super::super) const LIMITATIONS: Predicate =
    on_cards("limitations-missing", "A model card has no section on limits, bias or risks.", |context, judge| {
        let words =
            &["limitation", "bias", "risk", "out-of-scope", "out of scope", "caveat", "局限", "偏见", "风险", "限制"];
        tells(context, judge, &[], words, None);
    });

pub(in super::super) const EVALUATION: Predicate = on_cards(
    "evaluation-missing",
    "A model card has neither `model-index` nor a section on evaluation.",
    |context, judge| {
        let words =
            &["evaluation", "result", "benchmark", "performance", "metrics", "accuracy", "评测", "评估", "性能"];
        tells(context, judge, &["model-index", "metrics"], words, None);
    },
);

pub(in super::super) const ENERGY: Predicate = on_cards(
    "energy-undeclared",
    "A model card says nothing about the energy or emissions of training.",
    |context, judge| {
        let words = &["environment", "carbon", "energy", "emission", "co2", "能耗", "碳"];
        tells(context, judge, &["co2_eq_emissions"], words, None);
    },
);

pub(in super::super) const TRAINING_SUMMARY: Predicate = on_cards(
    "training-summary-missing",
    "No document summarises the content used for training, as Article 53(1)(d) of the EU AI Act asks for.",
    |context, judge| {
        tells(context, judge, &[], &["summary of training", "training content"], Some("training-summary"))
    },
);

pub(in super::super) const COPYRIGHT_POLICY: Predicate = on_cards(
    "copyright-policy-missing",
    "No document states a policy on copyright and opt-outs, as Article 53(1)(c) of the EU AI Act asks for.",
    |context, judge| tells(context, judge, &[], &["copyright policy"], Some("copyright-policy")),
);
