//! ONNX: a protobuf message (`ModelProto`) whose tensors may lie in other files.

use std::ops::Range;

use super::verdict::Verdict;
use crate::model::Safety;

/// Judges an ONNX file.
pub(super) fn judge(bytes: &[u8], verdict: &mut Verdict) {
    if let Err(why) = walk(bytes) {
        verdict.unread(why);
    }
    // `TensorProto.external_data` holds pairs: key (field 1) `location`, value (field 2) a path beside the model.
    for at in memchr::memmem::find_iter(bytes, b"\x0a\x08location\x12") {
        let from = at + b"\x0a\x08location\x12".len();
        let Some((length, used)) = varint(&bytes[from..]) else { continue };
        let Some(path) = range(from + used, length).and_then(|range| bytes.get(range)) else { continue };
        let path = String::from_utf8_lossy(path);
        let leads_out = path.starts_with(['/', '\\'])
            || path.get(1..2) == Some(":")
            || path.split(['/', '\\']).any(|part| part == "..");
        if leads_out {
            verdict.add(Safety::Dangerous, format!("its tensors are read from {path}, outside of its folder"));
        }
    }
}

/// Whether the outermost message is whole.
pub(super) fn walk(bytes: &[u8]) -> Result<(), String> {
    let mut at = 0;
    let mut fields = 0;
    while at < bytes.len() {
        let (key, used) = varint(&bytes[at..]).ok_or("it is no protobuf message")?;
        at += used;
        let (field, wire) = (key >> 3, key & 7);
        let length = match wire {
            0 => varint(&bytes[at..]).ok_or("it is no protobuf message")?.1,
            1 => 8,
            5 => 4,
            2 => {
                let (length, used) = varint(&bytes[at..]).ok_or("it is no protobuf message")?;
                at += used;
                usize::try_from(length).unwrap_or(usize::MAX)
            }
            _ => return Err("it is no protobuf message".to_owned()),
        };
        if field == 0 {
            return Err("it is no protobuf message".to_owned());
        }
        at = at.checked_add(length).filter(|&end| end <= bytes.len()).ok_or("it is cut off")?;
        fields += 1;
    }
    if fields == 0 { Err("it is empty".to_owned()) } else { Ok(()) }
}

fn range(from: usize, length: u64) -> Option<Range<usize>> {
    let end = from.checked_add(usize::try_from(length).ok()?)?;
    Some(from..end)
}

/// A base-128 number and how many bytes it takes.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (at, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at).min(63);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}
