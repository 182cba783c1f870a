//! `conda-lock.yml` (conda-lock, lock file version 1): a package for each platform, of conda or pip.

use std::collections::HashMap;

use super::{Archive, CONDA, conda_purl};
use crate::collect::packages::broken;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::purl::{purl, without_credentials};
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, Scope};

/// Whether the file is one by its name.
pub(in crate::collect::packages) fn is_lock(name: &str, _: &crate::model::RelPath) -> bool {
    name.ends_with("conda-lock.yml") || name.ends_with("conda-lock.yaml")
}

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(list) = document.get("package").filter(|n| matches!(n.value, yaml::Value::Sequence(_))) else {
        return out.push(*broken(file, Some(file.line_at(document.at)), "no list `package`"));
    };
    let mut draft = Draft::new(file, CONDA);
    let mut known: HashMap<(&str, &str, &str), usize> = HashMap::new();
    let mut edges: Vec<(usize, &str, &str, &str)> = Vec::new();
    for node in list.entries() {
        let text = |key: &str| node.text_of(key).unwrap_or_default();
        let (name, version, manager, platform) = (text("name"), text("version"), text("manager"), text("platform"));
        if name.is_empty() || version.is_empty() {
            draft.note(node.at, "a package without `name` or `version`");
            continue;
        }
        let at = node.get("name").map_or(0..0, |n| n.at..n.end);
        let mut package = draft.package(name, version, at);
        let url = without_credentials(text("url"));
        package.purl = if manager == "pip" {
            purl("pypi", &name.to_lowercase().replace('_', "-"), version, &[])
        } else {
            let archive = Archive::parse(&url);
            let of = |f: fn(&Archive<'_>) -> String| archive.as_ref().map(f).unwrap_or_default();
            let (build, channel) = (of(|a| a.build.to_owned()), of(|a| a.channel.to_owned()));
            conda_purl(name, version, &build, &channel, &of(|a| a.subdir.to_owned()))
        };
        package.resolved = Some(url.into_owned()).filter(|u| !u.is_empty());
        package.scope = match text("category") {
            "main" | "" if node.flag("optional") => Some(Scope::Optional),
            "main" | "" => Some(Scope::Runtime),
            _ => Some(Scope::Dev),
        };
        if let Some(hash) = node.get("hash") {
            let states = [("MD5", "md5"), ("SHA-256", "sha256")].into_iter();
            package.hashes.extend(states.filter_map(|(algorithm, key)| hex_hash(algorithm, hash.text_of(key)?)));
        }
        let index = draft.add(package);
        known.insert((platform, manager, name), index);
        let dependencies = node.get("dependencies").map_or(&[][..], yaml::Node::members);
        edges.extend(dependencies.iter().map(|d| (index, platform, manager, &*d.key)));
    }
    for (from, platform, manager, name) in edges {
        let of = |manager| known.get(&(platform, manager, name)).copied();
        // What pip installs may need what conda does.
        let to = of(manager).or_else(|| of("conda"));
        draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
    }
    draft.finish(out);
}
