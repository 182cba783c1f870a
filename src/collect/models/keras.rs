//! Keras in HDF5, and TensorFlow's SavedModel.

use memchr::memmem;

use super::json;
use super::verdict::Verdict;
use crate::model::Safety;

/// The signature of HDF5.
pub(super) const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

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
}

/// Looks at each model description in a file of another format.
fn descriptions(bytes: &[u8], verdict: &mut Verdict) {
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
