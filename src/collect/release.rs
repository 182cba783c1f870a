//! The commit that the checkout is compared with: that of the last release, or of a reference that was asked for.

use crate::model::{Inventory, RelPath, Release, Tag};
use crate::walk::git::{Git, Id};

/// Finds what to compare with: `against` where it is given and leads to a commit, else the last release.
pub(super) fn find(inventory: &Inventory, git: &Git, against: Option<&str>) -> Option<Release> {
    let (tag, commit, version) = match against {
        Some(reference) => (reference.to_owned(), git.resolve(reference).ok()?, None),
        None => {
            let (tag, version) = last(inventory)?;
            (tag.name, Id::from_hex(tag.commit.as_bytes())?, Some(version))
        }
    };
    let at_root = inventory.manifests.iter().filter(|m| m.place.path.parent().as_str().is_empty());
    let mut paths: Vec<RelPath> = at_root.map(|m| m.place.path.clone()).collect();
    paths.dedup();
    let stated: Vec<(RelPath, String)> = paths
        .into_iter()
        .filter_map(|path| {
            let version = stated(path.name(), &text_at(git, &commit, &path)?)?;
            Some((path, version))
        })
        .collect();
    let named = Release::numbers(tag.trim_start_matches(|c: char| !c.is_ascii_digit()))
        .map(|_| tag.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned());
    // A branch or commit states its version in the manifests alone.
    let version =
        version.or(named).or_else(|| stated.first().map(|(_, version)| version.clone())).unwrap_or_default();
    Some(Release { tag, commit: commit.to_string(), version, stated, licenses: Vec::new() })
}

/// The text that a file had at a commit.
pub(super) fn text_at(git: &Git, commit: &Id, path: &RelPath) -> Option<String> {
    String::from_utf8(git.file_at(commit, path).ok()??).ok()
}

/// The commit of a release.
pub(super) fn commit(release: &Release) -> Option<Id> {
    Id::from_hex(release.commit.as_bytes())
}

/// The newest tag that is named like a release and is not ahead of what is checked out.
fn last(inventory: &Inventory) -> Option<(Tag, String)> {
    let repository = inventory.repository.as_ref()?;
    let now = repository.head.as_ref()?.committer.time;
    let names: Vec<&str> = inventory.manifests.iter().filter_map(|m| m.name.as_deref()).collect();
    let of = |tag: &Tag| -> Option<([u64; 3], String)> {
        let start = tag.name.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
        let (prefix, version) = tag.name.split_at(start);
        let prefix = prefix.trim_end_matches(['v', 'V', '-', '_', '/', '@']);
        let general =
            ["", "release", "releases", "rel", "version", "ver"].contains(&prefix.to_ascii_lowercase().as_str());
        let numbers = Release::numbers(version)?;
        (general || names.contains(&prefix)).then(|| (numbers, version.to_owned()))
    };
    let found = repository.tags.iter().filter(|tag| tag.time.is_some_and(|time| time <= now));
    let best = found.filter_map(|tag| Some((of(tag)?, tag))).max_by_key(|((numbers, _), tag)| (tag.time, *numbers));
    best.map(|((_, version), tag)| (tag.clone(), version))
}

/// The version that the text of a manifest states in so many words.
fn stated(name: &str, text: &str) -> Option<String> {
    let find = |places: &[&[&str]]| -> Option<String> {
        let table: toml::Table = text.parse().ok()?;
        let root = toml::Value::Table(table);
        let at = |place: &&[&str]| place.iter().try_fold(&root, |value, key| value.get(key));
        places.iter().find_map(at).and_then(|v| v.as_str().map(str::to_owned))
    };
    match name {
        "Cargo.toml" => find(&[&["package", "version"], &["workspace", "package", "version"]]),
        "pyproject.toml" => find(&[&["project", "version"], &["tool", "poetry", "version"]]),
        "package.json" => {
            let value: serde_json::Value = serde_json::from_str(text).ok()?;
            value.get("version").and_then(|v| v.as_str()).map(str::to_owned)
        }
        _ => None,
    }
}
