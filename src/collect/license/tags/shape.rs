//! Which shapes of a line are a statement, and which are only talk about tags.

use crate::collect::SourceFile;
use crate::collect::expression::{self, Judged};

/// What stands between the start of the line and a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// Nothing.
    Bare,
    /// Comment marks only.
    Marks,
    /// Code or words, then the start of a comment.
    Comment,
    /// Words of a copyright or license statement.
    Words,
    /// A string, a code span, prose: the tag is only talked about.
    Talk,
}

/// Marks that start a comment behind code.
const OPENERS: &[&str] = &[
    "//", "/*", "/**", "/*!", "//!", "#", "--", ";", "%", "<!--", "(*", "{-", "{#", "{*", "<%--", "<%#", "{{!",
    "{{!--", "!", "#|", "--[[", "#[", "@*", "<#", "#=", "%{", "\\",
];

/// Words that are comment marks themselves.
const WORD_MARKS: &[&str] = &["rem", "dnl", "comment", "nb", "begin comment", "for comment", "c"];

/// Judges the text before a tag.
pub(super) fn lead(before: &str, extension: &str, name: &str) -> Lead {
    let text = before.trim();
    if text.is_empty() {
        return Lead::Bare;
    }
    if text.contains('`') {
        return Lead::Talk;
    }
    let extension = extension.to_ascii_lowercase();
    if is_documentation_quote(text)
        || is_comment_quote(text, before, &extension, name)
        || is_json_comment(text, &extension)
    {
        return Lead::Marks;
    }
    if is_in_string(text) {
        return Lead::Talk;
    }
    if is_marks(text) {
        return if text.ends_with(['=', ',', '+', '$', '?']) && !text.ends_with("#=") {
            Lead::Talk
        } else {
            Lead::Marks
        };
    }
    let words = text.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    if WORD_MARKS.contains(&words.as_str()) && text.len() <= words.len() + 4 {
        return Lead::Marks;
    }
    if let Some(code) = OPENERS.iter().filter_map(|o| text.strip_suffix(o)).min_by_key(|code| code.len()) {
        // `a:SPDX` and `x--SPDX` are not comments: a word may not touch the mark.
        if !code.ends_with(|c: char| c.is_alphanumeric() || c == '\\') {
            return Lead::Comment;
        }
    }
    let says = ["copyright", "(c)", "©", "license", "licence", "rights reserved"];
    if says.iter().any(|w| words.contains(w)) && !text.ends_with(['=', '(', '[', '{', '<']) {
        return Lead::Words;
    }
    Lead::Talk
}

/// `"""`, `'''`, also with a string prefix: the tag starts a documentation string.
fn is_documentation_quote(text: &str) -> bool {
    let quotes = text.trim_start_matches(['r', 'u', 'R', 'U', '#', '/', '*', ' ']);
    quotes == "\"\"\"" || quotes == "'''"
}

/// Quotes that are comment marks: Vim script, Visual Basic, troff; and the cells of notebooks, whose lines are JSON
/// strings.
fn is_comment_quote(text: &str, before: &str, extension: &str, name: &str) -> bool {
    match extension {
        "vim" | "vmb" => text == "\"",
        "vb" | "vbs" | "bas" | "cls" | "frm" | "brs" => text == "'",
        "ipynb" => text.strip_prefix('"').is_some_and(|rest| rest.is_empty() || is_marks(rest)),
        _ if name.ends_with("vimrc") => text == "\"",
        _ => matches!(text, ".\\\"" | "'\\\"" | ".\\\\\"" | "\\\"") && !before.starts_with([' ', '\t']),
    }
}

/// A string of JSON under a key that people use for comments.
fn is_json_comment(text: &str, extension: &str) -> bool {
    if !matches!(extension, "json" | "json5" | "jsonc" | "webmanifest") {
        return false;
    }
    let Some(rest) = text.trim_start_matches(['{', ' ']).strip_prefix('"') else { return false };
    let Some((key, value)) = rest.split_once('"') else { return false };
    let is_comment = ["//", "#", "$comment", "_comment", "__comment", "comment", "_license"].contains(&key);
    let value = value.trim_start().strip_prefix(':').map(|v| v.trim_start().trim_start_matches(['[', ' ']));
    is_comment && value.is_some_and(|v| v.strip_prefix('"').is_some_and(|v| v.is_empty() || is_marks(v)))
}

/// Whether the text ends inside a string of the usual languages. An apostrophe between letters is none.
fn is_in_string(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut open: Option<u8> = None;
    for (i, &byte) in bytes.iter().enumerate() {
        if i > 0 && bytes[i - 1] == b'\\' {
            continue;
        }
        match open {
            None if byte == b'"' => open = Some(byte),
            None if byte == b'\'' && !(i > 0 && bytes[i - 1].is_ascii_alphanumeric()) => open = Some(byte),
            Some(quote) if byte == quote => open = None,
            _ => {}
        }
    }
    open.is_some()
}

fn is_marks(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '"' | '\'' | '`'))
}

/// YAML has no bare text: an indented tag without `#` belongs to a multi-line string.
pub(super) fn is_block_scalar(extension: &str, before: &str) -> bool {
    matches!(extension, "yml" | "yaml") && !before.is_empty()
}

/// Whether the line stands in a code block of a documentation comment: an odd number of fences above it in the same
/// comment. At most 60 lines are looked at.
pub(super) fn fenced(file: &SourceFile<'_>, line: u32) -> bool {
    let content = |n: u32| file.line(n).trim_start_matches(|c: char| c.is_whitespace() || "/*!#-;%".contains(c));
    let is_comment = |n: u32| file.line(n).trim_start().starts_with(['/', '*', '#', '-', ';', '%']);
    let mut fences = 0;
    for above in (line.saturating_sub(60).max(1)..line).rev() {
        if !is_comment(above) {
            break;
        }
        let text = content(above);
        fences += u32::from(text.starts_with("```") || text.starts_with("~~~"));
    }
    fences % 2 == 1
}

/// The value of a tag.
pub(super) struct Value {
    /// Cleaned of what closes the comment.
    pub(super) text: String,
    /// The byte offset of its end in the file.
    pub(super) end: usize,
    /// What is wrong before it.
    pub(super) wrong: Option<&'static str>,
}

/// What ends a value: marks that close comments and strings, and the next tag.
const CLOSERS: &[&str] = &[
    "*/", "-->", "--%>", "\"\"\"", "'''", "]]", "#}", "?>", "%>", "*)", "-}", "|#", "=#", "#>", "*}", "}}", "*@",
    "SPDX-", " //", " #", "\t#", "\t//",
];

/// The value behind a tag that ends at `behind`; `None` when there is none, or when it shows that the tag is built,
/// matched or quoted here.
pub(super) fn value(file: &SourceFile<'_>, line: u32, behind: usize, lead: Lead) -> Option<Value> {
    let text = file.text();
    let end = file.line_range(line).end.min(behind + expression::MOST_BYTES + 1);
    let end = (behind..=end).rev().find(|&at| text.is_char_boundary(at))?;
    let rest = &text[behind..end];
    let (rest, wrong) = match rest.strip_prefix(':') {
        Some(rest) => (rest, None),
        None => match rest.trim_start().strip_prefix(':') {
            Some(rest) => (rest, Some("no space may stand before the colon")),
            None if rest.starts_with([' ', '\t']) => {
                (rest, Some("the colon behind `SPDX-License-Identifier` is missing"))
            }
            None => return None,
        },
    };
    let is_notebook = file.path.extension() == "ipynb";
    let rest = if is_notebook { rest.split("\\n").next().unwrap_or(rest) } else { rest };
    let start = text[behind..].len() - rest.len();
    debug_assert!(start <= text.len());
    let mut value = clean(rest);
    let mut value_end = offset_of(text, value) + value.len();
    let mut joined = None;
    // SPDX 2.3 Annex E: an expression in parentheses may go on in the next lines.
    if value.matches('(').count() > value.matches(')').count()
        && rest.trim_end() == rest.trim_end().trim_end_matches("*/")
    {
        let mut all = value.to_owned();
        for next in line + 1..line + 4 {
            let piece = file.line(next);
            let piece = clean(piece.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != ')'));
            if piece.is_empty() || all.len() > expression::MOST_BYTES {
                break;
            }
            all.push(' ');
            all.push_str(piece);
            value_end = offset_of(text, piece) + piece.len();
            if all.matches('(').count() <= all.matches(')').count() {
                break;
            }
        }
        if expression::is_valid(&all) {
            joined = Some(all);
        } else {
            value_end = offset_of(text, value) + value.len();
        }
    }
    if value.matches(')').count() > value.matches('(').count() {
        value = value.trim_end_matches(')').trim_end();
    }
    let is_talk = value.is_empty()
        || value.contains(|c| "{}$<>[]%\"'`\\=^*?@|…".contains(c))
        || value.contains("...")
        || (wrong.is_some() && lead != Lead::Marks)
        || PLACEHOLDERS.contains(&value.to_ascii_lowercase().as_str());
    (!is_talk).then(|| Value { text: joined.unwrap_or_else(|| value.to_owned()), end: value_end, wrong })
}

/// Values that stand for another value.
const PLACEHOLDERS: &[&str] = &[
    "license",
    "licence",
    "license-id",
    "license_id",
    "license-identifier",
    "license-expression",
    "expression",
    "id",
    "identifier",
    "spdx",
    "xxx",
    "todo",
    "tbd",
    "fixme",
    "unknown",
    "none",
    "noassertion",
    "foo",
    "bar",
    "license name",
];

/// The byte offset of `part`, a slice of `whole`.
fn offset_of(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

/// Cuts a value at what closes the comment or string around it.
fn clean(text: &str) -> &str {
    let cut = CLOSERS.iter().filter_map(|closer| text.find(closer)).min().unwrap_or(text.len());
    text[..cut]
        .trim()
        .trim_end_matches(|c: char| c.is_whitespace() || "*#|;,./-=~}]>\"'`:\\!".contains(c))
        .trim_start()
}

/// Whether a value that is not an expression was meant as one; gives what to report. Prose is not.
pub(super) fn attempt(value: &str, judged: Judged) -> Option<Judged> {
    let words: Vec<&str> = value.split_whitespace().collect();
    if words.len() > 24 {
        return None;
    }
    if words.iter().all(|word| is_expression_word(word, words.len())) {
        return Some(judged);
    }
    // `MIT License`, `Apache-2.0 (see LICENSE)`: the head is the expression.
    for split in (1..words.len()).rev() {
        let head = words[..split].join(" ");
        let head = head.trim_end_matches([',', '.', '-']);
        if expression::is_valid(head) {
            let rest = words[split..].join(" ");
            let lower = rest.to_ascii_lowercase();
            let explains = lower.starts_with("licen")
                || rest.starts_with(['(', '-', '–', '/', ':'])
                || lower.starts_with("see ");
            let wrong = format!("`{}` behind the expression `{head}`", rest.chars().take(60).collect::<String>());
            return explains.then(|| Judged { expression: head.to_owned(), invalid: Some(wrong) });
        }
    }
    None
}

/// Whether a word could be a term or operator that someone meant as part of an expression.
fn is_expression_word(word: &str, of: usize) -> bool {
    let bare = word.trim_matches(|c| "(),+".contains(c));
    let has_digit = bare.bytes().any(|b| b.is_ascii_digit());
    let has_letter = bare.bytes().any(|b| b.is_ascii_alphabetic());
    bare.is_empty()
        || matches!(bare.to_ascii_uppercase().as_str(), "AND" | "OR" | "WITH" | "/" | "&" | "AND/OR")
        || expression::license_id_any_case(bare).is_some()
        || bare.contains("Ref-")
        || (has_digit && has_letter)
        || (bare.len() > 1 && bare.bytes().all(|b| b.is_ascii_uppercase() || b == b'-' || b == b'/'))
        || (of == 1 && bare.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+/".contains(&b)))
        || ["apache", "gnu", "bsd", "mozilla"].contains(&bare.to_ascii_lowercase().as_str())
        || (bare.contains('/') && has_letter && !bare.contains("//"))
        || (bare.contains('-') && bare.starts_with(|c: char| c.is_ascii_uppercase()))
        || bare.ends_with("-exception")
}
