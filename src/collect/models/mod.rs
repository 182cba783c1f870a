//! Files of machine-learning models, and whether loading them runs code. Nothing is loaded.
//!
//! The format is told by content, and containers are opened within bounds. A pickle is followed opcode by opcode and
//! judged by an allowlist: what is known to build data is harmless, what is known to run code is dangerous, and all
//! else is unproven. What was not read to its end is never called clean.

mod examine;
mod gguf;
mod json;
mod keras;
mod numpy;
mod onnx;
mod parts;
mod pickle;
mod protobuf;
mod safetensors;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::BTreeSet;

use super::archive::{Budget, Codec, decompress, sniff_codec};
use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, FileKind, Inventory, ModelFile, Place, RelPath, Safety};

/// Judges model files.
pub struct Models;

impl Collector for Models {
    fn id(&self) -> &'static str {
        "models"
    }

    fn summary(&self) -> &'static str {
        "Model files (pickle, PyTorch, joblib, NumPy, Keras, TensorFlow, ONNX, safetensors, GGUF), by content and through containers, and whether loading them runs code"
    }

    fn interest(&self) -> Interest {
        Interest { names, binary: true, content, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        if let Some((format, safety, reasons)) = examine::file(file.name, file.raw()) {
            let place = Place::file(file.path.clone());
            out.push(Evidence::Model(Box::new(ModelFile { place, format, safety, reasons })));
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        let known: BTreeSet<&RelPath> = inventory.models.iter().map(|model| &model.place.path).collect();
        let mut unread = Vec::new();
        for record in &inventory.files {
            let why = match record.kind {
                FileKind::Empty => "it is empty",
                FileKind::Unread => "the file was not read",
                _ => continue,
            };
            let name = record.path.name().to_lowercase();
            if (is_sure(&name) || name.ends_with(".mar")) && !known.contains(&record.path) {
                unread.push(ModelFile {
                    place: Place::file(record.path.clone()),
                    format: "unknown".to_owned(),
                    safety: Safety::Unread,
                    reasons: vec![why.to_owned()],
                });
            }
        }
        inventory.models.append(&mut unread);
        inventory.models.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

/// Endings that only models have.
const SURE_ENDINGS: &[&str] = &[
    "ckpt",
    "dill",
    "gguf",
    "h5",
    "hdf5",
    "joblib",
    "keras",
    "nemo",
    "npy",
    "npz",
    "onnx",
    "pickle",
    "pkl",
    "pt",
    "pth",
    "safetensors",
    "skops",
];

/// Whether a name, in lower case, is one that only models have.
fn is_sure(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    SURE_ENDINGS.contains(&ending) || name == "saved_model.pb" || is_pickled_binary(name)
}

/// Whether a name is what PyTorch's trainers give to their files: `pytorch_model-00001-of-00002.bin`,
/// `training_args.bin`.
fn is_pickled_binary(name: &str) -> bool {
    const STEMS: &[&str] = &["adapter_model", "optimizer", "pytorch_model", "scheduler", "training_args"];
    name.ends_with(".bin") && STEMS.iter().any(|stem| name.contains(stem))
}

/// Further endings of files that loaders of models read, which other files have as well.
const OTHER_ENDINGS: &[&str] = &["bin", "mar", "model", "p", "pckl", "pk", "pt2", "ptl", "zip", "7z"];

fn names(name: &str, _: &RelPath) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    SURE_ENDINGS.contains(&ending)
        || OTHER_ENDINGS.contains(&ending)
        || matches!(
            name,
            "chat_template.jinja"
                | "chat_template.json"
                | "config.json"
                | "keras_metadata.pb"
                | "processor_config.json"
                | "saved_model.pb"
                | "tokenizer_config.json"
        )
        || matches!(ending, "tgz" | "tar")
        || ending == "pb"
        || is_packed(ending) && is_packed_model(name)
}

/// Whether an ending is that of a compressed stream, those included that are not read.
fn is_packed(ending: &str) -> bool {
    matches!(ending, "br" | "bz2" | "gz" | "lz4" | "lzma" | "lzo" | "xz" | "z" | "zlib" | "zst" | "zstd")
}

/// Whether a compressed file is named like a model or like a tar file, which may hold one: `model.pkl.gz`, `a.tar.gz`.
fn is_packed_model(name: &str) -> bool {
    name.rsplit('.')
        .nth(1)
        .is_some_and(|ending| matches!(ending, "pkl" | "pickle" | "joblib" | "npy" | "pt" | "pth" | "tar"))
}

/// Whether the first bytes are those of a model, whatever the name.
fn content(head: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[b"GGUF", b"\x93NUMPY", b"\x89HDF\r\n\x1a\n"];
    pickle::starts(head)
        || pickle::is_marked_wrong(head)
        || MAGIC.iter().any(|magic| head.starts_with(magic))
        || head.starts_with(b"PK\x03\x04") && memchr::memmem::find(head, b".pkl").is_some()
        || is_packed_pickle(head)
}

/// Whether these are the first bytes of a stream of gzip or zlib in which a pickle starts.
fn is_packed_pickle(head: &[u8]) -> bool {
    let Some(codec @ (Codec::Gzip | Codec::Zlib)) = sniff_codec(head) else { return false };
    let first = match decompress(codec, &head[..head.len().min(256)], &mut Budget::of_bytes(256)) {
        Ok(inner) | Err((inner, _)) => inner,
    };
    pickle::starts(&first)
}
