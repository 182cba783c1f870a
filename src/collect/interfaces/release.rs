//! Interface documents as they were at the last release.

use super::super::{SourceFile, release};
use super::{compare, read};
use crate::model::{Encoding, FileKind, Inventory, Since};
use crate::walk::git::Git;

/// How many documents are compared.
const MOST: usize = 2000;

/// Compares the documents with what they were.
pub(super) fn look_back(inventory: &mut Inventory, git: &Git) {
    let Some(past) = &inventory.release else { return };
    let Some(commit) = release::commit(past) else { return };
    let name = past.tag.clone();
    for interface in inventory.interfaces.iter_mut().take(MOST) {
        let path = &interface.place.path;
        let Some(text) = release::text_at(git, &commit, path) else { continue };
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
}
