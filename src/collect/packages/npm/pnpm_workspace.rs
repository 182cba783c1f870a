//! `pnpm-workspace.yaml` (pnpm's documentation, "pnpm-workspace.yaml" and "Catalogs"): the members of a workspace, and
//! the requirements that their manifests take by name.

use std::collections::BTreeMap;

use crate::collect::yaml::Node;
use crate::collect::{SourceFile, yaml};
use crate::model::{Ecosystem, Evidence, Given, Inventory, Manifest, Place, RelPath};

/// What a requirement that names a catalog begins with. The catalog without a name is called `default` too.
const CATALOG: &str = "catalog:";

/// Reads the file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest =
        Manifest { publishable: false, ..Manifest::new(Place::file(file.path.clone()), Ecosystem::NPM) };
    manifest.inheritance.members = document
        .get("packages")
        .map(|list| list.entries().iter().filter_map(Node::text).map(str::to_owned).collect());
    let named = document.get("catalogs").map_or(&[][..], Node::members).iter().map(|m| (&*m.key, &m.node));
    for (catalog, list) in document.get("catalog").map(|node| ("default", node)).into_iter().chain(named) {
        for member in list.members() {
            let values: Vec<String> = member.node.text().map(str::to_owned).into_iter().collect();
            let given = Given { values, place: member.node.place(file) };
            manifest.inheritance.fields.insert(format!("{CATALOG}{catalog}/{}", member.key), given);
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// Gives manifests the requirements that they take from the catalogs above them. Running it again changes nothing.
pub(super) fn resolve(inventory: &mut Inventory) {
    let catalogs: BTreeMap<RelPath, usize> = inventory
        .manifests
        .iter()
        .enumerate()
        .filter(|(_, m)| m.ecosystem == Ecosystem::NPM)
        .filter(|(_, m)| m.inheritance.fields.keys().any(|key| key.starts_with(CATALOG)))
        .map(|(at, m)| (m.place.path.parent(), at))
        .collect();
    if catalogs.is_empty() {
        return;
    }
    let mut given: Vec<(usize, usize, String)> = Vec::new();
    for (at, manifest) in inventory.manifests.iter().enumerate().filter(|(_, m)| m.ecosystem == Ecosystem::NPM) {
        let mut folder = manifest.place.path.parent();
        let holder = loop {
            match catalogs.get(&folder) {
                Some(&found) => break Some(found),
                None if folder.as_str().is_empty() => break None,
                None => folder = folder.parent(),
            }
        };
        let Some(fields) = holder.map(|holder| &inventory.manifests[holder].inheritance.fields) else { continue };
        for (number, dependency) in manifest.dependencies.iter().enumerate() {
            let Some(catalog) = dependency.requirement.strip_prefix(CATALOG) else { continue };
            let catalog = if catalog.is_empty() { "default" } else { catalog };
            let found = fields.get(&format!("{CATALOG}{catalog}/{}", dependency.name));
            given.extend(found.and_then(|f| f.values.first()).map(|value| (at, number, value.clone())));
        }
    }
    for (at, number, requirement) in given {
        inventory.manifests[at].dependencies[number].requirement = requirement;
    }
}
