//! Data about people in data files: numbers that carry a check digit, and lists of mail addresses. What is found is
//! never repeated in any output.

use std::collections::BTreeSet;

use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, Place, RelPath, Remark};

/// Looks for data about people.
pub struct Personal;

/// How much of a file is looked at.
const MOST_BYTES: usize = 8 << 20;
/// So many numbers of one kind make a finding: one alone may pass its check by chance.
const FEWEST_NUMBERS: usize = 3;
/// So many mail addresses of different people make a list.
const FEWEST_ADDRESSES: usize = 25;

impl Collector for Personal {
    fn id(&self) -> &'static str {
        "personal"
    }

    fn summary(&self) -> &'static str {
        "Card numbers, bank accounts (IBAN) and identity numbers that pass their check, and lists of mail addresses, in tables of data"
    }

    fn interest(&self) -> Interest {
        let names = |name: &str, _: &RelPath| {
            matches!(
                name.rsplit_once('.'),
                Some((_, "csv" | "tsv" | "sql" | "jsonl" | "ndjson" | "psv" | "vcf" | "ldif"))
            )
        };
        Interest { names, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let text = file.text();
        let end = (0..=text.len().min(MOST_BYTES)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        for (what, count) in find(&text[..end]) {
            out.push(Evidence::Remark(Remark {
                place: Place::file(file.path.clone()),
                kind: "personal-data".to_owned(),
                detail: format!("{count} {what}"),
            }));
        }
    }
}

/// Kinds of data about people with the number of different ones.
fn find(text: &str) -> Vec<(&'static str, usize)> {
    let (mut numbers, mut cards) = (BTreeSet::new(), BTreeSet::new());
    let (mut accounts, mut identities, mut addresses) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '+' | '-'))) {
        let word = word.trim_matches(['.', '-', '_', '+']);
        if word.len() < 8 || word.len() > 100 {
            continue;
        }
        if let Some((name, domain)) = word.split_once('@') {
            if is_address(name, domain) {
                addresses.insert(word);
            }
        } else if let Some(digits) = card(word) {
            numbers.insert(word);
            if passes_luhn(&digits) {
                cards.insert(word);
            }
        } else if is_account(word) {
            accounts.insert(word);
        } else if is_identity(word) {
            identities.insert(word);
        }
    }
    // One in ten numbers passes the check by chance: what a table has many of that fail are no cards.
    if cards.len() * 3 < numbers.len() {
        cards.clear();
    }
    let mut out = Vec::new();
    for (found, what) in [
        (cards, "payment card numbers that pass the Luhn check"),
        (accounts, "IBANs that pass their check"),
        (identities, "Chinese resident identity numbers that pass their check"),
    ] {
        if found.len() >= FEWEST_NUMBERS {
            out.push((what, found.len()));
        }
    }
    if addresses.len() >= FEWEST_ADDRESSES {
        out.push(("mail addresses of different people", addresses.len()));
    }
    out
}

/// Domains reserved for documentation (RFC 2606, RFC 6761), and those of accounts that are no persons.
fn is_address(name: &str, domain: &str) -> bool {
    const RESERVED: &[&str] = &["example", "test", "invalid", "localhost", "local"];
    let domain = domain.to_ascii_lowercase();
    let is_reserved = domain.split('.').any(|part| RESERVED.contains(&part) || part.starts_with("example"));
    let is_shared =
        ["noreply", "no-reply", "info", "support", "admin", "test", "user"].iter().any(|n| name.starts_with(n));
    !name.is_empty() && domain.contains('.') && !is_reserved && !is_shared && !domain.contains("users.noreply")
}

/// The digits of a number of 16 (15 of American Express) whose issuer fits; the numbers that payment providers publish for
/// tests, and runs of few different digits, are none.
fn card(word: &str) -> Option<Vec<u8>> {
    const TESTS: &[&str] = &[
        "424242", "411111", "401288", "555555", "510510", "378282", "371449", "400005", "222100", "222300", "400000",
        "520082",
    ];
    let digits: Vec<u8> = word.bytes().filter(|b| *b != b'-').collect();
    let issuer = match digits.len() {
        16 => matches!(
            digits.as_slice(),
            [b'4', ..] | [b'5', b'1'..=b'5', ..] | [b'2', b'2'..=b'7', ..] | [b'6', b'2' | b'5', ..]
        ),
        15 => matches!(digits.as_slice(), [b'3', b'4' | b'7', ..]),
        _ => false,
    };
    if !issuer || !digits.iter().all(u8::is_ascii_digit) || word.contains(['.', '_', '+']) {
        return None;
    }
    let distinct: BTreeSet<u8> = digits.iter().copied().collect();
    let text = String::from_utf8_lossy(&digits);
    let is_for_tests = TESTS.iter().any(|test| text.starts_with(test));
    (distinct.len() > 4 && !is_for_tests).then_some(digits)
}

/// Whether the last of some digits is the check of the others (ISO/IEC 7812-1, annex B).
fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// An IBAN (ISO 13616): country, two check digits, and the remainder 1 modulo 97.
fn is_account(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_shaped = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && bytes[4..].iter().filter(|b| b.is_ascii_digit()).count() > 8;
    if !is_shaped {
        return false;
    }
    let rest = bytes[4..].iter().chain(&bytes[..4]).fold(0u64, |rest, &b| match b {
        b'0'..=b'9' => (rest * 10 + u64::from(b - b'0')) % 97,
        _ => (rest * 100 + u64::from(b - b'A') + 10) % 97,
    });
    rest == 1
}

/// A Chinese resident identity number (GB 11643-1999): region, date of birth, order, check character.
fn is_identity(word: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let bytes = word.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |range: std::ops::Range<usize>| word[range].parse::<u32>().unwrap_or_default();
    let is_date = (1900..2100).contains(&number(6..10))
        && (1..13).contains(&number(10..12))
        && (1..32).contains(&number(12..14));
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    is_date && (11..92).contains(&number(0..2)) && bytes[17].to_ascii_uppercase() == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_when_their_check_is_right() {
        // ISO 13616's own example, and one digit off.
        assert!(is_account("GB82WEST12345698765432") && !is_account("GB82WEST12345698765433"));
        // The example of GB 11643-1999.
        assert!(is_identity("11010519491231002X") && !is_identity("110105194912310021"));
        // A published test number is no card; the check digit of another is worked out by hand: 4539 1488 0343 6467.
        let is_card = |word: &str| card(word).is_some_and(|digits| passes_luhn(&digits));
        assert!(!is_card("4111111111111111") && is_card("4539148803436467") && !is_card("4539148803436468"));
        // Of numbers in a row every tenth passes, whatever they number; of cards all do.
        let row: String = (0..1000).map(|n| format!("373100000{n:06},7.5\n")).collect();
        assert!(find(&row).is_empty());
        let cards = (0..1000).map(|n| format!("373100000{n:06}")).filter(|word| is_card(word));
        let cards: String = cards.map(|word| format!("{word},7.5\n")).collect();
        assert_eq!(find(&cards).len(), 1);
    }

    #[test]
    fn few_numbers_and_reserved_addresses_are_nothing() {
        assert!(find("4539148803436467,GB82WEST12345698765432").is_empty());
        let reserved: String = (0..50).map(|n| format!("a{n}@example.org\n")).collect();
        assert!(find(&reserved).is_empty());
        let people: String = (0..30).map(|n| format!("person{n}@mail.museum,\n")).collect();
        assert_eq!(find(&people), [("mail addresses of different people", 30)]);
    }
}
