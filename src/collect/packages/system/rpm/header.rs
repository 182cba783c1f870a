//! The header of a package (rpm's documentation, "RPM Header format"): numbers of tags, each with a type and an offset into
//! the data behind them.

/// The tags that are read.
pub(super) const NAME: u32 = 1000;
pub(super) const VERSION: u32 = 1001;
pub(super) const RELEASE: u32 = 1002;
pub(super) const EPOCH: u32 = 1003;
pub(super) const VENDOR: u32 = 1011;
pub(super) const LICENSE: u32 = 1014;
pub(super) const ARCH: u32 = 1022;
pub(super) const PROVIDES: u32 = 1047;
pub(super) const REQUIRES: u32 = 1049;

/// Types of values: a number of four bytes, a text, several texts, a text in several languages.
const INT32: u32 = 4;
const STRING: u32 = 6;
const STRINGS: u32 = 8;
const I18N: u32 = 9;

/// The bytes of one entry of the index.
const ENTRY: usize = 16;

/// A header.
pub(super) struct Header<'b> {
    index: &'b [u8],
    data: &'b [u8],
}

impl<'b> Header<'b> {
    /// Takes a header apart; `None` when its parts do not fit into it.
    pub(super) fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (entries, length) = (big(bytes, 0)? as usize, big(bytes, 4)? as usize);
        let end = entries.checked_mul(ENTRY)?.checked_add(8)?;
        Some(Self { index: bytes.get(8..end)?, data: bytes.get(end..end.checked_add(length)?)? })
    }

    /// Type, data and number of the values of a tag.
    fn find(&self, tag: u32) -> Option<(u32, &'b [u8], usize)> {
        let entry = self.index.chunks_exact(ENTRY).find(|entry| big(entry, 0) == Some(tag))?;
        let data = self.data.get(big(entry, 8)? as usize..)?;
        Some((big(entry, 4)?, data, big(entry, 12)? as usize))
    }

    /// The text of a tag, the first where there are several.
    pub(super) fn text(&self, tag: u32) -> Option<&'b str> {
        let (kind, data, _) = self.find(tag)?;
        let end = memchr::memchr(0, data)?;
        let text = std::str::from_utf8(&data[..end]).ok()?;
        (matches!(kind, STRING | STRINGS | I18N) && !text.is_empty()).then_some(text)
    }

    /// The texts of a tag.
    pub(super) fn texts(&self, tag: u32) -> Vec<&'b str> {
        match self.find(tag) {
            Some((STRINGS, data, count)) => {
                data.split(|byte| *byte == 0).take(count).filter_map(|text| std::str::from_utf8(text).ok()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The number of a tag.
    pub(super) fn number(&self, tag: u32) -> Option<u32> {
        let (kind, data, _) = self.find(tag)?;
        (kind == INT32).then(|| big(data, 0)).flatten()
    }
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}
