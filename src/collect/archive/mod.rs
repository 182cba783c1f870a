//! Containers and compressed streams, unpacked in memory within bounds.
//!
//! Hostile archives promise little and hold much, or say one thing in their directory and another in front of the
//! data. So everything that is unpacked counts against a [`Budget`], and a zip file is read both by its directory and by
//! its local headers.

mod sevenz;
mod stream;
mod tar;
mod zip;

use std::borrow::Cow;

pub use stream::{Codec, decompress, sniff_codec};

/// One file in a container.
#[derive(Debug)]
pub struct Member<'a> {
    /// Its name as written, lossily decoded.
    pub name: String,
    /// Its content, or why it could not be read.
    pub content: Result<Cow<'a, [u8]>, String>,
    /// Why other readers may see something else here, where the archive contradicts itself.
    pub doubt: Option<String>,
}

/// What is wrong with an archive as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// In words.
    pub why: String,
    /// Whether members may be missing from what was read.
    pub loses: bool,
}

impl Flaw {
    /// Something for which members may be missing.
    fn loss(why: impl Into<String>) -> Self {
        Self { why: why.into(), loses: true }
    }

    /// Something that leaves all members to be read.
    fn blemish(why: impl Into<String>) -> Self {
        Self { why: why.into(), loses: false }
    }
}

/// Where an archive asks to be unpacked to: the name of a member, and where it leads when it is a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The name as written, lossily decoded.
    pub name: String,
    /// What the member links to.
    pub link: Option<Link>,
}

/// A link in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// To a path from the root of the archive.
    Hard(String),
    /// To a path from the folder that the link is in.
    Symbolic(String),
}

impl Target {
    /// Whether unpacking it writes outside of the folder that it is unpacked into, or makes a link that leads there.
    pub fn escapes(&self) -> bool {
        match &self.link {
            _ if leaves(&self.name, 0) => true,
            None => false,
            Some(Link::Hard(to)) => leaves(to, 0),
            Some(Link::Symbolic(to)) => leaves(to, depth(&self.name)),
        }
    }
}

/// The folders that a path of an archive is in.
fn depth(name: &str) -> i32 {
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "."));
    i32::try_from(parts.count()).unwrap_or(i32::MAX).saturating_sub(1)
}

/// Whether a path leaves the root when it starts so many folders below it: by `..`, or since it is absolute.
fn leaves(path: &str, below: i32) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if drive || path.starts_with(['/', '\\']) {
        return true;
    }
    let mut depth = below;
    path.split(['/', '\\']).any(|part| {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        depth < 0
    })
}

/// How much may still be unpacked from one file of the checkout.
#[derive(Debug)]
pub struct Budget {
    bytes: u64,
    members: u32,
}

impl Default for Budget {
    /// 256 MiB and 20,000 members.
    fn default() -> Self {
        Self { bytes: 256 << 20, members: 20_000 }
    }
}

impl Budget {
    /// This many bytes and members.
    pub fn of(bytes: u64, members: u32) -> Self {
        Self { bytes, members }
    }

    /// As the default, with this many bytes.
    pub fn of_bytes(bytes: u64) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// How many bytes are left.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn spend(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes as u64);
    }

    fn member(&mut self) -> bool {
        let left = self.members > 0;
        self.members = self.members.saturating_sub(1);
        left
    }
}

/// A container format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// PKWARE's ZIP, APPNOTE 6.3.
    Zip,
    /// POSIX tar, with GNU's and pax's long names.
    Tar,
    /// 7-Zip.
    SevenZip,
}

/// The container format of `bytes`, by content alone.
pub fn sniff_container(bytes: &[u8]) -> Option<Container> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        Some(Container::Zip)
    } else if bytes.starts_with(b"7z\xbc\xaf\x27\x1c") {
        Some(Container::SevenZip)
    } else if bytes.get(257..262) == Some(b"ustar") || tar::is_header(bytes) {
        Some(Container::Tar)
    } else {
        None
    }
}

/// The members of a container, in the order in which they stand, and what is wrong with it.
pub fn members<'a>(container: Container, bytes: &'a [u8], budget: &mut Budget) -> (Vec<Member<'a>>, Option<Flaw>) {
    match container {
        Container::Zip => zip::members(bytes, budget),
        Container::Tar => tar::members(bytes, budget),
        Container::SevenZip => sevenz::members(bytes, budget),
    }
}

/// Calls `each` with every member of a zip file whose name is `wanted`, one at a time, so that an archive of any size fits in
/// memory; the others are not unpacked.
///
/// Returns what is wrong with the archive as a whole.
pub fn visit_zip<'a>(
    bytes: &'a [u8],
    budget: &mut Budget,
    wanted: impl Fn(&str) -> bool,
    each: impl FnMut(Member<'a>),
) -> Option<Flaw> {
    zip::visit(bytes, budget, wanted, each)
}

/// Where the members of a container would be unpacked to, as far as it can be read.
pub fn targets(container: Container, bytes: &[u8], budget: &mut Budget) -> Vec<Target> {
    match container {
        Container::Zip => zip::targets(bytes, budget),
        Container::Tar => tar::targets(bytes, budget),
        Container::SevenZip => sevenz::targets(bytes, budget),
    }
}

const TOO_MANY: &str = "it has more members than are read";

/// The checksum that ZIP and 7-Zip have of what they hold.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_told() {
        let plain = |name: &str| Target { name: name.to_owned(), link: None }.escapes();
        for name in ["../x", "a/../../x", "/etc/passwd", "C:\\x", "a\\..\\..\\x", "\\\\host\\x"] {
            assert!(plain(name), "{name}");
        }
        for name in ["x", "a/b", "a/../b", "./a", "a/..b", "a..", "a/./b/"] {
            assert!(!plain(name), "{name}");
        }
        let link = |name: &str, to: &str| {
            Target { name: name.to_owned(), link: Some(Link::Symbolic(to.to_owned())) }.escapes()
        };
        assert!(!link("a/b", "../c") && !link("a", "b") && link("a", "../b") && link("a/b", "/etc"));
        let hard = Target { name: "a/b".to_owned(), link: Some(Link::Hard("../c".to_owned())) };
        assert!(hard.escapes(), "hard links count from the root");
    }
}
