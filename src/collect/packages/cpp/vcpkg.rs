//! `vcpkg.json` and `vcpkg-lock.json`, as Microsoft's vcpkg reference describes them.

use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::{self, Draft};
use crate::collect::packages::forge;
use crate::collect::packages::json::{self, Node, Value};
use crate::model::{Evidence, LicenseField, Locked, Scope};

const VCPKG: &str = "vcpkg";
/// The keys under which a manifest may state versions, by their kind.
const VERSIONS: [&str; 4] = ["version", "version-semver", "version-string", "version-date"];

fn version_of(node: &Node<'_>) -> Option<String> {
    let version = VERSIONS.iter().find_map(|key| node.text_of(key))?;
    let port = match node.get("port-version").map(|n| &n.value) {
        Some(Value::Number(number)) if *number > 0.0 => format!("#{number}"),
        _ => String::new(),
    };
    Some(format!("{version}{port}"))
}

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, Value::Object(_)) {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), format!("{} where an object belongs", document.kind())));
    }
    let mut manifest = draft::manifest(file, VCPKG);
    manifest.name = document.text_of("name").map(str::to_owned);
    manifest.version = version_of(&document);
    manifest.description = document.text_of("description").map(str::to_owned);
    manifest.homepage = document.text_of("homepage").map(str::to_owned);
    manifest.compiled = true;
    if let Some(node) = document.get("name") {
        manifest.place = node.place(file);
    }
    manifest.license = document.members().iter().find(|m| m.key == "license").and_then(|member| {
        let text = member.node.text()?.to_owned();
        Some(LicenseField { text, place: file.place(member.range(file)), spdx: true })
    });
    let overrides: Vec<(&str, String)> = document
        .get("overrides")
        .map_or(&[][..], Node::entries)
        .iter()
        .filter_map(|node| Some((node.text_of("name")?, version_of(node)?)))
        .collect();
    let features = document.get("features").map_or(&[][..], Node::members).iter().map(|m| (&m.node, Scope::Optional));
    for (part, scope) in std::iter::once((&document, Scope::Runtime)).chain(features) {
        for node in part.get("dependencies").map_or(&[][..], Node::entries) {
            let Some(name) = node.text().or_else(|| node.text_of("name")) else { continue };
            // A host dependency runs on the machine that builds.
            let scope = if node.flag("host") { Scope::Build } else { scope };
            let pinned = overrides.iter().find(|(of, _)| *of == name).map(|(_, version)| version.as_str());
            let requirement = pinned.or_else(|| node.text_of("version>=")).unwrap_or_default();
            let place = node.get("name").unwrap_or(node).place(file);
            let mut found = draft::dependency(file, name, requirement, scope, 0..0);
            found.place = place;
            if manifest.name.as_deref() != Some(name) {
                manifest.dependencies.push(found);
            }
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// Reads `vcpkg-lock.json`: the registries that a build used, by their commits.
pub(in crate::collect::packages) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, VCPKG);
    for member in document.members() {
        for commit in member.node.members() {
            let Some(commit_id) = commit.node.text() else { continue };
            let found = forge::repository(&member.key, commit_id);
            draft.add(Locked {
                purl: found.purl,
                name: found.name,
                version: commit_id.to_owned(),
                scope: Some(Scope::Build),
                direct: Some(true),
                resolved: Some(found.address),
                region: Some(file.region(commit.range(file))),
                ..Locked::default()
            });
        }
    }
    draft.finish(out);
}
