//! `Packages`, a hash table of Berkeley DB (its `dbinc/db_page.h`): pages of keys and values, of which long ones lie on
//! chains of pages of their own. Only the order of bytes of today's machines is read.

use std::borrow::Cow;

use super::little;

/// The number that marks a hash table, and where it stands.
const MAGIC: (usize, usize) = (12, 0x0006_1561);
/// Where the size of pages stands.
const PAGE_SIZE: usize = 20;
/// Where a page tells the next one, how many items it has, how far it is filled and its type, and where its items start.
const NEXT: usize = 16;
const ITEMS: usize = 20;
const FILLED: usize = 22;
const TYPE: usize = 25;
const HEAD: usize = 26;
/// Pages of hash tables, unsorted and sorted, and of long values.
const HASHES: [u8; 2] = [2, 13];
const OVERFLOW: u8 = 7;
/// Values that stand on the page, and those that lie elsewhere.
const ON_PAGE: u8 = 1;
const OFF_PAGE: u8 = 3;

pub(super) fn is(bytes: &[u8]) -> bool {
    little(bytes, MAGIC.0) == Some(MAGIC.1)
}

/// The values, in order of the pages.
pub(super) fn blobs(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let size = little(bytes, PAGE_SIZE).filter(|size| size.is_power_of_two() && (512..=65536).contains(size))?;
    // Every page belongs to one value, so no more than the file is ever copied.
    let mut budget = bytes.len();
    let mut found = Vec::new();
    for page in bytes.chunks_exact(size).skip(1).filter(|page| HASHES.contains(&page[TYPE])) {
        let items = usize::from(short(page, ITEMS)?);
        let offset = |item: usize| short(page, HEAD + 2 * item).map(usize::from);
        // Keys and values take turns, and items are laid down from the end of the page.
        for item in (1..items).step_by(2) {
            let (Some(start), Some(end)) = (offset(item), offset(item - 1)) else { break };
            match page.get(start) {
                Some(&ON_PAGE) => found.extend(page.get(start + 1..end).map(Cow::Borrowed)),
                Some(&OFF_PAGE) => {
                    let place = little(page, start + 4).zip(little(page, start + 8));
                    let value = place.and_then(|(first, length)| chain(bytes, size, first, length, &mut budget));
                    found.extend(value.map(Cow::Owned));
                }
                _ => {}
            }
        }
    }
    Some(found)
}

/// The value of this length that starts on a page; `None` where its chain breaks.
fn chain(bytes: &[u8], size: usize, first: usize, length: usize, budget: &mut usize) -> Option<Vec<u8>> {
    *budget = budget.checked_sub(length)?;
    let mut value = Vec::with_capacity(length);
    let mut number = first;
    while value.len() < length {
        let start = number.checked_mul(size)?;
        let page = bytes.get(start..start.checked_add(size)?).filter(|page| page[TYPE] == OVERFLOW)?;
        let filled = usize::from(short(page, FILLED)?);
        let data = page.get(HEAD..HEAD.checked_add(filled)?).filter(|data| !data.is_empty())?;
        value.extend_from_slice(&data[..data.len().min(length - value.len())]);
        number = little(page, NEXT)?;
    }
    Some(value)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}
