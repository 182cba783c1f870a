//! npm's `_cacache`: content lies under its own digest, which lock files state
//! (`content-v2/sha512/ab/cd/…`, npm's documentation, "npm cache").

use std::path::Path;

use super::{Copy, places, unpack};
use crate::model::{Ecosystem, Package};

pub(super) fn find(cache: &Path, package: &Package) -> Option<Copy> {
    let bytes = package.hashes.iter().rev().find_map(|hash| {
        let folder = match hash.algorithm.as_str() {
            "SHA-512" => "sha512",
            "SHA-1" => "sha1",
            _ => return None,
        };
        let (first, rest) = hash.value.split_at_checked(2)?;
        let (second, rest) = rest.split_at_checked(2)?;
        let parts = [first, second, rest];
        parts.iter().all(|part| places::is_plain(part)).then_some(())?;
        places::read(&cache.join("_cacache/content-v2").join(folder).join(first).join(second).join(rest))
    })?;
    let mut copy = Copy::default();
    // The folder at the top is called `package`, and by some tools otherwise.
    unpack(&bytes, |path, content| match path.split_once('/').map(|(_, file)| file) {
        Some("package.json") => copy.describe("package.json", content),
        Some(file) if !file.contains('/') => copy.license_text(file, content),
        _ => {}
    });
    copy.of(&Ecosystem::NPM, &package.name, &package.version)
}
