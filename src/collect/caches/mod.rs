//! Package caches of the user: what package managers have fetched before tells the licenses and authors of
//! dependencies without any network.
//!
//! They lie outside of the checkout, so they are read only when the user asks for it, within bounds, and nothing of where
//! they lie goes into a report. A copy counts when it names the package and version that it was looked up by.

mod cargo;
mod go;
mod maven;
mod npm;
mod nuget;
mod places;
mod python;

use std::borrow::Cow;

use rayon::prelude::*;

use super::archive::{self, Budget, Container, Member};
use super::{license, packages, resolve_expression, source};
use crate::model::{DetectionKind, Ecosystem, Inventory, Manifest, Package, is_license_name};

pub use places::Places;

/// How many license texts of one copy are read, and how many bytes of each.
const MOST_TEXTS: usize = 8;
const MOST_TEXT_BYTES: usize = 256 << 10;

/// A copy of a package in a cache.
#[derive(Default)]
struct Copy {
    /// The manifest, as the reader of its format understands it.
    manifest: Option<Manifest>,
    /// What its license files amount to, one expression for each.
    texts: Vec<String>,
}

/// Completes the packages of an inventory by what the caches hold of them: declared licenses where nothing in the
/// checkout states them, what the license texts show, and the manifests for what else they tell.
pub fn fill(inventory: &mut Inventory, places: &Places) {
    let copies: Vec<Option<Manifest>> =
        inventory.packages.par_iter_mut().map(|package| complete(package, places)).collect();
    inventory.cached = copies.into_iter().flatten().collect();
}

/// Completes one package; gives the manifest of its copy.
fn complete(package: &mut Package, places: &Places) -> Option<Manifest> {
    if package.local {
        return None;
    }
    let copy = find(package, places)?;
    let stated = copy.manifest.as_ref().and_then(packages::license_of);
    if package.license.declared.is_none()
        && let Some(stated) = stated
    {
        package.license.declared = stated.declared;
        package.license.source = Some("cache".to_owned());
    }
    let texts: Vec<&str> = copy.texts.iter().map(String::as_str).collect();
    packages::conclude(&mut package.license, &texts);
    if package.license.concluded.is_some() && package.license.source.is_none() {
        package.license.source = Some("cache".to_owned());
    }
    copy.manifest
}

/// The copy of a package.
fn find(package: &Package, places: &Places) -> Option<Copy> {
    let (kind, rest) = package.purl.strip_prefix("pkg:")?.split_once('/')?;
    // What comes out of a repository of its own shares no more than its name with what a registry has.
    let elsewhere = rest.contains("vcs_url=");
    if package.version.is_empty() {
        return None;
    }
    match kind {
        "cargo" if !elsewhere => cargo::find(&places.cargo, &package.name, &package.version),
        "npm" => npm::find(&places.npm, package),
        "pypi" if !elsewhere => python::find(places, package),
        "golang" => go::find(&places.go, &package.name, &package.version),
        "maven" => maven::find(places, &package.name, &package.version),
        "nuget" => nuget::find(&places.nuget, &package.name, &package.version),
        _ => None,
    }
}

impl Copy {
    /// What a text file of a copy tells. `name` is what its format goes by; `bytes` are decoded as UTF-8, as all
    /// registries ask.
    fn describe(&mut self, name: &str, bytes: &[u8]) {
        self.manifest = packages::describe(name, bytes);
    }

    /// Takes in a file of the copy when it is the text of a license.
    fn license_text(&mut self, name: &str, bytes: &[u8]) {
        if self.texts.len() >= MOST_TEXTS || bytes.len() > MOST_TEXT_BYTES || !is_license_name(name) {
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let mut found = source::show(name, &text, license::detect);
        found.retain(|detection| detection.kind == DetectionKind::Text);
        self.texts.extend(resolve_expression(&found));
    }

    /// The copy, when it is of this package.
    fn of(self, ecosystem: &Ecosystem, name: &str, version: &str) -> Option<Self> {
        let same = self.manifest.as_ref().is_none_or(|manifest| {
            let key = |name| packages::comparable(ecosystem.as_str(), name);
            manifest.name.as_deref().map(key) == Some(key(name)) && manifest.version.as_deref() == Some(version)
        });
        (same && (self.manifest.is_some() || !self.texts.is_empty())).then_some(self)
    }
}

/// Shows the files of a compressed tar archive, or those in front of where it breaks.
fn unpack(bytes: &[u8], mut show: impl FnMut(&str, &[u8])) {
    let mut budget = Budget::default();
    let tar: Cow<'_, [u8]> = match archive::sniff_codec(bytes) {
        Some(codec) => match archive::decompress(codec, bytes, &mut budget) {
            Ok(whole) | Err((whole, _)) => whole.into(),
        },
        None => bytes.into(),
    };
    let container = archive::sniff_container(&tar).unwrap_or(Container::Tar);
    let (members, _) = archive::members(container, &tar, &mut budget);
    for Member { name, content, .. } in members {
        if let Ok(content) = content {
            show(&name, &content);
        }
    }
}

#[cfg(test)]
mod tests;
