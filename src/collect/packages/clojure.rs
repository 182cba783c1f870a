//! Clojure: `deps.edn` (the tools.deps reference) and Leiningen's `project.clj`. Coordinates are Maven's.

use super::brackets::{self, EDN, Item};
use super::draft;
use super::purl::without_credentials;
use crate::collect::SourceFile;
use crate::model::{Dependency, Evidence, LicenseField, Scope};

const MAVEN: &str = "maven";

/// The value behind a key of a map.
fn value<'i, 't>(map: &'i [Item<'t>], key: &str) -> Option<&'i Item<'t>> {
    map.iter().position(|item| item.word() == Some(key)).and_then(|at| map.get(at + 1))
}

/// Group and artifact of a symbol; without a group it is its own.
fn coordinates(symbol: &str) -> String {
    // A classifier may stand behind a dollar sign.
    let symbol = symbol.split('$').next().unwrap_or(symbol);
    if symbol.contains('/') { symbol.to_owned() } else { format!("{symbol}/{symbol}") }
}

/// Reads `deps.edn`.
pub(super) fn read_deps(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &EDN);
    let mut manifest = draft::manifest(file, MAVEN);
    let map = items.iter().find_map(|item| item.group('{')).unwrap_or_default();
    if let Some(deps) = value(map, ":deps") {
        dependencies(file, deps.items(), Scope::Runtime, &mut manifest.dependencies);
    }
    let aliases = value(map, ":aliases").map_or(&[][..], Item::items);
    for pair in aliases.windows(2) {
        let (Some(name), Some(alias)) = (pair[0].word(), pair[1].group('{')) else { continue };
        let scope = if name.contains("test") {
            Scope::Test
        } else if name.contains("build") {
            Scope::Build
        } else {
            Scope::Dev
        };
        for key in [":extra-deps", ":deps", ":replace-deps", ":override-deps"] {
            if let Some(deps) = value(alias, key) {
                dependencies(file, deps.items(), scope, &mut manifest.dependencies);
            }
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// `group/artifact {:mvn/version "1.0"}` pairs.
fn dependencies(file: &SourceFile<'_>, map: &[Item<'_>], scope: Scope, out: &mut Vec<Dependency>) {
    for pair in map.windows(2) {
        let (Some(symbol), Some(options)) = (pair[0].word(), pair[1].group('{')) else { continue };
        let text = |key: &str| value(options, key).and_then(Item::text);
        let at = pair[0].at.start..pair[1].at.end;
        let mut found =
            draft::dependency(file, &coordinates(symbol), text(":mvn/version").unwrap_or_default(), scope, at);
        let commit = text(":git/sha").or_else(|| text(":sha")).or_else(|| text(":git/tag"));
        // The address of a library may follow from its name.
        let inferred = || {
            let (host, owner) = symbol.split('/').next()?.rsplit_once('.')?;
            let base = match host {
                "io.github" | "com.github" => "https://github.com",
                "io.gitlab" | "com.gitlab" => "https://gitlab.com",
                _ => return None,
            };
            Some(format!("{base}/{owner}/{}", symbol.split('/').nth(1)?))
        };
        let git = text(":git/url").map(|url| without_credentials(url).into_owned());
        if let Some((git, commit)) = commit.and_then(|commit| Some((git.or_else(inferred)?, commit))) {
            found.source = Some(format!("git+{git}#{commit}"));
        }
        found.source = found.source.or_else(|| text(":local/root").map(str::to_owned));
        out.push(found);
    }
}

/// Reads `project.clj`.
pub(super) fn read_project(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &EDN);
    let Some(form) =
        items.iter().filter_map(|i| i.group('(')).find(|f| f[..].first().and_then(Item::word) == Some("defproject"))
    else {
        return;
    };
    let mut manifest = draft::manifest(file, MAVEN);
    if let Some(name) = form.get(1) {
        manifest.name = name.word().map(coordinates);
        manifest.place = file.place(name.at.clone());
    }
    manifest.version = form.get(2).and_then(Item::text).map(str::to_owned);
    manifest.description = value(form, ":description").and_then(Item::text).map(str::to_owned);
    manifest.homepage = value(form, ":url").and_then(Item::text).map(str::to_owned);
    manifest.license = value(form, ":license").and_then(|license| {
        let text = value(license.items(), ":name").and_then(Item::text)?.to_owned();
        Some(LicenseField { text, place: file.place(license.at.clone()), spdx: false })
    });
    vectors(file, form, Scope::Runtime, &mut manifest.dependencies);
    let profiles = value(form, ":profiles").map_or(&[][..], Item::items);
    for pair in profiles.windows(2) {
        let (Some(name), Some(profile)) = (pair[0].word(), pair[1].group('{')) else { continue };
        let scope = match name {
            ":provided" => Scope::Peer,
            ":test" => Scope::Test,
            ":uberjar" => Scope::Runtime,
            _ => Scope::Dev,
        };
        vectors(file, profile, scope, &mut manifest.dependencies);
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// `[[group/artifact "1.0" :scope "test"] ...]` under `:dependencies` and `:plugins`.
fn vectors(file: &SourceFile<'_>, map: &[Item<'_>], scope: Scope, out: &mut Vec<Dependency>) {
    for (key, scope) in [(":dependencies", scope), (":plugins", Scope::Build)] {
        for entry in value(map, key).map_or(&[][..], Item::items) {
            let fields = entry.items();
            let Some(symbol) = fields.first().and_then(Item::word) else { continue };
            let scope = match value(fields, ":scope").and_then(Item::text) {
                Some("test") => Scope::Test,
                Some("provided") => Scope::Peer,
                _ => scope,
            };
            let version = fields.get(1).and_then(Item::text).unwrap_or_default();
            out.push(draft::dependency(file, &coordinates(symbol), version, scope, entry.at.clone()));
        }
    }
}
