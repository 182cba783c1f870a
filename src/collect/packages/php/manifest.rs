//! `composer.json`, as Composer's schema describes it.

use super::{COMPOSER, is_platform, license};
use crate::collect::SourceFile;
use crate::collect::packages::json::{self, Node, Value};
use crate::collect::packages::{broken, draft};
use crate::model::{Evidence, LicenseField, RelPath, Scope};

/// Whether the file belongs to an installed copy of somebody else's package.
pub(in crate::collect::packages) fn is_installed(path: &RelPath) -> bool {
    path.parent().as_str().split('/').any(|part| part == "vendor")
}

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(_) if is_installed(file.path) => return,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, Value::Object(_)) {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), format!("{} where an object belongs", document.kind())));
    }
    let mut manifest = draft::manifest(file, COMPOSER);
    let text = |key: &str| document.text_of(key).map(str::to_owned);
    manifest.name = text("name");
    manifest.version = text("version");
    manifest.description = text("description");
    manifest.homepage = text("homepage");
    manifest.publishable = manifest.name.is_some();
    manifest.application = document.text_of("type") == Some("project");
    if let Some(node) = document.get("name") {
        manifest.place = node.place(file);
    }
    manifest.license = document.members().iter().find(|m| m.key == "license").and_then(|member| {
        let place = file.place(member.range(file));
        Some(LicenseField { text: license(&member.node)?, place, spdx: true })
    });
    let authors = document.get("authors").map_or(&[][..], Node::entries).iter();
    manifest.authors = authors.filter_map(|a| a.text_of("name")).map(str::to_owned).collect();
    for (key, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Dev)] {
        for member in document.get(key).map_or(&[][..], Node::members) {
            let Some(requirement) = member.node.text() else { continue };
            if member.key == "php" {
                manifest.minimum_runtime = Some((requirement.to_owned(), member.node.place(file)));
            }
            if !is_platform(&member.key) {
                let at = member.range(file);
                manifest.dependencies.push(draft::dependency(file, &member.key, requirement, scope, at));
            }
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
