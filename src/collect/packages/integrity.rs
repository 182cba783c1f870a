//! Subresource Integrity (W3C), the form in which JavaScript lock files state digests.

use crate::collect::encoded::hexadecimal;
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

/// The digest of a text such as `sha256:0123…` or `sha256=0123…`; `None` for what has another form or the wrong length.
pub(super) fn named(text: &str) -> Option<Hash> {
    let (algorithm, digest) = text.trim().split_once([':', '='])?;
    digest_of(algorithm, digest)
}

/// The digest in hexadecimal of an algorithm by any of its usual spellings.
pub(super) fn digest_of(algorithm: &str, digest: &str) -> Option<Hash> {
    let (algorithm, length) = match algorithm.to_ascii_lowercase().replace(['-', '_'], "").as_str() {
        "md5" => ("MD5", 16),
        "sha1" => ("SHA-1", 20),
        "sha256" => ("SHA-256", 32),
        "sha384" => ("SHA-384", 48),
        "sha512" => ("SHA-512", 64),
        "blake2b256" => ("BLAKE2b-256", 32),
        _ => return None,
    };
    let digest = digest.trim();
    let fits = digest.len() == 2 * length && digest.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| Hash { algorithm: algorithm.to_owned(), value: digest.to_ascii_lowercase() })
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

    #[test]
    fn digests_in_hexadecimal() {
        let sha1 = "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709";
        let hash = named(&format!("sha1:{sha1}")).unwrap();
        assert_eq!((hash.algorithm.as_str(), hash.value), ("SHA-1", sha1.to_lowercase()));
        assert_eq!(named(&format!("sha256={sha1}")), None, "too short");
        assert_eq!(digest_of("SHA_1", &sha1.replace('D', "x")), None);
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
