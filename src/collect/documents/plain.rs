//! Plain text: underlined titles and bare addresses.

use super::lines::{Lines, underline};
use super::sink::Sink;

/// Reads the part of a document that starts at `base`.
pub(super) fn read(text: &str, base: usize, sink: &mut Sink<'_, '_>) {
    let mut previous: Option<(usize, &str)> = None;
    for (offset, line) in Lines::new(text) {
        let below = line.trim_end();
        if let Some((start, title)) = previous {
            let title = title.trim();
            if underline(title, below).is_some() && title.contains(char::is_alphanumeric) {
                let level = if below.starts_with('=') { 1 } else { 2 };
                sink.heading(level, title, base + start);
            }
        }
        sink.prose(line);
        previous = Some((offset, line));
    }
    sink.addresses(text, base);
}
