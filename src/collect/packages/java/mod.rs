//! Java and its relatives: what Maven and Gradle read and write.

pub(super) mod archive;
pub(super) mod catalog;
pub(super) mod gradle;
pub(super) mod gradle_lock;
pub(super) mod install;
pub(super) mod ivy;
pub(super) mod pom;
mod resolve;
pub(super) mod sbt;
pub(super) mod verification;

use crate::model::Ecosystem;

pub(crate) use pom::with_license_of_parents;
pub(super) use resolve::resolve;

/// Maven packages; Gradle takes them too.
const MAVEN: Ecosystem = Ecosystem::of("maven");

/// Group, artifact and version in `group:artifact:version`, the version empty where none is stated. A classifier or type
/// behind them is left off.
fn coordinates(text: &str) -> Option<(String, &str)> {
    let mut parts = text.split(':');
    let (group, artifact, version) = (parts.next()?.trim(), parts.next()?.trim(), parts.next().unwrap_or_default());
    let word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-${}".contains(c));
    (word(group) && word(artifact))
        .then(|| (format!("{group}/{artifact}"), version.split('@').next().unwrap_or_default()))
}
