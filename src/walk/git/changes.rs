//! What a checkout changed since a commit, uncommitted changes included.

use std::collections::BTreeMap;
use std::path::Path;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::object::Hash;
use super::{Git, GitError, Id};
use crate::model::RelPath;

/// How far back the commit is looked for in which two lines of history part.
const MOST_COMMITS: usize = 20_000;

/// The files of a commit, to compare those of the checkout with.
pub struct Changes {
    files: BTreeMap<RelPath, Id>,
    hash: Hash,
}

impl Git {
    /// Compares with the commit in which the checked-out history parts from `name` (a tag, a branch or a commit), so that
    /// what happened there since does not count; with `name` itself where a shallow clone does not tell.
    ///
    /// # Errors
    /// When `name` leads to no commit, or its files cannot be read.
    pub fn changes_since(&self, name: &str) -> Result<Changes, GitError> {
        let named = self.resolve(name)?;
        let fork = self.head().and_then(|head| self.fork_point(&head, &named));
        let files = self.files_at(&fork.unwrap_or(named))?;
        Ok(Changes { files: files.into_iter().collect(), hash: self.folders.hash })
    }

    /// The newest commit that both lead back to.
    fn fork_point(&self, one: &Id, other: &Id) -> Option<Id> {
        let others = self.commits(other, MOST_COMMITS).ok()?;
        let known: std::collections::HashSet<String> = others.into_iter().map(|commit| commit.id).collect();
        let own = self.commits(one, MOST_COMMITS).ok()?;
        Id::from_hex(own.into_iter().find(|commit| known.contains(&commit.id))?.id.as_bytes())
    }
}

impl Changes {
    /// Whether the file at `absolute`, which is `path` below the scanned root, is not what it was. What cannot be read has
    /// changed, as far as one can tell.
    pub fn has(&self, path: &RelPath, absolute: &Path) -> bool {
        let Some(id) = self.files.get(path) else { return true };
        std::fs::read(absolute).map_or(true, |bytes| self.id(&bytes).as_ref() != Some(id))
    }

    /// The id of a blob: the hash of its header and content (gitformat-pack, "object names").
    fn id(&self, bytes: &[u8]) -> Option<Id> {
        let header = format!("blob {}\0", bytes.len());
        let digest = match self.hash {
            Hash::Sha1 => Sha1::new().chain_update(header).chain_update(bytes).finalize().to_vec(),
            Hash::Sha256 => Sha256::new().chain_update(header).chain_update(bytes).finalize().to_vec(),
        };
        Id::take(&digest, self.hash)
    }
}
