//! `config.json`, `model_index.json` and `adapter_config.json` of Hugging Face's libraries: which model weights are of
//! or were made from.

use super::{HUGGINGFACE, is_repository, repository, some_card};
use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json;
use crate::model::{ComponentKind, Evidence, ModelCard};

/// Keys that tell the files from others of their names.
const MARKS: [&[u8]; 5] = [
    b"\"_name_or_path\"",
    b"\"base_model_name_or_path\"",
    b"\"transformers_version\"",
    b"\"_diffusers_version\"",
    b"\"peft_type\"",
];

/// Reads the file; JSON of these names that configures no model says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let bytes = file.text().as_bytes();
    if !MARKS.iter().any(|mark| memchr::memmem::find(bytes, mark).is_some()) {
        return;
    }
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, HUGGINGFACE);
    for key in ["base_model_name_or_path", "_name_or_path"] {
        let Some(node) = document.get(key) else { continue };
        // A folder of the machine on which it was trained tells nothing.
        let Some(name) = node.text().filter(|text| is_repository(text)) else { continue };
        let revision = document.text_of("revision").or_else(|| document.text_of("_commit_hash")).unwrap_or_default();
        let mut found = repository(name, revision, ComponentKind::MachineLearningModel);
        found.region = node.place(file).region;
        found.direct = Some(true);
        let first = document.get("architectures").and_then(|list| list.entries().first()?.text());
        found.card = some_card(ModelCard {
            family: document.text_of("model_type").map(str::to_owned),
            architecture: first.or_else(|| document.text_of("_class_name")).map(str::to_owned),
            ..ModelCard::default()
        });
        draft.add(found);
    }
    if !draft.packages.is_empty() {
        draft.finish(out);
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{lock, with_text};

    #[test]
    fn the_architecture_is_told() {
        let text = r#"{"_name_or_path": "acme/base-7b", "model_type": "llama", "architectures": ["LlamaForCausalLM"], "transformers_version": "4"}"#;
        let evidence = with_text("config.json", text);
        let card = lock(&evidence).packages[0].card.clone().unwrap();
        assert_eq!((card.family.as_deref(), card.architecture.as_deref()), (Some("llama"), Some("LlamaForCausalLM")));
    }
}
