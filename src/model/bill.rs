//! A bill of materials, free of any format: what CycloneDX and SPDX both can say.
//!
//! Reports write it, and documents that lie in a checkout are read into it, so the same model serves writing, checking,
//! merging and converting. What is not known is absent; every format has its own word for that.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ComponentKind, Hash, Place, RelPath, Scope};

/// A bill of materials.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bill {
    /// Name of the document.
    pub name: String,
    /// When its content was so, in UTC with seconds (RFC 3339): the time of the commit, or of `SOURCE_DATE_EPOCH`.
    pub created: Option<String>,
    /// Who answers for the document.
    pub authors: Vec<Party>,
    /// What made it.
    pub tools: Vec<BillTool>,
    /// Phases of the life cycle it speaks of, in the words of CycloneDX: `pre-build`, `build`, `post-build` ...
    pub lifecycles: Vec<String>,
    /// Reference of the component that the document is about.
    pub root: Option<String>,
    /// Every component, the root included, sorted by reference.
    pub components: Vec<Component>,
    /// Texts of licenses that are not on the SPDX License List, by their `LicenseRef-` id.
    pub license_texts: Vec<LicenseText>,
}

impl Bill {
    /// The component with this reference.
    pub fn component(&self, reference: &str) -> Option<&Component> {
        self.components.binary_search_by(|c| c.reference.as_str().cmp(reference)).ok().map(|at| &self.components[at])
    }

    /// The component that the document is about.
    pub fn root(&self) -> Option<&Component> {
        self.component(self.root.as_deref()?)
    }

    /// Components other than the root.
    pub fn others(&self) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(|c| Some(&c.reference) != self.root.as_ref())
    }
}

/// A person, an organization or a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// Whether it is a person; an organization otherwise.
    pub person: bool,
    /// Mail address.
    pub email: Option<String>,
    /// Address on the web.
    pub url: Option<String>,
}

/// A program that made a bill.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct BillTool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its home page.
    pub url: Option<String>,
}

/// Whether a list is all there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    /// Nothing is missing.
    Complete,
    /// Something is missing.
    Incomplete,
    /// It is not known.
    #[default]
    Unknown,
}

/// One component.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// What other parts of the bill call it; unique, and its purl where it has one.
    pub reference: String,
    /// What it is.
    pub kind: ComponentKind,
    /// Its name, with the namespace in front where it has one (`@babel/core`).
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Package URL.
    pub purl: Option<String>,
    /// Common Platform Enumeration.
    pub cpe: Option<String>,
    /// Who distributes it.
    pub supplier: Option<Party>,
    /// Who wrote it.
    pub authors: Vec<Party>,
    /// One sentence about it.
    pub description: Option<String>,
    /// What it is needed for.
    pub scope: Option<Scope>,
    /// Digests of its archive.
    pub hashes: Vec<Hash>,
    /// License as its authors state it.
    pub declared: Option<String>,
    /// License as the evidence shows it.
    pub concluded: Option<String>,
    /// Copyright statements, one per line.
    pub copyright: Option<String>,
    /// Name of the file that is distributed.
    pub file_name: Option<String>,
    /// Where more is to be found.
    pub references: Vec<ExternalReference>,
    /// Where in the checkout it was seen, sorted.
    pub occurrences: Vec<Place>,
    /// References of what it depends on, sorted.
    pub dependencies: Vec<String>,
    /// Whether `dependencies` are all there are.
    pub completeness: Completeness,
    /// Reference of the component that it is a part of.
    pub parent: Option<String>,
    /// Further facts, by the names of the CycloneDX property taxonomy, sorted.
    pub properties: Vec<(String, String)>,
    /// For models of machine learning: what the card says.
    pub card: Option<ModelCard>,
}

impl Component {
    /// Takes a property that is written as `name:part=value`, as documents without properties hold it in a comment.
    /// Anything else is no property.
    pub fn say(&mut self, line: &str) {
        let Some((name, value)) = line.split_once('=') else { return };
        if !name.contains(':') || name.contains(char::is_whitespace) {
            return;
        }
        if name == "openclause:scope" {
            self.scope = Scope::ALL.into_iter().find(|s| s.name() == value).or(self.scope);
        }
        self.properties.push((name.to_owned(), value.to_owned()));
        self.properties.sort();
    }
}

/// An address outside of the bill.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ExternalReference {
    /// What is found there, in the words of CycloneDX: `distribution`, `vcs`, `website`, `source-distribution` ...
    pub kind: String,
    /// The address.
    pub url: String,
    /// Digests of what is found there.
    pub hashes: Vec<Hash>,
}

/// The text of a license that is not on the SPDX License List.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct LicenseText {
    /// `LicenseRef-…`.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its text.
    pub text: String,
}

/// What is known of a model of machine learning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelCard {
    /// What it does: `text-generation`, `image-classification` ...
    pub task: Option<String>,
    /// The family of its architecture: `transformer`, `llama` ...
    pub family: Option<String>,
    /// Its architecture: `LlamaForCausalLM` ...
    pub architecture: Option<String>,
    /// References or names of the data that it was trained on.
    pub datasets: Vec<String>,
    /// Settings and facts of training and format, by name: quantization, context length, base model ...
    pub parameters: Vec<(String, String)>,
}

/// A bill of materials that lies in the checkout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BillDocument {
    /// The file.
    pub path: RelPath,
    /// Its standard: `CycloneDX` or `SPDX`.
    pub standard: String,
    /// The version of the standard.
    pub version: String,
    /// Its encoding: `json`, `xml`, `tag-value`, `json-ld`.
    pub encoding: String,
    /// What it says.
    pub bill: Bill,
    /// Where it breaks its standard.
    pub faults: Vec<BillFault>,
    /// How many models and datasets it describes by the types that its standard has for them.
    pub models: u32,
    /// What these lack of the values that are mandatory for them.
    pub gaps: Vec<BillFault>,
}

/// A place where a document breaks its standard, or lacks something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct BillFault {
    /// What is wrong, in one sentence without a full stop.
    pub reason: String,
    /// Where.
    pub place: Place,
}

/// What somebody says about a vulnerability in a component (VEX).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct VexStatement {
    /// Where it stands.
    pub place: Place,
    /// The vulnerability.
    pub vulnerability: String,
    /// The component: a purl, or a name.
    pub subject: String,
    /// The status in the words of OpenVEX: `not_affected`, `affected`, `fixed`, `under_investigation`.
    pub status: String,
    /// When it was so, as written.
    pub time: Option<String>,
    /// Why it is so: the justification and what is written beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
