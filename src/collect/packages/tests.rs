mod fuzz;

use std::collections::BTreeSet;

use super::testing::{fixtures, inventory, inventory_of};
use super::{FORMATS, File, TEXTS, format_of};
use crate::model::{Inventory, Package, RelPath, Scope};

fn package<'i>(inventory: &'i Inventory, purl: &str) -> &'i Package {
    inventory.packages.iter().find(|p| p.purl == purl).unwrap_or_else(|| {
        panic!("no {purl} in {:?}", inventory.packages.iter().map(|p| &p.purl).collect::<Vec<_>>())
    })
}

fn tree(files: &[(&str, &str)]) -> Inventory {
    let mut files: Vec<(RelPath, String)> =
        files.iter().map(|(path, text)| (RelPath::new(*path), (*text).to_owned())).collect();
    files.sort();
    inventory_of(&files)
}

#[test]
fn every_format_is_documented_and_has_a_fixture() {
    let mut ids = BTreeSet::new();
    for format in FORMATS {
        assert!(ids.insert(format.id), "{} is registered twice", format.id);
        let kebab = format.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(kebab, "{} is not in kebab-case", format.id);
        assert!(format.summary.ends_with('.') && format.summary.len() > 30, "{} lacks documentation", format.id);
        assert!(!format.files.is_empty(), "{} reads no file", format.id);
        let folder = fixtures().join(format.id);
        let texts =
            || format.files.iter().filter_map(|f| if let File::Text(text, _) = f { Some(*text) } else { None });
        assert!(texts().all(|text| TEXTS.contains(&text) && text == text.to_lowercase()));
        let files = walkdir::WalkDir::new(&folder).into_iter().map(Result::unwrap);
        let read = files.filter(|entry| {
            let path = RelPath::below(&folder, entry.path()).unwrap_or_else(|| RelPath::new(""));
            let path = RelPath::new(path.as_str().split_once('/').map_or("", |(_, rest)| rest));
            let by_name = format_of(&path.name().to_lowercase(), &path);
            by_name.map_or_else(
                || {
                    std::fs::read_to_string(entry.path())
                        .is_ok_and(|t| texts().any(|text| t.to_lowercase().contains(text)))
                },
                |(at, _)| FORMATS[at].id == format.id,
            )
        });
        assert!(read.count() > 0, "{} has no fixture that it reads", format.id);
    }
    for entry in std::fs::read_dir(fixtures()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(ids.contains(name.as_str()), "fixtures/packages/{name} belongs to no format");
    }
}

#[test]
fn names_are_found_whatever_their_case() {
    for format in FORMATS {
        for file in format.files {
            if let File::Name(name) = file {
                assert_eq!(*name, name.to_lowercase());
                let found = format_of(name, &RelPath::new(*name)).unwrap();
                assert_eq!(FORMATS[found.0].id, format.id);
            }
        }
    }
    assert!(format_of("cargo.lock.orig", &RelPath::new("Cargo.lock.orig")).is_none());
    let of = |name: &str| format_of(name, &RelPath::new(name)).map(|(at, _)| FORMATS[at].id);
    assert_eq!(of("legacy-package-lock.json"), Some("package-lock"));
    assert_eq!((of("template-package.json"), of("unlock.json")), (None, None));
}

/// What `expected.txt` of a fixture writes of a component: purl, scope and flags, places; then edges (`->`), digests
/// (`#`), license (`=`) and address (`@`).
fn shown(package: &Package) -> String {
    let mut line = format!("{} {}", package.purl, package.scope.name());
    for (word, holds) in [("direct", package.direct), ("local", package.local), ("unlocked", !package.locked)] {
        if holds {
            line.push(' ');
            line.push_str(word);
        }
    }
    if !package.kind.is_library() {
        line.push_str(&format!(" {}", package.kind.name()));
    }
    for place in &package.origin {
        line.push_str(&format!(" {}:{}", place.path.as_str(), place.start_line()));
    }
    for purl in &package.dependencies {
        line.push_str(&format!("\n  -> {purl}"));
    }
    for hash in &package.hashes {
        line.push_str(&format!("\n  # {} {}", hash.algorithm, &hash.value[..8]));
    }
    if let Some(declared) = &package.license.declared {
        line.push_str(&format!("\n  = {declared}"));
    }
    if let Some(address) = &package.resolved {
        line.push_str(&format!("\n  @ {address}"));
    }
    line
}

/// Each folder of fixtures with an `expected.txt` gives what stands there; notes are `! path:line`.
#[test]
fn fixtures_give_what_is_expected() {
    let files = walkdir::WalkDir::new(fixtures()).sort_by_file_name().into_iter().map(Result::unwrap);
    let mut wrong = Vec::new();
    for expected in files.filter(|entry| entry.file_name() == "expected.txt") {
        let folder = expected.path().parent().unwrap().strip_prefix(fixtures()).unwrap().to_str().unwrap().to_owned();
        let inventory = inventory(&folder);
        let mut lines: Vec<String> = inventory.packages.iter().map(shown).collect();
        lines.extend(inventory.skipped.iter().map(|s| format!("! {}:{}", s.path.as_str(), s.line.unwrap_or(0))));
        let found = lines.join("\n") + "\n";
        let wanted = std::fs::read_to_string(expected.path()).unwrap();
        if found != wanted {
            wrong.push(format!("== {folder}\n-- expected\n{wanted}-- found\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files that are no locks of one project stand beside each other, whatever their names.
#[test]
fn files_of_one_format_bind_together() {
    let inventory = tree(&[
        ("Dockerfile", "FROM a:1\n"),
        ("Dockerfile.dev", "FROM b:2\n"),
        ("Dockerfile-alpine", "FROM c:3\n"),
        (".github/workflows/a.yml", "jobs: {a: {steps: [{uses: x/y@v1}]}}\n"),
        (".github/workflows/b.yaml", "jobs: {a: {steps: [{uses: z/w@v1}]}}\n"),
        ("requirements.txt", "a==1.0 # via b\n"),
        ("requirements.lock", "c==2.0 # via d\n"),
        ("lib/npm-shrinkwrap.json", "{\"packages\": {\"node_modules/one\": {\"version\": \"1.0.0\"}}}"),
        ("lib/package-lock.json", "{\"packages\": {\"node_modules/two\": {\"version\": \"1.0.0\"}}}"),
    ]);
    let purls: Vec<&str> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
    assert_eq!(
        purls,
        [
            "pkg:docker/a@1",
            "pkg:docker/b@2",
            "pkg:docker/c@3",
            "pkg:githubactions/x/y@v1",
            "pkg:githubactions/z/w@v1",
            "pkg:npm/one@1.0.0",
            "pkg:pypi/a@1.0",
            "pkg:pypi/c@2.0",
        ]
    );
}

const APP: &str = r#"
[package]
name = "app"
version = "0.1.0"
license = "MIT/Apache-2.0"
[dependencies]
run = "1"
shared = "1"
[dev-dependencies]
check = "1"
shared = "2"
[build-dependencies]
make = "1"
"#;

const APP_LOCK: &str = r#"
version = 4
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["check", "make", "run", "shared 1.0.0", "shared 2.0.0"]
[[package]]
name = "check"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["deep"]
[[package]]
name = "deep"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "make"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "run"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "shared"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "shared"
version = "2.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;

#[test]
fn manifest_and_lock_are_joined() {
    let inventory = tree(&[("Cargo.toml", APP), ("Cargo.lock", APP_LOCK)]);
    let of = |purl: &str| {
        let p = package(&inventory, purl);
        (p.scope, p.direct, p.locked, p.local)
    };
    use Scope::{Build, Dev, Runtime};
    assert_eq!(of("pkg:cargo/app@0.1.0"), (Runtime, false, true, true));
    assert_eq!(of("pkg:cargo/run@1.0.0"), (Runtime, true, true, false));
    assert_eq!(of("pkg:cargo/make@1.0.0"), (Build, true, true, false));
    assert_eq!(of("pkg:cargo/check@1.0.0"), (Dev, true, true, false));
    assert_eq!(of("pkg:cargo/deep@1.0.0"), (Dev, false, true, false));
    assert_eq!(of("pkg:cargo/shared@1.0.0"), (Runtime, true, true, false));
    assert_eq!(of("pkg:cargo/shared@2.0.0"), (Dev, true, true, false));
    assert_eq!(inventory.packages.len(), 7);
    let app = package(&inventory, "pkg:cargo/app@0.1.0");
    assert_eq!(app.license.declared.as_deref(), Some("MIT OR Apache-2.0"));
    assert_eq!(app.license.source.as_deref(), Some("manifest"));
    assert_eq!(app.dependencies.len(), 5);
    let run = package(&inventory, "pkg:cargo/run@1.0.0");
    let origin: Vec<_> = run.origin.iter().map(|o| (o.path.as_str(), o.start_line())).collect();
    assert_eq!(origin, [("Cargo.lock", 21), ("Cargo.toml", 7)]);
}

#[test]
fn one_component_per_purl_with_the_strongest_scope_of_any_project() {
    let other = "[package]\nname='other'\nversion='2.0.0'\n[dependencies]\ncheck='1'\n";
    let lock = APP_LOCK.replace("name = \"app\"\nversion = \"0.1.0\"", "name = \"other\"\nversion = \"2.0.0\"");
    let inventory =
        tree(&[("a/Cargo.toml", APP), ("a/Cargo.lock", APP_LOCK), ("b/Cargo.toml", other), ("b/Cargo.lock", &lock)]);
    let check = package(&inventory, "pkg:cargo/check@1.0.0");
    assert_eq!(check.scope, Scope::Runtime);
    let files: Vec<_> = check.origin.iter().map(|o| o.path.as_str()).collect();
    assert_eq!(files, ["a/Cargo.lock", "a/Cargo.toml", "b/Cargo.lock", "b/Cargo.toml"]);
    let purls: BTreeSet<_> = inventory.packages.iter().map(|p| &p.purl).collect();
    assert_eq!(purls.len(), inventory.packages.len());
}

#[test]
fn without_a_lock_the_requirement_stands_for_the_version() {
    let inventory = inventory("cargo-toml/workspace");
    let serde = package(&inventory, "pkg:cargo/serde@1.0.200");
    assert_eq!((serde.version.as_str(), serde.locked, serde.direct), ("1.0.200", false, true));
    assert_eq!(package(&inventory, "pkg:cargo/rand@0.7").scope, Scope::Dev);
    let app = package(&inventory, "pkg:cargo/app@0.4.0");
    assert_eq!(app.dependencies, ["pkg:cargo/inner@0.1.0", "pkg:cargo/rand@0.7", "pkg:cargo/serde@1.0.200"]);
}

#[test]
fn members_of_a_workspace_share_its_lock() {
    let lock = r#"{"lockfileVersion": 3, "packages": {
        "": {"name": "monorepo", "workspaces": ["packages/*"]},
        "node_modules/a": {"resolved": "packages/a", "link": true},
        "node_modules/b": {"resolved": "packages/b", "link": true},
        "node_modules/left": {"version": "1.3.0", "license": "WTFPL"},
        "packages/a": {"version": "0.9.0", "dependencies": {"b": "^1.0.0", "left": "^1.0.0"}},
        "packages/b": {"version": "1.0.0"}}}"#;
    let root = fixtures().join("package-json/workspace");
    let mut files = vec![(RelPath::new("package-lock.json"), lock.to_owned())];
    for path in ["package.json", "packages/a/package.json", "packages/b/package.json", "examples/e/package.json"] {
        files.push((RelPath::new(path), std::fs::read_to_string(root.join(path)).unwrap()));
    }
    files.sort();
    let inventory = inventory_of(&files);
    let purls: Vec<_> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
    // The manifest says 1.0.0 where the lock still says 0.9.0: it is the project's own word.
    assert_eq!(purls, ["pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0", "pkg:npm/e", "pkg:npm/left@1.3.0", "pkg:npm/monorepo"]);
    let a = package(&inventory, "pkg:npm/a@1.0.0");
    assert_eq!(a.dependencies, ["pkg:npm/b@1.0.0", "pkg:npm/left@1.3.0"]);
    assert_eq!(package(&inventory, "pkg:npm/e").dependencies, ["pkg:npm/a@1.0.0"]);
    let left = package(&inventory, "pkg:npm/left@1.3.0");
    assert_eq!((left.license.declared.as_deref(), left.license.source.as_deref()), (Some("WTFPL"), Some("lock")));
    assert_eq!((left.direct, left.local, a.local), (true, false, true));
}

#[test]
fn in_version_1_the_manifest_tells_what_is_direct() {
    let lock = std::fs::read_to_string(fixtures().join("package-lock/v1/package-lock.json")).unwrap();
    let manifest = r#"{"name": "one", "version": "0.0.1", "dependencies": {"a": "^1", "alias": "npm:real@3"}}"#;
    let inventory = tree(&[("package-lock.json", &lock), ("package.json", manifest)]);
    let one = package(&inventory, "pkg:npm/one@0.0.1");
    assert_eq!(one.dependencies, ["pkg:npm/a@1.0.0", "pkg:npm/real@3.0.0"]);
    assert!(!package(&inventory, "pkg:npm/c@1.5.0").direct);
    // Without it, what nothing else needs must be direct.
    let alone = tree(&[("package-lock.json", &lock)]);
    let forked = "pkg:npm/forked@0123456789abcdef0123456789abcdef01234567?vcs_url=git%2Bhttps://github.com/someone/forked%400123456789abcdef0123456789abcdef01234567";
    assert_eq!(package(&alone, "pkg:npm/one@0.0.1").dependencies, ["pkg:npm/a@1.0.0", forked, "pkg:npm/real@3.0.0"]);
}

#[test]
fn a_lock_that_keys_by_requirement_tells_the_versions_apart() {
    let lock = "a@^1:\n  version \"1.0.0\"\n\na@^2:\n  version \"2.0.0\"\n";
    let inventory = tree(&[
        ("yarn.lock", lock),
        ("package.json", r#"{"name": "p", "version": "1.0.0", "dependencies": {"a": "^2"}}"#),
    ]);
    assert_eq!(package(&inventory, "pkg:npm/p@1.0.0").dependencies, ["pkg:npm/a@2.0.0"]);
    assert_eq!(
        (package(&inventory, "pkg:npm/a@1.0.0").direct, package(&inventory, "pkg:npm/a@2.0.0").direct),
        (false, true)
    );
}

#[test]
fn folders_that_a_lock_lists_belong_to_it() {
    let lock = "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  x/a:\n    dependencies:\n      left:\n        specifier: ^1.0.0\n        version: 1.3.0\npackages:\n  left@1.3.0: {}\nsnapshots:\n  left@1.3.0: {}\n";
    let inventory = tree(&[
        ("pnpm-lock.yaml", lock),
        ("package.json", r#"{"name": "root", "version": "1.0.0"}"#),
        ("x/a/package.json", r#"{"name": "a", "version": "2.0.0", "dependencies": {"left": "^1.0.0"}}"#),
    ]);
    assert_eq!(package(&inventory, "pkg:npm/a@2.0.0").dependencies, ["pkg:npm/left@1.3.0"]);
    assert_eq!(inventory.packages.len(), 3);
}

#[test]
fn what_a_lock_beside_a_manifest_does_not_fix_is_still_asked_for() {
    let inventory = tree(&[
        ("Pipfile.lock", r#"{"default": {"a": {"version": "==1.0"}}}"#),
        ("Pipfile", "[packages]\na = '*'\n"),
        ("requirements-dev.txt", "a\ntool>=2\n"),
    ]);
    let purls: Vec<_> = inventory.packages.iter().map(|p| (p.purl.as_str(), p.locked, p.scope)).collect();
    assert_eq!(purls, [("pkg:pypi/a@1.0", true, Scope::Runtime), ("pkg:pypi/tool@2", false, Scope::Dev)]);
}

#[test]
fn of_several_npm_locks_the_strongest_binds() {
    let lock = |version: &str| format!("{{\"packages\": {{\"node_modules/a\": {{\"version\": \"{version}\"}}}}}}");
    let inventory = tree(&[
        ("npm-shrinkwrap.json", &lock("3.0.0")),
        ("package-lock.json", &lock("2.0.0")),
        ("node_modules/.package-lock.json", &lock("1.0.0")),
        ("package.json", r#"{"name": "p", "version": "1.0.0", "dependencies": {"a": "*"}}"#),
    ]);
    let purls: Vec<_> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
    assert_eq!(purls, ["pkg:npm/a@3.0.0", "pkg:npm/p@1.0.0"]);
    assert_eq!(inventory.locks.len(), 3);
}

#[test]
fn vendored_copies_give_licenses_and_are_no_project() {
    let inventory = tree(&[
        ("Cargo.toml", APP),
        ("Cargo.lock", APP_LOCK),
        ("vendor/run/.cargo-checksum.json", "{}"),
        ("vendor/run/Cargo.toml", "[package]\nname='run'\nversion='1.0.0'\nlicense='ISC'\n"),
        ("node_modules/x/package.json", r#"{"name": "x", "version": "1.0.0", "license": "MIT"}"#),
    ]);
    let run = package(&inventory, "pkg:cargo/run@1.0.0");
    assert_eq!((run.license.declared.as_deref(), run.license.source.as_deref()), (Some("ISC"), Some("vendored")));
    assert!(!run.local);
    let manifests: Vec<_> = inventory.manifests.iter().map(|m| m.place.path.as_str()).collect();
    assert_eq!(manifests, ["Cargo.toml"]);
    assert_eq!(inventory.vendored.len(), 2);
}

#[test]
fn an_empty_lock_file_is_a_broken_one() {
    let inventory = tree(&[("package-lock.json", "")]);
    assert_eq!(inventory.skipped.len(), 1);
}

#[test]
fn assembling_again_changes_nothing() {
    let mut inventory = tree(&[
        ("Cargo.toml", APP),
        ("Cargo.lock", APP_LOCK),
        ("package-lock.json", ""),
        ("node_modules/x/package.json", r#"{"name": "x", "version": "1.0.0", "license": "MIT"}"#),
    ]);
    let before = inventory.clone();
    super::assemble(&mut inventory);
    assert_eq!(inventory, before);
}
