//! Which of the anchor words that the shared prefilter finds start a search for license statements.
//!
//! Most of them in source code say nothing of a license: they are the value of an SPDX tag or what a module of the Linux
//! kernel tells of its license, which are read elsewhere (`tags`, `fields`), part of a name in code, or a word of
//! everyday speech with nothing around it that a license would say.

use crate::collect::Hit;
use crate::collect::any_of::AnyOf;

/// Anchor words of everyday speech: they count where a word of licenses stands near.
const WEAK: &[&str] = &["notice", "permission"];

/// Anchor words that count in names as well, as in `MODULE_LICENSE`.
const IN_NAMES: &[&str] = &["licen", "lizenz"];

/// Anchor words that stand alone: `cc0` is common in numbers.
const WHOLE: &[&str] = &["cc0"];

/// Words of licenses, without their first letter, which may be a capital one.
static LEGAL: AnyOf = AnyOf::new(&[
    "opyright", "OPYRIGHT", "©", "ranted", "RANTED", "ereby", "EREBY", "istribut", "ISTRIBUT", "ermitted",
    "ERMITTED", "eproduc", "EPRODUC", "uthor", "UTHOR", "ritten", "RITTEN", "odif", "ODIF", " to use", " TO USE",
    " to copy", " TO COPY", "icen", "ICEN",
]);

/// Bytes before and behind a weak anchor in which such a word stands: a sentence or two.
const NEAR: (usize, usize) = (300, 500);

/// The places of `hits` that count, ascending; `keywords` are the words that hits name by their numbers.
pub(super) fn anchors(text: &str, hits: &[Hit], keywords: &[&str]) -> Vec<usize> {
    let mut places: Vec<(usize, &str)> =
        hits.iter().filter_map(|hit| Some((hit.start as usize, *keywords.get(usize::from(hit.keyword))?))).collect();
    places.sort_unstable();
    let (mut out, mut read) = (Vec::with_capacity(places.len()), 0);
    for (at, word) in places {
        if let Some(end) = tag(text.as_bytes(), at).or_else(|| module(text.as_bytes(), at)) {
            read = end;
        }
        if at >= read && counts(text, at, word) {
            out.push(at);
        }
    }
    out
}

/// Where the value ends of the SPDX tag whose name has its `License` at `at`.
fn tag(text: &[u8], at: usize) -> Option<usize> {
    const NAME: &[u8] = b"license-identifier:";
    let is_tag = at.checked_sub(5).is_some_and(|from| text[from..at].eq_ignore_ascii_case(b"spdx-"))
        && text[at..].get(..NAME.len()).is_some_and(|there| there.eq_ignore_ascii_case(NAME));
    let of_expression =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'(' | b')' | b' ' | b'\t');
    let value = at + NAME.len();
    is_tag.then(|| value + text[value..].iter().take_while(|b| of_expression(b)).count())
}

/// Where the call ends by which a module of the Linux kernel tells its license, when `at` is the `LICENSE` in its name.
fn module(text: &[u8], at: usize) -> Option<usize> {
    const LONGEST: usize = 64;
    let value = text[..at].ends_with(b"MODULE_").then(|| text[at..].strip_prefix(b"LICENSE(\""))??;
    let length = value.iter().take(LONGEST).take_while(|byte| !matches!(byte, b'"' | b'\n')).count();
    // `GPL and additional rights` is no field that can be read.
    let is_plain = !value[..length].windows(5).any(|part| part == b" and ");
    (is_plain && value[length..].starts_with(b"\")")).then(|| text.len() - value.len() + length)
}

/// Whether the anchor `word` at `at` may be part of what is said of a license.
fn counts(text: &str, at: usize, word: &str) -> bool {
    if IN_NAMES.contains(&word) || !word.is_ascii() {
        return true;
    }
    let bytes = text.as_bytes();
    let behind = at + word.len();
    // `EXPORT_SYMBOL_GPL`, `KERN_NOTICE`, but not `_GPL_` for emphasis.
    let in_name = matches!(bytes[..at], [.., a, b'_'] if a.is_ascii_alphanumeric());
    let goes_on = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let in_word = bytes[..at].last().is_some_and(u8::is_ascii_alphanumeric);
    if in_name || WHOLE.contains(&word) && (in_word || bytes.get(behind).is_some_and(goes_on)) {
        return false;
    }
    if !WEAK.contains(&word) {
        return true;
    }
    let near =
        text.floor_char_boundary(at.saturating_sub(NEAR.0))..text.floor_char_boundary(text.len().min(at + NEAR.1));
    !in_word && bytes.get(behind) != Some(&b'_') && LEGAL.is_in(&text[near])
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[&str] = &["licen", "gpl", "notice", "permission", "cc0", "許可"];

    /// The anchors of a text, as what stands from each on.
    fn found(text: &str) -> Vec<&str> {
        let lower = text.to_ascii_lowercase();
        let hits: Vec<Hit> = WORDS
            .iter()
            .enumerate()
            .flat_map(|(n, word)| {
                lower.match_indices(word).map(move |(at, _)| Hit { keyword: n as u16, start: at as u32 })
            })
            .collect();
        anchors(text, &hits, WORDS)
            .into_iter()
            .map(|at| text[at..].split_whitespace().next().unwrap_or_default())
            .collect()
    }

    #[test]
    fn tags_start_no_search_and_what_stands_behind_them_does() {
        assert!(found("// SPDX-License-Identifier: GPL-2.0 WITH x OR (LicenseRef-gpl AND LGPL-2.1+)\n").is_empty());
        assert_eq!(found("SPDX-License-Identifier: GPL-2.0, see LICENSE\nGPL"), ["LICENSE", "GPL"]);
        assert_eq!(found("SPDX-License: GPL"), ["License:", "GPL"]);
    }

    #[test]
    fn modules_of_the_kernel_start_none() {
        assert!(found("MODULE_LICENSE(\"Dual BSD/GPL\");").is_empty());
        assert_eq!(found("MODULE_LICENSE(\"GPL\"); /* GPL */"), ["GPL"]);
        assert_eq!(found("MODULE_LICENSE(\"GPL and additional rights\");").len(), 2);
        assert_eq!(found("MODULE_LICENSE(\"GPL\n\")"), ["LICENSE(\"GPL", "GPL"]);
    }

    #[test]
    fn names_in_code_start_none() {
        assert!(found("EXPORT_SYMBOL_GPL(f); pr_info(KERN_NOTICE x); nested_check_permission(p)").is_empty());
        assert_eq!(found("MODULE_LICENSE(x) __GPL__ _GPL_ LGPL"), ["LICENSE(x)", "GPL__", "GPL_", "GPL"]);
        assert!(found("0x1cc0f 12cc0ab cc0_mask 00CC0;").is_empty());
        assert_eq!(found("CC0-1.0 cc0, cc0"), ["CC0-1.0", "cc0,", "cc0"]);
    }

    #[test]
    fn everyday_words_start_one_where_a_word_of_licenses_stands_near() {
        assert!(found("took no notice; file permissions; Permission denied").is_empty());
        assert_eq!(found("For conditions of use, see copyright\n * notice in zlib.h"), ["notice"]);
        assert_eq!(found("PERMISSION IS HEREBY GIVEN"), ["PERMISSION"]);
        assert_eq!(found("使用許可"), ["許可"]);
    }
}
