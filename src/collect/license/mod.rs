//! Finds what files say of their license.
//!
//! Anchor words of the shared prefilter choose the files, [`regions`] the lines; `statements::tokens` splits them into
//! words, and what the words hold is remembered by their hash (`analysis`): license texts, compared with those that the
//! build script compiled (`find`, `align`, `index`), and statements, read by a grammar (`statements`, which lists the
//! conventions). `resolve` decides which of them stand, `exceptions` what an exception belongs to.

mod align;
mod analysis;
mod anchors;
mod bare;
mod exceptions;
pub mod fields;
mod find;
mod folders;
mod index;
mod layout;
mod names;
mod placeholders;
mod regions;
mod resolve;
pub mod reuse;
mod riders;
mod rtf;
mod statements;
pub mod tags;
mod texts;
mod words;

use std::ops::Range;
use std::sync::Arc;

pub use folders::folders;
pub use names::is_license_file;

use super::{Collector, Hit, Interest, Options, SourceFile, release};
use crate::model::{Detection, DetectionKind, Encoding, Evidence, FileKind, Inventory, RelPath, SkipReason, Skipped};
use crate::walk::git::Git;

/// How much of one file is searched for license texts, in bytes: above the largest collections of third-party
/// licenses that projects ship.
const MOST_BYTES: usize = 8 << 20;

/// Plain text up to this length may be a license text, in bytes: above the longest license of the list.
const PLAIN_BYTES: usize = 96 << 10;

/// Words of licenses in the shared prefilter; which of their places count is told by [`anchors`].
const KEYWORDS: &[&str] = &[
    "licen",
    "lizenz",
    "gpl",
    "redistribut",
    "permission",
    "public domain",
    "warrant",
    "creativecommons",
    "creative commons",
    "under the terms",
    "subject to the terms",
    "distributed under",
    "released under",
    "copyleft",
    "free software",
    "notice",
    "jede nutzung",
    "许可",
    "許可",
    "协议",
    "協議",
    "授权",
    "授權",
    "ライセンス",
    "ицензи",
    "freely",
    "copyrighted",
    "in the public",
    "neighboring rights",
    "modified version",
    "terms are retained",
    "credit is",
    "the code is permitted",
    "terms as perl",
    "terms as vim",
    "terms as tcl",
    "terms as python",
    "terms as ruby",
    "terms as lua",
    "under the mit",
    "under mit",
    "under the bsd",
    "under bsd",
    "under apache",
    "under the apache",
    "wtfpl",
    "beerware",
    "beer-ware",
    "cc0",
    "cc-by",
    "cc by",
    "domaine public",
    "artistic",
    // Short licenses of the list that have none of the words above.
    "use and distribut",
    "use this code",
    "may be copied",
    "reproduction and use",
    "refuse any resp",
    "be used by anyone",
    "good and not evil",
    "of known restrictions",
    "to use these sources",
    // The notice of the Independent JPEG Group.
    "conditions of dist",
    // The license page of Unicode's data files.
    "terms of use",
];

/// License texts, notices and references in any text file.
pub struct LicenseFiles;

impl Collector for LicenseFiles {
    fn id(&self) -> &'static str {
        "license-files"
    }

    fn summary(&self) -> &'static str {
        "License texts, notices and references in any text file: texts compared with the SPDX License List by the SPDX \
         matching guidelines, statements read by a grammar of names, versions and operators"
    }

    fn interest(&self) -> Interest {
        Interest { keywords: KEYWORDS, names: names::is_license_file, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        if file.encoding().is_none() {
            return;
        }
        let (found, whole) = search(file, hits);
        if !whole {
            out.push(Evidence::Unread(Skipped {
                path: file.path.clone(),
                kind: SkipReason::Limit,
                reason: format!("only the first {MOST_BYTES} bytes were searched for licenses"),
                line: None,
            }));
        }
        out.extend(found.into_iter().map(Evidence::License));
    }

    fn assemble(&self, inventory: &mut Inventory) {
        bare::resolve(inventory);
    }

    /// The licenses whose texts lay at the root at the last release: by the names that texts have now, and the usual.
    fn look_back(&self, inventory: &mut Inventory, git: &Git, _: &Options) {
        const USUAL: &[&str] = &["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "COPYING", "UNLICENSE"];
        let Some(commit) = inventory.release.as_ref().and_then(release::commit) else { return };
        let at_root = inventory.files.iter().map(|file| &file.path).filter(|path| !path.as_str().contains('/'));
        let mut paths: Vec<RelPath> =
            at_root.filter(|path| names::is_license_file(&path.name().to_lowercase(), path)).cloned().collect();
        paths.extend(USUAL.iter().map(|name| RelPath::new(*name)));
        paths.sort();
        paths.dedup();
        let mut found: Vec<String> = Vec::new();
        for path in &paths {
            let Some(text) = release::text_at(git, &commit, path) else { continue };
            let (lower, kind) = (path.name().to_lowercase(), FileKind::Text(Encoding::Utf8));
            let texts = detect(&SourceFile::text_file(path, &lower, &kind, &text)).into_iter();
            found.extend(texts.filter(|d| d.kind == DetectionKind::Text).map(|d| d.expression));
        }
        found.sort();
        found.dedup();
        if let Some(release) = &mut inventory.release {
            release.licenses = found;
        }
    }
}

/// The license statements in a file, read as a whole, in order; at most the first 8 MiB are searched.
///
/// A text that resembles a license and matches none is reported as `LicenseRef-unidentified`, with the nearest
/// license of the list and the words that differ.
pub fn detect(file: &SourceFile<'_>) -> Vec<Detection> {
    let end = file.text().floor_char_boundary(MOST_BYTES);
    read(file, std::slice::from_ref(&(0..end)), true)
}

/// How many stretches of text this process has read for licenses, and how many of them it had read before.
pub fn memory() -> (u64, u64) {
    analysis::memory()
}

/// The detections of a file, and whether all of it was searched.
fn search(file: &SourceFile<'_>, hits: &[Hit]) -> (Vec<Detection>, bool) {
    let text = file.text();
    if names::is_license_file(file.name, file.path) {
        return (detect(file), text.len() <= MOST_BYTES);
    }
    let anchors = anchors::anchors(text, hits, KEYWORDS);
    if text.len() <= PLAIN_BYTES && is_plain(file) {
        return (read(file, &regions::wide(text, &anchors), false), true);
    }
    let (regions, cut) = regions::regions(text, &anchors, MOST_BYTES, is_markdown(file));
    (read(file, &regions, false), !cut)
}

/// Whether the file is Markdown by its name.
fn is_markdown(file: &SourceFile<'_>) -> bool {
    let extension = file.path.extension();
    ["md", "markdown", "mdx"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether the file is text without markup or code by its name, which may hold a license text that no anchor spans.
fn is_plain(file: &SourceFile<'_>) -> bool {
    let extension = file.path.extension();
    // `Apache-2.0` has no extension, nor has a manual page.
    extension.is_empty()
        || extension.eq_ignore_ascii_case("txt")
        || extension.starts_with(|c: char| c.is_ascii_digit())
}

/// Reads regions of a file; `alone` when the file is there for its license text.
fn read(file: &SourceFile<'_>, regions: &[Range<usize>], alone: bool) -> Vec<Detection> {
    let index = index::Index::get();
    let ignored = file.ignored();
    let text = rtf::plain(file.text());
    let (mut pieces, mut stated) = (Vec::new(), Vec::new());
    let mut texts: Vec<u16> = Vec::new();
    let mut all: Vec<(usize, usize, Arc<analysis::Stretch>)> = Vec::new();
    for region in regions {
        let base = region.start;
        let stretch = analysis::read(&index, &text[region.clone()], alone);
        let analysis::Stretch { words, analysis, stated: bytes } = &*stretch;
        pieces.extend(texts::pieces(file, region.clone(), index, words, &analysis.found, alone));
        stated.extend(analysis.statements.iter().zip(bytes).map(|(statement, bytes)| resolve::Stated {
            bytes: base + bytes.start..base + bytes.end,
            statement: statement.clone(),
        }));
        texts.extend(analysis.found.texts.iter().map(|found| found.text));
        all.push((stated.len(), base, stretch));
    }
    resolve::drop_own_wording(&index, &texts, &all, &mut stated);
    pieces.retain(|piece| !ignored.contains(piece.bytes.start));
    stated.retain(|one| !ignored.contains(one.bytes.start));
    resolve::resolve(file, pieces, stated)
}

#[cfg(test)]
mod tests;
