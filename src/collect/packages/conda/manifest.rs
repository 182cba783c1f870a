//! `pixi.toml` (pixi's documentation, "Configuration"): the packages that a workspace asks of conda and of PyPI.

use toml::de::{DeTable, DeValue};

use super::CONDA;
use crate::collect::SourceFile;
use crate::collect::packages::draft;
use crate::collect::packages::python::group_scope;
use crate::collect::packages::tables::{self, Table};
use crate::model::{Dependency, Evidence, LicenseField, Manifest, Scope};

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut conda = draft::manifest(file, CONDA);
    let mut pypi = draft::manifest(file, "pypi");
    conda.publishable = false;
    pypi.publishable = false;
    // The table was called `project` at first; a package that pixi builds has one of its own.
    let head = ["package", "workspace", "project"].into_iter().filter_map(|key| document.table(key));
    if let Some(head) = head.into_iter().find(|table| table.text("name").is_some()) {
        let text = |key: &str| head.str(key).map(str::to_owned);
        conda.name = text("name");
        conda.version = text("version");
        conda.description = text("description");
        conda.homepage = text("homepage");
        conda.repository = text("repository");
        conda.authors = head.texts("authors").into_iter().map(str::to_owned).collect();
        conda.place = head.text("name").map_or(conda.place, |(_, at)| file.place(at));
        conda.license = head.text("license").map(|(text, at)| LicenseField {
            text: text.to_owned(),
            place: file.place(at),
            spdx: true,
        });
    }
    asked(file, &document, Scope::Runtime, &mut conda, &mut pypi);
    let package = document.table("package");
    for (key, scope) in [
        ("host-dependencies", Scope::Build),
        ("build-dependencies", Scope::Build),
        ("run-dependencies", Scope::Runtime),
    ] {
        list(file, package.and_then(|p| p.table(key)), scope, &mut conda);
    }
    for (name, feature) in document.table("feature").map(tables::entries).unwrap_or_default() {
        let scope = match &**name.get_ref() {
            "build" => Scope::Dev,
            name => group_scope(name, Scope::Optional),
        };
        if let Some(feature) = feature.get_ref().as_table() {
            asked(file, feature, scope, &mut conda, &mut pypi);
        }
    }
    let full = |m: &Manifest| m.name.is_some() || !m.dependencies.is_empty();
    out.extend([conda, pypi].into_iter().filter(full).map(|m| Evidence::Manifest(Box::new(m))));
}

/// What a table asks for itself, and for one platform.
fn asked(file: &SourceFile<'_>, table: &DeTable<'_>, scope: Scope, conda: &mut Manifest, pypi: &mut Manifest) {
    let targets = table.table("target").map(tables::entries).unwrap_or_default();
    let targets = targets.into_iter().filter_map(|(_, target)| target.get_ref().as_table());
    for table in std::iter::once(table).chain(targets) {
        list(file, table.table("dependencies"), scope, conda);
        list(file, table.table("host-dependencies"), Scope::Build, conda);
        list(file, table.table("build-dependencies"), Scope::Build, conda);
        list(file, table.table("pypi-dependencies"), scope, pypi);
    }
}

fn list(file: &SourceFile<'_>, table: Option<&DeTable<'_>>, scope: Scope, out: &mut Manifest) {
    for (name, value) in table.map(tables::entries).unwrap_or_default() {
        let at = name.span().start..value.span().end;
        let (version, source) = match value.get_ref() {
            DeValue::String(text) => (text.clone().into_owned(), None),
            DeValue::Table(table) => (table.str("version").unwrap_or_default().to_owned(), source(table)),
            _ => continue,
        };
        let version = if version == "*" { String::new() } else { version };
        let known = |d: &Dependency| d.name == **name.get_ref() && d.requirement == version;
        if !out.dependencies.iter().any(known) {
            let mut found = draft::dependency(file, name.get_ref(), &version, scope, at);
            found.source = source;
            out.dependencies.push(found);
        }
    }
}

/// Where a package comes from when not from the workspace's channels.
fn source(table: &DeTable<'_>) -> Option<String> {
    let reference = ["rev", "tag", "branch"].into_iter().find_map(|key| table.str(key));
    let reference = reference.map(|r| format!("#{r}")).unwrap_or_default();
    let git = table
        .str("git")
        .map(|url| format!("git+{}{reference}", crate::collect::packages::purl::without_credentials(url)));
    let channel = table.str("channel").map(|c| format!("?channel={}", c.rsplit('/').next().unwrap_or(c)));
    git.or_else(|| ["path", "url"].into_iter().find_map(|key| table.str(key)).map(str::to_owned)).or(channel)
}
