//! What is found and what is not. Credentials are put together here, so that none stands in the source.

use super::super::{Collector, Hit, SourceFile};
use super::{Secrets, rule};
use crate::model::{Confidence, Encoding, Evidence, FileKind, RelPath, Secret};

/// Finds what a file of this name would give.
pub(super) fn find(name: &str, text: &str) -> Vec<Secret> {
    let lower = text.to_ascii_lowercase();
    let mut hits: Vec<Hit> = Vec::new();
    for (number, keyword) in rule::KEYWORDS.iter().enumerate() {
        let text = if keyword.bytes().any(|byte| byte.is_ascii_uppercase()) { text } else { &lower };
        hits.extend(text.match_indices(keyword).map(|(at, _)| Hit { keyword: number as u16, start: at as u32 }));
    }
    hits.sort_by_key(|hit| hit.start);
    let path = RelPath::new(name);
    let kind = FileKind::Text(Encoding::Utf8);
    let short = path.name().to_ascii_lowercase();
    let file = SourceFile::text_file(&path, &short, &kind, text);
    let mut out = Vec::new();
    Secrets.collect(&file, &hits, &mut out);
    out.into_iter()
        .filter_map(|evidence| match evidence {
            Evidence::Secret(secret) => Some(secret),
            _ => None,
        })
        .collect()
}

fn kinds(text: &str) -> Vec<String> {
    find("config.txt", text).into_iter().map(|s| s.kind).collect()
}

#[test]
fn tokens_are_found_by_their_form() {
    let hex = "a8f5e167d44c4964b6c998dee827110c";
    let body = ["Qz8mK2pV", "7tRw4LxN", "9cYb3HsJ", "6dGf5AeU", "1kXo0iZq"].concat();
    for (text, kind) in [
        (["AK", "IA", "QZ7RWLN2C5BHSJ6D"].concat(), "aws-access-key-id"),
        (["LT", "AI", &body[..20]].concat(), "alibaba-access-key-id"),
        (["glp", "at-", &body[..20]].concat(), "gitlab-pat"),
        (["AI", "za", &body[..35]].concat(), "google-api-key"),
        (["dop", "_v1_", hex, hex].concat(), "digitalocean-pat"),
        (["SG", ".", &body[..22], ".", &body, &body[..3]].concat(), "sendgrid-key"),
        (["https://hooks.", "slack.com/services/T0", "A1B2C3D/B0Z9Y8X7W/", &body[..24]].concat(), "slack-webhook"),
    ] {
        assert_eq!(kinds(&format!("x = {text}\n")), [kind], "{kind}");
        let inside = kinds(&format!("x{text}\n"));
        assert!(inside.is_empty() || text.starts_with("https"), "{kind} in a word");
    }
}

#[test]
fn words_that_hyphens_join_are_no_key() {
    let body = ["Qz8mK2pV", "7tRw4LxN", "9cYb3HsJ", "6dGf5AeU", "1kXo0iZq", "W2rT5yUi"].concat();
    assert_eq!(kinds(&format!("x = {}\n", ["pa", "-", &body[..43]].concat())), ["voyage-key"]);
    let address = ["/sykkel/ligger-pa", "-andreplass-sa-skjer-dette-drama_vid30000618/video.html"].concat();
    assert!(kinds(&format!("url = https://news.example.org{address}\n")).is_empty());
}

#[test]
fn tokens_of_services_are_found_by_their_form() {
    let hex = "a8f5e167d44c4964b6c998dee827110c";
    let uuid = "a8f5e167-d44c-4964-b6c9-98dee827110c";
    let body = ["Qz8mK2pV", "7tRw4LxN", "9cYb3HsJ", "6dGf5AeU", "1kXo0iZq", "W2rT5yUi"].concat();
    for (text, kind) in [
        (["ovs", "xp_", uuid].concat(), "openvsx-token"),
        (["HRK", "U-", uuid].concat(), "heroku-api-key"),
        (["gitpod", "_pat_", &body[..43], ".", &body[..40]].concat(), "gitpod-token"),
        (["gl", "rtr-", &body[..20]].concat(), "gitlab-runner-token"),
        (["cfsk", "_ma_test_", hex, "_", &hex[..8]].concat(), "cashfree-secret"),
        (["APP", "_USR-8429568636716288-041815-", hex, "-261458097"].concat(), "mercadopago-token"),
        ([hex, "FFFF", "NRAL"].concat(), "newrelic-license-key"),
        (["corbado", "1_", &body[..30]].concat(), "corbado-secret"),
        (["dbt", "u_", &body].concat(), "dbt-token"),
        (["OC", "|8429568636716288|", &body[..32]].concat(), "oculus-token"),
    ] {
        assert_eq!(kinds(&format!("x = {text}\n")), [kind], "{kind}");
    }
    let bot = ["MTA", &body[..21], ".Gx1y2Z.", &body[..38]].concat();
    assert_eq!(kinds(&format!("client.login(\"{bot}\") // discord\n")), ["discord-bot-token"]);
}

#[test]
fn what_programs_and_calls_are_given_is_found() {
    let secret = ["kV9tRw2", "LmQ7xZ"].concat();
    let token = ["Qz8mK2pV", "7tRw4LxN", "9cYb3HsJ"].concat();
    for (line, kind) in [
        (format!("mysql -u root -p{secret} shop"), "command-password"),
        (format!("/usr/bin/7z x -p{secret} a.7z"), "command-password"),
        (format!("docker login -u me -p {secret} registry.org"), "command-password"),
        (format!("cargo login {token}"), "command-password"),
        (format!("db.basicAuth(\"me\", \"{secret}\")"), "call-password"),
        (format!("  pass: \"{secret}\""), "password"),
        (format!("bind_pw = {secret}"), "password"),
    ] {
        assert_eq!(
            find("run.sh", &format!("{line}\n")).into_iter().map(|s| s.kind).collect::<Vec<_>>(),
            [kind],
            "{line}"
        );
        assert!(find("tests/run.sh", &format!("{line}\n")).iter().all(|s| s.kind == "password"), "{line}");
    }
    let modes = "actions = [\"aws:pass\", \"aws:drop_2\"]\n";
    assert!(find("a.py", modes).is_empty());
}

#[test]
fn names_in_chinese_are_read() {
    let secret = ["kV9tRw2", "LmQ7xZ"].concat();
    assert_eq!(kinds(&format!("密码：{secret}\n")), ["password"]);
    assert_eq!(kinds(&format!("\"数据库密码\": \"{secret}\"\n")), ["password"]);
}

#[test]
fn scripts_and_folders_of_tests_have_no_passwords_of_their_own() {
    assert!(kinds("docker run --volume `pwd`:/rocksdb-host1:ro\n").is_empty());
    assert!(kinds("#include <pwd.h>\n  #include <sys/types2.h>\n").is_empty());
    let statement = ["create user a identified by 'kV9", "tRw2LmQ7xZ';"].concat();
    assert_eq!(find("setup.sql", &statement).len(), 1);
    assert!(find("mysql-test/main/grant.sql", &statement).is_empty());
}

#[test]
fn a_token_is_found_in_a_run_of_its_keyword() {
    // A long-lived Dropbox token: 11 characters, ten times `A`, 43 characters. The first part may end with an `A`.
    let token = ["Qz8mK2pV7tA", "AAAAAAAAAA", "b3HsJ6dGf5AeU1kXo0iZqW2rT5yUi7oPa9cYbLxNw4R"].concat();
    assert_eq!(kinds(&format!("dropbox {token}\n")), ["dropbox-long-token"]);
    assert!(kinds(&"A".repeat(20_000)).is_empty());
}

#[test]
fn a_token_inside_encoded_data_is_chance() {
    let token = ["AK", "IA", "QZ7RWLN2C5BHSJ6D"].concat();
    let line = "mQINBFxk+Qz8mK2pV7tRw4LxN9cYb3HsJ6dGf5AeU1kXo0iZqW2rT5yUi/oPa";
    let within = format!("{}/{token}/{}", &line[..20], &line[..22]);
    assert!(kinds(&format!("{line}\n{within}\n{line}\n")).is_empty());
    let whole = ["EAAA", "l7Qz8mK2pV7tRw4LxN9cYb3HsJ6dGf5A", "eU1kXo0iZqW2rT5yUi7oPa9cYbLx"].concat();
    assert!(kinds(&format!("{line}\n{whole}\n{line}\n")).is_empty());
    assert_eq!(kinds(&format!("{line}\n{whole}\n\n")), ["square-token"]);
    let long = line.repeat(20);
    assert!(kinds(&format!("x\n\"{long}/{token}/{line}\"\ny\n")).is_empty());
    // Notebooks keep images in one text of JSON.
    assert!(kinds(&format!("\"png\": \"{line}\\n{whole}\\n{line}\"\n")).is_empty());
    assert_eq!(kinds(&format!("\"a\": \"{line}\\n{whole}\\n\"\n")), ["square-token"]);
    // Alone, or without a neighbour of the kind, it is what it looks like.
    assert_eq!(kinds(&format!("{line}\n{token}\n{line}\n")), ["aws-access-key-id"]);
    assert_eq!(kinds(&format!("x\n{within}\ny\n")), ["aws-access-key-id"]);
}

#[test]
fn a_wrong_checksum_is_no_token() {
    let body = ["Qz8mK2pV7tRw4LxN", "9cYb3HsJ6dGf5A"].concat();
    let mut crc = flate2::Crc::new();
    crc.update(body.as_bytes());
    let mut value = crc.sum() as usize;
    let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut check = String::new();
    for _ in 0..6 {
        check.insert(0, char::from(digits[value % 62]));
        value /= 62;
    }
    let right = format!("{}_{body}{check}", "ghp");
    assert_eq!(kinds(&format!("value {right}")), ["github-pat"]);
    let wrong = format!("{}_{check}{body}", "ghp");
    assert_eq!(kinds(&format!("value {wrong}")), Vec::<String>::new());
    assert_eq!(kinds(&format!("token = \"{wrong}\"")), Vec::<String>::new(), "nor a credential of another kind");
}

#[test]
fn named_credentials_need_their_service() {
    let value = ["q7zk2mpv", "7trw4lxn", "9cyb3hsj", "6dgf5aeu"].concat();
    assert_eq!(kinds(&format!("adafruit_io = \"{value}\"")), ["adafruit-key"]);
    assert_eq!(kinds(&format!("something_io = \"{value}\"")), Vec::<String>::new());
}

#[test]
fn passwords_and_keys_of_any_kind() {
    let value = ["kV9#t", "Rw2!Lm"].concat();
    assert_eq!(kinds(&format!("db_password = \"{value}\"")), ["password"]);
    let key = ["Zq8mK2pV7tRw", "4LxN9cYb3HsJ"].concat();
    assert_eq!(kinds(&format!("client_secret: {key}")), ["generic-credential"]);
}

#[test]
fn keys_in_base64_and_passwords_of_configuration() {
    let body = format!("MHcCAQEE{}", "IIr3kK9vQ2mZpL7wR4tYbN8cXs5dF6gH1jU0oAoGCCqGSM49AwEHoUQDQgAE");
    let label = ["EC PRIVATE", " KEY"].concat();
    let armour = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
    // RFC 4648.
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let encoded: String = armour
        .as_bytes()
        .chunks(3)
        .flat_map(|part| {
            let bits = part.iter().fold(0usize, |n, b| n << 8 | usize::from(*b)) << (8 * (3 - part.len()));
            (0..=part.len()).map(move |at| char::from(digits[bits >> (18 - 6 * at) & 63])).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(kinds(&format!("key: {encoded}\n")), ["private-key"]);
    let value = ["kV9tRw2", "LmQ7xZ"].concat();
    for text in ["ansible_become_pass: ", "requirepass ", "machine h\n  login me\n  password ", "DB_PASS="] {
        assert_eq!(kinds(&format!("{text}{value}\n")), ["password"], "{text}");
    }
    assert_eq!(kinds("password reset2\nfor the password 2fa2go\n"), Vec::<String>::new());
}

#[test]
fn decoys_are_left_in_peace() {
    let uuid = "123e4567-e89b-12d3-a456-426614174000";
    let hex = "a8f5e167d44c4964b6c998dee827110c";
    for text in [
        "aws_key = AKIAIOSFODNN7EXAMPLE".to_owned(),
        "password = \"${DB_PASSWORD}\"".to_owned(),
        "password: your-password-here".to_owned(),
        "token = get_token_from_env()".to_owned(),
        "secret_name = \"my-app-database-credentials\"".to_owned(),
        format!("cache_key_hash = \"{hex}\""),
        format!("commit: {hex}"),
        format!("session_id = \"{uuid}\""),
        "public_key = \"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\"".to_owned(),
        "\"integrity\": \"sha512-abcDEF123ghiJKL456mnoPQR789stuVWX012yzABC345defGHI678==\"".to_owned(),
        "password: $2a$10$LoRPzN3GtF2pNX5QgCBBHeUr6/zVN./RVGOu5U8SpHyg2sfzvfXji".to_owned(),
        format!("[![CI](https://circleci.com/gh/acme/x.svg?style=svg&circle-token={hex}12345678)](x)"),
        "    self._auth = AuthExternal()".to_owned(),
        "const apiToken = process.env.API_TOKEN_V2".to_owned(),
        "key = \"ArrowDown\"".to_owned(),
        "  auth: AuthenticationManagerBuilder".to_owned(),
        "https://user:password@example.com/".to_owned(),
        // The key of the emulator of Azure Storage, which its documentation gives.
        ["AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/", "K1SZFPTOtr/KBHBeksoGMGw==;"]
            .concat(),
        "address constant TOKEN = 0xdAC17F958D2ee523a2206206994597C13D831ec7;".to_owned(),
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxyz\n-----END PUBLIC KEY-----"
            .to_owned(),
    ] {
        assert_eq!(kinds(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn no_secret_is_shown() {
    let value = ["kV9#t", "Rw2!Lm"].concat();
    let found = find("a.yml", &format!("a: 1\ndb_password: \"{value}\"\n"));
    assert_eq!(found.len(), 1);
    let text = serde_json::to_string(&found).unwrap_or_default();
    assert!(!text.contains(&value) && text.contains("***"), "{text}");
    assert_eq!(found[0].place.start_line(), 2);
}

#[test]
fn comments_allow_with_a_reason() {
    let value = ["kV9#t", "Rw2!Lm"].concat();
    let found =
        find("a.yml", &format!("password: \"{value}\" # openclause: allow(secret-committed) reason=\"revoked\"\n"));
    assert_eq!(found.first().and_then(|s| s.allowed.as_deref()), Some("revoked"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_safe(text in "(password|token|curl -u |://|kind: Secret\ndata:\n|-----BEGIN |eyJ|AKIA|@|:|=|\"|\\\\|[a-zA-Z0-9é密]{1,20}| |\n){0,30}") {
        let _ = find("a.py", &text);
    }
}

#[test]
fn names_with_measures_in_them_are_no_tokens() {
    assert_eq!(kinds("\"BSAEquals0Point025190WT0Point312HT0Point48\""), [""; 0]);
    let key = format!("\"BSA{}\"", "q7Xc2mVw9Tz4Lk8Rj3Hn6Pb1Gd5s");
    assert_eq!(kinds(&key), ["brave-search-key"]);
}

#[test]
fn names_of_several_words_are_no_tokens() {
    assert_eq!(kinds("Lemma lip_extension_strext_case: forall (x : M).\n"), [""; 0]);
    assert_eq!(kinds("static int hf_lip_f7_received_count2 = -1;\n"), [""; 0]);
    let token = ["li", "p_", "q8ZkV2mR7tXw4LxN9cYb"].concat();
    assert_eq!(kinds(&format!("token = {token}\n")), ["lichess-token"]);
}

#[test]
fn what_explains_is_told_from_what_runs() {
    let id = ["AK", "IA", "QZ7RWLN2C5BHSJ6D"].concat();
    let token = ["glp", "at-", "Qz8mK2pV7tRw4LxN9cYb"].concat();
    let explained = |name: &str, text: String| find(name, &text).iter().map(|s| s.explained).collect::<Vec<_>>();
    for (name, text) in [
        ("a.py", format!("def f():\n    \"\"\"Log in.\n\n    f(\"{token}\")\n    \"\"\"\n")),
        ("a.c", format!("/* For example\n   {token}\n */\n")),
        ("a.rs", format!("/// login(\"{token}\");\n")),
        ("a.py", format!("x = 1  # such as {id}\n")),
        ("a.conf", format!("# id: {id}\n")),
    ] {
        assert_eq!(explained(name, text.clone()), [true], "{text}");
    }
    for (name, text) in [
        ("a.py", format!("x = \"{token}\"  # mine\n")),
        ("a.py", format!("# x = \"{token}\"\n")),
        ("a.js", format!("const u = '{id}'\n")),
        ("a.conf", format!("id: {id}\n")),
    ] {
        assert_eq!(explained(name, text.clone()), [false], "{text}");
    }
}

#[test]
fn keys_of_tests_in_programs_and_examples_in_markup_are_told() {
    let label = ["EC PRIVATE", " KEY"].concat();
    let body = ["MDECAQEEIB4yLd8c", "W3dGq7h9Zk2Vb0NxP5sTfR1uYwJmLoKaC6Qe"].concat();
    let key = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----");
    let explained = |name: &str, text: String| find(name, &text).iter().map(|s| s.explained).collect::<Vec<_>>();
    let source = |before: &str| format!("{before} = `{key}`\n");
    assert_eq!(explained("a.go", source("const testCAKey")), [true]);
    assert_eq!(explained("a.go", source("// For an example only.\nconst key")), [true]);
    assert_eq!(explained("a.go", source("const key")), [false]);
    let module = format!("mod tests {{\n{}{}}}\n", "    use super::*;\n".repeat(40), source("    let key"));
    assert_eq!(explained("a.rs", module.clone()), [true]);
    assert_eq!(explained("a.rs", module.replacen("mod tests", "mod keys", 1)), [false]);
    assert_eq!(explained("a.conf", format!("# test\n{key}\n")), [false], "a configuration is no program");
    let token = ["glp", "at-", "Qz8mK2pV7tRw4LxN9cYb"].concat();
    for (name, start, end) in [
        ("a.xml", "<programlisting>", "</programlisting>"),
        ("x.proto.in", "<pre>", "</pre>"),
        ("x.in", "\n.nf\n", "\n.fi\n"),
    ] {
        assert_eq!(explained(name, format!("{start}use {token}\n{end}")), [true], "{name}");
        assert_eq!(explained(name, format!("{start}use{end}\nx = {token}\n")), [false], "{name}");
    }
    let secret = ["wJq7XUtnF3MI/K9MD", "Gz/bPxRfiCYz7kQvT2hNsLd"].concat();
    let shown = |fence: &str| format!("# Use\n\n{fence}go\nsecretAccessKey := \"{secret}\"\n{fence}\n");
    assert_eq!(explained("README.md", shown("```")), [true]);
    assert_eq!(
        explained("a.go", format!("// It is not a secret: clients cannot keep one.\nx := \"{token}\"\n")),
        [true]
    );
    assert_eq!(explained("a.go", format!("// It is a secret.\nx := \"{token}\"\n")), [false]);
    assert_eq!(explained("README.md", shown("")), [false]);
    assert_eq!(explained("README.md", format!("```\nuse {token}\n```\n")), [false], "its form is its own");
    assert_eq!(explained("a.py", format!("EXAMPLES = r\"\"\"\n  x: {token}\n\"\"\"\n")), [true]);
    assert_eq!(explained("a.py", format!("CONFIG = \"\"\"\n  x: {token}\n\"\"\"\n")), [false]);
}

#[test]
fn a_patch_shows_what_the_file_that_it_changes_would() {
    let token = ["glp", "at-", "Qz8mK2pV7tRw4LxN9cYb"].concat();
    let explained = |path: &str, line: &str| {
        let text = format!("--- a/{path}\n+++ b/{path}\t2024-01-01\n@@ -1,2 +1,3 @@\n a\n+{line}{token}\n b\n");
        find("debian/patches/fix.patch", &text).iter().map(|s| s.explained).collect::<Vec<_>>()
    };
    assert_eq!(explained("test/net/login.rb", "  x = "), [true]);
    assert_eq!(explained("lib/net/login.rb", "  x = "), [false]);
    assert_eq!(explained("lib/net/login.c", "   *  such as "), [true]);
}

#[test]
fn sessions_in_documents_print_tokens_of_swarms() {
    let token =
        ["SWM", "TKN-1-", "fy8nu40ugzecuyzup9e9xo04a2j1huorps8n628vdgrjqwomyq-el1haky6dhi74uu5m4q91irq7"].concat();
    let explained = |name: &str| {
        find(name, &format!("docker swarm join --token {token} 192.0.2.7:2377\n"))
            .iter()
            .map(|s| s.explained)
            .collect::<Vec<_>>()
    };
    assert_eq!(explained("deploy.sh"), [false]);
    assert_eq!(explained("README.md"), [true]);
}

#[test]
fn lines_of_encoded_data_may_end_in_escapes() {
    let token = ["ci", "o", "Qz8mK2pV7tRw4LxN9cYb3HsJ6dGf5AeU"].concat();
    let line = "hb8K1mQz".repeat(8);
    let image =
        |token: &str| format!("<image>{line}&#xA;{}+{token}/{}&#xA;{line}</image>\n", &line[..16], &line[..20]);
    assert_eq!(kinds(&format!("token = {token}\n")), ["crates-io-token"]);
    assert_eq!(kinds(&image(&token)), [""; 0]);
    let notebook = format!("\"image/png\": \"{line}\\n{line}\\n{token}{}\\n{line}\\n{line}\\n\"\n", &line[..20]);
    assert_eq!(kinds(&notebook), [""; 0]);
    assert_eq!(
        kinds(&format!("curl https://example.org/{}?token={token}\n", "path/".repeat(8))),
        ["crates-io-token"]
    );
}

#[test]
fn the_key_of_a_client_is_not_its_secret() {
    let value = ["c97d", "e3b0", "44fc", "1c14", "9afb", "f4c8", "996f", "b924"].concat();
    let sure = |name: &str| {
        let found = find("config.py", &format!("{name} = \"{value}\"\n"));
        found.iter().any(|s| s.confidence == Confidence::High)
    };
    assert!(sure("AMPLITUDE_SECRET_KEY") && !sure("AMPLITUDE_API_KEY"));
}

#[test]
fn bytes_written_out_are_no_tokens() {
    let bytes = ["EAAA", "08807D0616026FF51C849EFBF35BA0CE", "3C5300E7D486DA46351B13D4605B"].concat();
    assert!(kinds(&format!("x = {bytes}\n")).is_empty());
    let token = ["EAAA", "l7Qz8mK2pV7tRw4LxN9cYb3HsJ6dGf5A", "eU1kXo0iZqW2rT5yUi7oPa9cYbLx"].concat();
    assert_eq!(kinds(&format!("square = {token}\n")), ["square-token"]);
}
