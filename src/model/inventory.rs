//! All evidence of one scan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Advisories, Artifact, Audit, BillDocument, Certificate, Copyright, Detection, Document, Folder, Handling,
    Interface, Locale, Lock, Manifest, Metadata, ModelFile, Origin, OwnerRule, Package, Patch, Pipeline, RelPath,
    Release, Remark, Repository, ReuseAnnotation, Secret, Split, VexStatement,
};

/// All evidence of one scan: sorted, immutable once assembled, and the only thing that policy sees.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Inventory {
    /// Whether the scan covers one whole folder; `false` when single files or several folders were given, so that
    /// nothing can be said to be missing.
    pub whole: bool,
    /// Every file that the walk listed, sorted by path.
    pub files: Vec<FileRecord>,
    /// `REUSE.toml` annotations, sorted by place.
    pub reuse: Vec<ReuseAnnotation>,
    /// Manifests, sorted by path.
    pub manifests: Vec<Manifest>,
    /// Manifests of other projects' packages whose copies lie in the checkout (`vendor/`, `node_modules/`), sorted by
    /// path.
    pub vendored: Vec<Manifest>,
    /// Manifests of packages whose copies lie in the user's caches, where the user had them read. Their places are none
    /// of the checkout.
    #[serde(skip)]
    pub cached: Vec<Manifest>,
    /// Lock files, sorted by path.
    pub locks: Vec<Lock>,
    /// Components, one per purl, sorted by it.
    pub packages: Vec<Package>,
    /// Documents, sorted by path.
    pub documents: Vec<Document>,
    /// Programs, key material and hidden characters, sorted by place.
    pub artifacts: Vec<Artifact>,
    /// Credentials, sorted by place.
    pub secrets: Vec<Secret>,
    /// Certificates, sorted by path.
    #[serde(skip)]
    pub certificates: Vec<Certificate>,
    /// What build and packaging files do with license texts, notices and source, sorted.
    pub handling: Vec<Handling>,
    /// The git repository that holds the scanned root.
    pub repository: Option<Repository>,
    /// Files of machine-learning models, sorted by path.
    pub models: Vec<ModelFile>,
    /// Files that tell machines what to build, test and release, sorted by path.
    pub pipelines: Vec<Pipeline>,
    /// What is questionable in them, sorted by place.
    pub audits: Vec<Audit>,
    /// Rules of `CODEOWNERS`, in order.
    pub owners: Vec<OwnerRule>,
    /// Things said in passing, sorted by place.
    pub remarks: Vec<Remark>,
    /// Texts of programs in their languages, sorted by path.
    #[serde(skip)]
    pub locales: Vec<Locale>,
    /// Descriptions in machine-readable standards, sorted by path.
    #[serde(skip)]
    pub metadata: Vec<Metadata>,
    /// Bills of materials that lie in the checkout, sorted by path.
    pub bills: Vec<BillDocument>,
    /// Statements about vulnerabilities, sorted by place.
    pub vex: Vec<VexStatement>,
    /// What a database says of the components; nothing where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisories: Option<Advisories>,
    /// Records of datasets by their parts, sorted by path.
    #[serde(skip)]
    pub splits: Vec<Split>,
    /// Interface documents, sorted by path.
    #[serde(skip)]
    pub interfaces: Vec<Interface>,
    /// Patches to the code of others, sorted by place.
    #[serde(skip)]
    pub patches: Vec<Patch>,
    /// Digests that vendored copies record of their origin, sorted by path.
    #[serde(skip)]
    pub origins: Vec<Origin>,
    /// The last release, where the repository tells.
    #[serde(skip)]
    pub release: Option<Release>,
    /// What the files of each folder state of their licenses, sorted by path.
    #[serde(skip)]
    pub folders: Vec<Folder>,
    /// What could not be read, sorted by path.
    pub skipped: Vec<Skipped>,
    /// Counts.
    pub statistics: Statistics,
}

impl Inventory {
    /// The record of `path`, when the walk listed it.
    pub fn file(&self, path: &RelPath) -> Option<&FileRecord> {
        self.index_of(path).map(|i| &self.files[i])
    }

    /// The index of `path` in [`Inventory::files`].
    pub fn index_of(&self, path: &RelPath) -> Option<usize> {
        self.files.binary_search_by(|f| f.path.cmp(path)).ok()
    }

    /// The files below a folder, found by bisection: a question to each of many folders must not read all files.
    pub fn below(&self, folder: &RelPath) -> &[FileRecord] {
        if folder.as_str().is_empty() {
            return &self.files;
        }
        // `0` is the character behind `/`.
        let (from, to) = (format!("{}/", folder.as_str()), format!("{}0", folder.as_str()));
        let start = self.files.partition_point(|f| f.path.as_str() < from.as_str());
        let end = self.files.partition_point(|f| f.path.as_str() < to.as_str());
        &self.files[start..end]
    }

    /// Whether `path` is a listed file or a folder that holds one; the root always is.
    pub fn exists(&self, path: &RelPath) -> bool {
        if path.as_str().is_empty() {
            return true;
        }
        if self.index_of(path).is_some() {
            return true;
        }
        let below = format!("{}/", path.as_str());
        let next = self.files.partition_point(|f| f.path.as_str() < below.as_str());
        self.files.get(next).is_some_and(|f| f.path.as_str().starts_with(&below))
    }
}

/// What is known of one listed file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileRecord {
    /// Its path.
    pub path: RelPath,
    /// What it is, by content.
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: u64,
    /// License statements in, beside or about it, sorted by place.
    pub licenses: Vec<Detection>,
    /// Copyright statements in, beside or about it, sorted by place.
    pub copyrights: Vec<Copyright>,
    /// The SPDX expression that the statements amount to; `None` when there is none.
    pub license: Option<String>,
    /// SHA-256 of its bytes in hexadecimal, kept only where the configuration corrects this file, and in vendored copies
    /// that record the digests of their origin.
    pub sha256: Option<String>,
}

impl FileRecord {
    /// A file of which nothing is known yet but what it is.
    pub fn new(path: RelPath, kind: FileKind, size: u64) -> Self {
        Self { path, kind, size, licenses: Vec::new(), copyrights: Vec::new(), license: None, sha256: None }
    }
}

/// What a file is, by content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// No bytes.
    Empty,
    /// Text.
    Text(Encoding),
    /// Anything with a NUL byte in its first block that is not UTF-16.
    Binary,
    /// A symbolic link to a path inside the root; it is not followed, and evidence of its target counts for it.
    Link(RelPath),
    /// Not read: it could not be (see [`Inventory::skipped`]), or what was asked for does not need it.
    Unread,
}

/// How the bytes of a text were understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, ASCII included; a byte order mark is allowed.
    Utf8,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// None of these: read as Windows-1252, the superset of Latin-1 that every byte sequence fits.
    Legacy,
}

/// Something that should have been read and could not be, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// The file or folder.
    pub path: RelPath,
    /// Why.
    pub kind: SkipReason,
    /// The reason in words, with the line where that is known.
    pub reason: String,
    /// The line at which a parser gave up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// The system refused to open, list or read it.
    Unreadable,
    /// Larger than the limit.
    TooLarge,
    /// A socket, a device or a named pipe.
    NotAFile,
    /// A symbolic link out of the scanned root.
    LinkOut,
    /// A symbolic link to nothing.
    LinkBroken,
    /// The content does not follow its format.
    Malformed,
    /// A bound on nesting, count or work was reached.
    Limit,
}

impl SkipReason {
    /// Whether the scan is incomplete because of it (exit code 3 with `--strict`). A link that leads nowhere, or out
    /// of the root, has no content of the checkout behind it.
    pub fn is_incomplete(self) -> bool {
        !matches!(self, Self::LinkOut | Self::LinkBroken | Self::NotAFile)
    }
}

/// Counts of one scan. Times and thread counts are left out: the same tree gives the same bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statistics {
    /// Files listed.
    pub files: u64,
    /// Files read whole as text.
    pub text_files: u64,
    /// Files found to be binary.
    pub binary_files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Files with a license statement.
    pub licensed_files: u64,
}
