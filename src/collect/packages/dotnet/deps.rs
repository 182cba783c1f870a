//! `*.deps.json`, which a build leaves beside an application (.NET runtime, "runtime-configuration-file").

use std::collections::HashMap;

use super::{NUGET, name_version, sha512};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json::{self, Node, Value};
use crate::model::{Evidence, RelPath};

/// Whether the file is one by its name.
pub(in crate::collect::packages) fn is_deps(name: &str, _: &RelPath) -> bool {
    name.ends_with(".deps.json")
}

/// Reads the file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(libraries) = document.get("libraries").filter(|n| matches!(n.value, Value::Object(_))) else {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), "no object `libraries`"));
    };
    let mut draft = Draft::new(file, NUGET);
    let mut indexes: HashMap<String, usize> = HashMap::new();
    let mut root = None;
    for member in libraries.members() {
        let Some((name, version)) = name_version(&member.key) else {
            draft.note(member.key_at as usize, format!("`{}` is no name with a version", member.key));
            continue;
        };
        let kind = member.node.text_of("type").unwrap_or_default();
        // A reference is an assembly of the machine, not a package; a project belongs to the application.
        if !matches!(kind.to_ascii_lowercase().as_str(), "package" | "project" | "runtimepack") {
            continue;
        }
        // The runtime that is shipped with the application comes from a package of this name.
        let name = name.strip_prefix("runtimepack.").unwrap_or(name);
        let mut package = draft.package(name, version, member.key_range(file));
        package.hashes = member.node.text_of("sha512").map(sha512).unwrap_or_default();
        package.local = kind.eq_ignore_ascii_case("project");
        let local = package.local;
        let index = draft.add(package);
        if local {
            root.get_or_insert(index);
        }
        indexes.insert(member.key.to_lowercase(), index);
    }
    let targets = document.get("targets").map_or(&[][..], Node::members);
    for library in targets.iter().flat_map(|target| target.node.members()) {
        let Some(&from) = indexes.get(&library.key.to_lowercase()) else { continue };
        for dependency in library.node.get("dependencies").map_or(&[][..], Node::members) {
            let version = dependency.node.text().unwrap_or_default();
            let key = format!("{}/{version}", dependency.key).to_lowercase();
            let Some(to) = indexes.get(&key).copied().filter(|to| *to != from) else { continue };
            draft.packages[from].dependencies.push(to);
            if Some(from) == root {
                draft.packages[to].direct = Some(true);
            }
        }
    }
    draft.finish(out);
}
