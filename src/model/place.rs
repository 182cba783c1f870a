//! Where in the checkout something was seen.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RelPath;

/// A file, and the part of it that is meant; without a region the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file.
    pub path: RelPath,
    /// The part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Place {
    /// The file as a whole.
    pub fn file(path: RelPath) -> Self {
        Self { path, region: None }
    }

    /// The first line of the region, or 1.
    pub fn start_line(&self) -> u32 {
        self.region.as_ref().map_or(1, |r| r.start_line)
    }
}

/// A run of characters in a text file, with an excerpt of it.
///
/// Lines and columns count from 1; columns count Unicode code points; the end column points behind the last
/// character, as in SARIF 2.1.0 §3.30. The excerpt is what lets reporters show the place without opening the file
/// a second time: the text of the first lines of the region, whole lines, at most [`Region::EXCERPT_LINES`] of them
/// and [`Region::EXCERPT_LINE`] bytes each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Region {
    /// First line.
    pub start_line: u32,
    /// Column of the first character.
    pub start_column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
    /// The first lines of the region.
    pub excerpt: Box<str>,
}

impl Region {
    /// How many lines an excerpt holds at most.
    pub const EXCERPT_LINES: usize = 3;
    /// How many bytes of one line an excerpt holds at most; a longer line is cut at a character boundary.
    pub const EXCERPT_LINE: usize = 400;

    /// The text of the region, as far as its first line goes.
    pub fn text(&self) -> String {
        let line = self.excerpt.lines().next().unwrap_or_default();
        let from = self.start_column.saturating_sub(1) as usize;
        let to =
            if self.end_line == self.start_line { self.end_column.saturating_sub(1) as usize } else { usize::MAX };
        line.chars().skip(from).take(to.saturating_sub(from)).collect()
    }

    /// The region that a byte range of `text` covers. Any range is safe: it is clamped to the text and to character
    /// boundaries. For many regions of one text, see [`Region::within`].
    pub fn of(text: &str, range: Range<usize>) -> Self {
        let count = |start: usize, offset: usize| text[start..offset.max(start)].chars().count() as u32 + 1;
        Self::within(text, &line_starts(text.as_bytes()), range, count)
    }

    /// As [`Region::of`], with the offsets that [`line_starts`] gave for the same text, and a function that tells the
    /// column (from 1) of an offset in the line that starts at another.
    pub fn within(text: &str, starts: &[u32], range: Range<usize>, column: impl Fn(usize, usize) -> u32) -> Self {
        let start = floor_boundary(text, range.start);
        let end = floor_boundary(text, range.end.max(start));
        let line_at = |offset: usize| starts.partition_point(|&s| s as usize <= offset) as u32;
        let start_line = line_at(start);
        // A range that ends with a line end belongs to that line, not to the next one.
        let last = if end > start && text.as_bytes()[end - 1] == b'\n' { end - 1 } else { end };
        let end_line = line_at(last.max(start));
        let column = |line: u32, offset: usize| column(line_range(text, starts, line).start, offset);
        let mut excerpt = String::new();
        for line in start_line..=end_line.min(start_line + Self::EXCERPT_LINES as u32 - 1) {
            if line > start_line {
                excerpt.push('\n');
            }
            let whole = &text[line_range(text, starts, line)];
            excerpt.push_str(&whole[..floor_boundary(whole, Self::EXCERPT_LINE)]);
        }
        Self {
            start_line,
            start_column: column(start_line, start),
            end_line,
            end_column: column(end_line, line_range(text, starts, end_line).end.min(last)),
            excerpt: excerpt.into(),
        }
    }
}

/// The byte offsets at which the lines of a text start; the first is 0.
pub fn line_starts(text: &[u8]) -> Vec<u32> {
    let mut starts = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', text).map(|at| at as u32 + 1));
    starts
}

/// The byte range of a line (from 1) without its line end; empty behind the last line.
pub fn line_range(text: &str, starts: &[u32], line: u32) -> Range<usize> {
    let Some(&start) = starts.get((line as usize).wrapping_sub(1)) else {
        return text.len()..text.len();
    };
    // A binary file has lines, and no text.
    let within = |at: u32| (at as usize).min(text.len());
    let start = within(start);
    let end = starts.get(line as usize).map_or(text.len(), |&next| within(next - 1));
    let end = if text.as_bytes()[start..end].ends_with(b"\r") { end - 1 } else { end };
    start..end
}

/// The greatest character boundary of `text` that is not behind `offset`.
fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
