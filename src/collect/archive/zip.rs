//! ZIP (PKWARE APPNOTE 6.3), read by its directory and by its local headers.
//!
//! Readers disagree on which of the two they believe, on flags and on checksums, and that is what scanners are led
//! astray with. Here every member that either of them names is read; where they contradict each other the member has
//! a [`Member::doubt`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem;

use super::{Budget, Codec, Flaw, Link, Member, TOO_MANY, Target, crc32, decompress, stream};

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";

/// What one header says of a member.
#[derive(Clone, Debug)]
struct Header<'a> {
    flags: u16,
    method: u16,
    /// The CRC-32 of the content.
    crc: u32,
    packed: u64,
    unpacked: u64,
    name: &'a [u8],
    /// Where the data starts, for a local header; the offset of the local header, for an entry of the directory.
    at: u64,
    /// What the directory says of the kind of file, as Unix has it (`st_mode`); zero for a local header.
    mode: u32,
}

/// The names that the directory and the local headers give to members, and where links lead.
pub(super) fn targets(bytes: &[u8], budget: &mut Budget) -> Vec<Target> {
    let mut out = Vec::new();
    for (at, entry) in directory(bytes).0 {
        if !budget.member() {
            break;
        }
        let local = local(bytes, at);
        if let Some(local) = local.as_ref().filter(|local| local.name != entry.name) {
            out.push(Target { name: text(local.name), link: None });
        }
        // S_IFLNK: the content is where the link leads.
        let is_link = entry.mode & 0o170_000 == 0o120_000 && entry.unpacked <= 4096;
        let link =
            local.filter(|_| is_link).and_then(|local| member(bytes, Some(&entry), &local, budget).content.ok());
        out.push(Target { name: text(entry.name), link: link.map(|to| Link::Symbolic(text(&to))) });
    }
    out
}

/// The members of a zip file, in the order of their data.
pub(super) fn members<'a>(bytes: &'a [u8], budget: &mut Budget) -> (Vec<Member<'a>>, Option<Flaw>) {
    let mut out = Vec::new();
    let wrong = visit(bytes, budget, |_| true, |member| out.push(member));
    (out, wrong)
}

/// Calls `each` with the members of a zip file whose name is `wanted`, in the order of their data; gives what is wrong with
/// it as a whole.
pub(super) fn visit<'a>(
    bytes: &'a [u8],
    budget: &mut Budget,
    wanted: impl Fn(&str) -> bool,
    mut each: impl FnMut(Member<'a>),
) -> Option<Flaw> {
    let (directory, mut wrong) = directory(bytes);
    let mut locals: BTreeMap<u64, Option<Header<'a>>> = directory.keys().map(|&at| (at, None)).collect();
    // A header that the directory does not name counts where no data of a named member covers it: a stored member
    // may be a zip file itself.
    let covered: Vec<(u64, u64)> = directory
        .values()
        .filter_map(|entry| Some((entry.at, local(bytes, entry.at)?.at.checked_add(entry.packed)?)))
        .collect();
    let mut behind = 0;
    let mut next = covered.iter().peekable();
    for at in memmem::find_iter(bytes, LOCAL).map(|at| at as u64) {
        while let Some(&&(from, to)) = next.peek().filter(|(from, _)| *from <= at) {
            behind = if from == at { behind } else { behind.max(to) };
            if from == at {
                break;
            }
            next.next();
        }
        if at >= behind {
            locals.entry(at).or_default();
        }
    }
    for at in locals.into_keys() {
        if !budget.member() {
            wrong = Some(Flaw::loss(TOO_MANY));
            break;
        }
        let named = directory.get(&at);
        let Some(local) = local(bytes, at) else {
            if let Some(entry) = named {
                each(broken(entry, "its directory points to no member"));
            }
            continue;
        };
        // Four bytes that look like a header inside other data: no name, or a version that does not exist.
        if named.is_none() && (local.name.is_empty() || local.method > 99) {
            continue;
        }
        if wanted(&String::from_utf8_lossy(named.unwrap_or(&local).name)) {
            each(member(bytes, named, &local, budget));
        }
    }
    wrong
}

fn broken<'a>(header: &Header<'_>, why: &str) -> Member<'a> {
    Member { name: text(header.name), content: Err(why.to_owned()), doubt: None }
}

fn member<'a>(bytes: &'a [u8], named: Option<&Header<'a>>, local: &Header<'a>, budget: &mut Budget) -> Member<'a> {
    let entry = named.unwrap_or(local);
    let doubt = if entry.flags & 1 != 0 {
        Some("it is marked as encrypted")
    } else {
        match named {
            None => Some("the directory of the archive does not name it"),
            Some(n) if n.name != local.name => Some("directory and header give it different names"),
            Some(n) if n.method != local.method => Some("directory and header give it different compressions"),
            Some(n) if local.flags & 8 == 0 && n.packed != local.packed => {
                Some("directory and header give it different lengths")
            }
            Some(_) => None,
        }
    };
    let start = local.at as usize;
    // A streamed member (bit 3) has its sizes behind the data, and an undirected one runs to the next header.
    let length = match entry.packed {
        0 if named.is_none() && entry.flags & 8 != 0 => bytes
            .get(start..)
            .and_then(|rest| memmem::find(rest, b"PK"))
            .map_or(bytes.len() - start.min(bytes.len()), |n| n),
        // Where the two contradict each other, the longer that is there shows all that any reader may see.
        packed => {
            let longer = packed.max(local.packed);
            let fits = local.at.checked_add(longer).is_some_and(|end| end <= bytes.len() as u64);
            usize::try_from(if fits { longer } else { packed }).unwrap_or(usize::MAX)
        }
    };
    let Some(data) = start.checked_add(length).and_then(|end| bytes.get(start..end)) else {
        return broken(entry, "it ends inside the member");
    };
    let content = unpack(entry.method, data, entry.unpacked, budget).or_else(|why| {
        if local.method == entry.method { Err(why) } else { unpack(local.method, data, local.unpacked, budget) }
    });
    let doubt = doubt.or_else(|| {
        let content = content.as_ref().ok()?;
        if content.len() as u64 != entry.unpacked && (named.is_some() || entry.flags & 8 == 0) {
            return Some("its content has another length than its header says");
        }
        (named.is_some() && crc32(content) != entry.crc)
            .then_some("its content does not have the checksum of its header")
    });
    Member { name: text(entry.name), content, doubt: doubt.map(str::to_owned) }
}

fn unpack<'a>(method: u16, data: &'a [u8], unpacked: u64, budget: &mut Budget) -> Result<Cow<'a, [u8]>, String> {
    let plain = |result: Result<Vec<u8>, (Vec<u8>, String)>| result.map(Cow::Owned).map_err(|(_, why)| why);
    match method {
        0 => Ok(Cow::Borrowed(data)),
        8 => plain(decompress(Codec::Deflate, data, budget)),
        12 => plain(decompress(Codec::Bzip2, data, budget)),
        // §5.8.8: version, length of the properties, the properties (one byte and the size of the dictionary), data.
        14 if data.len() > 9 && data[2..4] == [5, 0] => {
            let dictionary = u32::from_le_bytes([data[5], data[6], data[7], data[8]]);
            let dictionary = dictionary.min(64 << 20);
            match lzma_rust2::LzmaReader::new_with_props(&data[9..], unpacked, data[4], dictionary, None) {
                Ok(reader) => plain(stream::read(reader, budget)),
                Err(e) => Err(e.to_string()),
            }
        }
        other => Err(format!("compressed by method {other}, which is not read")),
    }
}

/// The entries of the central directory by the offset of their local headers, and what is wrong with it.
fn directory(bytes: &[u8]) -> (BTreeMap<u64, Header<'_>>, Option<Flaw>) {
    let mut out = BTreeMap::new();
    let Some(end) = memmem::rfind(bytes, END) else {
        return (out, Some(Flaw::loss("it has no directory")));
    };
    let (Some(mut size), Some(mut offset)) =
        (u32_at(bytes, end + 12).map(u64::from), u32_at(bytes, end + 16).map(u64::from))
    else {
        return (out, Some(Flaw::loss("its end record is cut off")));
    };
    if (size == u64::from(u32::MAX) || offset == u64::from(u32::MAX))
        && let Some(wide) = memmem::rfind(&bytes[..end], END_64)
        && let (Some(s), Some(o)) = (u64_at(bytes, wide + 40), u64_at(bytes, wide + 48))
    {
        (size, offset) = (s, o);
    }
    // Data in front of the archive shifts every offset.
    let mut at = offset;
    let mut shift = 0;
    if !starts_with(bytes, at, CENTRAL)
        && let Some(real) = (end as u64).checked_sub(size)
        && starts_with(bytes, real, CENTRAL)
    {
        shift = real.saturating_sub(offset);
        at = real;
    }
    let start = at;
    let mut count = 0u16;
    while starts_with(bytes, at, CENTRAL) {
        let from = at as usize;
        let field = |n: usize| u16_at(bytes, from + n).unwrap_or_default();
        let wide = |n: usize| u64::from(u32_at(bytes, from + n).unwrap_or_default());
        let (name, extra, comment) = (usize::from(field(28)), usize::from(field(30)), usize::from(field(32)));
        let Some(name_bytes) = bytes.get(from + 46..from + 46 + name) else {
            return (out, Some(Flaw::loss("its directory is cut off")));
        };
        let mut header = Header {
            flags: field(8),
            method: field(10),
            crc: u32_at(bytes, from + 16).unwrap_or_default(),
            packed: wide(20),
            unpacked: wide(24),
            name: name_bytes,
            at: wide(42),
            mode: u32_at(bytes, from + 38).unwrap_or_default() >> 16,
        };
        if let Some(extra) = bytes.get(from + 46 + name..from + 46 + name + extra) {
            let [unpacked, packed, at] = [&mut header.unpacked, &mut header.packed, &mut header.at];
            widen(extra, [unpacked, packed, at]);
        }
        header.at = header.at.saturating_add(shift);
        out.entry(header.at).or_insert(header);
        at += (46 + name + extra + comment) as u64;
        count = count.wrapping_add(1);
    }
    // The count wraps, or is all ones, where there are more members than it can tell.
    let told = u16_at(bytes, end + 10).unwrap_or_default();
    if told != u16::MAX && told != count {
        return (out, Some(Flaw::blemish("its end record tells another number of members than its directory names")));
    }
    // Data in front of the archive shifts its directory back, and nothing shifts it forth.
    if !out.is_empty() && (at - start != size || start < offset) {
        return (out, Some(Flaw::blemish("its end record tells another place of its directory")));
    }
    let Some(comment) = u16_at(bytes, end + 20).map(usize::from) else {
        return (out, Some(Flaw::loss("its end record is cut off")));
    };
    let behind = bytes.len().saturating_sub(end + 22);
    if behind > comment {
        return (out, Some(Flaw::blemish(format!("{} bytes stand behind its end record", behind - comment))));
    }
    if behind < comment {
        return (out, Some(Flaw::blemish("its comment is cut off")));
    }
    (out, None)
}

/// The local header at an offset; [`Header::at`] is where its data starts.
fn local(bytes: &[u8], at: u64) -> Option<Header<'_>> {
    if !starts_with(bytes, at, LOCAL) {
        return None;
    }
    let from = at as usize;
    let (name, extra) = (usize::from(u16_at(bytes, from + 26)?), usize::from(u16_at(bytes, from + 28)?));
    let mut header = Header {
        flags: u16_at(bytes, from + 6)?,
        method: u16_at(bytes, from + 8)?,
        crc: u32_at(bytes, from + 14)?,
        packed: u32_at(bytes, from + 18)?.into(),
        unpacked: u32_at(bytes, from + 22)?.into(),
        name: bytes.get(from + 30..from + 30 + name)?,
        at: (from + 30 + name + extra) as u64,
        mode: 0,
    };
    if let Some(extra) = bytes.get(from + 30 + name..from + 30 + name + extra) {
        let (mut unpacked, mut packed) = (header.unpacked, header.packed);
        widen(extra, [&mut unpacked, &mut packed, &mut 0]);
        (header.unpacked, header.packed) = (unpacked, packed);
    }
    Some(header)
}

/// Fills the fields that are all ones from the ZIP64 extra field (§4.5.3), in its order.
fn widen(extra: &[u8], fields: [&mut u64; 3]) {
    let mut at = 0;
    while let (Some(id), Some(length)) = (u16_at(extra, at), u16_at(extra, at + 2)) {
        if id == 1 {
            let mut from = at + 4;
            for field in fields {
                if *field == u64::from(u32::MAX) {
                    let Some(value) = u64_at(extra, from) else { return };
                    *field = value;
                    from += 8;
                }
            }
            return;
        }
        at += 4 + usize::from(length);
    }
}

fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

fn starts_with(bytes: &[u8], at: u64, mark: &[u8]) -> bool {
    usize::try_from(at).ok().and_then(|at| bytes.get(at..)).is_some_and(|rest| rest.starts_with(mark))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A zip file with stored members, written by the letter of the standard. `named` says whether the directory
    /// names the member, and under which name.
    pub(super) fn zip(members: &[(&str, &[u8], Option<&str>)]) -> Vec<u8> {
        let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
        for (name, data, named) in members {
            let at = out.len() as u32;
            let sizes = [(data.len() as u32).to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
            out.extend(LOCAL);
            let crc = crc32(data).to_le_bytes();
            out.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            out.extend(crc);
            out.extend(&sizes);
            out.extend((name.len() as u16).to_le_bytes());
            out.extend([0, 0]);
            out.extend(name.as_bytes());
            out.extend(*data);
            if let Some(named) = named {
                count += 1;
                directory.extend(CENTRAL);
                directory.extend([20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
                directory.extend(crc);
                directory.extend(&sizes);
                directory.extend((named.len() as u16).to_le_bytes());
                directory.extend([0; 12]);
                directory.extend(at.to_le_bytes());
                directory.extend(named.as_bytes());
            }
        }
        let offset = out.len() as u32;
        let size = directory.len() as u32;
        out.extend(directory);
        out.extend(END);
        out.extend([0, 0, 0, 0]);
        out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        out.extend([size.to_le_bytes(), offset.to_le_bytes()].concat());
        out.extend([0, 0]);
        out
    }

    fn read(bytes: &[u8]) -> Vec<(String, Option<Vec<u8>>, bool)> {
        let (found, _) = members(bytes, &mut Budget::default());
        found.into_iter().map(|m| (m.name, m.content.ok().map(Cow::into_owned), m.doubt.is_some())).collect()
    }

    #[test]
    fn what_directory_or_headers_name_is_read_and_contradictions_are_told() {
        let bytes = zip(&[("a", b"one", Some("a")), ("b", b"two", None), ("c", b"three", Some("d"))]);
        assert_eq!(
            read(&bytes),
            [
                ("a".into(), Some(b"one".to_vec()), false),
                ("b".into(), Some(b"two".to_vec()), true),
                ("d".into(), Some(b"three".to_vec()), true),
            ]
        );
        let shifted = [b"#!/bin/sh\n".as_slice(), &bytes].concat();
        assert_eq!(read(&shifted)[0], ("a".into(), Some(b"one".to_vec()), false));
    }

    #[test]
    fn sums_lengths_and_counts_that_are_wrong_are_told() {
        let bytes = zip(&[("a", b"one", Some("a"))]);
        let at = memmem::find(&bytes, CENTRAL).unwrap();
        // The checksum, the length, and the packed length of the directory's entry.
        for field in [16, 24, 20] {
            let mut wrong = bytes.clone();
            wrong[at + field] ^= 1;
            assert!(read(&wrong)[0].2, "{field}");
        }
        // The end record's count of members, size of the directory, and length of the comment.
        for field in [12, 10, 2] {
            let mut wrong = bytes.clone();
            wrong[bytes.len() - field] = 5;
            assert!(members(&wrong, &mut Budget::default()).1.is_some(), "{field}");
        }
        assert!(members(&[&bytes[..], b"x"].concat(), &mut Budget::default()).1.is_some());
        assert!(members(&bytes, &mut Budget::default()).1.is_none());
    }

    #[test]
    fn a_zip_file_inside_a_stored_member_is_one_member() {
        let inner = zip(&[("x", b"1", Some("x")), ("y", b"2", Some("y"))]);
        let outer = zip(&[("inner.zip", &inner, Some("inner.zip")), ("z", b"3", Some("z"))]);
        let names: Vec<String> = read(&outer).into_iter().map(|m| m.0).collect();
        assert_eq!(names, ["inner.zip", "z"]);
    }

    #[test]
    fn without_a_directory_the_headers_count() {
        let bytes = zip(&[("a", b"one", Some("a"))]);
        let cut = &bytes[..bytes.len() - 60];
        let (found, wrong) = members(cut, &mut Budget::default());
        assert!(wrong.is_some());
        assert_eq!(found[0].content.as_deref().unwrap(), b"one");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..40),
            cuts in proptest::collection::vec((0..200usize, any::<u8>()), 0..6),
        ) {
            bytes.extend(zip(&[("a", b"one", Some("a")), ("b", b"two", Some("b"))]));
            for (at, byte) in cuts {
                if let Some(slot) = bytes.get_mut(at) {
                    *slot = byte;
                }
            }
            members(&bytes, &mut Budget::default());
        }
    }
}
