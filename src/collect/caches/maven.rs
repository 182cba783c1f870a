//! Maven's local repository (`<group>/<artifact>/<version>/<artifact>-<version>.pom`) and Gradle's
//! (`caches/modules-2/files-2.1/<group>/<artifact>/<version>/<digest>/`). Licenses are often those of a parent.

use super::{Copy, Places, places};
use crate::collect::packages::with_license_of_parents;
use crate::model::Ecosystem;

const MAVEN: Ecosystem = Ecosystem::of("maven");

pub(super) fn find(all: &Places, name: &str, version: &str) -> Option<Copy> {
    let mut copy = Copy::default();
    copy.describe("a.pom", &pom(all, name, version)?);
    let manifest = copy.manifest.as_mut()?;
    // Names and versions may be put together from properties; the place in the repository tells them.
    (manifest.name, manifest.version) = (Some(name.to_owned()), Some(version.to_owned()));
    with_license_of_parents(manifest, |name, version| pom(all, name, version));
    copy.of(&MAVEN, name, version)
}

fn pom(all: &Places, name: &str, version: &str) -> Option<Vec<u8>> {
    let (group, artifact) = name.split_once('/')?;
    let plain = [group, artifact, version].into_iter().all(places::is_plain);
    let groups: Vec<&str> = group.split('.').collect();
    if !plain || !groups.iter().all(|part| places::is_plain(part)) {
        return None;
    }
    let file = format!("{artifact}-{version}.pom");
    let in_maven = all.maven.join(groups.join("/")).join(artifact).join(version).join(&file);
    places::read(&in_maven).or_else(|| {
        let folder = all.gradle.join("caches/modules-2/files-2.1").join(group).join(artifact).join(version);
        places::names(&folder).into_iter().find_map(|digest| places::read(&folder.join(digest).join(&file)))
    })
}
