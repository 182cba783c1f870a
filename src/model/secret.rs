//! Credentials, as far as they may be told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Confidence, Place};

/// Something that looks like a credential. What it is stays out of every output: the excerpt of its place has marks in
/// place of the secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Secret {
    /// Where it stands, and how long it is.
    pub place: Place,
    /// What it is, in kebab-case: `github-pat`, `private-key`, `password` …
    pub kind: String,
    /// What it is, in words.
    pub title: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Whether a checksum in it holds, so that a machine made it and nobody made it up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proven: bool,
    /// Whether it stands in what explains and not in what runs: a documentation comment or string, or, when it is no more
    /// than the id of a key, any comment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub explained: bool,
    /// Its first characters, where they only tell the kind, and its length: `ghp_… (40 characters)`.
    pub shown: String,
    /// Why it may stay: the reason of a comment at its line that allows it.
    pub allowed: Option<String>,
    /// The last day on which that counts, `YYYY-MM-DD`; what is no such date has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_until: Option<String>,
    /// The commit that brought it, where it is not in the tree but in the history.
    pub commit: Option<String>,
}
