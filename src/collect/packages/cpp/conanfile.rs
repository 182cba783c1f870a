//! `conanfile.txt` and the literals of `conanfile.py`, as Conan's reference describes them.

use super::CONAN;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, Item, PYTHON};
use crate::collect::packages::draft;
use crate::collect::packages::lines::lines;
use crate::model::{Dependency, Evidence, LicenseField, Scope};

/// What a list or call of this name asks for.
fn scope_of(key: &str) -> Option<Scope> {
    match key {
        "requires" => Some(Scope::Runtime),
        "build_requires" | "tool_requires" | "python_requires" => Some(Scope::Build),
        "test_requires" => Some(Scope::Test),
        _ => None,
    }
}

fn dependency(
    file: &SourceFile<'_>,
    reference: &str,
    scope: Scope,
    at: std::ops::Range<usize>,
) -> Option<Dependency> {
    let reference = reference.split('#').next()?.trim();
    let (name, version) = reference.split_once('/')?;
    let (version, place) = version.split_once('@').unwrap_or((version, ""));
    // A range stands in brackets.
    let requirement = version.trim_start_matches('[').trim_end_matches(']');
    let mut found = draft::dependency(file, name.trim(), requirement, scope, at);
    if let Some((user, channel)) = place.split_once('/') {
        found.source = Some(format!("?channel={channel}&user={user}"));
    }
    (!found.name.is_empty()).then_some(found)
}

/// Reads `conanfile.txt`.
pub(in crate::collect::packages) fn read_text(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest = draft::manifest(file, CONAN);
    let mut scope = None;
    for (line, at) in lines(file.text()) {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            scope = scope_of(section);
        } else if let Some(scope) = scope.filter(|_| !line.is_empty() && !line.starts_with('#')) {
            manifest.dependencies.extend(dependency(file, line, scope, at));
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// Reads `conanfile.py`.
pub(in crate::collect::packages) fn read_python(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &PYTHON);
    let mut manifest = draft::manifest(file, CONAN);
    for (at, item) in items.iter().enumerate() {
        let Some(word) = item.word() else { continue };
        let next = items.get(at + 1);
        if let Some(call) = word.strip_prefix("self.").and_then(scope_of)
            && let Some(arguments) = next.and_then(|n| n.group('('))
            && let Some((text, value)) = arguments.first().and_then(|a| Some((a.text()?, a)))
        {
            manifest.dependencies.extend(dependency(file, text, call, value.at.clone()));
        } else if item.first && next.is_some_and(|n| n.is('=')) {
            let value = &items[at + 2..];
            let length = value.iter().skip(1).position(|i| i.first).map_or(value.len(), |length| length + 1);
            let value = &value[..length.min(value.len())];
            assign(file, word, value, &mut manifest);
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// An attribute of the recipe.
fn assign(file: &SourceFile<'_>, name: &str, value: &[Item<'_>], manifest: &mut crate::model::Manifest) {
    let texts = || value.iter().flat_map(|item| std::slice::from_ref(item).iter().chain(item.items()));
    let first = value.first().and_then(Item::text);
    let span = || file.place(value[0].at.start..value.last().map_or(0, |item| item.at.end));
    match name {
        "name" => manifest.name = first.map(str::to_owned).or(manifest.name.take()),
        "version" => manifest.version = first.map(str::to_owned).or(manifest.version.take()),
        "description" => manifest.description = first.map(str::to_owned),
        "homepage" => manifest.homepage = first.map(str::to_owned),
        "license" => {
            let names: Vec<&str> = texts().filter_map(Item::text).collect();
            if !names.is_empty() {
                manifest.license = Some(LicenseField { text: names.join(" AND "), place: span(), spdx: false });
            }
        }
        _ => {
            if let Some(scope) = scope_of(name) {
                // A list of pairs gives each reference an option.
                let all = texts().flat_map(|item| std::slice::from_ref(item).iter().chain(item.items()));
                let mut seen = std::collections::BTreeSet::new();
                let fresh: Vec<Dependency> = all
                    .filter(|item| seen.insert(item.at.start))
                    .filter_map(|item| dependency(file, item.text()?, scope, item.at.clone()))
                    .collect();
                manifest.dependencies.extend(fresh);
            }
        }
    }
}
