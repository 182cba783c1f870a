//! POSIX tar (IEEE Std 1003.1, `pax`), with the long names of GNU and pax.

use std::borrow::Cow;

use super::{Budget, Flaw, Link, Member, TOO_MANY, Target};

const BLOCK: usize = 512;

/// The files in a tar file.
pub(super) fn members<'a>(bytes: &'a [u8], budget: &mut Budget) -> (Vec<Member<'a>>, Option<Flaw>) {
    let mut out = Vec::new();
    let wrong = walk(bytes, budget, |name, kind, _, data, doubt| {
        let content = match kind {
            0 | b'0' | b'7' if !name.ends_with('/') => Ok(Cow::Borrowed(data)),
            b'S' => Err("a file with holes, which is not read".to_owned()),
            _ => return,
        };
        out.push(Member { name, content, doubt: doubt.map(str::to_owned) });
    });
    (out, wrong)
}

/// The names of members, and where links lead; as far as the archive can be read.
pub(super) fn targets(bytes: &[u8], budget: &mut Budget) -> Vec<Target> {
    let mut out = Vec::new();
    walk(bytes, budget, |name, kind, to, _, _| {
        let link = match kind {
            b'1' => Some(Link::Hard(to)),
            b'2' => Some(Link::Symbolic(to)),
            _ => None,
        };
        out.push(Target { name, link });
    });
    out
}

/// Whether `bytes` start with a header of the oldest kind, which only its checksum tells: the sum of all its bytes,
/// those of the sum itself taken as blanks.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    let header = bytes.get(..BLOCK).filter(|header| header[0] > b' ' && header[148..156].contains(&0));
    header.is_some_and(has_its_sum)
}

/// Whether the checksum of a header is right; old programs took bytes for signed numbers.
fn has_its_sum(header: &[u8]) -> bool {
    let sum = |of: fn(u8) -> i64| -> i64 {
        header.iter().enumerate().map(|(at, &b)| if (148..156).contains(&at) { 32 } else { of(b) }).sum()
    };
    let told = number(&header[148..156]).and_then(|told| i64::try_from(told).ok());
    told.is_some_and(|told| told == sum(i64::from) || told == sum(|b| i64::from(b.cast_signed())))
}

/// Calls `each` with name, type flag, link target, data and doubt of every member; gives what is wrong with the
/// archive.
fn walk<'a>(
    bytes: &'a [u8],
    budget: &mut Budget,
    mut each: impl FnMut(String, u8, String, &'a [u8], Option<&str>),
) -> Option<Flaw> {
    let mut at = 0;
    let mut wrong = None;
    let (mut long_name, mut long_link): (Option<String>, Option<String>) = (None, None);
    while let Some(header) = bytes.get(at..at + BLOCK) {
        if header.iter().all(|&b| b == 0) {
            // Some readers go on behind the end mark, which is two blocks; all that is written is whole blocks.
            let Some(more) = bytes[at..].iter().position(|&b| b != 0) else {
                let is_whole = bytes.len().is_multiple_of(BLOCK) && bytes.len() >= at + 2 * BLOCK;
                let cut = || Flaw::blemish("it ends inside its end mark");
                return wrong.or_else(|| (!is_whole).then(cut));
            };
            wrong = Some(Flaw::blemish(format!("{} bytes stand behind its end mark", bytes.len() - at - more)));
            at += more - more % BLOCK;
            if !bytes.get(at..at + BLOCK).is_some_and(has_its_sum) {
                return wrong;
            }
            continue;
        }
        let mut doubt = (!has_its_sum(header)).then_some("its header does not have its checksum");
        let Some(size) = number(&header[124..136]) else {
            return Some(Flaw::loss(format!("a header without a size at byte {at}")));
        };
        let start = at + BLOCK;
        let whole = usize::try_from(size).ok().and_then(|size| bytes.get(start..start.checked_add(size)?));
        // What is there of a member that is cut off is shown all the same.
        let data = whole.unwrap_or(&bytes[start..]);
        if whole.is_none() {
            wrong = Some(Flaw::loss("it ends inside a member"));
            doubt = Some("it is cut off");
        }
        at = start + data.len().next_multiple_of(BLOCK);
        match header[156] {
            b'L' => long_name = Some(text(data)),
            b'K' => long_link = Some(text(data)),
            b'x' => {
                long_name = pax(data, "path=").or(long_name);
                long_link = pax(data, "linkpath=").or(long_link);
            }
            b'g' => {}
            kind => {
                if !budget.member() {
                    return Some(Flaw::loss(TOO_MANY));
                }
                let name = long_name.take().unwrap_or_else(|| {
                    let (prefix, name) = (text(&header[345..500]), text(&header[..100]));
                    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
                });
                let data = if matches!(kind, 0 | b'0' | b'7') { data } else { &[] };
                let link = long_link.take().unwrap_or_else(|| text(&header[157..257]));
                each(name, kind, link, data, doubt);
            }
        }
    }
    wrong.or_else(|| {
        // Some programs write no end mark, but all write whole blocks.
        let is_whole = at == bytes.len();
        Some(Flaw { why: "it ends without an end mark".to_owned(), loses: !is_whole })
    })
}

/// Text up to the first NUL.
fn text(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// An octal number, or GNU's base 256 where the first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let wide =
            field[1..].iter().try_fold(u64::from(field[0] & 0x7f), |n, &b| n.checked_mul(256)?.checked_add(b.into()));
        return wide;
    }
    let digits = text(field);
    let digits = digits.trim();
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// The value of a key (with its `=`) in a pax header: records of `length key=value`.
fn pax(data: &[u8], key: &str) -> Option<String> {
    let text = String::from_utf8_lossy(data);
    text.lines().find_map(|line| line.split_once(' ')?.1.strip_prefix(key).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header by the letter of the standard.
    fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
        block[156] = kind;
        block[257..262].copy_from_slice(b"ustar");
        let sum: u32 = block.iter().map(|&b| u32::from(b)).sum::<u32>() + 8 * 32;
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        block
    }

    #[test]
    fn members_and_long_names_are_read_and_a_cut_is_told() {
        let mut bytes = header("././@LongLink", 6, b'L');
        bytes.extend(b"a/long");
        bytes.resize(2 * BLOCK, 0);
        bytes.extend(header("short", 3, b'0'));
        bytes.extend(b"abc");
        bytes.resize(4 * BLOCK, 0);
        let cut = bytes.clone();
        bytes.resize(6 * BLOCK, 0);
        let (found, wrong) = members(&bytes, &mut Budget::default());
        assert_eq!((found.len(), wrong), (1, None));
        assert_eq!((found[0].name.as_str(), found[0].content.as_deref().unwrap()), ("a/long", &b"abc"[..]));
        assert!(members(&cut, &mut Budget::default()).1.is_some());
        assert!(members(&cut[..3 * BLOCK + 1], &mut Budget::default()).1.is_some());
    }
}
