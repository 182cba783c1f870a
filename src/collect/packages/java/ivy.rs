//! `ivy.xml` (Apache Ivy's documentation, "Ivy files"): the module and the modules that it asks for.

use super::MAVEN;
use crate::collect::packages::draft;
use crate::collect::{SourceFile, xml};
use crate::model::{Evidence, Manifest, Place, Scope};

/// Reads the file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let root = match xml::parse(file) {
        Ok(root) => root,
        Err(note) => return out.push(*note),
    };
    if root.name != "ivy-module" {
        return;
    }
    let mut manifest =
        Manifest { compiled: true, publishable: false, ..Manifest::new(Place::file(file.path.clone()), MAVEN) };
    let literal = |text: &&str| !text.is_empty() && !text.contains("${");
    let own = root.child("info");
    let field = |key: &str| own.and_then(|info| info.attribute(key)).filter(literal);
    if let (Some(info), Some(group), Some(name)) = (own, field("organisation"), field("module")) {
        manifest.name = Some(format!("{group}/{name}"));
        manifest.version = field("revision").map(str::to_owned);
        manifest.place = info.place(file);
    }
    for element in root.child("dependencies").into_iter().flat_map(|list| list.all("dependency")) {
        let Some(name) = element.attribute("name").filter(literal) else { continue };
        // Without an organisation, that of the module is meant.
        let Some(group) = element.attribute("org").filter(literal).or(field("organisation")) else { continue };
        let version = element.attribute("rev").filter(literal).unwrap_or_default();
        let configuration = element.attribute("conf").unwrap_or_default();
        let left = configuration.split("->").next().unwrap_or_default();
        let scope = match left.trim() {
            conf if conf.contains("test") => Scope::Test,
            "provided" => Scope::Peer,
            "build" | "compile-only" | "javadoc" | "sources" => Scope::Build,
            _ => Scope::Runtime,
        };
        // `latest.integration` and its like name no version.
        let version = if version.starts_with("latest.") { "" } else { version };
        let mut found = draft::dependency(file, &format!("{group}/{name}"), version, scope, 0..0);
        found.place = element.place(file);
        manifest.dependencies.push(found);
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
