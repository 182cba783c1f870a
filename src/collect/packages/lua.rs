//! Lua: `*.rockspec` and `luarocks.lock`, which are Lua; only literals, and locals that hold one, are read.

use std::collections::HashMap;

use super::brackets::{self, Item, LUA, Node, parts};
use super::draft::{self, Draft};
use crate::collect::SourceFile;
use crate::model::{Evidence, LicenseField, Scope};

const LUAROCKS: &str = "luarocks";

/// The fields of a table, or the assignments of a file: name and value.
fn fields<'i, 't>(items: &'i [Item<'t>]) -> Vec<(&'t str, &'i [Item<'t>])> {
    let starts: Vec<usize> = (1..items.len())
        .filter(|&at| items[at].is('=') && (items[at - 1].word().is_some() || items[at - 1].group('[').is_some()))
        .collect();
    let mut out = Vec::new();
    for (number, &at) in starts.iter().enumerate() {
        let key = items[at - 1].word().or_else(|| items[at - 1].group('[')?.first()?.text());
        let end = starts.get(number + 1).map_or(items.len(), |next| next - 1);
        out.extend(key.map(|key| (key, &items[at + 1..end.max(at + 1)])));
    }
    out
}

/// The text of a value: literals and locals, joined by `..`.
fn text(value: &[Item<'_>], locals: &HashMap<&str, String>) -> Option<String> {
    let mut out = String::new();
    let mut any = false;
    for item in value {
        match item.node {
            Node::Text(text) => out.push_str(text),
            Node::Word("..") => continue,
            Node::Word("local") | Node::Sign(',' | ';') => break,
            // `name..` and `..name` are one word.
            Node::Word(word) => match locals.get(word.trim_matches('.')) {
                Some(value) => out.push_str(value),
                None if word.starts_with(|c: char| c.is_ascii_digit()) => out.push_str(word),
                None => break,
            },
            _ => break,
        }
        any = true;
    }
    (any && out.len() < 1024).then_some(out)
}

/// Reads a rockspec.
pub(super) fn read_rockspec(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &LUA);
    let mut locals = HashMap::new();
    let mut manifest = draft::manifest(file, LUAROCKS);
    manifest.descriptive = true;
    for (name, value) in fields(&items) {
        let Some(first) = value.first() else { continue };
        match name {
            "package" => {
                manifest.name = text(value, &locals);
                manifest.place = file.place(first.at.clone());
            }
            "version" => manifest.version = text(value, &locals),
            "description" => {
                for (key, value) in fields(first.items()) {
                    match (key, value.first()) {
                        ("summary", _) => manifest.description = text(value, &locals),
                        ("homepage", _) => manifest.homepage = text(value, &locals),
                        ("license", Some(first)) => {
                            manifest.license = text(value, &locals).map(|text| LicenseField {
                                text,
                                place: file.place(first.at.clone()),
                                spdx: false,
                            });
                        }
                        _ => {}
                    }
                }
            }
            "source" => {
                let url = fields(first.items()).into_iter().find(|(key, _)| *key == "url");
                manifest.repository = url.and_then(|(_, value)| text(value, &locals));
            }
            "dependencies" | "build_dependencies" | "test_dependencies" => {
                let scope = match name {
                    "dependencies" => Scope::Runtime,
                    "build_dependencies" => Scope::Build,
                    _ => Scope::Test,
                };
                for item in first.items() {
                    let Some(entry) = item.text() else { continue };
                    let (name, requirement) = entry
                        .split_once([' ', '=', '<', '>', '~'])
                        .map_or((entry, ""), |(name, _)| (name, entry[name.len()..].trim()));
                    let at = item.at.clone();
                    if name == "lua" {
                        manifest.minimum_runtime = Some((requirement.to_owned(), file.place(at)));
                    } else {
                        manifest.dependencies.push(draft::dependency(file, name, requirement, scope, at));
                    }
                }
            }
            _ => {
                locals.extend(text(value, &locals).map(|text| (name, text)));
            }
        }
    }
    if manifest.name.is_none() {
        out.push(crate::collect::malformed(file, None, "no `package`"));
    } else {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// Reads `luarocks.lock`: `return { dependencies = { name = "version" } }`.
pub(super) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &LUA);
    let mut draft = Draft::new(file, LUAROCKS);
    let tables = items.iter().find_map(|item| item.group('{')).unwrap_or_default();
    for (key, table) in fields(tables) {
        let scope = match key {
            "dependencies" => Scope::Runtime,
            "build_dependencies" => Scope::Build,
            "test_dependencies" => Scope::Test,
            _ => continue,
        };
        for entry in parts(table.first().map_or(&[][..], Item::items), ',') {
            for (name, value) in fields(entry) {
                let Some(version) = value.first().and_then(Item::text).filter(|_| name != "lua") else { continue };
                let mut package = draft.package(name, version, entry[0].at.start..value[0].at.end);
                package.scope = Some(scope);
                draft.add(package);
            }
        }
    }
    draft.finish(out);
}
