//! `conan.lock`: version 0.5 (Conan 2) lists references; versions 0.1 to 0.4 (Conan 1) hold the graph.

use std::collections::HashMap;

use super::{CONAN, Reference};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json::{self, Node, Value};
use crate::model::{Evidence, Locked, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, Value::Object(_)) {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), format!("{} where an object belongs", document.kind())));
    }
    let mut draft = Draft::new(file, CONAN);
    match document.get("graph_lock").and_then(|graph| graph.get("nodes")) {
        Some(nodes) => graph(&mut draft, nodes, file),
        None => lists(&mut draft, &document, file),
    }
    draft.finish(out);
}

fn locked(draft: &Draft<'_, '_>, reference: &Reference<'_>, node: &Node<'_>, file: &SourceFile<'_>) -> Locked {
    let mut package = draft.package(reference.name, reference.version, 0..0);
    package.region = node.place(file).region;
    package.purl = reference.purl();
    package
}

fn lists(draft: &mut Draft<'_, '_>, document: &Node<'_>, file: &SourceFile<'_>) {
    let tables = [
        ("requires", Scope::Runtime),
        ("build_requires", Scope::Build),
        ("python_requires", Scope::Build),
        ("config_requires", Scope::Build),
    ];
    for (key, scope) in tables {
        for node in document.get(key).map_or(&[][..], Node::entries) {
            // A lock of the whole graph states each reference in a list of its own, revisions behind it.
            let entry = node.text().or_else(|| node.entries().first()?.text());
            match entry.and_then(Reference::parse) {
                Some(reference) => {
                    let mut package = locked(draft, &reference, node, file);
                    package.scope = Some(scope);
                    draft.add(package);
                }
                None => draft.note(node.at as usize, "no reference of a package"),
            }
        }
    }
}

fn graph(draft: &mut Draft<'_, '_>, nodes: &Node<'_>, file: &SourceFile<'_>) {
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    let mut project = None;
    for member in nodes.members() {
        let node = &member.node;
        let reference = node.get("ref").or_else(|| node.get("pref"));
        // The consumer is the node with the path of its own recipe.
        let own = node.get("path").is_some();
        let found = reference.and_then(Node::text).and_then(Reference::parse);
        let Some(found) = found else {
            if own || reference.is_none() {
                project = Some(draft.add(Locked { local: true, folder: Some(String::new()), ..Locked::default() }));
                by_id.extend(project.map(|at| (&*member.key, at)));
            } else {
                draft.note(node.at as usize, "no reference of a package");
            }
            continue;
        };
        let mut package = locked(draft, &found, reference.unwrap_or(node), file);
        package.local = own;
        package.folder = own.then(String::new);
        if node.text_of("context") == Some("build") {
            package.scope = Some(Scope::Build);
        }
        let index = draft.add(package);
        by_id.insert(&member.key, index);
        project = project.or(own.then_some(index));
    }
    for member in nodes.members() {
        let Some(&from) = by_id.get(&*member.key) else { continue };
        for key in ["requires", "build_requires"] {
            let Some(list) = member.node.get(key) else { continue };
            let ids = list.entries().iter().filter_map(Node::text);
            let ids: Vec<&str> = ids.chain(list.members().iter().filter_map(|m| m.node.text())).collect();
            for to in ids.into_iter().filter_map(|id| by_id.get(id).copied()).filter(|to| *to != from) {
                draft.packages[from].dependencies.push(to);
                if Some(from) == project {
                    draft.packages[to].direct = Some(true);
                }
            }
        }
    }
}
