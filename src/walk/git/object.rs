//! Objects: their ids, and the content of commits, trees and tags.

use super::GitError;
use super::index::Mode;
use crate::model::{Commit, Person};

/// The hash that the ids of a repository are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    /// Bytes of an id.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

/// The id of an object. Shown in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    bytes: [u8; 32],
    size: u8,
}

impl Id {
    /// Reads all of `hex` as an id.
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        if !matches!(hex.len(), 40 | 64) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            let digit = |c: u8| char::from(c).to_digit(16);
            *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
        }
        Some(Self { bytes, size: (hex.len() / 2) as u8 })
    }

    /// Takes an id from the front of `data`.
    pub(super) fn take(data: &[u8], hash: Hash) -> Option<Self> {
        let size = hash.size();
        let mut bytes = [0; 32];
        bytes[..size].copy_from_slice(data.get(..size)?);
        Some(Self { bytes, size: size as u8 })
    }

    /// Its bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.size)]
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file.
    Blob,
    /// An annotated tag.
    Tag,
}

impl Kind {
    /// By the word in the header of a loose object.
    pub(super) fn named(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"commit" => Self::Commit,
            b"tree" => Self::Tree,
            b"blob" => Self::Blob,
            b"tag" => Self::Tag,
            _ => return None,
        })
    }
}

/// One entry of a tree.
pub(super) struct TreeEntry {
    pub(super) name: String,
    pub(super) mode: Mode,
    pub(super) id: Id,
}

/// The entries of a tree; those of a kind that is not known are left out.
pub(super) fn tree(bytes: &[u8], hash: Hash) -> Result<Vec<TreeEntry>, GitError> {
    let wrong = || GitError::malformed("a tree", "does not follow its format");
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let space = memchr::memchr(b' ', rest).filter(|at| *at <= 7).ok_or_else(wrong)?;
        let nul = memchr::memchr(0, rest).filter(|at| *at > space).ok_or_else(wrong)?;
        let digits = std::str::from_utf8(&rest[..space]).ok().ok_or_else(wrong)?;
        let mode = u32::from_str_radix(digits, 8).map_err(|_| wrong())?;
        let id = Id::take(&rest[nul + 1..], hash).ok_or_else(wrong)?;
        let name = String::from_utf8_lossy(&rest[space + 1..nul]).into_owned();
        if let Some(mode) = Mode::of(mode) {
            entries.push(TreeEntry { name, mode, id });
        }
        rest = &rest[nul + 1 + hash.size()..];
    }
    Ok(entries)
}

/// The tree of a commit.
pub(super) fn commit_tree(bytes: &[u8]) -> Option<Id> {
    let line = bytes.split(|b| *b == b'\n').next()?;
    Id::from_hex(line.strip_prefix(b"tree ")?)
}

/// What a tag object leads to.
pub(super) fn tag_target(bytes: &[u8]) -> Option<Id> {
    let line = bytes.split(|b| *b == b'\n').next()?;
    Id::from_hex(line.strip_prefix(b"object ")?)
}

/// Reads a commit. Text that is not UTF-8 keeps what can be read.
pub(super) fn commit(id: &Id, bytes: &[u8]) -> Result<Commit, GitError> {
    let text = String::from_utf8_lossy(bytes);
    let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut parents = Vec::new();
    let (mut author, mut committer, mut signed) = (None, None, false);
    for line in head.lines() {
        match line.split_once(' ') {
            Some(("parent", id)) => parents.push(id.to_owned()),
            Some(("author", who)) => author = Some(person(who)),
            Some(("committer", who)) => committer = Some(person(who)),
            Some(("gpgsig" | "gpgsig-sha256", _)) => signed = true,
            _ => {}
        }
    }
    let (Some(author), Some(committer)) = (author, committer) else {
        return Err(GitError::malformed(id.to_string(), "a commit without author or committer"));
    };
    Ok(Commit {
        id: id.to_string(),
        parents,
        author,
        committer,
        message: message.trim_end().to_owned(),
        trailers: trailers(message),
        signed,
    })
}

/// `Name <mail> seconds zone`.
fn person(text: &str) -> Person {
    let (who, when) = text.rsplit_once('>').unwrap_or((text, ""));
    let (name, email) = who.split_once('<').unwrap_or((who, ""));
    let time = when.split_whitespace().next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default();
    Person { name: name.trim().to_owned(), email: email.trim().to_owned(), time }
}

/// The trailers of a message (git-interpret-trailers(1)): a last paragraph, other than the first, of `Key: value` lines and
/// their indented continuations; a paragraph with prose in it counts when one line is a sign-off.
fn trailers(message: &str) -> Vec<(String, String)> {
    let message = message.trim_end();
    let Some((_, last)) = message.rsplit_once("\n\n") else { return Vec::new() };
    let mut found: Vec<(String, String)> = Vec::new();
    let mut prose = false;
    for line in last.lines() {
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = found.last_mut()
        {
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        match line.split_once(':') {
            Some((key, value)) if is_key(key) => found.push((key.to_owned(), value.trim().to_owned())),
            _ => prose = true,
        }
    }
    let known = |key: &str| key.eq_ignore_ascii_case("Signed-off-by");
    if prose && !found.iter().any(|(key, _)| known(key)) { Vec::new() } else { found }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_read_and_shown_in_hexadecimal() {
        let hex = "00ff".repeat(10);
        assert_eq!(Id::from_hex(hex.as_bytes()).map(|id| id.to_string()), Some(hex));
        assert_eq!(Id::from_hex(b"abc"), None);
        assert_eq!(Id::from_hex("zz".repeat(20).as_bytes()), None);
    }

    #[test]
    fn trailers_stand_in_the_last_paragraph() {
        let of = |message: &str| trailers(message).into_iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>();
        assert_eq!(
            of("fix: x\n\nBody: no\n\nSigned-off-by: A <a@b>\nFixes: y\n  z\n"),
            ["Signed-off-by=A <a@b>", "Fixes=y z"]
        );
        assert!(of("subject: only\n").is_empty());
        assert!(of("s\n\nprose here\nNote: that\n").is_empty());
        assert_eq!(of("s\n\nprose here\nSigned-off-by: A <a@b>\n"), ["Signed-off-by=A <a@b>"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_safe(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = tree(&bytes, Hash::Sha1);
            if let Some(id) = Id::from_hex(&[b'a'; 40]) {
                let _ = commit(&id, &bytes);
            }
            let _ = (commit_tree(&bytes), tag_target(&bytes));
        }
    }
}
