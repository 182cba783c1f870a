//! Credentials whose structure can be checked: checksums, JSON web tokens, keys in armour.

/// The digits of base 62 as GitHub and npm use them.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether the last six characters are the CRC-32 (IEEE 802.3) of those between the prefix (up to the first `_`) and them,
/// written in base 62.
pub(super) fn has_crc32_base62(token: &str) -> bool {
    let Some((_, body)) = token.split_once('_') else { return false };
    let Some((content, check)) = body.len().checked_sub(6).and_then(|at| body.split_at_checked(at)) else {
        return false;
    };
    let mut crc = flate2::Crc::new();
    crc.update(content.as_bytes());
    let mut value = crc.sum() as usize;
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[value % 62];
        value /= 62;
    }
    check.as_bytes() == digits
}

/// Decodes base64 of either alphabet, with or without padding; white space is left out. `None` when another character
/// stands in it, or more than `most` bytes come out.
pub(super) fn base64(text: &str, most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            if out.len() == most {
                return None;
            }
            out.push((bits >> held) as u8);
        }
    }
    Some(out)
}

/// The length of the JSON web token (RFC 7519) that a text starts with: three parts of base64url, of which the first is a
/// JSON object that names an algorithm or a type.
pub(super) fn jwt(text: &str) -> Option<usize> {
    let in_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/' | b'+');
    let part = |from: usize| text.as_bytes()[from..].iter().take(16_384).take_while(|b| in_part(**b)).count();
    let head = part(0);
    let second = head + 1;
    if head < 16 || text.as_bytes().get(head) != Some(&b'.') {
        return None;
    }
    let body = part(second);
    let third = second + body + 1;
    if body < 8 || text.as_bytes().get(second + body) != Some(&b'.') {
        return None;
    }
    let signature = part(third);
    let decoded = base64(&text[..head], 4096)?;
    let object: serde_json::Value = serde_json::from_slice(&decoded).ok()?;
    let known = ["alg", "typ", "enc", "kid"].iter().any(|key| object.get(key).is_some());
    let claims = base64(&text[second..second + body], 16_384)?;
    // The token that jwt.io shows is in thousands of documents and opens nothing.
    let shown = claims.windows(8).any(|w| w == b"John Doe") && claims.windows(10).any(|w| w == b"1516239022");
    let padding = text.as_bytes()[third + signature..].iter().take(2).take_while(|b| **b == b'=').count();
    (known && !shown && (signature >= 10 || signature == 0)).then_some(third + signature + padding)
}

/// A private key in armour: how long it is, and whether its body holds up.
pub(super) struct Armour {
    pub(super) length: usize,
    /// Its body decodes to what a key of its kind starts with, and to all of it.
    pub(super) sound: bool,
    /// Of which kind, in kebab-case.
    pub(super) kind: &'static str,
}

/// Longest key that is looked at, in bytes.
const MOST: usize = 64 << 10;

/// Reads the private key in armour (RFC 7468, RFC 4880) that a text starts with. Line ends may be escaped, as in JSON.
/// `None` for public keys, certificates, and headers without a body.
pub(super) fn armour(text: &str) -> Option<Armour> {
    let rest = text.get(10..)?;
    let label_end = rest.find("-----")?;
    let label = rest.get(..label_end)?.trim().to_ascii_uppercase();
    if label.len() > 60 || !label.ends_with("PRIVATE KEY") && label != "PGP PRIVATE KEY BLOCK" {
        return None;
    }
    let start = 10 + label_end + 5;
    let (body, end) = body(text, start);
    let encrypted = body.contains("ENCRYPTED") || label.contains("ENCRYPTED");
    let letters = letters(body, end.is_some())?;
    if letters.len() < 40 || super::value::is_monotone(&letters) || super::value::word_share(&letters) > 0.7 {
        return None;
    }
    let bytes = base64(&letters, MOST).unwrap_or_default();
    let der = is_whole_der(&bytes);
    let openssh = is_whole_openssh(&bytes);
    let pgp = bytes.first().is_some_and(|b| b & 0x80 != 0);
    let (kind, sound) = match label.as_str() {
        "PGP PRIVATE KEY BLOCK" => ("pgp-private-key", pgp),
        "OPENSSH PRIVATE KEY" => ("openssh-private-key", openssh),
        _ if encrypted => ("encrypted-private-key", der || bytes.len() >= 64),
        _ => ("private-key", der || openssh),
    };
    let closing = end.map_or(0, |end| {
        let rest = &text.as_bytes()[start + end + 5..];
        memchr::memmem::find(&rest[..rest.len().min(MOST)], b"-----").map_or(8, |n| n + 10)
    });
    Some(Armour { length: start + end.unwrap_or(0) + closing, sound: sound && end.is_some(), kind })
}

/// What the armour that a text starts with holds, at most so many bytes; `None` where it is damaged or has no end.
pub(super) fn armoured(text: &str, most: usize) -> Option<Vec<u8>> {
    let start = 10 + text.get(10..)?.find("-----")? + 5;
    let (body, end) = body(text, start);
    base64(&letters(body, true).filter(|_| end.is_some())?, most)
}

/// What stands behind the first line of armour, and how long it is where it has an end.
fn body(text: &str, start: usize) -> (&str, Option<usize>) {
    let mut limit = text.len().min(start + MOST);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let rest = &text[start..limit];
    let end = rest.find("-----END");
    (&rest[..rest.floor_char_boundary(end.unwrap_or(rest.len().min(4000)))], end)
}

/// The base64 in the body of armour, without the escapes and marks of strings joined over lines and without header lines
/// (`Proc-Type: …`). `None` where something was left out.
fn letters(body: &str, has_end: bool) -> Option<String> {
    let body = body.replace("\\n", "\n").replace("\\r", "").replace("\\\\", "");
    let mut letters = String::new();
    for line in body.lines() {
        let line = line.trim();
        // `+` and `/` join lines of some languages, and are digits in a line that is nothing else.
        let is_digits = line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
        let joins = |c: char| matches!(c, '"' | '\'' | '+' | ',' | ';' | '|' | '*' | '#' | '>' | '\\' | ' ' | '/');
        let line = if is_digits { line } else { line.trim_matches(joins) };
        if line.contains(':') || line.is_empty() {
            continue;
        }
        if is_ellipsis(line) {
            return None;
        }
        if !line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b' ')) {
            if !has_end || letters.len() >= 64 {
                break;
            }
            continue;
        }
        letters.push_str(line);
    }
    Some(letters)
}

/// Whether bytes are one SEQUENCE of DER (X.690) that is there, but for a digit or two that stood where lines are joined:
/// manuals shorten keys, and no key is left then.
fn is_whole_der(bytes: &[u8]) -> bool {
    let [0x30, first, rest @ ..] = bytes else { return false };
    let (length, content) = match usize::from(*first) {
        short @ ..0x80 => (short, rest),
        long => {
            let Some((digits, content)) =
                rest.split_at_checked(long & 0x7f).filter(|(d, _)| (1..5).contains(&d.len()))
            else {
                return false;
            };
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), content)
        }
    };
    length > 0 && length - length / 16 <= content.len()
}

/// Whether bytes are a key as OpenSSH writes it (PROTOCOL.key) that is all there: after the magic the names of cipher and
/// derivation, its options, the number of keys, and texts of a stated length for each public and all private ones.
fn is_whole_openssh(bytes: &[u8]) -> bool {
    fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<4>()?;
        Some((u32::from_be_bytes(*head) as usize, rest))
    }
    fn text(bytes: &[u8]) -> Option<&[u8]> {
        let (length, rest) = number(bytes)?;
        rest.get(length..)
    }
    let whole = || {
        let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
        let (keys, rest) = number(text(text(text(rest)?)?)?)?;
        // One key for each public text, and one text of all private ones.
        (0..=keys.min(16)).try_fold(rest, |rest, _| text(rest))
    };
    whole().is_some()
}

/// Whether a line stands for what was left out, as manuals shorten keys: `.`, `...`, `[...]`, `<snip>`.
fn is_ellipsis(line: &str) -> bool {
    let inner = line.trim_matches(['[', ']', '<', '>', '(', ')', ' ']);
    ["snip", "snipped", "truncated", "omitted", "cut"].iter().any(|word| inner.eq_ignore_ascii_case(word))
        || !inner.is_empty() && inner.chars().all(|c| matches!(c, '.' | '\u{2026}'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_checksum_is_that_which_github_documents() {
        // The worked example of the announcement in April 2021 has no token in it; CRC-32 of "123456789" is 0xCBF43926.
        let token = format!("{}_{}{}", "ghp", "123456789", "3jrP2a");
        let mut value = 0xCBF4_3926_usize;
        let mut digits = Vec::new();
        for _ in 0..6 {
            digits.insert(0, BASE62[value % 62]);
            value /= 62;
        }
        let right = format!("ghp_123456789{}", String::from_utf8_lossy(&digits));
        assert!(has_crc32_base62(&right), "{right}");
        assert_eq!(has_crc32_base62(&token), token == right);
        assert!(!has_crc32_base62("ghp_abc") && !has_crc32_base62("ghp"));
    }

    #[test]
    fn base64_of_both_alphabets_is_decoded() {
        // RFC 4648, section 10.
        assert_eq!(base64("Zm9vYmE=", 100), Some(b"fooba".to_vec()));
        assert_eq!(base64("Zm9v\nYmFy", 100), Some(b"foobar".to_vec()));
        assert_eq!(base64("-_-_", 100), base64("+/+/", 100));
        assert_eq!(base64("a!", 100), None);
        assert_eq!(base64("Zm9vYmFy", 3), None);
    }

    #[test]
    fn tokens_without_a_header_are_none() {
        let parts = ["eyJhbGciOiJIUzI1NiJ9", "eyJpc3MiOiJqb2UifQ", "dBjftJeZ4CVPmB92K27uhbUJU1p1r"];
        let token = parts.join(".");
        assert_eq!(jwt(&token), Some(token.len()));
        assert_eq!(jwt(&format!("eyJub3RoaW5nIjoxfX.{}.{}", parts[1], parts[2])), None);
        assert_eq!(jwt("eyJhbGciOiJIUzI1NiJ9"), None);
    }

    #[test]
    fn armour_without_a_key_is_none() {
        let armour_of =
            |label: &str, body: &str| armour(&format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----"));
        let body = format!("MHcCAQEE{}", "IIr3kK9vQ2mZpL7wR4tYbN8cXs5dF6gH1jU0oAoGCCqGSM49AwEHoUQDQgAE");
        for left_out in [".\n.", "...", "[...]", "<snip>", "\u{2026}"] {
            let short = format!("{body}\n{left_out}\n{body}");
            assert!(armour_of(&["EC", "PRIVATE", "KEY"].join(" "), &short).is_none(), "{left_out}");
        }
        // The body says that it has 119 bytes and has 51; "MDE" says 49, all of which are there.
        let short = armour_of(&["EC", "PRIVATE", "KEY"].join(" "), &body);
        assert!(short.is_some_and(|a| !a.sound && a.kind == "private-key"));
        let whole = armour_of(&["EC", "PRIVATE", "KEY"].join(" "), &body.replacen("MHcC", "MDEC", 1));
        assert!(whole.is_some_and(|a| a.sound && a.kind == "private-key"));
        assert!(armour_of("PUBLIC KEY", &body).is_none());
        assert!(armour_of(&["PRIVATE", "KEY"].join(" "), "...").is_none());
        assert!(armour_of(&["RSA", "PRIVATE", "KEY"].join(" "), &"x".repeat(80)).is_none());
    }

    #[test]
    fn keys_that_were_shortened_are_not_whole() {
        // X.690: 8.1.3.4 short and 8.1.3.5 long form of the length; 8.1.3.6, the indefinite form, is none of DER.
        for whole in [&[0x30, 1, 5][..], &[0x30, 0x81, 1, 5], &[0x30, 0x82, 0, 2, 5, 0], &[0x30, 1, 5, 9]] {
            assert!(is_whole_der(whole), "{whole:?}");
        }
        for not in [&[][..], &[0x30], &[0x30, 0], &[0x30, 2, 5], &[0x30, 0x81, 2, 5], &[0x30, 0x80, 5], &[0x31, 1, 5]]
        {
            assert!(!is_whole_der(not), "{not:?}");
        }
        let text = |text: &[u8]| [&(text.len() as u32).to_be_bytes(), text].concat();
        let parts = [b"openssh-key-v1\0".to_vec(), text(b"none"), text(b"none"), text(b""), vec![0, 0, 0, 1]];
        let key = [parts.concat(), text(b"public"), text(b"private")].concat();
        assert!(is_whole_openssh(&key));
        assert!(!is_whole_openssh(&key[..key.len() - 1]) && !is_whole_openssh(b"openssh-key-v1\0"));
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[ -~\né]{0,200}") {
            let _ = (jwt(&text), has_crc32_base62(&text), base64(&text, 10));
            let key = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
            let _ = armour(&format!("{key}{text}"));
            let _ = (armour(&text), is_whole_der(text.as_bytes()), is_whole_openssh(text.as_bytes()));
        }
    }
}
