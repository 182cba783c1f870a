//! Where in the checkout something was seen.

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
}
