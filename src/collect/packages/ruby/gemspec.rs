//! `*.gemspec`: the literals of a gem's specification; nothing is evaluated. Those in a `specifications` folder
//! describe installed gems.

use super::GEM;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, Item, RUBY, statements};
use crate::collect::packages::draft::{self, Draft};
use crate::model::{Evidence, LicenseField, RelPath, Scope};

/// Whether RubyGems keeps the descriptions of installed gems here.
fn is_installed(path: &RelPath) -> bool {
    path.parent().as_str().split('/').any(|part| part == "specifications")
}

/// Reads the specification.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &RUBY);
    let mut manifest = draft::manifest(file, GEM);
    manifest.descriptive = true;
    for statement in statements(&items, ",=") {
        let Some((receiver, method)) = statement[0].word().and_then(|word| word.split_once('.')) else { continue };
        if receiver.is_empty() || receiver.chars().next().is_some_and(char::is_uppercase) {
            continue;
        }
        let rest = &statement[1..];
        let arguments = rest.first().and_then(|item| item.group('(')).unwrap_or(rest);
        let assigned = rest.first().filter(|item| item.is('=')).map(|_| &rest[1..]);
        let span = statement[0].at.start..statement.last().map_or(0, |item| item.at.end);
        let text = || assigned.and_then(|value| literal(value));
        match method {
            "name" => {
                manifest.name = text().map(str::to_owned);
                manifest.place = file.place(span);
            }
            "version" => {
                manifest.version = text().map(str::to_owned);
                // `Name::VERSION`, or a method of it.
                let constant = assigned.and_then(|value| value.iter().rfind(|i| i.word().is_some_and(is_constant)));
                if let (None, Some(constant)) = (&manifest.version, constant.and_then(Item::word)) {
                    let name = constant.split('.').next().unwrap_or(constant);
                    manifest.inheritance.takes.push(name.to_owned());
                }
            }
            "summary" => manifest.description = text().map(str::to_owned),
            "homepage" => manifest.homepage = text().map(str::to_owned),
            "license" | "licenses" => {
                let words: Vec<&str> = assigned.map(texts).unwrap_or_default();
                if !words.is_empty() {
                    // Several licenses are a choice (RubyGems, "Specification reference").
                    let text = words.join(" OR ");
                    manifest.license = Some(LicenseField { text, place: file.place(span), spdx: false });
                }
            }
            "author" | "authors" => {
                manifest.authors = assigned.map(texts).unwrap_or_default().into_iter().map(str::to_owned).collect();
            }
            "required_ruby_version" => {
                manifest.minimum_runtime = text().map(|text| (text.to_owned(), file.place(span)));
            }
            "add_dependency" | "add_runtime_dependency" | "add_development_dependency" => {
                let words = texts(arguments);
                let scope = if method.contains("development") { Scope::Dev } else { Scope::Runtime };
                if let Some((name, requirements)) = words.split_first() {
                    let found = draft::dependency(file, name, &requirements.join(", "), scope, span);
                    // Specifications of installed gems state each twice, for old and new versions of RubyGems.
                    let known = manifest.dependencies.iter().any(|d| d.name == found.name && d.scope == found.scope);
                    if !known {
                        manifest.dependencies.push(found);
                    }
                }
            }
            _ => {}
        }
    }
    let (Some(name), true) = (&manifest.name, is_installed(file.path)) else {
        if manifest.name.is_some() {
            out.push(Evidence::Manifest(Box::new(manifest)));
        }
        return;
    };
    let mut draft = Draft::new(file, GEM);
    if let Some(version) = &manifest.version {
        let mut package = draft.package(name, version, 0..0);
        package.region.clone_from(&manifest.place.region);
        package.license = manifest.license.map(|l| l.text);
        draft.add(package);
    }
    draft.finish(out);
}

/// Whether a word is the name of a constant, perhaps with a method behind it (`VERSION`, `VERSION.dup`).
fn is_constant(word: &str) -> bool {
    let name = word.split('.').next().unwrap_or(word);
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// The text that a value is, when it is a literal and nothing but: `"1.0"`, `"1.0".freeze`.
fn literal<'t>(value: &[Item<'t>]) -> Option<&'t str> {
    let text = value.first()?.text().filter(|text| !text.contains("#{"))?;
    let frozen = value.len() == 2 && value[1].word() == Some(".freeze");
    (value.len() == 1 || frozen).then_some(text)
}

/// The texts of a value: one, a list, or arguments.
fn texts<'t>(value: &[Item<'t>]) -> Vec<&'t str> {
    value
        .iter()
        .flat_map(|item| std::slice::from_ref(item).iter().chain(item.items()))
        .filter_map(Item::text)
        .filter(|text| !text.contains("#{"))
        .collect()
}
