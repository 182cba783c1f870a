//! ONNX: a protobuf message (`ModelProto`) whose tensors may lie in other files.

use std::ops::Range;

use super::protobuf::{self, Field, Shape};
use super::verdict::Verdict;
use crate::model::Safety;

/// Judges an ONNX file.
pub(super) fn judge(bytes: &[u8], verdict: &mut Verdict) {
    if let Err(why) = check(bytes) {
        verdict.unread(why);
    }
    // `TensorProto.external_data` holds pairs: key (field 1) `location`, value (field 2) a path beside the model.
    for at in memchr::memmem::find_iter(bytes, b"\x0a\x08location\x12") {
        let from = at + b"\x0a\x08location\x12".len();
        let Some((length, used)) = protobuf::varint(&bytes[from..]) else { continue };
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

/// `TensorProto`.
static TENSOR: Shape = Shape(&[]);
/// `AttributeProto`, with a tensor and a list of them. Graphs in it would make the shape endless; they are rare.
static ATTRIBUTE: Shape = Shape(&[(5, &TENSOR), (10, &TENSOR)]);
/// `NodeProto`.
static NODE: Shape = Shape(&[(5, &ATTRIBUTE)]);
/// `GraphProto`: nodes, tensors, and descriptions of inputs, outputs and values.
static GRAPH: Shape = Shape(&[(1, &NODE), (5, &TENSOR), (11, &TENSOR), (12, &TENSOR), (13, &TENSOR)]);
/// `FunctionProto`.
static FUNCTION: Shape = Shape(&[(7, &NODE)]);
/// `ModelProto`: the graph, sets of operators, metadata and functions.
static MODEL: Shape = Shape(&[(7, &GRAPH), (8, &TENSOR), (14, &TENSOR), (25, &FUNCTION)]);

/// Whether the model is whole, and its tensors have as many elements as their sides tell.
fn check(bytes: &[u8]) -> Result<(), String> {
    protobuf::check(bytes, &MODEL)?;
    let (mut graphs, mut has_operators) = (Vec::new(), false);
    protobuf::fields(bytes, |field, value| {
        match (field, value) {
            (7, Field::Bytes(graph)) => graphs.push(Some(graph)),
            (8, _) => has_operators = true,
            (25, _) => graphs.push(None),
            _ => {}
        }
        Ok(())
    })?;
    if graphs.is_empty() {
        return Err("it has no graph".to_owned());
    }
    // Since version 3 of the format every model imports a set of operators.
    if !has_operators {
        return Err("it imports no set of operators".to_owned());
    }
    graphs.into_iter().flatten().try_for_each(|graph| {
        protobuf::fields(graph, |field, value| match (field, value) {
            (5, Field::Bytes(initializer)) => tensor(initializer),
            _ => Ok(()),
        })
    })
}

/// Whether a tensor has its elements; where they lie in another file, or are packed in a way that tells no number,
/// nothing is known.
fn tensor(bytes: &[u8]) -> Result<(), String> {
    let (mut elements, mut kind, mut raw, mut floats) = (Some(1u64), 0, None, None);
    protobuf::fields(bytes, |field, value| {
        match (field, value) {
            (1, Field::Number(side)) => elements = elements.and_then(|n| n.checked_mul(side)),
            (1, Field::Bytes(mut sides)) => {
                while let Some((side, used)) = protobuf::varint(sides) {
                    elements = elements.and_then(|n| n.checked_mul(side));
                    sides = &sides[used..];
                }
            }
            (2, Field::Number(number)) => kind = number,
            (4, Field::Bytes(packed)) => floats = Some(packed.len() as u64),
            (9, Field::Bytes(data)) => raw = Some(data.len() as u64),
            _ => {}
        }
        Ok(())
    })?;
    // `TensorProto.DataType`.
    let bytes = match kind {
        2 | 3 | 9 | 17..=20 => Some(1),
        4 | 5 | 10 | 16 => Some(2),
        1 | 6 | 12 => Some(4),
        7 | 11 | 13 | 14 => Some(8),
        15 => Some(16),
        _ => None,
    };
    let size = |bytes: u64| elements.and_then(|n| n.checked_mul(bytes));
    let is_wrong = match (raw, floats, bytes) {
        (Some(raw), _, Some(bytes)) => size(bytes) != Some(raw),
        (None, Some(floats), _) if kind == 1 => size(4) != Some(floats),
        _ => elements.is_none(),
    };
    if is_wrong { Err("a tensor has another number of elements than its sides tell".to_owned()) } else { Ok(()) }
}

fn range(from: usize, length: u64) -> Option<Range<usize>> {
    let end = from.checked_add(usize::try_from(length).ok()?)?;
    Some(from..end)
}
