//! Tells copyright statements from prose, code and templates that contain the same words.

use std::ops::Range;

use crate::collect::SourceFile;
use crate::collect::any_of::AnyOf;

use super::statement::{self, Marks};
use super::words::words;

/// How much of a line is looked at behind the mark, in bytes, and before it.
const AFTER: usize = 500;
const BEFORE: usize = 300;
/// How many lines a statement may go on after its first.
const MORE_LINES: u32 = 3;
/// The longest statement that is kept, in characters.
const MOST_CHARS: usize = 400;

/// A copyright statement, as far as its own words tell.
pub(super) struct Candidate {
    /// Where it stands, first mark to last word.
    pub(super) range: Range<usize>,
    /// Its holder; may be empty.
    pub(super) holder: String,
    marks: Marks,
}

impl Candidate {
    /// The statement whose mark is at `hit` on `line`; `None` when there is none.
    pub(super) fn at(file: &SourceFile<'_>, hit: usize, line: u32) -> Option<Self> {
        let text = file.text();
        let whole = file.line_range(line);
        let floor = boundary(text, whole.start.max(hit.saturating_sub(BEFORE)));
        let start = start_of(text, floor, hit)?;
        let before = &text[floor..start];
        let end = boundary(text, whole.end.min(hit + AFTER));
        let first = closed(&text[start..end]);
        let (marks, rest) = statement::marks(first);
        let is_tag = first.starts_with("SPDX-");
        if !(marks.word || marks.sign) || before.matches('`').count() % 2 == 1 {
            return None;
        }
        let is_lone = floor == whole.start && is_marks_only(before);
        let mut joined = first.to_owned();
        let mut range = start..start + first.len();
        let mut holder = statement::holder(first);
        if let Some(more) = continuation(file, line, first, &holder, marks.year || is_tag) {
            joined.push(' ');
            joined.push_str(&more.0);
            range.end = more.1;
            holder = statement::holder(&joined);
        }
        let rest = if rest.is_empty() { statement::marks(&joined).1 } else { rest };
        if words().is_template(&joined) {
            return None;
        }
        let is_statement = if is_tag {
            !rest.is_empty() && !before.contains(['"', '\''])
        } else {
            is_notice(marks, rest, &holder, is_lone)
        };
        if !is_statement || is_license_text_line(file, &holder, range.end) {
            return None;
        }
        range.end -= text[range.clone()].len() - trim_end(&text[range.clone()]).len();
        Some(Self { range, holder, marks })
    }

    /// Whether it is complete enough to count even in a string of a program: what `--version` prints is a statement,
    /// what a test or a template holds mostly is not complete.
    pub(super) fn stands_in_a_string(&self) -> bool {
        self.marks.year && self.marks.word && self.holder.contains(char::is_uppercase)
    }

    /// The statement as written, comment marks of further lines left out, white space folded.
    pub(super) fn statement(&self, text: &str) -> String {
        let mut out = String::new();
        for (number, line) in text[self.range.clone()].lines().enumerate() {
            let line = if number == 0 { line } else { content(line) };
            for word in line.split_whitespace() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(word);
            }
        }
        match out.char_indices().nth(MOST_CHARS) {
            Some((at, _)) => out[..at].to_owned(),
            None => out,
        }
    }
}

/// Where the statement around the keyword at `hit` starts; `None` when the keyword is part of another word.
fn start_of(text: &str, floor: usize, hit: usize) -> Option<usize> {
    let before = &text[floor..hit];
    let here = &text[hit..];
    for tag in ["SPDX-File", "SPDX-Snippet"] {
        if before.ends_with(tag) {
            return here.starts_with("CopyrightText:").then(|| hit - tag.len());
        }
    }
    let is_word = here.as_bytes()[0].is_ascii_alphabetic();
    let touches = if is_word {
        before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$'))
    } else {
        here.starts_with('(') && before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
    };
    if touches {
        return None;
    }
    // `(c) Copyright 2019 X` starts at its sign.
    let trimmed = before.trim_end();
    for sign in ["(c)", "(C)", "©", "&copy;"] {
        if is_word && trimmed.ends_with(sign) {
            return Some(floor + trimmed.len() - sign.len());
        }
    }
    Some(hit)
}

/// Whether marks and holder make a notice.
fn is_notice(marks: Marks, rest: &str, holder: &str, is_lone: bool) -> bool {
    let first = rest.split_whitespace().next().unwrap_or_default();
    let first_word = first.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'').to_lowercase();
    let has_letter = holder.contains(char::is_alphabetic);
    if holder.is_empty() {
        // A year without a name, as some projects write it.
        let closes = rest.is_empty() || rest.to_ascii_lowercase().starts_with("all rights reserved");
        return marks.word && marks.year && closes && is_lone;
    }
    // Behind a year, a capital letter starts a name: `2010 A. Person`, `2019 Works Ltd`.
    let is_prose = words().is_prose(&first_word) && !(marks.year && first.starts_with(char::is_uppercase));
    if !has_letter || is_prose {
        return false;
    }
    let starts_name =
        rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '<' | '[' | '(' | '"' | '*' | '@'));
    if !starts_name {
        return false;
    }
    let is_capital =
        holder.starts_with(|c: char| c.is_uppercase() || (c.is_alphabetic() && !c.is_ascii()) || c.is_ascii_digit());
    let words = holder.split_whitespace().count();
    let names_someone = is_capital || holder.split_whitespace().skip(1).any(|w| w.starts_with(char::is_uppercase));
    match (marks.word, marks.sign, marks.year) {
        (true, _, true) => is_capital || names_someone || words <= 5,
        (true, true, false) => names_someone || marks.by || words <= 3,
        (false, true, true) => is_capital || names_someone || (is_lone && words <= 4),
        (true, false, false) => {
            is_lone && marks.capital && words <= 12 && (is_capital || (first_word == "the" && names_someone))
        }
        (false, true, false) => is_lone && is_capital && words <= 8,
        _ => false,
    }
}

/// Whether it is the Free Software Foundation's line about the text of a GNU license, in a file that is not named
/// like one: the line speaks of the license text, not of the file.
fn is_license_text_line(file: &SourceFile<'_>, holder: &str, end: usize) -> bool {
    if !holder.starts_with("Free Software Foundation") {
        return false;
    }
    let next = &file.text()[end..boundary(file.text(), (end + 300).min(file.text().len()))];
    let is_text = next.contains("Everyone is permitted to copy and distribute verbatim");
    let is_named = ["licen", "copying", "gpl", "fdl"].iter().any(|part| file.name.contains(part));
    is_text && !is_named
}

/// What a statement goes on with in the next lines, and where that ends.
fn continuation(
    file: &SourceFile<'_>,
    line: u32,
    first: &str,
    holder: &str,
    has_year: bool,
) -> Option<(String, usize)> {
    let whole = file.line_range(line);
    // A statement that was closed before the end of its line does not go on.
    if !file.text()[..whole.end].ends_with(first) || !has_year {
        return None;
    }
    let mut joined = String::new();
    let mut end = None;
    let mut is_open = holder.is_empty() || goes_on(first);
    for next in line + 1..=line + MORE_LINES {
        let range = file.line_range(next);
        let text = &file.text()[range.start..boundary(file.text(), range.end.min(range.start + AFTER))];
        let piece = closed(content(text));
        let lower = piece.to_ascii_lowercase();
        let is_name = piece.starts_with(|c: char| c.is_uppercase() || !c.is_ascii() || c.is_ascii_digit())
            || lower.starts_with("the ")
            || lower.starts_with("by ");
        if !is_open || !is_name || words().is_other_line(&lower) {
            break;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(piece);
        let offset = piece.as_ptr() as usize - file.text().as_ptr() as usize;
        end = Some(offset + piece.len());
        is_open = goes_on(piece) || statement::holder(&joined).is_empty();
        if offset + piece.len() < range.end {
            break;
        }
    }
    end.map(|end| (joined, end))
}

/// Whether a line ends in the middle of a list of years or names.
fn goes_on(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with([',', '&'])
        || [" and", " by", " of", " the"].iter().any(|w| line.to_ascii_lowercase().ends_with(w))
}

/// A line without the comment marks at its start.
fn content(line: &str) -> &str {
    let text = line.trim_start_matches(|c: char| c.is_whitespace() || "/*#-;%!|.\\\"'>+=:~".contains(c));
    ["dnl ", "REM ", "rem ", "C ", "c "].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text).trim_start()
}

fn is_marks_only(before: &str) -> bool {
    let text = before.trim();
    let words = text.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    (words.is_empty() && !text.ends_with(['"', '\'', '(', '[', '{', '=']))
        || matches!(
            words.as_str(),
            "dnl" | "rem" | "c" | "portions" | "parts" | "modifications" | "author" | "br" | "p"
        )
        || text.ends_with("\"\"\"")
}

/// The text up to what closes the comment or string it stands in.
fn closed(text: &str) -> &str {
    static CLOSERS: AnyOf = AnyOf::new(&[
        "*/", "-->", "\"\"\"", "'''", "\\n", "\\r", "#}", "%>", "]]>", "\",", "\";", "\")", "';", "')", "</p", "</f",
        "</d", "<br",
    ]);
    let cut = CLOSERS.find(text).unwrap_or(text.len());
    trim_end(&text[..cut])
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_whitespace() || "*#|\"'`\\/=~_".contains(c))
}

fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
