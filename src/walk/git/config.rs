//! The two things that are read of a repository's configuration: the URL of `origin` and the kind of hash.
//!
//! The file is read as text (git-config(1), "Syntax"). Includes are not followed, and nothing in it is run.

use super::locate::{Folders, small_file};
use super::object::Hash;

/// The URL of the remote `origin`.
pub(super) fn origin(folders: &Folders) -> Option<String> {
    value(&text(folders), "remote \"origin\"", "url")
}

/// The hash that the repository's ids are of.
pub(super) fn hash(folders: &Folders) -> Hash {
    match value(&text(folders), "extensions", "objectformat").as_deref() {
        Some("sha256") => Hash::Sha256,
        _ => Hash::Sha1,
    }
}

fn text(folders: &Folders) -> String {
    String::from_utf8_lossy(&small_file(&folders.common.join("config")).unwrap_or_default()).into_owned()
}

/// The last value of a key; names of sections and keys ignore case.
fn value(text: &str, section: &str, key: &str) -> Option<String> {
    let (mut inside, mut found) = (false, None);
    for line in text.lines().map(str::trim) {
        if let Some(head) = line.strip_prefix('[') {
            let name = head.rsplit_once(']').map_or(head, |(name, _)| name);
            inside = name.trim().eq_ignore_ascii_case(section);
        } else if inside
            && let Some((name, value)) = line.split_once('=')
            && name.trim().eq_ignore_ascii_case(key)
        {
            found = Some(unquoted(value.trim()));
        }
    }
    found
}

/// A value without its quotes, escapes and comment.
fn unquoted(value: &str) -> String {
    let mut out = String::new();
    let (mut quoted, mut chars) = (false, value.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' => out.extend(chars.next()),
            '#' | ';' if !quoted => break,
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A URL without the user name and password that may stand in front of its host; the user of an ssh address stays, for it
/// is part of the address (`git@host:path`).
pub(super) fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..host_end].rfind('@') {
        Some(at) if scheme.eq_ignore_ascii_case("ssh") => {
            let user = rest[..at].split(':').next().unwrap_or_default();
            format!("{scheme}://{user}{}", &rest[at..])
        }
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_git_writes_them() {
        let text = "[core]\n\turl = no\n[remote \"other\"]\n\turl = no\n[Remote \"origin\"] # mine\n  URL = \"https://h/a b\" ; x\n\tfetch = +refs\n";
        assert_eq!(value(text, "remote \"origin\"", "url"), Some("https://h/a b".to_owned()));
        assert_eq!(value(text, "extensions", "objectformat"), None);
        assert_eq!(value("[a\nb=", "a", "b"), Some(String::new()));
    }

    #[test]
    fn credentials_are_taken_out_of_urls() {
        for (url, clean) in [
            ("https://user:pass@host/x", "https://host/x"),
            ("https://token@host", "https://host"),
            ("https://host/x@y", "https://host/x@y"),
            ("ssh://git:pw@host/x", "ssh://git@host/x"),
            ("git@host:x/y.git", "git@host:x/y.git"),
        ] {
            assert_eq!(without_credentials(url), clean);
        }
    }
}
