//! `uv.lock` (uv's documentation, "Lockfile"): exact packages with their edges, archives and digests, and the needs of
//! the projects of the workspace.

use std::collections::HashMap;

use toml::de::DeTable;

use super::{PYPI, group_scope, hashes_of_files, normal_name, purl_of_index, purl_of_source};
use crate::collect::packages::integrity;
use crate::collect::packages::locks;
use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::tables::{self, Table};
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Locked, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if file.text().trim().is_empty() {
        return out.push(malformed(file, Some(1), "empty"));
    }
    let mut packages: Vec<Locked> = Vec::new();
    let mut entries: Vec<&DeTable<'_>> = Vec::new();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (table, at) in document.list("package") {
        let Some((name, span)) = table.text("name") else {
            out.push(malformed(file, Some(file.line_at(at.start)), "a package without a text `name`"));
            continue;
        };
        by_name.entry(normal_name(name)).or_default().push(packages.len());
        packages.push(Locked { region: Some(file.region(span)), ..package(table, name) });
        entries.push(table);
    }
    let find = |asked: &DeTable<'_>, packages: &[Locked]| -> Vec<usize> {
        let Some(found) = asked.str("name").and_then(|name| by_name.get(&normal_name(name))) else {
            return Vec::new();
        };
        // Where a name is locked in several versions, each dependency says which it means.
        let version = asked.str("version");
        let fits = |at: &&usize| version.is_none_or(|v| packages[**at].version == v);
        found.iter().filter(fits).take(locks::MOST_VERSIONS).copied().collect()
    };
    let mut asked = Vec::new();
    for (from, table) in entries.iter().enumerate() {
        let groups = ["optional-dependencies", "dev-dependencies"].into_iter().flat_map(|key| {
            let otherwise = if key == "dev-dependencies" { Scope::Dev } else { Scope::Optional };
            let group = table.table(key).into_iter();
            group.flat_map(move |g| {
                g.keys().map(move |k| (g, k.get_ref().as_ref(), group_scope(k.get_ref(), otherwise)))
            })
        });
        for (list, key, scope) in std::iter::once((*table, "dependencies", Scope::Runtime)).chain(groups) {
            for (dependency, _) in list.list(key) {
                for to in find(dependency, &packages) {
                    packages[from].dependencies.push(to);
                    if packages[from].local && !packages[to].local {
                        asked.push((scope, to));
                    }
                }
            }
        }
    }
    locks::spread(&mut packages, &asked);
    out.push(locks::lock(file, PYPI, packages));
}

fn package(table: &DeTable<'_>, name: &str) -> Locked {
    let version = table.str("version").unwrap_or_default();
    let source = table.table("source");
    let of = |key: &str| source.and_then(|s| s.str(key));
    let folder = ["editable", "virtual", "directory"].into_iter().find_map(of);
    let address = of("git").map(|url| format!("git+{}", without_credentials(url)));
    let address =
        address.or_else(|| of("url").or_else(|| of("path")).map(|url| without_credentials(url).into_owned()));
    let purl = match (&address, of("registry")) {
        (Some(address), _) => purl_of_source(name, version, address),
        (None, Some(index)) => purl_of_index(name, version, index),
        (None, None) => purl_of_source(name, version, ""),
    };
    let sdist = table.table("sdist");
    let mut hashes = hashes_of_files(table, "wheels");
    hashes.extend(sdist.and_then(|s| integrity::named(s.str("hash")?)));
    hashes.sort();
    let mut archives =
        sdist.and_then(|s| s.str("url")).into_iter().chain(table.list("wheels").filter_map(|(w, _)| w.str("url")));
    let archive = archives.next().map(|url| without_credentials(url).into_owned());
    Locked {
        // A project that takes its version from elsewhere has none here.
        purl,
        name: normal_name(name),
        version: version.to_owned(),
        local: folder.is_some(),
        folder: folder.map(|f| f.trim_start_matches("./").trim_end_matches('.').to_owned()),
        hashes,
        resolved: address.or(archive),
        ..Locked::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn a_workspace_with_groups_and_sources() {
        let evidence = fixture("uv-lock", "workspace/uv.lock");
        assert!(notes(&evidence).is_empty());
        let lock = lock(&evidence);
        let seen: Vec<_> =
            lock.packages.iter().map(|p| (p.purl.as_str(), p.scope, p.direct, p.folder.as_deref())).collect();
        use Scope::{Dev, Optional, Runtime};
        assert_eq!(
            seen,
            [
                ("pkg:pypi/app@0.1.0", None, None, Some("")),
                (
                    "pkg:pypi/forked@2.0.0?vcs_url=git%2Bhttps://git.example.org/forked%400123456789abcdef0123456789abcdef01234567",
                    Some(Optional),
                    Some(true),
                    None
                ),
                ("pkg:pypi/member@0.2.0", None, None, Some("libs/member")),
                ("pkg:pypi/numpy@1.26.4", Some(Runtime), Some(true), None),
                ("pkg:pypi/numpy@2.2.0", Some(Runtime), Some(true), None),
                (
                    "pkg:pypi/private@1.0.0?repository_url=https://pypi.example.org/simple",
                    Some(Dev),
                    Some(true),
                    None
                ),
                ("pkg:pypi/typing-extensions@4.12.2", Some(Optional), None, None),
            ]
        );
        assert_eq!(
            edges(lock),
            [
                "app 0.1.0 -> forked 2.0.0",
                "app 0.1.0 -> member 0.2.0",
                "app 0.1.0 -> numpy 1.26.4",
                "app 0.1.0 -> private 1.0.0",
                "forked 2.0.0 -> typing-extensions 4.12.2",
                "member 0.2.0 -> numpy 2.2.0",
            ]
        );
        let numpy = &lock.packages[3];
        assert_eq!((numpy.hashes.len(), numpy.hashes[0].algorithm.as_str()), (2, "SHA-256"));
        assert_eq!(numpy.resolved.as_deref(), Some("https://files.pythonhosted.org/packages/numpy-1.26.4.tar.gz"));
        assert_eq!(numpy.region.as_ref().unwrap().start_line, 43);
    }

    #[test]
    fn broken_locks_name_the_line() {
        for (text, line) in [("version = 1\n[[package]\n", 2), ("version = 1\n[[package]]\nversion = \"1\"\n", 2)] {
            assert_eq!(notes(&with_text("uv.lock", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
    }
}
