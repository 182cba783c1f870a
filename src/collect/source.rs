//! One file as collectors see it.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use super::ignored::Ignored;
use crate::model::{Encoding, FileKind, Place, Region, RelPath, line_range};

/// One file, read once and decoded once, as every collector sees it.
pub struct SourceFile<'a> {
    /// Its path.
    pub path: &'a RelPath,
    /// Its name in lower case.
    pub name: &'a str,
    /// What it is.
    pub kind: &'a FileKind,
    bytes: &'a [u8],
    raw: &'a [u8],
    text: &'a str,
    lines: RefCell<Lines>,
    /// Whether it may have ignored parts.
    ignores: bool,
    ignored: OnceCell<Ignored>,
    /// How many characters stand in front of every [`BLOCK`]th byte, for columns in endless lines.
    blocks: OnceCell<Vec<u32>>,
}

/// Shows a text that lies in no checkout as a file of this name, as collectors see one.
pub(crate) fn show<T>(name: &str, text: &str, look: impl FnOnce(&SourceFile<'_>) -> T) -> T {
    let path = RelPath::new(name);
    let lower = path.name().to_lowercase();
    look(&SourceFile::text_file(&path, &lower, &FileKind::Text(Encoding::Utf8), text.trim_start_matches('\u{feff}')))
}

impl<'a> SourceFile<'a> {
    /// A text file whose bytes were decoded to `text`.
    pub fn text_file(path: &'a RelPath, name: &'a str, kind: &'a FileKind, text: &'a str) -> Self {
        Self {
            path,
            name,
            kind,
            bytes: text.as_bytes(),
            raw: text.as_bytes(),
            text,
            lines: RefCell::default(),
            ignores: true,
            ignored: OnceCell::new(),
            blocks: OnceCell::new(),
        }
    }

    /// A file that is not text.
    pub fn binary_file(path: &'a RelPath, name: &'a str, kind: &'a FileKind, bytes: &'a [u8]) -> Self {
        Self { bytes, raw: bytes, ..Self::text_file(path, name, kind, "") }
    }

    /// The same with the bytes that the text was decoded from.
    pub(super) fn with_raw(self, raw: &'a [u8]) -> Self {
        Self { raw, ..self }
    }

    /// The same as one that is known to have ignored parts, or to have none.
    pub(super) fn with_ignored_parts(self, ignores: bool) -> Self {
        Self { ignores, ..self }
    }

    /// What the file holds, byte for byte. Places count in [`SourceFile::text`], not in these.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The bytes: for text files the UTF-8 of [`SourceFile::text`], else what the file holds.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The text, without a byte order mark; empty for a binary file. Every offset that a collector uses counts in it.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How the bytes were understood; `None` for a binary file.
    pub fn encoding(&self) -> Option<Encoding> {
        match self.kind {
            FileKind::Text(encoding) => Some(*encoding),
            _ => None,
        }
    }

    /// The parts that speak of no license and copyright of this file. Looked for on the first call.
    pub fn ignored(&self) -> &Ignored {
        self.ignored.get_or_init(|| if self.ignores { Ignored::of(self.text) } else { Ignored::default() })
    }

    /// The line (from 1) that holds the byte at `offset`.
    pub fn line_at(&self, offset: usize) -> u32 {
        let mut lines = self.lines.borrow_mut();
        lines.read_to(self.bytes, offset).partition_point(|&start| start as usize <= offset) as u32
    }

    /// The byte range of a line (from 1) without its line end; empty behind the last line.
    pub fn line_range(&self, line: u32) -> Range<usize> {
        line_range(self.text, self.lines.borrow_mut().read_behind(self.bytes, line), line)
    }

    /// The text of a line (from 1) without its line end.
    pub fn line(&self, line: u32) -> &'a str {
        &self.text[self.line_range(line)]
    }

    /// The region that the byte range covers, with its excerpt. The range is clamped to the text and to character
    /// boundaries, so any range is safe.
    pub fn region(&self, range: Range<usize>) -> Region {
        let mut lines = self.lines.borrow_mut();
        let starts = lines.read_to(self.bytes, range.end.max(range.start));
        Region::within(self.text, starts, range, |start, offset| self.column(start, offset))
    }

    /// The column (from 1) of the character at `offset` in the line that starts at `line_start`. Takes bounded time in a
    /// line of any length and in any order of asking, so that a minified lock file costs no more than a tidy one.
    fn column(&self, line_start: usize, offset: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let offset = offset.max(line_start);
        if offset - line_start <= BLOCK {
            return characters(&bytes[line_start..offset]) + 1;
        }
        let blocks = self.blocks.get_or_init(|| {
            let mut before = 0;
            let counts = bytes.chunks(BLOCK).map(|block| {
                let here = before;
                before += characters(block);
                here
            });
            counts.collect()
        });
        let before = |at: usize| {
            let block = at / BLOCK;
            blocks.get(block).map_or_else(
                || blocks.last().map_or(0, |count| count + characters(&bytes[(blocks.len() - 1) * BLOCK..at])),
                |count| count + characters(&bytes[block * BLOCK..at]),
            )
        };
        before(offset) - before(line_start) + 1
    }

    /// The place of a byte range in this file.
    pub fn place(&self, range: Range<usize>) -> Place {
        Place { path: self.path.clone(), region: Some(self.region(range)) }
    }

    /// The place of a whole line (from 1), leading and trailing white space left out.
    pub fn place_of_line(&self, line: u32) -> Place {
        let range = self.line_range(line);
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        self.place(start..start + text.trim().len())
    }
}

/// How many bytes are searched for line ends at once.
const AT_ONCE: usize = 512;

/// Where lines start, as far as anybody asked: most of what is found stands in the first lines of a file.
struct Lines {
    /// The offset of each line's first byte; the first is 0.
    starts: Vec<u32>,
    /// How many bytes were read.
    read: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Self { starts: vec![0], read: 0 }
    }
}

impl Lines {
    fn read_block(&mut self, bytes: &[u8]) {
        let block = &bytes[self.read..bytes.len().min(self.read + AT_ONCE)];
        self.starts.extend(memchr::memchr_iter(b'\n', block).map(|at| (self.read + at) as u32 + 1));
        self.read += block.len();
    }

    /// The starts of all lines up to the one behind the line that holds `offset`.
    fn read_to(&mut self, bytes: &[u8], offset: usize) -> &[u32] {
        while self.read < bytes.len() && self.starts.last().is_none_or(|&last| last as usize <= offset) {
            self.read_block(bytes);
        }
        &self.starts
    }

    /// The starts of all lines up to the one behind `line` (from 1).
    fn read_behind(&mut self, bytes: &[u8], line: u32) -> &[u32] {
        while self.read < bytes.len() && self.starts.len() <= line as usize {
            self.read_block(bytes);
        }
        &self.starts
    }
}

/// Distance between the places in front of which characters are counted once.
const BLOCK: usize = 4096;

/// How many characters of UTF-8 start in the bytes.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(text: &str, f: impl FnOnce(&SourceFile<'_>) -> T) -> T {
        let path = RelPath::new("a.txt");
        let kind = FileKind::Text(Encoding::Utf8);
        f(&SourceFile::text_file(&path, "a.txt", &kind, text))
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        with("ab\r\nçd e\n", |f| {
            assert_eq!((f.line_at(0), f.line_at(3), f.line_at(4), f.line_at(9)), (1, 1, 2, 2));
            assert_eq!((f.line(1), f.line(2), f.line(3), f.line(9)), ("ab", "çd e", "", ""));
            let r = f.region(6..7);
            assert_eq!((r.start_line, r.start_column, r.end_line, r.end_column), (2, 2, 2, 3));
            assert_eq!(&*r.excerpt, "çd e");
        });
    }

    #[test]
    fn columns_of_endless_lines_are_exact_in_any_order() {
        let text = format!("x\n{}", "é-".repeat(5000));
        with(&text, |f| {
            for at in [9000, 0, 1, 4094, 10_000, 4095, 4096, 4097, 8190] {
                // Two characters in three bytes, behind the two bytes of the first line.
                let offset = 2 + at / 2 * 3 + at % 2 * 2;
                assert_eq!(f.region(offset..offset).start_column as usize, at + 1);
            }
        });
        let even = "-".repeat(2 * BLOCK);
        with(&even, |f| assert_eq!(f.region(2 * BLOCK..2 * BLOCK).start_column as usize, 2 * BLOCK + 1));
    }

    #[test]
    fn a_region_that_ends_with_a_line_end_stays_on_that_line() {
        with("one\ntwo\nthree\n", |f| {
            let r = f.region(0..8);
            assert_eq!((r.start_line, r.end_line, r.end_column), (1, 2, 4));
            assert_eq!(&*r.excerpt, "one\ntwo");
        });
    }

    #[test]
    fn any_range_is_safe() {
        with("é\n", |f| {
            for a in 0..6 {
                for b in 0..6 {
                    let r = f.region(a..b);
                    assert!(r.start_line >= 1 && r.end_column >= 1);
                }
            }
        });
        with("", |f| assert_eq!(f.region(0..0).end_column, 1));
    }

    #[test]
    fn long_lines_are_cut_in_excerpts() {
        let text = "é".repeat(4000);
        with(&text, |f| assert!(f.region(0..8000).excerpt.len() <= Region::EXCERPT_LINE));
    }
}
