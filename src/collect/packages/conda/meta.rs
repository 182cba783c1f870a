//! `conda-meta/*.json`: the records of installed packages.

use super::{CONDA, conda_purl};
use crate::collect::SourceFile;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::json;
use crate::collect::packages::purl::without_credentials;
use crate::model::{Evidence, RelPath};

/// Whether the file lies where conda keeps its records.
pub(in crate::collect::packages) fn is_record(_: &str, path: &RelPath) -> bool {
    path.parent().name() == "conda-meta"
}

/// Reads the record.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let text = |key: &str| document.text_of(key).unwrap_or_default();
    let (Some(name), Some(node)) = (document.text_of("name"), document.get("name")) else {
        let line = file.line_at(document.at as usize);
        return out.push(crate::collect::malformed(file, Some(line), "no `name` of a package"));
    };
    let mut draft = Draft::new(file, CONDA);
    let mut package = draft.package(name, text("version"), 0..0);
    package.region = node.place(file).region;
    let channel = document.text_of("schannel").unwrap_or_else(|| text("channel"));
    // The address of a channel ends with the platform, which old records state nowhere else.
    let channel = channel.trim_end_matches('/');
    let last = channel.rsplit('/').next().unwrap_or_default();
    let stated = text("subdir");
    let platform = stated.is_empty() && (last == "noarch" || last.contains('-') && channel.contains("://"));
    let subdir = if platform { last } else { stated };
    let channel = channel.strip_suffix(subdir).unwrap_or(channel).trim_end_matches('/');
    package.purl = conda_purl(name, text("version"), text("build"), channel, subdir);
    package
        .hashes
        .extend([("MD5", "md5"), ("SHA-256", "sha256")].iter().filter_map(|(a, key)| hex_hash(a, text(key))));
    package.license = document.text_of("license").filter(|l| !l.is_empty()).map(str::to_owned);
    package.resolved = document.text_of("url").map(|url| without_credentials(url).into_owned());
    draft.add(package);
    draft.finish(out);
}
