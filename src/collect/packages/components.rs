//! Components, one per purl, whatever number of files name them.

use std::collections::{BTreeMap, HashMap};

use super::purl;
use crate::model::{ComponentKind, Ecosystem, Manifest, Package, PackageLicense, Scope, concluded, purl_type};
use crate::names;

/// Collects packages and merges those with the same purl.
#[derive(Default)]
pub(super) struct Components {
    packages: BTreeMap<String, Package>,
}

impl Components {
    /// Adds a package, or what it adds to the one that is there. What has no name, or only a namespace, is none.
    pub(super) fn add(&mut self, mut package: Package) {
        let last = package.name.rsplit('/').next().unwrap_or_default();
        // Documents in XML hold no control characters.
        if last.chars().all(|c| c.is_whitespace() || c.is_control()) {
            return;
        }
        package.resolved = package.resolved.filter(|address| !purl::is_on_machine(address));
        match self.packages.entry(package.purl.clone()) {
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(package);
            }
            std::collections::btree_map::Entry::Occupied(mut slot) => merge(slot.get_mut(), package),
        }
    }

    /// Adds each package.
    pub(super) fn extend(&mut self, packages: impl IntoIterator<Item = Package>) {
        packages.into_iter().for_each(|package| self.add(package));
    }

    /// All packages, sorted by purl; licenses that nothing states are taken from vendored copies.
    pub(super) fn finish(self, vendored: &[Manifest]) -> Vec<Package> {
        let copies: HashMap<(&str, &str, &str), &Manifest> = vendored
            .iter()
            .filter_map(|m| Some(((m.ecosystem.as_str(), m.name.as_deref()?, m.version.as_deref()?), m)))
            .rev()
            .collect();
        let mut packages: Vec<Package> = self.packages.into_values().collect();
        for package in &mut packages {
            package.dependencies.sort();
            package.dependencies.dedup();
            package.features.sort();
            package.features.dedup();
            package.hashes.sort();
            package.hashes.dedup();
            let ecosystem = purl_type(&package.purl);
            if let Some(copy) = copies.get(&(ecosystem, &*package.name, &*package.version)).filter(|_| !package.local)
            {
                package.origin.push(copy.place.clone());
                if package.license.declared.is_none()
                    && let Some(license) = license_of(copy)
                {
                    package.license.declared = license.declared;
                    package.license.source = Some("vendored".to_owned());
                }
            }
            package.origin.sort();
            package.origin.dedup();
        }
        packages
    }
}

fn merge(into: &mut Package, from: Package) {
    into.locked |= from.locked;
    into.local |= from.local;
    into.direct |= from.direct;
    into.scope = into.scope.min(from.scope);
    if into.license.declared.is_none() {
        into.license = from.license;
    }
    into.dependencies.extend(from.dependencies);
    into.features.extend(from.features);
    into.hashes.extend(from.hashes);
    into.resolved = into.resolved.take().or(from.resolved);
    into.card = into.card.take().or(from.card);
    into.origin.extend(from.origin);
}

/// The purl of the package that a manifest describes; `None` when it has no name, or none that a registry knows: modules of
/// Maven have a group.
pub(super) fn own_purl(manifest: &Manifest) -> Option<String> {
    let name = manifest.name.as_deref()?;
    let kind = manifest.ecosystem.as_str();
    let version = manifest.version.as_deref().unwrap_or_default();
    (kind != "maven" || name.contains('/')).then(|| purl::purl(kind, name, version, &[]))
}

/// The package that a manifest describes; `None` when it has no purl.
pub(super) fn local_component(manifest: &Manifest, dependencies: Vec<String>) -> Option<Package> {
    let name = manifest.name.clone()?;
    let version = manifest.version.clone().unwrap_or_default();
    Some(Package {
        purl: own_purl(manifest)?,
        name,
        version,
        kind: if manifest.application { ComponentKind::Application } else { ComponentKind::Library },
        locked: false,
        local: true,
        scope: Scope::Runtime,
        direct: false,
        license: license_of(manifest).unwrap_or_default(),
        dependencies: dependencies.into_iter().filter(|purl| !purl.is_empty()).collect(),
        features: Vec::new(),
        hashes: Vec::new(),
        resolved: None,
        card: None,
        origin: vec![manifest.place.clone()],
    })
}

/// The license that a manifest declares.
pub(crate) fn license_of(manifest: &Manifest) -> Option<PackageLicense> {
    let text = &manifest.license.as_ref()?.text;
    let declared = if manifest.ecosystem == Ecosystem::CARGO { cargo_license(text) } else { text.clone() };
    Some(PackageLicense { declared: Some(declared), concluded: None, source: Some("manifest".to_owned()) })
}

/// Concludes a license, unless it is concluded already: by the license `texts` beside a copy, or, where there are none,
/// by what is declared under a name and no id.
pub(crate) fn conclude(license: &mut PackageLicense, texts: &[&str]) {
    if license.concluded.is_some() {
        return;
    }
    let meant = license.declared.as_deref().and_then(names::meant);
    let declared = meant.as_deref().or(license.declared.as_deref());
    license.concluded = concluded(declared, texts).or_else(|| meant.filter(|_| texts.is_empty()));
}

/// A license as crates state it. Cargo took a slash for "or" before it took SPDX expressions, and still does.
pub(crate) fn cargo_license(text: &str) -> String {
    text.replace('/', " OR ").replace("  ", " ")
}
