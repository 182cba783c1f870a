//! Code of others that is kept in the tree.

use std::collections::BTreeMap;

use super::super::Predicate;
use crate::model::{DetectionKind, FileKind, FileRecord, Place, RelPath};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_license_text_name, is_source};

/// Folders that hold nothing but code of others, by the names that leave no doubt.
const FOLDERS: &[&str] =
    &["vendor", "vendored", "third_party", "third-party", "thirdparty", "3rdparty", "3rd_party", "3rd-party"];

/// A vendored component: the folder below a folder for code of others, and its files.
pub(super) struct Copy<'a> {
    pub(super) folder: RelPath,
    pub(super) files: Vec<&'a FileRecord>,
}

/// The folder of the vendored component that holds a file: `third_party/zlib` for `third_party/zlib/src/a.c`.
fn component(path: &RelPath) -> Option<RelPath> {
    let parts: Vec<&str> = path.as_str().split('/').collect();
    let at = parts.iter().position(|part| FOLDERS.contains(&part.to_ascii_lowercase().as_str()))?;
    // Below source folders `vendor` is a word of the domain: makers of hardware, sellers of goods.
    if parts[..at].iter().any(|part| ["src", "lib", "app", "include", "drivers", "pkg", "internal"].contains(part)) {
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

pub(crate) const UNLICENSED: Predicate = Predicate {
    name: "vendored-unlicensed",
    about: "A component in vendor/ or third_party/ has source files, and no license text, tag, notice or manifest field anywhere in it.",
    on: SubjectKind::File,
    fields: &["files"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let manifests = || inventory.vendored.iter().chain(&inventory.manifests);
        for copy in copies(context) {
            let mut sources = copy.files.iter().filter(|f| {
                matches!(f.kind, FileKind::Text(_)) && is_source(&f.path.extension().to_ascii_lowercase())
            });
            let Some(first) = sources.next() else { continue };
            let stated = copy.files.iter().any(|f| {
                f.licenses.iter().any(|d| d.kind != DetectionKind::Clue)
                    || is_license_text_name(&f.path)
                    || f.path.name().to_ascii_lowercase().starts_with("readme") && f.license.is_some()
            });
            let declared = || manifests().any(|m| m.license.is_some() && m.place.path.is_within(&copy.folder));
            // A text or REUSE annotation beside the components may speak for them all.
            let above = || {
                let parent = copy.folder.parent();
                inventory.below(&parent).iter().any(|f| f.path.parent() == parent && is_license_text_name(&f.path))
            };
            if stated || declared() || above() {
                judge.pass();
            } else {
                let count = 1 + sources.count();
                judge.fail(
                    Failure::new(copy.folder.as_str(), Place::file(first.path.clone()))
                        .with("files", count.to_string()),
                );
            }
        }
        judge.nothing("there is no folder for code of others");
    },
};
