//! `.pre-commit-config.yaml` (pre-commit.com, "Adding pre-commit plugins"): the repositories whose hooks are run.

use super::draft::Draft;
use super::forge;
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, Locked, Scope};

/// Reads the file; one that is no YAML gives the note and nothing else.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, "pre-commit");
    for entry in document.get("repos").map_or(&[][..], yaml::Node::entries) {
        let Some(node) = entry.get("repo") else { continue };
        // Hooks of the project itself, and of pre-commit.
        let Some(address) = node.text().filter(|text| !matches!(*text, "local" | "meta" | "builtin")) else {
            continue;
        };
        let revision = entry.text_of("rev").unwrap_or_default();
        if revision.is_empty() {
            draft.note(node.at, format!("`{address}` has no `rev`"));
        }
        let found = forge::repository(address, revision);
        draft.add(Locked {
            purl: found.purl,
            name: found.name,
            version: revision.to_owned(),
            scope: Some(Scope::Dev),
            direct: Some(true),
            resolved: Some(found.address),
            region: node.place(file).region,
            ..Locked::default()
        });
    }
    draft.finish(out);
}
