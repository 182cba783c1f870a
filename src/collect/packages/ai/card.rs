//! Model and data set cards: the YAML in front of a `README.md` (Hugging Face's documentation, "Model Cards" and
//! "Dataset Cards").

use super::{HUGGINGFACE, is_repository, repository, repository_at, say, some_card};
use crate::collect::packages::draft::Draft;
use crate::collect::packages::purl::purl;
use crate::collect::{SourceFile, yaml};
use crate::model::{ComponentKind, Evidence, Inventory, Locked, ModelCard};

/// Keys that only model cards have.
const MODEL_KEYS: [&str; 6] =
    ["pipeline_tag", "library_name", "base_model", "model-index", "model_name", "base_model_relation"];
/// Keys that only data set cards have.
const DATA_KEYS: [&str; 6] =
    ["dataset_info", "task_categories", "size_categories", "annotations_creators", "source_datasets", "task_ids"];

/// Reads the card; a readme without one says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let text = file.text();
    let front = text.strip_prefix("---").and_then(|rest| rest.split_once("\n---"));
    let Some((front, body)) = front else { return };
    let has = |keys: &[&str]| {
        let is = |line: &str| keys.iter().any(|key| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
        front.lines().any(is)
    };
    let kind = if has(&DATA_KEYS) && !has(&MODEL_KEYS) {
        ComponentKind::Data
    } else if has(&MODEL_KEYS) {
        ComponentKind::MachineLearningModel
    } else {
        return;
    };
    // The first document is the card; what follows is Markdown, which is seldom YAML.
    let (documents, note) = yaml::documents(file);
    let Some(card) = documents.first() else {
        out.extend(note.map(|note| *note));
        return;
    };
    let heading = body.lines().find_map(|line| line.strip_prefix("# "));
    let named = card.text_of("model_name").or_else(|| card.text_of("pretty_name")).or(heading);
    let name = named.map(str::trim).filter(|n| !n.is_empty() && n.len() <= 100).unwrap_or("model");
    let mut draft = Draft::new(file, HUGGINGFACE);
    let own = draft.add(Locked {
        purl: purl("generic", &name.replace('/', "-"), "", &[]),
        name: name.to_owned(),
        kind,
        direct: Some(true),
        license: license(card),
        region: Some(file.region(0..3)),
        ..Locked::default()
    });
    let mut told = ModelCard { task: card.text_of("pipeline_tag").map(str::to_owned), ..ModelCard::default() };
    for key in [
        "library_name",
        "language",
        "base_model",
        "base_model_relation",
        "metrics",
        "task_categories",
        "size_categories",
    ] {
        let Some(node) = card.get(key) else { continue };
        let words: Vec<&str> = std::iter::once(node).chain(node.entries()).filter_map(yaml::Node::text).collect();
        say(&mut told, key, &words.join(", "));
    }
    let lists = [
        ("base_model", ComponentKind::MachineLearningModel),
        ("datasets", ComponentKind::Data),
        ("source_datasets", ComponentKind::Data),
    ];
    for (key, kind) in lists {
        let Some(node) = card.get(key) else { continue };
        for entry in std::iter::once(node).chain(node.entries()) {
            let Some(text) = entry.text().map(str::trim) else { continue };
            let text = repository_at(text).unwrap_or(text);
            // Data sets of the first days have names without a dash.
            let simple = kind == ComponentKind::Data && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !(is_repository(text) || simple) || matches!(text, "original" | "extended" | "custom" | "null" | "") {
                continue;
            }
            let mut found = repository(text, "", kind);
            found.region = entry.place(file).region;
            if kind == ComponentKind::Data {
                told.datasets.push(found.purl.clone());
            }
            let index = draft.add(found);
            draft.packages[own].dependencies.push(index);
        }
    }
    draft.packages[own].card = some_card(told);
    draft.finish(out);
}

/// The license: an identifier in lower case, or that of `license_name` where it says `other`.
fn license(card: &yaml::Node<'_>) -> Option<String> {
    let node = card.get("license")?;
    let words: Vec<&str> = std::iter::once(node).chain(node.entries()).filter_map(yaml::Node::text).collect();
    match words[..] {
        [] => None,
        ["other"] => card.text_of("license_name").or(Some("other")).map(str::to_owned),
        _ => Some(words.join(" OR ")),
    }
}

/// A card at the root of a checkout from Hugging Face is that of the repository.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    let Some(git) = &inventory.repository else { return };
    let Some(remote) = git.remote.as_deref().map(|remote| remote.trim_end_matches(".git")) else { return };
    let data = remote.strip_prefix("https://huggingface.co/datasets/").filter(|name| is_repository(name));
    let Some(name) = data.or_else(|| repository_at(remote)).map(str::to_owned) else { return };
    let commit = git.head.as_ref().map(|head| head.id.clone()).unwrap_or_default();
    let is_card =
        |place: &crate::model::Place| place.path.depth() == 1 && place.path.name().eq_ignore_ascii_case("readme.md");
    for lock in inventory.locks.iter_mut().filter(|l| l.ecosystem.as_str() == HUGGINGFACE && is_card(&l.place)) {
        if let Some(own) = lock.packages.first_mut() {
            let found = repository(&name, &commit, own.kind);
            (own.purl, own.name, own.version, own.resolved) = (found.purl, found.name, found.version, found.resolved);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{lock, with_text};
    use crate::model::ModelCard;

    #[test]
    fn what_the_card_says_of_the_model() {
        let card = "---
license: mit
pipeline_tag: text-generation
library_name: transformers
language: [en, fr]
base_model: acme/base-model
datasets:
- acme/corpus
---
# My model
";
        let evidence = with_text("README.md", card);
        let text = |text: &str| text.to_owned();
        assert_eq!(
            lock(&evidence).packages[0].card,
            Some(ModelCard {
                task: Some(text("text-generation")),
                datasets: vec![text("pkg:huggingface/datasets/acme/corpus")],
                parameters: vec![
                    (text("base_model"), text("acme/base-model")),
                    (text("language"), text("en, fr")),
                    (text("library_name"), text("transformers")),
                ],
                ..ModelCard::default()
            })
        );
    }
}
