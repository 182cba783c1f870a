//! Descriptions of models in JSON: what classes they make loaders import, and what templates do.

use serde_json::Value;

use super::pickle;
use super::verdict::Verdict;
use crate::model::Safety;

/// Why a Keras Lambda layer is dangerous.
pub(super) const LAMBDA: &str = "a Lambda layer holds Python code that runs when the model is loaded";

/// Judges a description of Keras or skops.
pub(super) fn classes(bytes: &[u8], verdict: &mut Verdict) {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => walk(&value, verdict),
        Err(e) => verdict.unread(format!("a description that is no JSON: {e}")),
    }
}

/// Looks at every object of a description. The parser bounds the nesting.
pub(super) fn walk(value: &Value, verdict: &mut Verdict) {
    match value {
        Value::Array(entries) => entries.iter().for_each(|entry| walk(entry, verdict)),
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            let class = text("class_name").or_else(|| text("__class__"));
            let module = text("module").or_else(|| text("__module__"));
            let vocabulary = fields.get("config").and_then(|config| config.get("vocabulary")).and_then(Value::as_str);
            if matches!(class, Some("Lambda" | "__lambda__")) {
                verdict.add(Safety::Dangerous, LAMBDA.to_owned());
            } else if class == Some("TorchModuleWrapper") {
                verdict.add(Safety::Dangerous, "a layer of PyTorch is unpickled when the model is loaded".to_owned());
            } else if let (Some(class), Some(module)) = (class, module)
                && let name = if class == "function" { text("config").unwrap_or(class) } else { class }
                && is_keras(module)
                && (matches!(name, "get_file" | "load_model" | "load_weights" | "enable_unsafe_deserialization")
                    || ["keras.config", "keras.saving", "keras.src.saving"].contains(&module)
                        && name.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                verdict.add(Safety::Dangerous, format!("it calls {module}.{name}"));
            } else if let Some(file) = vocabulary {
                verdict.add(Safety::Unproven, format!("a layer reads its vocabulary from the file {file}"));
            } else if let (Some(class), Some(module)) = (class, module)
                && !is_keras(module)
            {
                // Keras writes the name of a function as the class `function` with the name as its configuration.
                // Its own functions (`relu`, `mse`) stand under `builtins`.
                let name = if class == "function" { text("config").unwrap_or(class) } else { class };
                if class != "function" || module != "builtins" || RUNS.contains(&name) {
                    pickle::judge_import(&format!("{module}.{name}"), verdict);
                }
            }
            fields.values().for_each(|field| walk(field, verdict));
        }
        _ => {}
    }
}

/// Builtin functions of Python by which a description could run code or reach files.
const RUNS: &[&str] = &[
    "__import__",
    "breakpoint",
    "compile",
    "delattr",
    "eval",
    "exec",
    "exit",
    "getattr",
    "globals",
    "help",
    "input",
    "locals",
    "map",
    "filter",
    "open",
    "print",
    "setattr",
    "vars",
];

/// Whether a module is one of Keras, which loads its own classes and functions alone.
fn is_keras(module: &str) -> bool {
    matches!(module.split('.').next(), Some("keras" | "tf_keras" | "tensorflow" | "keras_nlp" | "keras_hub"))
}

/// Judges a `config.json` of Hugging Face: `auto_map` names code beside the weights, which loaders run when told to
/// trust it.
pub(super) fn config(bytes: &[u8], verdict: &mut Verdict) {
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Some(Value::Object(map)) = fields.get("auto_map")
        && !map.is_empty()
    {
        verdict.format("config");
        verdict.add(Safety::Unproven, "auto_map asks loaders to run code that comes with the model".to_owned());
    }
}

/// Judges a chat template (Jinja): attributes that lead out of the sandbox.
pub(super) fn template(text: &str, verdict: &mut Verdict) {
    const WAYS_OUT: &[&str] = &[
        "__class__",
        "__globals__",
        "__import__",
        "__subclasses__",
        "__builtins__",
        "__mro__",
        "__init__",
        ".__",
        ".mro(",
        "attribute='_",
        "attribute=\"_",
        "popen(",
    ];
    // Names in disguise: underscores as escapes or in an index, attributes by filter, globals of Jinja that lead out.
    const DISGUISES: &[&str] = &[
        "\\x5f", "\\u005f", "['__", "[\"__", "|attr(", "| attr(", "lipsum", "cycler.", "cycler[", "joiner.",
        "joiner[",
    ];
    // A dunder put together from single underscores.
    const PIECES: &[&str] = &["='_'", "=\"_\"", "='__'", "=\"__\"", "'_'~", "'_'*", "'__'~", "~'_", "\"_\"*", "~\"_"];
    let is_pieced = text.contains('~') || text.contains('*') || text.contains("join");
    let bare: String = if is_pieced { text.split_whitespace().collect() } else { String::new() };
    if let Some(piece) = PIECES.iter().find(|piece| bare.contains(**piece)) {
        verdict.add(Safety::Dangerous, format!("its chat template puts names together from underscores: {piece}"));
    }
    if let Some(way) = WAYS_OUT.iter().chain(DISGUISES).find(|way| text.contains(*way)) {
        verdict.add(Safety::Dangerous, format!("its chat template reaches for {way}"));
    }
}

/// Judges the chat templates of a tokenizer: a text, or a list of records with one in each.
pub(super) fn tokenizer(bytes: &[u8], verdict: &mut Verdict) {
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(bytes) else { return };
    match fields.get("chat_template") {
        Some(Value::String(text)) => template(text, verdict),
        Some(Value::Array(entries)) => {
            let texts = entries.iter().filter_map(|entry| entry.get("template")?.as_str());
            texts.for_each(|text| template(text, verdict));
        }
        _ => {}
    }
}
