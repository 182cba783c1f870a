//! Pipelines of continuous integration beside GitHub's: the images that jobs run in.
//!
//! GitLab ("CI/CD YAML syntax"), Bitbucket ("Pipelines reference"), CircleCI ("Configuration reference"), Azure
//! Pipelines ("YAML schema"), Google's Cloud Build ("Build configuration file schema"), Drone and Woodpecker
//! ("Pipeline syntax"), and development containers (containers.dev, "metadata reference").

use super::Images;
use crate::collect::SourceFile;
use crate::collect::packages::json;
use crate::collect::yaml::{self, Node, Value};
use crate::model::{Evidence, RelPath, Scope};

/// Whether a YAML file is a pipeline by its name, or by that of its folder.
pub(in crate::collect::packages) fn is_pipeline(name: &str, path: &RelPath) -> bool {
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
    let folder = path.parent();
    matches!(stem, ".gitlab-ci" | "bitbucket-pipelines" | "azure-pipelines" | "cloudbuild" | ".drone" | ".woodpecker")
        || stem.ends_with(".gitlab-ci")
        || stem.starts_with("cloudbuild-")
        || stem.starts_with("cloudbuild_")
        || stem.starts_with("azure-pipelines-")
        || matches!((folder.name(), stem), (".circleci", "config"))
        || folder.name() == ".woodpecker"
}

/// Reads a pipeline; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let (documents, note) = yaml::documents(file);
    let mut images = Images::new(Scope::Build);
    // The steps of Cloud Build are called by the image that they run in.
    let steps_name = file.name.starts_with("cloudbuild");
    for document in &documents {
        if steps_name {
            for step in document.get("steps").map_or(&[][..], Node::entries) {
                image(file, step.get("name"), &mut images);
            }
        } else {
            walk(file, document, &mut images);
        }
    }
    images.finish(file, out);
    out.extend(note.map(|note| *note));
}

/// Adds the images that a pipeline names at any depth, which the parser bounds.
fn walk(file: &SourceFile<'_>, node: &Node<'_>, images: &mut Images) {
    match &node.value {
        Value::Mapping(members) => {
            for member in members.iter() {
                match &*member.key {
                    "image" => {
                        let named = member.node.get("name").unwrap_or(&member.node);
                        image(file, Some(named), images);
                    }
                    // GitLab lists services by image, others by name.
                    "services" => {
                        for entry in member.node.entries() {
                            image(file, Some(entry.get("name").unwrap_or(entry)), images);
                        }
                        walk(file, &member.node, images);
                    }
                    // What a script says is no part of the pipeline's own structure, and whole machines have images too,
                    // which are none of containers.
                    "script" | "run" | "commands" | "variables" | "environment" | "machine" | "pool" | "macos" => {}
                    _ => walk(file, &member.node, images),
                }
            }
        }
        Value::Sequence(entries) => entries.iter().for_each(|entry| walk(file, entry, images)),
        Value::Scalar(..) => {}
    }
}

fn image(file: &SourceFile<'_>, node: Option<&Node<'_>>, images: &mut Images) {
    if let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) {
        images.add(text, || node.place(file).region);
    }
}

/// Reads `devcontainer.json`: the image that the container is made from.
pub(in crate::collect::packages) fn read_devcontainer(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let text = json::strict(file.text());
    let document = match json::parse_text(file, &text) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut images = Images::new(Scope::Dev);
    if let Some(node) = document.get("image") {
        images.add(node.text().unwrap_or_default(), || node.place(file).region);
    }
    images.finish(file, out);
}

/// Reads the images of a kustomization (Kubernetes' SIG CLI, "images"): what runs instead of an image, and at which tag.
pub(in crate::collect::packages) fn read_kustomization(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let (documents, note) = yaml::documents(file);
    let mut images = Images::new(Scope::Runtime);
    for entry in documents.iter().filter_map(|d| d.get("images")).flat_map(Node::entries) {
        let Some(node) = entry.get("newName").or_else(|| entry.get("name")) else { continue };
        let (tag, digest) = (entry.text_of("newTag"), entry.text_of("digest"));
        if tag.is_none() && digest.is_none() && entry.get("newName").is_none() {
            continue;
        }
        let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
        let text = format!("{}{tag}{digest}", node.text().unwrap_or_default());
        images.add(&text, || node.place(file).region);
    }
    images.finish(file, out);
    out.extend(note.map(|note| *note));
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{lock, with_text};

    #[test]
    fn images_of_machines_and_scripts_are_no_containers() {
        let text = "jobs:\n  a:\n    machine: {image: \"ubuntu-2204:2023.04.2\"}\n    docker:\n      - image: cimg/go:1.22\n    \
                    steps: [{run: {image: no:1}}]\n";
        let evidence = with_text(".circleci/config.yml", text);
        let purls: Vec<_> = lock(&evidence).packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(purls, ["pkg:docker/cimg/go@1.22"]);
    }
}
