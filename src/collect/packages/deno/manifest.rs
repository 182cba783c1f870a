//! `deno.json` and `deno.jsonc` (Deno's documentation, "deno.json and package.json").

use std::collections::BTreeSet;

use super::{JSR, NPM, specifier};
use crate::collect::SourceFile;
use crate::collect::packages::json::{self, Node, Value};
use crate::collect::packages::{broken, draft};
use crate::model::{Evidence, LicenseField, Scope};

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    // Comments and commas at the end are allowed in both.
    let text = json::strict(file.text());
    let document = match json::parse_text(file, &text) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, Value::Object(_)) {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), format!("{} where an object belongs", document.kind())));
    }
    let mut own = draft::manifest(file, JSR);
    let mut npm = draft::manifest(file, NPM);
    own.name = document.text_of("name").map(str::to_owned);
    own.version = document.text_of("version").map(str::to_owned);
    own.publishable = own.name.is_some();
    if let Some(node) = document.get("name") {
        own.place = node.place(file);
    }
    own.license = document.members().iter().find(|m| m.key == "license").and_then(|member| {
        let text = member.node.text()?.to_owned();
        Some(LicenseField { text, place: file.place(member.range(file)), spdx: true })
    });
    let mut seen = BTreeSet::new();
    for member in document.get("imports").map_or(&[][..], Node::members) {
        let Some((registry, name, requirement)) = member.node.text().and_then(specifier) else { continue };
        if !seen.insert((registry, name, requirement)) {
            continue;
        }
        let found = draft::dependency(file, name, requirement, Scope::Runtime, member.range(file));
        if registry == NPM { npm.dependencies.push(found) } else { own.dependencies.push(found) }
    }
    npm.publishable = false;
    out.push(Evidence::Manifest(Box::new(own)));
    if !npm.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(npm)));
    }
}
