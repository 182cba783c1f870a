//! Packages that lie in `node_modules` of a checkout where no lock file says what does: bundled dependencies, and what
//! was installed without one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::tree::Tree;
use crate::collect::packages::locks;
use crate::collect::packages::purl::purl_from;
use crate::model::{Ecosystem, Inventory, Lock, Locked, Manifest, Place, RelPath, Scope};

const FOLDER: &str = "node_modules/";

/// Whether a lock is made of an installed tree, which no file lists: each package says where it lies itself.
pub(in crate::collect::packages) fn is_tree(lock: &Lock) -> bool {
    lock.ecosystem == Ecosystem::NPM && lock.place.path.name() == "package.json"
}

/// The folder of the project that an installed package belongs to: that of the outermost `node_modules`.
pub(in crate::collect::packages) fn owner(path: &RelPath) -> Option<RelPath> {
    let text = path.as_str();
    let at = text.match_indices(FOLDER).map(|(at, _)| at).find(|&at| at == 0 || text[..at].ends_with('/'))?;
    Some(RelPath::new(text[..at].trim_end_matches('/')))
}

/// Makes a lock of each installed tree that no lock file at or above it is about. Running it again changes nothing.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    inventory.locks.retain(|lock| !is_tree(lock));
    let locked: BTreeSet<RelPath> = inventory
        .locks
        .iter()
        .filter(|lock| lock.ecosystem == Ecosystem::NPM)
        .map(|lock| owner(&lock.place.path).unwrap_or_else(|| lock.place.path.parent()))
        .collect();
    let mut trees: BTreeMap<RelPath, Vec<&Manifest>> = BTreeMap::new();
    for copy in inventory.vendored.iter().filter(|m| m.ecosystem == Ecosystem::NPM) {
        let path = copy.place.path.as_str();
        // A file of this name deeper in a package describes a part of it.
        let folder =
            path.strip_suffix("/package.json").and_then(|f| f.rfind(FOLDER).map(|at| &f[at + FOLDER.len()..]));
        let is_package = folder.is_some_and(|f| f.split('/').count() == if f.starts_with('@') { 2 } else { 1 });
        if is_package
            && copy.name.is_some()
            && copy.version.is_some()
            && let Some(owner) = owner(&copy.place.path)
        {
            trees.entry(owner).or_default().push(copy);
        }
    }
    let known = |folder: &RelPath| {
        let mut at = folder.clone();
        loop {
            if locked.contains(&at) {
                return true;
            }
            if at.as_str().is_empty() {
                return false;
            }
            at = at.parent();
        }
    };
    let made: Vec<Lock> = trees.iter().filter(|(owner, _)| !known(owner)).filter_map(|(_, all)| lock(all)).collect();
    inventory.locks.extend(made);
    inventory.locks.sort_by(|a, b| a.place.cmp(&b.place));
}

/// The folder of an installed package.
fn folder(copy: &Manifest) -> &str {
    copy.place.path.as_str().trim_end_matches("/package.json")
}

/// The lock that the packages of one tree make.
fn lock(copies: &[&Manifest]) -> Option<Lock> {
    let mut tree = Tree::default();
    let root = tree.add(None);
    let mut folders: HashMap<&str, usize> = HashMap::new();
    let first = copies.first()?;
    for copy in copies {
        let at = tree.add(Some(root));
        folders.insert(folder(copy), at);
    }
    let mut packages: Vec<Locked> = Vec::new();
    for copy in copies {
        let path = folder(copy);
        let at = path.rfind(FOLDER)?;
        let above = path[..at].trim_end_matches('/');
        let parent = folders.get(above).copied().unwrap_or(root);
        tree.set_parent(folders[path], parent);
        tree.install(parent, &path[at + FOLDER.len()..], folders[path]);
        let (name, version) = (copy.name.as_deref()?, copy.version.as_deref()?);
        packages.push(Locked {
            purl: purl_from("npm", name, version, ""),
            name: name.to_owned(),
            version: version.to_owned(),
            ..Locked::default()
        });
    }
    // Folders were added in the order of the packages, behind the root.
    for (from, copy) in copies.iter().enumerate() {
        let needed = copy.dependencies.iter().filter(|d| !matches!(d.scope, Scope::Dev | Scope::Test));
        let found: Vec<usize> = needed.filter_map(|d| tree.find(from + 1, &d.name)).map(|to| to - 1).collect();
        packages[from].dependencies.extend(found.into_iter().filter(|to| *to != from));
    }
    let top: Vec<usize> = tree.installed_in(root).map(|at| at - 1).collect();
    packages.push(locks::project(top));
    let place = Place::file(first.place.path.clone());
    Some(locks::tidied(place, Ecosystem::NPM, packages))
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::inventory_of;
    use crate::model::RelPath;

    fn purls(files: &[(&str, &str)]) -> Vec<(String, Vec<String>, bool)> {
        let mut files: Vec<_> = files.iter().map(|(path, text)| (RelPath::new(*path), (*text).to_owned())).collect();
        files.sort();
        let packages = inventory_of(&files).packages.into_iter();
        packages.map(|p| (p.purl, p.dependencies, p.direct)).collect()
    }

    #[test]
    fn what_lies_in_the_checkout_is_what_is_used() {
        let tree = [
            ("package.json", r#"{"name": "app", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}"#),
            ("node_modules/a/package.json", r#"{"name": "a", "version": "1.2.0", "dependencies": {"b": "^2"}}"#),
            ("node_modules/a/node_modules/b/package.json", r#"{"name": "b", "version": "2.1.0"}"#),
            ("node_modules/b/package.json", r#"{"name": "b", "version": "1.0.0"}"#),
            ("node_modules/b/esm/package.json", r#"{"name": "part", "version": "0.0.0"}"#),
        ];
        let text = |text: &str| text.to_owned();
        let a = (text("pkg:npm/a@1.2.0"), vec![text("pkg:npm/b@2.1.0")], true);
        assert_eq!(
            purls(&tree),
            [
                a,
                (text("pkg:npm/app@1.0.0"), vec![text("pkg:npm/a@1.2.0")], false),
                (text("pkg:npm/b@1.0.0"), vec![], false),
                (text("pkg:npm/b@2.1.0"), vec![], false),
            ]
        );
        let mut locked = tree.to_vec();
        locked.push(("package-lock.json", r#"{"packages": {"": {"name": "app", "version": "1.0.0"}}}"#));
        let only = purls(&locked);
        assert!(only.iter().all(|(purl, ..)| !purl.contains("/b@")), "{only:?}");
    }
}
