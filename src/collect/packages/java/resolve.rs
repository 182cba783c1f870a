//! What Maven's manifests take from each other, and Gradle's build files from a version catalog, inside the checkout.

use std::collections::{BTreeMap, HashMap};

use super::MAVEN;
use super::catalog;
use super::pom::{IMPORT, PARENT, PARENT_PATH, PROPERTY};
use crate::model::{Dependency, Inventory, Manifest, RelPath, Scope};

/// How many parents above each other are followed, and how often a property may lead to another one.
const DEEPEST: usize = 32;
/// How long a text may become by replacing properties.
const LONGEST: usize = 1000;

/// Fills in versions, scopes and names. Running it again changes nothing.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    let poms: Vec<usize> = (0..inventory.manifests.len()).filter(|&at| is_pom(&inventory.manifests[at])).collect();
    let tree = Tree::new(&inventory.manifests, &poms);
    let resolved: Vec<(usize, Manifest)> = poms.iter().map(|&at| (at, tree.resolved(at))).collect();
    for (at, manifest) in resolved {
        inventory.manifests[at] = manifest;
    }
    catalog::resolve(inventory);
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

    fn resolved(&self, at: usize) -> Manifest {
        let mut manifest = self.manifests[at].clone();
        let values = self.properties(at);
        let managed = self.managed(at, 0);
        manifest.name = manifest.name.map(|name| values.fill(&name));
        manifest.version = manifest.version.map(|version| values.fill(&version));
        let takes: Vec<usize> = manifest.inheritance.takes_dependencies.iter().map(|(number, _)| *number).collect();
        for (number, dependency) in manifest.dependencies.iter_mut().enumerate() {
            dependency.name = values.fill(&dependency.name);
            dependency.requirement = values.fill(&dependency.requirement);
            let Some(given) = managed.get(&dependency.name) else { continue };
            if dependency.requirement.is_empty() {
                dependency.requirement.clone_from(&given.requirement);
            }
            if dependency.scope == Scope::Runtime && takes.binary_search(&number).is_ok() {
                dependency.scope = given.scope;
            }
        }
        // Coordinates that nothing resolves name no package.
        if manifest.name.as_ref().is_some_and(|name| name.contains("${")) {
            manifest.name = None;
        }
        manifest
    }

    /// What the properties of a manifest and its parents say.
    fn properties(&self, at: usize) -> Values {
        let mut values = BTreeMap::new();
        let chain = self.chain(at);
        for &at in chain.iter().rev() {
            let manifest = &self.manifests[at];
            for (key, given) in &manifest.inheritance.fields {
                if let Some(name) = key.strip_prefix(PROPERTY) {
                    values.insert(name.to_owned(), given.values.first().cloned().unwrap_or_default());
                }
            }
        }
        let own = &self.manifests[at];
        let (group, artifact) = own.name.as_deref().and_then(|n| n.rsplit_once('/')).unwrap_or_default();
        let version = own.version.as_deref().unwrap_or_default();
        for (key, value) in [("groupId", group), ("artifactId", artifact), ("version", version)] {
            for prefix in ["project.", "pom.", ""] {
                values.entry(format!("{prefix}{key}")).or_insert_with(|| value.to_owned());
            }
        }
        for key in PARENT {
            if let Some(value) = field(own, key) {
                for prefix in ["project.", "pom.", ""] {
                    values.insert(format!("{prefix}{key}"), value.to_owned());
                }
            }
        }
        Values(values)
    }

    /// What is managed for a manifest: by itself, its parents, and the bills of materials that these import.
    fn managed(&self, at: usize, depth: usize) -> BTreeMap<String, Dependency> {
        let mut managed = BTreeMap::new();
        if depth > 4 {
            return managed;
        }
        let values = self.properties(at);
        let mut imports = Vec::new();
        for &holder in &self.chain(at) {
            for (key, dependency) in &self.manifests[holder].inheritance.dependencies {
                let name = values.fill(&dependency.name);
                if key.starts_with(IMPORT) {
                    imports.push((name, values.fill(&dependency.requirement)));
                } else {
                    let requirement = values.fill(&dependency.requirement);
                    managed.entry(name.clone()).or_insert(Dependency { name, requirement, ..dependency.clone() });
                }
            }
        }
        for (name, version) in imports.into_iter().take(100) {
            let Some(&found) = self.by_name.get(name.as_str()).and_then(|all| {
                let same = all.iter().find(|&&at| self.manifests[at].version.as_deref() == Some(&version));
                same.or(all.first())
            }) else {
                continue;
            };
            for (name, dependency) in self.managed(found, depth + 1) {
                managed.entry(name).or_insert(dependency);
            }
        }
        managed
    }
}

fn field<'m>(manifest: &'m Manifest, key: &str) -> Option<&'m str> {
    manifest.inheritance.fields.get(key)?.values.first().map(String::as_str)
}

/// Properties by name.
struct Values(BTreeMap<String, String>);

impl Values {
    /// The text with properties replaced; those that nothing states stay.
    fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..DEEPEST {
            let mut out = String::new();
            let mut rest = text.as_str();
            let mut changed = false;
            while let Some((front, name, behind)) = placeholder(rest) {
                out.push_str(front);
                match self.0.get(name) {
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

    #[test]
    fn properties_lead_to_properties() {
        let pairs = [("a", "${b}.1"), ("b", "2"), ("loop", "${loop}"), ("x", "${y}"), ("y", "${x}")];
        let values = Values(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
        assert_eq!(values.fill("v${a}-${c}"), "v2.1-${c}");
        assert_eq!(values.fill("${loop}"), "${loop}");
        assert!(values.fill("${x}").starts_with("${"));
        assert_eq!(values.fill("${"), "${");
        let bomb =
            Values([("a".to_owned(), "${a1}${a1}".to_owned()), ("a1".to_owned(), "${a}${a}".to_owned())].into());
        assert!(bomb.fill("${a}").len() <= LONGEST);
    }
}
