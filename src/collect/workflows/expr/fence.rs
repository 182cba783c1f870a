//! Finds `${{ … }}` in texts.

use std::ops::Range;

/// One fenced expression of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Fence<'t> {
    /// The bytes, fence included.
    pub(in super::super) span: Range<usize>,
    /// What stands between the fences.
    pub(in super::super) bare: &'t str,
}

impl Fence<'_> {
    /// The offset in the text of what stands at `offset` of [`Fence::bare`].
    pub(in super::super) fn offset(&self, offset: usize) -> usize {
        self.span.start + 3 + offset
    }
}

/// The first fenced expression at or behind an offset. A `}}` in a text constant does not close it.
pub(in super::super) fn next_fence(text: &str, from: usize) -> Option<Fence<'_>> {
    let start = from + text.get(from..)?.find("${{")?;
    let bytes = text.as_bytes();
    let mut is_text = false;
    for at in start + 3..bytes.len() {
        match bytes[at] {
            b'\'' => is_text = !is_text,
            b'}' if !is_text && bytes[at - 1] == b'}' && at > start + 3 => {
                return Some(Fence { span: start..at + 1, bare: &text[start + 3..at - 1] });
            }
            _ => {}
        }
    }
    None
}

/// Every fenced expression of a text, in order.
pub(in super::super) fn fences(text: &str) -> Vec<Fence<'_>> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(fence) = next_fence(text, from) {
        from = fence.span.end;
        out.push(fence);
    }
    out
}

/// The first fenced expression.
pub(in super::super) fn first_fence(text: &str) -> Option<Fence<'_>> {
    next_fence(text, 0)
}

/// Whether a whole text is one fenced expression, by its ends.
pub(in super::super) fn is_fenced(text: &str) -> bool {
    text.len() >= 5 && text.starts_with("${{") && text.ends_with("}}")
}

/// A text without the fence around it, when there is one.
pub(in super::super) fn bare(text: &str) -> &str {
    if is_fenced(text) { &text[3..text.len() - 2] } else { text }
}
