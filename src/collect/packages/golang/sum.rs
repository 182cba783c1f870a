//! `go.sum` (Go Modules Reference, "go.sum files"): modules whose content was checked. The digests are of a list of
//! files (`h1:`), not of an archive, so they keep Go's name and do not pass for digests of archives.

use std::collections::HashMap;

use super::{GO, is_newer, module};
use crate::collect::packages::{integrity, locks};
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Hash, Locked};

/// Reads the file: of each module the newest version whose content, and not only its `go.mod`, was checked.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut packages: Vec<Locked> = Vec::new();
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut noted = false;
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let mut words = line.split_whitespace();
        let (Some(name), Some(version), Some(digest)) = (words.next(), words.next(), words.next()) else {
            // An empty file and empty lines are fine; one note tells of all others.
            if !line.trim().is_empty() && !noted {
                noted = true;
                out.push(malformed(file, Some(number), "no module, version and digest"));
            }
            continue;
        };
        if version.ends_with("/go.mod") || !digest.contains(':') {
            continue;
        }
        let entry =
            || Locked { region: file.place_of_line(number).region, hashes: hashes(digest), ..module(name, version) };
        match index.get(name) {
            Some(&at) if is_newer(version, &packages[at].version) => {
                packages[at] = entry();
            }
            Some(_) => {}
            None => {
                index.insert(name, packages.len());
                packages.push(entry());
            }
        }
    }
    out.push(locks::lock(file, GO, packages));
}

/// The digest of a module under Go's own name for it, in hexadecimal.
fn hashes(digest: &str) -> Vec<Hash> {
    let digest = digest.strip_prefix("h1:").map(|base64| integrity::hashes(&format!("sha256-{base64}")));
    digest.into_iter().flatten().map(|hash| Hash { algorithm: "h1".to_owned(), ..hash }).collect()
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, lock, notes, with_text};

    #[test]
    fn the_newest_checked_version_counts() {
        let evidence = fixture("go-mod", "old/go.sum");
        let seen: Vec<_> = lock(&evidence).packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(seen, ["pkg:golang/example.org/a@v1.0.0", "pkg:golang/example.org/b@v1.10.0"]);
        // The digest of the empty text.
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let hash = &lock(&evidence).packages[0].hashes[0];
        assert_eq!((hash.algorithm.as_str(), hash.value.as_str()), ("h1", empty));
    }

    #[test]
    fn broken_files_name_the_line() {
        assert_eq!(notes(&with_text("go.sum", "a v1 h1:x\n\n=======\n"))[0].line, Some(3));
    }
}
