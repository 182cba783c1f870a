//! Explicit lists of conda (conda's documentation, "Building identical conda environments"): the addresses of archives,
//! one a line, as `conda list --explicit` and conda-lock write them.

use super::{Archive, CONDA, conda_purl};
use crate::collect::SourceFile;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::without_credentials;
use crate::model::Evidence;

/// The line in front of the addresses, in lower case.
pub(in crate::collect::packages) const MARK: &str = "@explicit";

/// Reads the list; another text that mentions the mark says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut listed = lines(file.text()).skip_while(|(line, _)| !line.trim().eq_ignore_ascii_case(MARK));
    if listed.next().is_none() {
        return;
    }
    let mut draft = Draft::new(file, CONDA);
    for (line, at) in listed.filter(|(line, _)| line.contains("://")) {
        let address = without_credentials(line.trim());
        let Some(archive) = Archive::parse(&address) else { continue };
        let mut package = draft.package(archive.name, archive.version, at);
        package.purl = conda_purl(archive.name, archive.version, archive.build, archive.channel, archive.subdir);
        let (url, digest) = address.split_once('#').unwrap_or((&address, ""));
        package.resolved = Some(url.to_owned());
        // A digest without a name in front is MD5, which is all that conda knew at first.
        package.hashes.extend(match digest.strip_prefix("sha256:") {
            Some(digest) => hex_hash("SHA-256", digest),
            None => hex_hash("MD5", digest),
        });
        draft.add(package);
    }
    if !draft.packages.is_empty() {
        draft.finish(out);
    }
}
