//! Reads the git repository of a checkout, and writes nothing: no program is started, no hook and no filter runs, and
//! of the configuration only the URL of `origin` and the kind of hash are looked at, as text.
//!
//! Formats: gitrepository-layout(5), gitformat-index(5), gitformat-pack(5), and the objects of gitcore-tutorial(7).
//! All of it is untrusted: sizes, depths and counts are bounded, and what cannot be read is said, never guessed.

mod changes;
mod config;
mod delta;
mod history;
mod index;
mod locate;
mod object;
mod pack;
mod refs;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use thiserror::Error;

use crate::model::{Commit, RelPath, Repository, Tag, Tracked, TrackedKind};
use index::Mode;
use locate::Folders;
use store::Store;

pub use changes::Changes;
pub use history::Past;
pub use object::{Id, Kind};

/// Largest object that is unpacked, in bytes; larger blobs are told, not read.
const MOST_BYTES: usize = 64 << 20;
/// Largest file beside packs that is read whole (index, packed references), in bytes.
const MOST_FILE: u64 = 512 << 20;
/// How far `~` leads back.
const MOST_STEPS: usize = 10_000;
/// How many tags are kept.
const MOST_TAGS: usize = 20_000;

/// Something of a repository could not be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GitError {
    /// An object, reference or file is not there.
    #[error("{0} is not there")]
    Missing(String),
    /// It is there, and does not follow its format.
    #[error("{what}: {why}")]
    Malformed {
        /// What was read.
        what: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A bound was reached.
    #[error("{what} is larger than the limit")]
    TooLarge {
        /// What was read.
        what: String,
    },
    /// The system refused.
    #[error("{what}: {why}")]
    System {
        /// What was read.
        what: String,
        /// What the system said.
        why: String,
    },
}

impl GitError {
    fn malformed(what: impl Into<String>, why: &'static str) -> Self {
        Self::Malformed { what: what.into(), why }
    }
}

/// The repository of a scanned root. Opening reads two small files; everything else is read when it is asked for.
#[derive(Debug)]
pub struct Git {
    folders: Folders,
    store: Store,
}

impl Git {
    /// Finds the repository that holds `root`: a `.git` folder, or the `.git` file of a worktree or submodule, in `root`
    /// or above it. `None` when there is none.
    pub fn find(root: &Path) -> Option<Self> {
        let folders = Folders::find(root)?;
        let store = Store::open(&folders);
        Some(Self { folders, store })
    }

    /// All that is cheap to know.
    pub fn summary(&self) -> Repository {
        let mut unread = Vec::new();
        let mut note = |error: GitError| unread.push(error.to_string());
        let head = refs::head(&self.folders);
        let commit = head.commit.and_then(|id| self.commit(&id).map_err(&mut note).ok());
        let recent = match head.commit {
            Some(_) if commit.is_none() => Vec::new(),
            Some(id) => self.commits(&id, Repository::RECENT).unwrap_or_else(|error| {
                note(error);
                Vec::new()
            }),
            None => Vec::new(),
        };
        let tags = self.tags();
        let tracked = match self.tracked() {
            Ok(tracked) => Some(tracked),
            Err(GitError::Missing(_)) => None,
            Err(error) => {
                note(error);
                None
            }
        };
        let remote = config::origin(&self.folders).map(|url| config::without_credentials(&url));
        let shallow = !self.folders.shallow().is_empty();
        Repository {
            prefix: self.folders.prefix.clone(),
            branch: head.branch,
            head: commit,
            recent,
            tags,
            remote,
            shallow,
            tracked,
            unread,
        }
    }

    /// The commit that is checked out.
    pub fn head(&self) -> Option<Id> {
        refs::head(&self.folders).commit
    }

    /// Where the scanned root lies in the work tree; empty when it is the work tree.
    pub fn prefix(&self) -> &RelPath {
        &self.folders.prefix
    }

    /// Resolves the name of a tag or branch, `HEAD`, or a whole object id, to a commit, and follows `~N` (the first
    /// parent, N times) and `^N` (the Nth parent) behind it (gitrevisions(7)).
    ///
    /// # Errors
    /// When there is no such thing, or it leads to no commit.
    pub fn resolve(&self, name: &str) -> Result<Id, GitError> {
        let missing = || GitError::Missing(format!("`{name}`"));
        // Neither character may stand in a reference.
        let start = name.find(['~', '^']).unwrap_or(name.len());
        let (base, mut steps) = name.split_at(start);
        let id = refs::resolve(&self.folders, base).or_else(|| Id::from_hex(base.as_bytes()));
        let mut id = self.peel(id.ok_or_else(missing)?)?;
        while let Some(kind) = steps.chars().next() {
            let rest = &steps[kind.len_utf8()..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let count = if digits == 0 { 1 } else { rest[..digits].parse().map_err(|_| missing())? };
            let (times, parent) = match kind {
                '~' if count <= MOST_STEPS => (count, 0),
                '^' if count > 0 => (1, count - 1),
                _ => return Err(missing()),
            };
            for _ in 0..times {
                let parents = self.commit(&id)?.parents;
                id = parents.get(parent).and_then(|hex| Id::from_hex(hex.as_bytes())).ok_or_else(missing)?;
            }
            steps = &rest[digits..];
        }
        Ok(id)
    }

    /// Follows a tag object to its commit.
    fn peel(&self, mut id: Id) -> Result<Id, GitError> {
        for _ in 0..8 {
            let (kind, bytes) = self.store.object(&id)?;
            match kind {
                Kind::Commit => return Ok(id),
                Kind::Tag => {
                    id = object::tag_target(&bytes).ok_or_else(|| GitError::malformed("a tag", "no target"))?
                }
                Kind::Tree | Kind::Blob => return Err(GitError::malformed(id.to_string(), "is no commit")),
            }
        }
        Err(GitError::TooLarge { what: "a chain of tags".to_owned() })
    }

    /// Reads one commit.
    ///
    /// # Errors
    /// When it is not there or is malformed.
    pub fn commit(&self, id: &Id) -> Result<Commit, GitError> {
        match self.store.object(id)? {
            (Kind::Commit, bytes) => object::commit(id, &bytes),
            _ => Err(GitError::malformed(id.to_string(), "is no commit")),
        }
    }

    /// The `most` newest commits that `from` leads back to, newest first by the time of the committer.
    ///
    /// # Errors
    /// When `from` cannot be read. A parent that is missing (a shallow clone) ends its line silently.
    pub fn commits(&self, from: &Id, most: usize) -> Result<Vec<Commit>, GitError> {
        history::commits(self, from, most)
    }

    /// Tags with their commits. A tag of something else than a commit is left out.
    fn tags(&self) -> Vec<Tag> {
        let mut tags = Vec::new();
        for found in refs::tags(&self.folders).into_iter().take(MOST_TAGS) {
            let Ok(commit) = found.peeled.map_or_else(|| self.peel(found.id), Ok) else { continue };
            let time = self.commit(&commit).ok().map(|c| c.committer.time);
            tags.push(Tag { name: found.name, commit: commit.to_string(), time });
        }
        tags
    }

    /// The index, as far as it lies below the scanned root.
    fn tracked(&self) -> Result<Vec<Tracked>, GitError> {
        let entries = index::read(&self.folders.own.join("index"), self.folders.hash)?;
        let mut tracked: Vec<Tracked> = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(path) = self.below(&entry.path) else { continue };
            let kind = match entry.mode {
                Mode::File => TrackedKind::File,
                Mode::Executable => TrackedKind::Executable,
                Mode::Link => TrackedKind::Link,
                Mode::Submodule => TrackedKind::Submodule,
                Mode::Folder => TrackedKind::Folder,
            };
            tracked.push(Tracked { path, kind, id: entry.id.to_string() });
        }
        // A path in conflict is listed once for each side.
        tracked.sort_by(|a, b| a.path.cmp(&b.path));
        tracked.dedup_by(|a, b| a.path == b.path);
        Ok(tracked)
    }

    /// A path of the work tree as a path of the scanned root.
    fn below(&self, path: &str) -> Option<RelPath> {
        let prefix = self.folders.prefix.as_str();
        if prefix.is_empty() {
            return Some(RelPath::new(path));
        }
        path.strip_prefix(prefix)?.strip_prefix('/').map(RelPath::new)
    }

    /// A path of the scanned root as a path of the work tree.
    fn whole(&self, path: &RelPath) -> String {
        let prefix = self.folders.prefix.as_str();
        if prefix.is_empty() { path.to_string() } else { format!("{prefix}/{path}") }
    }

    /// The content that a file below the scanned root had at a commit; `None` when it was not there or was no file.
    ///
    /// # Errors
    /// When the commit or a tree on the way cannot be read, or the file is too large.
    pub fn file_at(&self, commit: &Id, path: &RelPath) -> Result<Option<Vec<u8>>, GitError> {
        let Some(mut at) = self.tree_of(commit)? else { return Ok(None) };
        let whole = self.whole(path);
        let mut parts = whole.split('/').peekable();
        while let Some(part) = parts.next() {
            let tree = self.tree(&at)?;
            let Some(entry) = tree.into_iter().find(|entry| entry.name == part) else { return Ok(None) };
            match (entry.mode, parts.peek()) {
                (Mode::Folder, Some(_)) => at = entry.id,
                (Mode::File | Mode::Executable, None) => return self.blob(&entry.id).map(Some),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The files below the scanned root at a commit, with the ids of their blobs, sorted by path; links and submodules
    /// are left out.
    ///
    /// # Errors
    /// When the commit or a tree of it cannot be read, or there are more than a million files.
    pub fn files_at(&self, commit: &Id) -> Result<Vec<(RelPath, Id)>, GitError> {
        let Some(root) = self.tree_of(commit)? else { return Ok(Vec::new()) };
        let mut files = Vec::new();
        let mut open = vec![(String::new(), root, 0)];
        // A tree that holds itself cannot be made, but a small one that is wide and deep can name countless files.
        while let Some((folder, id, depth)) = open.pop() {
            if files.len() > 1_000_000 || open.len() > 1_000_000 || depth > 256 {
                return Err(GitError::TooLarge { what: format!("the tree of {commit}") });
            }
            for entry in self.tree(&id)? {
                let path = if folder.is_empty() { entry.name } else { format!("{folder}/{}", entry.name) };
                match entry.mode {
                    Mode::Folder => open.push((path, entry.id, depth + 1)),
                    Mode::File | Mode::Executable => files.extend(self.below(&path).map(|path| (path, entry.id))),
                    Mode::Link | Mode::Submodule => {}
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// The content of a blob.
    ///
    /// # Errors
    /// When it is not there, is malformed, or is larger than 64 MiB.
    pub fn blob(&self, id: &Id) -> Result<Vec<u8>, GitError> {
        match self.store.object(id)? {
            (Kind::Blob, bytes) => Ok(bytes.as_ref().clone()),
            _ => Err(GitError::malformed(id.to_string(), "is no blob")),
        }
    }

    fn tree(&self, id: &Id) -> Result<Vec<object::TreeEntry>, GitError> {
        match self.store.object(id)? {
            (Kind::Tree, bytes) => object::tree(&bytes, self.folders.hash),
            _ => Err(GitError::malformed(id.to_string(), "is no tree")),
        }
    }

    fn tree_of(&self, commit: &Id) -> Result<Option<Id>, GitError> {
        match self.store.object(commit)? {
            (Kind::Commit, bytes) => Ok(object::commit_tree(&bytes)),
            _ => Err(GitError::malformed(commit.to_string(), "is no commit")),
        }
    }

    /// Every blob of the history, once: the oldest commit that has it, and its path there. Blobs that the commit `HEAD` has
    /// are left out, and so is what lies outside the scanned root.
    ///
    /// # Errors
    /// When the commit that is checked out cannot be read.
    pub fn past(&self) -> Result<Past, GitError> {
        history::past(self, self.head(), &BTreeSet::new())
    }
}
