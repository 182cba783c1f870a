//! `Cargo.toml`, as the manifest chapter of the Cargo Book describes it.
//!
//! What a manifest takes from its workspace (`workspace = true`) is noted here and filled in by
//! [`super::workspace`], when every manifest is known.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::tables::{self, Table};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Ecosystem, Evidence, Given, Inheritance, LicenseField, Manifest, Place, Scope};

/// Fields of `[workspace.package]` that members may take and that the model keeps.
const INHERITED: [&str; 9] = [
    "authors",
    "description",
    "homepage",
    "license",
    "license-file",
    "publish",
    "repository",
    "rust-version",
    "version",
];

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut reader = Reader { file, notes: Vec::new() };
    if let Some(manifest) = reader.manifest(&document) {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
    out.append(&mut reader.notes);
}

struct Reader<'f, 't> {
    file: &'f SourceFile<'t>,
    notes: Vec<Evidence>,
}

impl Reader<'_, '_> {
    fn manifest(&mut self, document: &DeTable<'_>) -> Option<Manifest> {
        let key = if document.contains_key("package") { "package" } else { "project" };
        let package = document.value(key);
        if package.is_none() && !document.contains_key("workspace") {
            self.note(0, "neither `[package]` nor `[workspace]`");
            return None;
        }
        let empty = DeTable::new();
        let fields = match package {
            Some(value) => self.as_table(value, "package")?,
            None => &empty,
        };
        if package.is_some() && fields.text("name").is_none() {
            self.note(package.map_or(0, |p| p.span().start), "`[package]` without a text `name`");
            return None;
        }
        let mut inheritance = self.workspace(document);
        let minimum = fields.text("rust-version").map(|(text, at)| (text.to_owned(), self.file.place(at)));
        let mut manifest = Manifest {
            place: match (fields.text("name"), document.value("workspace")) {
                (Some((_, at)), _) => self.file.place(at),
                (None, Some(table)) => self.file.place(table.span()),
                (None, None) => Place::file(self.file.path.clone()),
            },
            ecosystem: Ecosystem::CARGO,
            name: owned(fields, "name"),
            // A crate without a version is 0.0.0 and cannot be published (Cargo Book, since 1.75).
            version: owned(fields, "version")
                .or_else(|| (package.is_some() && !fields.contains_key("version")).then(|| "0.0.0".to_owned())),
            license: fields.text("license").map(|(text, at)| LicenseField {
                text: text.to_owned(),
                place: self.file.place(at),
                spdx: true,
            }),
            license_file: fields
                .text("license-file")
                .and_then(|(text, at)| Some((self.file.path.parent().join(text)?, self.file.place(at)))),
            readme: fields.text("readme").and_then(|(text, _)| self.file.path.parent().join(text)),
            publishable: package.is_some() && publishable(fields) && !is_extension(document),
            application: document
                .value("bin")
                .is_some_and(|bin| bin.get_ref().as_array().is_some_and(|b| !b.is_empty())),
            compiled: package.is_some(),
            workspace: None,
            descriptive: false,
            dependencies: Vec::new(),
            description: owned(fields, "description"),
            repository: owned(fields, "repository"),
            homepage: owned(fields, "homepage"),
            authors: fields.texts("authors").into_iter().map(str::to_owned).collect(),
            minimum_runtime: minimum,
            inheritance: Inheritance::default(),
        };
        inheritance.takes = INHERITED
            .iter()
            .filter(|field| fields.table(field).is_some_and(|t| t.flag("workspace") == Some(true)))
            .map(|field| (*field).to_owned())
            .collect();
        inheritance.root = owned(fields, "workspace");
        self.dependencies(document, &mut manifest, &mut inheritance);
        manifest.inheritance = inheritance;
        Some(manifest)
    }

    /// What `[workspace]` hands on.
    fn workspace(&mut self, document: &DeTable<'_>) -> Inheritance {
        let mut out = Inheritance::default();
        let Some(workspace) = document.value("workspace").and_then(|w| self.as_table(w, "workspace")) else {
            return out;
        };
        let mut members: Vec<String> = workspace.texts("members").into_iter().map(str::to_owned).collect();
        members.extend(workspace.texts("exclude").into_iter().map(|folder| format!("!{folder}")));
        out.members = Some(members);
        if let Some(package) = workspace.table("package") {
            for field in INHERITED {
                if let Some(value) = package.value(field) {
                    out.fields.insert(
                        field.to_owned(),
                        Given { values: values(value.get_ref()), place: self.file.place(value.span()) },
                    );
                }
            }
        }
        if let Some(dependencies) = workspace.table("dependencies") {
            for (key, value) in dependencies.iter() {
                if let Some((dependency, _)) = self.dependency(key, value, Scope::Runtime) {
                    out.dependencies.insert(key.get_ref().clone().into_owned(), dependency);
                }
            }
        }
        out
    }

    fn dependencies(&mut self, document: &DeTable<'_>, manifest: &mut Manifest, inheritance: &mut Inheritance) {
        let default_features = on_by_default(document);
        let mut tables = vec![document];
        if let Some(targets) = document.table("target") {
            tables.extend(targets.iter().filter_map(|(_, value)| value.get_ref().as_table()));
        }
        for table in tables {
            for (names, scope) in [
                (["dependencies", ""], Scope::Runtime),
                (["build-dependencies", "build_dependencies"], Scope::Build),
                (["dev-dependencies", "dev_dependencies"], Scope::Dev),
            ] {
                let Some(value) = names.iter().find_map(|name| table.value(name)) else { continue };
                let Some(list) = self.as_table(value, names[0]) else { continue };
                for (key, value) in list.iter() {
                    let Some((mut dependency, detail)) = self.dependency(key, value, scope) else { continue };
                    let optional = detail.is_some_and(|d| d.flag("optional") == Some(true));
                    if optional && !default_features.contains(key.get_ref().as_ref()) && scope == Scope::Runtime {
                        dependency.scope = Scope::Optional;
                    }
                    if detail.is_some_and(|d| d.flag("workspace") == Some(true)) {
                        let key = key.get_ref().clone().into_owned();
                        inheritance.takes_dependencies.push((manifest.dependencies.len(), key));
                    }
                    manifest.dependencies.push(dependency);
                }
            }
        }
    }

    /// A dependency, and its table where it is one.
    fn dependency<'d>(
        &mut self,
        key: &Spanned<toml::de::DeString<'_>>,
        value: &'d Spanned<DeValue<'d>>,
        scope: Scope,
    ) -> Option<(Dependency, Option<&'d DeTable<'d>>)> {
        let name = key.get_ref().as_ref();
        let place = self.file.place(span_on_line(self.file, &key.span(), &value.span()));
        let mut dependency =
            Dependency { name: name.to_owned(), requirement: String::new(), scope, source: None, place };
        if let Some(requirement) = value.get_ref().as_str() {
            requirement.clone_into(&mut dependency.requirement);
            return Some((dependency, None));
        }
        let Some(table) = value.get_ref().as_table() else {
            self.note(key.span().start, format!("dependency `{name}` is neither a text nor a table"));
            return None;
        };
        if let Some((real, _)) = table.text("package") {
            real.clone_into(&mut dependency.name);
        }
        if let Some((requirement, _)) = table.text("version") {
            requirement.clone_into(&mut dependency.requirement);
        }
        dependency.source = source(table);
        Some((dependency, Some(table)))
    }

    fn as_table<'d>(&mut self, value: &'d Spanned<DeValue<'d>>, name: &str) -> Option<&'d DeTable<'d>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.note(value.span().start, format!("`{name}` is no table"));
        }
        table
    }

    fn note(&mut self, at: usize, reason: impl std::fmt::Display) {
        self.notes.push(malformed(self.file, Some(self.file.line_at(at)), reason));
    }
}

fn owned(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.text(key).map(|(text, _)| text.to_owned())
}

/// `publish`: `false` and an empty list of registries forbid it.
fn publishable(package: &DeTable<'_>) -> bool {
    match package.value("publish").map(Spanned::get_ref) {
        Some(DeValue::Boolean(allowed)) => *allowed,
        Some(DeValue::Array(registries)) => !registries.is_empty(),
        _ => true,
    }
}

/// Whether a crate is made for programs in other languages alone: no other crate can link its library, or it binds to the
/// interpreter that loads it, whose package it is a part of.
fn is_extension(document: &DeTable<'_>) -> bool {
    const FOREIGN: &[&str] = &["cdylib", "staticlib"];
    const BINDINGS: &[&str] = &["pyo3", "napi", "rustler", "magnus", "neon", "extendr-api", "ext-php-rs"];
    let types = document.table("lib").map(|lib| lib.texts("crate-type")).unwrap_or_default();
    let is_bound = || {
        let dependencies = document.table("dependencies");
        dependencies.is_some_and(|table| BINDINGS.iter().any(|name| table.contains_key(*name)))
    };
    types.iter().any(|kind| FOREIGN.contains(kind))
        && !document.contains_key("bin")
        && (types.iter().all(|kind| FOREIGN.contains(kind)) || is_bound())
}

/// A value of `[workspace.package]` as text: an entry for each element of a list.
fn values(value: &DeValue<'_>) -> Vec<String> {
    match value {
        DeValue::String(text) => vec![text.clone().into_owned()],
        DeValue::Boolean(flag) => vec![flag.to_string()],
        DeValue::Array(list) => list.iter().flat_map(|entry| values(entry.get_ref())).collect(),
        _ => Vec::new(),
    }
}

/// Where a dependency comes from when that is not crates.io, in the words of `Cargo.lock` where it has any.
fn source(table: &DeTable<'_>) -> Option<String> {
    let text = |key: &str| table.text(key).map(|(text, _)| text);
    if let Some(git) = text("git") {
        let git = without_credentials(git);
        let reference = ["rev", "tag", "branch"].iter().find_map(|key| Some(format!("?{key}={}", text(key)?)));
        return Some(format!("git+{git}{}", reference.unwrap_or_default()));
    }
    // The name of a registry means something only to the cargo configuration of the user.
    let registry = text("registry-index").map(|index| format!("registry+{}", without_credentials(index)));
    text("path").map(str::to_owned).or(registry).or_else(|| Some(format!("registry+{}", text("registry")?)))
}

/// Keys of optional dependencies that the default features switch on.
fn on_by_default(document: &DeTable<'_>) -> BTreeSet<String> {
    let mut on = BTreeSet::new();
    let Some(features) = document.table("features") else { return on };
    let mut seen = BTreeSet::from(["default"]);
    let mut queue = vec!["default"];
    while let Some(feature) = queue.pop() {
        for entry in features.texts(feature) {
            // `dep:x`, `x/feature` and the implicit feature `x` switch x on; `x?/feature` does not.
            let (name, weak) = match entry.strip_prefix("dep:").unwrap_or(entry).split_once('/') {
                Some((name, _)) => (name.trim_end_matches('?'), name.ends_with('?')),
                None => (entry.strip_prefix("dep:").unwrap_or(entry), false),
            };
            if weak {
                continue;
            }
            on.insert(name.to_owned());
            if !entry.starts_with("dep:") && features.contains_key(name) && seen.insert(name) {
                queue.push(name);
            }
        }
    }
    on
}

/// From the key to the end of its value when both stand on one line, else the key alone.
fn span_on_line(file: &SourceFile<'_>, key: &Range<usize>, value: &Range<usize>) -> Range<usize> {
    let one_line = value.end > key.end && file.line_at(key.start) == file.line_at(value.end.saturating_sub(1));
    if one_line { key.start..value.end } else { key.clone() }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, manifest, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn dependencies_of_every_kind() {
        let evidence = fixture("cargo-toml", "plain/Cargo.toml");
        let manifest = manifest(&evidence);
        let seen: Vec<_> = manifest
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.scope, d.source.as_deref(), d.place.start_line()))
            .collect();
        use Scope::{Build, Dev, Optional, Runtime};
        assert_eq!(
            seen,
            [
                ("cached", "1", Runtime, None, 25),
                ("lazy", "2", Optional, None, 26),
                ("nightly", "", Runtime, Some("git+https://git.example.org/nightly?branch=main"), 27),
                ("rand", "0.7", Runtime, None, 22),
                ("serde", "1.0", Runtime, None, 21),
                ("sibling", "0.3", Runtime, Some("../sibling"), 23),
                ("company", "^4", Runtime, Some("registry+https://crates.example.org/index"), 24),
                ("cc", "1", Build, None, 30),
                ("proptest", ">=1, <3", Dev, None, 33),
                ("winapi", "0.3.9", Runtime, None, 35),
            ]
        );
    }

    #[test]
    fn what_the_package_says_of_itself() {
        let evidence = fixture("cargo-toml", "plain/Cargo.toml");
        let m = manifest(&evidence);
        assert_eq!((m.name.as_deref(), m.version.as_deref()), (Some("plain"), Some("1.2.3")));
        let license = m.license.as_ref().unwrap();
        assert_eq!((license.text.as_str(), license.place.start_line(), license.spdx), ("MIT OR Apache-2.0", 4, true));
        assert_eq!(m.license_file.as_ref().unwrap().0.as_str(), "plain/LICENSE-CUSTOM");
        assert!(!m.publishable && m.application && m.compiled);
        assert_eq!(m.minimum_runtime.as_ref().unwrap().0, "1.70");
    }

    /// Cargo links no library of these types into another crate (Cargo Book, "The crate-type field").
    #[test]
    fn extensions_of_other_languages_are_no_crates_to_publish() {
        let of = |rest: &str| {
            let text = format!("[package]\nname = 'a'\nversion = '1.0.0'\n{rest}\n");
            manifest(&with_text("Cargo.toml", &text)).publishable
        };
        assert!(!of("[lib]\ncrate-type = ['cdylib']") && !of("[lib]\ncrate-type = ['staticlib', 'cdylib']"));
        assert!(of("[lib]\ncrate-type = ['cdylib', 'rlib']") && of("[lib]\ncrate-type = ['lib']"));
        assert!(!of("[lib]\ncrate-type = ['cdylib', 'rlib']\n[dependencies]\npyo3 = '0.22'"));
        assert!(of("[dependencies]\npyo3 = '0.22'"), "a library for those who write extensions");
        assert!(of("[lib]\ncrate-type = ['cdylib']\n[[bin]]\nname = 'a'"));
    }

    #[test]
    fn publish_has_three_spellings() {
        let of = |publish: &str| {
            let text = format!("[package]\nname = 'a'\nversion = '1.0.0'\n{publish}\n");
            manifest(&with_text("Cargo.toml", &text)).publishable
        };
        assert!(of("") && of("publish = true") && of("publish = ['company']"));
        assert!(!of("publish = false") && !of("publish = []"));
    }

    #[test]
    fn broken_manifests_name_the_line() {
        for (text, line) in [
            ("[package]\nname = 1\n", 1),
            ("a = 1\n", 1),
            ("[package]\nname = 'a'\n\ndependencies = 3\n[dependencies]\nx = 3\n", 6),
            ("package = []\n", 1),
            ("[package\n", 1),
        ] {
            assert_eq!(notes(&with_text("Cargo.toml", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
    }
}
