//! Files that exist to hold keys and passwords.

use crate::model::RelPath;

/// What key store a file is.
pub(super) fn store_of(bytes: &[u8]) -> Option<&'static str> {
    store(bytes).filter(|_| !is_trust_store(bytes))
}

/// Whether a Java key store holds nothing but certificates of others. After magic, version and the number of entries come
/// these: a tag (1 for a key, 2 for a certificate), a name, a time, and of a certificate its type and content.
fn is_trust_store(bytes: &[u8]) -> bool {
    fn skip<const N: usize>(bytes: &[u8]) -> Option<&[u8]> {
        let (length, rest) = bytes.split_first_chunk::<N>()?;
        rest.get(length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))..)
    }
    let [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 1 | 2, a, b, c, d, rest @ ..] = bytes else { return false };
    let count = u32::from_be_bytes([*a, *b, *c, *d]);
    let certificate = |rest: &'_ [u8]| -> Option<usize> {
        let behind = rest.strip_prefix(&[0, 0, 0, 2])?;
        let behind = skip::<4>(skip::<2>(skip::<2>(behind)?.get(8..)?)?)?;
        Some(rest.len() - behind.len())
    };
    let mut at = 0;
    count > 0
        && (0..count).all(|_| {
            certificate(&rest[at..]).is_some_and(|length| {
                at += length;
                true
            })
        })
}

/// What key store a file that starts like this is.
pub(super) fn store(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 1 | 2, ..] => "a Java key store",
        [0xce, 0xce, 0xce, 0xce, 0, 0, 0, 1 | 2, ..] => "a Java key store (JCEKS)",
        [0x03, 0xd9, 0xa2, 0x9a, 0x65..=0x67, 0xfb, 0x4b, 0xb5, ..] => "a KeePass database",
        [b'k', b'y', b'c', b'h', 0, 1, ..] => "a macOS keychain",
        // PKCS #12: a sequence that starts with the version 3 (RFC 7292) and the object identifier of PKCS #7 data.
        [0x30, 0x82, _, _, 0x02, 0x01, 0x03, 0x30, ..] | [0x30, 0x80, 0x02, 0x01, 0x03, 0x30, ..] => {
            "a PKCS #12 key store"
        }
        // PKCS #8 and PKCS #1 in DER: a sequence that starts with version 0, and the algorithm or a large number.
        [
            0x30,
            0x82,
            _,
            _,
            0x02,
            0x01,
            0x00,
            0x30,
            0x0d,
            0x06,
            0x09,
            0x2a,
            0x86,
            0x48,
            0x86,
            0xf7,
            0x0d,
            0x01,
            0x01,
            ..,
        ] => "a private key in DER",
        [0x30, 0x82, _, _, 0x02, 0x01, 0x00, 0x02, 0x82, _, _, 0x00, ..] => "a private key in DER",
        _ => return None,
    })
}

/// Whether a file is of interest for its name.
pub(super) fn is_named(name: &str, path: &RelPath) -> bool {
    is_environment(name)
        || matches!(
            name,
            "kubeconfig"
                | ".netrc"
                | "_netrc"
                | ".git-credentials"
                | ".pgpass"
                | ".pypirc"
                | ".s3cfg"
                | ".boto"
                | "admin.conf"
                | ".dockercfg"
        )
        || name.ends_with(".kubeconfig")
        || (name == "config" && [".kube", ".docker"].contains(&path.parent().name()))
        || (name == "config.json" && path.parent().name() == ".docker")
        || (name == "credentials" && [".aws", ".gem", ".cargo"].contains(&path.parent().name()))
        || (name.ends_with(".json")
            && ["service", "account", "credential", "firebase", "gcp", "google", "key"]
                .iter()
                .any(|word| name.contains(word)))
}

/// Whether a name is that of a file of environment variables, and not of an example of one.
fn is_environment(name: &str) -> bool {
    let example = [
        "example", "sample", "template", "dist", "default", "test", "schema", "tpl", "tmpl", "ci", "vault", "enc",
        "docs",
    ];
    let Some(rest) = name.strip_prefix(".env").or_else(|| name.ends_with(".env").then_some("")) else { return false };
    let tail = rest.trim_start_matches(['.', '-', '_']);
    (rest.is_empty() || rest.starts_with(['.', '-', '_']))
        && !name.split(['.', '-', '_']).any(|part| example.contains(&part))
        && !tail.ends_with("rc")
}

/// What the text of such a file is, and where in it the first value stands.
pub(super) fn text(name: &str, path: &RelPath, text: &str) -> Option<(&'static str, usize)> {
    if !is_named(name, path) {
        return None;
    }
    if is_environment(name) {
        return environment(text).map(|at| ("a file of environment variables with credentials in it", at));
    }
    let at = |mark: &str| text.find(mark);
    if name.ends_with(".json") && name != "config.json" {
        let key = at("\"private_key\"")?;
        let real =
            text.contains("\"service_account\"") && text[key..].len() > 400 && text[key..].contains("-----BEGIN");
        return real.then_some(("the key of a service account", key));
    }
    if name == "config.json" || name == ".dockercfg" {
        let auth = at("\"auth\"")?;
        let value = text[auth + 6..].split('"').nth(1)?;
        return (value.len() >= 8).then_some(("a login of Docker", auth));
    }
    if name == "kubeconfig" || name.ends_with(".kubeconfig") || name == "config" || name == "admin.conf" {
        let found = ["client-key-data:", "token:", "password:"].iter().find_map(|mark| {
            let at = at(mark)?;
            let value = text[at + mark.len()..].lines().next()?.trim().trim_matches('"');
            (value.len() >= 8 && !value.starts_with(['<', '$', '{'])).then_some(at)
        });
        return (text.contains("clusters:") || text.contains("current-context"))
            .then_some(found?)
            .map(|at| ("a configuration of Kubernetes with credentials in it", at));
    }
    let line = |mark: &str, least: usize| -> Option<usize> {
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let here = offset;
            offset += line.len();
            if let Some(found) = line.find(mark) {
                let value = line[found + mark.len()..]
                    .trim_start_matches([' ', '=', ':'])
                    .split_whitespace()
                    .next()
                    .unwrap_or_default();
                if value.len() >= least && !is_stand_in(value) {
                    return Some(here);
                }
            }
        }
        None
    };
    match name {
        ".netrc" | "_netrc" => line("password", 6).map(|at| ("a file of logins", at)),
        ".git-credentials" => line("://", 8).map(|at| ("a file of logins", at)),
        ".pgpass" => text.lines().next().filter(|l| l.matches(':').count() >= 4).map(|_| ("a file of passwords", 0)),
        ".pypirc" => line("password", 6).map(|at| ("a login of a package registry", at)),
        ".s3cfg" | ".boto" | "credentials" => line("secret", 8)
            .or_else(|| line("key", 12))
            .or_else(|| line("token", 8))
            .map(|at| ("a file of credentials", at)),
        _ => None,
    }
}

/// The first line that gives a credential a value.
fn environment(text: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let here = offset;
        offset += line.len();
        let Some((name, value)) = line.trim().trim_start_matches("export ").split_once('=') else { continue };
        let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        let upper = name.to_ascii_uppercase();
        let secret = [
            "SECRET",
            "TOKEN",
            "PASSWORD",
            "PASSWD",
            "API_KEY",
            "APIKEY",
            "PRIVATE_KEY",
            "ACCESS_KEY",
            "CREDENTIAL",
            "_PWD",
            "DSN",
            "AUTH_KEY",
            "_PASS",
        ]
        .iter()
        .any(|word| upper.contains(word));
        // A word alone (`postgres`, `replicate`) is what everybody starts with.
        let is_word = value.len() < 12 && value.bytes().all(|b| b.is_ascii_lowercase());
        if secret && value.len() >= 6 && !is_word && !name.starts_with('#') && !is_stand_in(value) {
            return Some(here);
        }
    }
    None
}

/// Whether a value stands for one that is filled in.
fn is_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    value.starts_with(['$', '<', '{', '%', '@', '/', '.'])
        || [
            "example",
            "changeme",
            "change_me",
            "change-me",
            "your",
            "xxx",
            "placeholder",
            "todo",
            "dummy",
            "secret",
            "password",
            "...",
            "true",
            "false",
            "null",
            "none",
            "localhost",
            "test",
            "insert",
            "replace",
            "fake",
        ]
        .iter()
        .any(|word| lower.contains(word))
        || value.bytes().all(|b| b == value.as_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_files_count_with_values_only() {
        let of = |name: &str, content: &str| text(name, &RelPath::new(name), content).map(|(_, at)| at);
        let value = ["k8", "Zq", "2v", "Lm"].concat();
        assert_eq!(of(".env", &format!("DEBUG=1\nDB_PASSWORD={value}\n")), Some(8));
        assert_eq!(of(".env.production", &format!("API_KEY=\"{value}\"\n")), Some(0));
        for (name, content) in [
            (".env", "DEBUG=1\nPORT=8080\n".to_owned()),
            (".env", "DB_PASSWORD=\nAPI_KEY=your-key-here\nSECRET=${SECRET}\n".to_owned()),
            (".env", "DB_USER=postgres\nDB_PASSWORD=postgres\nREPLICATION_PASSWORD=replicate\n".to_owned()),
            (".env.example", format!("DB_PASSWORD={value}\n")),
            (".envrc", format!("DB_PASSWORD={value}\n")),
        ] {
            assert_eq!(of(name, &content), None, "{name}: {content}");
        }
    }

    #[test]
    fn stores_of_certificates_alone_hold_no_keys() {
        let head = |count: u8| [&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, count][..]].concat();
        let name: &[u8] = &[0, 1, b'a', 0, 0, 0, 0, 0, 0, 0, 9];
        let certificate = [&[0, 0, 0, 2][..], name, &[0, 1, b'x', 0, 0, 0, 2, 7, 7]].concat();
        let key = [&[0, 0, 0, 1][..], name, &[0, 0, 0, 2, 7, 7, 0, 0, 0, 0]].concat();
        assert_eq!(store_of(&[head(2), certificate.clone(), certificate.clone()].concat()), None);
        assert!(store_of(&[head(2), certificate.clone(), key].concat()).is_some());
        assert!(store_of(&[head(2), certificate].concat()).is_some(), "what is cut off may be a key");
    }

    #[test]
    fn key_stores_are_told_by_their_first_bytes() {
        assert_eq!(store(b"\xfe\xed\xfe\xed\0\0\0\x02"), Some("a Java key store"));
        assert_eq!(store(b"\x30\x82\x09\x71\x02\x01\x03\x30\x82"), Some("a PKCS #12 key store"));
        assert_eq!(store(b"\x30\x82\x03\x55\x30\x82\x02\x3d"), None, "a certificate");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_safe(content in "[ -~\n]{0,120}") {
            for name in [".env", "kubeconfig", ".netrc", ".pgpass", "service.json", ".pypirc", "config.json"] {
                let _ = text(name, &RelPath::new(name), &content);
            }
        }
    }
}
