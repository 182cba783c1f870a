//! Files with weights, and what has to be beside them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cards::{of_models, weights};
use crate::model::{DocumentRole, ModelFile, RelPath, Safety};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;
use crate::policy::predicates::{PARTIAL, Predicate};

pub(in super::super) const CARD_MISSING: Predicate = Predicate {
    name: "model-card-missing",
    about: "A folder holds weights, and neither it nor a folder above it has a model card: a document named like one, one with the front matter of a card, or a README that speaks of the model.",
    on: SubjectKind::Model,
    fields: &["folder", "count"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let mut folders: BTreeMap<RelPath, Vec<&ModelFile>> = BTreeMap::new();
        for model in weights(context) {
            folders.entry(model.place.path.parent()).or_default().push(model);
        }
        if folders.is_empty() {
            return;
        }
        if !inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let cards = of_models(context);
        let is_card = |folder: &RelPath| {
            cards.iter().any(|card| card.document.place.path.parent() == *folder)
                || inventory.documents.iter().filter(|d| d.place.path.parent() == *folder).any(|d| {
                    let name = d.place.path.name().to_ascii_lowercase();
                    let is_named = name.contains("model") && name.contains("card");
                    let speaks = d.role == DocumentRole::Readme
                        && d.headings.iter().any(|h| {
                            let title = h.text.to_lowercase();
                            ["model", "weights", "training", "checkpoint", "模型", "权重"]
                                .iter()
                                .any(|word| title.contains(word))
                        });
                    is_named || speaks
                })
        };
        for (folder, models) in folders {
            if folder.ancestors().any(|at| is_card(&at)) {
                judge.pass();
                continue;
            }
            let Some(first) = models.first() else { continue };
            let name = if folder.as_str().is_empty() { "the root".to_owned() } else { folder.to_string() };
            judge.fail(
                Failure::new(first.place.path.as_str(), first.place.clone())
                    .with("folder", name)
                    .with("count", models.len().to_string()),
            );
        }
    },
};

pub(in super::super) const INTEGRITY: Predicate = Predicate {
    name: "weights-integrity",
    about: "Weights in a format of data only break their own promises, or an index of shards names a file that is not there.",
    on: SubjectKind::Model,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        for model in inventory.models.iter().filter(|m| is_first_party(&m.place.path)) {
            if !matches!(model.format.as_str(), "gguf" | "hdf5" | "onnx" | "safetensors") {
                continue;
            }
            if model.safety != Safety::Unread {
                judge.pass();
                continue;
            }
            let reason = model.reasons.first().cloned().unwrap_or_default();
            judge.fail(Failure::new(model.place.path.as_str(), model.place.clone()).with("problem", reason));
        }
        for index in inventory.metadata.iter().filter(|m| m.kind == "shard-index") {
            let Some(map) = index.value.get("weight_map").and_then(Value::as_object) else { continue };
            if !inventory.whole {
                judge.undecided(PARTIAL);
                continue;
            }
            let folder = index.place.path.parent();
            let mut files: Vec<&str> = map.values().filter_map(Value::as_str).collect();
            files.sort_unstable();
            files.dedup();
            let absent: Vec<&str> = files
                .iter()
                .copied()
                .filter(|file| folder.join(file).is_none_or(|path| inventory.index_of(&path).is_none()))
                .collect();
            match absent.as_slice() {
                // An index without any of its shards comes from a repository that keeps weights elsewhere.
                [] => judge.pass(),
                all if all.len() == files.len() => judge.nothing("the weights are kept elsewhere"),
                [first, ..] => judge.fail(Failure::new(index.place.path.as_str(), index.place.clone()).with(
                    "problem",
                    format!("it names {first}, which is not there ({} of {} files)", absent.len(), files.len()),
                )),
            }
        }
    },
};
