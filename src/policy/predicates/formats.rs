//! Formats of documents: can they be edited, are they open, is there a license for them.

use std::collections::{BTreeMap, BTreeSet};

use super::Predicate;
use crate::model::{FileRecord, Inventory, Place};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

/// Extensions of files that a document can be edited in.
const EDITABLE: &[&str] = &[
    "tex",
    "md",
    "rst",
    "adoc",
    "txt",
    "odt",
    "odg",
    "odp",
    "ods",
    "svg",
    "drawio",
    "dio",
    "puml",
    "plantuml",
    "mmd",
    "dot",
    "gv",
    "fig",
    "dia",
    "lyx",
    "typ",
    "html",
    "htm",
    "xml",
    "dbk",
    "sgml",
    "texi",
    "texinfo",
    "ly",
    "ipynb",
    "py",
    "r",
    "rmd",
    "qmd",
    "org",
    "excalidraw",
    "vsdx",
    "docx",
    "pptx",
    "xcf",
    "psd",
    "ai",
    "blend",
    "d2",
    "tikz",
    "eps",
];

/// Extensions of formats that only one maker's programs read in full.
const CLOSED_FORMATS: &[&str] =
    &["doc", "docx", "ppt", "pptx", "xls", "xlsx", "vsd", "vsdx", "one", "pub", "pages", "key", "numbers", "wps"];

/// First-party files with one of these extensions.
fn with_extension<'a>(context: &Context<'a>, wanted: &[&str]) -> Vec<&'a FileRecord> {
    let is_wanted = |f: &&FileRecord| wanted.iter().any(|known| f.path.extension().eq_ignore_ascii_case(known));
    context.scene.project.own_files().filter(is_wanted).collect()
}

/// The files that share the stem of one of `files`, by that stem in lower case, to look for twins.
fn by_stem<'a>(inventory: &'a Inventory, files: &[&FileRecord]) -> BTreeMap<String, Vec<&'a FileRecord>> {
    let mut out: BTreeMap<String, Vec<&FileRecord>> =
        files.iter().map(|file| (file.path.stem().to_lowercase(), Vec::new())).collect();
    // Most files have stems of other lengths, which are not put into lower case for it.
    let lengths: BTreeSet<usize> = out.keys().map(String::len).collect();
    let may_be = |file: &&FileRecord| {
        let stem = file.path.stem();
        !stem.is_ascii() || lengths.contains(&stem.len())
    };
    for file in inventory.files.iter().filter(may_be) {
        if let Some(twins) = out.get_mut(&file.path.stem().to_lowercase()) {
            twins.push(file);
        }
    }
    out
}

/// Whether a file of the same stem with one of these extensions lies in the same folder, or, when the stem is more
/// than a short common word, below the folder above it.
fn has_twin(stems: &BTreeMap<String, Vec<&FileRecord>>, file: &FileRecord, endings: &[&str]) -> bool {
    let (folder, stem) = (file.path.parent(), file.path.stem().to_lowercase());
    stems.get(&stem).into_iter().flatten().any(|other| {
        other.path != file.path
            && endings.contains(&other.path.extension().to_ascii_lowercase().as_str())
            && (other.path.parent() == folder || other.path.is_within(&folder.parent()) && stem.len() > 4)
    })
}

pub(super) const WITHOUT_SOURCE: Predicate = Predicate {
    name: "document-without-source",
    about: "A PDF, or an image named for a diagram, has no editable file of the same name near it.",
    on: SubjectKind::File,
    fields: &[],
    params: &[],
    check: |context, judge| {
        let diagram = |f: &FileRecord| {
            let stem = f.path.stem().to_lowercase();
            ["diagram", "architecture", "flowchart", "workflow", "schematic", "sequence", "uml", "erd"]
                .iter()
                .any(|word| stem.contains(word))
        };
        let mut files = with_extension(context, &["pdf"]);
        files.extend(
            with_extension(context, &["png", "jpg", "jpeg", "gif", "webp"]).into_iter().filter(|f| diagram(f)),
        );
        let stems = by_stem(context.scene.inventory, &files);
        for file in files {
            if has_twin(&stems, file, EDITABLE) {
                judge.pass();
            } else {
                judge.fail(Failure::new(file.path.as_str(), Place::file(file.path.clone())));
            }
        }
    },
};

pub(super) const CLOSED: Predicate = Predicate {
    name: "document-closed-format",
    about: "A document exists only in a format of one maker's programs, with no open twin of the same name.",
    on: SubjectKind::File,
    fields: &["extension"],
    params: &[],
    check: |context, judge| {
        // `.key` and `.pages` are also names of keys and of web pages: only binary files are documents of that kind.
        let is_document = |f: &&FileRecord| matches!(f.kind, crate::model::FileKind::Binary);
        let files: Vec<&FileRecord> =
            with_extension(context, CLOSED_FORMATS).into_iter().filter(is_document).collect();
        let stems = by_stem(context.scene.inventory, &files);
        for file in files {
            let open: Vec<&str> =
                EDITABLE.iter().copied().chain(["pdf", "csv"]).filter(|e| !CLOSED_FORMATS.contains(e)).collect();
            if has_twin(&stems, file, &open) {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(file.path.as_str(), Place::file(file.path.clone()))
                        .with("extension", file.path.extension().to_ascii_lowercase()),
                );
            }
        }
    },
};

pub(super) const UNLICENSED: Predicate = Predicate {
    name: "document-license-missing",
    about: "A docs/ or spec/ folder at the root is covered by no license: none of its own, none at the root, none in its files.",
    on: SubjectKind::Repository,
    fields: &["folder"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if !inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        let project = context.scene.project;
        let covered = project.root().is_some_and(|u| !u.texts.is_empty())
            || inventory.manifests.iter().any(|m| m.license.is_some() && m.place.path.depth() == 1);
        // For each of these folders its first file, and whether one of its files states a license.
        const FOLDERS: [&str; 5] = ["docs", "doc", "spec", "specification", "documentation"];
        let mut found: [Option<(&str, &FileRecord, bool)>; FOLDERS.len()] = [None; FOLDERS.len()];
        for file in &inventory.files {
            let Some((top, _)) = file.path.as_str().split_once('/') else { continue };
            if let Some(which) = FOLDERS.iter().position(|folder| top.eq_ignore_ascii_case(folder)) {
                found[which].get_or_insert((top, file, false)).2 |= file.license.is_some();
            }
        }
        for (top, first, licensed) in found.into_iter().flatten() {
            if covered || licensed {
                judge.pass();
            } else {
                judge.fail(Failure::new(top, Place::file(first.path.clone())).with("folder", top));
            }
        }
    },
};
