//! Takes one copyright statement apart: marks, years, holder.

use std::sync::LazyLock;

use super::words::words;
use crate::collect::memo::{Memo, hash_bytes};

/// How much of a statement is looked at, in characters.
const MOST_CHARS: usize = 1000;

/// What a text that starts with a copyright mark says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// The word `Copyright`, in any case.
    pub(super) word: bool,
    /// Whether the word is written with a capital first letter.
    pub(super) capital: bool,
    /// `(c)`, `©` or another way to write the sign.
    pub(super) sign: bool,
    /// At least one year.
    pub(super) year: bool,
    /// `by`.
    pub(super) by: bool,
}

/// Ways to write the sign in text and markup.
const SIGNS: &[&str] = &[
    "(c)",
    "©",
    "&copy;",
    "&copy",
    "&#169;",
    "&#xa9;",
    "\\(co",
    "\\[co]",
    "@copyright{}",
    "\\copyright",
    "[c]",
    "(©)",
];

/// Splits off everything before the holder: words, signs, years and `by`, in any order.
pub(super) fn marks(text: &str) -> (Marks, &str) {
    let mut marks = Marks::default();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ",:;–—{}~".contains(c));
        rest = rest.strip_prefix('-').or_else(|| rest.strip_prefix('.')).unwrap_or(rest);
        if let Some(length) = year(rest) {
            marks.year = true;
            rest = &rest[length..];
        } else if let Some(sign) = SIGNS.iter().find(|sign| starts_with_any_case(rest, sign)) {
            marks.sign = true;
            rest = &rest[sign.len()..];
        } else if let Some(tail) = word(rest, "copyright").or_else(|| word(rest, "copyrights")) {
            marks.capital |= rest.starts_with('C');
            marks.word = true;
            rest = tail;
        } else if let Some(tail) = word(rest, "copr.") {
            (marks.word, rest) = (true, tail);
        } else if let Some(tail) = word(rest, "by").filter(|_| marks.word || marks.sign) {
            (marks.by, rest) = (true, tail);
        } else if let Some(tail) = ["present", "now", "today", "and", "to", "&", "+"]
            .iter()
            .find_map(|w| word(rest, w))
            .filter(|tail| marks.year && (year(tail.trim_start()).is_some() || !starts_name(rest)))
        {
            rest = tail;
        } else if let Some(tail) = tag(rest) {
            (marks.word, marks.capital, marks.sign, rest) = (true, true, true, tail);
        } else {
            return (marks, rest);
        }
    }
}

/// `&` and `and` before a name belong to nobody, but `present`, `now` and `today` end a range.
fn starts_name(rest: &str) -> bool {
    rest.starts_with(['a', 'A', '&', '+']) && !rest.starts_with('+')
}

/// The REUSE tags that hold a copyright notice.
fn tag(text: &str) -> Option<&str> {
    ["SPDX-FileCopyrightText:", "SPDX-SnippetCopyrightText:"].iter().find_map(|tag| text.strip_prefix(tag))
}

/// The length of the years that `text` starts with: `2010`, `2010-2012`, `1998-99`, `2010, 2012`, `2003-present`.
fn year(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_year = digits == 4 && (text.starts_with("19") || text.starts_with("20"));
    // `-99` and `, 99` go on from a full year.
    if !is_year {
        return None;
    }
    let mut at = 4;
    loop {
        let rest = &text[at..];
        let gap = rest.len() - rest.trim_start_matches([' ', ',', '-', '–', '/', '\t', '—', '~']).len();
        let next = &bytes[at + gap..];
        let count = next.iter().take_while(|b| b.is_ascii_digit()).count();
        let ends = !next.get(count).is_some_and(|b| b.is_ascii_alphanumeric());
        if gap > 0 && ends && (count == 2 || (count == 4 && (next.starts_with(b"19") || next.starts_with(b"20")))) {
            at += gap + count;
        } else {
            break;
        }
    }
    // `2D`, `2019th`: not a year.
    (!bytes.get(at).is_some_and(|b| b.is_ascii_alphabetic())).then_some(at)
}

/// What follows `word`, when `text` starts with it, ASCII case ignored, as a whole word.
fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let tail = starts_with_any_case(text, word).then(|| &text[word.len()..])?;
    let alone =
        !word.ends_with(char::is_alphanumeric) || !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    alone.then_some(tail)
}

fn starts_with_any_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// How many bytes all statements have together whose holders are remembered.
const ALL_BYTES: usize = 1 << 20;

/// The holder in what follows the marks: names without mail addresses, web addresses, years and closing phrases. The
/// files of a project have the same few statements, so they are remembered.
pub fn holder(text: &str) -> String {
    static HOLDERS: LazyLock<Memo<String>> = LazyLock::new(|| Memo::new(ALL_BYTES));
    let (holder, _) = HOLDERS.get_or_make(hash_bytes(text.as_bytes()), text.len(), || find_holder(text));
    String::clone(&holder)
}

fn find_holder(text: &str) -> String {
    let cut = text.char_indices().nth(MOST_CHARS).map_or(text.len(), |(at, _)| at);
    let (_, rest) = marks(&text[..cut]);
    let plain = without_markup(rest);
    let plain = sentence(words().holder_part(&plain));
    let mut name = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [(" ,", ","), (",,", ","), ("()", ""), ("<>", "")] {
        name = name.replace(from, to);
    }
    let mut name = name.as_str();
    loop {
        let before = name.len();
        name = name.trim_matches(|c: char| c.is_whitespace() || ",;:-–—*/#|\"'`~=_!%\\<>@+{}[]".contains(c));
        name = trim_years(name);
        for tail in [" and", " by", " (c)", " ©", " from", " since", " copyright", " in", " on"] {
            if name.len() > tail.len() && name.is_char_boundary(name.len() - tail.len()) {
                let (head, end) = name.split_at(name.len() - tail.len());
                name = if end.eq_ignore_ascii_case(tail) { head } else { name };
            }
        }
        if name.ends_with('.') && !is_abbreviated(name) {
            name = name.trim_end_matches('.');
        }
        if name.ends_with('(') || (name.ends_with(')') && !name.contains('(')) {
            name = &name[..name.len() - 1];
        }
        if name.starts_with('(') && name.ends_with(')') && name.matches('(').count() == 1 {
            name = &name[1..name.len() - 1];
        }
        name = name.trim_start_matches(['.', ')']);
        if name.len() == before {
            break;
        }
    }
    let end = name.char_indices().nth(200).map_or(name.len(), |(at, _)| at);
    name[..end].trim_end().to_owned()
}

/// Drops years behind a name: `Foo Inc. 2010-2012`.
fn trim_years(name: &str) -> &str {
    let head = name.trim_end_matches(|c: char| c.is_ascii_digit() || " ,-–/()".contains(c));
    let tail = &name[head.len()..];
    let start = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
    if year(&tail[start..]).is_some() && (tail.starts_with([' ', ',', '(']) || head.is_empty()) { head } else { name }
}

/// Whether the last word of `name` carries its full stop by right: `Inc.`, `J.`, `e.V.`.
fn is_abbreviated(name: &str) -> bool {
    let last = name.trim_end_matches('.').rsplit([' ', ',', '(']).next().unwrap_or_default();
    let lower = last.to_ascii_lowercase();
    words().is_abbreviation(&lower) || last.chars().count() == 1 || last.contains('.')
}

/// The text up to the end of its first sentence.
fn sentence(text: &str) -> &str {
    for (at, _) in text.match_indices(". ") {
        if !is_abbreviated(&text[..=at]) {
            return &text[..at];
        }
    }
    text
}

/// The text without addresses in brackets, bare mail addresses, HTML tags and Markdown links.
fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let bracket = match c {
            '<' => rest.find('>'),
            '(' => rest.find(')'),
            '[' => rest.find(']'),
            _ => None,
        };
        if let Some(end) = bracket {
            let inner = &rest[1..end];
            if c != '[' && (is_address(inner) || (c == '<' && is_html_tag(inner))) {
                rest = &rest[end + 1..];
                out.push(' ');
                continue;
            }
            // `[Foo](https://foo.org)`
            if c == '[' && rest[end + 1..].starts_with('(') {
                out.push_str(inner);
                rest = &rest[end + 1..];
                continue;
            }
        }
        if c == '&'
            && let Some((entity, plain)) =
                [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&ndash;", "–"), ("&quot;", "")]
                    .iter()
                    .find(|(entity, _)| rest.starts_with(entity))
        {
            out.push_str(plain);
            rest = &rest[entity.len()..];
            continue;
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    if out.contains('@') {
        out = out.split(' ').filter(|w| !(w.contains('@') && w.contains('.'))).collect::<Vec<_>>().join(" ");
    }
    out
}

/// A mail or web address, written out or veiled.
fn is_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains('@')
        || lower.contains("://")
        || lower.contains(" at ")
        || lower.contains(" dot ")
        || lower.contains("(at)")
        || lower.contains("[at]")
        || lower.contains("_at_")
        || lower.starts_with("www.")
        || lower.starts_with("mailto:")
        || (lower.contains('.') && !lower.contains(' ') && lower.len() > 4 && lower.contains('/'))
}

fn is_html_tag(text: &str) -> bool {
    let name: String = text
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    [
        "a",
        "b",
        "i",
        "em",
        "strong",
        "br",
        "p",
        "span",
        "div",
        "font",
        "code",
        "td",
        "tr",
        "li",
        "ul",
        "small",
        "center",
        "tt",
        "holder",
        "year",
        "title",
        "u",
        "h1",
        "h2",
        "h3",
        "copyright",
        "sup",
        "footer",
    ]
    .contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn holders_are_names_only() {
        for (text, want) in [
            ("Copyright (c) 2010-2020 Jane Doe <j@x.org>, Foo Inc.", "Jane Doe, Foo Inc."),
            ("© 2021 X", "X"),
            ("(C) 2019 Y", "Y"),
            ("SPDX-FileCopyrightText: 2016, 2018-2019 Jane Doe <jane@example.com>", "Jane Doe"),
            ("SPDX-FileCopyrightText: © 2019 John Doe <joe@example.com>", "John Doe"),
            ("© Example Corporation <https://corp.example.com>", "Example Corporation"),
            ("Copyright (c) Alice", "Alice"),
            ("Copyright (C) 1999, 2000 by Foo", "Foo"),
            ("Copyright 2016, 2018-2019 Joe Anybody", "Joe Anybody"),
            ("Copyright (C) 1998-99, 2001 Foo Bar. All rights reserved.", "Foo Bar"),
            ("Copyright (c) 2003-present Foo Ltd.", "Foo Ltd."),
            ("Copyright 2020 Foo. Licensed under the MIT license.", "Foo"),
            ("Copyright Foo GmbH 2010-2012", "Foo GmbH"),
            ("Copyright: (c) 2010 J. R. Hacker (hacker at example dot org)", "J. R. Hacker"),
            ("&copy; 2020 <a href=\"https://x.org\">Foo &amp; Bar</a>", "Foo & Bar"),
            ("\\(co 2001 Foo", "Foo"),
            ("Copyright © 2020 [Foo](https://foo.org)", "Foo"),
            (
                "Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>",
                "Free Software Foundation, Inc.",
            ),
            ("Copyright 2015 The Rust Project Developers. See the COPYRIGHT", "The Rust Project Developers"),
            ("2019 Translation Company", "Translation Company"),
            ("Copyright (c) 2020 张三", "张三"),
            ("Copyright (c) 2010", ""),
        ] {
            assert_eq!(holder(text), want, "{text}");
        }
    }

    #[test]
    fn marks_are_told_apart() {
        let (m, rest) = marks("Copyright (c) 2010 by Foo");
        assert!(m.word && m.capital && m.sign && m.year && m.by);
        assert_eq!(rest, "Foo");
        assert_eq!(marks("(c) Foo"), (Marks { sign: true, ..Marks::default() }, "Foo"));
        assert!(!marks("Copyright 2000th").0.year);
    }

    proptest! {
        #[test]
        fn any_text_has_a_trimmed_holder(text in "(Copyright|\\(c\\)|©)?[ 0-9,.\\-<>()\\[\\]&@a-zé]{0,60}") {
            let name = holder(&text);
            prop_assert_eq!(name.trim(), &name);
            prop_assert!(name.chars().count() <= 200);
        }
    }
}
