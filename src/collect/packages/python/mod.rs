//! Python: what pip, uv, Poetry, PDM, Pipenv and setuptools read and write.

pub(super) mod pdm;
mod pep508;
pub(super) mod pipenv;
pub(super) mod poetry;
pub(super) mod pylock;
pub(super) mod pyproject;
pub(super) mod requirements;
pub(super) mod script;
pub(super) mod setup_cfg;
pub(super) mod setup_py;
mod specifier;
pub(super) mod uv;

use toml::de::DeTable;

use super::integrity;
use super::purl::{self, purl_from, without_credentials};
use super::tables::Table;
use crate::model::{Dependency, Ecosystem, Hash, Inventory, Place, Scope};

/// Python packages.
const PYPI: Ecosystem = Ecosystem::of("pypi");

pub(super) use specifier::allows;

/// Says of each project which workspace of uv it belongs to, and applies constraints. Running it again changes nothing.
pub(super) fn resolve(inventory: &mut Inventory) {
    super::system::python::adopt(inventory);
    super::npm::workspace::members(inventory, &PYPI);
    requirements::included(inventory);
    requirements::constrain(inventory);
}

/// A project name in the one spelling that all others are compared by (PEP 503): lower case, runs of `-_.` as one dash.
pub(super) fn normal_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// What a group of dependencies or an extra is for, by its name: the names that projects agree on; others are what the
/// caller makes of them.
pub(in crate::collect::packages) fn group_scope(name: &str, otherwise: Scope) -> Scope {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| name.split(['-', '_', '.', ' ', '/']).any(|part| words.contains(&part));
    if has(&["test", "tests", "testing", "pytest"]) {
        Scope::Test
    } else if has(&["dev", "develop", "development", "lint", "linting", "typing", "mypy", "doc", "docs", "ci"]) {
        Scope::Dev
    } else {
        otherwise
    }
}

/// Whether an index is the default one, which needs no qualifier.
fn is_default_index(url: &str) -> bool {
    let url = url.trim_end_matches('/');
    matches!(
        url.trim_start_matches("https://"),
        "pypi.org/simple" | "pypi.org/pypi" | "pypi.python.org/simple" | "files.pythonhosted.org"
    )
}

/// The purl of a package from another index.
fn purl_of_index(name: &str, version: &str, index: &str) -> String {
    let index = without_credentials(index);
    purl::purl("pypi", name, version, &[("repository_url", if is_default_index(&index) { "" } else { &index })])
}

/// The dependency that a text of PEP 508 asks for; `None` when it is none.
fn dependency(text: &str, scope: Scope, place: Place) -> Option<Dependency> {
    let asked = pep508::parse(text)?;
    // The fragment of an archive's address holds its digest; that of a repository says what is meant.
    let url = asked.url.map(|url| if purl::is_git(url) { url } else { url.split('#').next().unwrap_or(url) });
    let version = url.and_then(|url| archive_version(asked.name, url));
    Some(Dependency {
        name: normal_name(asked.name),
        requirement: version.map_or_else(|| asked.specifier.to_owned(), |version| format!("=={version}")),
        scope,
        source: url.map(|url| without_credentials(url).into_owned()),
        place,
    })
}

/// The version that the name of an archive tells: `name-version-….whl` (binary distribution format) and
/// `name-version.tar.gz` or `.zip` (source distribution format).
fn archive_version<'u>(name: &str, url: &'u str) -> Option<&'u str> {
    let file = url.rsplit('/').next()?;
    if let Some(wheel) = file.strip_suffix(".whl") {
        let mut parts = wheel.split('-');
        return parts.next().filter(|part| normal_name(part) == normal_name(name)).and(parts.next());
    }
    let stem = [".tar.gz", ".zip", ".tgz", ".tar.bz2"].iter().find_map(|end| file.strip_suffix(end))?;
    let (own, version) = stem.rsplit_once('-')?;
    let is_version = version.starts_with(|c: char| c.is_ascii_digit());
    (is_version && normal_name(own) == normal_name(name)).then_some(version)
}

/// The purl of a package that comes from a repository, an archive or a folder.
fn purl_of_source(name: &str, version: &str, source: &str) -> String {
    purl_from("pypi", name, version, source)
}

/// The digests of the files that a TOML list names (`hash = "sha256:…"`), sorted.
fn hashes_of_files(table: &DeTable<'_>, key: &str) -> Vec<Hash> {
    let mut hashes: Vec<Hash> = table.list(key).filter_map(|(file, _)| integrity::named(file.str("hash")?)).collect();
    hashes.sort();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(normal_name("Friendly-Bard"), "friendly-bard");
        assert_eq!(normal_name("FrIeNdLy-._.-bArD"), "friendly-bard");
        assert_eq!(normal_name("zope.interface"), "zope-interface");
    }

    #[test]
    fn archives_tell_versions() {
        let of = |name, file: &str| {
            archive_version(name, &format!("https://host.example.org/x/{file}")).map(str::to_owned)
        };
        assert_eq!(of("my.lib", "my_lib-1.0-py3-none-any.whl").as_deref(), Some("1.0"));
        assert_eq!(of("my-lib", "my-lib-2.0.tar.gz").as_deref(), Some("2.0"));
        for (name, file) in
            [("other", "my_lib-1.0-py3-none-any.whl"), ("a", "1.26.8.zip"), ("a", "a-main.zip"), ("a", "")]
        {
            assert_eq!(of(name, file), None, "{file}");
        }
    }

    #[test]
    fn groups_are_known_by_their_words() {
        assert_eq!(group_scope("test", Scope::Optional), Scope::Test);
        assert_eq!(group_scope("dev-tools", Scope::Optional), Scope::Dev);
        assert_eq!(group_scope("security", Scope::Optional), Scope::Optional);
        assert_eq!(group_scope("device", Scope::Optional), Scope::Optional);
    }
}
