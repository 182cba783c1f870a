//! Artefacts of machine learning as components: model files by their headers, Hugging Face's cards and configurations,
//! and the models and data sets that code loads by name. Whether a file is safe to load is not judged here.

pub(super) mod card;
pub(super) mod code;
pub(super) mod config;
pub(super) mod gguf;
pub(super) mod onnx;
pub(super) mod safetensors;

use super::draft::Draft;
use super::purl::purl;
use crate::collect::SourceFile;
use crate::model::{ComponentKind, Evidence, Locked, ModelCard};

const HUGGINGFACE: &str = "huggingface";

/// Whether a text can name a repository of Hugging Face: `name` or `owner/name`. Folders of a machine look alike, so
/// words that folders are called by are none.
fn is_repository(text: &str) -> bool {
    const FOLDERS: [&str; 34] = [
        "assets",
        "cache",
        "checkpoint",
        "checkpoints",
        "ckpt",
        "ckpts",
        "config",
        "data",
        "dataset",
        "datasets",
        "experiments",
        "finetuned",
        "hub",
        "local",
        "logs",
        "model",
        "models",
        "my",
        "org",
        "organization",
        "out",
        "output",
        "outputs",
        "path",
        "pretrained",
        "results",
        "runs",
        "saved",
        "save",
        "tests",
        "tmp",
        "user",
        "username",
        "weights",
    ];
    let mut parts = text.split('/');
    let (Some(first), second, None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let word = |part: &str| {
        part.len() <= 96
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    let ends = [".bin", ".pt", ".pth", ".onnx", ".json", ".safetensors", ".gguf", ".csv", ".py", ".txt"];
    let lower = text.to_ascii_lowercase();
    let file = ends.iter().any(|end| lower.ends_with(end));
    match second {
        Some(second) => word(first) && word(second) && !file && !FOLDERS.contains(&&*first.to_ascii_lowercase()),
        // Names without an owner are those of the first models; a dash tells them from folders.
        None => word(first) && !file && (first.contains('-') || first == "gpt2"),
    }
}

/// A model or data set of Hugging Face; the revision in lower case, as the purl type asks.
fn repository(name: &str, revision: &str, kind: ComponentKind) -> Locked {
    let path = if kind == ComponentKind::Data { format!("datasets/{name}") } else { name.to_owned() };
    Locked {
        purl: purl(HUGGINGFACE, &path, &revision.to_lowercase(), &[]),
        name: name.to_owned(),
        version: revision.to_owned(),
        kind,
        resolved: Some(format!("https://huggingface.co/{path}")),
        ..Locked::default()
    }
}

/// The repository that an address of Hugging Face is of.
fn repository_at(address: &str) -> Option<&str> {
    let rest = ["https://huggingface.co/", "https://hf.co/"].iter().find_map(|base| address.strip_prefix(base))?;
    let rest = rest.trim_end_matches('/').split("/tree/").next()?;
    is_repository(rest).then_some(rest)
}

/// What the header of a model file says.
#[derive(Default)]
struct Header {
    name: Option<String>,
    version: Option<String>,
    license: Option<String>,
    /// The repository of Hugging Face that it is of.
    repository: Option<String>,
    /// The models that it was made from, as repositories.
    bases: Vec<String>,
    /// What else it says of the model.
    card: ModelCard,
}

/// Hands over the component of a model file.
fn model_file(file: &SourceFile<'_>, header: Header, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, "model");
    let name = header.name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| name_of(file));
    let version = header.version.unwrap_or_default();
    let mut model = match &header.repository {
        Some(repository) => self::repository(repository, "", ComponentKind::MachineLearningModel),
        None => Locked { purl: purl("generic", &name.replace('/', "-"), &version, &[]), ..Locked::default() },
    };
    model.name = header.repository.clone().unwrap_or(name);
    model.version = version;
    model.kind = ComponentKind::MachineLearningModel;
    model.license = header.license.filter(|l| !l.is_empty());
    model.direct = Some(true);
    model.card = some_card(header.card);
    let model = draft.add(model);
    for base in header.bases {
        let mut base = repository(&base, "", ComponentKind::MachineLearningModel);
        base.direct = Some(false);
        let base = draft.add(base);
        draft.packages[model].dependencies.push(base);
    }
    draft.finish(out);
}

/// The card, its parameters sorted, unless it says nothing.
fn some_card(mut card: ModelCard) -> Option<ModelCard> {
    card.parameters.sort();
    card.parameters.dedup();
    (card != ModelCard::default()).then_some(card)
}

/// How long a text may be that is taken for the value of a parameter.
const LONGEST_PARAMETER: usize = 200;

/// Adds a parameter of the card, unless it has no value or a long text for one.
fn say(card: &mut ModelCard, name: &str, value: &str) {
    let value = value.trim();
    if !value.is_empty() && value.len() <= LONGEST_PARAMETER {
        card.parameters.push((name.to_owned(), value.to_owned()));
    }
}

/// The name of a model by its file: without the number of a shard, and the folder's where all models are called so.
fn name_of(file: &SourceFile<'_>) -> String {
    const COMMON: [&str; 5] = ["model", "pytorch_model", "adapter_model", "diffusion_pytorch_model", "consolidated"];
    let name = file.path.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = match stem.rsplit_once("-of-").and_then(|(front, _)| front.rsplit_once('-')) {
        Some((front, number)) if number.bytes().all(|b| b.is_ascii_digit()) => front,
        _ => stem,
    };
    let folder = file.path.parent();
    if COMMON.contains(&stem) && !folder.name().is_empty() { folder.name().to_owned() } else { stem.to_owned() }
}

/// The bytes of a header, read from the front; each step fails where the file ends.
struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// A little-endian number of so many bytes, at most eight.
    fn number(&mut self, bytes: u64) -> Option<u64> {
        Some(self.take(bytes)?.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_told_from_folders() {
        for yes in ["meta-llama/Llama-2-7b-hf", "bert-base-uncased", "gpt2", "t5-small", "stabilityai/sd-turbo"] {
            assert!(is_repository(yes), "{yes}");
        }
        for no in ["./model", "/x/y", "a/b/c", "models/x", "output", "model.bin", "x/y.json", "", "~/x", "é/x"] {
            assert!(!is_repository(no), "{no}");
        }
        assert_eq!(repository_at("https://huggingface.co/a/b/tree/main"), Some("a/b"));
        assert_eq!(repository_at("https://example.org/a/b"), None);
    }
}
