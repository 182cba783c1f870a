//! The header of safetensors files: the length of a JSON object, and the object, in which `__metadata__` holds texts.
//! Stability AI's `modelspec` keys and those of the trainer `sd-scripts` (`ss_…`) name the model and its base.

use super::{Bytes, Header, is_repository, model_file, repository_at, say};
use crate::collect::SourceFile;
use crate::collect::packages::json;
use crate::model::{Evidence, ModelCard};

/// How long a header may be, as the format's own reader bounds it.
const LONGEST: u64 = 100 << 20;

/// Reads the header; what cannot be read is noted by whoever judges the file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut reader = Bytes { bytes: file.raw(), at: 0 };
    let length = reader.number(8).filter(|length| *length <= LONGEST);
    let text = length.and_then(|length| std::str::from_utf8(reader.take(length)?).ok());
    let Some(document) = text.and_then(|text| json::parse_text(file, text).ok()) else { return };
    let metadata = document.get("__metadata__");
    let of = |key: &str| metadata.and_then(|m| m.text_of(key)).map(str::trim).filter(|t| !t.is_empty());
    let base = ["ss_sd_model_name", "base_model", "modelspec.merged_from", "modelspec.base_model"].iter();
    let bases = base.filter_map(|key| of(key)).filter_map(|text| {
        repository_at(text).or_else(|| Some(text).filter(|t| t.contains('/') && is_repository(t)))
    });
    let mut card =
        ModelCard { architecture: of("modelspec.architecture").map(str::to_owned), ..ModelCard::default() };
    for key in
        ["format", "modelspec.implementation", "modelspec.resolution", "ss_network_module", "ss_base_model_version"]
    {
        say(&mut card, key, of(key).unwrap_or_default());
    }
    let header = Header {
        card,
        name: of("modelspec.title").or_else(|| of("ss_output_name")).or_else(|| of("name")).map(str::to_owned),
        version: of("modelspec.version").or_else(|| of("version")).map(str::to_owned),
        license: of("modelspec.license").or_else(|| of("license")).map(str::to_owned),
        repository: None,
        bases: bases.map(str::to_owned).collect(),
    };
    model_file(file, header, out);
}
