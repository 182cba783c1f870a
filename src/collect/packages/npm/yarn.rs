//! `yarn.lock`, of yarn 1 and of yarn 2 and later ("berry").
//!
//! Yarn 1 writes a format of its own, which its `lockfile` package parses: entries that are headed by the requirements
//! they answer (`a@^1, a@^1.2:`), fields as `key value`, tables of dependencies below. Later versions write YAML with a
//! `__metadata` entry and requirements that name their protocol (`a@npm:^1`); they list the project's own packages too.

use std::collections::HashMap;

use super::{berry, spec};
use crate::collect::packages::{integrity, locks, purl::purl_from, purl::without_credentials};
use crate::collect::{SourceFile, malformed};
use crate::model::{Ecosystem, Evidence, Locked, Scope};

/// Reads the lock file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if super::manifest::is_installed(file.path) {
        return;
    }
    let text = file.text();
    if text.trim().is_empty() {
        return out.push(malformed(file, Some(1), "empty"));
    }
    if text.lines().any(|line| line.starts_with("__metadata:")) {
        return berry::read(file, out);
    }
    let entries = match entries(file) {
        Ok(entries) => entries,
        Err((line, reason)) => return out.push(malformed(file, Some(line), reason)),
    };
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut packages: Vec<Locked> = Vec::new();
    for entry in &entries {
        index.extend(entry.keys.iter().map(|key| (*key, packages.len())));
        packages.push(package(file, entry));
    }
    for (from, entry) in entries.iter().enumerate() {
        for (name, requirement, _) in &entry.dependencies {
            let to = index.get(format!("{name}@{requirement}").as_str());
            packages[from].dependencies.extend(to.copied());
        }
    }
    optional(&mut packages, &entries, &index);
    let all = (0..packages.len()).collect();
    packages.push(locks::project(all));
    out.push(locks::lock(file, Ecosystem::NPM, packages));
}

/// Marks what is only ever needed as an optional dependency. The lock does not tell what the project itself asks for,
/// so only what some entry names, and none firmly, is known to be optional.
fn optional(packages: &mut [Locked], entries: &[Entry<'_>], index: &HashMap<&str, usize>) {
    let mut firm = vec![None; packages.len()];
    for (name, requirement, is_optional) in entries.iter().flat_map(|e| &e.dependencies) {
        if let Some(&to) = index.get(format!("{name}@{requirement}").as_str()) {
            firm[to] = Some(firm[to].unwrap_or(false) || !is_optional);
        }
    }
    for (package, firm) in packages.iter_mut().zip(firm) {
        // A requirement beside those of the entries may be the project's.
        if firm == Some(false) && package.answers.len() == 1 {
            package.scope = Some(Scope::Optional);
        }
    }
}

/// An entry of yarn 1.
struct Entry<'t> {
    line: u32,
    keys: Vec<&'t str>,
    fields: HashMap<&'t str, &'t str>,
    /// Name, requirement, and whether it is optional.
    dependencies: Vec<(&'t str, &'t str, bool)>,
}

/// Reads the entries.
///
/// # Errors
/// The line and the reason where the text does not follow the format.
fn entries<'t>(file: &SourceFile<'t>) -> Result<Vec<Entry<'t>>, (u32, String)> {
    let mut entries: Vec<Entry<'t>> = Vec::new();
    let mut optional = None;
    for (number, line) in (1..).zip(file.text().lines()) {
        let body = line.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let wrong = |reason: &str| (number, format!("{reason}: `{}`", body.chars().take(60).collect::<String>()));
        match (indent, entries.last_mut()) {
            (0, _) => {
                let keys = body.strip_suffix(':').ok_or_else(|| wrong("no entry and no field"))?;
                let keys = keys.split(", ").map(unquoted).collect();
                entries.push(Entry { line: number, keys, fields: HashMap::new(), dependencies: Vec::new() });
                optional = None;
            }
            (2, Some(entry)) => match body {
                "dependencies:" => optional = Some(false),
                "optionalDependencies:" => optional = Some(true),
                _ => {
                    optional = None;
                    if !body.ends_with(':') {
                        let (key, value) = field(body).ok_or_else(|| wrong("a field without a value"))?;
                        entry.fields.insert(key, value);
                    }
                }
            },
            (3.., Some(entry)) => {
                if let Some(optional) = optional {
                    let (name, requirement) = field(body).ok_or_else(|| wrong("a dependency without a version"))?;
                    entry.dependencies.push((name, requirement, optional));
                }
            }
            _ => return Err(wrong("indented where an entry belongs")),
        }
    }
    Ok(entries)
}

/// A key and its value, either of which may be quoted.
fn field(body: &str) -> Option<(&str, &str)> {
    let end = match body.strip_prefix('"') {
        Some(rest) => rest.find('"')? + 2,
        None => body.find(' ')?,
    };
    let value = body[end..].trim();
    (!value.is_empty()).then(|| (unquoted(&body[..end]), unquoted(value)))
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text)
}

fn package(file: &SourceFile<'_>, entry: &Entry<'_>) -> Locked {
    let field = |key: &str| entry.fields.get(key).copied();
    let version = field("version").unwrap_or_default();
    let key = entry.keys.first().copied().unwrap_or_default();
    let (own, _) = split(key);
    let resolved = field("resolved").map(without_credentials);
    let (address, digest) = match resolved.as_deref().and_then(|r| r.rsplit_once('#')) {
        // Behind the address of an archive stands its digest, behind that of a repository the commit.
        Some((address, digest)) if !spec::is_repository(address) => {
            (Some(address), integrity::digest_of("sha1", digest))
        }
        _ => (resolved.as_deref(), None),
    };
    let source = address.and_then(spec::locked_source).unwrap_or_default();
    let published = address.and_then(spec::published_name);
    let alias = entry.keys.iter().find_map(|key| spec::parse(split(key).1).name);
    let name = published.as_deref().or(alias.as_deref()).unwrap_or(own);
    let mut hashes = field("integrity").map(integrity::hashes).unwrap_or_default();
    hashes.extend(digest);
    hashes.sort();
    hashes.dedup();
    let start = file.line_range(entry.line).start;
    Locked {
        purl: purl_from("npm", name, version, &source),
        name: name.to_owned(),
        version: version.to_owned(),
        answers: entry.keys.iter().map(|key| spec::parse(split(key).1).requirement).collect(),
        hashes,
        resolved: address.map(str::to_owned),
        region: Some(file.region(start..file.line_range(entry.line).end)),
        ..Locked::default()
    }
}

/// The name and the requirement in `name@requirement`.
pub(super) fn split(key: &str) -> (&str, &str) {
    let at = key.char_indices().skip(1).find(|&(_, c)| c == '@').map(|(at, _)| at);
    at.map_or((key, ""), |at| (&key[..at], &key[at + 1..]))
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn version_1_with_aliases_git_and_archives() {
        let evidence = fixture("yarn-lock", "v1/yarn.lock");
        let lock = lock(&evidence);
        let seen: Vec<_> = lock.packages.iter().map(|p| (p.purl.as_str(), p.answers.join(" | "), p.scope)).collect();
        assert_eq!(
            seen,
            [
                ("pkg:npm/%40s/scoped@2.1.0", "^2.0.0 | ^2.1.0".into(), None),
                ("pkg:npm/real@3.0.1", "^3.0.0".into(), None),
                ("pkg:npm/debug@4.3.4", "^4.0.0".into(), None),
                (
                    "pkg:npm/forked@1.0.0?vcs_url=git%2Bhttps://git.example.org/forked.git%400123456789abcdef0123456789abcdef01234567",
                    "".into(),
                    None
                ),
                ("pkg:npm/fsevents@2.3.3", "~2.3.2".into(), Some(Scope::Optional)),
                (
                    "pkg:npm/private@1.0.0?download_url=https://npm.example.org/private/-/private-1.0.0.tgz",
                    "1.x".into(),
                    None
                ),
                ("", "".into(), None),
            ]
        );
        assert_eq!(
            edges(lock),
            ["@s/scoped 2.1.0 -> debug 4.3.4", "@s/scoped 2.1.0 -> fsevents 2.3.3", "real 3.0.1 -> @s/scoped 2.1.0"]
        );
        let real = &lock.packages[1];
        let hashes: Vec<_> = real.hashes.iter().map(|h| h.algorithm.as_str()).collect();
        assert_eq!(hashes, ["SHA-1", "SHA-512"]);
        assert_eq!(real.resolved.as_deref(), Some("https://registry.yarnpkg.com/real/-/real-3.0.1.tgz"));
        assert_eq!(real.region.as_ref().unwrap().start_line, 13);
    }

    #[test]
    fn broken_locks_name_the_line() {
        for (text, line) in [
            ("# yarn lockfile v1\n\n<<<<<<< HEAD\n", 3),
            ("  version \"1\"\n", 1),
            ("a@1:\n  version\n", 2),
            ("a@1:\n  dependencies:\n    b\n", 3),
        ] {
            assert_eq!(notes(&with_text("yarn.lock", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
    }
}
