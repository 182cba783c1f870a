//! `gleam.toml` and `manifest.toml`, as Gleam's documentation describes them.

use toml::de::DeValue;

use super::HEX;
use crate::collect::SourceFile;
use crate::collect::packages::draft::{self, Draft, hex_hash};
use crate::collect::packages::purl::{purl_from, without_credentials};
use crate::collect::packages::tables::{self, Table};
use crate::model::{Evidence, LicenseField, Scope};

/// Reads `manifest.toml`.
pub(in crate::collect::packages) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, HEX);
    let mut edges: Vec<(usize, String)> = Vec::new();
    let list = document.value("packages").and_then(|v| v.get_ref().as_array());
    for entry in list.into_iter().flat_map(|list| list.iter()) {
        let table = entry.get_ref().as_table();
        let Some((table, ((name, at), (version, _)))) =
            table.and_then(|t| Some((t, t.text("name").zip(t.text("version"))?)))
        else {
            draft.note(entry.span().start, "a package without a text `name` or `version`");
            continue;
        };
        let text = |key: &str| table.text(key).map(|(text, _)| text);
        let mut package = draft.package(name, version, at);
        match text("source") {
            Some("git") => {
                let (repository, commit) = (text("repo").unwrap_or_default(), text("commit").unwrap_or_default());
                let source = format!("git+{}#{commit}", without_credentials(repository));
                package.purl = purl_from(HEX, name, version, &source);
                package.resolved = Some(source);
            }
            Some("local") => {
                package.local = true;
                package.folder = text("path").map(str::to_owned);
            }
            _ => package.hashes.extend(text("outer_checksum").and_then(|c| hex_hash("SHA-256", c))),
        }
        let index = draft.add(package);
        edges.extend(table.texts("requirements").into_iter().map(|name| (index, name.to_owned())));
    }
    draft.link(edges.iter().map(|(from, name)| (*from, name.as_str())));
    if let Some(direct) = document.table("requirements") {
        for package in &mut draft.packages {
            package.direct = Some(direct.contains_key(package.name.as_str()));
        }
    }
    draft.finish(out);
}

/// Reads `gleam.toml`.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, HEX);
    let text = |key: &str| document.text(key).map(|(text, _)| text.to_owned());
    manifest.name = text("name");
    manifest.version = text("version");
    manifest.description = text("description");
    if let Some((_, at)) = document.text("name") {
        manifest.place = file.place(at);
    }
    let licenses = document.texts("licences");
    if let Some(value) = document.value("licences").filter(|_| !licenses.is_empty()) {
        let place = file.place(value.span());
        manifest.license = Some(LicenseField { text: licenses.join(" AND "), place, spdx: true });
    }
    let tables =
        [("dependencies", Scope::Runtime), ("dev-dependencies", Scope::Dev), ("dev_dependencies", Scope::Dev)];
    for (key, scope) in tables {
        let Some(table) = document.table(key) else { continue };
        for (name, value) in tables::entries(table) {
            let at = name.span().start..value.span().end;
            let mut found = draft::dependency(file, name.get_ref(), "", scope, at);
            match value.get_ref() {
                DeValue::String(requirement) => found.requirement = requirement.trim().to_owned(),
                DeValue::Table(table) => {
                    let text = |key: &str| table.text(key).map(|(text, _)| text);
                    let reference = text("ref").map(|r| format!("#{r}")).unwrap_or_default();
                    let git = text("git").map(|git| format!("git+{}{reference}", without_credentials(git)));
                    found.source = git.or_else(|| text("path").map(str::to_owned));
                }
                _ => continue,
            }
            manifest.dependencies.push(found);
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
