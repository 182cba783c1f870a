//! Carthage's `Cartfile.resolved` (`github "owner/name" "version"`, `git "address" "version"`) and `Cartfile`, where a
//! requirement stands behind the source (Carthage's documentation, "Artifacts").

use crate::collect::SourceFile;
use crate::collect::packages::draft::{self, Draft};
use crate::collect::packages::forge;
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::purl;
use crate::model::{Evidence, Locked, Scope};

/// Reads the lock file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, "carthage");
    for (line, at) in lines(file.text()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let texts: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let (Some(kind), [address, version]) = (line.split_whitespace().next(), &texts[..]) else {
            draft.note(at.start, "no locked dependency");
            continue;
        };
        let (purl, name, resolved) = match kind {
            "binary" => {
                let name = address.rsplit('/').next().unwrap_or(address).trim_end_matches(".json");
                (purl("generic", name, version, &[("download_url", address)]), name.to_owned(), (*address).to_owned())
            }
            _ => {
                let hosted = kind == "github" && !address.contains("://");
                let address = if hosted { format!("https://github.com/{address}") } else { (*address).to_owned() };
                let found = forge::repository(&address, version);
                (found.purl, found.name, found.address)
            }
        };
        draft.add(Locked {
            purl,
            name,
            version: (*version).to_owned(),
            resolved: Some(resolved),
            region: Some(file.region(at)),
            ..Locked::default()
        });
    }
    draft.finish(out);
}

/// Reads `Cartfile` and `Cartfile.private`.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut hosted = draft::manifest(file, "github");
    let mut elsewhere = draft::manifest(file, "generic");
    let scope = if file.name == "cartfile.private" { Scope::Dev } else { Scope::Runtime };
    for (line, at) in lines(file.text()) {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut parts = line.split('"');
        let (kind, source) = (parts.next().unwrap_or_default().trim(), parts.next().unwrap_or_default());
        // A branch, tag or commit is quoted, a version is not.
        let requirement = parts.next().unwrap_or_default().trim();
        let reference = parts.next().unwrap_or_default();
        match kind {
            "github" if !source.contains("://") => {
                let requirement = if reference.is_empty() { requirement } else { reference };
                hosted.dependencies.push(draft::dependency(file, source, requirement, scope, at));
            }
            "github" | "git" | "binary" => {
                let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
                let name = name.trim_end_matches(".git").trim_end_matches(".json");
                let mut found = draft::dependency(file, name, requirement, scope, at);
                found.source = match (kind, reference) {
                    ("binary", _) => Some(source.to_owned()),
                    (_, "") => Some(format!("git+{source}")),
                    (_, reference) => Some(format!("git+{source}#{reference}")),
                };
                elsewhere.dependencies.push(found);
            }
            _ => {}
        }
    }
    let full = [hosted, elsewhere].into_iter().filter(|manifest| !manifest.dependencies.is_empty());
    out.extend(full.map(|manifest| Evidence::Manifest(Box::new(manifest))));
}
