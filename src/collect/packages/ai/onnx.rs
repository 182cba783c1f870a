//! The outer message of ONNX files (`onnx.proto`, `ModelProto`), read as protobuf's wire format: names, versions and
//! `metadata_props`; the graph is passed by.

use super::{Header, model_file, say};
use crate::collect::SourceFile;
use crate::model::Evidence;

/// Reads the file; what cannot be read is noted by whoever judges it.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut header = Header::default();
    let mut graph = None;
    let mut known = false;
    for (field, value) in fields(file.raw()) {
        match (field, value) {
            (1, Value::Number(version)) => {
                known = version > 0 && version < 1000;
                say(&mut header.card, "ir_version", &version.to_string());
            }
            (2 | 3, Value::Bytes(text)) => {
                let name = if field == 2 { "producer_name" } else { "producer_version" };
                say(&mut header.card, name, std::str::from_utf8(text).unwrap_or_default());
            }
            (5, Value::Number(version)) if version > 0 => header.version = Some(version.to_string()),
            (7, Value::Bytes(bytes)) => {
                // The graph's name is its second field, behind the nodes.
                graph = fields(bytes).find_map(|(field, value)| match (field, value) {
                    (2, Value::Bytes(name)) => std::str::from_utf8(name).ok().map(str::to_owned),
                    _ => None,
                });
            }
            (14, Value::Bytes(bytes)) => {
                let text = |wanted: u64| {
                    fields(bytes).find_map(|(field, value)| match value {
                        Value::Bytes(bytes) if field == wanted => std::str::from_utf8(bytes).ok(),
                        _ => None,
                    })
                };
                match (text(1), text(2).map(str::to_owned)) {
                    (Some("license" | "licence"), value) => header.license = value,
                    (Some("name" | "model_name" | "title"), value) => header.name = value,
                    (Some("version" | "model_version"), value) => header.version = value,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if known {
        // Exporters name graphs by themselves.
        let given =
            graph.filter(|name| !matches!(name.as_str(), "" | "main_graph" | "torch_jit" | "torch-jit-export"));
        header.name = header.name.or(given);
        model_file(file, header, out);
    }
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message, as far as it is one.
fn fields(bytes: &[u8]) -> impl Iterator<Item = (u64, Value<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let tag = varint(bytes, &mut at)?;
            let value = match tag & 7 {
                0 => Value::Number(varint(bytes, &mut at)?),
                1 => {
                    at += 8;
                    continue;
                }
                5 => {
                    at += 4;
                    continue;
                }
                2 => {
                    let length = usize::try_from(varint(bytes, &mut at)?).ok()?;
                    let end = at.checked_add(length)?;
                    let value = bytes.get(at..end)?;
                    at = end;
                    Value::Bytes(value)
                }
                _ => return None,
            };
            return Some((tag >> 3, value));
        }
    })
}

fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}
