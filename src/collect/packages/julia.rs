//! Julia: `Manifest.toml` of every format and `Project.toml` (Pkg's documentation, "Project.toml and Manifest.toml").

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};

use super::draft::{self, Draft};
use super::purl::{purl, without_credentials};
use super::tables::{self, Table};
use crate::collect::SourceFile;
use crate::model::{Evidence, RelPath, Scope};

const JULIA: &str = "julia";

/// Whether the file is Julia's: the name in this case, perhaps with a version of Julia in it.
pub(super) fn is_manifest(_: &str, path: &RelPath) -> bool {
    let name = path.name();
    matches!(name, "Manifest.toml" | "JuliaManifest.toml") || name.starts_with("Manifest-v")
}

/// Reads the manifest, which is Julia's word for its lock file.
pub(super) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, JULIA);
    let julia = document.text("julia_version").map(|(version, _)| version);
    // Format 2 put the packages below a table of their own.
    let modern = document.contains_key("manifest_format");
    let packages = if modern { document.table("deps") } else { Some(&document) };
    let mut edges: Vec<(usize, String, Option<String>)> = Vec::new();
    for (name, entries) in packages.map(tables::entries).unwrap_or_default() {
        let Some(list) = entries.get_ref().as_array() else { continue };
        for entry in list.iter() {
            let Some(table) = entry.get_ref().as_table() else { continue };
            let text = |key: &str| table.text(key).map(|(text, _)| text);
            // What comes with Julia has its version.
            let bundled = text("git-tree-sha1").is_none() && text("path").is_none();
            let version = text("version").or(julia.filter(|_| bundled)).unwrap_or_default();
            let at = table.text("uuid").map_or_else(|| entry.span(), |(_, at)| at);
            let mut package = draft.package(name.get_ref(), version, at);
            let git = text("repo-url").map(|url| {
                let revision = text("repo-rev").map(|r| format!("@{r}")).unwrap_or_default();
                format!("git+{}{revision}", without_credentials(url))
            });
            let qualifiers =
                [("uuid", text("uuid").unwrap_or_default()), ("vcs_url", git.as_deref().unwrap_or_default())];
            package.purl = purl(JULIA, name.get_ref(), version, &qualifiers);
            package.resolved = git;
            // What is developed lies in a folder of its own, whose manifest says more; a single file has none.
            if let Some(path) = text("path").filter(|path| !path.ends_with(".jl")) {
                package.local = true;
                package.folder = Some(path.replace('\\', "/"));
            }
            let index = draft.add(package);
            match table.value("deps").map(|v| v.get_ref()) {
                Some(DeValue::Array(names)) => {
                    let names = names.iter().filter_map(|n| n.get_ref().as_str());
                    edges.extend(names.map(|name| (index, name.to_owned(), None)));
                }
                Some(DeValue::Table(names)) => edges.extend(names.iter().map(|(name, uuid)| {
                    (index, name.get_ref().clone().into_owned(), uuid.get_ref().as_str().map(str::to_owned))
                })),
                _ => {}
            }
        }
    }
    let mut by_uuid: HashMap<String, usize> = HashMap::new();
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, package) in draft.packages.iter().enumerate() {
        let uuid = package.purl.rsplit_once("uuid=").map(|(_, rest)| rest.split('&').next().unwrap_or(rest));
        by_uuid.extend(uuid.map(|uuid| (uuid.to_owned(), at)));
        by_name.entry(&package.name).or_default().push(at);
    }
    let links: Vec<(usize, usize)> = edges
        .iter()
        .filter_map(|(from, name, uuid)| {
            let by_id = uuid.as_ref().and_then(|uuid| by_uuid.get(uuid).copied());
            // Without the identifier, the name tells one package alone.
            let to = by_id.or_else(|| by_name.get(name.as_str())?.first().copied())?;
            (to != *from).then_some((*from, to))
        })
        .collect();
    for (from, to) in links {
        draft.packages[from].dependencies.push(to);
    }
    draft.finish(out);
}

/// Reads `Project.toml`.
pub(super) fn read_project(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    // Others call a file so as well.
    if !["deps", "uuid", "compat", "extras"].iter().any(|key| document.contains_key(*key)) {
        return;
    }
    let mut manifest = draft::manifest(file, JULIA);
    manifest.name = document.text("name").map(|(text, _)| text.to_owned());
    manifest.version = document.text("version").map(|(text, _)| text.to_owned());
    manifest.authors = document.texts("authors").into_iter().map(str::to_owned).collect();
    if let Some((_, at)) = document.text("name") {
        manifest.place = file.place(at);
    }
    let empty = DeTable::new();
    let compat = document.table("compat").unwrap_or(&empty);
    manifest.minimum_runtime = compat.text("julia").map(|(text, at)| (text.to_owned(), file.place(at)));
    for (key, scope) in [("deps", Scope::Runtime), ("weakdeps", Scope::Optional), ("extras", Scope::Test)] {
        let Some(table) = document.table(key) else { continue };
        for (name, uuid) in tables::entries(table) {
            let at = name.span().start..uuid.span().end;
            let requirement = compat.text(name.get_ref()).map(|(text, _)| text).unwrap_or_default();
            let mut found = draft::dependency(file, name.get_ref(), requirement, scope, at);
            found.source = uuid.get_ref().as_str().map(|uuid| format!("?uuid={uuid}"));
            manifest.dependencies.push(found);
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
