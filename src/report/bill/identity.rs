//! Identifiers that follow from the content, so that the same content has the same ones.

use std::collections::{BTreeMap, HashSet};

use sha1::{Digest, Sha1};

use crate::model::Bill;

/// The name space of addresses (RFC 9562, section 6.6).
const URL: [u8; 16] =
    [0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];

/// The UUID of a bill in one format: version 5, made of the name of the format and everything the bill says.
pub(super) fn of(bill: &Bill, format: &str) -> String {
    let space = uuid5(&URL, &[b"https://github.com/openclause/openclause#", format.as_bytes()]);
    let content = serde_json::to_vec(bill).unwrap_or_default();
    text(&uuid5(&space, &[&content]))
}

/// A name-based UUID of version 5 (RFC 9562, section 5.5).
fn uuid5(space: &[u8; 16], name: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha1::new();
    hash.update(space);
    name.iter().for_each(|part| hash.update(part));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

fn text(bytes: &[u8; 16]) -> String {
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Identifiers of components in documents whose identifiers take only ASCII letters, digits, `.` and `-`.
pub(super) struct Ids<'b> {
    ids: BTreeMap<&'b str, String>,
}

impl<'b> Ids<'b> {
    /// Gives each component of the bill an identifier that starts with `prefix`.
    pub(super) fn new(bill: &'b Bill, prefix: &str) -> Self {
        let mut taken = HashSet::new();
        let mut ids = BTreeMap::new();
        for component in &bill.components {
            let reference = component.reference.strip_prefix("pkg:").unwrap_or(&component.reference);
            let plain = format!("{prefix}{}", plain(reference));
            let mut id = plain.clone();
            let mut number = 2;
            while !taken.insert(id.clone()) {
                id = format!("{plain}-{number}");
                number += 1;
            }
            ids.insert(component.reference.as_str(), id);
        }
        Self { ids }
    }

    /// The identifier of the component with this reference.
    pub(super) fn get(&self, reference: &str) -> Option<&str> {
        self.ids.get(reference).map(String::as_str)
    }
}

/// `text` with every run of other characters than ASCII letters, digits and `.` turned into one `-`.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_matches('-');
    if out.is_empty() { "x".to_owned() } else { out.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Component;

    /// The example of RFC 9562, appendix A.4: `www.example.com` in the name space of domain names.
    #[test]
    fn the_example_of_the_rfc() {
        let mut dns = URL;
        dns[3] = 0x10;
        assert_eq!(text(&uuid5(&dns, &[b"www.example", b".com"])), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    #[test]
    fn a_bill_has_an_identity_that_follows_from_its_content_and_format() {
        let bill = Bill { name: "a".to_owned(), ..Bill::default() };
        let other = Bill { name: "b".to_owned(), ..Bill::default() };
        assert_eq!(of(&bill, "x"), of(&bill.clone(), "x"));
        assert_ne!(of(&bill, "x"), of(&other, "x"));
        assert_ne!(of(&bill, "x"), of(&bill, "y"));
    }

    #[test]
    fn identifiers_are_plain_and_distinct() {
        let named = |reference: &str| Component { reference: reference.to_owned(), ..Component::default() };
        let bill = Bill {
            components: vec![named("pkg:npm/%40a/b@1"), named("pkg:npm/@a/b@1"), named("é")],
            ..Bill::default()
        };
        let ids = Ids::new(&bill, "SPDXRef-");
        assert_eq!(ids.get("pkg:npm/%40a/b@1"), Some("SPDXRef-npm-40a-b-1"));
        assert_eq!(ids.get("pkg:npm/@a/b@1"), Some("SPDXRef-npm-a-b-1"));
        assert_eq!(ids.get("é"), Some("SPDXRef-x"));
        assert_eq!(ids.get("no"), None);
    }
}
