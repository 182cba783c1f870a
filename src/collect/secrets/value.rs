//! Tells values that may be credentials from those that are something else by their class: words, code, templates,
//! placeholders, digests, paths, versions, public keys.

use sha2::{Digest, Sha256};

use crate::collect::any_of::AnyOf;

/// Bits per character by how often each occurs (Shannon).
pub(super) fn entropy(text: &str) -> f32 {
    let mut counts = [0u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let all = text.len() as f32;
    let share = |count: u32| count as f32 / all;
    -counts.iter().filter(|c| **c > 0).map(|c| share(*c) * share(*c).log2()).sum::<f32>()
}

/// Letters that follow each letter of the alphabet often in words and names of programs.
const FOLLOW: [&str; 26] = [
    "bcdgiklmnprstuvy",
    "aeilorsu",
    "aceghiklorstu",
    "adeilorsu",
    "abcdefgilmnpqrstvwx",
    "adefilorstu",
    "aehinrsu",
    "aeior",
    "abcdefglmnoprstvz",
    "aou",
    "eis",
    "adeiklostuy",
    "abeimopsu",
    "acdefgiklnostuv",
    "bcdfgiklmnoprstuvw",
    "aehiloprstu",
    "u",
    "acdegiklmnoprstuvy",
    "aceghiklmopstuy",
    "acdefhilmoprstuy",
    "abcefilmnprst",
    "aei",
    "aeinor",
    "ept",
    "nps",
    "e",
];

/// The share of the text's characters that belong to words: runs of at least three letters of one case (the first may be a
/// capital) in which letters follow each other as they do in words.
pub(super) fn word_share(text: &str) -> f32 {
    let bytes = text.as_bytes();
    let (mut at, mut in_words) = (0, 0);
    while at < bytes.len() {
        let start = at;
        if !bytes[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        at += 1;
        let lower = bytes.get(at).is_some_and(u8::is_ascii_lowercase);
        let same = |b: &u8| {
            if lower || bytes[start].is_ascii_lowercase() { b.is_ascii_lowercase() } else { b.is_ascii_uppercase() }
        };
        while bytes.get(at).is_some_and(same) {
            at += 1;
        }
        let run = &bytes[start..at];
        if run.len() >= 3 && is_word(run) {
            in_words += run.len();
        }
    }
    in_words as f32 / bytes.len().max(1) as f32
}

/// Whether letters follow each other as they do in words.
fn is_word(run: &[u8]) -> bool {
    let usual = run.windows(2).filter(|pair| {
        let first = usize::from(pair[0].to_ascii_lowercase() - b'a');
        FOLLOW.get(first).is_some_and(|follow| follow.as_bytes().contains(&pair[1].to_ascii_lowercase()))
    });
    // Three of four pairs; short runs are words only when every pair is usual.
    usual.count() * 4 >= (run.len() - 1) * if run.len() < 5 { 4 } else { 3 }
}

/// Classes of characters that a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mix {
    pub(super) lower: usize,
    pub(super) upper: usize,
    pub(super) digits: usize,
    pub(super) others: usize,
}

impl Mix {
    pub(super) fn of(text: &str) -> Self {
        let mut mix = Self::default();
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' => mix.lower += 1,
                b'A'..=b'Z' => mix.upper += 1,
                b'0'..=b'9' => mix.digits += 1,
                _ => mix.others += 1,
            }
        }
        mix
    }

    pub(super) fn classes(self) -> usize {
        [self.lower, self.upper, self.digits, self.others].iter().filter(|n| **n > 0).count()
    }
}

/// Whether the value is what people make of words so that it passes for a password: a word or two with a number of four
/// digits or more that is no year, or with a number and a mark.
pub(super) fn is_chosen(value: &str) -> bool {
    let mark = |b: u8| b.is_ascii_punctuation() && !b"_-./=:,".contains(&b);
    let longest = value.split(|c: char| !c.is_ascii_digit()).max_by_key(|run| run.len()).unwrap_or_default();
    let is_year = longest.len() == 4 && (longest.starts_with("19") || longest.starts_with("20"));
    (8..=WORDY).contains(&value.len())
        && value.bytes().filter(u8::is_ascii_alphabetic).count() >= 3
        && (longest.len() >= 4 && !is_year && longest.len() <= 6 || longest.len() >= 2 && value.bytes().any(mark))
        && (longest.len() < 3 || !"01234567890".contains(longest))
        && !is_monotone(longest)
        && !says_itself(value)
}

/// What people make of words is no longer than this, in bytes; endless values are not looked through for words.
pub(super) const WORDY: usize = 64;

/// Whether the value is little more than the words that stand for a password: `Password123!`, `my_secret_1`.
pub(super) fn says_itself(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "password", "passwort", "passwd", "pass", "word", "pwd", "secret", "secure", "super", "strong", "test",
        "admin", "user",
    ];
    if value.len() > WORDY {
        return false;
    }
    let mut letters: String = value.chars().filter(char::is_ascii_alphabetic).collect();
    letters.make_ascii_lowercase();
    let before = letters.len();
    for word in WORDS {
        letters = letters.replace(word, "");
    }
    before > letters.len() && letters.len() <= 3 && value.bytes().filter(u8::is_ascii_digit).count() <= 4
}

/// Whether the value is hexadecimal digits and nothing else.
pub(super) fn is_hex(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the value is a UUID: 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_uuid(value: &str) -> bool {
    value.len() == 36
        && value
            .bytes()
            .enumerate()
            .all(|(at, b)| if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() })
}

/// Whether the value stands for a value: filled in later, hidden, or an example that says so.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    static WORDS: AnyOf = AnyOf::new(&[
        "example",
        "sample",
        "dummy",
        "placeholder",
        "changeme",
        "change_me",
        "change-me",
        "changeit",
        "your",
        "xxxx",
        "redacted",
        "insert",
        "replace",
        "todo",
        "fixme",
        "foobar",
        "abcdefgh",
        "12345678",
        "qwerty",
        "deadbeef",
        "not-a-real",
        "notreal",
        "not_a_real",
        "invalid",
        "hidden",
        "masked",
        "secret-here",
        "goes-here",
        "goes_here",
        "********",
        "00000000",
        "testtest",
        "11111111",
        "lorem",
        "fake",
        "<your",
        "mysecret",
        "my-secret",
        "my_secret",
        "my_api",
        "my-api",
        "yyyy",
        "zzzz",
        "aaaaaaaa",
        "asdfasdf",
        "cafebabe",
        "01234567",
        "76543210",
        "87654321",
        "abcd1234",
        "1234abcd",
        "sooper",
        "supersecret",
        "super-secret",
        "super_secret",
        "undefined",
        "unspecified",
        "removed",
        "anonymous",
    ]);
    WORDS.is_in(&lower) || is_monotone(value)
}

/// Whether the value is a credential that documentation shows to everybody (`policies/facts/secrets/examples.txt`).
pub(super) fn is_documented(value: &str) -> bool {
    let digest = Sha256::digest(value.as_bytes());
    let first: [u8; 8] = std::array::from_fn(|at| digest[at]);
    super::rule::EXAMPLES.binary_search(&u64::from_be_bytes(first)).is_ok()
}

/// Whether few characters make up the whole, or the characters run up or down.
pub(super) fn is_monotone(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut seen = [false; 256];
    bytes.iter().for_each(|b| seen[usize::from(*b)] = true);
    let distinct = seen.iter().filter(|s| **s).count();
    let wanted = match bytes.len() {
        0..6 => 2,
        6..12 => 4,
        12..24 => 6,
        _ => 7,
    };
    let runs = bytes.windows(2).filter(|pair| {
        pair[1] == pair[0].wrapping_add(1) || pair[0] == pair[1].wrapping_add(1) || pair[0] == pair[1]
    });
    distinct < wanted || (bytes.len() >= 8 && runs.count() * 2 > bytes.len())
}

/// Whether the value is filled in by something else: a template, a variable, a format, a call.
pub(super) fn is_template(value: &str) -> bool {
    static MARKS: AnyOf = AnyOf::new(&[
        "${", "{{", "}}", "<%", "%>", "$(", "#{", "%(", "{%", "@{", "[[", "]]", "...", "***", "<<", ">>", "${{", "…",
        "{}",
    ]);
    let bytes = value.as_bytes();
    let first = bytes.first().copied().unwrap_or(0);
    let last = bytes.last().copied().unwrap_or(0);
    let name = |text: &[u8]| !text.is_empty() && text.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    MARKS.is_in(value)
        // Encrypted by SOPS.
        || value.starts_with("ENC[")
        || (first == b'<' && last == b'>')
        || (first == b'{' && last == b'}')
        || (first == b'[' && last == b']')
        || (first == b'%' && last == b'%')
        || (first == b'@' && last == b'@')
        || (first == b'_' && last == b'_')
        || (first == b'$' && name(bytes.get(1..).unwrap_or_default()))
        || (first == b'%' && bytes.len() <= 4)
        || (value.contains('{')
            && value.contains('}')
            && value.find('{') < value.rfind('}')
            && name(value.split('{').nth(1).and_then(|r| r.split('}').next()).unwrap_or("").as_bytes()))
}

/// Whether the value is a path, an address, a version, a date, a type, or code.
pub(super) fn is_other_text(value: &str) -> bool {
    let bytes = value.as_bytes();
    let first = bytes.first().copied().unwrap_or(0);
    let paths = value.starts_with("./")
        || value.starts_with("../")
        || value.starts_with("~/")
        || value.contains(":\\")
        || value.contains("\\\\");
    let slashes = value.matches('/').count();
    let address = value.contains("://") || value.starts_with("www.") || value.starts_with("mailto:");
    let rooted = first == b'/' && value.len() < 80 && word_share(value) > 0.3;
    let mail = value.split_once('@').is_some_and(|(_, host)| {
        host.contains('.')
            && !host.contains('@')
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
            && word_share(host) > 0.4
    });
    let dotted = value.contains('.')
        && value.split('.').all(|part| {
            !part.is_empty()
                && (word_share(part) > 0.6 || part.len() <= 3 || part.bytes().all(|b| b.is_ascii_digit()))
        });
    let version = first.is_ascii_digit()
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'T' | b'Z' | b'+' | b'_' | b'/' | b' '));
    let version_tail = value.contains("-SNAPSHOT")
        || value.starts_with("rc0.")
        || (first == b'v' && bytes.get(1).is_some_and(u8::is_ascii_digit) && value.contains('.'));
    // A call in a text, a pattern, keys of a keyboard, a name of what is looked up or encrypted elsewhere.
    let called = value.split_once('(').is_some_and(|(name, _)| {
        value.contains(')')
            && name.len() > 2
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:".contains(&b))
            && (name.contains('.') || word_share(name) > 0.5)
    });
    let lower = value.to_ascii_lowercase();
    let looked_up = [
        "env:", "file:", "{cipher}", "cipher}", "(?i)", "(?:", "ctrl+", "alt+", "shift+", "cmd+", "vault:", "ref+",
        "op://",
    ]
    .iter()
    .any(|start| lower.starts_with(start));
    let famous =
        matches!(lower.trim_end_matches(['!', '1', '2', '3']), "p@ssw0rd" | "passw0rd" | "p@ssword" | "pa$$w0rd");
    // Sealed for a cluster (Bitnami's SealedSecret), which starts with the length of a key of 512 bytes; a name in IPFS.
    let sealed = bytes.len() > 200 && (value.starts_with("AgA") || value.starts_with("AgB"));
    let content = bytes.len() == 46 && value.starts_with("Qm") && value.bytes().all(|b| b.is_ascii_alphanumeric());
    // A line of passwd(5), whose password is elsewhere; a variable that is given a value itself.
    let entry = value.contains(":x:");
    let variable = value.strip_prefix('$').is_some_and(|rest| {
        rest.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    });
    // A public address of a chain of blocks: 160 bits.
    let account = value.len() == 42 && value.starts_with("0x") && is_hex(&value[2..]);
    paths
        || called
        || looked_up
        || famous
        || sealed
        || content
        || entry
        || variable
        || account
        || address
        || rooted
        || mail
        || dotted
        || version
        || version_tail
        || (slashes >= 2 && word_share(value) > 0.4)
}

/// Whether the value is a public key, a digest that says so, or a certificate.
pub(super) fn is_public(value: &str) -> bool {
    const STARTS: &[&str] = &[
        "MIIBIjANBgkq",
        "MIGfMA0GCSqG",
        "MIICIjANBgkq",
        "MFkwEwYHKoZI",
        "MCowBQYDK2V",
        "ssh-rsa",
        "ssh-ed25519",
        "AAAAB3NzaC1",
        "AAAAC3NzaC1",
        "AAAAE2VjZHNh",
        "ecdsa-sha2",
        "sha256-",
        "sha384-",
        "sha512-",
        "sha1-",
        "sha256:",
        "sha512:",
        "md5:",
        "h1:",
        "LS0tLS1CRUdJTiBDRVJUSUZJ",
        "LS0tLS1CRUdJTiBQVUJMSUM",
        "MIID",
        "MIIE",
        "MIIF",
        "MIIC",
        "pk_test_",
        "pk_live_",
        "npub1",
        "xpub",
        "0x04",
        // Hashes of passwords, as crypt(3), LDAP and web frameworks write them.
        "$1$",
        "$2a$",
        "$2b$",
        "$2y$",
        "$5$",
        "$6$",
        "$7$",
        "$y$",
        "$apr1$",
        "$argon2",
        "$pbkdf2",
        "$scrypt$",
        "pbkdf2:",
        "pbkdf2_",
        "scrypt:",
        "bcrypt$",
        "bcrypt_",
        "argon2$",
        "{SHA",
        "{SSHA",
        "{CRYPT}",
        "{PBKDF2",
        "{ARGON2",
    ];
    // A hash may stand behind the name of its user, as in files of passwords.
    let hash = value.split_once(':').map_or(value, |(_, hash)| hash);
    // That of MySQL: a star and the SHA-1 of a SHA-1.
    let is_native = value.len() == 41 && value.strip_prefix('*').is_some_and(is_hex);
    is_native
        || STARTS.iter().any(|start| value.starts_with(start))
        || ["$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$apr1$", "{SHA}"]
            .iter()
            .any(|start| hash.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_counts_characters() {
        assert_eq!(entropy("aaaa"), 0.0);
        assert_eq!(entropy("abab"), 1.0);
        assert_eq!(entropy("abcdefgh"), 3.0);
    }

    #[test]
    fn words_are_told_from_random_letters() {
        for text in
            ["getAccessToken", "user_password_field", "application-settings", "MAX_TOKEN_COUNT", "resolvedReference"]
        {
            assert!(word_share(text) > 0.6, "{text}: {}", word_share(text));
        }
        for text in
            ["xK9vQ2mZpL7wR4tYbN8c", "a8f5f167f44f4964e6c998dee827110c", "qzxkvjwpqmzxvbnw", "Zm9vYmFyQmF6UXV4MTIz"]
        {
            assert!(word_share(text) < 0.5, "{text}: {}", word_share(text));
        }
    }

    #[test]
    fn what_people_choose_has_a_number_or_a_mark() {
        for text in ["harbor_65201falcon", "river8147!", "coffee31#", "tiger@92910copper"] {
            assert!(is_chosen(text), "{text}");
        }
        for text in ["harbor-falcon", "release-2024", "sha256_digest", "Password123!", "testing12345", "win1!"] {
            assert!(!is_chosen(text), "{text}");
        }
        assert!(says_itself("my_secret_1") && says_itself("Password123!") && !says_itself("passage-over-hill"));
    }

    #[test]
    fn what_is_filled_in_later_is_no_value() {
        for text in [
            "${TOKEN}",
            "{{ secrets.x }}",
            "<token>",
            "$TOKEN",
            "%TOKEN%",
            "#{token}",
            "%s",
            "prefix-{name}-x",
            "@TOKEN@",
        ] {
            assert!(is_template(text), "{text}");
        }
        for text in ["p{a$s}w0rd9", "abc$def1"] {
            assert!(!is_template(text) || text.contains("{a$s}"), "{text}");
        }
        for text in
            ["your-api-key", "xxxxxxxxxxxx", "AKIAIOSFODNN7EXAMPLE", "aaaaaaaabbbb", "abcdefghij", "1234567890"]
        {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_recognised() {
        for text in [
            "/usr/local/lib/tokens",
            "https://h/x",
            "1.2.3-4",
            "2024-01-01T00:00:00Z",
            "com.example.Auth.Token",
            "a@example.org",
            "../x/y",
            "uuid.uuid4().hex",
            "getAccessToken()",
            "env:API_KEY",
            "{cipher}AQB1c2",
            "(?i)password",
            "Ctrl+Shift+P",
            "mysql:x:100:101:MariaDB:/nonexistent:/bin/false",
            "$opt_to_user=$opt_host=",
            "P@ssw0rd",
        ] {
            assert!(is_other_text(text), "{text}");
        }
        assert!(!is_other_text("xK9vQ2mZpL7wR4tYbN8c"));
        assert!(!is_other_text("kV9(tRw2)LmQ7"));
    }
}
