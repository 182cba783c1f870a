//! `--resolve cargo`: what cargo answers counts, and nothing of the checkout runs.

use serde_json::{Value, json};

use crate::support::{Tree, program};

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A registry in a folder: four crates, of which `outer` has a feature that needs `extra`.
fn cargo_home() -> Tree {
    let home = Tree::new(&[]);
    let manifest = |name: &str, rest: &str| format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n{rest}");
    for (name, rest) in [
        (
            "outer",
            "[dependencies]\nextra = { version = \"1\", optional = true }\ninner = \"1\"\n[features]\ndefault = [\"fast\"]\nfast = []\nmore = [\"dep:extra\"]\n",
        ),
        ("inner", ""),
        ("extra", ""),
        ("maker", "[dependencies]\ninner = \"1\"\n"),
    ] {
        home.write(&format!("crates/{name}/Cargo.toml"), manifest(name, rest));
        home.write(&format!("crates/{name}/src/lib.rs"), "");
        home.write(&format!("crates/{name}/.cargo-checksum.json"), r#"{"files":{}}"#);
    }
    let folder = home.at("crates");
    let folder = folder.to_str().unwrap().replace('\\', "/");
    let config = format!("[source.crates-io]\nreplace-with = \"here\"\n[source.here]\ndirectory = \"{folder}\"\n");
    home.write("config.toml", config);
    home
}

/// A project that would run its own program in place of the compiler, if it could.
fn project() -> Tree {
    let locked = |name: &str, needs: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\nsource = \"{REGISTRY}\"\n{needs}\n")
    };
    let lock = [
        "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"maker\", \"outer\"]\n"
            .to_owned(),
        locked("extra", ""),
        locked("inner", ""),
        locked("maker", "dependencies = [\"inner\"]"),
        locked("outer", "dependencies = [\"extra\", \"inner\"]"),
    ];
    let tree = Tree::new(&[
        (
            "Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nouter = \"1\"\n\
             [build-dependencies]\nmaker = \"1\"\n[features]\nall = [\"outer/more\"]\n",
        ),
        ("src/main.rs", "fn main() {}\n"),
        ("build.rs", "fn main() { std::fs::write(\"ran\", \"\").unwrap(); }\n"),
        ("rust-toolchain.toml", "[toolchain]\npath = \"tools\"\n"),
        ("Cargo.lock", &lock.join("\n")),
    ]);
    let wrapper = tree.at("tools/bin/rustc");
    tree.write("tools/bin/rustc", format!("#!/bin/sh\ntouch {}\n", tree.at("ran").display()));
    #[cfg(unix)]
    std::fs::set_permissions(&wrapper, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let wrapper = wrapper.to_str().unwrap().replace('\\', "/");
    tree.write(".cargo/config.toml", format!("[build]\nrustc = \"{wrapper}\"\nrustc-wrapper = \"{wrapper}\"\n"));
    tree
}

fn scan(tree: &Tree, home: &Tree, more: &[&str]) -> Value {
    let mut command = program(tree.path());
    command.env("CARGO_HOME", home.path()).env("RUSTC_WRAPPER", tree.at("tools/bin/rustc"));
    let output = command.args(["scan", "--format", "json", "--fail-on", "never"]).args(more).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages(report: &Value) -> Value {
    let row =
        |package: &Value| json!([package["name"], package["scope"], package["features"], package["dependencies"]]);
    report["packages"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn cargo_says_which_features_and_edges_count_and_runs_nothing_of_the_checkout() {
    let (home, tree) = (cargo_home(), project());
    let report = scan(&tree, &home, &["--resolve", "cargo"]);
    assert_eq!(report["skipped"], json!([]), "{report}");
    let expected = json!([
        ["app", "runtime", null, ["pkg:cargo/maker@1.0.0", "pkg:cargo/outer@1.0.0"]],
        ["extra", "optional", null, []],
        ["inner", "runtime", null, []],
        ["maker", "build", null, ["pkg:cargo/inner@1.0.0"]],
        ["outer", "runtime", ["default", "fast"], ["pkg:cargo/inner@1.0.0"]],
    ]);
    assert_eq!(packages(&report), expected);
    assert!(!tree.at("ran").exists(), "a program of the checkout ran");
    // Read alone, the lock holds the edge that only a feature needs.
    let outer = &scan(&tree, &home, &[])["packages"][4];
    assert_eq!(outer["dependencies"], json!(["pkg:cargo/extra@1.0.0", "pkg:cargo/inner@1.0.0"]));
}

#[test]
fn a_lock_that_cargo_cannot_resolve_stays_as_it_was_read_and_is_told() {
    let (home, tree) = (cargo_home(), project());
    tree.write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.2.0\"\n[dependencies]\nouter = \"1\"\n");
    let report = scan(&tree, &home, &["--resolve", "cargo"]);
    let skipped = &report["skipped"][0];
    assert_eq!(skipped["path"], "Cargo.lock");
    let reason = skipped["reason"].as_str().unwrap();
    assert!(reason.starts_with("cargo could not resolve it") && reason.contains("--locked"), "{reason}");
    assert!(!reason.contains(tree.path().to_str().unwrap()), "{reason}");
    assert!(report["packages"].as_array().unwrap().iter().any(|p| p["name"] == "extra"));
}
