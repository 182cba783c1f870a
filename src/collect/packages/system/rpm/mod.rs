//! RPM's database of installed packages in each of the forms it had: `Packages` of Berkeley DB, `Packages.db` of rpm's own
//! database and `rpmdb.sqlite`. All of them hold one header for each package.

mod berkeley;
mod header;
mod ndb;
mod sqlite;

use std::collections::HashMap;

use crate::collect::packages::draft::Draft;
use crate::collect::packages::purl::purl;
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Locked, RelPath};
use header::Header;

/// How many packages one database may hold; large systems have a few thousand.
const MOST_PACKAGES: usize = 100_000;

/// Whether the file is rpm's, by its folder.
pub(in crate::collect::packages) fn is_database(path: &RelPath) -> bool {
    path.parent().name() == "rpm"
}

/// The namespace of the purl type `rpm`, by what the packager's name begins with.
const VENDORS: [(&str, &str); 12] = [
    ("Fedora", "fedora"),
    ("Red Hat", "redhat"),
    ("CentOS", "centos"),
    ("openSUSE", "opensuse"),
    ("SUSE", "suse"),
    ("Rocky", "rocky"),
    ("AlmaLinux", "almalinux"),
    ("Oracle", "oracle"),
    ("Amazon", "amzn"),
    ("Microsoft", "azurelinux"),
    ("Mageia", "mageia"),
    ("openEuler", "openeuler"),
];

/// Reads the database; one of no known form gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    // A text of the same name is something else.
    if file.encoding().is_some() {
        return;
    }
    let bytes = file.raw();
    let found = if sqlite::is(bytes) {
        sqlite::blobs(bytes)
    } else if ndb::is(bytes) {
        ndb::blobs(bytes)
    } else if berkeley::is(bytes) {
        berkeley::blobs(bytes)
    } else {
        return out.push(malformed(file, None, "no database of rpm in any form that is known"));
    };
    let Some(blobs) = found else {
        return out.push(malformed(file, None, "a database of rpm that is damaged"));
    };
    let mut draft = Draft::new(file, "rpm");
    let mut provided: HashMap<String, usize> = HashMap::new();
    let mut required: Vec<(usize, Vec<String>)> = Vec::new();
    for header in blobs.iter().take(MOST_PACKAGES).filter_map(|blob| Header::parse(blob)) {
        let (Some(name), Some(version)) = (header.text(header::NAME), header.text(header::VERSION)) else { continue };
        // Keys of packagers are kept as packages without being any.
        if name == "gpg-pubkey" {
            continue;
        }
        let release = header.text(header::RELEASE).map(|release| format!("-{release}")).unwrap_or_default();
        let version = format!("{version}{release}");
        let vendor = header.text(header::VENDOR).unwrap_or_default();
        let vendor =
            VENDORS.iter().find(|(start, _)| vendor.starts_with(start)).map_or("", |(_, namespace)| namespace);
        let arch = header.text(header::ARCH).unwrap_or_default();
        let epoch = header.number(header::EPOCH).map(|epoch| epoch.to_string()).unwrap_or_default();
        let package = Locked { region: None, ..draft.package(name, &version, 0..0) };
        let index = draft.add(Locked {
            purl: purl("rpm", &format!("{vendor}/{name}"), &version, &[("arch", arch), ("epoch", &epoch)]),
            license: header.text(header::LICENSE).map(str::to_owned),
            ..package
        });
        for name in header.texts(header::PROVIDES).into_iter().chain([name]) {
            provided.entry(name.to_owned()).or_insert(index);
        }
        required.push((index, header.texts(header::REQUIRES).into_iter().map(str::to_owned).collect()));
    }
    for (from, names) in required {
        let targets = names.iter().filter_map(|name| provided.get(name).copied()).filter(|to| *to != from);
        draft.packages[from].dependencies.extend(targets);
        draft.packages[from].dependencies.sort_unstable();
        draft.packages[from].dependencies.dedup();
    }
    draft.finish(out);
}

/// The number at an offset in little-endian order; `None` behind the end.
fn little(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::packages::testing::{edges, fixture_bytes, lock, with_bytes};

    #[test]
    fn every_form_holds_the_same() {
        for path in ["sqlite/rpm/rpmdb.sqlite", "berkeley/rpm/Packages", "ndb/rpm/Packages.db"] {
            let evidence = with_bytes(path, &fixture_bytes("rpm-database", path));
            let lock = lock(&evidence);
            let mut seen: Vec<_> = lock.packages.iter().map(|p| (p.purl.as_str(), p.license.as_deref())).collect();
            seen.sort_unstable();
            assert_eq!(
                seen,
                [
                    ("pkg:rpm/bar@1.0-3.example?arch=noarch", Some("MIT")),
                    ("pkg:rpm/foo@1.2-3.example?arch=noarch&epoch=2", Some("MIT")),
                ],
                "{path}"
            );
            assert_eq!(edges(lock), ["foo 1.2-3.example -> bar 1.0-3.example"], "{path}");
        }
    }

    #[test]
    fn damage_costs_no_more_than_what_it_hits() {
        for path in ["sqlite/rpm/rpmdb.sqlite", "berkeley/rpm/Packages", "ndb/rpm/Packages.db"] {
            let whole = fixture_bytes("rpm-database", path);
            for at in (0..whole.len()).step_by(7) {
                let mut bytes = whole.clone();
                bytes[at] ^= 0xff;
                with_bytes(path, &bytes);
                with_bytes(path, &whole[..at]);
            }
        }
        assert!(matches!(with_bytes("rpm/Packages", b"nothing")[..], [Evidence::Unread(_)]));
    }
}
