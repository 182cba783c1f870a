//! `maven_install.json` of Bazel's `rules_jvm_external` (its README, "Pinning artifacts"): exact modules with edges and
//! digests.

use std::collections::HashMap;

use crate::collect::SourceFile;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::json::{self, Node};
use crate::model::{Evidence, RelPath};

/// Whether the file is such a lock by its name: rules may keep several (`deps_maven_install.json`).
pub(in crate::collect::packages) fn is_install(name: &str, _: &RelPath) -> bool {
    name.ends_with("maven_install.json")
}

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, "maven");
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut edges: Vec<(usize, String)> = Vec::new();
    for member in document.get("artifacts").map_or(&[][..], Node::members) {
        let (Some(key), Some(version)) = (key(&member.key), member.node.text_of("version")) else { continue };
        let at = *known
            .entry(key.clone())
            .or_insert_with(|| draft.add(draft.package(&key.replace(':', "/"), version, member.key_range(file))));
        let sums = member.node.get("shasums");
        let sum = sums.and_then(|sums| sums.text_of("jar").or_else(|| sums.text_of("aar")));
        draft.packages[at].hashes.extend(sum.and_then(|sum| hex_hash("SHA-256", sum)));
    }
    for member in document.get("dependencies").map_or(&[][..], Node::members) {
        let Some(&from) = key(&member.key).and_then(|key| known.get(&key)) else { continue };
        edges.extend(member.node.entries().iter().filter_map(Node::text).filter_map(key).map(|to| (from, to)));
    }
    // Before version 2, one list held everything, with the version in the coordinates.
    let tree = document.get("dependency_tree").and_then(|tree| tree.get("dependencies"));
    for node in tree.map_or(&[][..], Node::entries) {
        let Some(coordinates) = node.text_of("coord") else { continue };
        let (Some(key), Some((_, version))) = (key(coordinates), coordinates.rsplit_once(':')) else { continue };
        let place = node.get("coord").map_or(0..0, |n| n.at as usize..n.at as usize + 1);
        let at = *known
            .entry(key.clone())
            .or_insert_with(|| draft.add(draft.package(&key.replace(':', "/"), version, place)));
        if coordinates.matches(':').count() == 2 {
            draft.packages[at].hashes.extend(node.text_of("sha256").and_then(|sum| hex_hash("SHA-256", sum)));
            draft.packages[at].resolved = node.text_of("url").map(str::to_owned);
        }
        let needed = node.get("directDependencies").or_else(|| node.get("dependencies"));
        let needed = needed.map_or(&[][..], Node::entries).iter().filter_map(Node::text);
        edges.extend(needed.filter_map(self::key).map(|to| (at, to)));
    }
    for (from, to) in edges {
        draft.packages[from].dependencies.extend(known.get(&to).copied().filter(|to| *to != from));
    }
    draft.finish(out);
}

/// `group:artifact` of `group:artifact[:packaging[:classifier]][:version]`.
fn key(coordinates: &str) -> Option<String> {
    let mut parts = coordinates.split(':');
    let (group, artifact) = (parts.next()?, parts.next()?);
    (!group.is_empty() && !artifact.is_empty()).then(|| format!("{group}:{artifact}"))
}
