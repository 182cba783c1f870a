//! `Packages.db`, the database that rpm brings itself (rpm's `lib/backend/ndb`): slots that tell where the blob of each
//! package lies.

use std::borrow::Cow;

use super::little;

/// The bytes of the head of the file, of a slot, of a block and of the head of a blob are all so many.
const UNIT: usize = 16;
/// The bytes of a page of slots.
const PAGE: usize = 4096;
/// Where slots start: behind the head of the file, which takes two of them.
const FIRST: usize = 2 * UNIT;

pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RpmP")
}

/// The headers, in order of their slots.
pub(super) fn blobs(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let end = little(bytes, 12)?.checked_mul(PAGE)?;
    let slots = bytes.get(FIRST..end.min(bytes.len()))?.chunks_exact(UNIT);
    let used = slots.filter(|slot| slot.starts_with(b"Slot"));
    let blob = |slot: &[u8]| {
        let (package, at) = (little(slot, 4)?, little(slot, 8)?.checked_mul(UNIT)?);
        let head = bytes.get(at..at.checked_add(UNIT)?)?;
        let length = little(head, 12)?;
        let start = at + UNIT;
        let fits = package != 0 && head.starts_with(b"BlbS") && little(head, 4) == Some(package);
        if fits { bytes.get(start..start.checked_add(length)?).map(Cow::Borrowed) } else { None }
    };
    Some(used.filter_map(blob).collect())
}
