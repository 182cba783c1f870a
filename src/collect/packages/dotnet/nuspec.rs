//! `*.nuspec` (NuGet documentation, ".nuspec reference"): what a package says of itself, beside its source and in the
//! folder that it is installed to.

use super::NUGET;
use crate::collect::packages::draft;
use crate::collect::xml::Element;
use crate::collect::{SourceFile, xml};
use crate::model::{Evidence, LicenseField, Scope};

/// Reads the description; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let root = match xml::parse(file) {
        Ok(root) => root,
        Err(note) => return out.push(*note),
    };
    let Some(metadata) = root.child("metadata") else { return };
    // `nuget pack` fills in what stands between dollar signs.
    let text = |key: &str| metadata.text_of(key).filter(|text| !text.contains('$')).map(str::to_owned);
    let mut manifest = draft::manifest(file, NUGET);
    manifest.name = text("id");
    manifest.version = text("version");
    manifest.description = text("description");
    manifest.homepage = text("projectUrl");
    manifest.authors = metadata.text_of("authors").map(split).unwrap_or_default();
    manifest.repository =
        metadata.child("repository").and_then(|element| element.attribute("url")).map(str::to_owned);
    if let Some(element) = metadata.child("id") {
        manifest.place = element.place(file);
    }
    let license = metadata.child("license");
    let stated = |kind: &str| {
        let element = license.filter(|element| element.attribute("type") == Some(kind))?;
        Some((element.trimmed()?.to_owned(), element.place(file)))
    };
    manifest.license = stated("expression").map(|(text, place)| LicenseField { text, place, spdx: true });
    manifest.license_file =
        stated("file").and_then(|(path, place)| Some((file.path.parent().join(&path.replace('\\', "/"))?, place)));
    // One list for all target frameworks, or one for each.
    let lists = metadata.child("dependencies").into_iter();
    let all =
        lists.flat_map(|list| list.all("dependency").chain(list.all("group").flat_map(|g| g.all("dependency"))));
    for element in all {
        if let Some(found) = dependency(file, element) {
            manifest.dependencies.push(found);
        }
    }
    if manifest.name.is_some() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

fn dependency(file: &SourceFile<'_>, element: &Element) -> Option<crate::model::Dependency> {
    let name = element.attribute("id").map(str::trim).filter(|name| !name.is_empty() && !name.contains('$'))?;
    let version = element.attribute("version").unwrap_or_default();
    let mut found = draft::dependency(file, name, version, Scope::Runtime, 0..0);
    found.place = element.place(file);
    Some(found)
}

/// Names that commas part.
fn split(names: &str) -> Vec<String> {
    names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty() && !name.contains('$'))
        .map(str::to_owned)
        .collect()
}
