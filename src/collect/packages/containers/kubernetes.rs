//! Kubernetes manifests (the API reference, "Container") and Helm values: the images that containers run.

use super::Images;
use crate::collect::SourceFile;
use crate::collect::yaml::{self, Node, Value};
use crate::model::{Evidence, RelPath, Scope};

/// What every manifest says of itself, in lower case.
pub(in crate::collect::packages) const MARK: &str = "apiversion:";

/// Whether a YAML file holds the values of a Helm chart by its name.
pub(in crate::collect::packages) fn is_values(name: &str, _: &RelPath) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem == "values" || stem.starts_with("values-") || stem.starts_with("values.") || stem.ends_with("-values")
}

/// Reads a manifest of Kubernetes. Templates, which are no YAML until they are filled in, are read line by line.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let text = file.text();
    if !text.contains("image:") {
        return;
    }
    let mut images = Images::new(Scope::Runtime);
    if text.contains("{{") {
        template(file, &mut images);
        return images.finish(file, out);
    }
    let (documents, note) = yaml::documents(file);
    for document in documents.iter().filter(|d| d.get("apiVersion").is_some() && d.get("kind").is_some()) {
        containers(file, document, &mut images);
    }
    images.finish(file, out);
    // Files that merely mention the word are no manifests, and none of this reader's business.
    out.extend(note.filter(|_| documents.iter().any(|d| d.get("kind").is_some())).map(|note| *note));
}

/// The lists of containers in a pod.
const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Adds the images of containers at any depth, which the parser bounds.
fn containers(file: &SourceFile<'_>, node: &Node<'_>, images: &mut Images) {
    match &node.value {
        Value::Mapping(members) => {
            for member in members.iter() {
                if LISTS.contains(&&*member.key) {
                    for image in member.node.entries().iter().filter_map(|c| c.get("image")) {
                        images.add(image.text().unwrap_or_default(), || image.place(file).region);
                    }
                }
                containers(file, &member.node, images);
            }
        }
        Value::Sequence(entries) => entries.iter().for_each(|entry| containers(file, entry, images)),
        Value::Scalar(..) => {}
    }
}

/// Adds the images that a template names as plain text.
fn template(file: &SourceFile<'_>, images: &mut Images) {
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let body = line.trim().trim_start_matches("- ").trim_start();
        if let Some(value) = body.strip_prefix("image:") {
            let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            images.add(value, || file.place_of_line(number).region);
        }
    }
}

/// Reads the values of a Helm chart: images as texts, or as tables with registry, repository, tag and digest.
pub(in crate::collect::packages) fn read_values(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut images = Images::new(Scope::Runtime);
    // Values files go by a common name; one that is no YAML belongs to something else.
    let (documents, _) = yaml::documents(file);
    for document in &documents {
        values(file, document, &mut images);
    }
    images.finish(file, out);
}

fn values(file: &SourceFile<'_>, node: &Node<'_>, images: &mut Images) {
    match &node.value {
        Value::Mapping(members) => {
            for member in members.iter() {
                let is_image = member.key == "image" || member.key.ends_with("Image");
                match (is_image, member.node.text()) {
                    // A bare word may be anything; an image that is worth naming has a tag or a path.
                    (true, Some(text)) if text.contains([':', '/']) => {
                        images.add(text, || member.node.place(file).region);
                    }
                    _ => values(file, &member.node, images),
                }
            }
            table(file, node, images);
        }
        Value::Sequence(entries) => entries.iter().for_each(|entry| values(file, entry, images)),
        Value::Scalar(..) => {}
    }
}

/// Adds the image that a table describes, when it says repository and tag or digest.
fn table(file: &SourceFile<'_>, node: &Node<'_>, images: &mut Images) {
    let Some(repository) = node.get("repository").filter(|r| r.text().is_some_and(|t| !t.contains("://"))) else {
        return;
    };
    let (tag, digest) = (node.text_of("tag").unwrap_or_default(), node.text_of("digest").unwrap_or_default());
    if node.get("tag").is_none() && digest.is_empty() {
        return;
    }
    let registry = node.text_of("registry").filter(|r| !r.is_empty()).map_or(String::new(), |r| format!("{r}/"));
    let mut text = format!("{registry}{}", repository.text().unwrap_or_default());
    if !tag.is_empty() {
        text.push(':');
        text.push_str(tag);
    }
    if !digest.is_empty() {
        text.push('@');
        text.push_str(digest);
    }
    // An empty tag stands for the version of the chart, which is not told here.
    if !tag.is_empty() || !digest.is_empty() {
        images.add(&text, || repository.place(file).region);
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, lock, notes, with_text};

    #[test]
    fn containers_at_any_depth() {
        let evidence = fixture("kubernetes", "plain/deploy.yaml");
        let seen: Vec<_> = lock(&evidence)
            .packages
            .iter()
            .map(|p| (p.purl.as_str(), p.region.as_ref().unwrap().start_line))
            .collect();
        assert_eq!(
            seen,
            [
                ("pkg:docker/init@sha256:0123abcd", 8),
                ("pkg:docker/app@2.0.0", 11),
                ("pkg:docker/prom/exporter@v4?repository_url=quay.io", 26),
            ]
        );
    }

    #[test]
    fn templates_and_values_of_charts() {
        let template = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: \"{{ .Values.image }}\"\n  - image: busybox:1.36 # fixed\n";
        let evidence = with_text("chart/templates/pod.yaml", template);
        assert_eq!(lock(&evidence).packages[0].purl, "pkg:docker/busybox@1.36");
        let evidence = fixture("helm-values", "chart/values.yaml");
        let seen: Vec<_> = lock(&evidence).packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(
            seen,
            [
                "pkg:docker/acme/api@1.2?repository_url=ghcr.io",
                "pkg:docker/side@3",
                "pkg:docker/deep@sha256:0123abcd?repository_url=quay.io&tag=1"
            ]
        );
    }

    #[test]
    fn other_files_say_nothing() {
        assert!(with_text("a.yaml", "apiVersion: v1\nkind: ConfigMap\n").is_empty());
        assert!(with_text("a.md", "apiVersion: v1\nimage: a:1\n").is_empty());
        let broken = "apiVersion: v1\nkind: Pod\n---\nkind: [\nimage: a\n";
        assert_eq!(notes(&with_text("a.yaml", broken)).len(), 1);
    }
}
