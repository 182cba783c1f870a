//! Credentials that were taken out of the tree and are still in the history.

use globset::GlobSet;
use rayon::prelude::*;

use super::super::prefilter::{Hits, Prefilter};
use super::super::{Collector, SourceFile};
use super::{Secrets, text};
use crate::model::{Encoding, FileKind, Inventory, Secret, SkipReason, Skipped};
use crate::walk::git::Git;

/// The one collector that looks at the past.
static ALONE: &[&dyn Collector] = &[&Secrets];

/// Largest file of the past that is read, in bytes; texts that people write are smaller.
const LARGEST: usize = 8 << 20;

/// Reads every blob of the history that the tree does not have, once, and adds what is found in it; files that `exclude`
/// names are left out.
pub(super) fn look_back(inventory: &mut Inventory, git: &Git, exclude: &GlobSet) {
    let past = match git.past() {
        Ok(past) => past,
        Err(error) => return unread(inventory, [error.to_string()]),
    };
    unread(inventory, past.unread);
    let prefilter = Prefilter::new(ALONE);
    let found: Vec<(Vec<Secret>, Option<String>)> = past
        .blobs
        .par_iter()
        .map_init(Hits::default, |hits, blob| {
            if exclude.is_match(blob.path.as_str()) {
                return (Vec::new(), None);
            }
            let bytes = match git.blob(&blob.id) {
                Ok(bytes) => bytes,
                Err(error) => return (Vec::new(), Some(error.to_string())),
            };
            if bytes.len() > LARGEST || memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
                return (Vec::new(), None);
            }
            let content = String::from_utf8_lossy(&bytes);
            prefilter.scan(content.as_bytes(), hits);
            if hits.of(0).is_empty() {
                return (Vec::new(), None);
            }
            let kind = FileKind::Text(Encoding::Utf8);
            let name = blob.path.name().to_lowercase();
            let file = SourceFile::text_file(&blob.path, &name, &kind, &content);
            let commit = blob.commit.to_string();
            let secrets = text::find(&file, hits.of(0)).into_iter();
            (secrets.map(|secret| Secret { commit: Some(commit.clone()), ..secret }).collect(), None)
        })
        .collect();
    let mut errors = Vec::new();
    for (secrets, error) in found {
        inventory.secrets.extend(secrets);
        errors.extend(error);
    }
    unread(inventory, errors);
    inventory.secrets.sort();
    // The same line of several versions of a file is one credential, brought by the first of them.
    inventory
        .secrets
        .dedup_by(|b, a| a.place == b.place && a.kind == b.kind && a.commit.is_some() == b.commit.is_some());
}

/// Tells what of the history could not be read.
fn unread(inventory: &mut Inventory, errors: impl IntoIterator<Item = String>) {
    let path = crate::model::RelPath::new(".git");
    inventory.skipped.extend(errors.into_iter().map(|reason| Skipped {
        path: path.clone(),
        kind: SkipReason::Malformed,
        reason: format!("history: {reason}"),
        line: None,
    }));
    inventory.skipped.sort();
    inventory.skipped.dedup();
}
