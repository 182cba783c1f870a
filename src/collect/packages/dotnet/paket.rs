//! Paket: `paket.lock` and `paket.dependencies` (Paket's documentation, "Lock file" and "Dependencies file").

use std::collections::HashMap;

use super::NUGET;
use crate::collect::SourceFile;
use crate::collect::packages::draft::{self, Draft};
use crate::collect::packages::forge;
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::with_subpath;
use crate::model::{Evidence, Scope};

/// Reads `paket.lock`: sections by kind of source, entries by indentation.
pub(in crate::collect::packages) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, NUGET);
    let (mut section, mut remote, mut group) = ("", "", "");
    let mut current = None;
    let mut known: HashMap<(&str, String), usize> = HashMap::new();
    let mut edges: Vec<(usize, &str, String)> = Vec::new();
    for (line, at) in lines(file.text()) {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        if indent == 0 {
            match text.strip_prefix("GROUP ") {
                Some(name) => (group, section) = (name, ""),
                None => section = text,
            }
            if !text.is_empty() && !text.contains(':') && text.contains(' ') && !text.starts_with("GROUP ") {
                draft.note(at.start, "neither a section nor an option");
            }
            continue;
        }
        if let Some(address) = text.strip_prefix("remote:") {
            remote = address.trim();
            current = None;
            continue;
        }
        // A whole repository has its commit alone.
        let (name, rest) =
            text.strip_prefix('(').map(|rest| (remote, rest)).or_else(|| text.split_once(" (")).unwrap_or((text, ""));
        let version = rest.split(')').next().unwrap_or_default();
        // What a file of a repository needs has no version beside it.
        if indent >= 6 {
            let name = name.split(" - ").next().unwrap_or(name).trim();
            edges.extend(current.map(|from| (from, group, name.to_lowercase())));
            continue;
        }
        if version.is_empty() {
            continue;
        }
        let mut package = match section {
            "NUGET" => draft.package(name, version, at),
            "GITHUB" | "GIT" => {
                let address =
                    if section == "GITHUB" { format!("https://github.com/{remote}") } else { remote.to_owned() };
                let found = forge::repository(&address, version);
                let mut package = draft.package(&found.name, version, at);
                // GitHub files are taken one by one.
                package.purl = if name == remote { found.purl } else { with_subpath(found.purl, name) };
                package.resolved = Some(found.address);
                package
            }
            _ => continue,
        };
        let main = group.is_empty() || group.eq_ignore_ascii_case("main");
        package.scope = match group.to_lowercase().as_str() {
            _ if main => None,
            "test" | "tests" => Some(Scope::Test),
            "build" => Some(Scope::Build),
            _ => Some(Scope::Dev),
        };
        let index = draft.add(package);
        current = Some(index);
        if section == "NUGET" {
            known.insert((group, name.to_lowercase()), index);
        }
    }
    for (from, group, name) in edges {
        let to = known.get(&(group, name)).copied();
        draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
    }
    draft.finish(out);
}

/// Reads `paket.dependencies`.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut packages = draft::manifest(file, NUGET);
    let mut repositories = draft::manifest(file, "github");
    let mut scope = Scope::Runtime;
    for (line, at) in lines(file.text()) {
        let line = line.split(" #").next().unwrap_or(line);
        // Two slashes start a comment, but not those of an address.
        let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
        let text = comment.map_or(line, |(at, _)| &line[..at]).trim();
        let mut words = text.split_whitespace();
        let (Some(keyword), Some(name)) = (words.next(), words.next()) else { continue };
        match keyword.to_ascii_lowercase().as_str() {
            "group" => {
                scope = match name.to_lowercase().as_str() {
                    "main" => Scope::Runtime,
                    "test" | "tests" => Scope::Test,
                    "build" => Scope::Build,
                    _ => Scope::Dev,
                };
            }
            "nuget" | "clitool" => {
                // Options are `key: value`, versions are not.
                let rest: Vec<&str> = words.collect();
                let end =
                    rest.iter().position(|word| word.ends_with(':') || word.contains(':')).unwrap_or(rest.len());
                let requirement = rest[..end].join(" ");
                packages.dependencies.push(draft::dependency(file, name, &requirement, scope, at));
            }
            "github" => {
                let (name, reference) = name.split_once(':').unwrap_or((name, ""));
                repositories.dependencies.push(draft::dependency(file, name, reference, scope, at));
            }
            _ => {}
        }
    }
    out.push(Evidence::Manifest(Box::new(packages)));
    if !repositories.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(repositories)));
    }
}
