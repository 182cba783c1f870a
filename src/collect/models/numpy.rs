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
    let is_object = |kind: &str| {
        let kind = kind.trim_start_matches(['|', '<', '>', '=']);
        kind == "object" || kind.strip_prefix('O').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    // Names may be escaped and keys stand twice, where readers differ on what counts.
    let is_plain = header.matches("descr").count() == 1 && !header.contains('\\');
    let unknown = types(descr).find(|kind| !is_object(kind) && !is_type(kind));
    if types(descr).any(is_object) || !is_plain && pickle::starts(data) {
        pickle::judge(data, verdict);
    } else if !is_plain {
        verdict.unread("a NumPy header of which readers may take different types".to_owned());
    } else if let Some(kind) = unknown.or_else(|| types(descr).next().is_none().then_some("")) {
        if pickle::starts(data) {
            pickle::judge(data, verdict);
        }
        verdict.unread(format!("a NumPy header with the unknown type {kind:?}"));
    } else if shape(&header).is_none() {
        verdict.unread("a NumPy header without a shape".to_owned());
    } else if let Some(needed) = size(&header, descr)
        && needed > data.len() as u128
    {
        verdict.unread(format!("{needed} bytes of elements are announced, {} are there", data.len()));
    }
}

/// Whether a text is a type of elements that are raw bytes: `<f8`, `|b1`, `<U5`, `<M8[ns]`.
fn is_type(kind: &str) -> bool {
    let kind = kind.trim_start_matches(['|', '<', '>', '=']);
    let Some((code, rest)) = kind.split_at_checked(1) else { return false };
    let digits = rest.split('[').next().unwrap_or_default();
    "?abBcfimMSuUV".contains(code) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The sides that a header tells.
fn shape(header: &str) -> Option<Vec<u128>> {
    let inside = header.split("shape").nth(1)?.split('(').nth(1)?.split(')').next()?;
    let sides = inside.split(',').map(str::trim).filter(|side| !side.is_empty());
    sides.map(|side| side.trim_end_matches('L').parse().ok()).collect()
}

/// The types in a description: every quoted text but the names of fields, which open a bracket.
fn types(descr: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<&str> = descr.split(['\'', '"']).collect();
    let quoted = (1..parts.len()).step_by(2);
    quoted
        .filter(|&n| !parts[n].is_empty() && !parts[n - 1].trim_end().ends_with('('))
        .map(|n| parts[n])
        .collect::<Vec<_>>()
        .into_iter()
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
    shape(header)?.into_iter().try_fold(item, |size: u128, side| size.checked_mul(side))
}
