//! `project.assets.json`, which `dotnet restore` leaves in `obj`: libraries, their edges for each target, and what the
//! project asks for.

use std::collections::{BTreeSet, HashMap};

use super::{NUGET, name_version, sha512};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json::{self, Node, Value};
use crate::model::Evidence;

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
    let groups = document.get("projectFileDependencyGroups").map_or(&[][..], Node::members);
    // `Name >= 1.0.0`
    let asked: BTreeSet<String> = groups
        .iter()
        .flat_map(|group| group.node.entries())
        .filter_map(|entry| entry.text()?.split(' ').next().map(str::to_lowercase))
        .collect();
    let mut draft = Draft::new(file, NUGET);
    let mut indexes: HashMap<String, usize> = HashMap::new();
    for member in libraries.members() {
        let Some((name, version)) = name_version(&member.key) else {
            draft.note(member.key_at as usize, format!("`{}` is no name with a version", member.key));
            continue;
        };
        let mut package = draft.package(name, version, member.key_range(file));
        package.hashes = member.node.text_of("sha512").map(sha512).unwrap_or_default();
        package.local = member.node.text_of("type") == Some("project");
        package.direct = Some(asked.contains(&name.to_lowercase()));
        let index = draft.add(package);
        indexes.insert(member.key.to_lowercase(), index);
    }
    for target in document.get("targets").map_or(&[][..], Node::members) {
        // Within one target, a name has one version; edges state the range that was asked for.
        let names = target.node.members().iter().filter_map(|m| Some((name_version(&m.key)?.0, m)));
        let here: HashMap<String, usize> =
            names.filter_map(|(name, m)| Some((name.to_lowercase(), *indexes.get(&m.key.to_lowercase())?))).collect();
        for library in target.node.members() {
            let Some(&from) = indexes.get(&library.key.to_lowercase()) else { continue };
            for dependency in library.node.get("dependencies").map_or(&[][..], Node::members) {
                let to = here.get(&dependency.key.to_lowercase()).copied();
                draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
            }
        }
    }
    draft.finish(out);
}
