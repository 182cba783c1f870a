//! What a bill of materials needs of a checkout: manifests and lock files, the license texts, notices and readmes that lie
//! beside them and at the root, and of sources no more than the words by which packages are known. Nothing else is opened.

use super::copyright::Copyrights;
use super::documents::Documents;
use super::license::{LicenseFiles, reuse::Reuse, tags::Tags};
use super::packages::{self, Packages};
use super::{Collector, FileResult, license};
use crate::model::{Evidence, FileKind, FileRecord, RelPath, is_legal_name};
use crate::walk::{Entry, EntryKind};

/// The collectors whose evidence a bill of materials is made of: packages, the license texts and copyrights of the
/// project and of copies, and the readme that may name it.
pub(super) static COLLECTORS: &[&dyn Collector] = &[&LicenseFiles, &Tags, &Reuse, &Copyrights, &Packages, &Documents];

/// Those that look at sources.
pub(super) static IN_SOURCES: &[&dyn Collector] = &[&Packages];

/// Those that look at all files where no notice at the root says whose the project is.
pub(super) static IN_ALL: &[&dyn Collector] = &[&Copyrights];

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// All that a bill tells.
    Whole,
    /// The words by which packages are known.
    Source,
    /// Nothing.
    Not,
}

/// What a file is read for, by its name in lower case and its path.
pub(super) fn look(name: &str, path: &RelPath) -> Look {
    let reuse = matches!(name, "reuse.toml" | "dep5") || name.ends_with(".license");
    if reuse || tells_license(name, path) || packages::is_named(name, path) {
        Look::Whole
    } else if packages::may_hold(name) {
        Look::Source
    } else {
        Look::Not
    }
}

/// Whether a file of this name tells under which license its folder is.
pub(super) fn tells_license(name: &str, path: &RelPath) -> bool {
    is_legal_name(name) || name.starts_with("readme") || license::is_license_file(name, path)
}

/// A file that is not opened.
pub(super) fn unopened(entry: &Entry) -> FileResult {
    let kind = match &entry.kind {
        EntryKind::Link(target) => FileKind::Link(target.clone()),
        EntryKind::File if entry.size == 0 => FileKind::Empty,
        EntryKind::File => FileKind::Unread,
    };
    FileResult { record: FileRecord::new(entry.path.clone(), kind, entry.size), evidence: Vec::new(), bytes: 0 }
}

/// Whether the notices at the root say whose the project is.
pub(super) fn tells_owner(results: &[FileResult]) -> bool {
    let at_root = results.iter().filter(|r| r.record.path.depth() == 1 && is_legal_name(r.record.path.name()));
    let mut evidence = at_root.flat_map(|result| &result.evidence);
    evidence.any(|evidence| matches!(evidence, Evidence::Copyright(copyright) if !copyright.holder.is_empty()))
}
