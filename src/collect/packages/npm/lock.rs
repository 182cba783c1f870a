//! `package-lock.json`, `npm-shrinkwrap.json` and the hidden `node_modules/.package-lock.json`, versions 1 to 3.
//!
//! As npm documents the format (`package-lock.json`, "File Format"): version 1 nests packages as they are installed;
//! version 3, and 2 beside it, lists them by folder under `packages`. Edges follow from where node would look.

use std::collections::HashMap;

use super::{license, spec, tree::Tree};
use crate::collect::packages::json::{self, Member, Node, Value};
use crate::collect::packages::{Broken, broken};
use crate::collect::packages::{integrity, purl::purl_from, purl::without_credentials};
use crate::collect::{SourceFile, malformed};
use crate::model::{Ecosystem, Evidence, Lock, Locked, Place, Scope};

/// How long the folder of a package may be, and how deep: far more than systems allow, and a bound on the work.
const LONGEST: usize = 4096;
const DEEPEST: usize = 100;

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let hidden = file.name == ".package-lock.json";
    // The lock files that packages ship in their archives bind nobody.
    if super::manifest::is_installed(file.path) && !(hidden && file.path.parent().name() == "node_modules") {
        return;
    }
    let mut notes = Vec::new();
    match lock(file, &mut notes) {
        Ok(packages) => out.push(Evidence::Lock(Lock {
            place: Place::file(file.path.clone()),
            ecosystem: Ecosystem::NPM,
            packages,
        })),
        Err(note) => out.push(*note),
    }
    out.append(&mut notes);
}

fn lock(file: &SourceFile<'_>, notes: &mut Vec<Evidence>) -> Result<Vec<Locked>, Broken> {
    let document = json::parse(file)?;
    let wrong = |at: u32, reason: String| broken(file, Some(file.line_at(at as usize)), reason);
    if !matches!(document.value, Value::Object(_)) {
        return Err(wrong(document.at, format!("{} where an object belongs", document.kind())));
    }
    if let Some(member) = json::repeated_key(&document) {
        return Err(wrong(member.key_at, format!("the key `{}` is repeated", member.key)));
    }
    match document.get("lockfileVersion") {
        Some(Node { value: Value::Number(n), at }) if !(1.0..=3.0).contains(n) => {
            notes.push(*wrong(*at, format!("lock file version {n} is not known; read as version 3")));
        }
        Some(node) if !matches!(node.value, Value::Number(_)) => {
            return Err(wrong(node.at, format!("`lockfileVersion` is {}", node.kind())));
        }
        _ => {}
    }
    for key in ["packages", "dependencies"] {
        if let Some(node) = document.get(key).filter(|n| !matches!(n.value, Value::Object(_))) {
            return Err(wrong(node.at, format!("`{key}` is {}", node.kind())));
        }
    }
    let mut reader = Reader { file, notes, tree: Tree::default(), folders: Vec::new(), packages: Vec::new() };
    match document.get("packages") {
        Some(packages) => reader.by_folder(&document, packages),
        None => reader.nested(&document),
    }
    Ok(reader.packages)
}

struct Reader<'f, 't, 'n> {
    file: &'f SourceFile<'t>,
    notes: &'f mut Vec<Evidence>,
    tree: Tree<'n>,
    /// The package in each folder of the tree, where there is one.
    folders: Vec<Option<usize>>,
    packages: Vec<Locked>,
}

/// The tables of a package that name what it depends on. Optional and peer dependencies may be absent.
const EDGES: [&str; 3] = ["dependencies", "optionalDependencies", "peerDependencies"];

impl<'n> Reader<'_, '_, 'n> {
    /// Versions 2 and 3.
    fn by_folder(&mut self, document: &'n Node<'n>, packages: &'n Node<'n>) {
        let mut by_path: HashMap<&str, usize> = HashMap::new();
        let mut entries: Vec<(&'n str, &'n Member<'n>, usize)> = Vec::new();
        let mut links: Vec<(&'n str, &'n str)> = Vec::new();
        let root = self.folder(None);
        by_path.insert("", root);
        for member in packages.members() {
            let path: &str = &member.key;
            if path.len() > LONGEST || path.matches('/').count() > DEEPEST {
                self.note(member.key_at, "a folder deeper than any system allows");
            } else if !matches!(member.node.value, Value::Object(_)) {
                self.note(member.key_at, format!("`{path}` is {}", member.node.kind()));
            } else if member.node.flag("link") {
                links.extend(member.node.text_of("resolved").map(|target| (path, target)));
            } else {
                let folder = *by_path.entry(path).or_insert_with(|| {
                    self.folders.push(None);
                    self.tree.add(None)
                });
                entries.push((path, member, folder));
            }
        }
        // Folders that hold a `node_modules` without being packages themselves.
        let owners = entries.iter().map(|(path, ..)| *path).chain(links.iter().map(|(path, _)| *path));
        for owner in owners.filter_map(|path| Some(split(path)?.0)) {
            by_path.entry(owner).or_insert_with(|| {
                self.folders.push(None);
                self.tree.add(None)
            });
        }
        for (path, &folder) in &by_path {
            let mut above = *path;
            while !above.is_empty() {
                above = above.rfind('/').map_or("", |slash| &above[..slash]);
                if let Some(&parent) = by_path.get(above) {
                    self.tree.set_parent(folder, parent);
                    break;
                }
            }
        }
        for &(path, member, folder) in &entries {
            if let Some((owner, name)) = split(path) {
                self.tree.install(by_path[owner], name, folder);
            }
            self.folders[folder] = self.entry(path, member, document);
        }
        for (path, target) in links {
            if let (Some((owner, name)), Some(&folder)) = (split(path), by_path.get(target.trim_start_matches("./")))
            {
                self.tree.install(by_path[owner], name, folder);
            }
        }
        for (_, member, folder) in entries {
            let Some(from) = self.folders[folder] else { continue };
            let local = self.packages[from].local;
            let tables = EDGES.iter().chain(local.then_some(&"devDependencies"));
            for name in tables.filter_map(|t| member.node.get(t)).flat_map(Node::members) {
                let to = self.tree.find(folder, &name.key).and_then(|f| self.folders[f]);
                if let Some(to) = to.filter(|to| *to != from) {
                    self.packages[from].dependencies.push(to);
                    if local {
                        self.packages[to].direct = Some(true);
                    }
                }
            }
        }
        // A hidden lock file has no entry for the project.
        if !packages.members().iter().any(|m| m.key.is_empty()) {
            let top: Vec<usize> = self.tree.installed_in(root).filter_map(|f| self.folders[f]).collect();
            self.project(document, top);
        }
        self.sort_edges();
    }

    /// Version 1.
    fn nested(&mut self, document: &'n Node<'n>) {
        let root = self.folder(None);
        let mut queue = vec![(root, document)];
        let mut requires: Vec<(usize, &'n Node<'n>)> = Vec::new();
        while let Some((parent, node)) = queue.pop() {
            for member in node.get("dependencies").map_or(&[][..], Node::members) {
                if !matches!(member.node.value, Value::Object(_)) {
                    self.note(member.key_at, format!("`{}` is {}", member.key, member.node.kind()));
                    continue;
                }
                let folder = self.folder(Some(parent));
                self.tree.install(parent, &member.key, folder);
                self.folders[folder] = self.nested_entry(member);
                requires.extend(member.node.get("requires").map(|node| (folder, node)));
                queue.push((folder, &member.node));
            }
        }
        for (folder, node) in requires {
            let Some(from) = self.folders[folder] else { continue };
            for name in node.members() {
                let to = self.tree.find(folder, &name.key).and_then(|f| self.folders[f]);
                self.packages[from].dependencies.extend(to.filter(|to| *to != from));
            }
        }
        let top: Vec<usize> = self.tree.installed_in(root).filter_map(|f| self.folders[f]).collect();
        self.project(document, top);
        self.sort_edges();
    }

    /// Adds the project where the lock file does not list it. What of its edges is direct, only the manifest knows.
    fn project(&mut self, document: &Node<'_>, dependencies: Vec<usize>) {
        let name = document.text_of("name").unwrap_or_default();
        let version = document.text_of("version").unwrap_or_default();
        // The name of a hidden lock file's project is the name of a folder on somebody's machine.
        let name = if self.file.name == ".package-lock.json" { "" } else { name };
        self.packages.push(Locked {
            purl: if name.is_empty() { String::new() } else { purl_from("npm", name, version, "") },
            name: name.to_owned(),
            version: version.to_owned(),
            local: true,
            folder: Some(String::new()),
            dependencies,
            region: document.get("name").map(|n| self.file.region(n.at as usize..n.at as usize + 1)),
            ..Locked::default()
        });
    }

    /// The package of one entry of `packages`; `None` for an entry that fixes no version.
    fn entry(&mut self, path: &'n str, member: &Member<'_>, document: &Node<'_>) -> Option<usize> {
        let node = &member.node;
        let installed = split(path).map(|(_, name)| name);
        let local = installed.is_none();
        let stated = node.text_of("name").or_else(|| document.text_of("name").filter(|_| path.is_empty()));
        let name = match (stated, installed) {
            (Some(name), _) | (None, Some(name)) => name,
            (None, None) => folder_name(path),
        };
        let version = node.text_of("version").or_else(|| document.text_of("version").filter(|_| path.is_empty()));
        // npm leaves a bare entry for an optional peer that it did not install.
        if version.is_none() && !local {
            return None;
        }
        let version = version.unwrap_or_default();
        let resolved = node.text_of("resolved").map(without_credentials);
        let source = resolved.as_deref().and_then(spec::locked_source).unwrap_or_default();
        self.packages.push(Locked {
            purl: if name.is_empty() { String::new() } else { purl_from("npm", name, version, &source) },
            name: name.to_owned(),
            version: version.to_owned(),
            local,
            folder: local.then(|| path.to_owned()),
            scope: (!local).then(|| scope(node)),
            hashes: node.text_of("integrity").map(integrity::hashes).unwrap_or_default(),
            resolved: resolved.map(|r| r.into_owned()),
            license: node.get("license").and_then(license),
            region: Some(self.file.region(member.key_range(self.file))),
            ..Locked::default()
        });
        Some(self.packages.len() - 1)
    }

    /// The package of one entry of `dependencies` in version 1.
    fn nested_entry(&mut self, member: &Member<'_>) -> Option<usize> {
        let node = &member.node;
        let stated = spec::parse(node.text_of("version")?);
        let name = stated.name.as_deref().unwrap_or(&member.key);
        let resolved = node.text_of("resolved").map(without_credentials);
        let archive = resolved.as_deref().and_then(spec::locked_source);
        let source = stated.source.clone().or(archive).unwrap_or_default();
        // A folder is part of the project; an archive in the checkout is not.
        let is_path = !source.is_empty() && !source.contains(':');
        let local = is_path && ![".tgz", ".tar.gz", ".tar"].iter().any(|end| source.ends_with(end));
        self.packages.push(Locked {
            purl: purl_from("npm", name, &stated.requirement, if local { "" } else { &source }),
            name: name.to_owned(),
            version: stated.requirement,
            local,
            folder: local.then_some(source),
            scope: (!local).then(|| scope(node)),
            hashes: node.text_of("integrity").map(integrity::hashes).unwrap_or_default(),
            resolved: resolved.map(|r| r.into_owned()).or(stated.source.filter(|_| !is_path)),
            region: Some(self.file.region(member.key_range(self.file))),
            ..Locked::default()
        });
        Some(self.packages.len() - 1)
    }

    fn folder(&mut self, parent: Option<usize>) -> usize {
        self.folders.push(None);
        self.tree.add(parent)
    }

    fn sort_edges(&mut self) {
        for package in &mut self.packages {
            package.dependencies.sort_unstable();
            package.dependencies.dedup();
        }
    }

    fn note(&mut self, at: u32, reason: impl std::fmt::Display) {
        self.notes.push(malformed(self.file, Some(self.file.line_at(at as usize)), reason));
    }
}

/// The folder that holds `node_modules`, and the name of the package in it; `None` for a folder outside of any.
fn split(path: &str) -> Option<(&str, &str)> {
    if let Some(at) = path.rfind("/node_modules/") {
        return Some((&path[..at], &path[at + "/node_modules/".len()..]));
    }
    path.strip_prefix("node_modules/").map(|name| ("", name))
}

/// The name that npm gives a package by its folder: the last part, with the scope in front of it.
fn folder_name(path: &str) -> &str {
    let Some(slash) = path.rfind('/') else { return path };
    match path[..slash].rfind('/').map_or(0, |s| s + 1) {
        scope if path[scope..].starts_with('@') => &path[scope..],
        _ => &path[slash + 1..],
    }
}

/// What the flags of an entry say: `devOptional` is needed for development, and optional otherwise.
fn scope(node: &Node<'_>) -> Scope {
    if node.flag("dev") {
        Scope::Dev
    } else if node.flag("optional") || node.flag("devOptional") {
        Scope::Optional
    } else if node.flag("peer") {
        Scope::Peer
    } else {
        Scope::Runtime
    }
}

#[cfg(test)]
#[path = "lock_tests.rs"]
mod tests;
