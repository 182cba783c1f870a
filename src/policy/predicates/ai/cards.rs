//! Model cards and dataset cards: documents whose front matter describes a model or a dataset, by the keys of the
//! Hugging Face Hub.

use serde_json::Value;

use crate::model::{Document, ModelFile};
use crate::policy::evaluate::Context;
use crate::policy::paths::is_first_party;

/// Keys that only cards of models have.
const OF_MODELS: &[&str] = &["base_model", "library_name", "model-index", "model_name", "pipeline_tag", "inference"];
/// Keys that only cards of datasets have.
const OF_DATASETS: &[&str] =
    &["annotations_creators", "configs", "dataset_info", "size_categories", "source_datasets", "task_categories"];

/// Formats of files that hold weights. HDF5 that Keras did not write holds data of any kind, unless its name says so.
const WEIGHTS: &[&str] = &["gguf", "keras", "onnx", "safetensors", "tensorflow", "torch"];

/// A card.
#[derive(Clone, Copy)]
pub(super) struct Card<'a> {
    pub(super) document: &'a Document,
    pub(super) front: &'a Value,
}

impl<'a> Card<'a> {
    /// The texts under a key that holds one text or a list of them.
    pub(super) fn texts(&self, key: &str) -> Vec<&'a str> {
        match self.front.get(key) {
            Some(Value::String(text)) => vec![text.trim()],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a key is there and not empty.
    pub(super) fn has(&self, key: &str) -> bool {
        match self.front.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Array(list)) => !list.is_empty(),
            Some(Value::Object(fields)) => !fields.is_empty(),
            Some(_) => true,
        }
    }

    /// Whether a heading holds one of the words.
    pub(super) fn has_section(&self, words: &[&str]) -> bool {
        self.document.headings.iter().any(|heading| {
            let title = heading.text.to_lowercase();
            words.iter().any(|word| title.contains(word))
        })
    }
}

fn cards<'a>(context: &Context<'a>, keys: &'static [&'static str]) -> impl Iterator<Item = Card<'a>> {
    let inventory = context.scene.inventory;
    inventory.documents.iter().filter(|d| is_first_party(&d.place.path)).filter_map(move |document| {
        let front = document.front_matter.as_ref()?;
        keys.iter().any(|key| front.get(key).is_some()).then_some(Card { document, front })
    })
}

/// First-party model cards: those with a key that only models have, and those beside weights.
pub(super) fn of_models<'a>(context: &Context<'a>) -> Vec<Card<'a>> {
    let mut out: Vec<Card<'a>> = cards(context, OF_MODELS).collect();
    for card in cards(context, &["license", "tags", "language", "datasets"]) {
        let folder = card.document.place.path.parent();
        let is_beside = weights(context).any(|model| model.place.path.parent() == folder);
        let is_known = out.iter().any(|known| known.document.place == card.document.place);
        if is_beside && !is_known && !OF_DATASETS.iter().any(|key| card.front.get(key).is_some()) {
            out.push(card);
        }
    }
    out.sort_by(|a, b| a.document.place.cmp(&b.document.place));
    out
}

/// First-party dataset cards.
pub(super) fn of_datasets<'a>(context: &Context<'a>) -> Vec<Card<'a>> {
    cards(context, OF_DATASETS).filter(|card| !OF_MODELS.iter().any(|key| card.front.get(key).is_some())).collect()
}

/// First-party files with weights.
pub(super) fn weights<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a ModelFile> {
    let inventory = context.scene.inventory;
    let is_named = |model: &ModelFile| {
        let name = model.place.path.name().to_ascii_lowercase();
        model.format == "hdf5" && ["model", "weights", "checkpoint"].iter().any(|word| name.contains(word))
    };
    let holds = move |model: &ModelFile| WEIGHTS.contains(&model.format.as_str()) || is_named(model);
    inventory.models.iter().filter(move |m| holds(m) && is_first_party(&m.place.path))
}

/// Whether a document of the project says something, by the phrase lists.
pub(super) fn says(context: &Context<'_>, kind: &str) -> bool {
    context
        .scene
        .inventory
        .documents
        .iter()
        .any(|d| is_first_party(&d.place.path) && d.signals.iter().any(|s| s.kind.0 == kind))
}
