//! pip and uv: uv keeps unpacked wheels in `archive-v0/<id>/`, pip those that it built in `wheels/` and what it fetched
//! under the SHA-224 of the address in `http-v2/` (pip's documentation, "Caching"; uv's, "Caching").

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha224};

use super::{Copy, Places, places, unpack};
use crate::collect::encoded::hexadecimal;
use crate::collect::packages::comparable;
use crate::model::{Ecosystem, Package};

const PYPI: Ecosystem = Ecosystem::of("pypi");
/// How many folders of pip's wheels are listed.
const MOST_FOLDERS: usize = 50_000;

pub(super) fn find(all: &Places, package: &Package) -> Option<Copy> {
    let wheels = all.wheels.get_or_init(|| list(all));
    let mut copy = Copy::default();
    match wheels.get(&key(&package.name, &package.version)) {
        Some(path) if path.extension().is_some_and(|end| end == "whl") => wheel(&places::read(path)?, &mut copy),
        Some(folder) => {
            copy.describe("a.dist-info/METADATA", &places::read(&folder.join("METADATA"))?);
            for folder in [folder.clone(), folder.join("licenses")] {
                for file in places::names(&folder) {
                    copy.license_text(&file, &places::read(&folder.join(&file)).unwrap_or_default());
                }
            }
        }
        None => {
            let address = package.resolved.as_deref().filter(|url| url.ends_with(".whl"))?;
            wheel(&fetched(&all.pip, address)?, &mut copy);
        }
    }
    copy.of(&PYPI, &package.name, &package.version)
}

/// What tells of a wheel lies in its `.dist-info` folder (binary distribution format).
fn wheel(bytes: &[u8], copy: &mut Copy) {
    unpack(bytes, |path, content| {
        let Some((_, file)) = path.split_once(".dist-info/") else { return };
        match file.strip_prefix("licenses/").unwrap_or(file) {
            "METADATA" => copy.describe("a.dist-info/METADATA", content),
            file if !file.contains('/') => copy.license_text(file, content),
            _ => {}
        }
    });
}

/// What pip fetched from an address.
fn fetched(pip: &Path, address: &str) -> Option<Vec<u8>> {
    let digest = Sha224::digest(address.split('#').next()?.as_bytes());
    let hex = hexadecimal(&digest);
    let mut path = pip.join("http-v2");
    path.extend(hex[..5].chars().map(String::from));
    places::read(&path.join(format!("{hex}.body")))
}

/// What the caches hold, by project and version.
fn list(all: &Places) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    let archives = all.uv.join("archive-v0");
    for folder in places::names(&archives) {
        let folder = archives.join(folder);
        for name in places::names(&folder) {
            if let Some((project, version)) = name.strip_suffix(".dist-info").and_then(|n| n.rsplit_once('-')) {
                found.insert(key(project, version), folder.join(&name));
            }
        }
    }
    let mut folders = vec![(all.pip.join("wheels"), 0)];
    let mut left = MOST_FOLDERS;
    while let Some((folder, depth)) = folders.pop() {
        for name in places::names(&folder) {
            let mut parts = name.strip_suffix(".whl").into_iter().flat_map(|wheel| wheel.split('-'));
            if let (Some(project), Some(version)) = (parts.next(), parts.next()) {
                found.insert(key(project, version), folder.join(&name));
            } else if depth < 4 && left > 0 {
                left -= 1;
                folders.push((folder.join(&name), depth + 1));
            }
        }
    }
    found
}

fn key(project: &str, version: &str) -> String {
    format!("{} {version}", comparable("pypi", project))
}
