//! Logins in addresses and on command lines: `scheme://user:password@host`, `curl -u user:password`, `Authorization: …`.

use std::ops::Range;

use super::value::{Mix, entropy, is_hex, is_placeholder, is_public, is_template, is_uuid, word_share};
use crate::model::Confidence;

/// What was found: where, of which kind, and how surely.
pub(super) type Login = (Range<usize>, &'static str, &'static str, Confidence);

/// The password in the address whose `://` stands at `at`.
pub(super) fn in_address(text: &str, at: usize) -> Option<Login> {
    let bytes = text.as_bytes();
    let start = at + 3;
    let mut scheme_start = at;
    while scheme_start > 0
        && at - scheme_start < 24
        && (bytes[scheme_start - 1].is_ascii_alphanumeric() || matches!(bytes[scheme_start - 1], b'+' | b'-' | b'.'))
    {
        scheme_start -= 1;
    }
    let scheme = text.get(scheme_start..at)?.to_ascii_lowercase();
    // The login ends with the last `@` in front of the path; a `/` ends the search unless it is in a password.
    let mut colon = None;
    let mut end = None;
    for (n, &b) in bytes[start..].iter().enumerate().take(256) {
        match b {
            b':' if colon.is_none() => colon = Some(start + n),
            b'@' => end = Some(start + n),
            b'/' | b'?' | b'#' if colon.is_none() || end.is_some() => break,
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'|' | b'\\' | b'{' | b'}' | b')'
            | b'(' | b',' => break,
            b if b.is_ascii_control() => break,
            _ => {}
        }
    }
    let end = end?;
    let Some(colon) = colon.filter(|colon| *colon < end) else { return token_as_user(text, &scheme, start..end) };
    if end <= colon + 1 {
        return None;
    }
    let (user, password) = (text.get(start..colon)?, text.get(colon + 1..end)?);
    // Roots of CVS begin with the method, and the user follows: `:pserver:anoncvs@host:/cvs`.
    if scheme == "cvs" && user.is_empty() && password.matches(':').count() < 2 {
        return None;
    }
    let host_end = bytes[end + 1..]
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')))
        .map_or(text.len(), |n| end + 1 + n);
    let host = text.get(end + 1..host_end)?;
    // What a `/` is in belongs to a path, as in `http://host:80/a@b`.
    if password.contains('/')
        && !password.contains('%')
        && password.split('/').next().is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()))
    {
        return None;
    }
    let near = [
        "localhost",
        "127.0.0.1",
        "0.0.0.0",
        "host",
        "hostname",
        "example",
        "server",
        "db",
        "postgres",
        "mysql",
        "redis",
        "mongo",
        "rabbitmq",
        "database",
    ];
    let here = host.is_empty()
        || near.contains(&host)
        || host.starts_with("example.")
        || host.contains(".example")
        || host.contains("example.")
        || host.ends_with(".test")
        || host.ends_with(".invalid")
        || host.ends_with(".local");
    if unusable(password) || password == user || password.len() < 3 || scheme.is_empty() {
        return None;
    }
    let mix = Mix::of(password);
    let plain = word_share(password) > 0.6 || mix.classes() < 2 || password.len() < 6;
    let database = [
        "postgres",
        "mysql",
        "mongodb",
        "redis",
        "amqp",
        "mssql",
        "sqlserver",
        "mariadb",
        "clickhouse",
        "jdbc",
        "rediss",
        "amqps",
        "postgresql",
        "cockroach",
        "couchdb",
        "neo4j",
        "ldap",
        "ftp",
        "sftp",
        "smtp",
        "kafka",
    ]
    .iter()
    .any(|name| scheme.contains(name));
    if here && (plain || !database && entropy(password) < 3.0) || plain && !database && !host.contains('.') {
        return None;
    }
    let (kind, title) = if database {
        ("connection-string", "password in a connection string")
    } else {
        ("url-password", "password in an address")
    };
    let confidence = if plain || here {
        Confidence::Low
    } else if password.len() >= 12 && entropy(password) > 3.2 {
        Confidence::High
    } else {
        Confidence::Medium
    };
    Some((colon + 1..end, kind, title, confidence))
}

/// A token in place of the user: `https://<token>@git.host.org/…`. The key in the address of a Sentry project stands there
/// too and is public.
fn token_as_user(text: &str, scheme: &str, user: Range<usize>) -> Option<Login> {
    let token = text.get(user.clone())?;
    let rest = text.get(user.end + 1..)?;
    let length =
        rest.bytes().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\'' | b'`' | b'<')).count();
    let (host, path) = rest.get(..length)?.split_once('/').unwrap_or((&rest[..length], ""));
    let is_project = is_hex(token) && path.bytes().all(|b| b.is_ascii_digit());
    let random = token.len() >= 20
        && token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && Mix::of(token).digits >= 2
        && entropy(token) >= 3.2
        && word_share(token) < 0.3;
    let good = scheme.ends_with("http") || scheme.ends_with("https");
    (good && random && host.contains('.') && !is_project && !unusable(token)).then_some((
        user,
        "url-token",
        "token in an address",
        Confidence::Medium,
    ))
}

/// The password in front of `@tcp(` in the data source name of Go's driver for MySQL: `user:password@tcp(host:port)/name`.
pub(super) fn in_source_name(text: &str, at: usize) -> Option<Login> {
    let mut from = at.saturating_sub(128);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let login = text[from..at].rsplit(['"', '\'', '`', ' ', '\t', '\n', '=', '>']).next()?;
    let (user, password) = login.split_once(':')?;
    let plain = Mix::of(password).classes() < 2 || word_share(password) > 0.6;
    if user.is_empty() || user == password || password.len() < 6 || unusable(password) || plain {
        return None;
    }
    Some((at - password.len()..at, "connection-string", "password in a connection string", Confidence::Medium))
}

/// The password in an address of Oracle's thin driver, whose `:thin:` stands at `at`: `jdbc:oracle:thin:user/password@…`.
pub(super) fn in_thin_address(text: &str, at: usize) -> Option<Login> {
    let start = at + ":thin:".len();
    let length = text.get(start..)?.bytes().take(128).take_while(|b| b.is_ascii_graphic() && *b != b'"').count();
    let (login, _) = text.get(start..start + length)?.rsplit_once('@')?;
    let (user, password) = login.split_once('/')?;
    let plain = Mix::of(password).classes() < 2 || word_share(password) > 0.6;
    if user == password || password.len() < 6 || unusable(password) || plain {
        return None;
    }
    let from = start + user.len() + 1;
    Some((from..from + password.len(), "connection-string", "password in a connection string", Confidence::Medium))
}

/// Whether the pair of name and value at `name` is a part of a connection string: what stands in front of it on the line
/// names a server or a user in the same manner, and in a program it stands in quotes.
pub(super) fn is_in_connection_string(text: &str, name: usize, code: bool) -> bool {
    const OTHERS: &[&str] = &[
        "server=",
        "data source=",
        "datasource=",
        "host=",
        "hostname=",
        "jdbc:",
        "driver=",
        "uid=",
        "user id=",
        "userid=",
        "username=",
        "user=",
        "database=",
        "dbname=",
        "initial catalog=",
        ".redis.cache.",
        ":6379,",
        ":6380,",
    ];
    let mut from = name.saturating_sub(300);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text[from..name].rsplit('\n').next().unwrap_or_default();
    let is_open = |quote: char| before.matches(quote).count() % 2 == 1;
    let lower = before.to_ascii_lowercase();
    before.ends_with([';', '&', '?', ',', ' '])
        && OTHERS.iter().any(|other| lower.contains(other))
        && (!code || ['"', '\'', '`'].into_iter().any(is_open))
}

/// What stands for a password.
pub(super) fn unusable(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let common = [
        "pass",
        "password",
        "passwd",
        "pwd",
        "secret",
        "token",
        "user",
        "pw",
        "x-oauth-basic",
        "test",
        "foo",
        "bar",
        "baz",
        "admin",
        "key",
        "pat",
        "api_key",
        "apikey",
        "guest",
        "xxx",
        "root",
        "123",
        "1234",
        "12345",
        "123456",
        "changeme",
        "mypassword",
        "x-token-auth",
        "postgres",
        "hunter2",
        "p4ssw0rd",
        "passw0rd",
        "p%40ssw0rd",
        "p@ssw0rd",
        "something",
        "abc",
        "none",
        "null",
        "empty",
        "my_password",
        "s3cret",
        "s3cr3t",
        "tiger",
        "opensesame",
    ];
    is_template(text)
        || is_placeholder(text)
        || common.contains(&lower.as_str())
        || lower.starts_with('$')
        || lower.starts_with('%') && lower.ends_with('%')
        || lower.contains("password") && !lower.bytes().any(|b| b.is_ascii_digit())
        || text.bytes().all(|b| matches!(b, b'*' | b'x' | b'X' | b'.' | b'-' | b'_'))
}

/// The password in a statement or script that makes an account: `IDENTIFIED BY '…'`, `ConvertTo-SecureString '…'`; the words
/// that introduce it stand at `at`.
pub(super) fn in_statement(text: &str, at: usize, words: &str) -> Option<Login> {
    let line = line_behind(text, at);
    // The value stands behind the name, or behind its parameter.
    let from = if words == "convertto-securestring" {
        let lower = line.to_ascii_lowercase();
        lower.find("-asplaintext")?;
        at + lower.find(" -string ").map_or(words.len(), |found| found + " -string ".len())
    } else {
        at + words.len()
    };
    // In statements and scripts a text stands in quotes; the words are those of prose, too.
    if !text.get(from..)?.trim_start_matches([' ', '\t']).starts_with(['"', '\'']) {
        return None;
    }
    let (value, range) = word(text, from)?;
    // Statements are written in tests and manuals more than anywhere else, with passwords that say so.
    let lower = value.to_ascii_lowercase();
    let says_so = ["pass", "pwd", "test", "user", "vagrant", "123"].iter().any(|word| lower.contains(word));
    let good = is_random(value) && !says_so && !value.contains(['%', '$', '\\', '?', '{']) && !is_public(value);
    good.then_some((range, "command-password", "password in a statement or script", Confidence::Low))
}

/// Whether a password has what chance makes and few words have: digits, and no word that fills it.
pub(super) fn is_random(value: &str) -> bool {
    value.len() >= 8
        && value.bytes().all(|b| b.is_ascii_graphic())
        && Mix::of(value).digits > 0
        && entropy(value) > 2.7
        && word_share(value) <= 0.6
        && !unusable(value)
}

/// Longest command that is looked at, in bytes.
const COMMAND: usize = 1200;

/// What follows on the line, as far as it is looked at: a line may be as long as the file.
fn line_behind(text: &str, at: usize) -> &str {
    let rest = &text[at..text.floor_char_boundary(at.saturating_add(COMMAND))];
    rest.split('\n').next().unwrap_or_default()
}

/// The credentials in the curl command that starts at `at`.
pub(super) fn in_curl(text: &str, at: usize) -> Option<Login> {
    let command = command_at(text, at)?;
    let line = &text[command.clone()];
    for option in [" -u ", " --user ", " -u\"", " -u'", " --user=", " -u=", "\n-u ", "\n--user "] {
        let Some(found) = line.find(option) else { continue };
        let from = command.start + found + option.len() - usize::from(option.ends_with(['"', '\'']));
        let (value, range) = word(text, from)?;
        let Some((user, password)) = value.split_once(':') else { continue };
        let (user, password) = (user.trim_matches(['"', '\'']), password.trim_matches(['"', '\'']));
        let secret = if password.is_empty() { user } else { password };
        let mix = Mix::of(secret);
        if secret.len() < 4
            || unusable(secret)
            || (user == password)
            || mix.classes() < 2 && (word_share(secret) > 0.4 || secret.len() < 8)
            || secret.contains(char::is_whitespace)
        {
            return None;
        }
        return Some((
            range,
            "curl-auth-user",
            "login of a curl command",
            if secret.len() >= 12 && entropy(secret) > 3.0 { Confidence::Medium } else { Confidence::Low },
        ));
    }
    let lower = line.to_ascii_lowercase();
    for name in [
        "authorization:",
        "x-api-key:",
        "api-key:",
        "apikey:",
        "x-auth-token:",
        "private-token:",
        "x-token:",
        "x-access-token:",
        "x-auth-key:",
        "token:",
        "key:",
    ] {
        let Some(found) = lower.find(name) else { continue };
        let from = command.start + found + name.len();
        if let Some(found) = header(text, from, 8) {
            return Some((found, "curl-auth-header", "credential in a header of a curl command", Confidence::Medium));
        }
    }
    None
}

/// The bytes of a command: its line, and those that a backslash joins to it.
fn command_at(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).map_or(b' ', |n| bytes[n]);
    if before.is_ascii_alphanumeric()
        || matches!(before, b'_' | b'-' | b'.' | b'/')
        || !bytes.get(at + 4).is_some_and(u8::is_ascii_whitespace)
    {
        return None;
    }
    let mut end = at;
    let limit = (at + COMMAND).min(text.len());
    while end < limit {
        if bytes[end] == b'\n'
            && !bytes[..end].trim_ascii_end().ends_with(b"\\")
            && !text[end..].trim_start().starts_with('-')
        {
            break;
        }
        end += 1;
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Some(at..end)
}

/// The word of a command line at `from`, quotes left out.
fn word(text: &str, from: usize) -> Option<(&str, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut start = from;
    while bytes.get(start).is_some_and(|b| matches!(b, b' ' | b'\t')) {
        start += 1;
    }
    let quote = *bytes.get(start)?;
    let (start, end) = if matches!(quote, b'"' | b'\'') {
        let start = start + 1;
        (start, start + bytes[start..].iter().take(300).position(|b| *b == quote || *b == b'\n')?)
    } else {
        (start, bytes[start..].iter().take(300).position(u8::is_ascii_whitespace).map_or(text.len(), |n| start + n))
    };
    Some((text.get(start..end)?, start..end))
}

/// The credential in the value of a header: behind `Basic`, `Bearer` or `Token`, or alone.
pub(super) fn header(text: &str, from: usize, least: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut start = from;
    let skip_spaces = |mut at: usize| {
        while bytes.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
            at += 1;
        }
        at
    };
    start = skip_spaces(start);
    let mut basic = false;
    for scheme in ["basic ", "bearer ", "token ", "apikey ", "api-token ", "ssws ", "key ", "ghs ", "splunk ", "jwt "]
    {
        if bytes.get(start..start + scheme.len()).is_some_and(|b| b.eq_ignore_ascii_case(scheme.as_bytes())) {
            basic = scheme == "basic ";
            start = skip_spaces(start + scheme.len());
            break;
        }
    }
    let length = bytes[start.min(bytes.len())..]
        .iter()
        .take(2000)
        .take_while(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~' | b'@' | b'%')
        })
        .count();
    let value = text.get(start..start + length)?;
    let after = bytes.get(start + length).copied().unwrap_or(b' ');
    if length < least || unusable(value) || matches!(after, b'{' | b'<' | b'$' | b'(' | b'[') {
        return None;
    }
    if basic {
        let decoded = super::shape::base64(value, 512)?;
        let login = String::from_utf8(decoded).ok()?;
        let (user, password) = login.split_once(':')?;
        let good = !unusable(password)
            && password != user
            && (password.len() >= 6 || user.len() >= 12)
            && login.chars().all(|c| !c.is_control());
        return good.then_some(start..start + length);
    }
    let mix = Mix::of(value);
    let random =
        entropy(value) >= 3.0 && word_share(value) < 0.45 && (mix.digits > 0 || mix.lower > 3 && mix.upper > 3);
    let plain = is_hex(value) && value.len() < 16;
    (random && !plain || is_uuid(value)).then_some(start..start + length)
}

/// Whether the value of `kind:` at the start of a text is that of a Kubernetes secret.
pub(super) fn is_secret_kind(text: &str) -> bool {
    let line = line_behind(text, 0);
    line.len() < 32 && line.trim().trim_matches(['"', '\'', ',']).eq_ignore_ascii_case("secret")
}

/// Values of the Kubernetes secret whose `kind:` stands at `at`: lines below `data:` or `stringData:` of the same document.
pub(super) fn in_kubernetes_secret(text: &str, at: usize) -> Vec<Login> {
    let mut found = Vec::new();
    let start = text[..at].rfind("\n---").map_or(0, |n| n + 4);
    let end = text[at..].find("\n---").map_or(text.len(), |n| at + n);
    let mut offset = start;
    let mut inside: Option<usize> = None;
    for line in text[start..end].split_inclusive('\n') {
        let here = offset;
        offset += line.len();
        let trimmed = line.trim_end();
        let indent = trimmed.len() - trimmed.trim_start().len();
        let body = trimmed.trim_start();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if matches!(body, "data:" | "stringData:" | "\"data\": {") {
            inside = Some(indent);
            continue;
        }
        let Some(level) = inside else { continue };
        if indent <= level {
            inside = None;
            continue;
        }
        let Some((name, value)) = body.split_once(':') else { continue };
        let raw = value.trim();
        let clean = raw.trim_matches(['"', '\'', ',']);
        let Some(within) = line.find(clean).filter(|_| !clean.is_empty()) else { continue };
        let decoded = super::shape::base64(clean, 8192).and_then(|bytes| String::from_utf8(bytes).ok());
        let good = clean.len() >= 10
            && !is_template(clean)
            && decoded
                .as_deref()
                .is_none_or(|text| !is_template(text) && !is_placeholder(text) && text.len() >= 6 && !unusable(text));
        if good
            && clean.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
            && !name.contains(".crt")
            && !is_placeholder(clean)
        {
            found.push((
                here + within..here + within + clean.len(),
                "kubernetes-secret",
                "value of a Kubernetes secret",
                Confidence::Medium,
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<(&str, Confidence)> {
        in_address(text, text.find("://")?).map(|(range, _, _, confidence)| (&text[range], confidence))
    }

    #[test]
    fn passwords_in_addresses() {
        let password = ["kV9", "tRw2", "LmQ7"].concat();
        let text = format!("postgres://app:{password}@db1.prod.internal:5432/x");
        assert_eq!(address(&text), Some((password.as_str(), Confidence::Medium)));
        for text in [
            "https://user:password@example.com/x",
            "http://localhost:8080/a@b",
            "postgres://postgres:postgres@localhost/db",
            "https://${USER}:${PASS}@host/x",
            "https://host.org:443/path@1.2",
            "git://github.com/a/b.git",
            "https://user:<token>@github.com",
            "redis://:@localhost",
            "https://somebody-with-a-name@git.acme.io/x",
            "cvs://:pserver:anoncvs@sources.acme.io:/cvs/src",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn tokens_and_passwords_of_other_addresses() {
        let token = ["9ea6b6e23ac36ca1", "1756453106cf1c02"].concat();
        let found = address(&format!("https://{token}@git.acme.io/x/y.git")).map(|(token, _)| token.to_owned());
        assert_eq!(found, Some(token.clone()));
        // The address of a project of Sentry, with its public key.
        assert_eq!(address(&format!("https://{token}@errors.acme.io/12")), None);
        let password = ["kV9tRw2", "LmQ7"].concat();
        let text = format!("dsn = \"app:{password}@tcp(db:3306)/x\"");
        let found = in_source_name(&text, text.find("@tcp(").unwrap_or_default());
        assert_eq!(found.map(|(range, ..)| &text[range]), Some(password.as_str()));
        let text = format!("jdbc:oracle:thin:app/{password}@//db:1521/x");
        let found = in_thin_address(&text, text.find(":thin:").unwrap_or_default());
        assert_eq!(found.map(|(range, ..)| &text[range]), Some(password.as_str()));
        assert!(in_thin_address("jdbc:oracle:thin:scott/tiger@//db:1521/x", 11).is_none());
    }

    #[test]
    fn pairs_of_connection_strings() {
        for text in ["x = \"Server=a;Uid=b;Pwd", "x = 'host=a user=b pwd", "url = \"jdbc:mysql://h/x?user=a&pwd"] {
            let name = text.len() - 3;
            assert!(is_in_connection_string(text, name, true), "{text}");
        }
        assert!(!is_in_connection_string("connect(user=a, pwd", 16, true));
        assert!(is_in_connection_string("Server=a;Pwd", 9, false));
        assert!(!is_in_connection_string("a=b;Pwd", 4, false));
    }

    #[test]
    fn passwords_of_statements() {
        let secret = ["kV9tRw2", "LmQ7xZ"].concat();
        let of = |text: &str, program: &str| in_statement(text, 0, program).map(|(range, ..)| text[range].to_owned());
        assert_eq!(of(&format!("IDENTIFIED BY '{secret}';"), "identified by"), Some(secret.clone()));
        let shell = "convertto-securestring";
        assert_eq!(
            of(&format!("ConvertTo-SecureString -String '{secret}' -AsPlainText"), shell),
            Some(secret.clone())
        );
        assert_eq!(of(&format!("ConvertTo-SecureString \"{secret}\" -AsPlainText -Force"), shell), Some(secret));
        assert_eq!(of("ConvertTo-SecureString $env:X -AsPlainText -Force", shell), None);
        let hash = ["*88C89BE093D4ECF72D03", "9F62EBB7477EA1FD4D63"].concat();
        assert_eq!(of(&format!("identified by '{hash}'"), "identified by"), None);
        for text in ["identified by 'plug_dest_passwd2'", "IDENTIFIED BY 'pwd-321'", "identified by 'good_one'"] {
            assert_eq!(of(text, "identified by"), None, "{text}");
        }
        for text in [
            "identified by ``type`` and passed",
            "identified by +object2+).",
            "IDENTIFIED BY '%s1x'",
            "IDENTIFIED BY ?",
        ] {
            assert_eq!(of(text, "identified by"), None, "{text}");
        }
    }

    #[test]
    fn credentials_of_curl() {
        let secret = ["f9K2", "mQ7z", "Lp4X", "w8Rt"].concat();
        let of = |text: &str| in_curl(text, 0).map(|(range, kind, ..)| (text[range].to_owned(), kind));
        assert_eq!(
            of(&format!("curl -X POST -u \"me:{secret}\" https://h")),
            Some((format!("me:{secret}"), "curl-auth-user"))
        );
        assert_eq!(
            of(&format!("curl \\\n  -H \"Authorization: Bearer {secret}\" https://h")),
            Some((secret, "curl-auth-header"))
        );
        assert_eq!(of("curl -u user:password https://h"), None);
        assert_eq!(of("curl -H 'Authorization: Bearer $TOKEN' https://h"), None);
    }
}
