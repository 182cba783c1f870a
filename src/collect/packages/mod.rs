//! Packages: manifests and lock files, and the components that follow from them.
//!
//! Every format is one file of code, one line of [`FORMATS`] and one folder of fixtures. A format reads one file and
//! says what stands there; [`assemble`] joins manifests and locks to components when all files are read.

mod ai;
mod ansible;
mod apple;
mod assemble;
mod bazel;
mod beam;
mod brackets;
mod cargo;
mod clojure;
mod commits;
mod components;
mod conda;
mod containers;
mod cpp;
mod dart;
mod deno;
mod dotnet;
mod draft;
mod fields;
mod forge;
mod formats;
mod github;
mod golang;
mod haskell;
mod haxe;
mod helm;
mod integrity;
mod java;
mod julia;
mod lines;
mod locks;
mod lookup;
mod lua;
mod members;
mod nim;
mod nix;
mod npm;
mod opam;
mod packed;
mod perl;
mod php;
mod precommit;
mod prolog;
mod purl;
mod python;
mod r;
mod requirement;
mod ruby;
mod sbt;
mod scope;
mod submodules;
mod system;
mod tables;
mod terraform;
pub(crate) mod version;

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::{Collector, Hit, Interest, SourceFile, json};
use crate::model::{Evidence, FileKind, Inventory, LicenseField, Manifest, Place};
pub(crate) use components::{cargo_license, conclude, license_of};
pub use formats::FORMATS;
use formats::TEXTS;
pub(crate) use java::with_license_of_parents;
pub use lookup::{File, Format};
use lookup::{ending, format_of, format_with};
pub(super) use lookup::{is_named, may_hold};
pub(crate) use purl::comparable;
pub(crate) use system::python::license_of_metadata;

/// The note that a file is malformed, where a reader gives up; boxed because results carry it.
type Broken = Box<Evidence>;

/// As [`super::malformed`].
fn broken(file: &SourceFile<'_>, line: Option<u32>, reason: impl std::fmt::Display) -> Broken {
    Box::new(super::malformed(file, line, reason))
}

/// What an ecosystem does with its manifests once all are read, before packages are assembled. Each must give the same
/// when it runs again.
static RESOLVERS: &[fn(&mut Inventory)] = &[
    cargo::workspace::resolve,
    npm::workspace::resolve,
    npm::installed::resolve,
    python::resolve,
    golang::resolve,
    java::resolve,
    ruby::resolve,
    dotnet::workspace::resolve,
    submodules::resolve,
    nix::resolve,
    commits::resolve,
    ai::card::resolve,
];

/// Reads manifests and lock files, and assembles components.
pub struct Packages;

impl Collector for Packages {
    fn id(&self) -> &'static str {
        "packages"
    }

    fn summary(&self) -> &'static str {
        "Manifests and lock files of package managers, read without running any of them, and the components, scopes and edges that follow."
    }

    fn interest(&self) -> Interest {
        // A manifest with a NUL byte is still a manifest, and worth a note.
        Interest {
            keywords: TEXTS,
            // Any list may be taken in by a requirements file.
            names: |name, path| is_named(name, path) || name.ends_with(".txt"),
            binary: true,
            ..Interest::NONE
        }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        if let Some((format, _)) = format_of(file.name, file.path) {
            return (FORMATS[format].read)(file, out);
        }
        let texts: BTreeSet<&str> =
            hits.iter().filter_map(|hit| TEXTS.get(usize::from(hit.keyword)).copied()).collect();
        // One format may be known by several texts.
        let ending = ending(file.name);
        let formats: BTreeSet<usize> = texts.into_iter().filter_map(|text| format_with(text, ending)).collect();
        if formats.is_empty() && file.name.ends_with(".txt") && *file.kind != FileKind::Binary {
            python::requirements::read_unnamed(file, out);
        }
        for format in formats {
            (FORMATS[format].read)(file, out);
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        assemble(inventory);
    }
}

/// Asks cargo about the `Cargo.lock` files of the inventory, whose paths are relative to `root`, and assembles the
/// components again.
pub fn resolve_cargo(inventory: &mut Inventory, root: &std::path::Path) {
    cargo::resolve(inventory, root);
    assemble(inventory);
}

/// What a file that lies in no checkout says of the package that it describes: a manifest as its format is read, or the
/// description of what is installed. `name` is what the format goes by; the bytes are taken as UTF-8, as registries ask.
pub(crate) fn describe(name: &str, bytes: &[u8]) -> Option<Manifest> {
    let text = String::from_utf8_lossy(bytes);
    let found = super::source::show(name, &text, |file| {
        let mut out = Vec::new();
        Packages.collect(file, &[], &mut out);
        out
    });
    found.into_iter().find_map(|evidence| match evidence {
        Evidence::Manifest(manifest) => Some(*manifest),
        // What is installed is read as a lock of one package.
        Evidence::Lock(lock) => {
            let ecosystem = lock.ecosystem.clone();
            let package = lock.packages.into_iter().next()?;
            let place = Place::file(lock.place.path);
            Some(Manifest {
                name: Some(package.name),
                version: Some(package.version),
                license: package.license.map(|text| LicenseField { text, place: place.clone(), spdx: false }),
                ..Manifest::new(place, ecosystem)
            })
        }
        _ => None,
    })
}

/// Joins the manifests and locks of the inventory to components. Running it again, after a lock was replaced, starts
/// afresh.
pub fn assemble(inventory: &mut Inventory) {
    assemble::empty_files(inventory);
    assemble::vendored_manifests(inventory);
    for resolve in RESOLVERS {
        resolve(inventory);
    }
    assemble::packages(inventory);
}
