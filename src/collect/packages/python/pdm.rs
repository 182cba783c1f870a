//! `pdm.lock`, of PDM 1 to 2: exact packages with edges as dependency specifiers, groups, and digests.

use std::collections::HashMap;

use toml::de::DeTable;

use super::{PYPI, group_scope, hashes_of_files, normal_name, pep508, purl_of_source, specifier};
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
    let files = document.table("metadata").and_then(|m| m.table("files"));
    let mut packages: Vec<Locked> = Vec::new();
    let mut entries: Vec<&DeTable<'_>> = Vec::new();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (table, at) in document.list("package") {
        let (Some((name, span)), Some(version)) = (table.text("name"), table.str("version")) else {
            out.push(malformed(file, Some(file.line_at(at.start)), "a package without a text `name` and `version`"));
            continue;
        };
        by_name.entry(normal_name(name)).or_default().push(packages.len());
        packages.push(Locked { region: Some(file.region(span)), ..package(table, name, version, files) });
        entries.push(table);
    }
    for (from, table) in entries.iter().enumerate() {
        for text in table.texts("dependencies") {
            let Some(asked) = pep508::parse(text) else { continue };
            let name = normal_name(asked.name);
            // A package with extras is an entry of its own, which leads back to the plain one by its pin.
            let found = by_name.get(&name).map_or(&[][..], Vec::as_slice);
            if packages[from].name != name {
                let fitting = specifier::fitting(found, &[asked.specifier], &packages);
                packages[from].dependencies.extend(fitting);
            }
        }
    }
    let all = (0..packages.len()).collect();
    packages.push(locks::project(all));
    out.push(locks::lock(file, PYPI, packages));
}

fn package(table: &DeTable<'_>, name: &str, version: &str, files: Option<&DeTable<'_>>) -> Locked {
    let path = table.str("path").map(|p| p.trim_start_matches("./").to_owned());
    let is_archive = path.as_deref().is_some_and(|p| [".whl", ".tar.gz", ".zip"].iter().any(|end| p.ends_with(end)));
    let address = match (table.str("git"), table.str("url")) {
        (Some(git), _) => {
            let commit = table.str("revision").or_else(|| table.str("ref")).unwrap_or_default();
            Some(format!("git+{}#{commit}", without_credentials(git.trim_start_matches("git+"))))
        }
        (None, Some(url)) => Some(without_credentials(url).into_owned()),
        (None, None) => path.clone().filter(|_| is_archive),
    };
    let folder = path.filter(|_| !is_archive);
    let mut hashes = hashes_of_files(table, "files");
    if let Some(files) = files {
        hashes.extend(hashes_of_files(files, &format!("{name} {version}")));
        hashes.sort();
    }
    Locked {
        purl: purl_of_source(name, version, address.as_deref().unwrap_or_default()),
        name: normal_name(name),
        version: version.to_owned(),
        local: folder.is_some(),
        folder,
        scope: scope(&table.texts("groups")),
        hashes,
        resolved: address,
        ..Locked::default()
    }
}

/// What the groups of a package say; before lock version 4.4 there were none.
fn scope(groups: &[&str]) -> Option<Scope> {
    let of = |group: &&str| if *group == "default" { Scope::Runtime } else { group_scope(group, Scope::Optional) };
    groups.iter().map(of).min()
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn groups_extras_and_git() {
        let evidence = fixture("pdm-lock", "v4/pdm.lock");
        let lock = lock(&evidence);
        let seen: Vec<_> = lock.packages.iter().map(|p| (p.purl.as_str(), p.scope, p.hashes.len())).collect();
        use Scope::{Optional, Runtime};
        assert_eq!(
            seen,
            [
                (
                    "pkg:pypi/forked@2.0.0?vcs_url=git%2Bhttps://git.example.org/forked%400123456789abcdef0123456789abcdef01234567",
                    Some(Optional),
                    0
                ),
                ("pkg:pypi/requests@2.31.0", Some(Runtime), 1),
                ("pkg:pypi/requests@2.31.0", Some(Runtime), 1),
                ("pkg:pypi/urllib3@2.0.7", Some(Runtime), 2),
                ("pkg:pypi/win-inet-pton@1.1.0", Some(Optional), 0),
                ("", None, 0),
            ]
        );
        assert_eq!(
            edges(lock),
            [
                "forked 2.0.0 -> win-inet-pton 1.1.0",
                "requests 2.31.0 -> urllib3 2.0.7",
                "requests 2.31.0 -> urllib3 2.0.7"
            ]
        );
    }

    #[test]
    fn broken_locks_name_the_line() {
        assert_eq!(notes(&with_text("pdm.lock", "[[package]]\nname = \n"))[0].line, Some(2));
        assert_eq!(notes(&with_text("pdm.lock", "[[package]]\nname = \"a\"\n"))[0].line, Some(1));
    }
}
