//! Where node looks for a package: the folder tree that a lock file describes.
//!
//! A package at `P` that asks for `d` gets the first of `P/node_modules/d` and the same below each folder above `P`
//! (Node.js, "Loading from node_modules folders").

use std::collections::HashMap;

/// Folders that hold packages, by index.
#[derive(Default)]
pub(super) struct Tree<'t> {
    /// The nearest folder above each one.
    parents: Vec<Option<usize>>,
    /// The package in `node_modules/<name>` of a folder.
    installed: HashMap<(usize, &'t str), usize>,
}

/// How many folders one inside the other are searched; npm's own trees are a tenth of that deep.
const DEEPEST: usize = 128;

impl<'t> Tree<'t> {
    /// Adds a folder below another one and returns its index.
    pub(super) fn add(&mut self, parent: Option<usize>) -> usize {
        self.parents.push(parent);
        self.parents.len() - 1
    }

    /// Puts a folder below another one.
    pub(super) fn set_parent(&mut self, folder: usize, parent: usize) {
        if let Some(slot) = self.parents.get_mut(folder) {
            *slot = Some(parent);
        }
    }

    /// The folders in `node_modules` of a folder, in the order in which they were added.
    pub(super) fn installed_in(&self, folder: usize) -> impl Iterator<Item = usize> {
        let mut found: Vec<usize> =
            self.installed.iter().filter(|((parent, _), _)| *parent == folder).map(|(_, &at)| at).collect();
        found.sort_unstable();
        found.into_iter()
    }

    /// Says that `folder` is `node_modules/<name>` of `parent`.
    pub(super) fn install(&mut self, parent: usize, name: &'t str, folder: usize) {
        self.installed.insert((parent, name), folder);
    }

    /// What a package in `folder` gets when it asks for `name`.
    pub(super) fn find(&self, folder: usize, name: &str) -> Option<usize> {
        let mut at = Some(folder);
        for _ in 0..DEEPEST {
            let here = at?;
            if let Some(&found) = self.installed.get(&(here, name)) {
                return Some(found);
            }
            at = self.parents[here];
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_wins() {
        let mut tree = Tree::default();
        let root = tree.add(None);
        let a = tree.add(Some(root));
        tree.install(root, "a", a);
        let outer = tree.add(Some(root));
        tree.install(root, "b", outer);
        let inner = tree.add(Some(a));
        tree.install(a, "b", inner);
        assert_eq!(
            (tree.find(root, "b"), tree.find(a, "b"), tree.find(inner, "b")),
            (Some(outer), Some(inner), Some(inner))
        );
        assert_eq!((tree.find(outer, "a"), tree.find(inner, "c")), (Some(a), None));
    }
}
