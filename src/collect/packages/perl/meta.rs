//! `META.json` (CPAN::Meta::Spec, version 2) and `META.yml` (version 1.4): what a distribution says of itself.

use super::{CPAN, distribution};
use crate::collect::packages::draft;
use crate::collect::packages::json::{self, Node, Value};
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, LicenseField, RelPath, Scope};

/// Whether the file may be a distribution's metadata by its name.
pub(in crate::collect::packages) fn is_meta(name: &str, _: &RelPath) -> bool {
    name.starts_with("meta") || name.starts_with("mymeta")
}

/// Reads the file; JSON of this name that is no metadata of a distribution says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if memchr::memmem::find(file.text().as_bytes(), b"\"meta-spec\"").is_none() {
        return;
    }
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, CPAN);
    manifest.descriptive = true;
    manifest.name = document.text_of("name").map(str::to_owned);
    if let Some(node) = document.get("name") {
        manifest.place = node.place(file);
    }
    manifest.version = document.get("version").and_then(version);
    manifest.description = document.text_of("abstract").map(str::to_owned);
    let authors = document.get("author").map_or(&[][..], Node::entries).iter().filter_map(Node::text);
    manifest.authors = authors.map(str::to_owned).collect();
    manifest.license = document.members().iter().find(|m| m.key == "license").and_then(|member| {
        let names: Vec<&str> =
            member.node.entries().iter().filter_map(Node::text).chain(member.node.text()).collect();
        // Several licenses are a choice (CPAN::Meta::Spec, "license").
        let text = names.join(" OR ");
        (!text.is_empty()).then(|| LicenseField { text, place: file.place(member.key_range(file)), spdx: false })
    });
    for phase in document.get("prereqs").map_or(&[][..], Node::members) {
        for relation in phase.node.members() {
            let scope = match (&*phase.key, &*relation.key) {
                (_, "conflicts") => continue,
                ("runtime", "requires") => Scope::Runtime,
                ("runtime", _) => Scope::Optional,
                ("test", _) => Scope::Test,
                ("build" | "configure", _) => Scope::Build,
                _ => Scope::Dev,
            };
            for member in relation.node.members().iter().filter(|m| m.key != "perl") {
                let requirement = version(&member.node).filter(|v| v != "0").unwrap_or_default();
                let name = distribution(&member.key);
                manifest.dependencies.push(draft::dependency(file, &name, &requirement, scope, member.range(file)));
            }
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// A version, which people write as text or number.
fn version(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone().into_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads `META.yml` (CPAN::Meta::Spec 1.4), the form that `META.json` replaced and that still lies beside it.
pub(in crate::collect::packages) fn read_yaml(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if memchr::memmem::find(file.text().as_bytes(), b"meta-spec:").is_none() {
        return;
    }
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, CPAN);
    manifest.descriptive = true;
    manifest.name = document.text_of("name").map(str::to_owned);
    if let Some(node) = document.get("name") {
        manifest.place = node.place(file);
    }
    manifest.version = document.text_of("version").map(str::to_owned);
    manifest.description = document.text_of("abstract").map(str::to_owned);
    let authors = document.get("author").map_or(&[][..], yaml::Node::entries).iter().filter_map(yaml::Node::text);
    manifest.authors = authors.map(str::to_owned).collect();
    manifest.license = document.get("license").and_then(|node| {
        // Version 2 gave these another name (CPAN::Meta::Converter).
        let text = match node.text()? {
            "perl" => "perl_5",
            "apache" => "apache_2_0",
            "artistic" => "artistic_1",
            "artistic2" => "artistic_2",
            other => other,
        };
        Some(LicenseField { text: text.to_owned(), place: node.place(file), spdx: false })
    });
    let phases = [
        ("requires", Scope::Runtime),
        ("recommends", Scope::Optional),
        ("build_requires", Scope::Build),
        ("configure_requires", Scope::Build),
        ("test_requires", Scope::Test),
    ];
    for (key, scope) in phases {
        for member in document.get(key).map_or(&[][..], yaml::Node::members).iter().filter(|m| m.key != "perl") {
            let requirement = member.node.text().filter(|version| *version != "0").unwrap_or_default();
            let name = distribution(&member.key);
            manifest.dependencies.push(draft::dependency(file, &name, requirement, scope, member.key_at.clone()));
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
