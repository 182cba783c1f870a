//! Haxe: `haxelib.json`, as lib.haxe.org documents it.

use super::json::{self, Node, Value};
use super::purl::without_credentials;
use super::{broken, draft};
use crate::collect::SourceFile;
use crate::model::{Evidence, LicenseField, Scope};

/// Reads the manifest; a broken one gives the note and nothing else.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, Value::Object(_)) {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), format!("{} where an object belongs", document.kind())));
    }
    let mut manifest = draft::manifest(file, "haxe");
    manifest.descriptive = true;
    let text = |key: &str| document.text_of(key).map(str::to_owned);
    manifest.name = text("name");
    manifest.version = text("version");
    manifest.description = text("description");
    manifest.repository = text("url");
    if let Some(node) = document.get("name") {
        manifest.place = node.place(file);
    }
    let people = document.get("contributors").map_or(&[][..], Node::entries).iter().filter_map(Node::text);
    manifest.authors = people.map(str::to_owned).collect();
    manifest.license = document.members().iter().find(|m| m.key == "license").and_then(|member| {
        let text = member.node.text()?.to_owned();
        Some(LicenseField { text, place: file.place(member.range(file)), spdx: false })
    });
    for member in document.get("dependencies").map_or(&[][..], Node::members) {
        let Some(value) = member.node.text() else { continue };
        let git = value.strip_prefix("git:").map(|url| format!("git+{}", without_credentials(url)));
        let requirement = if git.is_some() { "" } else { value };
        let mut found = draft::dependency(file, &member.key, requirement, Scope::Runtime, member.range(file));
        found.source = git;
        manifest.dependencies.push(found);
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
