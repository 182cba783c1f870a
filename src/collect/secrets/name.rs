//! Reads the name of what is assigned: is it the name of a credential, and how surely.
//!
//! A name is a compound: its last word says what the thing is (`token_count` is a count, `count_token` a token), apart
//! from words that only tell apart (`API_KEY_PROD`, `password2`).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::collect::memo::{Memo, hash_bytes};

/// How surely a name is that of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// `key`, `auth`, `access`: of many other things as well.
    Weak,
    /// `token`, `api_key`, `secret`.
    Strong,
    /// `password` and its like, which people choose.
    Password,
}

/// Words that mean a password.
const PASSWORD: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passwort",
    "pass",
    "passw",
    "dbpassword",
    "dbpass",
    "dbpasswd",
    "userpassword",
    "mypassword",
    "rootpassword",
    "adminpassword",
    "passcode",
    "pw",
    "rootpw",
    "sshpass",
    "ftppass",
    "ldappass",
    "smtppass",
    "mailpass",
    "adminpw",
    "bindpw",
    "passe",
    "requirepass",
    "masterauth",
    "userpass",
    "密码",
    "口令",
    "kennwort",
    "motdepasse",
    "contraseña",
    "senha",
];
/// Words that mean a credential that a machine made.
const STRONG: &[&str] = &[
    "secret",
    "token",
    "apikey",
    "apitoken",
    "authtoken",
    "accesstoken",
    "secretkey",
    "accesskey",
    "privatekey",
    "clientsecret",
    "appsecret",
    "credential",
    "credentials",
    "creds",
    "authkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "apisecret",
    "refreshtoken",
    "bearertoken",
    "bearer",
    "cred",
    "appkey",
    "secrettoken",
    "licensekey",
    "密钥",
    "pat",
    "sessiontoken",
    "idtoken",
    "sharedkey",
    "sharedsecret",
    "tokens",
    "secrets",
    "servicekey",
    "adminkey",
    "deploykey",
    "hmackey",
    "jwtsecret",
    "cookiesecret",
    "sessionsecret",
    "storagekey",
    "accountkey",
    "webhooksecret",
];
/// Words in front of `key` that make it a credential.
const KEY_OF: &[&str] = &[
    "api",
    "access",
    "secret",
    "private",
    "auth",
    "signing",
    "encryption",
    "encrypt",
    "master",
    "client",
    "app",
    "shared",
    "service",
    "admin",
    "license",
    "licence",
    "account",
    "storage",
    "consumer",
    "server",
    "deploy",
    "hmac",
    "jwt",
    "crypto",
    "cipher",
    "aes",
    "des",
    "security",
    "write",
    "read",
    "ingest",
    "subscription",
    "activation",
    "registration",
    "webhook",
    "root",
    "user",
    "session",
    "cookie",
    "token",
    "integration",
];
/// Words that say that the thing is no credential, when they come last.
const OTHER: &[&str] = &[
    "id",
    "ids",
    "name",
    "names",
    "type",
    "types",
    "url",
    "uri",
    "urls",
    "endpoint",
    "path",
    "paths",
    "file",
    "files",
    "filename",
    "dir",
    "length",
    "len",
    "size",
    "count",
    "counts",
    "index",
    "idx",
    "alias",
    "field",
    "fields",
    "label",
    "prefix",
    "suffix",
    "header",
    "headers",
    "audience",
    "aud",
    "issuer",
    "expiry",
    "expires",
    "expiration",
    "ttl",
    "lifetime",
    "source",
    "hash",
    "hashes",
    "fingerprint",
    "signature",
    "signatures",
    "pair",
    "ring",
    "store",
    "board",
    "code",
    "codes",
    "word",
    "words",
    "frame",
    "frames",
    "version",
    "algorithm",
    "alg",
    "algo",
    "format",
    "kind",
    "class",
    "mode",
    "status",
    "state",
    "policy",
    "scope",
    "scopes",
    "method",
    "provider",
    "service",
    "manager",
    "handler",
    "factory",
    "helper",
    "util",
    "utils",
    "error",
    "err",
    "exception",
    "message",
    "msg",
    "description",
    "desc",
    "title",
    "hint",
    "text",
    "tooltip",
    "placeholder",
    "input",
    "form",
    "page",
    "view",
    "button",
    "event",
    "events",
    "action",
    "callback",
    "func",
    "function",
    "fn",
    "regex",
    "pattern",
    "validator",
    "validation",
    "required",
    "enabled",
    "disabled",
    "exists",
    "set",
    "map",
    "list",
    "array",
    "table",
    "column",
    "row",
    "node",
    "parser",
    "stream",
    "reader",
    "writer",
    "buffer",
    "iter",
    "usage",
    "limit",
    "max",
    "min",
    "digest",
    "checksum",
    "integrity",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "etag",
    "commit",
    "revision",
    "rev",
    "branch",
    "ref",
    "date",
    "time",
    "timestamp",
    "at",
    "day",
    "days",
    "hours",
    "minutes",
    "seconds",
    "bits",
    "bytes",
    "position",
    "offset",
    "start",
    "end",
    "first",
    "last",
    "next",
    "prev",
    "up",
    "down",
    "left",
    "right",
    "press",
    "pressed",
    "bindings",
    "binding",
    "mapping",
    "schema",
    "host",
    "hostname",
    "port",
    "domain",
    "region",
    "bucket",
    "container",
    "namespace",
    "group",
    "role",
    "user",
    "username",
    "users",
    "email",
    "mail",
    "login",
    "doc",
    "docs",
    "info",
    "model",
    "ref",
    "refs",
    "reference",
    "selector",
    "query",
    "param",
    "params",
    "parameter",
    "parameters",
    "attr",
    "attribute",
    "attributes",
    "property",
    "properties",
    "option",
    "options",
    "config",
    "configuration",
    "settings",
    "strategy",
    "flow",
    "grant",
    "flag",
    "cert",
    "certificate",
    "pem",
    "pub",
    "public",
    "tokenizer",
    "key_id",
    "symbol",
    "separator",
    "delimiter",
    "category",
    "language",
    "locale",
    "translation",
    "env",
    "var",
    "variable",
    "arn",
    "vault",
];
/// Words that make what follows no credential.
const NOT_SECRET: &[&str] = &[
    "public",
    "pub",
    "csrf",
    "xsrf",
    "primary",
    "foreign",
    "sort",
    "partition",
    "cache",
    "hot",
    "idx",
    "schema",
    "sequence",
    "bucket",
    "natural",
    "turkey",
    "monkey",
    "donkey",
    "hockey",
    "keyboard",
    "random",
    "publishable",
    "host",
    "column",
    "row",
    "routing",
    "unique",
    "composite",
    "dict",
    "object",
    "lookup",
    "group",
    "index",
    "map",
    "lang",
    "translation",
    "i18n",
    "message",
    "registry",
    "search",
    "continuation",
    "page",
    "next",
    "nextpage",
    "pagination",
    "sync",
    "lexer",
    "parse",
    "syntax",
    "design",
    "style",
    "color",
    "theme",
    "integrity",
    "checksum",
    "hash",
    "digest",
    "verify",
    "verification",
    "verifying",
    "validation",
    "site",
    "device",
    "fingerprint",
    "tweak",
    "pagetoken",
];

/// Words that tell one credential from another and say nothing of what it is; so do numbers.
const TELLS_APART: &[&str] = &[
    "value",
    "val",
    "string",
    "str",
    "default",
    "plain",
    "plaintext",
    "raw",
    "b64",
    "base64",
    "hex",
    "encoded",
    "dev",
    "develop",
    "development",
    "prod",
    "production",
    "staging",
    "stage",
    "stg",
    "test",
    "testing",
    "live",
    "sandbox",
    "qa",
    "uat",
    "ci",
    "new",
    "old",
    "base",
    "v1",
    "v2",
    "v3",
    "main",
    "a",
    "b",
    "one",
    "two",
    "current",
    "primary",
    "secondary",
    "local",
    "backup",
    "const",
    "constant",
    "env",
];

/// What the lists say of a word, as one bit for each list.
type Classes = u8;
const IS_PASSWORD: Classes = 1;
const IS_STRONG: Classes = 2;
const IS_KEY_OF: Classes = 4;
const IS_OTHER: Classes = 8;
const IS_NOT_SECRET: Classes = 16;
const IS_APART: Classes = 32;

/// The lists a word is on: one look-up, where names are judged for every `key` and `token` of a program.
fn classes(word: &str) -> Classes {
    static TABLE: LazyLock<HashMap<&'static str, Classes>> = LazyLock::new(|| {
        let mut table = HashMap::new();
        for (list, class) in [
            (PASSWORD, IS_PASSWORD),
            (STRONG, IS_STRONG),
            (KEY_OF, IS_KEY_OF),
            (OTHER, IS_OTHER),
            (NOT_SECRET, IS_NOT_SECRET),
            (TELLS_APART, IS_APART),
        ] {
            list.iter().for_each(|word| *table.entry(*word).or_default() |= class);
        }
        table
    });
    TABLE.get(word).copied().unwrap_or_default()
}

/// How many bytes all names have together that are remembered.
const ALL_BYTES: usize = 1 << 20;

/// Judges a name that a keyword for credentials was found in. Programs use the same names again and again, so they are
/// remembered.
pub(super) fn judge(name: &str) -> Option<Strength> {
    static JUDGED: LazyLock<Memo<Option<Strength>>> = LazyLock::new(|| Memo::new(ALL_BYTES));
    *JUDGED.get_or_make(hash_bytes(name.as_bytes()), name.len(), || judge_words(name)).0
}

fn judge_words(name: &str) -> Option<Strength> {
    let (lower, words) = words(name);
    let words: Vec<(&str, Classes)> = words.into_iter().map(|w| (&lower[w.clone()], classes(&lower[w]))).collect();
    let tells_apart = |word: &str, is: Classes| is & IS_APART != 0 || word.bytes().all(|b| b.is_ascii_digit());
    let last = words.iter().rposition(|&(word, is)| !tells_apart(word, is))?;
    if words[last].1 & IS_OTHER != 0 || words[..last].iter().any(|(_, is)| is & IS_NOT_SECRET != 0) {
        return None;
    }
    // A word behind the noun that is none of those that only tell apart (`TOKEN_GITHUB`, `password_mysql`).
    for (at, &(word, is)) in words[..=last].iter().enumerate().rev() {
        // Chinese writes a compound in one: `数据库密码`, the password of a database.
        let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
        if is & IS_PASSWORD != 0 || ends(&["password", "passwd", "密码", "口令"]) {
            return Some(Strength::Password);
        }
        if is & IS_STRONG != 0 || ends_strong(word) || ends(&["密钥"]) {
            return Some(Strength::Strong);
        }
        if word == "key" || word == "keys" {
            return match at.checked_sub(1).map(|n| words[n].1) {
                Some(before) if before & IS_KEY_OF != 0 => Some(Strength::Strong),
                _ if at == last => Some(Strength::Weak),
                _ => None,
            };
        }
        if at == last
            && matches!(
                word,
                "auth" | "authorization" | "access" | "salt" | "cipher" | "sk" | "ak" | "api" | "authentication"
            )
        {
            return Some(Strength::Weak);
        }
        // Only one word may stand behind the noun.
        if last - at >= 1 {
            break;
        }
    }
    // What was looked for stands further in front, or inside a word.
    None
}

/// Compounds written in one: `githubtoken`, `mysecret`.
fn ends_strong(word: &str) -> bool {
    ["token", "secret", "apikey", "secretkey", "accesskey", "privatekey"]
        .iter()
        .any(|end| word.len() > end.len() && word.ends_with(end))
}

/// Splits at `_`, `-`, `.`, white space and changes of case: the letters in lower case, and the words among them.
fn words(name: &str) -> (String, Vec<Range<usize>>) {
    let mut lower = String::with_capacity(name.len());
    let mut words: Vec<Range<usize>> = Vec::with_capacity(4);
    let mut start = 0;
    let mut before: Option<char> = None;
    // A number at the end is a word of its own.
    let number = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let mut chars = name.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let starts = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_ascii_digit() || (b.is_uppercase() && next.is_some_and(char::is_lowercase))
            })
            || at == number && before.is_some_and(char::is_alphabetic);
        if (starts || !c.is_alphanumeric()) && start < lower.len() {
            words.push(start..lower.len());
            start = lower.len();
        }
        if c.is_ascii_alphanumeric() {
            lower.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            lower.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    if start < lower.len() {
        words.push(start..lower.len());
    }
    (lower, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_says_what_a_thing_is() {
        for name in [
            "API_KEY",
            "apiKey",
            "my.secret",
            "github_token_2",
            "TOKEN_GITHUB",
            "clientSecret",
            "githubtoken",
            "AWS_SECRET_ACCESS_KEY",
            "SECRET_KEY_BASE",
            "authTokenProd",
        ] {
            assert_eq!(judge(name), Some(Strength::Strong), "{name}");
        }
        for name in ["password", "DB_PASSWORD", "spring.datasource.password", "dbPass", "passwd1", "root-password"] {
            assert_eq!(judge(name), Some(Strength::Password), "{name}");
        }
        for name in ["key", "auth", "theKey"] {
            assert_eq!(judge(name), Some(Strength::Weak), "{name}");
        }
        for name in [
            "token_count",
            "keyId",
            "secret_name",
            "public_key",
            "csrf_token",
            "monkey",
            "turkey",
            "accessor",
            "author",
            "keyboard",
            "cache_key_hash",
            "TOKEN_AUDIENCE",
            "passwordField",
            "tokenizer",
            "max_tokens_limit",
            "authority",
            "access_level_set",
            "keystore",
            "primaryKey",
            "API_VERSION",
        ] {
            assert_eq!(judge(name), None, "{name}");
        }
    }
}
