//! Descriptions of the project in a machine-readable standard.

use super::Place;

/// A file that describes the project, its data or its security by a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// The file.
    pub place: Place,
    /// Which standard: `publiccode`, `codemeta`, `croissant` ... (see the collector `metadata`).
    pub kind: String,
    /// What it says, as JSON.
    pub value: serde_json::Value,
}

impl Metadata {
    /// The kind of a file at the root that holds the version of the project and nothing else.
    pub const VERSION: &str = "version";

    /// The text at a path of keys; `None` where it is absent, empty or something else.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        let value = path.iter().try_fold(&self.value, |value, key| value.get(key))?;
        value.as_str().map(str::trim).filter(|text| !text.is_empty())
    }
}
