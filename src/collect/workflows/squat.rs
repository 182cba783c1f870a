//! Names that look like those of popular repositories.

use super::data::repositories;

/// Characters that stand beside each other on keyboards or look alike, with what they are mistaken for.
const SLIPS: &[(char, &[&str])] = &[
    ('1', &["2", "q", "i", "l"]),
    ('2', &["1", "q", "w", "3"]),
    ('3', &["2", "w", "e", "4"]),
    ('4', &["3", "e", "r", "5"]),
    ('5', &["4", "r", "t", "6", "s"]),
    ('6', &["5", "t", "y", "7"]),
    ('7', &["6", "y", "u", "8"]),
    ('8', &["7", "u", "i", "9"]),
    ('9', &["8", "i", "o", "0"]),
    ('0', &["9", "o", "p", "-"]),
    ('-', &["_", "0", "p", ".", ""]),
    ('_', &["-", "0", "p", ".", ""]),
    ('q', &["1", "2", "w", "a"]),
    ('w', &["2", "3", "e", "s", "a", "q", "vv"]),
    ('e', &["3", "4", "r", "d", "s", "w"]),
    ('r', &["4", "5", "t", "f", "d", "e"]),
    ('t', &["5", "6", "y", "g", "f", "r"]),
    ('y', &["6", "7", "u", "h", "t", "i"]),
    ('u', &["7", "8", "i", "j", "y", "v"]),
    ('i', &["1", "8", "9", "o", "l", "k", "j", "u", "y"]),
    ('o', &["9", "0", "p", "l", "i"]),
    ('p', &["0", "-", "o"]),
    ('a', &["q", "w", "s", "z"]),
    ('s', &["w", "d", "x", "z", "a", "5"]),
    ('d', &["e", "r", "f", "c", "x", "s"]),
    ('f', &["r", "g", "v", "c", "d"]),
    ('g', &["t", "h", "b", "v", "f"]),
    ('h', &["y", "j", "n", "b", "g"]),
    ('j', &["u", "i", "k", "m", "n", "h"]),
    ('k', &["i", "o", "l", "m", "j"]),
    ('l', &["i", "o", "p", "k", "1"]),
    ('z', &["a", "s", "x"]),
    ('x', &["z", "s", "d", "c"]),
    ('c', &["x", "d", "f", "v"]),
    ('v', &["c", "f", "g", "b", "u"]),
    ('b', &["v", "g", "h", "n"]),
    ('n', &["b", "h", "j", "m"]),
    ('m', &["n", "j", "k", "rn"]),
    ('.', &["-", "_", ""]),
    ('/', &["-", "_"]),
];

/// The popular repository of another owner for which `slug`, in lower case, can be mistaken: one character left out, one
/// in place of another, or the same words in another order.
pub(super) fn looks_like(slug: &str) -> Option<&'static str> {
    let known = &repositories().popular;
    if known.contains(slug) {
        return None;
    }
    let owner = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
    let own = owner(slug);
    known.iter().map(String::as_str).find(|popular| {
        owner(popular) != own && (is_omission(slug, popular) || is_slip(slug, popular) || is_swap(slug, popular))
    })
}

/// Whether `name` is `whole` without one character.
fn is_omission(name: &str, whole: &str) -> bool {
    if name.len() + 1 != whole.len() {
        return false;
    }
    let same = name.bytes().zip(whole.bytes()).take_while(|(a, b)| a == b).count();
    name.as_bytes()[same..] == whole.as_bytes()[same + 1..]
}

/// Whether one character of `name`, mistaken for another, makes `meant` of it.
fn is_slip(name: &str, meant: &str) -> bool {
    if name.len().abs_diff(meant.len()) > 1 {
        return false;
    }
    name.char_indices().any(|(at, c)| {
        let (head, tail) = (&name[..at], &name[at + c.len_utf8()..]);
        let Some(rest) = meant.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)) else { return false };
        SLIPS.iter().any(|(slip, others)| *slip == c && others.contains(&rest))
    })
}

/// Whether both have the same words in another order.
fn is_swap(name: &str, meant: &str) -> bool {
    if name.len() != meant.len() || name == meant {
        return false;
    }
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(['-', '_', '/']).map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    words(name) == words(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_and_others_left_alone() {
        assert_eq!(looks_like("action/checkout"), Some("actions/checkout"));
        assert_eq!(looks_like("actjons/checkout"), Some("actions/checkout"));
        assert_eq!(looks_like("checkout/actions"), Some("actions/checkout"));
        for fine in ["actions/checkout", "actions/chekout", "my/checkout", "a/b", "é/é"] {
            assert_eq!(looks_like(fine), None, "{fine}");
        }
    }
}
