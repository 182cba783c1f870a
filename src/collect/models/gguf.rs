//! GGUF, versions 1 to 3: typed metadata, descriptions of tensors, and their data.

use std::collections::BTreeSet;

use super::json;
use super::verdict::Verdict;

/// How deep arrays of metadata may be nested.
const DEEPEST: u8 = 4;

/// Judges a GGUF file by its header.
pub(super) fn judge(bytes: &[u8], verdict: &mut Verdict) {
    let mut reader = Reader { bytes, at: 4, wide: true };
    if let Err(why) = header(&mut reader, verdict) {
        verdict.unread(format!("a GGUF header that {why}"));
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether counts have eight bytes, as since version 2.
    wide: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], String> {
        let end = usize::try_from(count).ok().and_then(|count| self.at.checked_add(count));
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).ok_or("is cut off")?;
        self.at += taken.len();
        Ok(taken)
    }

    fn number(&mut self, bytes: u64) -> Result<u64, String> {
        Ok(self.take(bytes)?.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)))
    }

    fn count(&mut self) -> Result<u64, String> {
        self.number(if self.wide { 8 } else { 4 })
    }

    fn text(&mut self) -> Result<&'a [u8], String> {
        let length = self.count()?;
        self.take(length)
    }
}

fn header(reader: &mut Reader<'_>, verdict: &mut Verdict) -> Result<(), String> {
    let version = reader.number(4)?;
    if !(1..=3).contains(&version) {
        return Err(format!("names the version {version}"));
    }
    reader.wide = version > 1;
    let (tensors, pairs) = (reader.count()?, reader.count()?);
    let mut alignment = 32;
    let mut names = BTreeSet::new();
    for _ in 0..pairs {
        let key = reader.text()?;
        if key.is_empty() || std::str::from_utf8(key).is_err() {
            return Err("has a key that is no name".to_owned());
        }
        if !names.insert(key) {
            return Err(format!("has the key {} twice", String::from_utf8_lossy(key)));
        }
        let kind = reader.number(4)?;
        let before = reader.at;
        let text = value(reader, kind, 0)?;
        if key == b"general.alignment" && kind == 4 {
            alignment = Reader { at: before, ..*reader }.number(4)?;
        }
        if let Some(text) = text
            && key.starts_with(b"tokenizer.chat_template")
        {
            json::template(&String::from_utf8_lossy(text), verdict);
        }
    }
    if !alignment.is_power_of_two() {
        return Err(format!("aligns tensors to {alignment} bytes"));
    }
    let (mut end, mut unpadded) = (0u64, 0u64);
    names.clear();
    for _ in 0..tensors {
        let name = reader.text()?;
        if name.is_empty() || !names.insert(name) {
            return Err("has a tensor without a name of its own".to_owned());
        }
        let sides = reader.number(4)?;
        if sides > 8 {
            return Err(format!("describes a tensor of {sides} dimensions"));
        }
        let mut row = 1;
        let mut elements = 1u64;
        for side in 0..sides {
            let length = reader.count()?;
            row = if side == 0 { length } else { row };
            elements = elements.checked_mul(length).ok_or("describes a tensor without end")?;
        }
        let kind = reader.number(4)?;
        let (block, bytes) = block(kind).ok_or_else(|| format!("has a tensor of the unknown type {kind}"))?;
        if row % block != 0 {
            return Err("has a tensor whose rows are no whole blocks".to_owned());
        }
        // The data follow in the order of the descriptions, each padded to the alignment.
        if reader.number(8)? != end {
            return Err("places a tensor where it does not belong".to_owned());
        }
        let last = (elements / block).checked_mul(bytes).and_then(|size| end.checked_add(size));
        unpadded = last.ok_or("describes a tensor without end")?;
        end = unpadded.checked_next_multiple_of(alignment).ok_or("describes a tensor without end")?;
    }
    let start = (reader.at as u64).next_multiple_of(alignment);
    let length = reader.bytes.len() as u64;
    if unpadded > 0 && start.checked_add(unpadded).is_none_or(|last| last > length) {
        return Err("places a tensor behind the end of the file".to_owned());
    }
    if start.checked_add(end).is_none_or(|end| end < length) {
        return Err("does not account for the end of the file".to_owned());
    }
    Ok(())
}

/// How many elements a block of a type of tensors has, and how many bytes (the layouts of `ggml`).
fn block(kind: u64) -> Option<(u64, u64)> {
    Some(match kind {
        24 => (1, 1),
        1 | 25 | 30 => (1, 2),
        0 | 26 => (1, 4),
        27 | 28 => (1, 8),
        39 => (32, 17),
        2 | 20 | 31..=33 | 36..=38 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        9 => (32, 36),
        19 => (256, 50),
        34 => (256, 54),
        29 => (256, 56),
        16 | 35 => (256, 66),
        17 => (256, 74),
        22 => (256, 82),
        10 => (256, 84),
        18 => (256, 98),
        11 | 21 => (256, 110),
        23 => (256, 136),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        15 => (256, 292),
        _ => return None,
    })
}

/// Passes a value by; gives it when it is a text.
fn value<'a>(reader: &mut Reader<'a>, kind: u64, depth: u8) -> Result<Option<&'a [u8]>, String> {
    match kind {
        0 | 1 => reader.take(1)?,
        7 => match reader.take(1)? {
            boolean @ [0 | 1] => boolean,
            _ => return Err("has a boolean that is neither true nor false".to_owned()),
        },
        2 | 3 => reader.take(2)?,
        4..=6 => reader.take(4)?,
        10..=12 => reader.take(8)?,
        8 => return Ok(Some(reader.text()?)),
        9 if depth < DEEPEST => {
            let (inner, count) = (reader.number(4)?, reader.count()?);
            for _ in 0..count {
                value(reader, inner, depth + 1)?;
            }
            &[]
        }
        other => return Err(format!("has a value of the unknown type {other}")),
    };
    Ok(None)
}
