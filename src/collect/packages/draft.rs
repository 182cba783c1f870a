//! What readers share: a lock file under construction, and a manifest's dependencies.

use std::collections::HashMap;
use std::ops::Range;

use super::purl::{purl_from, without_credentials};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Ecosystem, Evidence, Hash, Lock, Locked, Manifest, Place, Scope};

/// A lock file under construction: the packages found so far, and notes of what could not be understood.
pub(super) struct Draft<'f, 't> {
    file: &'f SourceFile<'t>,
    ecosystem: &'static str,
    pub(super) packages: Vec<Locked>,
    notes: Vec<Evidence>,
}

impl<'f, 't> Draft<'f, 't> {
    pub(super) fn new(file: &'f SourceFile<'t>, ecosystem: &'static str) -> Self {
        Self { file, ecosystem, packages: Vec::new(), notes: Vec::new() }
    }

    /// A package of the lock's own ecosystem and default registry that stands at these bytes.
    pub(super) fn package(&self, name: &str, version: &str, at: Range<usize>) -> Locked {
        self.package_from(name, version, "", at)
    }

    /// A package whose origin an address tells, as [`purl_from`] takes it.
    pub(super) fn package_from(&self, name: &str, version: &str, source: &str, at: Range<usize>) -> Locked {
        let source = without_credentials(source);
        Locked {
            purl: purl_from(self.ecosystem, name, version, &source),
            name: name.to_owned(),
            version: version.to_owned(),
            resolved: Some(source.into_owned()).filter(|s| s.contains(':')),
            region: Some(self.file.region(at)),
            ..Locked::default()
        }
    }

    /// Adds a package and gives its index.
    pub(super) fn add(&mut self, package: Locked) -> usize {
        self.packages.push(package);
        self.packages.len() - 1
    }

    /// Notes that what stands at an offset could not be understood.
    pub(super) fn note(&mut self, at: usize, reason: impl std::fmt::Display) {
        self.notes.push(malformed(self.file, Some(self.file.line_at(at)), reason));
    }

    /// The packages by name: of several with one name, the first.
    pub(super) fn by_name(&self) -> HashMap<String, usize> {
        let mut names = HashMap::new();
        for (at, package) in self.packages.iter().enumerate() {
            names.entry(package.name.clone()).or_insert(at);
        }
        names
    }

    /// Adds edges to packages by name; names that the lock does not hold lead nowhere.
    pub(super) fn link<'n>(&mut self, edges: impl IntoIterator<Item = (usize, &'n str)>) {
        let names = self.by_name();
        for (from, name) in edges {
            let to = names.get(name).copied();
            self.packages[from].dependencies.extend(to.filter(|to| *to != from));
        }
    }

    /// Hands the lock over, with its notes.
    pub(super) fn finish(mut self, out: &mut Vec<Evidence>) {
        for package in &mut self.packages {
            package.dependencies.sort_unstable();
            package.dependencies.dedup();
        }
        out.push(Evidence::Lock(Lock {
            place: Place::file(self.file.path.clone()),
            ecosystem: Ecosystem::of(self.ecosystem),
            packages: self.packages,
        }));
        out.append(&mut self.notes);
    }
}

/// A dependency that a manifest states at these bytes.
pub(super) fn dependency(
    file: &SourceFile<'_>,
    name: &str,
    requirement: &str,
    scope: Scope,
    at: Range<usize>,
) -> Dependency {
    Dependency {
        name: name.to_owned(),
        requirement: requirement.trim().to_owned(),
        scope,
        source: None,
        place: file.place(at),
    }
}

/// A manifest of this file of which nothing is known yet.
pub(super) fn manifest(file: &SourceFile<'_>, ecosystem: &'static str) -> Manifest {
    Manifest::new(Place::file(file.path.clone()), Ecosystem::of(ecosystem))
}

/// A digest in hexadecimal, when it has the length of its algorithm; of none when no algorithm is that long.
pub(super) fn hex_hash(algorithm: &str, value: &str) -> Option<Hash> {
    let length = match algorithm {
        "MD5" => 32,
        "SHA-1" => 40,
        "SHA-256" => 64,
        "SHA-384" => 96,
        "SHA-512" => 128,
        _ => return None,
    };
    let fits = value.len() == length && value.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| Hash { algorithm: algorithm.to_owned(), value: value.to_ascii_lowercase() })
}
