//! Deltas: an object as copies of parts of another one, and bytes of its own (gitformat-pack(5), "Deltified
//! representation").

/// Why a delta cannot be applied.
const BROKEN: &str = "a delta that does not follow its format";

/// Makes the object that `delta` describes out of `base`.
///
/// # Errors
/// When the delta does not fit the base, or its result would be larger than `most` bytes.
pub(super) fn apply(base: &[u8], delta: &[u8], most: usize) -> Result<Vec<u8>, &'static str> {
    let mut rest = delta;
    let base_size = size(&mut rest).ok_or(BROKEN)?;
    let result_size = size(&mut rest).ok_or(BROKEN)?;
    if base_size != base.len() || result_size > most {
        return Err(BROKEN);
    }
    // What is claimed is not believed before it is there.
    let mut out = Vec::with_capacity(result_size.min(base.len() + delta.len()));
    while let Some((&op, after)) = rest.split_first() {
        rest = after;
        let part = if op & 0x80 != 0 {
            let mut number = |bits: u8, bytes: usize| -> Option<usize> {
                let mut value = 0;
                for n in (0..bytes).filter(|n| bits & (1 << n) != 0) {
                    let (&byte, after) = rest.split_first()?;
                    rest = after;
                    value |= usize::from(byte) << (8 * n);
                }
                Some(value)
            };
            let offset = number(op & 0x0f, 4).ok_or(BROKEN)?;
            let length = match number((op >> 4) & 0x07, 3).ok_or(BROKEN)? {
                0 => 0x10000,
                length => length,
            };
            base.get(offset..offset + length).ok_or(BROKEN)?
        } else if op != 0 {
            let (part, after) = rest.split_at_checked(usize::from(op)).ok_or(BROKEN)?;
            rest = after;
            part
        } else {
            return Err(BROKEN);
        };
        if out.len() + part.len() > result_size {
            return Err(BROKEN);
        }
        out.extend_from_slice(part);
    }
    if out.len() == result_size { Ok(out) } else { Err(BROKEN) }
}

/// A size: seven bits to a byte, the lowest first.
fn size(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0usize;
    for shift in (0..=49).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn copies_and_own_bytes_are_put_together() {
        // Base of 10 bytes, result of 7: copy 4 from offset 2, then three bytes of its own.
        let delta = [10, 7, 0x80 | 0x01 | 0x10, 2, 4, 3, b'x', b'y', b'z'];
        assert_eq!(apply(b"0123456789", &delta, 100), Ok(b"2345xyz".to_vec()));
        assert!(apply(b"0123456789", &delta, 6).is_err(), "larger than the limit");
        assert!(apply(b"012345678", &delta, 100).is_err(), "another base");
        assert!(apply(b"0123456789", &[10, 4, 0x91, 8, 4], 100).is_err(), "behind the end of the base");
    }

    proptest! {
        #[test]
        fn any_bytes_are_safe(base in proptest::collection::vec(any::<u8>(), 0..40), delta in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = apply(&base, &delta, 1 << 16);
        }
    }
}
