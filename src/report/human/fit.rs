//! Fits text into the columns of a terminal.

use std::borrow::Cow;
use std::ops::Range;

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter};

use super::super::escape;

/// The columns that `c` takes.
fn char_width(c: char) -> usize {
    display_width(c.encode_utf8(&mut [0; 4]))
}

/// Columns between two tab stops.
const TAB: usize = 4;

/// `text`, cut at the end when it takes more than `width` columns.
pub(super) fn clip<'a>(text: &'a str, width: usize, ellipsis: &str) -> Cow<'a, str> {
    if display_width(text) <= width {
        return Cow::Borrowed(text);
    }
    let room = width.saturating_sub(display_width(ellipsis));
    let mut used = 0;
    let kept = text.char_indices().find(|(_, c)| {
        used += char_width(*c);
        used > room
    });
    Cow::Owned(format!("{}{ellipsis}", &text[..kept.map_or(text.len(), |(at, _)| at)]))
}

/// `text` on as many lines as it takes, behind `lead` and below its end.
pub(super) fn wrap(lead: &str, text: &str, width: usize) -> String {
    let below = " ".repeat(display_width(lead));
    let options = Options::new(width).initial_indent(lead).subsequent_indent(&below);
    textwrap::fill(text, options.word_separator(SEPARATOR).word_splitter(SPLITTER))
}

/// Lines end at spaces only: addresses, ids and paths are there to be copied. A word wider than the terminal is cut.
pub(super) const SEPARATOR: WordSeparator = WordSeparator::AsciiSpace;
/// See [`SEPARATOR`].
pub(super) const SPLITTER: WordSplitter = WordSplitter::NoHyphenation;

/// `path`, cut in its middle when it takes more than `width` columns: its start tells the component, its end the
/// file.
pub(super) fn clip_path<'a>(path: &'a str, width: usize, ellipsis: &str) -> Cow<'a, str> {
    if display_width(path) <= width {
        return Cow::Borrowed(path);
    }
    let room = width.saturating_sub(display_width(ellipsis));
    let (mut head, mut used) = (0, 0);
    for (at, c) in path.char_indices() {
        used += char_width(c);
        if used > room / 3 {
            break;
        }
        head = at + c.len_utf8();
    }
    let (mut tail, mut used) = (path.len(), 0);
    for (at, c) in path[head..].char_indices().rev() {
        used += char_width(c);
        if used > room - room / 3 {
            break;
        }
        tail = head + at;
    }
    Cow::Owned(format!("{}{ellipsis}{}", &path[..head], &path[tail..]))
}

/// One line of source as it is shown, and the byte range of the marked part in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FittedLine {
    pub(super) text: String,
    pub(super) marked: Range<usize>,
}

/// Makes a line of source safe to show, and cuts it to `width` columns around `marked` (characters from 0, which may
/// lie behind the end of the line when the excerpt was cut).
pub(super) fn fit_line(line: &str, marked: Range<usize>, width: usize, ellipsis: &str) -> FittedLine {
    let cells = cells(line);
    let width_of = |range: Range<usize>| cells[range].iter().map(|cell| cell.width).sum::<usize>();
    let cut = marked.end > cells.len();
    let start = marked.start.min(cells.len());
    let end = marked.end.clamp(start, cells.len());
    let all = width_of(0..cells.len());
    let whole = all <= width && !cut;
    let room = width.saturating_sub(display_width(ellipsis));
    // Begin at the start of the line when enough of the marked part can then be seen.
    let from = if whole || width_of(0..start) + width_of(start..end).min(width / 2) <= room {
        0
    } else {
        let mut from = start;
        let mut before = 0;
        while from > 0 && before + cells[from - 1].width <= width / 3 {
            from -= 1;
            before += cells[from].width;
        }
        from
    };
    let mut text = String::with_capacity(line.len());
    let mut columns = 0;
    if from > 0 {
        text.push_str(ellipsis);
        columns += display_width(ellipsis);
    }
    let room = if whole || (!cut && columns + width_of(from..cells.len()) <= width) { width } else { room };
    let mut shown = from;
    let mut range = text.len()..text.len();
    for (i, cell) in cells.iter().enumerate().skip(from) {
        if columns + cell.width > room {
            break;
        }
        if i == start {
            range.start = text.len();
        }
        text.push_str(&cell.text);
        columns += cell.width;
        shown = i + 1;
        if i < end {
            range.end = text.len();
        }
    }
    if start >= shown {
        // What is marked was cut off: mark the ellipsis that stands for it.
        range = text.len()..text.len();
    }
    if shown < cells.len() || cut {
        text.push_str(ellipsis);
        if start >= shown {
            range.end = text.len();
        }
    }
    range.end = range.end.max(range.start);
    FittedLine { text, marked: range }
}

/// A character as it is shown.
struct Cell<'a> {
    text: Cow<'a, str>,
    width: usize,
}

fn cells(line: &str) -> Vec<Cell<'_>> {
    let mut column = 0;
    line.char_indices()
        .map(|(at, c)| {
            let text: Cow<'_, str> = match c {
                '\t' => Cow::Borrowed(&"    "[column % TAB..]),
                c if escape::is_hidden(c) => {
                    let mut text = String::new();
                    escape::push_visible(&mut text, c);
                    Cow::Owned(text)
                }
                c => Cow::Borrowed(&line[at..at + c.len_utf8()]),
            };
            let width = display_width(&text);
            column += width;
            Cell { text, width }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(line: &str, marked: Range<usize>, width: usize) -> (String, String) {
        let fitted = fit_line(line, marked, width, "…");
        let part = fitted.text[fitted.marked].to_owned();
        assert!(display_width(&fitted.text) <= width, "{:?} is wider than {width}", fitted.text);
        (fitted.text, part)
    }

    #[test]
    fn a_short_line_stays_whole() {
        assert_eq!(fitted("let x = 1;", 4..5, 20), ("let x = 1;".into(), "x".into()));
        assert_eq!(fitted("", 0..0, 20), (String::new(), String::new()));
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_marked() {
        let line = format!("{}MARK{}", "a".repeat(100), "b".repeat(100));
        assert_eq!(fitted(&line, 100..104, 30), ("…aaaaaaaaaaMARKbbbbbbbbbbbbbb…".into(), "MARK".into()));
        assert_eq!(fitted(&line, 0..3, 10), ("aaaaaaaaa…".into(), "aaa".into()));
        assert_eq!(fitted(&line, 198..204, 30).1, "bbbbbb");
    }

    #[test]
    fn what_lies_behind_a_cut_excerpt_is_marked_at_the_ellipsis() {
        assert_eq!(fitted("abc", 900..910, 30), ("abc…".into(), "…".into()));
        assert_eq!(fitted("abc", 1..910, 30), ("abc…".into(), "bc".into()));
    }

    #[test]
    fn wide_tab_and_hidden_characters_keep_their_columns() {
        assert_eq!(fitted("详细信息", 1..2, 8), ("详细信息".into(), "细".into()));
        assert_eq!(fitted("详细信息请看文档", 0..8, 9).0, "详细信息…");
        assert_eq!(fitted("a\tb\u{1b}[0m", 2..4, 40), ("a   b\\u{1b}[0m".into(), "b\\u{1b}".into()));
    }

    #[test]
    fn addresses_and_ids_stay_whole() {
        let text = "see https://spdx.org/licenses and SPDX-License-Identifier";
        assert_eq!(wrap("  ", text, 30), "  see\n  https://spdx.org/licenses\n  and SPDX-License-Identifier");
        assert_eq!(wrap("", "详细信息请看", 8), "详细信息\n请看");
    }

    #[test]
    fn paths_lose_their_middle() {
        assert_eq!(clip_path("a/b.c", 10, "…"), "a/b.c");
        assert_eq!(clip_path("third_party/component/src/table.h", 20, "…"), "third_…t/src/table.h");
        assert_eq!(display_width(&clip_path("文档文档文档/说明.md", 12, "…")), 11);
        assert_eq!(clip("message", 5, "…"), "mess…");
        assert_eq!(clip("message", 7, "…"), "message");
        assert_eq!(clip("信息信息", 5, "..."), "信...");
    }
}
