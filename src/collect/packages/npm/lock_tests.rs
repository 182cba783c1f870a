//! Tests of the reader of `package-lock.json`.

use crate::collect::packages::testing::{fixture, lock, notes, with_text};
use crate::model::{Lock, Scope};

/// `name version scope -> edges`, in the order of the lock file.
fn table(lock: &Lock) -> Vec<String> {
    let label = |i: usize| format!("{}@{}", lock.packages[i].name, lock.packages[i].version);
    let rows = lock.packages.iter().enumerate().map(|(i, p)| {
        let scope = match p.scope {
            _ if p.local => "local".to_owned(),
            Some(scope) => format!("{scope:?}").to_lowercase(),
            None => "?".to_owned(),
        };
        let edges: Vec<String> = p.dependencies.iter().map(|&j| label(j)).collect();
        format!("{} {scope}{} -> {}", label(i), if p.direct == Some(true) { " direct" } else { "" }, edges.join(" "))
    });
    rows.collect()
}

/// By hand, from the folders of the fixture: each package gets the nearest `node_modules` above it.
const TREE: [&str; 9] = [
    "root@1.0.0 local -> real@2.0.0 native@5.0.0 outer@1.0.0 tool@4.0.0",
    "real@2.0.0 runtime direct -> ",
    "inner@1.0.0 runtime -> ",
    "native@5.0.0 optional direct -> ",
    "outer@1.0.0 runtime direct -> inner@1.0.0 native@5.0.0 ws@0.1.0",
    "tool@4.0.0 dev direct -> inner@3.0.0",
    "inner@3.0.0 dev -> ",
    "ws@0.1.0 local -> inner@2.0.0",
    "inner@2.0.0 runtime direct -> ",
];

#[test]
fn version_3_resolves_edges_as_node_does() {
    let evidence = fixture("package-lock", "v3/package-lock.json");
    assert_eq!(table(lock(&evidence)), TREE);
}

#[test]
fn a_package_carries_what_the_lock_states() {
    let evidence = fixture("package-lock", "v3/package-lock.json");
    let packages = &lock(&evidence).packages;
    let real = packages.iter().find(|p| p.name == "real").unwrap();
    assert_eq!(real.purl, "pkg:npm/real@2.0.0");
    assert_eq!(real.license.as_deref(), Some("MIT"));
    assert_eq!(real.region.as_ref().unwrap().start_line, 26);
    assert_eq!(real.resolved.as_deref(), Some("https://registry.npmjs.org/real/-/real-2.0.0.tgz"));
    // SHA-1 of the empty text, FIPS 180-4.
    assert_eq!(real.hashes[0].value, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    let tool = packages.iter().find(|p| p.name == "tool").unwrap();
    assert_eq!(
        tool.purl,
        "pkg:npm/tool@4.0.0?vcs_url=git%2Bssh://git%40git.example.org/tool.git%400123456789abcdef0123456789abcdef01234567"
    );
}

#[test]
fn version_2_is_read_by_its_packages() {
    let evidence = fixture("package-lock", "v2/package-lock.json");
    assert_eq!(table(lock(&evidence)), ["two@2.0.0 local -> a@1.0.0", "a@1.0.0 runtime direct -> "]);
}

#[test]
fn version_1_nests_and_leaves_direct_open() {
    let evidence = fixture("package-lock", "v1/package-lock.json");
    assert_eq!(
        table(lock(&evidence)),
        [
            "a@1.0.0 runtime -> c@1.5.0 b@2.0.0",
            "b@1.0.0 dev -> ",
            "c@1.5.0 optional -> b@1.0.0",
            "real@3.0.0 runtime -> ",
            "forked@ runtime -> ",
            "b@2.0.0 runtime -> c@1.5.0",
            "one@0.0.1 local -> a@1.0.0 b@1.0.0 c@1.5.0 real@3.0.0 forked@",
        ]
    );
}

#[test]
fn the_hidden_lock_file_has_a_project_without_a_name() {
    let evidence = fixture("package-lock", "hidden/node_modules/.package-lock.json");
    assert_eq!(
        table(lock(&evidence)),
        ["a@1.0.0 runtime -> b@1.0.0", "b@1.0.0 runtime -> ", "@ local -> a@1.0.0 b@1.0.0"]
    );
    assert!(lock(&evidence).packages[2].purl.is_empty());
}

#[test]
fn lock_files_inside_installed_packages_bind_nobody() {
    assert!(with_text("node_modules/a/package-lock.json", "{\"lockfileVersion\": 1}").is_empty());
}

#[test]
fn a_broken_lock_costs_the_file_and_names_the_line() {
    for (text, line) in [
        ("{\n\"lockfileVersion\": 3,\n\"packages\": {", 3),
        ("[]", 1),
        ("{\"lockfileVersion\":\n\"three\"}", 2),
        ("{\"packages\":\n[]}", 2),
        ("{\"dependencies\":\n\n{\"a\": {},\n\"a\": {}}}", 4),
        (&format!("{{\"packages\": {}", "[".repeat(300_000)), 1),
    ] {
        let evidence = with_text("package-lock.json", text);
        assert_eq!(notes(&evidence).iter().map(|n| n.line).collect::<Vec<_>>(), [Some(line)]);
        assert_eq!(evidence.len(), 1);
    }
}

#[test]
fn a_broken_entry_costs_the_entry() {
    let evidence = with_text(
        "package-lock.json",
        "{\"lockfileVersion\": 4, \"packages\": {\n\"node_modules/a\": 3,\n\"node_modules/b\": {\"version\": \"1.0.0\"}}}",
    );
    assert_eq!(notes(&evidence).iter().map(|n| n.line).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert!(lock(&evidence).packages.iter().any(|p| p.name == "b"));
}

#[test]
fn scopes_follow_the_flags() {
    let of = |flags: &str| {
        let text = format!("{{\"packages\": {{\"node_modules/a\": {{\"version\": \"1.0.0\"{flags}}}}}}}");
        lock(&with_text("package-lock.json", &text)).packages[0].scope
    };
    assert_eq!(of(""), Some(Scope::Runtime));
    assert_eq!(of(",\"dev\":true"), Some(Scope::Dev));
    assert_eq!(of(",\"dev\":true,\"optional\":true"), Some(Scope::Dev));
    assert_eq!(of(",\"devOptional\":true"), Some(Scope::Optional));
    assert_eq!(of(",\"peer\":true"), Some(Scope::Peer));
}
