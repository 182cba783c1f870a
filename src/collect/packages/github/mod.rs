//! GitHub Actions: the actions and reusable workflows that workflows and composite actions use (GitHub's "Workflow syntax"
//! and "Metadata syntax").

use std::collections::HashMap;

use super::containers::image;
use super::locks;
use super::purl::purl;
use crate::collect::SourceFile;
use crate::collect::yaml::{self, Node};
use crate::model::{Ecosystem, Evidence, Locked, RelPath, Scope};

/// GitHub Actions.
const ACTIONS: Ecosystem = Ecosystem::of("githubactions");

/// Whether a YAML file is a workflow or the description of an action.
pub(super) fn is_workflow(name: &str, path: &RelPath) -> bool {
    let folder = path.parent();
    let folder = folder.as_str();
    let workflow = folder == ".github/workflows" || folder.ends_with("/.github/workflows");
    workflow || matches!(name, "action.yml" | "action.yaml")
}

/// Reads the file; a broken one gives the note and nothing else.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut used = Used { file, packages: Vec::new(), index: HashMap::new() };
    for job in document.get("jobs").map_or(&[][..], Node::members) {
        used.uses(job.node.get("uses"));
        used.steps(&job.node);
        for holder in [job.node.get("container")].into_iter().flatten() {
            used.image(holder.get("image").or(Some(holder)));
        }
        for service in job.node.get("services").map_or(&[][..], Node::members) {
            used.image(service.node.get("image"));
        }
    }
    if let Some(runs) = document.get("runs") {
        used.steps(runs);
        used.image(runs.get("image").filter(|i| i.text().is_some_and(|t| t.starts_with("docker://"))));
    }
    if !used.packages.is_empty() {
        out.push(locks::lock(file, ACTIONS, used.packages));
    }
}

struct Used<'f, 't> {
    file: &'f SourceFile<'t>,
    packages: Vec<Locked>,
    index: HashMap<String, usize>,
}

impl Used<'_, '_> {
    fn steps(&mut self, holder: &Node<'_>) {
        for step in holder.get("steps").map_or(&[][..], Node::entries) {
            self.uses(step.get("uses"));
        }
    }

    /// What a `uses` names: an action or workflow in a repository, or an image. A path is a part of the project.
    fn uses(&mut self, node: Option<&Node<'_>>) {
        let Some((node, text)) = node.and_then(|n| Some((n, n.text()?.trim()))) else { return };
        if text.starts_with("docker://") {
            return self.image(Some(node));
        }
        let Some((path, reference)) = text.split_once('@').filter(|(_, r)| !r.is_empty()) else { return };
        let mut parts = path.split('/');
        let (Some(owner), Some(repository)) = (parts.next(), parts.next()) else { return };
        let word =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if !word(owner) || !word(repository) || owner.starts_with('.') || reference.contains(['$', ' ']) {
            return;
        }
        // Whatever path of a repository is used, its commit is what is pinned.
        let name = format!("{owner}/{repository}");
        let hint = self.hint(node);
        self.add(
            Locked {
                purl: purl("githubactions", &name, reference, &[]),
                name,
                version: reference.to_owned(),
                answers: hint.into_iter().collect(),
                ..Locked::default()
            },
            node,
        );
    }

    fn image(&mut self, node: Option<&Node<'_>>) {
        let Some((node, text)) = node.and_then(|n| Some((n, n.text()?))) else { return };
        if let Some(found) = image::parse(text.trim().trim_start_matches("docker://")) {
            self.add(found.locked(), node);
        }
    }

    fn add(&mut self, package: Locked, node: &Node<'_>) {
        let at = *self.index.entry(package.purl.clone()).or_insert(self.packages.len());
        if at == self.packages.len() {
            let region = node.place(self.file).region;
            self.packages.push(Locked { scope: Some(Scope::Build), direct: Some(true), region, ..package });
        }
    }

    /// The version that a comment behind a commit names (`@0123… # v4.1.0`).
    fn hint(&self, node: &Node<'_>) -> Option<String> {
        let rest = self.file.text().get(node.end..)?.lines().next()?.trim();
        let comment = rest.strip_prefix('#')?.trim();
        let comment = comment.strip_prefix("tag=").or_else(|| comment.strip_prefix("pin@")).unwrap_or(comment);
        let word = comment.split_whitespace().next()?.trim_start_matches('@');
        let is_version = word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
        is_version.then(|| word.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, inventory, lock, notes, with_text};
    use crate::model::ComponentKind;

    #[test]
    fn workflows_use_actions_workflows_and_images() {
        let path = ".github/workflows/ci.yml";
        let evidence = fixture("github-actions", path);
        let seen: Vec<_> = lock(&evidence)
            .packages
            .iter()
            .map(|p| (p.purl.as_str(), p.answers.join(""), p.region.as_ref().unwrap().start_line, p.kind))
            .collect();
        use ComponentKind::{Container, Library};
        assert_eq!(
            seen,
            [
                ("pkg:githubactions/org/shared@v1", "".into(), 5, Library),
                (
                    "pkg:githubactions/actions/checkout@0123456789abcdef0123456789abcdef01234567",
                    "v4.1.0".into(),
                    13,
                    Library
                ),
                ("pkg:githubactions/github/codeql-action@v3", "".into(), 14, Library),
                ("pkg:docker/alpine@3.18", "".into(), 17, Container),
                ("pkg:docker/node@20", "".into(), 8, Container),
                ("pkg:docker/acme/db@1.2?repository_url=ghcr.io", "".into(), 11, Container),
            ]
        );
        let inventory = inventory("github-actions");
        assert!(inventory.packages.iter().all(|p| p.direct && !p.local));
        assert_eq!(inventory.packages.len(), 7, "the composite action adds one");
    }

    #[test]
    fn broken_files_name_the_line() {
        assert_eq!(notes(&with_text(".github/workflows/a.yml", "jobs:\n  a: [\n")).len(), 1);
        assert!(with_text(".github/workflows/a.yml", "on: push\n").is_empty());
    }
}
