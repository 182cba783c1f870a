//! Texts line by line, with the bytes of each line.

use std::ops::Range;

/// The lines of a text without their ends, and the bytes at which what is visible of each stands.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut next = 0;
    text.split('\n').map(move |line| {
        let start = next;
        next += line.len() + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let lead = line.len() - line.trim_start().len();
        (line, start + lead..start + lead + line.trim().len())
    })
}
