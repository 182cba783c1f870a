//! Makes text from a checkout safe for where it is written.
//!
//! Names and contents of files are untrusted: they may hold terminal escape sequences, characters that reorder or
//! hide text, markup, or workflow commands.

use std::borrow::Cow;

/// `text` on one line, with control characters and characters that hide or reorder text written as escapes
/// (`\n`, `\u{1b}`).
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    Cow::Owned(out)
}

/// The lines of `text`, each as [`visible`] gives it. For texts that a rule's author may write on several lines.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().map(visible)
}

/// Appends `c`, or its escape when it is hidden.
pub(super) fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' | '\r' | '\t' => out.extend(c.escape_default()),
        c if is_hidden(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

/// Whether a character acts on a terminal, cannot be seen, or changes the order in which others are seen.
///
/// These are the control characters, the bidirectional controls of UAX #9, line and paragraph separators, and
/// characters without a width, except for the joiners U+200C and U+200D that several scripts need.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A relative URI reference (RFC 3986) for a `/`-separated relative path.
///
/// What a path segment may not hold is percent-encoded, and `:` too, lest the first segment read as a scheme.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(byte as char),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' => out.push(byte as char),
            b'*' | b'+' | b',' | b';' | b'=' | b'@' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Prose as GitHub Flavored Markdown, on one line. A part between single backticks becomes a code span; everything
/// else is shown as it is, and addresses nobody.
pub(super) fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    while let Some(open) = rest.find('`') {
        let Some(length) = rest[open + 1..].find('`') else { break };
        push_prose(&mut out, &rest[..open]);
        out.push_str(&markdown_code(&rest[open + 1..open + 1 + length]));
        rest = &rest[open + length + 2..];
    }
    push_prose(&mut out, rest);
    out
}

/// Any text as a Markdown code span, on one line; safe in table cells too. Empty when the text is.
pub(super) fn markdown_code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return String::new();
    }
    if !text.contains(['`', '|', '\\']) && text.trim() == text {
        return format!("`{text}`");
    }
    // Numeric references are never read as Markdown, so that nothing can close the element or the cell.
    let mut out = String::from("<code>");
    for c in text.chars() {
        match c {
            c if c.is_ascii_punctuation() => out.push_str(&format!("&#{};", c as u32)),
            c => out.push(c),
        }
    }
    out.push_str("</code>");
    out
}

/// Appends text without code spans. Backslashes work inside and outside of tables alike.
fn push_prose(out: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '$' => out.push_str("&#36;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => out.extend(['\\', c]),
            // A space without width keeps GitHub from mailing whoever has that name.
            '@' if chars.peek().is_some_and(|next| next.is_ascii_alphanumeric()) => out.push_str("@&#8203;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_and_html_lose_their_meaning() {
        assert_eq!(markdown("a | b <img src=x> & *c*"), r"a \| b &lt;img src=x&gt; &amp; \*c\*");
        assert_eq!(markdown("ask @everyone, not a@ b"), "ask @&#8203;everyone, not a@ b");
        assert_eq!(markdown("[x](http://e)\n# y"), r"\[x\](http://e)\\n# y");
        assert_eq!(markdown("the `a < b` span, ${{ x }}"), "the `a < b` span, &#36;{{ x }}");
        assert_eq!(markdown("one ` alone"), r"one \` alone");
        assert_eq!(markdown("``x``"), "x");
    }

    #[test]
    fn code_spans_cannot_be_left() {
        assert_eq!(markdown_code("src/a_b.rs"), "`src/a_b.rs`");
        assert_eq!(markdown_code("a`|<b>"), "<code>a&#96;&#124;&#60;b&#62;</code>");
        assert_eq!(markdown_code("a\\|<i>"), "<code>a&#92;&#124;&#60;i&#62;</code>");
        assert_eq!(markdown_code(" x"), "<code> x</code>");
        assert_eq!(markdown_code(""), "");
    }

    #[test]
    fn terminal_sequences_and_reordering_become_visible() {
        assert_eq!(visible("a\u{1b}[31mb\u{7}"), r"a\u{1b}[31mb\u{7}");
        assert_eq!(visible("x\u{202e}gpj.exe\u{2066}\n"), r"x\u{202e}gpj.exe\u{2066}\n");
        assert_eq!(visible("\u{9b}2J"), r"\u{9b}2J");
        assert!(matches!(visible("文档/说明 – né.md"), Cow::Borrowed(_)));
    }

    #[test]
    fn uris_follow_rfc_3986() {
        assert_eq!(uri("a b/c%d.rs"), "a%20b/c%25d.rs");
        assert_eq!(uri("é#?[x]"), "%C3%A9%23%3F%5Bx%5D");
        assert_eq!(uri("c:/x\\y"), "c%3A/x%5Cy");
        assert_eq!(uri("node_modules/@s/a+b"), "node_modules/@s/a+b");
    }
}
