//! `pubspec.yaml`.

use super::{PUB, other_host};
use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::{broken, draft};
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, RelPath, Scope};

/// Whether the file is a copy of a manifest under a longer name, which pub does not resolve.
pub(in crate::collect::packages) fn is_copy(name: &str, _: &RelPath) -> bool {
    name.ends_with(".pubspec.yaml")
}

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, yaml::Value::Mapping(_)) {
        return out.push(*broken(
            file,
            Some(file.line_at(document.at)),
            format!("{} where a mapping belongs", document.kind()),
        ));
    }
    let mut manifest = draft::manifest(file, PUB);
    manifest.descriptive = file.name != "pubspec.yaml";
    let text = |key: &str| document.text_of(key).map(str::to_owned);
    manifest.name = text("name");
    manifest.version = text("version");
    manifest.description = text("description");
    manifest.homepage = text("homepage");
    manifest.repository = text("repository");
    manifest.publishable = document.text_of("publish_to") != Some("none");
    if let Some(name) = document.get("name") {
        manifest.place = name.place(file);
    }
    let sdk = document.get("environment").and_then(|e| e.get("sdk"));
    manifest.minimum_runtime = sdk.and_then(|node| Some((node.text()?.to_owned(), node.place(file))));
    for (key, scope) in [("dependencies", Scope::Runtime), ("dev_dependencies", Scope::Dev)] {
        for member in document.get(key).map_or(&[][..], yaml::Node::members) {
            let node = &member.node;
            let text = |key: &str| node.text_of(key);
            // An SDK is no package.
            if text("sdk").is_some() {
                continue;
            }
            let requirement = node.text().or_else(|| text("version")).unwrap_or_default();
            let mut found = draft::dependency(file, &member.key, requirement, scope, member.range(file));
            found.source = text("path").map(str::to_owned);
            if let Some(git) = node.get("git") {
                let url = without_credentials(git.text().or_else(|| git.text_of("url")).unwrap_or_default());
                let reference = git.text_of("ref").map(|r| format!("#{r}")).unwrap_or_default();
                found.source = Some(format!("git+{url}{reference}"));
            }
            let hosted = node.get("hosted").and_then(|h| h.text().or_else(|| h.text_of("url")));
            if let Some(host) = hosted.and_then(other_host) {
                found.source = Some(format!("registry+{}", without_credentials(host)));
            }
            manifest.dependencies.push(found);
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
