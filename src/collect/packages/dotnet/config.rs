//! `packages.config` (NuGet documentation, "packages.config reference"): every package of a project, flat.

use super::NUGET;
use crate::collect::packages::draft::Draft;
use crate::collect::{SourceFile, xml};
use crate::model::{Evidence, Scope};

/// Reads the file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let root = match xml::parse(file) {
        Ok(root) => root,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, NUGET);
    for element in root.all("package") {
        let (Some(id), Some(version)) = (element.attribute("id"), element.attribute("version")) else {
            draft.note(element.at, "a package without `id` or `version`");
            continue;
        };
        let mut package = draft.package(id.trim(), version.trim(), 0..0);
        package.region = element.place(file).region;
        let dev = element.attribute("developmentDependency").is_some_and(|v| v.eq_ignore_ascii_case("true"));
        package.scope = Some(if dev { Scope::Dev } else { Scope::Runtime });
        draft.add(package);
    }
    draft.finish(out);
}
