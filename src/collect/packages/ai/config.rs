//! `config.json`, `model_index.json` and `adapter_config.json` of Hugging Face's libraries: which model weights are of
//! or were made from.

use super::{HUGGINGFACE, is_repository, repository};
use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json;
use crate::model::{ComponentKind, Evidence};

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
        draft.add(found);
    }
    if !draft.packages.is_empty() {
        draft.finish(out);
    }
}
