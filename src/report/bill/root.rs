//! The component that the bill is about: the project itself.

use std::collections::{BTreeMap, HashMap};

use super::supplier;
use crate::model::{
    Component, ComponentKind, DetectionKind, DocumentRole, ExternalReference, FileRecord, Inventory, Locked,
    Manifest, Metadata, Package, Party, RelPath, concluded, is_legal_name, is_license_name, purl_type,
};

/// Name and reference of a project of which nothing tells the name.
const UNNAMED: &str = "project";

/// What tells of the project.
pub(super) enum Root<'i> {
    /// A manifest at the root, or the only one there is.
    Manifest(&'i Manifest),
    /// The recipe that the only lock file of Conan at the root was made for.
    Lock(&'i Locked),
    /// What else tells the name.
    Name(Named),
}

/// A project that no manifest names.
#[derive(Default)]
pub(super) struct Named {
    name: String,
    /// The version that its description states.
    version: Option<String>,
    /// The address of its repository.
    repository: Option<String>,
}

/// Finds what tells of the project. The folder that the checkout happens to lie in is never asked.
pub(super) fn find(inventory: &Inventory) -> Root<'_> {
    let at_root = named(inventory).filter(|m| m.place.path.depth() == 1);
    // Where several ecosystems meet at the root, what is published is the project and the others are its tools.
    let rank = |m: &&Manifest| (!m.publishable, m.version.is_none(), m.license.is_none(), m.place.path.clone());
    if let Some(manifest) = at_root.min_by_key(rank) {
        return described(manifest);
    }
    let mut own = recipes(inventory);
    if let (Some(only), None) = (own.next(), own.next()) {
        return Root::Lock(only);
    }
    let git = inventory.repository.as_ref();
    let remote = git.and_then(|git| git.remote.as_deref());
    let named = |name: &str, repository: Option<&str>| {
        Root::Name(Named { name: name.to_owned(), version: None, repository: repository.map(str::to_owned) })
    };
    if let Some(folder) = git.map(|git| git.prefix.name()).filter(|name| !name.is_empty()) {
        // A part of a repository is called what the repository calls it.
        return named(folder, remote);
    }
    for address in remote.into_iter().chain(common_repository(inventory)) {
        let name = address.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next();
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            return named(name, Some(address));
        }
    }
    let mut all = self::named(inventory);
    if let (Some(only), None) = (all.next(), all.next()) {
        return described(only);
    }
    named(title(inventory).as_deref().unwrap_or(UNNAMED), None)
}

/// The version of a project that states none beside its name: the tag that is checked out, else what a file at the root
/// says, else the commit.
fn version(inventory: &Inventory) -> Option<String> {
    let git = inventory.repository.as_ref();
    let head = git.and_then(|git| git.head.as_ref());
    let tag = git.and_then(|git| git.tags.iter().rfind(|tag| Some(&tag.commit) == head.map(|commit| &commit.id)));
    let file = inventory.metadata.iter().filter(|m| m.kind == Metadata::VERSION);
    tag.map(|tag| tag.name.clone())
        .or_else(|| file.filter_map(|m| m.text(&["version"])).next().map(str::to_owned))
        .or_else(|| head.map(|commit| commit.id.clone()))
}

/// The project that a manifest describes. What a published package carries describes that package, which the project
/// holds; the project is called so too, but is none of a registry's packages.
fn described(manifest: &Manifest) -> Root<'_> {
    if manifest.descriptive {
        return Root::Name(Named {
            name: manifest.name.clone().unwrap_or_default(),
            version: manifest.version.clone(),
            repository: manifest.repository.clone(),
        });
    }
    Root::Manifest(manifest)
}

/// Manifests that name what they describe.
fn named(inventory: &Inventory) -> impl Iterator<Item = &Manifest> {
    inventory
        .manifests
        .iter()
        .filter(|m| m.name.as_deref().is_some_and(|name| !name.trim().is_empty() && !name.ends_with('/')))
}

/// The recipes that lock files of Conan at the root were made for. Other lock files are left out: npm writes the name of
/// a folder on somebody's machine where the manifest has none, Cargo lists all members of a workspace alike.
fn recipes(inventory: &Inventory) -> impl Iterator<Item = &Locked> {
    let at_root = inventory.locks.iter().filter(|l| l.place.path.depth() == 1 && l.ecosystem.as_str() == "conan");
    at_root.flat_map(|lock| lock.packages.iter().filter(|p| p.local && !p.purl.is_empty()))
}

/// The repository that all manifests name which name one.
fn common_repository(inventory: &Inventory) -> Option<&str> {
    let mut all = inventory.manifests.iter().filter_map(|m| m.repository.as_deref()).map(|r| r.trim_end_matches('/'));
    let first = all.next()?;
    (first.contains("://") && all.all(|other| other == first)).then_some(first)
}

/// The title of the document that introduces the project.
fn title(inventory: &Inventory) -> Option<String> {
    let readme = inventory.documents.iter().find(|d| d.role == DocumentRole::Readme && d.place.path.depth() == 1)?;
    let heading = readme.headings.iter().find(|h| h.level == 1)?;
    let text = heading.text.trim();
    (!text.is_empty() && text.chars().count() <= 60).then(|| text.to_owned())
}

/// Adds the component of the project, or adds to it where a package stands for it, and gives its reference.
pub(super) fn complete(root: &Root<'_>, inventory: &Inventory, components: &mut Vec<Component>) -> String {
    let copies = copies(inventory);
    for component in components.iter_mut() {
        let copy = copy_of(component, &copies);
        if let Some(manifest) = manifest_of(component, inventory).or(copy) {
            describe(component, manifest);
        }
        // A copy in a cache lies outside of the checkout.
        let here = copy.filter(|copy| inventory.index_of(&copy.place.path).is_some());
        component.copyright = here.and_then(|copy| copyright_of(inventory, &copy.place.path.parent()));
        component.supplier = supplier::of(component);
    }
    let own = match root {
        Root::Lock(locked) => {
            let at = components.iter().position(|c| c.reference == locked.purl);
            at.map(|at| components.remove(at)).unwrap_or_else(|| Component {
                reference: UNNAMED.to_owned(),
                name: locked.name.clone(),
                version: Some(locked.version.clone()).filter(|v| !v.is_empty()),
                ..Component::default()
            })
        }
        Root::Manifest(manifest) => {
            let package = inventory.packages.iter().find(|p| describes(manifest, p));
            let at = package.and_then(|p| components.iter().position(|c| c.reference == p.purl));
            at.map(|at| components.remove(at)).unwrap_or_else(|| {
                let mut component = Component {
                    reference: UNNAMED.to_owned(),
                    name: manifest.name.clone().unwrap_or_default(),
                    version: manifest.version.clone(),
                    declared: manifest.license.as_ref().map(|l| l.text.clone()),
                    occurrences: vec![manifest.place.clone()],
                    ..Component::default()
                };
                describe(&mut component, manifest);
                component
            })
        }
        Root::Name(named) => Component {
            reference: UNNAMED.to_owned(),
            name: named.name.clone(),
            version: named.version.clone(),
            references: named.repository.iter().filter_map(|url| reference_to("vcs", url)).collect(),
            ..Component::default()
        },
    };
    let mut own = Component { kind: ComponentKind::Application, scope: None, ..own };
    own.properties.retain(|(name, _)| name != "openclause:direct" && name != "openclause:scope");
    own.version = own.version.or_else(|| version(inventory));
    own.concluded = own.concluded.or_else(|| shown(inventory, own.declared.as_deref()));
    own.copyright = copyright(inventory);
    let reference = own.reference.clone();
    components.push(own);
    reference
}

/// Whether the manifest is that of the package.
fn describes(manifest: &Manifest, package: &Package) -> bool {
    package.local
        && purl_type(&package.purl) == manifest.ecosystem.as_str()
        && Some(&package.name) == manifest.name.as_ref()
        && package.version == manifest.version.as_deref().unwrap_or_default()
}

fn manifest_of<'i>(component: &Component, inventory: &'i Inventory) -> Option<&'i Manifest> {
    let package = inventory.packages.binary_search_by(|p| p.purl.cmp(&component.reference)).ok()?;
    let package = Some(&inventory.packages[package]).filter(|p| p.local)?;
    inventory.manifests.iter().find(|m| describes(m, package))
}

/// Manifests of copies in the checkout, and in caches where these were read, by ecosystem, name and version.
fn copies(inventory: &Inventory) -> HashMap<(&str, &str, &str), &Manifest> {
    fn key(m: &Manifest) -> Option<(&str, &str, &str)> {
        Some((m.ecosystem.as_str(), m.name.as_deref()?, m.version.as_deref()?))
    }
    // Of several, the first counts, and the checkout counts before the caches.
    let all = inventory.vendored.iter().chain(&inventory.cached).rev();
    all.filter_map(|m| Some((key(m)?, m))).collect()
}

fn copy_of<'i>(component: &Component, copies: &HashMap<(&str, &str, &str), &'i Manifest>) -> Option<&'i Manifest> {
    let (kind, _) = component.purl.as_deref()?.strip_prefix("pkg:")?.split_once('/')?;
    copies.get(&(kind, component.name.as_str(), component.version.as_deref()?)).copied()
}

/// Adds what a manifest says about its own package.
fn describe(component: &mut Component, manifest: &Manifest) {
    component.description = manifest.description.clone();
    component.authors = manifest.authors.iter().filter_map(|text| party(text)).collect();
    let repository = manifest.repository.as_deref().and_then(|url| reference_to("vcs", url));
    let homepage = manifest.homepage.as_deref().and_then(|url| reference_to("website", url));
    component.references.extend(repository.into_iter().chain(homepage));
    component.references.sort();
    component.references.dedup();
}

fn reference_to(kind: &str, url: &str) -> Option<ExternalReference> {
    super::component::is_address(url).then(|| ExternalReference {
        kind: kind.to_owned(),
        url: url.to_owned(),
        hashes: Vec::new(),
    })
}

/// A person as manifests write one: `Name <mail> (address)`; `None` when the text names nobody.
pub fn party(text: &str) -> Option<Party> {
    let between = |open, close| {
        let start = text.find(open)? + 1;
        let end = text[start..].find(close)? + start;
        Some(text[start..end].trim().to_owned()).filter(|inner| !inner.is_empty())
    };
    let name = text.split(['<', '(']).next().unwrap_or_default().trim();
    let email = between('<', '>').filter(|mail| mail.contains('@'));
    let name = if name.is_empty() { email.clone()? } else { name.to_owned() };
    let url = between('(', ')').filter(|url| super::component::is_address(url));
    Some(Party { name, person: true, email, url })
}

/// The license that the texts at the root show: what is declared where they agree with it, else that of the only text.
fn shown(inventory: &Inventory, declared: Option<&str>) -> Option<String> {
    let texts: Vec<&str> = root_texts(inventory).filter_map(|f| f.license.as_deref()).collect();
    // Several texts without a word on how they go together decide nothing.
    concluded(declared, &texts).or_else(|| (texts.len() == 1).then(|| texts[0].to_owned()))
}

/// Files at the root that hold the text of a license.
fn root_texts(inventory: &Inventory) -> impl Iterator<Item = &FileRecord> {
    inventory.files.iter().filter(|f| {
        f.path.depth() == 1 && is_license_name(f.path.name()) && {
            f.licenses.iter().any(|d| d.kind == DetectionKind::Text)
        }
    })
}

/// The copyright statements beside the license texts of a copy in the checkout.
fn copyright_of(inventory: &Inventory, folder: &RelPath) -> Option<String> {
    let beside =
        inventory.below(folder).iter().filter(|f| f.path.parent() == *folder && is_legal_name(f.path.name()));
    let found = statements(&mut beside.into_iter());
    (!found.is_empty()).then(|| found.join("\n"))
}

/// The copyright statements of files, the most frequent first.
fn statements(files: &mut dyn Iterator<Item = &FileRecord>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        for copyright in file.copyrights.iter().filter(|c| !c.holder.is_empty()) {
            *counts.entry(copyright.statement.clone()).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(MOST_STATEMENTS);
    counts.into_iter().map(|(statement, _)| statement).collect()
}

/// How many copyright statements a bill repeats.
const MOST_STATEMENTS: usize = 20;

/// Copyright statements of the project: those beside its license texts, else the most frequent of its files.
fn copyright(inventory: &Inventory) -> Option<String> {
    let is_legal = |f: &&FileRecord| f.path.depth() == 1 && is_legal_name(f.path.name());
    let mut found = statements(&mut inventory.files.iter().filter(is_legal));
    if found.is_empty() {
        let vendored = |f: &&FileRecord| {
            let parts = f.path.as_str().split('/');
            !parts.clone().any(|part| ["vendor", "third_party", "node_modules", "external", "deps"].contains(&part))
        };
        found = statements(&mut inventory.files.iter().filter(vendored));
    }
    (!found.is_empty()).then(|| found.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_manifests() {
        let ann = party("Ann Example <ann@example.org> (https://example.org)").unwrap();
        assert_eq!((ann.name.as_str(), ann.email.as_deref()), ("Ann Example", Some("ann@example.org")));
        assert_eq!(ann.url.as_deref(), Some("https://example.org"));
        assert_eq!(party("<a@b.c>").unwrap().name, "a@b.c");
        assert_eq!(party(" "), None);
    }
}
