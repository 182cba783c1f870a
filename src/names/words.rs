//! Splits what is written for a license into words and marks.

/// One piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word in lower case; a number without a trailing `.0` and without a leading `v`.
    Word(String),
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `/` or `|`.
    Slash,
    /// `||` in front of a list of which one may be chosen.
    AnyOf,
    /// `,`, `;` or a line end.
    Comma,
    /// `&`, or `+` between spaces.
    And,
    /// `+` behind a word: or any later version.
    Plus,
    /// `>=`, `>` or `~>`.
    AtLeast,
    /// `<` or `<=`.
    Below,
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Words that say nothing about which license is meant.
const IDLE: &[&str] = &[
    "the", "license", "licence", "licenses", "licences", "licensed", "version", "versions", "ver", "vers", "v",
    "lizenz", "licencia", "licenza",
];

/// So many words are enough for any name or expression.
const MOST_WORDS: usize = 400;

/// Splits a text. Words that say nothing are left out.
pub(super) fn split(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if out.len() >= MOST_WORDS {
            break;
        }
        let rest = &text[at + c.len_utf8()..];
        let after_word = at > 0 && text[..at].ends_with(|c: char| c.is_alphanumeric());
        if c.is_alphanumeric() {
            let length = word_length(&text[at..]);
            push_word(&text[at..at + length].to_lowercase(), &mut out);
            at += length;
            continue;
        }
        match c {
            '(' | '[' | '{' => out.push(Token::Open),
            ')' | ']' | '}' => out.push(Token::Close),
            '|' if rest.starts_with('|') && rest[1..].trim_start().starts_with('(') => {
                out.push(Token::AnyOf);
                at += 1;
            }
            // `doc? ( FDL-1.3 )` of Gentoo: only where that part is built.
            '?' if after_word && rest.trim_start().starts_with('(') => {
                out.pop();
            }
            '/' | '|' if out.last() != Some(&Token::Slash) => out.push(Token::Slash),
            ',' | ';' | '\n' if !matches!(out.last(), None | Some(Token::Comma)) => out.push(Token::Comma),
            '&' if out.last() != Some(&Token::And) => out.push(Token::And),
            // `GPL2+`, but `MIT + file LICENSE` and `CDDL+GPL`.
            '+' if after_word && !rest.starts_with(|c: char| c.is_alphanumeric()) => out.push(Token::Plus),
            '+' => out.push(Token::And),
            '>' => out.push(Token::AtLeast),
            '<' => out.push(Token::Below),
            _ => {}
        }
        at += c.len_utf8();
    }
    out
}

/// The length of the word at the start of `text` in bytes: letters and digits, dots and underscores between digits,
/// and apostrophes between letters.
fn word_length(text: &str) -> usize {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let joins = match c {
            '.' | '_' => before.is_ascii_digit() && next.is_ascii_digit(),
            '\'' | '\u{2019}' => before.is_alphabetic() && next.is_alphabetic(),
            _ => c.is_alphanumeric(),
        };
        if !joins {
            return at;
        }
        before = c;
    }
    text.len()
}

fn push_word(word: &str, out: &mut Vec<Token>) {
    let word: String = word.chars().filter(|c| !matches!(c, '\'' | '\u{2019}')).collect();
    let number = word.strip_prefix('v').unwrap_or(&word);
    if is_number(number) {
        out.push(Token::Word(short(number)));
    } else if !IDLE.contains(&word.as_str()) {
        out.push(Token::Word(word));
    }
}

/// Whether a word is a version number.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'_')
}

/// One spelling for a version: `2`, `2.0`, `2_0` and `2.0.0` are the same.
pub(super) fn short(number: &str) -> String {
    let mut number = number.replace('_', ".");
    while let Some(shorter) = number.strip_suffix(".0") {
        number = shorter.to_owned();
    }
    number
}

/// A word that ends with a number, split before it: `gplv2` into `gpl` and `2`, `gpl3plus` into `gpl`, `3` and `plus`.
pub(super) fn unglue(word: &str) -> Option<(&str, String, &str)> {
    let digits = word.find(|c: char| c.is_ascii_digit())?;
    let end = word[digits..]
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'))
        .map_or(word.len(), |n| digits + n);
    let (name, rest) = (&word[..digits], &word[end..]);
    let name = name.strip_suffix('v').filter(|n| !n.is_empty()).unwrap_or(name);
    (!name.is_empty() && matches!(rest, "" | "plus" | "only" | "later" | "orlater" | "p"))
        .then(|| (name, short(&dotted(&word[digits..end])), rest))
}

/// A glued number without its dot: `lgpl21` is 2.1.
fn dotted(number: &str) -> String {
    match number.as_bytes() {
        [a @ b'1'..=b'9', b] if b.is_ascii_digit() => format!("{}.{}", char::from(*a), char::from(*b)),
        _ => number.to_owned(),
    }
}
