//! Lines with their offsets, and underlined titles.

/// The lines of a text without their ends, each with its offset.
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = (self.at, rest[..end].trim_end_matches('\r'));
        self.at += end + 1;
        Some(line)
    }
}

/// The adornment under a title: one punctuation character, repeated at least three times and about as long as the
/// title.
pub(super) fn underline(title: &str, below: &str) -> Option<u8> {
    let first = *below.as_bytes().first()?;
    let is_line = first.is_ascii_punctuation() && below.len() >= 3 && below.bytes().all(|b| b == first);
    let width = title.chars().count();
    (is_line && !title.is_empty() && below.len() + 3 >= width.min(60)).then_some(first)
}
