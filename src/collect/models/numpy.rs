//! NumPy's `.npy` (NEP 1): a header, and raw elements or, for arrays of objects, a pickle.

use super::pickle;
use super::verdict::Verdict;

pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// Judges a `.npy` file.
pub(super) fn judge(bytes: &[u8], verdict: &mut Verdict) {
    let Some((header, data)) = split(bytes) else {
        verdict.unread("a NumPy header that is cut off".to_owned());
        return;
    };
    let header = String::from_utf8_lossy(header);
    let Some(at) = header.find("descr") else {
        verdict.unread("a NumPy header without a type".to_owned());
        return;
    };
    // The type is a text such as '<f8', or a list of named fields; an `O` in a quoted type means objects.
    let descr = header[at..].split_once(':').map_or("", |(_, value)| value);
    let descr = descr.split("fortran_order").next().unwrap_or_default();
    let has_objects = types(descr).any(|kind| {
        let kind = kind.trim_start_matches(['|', '<', '>', '=']);
        kind.strip_prefix('O').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    });
    if has_objects {
        pickle::judge(data, verdict);
    } else if let Some(needed) = size(&header, descr)
        && needed > data.len() as u128
    {
        verdict.unread(format!("{needed} bytes of elements are announced, {} are there", data.len()));
    }
}

/// The types in a description: every quoted text but the names of fields, which open a bracket.
fn types(descr: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<&str> = descr.split(['\'', '"']).collect();
    let quoted = (1..parts.len()).step_by(2);
    quoted.filter(|&n| !parts[n - 1].trim_end().ends_with('(')).map(|n| parts[n]).collect::<Vec<_>>().into_iter()
}

/// The header's text and what follows it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, from): (usize, usize) = match *bytes.get(6)? {
        1 => (usize::from(u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?)), 10),
        2 | 3 => (u32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?) as usize, 12),
        _ => return None,
    };
    let end = from.checked_add(length)?;
    Some((bytes.get(from..end)?, &bytes[end..]))
}

/// How many bytes of elements a header announces, where its type is a simple one.
fn size(header: &str, descr: &str) -> Option<u128> {
    let kind = types(descr).map(|w| w.trim_start_matches(['|', '<', '>', '='])).find(|w| {
        w.len() > 1 && w.as_bytes()[0].is_ascii_alphabetic() && w[1..].bytes().all(|b| b.is_ascii_digit())
    })?;
    if descr.contains('[') {
        return None;
    }
    let item: u128 = kind[1..].parse().ok()?;
    let item = if kind.starts_with('U') { item * 4 } else { item };
    let shape = header.split("shape").nth(1)?.split('(').nth(1)?.split(')').next()?;
    let sides = shape.split(',').map(str::trim).filter(|side| !side.is_empty());
    sides.map(|side| side.parse::<u128>().ok()).try_fold(item, |size, side| size.checked_mul(side?))
}
