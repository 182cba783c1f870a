//! safetensors: a JSON header of bounded length, and tensors that must tile the rest of the file.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::verdict::Verdict;

/// The longest header that the format allows.
const LONGEST_HEADER: u64 = 100_000_000;

/// Judges a safetensors file; it can hold no code, so all that matters is whether it keeps its promises.
pub(super) fn judge(bytes: &[u8], verdict: &mut Verdict) {
    if let Err(why) = check(bytes) {
        verdict.unread(why);
    }
}

fn check(bytes: &[u8]) -> Result<(), String> {
    let length = bytes.get(..8).and_then(|eight| eight.try_into().ok()).map(u64::from_le_bytes);
    let length = length.ok_or("a safetensors header that is cut off")?;
    let end = usize::try_from(length).ok().filter(|_| length <= LONGEST_HEADER).and_then(|l| l.checked_add(8));
    let header = end
        .and_then(|end| bytes.get(8..end))
        .ok_or("a safetensors header longer than the file or the format allows")?;
    if header.first() != Some(&b'{') {
        return Err("a safetensors header that is no JSON object".to_owned());
    }
    let data = bytes.len() - 8 - header.len();
    let Tensors(tensors) =
        serde_json::from_slice(header).map_err(|e| format!("a safetensors header that is not as it must be: {e}"))?;
    let mut spans: Vec<(u64, u64)> = Vec::new();
    for (name, entry) in &tensors {
        let Entry::Tensor(tensor) = entry else { continue };
        let (from, to) = tensor.data_offsets;
        if from > to || to > data as u64 {
            return Err(format!("the tensor {name} lies outside of the file"));
        }
        let bits =
            bits(&tensor.dtype).ok_or_else(|| format!("the tensor {name} has the unknown type {}", tensor.dtype))?;
        let size = tensor.shape.iter().try_fold(bits, |n, &side| n.checked_mul(side)).map(|bits| bits.div_ceil(8));
        if size != Some(to - from) {
            return Err(format!("the tensor {name} has another size than its shape"));
        }
        spans.push((from, to));
    }
    spans.sort_unstable();
    if spans.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err("tensors overlap".to_owned());
    }
    let covered = spans.iter().map(|(from, to)| to - from).sum::<u64>();
    if covered != data as u64 {
        return Err(format!("{} bytes belong to no tensor", data as u64 - covered.min(data as u64)));
    }
    Ok(())
}

/// The header: a JSON object in which no name stands twice, since readers would disagree on which of two counts.
struct Tensors(BTreeMap<String, Entry>);

/// A value of the header.
enum Entry {
    Metadata,
    Tensor(Tensor),
}

/// The description of a tensor.
#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

impl<'de> Deserialize<'de> for Tensors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Tensors;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tensors, A::Error> {
                let mut tensors = BTreeMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    let entry = if name == "__metadata__" {
                        map.next_value::<BTreeMap<String, String>>()?;
                        Entry::Metadata
                    } else {
                        Entry::Tensor(map.next_value()?)
                    };
                    if tensors.contains_key(&name) {
                        return Err(A::Error::custom(format!("the name {name} stands twice")));
                    }
                    tensors.insert(name, entry);
                }
                Ok(Tensors(tensors))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

/// Bits per element; `None` for types that are newer than this list.
fn bits(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" => 8,
        "I16" | "U16" | "F16" | "BF16" => 16,
        "I32" | "U32" | "F32" => 32,
        "I64" | "U64" | "F64" | "C64" => 64,
        "F4" => 4,
        "F6_E2M3" | "F6_E3M2" => 6,
        _ => return None,
    })
}
