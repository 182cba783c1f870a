//! `gradle/libs.versions.toml` (Gradle's user manual, "Version Catalogs"): libraries that build files name by alias.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use toml::de::{DeTable, DeValue};

use super::{MAVEN, coordinates};
use crate::collect::packages::tables::{self, Table};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Evidence, Given, Inventory, Manifest, Place, RelPath, Scope};

/// Key in front of the name of a bundle in [`crate::model::Inheritance::fields`].
const BUNDLE: &str = "bundle:";

/// Whether a file with this extension is a catalog.
pub(in crate::collect::packages) fn is_catalog(name: &str, _: &RelPath) -> bool {
    name.ends_with(".versions.toml")
}

/// Reads the catalog; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let empty = DeTable::new();
    let versions = document.table("versions").unwrap_or(&empty);
    let mut manifest = Manifest { publishable: false, ..Manifest::new(Place::file(file.path.clone()), MAVEN) };
    for (alias, value) in document.table("libraries").unwrap_or(&empty) {
        let found = match value.get_ref() {
            DeValue::String(text) => coordinates(text).map(|(name, version)| (name, version.to_owned())),
            DeValue::Table(table) => library(table, versions),
            _ => None,
        };
        let Some((name, requirement)) = found else {
            let line = file.line_at(alias.span().start);
            out.push(malformed(file, Some(line), format!("the library `{}` names no module", alias.get_ref())));
            continue;
        };
        let place = file.place(alias.span().start..value.span().end.max(alias.span().end));
        let dependency = Dependency { name, requirement, scope: Scope::Runtime, source: None, place };
        manifest.inheritance.dependencies.insert(accessor(alias.get_ref()), dependency.clone());
        manifest.dependencies.push(dependency);
    }
    let bundles = document.table("bundles").unwrap_or(&empty);
    for (name, value) in bundles {
        let values = bundles.texts(name.get_ref()).into_iter().map(accessor).collect();
        let given = Given { values, place: file.place(value.span()) };
        manifest.inheritance.fields.insert(format!("{BUNDLE}{}", accessor(name.get_ref())), given);
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// The name by which a build file reaches an alias: dashes and underscores part it as dots do.
pub(super) fn accessor(alias: &str) -> String {
    alias.replace(['-', '_'], ".").to_ascii_lowercase()
}

fn library(table: &DeTable<'_>, versions: &DeTable<'_>) -> Option<(String, String)> {
    let module = table.str("module").map(str::to_owned);
    let module = module.or_else(|| Some(format!("{}:{}", table.str("group")?, table.str("name")?)))?;
    let (name, _) = coordinates(&module)?;
    let version = match table.value("version").map(|v| v.get_ref()) {
        Some(DeValue::Table(rich)) => match rich.str("ref") {
            Some(reference) => stated(versions.value(reference).map(|v| v.get_ref())),
            None => stated(table.value("version").map(|v| v.get_ref())),
        },
        other => stated(other),
    };
    Some((name, version))
}

/// A version as a text, or the strongest of what a rich version states.
fn stated(value: Option<&DeValue<'_>>) -> String {
    match value {
        Some(DeValue::String(text)) => text.clone().into_owned(),
        Some(DeValue::Table(rich)) => {
            ["strictly", "require", "prefer"].into_iter().find_map(|key| rich.str(key)).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

/// Gives build files what they take from the catalog above them. A catalog that build files use describes what may be
/// asked for; one without any stands for itself. Running it again changes nothing.
pub(super) fn resolve(inventory: &mut Inventory) {
    let catalogs: HashMap<RelPath, usize> = inventory
        .manifests
        .iter()
        .enumerate()
        .filter(|(_, m)| m.ecosystem == MAVEN && m.place.path.name().ends_with("libs.versions.toml"))
        .map(|(at, m)| {
            let folder = m.place.path.parent();
            (if folder.name() == "gradle" { folder.parent() } else { folder }, at)
        })
        .collect();
    if catalogs.is_empty() {
        return;
    }
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut given: BTreeMap<usize, Vec<Dependency>> = BTreeMap::new();
    for (at, manifest) in inventory.manifests.iter().enumerate() {
        if manifest.ecosystem != MAVEN || manifest.inheritance.takes.is_empty() {
            continue;
        }
        let mut folders = manifest.place.path.parent().ancestors();
        let Some(&catalog) = folders.find_map(|folder| catalogs.get(&folder)) else { continue };
        used.insert(catalog);
        let offered = &inventory.manifests[catalog].inheritance;
        let mut taken: BTreeSet<(&str, Scope)> = BTreeSet::new();
        for (number, key) in &manifest.inheritance.takes_dependencies {
            let own = manifest.dependencies.get(*number);
            let Some(own) = own.filter(|own| taken.insert((key, own.scope))) else { continue };
            let bundle = key.strip_prefix("bundles.").and_then(|b| offered.fields.get(&format!("{BUNDLE}{b}")));
            let aliases = bundle.map_or(std::slice::from_ref(key), |given| &given.values);
            for dependency in aliases.iter().take(1000).filter_map(|alias| offered.dependencies.get(alias)) {
                given.entry(at).or_default().push(Dependency {
                    scope: own.scope,
                    place: own.place.clone(),
                    ..dependency.clone()
                });
            }
        }
    }
    for at in used {
        inventory.manifests[at].descriptive = true;
    }
    for (at, dependencies) in given {
        let manifest = &mut inventory.manifests[at];
        // What was only an alias is replaced by what it stands for, once.
        let taken: BTreeSet<usize> = manifest.inheritance.takes_dependencies.iter().map(|(n, _)| *n).collect();
        let mut number = 0;
        manifest.dependencies.retain(|_| {
            number += 1;
            !taken.contains(&(number - 1))
        });
        manifest.inheritance.takes_dependencies.clear();
        manifest.dependencies.extend(dependencies);
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, inventory, manifest, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn libraries_in_every_form() {
        let evidence = fixture("gradle-catalog", "tree/gradle/libs.versions.toml");
        let seen: Vec<_> = manifest(&evidence)
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.place.start_line()))
            .collect();
        assert_eq!(
            seen,
            [
                ("org.example/a-core", "1.2.3", 6),
                ("org.example/b", "2.0", 7),
                ("org.example/c", "3.1", 8),
                ("org.example/unused", "", 9),
            ]
        );
    }

    #[test]
    fn build_files_take_what_they_name() {
        let inventory = inventory("gradle-catalog/tree");
        let seen: Vec<_> = inventory.packages.iter().map(|p| (p.purl.as_str(), p.scope)).collect();
        assert_eq!(
            seen,
            [
                ("pkg:maven/org.example/a-core@1.2.3", Scope::Runtime),
                ("pkg:maven/org.example/b@2.0", Scope::Test),
                ("pkg:maven/org.example/c@3.1", Scope::Test),
            ]
        );
    }

    #[test]
    fn broken_catalogs_name_the_line() {
        assert_eq!(notes(&with_text("gradle/libs.versions.toml", "[libraries]\na = 1\n"))[0].line, Some(2));
    }
}
