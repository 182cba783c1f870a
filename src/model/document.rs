//! Documents for people: README, CONTRIBUTING, SECURITY and their kin.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

/// What a document is for, by its name and folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentRole {
    /// What the project is.
    Readme,
    /// How to contribute.
    Contributing,
    /// How to behave.
    CodeOfConduct,
    /// How to report vulnerabilities.
    Security,
    /// Who decides.
    Governance,
    /// Who maintains.
    Maintainers,
    /// Where to get help.
    Support,
    /// What changed.
    Changelog,
    /// How to build or install.
    Install,
    /// What to cite (`CITATION.cff`).
    Citation,
    /// An issue or pull-request template.
    Template,
    /// Any other document.
    Other,
}

impl DocumentRole {
    /// The word for the role, as JSON and policy write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Readme => "readme",
            Self::Contributing => "contributing",
            Self::CodeOfConduct => "code-of-conduct",
            Self::Security => "security",
            Self::Governance => "governance",
            Self::Maintainers => "maintainers",
            Self::Support => "support",
            Self::Changelog => "changelog",
            Self::Install => "install",
            Self::Citation => "citation",
            Self::Template => "template",
            Self::Other => "other",
        }
    }
}

/// One document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// The file.
    pub place: Place,
    /// What it is for.
    pub role: DocumentRole,
    /// BCP 47 tag of its language, where the name or the script tells (`README.zh-CN.md`); empty otherwise.
    pub language: String,
    /// Words of prose: code blocks, markup and front matter left out; in scripts without spaces, characters halved.
    pub words: u32,
    /// Front matter as JSON, where the document starts with YAML or TOML between fences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub front_matter: Option<serde_json::Value>,
    /// Headings in order.
    pub headings: Vec<Heading>,
    /// Fragments that lead to places other than headings: named anchors, explicit ids, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchors: Vec<String>,
    /// Links in order.
    pub links: Vec<Link>,
    /// Images in order.
    pub images: Vec<Image>,
    /// What the text says, by phrase lists.
    pub signals: Vec<Signal>,
}

/// A heading of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Heading {
    /// 1 for a title.
    pub level: u8,
    /// The text without markup.
    pub text: String,
    /// The fragment that links to it, as GitHub makes it.
    pub anchor: String,
    /// Its line.
    pub line: u32,
}

/// A link of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// The target as written, percent-decoded.
    pub target: String,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// An image of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Image {
    /// The target as written, percent-decoded.
    pub target: String,
    /// The alternative text; `None` when the markup has no place for one was filled.
    pub alt: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What a phrase in a document says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signal {
    /// What it says.
    pub kind: SignalKind,
    /// Where.
    pub place: Place,
}

/// Kinds of statement that documents make, recognised by the phrase lists of `policies/facts/phrases.toml`.
///
/// The name is the key in that file, so a new kind is a data change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SignalKind(pub String);
