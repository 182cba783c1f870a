//! NuGet's global packages folder: `<id>/<version>/<id>.nuspec`, all in lower case (NuGet's documentation, ".nuspec
//! reference"). A license is an expression or a file; older packages have an address only, which says nothing certain.

use std::path::Path;

use super::{Copy, is_license_name, places};
use crate::model::Ecosystem;

const NUGET: Ecosystem = Ecosystem::of("nuget");

pub(super) fn find(folder: &Path, name: &str, version: &str) -> Option<Copy> {
    let (id, number) = (name.to_lowercase(), version.to_lowercase());
    if folder.as_os_str().is_empty() || !places::is_plain(&id) || !places::is_plain(&number) {
        return None;
    }
    let folder = folder.join(&id).join(number);
    let bytes = places::read(&folder.join(format!("{id}.nuspec")))?;
    let mut copy = Copy::default();
    copy.describe("a.nuspec", &bytes);
    if let Some(manifest) = &mut copy.manifest {
        // Versions are the same without zeros behind.
        manifest.version = Some(version.to_owned());
    }
    for file in places::names(&folder).into_iter().filter(|file| is_license_name(file)) {
        copy.license_text(&file, &places::read(&folder.join(&file)).unwrap_or_default());
    }
    copy.of(&NUGET, name, version)
}
