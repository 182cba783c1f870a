//! Files with the weights of a machine-learning model, and whether loading them runs code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

/// What loading a file can do to the machine that loads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Read whole, and nothing in it runs but what is known to build data.
    Clean,
    /// It calls code that is neither known to be harmless nor known to be dangerous.
    Unproven,
    /// It, or a part of it, could not be read.
    Unread,
    /// It runs code that can harm the machine.
    Dangerous,
}

impl Safety {
    /// The word for it, as JSON and policy write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Unproven => "unproven",
            Self::Unread => "unread",
            Self::Dangerous => "dangerous",
        }
    }
}

/// One file of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelFile {
    /// The file.
    pub place: Place,
    /// Its format by content: `pickle`, `torch`, `numpy`, `joblib`, `keras`, `safetensors`, `gguf`, `onnx`,
    /// `tensorflow`, `zip` ...
    pub format: String,
    /// The worst of what was found.
    pub safety: Safety,
    /// Why, worst first; empty for a clean file.
    pub reasons: Vec<String>,
}
