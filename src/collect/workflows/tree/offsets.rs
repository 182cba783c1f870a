//! Where in the source the text of a scalar stands.

use super::{Node, Value};

/// Translates offsets in the text of one scalar to offsets in the source.
pub(in super::super) struct Offsets {
    /// Offset in the text, and the offset in the source of the same character; in order.
    steps: Vec<(usize, usize)>,
}

impl Offsets {
    /// Lays the text of a scalar along its source, in one pass over both. White space is what folding and indentation
    /// change, so only other characters are matched; an escape of a double-quoted scalar stands for one character.
    pub(super) fn new(source: &str, node: &Node) -> Self {
        let mut steps = Vec::new();
        let Value::Scalar(scalar) = &node.value else { return Self { steps } };
        let end = node.span.end.min(source.len());
        let start = node.span.start.min(end);
        let raw = &source[start..end];
        let is_double = raw.starts_with('"');
        let is_block = raw.starts_with(['|', '>']);
        // The header of a block scalar is no part of its text.
        let mut at = if is_block { raw.find('\n').map_or(raw.len(), |end| end + 1) } else { 0 };
        if raw.starts_with(['"', '\'']) {
            at = 1;
        }
        let is_single = raw.starts_with('\'');
        let mut shift = None;
        for (offset, wanted) in scalar.text.char_indices() {
            if wanted.is_whitespace() {
                continue;
            }
            let mut rest = raw[at..].char_indices().peekable();
            let mut found = None;
            while let Some((step, c)) = rest.next() {
                if c.is_whitespace() {
                    continue;
                }
                if is_double && c == '\\' {
                    let Some((_, escaped)) = rest.next() else { break };
                    if "ntrNLP_ \n\r\t".contains(escaped) {
                        continue;
                    }
                    let digits = match escaped {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        _ => 0,
                    };
                    for _ in 0..digits {
                        rest.next();
                    }
                    found = Some((step, rest.peek().map_or(raw.len() - at, |next| next.0)));
                    break;
                }
                if is_single && c == '\'' {
                    rest.next();
                }
                found = Some((step, rest.peek().map_or(raw.len() - at, |next| next.0)));
                break;
            }
            let Some((step, next)) = found else { break };
            let here = start + at + step;
            if shift != here.checked_sub(offset) {
                shift = here.checked_sub(offset);
                steps.push((offset, here));
            }
            at += next;
        }
        Self { steps }
    }

    /// The offset in the source of the character at `offset` of the text.
    pub(in super::super) fn at(&self, offset: usize) -> usize {
        let next = self.steps.partition_point(|step| step.0 <= offset);
        match next.checked_sub(1).map(|i| self.steps[i]) {
            Some((text, source)) => source + (offset - text),
            None => self.steps.first().map_or(0, |step| step.1),
        }
    }

    /// The bytes of the source that a range of the text covers.
    pub(in super::super) fn range(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = self.at(range.start);
        let end = self.at(range.end.saturating_sub(1).max(range.start)) + 1;
        start..end.max(start)
    }
}
