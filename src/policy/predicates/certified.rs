//! Whether anybody relies on the certificates beside a private key.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{Certificate, Inventory, RelPath};
use crate::policy::paths::{is_source, is_test_name};

/// Certificates by where they lie.
pub(super) struct Certified<'a> {
    in_files: BTreeMap<&'a RelPath, Count>,
    in_folders: BTreeMap<RelPath, Count>,
    /// By the folder that holds the folder they lie in.
    beside: BTreeMap<RelPath, Count>,
    inventory: &'a Inventory,
    /// Folders below the root with programs that test. All files have to be asked for them, and few trees have keys.
    tests: OnceCell<BTreeSet<RelPath>>,
}

/// How many certificates there are, and how many of them somebody may rely on.
#[derive(Clone, Copy, Default)]
struct Count {
    all: usize,
    relied_on: usize,
}

impl Count {
    fn add(&mut self, relied_on: bool) {
        self.all += 1;
        self.relied_on += usize::from(relied_on);
    }

    /// Whether most of them are relied on by nobody.
    fn is_idle(self) -> bool {
        2 * self.relied_on < self.all
    }
}

/// How many authorities above a certificate are followed.
const DEEPEST: usize = 4;

impl<'a> Certified<'a> {
    pub(super) fn new(inventory: &'a Inventory, today: Date) -> Self {
        let certificates = &inventory.certificates;
        // The project's own authorities, and those that they made.
        let mut own: BTreeSet<u64> =
            certificates.iter().filter(|c| c.is_self_signed()).map(|certificate| certificate.subject).collect();
        for _ in 0..DEEPEST {
            let made = certificates.iter().filter(|c| own.contains(&c.issuer)).map(|certificate| certificate.subject);
            let made: Vec<u64> = made.collect();
            own.extend(made);
        }
        let is_relied_on = |certificate: &Certificate| {
            let until = certificate.until.as_ref().and_then(|until| until.parse::<Date>().ok());
            until.is_none_or(|until| until >= today) && !certificate.is_stand_in && !own.contains(&certificate.issuer)
        };
        let mut in_files: BTreeMap<&RelPath, Count> = BTreeMap::new();
        let (mut in_folders, mut beside): (BTreeMap<RelPath, Count>, BTreeMap<RelPath, Count>) = Default::default();
        for certificate in certificates {
            let relied_on = is_relied_on(certificate);
            in_files.entry(&certificate.path).or_default().add(relied_on);
            let folder = certificate.path.parent();
            // Beside each other lie the folders of one place, not those of the whole tree.
            if folder.depth() > 1 {
                beside.entry(folder.parent()).or_default().add(relied_on);
            }
            in_folders.entry(folder).or_default().add(relied_on);
        }
        Self { in_files, in_folders, beside, inventory, tests: OnceCell::new() }
    }

    /// Whether a program that tests lies in a folder below the root.
    fn has_tests(&self, folder: &RelPath) -> bool {
        let is_test = |path: &&RelPath| path.depth() > 1 && is_test_name(path);
        let paths = || self.inventory.files.iter().map(|file| &file.path).filter(is_test);
        self.tests.get_or_init(|| paths().map(RelPath::parent).collect()).contains(folder)
    }

    /// Whether there are certificates with the keys of this file, and nobody relies on most of them; or programs that test
    /// beside it.
    pub(super) fn by_nobody(&self, path: &RelPath) -> bool {
        if let Some(count) = self.in_files.get(path) {
            return count.is_idle();
        }
        // What stands in a program belongs to nothing beside it.
        if is_source(&path.extension().to_ascii_lowercase()) {
            return false;
        }
        let folder = path.parent();
        if self.has_tests(&folder) {
            return true;
        }
        let above = folder.parent();
        let is_deep = folder.depth() > 1;
        let near = [
            self.in_folders.get(&folder),
            is_deep.then(|| self.in_folders.get(&above)).flatten(),
            is_deep.then(|| self.beside.get(&above)).flatten(),
        ];
        near.into_iter().flatten().next().is_some_and(|count| count.is_idle())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(path: &str, subject: u64, issuer: u64, until: &str) -> Certificate {
        Certificate { path: RelPath::new(path), subject, issuer, until: Some(until.to_owned()), is_stand_in: false }
    }

    #[test]
    fn keys_of_certificates_that_nobody_relies_on() {
        let inventory = Inventory {
            certificates: vec![
                certificate("a/ca/root.pem", 1, 1, "2030-01-01"),
                certificate("b/old.crt", 2, 9, "2020-01-01"),
                certificate("c/server.crt", 3, 9, "2030-01-01"),
                certificate("d/server.crt", 4, 1, "2030-01-01"),
                certificate("e/old.crt", 2, 9, "2020-01-01"),
                certificate("e/server.crt", 3, 9, "2030-01-01"),
                certificate("src/tls.c", 5, 5, "2030-01-01"),
            ],
            ..Inventory::default()
        };
        let certified = Certified::new(&inventory, Date::constant(2026, 6, 1));
        for (path, expected) in [
            ("a/ca/root.key", true),
            ("a/ca/private/root.key", true),
            ("a/keys/user.key", true),
            ("a/user.key", false),
            ("b/old.key", true),
            ("c/server.key", false),
            ("d/server.key", true),
            ("e/server.key", false),
            ("src/tls.c", true),
            ("src/other.c", false),
            ("f/id_rsa", false),
            ("server.key", false),
        ] {
            assert_eq!(certified.by_nobody(&RelPath::new(path)), expected, "{path}");
        }
    }
}
