//! Compose files (the Compose Specification, "Services"): the images that services run.

use std::collections::HashMap;

use super::Images;
use super::dockerfile::filled;
use crate::collect::SourceFile;
use crate::collect::yaml;
use crate::model::{Evidence, RelPath, Scope};

/// Whether a YAML file is a compose file by its name: `compose.yaml`, `docker-compose.override.yml`.
pub(in crate::collect::packages) fn is_compose(name: &str, _: &RelPath) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    matches!(stem, "compose" | "docker-compose" | "podman-compose")
        || stem.starts_with("docker-compose-")
        || stem.starts_with("docker-compose_")
        || stem.starts_with("compose-")
}

/// Reads the file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut images = Images::new(Scope::Runtime);
    let none = HashMap::new();
    // Version 1 had services at the top.
    let services = document.get("services").unwrap_or(&document);
    for service in services.members() {
        // What is built here goes by that name afterwards.
        if service.node.get("build").is_some() {
            continue;
        }
        let Some(image) = service.node.get("image") else { continue };
        if let Some(text) = image.text().and_then(|text| filled(text, &none)) {
            images.add(&text, || image.place(file).region);
        }
    }
    images.finish(file, out);
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, lock, notes, with_text};

    #[test]
    fn services_run_images() {
        let evidence = fixture("compose", "plain/docker-compose.yml");
        let seen: Vec<_> = lock(&evidence)
            .packages
            .iter()
            .map(|p| (p.purl.as_str(), p.region.as_ref().unwrap().start_line))
            .collect();
        assert_eq!(seen, [("pkg:docker/acme/api@1.2.0?repository_url=ghcr.io", 2), ("pkg:docker/postgres@16", 8),]);
        assert_eq!(lock(&with_text("compose.yaml", "web:\n  image: a:1\n")).packages.len(), 1);
    }

    #[test]
    fn broken_files_are_noted() {
        assert_eq!(notes(&with_text("compose.yaml", "services: [\n")).len(), 1);
    }
}
