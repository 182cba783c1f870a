//! `Pipfile` and `Pipfile.lock` (Pipenv's documentation, "Pipfile & Pipfile.lock").

use toml::de::{DeTable, DeValue};

use super::{PYPI, archive_version, group_scope, normal_name, purl_of_index, purl_of_source};
use crate::collect::packages::json::{self, Member, Node, Value};
use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::tables::{self, Table};
use crate::collect::packages::{integrity, locks};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Evidence, Locked, Manifest, Place, Scope};

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = Manifest { publishable: false, ..Manifest::new(Place::file(file.path.clone()), PYPI) };
    for (section, value) in &document {
        let section: &str = section.get_ref();
        if matches!(section, "source" | "requires" | "scripts" | "pipenv" | "pipfile") {
            continue;
        }
        let Some(table) = value.get_ref().as_table() else {
            out.push(malformed(file, Some(file.line_at(value.span().start)), format!("`{section}` is no table")));
            continue;
        };
        for (name, value) in table {
            let place = file.place(name.span().start..value.span().end.max(name.span().end));
            manifest.dependencies.extend(dependency(name.get_ref(), value.get_ref(), group(section), place));
        }
    }
    let python =
        document.table("requires").and_then(|r| r.text("python_version").or_else(|| r.text("python_full_version")));
    manifest.minimum_runtime = python.map(|(text, at)| (text.to_owned(), file.place(at)));
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// What a category is for, by the key of its table in either file.
fn group(section: &str) -> Scope {
    match section {
        "packages" | "default" => Scope::Runtime,
        "dev-packages" | "develop" => Scope::Dev,
        other => group_scope(other, Scope::Optional),
    }
}

/// A dependency by its key and value, as `Pipfile` and Poetry's tables state it: a requirement, or a table with one or
/// with the place it comes from.
pub(super) fn dependency(name: &str, value: &DeValue<'_>, scope: Scope, place: Place) -> Option<Dependency> {
    let of = |table: &DeTable<'_>, key: &str| table.str(key).map(str::to_owned);
    let (requirement, source, optional) = match value {
        DeValue::String(text) => (text.clone().into_owned(), None, false),
        DeValue::Table(table) => {
            let reference = ["rev", "tag", "branch", "ref"].into_iter().find_map(|key| table.str(key));
            let git = table.str("git").map(|url| {
                let scheme = if url.starts_with("git+") { "" } else { "git+" };
                let reference = reference.map_or(String::new(), |r| format!("#{r}"));
                format!("{scheme}{}{reference}", without_credentials(url))
            });
            let other = ["path", "url", "file"].into_iter().find_map(|key| of(table, key));
            let source = git.or_else(|| other.map(|url| without_credentials(&url).into_owned()));
            (of(table, "version").unwrap_or_default(), source, table.flag("optional") == Some(true))
        }
        // Poetry takes several tables for several platforms.
        DeValue::Array(list) => return dependency(name, list.first()?.get_ref(), scope, place),
        _ => return None,
    };
    let scope = if optional && scope == Scope::Runtime { Scope::Optional } else { scope };
    let requirement = if requirement == "*" { String::new() } else { requirement };
    Some(Dependency { name: normal_name(name), requirement, scope, source, place })
}

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let line = |at: u32| Some(file.line_at(at as usize));
    if !matches!(document.value, Value::Object(_)) {
        return out.push(malformed(file, line(document.at), format!("{} where an object belongs", document.kind())));
    }
    if let Some(member) = json::repeated_key(&document) {
        return out.push(malformed(file, line(member.key_at), format!("the key `{}` is repeated", member.key)));
    }
    let sources = document.get("_meta").and_then(|m| m.get("sources")).map_or(&[][..], Node::entries);
    let index = |name: &str| sources.iter().find(|s| s.text_of("name") == Some(name)).and_then(|s| s.text_of("url"));
    let mut packages = Vec::new();
    for category in document.members().iter().filter(|m| m.key != "_meta") {
        if !matches!(category.node.value, Value::Object(_)) {
            out.push(malformed(
                file,
                line(category.key_at),
                format!("`{}` is {}", category.key, category.node.kind()),
            ));
            continue;
        }
        for member in category.node.members() {
            let named = member.node.text_of("index").and_then(index);
            // What names no index comes from the first one.
            let index = named.or_else(|| sources.first().and_then(|s| s.text_of("url"))).unwrap_or_default();
            packages.push(package(file, member, group(&category.key), index));
        }
    }
    let all = (0..packages.len()).collect();
    packages.push(locks::project(all));
    out.push(locks::lock(file, PYPI, packages));
}

fn package(file: &SourceFile<'_>, member: &Member<'_>, scope: Scope, index: &str) -> Locked {
    let node = &member.node;
    // Old locks put markers behind the version, and a star where any will do.
    let version = node.text_of("version").unwrap_or_default().split(';').next().unwrap_or_default();
    let version = version.trim().trim_start_matches('=').trim_start_matches('*');
    let git = node.text_of("git").map(|url| {
        let scheme = if url.starts_with("git+") { "" } else { "git+" };
        format!("{scheme}{}#{}", without_credentials(url), node.text_of("ref").unwrap_or_default())
    });
    let file_or_path = node.text_of("file").or_else(|| node.text_of("path"));
    let folder = file_or_path
        .filter(|f| !f.contains("://") && ![".whl", ".tar.gz", ".zip"].iter().any(|end| f.ends_with(end)))
        .filter(|_| git.is_none());
    let address =
        git.or_else(|| file_or_path.filter(|_| folder.is_none()).map(|f| without_credentials(f).into_owned()));
    let name = &*member.key;
    // The name of an archive tells its version where the lock does not.
    let of_archive = address.as_deref().filter(|_| version.is_empty()).and_then(|a| archive_version(name, a));
    let version = of_archive.unwrap_or(version);
    let mut hashes: Vec<_> = node
        .get("hashes")
        .map_or(&[][..], Node::entries)
        .iter()
        .filter_map(|hash| integrity::named(hash.text()?))
        .collect();
    hashes.sort();
    Locked {
        purl: match &address {
            Some(address) => purl_of_source(name, version, address),
            None if folder.is_some() => purl_of_source(name, version, ""),
            None => purl_of_index(name, version, if version.is_empty() { "" } else { index }),
        },
        name: normal_name(name),
        version: version.to_owned(),
        local: folder.is_some(),
        folder: folder.map(|f| f.trim_start_matches("./").trim_end_matches('.').to_owned()),
        scope: folder.is_none().then_some(scope),
        hashes,
        resolved: address,
        region: Some(file.region(member.key_range(file))),
        ..Locked::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, inventory, lock, manifest, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn the_lock_and_its_manifest() {
        let evidence = fixture("pipfile-lock", "plain/Pipfile.lock");
        let seen: Vec<_> =
            lock(&evidence).packages.iter().map(|p| (p.purl.as_str(), p.scope, p.hashes.len())).collect();
        use Scope::{Dev, Runtime};
        assert_eq!(
            seen,
            [
                (
                    "pkg:pypi/forked?vcs_url=git%2Bhttps://git.example.org/forked.git%400123456789abcdef0123456789abcdef01234567",
                    Some(Runtime),
                    0
                ),
                ("pkg:pypi/requests@2.31.0", Some(Runtime), 1),
                ("pkg:pypi/urllib3@2.0.7", Some(Runtime), 1),
                ("pkg:pypi/private@1.0.0?repository_url=https://pypi.example.org/simple", Some(Dev), 0),
                ("", None, 0),
            ]
        );
        let inventory = inventory("pipfile-lock/plain");
        let direct: Vec<_> = inventory.packages.iter().map(|p| (p.name.as_str(), p.direct)).collect();
        assert_eq!(direct, [("forked", true), ("private", true), ("requests", true), ("urllib3", false)]);
    }

    #[test]
    fn old_locks_put_markers_behind_versions() {
        let text = r#"{"default": {"a": {"version": "==1.0; python_version<'3'"}, "b": {"version": "*"}}}"#;
        let evidence = with_text("Pipfile.lock", text);
        let purls: Vec<_> = lock(&evidence).packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(purls, ["pkg:pypi/a@1.0", "pkg:pypi/b", ""]);
    }

    #[test]
    fn a_manifest_of_its_own() {
        let evidence = fixture("pipfile", "plain/Pipfile");
        let seen: Vec<_> = manifest(&evidence)
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.scope, d.source.as_deref(), d.place.start_line()))
            .collect();
        use Scope::{Dev, Runtime};
        assert_eq!(
            seen,
            [
                ("pytest", ">=7", Dev, None, 12),
                ("flask", "", Runtime, None, 7),
                ("forked", "", Runtime, Some("git+https://git.example.org/forked.git#main"), 9),
                ("requests-oauthlib", "==1.3.1", Runtime, None, 8),
            ]
        );
    }

    #[test]
    fn broken_files_name_the_line() {
        assert_eq!(notes(&with_text("Pipfile", "[packages]\na = \n"))[0].line, Some(2));
        for (text, line) in [("{\n\"default\": []}", 2), ("[]", 1), ("{\"default\": {\n\"a\": {},\n\"a\": {}}}", 3)] {
            assert_eq!(notes(&with_text("Pipfile.lock", text))[0].line, Some(line), "{text}");
        }
    }
}
