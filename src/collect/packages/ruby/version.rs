//! Versions of gems that stand in a constant: `lib/name/version.rb`, where Bundler puts it for new gems.

use std::collections::HashMap;

use super::GEM;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, RUBY};
use crate::collect::packages::draft;
use crate::model::{Evidence, Given, Inventory, Manifest, RelPath};

/// Key of [`crate::model::Inheritance::fields`] under which a constant stands.
const CONSTANT: &str = "constant:";

/// Whether the file lies where the code of a gem does.
pub(in crate::collect::packages) fn is_version(path: &RelPath) -> bool {
    path.name() == "version.rb" && path.as_str().split('/').any(|part| part == "lib")
}

/// Reads the constants that are texts; a file without any says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest = draft::manifest(file, GEM);
    manifest.publishable = false;
    manifest.descriptive = true;
    for parts in brackets::parse(file.text(), &RUBY).windows(3) {
        let [name, equals, value] = parts else { continue };
        if let (Some(name), true, Some(text)) = (name.word(), equals.is('='), value.text()) {
            let version = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains("#{");
            if version && name.starts_with(|c: char| c.is_ascii_uppercase()) {
                let given = Given { values: vec![text.to_owned()], place: file.place(value.at.clone()) };
                manifest.inheritance.fields.entry(format!("{CONSTANT}{name}")).or_insert(given);
            }
        }
    }
    if !manifest.inheritance.fields.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// Gives gemspecs the version that a constant below their folder holds, when there is one alone. The files of constants
/// are no manifests, and are taken out. Running it again changes nothing.
pub(super) fn resolve(inventory: &mut Inventory) {
    let is_constants = |m: &Manifest| m.ecosystem.as_str() == GEM && m.place.path.name() == "version.rb";
    let (constants, manifests) = std::mem::take(&mut inventory.manifests).into_iter().partition(is_constants);
    inventory.manifests = manifests;
    let constants: Vec<Manifest> = constants;
    // By the folder that holds `lib`: the outermost of each file.
    let mut below: HashMap<RelPath, Vec<&Manifest>> = HashMap::new();
    for found in &constants {
        let mut folder = found.place.path.parent();
        while !folder.as_str().is_empty() {
            let name = folder.name().to_owned();
            folder = folder.parent();
            if name == "lib" {
                below.entry(folder.clone()).or_default().push(found);
            }
        }
    }
    for manifest in inventory.manifests.iter_mut().filter(|m| m.ecosystem.as_str() == GEM && m.version.is_none()) {
        let Some(constant) = manifest.inheritance.takes.first().map(|name| format!("{CONSTANT}{name}")) else {
            continue;
        };
        let Some(all) = below.get(&manifest.place.path.parent()) else { continue };
        // Of several, the file in the folder of the gem's own name; its dashes part folders.
        let own = manifest.name.as_deref().map(|name| format!("lib/{}/version.rb", name.replace('-', "/")));
        let plain = manifest.name.as_deref().map(|name| format!("lib/{}/version.rb", name.replace('-', "_")));
        let ends = |m: &&&Manifest, end: &Option<String>| {
            end.as_deref().is_some_and(|end| m.place.path.as_str().ends_with(end))
        };
        let found = all.iter().find(|m| ends(m, &own)).or_else(|| all.iter().find(|m| ends(m, &plain)));
        let found = found.or_else(|| all.first().filter(|_| all.len() == 1));
        manifest.version = found.and_then(|m| m.inheritance.fields.get(&constant)?.values.first().cloned());
    }
}
