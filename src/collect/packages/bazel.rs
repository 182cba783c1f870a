//! Bazel: `MODULE.bazel`, `MODULE.bazel.lock` and `WORKSPACE` (Bazel's documentation, "External dependencies").

use std::collections::BTreeSet;

use super::brackets::{self, Item, PYTHON, parts};
use super::cpp::cmake::version_in;
use super::draft::{self, Draft, hex_hash};
use super::purl::{purl, without_credentials};
use super::{forge, json};
use crate::collect::SourceFile;
use crate::model::{Dependency, Evidence, Locked, Manifest, Scope};

const BAZEL: &str = "bazel";

/// The value of a keyword argument.
fn keyword<'i, 't>(arguments: &'i [Item<'t>], key: &str) -> Option<&'i Item<'t>> {
    parts(arguments, ',').find(|part| part.len() > 2 && part[0].word() == Some(key) && part[1].is('=')).map(|p| &p[2])
}

/// Reads `MODULE.bazel`; what `maven.install` asks for are Maven's artifacts.
pub(super) fn read_module(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &PYTHON);
    let mut manifest = draft::manifest(file, BAZEL);
    let mut maven = draft::manifest(file, "maven");
    for pair in items.windows(2) {
        let (Some(call), Some(arguments)) = (pair[0].word(), pair[1].group('(')) else { continue };
        let text = |key: &str| keyword(arguments, key).and_then(Item::text);
        let at = pair[0].at.start..pair[1].at.end;
        match call {
            "module" => {
                manifest.name = text("name").map(str::to_owned);
                manifest.version = text("version").map(str::to_owned).filter(|v| !v.is_empty());
                manifest.place = file.place(at);
            }
            "bazel_dep" => {
                let Some(name) = text("name") else { continue };
                let dev = keyword(arguments, "dev_dependency").is_some_and(|v| v.word() == Some("True"));
                let scope = if dev { Scope::Dev } else { Scope::Runtime };
                let version = text("version").unwrap_or_default();
                manifest.dependencies.push(draft::dependency(file, name, version, scope, at));
            }
            "single_version_override" | "git_override" | "archive_override" | "local_path_override" => {
                let Some(name) = text("module_name") else { continue };
                for found in manifest.dependencies.iter_mut().filter(|d| d.name == name) {
                    if let Some(version) = text("version") {
                        version.clone_into(&mut found.requirement);
                    }
                    let commit = text("commit").or_else(|| text("tag"));
                    let git = text("remote").map(|r| format!("git+{r}#{}", commit.unwrap_or_default()));
                    found.source = git.or_else(|| text("path").map(str::to_owned)).or(found.source.take());
                }
            }
            "maven.install" => {
                let list = keyword(arguments, "artifacts").map_or(&[][..], Item::items);
                for item in list {
                    if let Some(found) = item.text().and_then(|t| artifact(file, t, item.at.clone())) {
                        maven.dependencies.push(found);
                    }
                }
            }
            "maven.artifact" => {
                if let (Some(group), Some(name)) = (text("group"), text("artifact")) {
                    let version = text("version").unwrap_or_default();
                    let name = format!("{group}/{name}");
                    maven.dependencies.push(draft::dependency(file, &name, version, Scope::Runtime, at));
                }
            }
            _ => {}
        }
    }
    let full = |m: &Manifest| m.name.is_some() || !m.dependencies.is_empty();
    out.extend([manifest, maven].into_iter().filter(full).map(|m| Evidence::Manifest(Box::new(m))));
}

/// `group:artifact:version`, `group:artifact:packaging:version`.
fn artifact(file: &SourceFile<'_>, text: &str, at: std::ops::Range<usize>) -> Option<Dependency> {
    let fields: Vec<&str> = text.split(':').collect();
    let [group, name, ref rest @ ..] = fields[..] else { return None };
    let version = rest.last().copied().unwrap_or_default();
    Some(draft::dependency(file, &format!("{group}/{name}"), version, Scope::Runtime, at))
}

/// Reads `WORKSPACE`: the archives and repositories that its rules fetch, where they are literals.
pub(super) fn read_workspace(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &PYTHON);
    let mut draft = Draft::new(file, "generic");
    for pair in items.windows(2) {
        let (Some(call), Some(arguments)) = (pair[0].word(), pair[1].group('(')) else { continue };
        let text = |key: &str| keyword(arguments, key).and_then(Item::text).filter(|text| !text.is_empty());
        let Some(name) = text("name") else { continue };
        let found = match call {
            "http_archive" | "http_jar" | "http_file" => {
                let first = || keyword(arguments, "urls").and_then(|list| list.items().first()?.text());
                let Some(url) = text("url").or_else(first).filter(|url| url.contains("://")) else { continue };
                let url = without_credentials(url);
                let version = version_in(&url).unwrap_or_default();
                let hash = text("sha256").and_then(|sum| hex_hash("SHA-256", sum));
                let checksum = hash.as_ref().map(|hash| format!("sha256:{}", hash.value)).unwrap_or_default();
                Locked {
                    purl: purl("generic", name, &version, &[("download_url", &url), ("checksum", &checksum)]),
                    name: name.to_owned(),
                    version,
                    hashes: hash.into_iter().collect(),
                    resolved: Some(url.into_owned()),
                    ..Locked::default()
                }
            }
            "git_repository" | "new_git_repository" => {
                let Some(remote) = text("remote") else { continue };
                let reference = text("tag").or_else(|| text("commit")).unwrap_or_default();
                let found = forge::repository(remote, reference);
                Locked {
                    purl: found.purl,
                    name: found.name,
                    version: reference.to_owned(),
                    resolved: Some(found.address),
                    ..Locked::default()
                }
            }
            _ => continue,
        };
        let region = Some(file.region(pair[0].at.start..pair[1].at.end));
        draft.add(Locked { region, scope: Some(Scope::Runtime), direct: Some(true), ..found });
    }
    if !draft.packages.is_empty() {
        draft.finish(out);
    }
}

/// Reads `MODULE.bazel.lock`: the modules whose registry files were used. A module that was looked at in several
/// versions took part in none but the one with a `source.json`.
pub(super) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, BAZEL);
    let mut seen = BTreeSet::new();
    for member in document.get("registryFileHashes").map_or(&[][..], json::Node::members) {
        // `<registry>/modules/<name>/<version>/source.json`
        let Some(path) = member.key.strip_suffix("/source.json") else { continue };
        let Some((rest, version)) = path.rsplit_once('/') else { continue };
        let name = rest.rsplit('/').next().unwrap_or(rest);
        if seen.insert((name.to_owned(), version.to_owned())) {
            let package = draft.package(name, version, member.key_range(file));
            draft.add(package);
        }
    }
    // Versions of Bazel before 7.2 wrote the whole graph.
    for member in document.get("moduleDepGraph").map_or(&[][..], json::Node::members) {
        let text = |key: &str| member.node.text_of(key).unwrap_or_default();
        let (name, version) = (text("name"), text("version"));
        if !name.is_empty() && !version.is_empty() && seen.insert((name.to_owned(), version.to_owned())) {
            let package = draft.package(name, version, member.key_range(file));
            draft.add(package);
        }
    }
    draft.finish(out);
}
