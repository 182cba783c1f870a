//! `package.json`, as npm documents it, legacy shapes included.

use super::{license, spec};
use crate::collect::packages::json::{self, Member, Node, Value};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Ecosystem, Evidence, Inheritance, LicenseField, Manifest, Place, RelPath, Scope};

/// Whether the path lies in a `node_modules` folder: an installed copy, not a part of the project.
pub(in crate::collect::packages) fn is_installed(path: &RelPath) -> bool {
    path.parent().as_str().split('/').any(|part| part == "node_modules")
}

/// Reads the manifest; a broken one gives the note and nothing else. A key that is repeated is noted, and its last
/// value taken, as npm does.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        // Packages ship broken files as test data; an installed copy is none of the project's files.
        Err(_) if is_installed(file.path) => return,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, Value::Object(_)) {
        if !is_installed(file.path) {
            let line = file.line_at(document.at as usize);
            out.push(malformed(file, Some(line), format!("{} where an object belongs", document.kind())));
        }
        return;
    }
    let mut reader = Reader { file, notes: Vec::new() };
    if let Some(member) = json::repeated_key(&document) {
        reader.note(member.key_at, format!("the key `{}` is repeated; npm takes the last value", member.key));
    }
    if let Some(manifest) = reader.manifest(&document) {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
    if !is_installed(file.path) {
        out.append(&mut reader.notes);
    }
}

struct Reader<'f, 't> {
    file: &'f SourceFile<'t>,
    notes: Vec<Evidence>,
}

impl Reader<'_, '_> {
    /// The manifest; `None` for a file that describes no package (`{"type": "module"}` beside scripts).
    fn manifest(&mut self, document: &Node<'_>) -> Option<Manifest> {
        let text = |key: &str| document.text_of(key).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let name = text("name");
        // npm refuses to work in a folder whose package has such a name: the file is that of another program.
        if name.as_ref().is_some_and(|name| name.contains(char::is_whitespace)) {
            return None;
        }
        let tells = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "workspaces"];
        if name.is_none() && !tells.iter().any(|key| document.get(key).is_some()) {
            return None;
        }
        let (license, license_file) = self.license(document);
        let scripts = document.get("scripts");
        let has_script = |name: &str| scripts.is_some_and(|s| s.get(name).is_some());
        let private = document.flag("private");
        let node_range = document.get("engines").and_then(|e| e.get("node"));
        let members = document.get("workspaces").map(|node| {
            let list = node.get("packages").unwrap_or(node);
            list.entries().iter().filter_map(Node::text).map(str::to_owned).collect()
        });
        let place = match document.get("name") {
            Some(node) if name.is_some() => node.place(self.file),
            _ => Place::file(self.file.path.clone()),
        };
        Some(Manifest {
            place,
            ecosystem: Ecosystem::NPM,
            publishable: name.is_some() && !private,
            application: document.get("bin").is_some() || private && has_script("start"),
            compiled: ["build", "compile"].into_iter().any(has_script),
            name,
            version: text("version"),
            license,
            license_file,
            readme: None,
            workspace: None,
            descriptive: false,
            dependencies: self.dependencies(document),
            description: text("description"),
            repository: address(document.get("repository")),
            homepage: text("homepage"),
            authors: people(document),
            minimum_runtime: node_range.and_then(|n| Some((n.text()?.to_owned(), n.place(self.file)))),
            inheritance: Inheritance { members, ..Inheritance::default() },
        })
    }

    /// The license field, and the file that it sends the reader to (`SEE LICENSE IN …`).
    fn license(&self, document: &Node<'_>) -> (Option<LicenseField>, Option<(RelPath, Place)>) {
        let found = ["license", "licenses", "licence"].iter().find_map(|key| {
            let member = document.members().iter().rev().find(|m| m.key == *key)?;
            Some((license(&member.node)?, member))
        });
        let Some((text, member)) = found else { return (None, None) };
        let place = self.file.place(member.range(self.file));
        let see = text.strip_prefix("SEE LICENSE IN ").and_then(|path| {
            Some((self.file.path.parent().join(path.trim_matches(['<', '>', ' ']))?, place.clone()))
        });
        (Some(LicenseField { text, place, spdx: true }), see)
    }

    fn dependencies(&mut self, document: &Node<'_>) -> Vec<Dependency> {
        let tables = [
            ("dependencies", Scope::Runtime),
            ("optionalDependencies", Scope::Optional),
            ("peerDependencies", Scope::Peer),
            ("devDependencies", Scope::Dev),
        ];
        let mut out = Vec::new();
        let optional = document.get("optionalDependencies");
        let peers = document.get("peerDependenciesMeta");
        for (key, scope) in tables {
            let Some(table) = document.get(key) else { continue };
            if !matches!(table.value, Value::Object(_)) {
                self.note(table.at, format!("`{key}` is {}", table.kind()));
                continue;
            }
            // npm lists an optional dependency under `dependencies` as well; it is optional all the same.
            let doubled: std::collections::BTreeSet<&str> = match (key, optional) {
                ("dependencies", Some(optional)) => optional.members().iter().map(|m| &*m.key).collect(),
                _ => Default::default(),
            };
            let optional_peers: std::collections::BTreeSet<&str> = match (key, peers) {
                ("peerDependencies", Some(meta)) => {
                    meta.members().iter().filter(|m| m.node.flag("optional")).map(|m| &*m.key).collect()
                }
                _ => Default::default(),
            };
            for member in table.members() {
                if doubled.contains(&*member.key) {
                    continue;
                }
                let scope = if optional_peers.contains(&*member.key) { Scope::Optional } else { scope };
                out.extend(self.dependency(member, scope));
            }
        }
        out
    }

    fn dependency(&mut self, member: &Member<'_>, scope: Scope) -> Option<Dependency> {
        let Some(value) = member.node.text() else {
            self.note(member.key_at, format!("the dependency `{}` is {}", member.key, member.node.kind()));
            return None;
        };
        let spec = spec::parse(value);
        Some(Dependency {
            name: spec.name.unwrap_or_else(|| member.key.clone().into_owned()),
            requirement: spec.requirement,
            scope,
            source: spec.source,
            place: self.file.place(member.range(self.file)),
        })
    }

    fn note(&mut self, at: u32, reason: impl std::fmt::Display) {
        self.notes.push(malformed(self.file, Some(self.file.line_at(at as usize)), reason));
    }
}

/// The address of a repository, written as a text or as an object with a `url`.
fn address(node: Option<&Node<'_>>) -> Option<String> {
    let node = node?;
    node.text().or_else(|| node.text_of("url")).map(str::to_owned)
}

/// Author, contributors and maintainers: texts as written, objects as `name <mail>`.
fn people(document: &Node<'_>) -> Vec<String> {
    let author = document.get("author");
    let lists = ["contributors", "maintainers"].into_iter().filter_map(|key| document.get(key));
    let mut people: Vec<String> = Vec::new();
    for node in author.into_iter().chain(lists.flat_map(Node::entries)) {
        let person = match (node.text(), node.text_of("name"), node.text_of("email")) {
            (Some(text), ..) => text.to_owned(),
            (None, Some(name), Some(mail)) => format!("{name} <{mail}>"),
            (None, Some(name), None) => name.to_owned(),
            _ => continue,
        };
        people.push(person);
    }
    people
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, manifest, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn dependencies_of_every_kind() {
        let evidence = fixture("package-json", "plain/package.json");
        let seen: Vec<_> = manifest(&evidence)
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.scope, d.source.as_deref(), d.place.start_line()))
            .collect();
        use Scope::{Dev, Optional, Peer, Runtime};
        assert_eq!(
            seen,
            [
                ("left", "^1.0.0", Runtime, None, 14),
                ("real", "~2.1", Runtime, None, 15),
                ("forked", "", Runtime, Some("git+https://github.com/someone/forked#semver:^3"), 16),
                ("native", "1.x", Optional, None, 20),
                ("react", ">=17", Peer, None, 23),
                ("vue", "*", Optional, None, 24),
                ("mocha", "10", Dev, None, 30),
            ]
        );
    }

    #[test]
    fn what_the_package_says_of_itself() {
        let evidence = fixture("package-json", "plain/package.json");
        let m = manifest(&evidence);
        assert_eq!((m.name.as_deref(), m.version.as_deref()), (Some("@scope/plain"), Some("3.2.1")));
        assert_eq!(m.license.as_ref().unwrap().place.start_line(), 4);
        assert_eq!(m.license_file.as_ref().unwrap().0.as_str(), "plain/docs/LICENSE.txt");
        assert!(!m.publishable && m.application && m.compiled);
        assert_eq!(m.minimum_runtime.as_ref().unwrap().0, ">=18");
        assert_eq!(m.authors, ["A. Person <a@example.org>"]);
        assert_eq!(m.repository.as_deref(), Some("git+https://git.example.org/plain.git"));
    }

    #[test]
    fn licenses_in_their_legacy_shapes() {
        let of = |field: &str| {
            let text = format!("{{\"name\": \"a\", {field}}}");
            manifest(&with_text("package.json", &text)).license.as_ref().map(|l| l.text.clone())
        };
        assert_eq!(of(r#""license": "ISC""#).as_deref(), Some("ISC"));
        assert_eq!(of(r#""license": {"type": "ISC", "url": "x"}"#).as_deref(), Some("ISC"));
        assert_eq!(
            of(r#""licenses": [{"type": "MIT"}, {"type": "Apache-2.0"}]"#).as_deref(),
            Some("MIT OR Apache-2.0")
        );
        assert_eq!(of(r#""license": ["MIT", "Apache2"]"#).as_deref(), Some("MIT OR Apache2"));
        assert_eq!(of(r#""license": """#), None);
        assert_eq!(of(r#""license": [[["MIT"]]]"#), None);
    }

    #[test]
    fn files_that_describe_no_package_say_nothing() {
        assert!(with_text("dist/package.json", r#"{"type": "module"}"#).is_empty());
        assert!(with_text("node_modules/a/package.json", "{").is_empty());
    }

    #[test]
    fn broken_manifests_name_the_line() {
        for (text, line) in [
            ("{\n \"name\": \"a\",\n", 3),
            ("[]", 1),
            ("{\"name\": \"a\",\n\"dependencies\": []}", 2),
            ("{\"name\": \"a\", \"dependencies\": {\n\"x\": 1}}", 2),
            ("{\"name\": \"a\",\n\"name\": \"b\"}", 2),
        ] {
            assert_eq!(notes(&with_text("package.json", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
    }
}
