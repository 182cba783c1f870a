//! Joins manifests and locks to components: which lock binds which manifest, what is direct, what it is needed for.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::components::{self, Components, license_of, local_component, own_purl};
use super::{FORMATS, cargo, format_of, npm, php, purl, python, requirement, scope};
use crate::collect::SourceFile;
use crate::model::{
    Dependency, DetectionKind, Ecosystem, Encoding, Evidence, FileKind, FileRecord, Inventory, Lock, Manifest,
    Package, PackageLicense, Place, RelPath, Scope, purl_type,
};

/// Shows empty files to their formats: no collector is called for them, yet an empty lock file is a broken one.
pub(super) fn empty_files(inventory: &mut Inventory) {
    let mut found = Vec::new();
    let kind = FileKind::Text(Encoding::Utf8);
    for record in inventory.files.iter().filter(|f| f.kind == FileKind::Empty) {
        let name = record.path.name().to_lowercase();
        if let Some((format, _)) = format_of(&name, &record.path) {
            (FORMATS[format].read)(&SourceFile::text_file(&record.path, &name, &kind, ""), &mut found);
        }
    }
    for evidence in found {
        if let Evidence::Unread(skipped) = evidence
            && !inventory.skipped.contains(&skipped)
        {
            inventory.skipped.push(skipped);
        }
    }
    inventory.skipped.sort();
}

/// Sets the manifests of vendored copies apart: they describe other people's packages.
pub(super) fn vendored_manifests(inventory: &mut Inventory) {
    let all = std::mem::take(&mut inventory.manifests);
    let is_vendored = |manifest: &Manifest| {
        let path = &manifest.place.path;
        // `cargo vendor` leaves this file beside each copy.
        let checksums = path.parent().join(".cargo-checksum.json");
        npm::manifest::is_installed(path)
            || manifest.ecosystem.as_str() == "composer" && php::manifest::is_installed(path)
            || manifest.ecosystem == Ecosystem::CARGO && checksums.is_some_and(|c| inventory.index_of(&c).is_some())
    };
    let (vendored, own): (Vec<_>, Vec<_>) = all.into_iter().partition(is_vendored);
    inventory.manifests = own;
    inventory.vendored.extend(vendored);
    inventory.manifests.sort_by(|a, b| a.place.cmp(&b.place));
    inventory.vendored.sort_by(|a, b| a.place.cmp(&b.place));
    inventory.locks.sort_by(|a, b| a.place.cmp(&b.place));
}

/// Fills [`Inventory::packages`] from manifests and locks.
pub(super) fn packages(inventory: &mut Inventory) {
    let mut components = Components::default();
    let projects = Projects::new(&inventory.manifests, &inventory.locks);
    let mut found = Found::default();
    for (at, lock) in inventory.locks.iter().enumerate() {
        if projects.binding.contains(&at) {
            let manifests = projects.manifests.get(&at).map_or(&[][..], Vec::as_slice);
            let manifests: Vec<&Manifest> = manifests.iter().map(|&m| &inventory.manifests[m]).collect();
            locked(lock, &manifests, &mut components, &mut found);
        }
    }
    let siblings = Siblings::new(&inventory.manifests);
    for (at, manifest) in inventory.manifests.iter().enumerate() {
        let path = &manifest.place.path;
        if !found.listed.contains(path) {
            unlocked(&inventory.manifests, at, found.dependencies.get(path), &siblings, &mut components);
        }
    }
    inventory.packages = components.finish(&inventory.vendored);
    conclude(inventory);
}

/// Concludes the licenses of packages: by the license texts beside vendored copies, and by names.
fn conclude(inventory: &mut Inventory) {
    let mut packages = std::mem::take(&mut inventory.packages);
    let mut at: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for (number, package) in packages.iter().enumerate().filter(|(_, p)| !p.local) {
        at.entry((purl_type(&package.purl), &package.name, &package.version)).or_insert(number);
    }
    // Of several copies, the first with a text counts.
    let mut texts: HashMap<usize, Vec<String>> = HashMap::new();
    for copy in &inventory.vendored {
        let key = copy.name.as_deref().zip(copy.version.as_deref());
        let Some(&number) = key.and_then(|(name, version)| at.get(&(copy.ecosystem.as_str(), name, version))) else {
            continue;
        };
        if texts.get(&number).is_none_or(Vec::is_empty) {
            texts.insert(number, texts_in(inventory, &copy.place.path.parent()));
        }
    }
    for (number, package) in packages.iter_mut().enumerate() {
        let beside = texts.get(&number).map_or(&[][..], Vec::as_slice);
        let beside: Vec<&str> = beside.iter().map(String::as_str).collect();
        // What the texts of the project itself show is found with the project.
        let own = || {
            package.license.declared.is_some()
                && package.origin.iter().any(|place| !texts_in(inventory, &place.path.parent()).is_empty())
        };
        if !package.local || !own() {
            components::conclude(&mut package.license, &beside);
        }
    }
    inventory.packages = packages;
}

/// What the files of a folder amount to that hold the text of a license and are there to tell it.
fn texts_in(inventory: &Inventory, folder: &RelPath) -> Vec<String> {
    let tells = |path: &RelPath| crate::collect::bill::tells_license(&path.name().to_lowercase(), path);
    let files = inventory.below(folder).iter().filter(|file| file.path.lies_in(folder) && tells(&file.path));
    let expression = |file: &FileRecord| {
        let mut texts = file.licenses.clone();
        texts.retain(|detection| detection.kind == DetectionKind::Text);
        crate::collect::resolve_expression(&texts)
    };
    files.filter_map(expression).collect()
}

/// What locks hold of the manifests that they bind.
#[derive(Default)]
struct Found<'m> {
    /// Manifests that a lock lists; their dependencies are what it says, and no other.
    listed: BTreeSet<&'m RelPath>,
    /// Of the others that a lock binds, the dependencies that it fixes.
    dependencies: HashMap<&'m RelPath, BTreeSet<usize>>,
}

/// Formats of which one file of a folder binds: that whose name the format lists first. Several files may go by that
/// name. The files of all other formats stand beside each other.
const ONE_BINDS: [&str; 5] = ["package-lock", "gemfile-lock", "composer-lock", "go-mod", "cabal-freeze"];

/// Which lock binds which manifest.
struct Projects {
    /// Locks that bind; others lie beside a stronger one of their format.
    binding: BTreeSet<usize>,
    /// Manifests of each lock.
    manifests: HashMap<usize, Vec<usize>>,
}

impl Projects {
    fn new(manifests: &[Manifest], locks: &[Lock]) -> Self {
        let of = |lock: &Lock| {
            let path = &lock.place.path;
            let (format, rank) = format_of(&path.name().to_lowercase(), path).unwrap_or_default();
            let one = rank == usize::MAX || FORMATS.get(format).is_some_and(|f| ONE_BINDS.contains(&f.id));
            ((folder(lock), format), if one { rank } else { 0 })
        };
        let mut best: BTreeMap<(RelPath, usize), usize> = BTreeMap::new();
        for lock in locks {
            let (slot, rank) = of(lock);
            let first = best.entry(slot).or_insert(rank);
            *first = (*first).min(rank);
        }
        let binds = |lock: &Lock| {
            let (slot, rank) = of(lock);
            best.get(&slot) == Some(&rank)
        };
        let binding: BTreeSet<usize> = (0..locks.len()).filter(|&at| binds(&locks[at])).collect();
        let mut by_folder: HashMap<(&Ecosystem, RelPath), Vec<usize>> = HashMap::new();
        // The folders that a lock lists belong to it, whatever the manifests say of workspaces.
        let mut by_member: HashMap<(&Ecosystem, RelPath), Vec<usize>> = HashMap::new();
        for &at in &binding {
            let (ecosystem, folder) = (&locks[at].ecosystem, folder(&locks[at]));
            for member in locks[at].packages.iter().filter(|p| p.local).filter_map(|p| p.folder.as_deref()) {
                if let Some(member) = folder.join(member).filter(|m| *m != folder) {
                    by_member.entry((ecosystem, member)).or_default().push(at);
                }
            }
            by_folder.entry((ecosystem, folder)).or_default().push(at);
        }
        let mut projects = Self { binding, manifests: HashMap::new() };
        for (at, manifest) in manifests.iter().enumerate() {
            let own = manifest.place.path.parent();
            let shared = manifest.workspace.as_ref().map(RelPath::parent);
            let member = by_member.get(&(&manifest.ecosystem, own.clone()));
            let found = shared.into_iter().chain([own]).find_map(|f| by_folder.get(&(&manifest.ecosystem, f)));
            for lock in found.or(member).into_iter().flatten() {
                projects.manifests.entry(*lock).or_default().push(at);
            }
        }
        projects
    }
}

/// The folder of the project that a lock file is about.
fn folder(lock: &Lock) -> RelPath {
    if npm::installed::is_tree(lock) {
        return npm::installed::owner(&lock.place.path).unwrap_or_else(|| lock.place.path.parent());
    }
    let folder = lock.place.path.parent();
    match folder.name() {
        "node_modules" => folder.parent(),
        // NuGet restores into it.
        "obj" if lock.ecosystem.as_str() == "nuget" => folder.parent(),
        "vendor" if lock.ecosystem.as_str() == "golang" => folder.parent(),
        "gradle" if lock.ecosystem.as_str() == "maven" => folder.parent(),
        "composer" if folder.parent().name() == "vendor" => folder.parent().parent(),
        _ => folder,
    }
}

/// How many packages of one name a dependency is compared with. Real trees hold a handful of versions.
const MOST_VERSIONS: usize = 64;

/// Adds the packages of a lock, joined with the manifests that it binds.
fn locked<'m>(lock: &Lock, manifests: &[&'m Manifest], components: &mut Components, found: &mut Found<'m>) {
    let packages = &lock.packages;
    let owner = folder(lock);
    let manifest_of = match_locals(lock, &owner, manifests);
    let mut entry_of: HashMap<&RelPath, usize> = HashMap::new();
    for (entry, manifest) in manifest_of.iter().enumerate() {
        if let Some(manifest) = manifest {
            entry_of.insert(&manifest.place.path, entry);
        }
    }

    let mut edges: Vec<Vec<usize>> = packages.iter().map(|p| p.dependencies.clone()).collect();
    let mut needed = vec![false; packages.len()];
    for package in packages.iter().filter(|p| !p.local) {
        package.dependencies.iter().for_each(|&to| needed[to] = true);
    }
    let mut direct: Vec<bool> = packages.iter().map(|p| p.direct == Some(true)).collect();
    if manifests.is_empty() && packages.iter().all(|p| p.direct.is_none() && !p.local) {
        // Nothing else tells: what no other package needs must have been asked for.
        direct = needed.iter().map(|needed| !needed).collect();
    }
    let mut asked_at: Vec<Vec<Place>> = vec![Vec::new(); packages.len()];
    let mut seeds = Vec::new();

    for (entry, package) in packages.iter().enumerate().filter(|(_, p)| p.local) {
        if manifest_of[entry].is_none() {
            // Without the manifest, what nothing else needs must be direct, and nothing tells what it is for.
            // A lock that tells what is not direct means its edges.
            edges[entry].retain(|&to| direct[to] || !needed[to] || packages[to].direct == Some(false));
            seeds.extend(package.dependencies.iter().map(|&to| (Scope::Runtime, to)));
            edges[entry].iter().for_each(|&to| direct[to] |= packages[to].direct.is_none());
        }
    }
    let key = |name| purl::comparable(lock.ecosystem.as_str(), name);
    let mut by_name: HashMap<Cow<'_, str>, Vec<usize>> = HashMap::new();
    for (at, package) in packages.iter().enumerate() {
        by_name.entry(key(&package.name)).or_default().push(at);
    }
    for manifest in manifests {
        let entry = entry_of.get(&manifest.place.path).copied();
        let mut reachable: HashMap<Cow<'_, str>, Vec<usize>> = HashMap::new();
        for &to in entry.iter().flat_map(|&e| &packages[e].dependencies) {
            reachable.entry(key(&packages[to].name)).or_default().push(to);
        }
        let mut asked = BTreeSet::new();
        if entry.is_some() {
            found.listed.insert(&manifest.place.path);
        }
        let fixed = found.dependencies.entry(&manifest.place.path).or_default();
        for (number, dependency) in manifest.dependencies.iter().enumerate() {
            // A manifest that the lock does not list (it is newer, or the format lists none) still finds what is the
            // only one of its name, or answers what it states.
            let name = key(&dependency.name);
            let of_name = |map: &HashMap<Cow<'_, str>, Vec<usize>>| map.get(&name).cloned().unwrap_or_default();
            let targets = match entry {
                Some(_) => choose(dependency, &manifest.ecosystem, lock, of_name(&reachable)),
                None => Some(choose(dependency, &manifest.ecosystem, lock, of_name(&by_name)))
                    .filter(|targets| targets.len() == 1)
                    .unwrap_or_default(),
            };
            for to in targets {
                fixed.insert(number);
                direct[to] = true;
                asked.insert(to);
                seeds.push((dependency.scope, to));
                asked_at[to].push(dependency.place.clone());
            }
        }
        match entry {
            Some(entry) => edges[entry].retain(|to| asked.contains(to) || packages[*to].direct == Some(true)),
            None => {
                let targets = asked.iter().map(|&to| packages[to].purl.clone()).collect();
                components.extend(local_component(manifest, targets));
            }
        }
    }

    let scopes = scope::reach(lock, &edges, &seeds);
    let purls: Vec<String> = packages
        .iter()
        .zip(&manifest_of)
        .map(|(p, m)| m.map_or_else(|| Some(p.purl.clone()), own_purl).unwrap_or_default())
        .collect();
    for (at, package) in packages.iter().enumerate() {
        if purls[at].is_empty() {
            continue;
        }
        let manifest = manifest_of[at];
        let mut origin = std::mem::take(&mut asked_at[at]);
        if !npm::installed::is_tree(lock) {
            origin.push(Place { path: lock.place.path.clone(), region: package.region.clone() });
        }
        origin.extend(manifest.map(|m| m.place.clone()));
        let declared = package.license.clone().map(|text| PackageLicense {
            declared: Some(text),
            concluded: None,
            source: Some("lock".to_owned()),
        });
        components.add(Package {
            purl: purls[at].clone(),
            name: manifest.and_then(|m| m.name.clone()).unwrap_or_else(|| package.name.clone()),
            version: manifest.and_then(|m| m.version.clone()).unwrap_or_else(|| package.version.clone()),
            kind: package.kind,
            locked: !package.version.is_empty() || package.local,
            local: package.local,
            scope: scopes[at],
            direct: direct[at],
            license: manifest.and_then(license_of).or(declared).unwrap_or_default(),
            dependencies: edges[at].iter().map(|&to| purls[to].clone()).filter(|p| !p.is_empty()).collect(),
            features: package.features.clone(),
            hashes: package.hashes.clone(),
            resolved: package.resolved.clone(),
            card: package.card.clone(),
            origin,
        });
    }
}

/// The manifest of each local package of a lock: by folder where the lock tells it, else by name.
fn match_locals<'m>(lock: &Lock, owner: &RelPath, manifests: &[&'m Manifest]) -> Vec<Option<&'m Manifest>> {
    let mut by_folder = HashMap::new();
    let mut by_name = HashMap::new();
    for manifest in manifests {
        by_folder.entry(manifest.place.path.parent()).or_insert(*manifest);
        if let Some(name) = &manifest.name {
            by_name.entry(name.as_str()).or_insert(*manifest);
        }
    }
    let mut taken: BTreeSet<&RelPath> = BTreeSet::new();
    lock.packages
        .iter()
        .map(|package| {
            if !package.local {
                return None;
            }
            let found = match &package.folder {
                Some(folder) => owner.join(folder).and_then(|f| by_folder.get(&f).copied()),
                None => by_name.get(package.name.as_str()).copied(),
            };
            found.filter(|m| taken.insert(&m.place.path))
        })
        .collect()
}

/// Of the packages that have the name a dependency asks for, those that it can mean.
fn choose(dependency: &Dependency, ecosystem: &Ecosystem, lock: &Lock, mut targets: Vec<usize>) -> Vec<usize> {
    targets.truncate(MOST_VERSIONS);
    let answering: Vec<usize> = targets
        .iter()
        .copied()
        .filter(|&at| lock.packages[at].answers.binary_search(&dependency.requirement).is_ok())
        .collect();
    if !answering.is_empty() {
        return answering;
    }
    let allows: Option<fn(&str, &str) -> Option<bool>> = match ecosystem.as_str() {
        "cargo" => Some(cargo::allows),
        "pypi" => Some(python::allows),
        _ => None,
    };
    if let Some(allows) = allows.filter(|_| targets.len() > 1 && !dependency.requirement.is_empty()) {
        let allowed = |at: &usize| allows(&dependency.requirement, &lock.packages[*at].version) != Some(false);
        let fitting: Vec<usize> = targets.iter().copied().filter(allowed).collect();
        if !fitting.is_empty() {
            return fitting;
        }
    }
    targets
}

/// Where dependencies on parts of the project itself lead.
struct Siblings<'m> {
    by_folder: HashMap<(&'m Ecosystem, RelPath), usize>,
    /// By workspace (the path of its manifest) and name.
    by_name: HashMap<(&'m RelPath, &'m str), usize>,
}

impl<'m> Siblings<'m> {
    fn new(manifests: &'m [Manifest]) -> Self {
        let mut siblings = Self { by_folder: HashMap::new(), by_name: HashMap::new() };
        for (at, manifest) in manifests.iter().enumerate() {
            siblings.by_folder.insert((&manifest.ecosystem, manifest.place.path.parent()), at);
            if let Some(name) = &manifest.name {
                siblings.by_name.entry((workspace(manifest), name)).or_insert(at);
            }
        }
        siblings
    }

    /// The manifest that a dependency of `from` leads to, when it is a part of the project.
    fn find(&self, from: &'m Manifest, dependency: &'m Dependency) -> Option<usize> {
        match &dependency.source {
            Some(path) if !path.contains(':') => {
                let folder = from.place.path.parent().join(path)?;
                self.by_folder.get(&(&from.ecosystem, folder)).copied()
            }
            Some(_) => None,
            // Cargo wants the path to be stated; npm takes a member of the workspace by its name.
            None if from.ecosystem == Ecosystem::CARGO => None,
            None => self.by_name.get(&(workspace(from), &*dependency.name)).copied(),
        }
    }
}

fn workspace(manifest: &Manifest) -> &RelPath {
    manifest.workspace.as_ref().unwrap_or(&manifest.place.path)
}

/// What a requirement says of the version: nothing where it only names what nothing binds, be it a variable, a catalog or
/// a member of the workspace.
fn stated_version(requirement: &str) -> &str {
    let named = ["workspace:", "catalog:"].iter().any(|start| requirement.starts_with(start));
    if named || requirement.contains('$') { "" } else { requirement }
}

/// Adds the package of a manifest that no lock lists, and its dependencies with the requirement that is stated. `fixed`
/// are those that a lock beside it fixes.
fn unlocked(
    manifests: &[Manifest],
    at: usize,
    fixed: Option<&BTreeSet<usize>>,
    siblings: &Siblings<'_>,
    components: &mut Components,
) {
    let manifest = &manifests[at];
    let mut targets = Vec::new();
    let asked = if manifest.descriptive { &[][..] } else { &manifest.dependencies };
    for (number, dependency) in asked.iter().enumerate() {
        // Beside a lock, what may be absent is left to the lock.
        let optional = matches!(dependency.scope, Scope::Optional | Scope::Peer);
        if fixed.is_some_and(|fixed| optional || fixed.contains(&number)) {
            continue;
        }
        // What builds a Python project (PEP 518) is installed into an environment of its own, and no lock holds it.
        if dependency.scope == Scope::Build && manifest.ecosystem.as_str() == "pypi" {
            continue;
        }
        // What is put together elsewhere has no name to be known by.
        if dependency.name.is_empty() || dependency.name.contains('$') {
            continue;
        }
        if let Some(sibling) = siblings.find(manifest, dependency) {
            targets.extend(own_purl(&manifests[sibling]));
            continue;
        }
        // A path that leads out of the checkout, with a version beside it, stands for the published package.
        let source = dependency.source.as_deref().unwrap_or_default();
        let stated = source.contains(':') || source.starts_with('?') || dependency.requirement.is_empty();
        let source = if stated { source } else { "" };
        let version = requirement::lowest(&dependency.requirement);
        let purl = purl::purl_from(manifest.ecosystem.as_str(), &dependency.name, version, source);
        targets.push(purl.clone());
        components.add(Package {
            purl,
            name: dependency.name.clone(),
            version: stated_version(&dependency.requirement).to_owned(),
            kind: crate::model::ComponentKind::Library,
            locked: false,
            local: false,
            scope: dependency.scope,
            direct: true,
            license: PackageLicense::default(),
            dependencies: Vec::new(),
            features: Vec::new(),
            hashes: Vec::new(),
            // Neither a registry nor the qualifiers of a purl are the address of the package.
            resolved: dependency
                .source
                .clone()
                .filter(|s| s.contains(':') && !s.starts_with('?') && !s.starts_with("registry+")),
            card: None,
            origin: vec![dependency.place.clone()],
        });
    }
    components.extend(local_component(manifest, targets));
}
