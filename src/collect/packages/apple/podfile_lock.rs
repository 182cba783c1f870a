//! `Podfile.lock`, as CocoaPods-Core writes it: YAML whose entries read `Name/Subspec (1.0.0)`.

use std::collections::{BTreeSet, HashMap};

use super::COCOAPODS;
use crate::collect::packages::broken;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::purl::{purl, without_credentials};
use crate::collect::{SourceFile, yaml};
use crate::model::Evidence;

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, yaml::Value::Mapping(_)) {
        let line = file.line_at(document.at);
        return out.push(*broken(file, Some(line), format!("{} where a mapping belongs", document.kind())));
    }
    let list = |key: &str| document.get(key).map_or(&[][..], yaml::Node::entries);
    let direct: BTreeSet<&str> = list("DEPENDENCIES").iter().filter_map(|n| Some(entry(n.text()?).0)).collect();
    let checkouts = document.get("CHECKOUT OPTIONS");
    let external = document.get("EXTERNAL SOURCES");
    // Repositories of specifications, and the pods that are taken from each.
    let mut sources: HashMap<&str, &str> = HashMap::new();
    for member in document.get("SPEC REPOS").map_or(&[][..], yaml::Node::members) {
        let usual = member.key == "trunk" || member.key.contains("CocoaPods/Specs") || !member.key.contains("://");
        let pods = member.node.entries().iter().filter_map(yaml::Node::text).filter(|_| !usual);
        sources.extend(pods.map(|pod| (pod, &*member.key)));
    }
    let mut draft = Draft::new(file, COCOAPODS);
    let mut indexes: HashMap<&str, usize> = HashMap::new();
    let mut edges: Vec<(usize, &str)> = Vec::new();
    for node in list("PODS") {
        // A pod with dependencies is a mapping of its entry to their list.
        let member = node.members().first();
        let (text, at) = match (node.text(), member) {
            (Some(text), _) => (text, node.at..node.end),
            (None, Some(member)) => (&*member.key, member.key_at.clone()),
            (None, None) => continue,
        };
        let (name, version) = entry(text);
        if version.is_empty() {
            draft.note(at.start, format!("`{text}` has no version"));
            continue;
        }
        let pod = name.split('/').next().unwrap_or(name);
        let git = checkouts.and_then(|c| c.get(pod)).and_then(|c| {
            let url = without_credentials(c.text_of(":git").or_else(|| c.text_of("git"))?).into_owned();
            let commit =
                [":commit", "commit", ":tag", "tag"].iter().find_map(|key| c.text_of(key)).unwrap_or_default();
            Some(format!("git+{url}#{commit}"))
        });
        let mut package = draft.package_from(name, version, git.as_deref().unwrap_or_default(), at);
        if let Some(source) = sources.get(pod).filter(|_| git.is_none()) {
            package.purl = purl(COCOAPODS, name, version, &[("repository_url", &without_credentials(source))]);
        }
        package.direct = Some(direct.contains(name));
        let source = external.and_then(|e| e.get(pod));
        let path = source.and_then(|s| s.text_of(":path").or_else(|| s.text_of("path")));
        if let Some(path) = path.filter(|_| git.is_none()) {
            package.local = true;
            package.folder = Some(path.to_owned());
        }
        let index = draft.add(package);
        indexes.insert(name, index);
        let dependencies = member.map_or(&[][..], |m| m.node.entries());
        edges.extend(dependencies.iter().filter_map(|d| Some((index, entry(d.text()?).0))));
    }
    for (from, name) in edges {
        let to = indexes.get(name).copied();
        draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
    }
    draft.finish(out);
}

/// `Name (1.0.0)`, ``Name (from `../x`)``, `Name`
fn entry(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(" (").map_or((text, ""), |(name, rest)| (name, rest.trim_end_matches(')')))
}
