//! Cargo workspaces: who belongs to which, and what members take from it (Cargo Book, "Workspaces").

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::collect::packages::members::Members;
use crate::model::{Ecosystem, Given, Inventory, LicenseField, Manifest, RelPath};

/// Fills in what manifests take from their workspaces, says which workspace each belongs to, and which produce
/// programs. Running it again changes nothing.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    let mut manifests = std::mem::take(&mut inventory.manifests);
    let folders: HashMap<RelPath, usize> = manifests
        .iter()
        .enumerate()
        .filter(|(_, m)| m.ecosystem == Ecosystem::CARGO)
        .map(|(at, m)| (m.place.path.parent(), at))
        .collect();
    let workspaces = Workspaces::find(&manifests, &folders);
    for at in 0..manifests.len() {
        if manifests[at].ecosystem != Ecosystem::CARGO {
            continue;
        }
        let folder = manifests[at].place.path.parent();
        if let Some(root) = workspaces.root_of(&manifests[at], &folder, &folders) {
            let member = root != at && workspaces.members.get(&root).is_some_and(|m| m.contains(&at));
            manifests[at].workspace = member.then(|| manifests[root].place.path.clone());
            let mut manifest = manifests[at].clone();
            take(&mut manifest, &manifests[root]);
            manifests[at] = manifest;
        }
        let program = |path: &str| folder.join(path).is_some_and(|path| inventory.exists(&path));
        let manifest = &mut manifests[at];
        manifest.application |= manifest.compiled && (program("src/main.rs") || program("src/bin"));
    }
    inventory.manifests = manifests;
}

/// Workspace roots, as indexes of manifests.
struct Workspaces {
    members: BTreeMap<usize, BTreeSet<usize>>,
    patterns: BTreeMap<usize, Members>,
}

impl Workspaces {
    fn find(manifests: &[Manifest], folders: &HashMap<RelPath, usize>) -> Self {
        let mut found = Self { members: BTreeMap::new(), patterns: BTreeMap::new() };
        for (root, manifest) in manifests.iter().enumerate() {
            let Some(members) = &manifest.inheritance.members else { continue };
            if manifest.ecosystem == Ecosystem::CARGO {
                found.members.insert(root, BTreeSet::from([root]));
                found.patterns.insert(root, Members::new(&manifest.place.path.parent(), members));
            }
        }
        // Each manifest is asked about the roots above it only, so the work is manifests times depth.
        for (folder, &at) in folders {
            let Some(root) = found.root_of(&manifests[at], folder, folders) else { continue };
            if manifests[at].inheritance.root.is_some() || found.patterns[&root].include(folder) {
                found.members.entry(root).or_default().insert(at);
            }
        }
        // Path dependencies below the root are members without being named.
        for (&root, patterns) in &found.patterns {
            let base = manifests[root].place.path.parent();
            let members = found.members.entry(root).or_default();
            let mut queue: Vec<usize> = members.iter().copied().collect();
            while let Some(at) = queue.pop() {
                let folder = manifests[at].place.path.parent();
                for path in manifests[at].dependencies.iter().filter_map(|d| d.source.as_deref()) {
                    let target = folder.join(path).filter(|t| !path.contains(':') && t.is_within(&base));
                    let Some(&to) = target.as_ref().and_then(|t| folders.get(t)) else { continue };
                    let is_root = manifests[to].inheritance.members.is_some();
                    if !is_root && target.is_some_and(|t| !patterns.exclude(&t)) && members.insert(to) {
                        queue.push(to);
                    }
                }
            }
        }
        found
    }

    /// The workspace that cargo would look a manifest's inherited fields up in: the one it names, else the nearest at
    /// or above its folder that does not exclude it.
    fn root_of(&self, manifest: &Manifest, folder: &RelPath, folders: &HashMap<RelPath, usize>) -> Option<usize> {
        let root_at = |folder: &RelPath| folders.get(folder).copied().filter(|r| self.members.contains_key(r));
        if let Some(named) = &manifest.inheritance.root {
            return root_at(&folder.join(named)?);
        }
        let mut at = folder.clone();
        loop {
            if let Some(root) = root_at(&at).filter(|root| !self.patterns[root].exclude(folder)) {
                return Some(root);
            }
            if at.as_str().is_empty() {
                return None;
            }
            at = at.parent();
        }
    }
}

/// Copies to a member what it takes from the root.
fn take(member: &mut Manifest, root: &Manifest) {
    let given = &root.inheritance.fields;
    let folder = root.place.path.parent();
    for field in member.inheritance.takes.clone() {
        let Some(Given { values, place }) = given.get(&field) else { continue };
        let first = values.first();
        match field.as_str() {
            "version" => member.version = first.cloned(),
            "license" => {
                member.license =
                    first.map(|text| LicenseField { text: text.clone(), place: place.clone(), spdx: true });
            }
            "license-file" => {
                member.license_file = first.and_then(|path| Some((folder.join(path)?, place.clone())));
            }
            "publish" => member.publishable = first.is_some_and(|value| value != "false"),
            "description" => member.description = first.cloned(),
            "repository" => member.repository = first.cloned(),
            "homepage" => member.homepage = first.cloned(),
            "authors" => member.authors.clone_from(values),
            "rust-version" => member.minimum_runtime = first.map(|text| (text.clone(), place.clone())),
            _ => {}
        }
    }
    let member_folder = member.place.path.parent();
    for (at, key) in member.inheritance.takes_dependencies.clone() {
        let Some(dependency) = root.inheritance.dependencies.get(&key) else { continue };
        let Some(own) = member.dependencies.get_mut(at) else { continue };
        own.name.clone_from(&dependency.name);
        own.requirement.clone_from(&dependency.requirement);
        own.source = dependency.source.as_ref().map(|source| {
            // Paths are relative to the manifest that states them.
            if source.contains(':') { source.clone() } else { relative(&member_folder, &folder, source) }
        });
    }
}

/// `path`, stated in folder `from`, as seen from folder `to`.
fn relative(to: &RelPath, from: &RelPath, path: &str) -> String {
    let Some(target) = from.join(path) else { return path.to_owned() };
    let up = "../".repeat(to.depth());
    format!("{up}{}", target.as_str())
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::inventory;
    use crate::model::{Manifest, RelPath};

    fn find<'m>(manifests: &'m [Manifest], path: &str) -> &'m Manifest {
        manifests.iter().find(|m| m.place.path == RelPath::new(path)).unwrap()
    }

    #[test]
    fn members_take_what_they_ask_for() {
        let inventory = inventory("cargo-toml/workspace");
        let app = find(&inventory.manifests, "app/Cargo.toml");
        assert_eq!(app.version.as_deref(), Some("0.4.0"));
        let license = app.license.as_ref().unwrap();
        assert_eq!(license.text, "Apache-2.0");
        assert_eq!((license.place.path.as_str(), license.place.start_line()), ("Cargo.toml", 7));
        assert_eq!(app.minimum_runtime.as_ref().unwrap().0, "1.80");
        assert_eq!(app.repository.as_deref(), Some("https://git.example.org/workspace"));
        assert!(!app.publishable && !app.application);
        assert_eq!(app.workspace.as_ref().map(RelPath::as_str), Some("Cargo.toml"));
        let dependencies: Vec<_> =
            app.dependencies.iter().map(|d| (d.name.as_str(), d.requirement.as_str(), d.source.as_deref())).collect();
        assert_eq!(dependencies, [("inner", "", Some("../lib")), ("serde", "1.0.200", None), ("rand", "0.7", None)]);
    }

    #[test]
    fn license_files_are_relative_to_the_manifest_that_names_them() {
        let inventory = inventory("cargo-toml/workspace");
        let lib = find(&inventory.manifests, "lib/Cargo.toml");
        assert_eq!(lib.license_file.as_ref().unwrap().0.as_str(), "LICENSE");
        assert!(lib.application && lib.publishable);
    }

    #[test]
    fn excluded_folders_are_on_their_own() {
        let inventory = inventory("cargo-toml/workspace");
        let outside = find(&inventory.manifests, "outside/Cargo.toml");
        assert_eq!((outside.workspace.as_ref(), outside.version.as_deref()), (None, None));
    }

    #[test]
    fn a_virtual_workspace_has_no_name() {
        let inventory = inventory("cargo-toml/workspace");
        let root = find(&inventory.manifests, "Cargo.toml");
        assert!(root.name.is_none() && !root.publishable && !root.compiled && root.workspace.is_none());
    }
}
