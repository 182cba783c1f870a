//! `pnpm-lock.yaml`, versions 5 to 9.
//!
//! The format is described in pnpm's own `lockfile-types` package. Packages are keyed by path: `/name/version` up to
//! version 5, `/name@version` in 6, `name@version` since 9; behind it stand the peers that a copy was resolved with
//! (`_react@17.0.2`, `(react@17.0.2)`), which make no package of their own. What a dependency says is such a path, or
//! the version alone. Since version 9 the edges stand in `snapshots`, and a second document may lock pnpm itself.

use std::collections::{HashMap, HashSet};

use super::spec;
use crate::collect::packages::{Broken, broken};
use crate::collect::packages::{integrity, locks, purl::purl_from, purl::without_credentials};
use crate::collect::yaml::{self, Member, Node, Value};
use crate::collect::{SourceFile, malformed};
use crate::model::{Ecosystem, Evidence, Locked, Scope};

/// Reads the lock file; of a broken one, the documents in front of the error.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if super::manifest::is_installed(file.path) {
        return;
    }
    if file.text().trim().is_empty() {
        return out.push(malformed(file, Some(1), "empty"));
    }
    let (documents, note) = yaml::documents(file);
    let mut reader = Reader { file, packages: Vec::new(), folders: HashMap::new(), notes: Vec::new() };
    for document in &documents {
        match reader.document(document) {
            Ok(()) => {}
            Err(note) => out.push(*note),
        }
    }
    if note.is_none() || !reader.packages.is_empty() {
        out.push(locks::lock(file, Ecosystem::NPM, reader.packages));
    }
    out.append(&mut reader.notes);
    out.extend(note.map(|note| *note));
}

struct Reader<'f, 't> {
    file: &'f SourceFile<'t>,
    packages: Vec<Locked>,
    /// Projects by folder; every document may say something of the same one.
    folders: HashMap<String, usize>,
    notes: Vec<Evidence>,
}

/// The tables of a project, and what their dependencies are needed for.
const TABLES: [(&str, Scope); 5] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Dev),
    ("configDependencies", Scope::Build),
    ("packageManagerDependencies", Scope::Build),
];

impl Reader<'_, '_> {
    fn document(&mut self, document: &Node<'_>) -> Result<(), Broken> {
        let wrong = |node: &Node<'_>, what: &str| {
            let line = self.file.line_at(node.at);
            broken(self.file, Some(line), format!("{what} is {}", node.kind()))
        };
        if document.is_null() {
            return Ok(());
        }
        if !matches!(document.value, Value::Mapping(_)) {
            return Err(wrong(document, "the document"));
        }
        for key in ["packages", "snapshots", "importers"] {
            if let Some(node) = document.get(key).filter(|n| !n.is_null() && !matches!(n.value, Value::Mapping(_))) {
                return Err(wrong(node, key));
            }
        }
        if let Some(member) = yaml::repeated_key(document) {
            let line = self.file.line_at(member.key_at.start);
            return Err(broken(self.file, Some(line), format!("the key `{}` is repeated", member.key)));
        }
        let slashes = self.slashes(document);
        let table = |key: &str| document.get(key).map_or(&[][..], Node::members);
        let facts: HashMap<&str, &Member<'_>> = table("packages").iter().map(|m| (&*m.key, m)).collect();

        // One entry per path; the copies of one package that differ by peers share its purl.
        let first = self.packages.len();
        let mut index: HashMap<&str, usize> = HashMap::new();
        let mut edges: Vec<&Node<'_>> = Vec::new();
        let mut copied = HashSet::new();
        for member in table("snapshots") {
            copied.insert(without_peers(&member.key, false));
            let fact = facts.get(&*member.key).or_else(|| facts.get(without_peers(&member.key, false)));
            self.entry(member, fact.copied(), slashes);
            index.insert(&member.key, first + edges.len());
            edges.push(&member.node);
        }
        for member in table("packages") {
            if !copied.contains(&*member.key) {
                self.entry(member, Some(member), slashes);
                index.insert(&member.key, first + edges.len());
                edges.push(&member.node);
            }
        }

        // A document without importers is about one project.
        let projects: Vec<(&str, &Node<'_>)> = match document.get("importers") {
            Some(importers) => importers.members().iter().map(|m| (&*m.key, &m.node)).collect(),
            None => vec![(".", document)],
        };
        for (path, _) in &projects {
            let folder = resolved(path, "");
            if !self.folders.contains_key(&folder) {
                self.packages.push(Locked { local: true, folder: Some(folder.clone()), ..Locked::default() });
                self.folders.insert(folder, self.packages.len() - 1);
            }
        }
        let mut asked = Vec::new();
        for (path, project) in &projects {
            let from = self.folders[&resolved(path, "")];
            for (key, scope) in TABLES {
                for member in project.get(key).map_or(&[][..], Node::members) {
                    let Some(reference) = member.node.text_of("version").or_else(|| member.node.text()) else {
                        continue;
                    };
                    let linked = reference.strip_prefix("link:").and_then(|to| self.folders.get(&resolved(to, path)));
                    let Some(to) = linked.copied().or_else(|| find(&index, &member.key, reference)) else { continue };
                    self.packages[from].dependencies.push(to);
                    if !self.packages[to].local {
                        asked.push((scope, to));
                    }
                }
            }
        }
        let nodes = edges.clone();
        for (at, node) in edges.into_iter().enumerate() {
            for key in ["dependencies", "optionalDependencies"] {
                for member in node.get(key).map_or(&[][..], Node::members) {
                    let to = member.node.text().and_then(|reference| find(&index, &member.key, reference));
                    self.packages[first + at].dependencies.extend(to);
                }
            }
        }
        locks::spread(&mut self.packages, &asked);
        // What only optional dependencies lead to may be absent, unless it is less than needed to run anyway.
        for (package, node) in self.packages[first..].iter_mut().zip(nodes) {
            if node.flag("optional") && package.scope.is_none_or(|scope| scope == Scope::Runtime) {
                package.scope = Some(Scope::Optional);
            }
        }
        Ok(())
    }

    /// Whether paths have slashes between name and version, as up to version 5.
    fn slashes(&mut self, document: &Node<'_>) -> bool {
        let version = document.get("lockfileVersion");
        let text = version.and_then(Node::text).unwrap_or_default();
        let major = text.split('.').next().and_then(|n| n.parse::<u32>().ok());
        if let (Some(version), false) = (version, major.is_some_and(|n| (5..=9).contains(&n))) {
            let line = self.file.line_at(version.at);
            self.notes.push(malformed(self.file, Some(line), format!("lock file version {text} is not known")));
        }
        major.is_none_or(|n| n < 6)
            && !document
                .get("packages")
                .map_or(&[][..], Node::members)
                .iter()
                .any(|m| major.is_none() && m.key.trim_start_matches(['/', '@']).contains('@'))
    }

    /// Adds the package of a path. `fact` is its entry under `packages`, which holds what its copies share.
    fn entry(&mut self, member: &Member<'_>, fact: Option<&Member<'_>>, slashes: bool) {
        let node = fact.map_or(&member.node, |f| &f.node);
        let (name, version) = name_and_version(&member.key, slashes);
        let name = node.text_of("name").unwrap_or(name);
        let resolution = node.get("resolution");
        let get = |key: &str| resolution.and_then(|r| r.text_of(key));
        let source = match (get("repo"), get("commit"), get("tarball")) {
            (Some(repo), Some(commit), _) => {
                let address = spec::locked_source(repo).unwrap_or_else(|| repo.to_owned());
                let git = if address.starts_with("git") { address } else { format!("git+{address}") };
                Some(format!("{git}#{commit}"))
            }
            (_, _, Some(tarball)) => {
                let tarball = tarball.strip_prefix("file:").unwrap_or(tarball);
                Some(without_credentials(tarball).into_owned())
            }
            _ => None,
        };
        let folder = get("directory").or_else(|| version.strip_prefix("file:").filter(|f| !is_archive(f)));
        let local = folder.is_some() && source.is_none();
        let stated = node.text_of("version");
        let version = stated.unwrap_or(if version.contains([':', '/']) { "" } else { version });
        let origin =
            source.as_deref().and_then(|s| if s.contains(':') { spec::locked_source(s) } else { Some(s.to_owned()) });
        let purl = purl_from("npm", name, version, origin.as_deref().unwrap_or_default());
        self.packages.push(Locked {
            purl,
            name: name.to_owned(),
            version: version.to_owned(),
            local,
            folder: folder.filter(|_| local).map(|f| resolved(f, "")),
            scope: flags(&member.node).or_else(|| flags(node)),
            hashes: get("integrity").map(integrity::hashes).unwrap_or_default(),
            resolved: source,
            region: Some(self.file.region(fact.unwrap_or(member).key_at.clone())),
            ..Locked::default()
        });
    }
}

/// What the flag of an entry says, which version 9 has no more. `dev: false` says nothing of optional dependencies.
fn flags(node: &Node<'_>) -> Option<Scope> {
    node.get("dev")?;
    Some(if node.flag("dev") {
        Scope::Dev
    } else if node.flag("optional") {
        Scope::Optional
    } else {
        Scope::Runtime
    })
}

fn is_archive(path: &str) -> bool {
    [".tgz", ".tar.gz", ".tar"].iter().any(|end| path.ends_with(end))
}

/// The entry that a dependency leads to.
fn find(index: &HashMap<&str, usize>, name: &str, reference: &str) -> Option<usize> {
    let candidates = [format!("{name}@{reference}"), format!("/{name}@{reference}"), format!("/{name}/{reference}")];
    candidates.iter().map(String::as_str).chain([reference]).find_map(|key| index.get(key).copied())
}

/// Name and version in a path. Addresses stand where the version does, and are returned as such.
fn name_and_version(path: &str, slashes: bool) -> (&str, &str) {
    let plain = path.strip_prefix('/').unwrap_or(path);
    let plain = without_peers(plain, slashes);
    if !slashes {
        // A host in front names another registry.
        let is_host = |part: &str| !part.starts_with('@') && part.contains(['.', ':']) && !part.contains('@');
        let own = plain.split_once('/').filter(|(host, rest)| is_host(host) && rest.contains('@'));
        let plain = own.map_or(plain, |(_, own)| own);
        let at = plain.char_indices().skip(1).find(|&(_, c)| c == '@').map(|(at, _)| at);
        return at.map_or((plain, ""), |at| (&plain[..at], &plain[at + 1..]));
    }
    // A host in front names another registry.
    let own = if path.starts_with('/') { plain } else { plain.split_once('/').map_or(plain, |(_, rest)| rest) };
    own.rfind('/').map_or((own, ""), |at| (&own[..at], &own[at + 1..]))
}

/// A path without the peers behind it.
fn without_peers(path: &str, slashes: bool) -> &str {
    let plain = path.find('(').map_or(path, |at| &path[..at]);
    if !slashes {
        return plain;
    }
    // Names may hold underscores, versions may not.
    let version = plain.rfind('@').filter(|&at| plain[..at].contains('_')).unwrap_or(plain.len());
    let last = plain[..version].find('_').map_or(0, |at| plain[..at].rfind('/').map_or(0, |s| s + 1));
    let start = plain.rfind('/').map_or(0, |s| s + 1);
    let from = if plain[last..].starts_with(|c: char| c.is_ascii_digit()) { last } else { start };
    plain[from..].find('_').map_or(plain, |at| &plain[..from + at])
}

/// A path relative to another folder of the project, as one relative to the lock file; `""` is its folder.
fn resolved(path: &str, from: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};

    #[test]
    fn paths_of_every_version() {
        for (path, slashes, name, version) in [
            ("/uuid/3.3.2", true, "uuid", "3.3.2"),
            ("/@types/node/16.0.0", true, "@types/node", "16.0.0"),
            ("/react-dom/17.0.2_react@17.0.2", true, "react-dom", "17.0.2"),
            ("/a_b/1.0.0_@babel+core@7.1.0", true, "a_b", "1.0.0"),
            ("/@b/p/7.1.0_@b+core@7.1.0_x@1.0.0", true, "@b/p", "7.1.0"),
            ("/lodash.x/4.0.0", true, "lodash.x", "4.0.0"),
            ("npm.example.org/@s/x/1.0.0", true, "@s/x", "1.0.0"),
            ("/react-dom@18.2.0(react@18.2.0)", false, "react-dom", "18.2.0"),
            ("@s/x@1.0.0(@t/y@2.0.0(z@1.0.0))", false, "@s/x", "1.0.0"),
            (
                "x@https://codeload.example.org/a/b/tar.gz/0123",
                false,
                "x",
                "https://codeload.example.org/a/b/tar.gz/0123",
            ),
            ("x@file:lib(y@1.0.0)", false, "x", "file:lib"),
            ("npm.example.org/@s/x@1.0.0(y@2.0.0)", false, "@s/x", "1.0.0"),
            ("", false, "", ""),
        ] {
            assert_eq!(name_and_version(path, slashes), (name, version), "{path}");
        }
    }

    #[test]
    fn version_9_has_snapshots_importers_and_two_documents() {
        let evidence = fixture("pnpm-lock", "v9/pnpm-lock.yaml");
        assert!(notes(&evidence).is_empty());
        let lock = lock(&evidence);
        let seen: Vec<_> =
            lock.packages.iter().filter(|p| !p.local).map(|p| (p.purl.as_str(), p.scope, p.direct)).collect();
        use Scope::{Build, Dev, Optional, Runtime};
        assert_eq!(
            seen,
            [
                ("pkg:npm/pnpm@10.0.0", Some(Build), Some(true)),
                ("pkg:npm/%40s/plugin@2.0.0", Some(Runtime), Some(true)),
                ("pkg:npm/%40s/plugin@2.0.0", Some(Dev), Some(true)),
                ("pkg:npm/fsevents@2.3.3", Some(Optional), Some(true)),
                (
                    "pkg:npm/forked@1.1.0?vcs_url=git%2Bhttps://git.example.org/forked.git%400123456789abcdef0123456789abcdef01234567",
                    Some(Runtime),
                    Some(true)
                ),
                ("pkg:npm/peer@1.0.0", Some(Runtime), Some(true)),
                ("pkg:npm/peer@2.0.0", Some(Dev), None),
                ("pkg:npm/real@3.0.0", Some(Runtime), Some(true)),
                ("pkg:npm/vendored@0.1.0?download_url=file:vendor/vendored-0.1.0.tgz", Some(Dev), Some(true)),
            ]
        );
        let folders: Vec<_> = lock.packages.iter().filter_map(|p| p.folder.as_deref()).collect();
        assert_eq!(folders, ["", "packages/a"]);
        assert_eq!(
            edges(lock),
            ["@s/plugin 2.0.0 -> peer 1.0.0", "@s/plugin 2.0.0 -> peer 2.0.0", "forked 1.1.0 -> real 3.0.0",]
        );
        let plugin = lock.packages.iter().find(|p| p.name == "@s/plugin").unwrap();
        assert_eq!(plugin.hashes[0].algorithm, "SHA-512");
        assert_eq!(plugin.region.as_ref().unwrap().start_line, 55);
        // The link leads to the other project.
        let root = lock.packages.iter().position(|p| p.folder.as_deref() == Some("")).unwrap();
        let a = lock.packages.iter().position(|p| p.folder.as_deref() == Some("packages/a")).unwrap();
        assert!(lock.packages[root].dependencies.contains(&a));
    }

    #[test]
    fn version_5_has_slashes() {
        let evidence = fixture("pnpm-lock", "v5/pnpm-lock.yaml");
        let lock = lock(&evidence);
        let seen: Vec<_> = lock.packages.iter().map(|p| (p.purl.as_str(), p.scope, p.direct, p.local)).collect();
        use Scope::{Dev, Runtime};
        assert_eq!(
            seen,
            [
                ("pkg:npm/%40s/helper@1.2.0", Some(Runtime), None, false),
                ("pkg:npm/react@17.0.2", Some(Runtime), Some(true), false),
                ("pkg:npm/react-dom@17.0.2", Some(Runtime), Some(true), false),
                ("pkg:npm/tool@4.0.0", Some(Dev), Some(true), false),
                ("", None, None, true),
            ]
        );
        assert_eq!(edges(lock), ["react-dom 17.0.2 -> @s/helper 1.2.0", "react-dom 17.0.2 -> react 17.0.2"]);
    }

    #[test]
    fn broken_locks_name_the_line() {
        for (text, line) in [
            ("lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {x: [}\n", Some(3)),
            ("lockfileVersion: '9.0'\npackages: []\n", Some(2)),
            ("- a\n", Some(1)),
            ("lockfileVersion: '9.0'\nsnapshots:\n  a@1.0.0: {}\n  a@1.0.0: {}\n", Some(4)),
            ("lockfileVersion: '99.0'\n", Some(1)),
        ] {
            assert_eq!(notes(&with_text("pnpm-lock.yaml", text)).first().and_then(|n| n.line), line, "{text}");
        }
        assert!(notes(&with_text("pnpm-lock.yaml", "# nothing\n")).is_empty());
    }
}
