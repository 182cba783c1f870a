//! Finds template fields that nobody filled in: `[year] [fullname]`, `<name of author>`.

use std::ops::Range;

/// What stands between the brackets of a field, in lower case and single-spaced.
const FIELDS: &[&str] = &[
    "author",
    "authors",
    "author name",
    "company",
    "company name",
    "copyright holder",
    "copyright holders",
    "copyright owner",
    "copyright year",
    "current year",
    "date",
    "developer",
    "email",
    "email address",
    "full name",
    "fullname",
    "holder",
    "holders",
    "insert name",
    "insert year",
    "name",
    "name of author",
    "name of author(s)",
    "name of copyright holder",
    "name of copyright holders",
    "name of copyright owner",
    "name of organization",
    "organisation",
    "organization",
    "organization name",
    "owner",
    "owner organization",
    "project",
    "project name",
    "the year",
    "year",
    "year(s)",
    "years",
    "your name",
    "your name here",
    "yyyy",
    "yyyy-yyyy",
];

/// Longest field, brackets not counted, in bytes.
const LONGEST: usize = 48;

/// The places of unfilled fields in `text`, in order. Linear in its length.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out: Vec<Range<usize>> = Vec::new();
    for open in memchr::memchr3_iter(b'<', b'[', b'{', bytes) {
        let close = match bytes[open] {
            b'<' => b'>',
            b'[' => b']',
            _ => b'}',
        };
        if out.last().is_some_and(|last| open < last.end) {
            continue;
        }
        let inside = &bytes[open + 1..bytes.len().min(open + 2 + LONGEST)];
        let Some(length) = inside.iter().position(|b| *b == close) else { continue };
        let Ok(field) = std::str::from_utf8(&inside[..length]) else { continue };
        let words: Vec<String> = field
            .trim_matches(|c: char| !c.is_alphanumeric() && c != ')')
            .split(|c: char| c.is_whitespace() || c == '_')
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        if !FIELDS.contains(&words.join(" ").as_str()) {
            continue;
        }
        // A link `[name](address)` is no field, and neither is `[name]: address`.
        let behind = bytes.get(open + length + 2);
        if close == b']' && matches!(behind, Some(b'(' | b':')) {
            continue;
        }
        let doubled = bytes.get(open + 1) == bytes.get(open) && behind == Some(&close);
        let end = open + length + 2 + usize::from(doubled);
        match out.last_mut() {
            // `[year] [fullname]` is one place.
            Some(last) if text[last.end..open].bytes().all(|b| matches!(b, b' ' | b',')) => last.end = end,
            _ => out.push(open..end),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn fields_are_found_and_other_brackets_are_not() {
        assert_eq!(of("Copyright (c) [year] [fullname]\n"), ["[year] [fullname]"]);
        assert_eq!(of("(C) <year>  <name of author>"), ["<year>  <name of author>"]);
        assert_eq!(of("{{ year }} {{ organization }}"), ["{{ year }} {{ organization }}"]);
        assert!(of("[name](https://example.org) <ann@example.org> [ year: 1 ] <").is_empty());
    }
}
