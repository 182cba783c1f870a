//! What build and packaging files do with license texts, notices and source code.

use super::Place;

/// One thing that a build or packaging file does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Handling {
    /// What is done.
    pub kind: HandlingKind,
    /// Where.
    pub place: Place,
    /// By what, in words: the tool, the option, the kind of package.
    pub by: String,
    /// Patterns of a package rule, or names and versions of the components that a notices file lists.
    pub listed: Vec<(String, String)>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandlingKind {
    /// Something that others are to run is published: an image, binaries, a bundle.
    Ships,
    /// Third-party notices are produced.
    MakesNotices,
    /// A notices file for third-party code, with the components that it lists.
    ListsComponents,
    /// A source archive is produced.
    MakesSource,
    /// A package is made of listed files (`include`), or without some (`exclude`).
    PackageRule,
    /// License texts are left out of an archive or package by name.
    LeavesOutLicense,
    /// License comments are dropped from bundled code.
    DropsLegalComments,
    /// Copyright files are removed from an image.
    RemovesCopyright,
}
