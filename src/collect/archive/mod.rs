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
    } else if bytes.get(257..262) == Some(b"ustar") {
        Some(Container::Tar)
    } else {
        None
    }
}

/// The members of a container, in the order in which they stand.
///
/// # Errors
/// Why the container as a whole, or the rest of it, cannot be read; the members before that are given all the same.
pub fn members<'a>(container: Container, bytes: &'a [u8], budget: &mut Budget) -> (Vec<Member<'a>>, Option<String>) {
    match container {
        Container::Zip => zip::members(bytes, budget),
        Container::Tar => tar::members(bytes, budget),
        Container::SevenZip => sevenz::members(bytes, budget),
    }
}
