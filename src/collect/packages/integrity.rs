//! Subresource Integrity (W3C), the form in which JavaScript lock files state digests.

use std::fmt::Write;

use crate::model::Hash;

/// The digests of an integrity text such as `sha512-… sha1-…?option`, sorted. What does not follow the form, or has
/// the wrong length for its algorithm, is left out.
pub(super) fn hashes(integrity: &str) -> Vec<Hash> {
    let mut hashes: Vec<Hash> = integrity
        .split_ascii_whitespace()
        .filter_map(|item| {
            let (algorithm, digest) = item.split_once('-')?;
            let (algorithm, length) = match algorithm {
                "md5" => ("MD5", 16),
                "sha1" => ("SHA-1", 20),
                "sha256" => ("SHA-256", 32),
                "sha384" => ("SHA-384", 48),
                "sha512" => ("SHA-512", 64),
                _ => return None,
            };
            let bytes = base64(digest.split('?').next()?)?;
            (bytes.len() == length).then(|| Hash { algorithm: algorithm.to_owned(), value: hexadecimal(&bytes) })
        })
        .collect();
    hashes.sort();
    hashes.dedup();
    hashes
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Decodes base64 (RFC 4648, section 4), with or without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_rfc_4648() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(base64("Zm9*"), None);
    }

    /// The digests of the empty text, as FIPS 180-4 implementations print them.
    #[test]
    fn digests_are_hexadecimal_and_of_the_right_length() {
        let hashes = hashes(
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=?x sha512-AAAA new-AAAA",
        );
        let seen: Vec<_> = hashes.iter().map(|h| (h.algorithm.as_str(), h.value.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("SHA-1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
                ("SHA-256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ]
        );
    }
}
