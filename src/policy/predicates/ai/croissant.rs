//! Croissant 1.0 and 1.1: descriptions of datasets.

use serde_json::Value;

use crate::model::Metadata;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::predicates::Predicate;

/// What the format demands of a dataset.
const REQUIRED: &[&str] = &[
    "@context",
    "@type",
    "conformsTo",
    "description",
    "license",
    "name",
    "url",
    "creator",
    "datePublished",
    "distribution",
];

/// The value of a property, whose name may carry a prefix (`sc:name`, `dct:conformsTo`).
fn property<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = value.as_object()?;
    fields
        .get(name)
        .or_else(|| fields.iter().find(|(key, _)| key.rsplit(':').next() == Some(name)).map(|(_, value)| value))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

pub(in super::super) const INCOMPLETE: Predicate = Predicate {
    name: "croissant-incomplete",
    about: "A Croissant description lacks properties that the format demands.",
    on: SubjectKind::File,
    fields: &["missing"],
    params: &[],
    check: |context, judge| {
        for metadata in descriptions(&context.scene.inventory.metadata) {
            let missing: Vec<&str> = REQUIRED
                .iter()
                .copied()
                .filter(|name| property(&metadata.value, name).is_none_or(is_empty))
                .collect();
            if missing.is_empty() {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(metadata.place.path.as_str(), metadata.place.clone())
                        .with("missing", missing.join(", ")),
                );
            }
        }
    },
};

pub(in super::super) const CHECKSUM: Predicate = Predicate {
    name: "croissant-checksum",
    about: "A file in a Croissant description has no SHA-256, or lies in the tree no more.",
    on: SubjectKind::File,
    fields: &["file", "problem"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        for metadata in descriptions(&inventory.metadata) {
            let Some(Value::Array(files)) = property(&metadata.value, "distribution") else { continue };
            let folder = metadata.place.path.parent();
            for file in files {
                let text = |name: &str| property(file, name).and_then(Value::as_str).unwrap_or_default();
                // A set of files, or what is inside an archive, has no digest of its own.
                if !text("@type").ends_with("FileObject") || property(file, "containedIn").is_some() {
                    continue;
                }
                let name = if text("name").is_empty() { text("@id") } else { text("name") };
                let url = text("contentUrl");
                let is_local = !url.is_empty() && !url.contains("://");
                let is_absent =
                    is_local && inventory.whole && folder.join(url).is_none_or(|path| !inventory.exists(&path));
                let digest = text("sha256");
                let problem = if is_absent {
                    format!("`{url}` is not there")
                } else if digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
                    "it has no SHA-256".to_owned()
                } else {
                    judge.pass();
                    continue;
                };
                judge.fail(
                    Failure::new(metadata.place.path.as_str(), metadata.place.clone())
                        .with("file", name)
                        .with("problem", problem),
                );
            }
        }
    },
};

fn descriptions(all: &[Metadata]) -> impl Iterator<Item = &Metadata> {
    all.iter().filter(|m| m.kind == "croissant")
}
