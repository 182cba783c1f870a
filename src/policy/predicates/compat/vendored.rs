//! Code of others that is kept in the tree.

use std::collections::BTreeMap;

use super::super::Predicate;
use crate::model::{DetectionKind, FileKind, FileRecord, Inventory, Place, RelPath, Severity, is_readme_name};
use crate::policy::compat;
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_first_party, is_license_text_name, is_source};

/// Folders that hold nothing but code of others, by the names that leave no doubt.
const FOLDERS: &[&str] =
    &["vendor", "vendored", "third_party", "third-party", "thirdparty", "3rdparty", "3rd_party", "3rd-party"];

/// The least size, in bytes, of a source file that is somebody's work: an empty `__init__.py`, or one line that says
/// where the rest was copied from, needs no license.
const LEAST_WORK: u64 = 200;

/// A vendored component: the folder below a folder for code of others, and its files.
pub(super) struct Copy<'a> {
    pub(super) folder: RelPath,
    pub(super) files: Vec<&'a FileRecord>,
}

/// The folder of the vendored component that holds a file: `third_party/zlib` for `third_party/zlib/src/a.c`.
fn component(path: &RelPath) -> Option<RelPath> {
    let at = path.as_str().split('/').position(|part| FOLDERS.iter().any(|name| part.eq_ignore_ascii_case(name)))?;
    let parts: Vec<&str> = path.as_str().split('/').collect();
    // Below source folders `vendor` is a word of the domain: makers of hardware, sellers of goods.
    if parts[..at].iter().any(|part| ["src", "lib", "app", "include", "drivers", "pkg", "internal"].contains(part)) {
        return None;
    }
    // Fixtures of tools that vendor are no code of others.
    if at > 0 && !is_first_party(&RelPath::new(format!("{}/file", parts[..at].join("/")))) {
        return None;
    }
    // A file right in the folder belongs to no component.
    (parts.len() > at + 2).then(|| RelPath::new(parts[..=at + 1].join("/")))
}

/// Vendored components, by folder.
pub(super) fn copies<'a>(context: &Context<'a>) -> Vec<Copy<'a>> {
    let mut out: BTreeMap<RelPath, Vec<&FileRecord>> = BTreeMap::new();
    for file in &context.scene.inventory.files {
        if let Some(folder) = component(&file.path) {
            out.entry(folder).or_default().push(file);
        }
    }
    out.into_iter().map(|(folder, files)| Copy { folder, files }).collect()
}

/// Whether every branch of an expression asks that changes are marked.
fn asks_for_marks(expression: &str) -> bool {
    let Ok(expression) = compat::read(expression) else { return false };
    let branches = super::branch_facts(&expression);
    let asks = |facts: &compat::LicenseFacts| facts.duties.iter().any(|d| d == "state-changes");
    !branches.is_empty() && branches.iter().all(|branch| branch.iter().any(|(_, facts)| facts.is_some_and(asks)))
}

/// What the manifests of the checkout declare, by their folders; of several in one folder, the first.
fn declared(inventory: &Inventory) -> BTreeMap<RelPath, &str> {
    let mut out = BTreeMap::new();
    for manifest in inventory.vendored.iter().chain(&inventory.manifests) {
        if let Some(license) = &manifest.license {
            out.entry(manifest.place.path.parent()).or_insert(license.text.as_str());
        }
    }
    out
}

/// The license that the texts in a folder are of.
fn text_of<'i>(inventory: &'i Inventory, folder: &RelPath) -> Option<&'i str> {
    let texts = inventory.below(folder).iter().filter(|f| is_license_text_name(&f.path));
    texts.filter(|f| f.path.parent() == *folder).find_map(|f| f.license.as_deref())
}

pub(crate) const MODIFIED: Predicate = Predicate {
    name: "vendored-modified-unmarked",
    about: "A vendored file differs from the digest that the copy records of its origin (.cargo-checksum.json), its license asks that changes are marked, and no comment in it says that it was changed.",
    on: SubjectKind::File,
    fields: &["origin", "license"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let declared = declared(inventory);
        for origin in &inventory.origins {
            let folder = origin.path.parent();
            let license = declared.get(&folder).copied().or_else(|| text_of(inventory, &folder));
            let Some(license) = license.filter(|license| asks_for_marks(license)) else {
                judge.nothing("the licenses of the vendored copies do not ask that changes are marked");
                continue;
            };
            for (path, digest) in &origin.digests {
                let Some(now) = inventory.file(path).and_then(|file| file.sha256.as_ref()) else { continue };
                let is_marked = || inventory.remarks.iter().any(|r| r.kind == "change-mark" && r.place.path == *path);
                if now == digest || is_marked() {
                    judge.pass();
                } else {
                    judge.fail(
                        Failure::new(path.as_str(), Place::file(path.clone()))
                            .with("origin", origin.path.as_str())
                            .with("license", license)
                            .license(license.to_owned()),
                    );
                }
            }
        }
        judge.nothing("no vendored copy records the digests of its origin");
    },
};

/// Whether a file is named like the license of one component: `python_dotenv.LICENSE` beside `dotenv`.
fn is_text_for(file: &str, component: &str) -> bool {
    let bare = |name: &str| name.to_ascii_lowercase().replace(['-', '_', '.'], "");
    let (file, component) = (bare(file), bare(component));
    (file.contains("license") || file.contains("licence")) && file.contains(&component)
}

pub(crate) const UNLICENSED: Predicate = Predicate {
    name: "vendored-unlicensed",
    about: "A component in vendor/ or third_party/ has source files of 200 bytes or more that are no scripts for a shell, and no license text, tag, notice or manifest field anywhere in it. A warning where one is named in passing.",
    on: SubjectKind::File,
    fields: &["files"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let manifests = || inventory.vendored.iter().chain(&inventory.manifests);
        for copy in copies(context) {
            let mut sources = copy.files.iter().filter(|f| {
                f.size >= LEAST_WORK
                    && matches!(f.kind, FileKind::Text(_))
                    && is_source(&f.path.extension().to_ascii_lowercase())
                    // What fetches or updates the copy is the project's own.
                    && !["sh", "bash", "ps1"].contains(&f.path.extension())
            });
            let Some(first) = sources.next() else { continue };
            let stated = copy.files.iter().any(|f| {
                f.licenses.iter().any(|d| d.kind != DetectionKind::Clue)
                    || is_license_text_name(&f.path)
                    || is_readme_name(f.path.name()) && f.license.is_some()
            });
            let declared = || manifests().any(|m| m.license.is_some() && m.place.path.is_within(&copy.folder));
            // A text or REUSE annotation beside the components may speak for them all.
            let above = || {
                let parent = copy.folder.parent();
                let mut beside = inventory.below(&parent).iter().filter(|f| f.path.lies_in(&parent));
                beside.any(|f| is_license_text_name(&f.path) || is_text_for(f.path.name(), copy.folder.name()))
            };
            if stated || declared() || above() {
                judge.pass();
            } else {
                let count = 1 + sources.count();
                // What is named and not granted (`ISC license: https://…`) leaves a doubt only.
                let is_named = copy.files.iter().any(|f| !f.licenses.is_empty());
                let at_most = if is_named { Severity::Warning } else { Severity::Error };
                let failure = Failure::new(copy.folder.as_str(), Place::file(first.path.clone()));
                judge.fail(failure.with("files", count.to_string()).at_most(at_most));
            }
        }
        judge.nothing("there is no folder for code of others");
    },
};
