//! Packages: what a project declares, what its lock files fix, and the components that follow.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModelCard, Place, Region, RelPath};

/// The family of packages a manifest or lock belongs to, by its purl type (purl-spec).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Ecosystem(pub std::borrow::Cow<'static, str>);

impl Ecosystem {
    /// Rust crates.
    pub const CARGO: Self = Self(std::borrow::Cow::Borrowed("cargo"));
    /// npm packages.
    pub const NPM: Self = Self(std::borrow::Cow::Borrowed("npm"));

    /// The family with this purl type.
    pub const fn of(purl_type: &'static str) -> Self {
        Self(std::borrow::Cow::Borrowed(purl_type))
    }

    /// The purl type.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a dependency is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// To run the product.
    #[default]
    Runtime,
    /// To run it when the user asks for the feature.
    Optional,
    /// To run it, provided by whoever uses the product.
    Peer,
    /// To build it.
    Build,
    /// To develop it.
    Dev,
    /// To test it.
    Test,
}

impl Scope {
    /// Every scope, from the strongest need to the weakest.
    pub const ALL: [Self; 6] = [Self::Runtime, Self::Optional, Self::Peer, Self::Build, Self::Dev, Self::Test];

    /// The word for the scope, as JSON and policy write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Optional => "optional",
            Self::Peer => "peer",
            Self::Build => "build",
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }
}

/// What a component is, in the words of CycloneDX.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentKind {
    /// A program.
    Application,
    /// A framework.
    Framework,
    /// Code that others use, and whatever else package managers install.
    #[default]
    Library,
    /// An image of a container.
    Container,
    /// What programs run on.
    Platform,
    /// An operating system.
    OperatingSystem,
    /// A device.
    Device,
    /// A driver of a device.
    DeviceDriver,
    /// Software of a device.
    Firmware,
    /// A file.
    File,
    /// A model of machine learning.
    MachineLearningModel,
    /// A collection of data.
    Data,
    /// A key, a certificate or an algorithm.
    CryptographicAsset,
}

impl ComponentKind {
    /// Every kind with its word in CycloneDX.
    pub const NAMES: &[(&str, Self)] = &[
        ("application", Self::Application),
        ("framework", Self::Framework),
        ("library", Self::Library),
        ("container", Self::Container),
        ("platform", Self::Platform),
        ("operating-system", Self::OperatingSystem),
        ("device", Self::Device),
        ("device-driver", Self::DeviceDriver),
        ("firmware", Self::Firmware),
        ("file", Self::File),
        ("machine-learning-model", Self::MachineLearningModel),
        ("data", Self::Data),
        ("cryptographic-asset", Self::CryptographicAsset),
    ];

    /// The word of CycloneDX.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("library", |(name, _)| name)
    }

    /// The kind with this word of CycloneDX.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(word, _)| *word == name).map(|(_, kind)| *kind)
    }

    /// Whether it is the kind that needs no mention.
    pub fn is_library(&self) -> bool {
        *self == Self::Library
    }
}

/// A digest of a package's archive, as its lock file states it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Hash {
    /// CycloneDX name of the algorithm: `SHA-256`, `SHA-512`, `SHA-1`, `MD5` ...
    pub algorithm: String,
    /// The digest in lower-case hexadecimal.
    pub value: String,
}

/// A license as a manifest or lock file states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LicenseField {
    /// The value as written.
    pub text: String,
    /// Where.
    pub place: Place,
    /// Whether the format asks for an SPDX expression here (Cargo, npm, PEP 639), so that anything else is wrong.
    pub spdx: bool,
}

/// What a manifest says about the project it describes, and the direct dependencies it asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The manifest.
    pub place: Place,
    /// Its ecosystem.
    pub ecosystem: Ecosystem,
    /// The package's name; `None` for a manifest that only groups others (a virtual workspace).
    pub name: Option<String>,
    /// Its version, workspace inheritance resolved.
    pub version: Option<String>,
    /// Its license field, workspace inheritance resolved.
    pub license: Option<LicenseField>,
    /// The license file it names, resolved against the root.
    pub license_file: Option<(RelPath, Place)>,
    /// The document it names for readers (`readme` of Cargo and PEP 621), resolved against the root.
    pub readme: Option<RelPath>,
    /// Whether it may be published to a registry (`publish = false` and `private: true` say no).
    pub publishable: bool,
    /// Whether it produces a program, as far as the manifest and the files beside it tell.
    pub application: bool,
    /// Whether it is compiled before use.
    pub compiled: bool,
    /// The manifest of the workspace it belongs to, itself excluded.
    pub workspace: Option<RelPath>,
    /// Whether it is the description that a published package carries and not what its manager resolves here: its
    /// dependencies bind whoever installs it, and become components only where a lock file fixes them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descriptive: bool,
    /// Direct dependencies.
    pub dependencies: Vec<Dependency>,
    /// One-sentence description.
    pub description: Option<String>,
    /// Source repository.
    pub repository: Option<String>,
    /// Home page.
    pub homepage: Option<String>,
    /// Authors as written.
    pub authors: Vec<String>,
    /// Declared minimum runtime (`rust-version`, `engines.node` ...), as written, with its place.
    pub minimum_runtime: Option<(String, Place)>,
    /// What it hands on to other manifests and takes from them; the fields above are complete once the inventory is
    /// assembled.
    #[serde(skip)]
    pub inheritance: Inheritance,
}

impl Manifest {
    /// A manifest of which nothing is known yet: publishable, neither a program nor compiled.
    pub fn new(place: Place, ecosystem: Ecosystem) -> Self {
        Self {
            place,
            ecosystem,
            name: None,
            version: None,
            license: None,
            license_file: None,
            readme: None,
            publishable: true,
            application: false,
            compiled: false,
            workspace: None,
            descriptive: false,
            dependencies: Vec::new(),
            description: None,
            repository: None,
            homepage: None,
            authors: Vec::new(),
            minimum_runtime: None,
            inheritance: Inheritance::default(),
        }
    }
}

/// What a manifest hands on to the members of its workspace, and what it takes from the workspace it belongs to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inheritance {
    /// Patterns of member folders, relative to the manifest's folder; `None` when it heads no workspace. A pattern
    /// that starts with `!` takes folders out again.
    pub members: Option<Vec<String>>,
    /// The workspace that the manifest names as its own, as a folder relative to its own.
    pub root: Option<String>,
    /// Fields that members may take, by the name of the field.
    pub fields: BTreeMap<String, Given>,
    /// Dependencies that members may take, by the key under which they do.
    pub dependencies: BTreeMap<String, Dependency>,
    /// Names of the fields that are taken from the workspace.
    pub takes: Vec<String>,
    /// Dependencies that are taken from the workspace: index into [`Manifest::dependencies`], and the key.
    pub takes_dependencies: Vec<(usize, String)>,
}

/// A value that a workspace hands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The value: one text, or the entries of a list.
    pub values: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// A dependency that a manifest asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dependency {
    /// The package's name in its registry.
    pub name: String,
    /// The requirement as written (`^1.2`, `*`, `workspace:*`); empty when none is stated.
    pub requirement: String,
    /// What it is needed for.
    pub scope: Scope,
    /// Where it comes from when that is not the default registry: `git+https://…#rev`, a path, an archive address.
    pub source: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// One lock file: exact packages and the edges between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lock {
    /// The lock file.
    pub place: Place,
    /// Its ecosystem.
    pub ecosystem: Ecosystem,
    /// Its packages.
    pub packages: Vec<Locked>,
}

/// One package of a lock file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Locked {
    /// Package URL (purl-spec), with qualifiers where the source is not the default registry. Empty for a project that
    /// the lock leaves without a name: it is no component, but its edges tell what is direct.
    pub purl: String,
    /// Name in its registry.
    pub name: String,
    /// Exact version.
    pub version: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "ComponentKind::is_library")]
    pub kind: ComponentKind,
    /// Whether it is the project itself or a member of its workspace, not a dependency.
    pub local: bool,
    /// The folder of a local package, relative to that of the lock's project, where the lock tells.
    pub folder: Option<String>,
    /// What it is needed for, where the lock tells; `None` leaves it to be worked out from the manifests and edges.
    pub scope: Option<Scope>,
    /// Whether a manifest of the project asks for it by name, where the lock tells.
    pub direct: Option<bool>,
    /// The requirements that it answers, as manifests state them, where the lock keys its packages by requirement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// Indexes into [`Lock::packages`] of what it depends on.
    pub dependencies: Vec<usize>,
    /// Features that are switched on, sorted, where the package manager was asked (`--resolve`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Digests.
    pub hashes: Vec<Hash>,
    /// Where its archive is fetched from.
    pub resolved: Option<String>,
    /// License as the lock states it.
    pub license: Option<String>,
    /// For models of machine learning: what the file says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<ModelCard>,
    /// Where it stands in the lock file.
    pub region: Option<Region>,
}

/// The license of a component, as declared by its authors and as concluded from evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageLicense {
    /// What its manifest or lock states, as an SPDX expression where it is one.
    pub declared: Option<String>,
    /// What the evidence shows, or the recorded choice.
    pub concluded: Option<String>,
    /// Where `declared` comes from: `lock`, `manifest`, `vendored`, `cache`.
    pub source: Option<String>,
}

/// A component of the bill of materials: one per purl, whatever number of files name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Package {
    /// Package URL (purl-spec); unique within a report.
    pub purl: String,
    /// Name in its registry.
    pub name: String,
    /// Exact version, or the stated requirement where nothing locks it (see `locked`).
    pub version: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "ComponentKind::is_library")]
    pub kind: ComponentKind,
    /// Whether a lock file fixes the version.
    pub locked: bool,
    /// Whether it is part of the project itself.
    pub local: bool,
    /// The strongest need of any project that names it: runtime before optional before build before dev.
    pub scope: Scope,
    /// Whether a manifest asks for it by name.
    pub direct: bool,
    /// Its license.
    pub license: PackageLicense,
    /// purls of what it depends on, sorted.
    pub dependencies: Vec<String>,
    /// Features that are switched on, sorted, where the package manager was asked (`--resolve`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Digests, sorted.
    pub hashes: Vec<Hash>,
    /// Where its archive is fetched from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// For models of machine learning: what is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<ModelCard>,
    /// Every place that names it, sorted.
    pub origin: Vec<Place>,
}

/// The type of a package URL, such as `npm`; empty when it is none.
pub fn purl_type(purl: &str) -> &str {
    purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')).map_or("", |(kind, _)| kind)
}

impl Package {
    /// Its name and, where there is one, its version, for people.
    pub fn label(&self) -> String {
        format!("{} {}", self.name, self.version).trim_end().to_owned()
    }
}
