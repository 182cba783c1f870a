//! What projects take from the shared files above them, and from those that they import: central versions and properties.

use std::collections::{BTreeSet, HashMap};

use super::NUGET;
use crate::model::{Dependency, Inventory, Manifest, RelPath};

/// How often a property may stand for another one.
const DEEPEST: usize = 8;
/// How many shared files one project may take from.
const MOST_FILES: usize = 64;

fn is_shared(path: &RelPath) -> bool {
    let name = path.name().to_lowercase();
    name.ends_with(".props") || name.ends_with(".targets")
}

/// Whether MSBuild takes a shared file in without being told, from the folder or one above it.
fn is_automatic(path: &RelPath) -> bool {
    is_shared(path) && {
        let name = path.name().to_lowercase();
        name.starts_with("directory.") || name == "packages.props"
    }
}

/// The files of MSBuild by path, and those that are taken in without being told by folder.
struct Files<'m> {
    manifests: &'m [Manifest],
    by_path: HashMap<&'m RelPath, usize>,
    automatic: HashMap<RelPath, Vec<usize>>,
}

impl<'m> Files<'m> {
    fn new(manifests: &'m [Manifest]) -> Self {
        let mut files = Self { manifests, by_path: HashMap::new(), automatic: HashMap::new() };
        for (at, manifest) in manifests.iter().enumerate().filter(|(_, m)| m.ecosystem.as_str() == NUGET) {
            files.by_path.insert(&manifest.place.path, at);
            if is_automatic(&manifest.place.path) {
                files.automatic.entry(manifest.place.path.parent()).or_default().push(at);
            }
        }
        files
    }

    /// What a file takes in, the nearest first: its imports, then the shared files of its folder and of those above it.
    fn sources(&self, at: usize) -> Vec<usize> {
        let mut found = vec![at];
        self.imports(0, &mut found);
        for folder in self.manifests[at].place.path.parent().ancestors() {
            for &shared in self.automatic.get(&folder).into_iter().flatten() {
                if found.len() < MOST_FILES && !found.contains(&shared) {
                    found.push(shared);
                    self.imports(found.len() - 1, &mut found);
                }
            }
        }
        found.remove(0);
        found
    }

    /// Adds what the files from `start` on import, and so on.
    fn imports(&self, start: usize, found: &mut Vec<usize>) {
        let mut next = start;
        while let Some(&at) = found.get(next) {
            let manifest = &self.manifests[at];
            let folder = manifest.place.path.parent();
            for path in &manifest.inheritance.takes {
                let import = folder.join(path).and_then(|path| self.by_path.get(&path).copied());
                found.extend(import.filter(|at| found.len() < MOST_FILES && !found.contains(at)));
            }
            next += 1;
        }
    }
}

/// Fills in central versions and properties; what a shared file lists is a dependency of its own only where no project
/// takes it.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    let own: Vec<usize> =
        (0..inventory.manifests.len()).filter(|&at| inventory.manifests[at].ecosystem.as_str() == NUGET).collect();
    if own.is_empty() {
        return;
    }
    // What shared files say is what stands in them; they themselves are filled in last.
    let given = inventory.manifests.clone();
    let files = Files::new(&given);
    let mut with_projects: BTreeSet<RelPath> = BTreeSet::new();
    for &at in &own {
        let sources: Vec<&Manifest> = files.sources(at).into_iter().map(|at| &given[at]).collect();
        let manifest = &mut inventory.manifests[at];
        if !is_shared(&manifest.place.path) {
            // What holds a folder that is known already is known, too.
            for folder in manifest.place.path.parent().ancestors() {
                if !with_projects.insert(folder) {
                    break;
                }
            }
        }
        let fields = &manifest.inheritance.fields;
        let property = |name: &str| {
            let own = fields.get(name).and_then(|given| given.values.first());
            // A property that is made of itself adds to what a file above says.
            let own = own.filter(|value| !value.contains(&format!("$({name})")));
            let above = || sources.iter().find_map(|m| m.inheritance.fields.get(name)?.values.first());
            own.or_else(above).cloned()
        };
        for dependency in &mut manifest.dependencies {
            if dependency.requirement.is_empty() && dependency.source.is_none() {
                let key = dependency.name.to_lowercase();
                if let Some(found) = sources.iter().find_map(|m| m.inheritance.dependencies.get(&key)) {
                    dependency.requirement.clone_from(&found.requirement);
                }
            }
            dependency.requirement = expand(&dependency.requirement, &property);
        }
        if manifest.version.is_none() && manifest.name.is_some() {
            manifest.version = property("Version").or_else(|| property("VersionPrefix"));
        }
        let version = manifest.version.take().map(|version| expand(&version, &property));
        manifest.version = version.filter(|version| !version.contains("$("));
        manifest.name = manifest.name.take().map(|name| expand(&name, &property));
    }
    for &at in &own {
        let manifest = &mut inventory.manifests[at];
        if is_shared(&manifest.place.path) && !with_projects.contains(&manifest.place.path.parent()) {
            let names: BTreeSet<String> = manifest.dependencies.iter().map(|d| d.name.to_lowercase()).collect();
            let listed = manifest.inheritance.dependencies.iter().filter(|(name, _)| !names.contains(*name));
            let listed: Vec<Dependency> = listed.map(|(_, dependency)| dependency.clone()).collect();
            manifest.dependencies.extend(listed);
        }
    }
}

/// Fills properties (`$(Name)`) in; one that nothing sets stays as it is.
fn expand(text: &str, property: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = text.to_owned();
    for _ in 0..DEEPEST {
        let Some((before, rest)) = text.split_once("$(") else { break };
        let Some((name, after)) = rest.split_once(')') else { break };
        let Some(value) = property(name).filter(|value| value.len() + text.len() < 1024) else { break };
        text = format!("{before}{value}{after}");
    }
    text
}
