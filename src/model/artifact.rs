//! What is in a file that people cannot see or should not keep.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

/// Something in the tree that is to be looked at for what it is, not for what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Artifact {
    /// Where.
    pub place: Place,
    /// Of which sort.
    pub kind: ArtifactKind,
    /// What it is, as a phrase that follows `is` or `has`: `an ELF executable`.
    pub what: String,
}

/// What [`Artifact::what`] calls the place of hidden text that no compiler takes for a part of a name.
pub const IN_PROSE: &str = "a comment or string";

/// What turned text is called in [`Artifact::what`].
pub const TURNED: &str = "a character that turns the order of text";

/// Sorts of [`Artifact`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// A program or library in machine or byte code.
    Executable,
    /// A file made to hold keys or passwords, with some in it.
    KeyMaterial,
    /// Characters that are not seen, or that turn the order of what is seen.
    HiddenText,
    /// An archive with a member that is unpacked outside of its folder.
    Escape,
    /// A comment that allows a finding where there is none.
    UnusedAllow,
    /// A workflow that compares `gradle-wrapper.jar` with the checksums that Gradle publishes.
    WrapperValidation,
}
