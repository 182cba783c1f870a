//! Whether an archive has the parts that its format promises.

use std::collections::BTreeMap;

use serde_json::Value;

use super::verdict::Verdict;

/// What is in an archive: the content of each member by its name, where it could be read.
pub(super) type Parts<'a> = BTreeMap<&'a str, &'a [u8]>;

/// Tells what a loader of this format would look for in vain. `base` is the name of the archive, in lower case.
pub(super) fn missing(format: &str, base: &str, parts: &Parts<'_>, verdict: &mut Verdict) {
    let json = |name: &str| parts.get(name).map(|bytes| serde_json::from_slice::<Value>(bytes));
    match format {
        "torch" => tensors(parts, verdict),
        "keras" => match json("config.json") {
            // What is no JSON is told where it is read.
            Some(Ok(value)) if value.get("class_name").is_none() => {
                verdict.unread("its config.json describes no model".to_owned());
            }
            Some(_) => {}
            None => verdict.unread("it has no config.json".to_owned()),
        },
        "skops" => match json("schema.json") {
            Some(Ok(schema)) => files(&schema, parts, verdict),
            Some(Err(_)) => {}
            None => verdict.unread("it has no schema.json".to_owned()),
        },
        "torchserve" => match json("MAR-INF/MANIFEST.json") {
            Some(Ok(manifest)) => {
                let file = manifest.pointer("/model/serializedFile").and_then(Value::as_str);
                if let Some(file) = file.filter(|file| !parts.contains_key(file)) {
                    verdict.unread(format!("{file}, which its manifest names, is not in it"));
                }
            }
            Some(Err(e)) => verdict.unread(format!("its manifest is no JSON: {e}")),
            None => verdict.unread("it has no manifest".to_owned()),
        },
        _ if base.ends_with(".nemo") && !parts.keys().any(|name| name.ends_with(".ckpt")) => {
            verdict.unread("it has no weights".to_owned());
        }
        _ => {}
    }
}

/// The tensors that the pickles of PyTorch's archive ask for lie in its folders `data` and `constants`.
fn tensors(parts: &Parts<'_>, verdict: &mut Verdict) {
    let found: BTreeMap<&str, usize> = parts
        .iter()
        .filter_map(|(name, content)| {
            let (folder, key) = name.rsplit_once('/')?;
            let is_right = matches!(folder.rsplit('/').next(), Some("data" | "constants" | ".data"));
            is_right.then_some((key, content.len()))
        })
        .collect();
    for storage in std::mem::take(&mut verdict.storages) {
        match found.get(&*storage.key) {
            None => verdict.unread(format!("the tensor {}, which it asks for, is not in it", storage.key)),
            Some(&size) if storage.bytes.is_some_and(|bytes| bytes > size as u64) => {
                verdict.unread(format!("the tensor {} is shorter than it must be", storage.key));
            }
            Some(_) => {}
        }
    }
}

/// The files that a schema of skops names. The parser bounds the nesting.
fn files(schema: &Value, parts: &Parts<'_>, verdict: &mut Verdict) {
    match schema {
        Value::Array(entries) => entries.iter().for_each(|entry| files(entry, parts, verdict)),
        Value::Object(fields) => {
            let file = fields.get("file").and_then(Value::as_str).filter(|_| fields.contains_key("__class__"));
            if let Some(file) = file.filter(|file| !parts.contains_key(file)) {
                verdict.unread(format!("{file}, which its schema names, is not in it"));
            }
            fields.values().for_each(|field| files(field, parts, verdict));
        }
        _ => {}
    }
}
