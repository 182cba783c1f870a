//! Archives that write outside of the folder that they are unpacked into (CWE-22, "zip slip").

use super::super::archive::{self, Budget};

/// How many bytes a compressed tar file is unpacked to in search of names.
const MOST: u64 = 64 << 20;

/// Endings, in lower case, of tar files in a compressed stream, whose first bytes say nothing of a tar file.
const PACKED_TAR: &[&str] =
    &[".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.lzma", ".tar.lz4", ".crate"];

/// Whether a file of this name, in lower case, is a compressed tar file.
pub(super) fn is_named(name: &str) -> bool {
    PACKED_TAR.iter().any(|end| name.ends_with(end))
}

/// Whether a file that starts like this is a container of files.
pub(super) fn is_container(head: &[u8]) -> bool {
    archive::sniff_container(head).is_some()
}

/// What of an archive leaves the folder it is unpacked into, as a phrase behind `has`.
pub(super) fn of(name: &str, bytes: &[u8]) -> Option<String> {
    let mut budget = Budget::of_bytes(MOST);
    let packed = is_named(name).then(|| archive::sniff_codec(bytes)).flatten();
    // A stream that breaks off has the members before that all the same.
    let unpacked = packed.map(|codec| archive::decompress(codec, bytes, &mut budget).unwrap_or_else(|(out, _)| out));
    let bytes = unpacked.as_deref().unwrap_or(bytes);
    let container = archive::sniff_container(bytes)?;
    let targets = archive::targets(container, bytes, &mut budget);
    let mut outside = targets.iter().filter(|target| target.escapes());
    let first = outside.next()?;
    let more = outside.count();
    let shown: String = first.name.chars().take(80).flat_map(char::escape_debug).collect();
    let what =
        if first.link.is_some() { "a link that leads out of it" } else { "a member that is written outside of it" };
    Some(match more {
        0 => format!("{what} when unpacked, `{shown}`"),
        more => format!("{what} when unpacked, `{shown}`, and {more} more"),
    })
}
