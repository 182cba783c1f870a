//! Known vulnerabilities of components, from a copy of the OSV database on this machine.
//!
//! The copy is a folder of records in JSON, or of the `all.zip` that the database offers for each ecosystem, at any depth.
//! Of every record only the names of its packages are read, unless the project has one of them.

mod osv;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::collect::archive::{self, Budget};
use crate::collect::encoded::percent_decoded;
use crate::collect::packages::comparable;
use crate::model::{Advisories, Package, Vulnerability};

/// The largest file of a database that is read, in bytes.
const LARGEST: u64 = 2 << 30;
/// How many bytes the members of one archive are unpacked to.
const MOST_BYTES: u64 = 16 << 30;
/// How many members of one archive are read.
const MOST_MEMBERS: u32 = 2_000_000;

/// Packages of the project by ecosystem and name, in the forms in which they are compared.
type Wanted<'a> = BTreeMap<(String, String), Vec<(&'a Package, String)>>;

/// What was found in a part of the database.
#[derive(Default)]
struct Part {
    records: u64,
    unread: Vec<String>,
    found: Vec<Vulnerability>,
}

/// Looks the components of a project up in the database below `folder`.
///
/// # Errors
/// Why the folder cannot be listed, or that it holds no record at all.
pub fn look_up(folder: &Path, packages: &[Package]) -> Result<Advisories, String> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|e| e.to_string())?;
        let is_part = entry.path().extension().is_some_and(|e| e == "json" || e == "zip");
        if entry.file_type().is_file() && is_part {
            files.push(entry.into_path());
        }
    }
    let wanted = wanted(packages);
    let parts: Vec<Part> = files.par_iter().map(|file| part(file, folder, &wanted)).collect();
    let mut all = Advisories::default();
    for part in parts {
        all.records += part.records;
        all.unread.extend(part.unread);
        all.found.extend(part.found);
    }
    if all.records == 0 {
        return Err("it holds no records of the OSV schema, as .json or in .zip".to_owned());
    }
    all.found.sort();
    all.found.dedup();
    all.unread.sort();
    Ok(all)
}

/// Reads one file of the database.
fn part(file: &Path, folder: &Path, wanted: &Wanted<'_>) -> Part {
    let mut part = Part::default();
    let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
    if fs::metadata(file).is_ok_and(|meta| meta.len() > LARGEST) {
        part.unread.push(format!("{name}: more than {LARGEST} bytes"));
        return part;
    }
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(e) => {
            part.unread.push(format!("{name}: {e}"));
            return part;
        }
    };
    if archive::sniff_container(&bytes) == Some(archive::Container::Zip) {
        let mut budget = Budget::of(MOST_BYTES, MOST_MEMBERS);
        let is_record = |name: &str| name.ends_with(".json");
        let wrong = archive::visit_zip(&bytes, &mut budget, is_record, |member| match member.content {
            Ok(content) => record(&content, &member.name, wanted, &mut part),
            Err(why) => part.unread.push(format!("{}: {why}", member.name)),
        });
        part.unread.extend(wrong.map(|flaw| format!("{name}: {}", flaw.why)));
    } else {
        record(&bytes, &name, wanted, &mut part);
    }
    part
}

/// Reads one record.
fn record(bytes: &[u8], name: &str, wanted: &Wanted<'_>, part: &mut Part) {
    let heads: osv::Heads<'_> = match serde_json::from_slice(bytes) {
        Ok(heads) => heads,
        Err(e) => {
            part.unread.push(format!("{name}: {e}"));
            return;
        }
    };
    part.records += 1;
    let keys: BTreeSet<(String, String)> = heads
        .affected
        .iter()
        .filter_map(|head| head.package.as_ref())
        .map(|package| key(&package.ecosystem, &package.name))
        .filter(|key| wanted.contains_key(key))
        .collect();
    if keys.is_empty() {
        return;
    }
    let record: osv::Record = match serde_json::from_slice(bytes) {
        Ok(record) => record,
        Err(e) => {
            part.unread.push(format!("{name}: {e}"));
            return;
        }
    };
    if record.withdrawn.is_some() {
        return;
    }
    for wanted_key in keys {
        for (package, version) in wanted.get(&wanted_key).into_iter().flatten() {
            let matches = |ecosystem: &str, name: &str| key(ecosystem, name) == wanted_key;
            let Some(fixed) = record.affects(matches, version) else { continue };
            part.found.push(Vulnerability {
                purl: package.purl.clone(),
                id: record.id.clone(),
                aliases: record.aliases.clone(),
                summary: record.summary.chars().take(300).collect(),
                severity: record.severity(),
                fixed,
            });
        }
    }
}

/// The name of an ecosystem without the release behind its colon: `Debian:12` is `Debian`.
fn base(ecosystem: &str) -> &str {
    ecosystem.split(':').next().unwrap_or(ecosystem)
}

/// Ecosystem and name in the form in which they are compared.
fn key(ecosystem: &str, name: &str) -> (String, String) {
    let ecosystem = base(ecosystem).to_owned();
    let name = match ecosystem.as_str() {
        "PyPI" => comparable("pypi", name).into_owned(),
        "NuGet" | "Packagist" | "GitHub Actions" | "SwiftURL" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    };
    (ecosystem, name)
}

/// The components whose version is known, by what OSV calls them.
fn wanted(packages: &[Package]) -> Wanted<'_> {
    let mut out: Wanted<'_> = BTreeMap::new();
    for package in packages.iter().filter(|p| !p.local && p.locked && !p.version.is_empty()) {
        let Some((kind, rest)) = package.purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let path = rest.split(['@', '?', '#']).next().unwrap_or_default();
        let path = percent_decoded(path).into_owned();
        let version = package.version.as_str();
        let (ecosystem, name, version) = match kind {
            "cargo" => ("crates.io", path, version),
            "npm" => ("npm", path, version),
            "pypi" => ("PyPI", path, version),
            "maven" => ("Maven", path.replacen('/', ":", 1), version),
            "golang" => ("Go", path, version.strip_prefix('v').unwrap_or(version)),
            "gem" => ("RubyGems", path, version),
            "nuget" => ("NuGet", path, version),
            "composer" => ("Packagist", path, version),
            "hex" => ("Hex", path, version),
            "pub" => ("Pub", path, version),
            "swift" => ("SwiftURL", path, version),
            "githubactions" => ("GitHub Actions", path, version),
            "hackage" => ("Hackage", path, version),
            "cran" => ("CRAN", path, version),
            "deb" => match path.split_once('/') {
                Some(("ubuntu", name)) => ("Ubuntu", name.to_owned(), version),
                Some((_, name)) => ("Debian", name.to_owned(), version),
                None => continue,
            },
            "apk" => ("Alpine", path.rsplit('/').next().unwrap_or_default().to_owned(), version),
            _ => continue,
        };
        out.entry(key(ecosystem, &name)).or_default().push((package, version.to_owned()));
    }
    out
}
