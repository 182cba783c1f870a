//! Reads the items of lists of licenses, as below `under the terms of either:`.

use super::context::{FILLERS, LINKS, VERBS};
use super::tokens::{Tokens, gap};
use crate::collect::license::words::Role;

/// How an item of a numbered list of licenses stands to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// It may be chosen instead.
    Choice,
    /// It holds as well, or there is none before it.
    Addition,
}

/// A name stands so near behind the number of its item, in words.
const ITEM: usize = 8;
/// The sentence that opens a list stands so near before an item, in words.
const LIST: usize = 160;
/// That sentence is looked at so far back, in words.
const INTRO: usize = 30;

/// The item that starts with the name at `at`, of a list like `under the terms of either: (1) ... (2) ...`, or of one
/// with dashes.
pub(super) fn item(tokens: &Tokens, at: usize) -> Option<Item> {
    let is_number = |n: usize| tokens.role(n) == Role::Bullet && tokens.gap(n, gap::LINE);
    // A dash or an asterisk is no word: the item starts with its line.
    let is_line = |n: usize| tokens.gap(n, gap::LINE) && tokens.gap(n, gap::OTHER);
    let number = (at.saturating_sub(ITEM)..at).rev().find(|&n| is_number(n));
    let start = number.or_else(|| (at.saturating_sub(ITEM)..=at).rev().find(|&n| is_line(n)))?;
    let plain = |n: usize| FILLERS.contains(&tokens.word(n)) || LINKS.contains(&tokens.word(n));
    if !(start + usize::from(number.is_some())..at).all(|n| plain(n) || VERBS.contains(&tokens.word(n))) {
        return None;
    }
    let is_item = |n: usize| if number.is_some() { is_number(n) } else { is_line(n) };
    // `Licensed under either of` needs no colon, nor does `under the terms of either of the following licenses`.
    let opened = |n: usize| {
        // `long_description="""` opens a string.
        tokens.gap(n, gap::COLON) && !tokens.gap(n, gap::QUOTE)
            || n > 1 && tokens.word(n - 1) == "licenses" && tokens.word(n - 2) == "following"
            || number.is_none()
                && n > 1
                && tokens.word(n - 1) == "of"
                && matches!(tokens.word(n - 2), "either" | "any")
    };
    let first = (start.saturating_sub(LIST)..=start).rev().find(|&n| is_item(n) && opened(n))?;
    let mut from = first;
    while from > 0 && first - from < INTRO && (from == first || !tokens.breaks_sentence(from)) {
        from -= 1;
    }
    let said = |words: &[&str]| (from..first).any(|n| words.contains(&tokens.word(n)));
    if !said(&["under", "licensed", "terms", "license", "licenses"]) {
        return None;
    }
    // `- or the MIT license`.
    let or = (start..at).any(|n| tokens.word(n) == "or");
    let chosen = start != first && (or || said(&["either", "choice", "one", "dual", "any", "choose", "option"]));
    Some(if chosen { Item::Choice } else { Item::Addition })
}
