//! What the tests of the readers share.

use std::path::PathBuf;

use super::{FORMATS, Packages, TEXTS, format_of};
use crate::collect::{Collector, Hit, SourceFile};
use crate::model::{Encoding, Evidence, FileKind, FileRecord, Inventory, Lock, Manifest, RelPath, Skipped};

/// Shows a text as a file.
pub(in crate::collect) fn file<T>(path: &str, text: &str, f: impl FnOnce(&SourceFile<'_>) -> T) -> T {
    crate::collect::source::show(path, text, f)
}

/// What the collector says of a binary file with this path.
pub(super) fn with_bytes(path: &str, bytes: &[u8]) -> Vec<Evidence> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let mut out = Vec::new();
    Packages.collect(&SourceFile::binary_file(&path, &name, &FileKind::Binary, bytes), &[], &mut out);
    out
}

/// What a binary fixture of a format holds.
pub(super) fn fixture_bytes(format: &str, path: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(format).join(path)).unwrap()
}

/// What the collector says of a file with this path and text.
pub(super) fn with_text(path: &str, text: &str) -> Vec<Evidence> {
    let mut out = Vec::new();
    let lower = text.to_ascii_lowercase();
    let hits: Vec<Hit> = (0..)
        .zip(TEXTS)
        .filter_map(|(keyword, word)| Some(Hit { keyword, start: u32::try_from(lower.find(word)?).unwrap() }))
        .collect();
    file(path, text, |f| Packages.collect(f, &hits, &mut out));
    out
}

/// The folder of fixtures.
pub(super) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/packages")
}

/// What the collector says of a fixture of a format; its path counts from the format's folder.
pub(super) fn fixture(format: &str, path: &str) -> Vec<Evidence> {
    let text = std::fs::read_to_string(fixtures().join(format).join(path)).unwrap();
    let name = RelPath::new(path).name().to_lowercase();
    if let Some((found, _)) = format_of(&name, &RelPath::new(path)) {
        assert_eq!(FORMATS[found].id, format);
    }
    with_text(path, &text)
}

/// Every fixture that is a text, with its path below the format's folder.
pub(super) fn all_fixtures() -> Vec<(String, String)> {
    every_fixture().filter_map(|(path, bytes)| Some((path, String::from_utf8(bytes).ok()?))).collect()
}

/// Every fixture that is none.
pub(super) fn binary_fixtures() -> Vec<(String, Vec<u8>)> {
    every_fixture().filter(|(_, bytes)| std::str::from_utf8(bytes).is_err()).collect()
}

fn every_fixture() -> impl Iterator<Item = (String, Vec<u8>)> {
    let files = walkdir::WalkDir::new(fixtures()).sort_by_file_name().into_iter().map(Result::unwrap);
    files.filter(|entry| entry.file_type().is_file()).map(|entry| {
        let path = entry.path().strip_prefix(fixtures()).unwrap().to_str().unwrap().to_owned();
        (path, std::fs::read(entry.path()).unwrap())
    })
}

/// The assembled inventory of a folder of fixtures.
pub(super) fn inventory(folder: &str) -> Inventory {
    let root = fixtures().join(folder);
    let mut files: Vec<(RelPath, String)> = walkdir::WalkDir::new(&root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (RelPath::below(&root, entry.path()).unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect();
    files.sort();
    inventory_of(&files)
}

/// The assembled inventory of these files.
pub(in crate::collect) fn inventory_of(files: &[(RelPath, String)]) -> Inventory {
    let mut inventory = Inventory { whole: true, ..Inventory::default() };
    for (path, text) in files {
        let kind = if text.is_empty() { FileKind::Empty } else { FileKind::Text(Encoding::Utf8) };
        inventory.files.push(FileRecord::new(path.clone(), kind, text.len() as u64));
        if text.is_empty() {
            continue;
        }
        for evidence in with_text(path.as_str(), text) {
            match evidence {
                Evidence::Manifest(manifest) => inventory.manifests.push(*manifest),
                Evidence::Lock(lock) => inventory.locks.push(lock),
                Evidence::Unread(skipped) => inventory.skipped.push(skipped),
                other => panic!("{other:?}"),
            }
        }
    }
    super::assemble(&mut inventory);
    inventory
}

/// The only lock among the evidence.
pub(super) fn lock(evidence: &[Evidence]) -> &Lock {
    let locks: Vec<&Lock> =
        evidence.iter().filter_map(|e| if let Evidence::Lock(lock) = e { Some(lock) } else { None }).collect();
    assert_eq!(locks.len(), 1, "{evidence:?}");
    locks[0]
}

/// `name version -> name version` for every edge between packages that are not local, or are named, sorted.
pub(super) fn edges(lock: &Lock) -> Vec<String> {
    let label = |i: usize| format!("{} {}", lock.packages[i].name, lock.packages[i].version);
    let all = lock.packages.iter().enumerate().filter(|(_, p)| !p.name.is_empty());
    let mut edges: Vec<String> = all
        .flat_map(|(i, p)| p.dependencies.iter().map(move |&j| (i, j)))
        .map(|(i, j)| format!("{} -> {}", label(i), label(j)))
        .collect();
    edges.sort();
    edges
}

/// The only manifest among the evidence.
pub(super) fn manifest(evidence: &[Evidence]) -> &Manifest {
    evidence
        .iter()
        .find_map(|e| if let Evidence::Manifest(manifest) = e { Some(&**manifest) } else { None })
        .unwrap_or_else(|| panic!("no manifest in {evidence:?}"))
}

/// The notes among the evidence.
pub(super) fn notes(evidence: &[Evidence]) -> Vec<&Skipped> {
    evidence.iter().filter_map(|e| if let Evidence::Unread(skipped) = e { Some(skipped) } else { None }).collect()
}

/// The note that a piece of evidence is.
pub(in crate::collect) fn skipped(evidence: &Evidence) -> &Skipped {
    match evidence {
        Evidence::Unread(skipped) => skipped,
        other => panic!("{other:?}"),
    }
}
