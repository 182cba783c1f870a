//! Turns files into evidence.
//!
//! A [`Collector`] says by keywords and names which files it wants; one pass of the shared [`prefilter`] over each
//! file decides which collectors look at it, and where. Collectors do not know each other. Adding one is one file
//! and one line in [`COLLECTORS`].

mod any_of;
mod assemble;
mod bill;
pub(crate) mod encoded;
mod json;
mod keywords;
mod memo;
mod prefilter;
mod read;
mod release;
mod source;

pub mod archive;
pub mod artifacts;
pub mod bills;
pub mod caches;
pub mod copyright;
pub mod documents;
pub mod expression;
pub mod handling;
pub mod ignored;
pub mod images;
pub mod interfaces;
pub mod languages;
pub mod license;
pub mod locales;
pub mod metadata;
pub mod models;
pub mod origins;
pub mod packages;
pub mod patches;
pub mod personal;
pub mod remarks;
pub mod secrets;
pub mod splits;
pub mod syntax;
pub mod workflows;
pub mod xml;
pub mod yaml;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::model::{Evidence, FileKind, FileRecord, Inventory, RelPath, SkipReason, Skipped};
use crate::walk::git::Git;
use crate::walk::{Entry, EntryKind, Limits, Walked};

pub use assemble::resolve_expression;
pub use prefilter::{Hit, Prefilter};
pub use source::SourceFile;

/// Every collector, in the order in which they assemble.
pub static COLLECTORS: &[&dyn Collector] = &[
    &license::LicenseFiles,
    &license::tags::Tags,
    &license::fields::Fields,
    &license::reuse::Reuse,
    &copyright::Copyrights,
    &packages::Packages,
    &documents::Documents,
    &handling::Handlings,
    &models::Models,
    &workflows::Workflows,
    &remarks::Remarks,
    &images::Images,
    &personal::Personal,
    &locales::Locales,
    &metadata::Descriptions,
    &splits::Splits,
    &interfaces::Interfaces,
    &patches::Patches,
    &secrets::Secrets,
    &artifacts::Artifacts,
    &bills::Bills,
    &origins::Origins,
];

/// Looks at files and reports what it sees.
pub trait Collector: Sync {
    /// A stable name in kebab-case.
    fn id(&self) -> &'static str;

    /// What it gathers, from which files, and by which standard: one or two sentences for people.
    fn summary(&self) -> &'static str;

    /// Which files it wants to see.
    fn interest(&self) -> Interest;

    /// Looks at one file. `hits` are this collector's own keywords in the text, in order; empty when the file was
    /// chosen by its name. Must not panic on any input, and must take linear time.
    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>);

    /// Completes the merged inventory with what needs several files at once. Runs once, in the order of
    /// [`COLLECTORS`].
    fn assemble(&self, _inventory: &mut Inventory) {}

    /// Completes the inventory with what the repository's past tells, beside what [`Inventory::repository`] has: files as
    /// they were at a tag, blobs that are gone. Runs once, behind every [`Collector::assemble`], where there is a repository.
    fn look_back(&self, _inventory: &mut Inventory, _git: &Git, _options: &Options) {}
}

/// Which files a collector wants to see.
#[derive(Clone, Copy)]
pub struct Interest {
    /// Keywords: a text that contains one is shown with the places. One without a capital letter of ASCII is found in any
    /// case, one with a capital letter as it is written. At least three bytes each, or two that are not ASCII; a keyword
    /// that is common in code costs every scan.
    pub keywords: &'static [&'static str],
    /// Which of the keywords, by their numbers, are wanted only where a word starts: no letter or digit of ASCII stands in
    /// front, but for that of an escape.
    pub starts_word: fn(usize) -> bool,
    /// Whether a file is wanted for its name: gets the file name in lower case and the whole path. Runs for every
    /// file, so it compares names and nothing else.
    pub names: fn(&str, &RelPath) -> bool,
    /// Whether files wanted by name are wanted even when they are binary; their whole content is then read.
    pub binary: bool,
    /// Whether a file is wanted for its first bytes (8 KiB at most), text or binary, whatever its name. Runs for every
    /// file, so it compares a magic number and nothing else.
    pub content: fn(&[u8]) -> bool,
}

impl Interest {
    /// Wants nothing; to be filled in with struct update syntax.
    pub const NONE: Self =
        Self { keywords: &[], starts_word: |_| false, names: |_, _| false, binary: false, content: |_| false };
}

/// What steers the collection beside the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Bounds on what is read.
    pub limits: Limits,
    /// Files whose SHA-256 is wanted (those that the configuration corrects).
    pub digests: BTreeSet<RelPath>,
    /// Whether only what a bill of materials needs is collected.
    pub bill: bool,
    /// Whether credentials are looked for in the git history as well.
    pub history: bool,
    /// A tag, branch or commit that the checkout is compared with, instead of the last release.
    pub against: Option<String>,
    /// Files of the history that are left out, as the walk leaves out those of the tree.
    pub exclude: globset::GlobSet,
}

/// Reads every walked file once, in parallel on the current rayon pool, and assembles the inventory.
///
/// `progress` is called with the number of files done since the last call. The result does not depend on the number
/// of threads.
pub fn collect(walked: Walked, options: &Options, progress: &(dyn Fn(u64) + Sync)) -> Inventory {
    let collectors = if options.bill { bill::COLLECTORS } else { COLLECTORS };
    let read = || {
        if options.bill { read_for_bill(&walked, options, progress) } else { read_all(&walked, options, progress) }
    };
    let (read, repository) = rayon::join(read, || walked.git.as_deref().map(Git::summary));
    assemble::assemble(walked, repository, read, options, collectors)
}

/// Shows every file to every collector.
fn read_all(walked: &Walked, options: &Options, progress: &(dyn Fn(u64) + Sync)) -> Vec<FileResult> {
    let prefilter = Prefilter::new(COLLECTORS);
    let copies = origins::folders(walked.entries.iter().map(|entry| &entry.path));
    let results = walked.entries.par_iter().map_init(
        || read::Reader::new(&prefilter, options, &copies),
        |reader, entry| {
            let result = collect_one(reader, entry);
            progress(1);
            result
        },
    );
    results.collect()
}

/// Shows the files that a bill of materials needs to the collectors that it needs.
fn read_for_bill(walked: &Walked, options: &Options, progress: &(dyn Fn(u64) + Sync)) -> Vec<FileResult> {
    let filters = bill::Filters::new();
    let copies = BTreeSet::new();
    let look = |entry: &Entry| {
        if options.digests.contains(&entry.path) { bill::Look::Root } else { bill::look(&entry.path) }
    };
    let looks: Vec<bill::Look> = walked.entries.par_iter().map(look).collect();
    let results = walked.entries.par_iter().zip(&looks).map_init(
        || bill::Readers::new(&filters, options, &copies),
        |readers, (entry, look)| {
            let result = readers.read(entry, *look);
            progress(1);
            result
        },
    );
    let mut results: Vec<FileResult> = results.collect();
    if !bill::tells_owner(&results) {
        bill::add_copyrights(&mut results, &walked.entries, &looks, options, &copies);
    }
    results
}

/// What one file gave.
struct FileResult {
    record: FileRecord,
    evidence: Vec<Evidence>,
    bytes: u64,
}

fn collect_one(reader: &mut read::Reader<'_>, entry: &Entry) -> FileResult {
    let mut evidence = Vec::new();
    let (kind, bytes, sha256) = match &entry.kind {
        EntryKind::Link(target) => (FileKind::Link(target.clone()), 0, None),
        EntryKind::File => match reader.read(entry, &mut evidence) {
            Ok(done) => done,
            Err((reason, words)) => {
                evidence.push(Evidence::Unread(Skipped {
                    path: entry.path.clone(),
                    kind: reason,
                    reason: words,
                    line: None,
                }));
                (FileKind::Unread, 0, None)
            }
        },
    };
    let record = FileRecord { sha256, ..FileRecord::new(entry.path.clone(), kind, entry.size) };
    FileResult { record, evidence, bytes }
}

/// A note that a file did not follow its format, for collectors whose parser gave up.
pub fn malformed(file: &SourceFile<'_>, line: Option<u32>, reason: impl std::fmt::Display) -> Evidence {
    Evidence::Unread(Skipped {
        path: file.path.clone(),
        kind: SkipReason::Malformed,
        reason: reason.to_string(),
        line,
    })
}
