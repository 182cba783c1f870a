//! What a bill of materials needs of a checkout: manifests and lock files, the license texts, notices and readmes that lie
//! beside them and at the root, and of sources no more than the words by which packages are known. Nothing else is opened.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::copyright::Copyrights;
use super::documents::Documents;
use super::license::{LicenseFiles, reuse::Reuse, tags::Tags};
use super::metadata::{self, Descriptions};
use super::packages::{self, Packages};
use super::read::Reader;
use super::{Collector, FileResult, Options, Prefilter, collect_one, license};
use crate::model::{Evidence, FileKind, FileRecord, RelPath, is_legal_name, is_readme_name};
use crate::walk::{Entry, EntryKind};

/// The collectors whose evidence a bill of materials is made of: packages, the license texts and copyrights of the
/// project and of copies, the readme that may name it and the file that may tell its version.
pub(super) static COLLECTORS: &[&dyn Collector] =
    &[&LicenseFiles, &Tags, &Reuse, &Copyrights, &Packages, &Documents, &Descriptions];

/// Those that look at the texts of copies.
static IN_TEXTS: &[&dyn Collector] = &[&LicenseFiles, &Tags, &Reuse, &Copyrights, &Packages];

/// Those that look at manifests and sources.
static IN_SOURCES: &[&dyn Collector] = &[&Packages];

/// Those that look at all files where no notice at the root says whose the project is.
static IN_ALL: &[&dyn Collector] = &[&Copyrights];

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// All that a bill tells: what lies at the root.
    Root,
    /// License and copyright of what lies beside it.
    Text,
    /// The package that its format tells of, for which its name is enough.
    Manifest,
    /// The words by which packages are known.
    Source,
    /// Nothing.
    Not,
}

/// What a file is read for, by its path.
pub(super) fn look(path: &RelPath) -> Look {
    let name = &*path.name().to_lowercase();
    let reuse = matches!(name, "reuse.toml" | "dep5") || name.ends_with(".license");
    if metadata::is_version(name, path) {
        return Look::Root;
    }
    if reuse || tells_license(name, path) {
        return if path.depth() == 1 { Look::Root } else { Look::Text };
    }
    if packages::is_named(name, path) {
        Look::Manifest
    } else if packages::may_hold(name) {
        Look::Source
    } else {
        Look::Not
    }
}

/// What the words of each kind of file are found by.
pub(super) struct Filters {
    root: Prefilter,
    text: Prefilter,
    source: Prefilter,
}

impl Filters {
    pub(super) fn new() -> Self {
        Self { root: Prefilter::new(COLLECTORS), text: Prefilter::new(IN_TEXTS), source: Prefilter::new(IN_SOURCES) }
    }
}

/// The readers of one worker thread.
pub(super) struct Readers<'f> {
    root: Reader<'f>,
    text: Reader<'f>,
    manifest: Reader<'f>,
    source: Reader<'f>,
}

impl<'f> Readers<'f> {
    pub(super) fn new(filters: &'f Filters, options: &'f Options, copies: &'f BTreeSet<RelPath>) -> Self {
        let reader = |filter| Reader::new(filter, options, copies);
        Self {
            root: reader(&filters.root),
            text: reader(&filters.text),
            manifest: reader(&filters.source).by_name(),
            source: reader(&filters.source),
        }
    }

    /// Reads a file for what it is wanted.
    pub(super) fn read(&mut self, entry: &Entry, look: Look) -> FileResult {
        match look {
            Look::Root => collect_one(&mut self.root, entry),
            Look::Text => collect_one(&mut self.text, entry),
            Look::Manifest => collect_one(&mut self.manifest, entry),
            Look::Source => collect_one(&mut self.source, entry),
            Look::Not => unopened(entry),
        }
    }
}

/// Adds the copyright statements of the files that were not read for them.
pub(super) fn add_copyrights(
    results: &mut [FileResult],
    entries: &[Entry],
    looks: &[Look],
    options: &Options,
    copies: &BTreeSet<RelPath>,
) {
    let filter = Prefilter::new(IN_ALL);
    let all = results.par_iter_mut().zip(entries).zip(looks);
    all.filter(|(_, look)| !matches!(look, Look::Root | Look::Text)).for_each_init(
        || Reader::new(&filter, options, copies),
        |reader, ((result, entry), _)| result.evidence.append(&mut collect_one(reader, entry).evidence),
    );
}

/// Whether a file of this name tells under which license its folder is.
pub(super) fn tells_license(name: &str, path: &RelPath) -> bool {
    is_legal_name(name) || is_readme_name(name) || license::is_license_file(name, path)
}

/// A file that is not opened.
fn unopened(entry: &Entry) -> FileResult {
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
