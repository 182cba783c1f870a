//! Changes that a project makes to the code of others.

use super::Place;

/// A patch to, or a replacement of, a dependency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Patch {
    /// The patch file, or the entry that replaces a dependency.
    pub place: Place,
    /// What is patched, in words.
    pub what: String,
    /// Whether something at that place leads to the change upstream, or says that it is not meant for it.
    pub linked: bool,
}
