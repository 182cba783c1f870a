//! GGUF, versions 1 to 3: typed metadata, descriptions of tensors, and their data.

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
    for _ in 0..pairs {
        let key = reader.text()?;
        let kind = reader.number(4)?;
        let text = value(reader, kind, 0)?;
        if let Some(text) = text
            && key.starts_with(b"tokenizer.chat_template")
        {
            json::template(&String::from_utf8_lossy(text), verdict);
        }
    }
    for _ in 0..tensors {
        reader.text()?;
        let sides = reader.number(4)?;
        if sides > 8 {
            return Err(format!("describes a tensor of {sides} dimensions"));
        }
        for _ in 0..sides {
            reader.count()?;
        }
        reader.number(4)?;
        let offset = reader.number(8)?;
        if offset > reader.bytes.len() as u64 {
            return Err("places a tensor behind the end of the file".to_owned());
        }
    }
    Ok(())
}

/// Passes a value by; gives it when it is a text.
fn value<'a>(reader: &mut Reader<'a>, kind: u64, depth: u8) -> Result<Option<&'a [u8]>, String> {
    match kind {
        0 | 1 | 7 => reader.take(1)?,
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
