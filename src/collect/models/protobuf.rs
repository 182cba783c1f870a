//! Protocol Buffers: the fields of a message, as far as the encoding tells them.

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Number(u64),
    /// A text, a message, or packed numbers.
    Bytes(&'a [u8]),
    /// A number of four or eight bytes.
    Fixed,
}

/// The messages that stand in fields of a message: the number of a field, and which messages stand in it.
pub(super) struct Shape(pub(super) &'static [(u64, &'static Self)]);

/// Calls `each` with the number and value of every field.
///
/// # Errors
/// In words, when the bytes are no whole message.
pub(super) fn fields<'a>(
    bytes: &'a [u8],
    mut each: impl FnMut(u64, Field<'a>) -> Result<(), String>,
) -> Result<(), String> {
    const NONE: &str = "it is no protobuf message";
    let mut at = 0;
    while at < bytes.len() {
        let (key, used) = varint(&bytes[at..]).ok_or(NONE)?;
        at += used;
        let (field, wire) = (key >> 3, key & 7);
        if field == 0 {
            return Err(NONE.to_owned());
        }
        let length = match wire {
            0 => {
                let (number, used) = varint(&bytes[at..]).ok_or(NONE)?;
                at += used;
                each(field, Field::Number(number))?;
                continue;
            }
            1 => 8,
            5 => 4,
            2 => {
                let (length, used) = varint(&bytes[at..]).ok_or(NONE)?;
                at += used;
                usize::try_from(length).unwrap_or(usize::MAX)
            }
            _ => return Err(NONE.to_owned()),
        };
        let value = at.checked_add(length).and_then(|end| bytes.get(at..end)).ok_or("it is cut off")?;
        at += length;
        each(field, if wire == 2 { Field::Bytes(value) } else { Field::Fixed })?;
    }
    Ok(())
}

/// Whether a message is whole, and those in it that the shape tells of.
///
/// # Errors
/// In words, when it is not.
pub(super) fn check(bytes: &[u8], shape: &'static Shape) -> Result<(), String> {
    if bytes.is_empty() {
        return Err("it is empty".to_owned());
    }
    let mut left = vec![(bytes, shape)];
    while let Some((bytes, shape)) = left.pop() {
        fields(bytes, |number, value| {
            if let Some((_, inner)) = shape.0.iter().find(|(field, _)| *field == number) {
                match value {
                    Field::Bytes(bytes) => left.push((bytes, inner)),
                    _ => return Err("a part of it is of another type than it must be".to_owned()),
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// A base-128 number and how many bytes it takes.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (at, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at).min(63);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}
