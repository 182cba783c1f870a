//! Looks at one file, and at what is inside it.

use super::verdict::Verdict;
use super::{gguf, json, keras, numpy, onnx, pickle, safetensors};
use crate::collect::archive::{Container, Member, decompress, members, sniff_codec, sniff_container};
use crate::model::Safety;

/// How deep containers may stand in each other.
const DEEPEST: u8 = 6;

/// Format, safety and reasons of a file; `None` when it is no model.
pub(super) fn file(name: &str, bytes: &[u8]) -> Option<(String, Safety, Vec<String>)> {
    let mut verdict = Verdict::default();
    part(name, bytes, 0, &mut verdict);
    let mut rounds = 0;
    while let Some(inner) = verdict.take_nested() {
        rounds += 1;
        if rounds > 200 {
            verdict.unread("pickles are nested in pickles without end".to_owned());
            break;
        }
        part("", &inner, 1, &mut verdict);
    }
    if !verdict.is_known() && verdict.safety() != Safety::Dangerous {
        return None;
    }
    Some(verdict.finish())
}

/// Whether a name is that of a file which loaders unpickle.
fn is_pickle_name(name: &str) -> bool {
    const ENDINGS: &[&str] = &["ckpt", "dill", "joblib", "p", "pckl", "pickle", "pk", "pkl", "pt", "pth"];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|e| ending.eq_ignore_ascii_case(e))
}

/// Looks at the file, or at one part of it.
fn part(name: &str, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    if depth > DEEPEST {
        verdict.unread(format!("containers are nested deeper than {DEEPEST}"));
        return;
    }
    let base = name.rsplit('/').next().unwrap_or_default().to_lowercase();
    if let Some(container) = sniff_container(bytes) {
        contents(container, &base, bytes, depth, verdict);
    } else if bytes.starts_with(numpy::MAGIC) {
        verdict.format("numpy");
        numpy::judge(bytes, verdict);
    } else if bytes.starts_with(b"GGUF") {
        verdict.format("gguf");
        gguf::judge(bytes, verdict);
    } else if bytes.starts_with(keras::HDF5) {
        verdict.format(if memchr::memmem::find(bytes, b"model_config").is_some() { "keras" } else { "hdf5" });
        keras::hdf5(bytes, verdict);
    } else if base.ends_with(".safetensors") {
        verdict.format("safetensors");
        safetensors::judge(bytes, verdict);
    } else if base.ends_with(".onnx") {
        verdict.format("onnx");
        onnx::judge(bytes, verdict);
    } else if matches!(base.as_str(), "saved_model.pb" | "keras_metadata.pb") {
        verdict.format("tensorflow");
        keras::saved_model(bytes, verdict);
    } else if base == "config.json" {
        json::config(bytes, verdict);
    } else if matches!(base.as_str(), "tokenizer_config.json" | "chat_template.json" | "processor_config.json") {
        json::tokenizer(bytes, verdict);
    } else if base == "chat_template.jinja" {
        json::template(&String::from_utf8_lossy(bytes), verdict);
    } else if pickle::starts(bytes) || is_pickle_name(&base) {
        pickled(&base, bytes, depth, verdict);
    } else if let Some(codec) = sniff_codec(bytes) {
        unpacked(codec, bytes, depth, verdict);
    }
}

/// A pickle, a compressed one, or, where neither name nor first bytes are sure, something else.
fn pickled(name: &str, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    if !pickle::starts(bytes)
        && let Some(codec) = sniff_codec(bytes)
    {
        unpacked(codec, bytes, depth, verdict);
        if verdict.is_known() {
            return;
        }
    }
    let mut found = Verdict::default();
    pickle::judge(bytes, &mut found);
    // A keyboard's .pt, a page's .p and a protocol's .ckpt are no pickles: a text that breaks at once is something else.
    let is_sure = pickle::starts(bytes) || is_binary(bytes) && is_pickle_name(name);
    let is_broken = found.safety() == Safety::Unread;
    if is_broken && (!is_sure || depth > 0 && !is_pickle_name(name)) {
        return;
    }
    verdict.format("pickle");
    verdict.absorb(found);
}

fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() || std::str::from_utf8(bytes).is_err()
}

/// A compressed stream; what does not unpack at all is none.
fn unpacked(codec: crate::collect::archive::Codec, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    match decompress(codec, bytes, &mut verdict.budget) {
        Ok(inner) => part("", &inner, depth + 1, verdict),
        Err((inner, why)) if !inner.is_empty() => {
            part("", &inner, depth + 1, verdict);
            if verdict.is_known() {
                verdict.unread(format!("a compressed stream breaks off: {why}"));
            }
        }
        Err(_) => {}
    }
}

/// The members of a container.
fn contents(container: Container, base: &str, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    let (found, wrong) = members(container, bytes, &mut verdict.budget);
    let found_none = found.is_empty();
    let has = |wanted: fn(&str) -> bool| found.iter().any(|m| wanted(&m.name));
    let format = if has(|n| n.ends_with("data.pkl") || n.ends_with("constants.pkl")) {
        "torch"
    } else if has(|n| n == "model.weights.h5") || base.ends_with(".keras") {
        "keras"
    } else if !found.is_empty() && found.iter().all(|m| m.name.ends_with(".npy")) {
        "numpy"
    } else if base.ends_with(".mar") || has(|n| n == "MAR-INF/MANIFEST.json") {
        "torchserve"
    } else if base.ends_with(".skops") {
        "skops"
    } else {
        match container {
            Container::Zip => "zip",
            Container::Tar => "tar",
            Container::SevenZip => "7z",
        }
    };
    // A plain archive counts as a model when there is one in it.
    let is_plain = matches!(format, "zip" | "tar" | "7z");
    let is_named =
        is_pickle_name(base) || matches!(base.rsplit_once('.'), Some((_, "npz" | "bin" | "nemo" | "model")));
    let mut inner = verdict.inner();
    for Member { name, content, doubt } in found {
        let is_weight = matches!(format, "torch") && name.contains("/data/");
        match content {
            Ok(content) => {
                if format == "keras" && name == "config.json" || format == "skops" && name == "schema.json" {
                    inner.format(format);
                    json::classes(&content, &mut inner);
                } else if !is_weight || pickle::starts(&content) {
                    member(&name, &content, depth, &mut inner);
                }
                if let Some(doubt) = doubt.filter(|_| is_pickle_name(&name) || inner.is_known()) {
                    inner.unread(format!("{name}: {doubt}"));
                }
            }
            Err(why) if is_pickle_name(&name) || !is_plain => inner.unread(format!("{name}: {why}")),
            Err(_) => {}
        }
    }
    verdict.budget = std::mem::take(&mut inner.budget);
    // Broken tar files are most often what other programs are tested with.
    let is_broken = wrong.is_some() && found_none && container != Container::Tar;
    let knows = inner.is_known() || !is_plain || is_named || is_broken;
    if !knows && inner.safety() != Safety::Dangerous {
        return;
    }
    verdict.format(format);
    while let Some(bytes) = inner.take_nested() {
        verdict.nested(&bytes);
    }
    for (safety, reason) in inner.reasons() {
        verdict.add(safety, reason);
    }
    if let Some(wrong) = wrong {
        verdict.unread(wrong);
    }
}

fn member(name: &str, content: &[u8], depth: u8, verdict: &mut Verdict) {
    let mut found = verdict.inner();
    part(name, content, depth + 1, &mut found);
    while let Some(inner) = found.take_nested() {
        verdict.nested(&inner);
    }
    verdict.budget = std::mem::take(&mut found.budget);
    if found.is_known() {
        verdict.format("member");
    }
    for (safety, reason) in found.reasons() {
        verdict.add(safety, format!("{name}: {reason}"));
    }
}
