//! Carthage's `Cartfile.resolved`: `github "owner/name" "version"`, `git "address" "version"`.

use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::forge;
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::purl;
use crate::model::{Evidence, Locked};

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
