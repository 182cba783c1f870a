//! `yarn.lock` of yarn 2 and later, which is YAML (yarn's "Lockfile" documentation, protocols of `@yarnpkg/core`).

use std::collections::HashMap;

use super::{spec, yarn::split};
use crate::collect::encoded::percent_decoded;
use crate::collect::packages::{locks, purl::purl_from};
use crate::collect::yaml::{self, Member, Node, Value};
use crate::collect::{SourceFile, malformed};
use crate::model::{Ecosystem, Evidence, Locked};

/// The version of a package of the project itself.
const LOCAL: &str = "0.0.0-use.local";

/// Reads the lock file; a broken one gives the note and nothing else.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if let Some(member) = yaml::repeated_key(&document) {
        let line = file.line_at(member.key_at.start);
        return out.push(malformed(file, Some(line), format!("the key `{}` is repeated", member.key)));
    }
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut packages: Vec<Locked> = Vec::new();
    let mut entries: Vec<(usize, &Member<'_>)> = Vec::new();
    let mut twins: HashMap<(String, String, String), usize> = HashMap::new();
    for member in document.members().iter().filter(|m| m.key != "__metadata") {
        if !matches!(member.node.value, Value::Mapping(_)) {
            let line = file.line_at(member.key_at.start);
            out.push(malformed(file, Some(line), format!("`{}` is {}", member.key, member.node.kind())));
            continue;
        }
        let package = package(file, member);
        // A patched package stands beside the one that it is made of, and is the same one here.
        let twin = (package.name.clone(), package.version.clone(), package.purl.clone());
        let at = if package.local { packages.len() } else { *twins.entry(twin).or_insert(packages.len()) };
        index.extend(member.key.split(", ").map(|key| (key, at)));
        entries.push((at, member));
        match packages.get_mut(at) {
            Some(known) => known.answers.extend(package.answers),
            None => packages.push(package),
        }
    }
    let mut by_name: HashMap<String, Option<usize>> = HashMap::new();
    for (at, package) in packages.iter().enumerate() {
        by_name.entry(package.name.clone()).and_modify(|only| *only = None).or_insert(Some(at));
    }
    for (from, member) in entries {
        // What a peer is answered by, the lock does not say; the only one of its name must be it.
        for peer in member.node.get("peerDependencies").map_or(&[][..], Node::members) {
            let only = by_name.get(&*peer.key).copied().flatten().filter(|_| !packages[from].local);
            packages[from].dependencies.extend(only);
        }
        for key in ["dependencies", "optionalDependencies"] {
            for asked in member.node.get(key).map_or(&[][..], Node::members) {
                let requirement = asked.node.text().unwrap_or_default();
                // Before version 7 the protocol was left out here. What a resolution of the project overrides is
                // asked for by its old requirement; it is found where it is the only one of its name.
                let to = index
                    .get(format!("{}@{requirement}", asked.key).as_str())
                    .or_else(|| index.get(format!("{}@npm:{requirement}", asked.key).as_str()))
                    .copied()
                    .or_else(|| by_name.get(&*asked.key).copied().flatten());
                if let Some(to) = to {
                    packages[from].dependencies.push(to);
                    if packages[from].local {
                        packages[to].direct = Some(true);
                    }
                }
            }
        }
    }
    out.push(locks::lock(file, Ecosystem::NPM, packages));
}

fn package(file: &SourceFile<'_>, member: &Member<'_>) -> Locked {
    let key = member.key.split(", ").next().unwrap_or_default();
    let resolution = member.node.text_of("resolution").unwrap_or(key);
    let (name, reference) = split(resolution);
    let stated = member.node.text_of("version").unwrap_or_default();
    let (protocol, rest) = reference.split_once(':').unwrap_or(("npm", reference));
    let path = rest.split("::").next().unwrap_or_default();
    let local = match protocol {
        "workspace" | "portal" | "link" => true,
        "file" => ![".tgz", ".tar.gz", ".tar"].iter().any(|end| path.ends_with(end)),
        _ => false,
    };
    let version = if stated == LOCAL { "" } else { stated };
    // A patched package is still the package; where its patch lies, the project's own files tell.
    let source = match protocol {
        _ if local => String::new(),
        "npm" | "patch" => archive(rest).unwrap_or_default(),
        // Behind the path as the manifest writes it stands that from where the archive is looked for.
        "file" => path.rsplit('#').next().unwrap_or_default().to_owned(),
        _ => spec::locked_source(&reference.replace("#commit=", "#")).unwrap_or_default(),
    };
    let folder = match path.split('#').next_back().unwrap_or_default() {
        "." => String::new(),
        path => path.trim_start_matches("./").to_owned(),
    };
    Locked {
        // Without a version a package of the project is told by its manifest alone.
        purl: if local && version.is_empty() { String::new() } else { purl_from("npm", name, version, &source) },
        name: name.to_owned(),
        version: version.to_owned(),
        local,
        folder: local.then_some(folder),
        answers: member
            .key
            .split(", ")
            .map(|key| spec::parse(stated_requirement(split(key).1)).requirement)
            .collect(),
        // The checksum is that of the archive that yarn packs for its cache, not of the published one.
        resolved: (!source.is_empty()).then_some(source),
        region: Some(file.region(member.key_at.clone())),
        ..Locked::default()
    }
}

/// The address of an archive that the registry does not serve under the usual path, which yarn notes behind `::`.
fn archive(reference: &str) -> Option<String> {
    let (_, bindings) = reference.split_once("::")?;
    let url = bindings.split('&').find_map(|b| b.strip_prefix("__archiveUrl="))?;
    spec::locked_source(&percent_decoded(url))
}

/// A requirement as manifests state it: they leave the default protocol out. An alias keeps it.
fn stated_requirement(requirement: &str) -> &str {
    match requirement.strip_prefix("npm:") {
        Some(range) if !range.trim_start_matches('@').contains('@') => range,
        _ => requirement,
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};

    #[test]
    fn protocols_and_workspaces() {
        let evidence = fixture("yarn-lock", "berry/yarn.lock");
        let lock = lock(&evidence);
        let seen: Vec<_> =
            lock.packages.iter().map(|p| (p.name.as_str(), p.purl.as_str(), p.folder.as_deref(), p.direct)).collect();
        assert_eq!(
            seen,
            [
                ("app", "", Some(""), None),
                ("lib", "", Some("packages/lib"), Some(true)),
                ("debug", "pkg:npm/debug@4.3.4", None, Some(true)),
                ("ms", "pkg:npm/ms@2.1.2", None, None),
                ("real", "pkg:npm/real@3.0.0", None, Some(true)),
                ("typescript", "pkg:npm/typescript@5.0.4", None, Some(true)),
                (
                    "forked",
                    "pkg:npm/forked@1.0.0?vcs_url=git%2Bhttps://git.example.org/forked.git%400123456789abcdef0123456789abcdef01234567",
                    None,
                    Some(true)
                ),
                (
                    "private",
                    "pkg:npm/private@1.0.0?download_url=https://npm.example.org/x/private-1.0.0.tgz",
                    None,
                    Some(true)
                ),
            ]
        );
        assert_eq!(lock.packages[2].answers, ["4.3.4", "^4.0.0"]);
        assert_eq!(lock.packages[4].answers, ["^3.0.0"]);
        let inner: Vec<_> = edges(lock).into_iter().filter(|e| !e.starts_with("app ")).collect();
        assert_eq!(inner, ["debug 4.3.4 -> ms 2.1.2", "lib  -> debug 4.3.4", "lib  -> typescript 5.0.4"]);
        assert_eq!(lock.packages[2].region.as_ref().unwrap().start_line, 30);
    }

    #[test]
    fn broken_locks_name_the_line() {
        for (text, line) in [
            ("__metadata:\n  version: 8\n\"a@npm:1\":\n  version: [\n", 5),
            ("__metadata:\n  version: 8\na: 1\n", 3),
            ("__metadata:\n  version: 8\na:\n  version: 1\na:\n  version: 2\n", 5),
        ] {
            let found = notes(&with_text("yarn.lock", text)).first().and_then(|n| n.line);
            assert!(found.is_some_and(|l| l == line || l + 1 == line), "{text}: {found:?}");
        }
    }
}
