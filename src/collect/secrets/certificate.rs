//! Certificates in armour (RFC 7468): who certifies whom, and until when (RFC 5280, section 4.1).

use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::{Hit, SourceFile};
use super::{rule, shape};
use crate::model::Certificate;

/// How many certificates of one file are read: bundles of authorities have hundreds, and tell nothing of keys.
const MOST: usize = 8;

/// Longest certificate that is read, in bytes.
const LONGEST: usize = 16 << 10;

/// Reads the certificates of a text.
pub(super) fn find(file: &SourceFile<'_>, hits: &[Hit]) -> Vec<Certificate> {
    let text = file.text();
    let starts = hits.iter().filter(|hit| rule::KEYWORDS[usize::from(hit.keyword)] == "-----begin");
    let armours = starts.filter_map(|hit| text.get(hit.start as usize..));
    let certificates = armours.filter(|rest| {
        ["CERTIFICATE-----", "TRUSTED CERTIFICATE-----"]
            .iter()
            .any(|label| rest[10..].trim_start().starts_with(label))
    });
    let read = |rest: &str| {
        let certificate = read(&shape::armoured(rest, LONGEST)?)?;
        Some(Certificate { path: file.path.clone(), ..certificate })
    };
    certificates.take(MOST).filter_map(read).collect()
}

/// Reads a certificate in DER (X.690).
fn read(bytes: &[u8]) -> Option<Certificate> {
    let (_, certificate, _) = element(bytes)?;
    let (_, signed, _) = element(certificate)?;
    // The version is left out in those of the first one.
    let (tag, _, behind) = element(signed)?;
    let serial = if tag == 0xa0 { behind } else { signed };
    let (_, _, algorithm) = element(serial)?;
    let (_, _, rest) = element(algorithm)?;
    let (_, issuer, rest) = element(rest)?;
    let (_, validity, rest) = element(rest)?;
    let (_, subject, rest) = element(rest)?;
    let (_, _, until) = element(validity)?;
    let (kind, until, _) = element(until)?;
    // What follows are the key and, in the end, other names of the same subject.
    let names = [issuer, subject, rest];
    Some(Certificate {
        path: Default::default(),
        subject: digest(subject),
        issuer: digest(issuer),
        until: date(kind, until),
        is_stand_in: names.iter().any(|name| is_stand_in(name)),
    })
}

/// The first element of DER, and what follows it: its tag and its content.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match usize::from(first) {
        short @ ..0x80 => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long & 0x7f).filter(|(d, _)| (1..4).contains(&d.len()))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

fn digest(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// The day of a time (RFC 5280, section 4.1.2.5), as `YYYY-MM-DD`.
fn date(kind: u8, time: &[u8]) -> Option<String> {
    let time = std::str::from_utf8(time).ok().filter(|time| time.is_ascii())?;
    let (year, rest) = match kind {
        0x17 => {
            let year: u16 = time.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, &time[2..])
        }
        0x18 => (time.get(..4)?.parse().ok()?, &time[4..]),
        _ => return None,
    };
    Some(format!("{year:04}-{}-{}", rest.get(..2)?, rest.get(2..4)?))
}

/// Whether a name is one of those that are kept for tests and examples (RFC 2606, RFC 6761), that tools propose, or that
/// says so itself.
fn is_stand_in(name: &[u8]) -> bool {
    const WORDS: &[&str] = &[
        "localhost",
        "example",
        "test",
        "dummy",
        "snakeoil",
        "snake oil",
        "internet widgits",
        "127.0.0.1",
        "sample",
        "demo",
        "fake",
        "bogus",
        "invalid",
    ];
    // Names stand there as they are, and numbers between them.
    let lower: Vec<u8> = name.to_ascii_lowercase();
    WORDS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element of DER, its content put together.
    fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = content.len();
        let head = if length < 0x80 { vec![tag, length as u8] } else { vec![tag, 0x81, length as u8] };
        [head, content].concat()
    }

    /// A name of one part: the common name (2.5.4.3).
    fn name(text: &str) -> Vec<u8> {
        let pair = der(0x30, &[&[0x06, 0x03, 0x55, 0x04, 0x03], &der(0x0c, &[text.as_bytes()])]);
        der(0x30, &[&der(0x31, &[&pair])])
    }

    fn certificate(issuer: &str, subject: &str, until: &[u8]) -> Vec<u8> {
        let version = der(0xa0, &[&[2, 1, 2]]);
        let validity = der(0x30, &[&der(0x17, &[b"200101000000Z"]), until]);
        let parts: &[&[u8]] =
            &[&version, &[2, 1, 7], &der(0x30, &[&[5, 0]]), &name(issuer), &validity, &name(subject), &[0x30, 0]];
        der(0x30, &[&der(0x30, parts)])
    }

    #[test]
    fn names_and_days_are_read() {
        let own = read(&certificate("Acme", "Acme", &der(0x17, &[b"300228235959Z"]))).expect("a certificate");
        assert!(own.is_self_signed() && !own.is_stand_in);
        assert_eq!(own.until.as_deref(), Some("2030-02-28"));
        let far = der(0x18, &[b"99991231235959Z"]);
        let issued = read(&certificate("Acme", "www.localhost", &far)).expect("a certificate");
        assert!(!issued.is_self_signed() && issued.is_stand_in && issued.issuer == own.subject);
        assert_eq!(issued.until.as_deref(), Some("9999-12-31"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_safe(bytes in proptest::collection::vec(0u8..=255, 0..200), cut in 0usize..80) {
            let _ = read(&bytes);
            let whole = certificate("Acme", "Acme", &der(0x17, &[b"300228235959Z"]));
            let _ = read(&whole[..cut.min(whole.len())]);
        }
    }
}
