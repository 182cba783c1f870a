//! What Maven's manifests take from each other, and Gradle's build files from a version catalog, inside the checkout.

use std::collections::{BTreeMap, HashMap};

use super::pom::{IMPORT, PARENT, PARENT_PATH, PROPERTY};
use super::{MAVEN, catalog, gradle};
use crate::model::{Dependency, Inventory, Manifest, RelPath, Scope};

/// How many parents above each other are followed, and how often a property may lead to another one.
const DEEPEST: usize = 32;
/// How long a text may become by replacing properties.
const LONGEST: usize = 1000;
/// How many bills of materials one manifest may import.
const MOST_IMPORTS: usize = 100;

/// Fills in versions, scopes and names. Running it again changes nothing.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    let poms: Vec<usize> = (0..inventory.manifests.len()).filter(|&at| is_pom(&inventory.manifests[at])).collect();
    let tree = Tree::new(&inventory.manifests, &poms);
    let mut memo = Memo::default();
    let resolved: Vec<(usize, Manifest)> = poms.iter().map(|&at| (at, tree.resolved(at, &mut memo))).collect();
    for (at, manifest) in resolved {
        inventory.manifests[at] = manifest;
    }
    catalog::resolve(inventory);
    gradle::resolve(inventory);
}

fn is_pom(manifest: &Manifest) -> bool {
    let path = &manifest.place.path;
    manifest.ecosystem == MAVEN && (path.name().ends_with(".xml") || path.name().ends_with(".pom"))
}

/// The manifests of Maven in the checkout.
struct Tree<'m> {
    manifests: &'m [Manifest],
    by_path: HashMap<&'m RelPath, usize>,
    by_name: HashMap<&'m str, Vec<usize>>,
}

impl<'m> Tree<'m> {
    fn new(manifests: &'m [Manifest], poms: &[usize]) -> Self {
        let mut tree = Self { manifests, by_path: HashMap::new(), by_name: HashMap::new() };
        for &at in poms {
            tree.by_path.insert(&manifests[at].place.path, at);
            if let Some(name) = &manifests[at].name {
                tree.by_name.entry(name).or_default().push(at);
            }
        }
        tree
    }

    /// The manifest and its parents, nearest first.
    fn chain(&self, at: usize) -> Vec<usize> {
        let mut chain = vec![at];
        while let Some(parent) = self.parent(chain[chain.len() - 1]) {
            if chain.len() >= DEEPEST || chain.contains(&parent) {
                break;
            }
            chain.push(parent);
        }
        chain
    }

    fn parent(&self, at: usize) -> Option<usize> {
        let manifest = &self.manifests[at];
        let field = |key: &str| field(manifest, key);
        let name = format!("{}/{}", field(PARENT[0])?, field(PARENT[1])?);
        let path = field(PARENT_PATH).unwrap_or("../pom.xml");
        let path = if path.ends_with(".xml") { path.to_owned() } else { format!("{path}/pom.xml") };
        let beside = manifest.place.path.parent().join(&path).and_then(|p| self.by_path.get(&p).copied());
        // The path is a guess by default; what lies there must be the parent.
        let fits = |at: &usize| self.manifests[*at].name.as_deref() == Some(&name);
        beside.filter(fits).or_else(|| {
            let all = self.by_name.get(name.as_str())?;
            let version = field(PARENT[2]);
            let same = all.iter().find(|&&at| self.manifests[at].version.as_deref() == version);
            same.or(all.first()).copied()
        })
    }

    fn resolved(&self, at: usize, memo: &mut Memo<'m>) -> Manifest {
        let mut manifest = self.manifests[at].clone();
        let values = self.properties(at);
        manifest.name = manifest.name.map(|name| values.fill(&name));
        manifest.version = manifest.version.map(|version| values.fill(&version));
        let takes: Vec<usize> = manifest.inheritance.takes_dependencies.iter().map(|(number, _)| *number).collect();
        for (number, dependency) in manifest.dependencies.iter_mut().enumerate() {
            dependency.name = values.fill(&dependency.name);
            dependency.requirement = values.fill(&dependency.requirement);
            let takes_scope = dependency.scope == Scope::Runtime && takes.binary_search(&number).is_ok();
            if !takes_scope && !dependency.requirement.is_empty() {
                continue;
            }
            let Some((holder, given)) = self.managed(at, &dependency.name, 0, memo) else { continue };
            if dependency.requirement.is_empty() {
                let values = if holder == at { &values } else { &self.properties(holder) };
                dependency.requirement = values.fill(&given.requirement);
            }
            if takes_scope {
                dependency.scope = given.scope;
            }
        }
        // Coordinates that nothing resolves name no package.
        if manifest.name.as_ref().is_some_and(|name| name.contains("${")) {
            manifest.name = None;
        }
        manifest
    }

    /// The properties that hold in a manifest.
    fn properties(&self, at: usize) -> Values<'m> {
        let chain = self.chain(at).into_iter().map(|at| &self.manifests[at]).collect();
        let own = &self.manifests[at];
        let (group, artifact) = own.name.as_deref().and_then(|n| n.rsplit_once('/')).unwrap_or_default();
        let mut coordinates = BTreeMap::from([("groupId", group), ("artifactId", artifact)]);
        coordinates.insert("version", own.version.as_deref().unwrap_or_default());
        for key in PARENT {
            coordinates.extend(field(own, key).map(|value| (key, value)));
        }
        Values { chain, coordinates }
    }

    /// What is managed under a name for a manifest, with the manifest whose properties hold in it: by itself and its
    /// parents, then by the bills of materials that these import.
    fn managed(&self, at: usize, name: &str, depth: usize, memo: &mut Memo<'m>) -> Option<(usize, &'m Dependency)> {
        if depth > 4 {
            return None;
        }
        if let Some(known) = memo.found.get(&(at, name.to_owned())) {
            return *known;
        }
        let chain = self.chain(at);
        let mut found = None;
        for &holder in &chain {
            let names = memo.names.entry(holder).or_insert_with(|| self.managed_names(holder));
            if let Some(dependency) = names.get(name) {
                found = Some((at, *dependency));
                break;
            }
        }
        if found.is_none() {
            let values = self.properties(at);
            let imports: Vec<(String, String)> = chain
                .iter()
                .flat_map(|&holder| &self.manifests[holder].inheritance.dependencies)
                .filter(|(key, _)| key.starts_with(IMPORT))
                .take(MOST_IMPORTS)
                .map(|(_, d)| (values.fill(&d.name), values.fill(&d.requirement)))
                .collect();
            found = imports.iter().find_map(|(bom, version)| {
                let all = self.by_name.get(bom.as_str())?;
                let same = all.iter().find(|&&at| self.manifests[at].version.as_deref() == Some(version));
                self.managed(*same.or(all.first())?, name, depth + 1, memo)
            });
        }
        memo.found.insert((at, name.to_owned()), found);
        found
    }

    /// What a manifest itself manages, by name.
    fn managed_names(&self, at: usize) -> HashMap<String, &'m Dependency> {
        let values = self.properties(at);
        let managed = self.manifests[at].inheritance.dependencies.iter().filter(|(key, _)| !key.starts_with(IMPORT));
        managed.map(|(_, dependency)| (values.fill(&dependency.name), dependency)).collect()
    }
}

/// What was looked up before.
#[derive(Default)]
struct Memo<'m> {
    names: HashMap<usize, HashMap<String, &'m Dependency>>,
    found: HashMap<(usize, String), Option<(usize, &'m Dependency)>>,
}

fn field<'m>(manifest: &'m Manifest, key: &str) -> Option<&'m str> {
    manifest.inheritance.fields.get(key)?.values.first().map(String::as_str)
}

/// The properties that hold in a manifest: its own, then those of its parents; and its coordinates.
struct Values<'m> {
    chain: Vec<&'m Manifest>,
    coordinates: BTreeMap<&'static str, &'m str>,
}

impl<'m> Values<'m> {
    fn get(&self, name: &str) -> Option<&'m str> {
        let key = format!("{PROPERTY}{name}");
        let short = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom.")).unwrap_or(name);
        let property = || self.chain.iter().find_map(|manifest| field(manifest, &key));
        let coordinate = || self.coordinates.get(short).copied().filter(|value| !value.is_empty());
        // A property may not take the place of a coordinate unless it is named without its prefix.
        if short == name { property().or_else(coordinate) } else { coordinate().or_else(property) }
    }

    /// The text with properties replaced; those that nothing states stay.
    fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..DEEPEST {
            let mut out = String::new();
            let mut rest = text.as_str();
            let mut changed = false;
            while let Some((front, name, behind)) = placeholder(rest) {
                out.push_str(front);
                match self.get(name) {
                    Some(value) if !value.contains(&format!("${{{name}}}")) => {
                        out.push_str(value);
                        changed = true;
                    }
                    _ => {
                        out.push_str("${");
                        out.push_str(name);
                        out.push('}');
                    }
                }
                rest = behind;
            }
            out.push_str(rest);
            if !changed || out.len() > LONGEST {
                return text;
            }
            text = out;
        }
        text
    }
}

/// What stands in front of the first `${name}`, the name, and what stands behind it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find("${")?;
    let end = at + text[at..].find('}')?;
    Some((&text[..at], &text[at + 2..end], &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pairs: &[(&str, &str)], text: &str) -> String {
        use crate::model::{Given, Place};
        let place = Place::file(RelPath::new("pom.xml"));
        let mut manifest = Manifest::new(place.clone(), MAVEN);
        for (key, value) in pairs {
            let given = Given { values: vec![(*value).to_owned()], place: place.clone() };
            manifest.inheritance.fields.insert(format!("{PROPERTY}{key}"), given);
        }
        Values { chain: vec![&manifest], coordinates: BTreeMap::from([("version", "7")]) }.fill(text)
    }

    #[test]
    fn properties_lead_to_properties() {
        let pairs = [("a", "${b}.1"), ("b", "2"), ("loop", "${loop}"), ("x", "${y}"), ("y", "${x}")];
        assert_eq!(filled(&pairs, "v${a}-${c}"), "v2.1-${c}");
        assert_eq!(filled(&pairs, "${project.version}${version}"), "77");
        assert_eq!(filled(&pairs, "${loop}"), "${loop}");
        assert!(filled(&pairs, "${x}").starts_with("${"));
        assert_eq!(filled(&pairs, "${"), "${");
        let bomb = [("a", "${a1}${a1}"), ("a1", "${a}${a}")];
        assert!(filled(&bomb, "${a}").len() <= LONGEST);
    }
}
