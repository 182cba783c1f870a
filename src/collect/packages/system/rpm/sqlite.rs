//! `rpmdb.sqlite`: the table `Packages` of a database of SQLite (its documentation, "Database File Format").

use std::borrow::Cow;

/// How the file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// The head of the file, on its first page.
const HEAD: usize = 100;
/// Pages of a table: with rows, and with other pages.
const LEAF: u8 = 13;
const INTERIOR: u8 = 5;

pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The headers, in order of their rows.
pub(super) fn blobs(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let size = match u16::from_be_bytes(bytes.get(16..18)?.try_into().ok()?) {
        1 => 65536,
        size => usize::from(size),
    };
    let usable = size.checked_sub(usize::from(*bytes.get(20)?)).filter(|usable| *usable >= 480)?;
    // Pages belong to one row each, so no more than the file is ever copied; the table of tables comes on top.
    let mut file = File { bytes, size, usable, budget: bytes.len().saturating_mul(2) };
    let root = file.rows(1)?.iter().find_map(|row| {
        let columns = columns(row)?;
        let is_table = columns.first()?.1 == b"table" && columns.get(1)?.1 == b"Packages";
        is_table.then(|| number(columns.get(3)?.1)).flatten()
    })?;
    let rows = file.rows(root)?;
    // The blob is the only column that is no number.
    let blob = |row: Vec<u8>| {
        let columns = columns(&row)?;
        columns.iter().find(|(kind, _)| *kind >= 12 && kind % 2 == 0).map(|(_, value)| Cow::Owned(value.to_vec()))
    };
    Some(rows.into_iter().filter_map(blob).collect())
}

struct File<'b> {
    bytes: &'b [u8],
    /// The bytes of a page, and those of them that hold content.
    size: usize,
    usable: usize,
    /// How many bytes may still be copied.
    budget: usize,
}

impl<'b> File<'b> {
    fn page(&self, number: usize) -> Option<&'b [u8]> {
        let start = number.checked_sub(1)?.checked_mul(self.size)?;
        self.bytes.get(start..start.checked_add(self.size)?)
    }

    /// The records of the rows of a table, by the page of its root; `None` where the root is no table.
    fn rows(&mut self, root: usize) -> Option<Vec<Vec<u8>>> {
        let mut rows = Vec::new();
        let mut queue = vec![root];
        // A tree has no more pages than its file.
        let mut left = self.bytes.len() / self.size;
        while let Some(number) = queue.pop() {
            left = left.checked_sub(1)?;
            let page = self.page(number)?;
            let head = if number == 1 { HEAD } else { 0 };
            let kind = *page.get(head)?;
            let cells = usize::from(short(page, head + 3)?);
            let pointers = head + if kind == LEAF { 8 } else { 12 };
            let cells = (0..cells).filter_map(|cell| short(page, pointers + 2 * cell).map(usize::from));
            match kind {
                LEAF => rows.extend(cells.filter_map(|at| self.record(page, at))),
                INTERIOR => {
                    // The first page is looked at first, so the last one goes onto the pile first.
                    let mut below: Vec<usize> = cells.filter_map(|at| big(page, at)).collect();
                    below.push(big(page, head + 8)?);
                    queue.extend(below.into_iter().rev());
                }
                _ => return None,
            }
        }
        Some(rows)
    }

    /// The record of a row, put together from the pages that it spills over.
    fn record(&mut self, page: &[u8], at: usize) -> Option<Vec<u8>> {
        let cell = page.get(at..)?;
        let (length, first) = varint(cell)?;
        let (_, second) = varint(cell.get(first..)?)?;
        let start = first + second;
        let (length, most) = (usize::try_from(length).ok()?, self.usable - 35);
        let local = if length <= most {
            length
        } else {
            let least = (self.usable - 12) * 32 / 255 - 23;
            let fit = least + (length - least) % (self.usable - 4);
            if fit <= most { fit } else { least }
        };
        self.budget = self.budget.checked_sub(length)?;
        let mut record = cell.get(start..start.checked_add(local)?)?.to_vec();
        let mut next = if local < length { big(cell, start + local)? } else { 0 };
        while record.len() < length {
            let page = self.page(next)?;
            let data = page.get(4..self.usable)?;
            record.extend_from_slice(&data[..data.len().min(length - record.len())]);
            next = big(page, 0)?;
        }
        Some(record)
    }
}

/// The columns of a record, each with the number of its type.
fn columns(record: &[u8]) -> Option<Vec<(u64, &[u8])>> {
    let (head, mut at) = varint(record)?;
    let head = usize::try_from(head).ok()?;
    let mut body = record.get(head..)?;
    let mut columns = Vec::new();
    while at < head {
        let (kind, read) = varint(record.get(at..head)?)?;
        at += read;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => (kind - 12) / 2,
        };
        let (value, rest) = body.split_at_checked(usize::try_from(length).ok()?)?;
        columns.push((kind, value));
        body = rest;
    }
    Some(columns)
}

/// A number of up to four bytes.
fn number(bytes: &[u8]) -> Option<usize> {
    (1..=4).contains(&bytes.len()).then(|| bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// A number of one to nine bytes, and how many it takes.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0;
    for (at, &byte) in bytes.iter().take(9).enumerate() {
        if at == 8 {
            return Some((number << 8 | u64::from(byte), 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((number, at + 1));
        }
    }
    None
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

fn big(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?) as usize)
}
