//! Splits a text into the words that license texts are compared by, after the SPDX matching guidelines (SPDX 3.0.1
//! Annex C): case, white space, punctuation, comment marks, markup, bullets and copyright lines do not count.
//!
//! The build script compiles this file too, so that templates and scanned texts are split by the same code.

use std::ops::Range;

/// A word as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Offset of its first byte.
    pub(crate) start: u32,
    /// Offset behind its last byte.
    pub(crate) end: u32,
}

/// What part a word plays in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A word of a text.
    Text,
    /// A word of a copyright statement, which no license text is compared by.
    Copyright,
    /// The name of a bullet, such as `a` or `1`.
    Bullet,
}

/// Longest word that is kept, in bytes; what is longer (encoded data, minified code) is no word of any license.
const LONGEST: usize = 48;

/// HTML elements whose tags are skipped. Anything else between angle brackets is text: `<year>`.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "head",
    "hr",
    "html",
    "i",
    "li",
    "link",
    "meta",
    "ol",
    "p",
    "pre",
    "section",
    "small",
    "span",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// Calls `sink` with every word of `text` in lower case that counts when texts are compared, and where it stands.
/// Linear in the length of `text`.
///
/// `at_line_start` tells whether the text begins a line, where bullets and copyright statements are looked for.
#[allow(dead_code, reason = "the build script splits templates with it")]
pub(crate) fn words(text: &str, at_line_start: bool, mut sink: impl FnMut(&str, Span)) {
    marked_words(text, at_line_start, |word, span, role| {
        if role == Role::Text {
            sink(word, span);
        }
    });
}

/// Calls `sink` with every word of `text` in lower case, where it stands, and what part it plays: [`words`] and those
/// that it leaves out.
pub(crate) fn marked_words(text: &str, at_line_start: bool, mut sink: impl FnMut(&str, Span, Role)) {
    let bytes = text.as_bytes();
    let mut buffer = String::new();
    let mut at = 0;
    let mut line_start = at_line_start;
    // Where the copyright statement ends, and where the bullet does.
    let (mut statement, mut bullet) = (0, 0);
    while at < bytes.len() {
        if line_start {
            line_start = false;
            let head = line_head(text, at);
            (at, statement, bullet) = (head.start, head.statement, head.bullet);
            continue;
        }
        let role_at = |start: usize| match start {
            _ if start < statement => Role::Copyright,
            _ if start < bullet => Role::Bullet,
            _ => Role::Text,
        };
        let byte = bytes[at];
        if byte.is_ascii() && !byte.is_ascii_alphanumeric() {
            match byte {
                b'\n' | b'\r' => {
                    line_start = true;
                    at += 1;
                }
                b'<' => at = skip_tag(bytes, at),
                b'&' => at = skip_entity(bytes, at),
                // A letter of RTF starts a word; else an escape of a string literal, as in `"...conditions:\n"`.
                b'\\' => match rtf_character(&bytes[at..]) {
                    Some((c, length)) if !c.is_alphanumeric() => at += length,
                    Some((c, length)) => {
                        let start = at;
                        buffer.clear();
                        if is_ideograph(c) {
                            buffer.push(c);
                            at += length;
                        } else {
                            at = take_word(text, at, &mut buffer);
                        }
                        if buffer.len() <= LONGEST {
                            sink(&buffer, Span { start: start as u32, end: at as u32 }, role_at(start));
                        }
                    }
                    None => at = skip_command(bytes, at),
                },
                // A space, a slash or a plus in an address, as in `badge/license-MPL%202.0` and `badge/license-MIT%2FISC`.
                b'%' if matches!(&bytes[at + 1..], [b'2', b'0' | b'B' | b'b' | b'F' | b'f', ..]) => at += 3,
                b'(' => {
                    at += 1;
                    bullet = skip_bullet(bytes, at, true).unwrap_or(bullet);
                }
                _ => at += 1,
            }
            continue;
        }
        let start = at;
        let role = role_at(start);
        if byte.is_ascii() {
            let (end, is_lower) = plain_word(bytes, start);
            if ends_word(bytes, end) {
                at = end;
                if end - start > LONGEST {
                    continue;
                }
                let span = Span { start: start as u32, end: end as u32 };
                if is_lower {
                    sink(&text[start..end], span, role);
                } else {
                    buffer.clear();
                    buffer.push_str(&text[start..end]);
                    buffer.make_ascii_lowercase();
                    sink(&buffer, span, role);
                }
                continue;
            }
        } else {
            let Some(first) = text[at..].chars().next() else { break };
            if !first.is_alphanumeric() {
                at += first.len_utf8();
                continue;
            }
            if is_ideograph(first) {
                at += first.len_utf8();
                sink(&text[start..at], Span { start: start as u32, end: at as u32 }, role);
                continue;
            }
        }
        buffer.clear();
        at = take_word(text, at, &mut buffer);
        if buffer.len() <= LONGEST {
            sink(&buffer, Span { start: start as u32, end: at as u32 }, role);
        }
    }
}

/// What a byte is in a word: nothing, a digit or a letter in lower case, a letter in upper case.
const LETTERS: [u8; 256] = {
    let (mut table, mut byte) = ([0; 256], 0u8);
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() as u8 + byte.is_ascii_uppercase() as u8;
        byte += 1;
    }
    table
};

/// Where the letters and digits of ASCII end that start at `at`, and whether none of them is in upper case.
fn plain_word(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut kinds = 0;
    while at < bytes.len() && LETTERS[usize::from(bytes[at])] != 0 {
        kinds |= LETTERS[usize::from(bytes[at])];
        at += 1;
    }
    (at, kinds < 2)
}

/// Whether a word certainly ends in front of `at`; where what stands there may join two parts of a word, it may not.
fn ends_word(bytes: &[u8], at: usize) -> bool {
    let next = || bytes.get(at + 1);
    match bytes.get(at) {
        None => true,
        Some(b'.') => !next().is_some_and(u8::is_ascii_digit),
        Some(b'\'' | b'-') => !next().is_some_and(u8::is_ascii_alphabetic),
        Some(b'&') => false,
        Some(b'\\') => !matches!(next(), Some(b'\'' | b'u')),
        Some(byte) => byte.is_ascii(),
    }
}

/// Takes the word that starts at `at` into `buffer`, and returns the offset behind it.
fn take_word(text: &str, mut at: usize, buffer: &mut String) -> usize {
    let bytes = text.as_bytes();
    loop {
        let plain = bytes[at..].iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(bytes.len() - at);
        if plain > 0 && buffer.len() <= LONGEST {
            let from = buffer.len();
            buffer.push_str(&text[at..at + plain.min(LONGEST + 1 - from)]);
            buffer[from..].make_ascii_lowercase();
        }
        at += plain;
        let Some(&byte) = bytes.get(at) else { break };
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        if byte.is_ascii() {
            if byte == b'&'
                && let Some(length) = apostrophe(&bytes[at..])
            {
                at += length;
                continue;
            }
            if byte == b'\\'
                && let Some((c, length)) = rtf_character(&bytes[at..])
            {
                let apostrophe = c == '\u{2019}' && bytes.get(at + length).is_some_and(u8::is_ascii_alphabetic);
                if !apostrophe && (!c.is_alphanumeric() || is_ideograph(c)) {
                    break;
                }
                if !apostrophe && buffer.len() <= LONGEST {
                    buffer.extend(c.to_lowercase());
                }
                at += length;
                continue;
            }
            let joins = match byte {
                b'\'' => next.is_ascii_alphabetic(),
                b'.' => next.is_ascii_digit() && buffer.ends_with(|c: char| c.is_ascii_digit()),
                // The list of equivalent words has these with and without the hyphen.
                b'-' => next.is_ascii_alphabetic() && matches!(buffer.as_str(), "non" | "sub"),
                _ => false,
            };
            if !joins {
                break;
            }
            if byte == b'.' {
                buffer.push('.');
            }
            at += 1;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if c == '\u{2019}' && text[at + 3..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            at += 3;
            continue;
        }
        if !c.is_alphanumeric() || is_ideograph(c) {
            break;
        }
        if buffer.len() <= LONGEST {
            buffer.extend(c.to_lowercase());
        }
        at += c.len_utf8();
    }
    at
}

/// The character outside of ASCII that RTF writes as `\'fc`, `\u252?` or `\u252\'fc` at the start of `bytes`, and how
/// long that is.
fn rtf_character(bytes: &[u8]) -> Option<(char, usize)> {
    let byte = |at: usize| {
        let digits = bytes.get(at..at + 4)?.strip_prefix(b"\\'")?;
        u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    if let Some(code) = byte(0) {
        // Windows-1252, which is Latin-1 but for a few letters and marks.
        let c = match code {
            0x8c => 'Œ',
            0x92 => '\u{2019}',
            0x9c => 'œ',
            0xa0.. => char::from(code),
            _ => return None,
        };
        return Some((c, 4));
    }
    let number = bytes.strip_prefix(b"\\u")?;
    let negative = number.first() == Some(&b'-');
    let digits = run(number, usize::from(negative), 5, u8::is_ascii_digit);
    // Behind it stands what a reader shows that does not know the character: without that it is another escape.
    let end = 2 + digits.end;
    let length = match bytes.get(end) {
        Some(b'?') => end + 1,
        _ => byte(end).map(|_| end + 4)?,
    };
    let code = std::str::from_utf8(&number[digits]).ok()?.parse::<u32>().ok()?;
    let code = if negative { 0x1_0000_u32.checked_sub(code)? } else { code };
    char::from_u32(code).filter(|c| !c.is_ascii()).map(|c| (c, length))
}

/// The length of the HTML entity for an apostrophe that `bytes` starts with, when a letter follows.
fn apostrophe(bytes: &[u8]) -> Option<usize> {
    let entity = ["&#39;", "&#039;", "&#x27;", "&apos;", "&rsquo;", "&#8217;"]
        .into_iter()
        .find(|entity| bytes.starts_with(entity.as_bytes()))?;
    bytes.get(entity.len()).is_some_and(u8::is_ascii_alphabetic).then_some(entity.len())
}

/// Whether each character is a word of its own, as in Chinese and Japanese text.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What stands at the start of a line.
struct LineHead {
    /// Where its words start.
    start: usize,
    /// Where the copyright statement ends that the line is; 0 when it is none.
    statement: usize,
    /// Where the bullet ends that the line starts with; 0 when there is none.
    bullet: usize,
}

/// Tells what does not count at the start of a line: comment leaders, a macro of a manual page, a bullet, a whole
/// copyright statement.
fn line_head(text: &str, from: usize) -> LineHead {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        let comment = byte == b'<' && bytes.get(at + 1) == Some(&b'!');
        let stops = byte.is_ascii_alphanumeric() || matches!(byte, b'\n' | b'(' | b'<' | b'&' | b'\\');
        if (stops && !comment) || !byte.is_ascii() {
            break;
        }
        at += 1;
    }
    if at == from + 1 && matches!(bytes[from], b'.' | b'\'') {
        at = skip_macro(bytes, at);
    }
    let rest = &bytes[at..];
    if matches!(rest.first(), Some(b'd' | b'D' | b'r' | b'R')) {
        for leader in ["dnl ", "rem "] {
            if starts_with_ignore_case(rest, leader) {
                at += leader.len();
            }
        }
    }
    // A comment of Fortran, or of Texinfo behind an `@`.
    let column = at == from || at == from + 1 && bytes[from] == b'@';
    if column && matches!(bytes.get(at), Some(b'C' | b'c')) && matches!(bytes.get(at + 1), Some(b' ' | b'\t')) {
        at += 1;
        while matches!(bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
    }
    let may_state =
        bytes.get(at).is_some_and(|b| matches!(b | 0x20, b'a' | b'c' | b'p') || *b == b'(' || !b.is_ascii());
    let statement =
        if may_state && is_copyright_statement(&text[at..]) { at + statement_length(&text[at..]) } else { 0 };
    LineHead { start: at, statement, bullet: skip_bullet(bytes, at, false).unwrap_or(0) }
}

/// The offset behind the name of a manual page macro (`.PP`, `.B`, `.\" `) whose name is at `at`.
fn skip_macro(bytes: &[u8], at: usize) -> usize {
    let name = run(bytes, at, 3, |b| b.is_ascii_alphabetic());
    let upper = bytes.get(name.start).is_some_and(u8::is_ascii_uppercase);
    let ends = bytes.get(name.end).is_none_or(|b| b.is_ascii_whitespace());
    if upper && ends && name.len() <= 2 { name.end } else { at }
}

/// Commands of TeX and RTF that stand between words of a text.
const COMMANDS: &[&str] = &[
    "b",
    "bf",
    "bullet",
    "cf",
    "copyright",
    "emph",
    "f",
    "fs",
    "i",
    "it",
    "item",
    "ldblquote",
    "lquote",
    "par",
    "pard",
    "qc",
    "qj",
    "ql",
    "rdblquote",
    "rm",
    "rquote",
    "sb",
    "sa",
    "tab",
    "textbf",
    "textit",
    "textsc",
    "texttt",
    "tt",
    "ul",
    "ulnone",
];

/// The offset behind what a backslash at `at` introduces: an escape of a string literal, as in `"conditions:\n"`, a
/// font of a manual page, or a command of TeX or RTF; else behind the backslash alone.
fn skip_command(bytes: &[u8], at: usize) -> usize {
    let letters = run(bytes, at + 1, 12, u8::is_ascii_alphabetic);
    let digits = run(bytes, letters.end, 5, u8::is_ascii_digit);
    let name = &bytes[letters];
    match bytes.get(at + 1) {
        Some(b'\'') if bytes.get(at + 2..at + 4).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit)) => at + 4,
        Some(b'f') if matches!(bytes.get(at + 2), Some(b'B' | b'I' | b'R' | b'P')) => at + 3,
        _ if COMMANDS.iter().any(|c| c.as_bytes() == name) => digits.end,
        Some(b'n' | b't' | b'r') => at + 2,
        _ => at + 1,
    }
}

/// The offset behind a bullet such as `1.`, `a)` or `(iv)` whose first letter or digit is at `at`.
fn skip_bullet(bytes: &[u8], at: usize, parenthesised: bool) -> Option<usize> {
    let mut end = at;
    while bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        end += 1;
        if end - at > 4 {
            return None;
        }
    }
    let name = &bytes[at..end];
    let numeral = |b: &u8| matches!(b, b'i' | b'v' | b'x' | b'I' | b'V' | b'X');
    let is_bullet = match name {
        [] => false,
        [_] => true,
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => true,
        _ => name.iter().all(numeral),
    };
    let closed = match bytes.get(end) {
        Some(b')') => true,
        Some(b'.') => !parenthesised && bytes.get(end + 1).is_none_or(|b| b.is_ascii_whitespace()),
        _ => false,
    };
    (is_bullet && closed).then_some(end + 1)
}

/// Whether a line states a copyright, rather than to continue a sentence about copyright.
fn is_copyright_statement(line: &str) -> bool {
    let line = &line[..line.len().min(floor(line, 160))];
    let mut rest = line.trim_start();
    if starts_with_ignore_case(rest.as_bytes(), "all rights reserved") {
        let end = rest.find('\n').unwrap_or(rest.len());
        return rest[19..end].trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
    }
    for word in ["portions", "parts"] {
        if starts_with_ignore_case(rest.as_bytes(), word) {
            rest = rest[word.len()..].trim_start();
        }
    }
    let marked = |rest: &str| starts_with_ignore_case(rest.as_bytes(), "(c)") || rest.starts_with('©');
    if marked(rest) {
        // A `(c)` without a year is a bullet.
        let behind = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
        return rest.starts_with('©') || behind.starts_with(|c: char| c.is_ascii_digit());
    }
    let Some(word) = ["copyright", "copr."].into_iter().find(|w| starts_with_ignore_case(rest.as_bytes(), w)) else {
        return false;
    };
    let rest = rest[word.len()..].trim_start_matches([' ', '\t', ':', '-', ',']);
    marked(rest)
        || rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '<' | '[' | '{' | '@'))
        || starts_with_ignore_case(rest.as_bytes(), "&copy;")
        || starts_with_ignore_case(rest.as_bytes(), "\\(co")
        || starts_with_ignore_case(rest.as_bytes(), "year ")
        || starts_with_ignore_case(rest.as_bytes(), "yyyy")
        || starts_with_ignore_case(rest.as_bytes(), "by ")
}

/// Words that open the sentence behind a copyright statement.
const OPENINGS: &[&str] = &[
    "copying",
    "everyone",
    "license",
    "licensed",
    "modification",
    "permission",
    "redistribution",
    "redistributions",
    "this",
    "use",
    "you",
];

/// How long the copyright statement is that `text` starts with: to the end of its line, or to a sentence of other
/// matter on the same line, as in `Copyright 2020 Ann. Permission is hereby granted ...`.
pub(crate) fn statement_length(text: &str) -> usize {
    let line = &text[..text.find('\n').unwrap_or(text.len())];
    let mut sentence = false;
    for (count, word) in line.split_ascii_whitespace().enumerate() {
        if sentence || count > 3 {
            let name = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let opens = word.starts_with(|c: char| c.is_ascii_uppercase() || c == '"');
            if opens && OPENINGS.iter().any(|o| o.eq_ignore_ascii_case(name)) {
                return word.as_ptr() as usize - line.as_ptr() as usize;
            }
        }
        sentence = word.ends_with('.');
    }
    line.len()
}

/// The greatest character boundary that is not behind `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn starts_with_ignore_case(bytes: &[u8], prefix: &str) -> bool {
    bytes.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// The offset behind the HTML tag that opens at `at`, or behind the bracket alone.
fn skip_tag(bytes: &[u8], at: usize) -> usize {
    let name_start = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'/'));
    let name = run(bytes, name_start, 12, |b| b.is_ascii_alphanumeric());
    let lower = bytes[name.clone()].to_ascii_lowercase();
    let follows = bytes.get(name.end).copied().unwrap_or(b' ');
    if !matches!(follows, b'>' | b'/' | b' ' | b'\n') || !TAGS.iter().any(|tag| tag.as_bytes() == lower) {
        return at + 1;
    }
    let inside = run(bytes, name.end, 400, |b| *b != b'>' && *b != b'<');
    if bytes.get(inside.end) == Some(&b'>') { inside.end + 1 } else { at + 1 }
}

/// The offset behind the HTML entity that opens at `at`, or behind the ampersand alone.
fn skip_entity(bytes: &[u8], at: usize) -> usize {
    let name = run(bytes, at + 1, 8, |b| b.is_ascii_alphanumeric() || *b == b'#');
    if !name.is_empty() && bytes.get(name.end) == Some(&b';') { name.end + 1 } else { at + 1 }
}

/// The bytes from `start` that fulfil `keep`, at most `most` of them.
fn run(bytes: &[u8], start: usize, most: usize, keep: impl Fn(&u8) -> bool) -> Range<usize> {
    let start = start.min(bytes.len());
    let length = bytes[start..].iter().take(most).take_while(|b| keep(b)).count();
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let mut out: Vec<String> = Vec::new();
        words(text, true, |word, _| out.push(word.to_owned()));
        out.join(" ")
    }

    #[test]
    fn case_punctuation_and_comment_marks_do_not_count() {
        assert_eq!(of("/*\n * The \"Software\",\n * as-is.\n */"), "the software as is");
        assert_eq!(of("dnl This file\ndnl is free"), "this file is free");
        assert_eq!(of("C     This file\nc is free\n@c software"), "this file is free software");
        assert_eq!(of("<p>All <b>uses</b></p> &quot;x&quot;"), "all uses x");
        assert_eq!(of("printf(\"as is\\n\");"), "printf as is");
    }

    #[test]
    fn numbers_apostrophes_and_prefixes_stay_together() {
        assert_eq!(
            of("Version 2.0. Licensor's licensor’s non-commercial"),
            "version 2.0 licensors licensors noncommercial"
        );
        assert_eq!(of("3rd-party version 2. Next"), "3rd party version 2 next");
        assert_eq!(of("It&#x27;s the licensor&rsquo;s, &quot;as is&quot;"), "its the licensors as is");
    }

    #[test]
    fn bullets_are_skipped_at_line_starts_and_in_parentheses() {
        assert_eq!(of("1. Redistributions\n  b) must (ii) retain\n * 10. the"), "redistributions must retain the");
        assert_eq!(of("version\n2. Later"), "version later");
        assert_eq!(of("(c) You must retain"), "you must retain");
        assert_eq!(of("2.0 is (not) a bullet"), "2.0 is not a bullet");
    }

    #[test]
    fn copyright_statements_are_cut_out_and_sentences_about_copyright_are_not() {
        assert_eq!(
            of("MIT\nCopyright (c) 2020 Ann\nAll rights reserved.\nThe above\ncopyright notice"),
            "mit the above copyright notice"
        );
        assert_eq!(of("# Copyright 2019-2020 Ann\n# © 2020 Bob\n# Portions Copyright (C) Eve\nx"), "x");
        assert_eq!(of("Copyright <year> <holder>\nx <year>"), "x year");
        assert_eq!(of("Copyright 2020 Ann. All rights reserved. Permission is granted"), "permission is granted");
        assert_eq!(of("Copyright (c) 2020 Ann, Eve and those of this project"), "");
    }

    #[test]
    fn the_letters_of_rtf_are_parts_of_words() {
        assert_eq!(of(r"f\'fcr die Gew\'c4HR \'dcBER \'abuns\'bb\par"), "für die gewähr über uns");
        assert_eq!(of(r"gr\u233?e \u233\'e9tat licensor\u8217?s licensor\'92s"), "grée état licensors licensors");
        assert_eq!(of(r"\u26408?\u20848? \u-26265?"), "木 兰 饧");
        assert_eq!(of(r"as is\u0022 and\u2028"), of(r"as is \u0022 and \u2028"));
    }

    #[test]
    fn ideographs_are_words() {
        assert_eq!(of("木兰 v2"), "木 兰 v2");
    }

    #[test]
    fn any_text_is_safe_and_spans_point_at_the_words() {
        for text in [
            "<",
            "&",
            "<p",
            "&#",
            "\\",
            "\\'",
            "a\\'f",
            "\\u",
            "\\u-",
            "\\u9?",
            "\\'é",
            "(",
            "(a",
            "copyright",
            "©",
            "a'",
            "a.",
            "non-",
            "é’",
            "1",
            "<p\n>",
        ] {
            words(text, true, |_, span| {
                assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize))
            });
        }
    }
}
