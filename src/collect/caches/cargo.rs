//! Cargo's registry: sources that were built from lie in `registry/src/<index>/<name>-<version>`, archives in
//! `registry/cache/<index>/<name>-<version>.crate` (the Cargo book, "Cargo Home").

use std::path::Path;

use super::{Copy, is_license_name, places, unpack};
use crate::model::Ecosystem;

pub(super) fn find(home: &Path, name: &str, version: &str) -> Option<Copy> {
    let folder = format!("{name}-{version}");
    if !places::is_plain(&folder) {
        return None;
    }
    let sources = home.join("registry/src");
    for index in places::names(&sources) {
        let at = sources.join(index).join(&folder);
        if let Some(manifest) = places::read(&at.join("Cargo.toml")) {
            let mut copy = Copy::default();
            copy.describe("Cargo.toml", &manifest);
            for file in places::names(&at).into_iter().filter(|file| is_license_name(file)) {
                copy.license_text(&file, &places::read(&at.join(&file)).unwrap_or_default());
            }
            return copy.of(&Ecosystem::CARGO, name, version);
        }
    }
    let archives = home.join("registry/cache");
    let bytes = places::names(&archives)
        .into_iter()
        .find_map(|index| places::read(&archives.join(index).join(format!("{folder}.crate"))))?;
    let mut copy = Copy::default();
    unpack(&bytes, |path, content| match path.strip_prefix(&folder).and_then(|rest| rest.strip_prefix('/')) {
        Some("Cargo.toml") => copy.describe("Cargo.toml", content),
        Some(file) if !file.contains('/') => copy.license_text(file, content),
        _ => {}
    });
    copy.of(&Ecosystem::CARGO, name, version)
}
