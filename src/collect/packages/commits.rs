//! Versions of packages that a lock file takes out of a repository and gives none: the commit says what they are as
//! exactly as a version does.

use super::purl;
use crate::model::{Inventory, Locked};

/// Gives each such package the commit for a version. Running it again changes nothing.
pub(super) fn resolve(inventory: &mut Inventory) {
    for package in inventory.locks.iter_mut().flat_map(|lock| &mut lock.packages).filter(|package| !package.local) {
        if let Some(commit) = commit(&package.purl).map(str::to_owned)
            && (package.version.is_empty() || package.version == commit)
            && let Some(purl) = purl::with_version(&package.purl, &commit)
        {
            *package = Locked { purl, version: commit, ..std::mem::take(package) };
        }
    }
}

/// The commit that the repository of a purl is taken at. Names of branches and tags are none.
fn commit(purl: &str) -> Option<&str> {
    let (_, qualifiers) = purl.split_once('?')?;
    let address = qualifiers.split(['&', '#']).find_map(|pair| pair.strip_prefix("vcs_url="))?;
    let (_, reference) = address.rsplit_once("%40")?;
    (reference.len() >= 7 && reference.bytes().all(|b| b.is_ascii_hexdigit())).then_some(reference)
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::inventory_of;
    use crate::model::RelPath;

    #[test]
    fn what_has_no_version_has_that_of_its_commit() {
        const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
        let lock = format!(
            r#"{{"lockfileVersion": 1, "dependencies": {{
                "a": {{"version": "git+https://git.example.org/a.git#{COMMIT}"}},
                "b": {{"version": "git+https://git.example.org/b.git#main"}}
            }}}}"#
        );
        let inventory = inventory_of(&[(RelPath::new("package-lock.json"), lock)]);
        let seen: Vec<_> = inventory.packages.iter().map(|p| (p.purl.as_str(), p.version.as_str())).collect();
        let a = format!("pkg:npm/a@{COMMIT}?vcs_url=git%2Bhttps://git.example.org/a.git%40{COMMIT}");
        assert_eq!(
            seen,
            [(a.as_str(), COMMIT), ("pkg:npm/b?vcs_url=git%2Bhttps://git.example.org/b.git%40main", "")]
        );
    }
}
