//! The index: what git tracks (gitformat-index(5), versions 2 to 4).

use std::path::Path;

use super::GitError;
use super::locate::large_file;
use super::object::{Hash, Id};

/// One entry.
pub(super) struct Entry {
    /// Path in the work tree; bytes that are not Unicode are replaced.
    pub(super) path: String,
    pub(super) mode: Mode,
    pub(super) id: Id,
}

/// What an entry of an index or a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    File,
    Executable,
    Link,
    Submodule,
    Folder,
}

impl Mode {
    /// Reads the number that git keeps.
    pub(super) fn of(bits: u32) -> Option<Self> {
        Some(match bits >> 12 {
            0o04 => Self::Folder,
            0o10 if bits & 0o111 != 0 => Self::Executable,
            0o10 => Self::File,
            0o12 => Self::Link,
            0o16 => Self::Submodule,
            _ => return None,
        })
    }
}

/// Bytes of an entry in front of its id: times, device, inode, mode, user, group, size.
const BEFORE_ID: usize = 40;

/// Reads the whole index.
pub(super) fn read(path: &Path, hash: Hash) -> Result<Vec<Entry>, GitError> {
    let bytes = large_file(path).ok_or_else(|| GitError::Missing("the index".to_owned()))?;
    parse(&bytes, hash)
}

fn parse(bytes: &[u8], hash: Hash) -> Result<Vec<Entry>, GitError> {
    let wrong = |why| GitError::malformed("the index", why);
    let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes);
    let version = word(4).filter(|_| bytes.starts_with(b"DIRC")).ok_or_else(|| wrong("is no index"))?;
    if !(2..=4).contains(&version) {
        return Err(wrong("a version that is not known"));
    }
    let count = word(8).ok_or_else(|| wrong("ends early"))? as usize;
    let id_size = hash.size();
    let mut entries = Vec::with_capacity(count.min(bytes.len() / (BEFORE_ID + id_size)));
    let mut at = 12;
    let mut path: Vec<u8> = Vec::new();
    for _ in 0..count {
        let start = at;
        let mode = word(at + 24).ok_or_else(|| wrong("ends early"))?;
        let id = bytes.get(at + BEFORE_ID..).and_then(|b| Id::take(b, hash)).ok_or_else(|| wrong("ends early"))?;
        at += BEFORE_ID + id_size;
        let flags = bytes.get(at..at + 2).ok_or_else(|| wrong("ends early"))?;
        let extended = version >= 3 && flags[0] & 0x40 != 0;
        at += if extended { 4 } else { 2 };
        if version == 4 {
            // The path shares its start with the one before it.
            let (dropped, used) =
                offset_number(bytes.get(at..).unwrap_or_default()).ok_or_else(|| wrong("ends early"))?;
            at += used;
            let kept = path.len().checked_sub(dropped).ok_or_else(|| wrong("a path that cannot be"))?;
            path.truncate(kept);
        } else {
            path.clear();
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let end = memchr::memchr(0, rest).ok_or_else(|| wrong("ends early"))?;
        path.extend_from_slice(&rest[..end]);
        if path.len() > 4096 {
            return Err(wrong("a path that is too long"));
        }
        at += end + 1;
        if version < 4 {
            // Entries are padded with NUL to a multiple of eight, and end with at least one.
            at = start + (at - start).next_multiple_of(8);
        }
        let mode = Mode::of(mode).ok_or_else(|| wrong("an entry of a kind that is not known"))?;
        let text = String::from_utf8_lossy(&path).trim_end_matches('/').to_owned();
        entries.push(Entry { path: text, mode, id });
    }
    // A split index keeps most entries in another file: what this one lacks is not untracked.
    let end = bytes.len().saturating_sub(id_size);
    while at + 8 <= end {
        if bytes.get(at..at + 4) == Some(b"link") {
            return Err(wrong("is split over several files, which is not supported"));
        }
        at = at.saturating_add(8).saturating_add(word(at + 4).unwrap_or(u32::MAX) as usize);
    }
    Ok(entries)
}

/// The numbers of offset deltas and of index version 4: seven bits to a byte, the highest first, one added at each
/// continuation. Gives the number and how many bytes it takes.
pub(super) fn offset_number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value: usize = 0;
    for (n, byte) in bytes.iter().enumerate().take(9) {
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, n + 1));
        }
        value = value.checked_add(1)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_safe(tail in proptest::collection::vec(any::<u8>(), 0..400), version in 0u8..6, count in any::<u16>()) {
            let mut bytes = b"DIRC\0\0\0".to_vec();
            bytes.push(version);
            bytes.extend(u32::from(count).to_be_bytes());
            bytes.extend(tail);
            let _ = parse(&bytes, Hash::Sha1);
        }
    }

    #[test]
    fn offset_numbers_follow_the_format() {
        // gitformat-pack: 0x80 0x00 is 128, the first number that takes two bytes.
        assert_eq!(offset_number(&[0x7f]), Some((127, 1)));
        assert_eq!(offset_number(&[0x80, 0x00, 0xff]), Some((128, 2)));
        assert_eq!(offset_number(&[0x80]), None);
    }
}
