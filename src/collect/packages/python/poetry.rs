//! `poetry.lock`, of Poetry 0.12 to 2: exact packages, their edges, and digests, which stood in three places over time.

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};

use super::{PYPI, group_scope, hashes_of_files, normal_name, purl_of_index, purl_of_source, specifier};
use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::tables::{self, Table};
use crate::collect::packages::{integrity, locks};
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Hash, Locked, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if file.text().trim().is_empty() {
        return out.push(malformed(file, Some(1), "empty"));
    }
    let metadata = document.table("metadata");
    let mut packages: Vec<Locked> = Vec::new();
    let mut entries: Vec<&DeTable<'_>> = Vec::new();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (table, at) in document.list("package") {
        let (Some((name, span)), Some(version)) = (table.text("name"), table.str("version")) else {
            out.push(malformed(file, Some(file.line_at(at.start)), "a package without a text `name` and `version`"));
            continue;
        };
        by_name.entry(normal_name(name)).or_default().push(packages.len());
        packages.push(Locked { region: Some(file.region(span)), ..package(table, name, version, metadata) });
        entries.push(table);
    }
    for (from, table) in entries.iter().enumerate() {
        let Some(dependencies) = table.table("dependencies") else { continue };
        for (name, value) in dependencies {
            let Some(found) = by_name.get(&normal_name(name.get_ref())) else { continue };
            let found = fitting(found, value.get_ref(), &packages);
            packages[from].dependencies.extend(found);
        }
    }
    let all = (0..packages.len()).collect();
    packages.push(locks::project(all));
    out.push(locks::lock(file, PYPI, packages));
}

/// Of the versions of a name, those that a dependency can mean: the ones that one of its constraints allows, else all.
fn fitting(found: &[usize], value: &DeValue<'_>, packages: &[Locked]) -> Vec<usize> {
    let mut stated: Vec<&str> = Vec::new();
    match value {
        DeValue::String(text) => stated.push(text),
        DeValue::Table(table) => stated.extend(table.str("version")),
        DeValue::Array(list) => {
            stated.extend(
                list.iter().filter_map(|v| v.get_ref().as_table().map_or(v.get_ref().as_str(), |t| t.str("version"))),
            );
        }
        _ => {}
    }
    specifier::fitting(found, &stated, packages)
}

fn package(table: &DeTable<'_>, name: &str, version: &str, metadata: Option<&DeTable<'_>>) -> Locked {
    let source = table.table("source");
    let of = |key: &str| source.and_then(|s| s.str(key));
    let url = of("url").map(|url| without_credentials(url).into_owned());
    let (mut address, mut folder) = (None, None);
    let purl = match (of("type"), url) {
        (Some("git"), Some(url)) => {
            let commit = of("resolved_reference").or_else(|| of("reference")).unwrap_or_default();
            let scheme = if url.starts_with("git") { "" } else { "git+" };
            let git = format!("{scheme}{url}#{commit}");
            let purl = purl_of_source(name, version, &git);
            address = Some(git);
            purl
        }
        (Some("directory"), url) => {
            folder = url;
            purl_of_source(name, version, "")
        }
        (Some("file" | "url"), Some(url)) => {
            let purl = purl_of_source(name, version, &url);
            address = Some(url);
            purl
        }
        (Some("legacy"), Some(index)) => purl_of_index(name, version, &index),
        _ => purl_of_source(name, version, ""),
    };
    Locked {
        purl,
        name: normal_name(name),
        version: version.to_owned(),
        local: folder.is_some(),
        folder,
        scope: scope(table),
        hashes: hashes(table, name, metadata),
        resolved: address,
        ..Locked::default()
    }
}

/// What the package is needed for. Poetry 1.5 to 2.0 do not tell; the manifest does.
fn scope(table: &DeTable<'_>) -> Option<Scope> {
    let groups = table.texts("groups");
    let optional = table.flag("optional") == Some(true);
    let runtime = if optional { Scope::Optional } else { Scope::Runtime };
    match (table.str("category"), groups.is_empty()) {
        (Some("main"), _) => Some(runtime),
        (Some(category), _) => Some(group_scope(category, Scope::Dev)),
        (None, false) if groups.contains(&"main") => Some(runtime),
        (None, false) => groups.iter().map(|g| group_scope(g, Scope::Dev)).min(),
        (None, true) => optional.then_some(Scope::Optional),
    }
}

fn hashes(table: &DeTable<'_>, name: &str, metadata: Option<&DeTable<'_>>) -> Vec<Hash> {
    let own = hashes_of_files(table, "files");
    if !own.is_empty() {
        return own;
    }
    let mut hashes = metadata.and_then(|m| m.table("files")).map_or(Vec::new(), |files| hashes_of_files(files, name));
    if let Some(list) = metadata.and_then(|m| m.table("hashes")) {
        hashes.extend(list.texts(name).into_iter().filter_map(|hash| integrity::digest_of("sha256", hash)));
    }
    hashes.sort();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn poetry_2_has_groups() {
        let evidence = fixture("poetry-lock", "v2/poetry.lock");
        let lock = lock(&evidence);
        let seen: Vec<_> = lock.packages.iter().map(|p| (p.purl.as_str(), p.scope)).collect();
        use Scope::{Dev, Optional, Runtime};
        assert_eq!(
            seen,
            [
                (
                    "pkg:pypi/ike@0.2.0?vcs_url=git%2Bhttps://git.example.org/ike%400123456789abcdef0123456789abcdef01234567",
                    Some(Optional)
                ),
                ("pkg:pypi/private@1.0.0?repository_url=https://pypi.example.org/simple", Some(Dev)),
                ("pkg:pypi/typing-extensions@4.12.2", Some(Runtime)),
                ("", None),
            ]
        );
        assert_eq!(edges(lock), ["ike 0.2.0 -> typing-extensions 4.12.2"]);
        assert_eq!(lock.packages[2].hashes.len(), 2);
        assert_eq!(lock.packages[2].region.as_ref().unwrap().start_line, 38);
    }

    #[test]
    fn poetry_1_keeps_digests_apart() {
        let evidence = fixture("poetry-lock", "v1/poetry.lock");
        let lock = lock(&evidence);
        let seen: Vec<_> = lock.packages.iter().map(|p| (p.purl.as_str(), p.scope, p.hashes.len())).collect();
        assert_eq!(
            seen,
            [
                ("pkg:pypi/attrs@20.3.0", Some(Scope::Dev), 1),
                ("pkg:pypi/six@1.16.0", Some(Scope::Runtime), 1),
                ("", None, 0)
            ]
        );
    }

    #[test]
    fn broken_locks_name_the_line() {
        for (text, line) in [("[[package]]\nname = 'a\n", 2), ("\n[[package]]\nname = \"a\"\n", 2)] {
            assert_eq!(notes(&with_text("poetry.lock", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
    }
}
