//! `pixi.lock`, versions 4 to 6 (rattler_lock): packages by their archives, and which environment takes which.

use std::collections::HashMap;

use super::{Archive, CONDA, conda_purl};
use crate::collect::packages::broken;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::purl::{purl, without_credentials};
use crate::collect::packages::python::group_scope;
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(list) = document.get("packages").filter(|n| matches!(n.value, yaml::Value::Sequence(_))) else {
        return out.push(*broken(file, Some(file.line_at(document.at)), "no list `packages`"));
    };
    let scopes = scopes(&document);
    let mut draft = Draft::new(file, CONDA);
    let mut by_name: HashMap<(bool, String), Vec<usize>> = HashMap::new();
    let mut edges: Vec<(usize, bool, String)> = Vec::new();
    for node in list.entries() {
        let text = |key: &str| node.text_of(key);
        let pip = text("pypi").is_some() || text("kind") == Some("pypi");
        let url = text("conda").or_else(|| text("pypi")).or_else(|| text("url")).unwrap_or_default();
        let archive = Archive::parse(url).filter(|_| !pip);
        let name = text("name").or_else(|| archive.as_ref().map(|a| a.name));
        let version = text("version").or_else(|| archive.as_ref().map(|a| a.version));
        let Some((name, version)) = name.zip(version) else {
            // A package in a folder of the project has no version here.
            if url.contains("://") {
                draft.note(node.at, "a package without name or version");
            }
            continue;
        };
        let key = ["conda", "pypi", "url", "name"].iter().find_map(|key| node.get(key));
        let mut package = draft.package(name, version, key.map_or(0..0, |n| n.at..n.end));
        let clean = without_credentials(url);
        package.purl = if pip {
            purl("pypi", &name.to_lowercase().replace('_', "-"), version, &[])
        } else {
            let of = |f: fn(&Archive<'_>) -> String| archive.as_ref().map(f).unwrap_or_default();
            let build = text("build").map_or_else(|| of(|a| a.build.to_owned()), str::to_owned);
            let subdir = text("subdir").map_or_else(|| of(|a| a.subdir.to_owned()), str::to_owned);
            conda_purl(name, version, &build, &of(|a| a.channel.to_owned()), &subdir)
        };
        package.resolved = Some(clean.into_owned()).filter(|u| u.contains("://"));
        package.scope = scopes.get(url).copied().or(package.scope);
        package.license = text("license").filter(|l| *l != "None").map(str::to_owned);
        let states = [("MD5", "md5"), ("SHA-256", "sha256")].into_iter();
        package.hashes.extend(states.filter_map(|(algorithm, key)| hex_hash(algorithm, text(key)?)));
        let index = draft.add(package);
        by_name.entry((pip, name.to_lowercase())).or_default().push(index);
        let lists = ["depends", "requires_dist"].iter().filter_map(|key| node.get(key)).flat_map(yaml::Node::entries);
        for entry in lists.filter_map(yaml::Node::text) {
            let end = entry.find([' ', '<', '>', '=', '!', '~', ';', '[']).unwrap_or(entry.len());
            edges.push((index, pip, entry[..end].to_lowercase()));
        }
    }
    for (from, pip, name) in edges {
        // Each platform has its own archive of a package; within one lock file they are alternatives.
        let to = by_name.get(&(pip, name)).map_or(&[][..], Vec::as_slice);
        let subdir = |at: usize| draft.packages[at].purl.split_once("subdir=").map(|(_, s)| s.to_owned());
        let own = subdir(from);
        let same: Vec<usize> = to
            .iter()
            .copied()
            .filter(|&to| {
                to != from
                    && (own == subdir(to)
                        || subdir(to).as_deref() == Some("noarch")
                        || own.as_deref() == Some("noarch"))
            })
            .collect();
        draft.packages[from].dependencies.extend(same);
    }
    draft.finish(out);
}

/// What the archives are for by the environments that take them. One for tests or development is told by its name; what
/// any other environment takes as well is as it is without.
fn scopes<'t>(document: &'t yaml::Node<'_>) -> HashMap<&'t str, Scope> {
    let mut scopes = HashMap::new();
    for environment in document.get("environments").map(yaml::Node::members).unwrap_or_default() {
        let scope = group_scope(&environment.key, Scope::Runtime);
        let platforms = environment.node.get("packages").map(yaml::Node::members).unwrap_or_default();
        for entry in platforms.iter().flat_map(|platform| platform.node.entries()) {
            let Some(url) = entry.text_of("conda").or_else(|| entry.text_of("pypi")) else { continue };
            scopes.entry(url).and_modify(|known| *known = scope.min(*known)).or_insert(scope);
        }
    }
    scopes
}
