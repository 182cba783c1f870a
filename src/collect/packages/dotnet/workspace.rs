//! What projects take from the shared files above them: central versions and properties.

use std::collections::{BTreeMap, BTreeSet};

use super::NUGET;
use crate::model::{Dependency, Inventory, RelPath};

/// How often a property may stand for another one.
const DEEPEST: usize = 8;

fn is_shared(path: &RelPath) -> bool {
    path.name().to_lowercase().ends_with(".props")
}

/// Fills in central versions and properties; what a shared file lists is a dependency of its own only where no project
/// takes it.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    let mut central: BTreeMap<RelPath, BTreeMap<String, Dependency>> = BTreeMap::new();
    let mut properties: BTreeMap<RelPath, BTreeMap<String, String>> = BTreeMap::new();
    let own: Vec<usize> =
        (0..inventory.manifests.len()).filter(|&at| inventory.manifests[at].ecosystem.as_str() == NUGET).collect();
    for manifest in own.iter().map(|&at| &inventory.manifests[at]).filter(|m| is_shared(&m.place.path)) {
        let folder = manifest.place.path.parent();
        central.entry(folder.clone()).or_default().extend(manifest.inheritance.dependencies.clone());
        let values = manifest.inheritance.fields.iter();
        let values = values.filter_map(|(name, given)| Some((name.clone(), given.values.first()?.clone())));
        properties.entry(folder).or_default().extend(values);
    }
    let mut with_projects: BTreeSet<RelPath> = BTreeSet::new();
    for &at in &own {
        let manifest = &mut inventory.manifests[at];
        let mut above = Vec::new();
        let mut folder = manifest.place.path.parent();
        loop {
            above.push(folder.clone());
            if folder.as_str().is_empty() {
                break;
            }
            folder = folder.parent();
        }
        if !is_shared(&manifest.place.path) {
            with_projects.extend(above.iter().cloned());
        }
        let fields = &manifest.inheritance.fields;
        let property = |name: &str| {
            let own = fields.get(name).and_then(|given| given.values.first());
            // A property that is made of itself adds to what a file above says.
            let own = own.filter(|value| !value.contains(&format!("$({name})")));
            own.or_else(|| above.iter().find_map(|folder| properties.get(folder)?.get(name))).cloned()
        };
        for dependency in &mut manifest.dependencies {
            if dependency.requirement.is_empty() && dependency.source.is_none() {
                let key = dependency.name.to_lowercase();
                let found = above.iter().find_map(|folder| central.get(folder)?.get(&key));
                if let Some(found) = found {
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
