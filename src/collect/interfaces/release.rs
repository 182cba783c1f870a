//! Interface documents and versions as they were at the last release.

use super::super::SourceFile;
use super::{compare, read};
use crate::model::{Encoding, FileKind, Inventory, RelPath, Release, Since, Tag};
use crate::walk::git::{Git, Id};

/// How many documents are compared.
const MOST: usize = 2000;

/// Finds the last release and compares.
pub(super) fn look_back(inventory: &mut Inventory, git: &Git) {
    let Some((tag, version)) = last(inventory) else { return };
    let Some(commit) = Id::from_hex(tag.commit.as_bytes()) else { return };
    let name = tag.name;
    let text_at = |path: &RelPath| -> Option<String> { String::from_utf8(git.file_at(&commit, path).ok()??).ok() };
    for interface in inventory.interfaces.iter_mut().take(MOST) {
        let path = &interface.place.path;
        let Some(text) = text_at(path) else { continue };
        let lower = path.name().to_lowercase();
        let kind = FileKind::Text(Encoding::Utf8);
        let Some(past) = read(&SourceFile::text_file(path, &lower, &kind, &text)) else { continue };
        // Of a broken document nothing can be said to be gone.
        let sound = interface.problems.is_empty() && past.problems.is_empty();
        let (broken, reused) =
            if sound { compare::compare(&past.shape, &interface.shape) } else { (Vec::new(), Vec::new()) };
        interface.since =
            Some(Since { tag: name.clone(), version: past.version.map(|(version, _)| version), broken, reused });
    }
    let at_root = inventory.manifests.iter().filter(|m| m.place.path.parent().as_str().is_empty());
    let mut paths: Vec<RelPath> = at_root.map(|m| m.place.path.clone()).collect();
    paths.dedup();
    let stated = paths.into_iter().filter_map(|path| {
        let version = stated(path.name(), &text_at(&path)?)?;
        Some((path, version))
    });
    inventory.release = Some(Release { tag: name, version, stated: stated.collect() });
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
