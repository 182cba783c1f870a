//! OCaml: opam's package descriptions (`*.opam`, `opam`) and what `opam lock` writes (`*.opam.locked`), as opam's
//! manual describes them.

use super::brackets::{self, Item, Node, OPAM};
use super::draft::{self, Draft};
use crate::collect::SourceFile;
use crate::model::{Evidence, LicenseField, RelPath, Scope};

const NAME: &str = "opam";

/// Whether the file is what `opam lock` writes.
pub(super) fn is_locked(name: &str, _: &RelPath) -> bool {
    name.ends_with(".opam.locked") || name == "opam.locked"
}

/// The value of a field at the top of the file, with its key.
fn field<'i, 't>(items: &'i [Item<'t>], key: &str) -> Option<(&'i Item<'t>, &'i Item<'t>)> {
    let at = items.windows(2).position(|pair| pair[0].word() == Some(key) && pair[0].first && pair[1].is(':'))?;
    Some((&items[at], items.get(at + 2)?))
}

/// A text, or the texts of a list.
fn texts<'t>(value: &Item<'t>) -> Vec<&'t str> {
    value.text().into_iter().chain(value.items().iter().filter_map(Item::text)).collect()
}

/// A package that a list asks for: its name, its filter and where both stand.
struct Asked<'i, 't> {
    name: &'t str,
    filter: &'i [Item<'t>],
    at: std::ops::Range<usize>,
}

fn asked<'i, 't>(value: &'i Item<'t>) -> Vec<Asked<'i, 't>> {
    let list = if value.text().is_some() { std::slice::from_ref(value) } else { value.items() };
    let mut out = Vec::new();
    // Alternatives stand in groups of their own.
    let mut queue: Vec<&'i [Item<'t>]> = vec![list];
    while let Some(list) = queue.pop() {
        for (at, item) in list.iter().enumerate() {
            if let Some(name) = item.text() {
                let filter = list.get(at + 1).and_then(|next| next.group('{'));
                let end = filter.and(list.get(at + 1)).map_or(item.at.end, |next| next.at.end);
                out.push(Asked { name, filter: filter.unwrap_or_default(), at: item.at.start..end });
            } else if let Some(inner) = item.group('(') {
                queue.push(inner);
            }
        }
    }
    out.sort_by_key(|asked| asked.at.start);
    out
}

fn scope_of(filter: &[Item<'_>], optional: bool) -> Scope {
    let has = |word: &str| filter.iter().any(|item| item.word() == Some(word));
    if has("with-test") {
        Scope::Test
    } else if has("with-doc") || has("with-dev-setup") || has("dev") {
        Scope::Dev
    } else if has("build") {
        Scope::Build
    } else if optional {
        Scope::Optional
    } else {
        Scope::Runtime
    }
}

/// The version condition of a filter, as written, flags left off.
fn requirement(file: &SourceFile<'_>, filter: &[Item<'_>]) -> String {
    let texts: Vec<usize> = (0..filter.len()).filter(|&at| filter[at].text().is_some()).collect();
    let (Some(&first), Some(&last)) = (texts.first(), texts.last()) else { return String::new() };
    let start =
        (0..first).rev().take_while(|&at| matches!(filter[at].node, Node::Sign('=' | '<' | '>' | '!'))).last();
    let range = filter[start.unwrap_or(first)].at.start..filter[last].at.end;
    file.text()[range].replace('"', "").replace(" & ", ", ")
}

/// Reads a description.
pub(super) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &OPAM);
    if field(&items, "opam-version").is_none() && field(&items, "depends").is_none() {
        return;
    }
    let mut manifest = draft::manifest(file, NAME);
    manifest.descriptive = true;
    let text = |key: &str| field(&items, key).and_then(|(_, value)| value.text()).map(str::to_owned);
    // In a repository of packages, the folder is named `name.version`.
    let folder = file.path.parent();
    let (stem, number) = match file.path.name().strip_suffix(".opam") {
        Some(stem) => (stem, None),
        None => folder.name().split_once('.').map_or((folder.name(), None), |(name, v)| (name, Some(v))),
    };
    manifest.name = text("name").or_else(|| Some(stem.to_owned()).filter(|s| !s.is_empty()));
    manifest.version = text("version").or_else(|| number.map(str::to_owned));
    manifest.description = text("synopsis");
    manifest.homepage = text("homepage");
    manifest.repository = text("dev-repo");
    manifest.authors =
        field(&items, "authors").map(|(_, v)| texts(v)).unwrap_or_default().into_iter().map(str::to_owned).collect();
    manifest.license = field(&items, "license").and_then(|(key, value)| {
        let names = texts(value);
        let place = file.place(key.at.start..value.at.end);
        (!names.is_empty()).then(|| LicenseField { text: names.join(" AND "), place, spdx: true })
    });
    for (key, optional) in [("depends", false), ("depopts", true)] {
        for asked in field(&items, key).map(|(_, value)| asked(value)).unwrap_or_default() {
            let requirement = requirement(file, asked.filter);
            let scope = scope_of(asked.filter, optional);
            manifest.dependencies.push(draft::dependency(file, asked.name, &requirement, scope, asked.at));
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// Reads a locked description: each dependency with `{= "version"}`.
pub(super) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &OPAM);
    let mut draft = Draft::new(file, NAME);
    let Some((_, depends)) = field(&items, "depends") else {
        return out.push(crate::collect::malformed(file, None, "no `depends`"));
    };
    for asked in asked(depends) {
        let Some(version) = asked.filter.iter().find_map(Item::text) else {
            draft.note(asked.at.start, format!("`{}` has no version", asked.name));
            continue;
        };
        let mut package = draft.package(asked.name, version, asked.at);
        package.scope = Some(scope_of(asked.filter, false));
        draft.add(package);
    }
    draft.finish(out);
}
