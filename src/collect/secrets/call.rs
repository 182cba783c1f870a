//! Credentials among the arguments of the calls of `policies/facts/secrets/calls.txt`.

use std::ops::Range;

use super::login::{Login, is_random, unusable};
use super::rule::Argument;
use super::value::{Mix, entropy, is_chosen, is_hex, is_other_text, is_public, is_template, word_share};
use crate::model::Confidence;

/// Longest list of arguments that is looked at, in bytes.
const LONGEST: usize = 600;

/// The credentials of the call whose name, up to its arguments, stands at `at` in so many bytes.
pub(super) fn find(text: &str, at: usize, length: usize, wanted: &[Argument]) -> Vec<Login> {
    let bytes = text.as_bytes();
    let name = &bytes[at..at + length];
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    // A capital starts a word in the middle of a name, too: `HTTPBasicAuth(`.
    let starts_word = |b: u8| is_part(b) && !b.is_ascii_uppercase();
    if name.first().copied().is_some_and(starts_word)
        && at.checked_sub(1).is_some_and(|before| is_part(bytes[before]))
    {
        return Vec::new();
    }
    // Where the list of arguments starts: behind the bracket, or at the first of them where there is none.
    let start = match name.last() {
        Some(b'(') => at + length,
        Some(b'"' | b'\'') => at + length - 1,
        _ => {
            let rest = &bytes[at + length..bytes.len().min(at + length + 16)];
            match rest.iter().position(|b| *b == b'(') {
                Some(open) if rest[..open].iter().all(|b| is_part(*b) || *b == b' ') => at + length + open + 1,
                _ => return Vec::new(),
            }
        }
    };
    let arguments = arguments(text, start);
    let mut out = Vec::new();
    for Argument { number, machine_made } in wanted {
        let Some(value) = arguments.get(*number).and_then(|argument| literal(text, argument.clone())) else {
            continue;
        };
        let shown = &text[value.clone()];
        let good = if *machine_made {
            is_made(shown)
        } else {
            Mix::of(shown).classes() >= 2 && (is_random(shown) || is_chosen(shown) && !unusable(shown))
        };
        if good && !is_other_text(shown) && !is_template(shown) && !is_public(shown) {
            out.push((value, "call-password", "credential in a call", Confidence::Low));
        }
    }
    out
}

/// The arguments from a place on, up to the bracket that closes or the end of the statement.
fn arguments(text: &str, from: usize) -> Vec<Range<usize>> {
    let bytes = &text.as_bytes()[..text.floor_char_boundary(from.saturating_add(LONGEST))];
    let (mut out, mut start, mut depth, mut quote) = (Vec::new(), from, 0u32, None);
    for (at, &byte) in bytes.iter().enumerate().skip(from) {
        match (quote, byte) {
            (Some(open), byte) if open == byte && bytes[at - 1] != b'\\' => quote = None,
            (Some(_), b'\n') => return Vec::new(),
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') if depth > 0 => depth -= 1,
            (None, b',') if depth == 0 => {
                out.push(start..at);
                start = at + 1;
            }
            (None, b')' | b']' | b'}' | b';') => {
                out.push(start..at);
                return out;
            }
            _ => {}
        }
    }
    // Without brackets the list ends with its line.
    let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |end| start + end);
    out.push(start..end);
    out
}

/// The text in quotes that an argument is, when nothing but the names of conversions stand around it:
/// `Some("…")`, `"…".getBytes()`, `[]byte("…")`, `b"…"`.
fn literal(text: &str, argument: Range<usize>) -> Option<Range<usize>> {
    let written = &text[argument.clone()];
    let open = written.find(['"', '\'', '`'])?;
    let quote = char::from(written.as_bytes()[open]);
    let close = open + 1 + written[open + 1..].find(quote)?;
    let around = [&written[..open], &written[close + 1..]];
    let is_plain = |part: &str| {
        part.len() < 40 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b" \t\n_.:()[]&".contains(&b))
    };
    // A name and a sign in front of it is another argument of its own: `algorithm="…"`.
    around.into_iter().all(is_plain).then_some(argument.start + open + 1..argument.start + close)
}

/// Whether a text is one that a machine made; what is hexadecimal is a test vector more often than a key.
fn is_made(value: &str) -> bool {
    let mix = Mix::of(value);
    value.len() >= 16
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+/=".contains(&b))
        && mix.digits > 0
        && mix.lower > 1
        && mix.upper > 1
        && !is_hex(value)
        && entropy(value) >= 3.3
        && word_share(value) < 0.25
        && is_random(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text in which `PW` stands for a credential, and the credential as `PW` again.
    fn found(text: &str, name: &str, number: usize, machine_made: bool) -> Vec<String> {
        let secret = ["kV9tRw2", "LmQ7xZb4N"].concat();
        let text = text.replace("PW", &secret);
        let at = text.to_ascii_lowercase().find(name).unwrap();
        let wanted = [Argument { number, machine_made }];
        let all = find(&text, at, name.len(), &wanted).into_iter();
        all.map(|login| text[login.0].replace(&secret, "PW")).collect()
    }

    #[test]
    fn arguments_are_counted_and_conversions_passed_by() {
        assert_eq!(found("a.login(\"me@h.org\", \"PW\")", ".login(", 1, false), ["PW"]);
        assert_eq!(found("a.login(user(1, 2), 'PW')", ".login(", 1, false), ["PW"]);
        assert_eq!(found("x.basic_auth(\"me\", Some(\"PW\"))", ".basic_auth(", 1, false), ["PW"]);
        assert_eq!(found("basic_auth \"me\", \"PW\"\n", "basic_auth \"", 1, false), ["PW"]);
        assert_eq!(found("jwt.sign(data, \"PW\")", "jwt.sign(", 1, true), ["PW"]);
        assert_eq!(found("NetworkCredential(user, 'PW')", "networkcredential(", 1, false), ["PW"]);
        assert_eq!(found("getConnection(\"jdbc:x:y\", \"me\", \"PW\");", "getconnection(", 2, false), ["PW"]);
        assert_eq!(found("mysqli_connect('h', 'me', 'PW', 'db')", "mysqli", 2, false), ["PW"]);
        for text in [
            "a.login(\"PW\")",
            "a.login(",
            "a.login(user, pass)",
            "a.login(user, \"password\")",
            "a.login(user, prefix + \"PW\")",
            "a.login(user, get(\"pass\", \"PW\"))",
        ] {
            assert!(found(text, ".login(", 1, false).is_empty(), "{text}");
        }
        assert!(found("jwt.sign(data, \"000102030405060708090a0b0c0d0e0f\")", "jwt.sign(", 1, true).is_empty());
    }
}
