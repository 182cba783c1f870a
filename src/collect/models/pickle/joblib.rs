//! Arrays that joblib writes between the opcodes of a pickle.
//!
//! When joblib builds a `NumpyArrayWrapper`, the raw data of the array follow in the stream: a pickle of its own for
//! arrays of objects, else the elements, aligned in newer versions by padding whose length the first byte tells.

use super::machine::{Event, Value, follow_at};

/// What stands behind a wrapper.
pub(super) struct Wrapped {
    /// The offset at which the opcodes go on.
    pub(super) end: usize,
    /// How many bytes of elements there are.
    pub(super) raw: usize,
    /// What a pickle of objects does.
    pub(super) events: Vec<Event>,
}

/// Reads the array that follows a wrapper with this state at `at`.
///
/// # Errors
/// In words, when the state does not tell the length or the stream is too short.
pub(super) fn length(state: &Value, bytes: &[u8], at: usize, depth: u8) -> Result<Wrapped, String> {
    let Value::Dict(entries) = state else { return Err("an array without a description".to_owned()) };
    let entries = entries.borrow();
    let get = |key: &str| {
        entries.iter().rev().find(|(k, _)| matches!(k, Value::Text(t) if &**t == key)).map(|(_, value)| value)
    };
    let Some(Value::Result(_, dtype)) = get("dtype") else { return Err("an array without a dtype".to_owned()) };
    let Some(Value::Text(dtype)) = dtype.first() else { return Err("an array without a dtype".to_owned()) };
    if dtype.contains('O') {
        let inner = follow_at(bytes, at, depth);
        return match inner.broken {
            Some(why) => Err(why),
            None => Ok(Wrapped { end: inner.end, raw: 0, events: inner.events }),
        };
    }
    let size = item_size(dtype).ok_or_else(|| format!("an array of the unknown type {dtype}"))?;
    let Some(Value::Tuple(shape)) = get("shape") else { return Err("an array without a shape".to_owned()) };
    let mut count = 1usize;
    for side in shape.iter() {
        let Value::Int(side) = side else { return Err("an array without a shape".to_owned()) };
        count = usize::try_from(*side).ok().and_then(|side| count.checked_mul(side)).ok_or("an array without end")?;
    }
    let padding = match get("numpy_array_alignment_bytes") {
        Some(Value::Int(_)) => 1 + usize::from(*bytes.get(at).ok_or("it ends inside an array")?),
        _ => 0,
    };
    let raw = count.checked_mul(size).and_then(|raw| raw.checked_add(padding));
    let end = raw.and_then(|raw| at.checked_add(raw)).filter(|&end| end <= bytes.len());
    let end = end.ok_or("it ends inside an array")?;
    Ok(Wrapped { end, raw: end - at, events: Vec::new() })
}

/// Bytes per element of a numpy type string such as `<f8`, `|b1`, `U5`.
fn item_size(dtype: &str) -> Option<usize> {
    let dtype = dtype.trim_start_matches(['<', '>', '=', '|']);
    let digits = dtype.get(1..)?.split('[').next()?;
    let number: usize = digits.parse().ok()?;
    match dtype.as_bytes()[0] {
        b'b' | b'i' | b'u' | b'f' | b'c' | b'm' | b'M' | b'S' | b'a' | b'V' | b'B' => Some(number),
        b'U' => number.checked_mul(4),
        _ => None,
    }
}
