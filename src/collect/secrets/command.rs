//! Credentials on command lines, where the programs of `policies/facts/secrets/commands.txt` take them.

use std::ops::Range;

use super::login::{Login, unusable};
use super::rule::{Place, Position};
use super::value::{
    Mix, entropy, is_chosen, is_hex, is_monotone, is_other_text, is_public, is_uuid, says_itself, word_share,
};
use crate::model::Confidence;

/// Longest command that is looked at, in bytes.
const LONGEST: usize = 1200;
/// How many words of one are.
const MOST_WORDS: usize = 64;

/// The credentials of the command whose program is named at `at`, in so many bytes.
pub(super) fn find(text: &str, at: usize, length: usize, places: &[Place]) -> Vec<Login> {
    let bytes = text.as_bytes();
    let starts = at.checked_sub(1).is_none_or(|before| {
        matches!(bytes[before], b'/' | b'"' | b'\'' | b'`' | b'(' | b'$' | b'|' | b'&' | b';' | b'\\' | b'@' | b'{')
            || bytes[before].is_ascii_whitespace()
    });
    let behind = at + length;
    let ends = bytes[behind - 1] == b' ' || bytes.get(behind).is_none_or(|b| b.is_ascii_whitespace());
    if !starts || !ends {
        return Vec::new();
    }
    let (words, given) = words(text, behind);
    let mut out = Vec::new();
    for place in places {
        let values = match place.position {
            Position::Next(option) => behind_option(text, &words, option, false),
            Position::Joined(option) => words.iter().filter_map(|word| joined(text, word, option)).collect(),
            Position::Either(option) => behind_option(text, &words, option, true),
            Position::Word(number) => {
                // Options start with `-`, on Windows with `/`, where a path has more of them.
                let is_option = |word: &str| {
                    word.starts_with('-') || word.strip_prefix('/').is_some_and(|rest| !rest.contains('/'))
                };
                let mut plain = words.iter().filter(|word| !is_option(&text[(*word).clone()]));
                plain.nth(number - 1).cloned().into_iter().collect()
            }
            Position::Input => given.clone().or_else(|| echoed(text, at)).into_iter().collect(),
        };
        for value in values {
            let value = unquoted(text, value);
            let Some(value) = part(text, value, place.behind) else { continue };
            let shown = &text[value.clone()];
            if if place.machine_made { is_made(shown) } else { is_password(shown) } {
                out.push((value, "command-password", "credential on a command line", Confidence::Medium));
            }
        }
    }
    out
}

/// What stands behind an option: the next word, what follows `=`, or, if it may be `joined`, the rest of the word.
fn behind_option(text: &str, words: &[Range<usize>], option: &str, may_join: bool) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for (number, word) in words.iter().enumerate() {
        let written = &text[word.clone()];
        if written == option {
            out.extend(words.get(number + 1).filter(|next| !text[(*next).clone()].starts_with('-')).cloned());
        } else if written.strip_prefix(option).is_some_and(|rest| rest.starts_with('=')) {
            out.push(word.start + option.len() + 1..word.end);
        } else if may_join {
            out.extend(joined(text, word, option));
        }
    }
    out
}

/// What follows an option in its word.
fn joined(text: &str, word: &Range<usize>, option: &str) -> Option<Range<usize>> {
    let rest = text[word.clone()].strip_prefix(option)?;
    let equals = usize::from(rest.starts_with('='));
    (rest.len() > equals).then(|| word.start + option.len() + equals..word.end)
}

/// The part of a value behind a character; behind `/`, as Oracle has it, up to the `@` of the database.
fn part(text: &str, value: Range<usize>, behind: Option<char>) -> Option<Range<usize>> {
    let Some(mark) = behind else { return Some(value) };
    let (before, rest) = text[value.clone()].split_once(mark)?;
    // What an option of OpenSSL names is read from elsewhere.
    if mark == ':' && matches!(before, "env" | "file" | "fd" | "stdin" | "http" | "https") {
        return None;
    }
    let end = match rest.rfind('@').filter(|_| matches!(mark, '/' | ':')) {
        Some(host) if mark == '/' || rest[host + 1..].starts_with(char::is_alphanumeric) => host,
        _ => rest.len(),
    };
    let start = value.end - rest.len();
    let inner = unquoted(text, start..start + end);
    (!inner.is_empty()).then_some(inner)
}

/// A range without the quotes around it.
fn unquoted(text: &str, value: Range<usize>) -> Range<usize> {
    let written = &text[value.clone()];
    let inner = ['"', '\''].iter().find_map(|quote| written.strip_prefix(*quote)?.strip_suffix(*quote));
    if inner.is_some() { value.start + 1..value.end - 1 } else { value }
}

/// The words behind a place up to the end of the command, and what `<<<` gives it.
fn words(text: &str, from: usize) -> (Vec<Range<usize>>, Option<Range<usize>>) {
    let bytes = &text.as_bytes()[..text.floor_char_boundary(from.saturating_add(LONGEST))];
    let (mut words, mut given, mut is_given) = (Vec::new(), None, false);
    let mut at = from;
    while words.len() < MOST_WORDS {
        while let Some(b' ' | b'\t') = bytes.get(at) {
            at += 1;
        }
        // A backslash joins the next line.
        if bytes[at..].starts_with(b"\\\n") || bytes[at..].starts_with(b"\\\r\n") {
            at += if bytes[at + 1] == b'\r' { 3 } else { 2 };
            continue;
        }
        if bytes[at..].starts_with(b"<<<") {
            (at, is_given) = (at + 3, true);
            continue;
        }
        let start = at;
        let mut quote = None;
        while let Some(&byte) = bytes.get(at) {
            match (quote, byte) {
                (_, b'\n' | b'\r') => break,
                (None, b' ' | b'\t' | b'|' | b';' | b'`' | b')') => break,
                // A quote that opens stands at the start of a word or of a value; any other closes a text around all.
                (None, b'"' | b'\'') => {
                    let opens = at == start
                        || matches!(bytes[at - 1], b'=' | b':' | b',' | b'%')
                        || bytes[start] == b'-'
                            && bytes[start..at].iter().all(|b| b.is_ascii_alphabetic() || *b == b'-');
                    if !opens || !has_close(&bytes[at + 1..], byte) {
                        break;
                    }
                    quote = Some(byte);
                }
                (Some(open), byte) if open == byte => quote = None,
                _ => {}
            }
            at += 1;
        }
        if at == start {
            break;
        }
        if text.is_char_boundary(at) {
            if is_given {
                given.get_or_insert(unquoted(text, start..at));
            } else {
                words.push(start..at);
            }
        }
        if !matches!(bytes.get(at), Some(b' ' | b'\t')) && !bytes[at..].starts_with(b"\\\n") {
            break;
        }
    }
    (words, given)
}

/// Whether a quote closes on its line.
fn has_close(rest: &[u8], quote: u8) -> bool {
    rest.iter().take_while(|b| **b != b'\n').any(|b| *b == quote)
}

/// What `echo` gives to the program at `at`, which stands behind a pipe.
fn echoed(text: &str, at: usize) -> Option<Range<usize>> {
    let from = text.ceil_char_boundary(at.saturating_sub(LONGEST));
    let line = text[from..at].rsplit('\n').next()?;
    let start = at - line.len();
    let before = line.trim_end();
    let before = before.strip_suffix("sudo").unwrap_or(before).trim_end().strip_suffix('|')?.trim_end();
    let echo = before.rfind("echo ")? + "echo ".len();
    let value = before[echo..].trim_start().trim_start_matches("-n ").trim_start_matches("-e ");
    let end = start + before.len();
    let value = unquoted(text, end - value.len()..end);
    (!text[value.clone()].contains([' ', '|'])).then_some(value)
}

/// Whether a text is a password that somebody chose, and stands for none.
fn is_password(value: &str) -> bool {
    let is_plain = Mix::of(value).classes() < 2 || word_share(value) > 0.6 && !is_chosen(value);
    (6..=128).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_graphic())
        && !value.contains(['\\', '<', '>', '"'])
        && !value.starts_with(['$', '-', '/', '.', '&', '(', '%', '*'])
        && !is_plain
        && !is_number_like(value)
        && !unusable(value)
        && !says_itself(value)
        && !is_other_text(value)
        && !is_public(value)
        && !is_monotone(value)
}

/// Whether a text is numbers: a port, addresses, a size.
fn is_number_like(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_digit() || b".:,-/".contains(&b))
}

/// Whether a text is a token that a machine made.
fn is_made(value: &str) -> bool {
    let mix = Mix::of(value);
    (16..=512).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.+/=".contains(&b))
        && mix.digits > 1
        && mix.lower + mix.upper > 2
        && entropy(value) >= if is_hex(value) { 3.0 } else { 3.3 }
        && word_share(value) < 0.35
        && !unusable(value)
        && !is_uuid(value)
        && !is_other_text(value)
        && !is_public(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text in which `PW` stands for a password, and the password as `PW` again.
    fn found(text: &str, program: &str, places: &[Place]) -> Vec<String> {
        let secret = ["Kv9t", "Rw2L"].concat();
        let text = text.replace("PW", &secret);
        let at = text.find(program).unwrap();
        let all = find(&text, at, program.len(), places).into_iter();
        all.map(|login| text[login.0].replace(&secret, "PW")).collect()
    }

    fn place(position: Position, behind: Option<char>) -> Place {
        Place { position, behind, machine_made: false }
    }

    #[test]
    fn options_words_and_input_are_told_apart() {
        let joined = [place(Position::Joined("-p"), None), place(Position::Next("--password"), None)];
        for (line, value) in [
            ("mysql -u root -pPW shop", "PW"),
            ("mysql -u root -p'PW#x' shop", "PW#x"),
            ("x(\"mysql -u root -pPW\")", "PW"),
            ("mysql -u root \\\n  --password=PW", "PW"),
            ("mysql --password \"PW\" < a.sql", "PW"),
        ] {
            assert_eq!(found(line, "mysql", &joined), [value], "{line}");
        }
        for line in [
            "mysql -u root -p PW",
            "mysql -p$PASS a",
            "mysql -p\"${PASS1}\" a",
            "mysql -ppassword a",
            "mysql -u root; other -pPW",
            "the mysql-client -pPW",
            "mysql --password -h db-server-1",
        ] {
            assert!(found(line, "mysql", &joined).is_empty(), "{line}");
        }
        let chosen = ["harbor_", "65201falcon"].concat();
        assert_eq!(found(&format!("mysql -p{chosen} a"), "mysql", &joined), [chosen]);
        let user = [place(Position::Next("-U"), Some('%'))];
        assert_eq!(found("smbclient //a/b -U 'me%PW'", "smbclient", &user), ["PW"]);
        let input = [place(Position::Input, Some(':'))];
        assert_eq!(found("echo \"root:PW\" | sudo chpasswd", "chpasswd", &input), ["PW"]);
        assert_eq!(found("chpasswd <<< 'root:PW'", "chpasswd", &input), ["PW"]);
        let word = [place(Position::Word(1), Some('/'))];
        assert_eq!(found("sqlplus -s app/PW@db1 @a.sql", "sqlplus", &word), ["PW"]);
        let passed = [place(Position::Next("-passin"), Some(':'))];
        assert_eq!(found("openssl rsa -passin pass:PW", "openssl", &passed), ["PW"]);
        assert!(found("openssl rsa -passin env:PW", "openssl", &passed).is_empty());
    }
}
