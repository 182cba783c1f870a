//! Scala's `build.sbt.lock` (sbt-dependency-lock): modules with artifacts and configurations.

use super::broken;
use super::draft::{Draft, hex_hash};
use super::json::{self, Node, Value};
use crate::collect::SourceFile;
use crate::model::{Evidence, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(list) = document.get("dependencies").filter(|n| matches!(n.value, Value::Array(_))) else {
        return out.push(*broken(file, Some(file.line_at(document.at as usize)), "no list `dependencies`"));
    };
    let mut draft = Draft::new(file, "maven");
    for node in list.entries() {
        let text = |key: &str| node.text_of(key).unwrap_or_default();
        let (group, name, version) = (text("org"), text("name"), text("version"));
        if group.is_empty() || name.is_empty() || version.is_empty() {
            draft.note(node.at as usize, "a module without `org`, `name` or `version`");
            continue;
        }
        let mut package = draft.package(&format!("{group}/{name}"), version, 0..0);
        package.region = node.get("name").map(|n| n.place(file)).and_then(|place| place.region);
        package.name = format!("{group}:{name}");
        let configurations = node.get("configurations").map_or(&[][..], Node::entries);
        let scopes = configurations.iter().filter_map(Node::text).map(|configuration| match configuration {
            "test" | "it" => Scope::Test,
            "optional" => Scope::Optional,
            "provided" => Scope::Peer,
            "scala-tool" | "scala-doc-tool" | "plugin" => Scope::Build,
            _ => Scope::Runtime,
        });
        package.scope = Some(scopes.min().unwrap_or_default());
        // The hash of a module with one artifact is that of its archive.
        if let [artifact] = node.get("artifacts").map_or(&[][..], Node::entries) {
            let hash = artifact.text_of("hash").and_then(|hash| hash.split_once(':'));
            package.hashes.extend(hash.and_then(|(algorithm, value)| match algorithm {
                "sha1" => hex_hash("SHA-1", value),
                "sha256" => hex_hash("SHA-256", value),
                _ => None,
            }));
        }
        draft.add(package);
    }
    draft.finish(out);
}
