//! Deno: `deno.lock` and `deno.json`; packages of JSR and npm.

pub(super) mod lock;
pub(super) mod manifest;

const JSR: &str = "jsr";
const NPM: &str = "npm";

/// Name and version of `@scope/name@1.0.0`; the version is empty where none is stated.
fn name_version(text: &str) -> (&str, &str) {
    // The `@` of a scope is no separator.
    match text.char_indices().skip(1).find(|&(_, c)| c == '@') {
        Some((at, _)) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// Registry, name and requirement of a specifier such as `npm:chalk@^5` or `jsr:/@std/path@1/posix`.
fn specifier(text: &str) -> Option<(&'static str, &str, &str)> {
    let (registry, rest) = text.split_once(':')?;
    let registry = match registry {
        "npm" => NPM,
        "jsr" => JSR,
        _ => return None,
    };
    let (name, rest) = name_version(rest.trim_start_matches('/'));
    // A path into the package may follow.
    let requirement = rest.split('/').next().unwrap_or(rest);
    let parts = if name.starts_with('@') { 2 } else { 1 };
    let end = name.match_indices('/').nth(parts - 1).map_or(name.len(), |(at, _)| at);
    Some((registry, &name[..end], requirement)).filter(|(_, name, _)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_are_taken_apart() {
        assert_eq!(specifier("npm:chalk@^5"), Some((NPM, "chalk", "^5")));
        assert_eq!(specifier("npm:@scope/a@1.0.0/sub"), Some((NPM, "@scope/a", "1.0.0")));
        assert_eq!(specifier("jsr:/@std/path@1/posix"), Some((JSR, "@std/path", "1")));
        assert_eq!(specifier("npm:preact/hooks"), Some((NPM, "preact", "")));
        assert_eq!(specifier("https://deno.land/x"), None);
        assert_eq!(specifier("npm:"), None);
    }
}
