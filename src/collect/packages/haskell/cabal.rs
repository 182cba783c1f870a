//! `*.cabal` (Cabal's user guide, "Package description"): fields and stanzas by indentation.

use std::collections::BTreeSet;

use super::HACKAGE;
use crate::collect::SourceFile;
use crate::collect::packages::draft;
use crate::collect::packages::lines::lines;
use crate::model::{Evidence, LicenseField, Scope};

/// Reads the description.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest = draft::manifest(file, HACKAGE);
    manifest.compiled = true;
    let mut scope = Scope::Runtime;
    // The field whose value goes on, its indentation, and what it asks for.
    let mut open: Option<(usize, Scope)> = None;
    let mut seen: BTreeSet<(String, Scope)> = BTreeSet::new();
    for (line, at) in lines(file.text()) {
        let text = line.trim();
        if text.is_empty() || text.starts_with("--") {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if let Some((depth, wanted)) = open {
            if indent > depth {
                add(file, text, at, wanted, &mut seen, &mut manifest.dependencies);
                continue;
            }
            open = None;
        }
        let field =
            text.split_once(':').filter(|(key, _)| key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        let Some((key, value)) = field else {
            let stanza = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
            if indent == 0 {
                manifest.application |= stanza == "executable";
                scope = match stanza.as_str() {
                    "test-suite" => Scope::Test,
                    "benchmark" => Scope::Dev,
                    "custom-setup" => Scope::Build,
                    _ => Scope::Runtime,
                };
            }
            continue;
        };
        let value = value.trim();
        match key.to_ascii_lowercase().as_str() {
            "name" if indent == 0 => {
                manifest.name = Some(value.to_owned());
                manifest.place = file.place(at);
            }
            "version" if indent == 0 => manifest.version = Some(value.to_owned()),
            "synopsis" if indent == 0 => manifest.description = Some(value.to_owned()),
            "homepage" if indent == 0 => manifest.homepage = Some(value.to_owned()),
            "license" if indent == 0 => {
                manifest.license = Some(LicenseField { text: value.to_owned(), place: file.place(at), spdx: false });
            }
            "license-file" if indent == 0 => {
                manifest.license_file = file.path.parent().join(value).map(|path| (path, file.place(at)));
            }
            "build-depends" | "setup-depends" => {
                add(file, value, at, scope, &mut seen, &mut manifest.dependencies);
                open = Some((indent, scope));
            }
            "build-tool-depends" => {
                add(file, value, at, Scope::Build, &mut seen, &mut manifest.dependencies);
                open = Some((indent, Scope::Build));
            }
            _ => {}
        }
    }
    if let Some(name) = manifest.name.clone() {
        // Tests and programs depend on the library beside them.
        manifest.dependencies.retain(|d| d.name != name);
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// The dependencies of one line: `base >=4.7 && <5, text ^>= 2.0, hspec-discover:hspec-discover`.
fn add(
    file: &SourceFile<'_>,
    text: &str,
    at: std::ops::Range<usize>,
    scope: Scope,
    seen: &mut BTreeSet<(String, Scope)>,
    out: &mut Vec<crate::model::Dependency>,
) {
    for entry in text.split(',').map(str::trim).filter(|e| !e.is_empty()) {
        let end = entry.find([' ', '<', '>', '=', '^', ':', '{']).unwrap_or(entry.len());
        let (name, rest) = entry.split_at(end);
        let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if valid && name.bytes().any(|b| b.is_ascii_alphabetic()) && seen.insert((name.to_owned(), scope)) {
            let requirement = super::requirement(rest);
            out.push(draft::dependency(file, name, &requirement, scope, at.clone()));
        }
    }
}
