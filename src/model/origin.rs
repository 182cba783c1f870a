//! What a vendored copy records of the files that it was made of.

use super::RelPath;

/// A list of digests that a vendoring tool left beside a copy of somebody's package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The list.
    pub path: RelPath,
    /// The files of the copy, each with the SHA-256 that it had at its origin, in hexadecimal; sorted by path.
    pub digests: Vec<(RelPath, String)>,
}
