//! Walks commits, and the files that history holds beside those of the tree.

use std::collections::{BTreeSet, BinaryHeap, HashSet};

use super::index::Mode;
use super::object::Id;
use super::{Git, GitError, refs};
use crate::model::{Commit, RelPath};

/// How many commits the whole history may have.
const MOST_COMMITS: usize = 2_000_000;
/// How many blobs of the past are told.
const MOST_BLOBS: usize = 5_000_000;

/// The blobs of the past.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Each blob that the checked-out commit does not have, once, in the order in which history brought them.
    pub blobs: Vec<PastBlob>,
    /// What could not be read, in words; a shallow clone's missing parents are not among it.
    pub unread: Vec<String>,
    /// How many commits were looked at.
    pub commits: usize,
}

/// A blob of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastBlob {
    /// The blob.
    pub id: Id,
    /// The oldest commit that has it, as far as the order of times tells.
    pub commit: Id,
    /// Its path there, relative to the scanned root.
    pub path: RelPath,
}

/// The `most` newest commits that `from` leads back to.
pub(super) fn commits(git: &Git, from: &Id, most: usize) -> Result<Vec<Commit>, GitError> {
    let mut out = Vec::new();
    let mut open = BinaryHeap::new();
    let mut seen = HashSet::from([*from]);
    let cut: HashSet<Id> = git.folders.shallow().into_iter().collect();
    let first = git.commit(from)?;
    open.push((first.committer.time, *from));
    while let Some((_, id)) = open.pop() {
        let commit = git.commit(&id)?;
        if !cut.contains(&id) {
            for parent in commit.parents.iter().filter_map(|hex| Id::from_hex(hex.as_bytes())) {
                if seen.insert(parent)
                    && let Ok(found) = git.commit(&parent)
                {
                    open.push((found.committer.time, parent));
                }
            }
        }
        out.push(commit);
        if out.len() == most {
            break;
        }
    }
    Ok(out)
}

/// Every blob that some reference leads to and `head` does not have, and that is not in `known`.
pub(super) fn past(git: &Git, head: Option<Id>, known: &BTreeSet<Id>) -> Result<Past, GitError> {
    let mut past = Past::default();
    let mut seen: HashSet<Id> = known.iter().copied().collect();
    if let Some(head) = head {
        seen.extend(git.files_at(&head)?.into_iter().map(|(_, id)| id));
    }
    let mut order: Vec<(i64, Id, Id)> = Vec::new();
    let mut open: Vec<Id> = refs::tips(&git.folders).into_iter().chain(head).collect();
    let mut visited: HashSet<Id> = HashSet::new();
    let cut: HashSet<Id> = git.folders.shallow().into_iter().collect();
    while let Some(id) = open.pop() {
        if !visited.insert(id) {
            continue;
        }
        if visited.len() > MOST_COMMITS {
            past.unread.push(format!("more than {MOST_COMMITS} commits; the rest is left out"));
            break;
        }
        let found = git.peel(id).and_then(|id| Ok((id, git.commit(&id)?, git.tree_of(&id)?)));
        match found {
            Ok((id, commit, Some(tree))) => {
                order.push((commit.committer.time, id, tree));
                if !cut.contains(&id) {
                    open.extend(commit.parents.iter().filter_map(|hex| Id::from_hex(hex.as_bytes())));
                }
            }
            Ok(_) => past.unread.push(format!("commit {id} has no tree")),
            Err(error) => past.unread.push(error.to_string()),
        }
    }
    order.sort();
    order.dedup();
    past.commits = order.len();
    let mut trees: HashSet<(Id, String)> = HashSet::new();
    for (_, commit, tree) in order {
        let mut folders = vec![(String::new(), tree, 0)];
        while let Some((folder, id, depth)) = folders.pop() {
            // A tree that was seen at the same place holds nothing new.
            if depth > 256 || !trees.insert((id, folder.clone())) {
                continue;
            }
            let entries = match git.tree(&id) {
                Ok(entries) => entries,
                Err(error) => {
                    past.unread.push(error.to_string());
                    continue;
                }
            };
            for entry in entries {
                let path = if folder.is_empty() { entry.name } else { format!("{folder}/{}", entry.name) };
                match entry.mode {
                    Mode::Folder => folders.push((path, entry.id, depth + 1)),
                    Mode::File | Mode::Executable => {
                        let Some(path) = git.below(&path) else { continue };
                        if past.blobs.len() >= MOST_BLOBS || !seen.insert(entry.id) {
                            continue;
                        }
                        past.blobs.push(PastBlob { id: entry.id, commit, path });
                    }
                    Mode::Link | Mode::Submodule => {}
                }
            }
        }
    }
    past.unread.sort();
    past.unread.dedup();
    Ok(past)
}
