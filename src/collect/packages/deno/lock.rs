//! `deno.lock`, versions 2 to 5: packages of JSR and npm with their edges, and modules that are fetched by address.

use std::collections::{BTreeSet, HashMap};

use super::{JSR, NPM, name_version, specifier};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::integrity;
use crate::collect::packages::json::{self, Node, Value};
use crate::collect::packages::purl::{purl, without_credentials};
use crate::model::{Evidence, Locked};

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
    // Version 3 has the tables below `packages`, version 2 those of npm below `npm`.
    let home = document.get("packages").unwrap_or(&document);
    let npm = home.get("npm").map(|npm| npm.get("packages").unwrap_or(npm));
    let specifiers = home.get("specifiers").or_else(|| home.get("npm")?.get("specifiers"));
    let mut draft = Draft::new(file, JSR);
    let mut indexes: HashMap<(&str, &str), usize> = HashMap::new();
    let mut by_name: HashMap<(&str, &str), usize> = HashMap::new();
    let mut entries: Vec<(usize, &'static str, &Node<'_>)> = Vec::new();
    for (registry, table) in [(JSR, home.get("jsr")), (NPM, npm)] {
        for member in table.map_or(&[][..], Node::members) {
            let (name, version) = name_version(&member.key);
            // npm's peers stand behind an underscore.
            let version = version.split('_').next().unwrap_or(version);
            if version.is_empty() {
                draft.note(member.key_at as usize, format!("`{}` has no version", member.key));
                continue;
            }
            let mut package = draft.package(name, version, member.key_range(file));
            package.purl = purl(registry, name, version, &[]);
            let digest = member.node.text_of("integrity").unwrap_or_default();
            package.hashes = integrity::hashes(digest);
            package.hashes.extend(hex_hash("SHA-256", digest));
            let index = draft.add(package);
            indexes.insert((registry, &member.key), index);
            by_name.entry((registry, name)).or_insert(index);
            entries.push((index, registry, &member.node));
        }
    }
    // What a specifier was resolved to: a version, or before version 4 the whole name with it.
    let mut resolved: HashMap<&str, usize> = HashMap::new();
    for member in specifiers.map_or(&[][..], Node::members) {
        let Some(text) = member.node.text() else { continue };
        let (registry, name) = specifier(&member.key).map_or((NPM, ""), |(registry, name, _)| (registry, name));
        let text = text.split_once(':').map_or(text, |(_, rest)| rest);
        let full = format!("{name}@{text}");
        let found = indexes.get(&(registry, text)).or_else(|| indexes.get(&(registry, full.as_str())));
        resolved.extend(found.map(|&index| (&*member.key, index)));
    }
    let find = |registry: &'static str, text: &str| -> Option<usize> {
        if let Some(&index) = resolved.get(text).or_else(|| indexes.get(&(registry, text))) {
            return Some(index);
        }
        let (registry, name) = specifier(text).map_or((registry, name_version(text).0), |(r, n, _)| (r, n));
        by_name.get(&(registry, name)).copied()
    };
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for (from, registry, node) in entries {
        for key in ["dependencies", "optionalDependencies"] {
            let Some(list) = node.get(key) else { continue };
            let texts = list.entries().iter().filter_map(Node::text);
            let texts = texts.chain(list.members().iter().filter_map(|m| m.node.text()));
            edges
                .extend(texts.filter_map(|text| Some((from, find(registry, text)?))).filter(|(from, to)| from != to));
        }
    }
    let workspace = document.get("workspace");
    let members = workspace.and_then(|w| w.get("members")).map_or(&[][..], Node::members);
    let direct: BTreeSet<usize> = workspace
        .into_iter()
        .chain(members.iter().map(|member| &member.node))
        .flat_map(|w| [w.get("dependencies"), w.get("packageJson").and_then(|p| p.get("dependencies"))])
        .flatten()
        .flat_map(Node::entries)
        .filter_map(|entry| find(JSR, entry.text()?))
        .collect();
    for (from, to) in edges {
        draft.packages[from].dependencies.push(to);
    }
    if workspace.is_some() {
        for (at, package) in draft.packages.iter_mut().enumerate() {
            package.direct = Some(direct.contains(&at));
        }
    }
    remote(&mut draft, &document, file);
    // What npm's manifests ask for is found among npm's packages.
    let mut of_npm = Draft::new(file, NPM);
    let number: HashMap<usize, usize> = (0..draft.packages.len())
        .filter(|&at| draft.packages[at].purl.starts_with("pkg:npm/"))
        .enumerate()
        .map(|(new, old)| (old, new))
        .collect();
    for package in draft.packages.iter().filter(|p| p.purl.starts_with("pkg:npm/")) {
        let mut package = package.clone();
        package.dependencies = package.dependencies.iter().filter_map(|to| number.get(to).copied()).collect();
        of_npm.add(package);
    }
    draft.finish(out);
    if !of_npm.packages.is_empty() {
        of_npm.finish(out);
    }
}

/// Modules that are fetched by address, one component for each `name@version` in the addresses.
fn remote(draft: &mut Draft<'_, '_>, document: &Node<'_>, file: &SourceFile<'_>) {
    let mut seen = BTreeSet::new();
    for member in document.get("remote").map_or(&[][..], Node::members) {
        let address = without_credentials(&member.key).into_owned();
        let Some(start) = address.find("://").map(|at| at + 3) else { continue };
        let segment = address[start..].split('/').skip(1).find(|s| s.char_indices().skip(1).any(|(_, c)| c == '@'));
        let Some(segment) = segment else { continue };
        let (name, version) = name_version(segment);
        let end = address.find(segment).map_or(address.len(), |at| at + segment.len());
        let home = &address[..end];
        if version.is_empty() || !seen.insert(home.to_owned()) {
            continue;
        }
        draft.add(Locked {
            purl: purl("generic", name, version, &[("download_url", home)]),
            name: name.to_owned(),
            version: version.to_owned(),
            resolved: Some(home.to_owned()),
            region: Some(file.region(member.key_range(file))),
            ..Locked::default()
        });
    }
}
