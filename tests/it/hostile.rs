//! Trees that nobody should have: each gives a clear message or an entry in `skipped`, the exit code of the design,
//! and no panic (which [`crate::support::Ran`] checks for every run).

use crate::support::{Ran, Tree};

/// Scans with JSON on standard output; the gate stays open.
fn scan(tree: &Tree, more: &[&str]) -> Ran {
    tree.run(&[&["--format", "json", "--fail-on", "never"][..], more].concat())
}

/// The skipped entry for a path: its reason in words.
#[track_caller]
fn skipped(ran: &Ran, path: &str) -> String {
    let json = ran.json();
    let entries = json["skipped"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["path"] == path);
    entry.unwrap_or_else(|| panic!("{path} is not in {entries:?}"))["reason"].as_str().unwrap().to_owned()
}

#[test]
fn an_empty_folder_is_scanned() {
    let tree = Tree::new(&[]);
    let ran = scan(&tree, &["--strict"]).expect(0);
    assert_eq!(ran.json()["files"], serde_json::json!([]));
    tree.run(&["."]).expect(0);
}

#[test]
fn a_broken_lock_file_costs_that_file() {
    let tree = Tree::project();
    tree.write("Cargo.lock", "version = 4\n\n[[package]\nname = \"a\"\n");
    let ran = scan(&tree, &[]).expect(0);
    assert_ne!(skipped(&ran, "Cargo.lock"), "");
    let entry = ran.json()["skipped"][0].clone();
    assert_eq!(entry["line"], 3, "{entry}");
    assert!(ran.out.contains("src/main.c"), "the rest is read");
    scan(&tree, &["--strict"]).expect(3);
}

#[test]
fn a_broken_configuration_ends_with_2_and_points_at_the_line() {
    for (text, words) in [
        ("[policy\n", &["openclause.toml:1:"][..]),
        ("\n[polcy]\npacks = []\n", &["openclause.toml:2:", "polcy", "policy"]),
        ("[policy]\npacks = [\"licence\"]\n", &["licence"]),
        ("[severity]\n\"license/no-rot-text\" = { level = \"off\", reason = \"x\" }\n", &["license/no-root-text"]),
        ("[severity]\n\"license/no-root-text\" = { level = \"off\" }\n", &["reason"]),
    ] {
        let tree = Tree::project();
        tree.write("openclause.toml", text);
        let ran = tree.run(&["."]).expect(2);
        assert_eq!(ran.out, "");
        for word in words {
            assert!(ran.err.contains(word), "{text} should say {word}: {}", ran.err);
        }
        tree.run(&["--no-config", "--policy", "license"]).expect(0);
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_tree_or_in_circles() {
    use std::os::unix::fs::symlink;
    let outside = Tree::new(&[("secret.c", "// SPDX-License-Identifier: GPL-2.0-only\n")]);
    let tree = Tree::project();
    symlink(outside.path(), tree.at("out")).unwrap();
    symlink(outside.at("secret.c"), tree.at("out.c")).unwrap();
    symlink("..", tree.at("src/up")).unwrap();
    symlink("loop-b", tree.at("loop-a")).unwrap();
    symlink("loop-a", tree.at("loop-b")).unwrap();
    symlink("absent", tree.at("broken")).unwrap();
    symlink("src/main.c", tree.at("inside.c")).unwrap();
    // Links have no content of the checkout behind them, so the scan is complete without them.
    let ran = scan(&tree, &["--strict"]).expect(0);
    for path in ["out", "out.c", "loop-a", "loop-b", "broken"] {
        assert!(skipped(&ran, path).contains("link"), "{path}");
    }
    assert!(!ran.out.contains("GPL-2.0-only"), "nothing outside the tree is read");
    assert!(!ran.out.contains("src/up/"), "no circle is walked");
}

#[cfg(unix)]
#[test]
fn what_the_system_refuses_is_skipped() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::project();
    tree.write("closed.c", "// SPDX-License-Identifier: MIT\n");
    tree.write("closed/a.c", "// SPDX-License-Identifier: MIT\n");
    let mode =
        |path: &str, mode| std::fs::set_permissions(tree.at(path), std::fs::Permissions::from_mode(mode)).unwrap();
    mode("closed.c", 0o000);
    mode("closed", 0o000);
    let root_reads_all = std::fs::File::open(tree.at("closed.c")).is_ok();
    if root_reads_all {
        eprintln!("not run: this user may read every file (root), so nothing is refused by permissions");
    } else {
        let ran = scan(&tree, &[]).expect(0);
        skipped(&ran, "closed.c");
        skipped(&ran, "closed");
        scan(&tree, &["--strict"]).expect(3);
    }
    mode("closed", 0o755);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_read_is_skipped_whoever_asks() {
    // Reading the memory of another process from its start fails for root, too. A file system does the refusing, so
    // this holds where permissions do not.
    let tree = Tree::project();
    let ran = tree.run(&["--format", "json", "--fail-on", "never", "--strict", "/proc/self/mem"]);
    let ran = ran.expect(3);
    assert_ne!(skipped(&ran, "mem"), "");
}

#[test]
fn a_file_of_200_megabytes_is_skipped_and_the_limit_can_be_raised() {
    let tree = Tree::project();
    // A hole: no file system has to store it.
    let file = std::fs::File::create(tree.at("large.txt")).unwrap();
    file.set_len(200 << 20).unwrap();
    let ran = scan(&tree, &[]).expect(0);
    assert_ne!(skipped(&ran, "large.txt"), "");
    scan(&tree, &["--strict"]).expect(3);
    let raised = scan(&tree, &["--strict", "--max-file-size", "201M"]).expect(0);
    assert_eq!(raised.json()["skipped"], serde_json::json!([]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_survives() {
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::project();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.c");
    std::fs::write(tree.path().join(name), "// SPDX-License-Identifier: Nonsense-1.0\n").unwrap();
    for format in openclause::report::FORMATS {
        tree.run(&["--fail-on", "never", "--format", format.name]).expect(0);
    }
    let json = scan(&tree, &[]).expect(0).json();
    assert!(json["files"].as_array().unwrap().iter().any(|file| file["path"] == "caf\\xE9.c"), "{}", json["files"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_tree_does_not_stop_the_scan() {
    let tree = Tree::project();
    let made = std::process::Command::new("mkfifo").arg(tree.at("pipe")).status().unwrap();
    assert!(made.success());
    let ran = scan(&tree, &["--strict"]).expect(0);
    assert_ne!(skipped(&ran, "pipe"), "");
}

#[test]
fn text_of_every_kind_is_read_without_a_panic() {
    let tree = Tree::project();
    tree.write("latin1.c", b"// Copyright \xa9 2020 J\xf6rg\n// SPDX-License-Identifier: MIT\n");
    tree.write("utf16.txt", b"\xff\xfeC\0o\0p\0y\0r\0i\0g\0h\0t\0");
    tree.write("nul.txt", b"SPDX-License-Identifier: MIT\0SPDX-License-Identifier: ");
    tree.write("cut.c", b"// SPDX-License-Identifier: MIT OR (");
    tree.write("long.js", "SPDX-License-Identifier: ".repeat(200_000));
    tree.write("deep.json", "[".repeat(200_000));
    tree.write("package.json", "{".repeat(100_000));
    tree.write("package-lock.json", format!("{{\"packages\":{}", "[".repeat(100_000)));
    tree.write("Cargo.toml", "[".repeat(100_000));
    tree.write("REUSE.toml", "version = 99\n[[annotations]]\npath = 7\n");
    tree.write("README.md", format!("---\n{}\n---\n# x\n", "- ".repeat(50_000)));
    tree.write("docs/CHANGELOG.md", "#".repeat(100_000));
    for format in openclause::report::FORMATS {
        tree.run(&["--fail-on", "never", "--format", format.name]).expect(0);
    }
    scan(&tree, &["--strict"]).expect(3);
}
