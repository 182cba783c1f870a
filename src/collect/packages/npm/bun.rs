//! `bun.lock`, the text lock file of bun: JSON with trailing commas (bun's documentation, "Lockfile").
//!
//! Each entry of `packages` is an array that begins with `name@version`; its key is where node would find it, as a path
//! of names (`chalk/supports-color` is the copy that belongs to `chalk`).

use std::collections::{BTreeSet, HashMap};

use super::{spec, yarn::split};
use crate::collect::packages::json::{self, Member, Node, Value};
use crate::collect::packages::{Broken, broken};
use crate::collect::packages::{integrity, locks, purl::purl_from};
use crate::collect::{SourceFile, malformed};
use crate::model::{Ecosystem, Evidence, Locked, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if super::manifest::is_installed(file.path) {
        return;
    }
    let text = json::strict(file.text());
    let mut notes = Vec::new();
    match packages(file, &text, &mut notes) {
        Ok(packages) => out.push(locks::lock(file, Ecosystem::NPM, packages)),
        Err(note) => out.push(*note),
    }
    out.append(&mut notes);
}

const TABLES: [(&str, Scope); 4] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("peerDependencies", Scope::Peer),
    ("devDependencies", Scope::Dev),
];

fn packages(file: &SourceFile<'_>, text: &str, notes: &mut Vec<Evidence>) -> Result<Vec<Locked>, Broken> {
    let document = json::parse_text(file, text)?;
    let wrong = |at: u32, reason: String| broken(file, Some(file.line_at(at as usize)), reason);
    if !matches!(document.value, Value::Object(_)) {
        return Err(wrong(document.at, format!("{} where an object belongs", document.kind())));
    }
    if let Some(member) = json::repeated_key(&document) {
        return Err(wrong(member.key_at, format!("the key `{}` is repeated", member.key)));
    }
    for key in ["packages", "workspaces"] {
        if let Some(node) = document.get(key).filter(|n| !matches!(n.value, Value::Object(_))) {
            return Err(wrong(node.at, format!("`{key}` is {}", node.kind())));
        }
    }
    let table = |key: &str| document.get(key).map_or(&[][..], Node::members);
    let mut packages: Vec<Locked> = Vec::new();
    let mut folders: HashMap<&str, usize> = HashMap::new();
    for member in table("workspaces") {
        let name = member.node.text_of("name").unwrap_or_default();
        let version = member.node.text_of("version").unwrap_or_default();
        folders.insert(&member.key, packages.len());
        packages.push(Locked {
            purl: if version.is_empty() { String::new() } else { purl_from("npm", name, version, "") },
            name: name.to_owned(),
            version: version.to_owned(),
            local: true,
            folder: Some(member.key.clone().into_owned()),
            region: Some(file.region(member.key_range(file))),
            ..Locked::default()
        });
    }
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut entries: Vec<(usize, &Member<'_>)> = Vec::new();
    for member in table("packages") {
        let Some(id) = member.node.entries().first().and_then(Node::text) else {
            notes.push(*wrong(member.key_at, format!("`{}` does not begin with a name and a version", member.key)));
            continue;
        };
        let (name, reference) = split(id);
        if let Some(&at) = reference.strip_prefix("workspace:").and_then(|path| folders.get(path)) {
            index.insert(&member.key, at);
            continue;
        }
        index.insert(&member.key, packages.len());
        entries.push((packages.len(), member));
        packages.push(package(file, member, name, reference));
    }

    let mut asked = Vec::new();
    for member in table("workspaces") {
        let from = folders[&*member.key];
        for (key, scope) in TABLES {
            for dependency in member.node.get(key).map_or(&[][..], Node::members) {
                let Some(to) = find(&index, &packages[from].name, &dependency.key) else { continue };
                packages[from].dependencies.push(to);
                if !packages[to].local {
                    asked.push((scope, to));
                }
            }
        }
    }
    let mut optional: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (from, member) in entries {
        let facts = member.node.entries().iter().find(|n| matches!(n.value, Value::Object(_)));
        let may_be_absent: BTreeSet<&str> = facts
            .and_then(|f| f.get("optionalPeers"))
            .map_or(&[][..], Node::entries)
            .iter()
            .filter_map(Node::text)
            .collect();
        for key in ["dependencies", "optionalDependencies", "peerDependencies"] {
            for dependency in facts.and_then(|f| f.get(key)).map_or(&[][..], Node::members) {
                let Some(to) = find(&index, &member.key, &dependency.key) else { continue };
                packages[from].dependencies.push(to);
                // An optional peer is there for another reason, but it is what gets used.
                if key == "optionalDependencies" || may_be_absent.contains(&*dependency.key) {
                    optional.insert((from, to));
                }
            }
        }
    }
    locks::spread_with_optional(&mut packages, &asked, &optional);
    if let Some(version) = document.get("lockfileVersion")
        && !matches!(version.value, Value::Number(n) if (0.0..=2.0).contains(&n))
    {
        notes.push(malformed(file, Some(file.line_at(version.at as usize)), "lock file version is not known"));
    }
    Ok(packages)
}

/// What the package at a path gets when it asks for `name`: the copy that belongs to it, else to one above it.
fn find(index: &HashMap<&str, usize>, path: &str, name: &str) -> Option<usize> {
    // Paths of real trees are a handful of names deep; this bounds the work on others.
    let mut at = if path.len() <= 1024 { path } else { "" };
    for _ in 0..32 {
        if at.is_empty() {
            break;
        }
        if let Some(&found) = index.get(format!("{at}/{name}").as_str()) {
            return Some(found);
        }
        // A scope and its name are one part of the path.
        let last = at.rfind('/');
        at = match last {
            Some(slash) => {
                let parent = &at[..slash];
                let scope = parent.rfind('/').map_or(parent, |s| &parent[s + 1..]);
                if scope.starts_with('@') {
                    parent[..parent.len() - scope.len()].trim_end_matches('/')
                } else {
                    parent
                }
            }
            None => "",
        };
    }
    index.get(name).copied()
}

fn package(file: &SourceFile<'_>, member: &Member<'_>, name: &str, reference: &str) -> Locked {
    let entries = member.node.entries();
    let local = ["file:", "link:", "root:", "workspace:"].iter().any(|p| reference.starts_with(p))
        && ![".tgz", ".tar.gz", ".tar"].iter().any(|end| reference.ends_with(end));
    let is_version = !reference.contains([':', '/']);
    let registry = entries.get(1).and_then(Node::text).filter(|_| is_version).unwrap_or_default();
    let source = if is_version { spec::locked_source(registry).unwrap_or_default() } else { address(reference) };
    let folder = reference.split_once(':').map_or("", |(_, path)| path);
    let integrity = entries.iter().skip(2).filter_map(Node::text).flat_map(integrity::hashes);
    Locked {
        purl: purl_from("npm", name, if is_version { reference } else { "" }, if local { "" } else { &source }),
        name: name.to_owned(),
        version: if is_version { reference.to_owned() } else { String::new() },
        local,
        folder: local.then(|| folder.trim_start_matches("./").to_owned()),
        hashes: integrity.collect(),
        resolved: (!source.is_empty()).then_some(source),
        region: Some(file.region(member.key_range(file))),
        ..Locked::default()
    }
}

fn address(reference: &str) -> String {
    spec::locked_source(reference).unwrap_or_else(|| reference.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn copies_belong_to_whoever_stands_in_front_of_them() {
        let evidence = fixture("bun-lock", "workspace/bun.lock");
        assert!(notes(&evidence).is_empty());
        let lock = lock(&evidence);
        let seen: Vec<_> =
            lock.packages.iter().map(|p| (p.purl.as_str(), p.folder.as_deref(), p.scope, p.direct)).collect();
        use Scope::{Dev, Runtime};
        assert_eq!(
            seen,
            [
                ("", Some(""), None, None),
                ("pkg:npm/%40s/lib@0.2.0", Some("packages/lib"), None, None),
                ("pkg:npm/chalk@4.1.2", None, Some(Dev), Some(true)),
                (
                    "pkg:npm/forked?vcs_url=git%2Bhttps://github.com/someone/forked%400123456",
                    None,
                    Some(Runtime),
                    Some(true)
                ),
                ("pkg:npm/supports-color@5.5.0", None, Some(Runtime), Some(true)),
                ("pkg:npm/has-flag@2.0.0", None, Some(Runtime), Some(true)),
                ("pkg:npm/supports-color@7.2.0", None, Some(Dev), None),
                ("pkg:npm/has-flag@3.0.0", None, Some(Runtime), None),
                ("pkg:npm/has-flag@1.0.0", None, Some(Runtime), Some(true)),
            ]
        );
        assert_eq!(
            edges(lock),
            [
                "@s/lib 0.2.0 -> has-flag 1.0.0",
                "chalk 4.1.2 -> supports-color 7.2.0",
                "root  -> @s/lib 0.2.0",
                "root  -> chalk 4.1.2",
                "root  -> forked ",
                "root  -> has-flag 2.0.0",
                "root  -> supports-color 5.5.0",
                "supports-color 5.5.0 -> has-flag 3.0.0",
                "supports-color 7.2.0 -> has-flag 2.0.0",
            ]
        );
        assert_eq!(lock.packages[2].hashes[0].algorithm, "SHA-1");
    }

    #[test]
    fn broken_locks_name_the_line() {
        for (text, line) in [
            ("{\n\"packages\": {,,}\n}", 2),
            ("[]", 1),
            ("{\"packages\":\n[]}", 2),
            ("{\"packages\": {\n\"a\": 1,}}", 2),
            ("{\n\"lockfileVersion\": 9,}", 2),
        ] {
            assert_eq!(notes(&with_text("bun.lock", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
    }
}
