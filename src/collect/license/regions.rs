//! Chooses what of a file is read for license statements: lines around anchor words.
//!
//! Where a comment holds the anchor, the region is that comment, so that a header that many files share is the same
//! stretch in all of them.

use std::ops::Range;

use memchr::{memchr, memrchr};

use crate::collect::any_of::AnyOf;

/// Lines before an anchor that belong to its region.
const ABOVE: usize = 30;
/// Lines behind an anchor that belong to its region.
const BELOW: usize = 40;
/// The same where no comment marks show what belongs together.
const PLAIN: (usize, usize) = (10, 25);
/// Bytes before and behind an anchor that belong to its region at most.
const BYTES: (usize, usize) = (3_000, 6_000);
/// So many bytes of prose between two regions without comment marks belong to both: a long text has parts without any
/// anchor.
const BETWEEN: usize = 4_000;
/// Prose has one mark of code in so many bytes at most.
const CODE: usize = 200;
/// An anchor with so many bytes of its region behind it does not make the region longer.
const ENOUGH: usize = 1_500;

/// The regions around `anchors` (ascending offsets), ascending and without overlap, at most `most` bytes together; and
/// whether some were left out. Linear in the length of the regions.
///
/// In `prose`, marks at the start of a line are headings and items of lists, not comments.
pub(super) fn regions(text: &str, anchors: &[usize], most: usize, prose: bool) -> (Vec<Range<usize>>, bool) {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut total = 0;
    for &anchor in anchors {
        let floor = out.last().map_or(0, |last| last.end);
        if anchor + ENOUGH < floor {
            continue;
        }
        let line = line_of(text, anchor);
        let kind = match Kind::of(&text[line.clone()]) {
            Kind::Marked(_) if prose => Kind::Plain,
            kind => kind,
        };
        let end = below(text, anchor, &line, kind);
        if anchor < floor {
            if let Some(last) = out.last_mut()
                && end > last.end
            {
                total += end - last.end;
                last.end = end;
            }
        } else {
            let mut start = above(text, anchor, &line, kind, floor);
            let between = floor..start;
            let plain = matches!(kind, Kind::Plain | Kind::Marked(b'"' | b'\''));
            if plain && floor > 0 && between.len() < BETWEEN && is_prose(&text[between]) {
                start = floor;
            }
            total += end - start;
            match out.last_mut() {
                Some(last) if start <= last.end => last.end = end,
                _ => out.push(start..end),
            }
        }
        if total > most {
            return (out, true);
        }
    }
    (out, false)
}

/// Whether a text is no code, by its marks.
fn is_prose(text: &str) -> bool {
    let marks = text.bytes().filter(|b| matches!(b, b'{' | b'}' | b'=' | b'_' | b'$' | b'<' | b'\\')).count();
    marks * CODE <= text.len()
}

/// Bytes before and behind an anchor that belong to its region in plain text.
const WIDE: usize = 8 << 10;

/// The regions around `anchors` (ascending offsets) of a plain text, which may be the text of a license: whole lines,
/// with room for its parts that have no anchor.
pub(super) fn wide(text: &str, anchors: &[usize]) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out: Vec<Range<usize>> = Vec::new();
    for &anchor in anchors {
        let start = memrchr(b'\n', &bytes[..anchor.saturating_sub(WIDE)]).map_or(0, |n| n + 1);
        let far = bytes.len().min(anchor + WIDE);
        let end = memchr(b'\n', &bytes[far..]).map_or(bytes.len(), |n| far + n);
        match out.last_mut() {
            Some(last) if start <= last.end => last.end = end.max(last.end),
            _ => out.push(start..end),
        }
    }
    out
}

/// What a line starts with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing but white space.
    Blank,
    /// A letter or digit.
    Plain,
    /// This mark; the marks of C comments count as one.
    Marked(u8),
}

impl Kind {
    fn of(line: &str) -> Self {
        match line.trim_start().bytes().next() {
            None => Self::Blank,
            Some(b'/' | b'*') => Self::Marked(b'*'),
            Some(byte @ (b'#' | b';' | b'%' | b'-' | b'!' | b'\'' | b'"' | b'>' | b'@' | b'|')) => Self::Marked(byte),
            Some(_) => Self::Plain,
        }
    }
}

/// The line that holds `at`, without its end, as far as it lies within reach.
fn line_of(text: &str, at: usize) -> Range<usize> {
    let low = text.floor_char_boundary(at.saturating_sub(BYTES.0));
    let high = text.floor_char_boundary((at + BYTES.1).min(text.len()));
    let bytes = text.as_bytes();
    let start = memrchr(b'\n', &bytes[low..at]).map_or(low, |n| low + n + 1);
    let end = memchr(b'\n', &bytes[at..high]).map_or(high, |n| at + n);
    start..end
}

/// Marks that open and close comments of several lines.
static OPENERS: AnyOf =
    AnyOf::new(&["/*", "<!--", "(*", "{-", "\"\"\"", "'''", "=begin", "=head", "--[[", "#|", "<#"]);
static CLOSERS: AnyOf = AnyOf::new(&["*/", "-->", "*)", "-}", "\"\"\"", "'''", "=end", "=cut", "]]", "|#", "#>"]);

fn holds(line: &str, marks: &AnyOf) -> bool {
    marks.is_in(line) && !is_whole_comment(line)
}

/// Whether a comment opens at the start of the line and closes at its end: one of the lines of a box.
fn is_whole_comment(line: &str) -> bool {
    let line = line.trim();
    [("/*", "*/"), ("(*", "*)"), ("{-", "-}"), ("<!--", "-->")]
        .iter()
        .any(|(open, close)| line.strip_prefix(open).is_some_and(|rest| rest.ends_with(close)))
}

/// Whether a line closes the comment that its region is of. A comment whose every line has a mark ends with its lines.
fn closes(line: &str, kind: Kind) -> bool {
    !matches!(kind, Kind::Marked(b'#' | b'%' | b';')) && holds(line, &CLOSERS)
}

/// Where the region of an anchor starts, not before `floor`.
fn above(text: &str, anchor: usize, line: &Range<usize>, kind: Kind, floor: usize) -> usize {
    let limit = text.floor_char_boundary(anchor.saturating_sub(BYTES.0)).max(floor);
    let most = if kind == Kind::Plain { PLAIN.0 } else { ABOVE };
    let mut start = line.start.max(limit);
    let mut blank = false;
    let mut open = !is_whole_comment(&text[line.clone()]) && holds(&text[start.min(anchor)..anchor], &OPENERS);
    for _ in 0..most {
        if open || start <= limit {
            break;
        }
        let end = start - 1;
        let from = memrchr(b'\n', &text.as_bytes()[limit..end]).map_or(limit, |n| limit + n + 1);
        let before = &text[from..end];
        let this = Kind::of(before);
        let other = this != kind && this != Kind::Blank;
        // The first line of a comment whose other lines have no marks.
        open = holds(before, &OPENERS);
        if closes(before, kind) && !open || (this == Kind::Blank && blank) || (other && kind != Kind::Plain && !open)
        {
            break;
        }
        blank = this == Kind::Blank;
        start = from;
    }
    text.floor_char_boundary(start)
}

/// Where the region of an anchor ends.
fn below(text: &str, anchor: usize, line: &Range<usize>, kind: Kind) -> usize {
    let limit = text.floor_char_boundary((anchor + BYTES.1).min(text.len()));
    let most = if kind == Kind::Plain { PLAIN.1 } else { BELOW };
    let mut end = line.end;
    if !is_whole_comment(&text[line.clone()]) && closes(&text[anchor..end], kind) {
        return end;
    }
    let mut blanks = 0;
    for _ in 0..most {
        if end >= limit {
            break;
        }
        let from = end + 1;
        let to = memchr(b'\n', &text.as_bytes()[from..limit.max(from)]).map_or(limit.max(from), |n| from + n);
        let next = &text[from..to];
        let this = Kind::of(next);
        let closes = closes(next, kind);
        blanks = if this == Kind::Blank { blanks + 1 } else { 0 };
        let other = this != kind && this != Kind::Blank && kind != Kind::Plain;
        if blanks > 2 || other && !closes {
            break;
        }
        end = to;
        if closes {
            break;
        }
    }
    end.min(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prose_between_two_regions_belongs_to_both_and_code_does_not() {
        let lines = |line: &str| format!("The license\n{}The license\n", line.repeat(60));
        let prose = lines("and what belongs to it, in words\n");
        let count = |text: &str| regions(text, &[4, text.len() - 8], usize::MAX, false).0.len();
        assert_eq!(count(&prose), 1);
        assert_eq!(count(&lines("let x_y = { f(z_z) };\n")), 2);
    }

    proptest! {
        /// Any text is safe, and the regions are ascending pieces of it that hold the anchors.
        #[test]
        fn any_text_is_safe(parts in proptest::collection::vec(
            prop_oneof!["\\PC{0,20}", Just("license".to_owned()), Just("\n".to_owned()), Just(" * ".to_owned()), Just("*/".to_owned()),
                Just("/*".to_owned()), Just("é".repeat(1501)), Just("\n\n".to_owned()), Just("# ä\n".repeat(800))],
            0..40,
        )) {
            let text = parts.concat();
            let anchors: Vec<usize> = text.match_indices("license").map(|m| m.0).collect();
            let (found, _) = regions(&text, &anchors, 1 << 20, false);
            let mut end = 0;
            for region in &found {
                prop_assert!(region.start >= end && region.start < region.end);
                prop_assert!(text.get(region.clone()).is_some());
                end = region.end;
            }
            for anchor in anchors {
                prop_assert!(found.iter().any(|r| r.start <= anchor && anchor < r.end));
            }
        }
    }

    #[test]
    fn plain_text_is_read_far_around_an_anchor() {
        let rest = "words of a text\n".repeat(2 * WIDE / 16);
        let text = format!("{rest}license\n{rest}");
        let anchor = rest.len();
        let found = wide(&text, &[anchor]);
        let one = |found: Vec<Range<usize>>| found.first().cloned().filter(|_| found.len() == 1);
        assert_eq!(one(found), Some(anchor - WIDE..anchor + WIDE + 7));
        assert_eq!(one(wide(&text, &[anchor, anchor + WIDE])), Some(anchor - WIDE..text.len() - 1));
        assert_eq!(one(wide("license", &[0])), Some(0..7));
    }

    fn of<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
        let anchors: Vec<usize> = text.match_indices(word).map(|m| m.0).collect();
        regions(text, &anchors, 1 << 20, false).0.into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn a_comment_is_a_region_whatever_stands_around_it() {
        assert_eq!(
            of("int a;\n/*\n * under a license\n * of old\n */\nint b;\n", "license"),
            ["/*\n * under a license\n * of old\n */"]
        );
        assert_eq!(of("a();\n# x\n#\n# license y\nb();\n", "license"), ["# x\n#\n# license y"]);
        let boxed = "/* Licensed under   */\n/* one of two       */\n\n/* licenses. */";
        assert_eq!(of(&format!("int a;\n{boxed}\nint b;\n"), "icense"), [boxed]);
        assert_eq!(
            of("# license: \"\"\"\n# mit\"\"\"\n# x\nb();\n", "license"),
            ["# license: \"\"\"\n# mit\"\"\"\n# x"]
        );
        assert_eq!(
            of("<html>\n<!--\nsome license\nof ours\n-->\n<p>\n", "license"),
            ["<!--\nsome license\nof ours\n-->"]
        );
    }

    #[test]
    fn a_heading_of_a_document_opens_no_comment() {
        let text = "# Tool\n\n## License\n\nISC\n";
        assert_eq!(regions(text, &[text.find("icense").unwrap()], 1 << 20, true).0, vec![0..text.len()]);
    }

    #[test]
    fn near_regions_are_one_and_the_total_is_bounded() {
        let text = "license\n".repeat(1000);
        let anchors: Vec<usize> = (0..1000).map(|n| n * 8).collect();
        let (all, cut) = regions(&text, &anchors, 1 << 20, false);
        assert!(!cut && all.len() == 1 && all[0] == (0..8000));
        let (some, cut) = regions(&text, &anchors, 3000, false);
        assert!(cut && some.len() == 1 && some[0].end < 3500);
        let line = "license é".repeat(20_000);
        let anchors: Vec<usize> = line.match_indices("license").map(|m| m.0).collect();
        assert!(regions(&line, &anchors, 10_000, false).1);
    }
}
