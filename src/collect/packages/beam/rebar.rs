//! `rebar.lock` and `rebar.config`: Erlang terms. A locked package is `{Name, {pkg, Name, Version}, Level}` or
//! `{Name, {git, Address, {ref, Commit}}, Level}`; level 0 is what the project asks for (rebar3, "Lock files").

use std::collections::HashMap;

use super::HEX;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, ERLANG, Item, Node, parts};
use crate::collect::packages::draft::{self, Draft, hex_hash};
use crate::collect::packages::purl::{purl_from, without_credentials};
use crate::model::{Dependency, Evidence, Scope};

/// Reads `rebar.lock`.
pub(in crate::collect::packages) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &ERLANG);
    let mut draft = Draft::new(file, HEX);
    // The list of packages stands alone, or behind the version of the format.
    let list = items.iter().find_map(|item| match item.node {
        Node::Group('{', ref fields) => fields.iter().find_map(|field| field.group('[')),
        Node::Group('[', ref list) => Some(&list[..]),
        _ => None,
    });
    if list.is_none() && !items.is_empty() {
        draft.note(0, "no list of locked packages");
    }
    let mut checksums: HashMap<&str, &str> = HashMap::new();
    for pair in items.iter().skip(1).flat_map(Item::items).filter_map(|item| item.group('{')) {
        // The outer checksum is that of the archive; the inner one is of its contents alone.
        if pair.first().and_then(Item::word) != Some("pkg_hash_ext") {
            continue;
        }
        for entry in pair.iter().filter_map(|item| item.group('[')).flatten() {
            let texts: Vec<&str> = entry.items().iter().filter_map(Item::text).collect();
            if let [name, checksum] = texts[..] {
                checksums.insert(name, checksum);
            }
        }
    }
    for entry in list.unwrap_or_default().iter().filter(|item| !item.is(',')) {
        let fields = entry.items();
        let name = fields.iter().find_map(Item::text);
        let Some((name, source)) = name.zip(fields.iter().find_map(|item| item.group('{'))) else {
            draft.note(entry.at.start, "an entry that is no locked package");
            continue;
        };
        let texts: Vec<&str> = source.iter().filter_map(Item::text).collect();
        let mut package = match (source.first().and_then(Item::word), &texts[..]) {
            (Some("pkg"), [package, version, ..]) => {
                let mut found = draft.package(package, version, entry.at.clone());
                found.hashes.extend(checksums.get(name).and_then(|c| hex_hash("SHA-256", c)));
                found
            }
            (Some(kind @ ("git" | "git_subdir" | "hg")), [address, ..]) => {
                let kind = if kind == "hg" { "hg" } else { "git" };
                let commit = source.iter().filter_map(|item| item.group('{')).flatten().find_map(Item::text);
                let commit = commit.unwrap_or_default();
                let address = format!("{kind}+{}#{commit}", without_credentials(address));
                let mut found = draft.package(name, commit, entry.at.clone());
                found.purl = purl_from(HEX, name, "", &address);
                found.resolved = Some(address);
                found
            }
            _ => {
                draft.note(entry.at.start, format!("`{name}` is neither from Hex nor from a repository"));
                continue;
            }
        };
        package.direct = Some(fields.last().and_then(Item::word) == Some("0"));
        draft.add(package);
    }
    draft.finish(out);
}

/// Reads the dependencies of `rebar.config`.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &ERLANG);
    let mut manifest = draft::manifest(file, HEX);
    let term = |terms: &'_ [Item<'_>], key: &str| {
        terms.iter().position(|item| item.items().first().and_then(Item::word) == Some(key))
    };
    let list = |item: &Item<'_>| item.items().iter().position(|field| field.group('[').is_some());
    if let Some(at) = term(&items, "deps")
        && let Some(index) = list(&items[at])
    {
        dependencies(file, items[at].items()[index].items(), Scope::Runtime, &mut manifest.dependencies);
    }
    if let Some(at) = term(&items, "profiles")
        && let Some(index) = list(&items[at])
    {
        for profile in items[at].items()[index].items() {
            let scope = match profile.items().first().and_then(Item::word) {
                Some("test") => Scope::Test,
                Some("prod") => Scope::Runtime,
                _ => Scope::Dev,
            };
            let Some(terms) = list(profile).map(|index| profile.items()[index].items()) else { continue };
            if let Some(at) = term(terms, "deps")
                && let Some(index) = list(&terms[at])
            {
                dependencies(file, terms[at].items()[index].items(), scope, &mut manifest.dependencies);
            }
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// `name`, `{name, "1.0"}`, `{name, {pkg, other}}`, `{name, {git, "address", {tag, "1.0"}}}`.
fn dependencies(file: &SourceFile<'_>, list: &[Item<'_>], scope: Scope, out: &mut Vec<Dependency>) {
    for entry in parts(list, ',').filter_map(<[Item<'_>]>::first) {
        let fields = entry.items();
        let Some(name) = entry.word().or_else(|| fields.first()?.word()) else { continue };
        let requirement = fields.iter().skip(1).find_map(Item::text).unwrap_or_default();
        let source = fields.iter().skip(1).find_map(|item| item.group('{')).unwrap_or_default();
        let mut found = draft::dependency(file, name, requirement, scope, entry.at.clone());
        match source.first().and_then(Item::word) {
            Some("pkg") => found.name = source.last().and_then(Item::word).unwrap_or(name).to_owned(),
            Some("git") => {
                let address = source.iter().find_map(Item::text).unwrap_or_default();
                let reference = source.iter().find_map(|item| item.group('{')).and_then(|pair| {
                    Some(format!("?{}={}", pair.first()?.word()?, pair.iter().find_map(Item::text)?))
                });
                let address = without_credentials(address);
                found.source = Some(format!("git+{address}{}", reference.unwrap_or_default()));
            }
            _ => {}
        }
        out.push(found);
    }
}
