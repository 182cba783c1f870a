//! What the checkout is compared with: the last release, as far as a tag tells of it.

use super::RelPath;

/// The newest tag that is named like a release and lies behind what is checked out, or the reference that the user
/// wants to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The tag, or the reference as given.
    pub tag: String,
    /// The commit, in hexadecimal.
    pub commit: String,
    /// The version in its name, without a prefix; that of a root manifest where the name has none; else empty.
    pub version: String,
    /// The versions that manifests at the root stated in the tagged commit.
    pub stated: Vec<(RelPath, String)>,
    /// The licenses whose texts lay at the root then, each once.
    pub licenses: Vec<String>,
}

impl Release {
    /// The numbers of a version, `1.2.3` or `1.2`, without anything behind them; `None` for a version of another form
    /// and for one that comes before a release (`1.0.0-rc.1`).
    pub fn numbers(version: &str) -> Option<[u64; 3]> {
        let version = version.trim().trim_start_matches(['v', 'V']).split('+').next()?;
        let mut out = [0; 3];
        let mut count = 0;
        for part in version.split('.') {
            *out.get_mut(count)? = part.parse().ok()?;
            count += 1;
        }
        (count >= 2).then_some(out)
    }
}
