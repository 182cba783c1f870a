//! `packages.lock.json` (NuGet documentation, "Locking dependencies"): the packages of each target framework.

use std::collections::HashMap;

use super::{NUGET, sha512};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json::{self, Node, Value};
use crate::model::Evidence;

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(frameworks) = document.get("dependencies").filter(|n| matches!(n.value, Value::Object(_))) else {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), "no object `dependencies`"));
    };
    let mut draft = Draft::new(file, NUGET);
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for framework in frameworks.members() {
        // Names are the same in any case, and each framework has one version of each.
        let mut here: HashMap<String, usize> = HashMap::new();
        let mut edges: Vec<(usize, String)> = Vec::new();
        for member in framework.node.members() {
            let node = &member.node;
            let name = &*member.key;
            let project = node.text_of("type") == Some("Project");
            let version = node.text_of("resolved").unwrap_or_default();
            if version.is_empty() && !project {
                draft.note(member.key_at as usize, format!("`{name}` has no resolved version"));
                continue;
            }
            let key = (name.to_lowercase(), version.to_owned());
            let index = *known.entry(key).or_insert_with(|| {
                let mut package = draft.package(name, version, member.key_range(file));
                package.hashes = node.text_of("contentHash").map(sha512).unwrap_or_default();
                package.local = project;
                draft.add(package)
            });
            if node.text_of("type") == Some("Direct") {
                draft.packages[index].direct = Some(true);
            } else if !project && draft.packages[index].direct.is_none() {
                draft.packages[index].direct = Some(false);
            }
            here.insert(name.to_lowercase(), index);
            let dependencies = node.get("dependencies").map_or(&[][..], Node::members);
            edges.extend(dependencies.iter().map(|d| (index, d.key.to_lowercase())));
        }
        for (from, name) in edges {
            let to = here.get(&name).copied();
            draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
        }
    }
    draft.finish(out);
}
