//! Helm: `Chart.yaml` and `Chart.lock` (Helm's documentation, "Charts").

use super::draft::{self, Draft};
use super::purl::purl;
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, Scope};

const HELM: &str = "helm";

/// The registry in the purl of a chart: its repository, where that is an address.
fn qualifier(repository: &str) -> Option<&str> {
    Some(repository.trim_end_matches('/')).filter(|address| address.contains("://") && !address.starts_with("file:"))
}

/// Reads `Chart.yaml`, and `requirements.yaml` of the charts of Helm 2.
pub(super) fn read_chart(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    // A template of a chart is no YAML; a broken file of this name gives the note and nothing else.
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, HELM);
    manifest.publishable = false;
    if document.get("apiVersion").is_some() {
        manifest.name = document.text_of("name").map(str::to_owned);
        manifest.version = document.text_of("version").map(str::to_owned);
        manifest.description = document.text_of("description").map(str::to_owned);
        manifest.homepage = document.text_of("home").map(str::to_owned);
        if let Some(node) = document.get("name") {
            manifest.place = node.place(file);
        }
    }
    for entry in document.get("dependencies").map_or(&[][..], yaml::Node::entries) {
        let Some(node) = entry.get("name") else { continue };
        let version = entry.text_of("version").unwrap_or_default();
        let repository = entry.text_of("repository").unwrap_or_default();
        let mut found = draft::dependency(file, node.text().unwrap_or_default(), version, Scope::Runtime, 0..0);
        found.place = node.place(file);
        found.source = qualifier(repository)
            .map(|address| format!("?repository_url={address}"))
            .or_else(|| repository.strip_prefix("file://").map(str::to_owned));
        manifest.dependencies.push(found);
    }
    if manifest.name.is_some() || !manifest.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// Reads `Chart.lock`, and `requirements.lock` of the charts of Helm 2.
pub(super) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, HELM);
    for entry in document.get("dependencies").map_or(&[][..], yaml::Node::entries) {
        let (Some(node), Some(version)) = (entry.get("name"), entry.text_of("version")) else {
            draft.note(entry.at, "a chart without `name` or `version`");
            continue;
        };
        let name = node.text().unwrap_or_default();
        let repository = entry.text_of("repository").unwrap_or_default();
        let mut package = draft.package(name, version, node.at..node.end);
        package.purl = purl(HELM, name, version, &[("repository_url", qualifier(repository).unwrap_or_default())]);
        package.local = repository.starts_with("file:");
        package.folder = repository.strip_prefix("file://").map(str::to_owned);
        package.direct = Some(true);
        draft.add(package);
    }
    draft.finish(out);
}
