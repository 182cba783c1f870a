//! Words, numbers, strings and signs of protobuf, GraphQL and WIT; one pass, and nothing is copied.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a number.
    Word,
    /// A string, quotes included.
    Text,
    /// One character of anything else.
    Sign,
}

/// One token.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) at: Range<usize>,
    /// The comment in front of it, empty where there is none.
    pub(super) comment: &'t str,
}

impl Token<'_> {
    /// Whether it is this sign or word.
    pub(super) fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

/// How comments and strings are written.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// What starts a comment that ends with its line.
    pub(super) line: &'static str,
    /// Whether there are comments between `/*` and `*/`.
    pub(super) blocks: bool,
    /// Characters that belong to words beside letters, digits and `_`.
    pub(super) joins: &'static [char],
    /// Characters that open strings.
    pub(super) quotes: &'static [char],
}

/// The tokens of a text, and where a string or comment has no end.
pub(super) fn tokens(text: &str, style: Style) -> (Vec<Token<'_>>, Option<(usize, &'static str)>) {
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    // From the first of the comments that stand together to the end of the last one.
    let mut comment = 0..0;
    let mut broken = None;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let comment_end = if rest.starts_with(style.line) {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else if style.blocks && rest.starts_with("/*") {
            Some(rest[2..].find("*/").map_or_else(
                || {
                    broken.get_or_insert((at, "a comment without an end"));
                    rest.len()
                },
                |end| end + 4,
            ))
        } else {
            None
        };
        if let Some(end) = comment_end {
            // A comment behind something on its line speaks of that, one on lines of its own of what comes next.
            let trails = out.last().is_some_and(|token| !text[token.at.end..at].contains('\n'));
            if trails {
                if let Some(last) = out.last_mut().filter(|last| last.comment.is_empty()) {
                    last.comment = &text[at..at + end];
                }
            } else {
                comment = if comment.is_empty() { at..at + end } else { comment.start..at + end };
            }
            at += end;
            continue;
        }
        let (kind, end) = if style.quotes.contains(&c) {
            let end = string_end(rest, c).unwrap_or_else(|| {
                broken.get_or_insert((at, "a string without an end"));
                rest.len()
            });
            (Kind::Text, end)
        } else {
            let is_word = |c: char| c.is_alphanumeric() || c == '_' || style.joins.contains(&c);
            match rest.find(|c| !is_word(c)).unwrap_or(rest.len()) {
                0 => (Kind::Sign, c.len_utf8()),
                end => (Kind::Word, end),
            }
        };
        out.push(Token { kind, text: &rest[..end], at: at..at + end, comment: &text[std::mem::take(&mut comment)] });
        at += end;
    }
    (out, broken)
}

/// The length of the string that a text starts with; blocks between three quotes too.
fn string_end(text: &str, quote: char) -> Option<usize> {
    if quote == '"' && text.starts_with("\"\"\"") {
        let mut at = 3;
        while let Some(found) = text[at..].find("\"\"\"") {
            at += found;
            if !text[..at].ends_with('\\') {
                return Some(at + 3);
            }
            at += 3;
        }
        return None;
    }
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' => return None,
            b if char::from(b) == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The index behind the bracket that closes the one at `open`; `None` when it is never closed.
pub(super) fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        if token.kind == Kind::Sign {
            match token.text {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(i + 1);
                    }
                }
                _ => {}
            }
        }
    }
    None
}
