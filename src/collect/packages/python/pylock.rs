//! `pylock.toml` (PEP 751): the lock file that every installer can read.

use std::collections::HashMap;

use toml::de::DeTable;

use super::{PYPI, archive_version, group_scope, normal_name, purl_of_index, purl_of_source};
use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::tables::{self, Table};
use crate::collect::packages::{integrity, locks};
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Hash, Locked, RelPath, Scope};

/// Whether a file goes by the name of a lock: `pylock.toml`, or `pylock.<name>.toml`.
pub(in crate::collect::packages) fn is_lock(name: &str, _: &RelPath) -> bool {
    name.starts_with("pylock.")
}

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if document.str("lock-version").is_none() {
        out.push(malformed(file, Some(1), "no `lock-version`, which PEP 751 asks for"));
    }
    let mut packages: Vec<Locked> = Vec::new();
    let mut entries: Vec<&DeTable<'_>> = Vec::new();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (table, at) in document.list("packages") {
        let Some((name, span)) = table.text("name") else {
            out.push(malformed(file, Some(file.line_at(at.start)), "a package without a text `name`"));
            continue;
        };
        by_name.entry(normal_name(name)).or_default().push(packages.len());
        packages.push(Locked { region: Some(file.region(span)), ..package(table, name) });
        entries.push(table);
    }
    for (from, table) in entries.iter().enumerate() {
        for (asked, _) in table.list("dependencies") {
            let found = asked.str("name").and_then(|name| by_name.get(&normal_name(name)));
            let version = asked.str("version");
            let fits = |at: &&usize| version.is_none_or(|v| packages[**at].version == v);
            let found: Vec<usize> =
                found.into_iter().flatten().filter(fits).take(locks::MOST_VERSIONS).copied().collect();
            packages[from].dependencies.extend(found);
        }
    }
    let all = (0..packages.len()).collect();
    packages.push(locks::project(all));
    out.push(locks::lock(file, PYPI, packages));
}

fn package(table: &DeTable<'_>, name: &str) -> Locked {
    let version = table.str("version").unwrap_or_default();
    let mut address = None;
    if let Some(vcs) = table.table("vcs") {
        let url = vcs.str("url").or_else(|| vcs.str("path")).unwrap_or_default();
        let commit = vcs.str("commit-id").unwrap_or_default();
        let kind = vcs.str("type").unwrap_or("git");
        address = Some(format!("{kind}+{}#{commit}", without_credentials(url)));
    } else if let Some(archive) = table.table("archive") {
        address = archive.str("url").or_else(|| archive.str("path")).map(|a| without_credentials(a).into_owned());
    }
    // The name of an archive tells its version where the lock does not.
    let version =
        address.as_deref().filter(|_| version.is_empty()).and_then(|a| archive_version(name, a)).unwrap_or(version);
    let version = &version.to_owned();
    let folder = table.table("directory").and_then(|d| d.str("path")).map(|p| p.trim_start_matches("./").to_owned());
    let purl = match (&address, table.str("index")) {
        (Some(address), _) => purl_of_source(name, version, address),
        (None, Some(index)) => purl_of_index(name, version, index),
        (None, None) => purl_of_source(name, version, ""),
    };
    let files = || {
        let single = ["archive", "sdist"].into_iter().filter_map(|key| table.table(key));
        single.chain(table.list("wheels").map(|(wheel, _)| wheel))
    };
    let mut hashes: Vec<Hash> = files().filter_map(|f| f.table("hashes")).flat_map(digests).collect();
    hashes.sort();
    hashes.dedup();
    let url = files().find_map(|f| f.str("url")).map(|url| without_credentials(url).into_owned());
    Locked {
        purl,
        name: normal_name(name),
        version: version.to_owned(),
        local: folder.is_some(),
        folder,
        scope: scope(table.str("marker").unwrap_or_default()),
        hashes,
        resolved: address.or(url),
        ..Locked::default()
    }
}

fn digests(table: &DeTable<'_>) -> impl Iterator<Item = Hash> {
    table.iter().filter_map(|(key, value)| integrity::digest_of(key.get_ref(), value.get_ref().as_str()?))
}

/// What a marker says: `"x" in extras` and `"x" in dependency_groups` name what a package is for.
fn scope(marker: &str) -> Option<Scope> {
    let named = |list: &'static str| {
        marker.match_indices(list).filter_map(|(at, _)| {
            let front = marker[..at].trim_end().strip_suffix("in")?.trim_end();
            let quote = front.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
            front[..front.len() - 1].rsplit(quote).next()
        })
    };
    let extras = named("extras").map(|name| group_scope(name, Scope::Optional));
    let groups = named("dependency_groups").map(|name| match name {
        "default" | "main" => Scope::Runtime,
        other => group_scope(other, Scope::Dev),
    });
    extras.chain(groups).min()
}

#[cfg(test)]
mod tests {
    use super::scope;
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn packages_of_every_source() {
        let evidence = fixture("pylock", "full/pylock.toml");
        assert!(notes(&evidence).is_empty());
        let lock = lock(&evidence);
        let seen: Vec<_> =
            lock.packages.iter().map(|p| (p.purl.as_str(), p.scope, p.hashes.len(), p.local)).collect();
        assert_eq!(
            seen,
            [
                ("pkg:pypi/attrs@25.1.0", None, 2, false),
                (
                    "pkg:pypi/cattrs@24.1.2?repository_url=https://pypi.example.org/simple",
                    Some(Scope::Test),
                    0,
                    false
                ),
                (
                    "pkg:pypi/forked?vcs_url=git%2Bhttps://git.example.org/forked%400123456789abcdef0123456789abcdef01234567",
                    None,
                    0,
                    false
                ),
                ("pkg:pypi/own", None, 0, true),
                ("", None, 0, true),
            ]
        );
        assert_eq!(edges(lock), ["cattrs 24.1.2 -> attrs 25.1.0"]);
    }

    #[test]
    fn markers_tell_what_a_package_is_for() {
        assert_eq!(scope("python_version >= \"3.6\" and \"security\" in extras"), Some(Scope::Optional));
        assert_eq!(scope("'dev' in dependency_groups or 'default' in dependency_groups"), Some(Scope::Runtime));
        assert_eq!(scope("'lint' in dependency_groups"), Some(Scope::Dev));
        assert_eq!(scope("os_name == 'nt'"), None);
        assert_eq!(scope("in extras é in dependency_groups"), None);
    }

    #[test]
    fn broken_locks_name_the_line() {
        assert_eq!(notes(&with_text("pylock.toml", "lock-version = \n"))[0].line, Some(1));
        assert_eq!(notes(&with_text("pylock.dev.toml", "lock-version = '1.0'\n[[packages]]\n"))[0].line, Some(2));
    }
}
