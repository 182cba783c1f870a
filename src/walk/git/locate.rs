//! Finds the folders of a repository.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::object::{Hash, Id};
use super::{MOST_FILE, config};
use crate::model::RelPath;

/// Where a repository lies.
#[derive(Clone, Debug)]
pub(super) struct Folders {
    /// The folder with `HEAD` and `index`; in a worktree of its own, other than `common`.
    pub(super) own: PathBuf,
    /// The folder with objects and references.
    pub(super) common: PathBuf,
    /// The scanned root in the work tree.
    pub(super) prefix: RelPath,
    /// The hash that ids are of.
    pub(super) hash: Hash,
}

impl Folders {
    /// Finds the repository that holds `root`, upwards.
    pub(super) fn find(root: &Path) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        for folder in root.ancestors() {
            let found = match &folder.join(".git") {
                git if git.is_dir() => Self::of(git.clone()),
                git if git.is_file() => pointed(git, "gitdir: ").and_then(Self::of),
                _ => None,
            };
            if let Some(found) = found {
                return Some(Self { prefix: RelPath::below(folder, &root)?, ..found });
            }
        }
        None
    }

    /// The repository whose git folder is `own`, when it looks like one.
    fn of(own: PathBuf) -> Option<Self> {
        let common = pointed(&own.join("commondir"), "").unwrap_or_else(|| own.clone());
        let sound = own.join("HEAD").is_file() && common.join("objects").is_dir();
        let mut found = Self { own, common, prefix: RelPath::default(), hash: Hash::Sha1 };
        found.hash = config::hash(&found);
        sound.then_some(found)
    }

    /// The commits whose parents were cut off.
    pub(super) fn shallow(&self) -> Vec<Id> {
        let bytes = small_file(&self.common.join("shallow")).unwrap_or_default();
        bytes.split(|b| *b == b'\n').filter_map(Id::from_hex).collect()
    }
}

/// The path that a file holds behind `mark`, relative to the file's folder.
fn pointed(file: &Path, mark: &str) -> Option<PathBuf> {
    let bytes = small_file(file)?;
    let text = std::str::from_utf8(&bytes).ok()?.lines().next()?;
    let path = text.strip_prefix(mark)?.trim_end();
    (!path.is_empty()).then_some(file.parent()?.join(path))
}

/// The content of a small file; `None` when it is not there, is no file, or is not small.
pub(super) fn small_file(path: &Path) -> Option<Vec<u8>> {
    bounded(path, 1 << 20)
}

/// The content of a file of the repository that may be large.
pub(super) fn large_file(path: &Path) -> Option<Vec<u8>> {
    bounded(path, MOST_FILE)
}

fn bounded(path: &Path, most: u64) -> Option<Vec<u8>> {
    if !path.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}
