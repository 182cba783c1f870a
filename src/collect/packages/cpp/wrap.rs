//! Meson's `*.wrap` files (Meson manual, "Wrap dependency system"): a subproject's archive or repository.

use std::ops::Range;

use super::cmake::version_in;
use crate::collect::SourceFile;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::forge;
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::{purl, without_credentials};
use crate::model::{Evidence, Locked, RelPath, Scope};

/// Whether the file lies where Meson looks for wraps.
pub(in crate::collect::packages) fn is_wrap(_: &str, path: &RelPath) -> bool {
    path.parent().name() == "subprojects" || path.depth() == 1
}

/// Reads the file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut section = "";
    let mut fields: Vec<(&str, &str, Range<usize>)> = Vec::new();
    for (line, at) in lines(file.text()) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
        } else if section.starts_with("wrap-")
            && !line.starts_with('#')
            && let Some((key, value)) = line.split_once('=')
        {
            fields.push((key.trim(), value.trim(), at));
        }
    }
    let kind = ["[wrap-git]", "[wrap-file]", "[wrap-hg]", "[wrap-svn]"].iter().find(|k| file.text().contains(*k));
    let field = |key: &str| fields.iter().find(|(found, ..)| *found == key);
    let text = |key: &str| field(key).map(|(_, value, _)| *value);
    let name = file.path.name();
    let name = name.strip_suffix(".wrap").unwrap_or(name);
    let mut draft = Draft::new(file, "generic");
    let at = field("url").or_else(|| field("source_url")).map_or(0..0, |(.., at)| at.clone());
    let region = Some(file.region(at));
    let common = Locked { scope: Some(Scope::Runtime), direct: Some(true), region, ..Locked::default() };
    match (kind.copied(), text("url"), text("source_url")) {
        (Some("[wrap-git]"), Some(url), _) => {
            // `head` follows the branch.
            let revision = text("revision").filter(|r| !r.eq_ignore_ascii_case("head")).unwrap_or_default();
            let found = forge::repository(url, revision);
            draft.add(Locked {
                purl: found.purl,
                name: found.name,
                version: revision.to_owned(),
                resolved: Some(found.address),
                ..common
            });
        }
        (_, _, Some(url)) => {
            let url = without_credentials(url).into_owned();
            let folder = text("directory").and_then(|d| d.rsplit_once('-')).map(|(_, version)| version);
            let wrapdb = text("wrapdb_version").and_then(|v| v.rsplit_once('-')).map(|(version, _)| version);
            let dotted = |v: &&str| v.starts_with(|c: char| c.is_ascii_digit());
            let version = wrapdb.or(folder.filter(dotted)).map(str::to_owned).or_else(|| version_in(&url));
            let version = version.unwrap_or_default();
            let hash = text("source_hash").and_then(|h| hex_hash("SHA-256", h));
            let checksum = hash.as_ref().map(|h| format!("sha256:{}", h.value)).unwrap_or_default();
            draft.add(Locked {
                purl: purl("generic", name, &version, &[("download_url", &url), ("checksum", &checksum)]),
                name: name.to_owned(),
                version,
                hashes: hash.into_iter().collect(),
                resolved: Some(url),
                ..common
            });
        }
        // A redirect names another wrap of the checkout.
        _ if file.text().contains("[wrap-redirect]") || kind.is_some() => return,
        _ => draft.note(0, "no section of a wrap"),
    }
    draft.finish(out);
}
