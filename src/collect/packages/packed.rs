//! Packages as registries publish them, kept in the checkout: wheels and eggs of Python, `.nupkg` of NuGet, `.crate` of
//! Cargo, `.gem` of RubyGems. Each is one component, with the digest of the file.

use sha2::{Digest, Sha512};

use super::draft::Draft;
use super::ruby::specification;
use super::{describe, license_of};
use crate::collect::archive::{self, Budget, Container};
use crate::collect::encoded::hexadecimal;
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Hash, Locked, Manifest, RelPath, Scope};

/// Where the metadata of a kind of package lies.
struct Kind {
    ending: &'static str,
    ecosystem: &'static str,
    /// Whether a member of this name is the metadata.
    is_metadata: fn(&str) -> bool,
    /// Reads the metadata.
    read: fn(&[u8]) -> Option<Manifest>,
}

static KINDS: &[Kind] = &[
    Kind {
        ending: ".whl",
        ecosystem: "pypi",
        is_metadata: |name| depth(name) == 1 && name.ends_with(".dist-info/METADATA"),
        read: |bytes| describe("a.dist-info/METADATA", bytes),
    },
    Kind {
        ending: ".egg",
        ecosystem: "pypi",
        is_metadata: |name| name == "EGG-INFO/PKG-INFO",
        read: |bytes| describe("a.dist-info/METADATA", bytes),
    },
    Kind {
        ending: ".nupkg",
        ecosystem: "nuget",
        is_metadata: |name| depth(name) == 0 && name.ends_with(".nuspec"),
        read: |bytes| describe("a.nuspec", bytes),
    },
    Kind {
        ending: ".crate",
        ecosystem: "cargo",
        is_metadata: |name| depth(name) == 1 && name.ends_with("/Cargo.toml"),
        read: |bytes| describe("Cargo.toml", bytes),
    },
    Kind {
        ending: ".gem",
        ecosystem: "gem",
        is_metadata: |name| name == specification::MEMBER,
        read: specification::read,
    },
];

fn depth(name: &str) -> usize {
    name.matches('/').count()
}

/// Reads the metadata in the package; one without it gives the note and nothing else.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let Some(kind) = KINDS.iter().find(|kind| file.name.ends_with(kind.ending)) else { return };
    let metadata = metadata(file.raw(), kind);
    let Some(found) = metadata.and_then(|bytes| (kind.read)(&bytes)) else {
        return out.push(malformed(file, None, "no package: it holds no metadata"));
    };
    let (Some(name), Some(version)) = (found.name.as_deref(), found.version.as_deref()) else {
        return out.push(malformed(file, None, "a package without name or version"));
    };
    let mut draft = Draft::new(file, kind.ecosystem);
    let package = Locked { region: None, ..draft.package(name, version, 0..0) };
    draft.add(Locked {
        license: license_of(&found).and_then(|license| license.declared),
        hashes: vec![digest(file.raw())],
        scope: scope(file.path),
        ..package
    });
    draft.finish(out);
}

/// What the metadata in a package says.
fn metadata(bytes: &[u8], kind: &Kind) -> Option<Vec<u8>> {
    let mut budget = Budget::default();
    let mut found = None;
    match archive::sniff_container(bytes) {
        Some(Container::Zip) => {
            archive::visit_zip(bytes, &mut budget, kind.is_metadata, |member| {
                found = found.take().or(member.content.ok().map(std::borrow::Cow::into_owned));
            });
        }
        _ => {
            let unpacked = archive::sniff_codec(bytes).map(|codec| {
                let (Ok(tar) | Err((tar, _))) = archive::decompress(codec, bytes, &mut budget);
                tar
            });
            let (members, _) = archive::members(Container::Tar, unpacked.as_deref().unwrap_or(bytes), &mut budget);
            let member = members.into_iter().find(|member| (kind.is_metadata)(&member.name))?;
            found = member.content.ok().map(std::borrow::Cow::into_owned);
        }
    }
    found
}

/// The digest of a package that lies in the checkout as a file.
pub(super) fn digest(bytes: &[u8]) -> Hash {
    Hash { algorithm: "SHA-512".to_owned(), value: hexadecimal(&Sha512::digest(bytes)) }
}

/// What a package in this place is for: those in folders of tests are data of these.
pub(super) fn scope(path: &RelPath) -> Option<Scope> {
    let tests = ["test", "tests", "testdata", "test-data", "test_data", "testing", "fixtures", "__tests__"];
    path.folder().split('/').any(|part| tests.contains(&part.to_ascii_lowercase().as_str())).then_some(Scope::Test)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::packages::testing::{fixture_bytes, lock, with_bytes};
    use crate::model::FileKind;

    #[test]
    fn the_metadata_of_a_wheel_a_nupkg_a_crate_and_a_gem() {
        for (path, purl, license) in [
            ("plain/wheels/my_lib-1.0-py3-none-any.whl", "pkg:pypi/my-lib@1.0", "MIT"),
            ("plain/My.Lib.2.0.0.nupkg", "pkg:nuget/My.Lib@2.0.0", "Apache-2.0"),
            ("plain/my-crate-0.3.0.crate", "pkg:cargo/my-crate@0.3.0", "MIT OR Apache-2.0"),
            ("plain/sample-gem-1.2.3.gem", "pkg:gem/sample-gem@1.2.3", "MIT OR Ruby"),
        ] {
            let evidence = with_bytes(path, &fixture_bytes("packed", path));
            let lock = lock(&evidence);
            let package = &lock.packages[0];
            assert_eq!((package.purl.as_str(), package.license.as_deref()), (purl, Some(license)), "{path}");
            assert_eq!(package.hashes[0].value.len(), 128, "{path}");
            assert_eq!(lock.packages.len(), 1);
        }
    }

    #[test]
    fn what_is_no_package_is_noted() {
        let path = RelPath::new("a.whl");
        let mut out = Vec::new();
        read(&SourceFile::binary_file(&path, "a.whl", &FileKind::Binary, b"PK\x03\x04"), &mut out);
        assert!(matches!(out[..], [Evidence::Unread(_)]), "{out:?}");
    }
}
