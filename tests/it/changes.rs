//! `diff`, `notice` and `fix`: what changed, what is passed on, and what is mended.

use crate::support::Tree;

/// A project whose package.json asks for a component that its lock file fixes.
fn npm(license: &str, version: &str, of_component: &str) -> Tree {
    let tree = Tree::project();
    tree.write(
        "package.json",
        format!(r#"{{"name":"demo","version":"1.0.0","license":"{license}","dependencies":{{"left":"*"}}}}"#),
    );
    tree.write(
        "package-lock.json",
        format!(
            r#"{{"name":"demo","version":"1.0.0","lockfileVersion":3,"packages":{{"":{{"name":"demo","version":"1.0.0",
            "license":"{license}","dependencies":{{"left":"*"}}}},"node_modules/left":{{"version":"{version}",
            "license":"{of_component}"}}}}}}"#
        ),
    );
    tree
}

#[test]
fn checkouts_and_reports_are_compared_alike() {
    let (old, new) = (npm("Apache-2.0", "1.0.0", "MIT"), npm("Apache-2.0", "2.0.0", "ISC"));
    new.write("README.md", "# Demo\n\nSee [the guide](guide.md).\n");
    let paths = [old.path().to_str().unwrap(), new.path().to_str().unwrap()];
    let all = ["--policy", "docs", "--set", "docs/broken-relative-link=error"];
    let compare = |more: &[&str]| old.run(&[&["diff", paths[0], paths[1]], &all[..], more].concat());
    let told = compare(&["--format", "json"]).expect(1).json();
    assert_eq!(told["components"]["changed"][0]["version"], serde_json::json!({ "old": "1.0.0", "new": "2.0.0" }));
    assert_eq!(told["components"]["changed"][0]["license"], serde_json::json!({ "old": "MIT", "new": "ISC" }));
    let rules: Vec<_> = told["findings"]["new"].as_array().unwrap().iter().map(|f| f["rule"].clone()).collect();
    assert_eq!(rules, ["docs/broken-relative-link"]);
    let ran = compare(&[]).expect(1);
    assert!(ran.out.contains("~ pkg:npm/left@2.0.0  1.0.0 to 2.0.0; license MIT to ISC"), "{}", ran.out);
    compare(&["--fail-on", "never", "--format", "markdown"]).expect(0);
    // Reports of the same two checkouts say the same.
    for (tree, name) in [(&old, "old.json"), (&new, "new.json")] {
        let scan = ["scan", tree.path().to_str().unwrap(), "--fail-on", "never", "--report"];
        let report = format!("json={}", old.at(name).display());
        old.run(&[&scan[..], &[report.as_str()], &all[..]].concat()).expect(0);
    }
    let of_reports = old.run(&["diff", "old.json", "new.json", "--format", "json"]).expect(1).json();
    assert_eq!(of_reports, told);
    assert_eq!(old.run(&["diff", "old.json", "old.json"]).expect(0).out, "Nothing changed.\n");
    let missing = old.run(&["diff", "old.json", "LICENSE"]).expect(2);
    assert!(missing.err.contains("LICENSE") && missing.err.contains("--format json"), "{}", missing.err);
}

#[test]
fn notices_hold_what_is_shipped() {
    let tree = npm("Apache-2.0", "1.0.0", "MIT");
    let text = tree.run(&["notice"]).expect(0).out;
    assert!(text.starts_with("THIRD-PARTY NOTICES\n\ndemo@1.0.0 ships"), "{text}");
    assert!(
        text.contains("\nMIT\n\n  left 1.0.0\n    pkg:npm/left@1.0.0\n")
            && text.contains("Permission is hereby granted")
    );
    assert!(!text.contains("Apache License"), "the project's own license is no notice of others");
    assert_eq!(tree.run(&["scan", "--format", "notice", "--fail-on", "never"]).expect(0).out, text);
    tree.run(&["notice", "--format", "notice-html", "--output", "notices.html"]).expect(0);
    let page = std::fs::read_to_string(tree.at("notices.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("left 1.0.0"));
}

/// A project with one finding for each thing that can be mended.
fn broken() -> Tree {
    let sha = "0123456789abcdef0123456789abcdef01234567";
    let tree = Tree::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nlicense = \"Apache 2.0\"\n"),
        ("LICENSES/MIT.txt", "MIT License\n"),
        // What the mended tags use is there, so that mending them makes nothing new to mend.
        ("LICENSES/Apache-2.0.txt", "Apache License\n"),
        ("REUSE.toml", "version = 1\n\n[[annotations]]\npath = \"doc/**\"\nSPDX-License-Identifier = \"0BSD\"\n"),
        ("doc/a.txt", "text\n"),
        ("src/a.rs", "// SPDX-License-Identifier: apache-2.0\r\nfn a() {}\r\n"),
        ("src/b.rs", "// SPDX-License-Identifier: GPL-2.0+\nfn b() {}\n"),
        (
            ".github/dependabot.yml",
            "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule: { interval: weekly }\n",
        ),
        (
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: x/y@v1\n      - uses: x/z@v1\n",
        ),
    ]);
    tree.write(
        ".github/workflows/b.yml",
        format!("on: push\njobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: x/y@{sha} # v1\n"),
    );
    tree
}

#[test]
fn a_diff_shows_what_would_be_mended_and_writing_mends_it() {
    let tree = broken();
    let dry = tree.run(&["fix"]).expect(0);
    insta::with_settings!({ omit_expression => true, filters => vec![(r"(?s)\+\+\+ b/(LICENSES/\S+)\n.*?\n---", "+++ b/$1\n[the text]\n---")] }, {
        insta::assert_snapshot!("fix", dry.out);
    });
    assert!(dry.err.contains("files would change"), "{}", dry.err);
    assert!(std::fs::read_to_string(tree.at("Cargo.toml")).unwrap().contains("Apache 2.0"), "nothing was written");
    let written = tree.run(&["fix", "--write"]).expect(0);
    assert!(written.out.contains("Cargo.toml: license/manifest-expression-invalid\n"), "{}", written.out);
    assert_eq!(
        std::fs::read_to_string(tree.at("src/a.rs")).unwrap(),
        "// SPDX-License-Identifier: Apache-2.0\r\nfn a() {}\r\n"
    );
    // What was mended is found no more, and there is nothing left to do.
    let report = tree.run(&["scan", "--fail-on", "never", "--format", "json"]).expect(0).json();
    let left: Vec<&str> = report["findings"].as_array().unwrap().iter().filter_map(|f| f["rule"].as_str()).collect();
    for rule in [
        "license/manifest-expression-invalid",
        "license/header-tag-malformed",
        "license/manifest-deprecated-id",
        "license/reuse-text-missing",
        "secure/update-tool-unsafe",
    ] {
        assert!(!left.contains(&rule), "{rule}: {left:?}");
    }
    let unpinned = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "secure/action-unpinned");
    let places: Vec<_> = unpinned.map(|f| f["message"].as_str().unwrap().contains("x/z")).collect();
    assert_eq!(places, [true], "nobody knows the commit of x/z");
    assert_eq!(tree.run(&["fix", "-q"]).expect(0).out, "");
}

#[test]
fn one_rule_can_be_asked_for_and_others_are_none() {
    let tree = broken();
    let only = tree.run(&["fix", "--rule", "license/manifest-expression-invalid"]).expect(0).out;
    assert_eq!(only.matches("+++ ").count(), 1, "{only}");
    tree.run(&["fix", "--rule", "docs/readme-missing"]).expect(2);
    let headers = tree.run(&["fix", "--rule", "license/header-coverage-low"]).expect(0).out;
    assert_eq!(headers, "", "no share is asked for");
}

#[cfg(unix)]
#[test]
fn programs_stay_programs_and_links_are_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::project();
    tree.write("a.sh", "#!/bin/sh\n# SPDX-License-Identifier: apache-2.0\necho\n");
    std::fs::set_permissions(tree.at("a.sh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let outside = Tree::new(&[("b.sh", "# SPDX-License-Identifier: apache-2.0\n")]);
    std::os::unix::fs::symlink(outside.at("b.sh"), tree.at("b.sh")).unwrap();
    tree.run(&["fix", "--write"]).expect(0);
    assert!(std::fs::read_to_string(tree.at("a.sh")).unwrap().contains("Apache-2.0"));
    assert_eq!(std::fs::metadata(tree.at("a.sh")).unwrap().permissions().mode() & 0o777, 0o755);
    assert!(std::fs::read_to_string(outside.at("b.sh")).unwrap().contains("apache-2.0"));
}

#[cfg(unix)]
#[test]
fn new_files_get_their_folder_and_never_leave_the_checkout() {
    let annotated = "version = 1\n\n[[annotations]]\npath = \"a.rs\"\nSPDX-License-Identifier = \"0BSD\"\n";
    let tree = Tree::new(&[("REUSE.toml", annotated), ("a.rs", "fn a() {}\n")]);
    let outside = Tree::new(&[("x", "")]);
    std::os::unix::fs::symlink(outside.path(), tree.at("LICENSES")).unwrap();
    for arguments in [&["fix"][..], &["fix", "--write"]] {
        let done = tree.run(arguments).expect(0);
        assert_eq!(done.out, "");
        assert!(done.err.contains("LICENSES/0BSD.txt is left out: a folder above it is a link"), "{}", done.err);
    }
    assert!(!outside.at("0BSD.txt").exists());
    std::fs::remove_file(tree.at("LICENSES")).unwrap();
    assert_eq!(tree.run(&["fix", "--write"]).expect(0).out, "LICENSES/0BSD.txt: license/reuse-text-missing\n");
    assert!(
        std::fs::read_to_string(tree.at("LICENSES/0BSD.txt")).unwrap().contains("Permission to use, copy, modify")
    );
}
