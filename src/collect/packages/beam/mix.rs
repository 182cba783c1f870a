//! `mix.lock` and `mix.exs`: Elixir terms. A lock entry is
//! `{:hex, package, version, inner checksum, managers, dependencies, repository, outer checksum}` or
//! `{:git, address, commit, options}` (Hex's and Mix's own `Lock` modules).

use super::HEX;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, ELIXIR, Item, Node, parts};
use crate::collect::packages::draft::{self, Draft, hex_hash};
use crate::collect::packages::purl::{purl, purl_from, without_credentials};
use crate::model::{Evidence, LicenseField, Scope};

/// Reads `mix.lock`.
pub(in crate::collect::packages) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &ELIXIR);
    let mut draft = Draft::new(file, HEX);
    let mut edges: Vec<(usize, &str)> = Vec::new();
    let map = items.iter().find_map(|item| item.group('{'));
    if map.is_none() {
        draft.note(0, "no map where the locked packages belong");
    }
    for entry in parts(map.unwrap_or_default(), ',') {
        let app = entry[0].text().or_else(|| entry[0].word());
        let (Some(app), Some(value)) = (app, entry.last().and_then(|item| item.group('{'))) else {
            draft.note(entry[0].at.start, "an entry that is no locked package");
            continue;
        };
        let fields: Vec<&[Item<'_>]> = parts(value, ',').collect();
        let field = |at: usize| fields.get(at).and_then(|field| atom_or_text(field));
        let span = entry[0].at.clone();
        match field(0) {
            Some("hex") => {
                let (Some(name), Some(version)) = (field(1), field(2)) else {
                    draft.note(span.start, format!("`{app}` has no version"));
                    continue;
                };
                let mut package = draft.package(name, version, span);
                // A private organisation is a repository of its own: `hexpm:organisation`.
                if let Some(organisation) = field(6).and_then(|repository| repository.strip_prefix("hexpm:")) {
                    package.purl = purl(HEX, &format!("{organisation}/{name}"), version, &[]);
                }
                package.hashes.extend(field(7).and_then(|checksum| hex_hash("SHA-256", checksum)));
                package.name = app.to_owned();
                let index = draft.add(package);
                let dependencies = fields.get(5).and_then(|list| list.first()).map_or(&[][..], Item::items);
                for dependency in dependencies.iter().filter_map(|item| item.group('{')) {
                    edges.extend(parts(dependency, ',').next().and_then(atom_or_text).map(|name| (index, name)));
                }
            }
            Some("git") => {
                let (Some(address), Some(commit)) = (field(1), field(2)) else {
                    draft.note(span.start, format!("`{app}` has no commit"));
                    continue;
                };
                let source = format!("git+{}#{commit}", without_credentials(address));
                let mut package = draft.package(app, commit, span);
                package.purl = purl_from(HEX, app, "", &source);
                package.resolved = Some(source);
                draft.add(package);
            }
            _ => draft.note(span.start, format!("`{app}` is neither from Hex nor from git")),
        }
    }
    draft.link(edges);
    draft.finish(out);
}

/// `:atom`, `"text"` or `:"atom"`.
fn atom_or_text<'t>(field: &[Item<'t>]) -> Option<&'t str> {
    match field {
        [colon, name] if colon.is(':') => name.word().or(name.text()),
        [name] => name.text(),
        _ => None,
    }
}

/// Reads `mix.exs`.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &ELIXIR);
    let mut manifest = draft::manifest(file, HEX);
    let all = flat(&items);
    // `version: @version` names an attribute of the module.
    let attribute =
        |name: &str| all.iter().position(|i| i.first && i.word() == Some(name)).and_then(|i| all.get(i + 1)?.text());
    let value = |key: &str| {
        let at = all.windows(2).position(|pair| pair[0].word() == Some(key) && pair[1].is(':'))?;
        Some((all[at], *all.get(at + 2)?, all.get(at + 3).copied()))
    };
    if let Some((key, colon, Some(name))) = value("app")
        && colon.is(':')
    {
        manifest.name = name.word().map(str::to_owned);
        manifest.place = file.place(key.at.start..name.at.end);
    }
    if let Some((_, version, _)) = value("version") {
        manifest.version = version.text().or_else(|| attribute(version.word()?)).map(str::to_owned);
    }
    if let Some((key, list, _)) = value("licenses") {
        let names: Vec<&str> = list.items().iter().filter_map(Item::text).collect();
        if !names.is_empty() {
            let place = file.place(key.at.start..list.at.end);
            manifest.license = Some(LicenseField { text: names.join(" AND "), place, spdx: true });
        }
    }
    let texts = [("description", &mut manifest.description), ("source_url", &mut manifest.repository)];
    for (key, field) in texts {
        *field = value(key).and_then(|(_, value, _)| value.text()).map(str::to_owned);
    }
    if let Some((_, requirement, _)) = value("elixir") {
        manifest.minimum_runtime =
            requirement.text().map(|text| (text.to_owned(), file.place(requirement.at.clone())));
    }
    for start in 1..all.len() {
        let defines = matches!(all[start - 1].word(), Some("def" | "defp"));
        if !defines || !all[start].word().is_some_and(|w| w == "deps" || w.ends_with("_deps") || w == "dependencies")
        {
            continue;
        }
        let body = all[start + 1..].iter().take_while(|item| !matches!(item.word(), Some("def" | "defp")));
        for tuple in body.filter_map(|item| item.group('{')) {
            manifest.dependencies.extend(dependency(file, tuple));
        }
    }
    if manifest.name.is_some() || !manifest.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// Every item of the text, groups before what is in them.
fn flat<'i, 't>(items: &'i [Item<'t>]) -> Vec<&'i Item<'t>> {
    let mut out = Vec::new();
    let mut queue: Vec<&Item<'t>> = items.iter().rev().collect();
    while let Some(item) = queue.pop() {
        out.push(item);
        queue.extend(item.items().iter().rev());
    }
    out
}

/// `{:name, "~> 1.0", only: :test}`, `{:name, github: "a/b"}`, `{:name, path: "../x"}`.
fn dependency(file: &SourceFile<'_>, tuple: &[Item<'_>]) -> Option<crate::model::Dependency> {
    let mut fields = parts(tuple, ',');
    let first = fields.next()?;
    let [colon, name] = first else { return None };
    let name = name.word().filter(|_| colon.is(':'))?;
    let option = |key: &str| {
        let at = tuple.windows(2).position(|pair| pair[0].word() == Some(key) && pair[1].is(':'))?;
        Some(&tuple[at + 2..])
    };
    let text = |key: &str| option(key)?.first()?.text();
    let requirement = fields.next().and_then(|f| if f.len() == 1 { f[0].text() } else { None }).unwrap_or_default();
    let only: Vec<&str> = option("only").map_or(Vec::new(), |value| match value {
        [colon, atom, ..] if colon.is(':') => atom.word().into_iter().collect(),
        [list, ..] => list.items().iter().filter_map(Item::word).collect(),
        [] => Vec::new(),
    });
    let scopes = only.iter().map(|env| match *env {
        "test" => Scope::Test,
        "prod" => Scope::Runtime,
        _ => Scope::Dev,
    });
    let optional = option("optional").is_some_and(|v| v.first().is_some_and(|v| v.word() == Some("true")));
    let scope = scopes.min().unwrap_or(if optional { Scope::Optional } else { Scope::Runtime });
    let end = tuple.last().map_or(name.len(), |item| item.at.end);
    let mut found = draft::dependency(file, text("hex").unwrap_or(name), requirement, scope, colon.at.start..end);
    let reference = ["ref", "tag", "branch"].iter().find_map(|key| Some(format!("?{key}={}", text(key)?)));
    let git = text("git").map(|address| without_credentials(address).into_owned());
    let git = git.or_else(|| text("github").map(|path| format!("https://github.com/{path}")));
    found.source = git.map(|git| format!("git+{git}{}", reference.unwrap_or_default()));
    found.source = found.source.or_else(|| text("path").map(str::to_owned));
    if option("in_umbrella").is_some() {
        found.source = Some(format!("../{name}"));
    }
    if let Some(atom) = option("hex").filter(|value| value.first().is_some_and(|v| matches!(v.node, Node::Sign(':'))))
    {
        found.name = atom.get(1).and_then(Item::word).unwrap_or(name).to_owned();
    }
    Some(found)
}
