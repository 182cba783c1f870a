//! The metadata of GGUF files (ggml's documentation, "GGUF"), versions 2 and 3: what the model is called, its license,
//! and what it was made from.

use super::{Bytes, Header, model_file, repository_at, say};
use crate::collect::SourceFile;
use crate::model::Evidence;

/// How many pairs of metadata are read. Real files hold some dozens.
const MOST_PAIRS: u64 = 4096;

/// Reads the header; what cannot be read is noted by whoever judges the file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let bytes = file.raw();
    if bytes.starts_with(b"GGUF") {
        let mut header = Header::default();
        // A header that is cut off still tells what stands in front.
        let _ = pairs(&mut Bytes { bytes, at: 4 }, &mut header);
        model_file(file, header, out);
    }
}

fn pairs(reader: &mut Bytes<'_>, header: &mut Header) -> Option<()> {
    let _version = reader.number(4)?;
    let _tensors = reader.number(8)?;
    let count = reader.number(8)?.min(MOST_PAIRS);
    for _ in 0..count {
        let length = reader.number(8)?;
        let key = String::from_utf8_lossy(reader.take(length)?).into_owned();
        let kind = reader.number(4)?;
        let Some(text) = value(reader, kind, 0)? else { continue };
        let text = text.trim().to_owned();
        // Settings by the name of the architecture: `llama.context_length`, `llama.block_count` ...
        if key.ends_with(".context_length") || key.ends_with(".block_count") || key.ends_with(".embedding_length") {
            say(&mut header.card, &key, &text);
            continue;
        }
        let base = key.strip_prefix("general.base_model.").and_then(|rest| rest.split_once('.'));
        match (key.as_str(), base) {
            ("general.name", _) => header.name = Some(text),
            ("general.version", _) => header.version = Some(text),
            ("general.license", _) => header.license = Some(text),
            ("general.architecture", _) => header.card.family = Some(text),
            ("general.file_type", _) => say(&mut header.card, "quantization", file_type(&text).unwrap_or(&text)),
            ("general.size_label" | "general.basename" | "general.finetune" | "general.quantization_version", _) => {
                say(&mut header.card, key.trim_start_matches("general."), &text);
            }
            ("general.source.huggingface.repository", _) => header.repository = Some(text),
            ("general.repo_url" | "general.source.repo_url", _) => {
                header.repository = repository_at(&text).map(str::to_owned).or(header.repository.take());
            }
            (_, Some((_, "repo_url"))) => header.bases.extend(repository_at(&text).map(str::to_owned)),
            _ => {}
        }
    }
    Some(())
}

/// How many bytes a value of a simple type has.
fn size(kind: u64) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// The name of a file type (ggml's documentation, "GGUF", `general.file_type`).
fn file_type(number: &str) -> Option<&'static str> {
    Some(match number {
        "0" => "F32",
        "1" => "F16",
        "2" => "Q4_0",
        "3" => "Q4_1",
        "7" => "Q8_0",
        "8" => "Q5_0",
        "9" => "Q5_1",
        "10" => "Q2_K",
        "11" => "Q3_K_S",
        "12" => "Q3_K_M",
        "13" => "Q3_K_L",
        "14" => "Q4_K_S",
        "15" => "Q4_K_M",
        "16" => "Q5_K_S",
        "17" => "Q5_K_M",
        "18" => "Q6_K",
        "32" => "BF16",
        _ => return None,
    })
}

/// Passes a value by; gives it when it is a text or a whole number without a sign.
fn value(reader: &mut Bytes<'_>, kind: u64, depth: u8) -> Option<Option<String>> {
    match kind {
        8 => {
            let length = reader.number(8)?;
            return Some(Some(String::from_utf8_lossy(reader.take(length)?).into_owned()));
        }
        9 if depth < 4 => {
            let (inner, count) = (reader.number(4)?, reader.number(8)?);
            match size(inner) {
                Some(bytes) => {
                    reader.take(count.checked_mul(bytes)?)?;
                }
                // Texts and lists take bytes of their own, so the file bounds their number.
                None => {
                    for _ in 0..count {
                        value(reader, inner, depth + 1)?;
                    }
                }
            }
        }
        0 | 2 | 4 | 10 => return Some(Some(reader.number(size(kind)?)?.to_string())),
        other => {
            reader.take(size(other)?)?;
        }
    }
    Some(None)
}
