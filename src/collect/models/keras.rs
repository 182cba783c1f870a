//! Keras in HDF5, and TensorFlow's SavedModel.

use memchr::memmem;

use super::verdict::Verdict;
use super::{json, onnx};
use crate::model::Safety;

/// The signature of HDF5.
pub(super) const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Where an HDF5 file starts: at once, or behind a block for the user of 512 bytes, 1024, and so on.
pub(super) fn hdf5_start(bytes: &[u8]) -> Option<usize> {
    let blocks = (0..20).map(|n| if n == 0 { 0 } else { 256usize << n });
    blocks.take_while(|&at| at < bytes.len()).find(|&at| bytes[at..].starts_with(HDF5))
}

/// Judges an HDF5 file: whether it is whole, and the model description that Keras keeps in an attribute, where HDF5
/// stores it as one run of bytes.
pub(super) fn hdf5(bytes: &[u8], verdict: &mut Verdict) {
    let end = match bytes.get(8) {
        Some(0 | 1) => bytes.get(40 + usize::from(bytes[8]) * 4..),
        Some(2 | 3) => bytes.get(28..),
        _ => None,
    };
    let end = end.and_then(|rest| rest.get(..8)).and_then(|eight| eight.try_into().ok()).map(u64::from_le_bytes);
    match end {
        None => verdict.unread("an HDF5 header that is cut off or of an unknown version".to_owned()),
        Some(end) if end > bytes.len() as u64 => {
            verdict.unread(format!("it ends {} bytes early", end - bytes.len() as u64))
        }
        Some(_) => {}
    }
    descriptions(bytes, verdict);
    if let Some(file) = external_link(bytes) {
        verdict.add(Safety::Unproven, format!("a link in it leads to the file {file}"));
    }
}

/// The file that an external link leads to: a link message of version 1 and type 64 (HDF5 file format, IV.A.2.g), whose
/// lengths and texts must fit, since weights hold these bytes by chance.
fn external_link(bytes: &[u8]) -> Option<String> {
    memchr::memchr_iter(64, bytes).find_map(|at| {
        let flags = *bytes.get(at.checked_sub(1)?)?;
        if bytes.get(at.checked_sub(2)?) != Some(&1) || flags & 0xe8 != 8 {
            return None;
        }
        let start = at + 1 + usize::from(flags & 4 != 0) * 8 + usize::from(flags & 16 != 0);
        let width = 1 << (flags & 3);
        let number = |at: usize, width: usize| {
            Some(bytes.get(at..at + width)?.iter().rev().fold(0usize, |n, b| n.wrapping_shl(8) | usize::from(*b)))
        };
        let name = number(start, width).filter(|length| (1..256).contains(length))?;
        let target = start + width + name;
        let is_text =
            |part: &[u8]| !part.is_empty() && part.iter().all(|b| b.is_ascii_graphic() || *b >= 0x80 || *b == b' ');
        let length = number(target, 2).filter(|length| (5..4096).contains(length))?;
        let value = bytes.get(target + 2..target + 2 + length)?.strip_prefix(&[0])?.strip_suffix(&[0])?;
        let (file, object) = value.split_at(memchr::memchr(0, value)?);
        let fits = is_text(&bytes[start + width..target]) && is_text(file) && is_text(&object[1..]);
        fits.then(|| String::from_utf8_lossy(file).into_owned())
    })
}

/// Looks at each model description in a file of another format.
fn descriptions(bytes: &[u8], verdict: &mut Verdict) {
    // Wherever it stands, and whatever else is broken.
    let names_lambda = memmem::find_iter(bytes, b"\"Lambda\"").any(|at| {
        let before = bytes[..at].trim_ascii_end();
        before.strip_suffix(b":").is_some_and(|before| before.trim_ascii_end().ends_with(b"\"class_name\""))
    });
    if names_lambda {
        verdict.add(Safety::Dangerous, json::LAMBDA.to_owned());
    }
    let mut behind = 0;
    for at in memmem::find_iter(bytes, b"{\"class_name\"") {
        if at < behind {
            continue;
        }
        let mut values = serde_json::Deserializer::from_slice(&bytes[at..]).into_iter::<serde_json::Value>();
        match values.next() {
            Some(Ok(value)) => json::walk(&value, verdict),
            _ => {
                // A description that cannot be parsed is searched as text.
                if memmem::find(&bytes[at..], b"\"Lambda\"").is_some() {
                    verdict.add(Safety::Dangerous, json::LAMBDA.to_owned());
                }
                verdict.unread("a description that is no JSON".to_owned());
                return;
            }
        }
        behind = at + values.byte_offset();
    }
}

/// Operations of TensorFlow that reach outside of the graph.
const OPERATIONS: &[(&str, &str)] = &[
    ("EagerPyFunc", "calls Python"),
    ("PyFunc", "calls Python"),
    ("PyFuncStateless", "calls Python"),
    ("ReadFile", "reads any file"),
    ("WriteFile", "writes any file"),
    ("MatchingFiles", "lists files"),
    ("PrintV2", "may write to a file"),
];

/// Judges a SavedModel: the operations in its graph, and the descriptions of Keras layers.
pub(super) fn saved_model(bytes: &[u8], verdict: &mut Verdict) {
    if let Err(why) = onnx::walk(bytes) {
        verdict.unread(why);
    }
    for (operation, does) in OPERATIONS {
        // `NodeDef.op` is field 2, a text: its key, its length, the name.
        let mut field = vec![0x12, operation.len() as u8];
        field.extend_from_slice(operation.as_bytes());
        if memmem::find(bytes, &field).is_some() {
            let safety = if *operation == "PrintV2" { Safety::Unproven } else { Safety::Dangerous };
            verdict.add(safety, format!("the operation {operation} {does}"));
        }
    }
    descriptions(bytes, verdict);
}
