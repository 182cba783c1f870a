//! Go: what the go command reads and writes (Go Modules Reference).

pub(super) mod module;
pub(super) mod sum;
pub(super) mod vendor;
pub(super) mod work;

use std::collections::{HashMap, HashSet};

use super::purl::purl;
use crate::model::{Ecosystem, Hash, Inventory, Locked, RelPath};

/// Go modules.
const GO: Ecosystem = Ecosystem::of("golang");

/// A module at a version, as an entry of a lock.
fn module(name: &str, version: &str) -> Locked {
    Locked {
        purl: purl("golang", name, version, &[]),
        name: name.to_owned(),
        version: version.to_owned(),
        ..Locked::default()
    }
}

/// The words of a line without its comment, and the comment. Words may be quoted.
fn words(line: &str) -> (Vec<&str>, &str) {
    let (body, comment) = line.find("//").map_or((line, ""), |at| {
        // Two slashes inside a word are part of it.
        let starts_word = at == 0 || line.as_bytes()[at - 1].is_ascii_whitespace();
        if starts_word { (&line[..at], line[at + 2..].trim()) } else { (line, "") }
    });
    (body.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect(), comment)
}

/// Completes the modules of a `go.mod` that is older than Go 1.17: it leaves out what only other modules need, which
/// `vendor/modules.txt` or `go.sum` beside it still tell. Running it again changes nothing.
pub(super) fn resolve(inventory: &mut Inventory) {
    let mut beside: HashMap<RelPath, Vec<Locked>> = HashMap::new();
    for lock in inventory.locks.iter().filter(|l| l.ecosystem == GO) {
        let (path, folder) = (&lock.place.path, lock.place.path.parent());
        match path.name() {
            "modules.txt" => drop(beside.insert(folder.parent(), lock.packages.clone())),
            "go.sum" => drop(beside.entry(folder).or_insert_with(|| lock.packages.clone())),
            _ => {}
        }
    }
    give_digests(inventory);
    let old: HashSet<RelPath> = inventory
        .manifests
        .iter()
        .filter(|m| m.ecosystem == GO && m.place.path.name() == "go.mod")
        .filter(|m| m.minimum_runtime.as_ref().is_none_or(|(version, _)| is_before_1_17(version)))
        .map(|m| m.place.path.clone())
        .collect();
    for lock in inventory.locks.iter_mut().filter(|l| old.contains(&l.place.path)) {
        let known: HashSet<String> = lock.packages.iter().map(|p| p.name.clone()).collect();
        let more = beside.get(&lock.place.path.parent()).map_or(&[][..], Vec::as_slice);
        // Where they stand is in the other file, so the lock tells no line of its own.
        let more = more.iter().filter(|p| !p.name.is_empty() && !known.contains(&p.name));
        lock.packages.extend(more.cloned().map(|p| Locked { region: None, direct: None, ..p }));
    }
}

/// Gives the modules of each `go.mod` the digests that `go.sum` beside it states.
fn give_digests(inventory: &mut Inventory) {
    let mut digests: HashMap<(RelPath, String), Vec<Hash>> = HashMap::new();
    for lock in inventory.locks.iter().filter(|l| l.ecosystem == GO && l.place.path.name() == "go.sum") {
        let folder = lock.place.path.parent();
        digests.extend(lock.packages.iter().map(|p| ((folder.clone(), p.purl.clone()), p.hashes.clone())));
    }
    for lock in inventory.locks.iter_mut().filter(|l| l.ecosystem == GO && l.place.path.name() == "go.mod") {
        let folder = lock.place.path.parent();
        for package in lock.packages.iter_mut().filter(|p| p.hashes.is_empty()) {
            package.hashes = digests.get(&(folder.clone(), package.purl.clone())).cloned().unwrap_or_default();
        }
    }
}

fn is_before_1_17(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    (major, minor) < (1, 17)
}

/// Whether a version comes after another one, by semantic versioning; pseudo-versions follow it too.
fn is_newer(version: &str, than: &str) -> bool {
    use cargo_metadata::semver::Version;
    let parse = |text: &str| Version::parse(text.trim_start_matches('v')).ok();
    match (parse(version), parse(than)) {
        (Some(a), Some(b)) => a > b,
        _ => version > than,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::packages::testing::inventory;

    #[test]
    fn an_old_module_file_is_completed_by_its_checksums() {
        let inventory = inventory("go-mod/old");
        let seen: Vec<_> = inventory.packages.iter().map(|p| (p.purl.as_str(), p.direct)).collect();
        assert_eq!(
            seen,
            [
                ("pkg:golang/example.org/a@v1.0.0", true),
                ("pkg:golang/example.org/app", false),
                ("pkg:golang/example.org/b@v1.10.0", false),
            ]
        );
        let hashes: Vec<_> = inventory.packages.iter().map(|p| p.hashes.len()).collect();
        assert_eq!(hashes, [1, 0, 1]);
    }

    #[test]
    fn words_and_comments() {
        assert_eq!(words("\t\"a.b/c\" v1 // indirect"), (vec!["a.b/c", "v1"], "indirect"));
        assert_eq!(words("//x"), (vec![], "x"));
        assert_eq!(words("https://a"), (vec!["https://a"], ""));
    }

    #[test]
    fn versions_are_compared_as_go_does() {
        assert!(is_newer("v1.10.0", "v1.9.0") && !is_newer("v1.0.0-rc1", "v1.0.0"));
        assert!(is_before_1_17("1.16") && !is_before_1_17("1.17") && !is_before_1_17("1.22.3"));
    }
}
