//! The command line: what can be typed, what comes out where, and how a run ends.

use std::collections::BTreeSet;
use std::io::Read;
use std::process::Stdio;

use crate::support::{Tree, program};

#[test]
fn scan_is_the_default_command() {
    let tree = Tree::project();
    let scan = tree.run(&["scan", "--format", "json", "--policy", "license", "."]).expect(0);
    assert_eq!(scan.json()["schema_version"], 1);
    for arguments in [
        &["--format", "json", "--policy=license", "."][..],
        &["--policy", "license", "--format=json"],
        &["-v", "--color", "never", "--format", "json", "--policy", "license"],
    ] {
        assert_eq!(tree.run(arguments).expect(0).out, scan.out, "{arguments:?}");
    }
    assert_eq!(tree.run(&["."]).out, tree.run::<&str>(&[]).out);
}

#[test]
fn wrong_usage_ends_with_2_and_names_the_flag() {
    let tree = Tree::project();
    for (arguments, word) in [
        (&["--format", "nonsense"][..], "--format"),
        (&["--report", "nonsense=x"], "--report"),
        (&["--report", "json"], "--report"),
        (&["--report", "json=-"], "--format json"),
        (&["--max-file-size", "big"], "--max-file-size"),
        (&["--fail-on", "info"], "--fail-on"),
        (&["--set", "nonsense"], "--set"),
        (&["--files-from", "absent"], "--files-from"),
        (&["--exclude", "a{b"], "a{b"),
        (&["--config", "absent.toml"], "absent.toml"),
        (&["--policy", "absent"], "absent"),
        (&["--set", "absent/rule=off"], "absent/rule"),
        (&["--no-such-flag"], "--no-such-flag"),
        (&["absent"], "absent"),
        (&["expalin", "x"], "explain"),
        (&["--format", "json", "rules"], "openclause rules"),
        (&["explain", "license/no-rot-text"], "license/no-root-text"),
        (&["explain", "license", "GLP-3.0-only"], "GPL-3.0-only"),
        (&["schema", "absent"], "absent"),
        (&["man", "absent"], "absent"),
        (&["-q", "-v"], "--verbose"),
    ] {
        let ran = tree.run(arguments).expect(2);
        assert!(ran.err.contains(word), "{arguments:?} should name {word}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let tree = Tree::new(&[]);
    for arguments in
        [&["--help"][..], &["-h"], &["--version"], &["help", "scan"], &["scan", "--help"], &["sbom", "-h"]]
    {
        let ran = tree.run(arguments).expect(0);
        assert!(ran.out.contains("openclause") && ran.err.is_empty(), "{arguments:?}");
    }
    assert_eq!(tree.run(&["--version"]).out, format!("openclause {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_goes_to_standard_output_may_go_to_a_file() {
    let tree = Tree::project();
    let shown = tree.run(&["--format", "json", "--fail-on", "never"]).expect(0).out;
    let ran = tree.run(&["--format", "json", "--fail-on", "never", "-o", "out.json"]).expect(0);
    assert_eq!((ran.out.as_str(), std::fs::read_to_string(tree.at("out.json")).unwrap()), ("", shown));
    let ran = tree.run(&["-o", "x", "--report", "sarif=x"]).expect(2);
    assert!(ran.err.contains("--output"), "{}", ran.err);
    tree.run(&["-o", "x", "--framework", "osps"]).expect(2);
}

#[test]
fn reports_are_written_as_a_whole_and_are_no_evidence_of_the_next_scan() {
    let tree = Tree::project();
    let run = || {
        tree.run(&[
            "--format",
            "json",
            "--report",
            "sarif=out.sarif",
            "--report",
            "json=out.json",
            "--fail-on",
            "never",
        ])
        .expect(0)
    };
    let first = run();
    assert_eq!(std::fs::read_to_string(tree.at("out.json")).unwrap(), first.out);
    assert!(std::fs::read_to_string(tree.at("out.sarif")).unwrap().contains("2.1.0"));
    assert_eq!(run().out, first.out);
    let names: Vec<_> = std::fs::read_dir(tree.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 4, "no temporary file stays: {names:?}");
}

#[test]
fn a_report_that_cannot_be_written_ends_with_2() {
    let tree = Tree::project();
    for target in ["absent/out.json", "src", "LICENSE/out.json"] {
        let ran = tree.run(&["--report", &format!("json={target}")]).expect(2);
        assert!(ran.err.contains("--report") && ran.err.contains(target), "{}", ran.err);
    }
    let ran = tree.run(&["--report", "json=x", "--report", "sarif=x"]).expect(2);
    assert!(ran.err.contains("--report"), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_with_2() {
    let tree = Tree::project();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = program(tree.path()).args(["--format", "json"]).stdout(full).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("standard output"), "{message}");
    let ran = tree.run(&["--report", "json=/dev/full"]).expect(2);
    assert!(ran.err.contains("--report"), "{}", ran.err);
}

/// Runs with a reader that goes away at once; gives the exit code and standard error.
fn with_a_hasty_reader(tree: &Tree, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child =
        program(tree.path()).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0; 16]).unwrap();
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    (child.wait().unwrap().code(), message)
}

#[test]
fn a_closed_pipe_is_a_quiet_0_whatever_was_found() {
    let tree = Tree::new(&[]);
    // Far more output than a pipe holds, and no license text: the gate fails.
    for number in 0..3000 {
        tree.write(&format!("src/file-{number:04}.c"), "// SPDX-License-Identifier: Apache-2.0 AND Nonsense-1.0\n");
    }
    tree.run(&["--format", "json"]).expect(1);
    for format in ["json", "sarif", "short"] {
        assert_eq!(with_a_hasty_reader(&tree, &["--format", format]), (Some(0), String::new()), "{format}");
    }
    // Reports are written nevertheless.
    with_a_hasty_reader(&tree, &["--format", "json", "--report", "json=out.json"]);
    assert!(tree.at("out.json").metadata().unwrap().len() > 64 * 1024);
}

#[test]
fn files_from_takes_lines_or_nul_bytes_from_a_file_or_standard_input() {
    let tree = Tree::project();
    let wrong = "// SPDX-License-Identifier: Nonsense-1.0\n";
    for name in ["src/a.c", "src/b.c", "src/c.c"] {
        tree.write(name, wrong);
    }
    tree.write("list", "src/a.c\r\n\nsrc/main.c\n");
    let arguments = ["--format", "json", "--policy", "license", "--fail-on", "never", "--files-from"];
    let paths = |ran: crate::support::Ran| -> BTreeSet<String> {
        let json = ran.expect(0).json();
        json["findings"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap().to_owned()).collect()
    };
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(paths(tree.run(&[&arguments[..], &["list", "."]].concat())), set(&["src/a.c"]));
    let from_input = tree.run_with_input(&[&arguments[..], &["-", "."]].concat(), b"src/a.c\0src/c.c\0");
    assert_eq!(paths(from_input), set(&["src/a.c", "src/c.c"]));
}

#[test]
fn quiet_prints_nothing_when_nothing_is_found() {
    let tree = Tree::project();
    let ran = tree.run(&["-q", "--policy", "license"]).expect(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn nothing_but_errors_goes_to_standard_error() {
    let tree = Tree::project();
    for arguments in [&["."][..], &["--format", "json"], &["rules"], &["sbom"], &["-q"]] {
        assert_eq!(tree.run(arguments).err, "", "{arguments:?}");
    }
}

#[test]
fn color_follows_the_flag_then_the_environment() {
    let tree = Tree::new(&[("a.c", "int a;\n")]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = program(tree.path()).args(arguments).envs(variables.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!colored(&[], &[]), "a pipe is no terminal");
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color", "always", "--format", "json"], &[]), "data is never coloured");
}

#[test]
fn every_shell_has_completions() {
    let tree = Tree::new(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(tree.run(&["completions", shell]).expect(0).out.contains("fail-on"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let tree = Tree::new(&[]);
    assert!(tree.run(&["man"]).expect(0).out.contains(".SH SUBCOMMANDS"));
    for command in
        ["scan", "sbom", "explain", "license", "rules", "formats", "collectors", "schema", "completions", "man"]
    {
        assert!(tree.run(&["man", command]).expect(0).out.contains(".SH SYNOPSIS"), "{command}");
    }
}

#[test]
fn the_history_is_searched_for_credentials_when_asked() {
    let source = Tree::new(&[
        ("history.txt", "commit 1 2024-05-01 Add\nremove deploy.yml\ncommit . 2024-06-01 Remove\n"),
        ("history/1/deploy.yml.parts", "key: gl~|~pat-Qz8mK2pV7tRw4LxN9cYb\n"),
        ("src/main.c", "int x;\n"),
    ]);
    let fixture = crate::fixtures::Fixture::assemble(source.path());
    let secrets = |arguments: &[&str]| {
        let mut command = crate::support::program(fixture.path());
        let output =
            command.args(["scan", "--format", "json", "--fail-on", "never"]).args(arguments).output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["secrets"].clone()
    };
    assert_eq!(secrets(&[]), serde_json::json!([]));
    let found = secrets(&["--history"]);
    assert_eq!((found[0]["kind"].as_str(), found[0]["path"].as_str()), (Some("gitlab-pat"), Some("deploy.yml")));
    assert_eq!(found[0]["commit"].as_str().map(str::len), Some(40));
}

#[test]
fn a_component_is_explained_with_its_path_from_the_project() {
    let tree = Tree::new(&[
        ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\nouter = \"1\"\n"),
        (
            "Cargo.lock",
            "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"outer\"]\n\
             [[package]]\nname = \"inner\"\nversion = \"2.0.0\"\n\
             source = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
             [[package]]\nname = \"outer\"\nversion = \"1.0.0\"\n\
             source = \"registry+https://github.com/rust-lang/crates.io-index\"\ndependencies = [\"inner\"]\n",
        ),
    ]);
    let json = tree.run(&["explain", "pkg:cargo/inner", "--format", "json"]).expect(0).json();
    assert_eq!(json.as_array().unwrap().len(), 1);
    assert_eq!(json[0]["purl"], "pkg:cargo/inner@2.0.0");
    assert_eq!((&json[0]["scope"], &json[0]["direct"]), (&"runtime".into(), &false.into()));
    assert_eq!(
        json[0]["path"],
        serde_json::json!(["pkg:cargo/app@0.1.0", "pkg:cargo/outer@1.0.0", "pkg:cargo/inner@2.0.0"])
    );
    let human = tree.run(&["explain", "pkg:cargo/inner@2.0.0"]).expect(0).out;
    assert!(human.contains("runtime, needed by other components") && human.contains("Cargo.lock:7"), "{human}");
    let unknown = tree.run(&["explain", "pkg:cargo/iner@2.0.0"]).expect(2);
    assert!(unknown.err.contains("pkg:cargo/inner@2.0.0"), "{}", unknown.err);
}

#[test]
fn a_finding_is_explained_by_the_start_of_its_fingerprint() {
    let tree = Tree::new(&[("src/main.c", "int main(void) { return 0; }\n")]);
    let report = tree.run(&["--format", "json", "--policy", "license", "--fail-on", "never"]).expect(0).json();
    let found = &report["findings"][0];
    let fingerprint = found["fingerprint"].as_str().unwrap();
    let explain = |word: &str| tree.run(&["explain", word, "--policy", "license"]);
    let text = explain(&fingerprint[..12]).expect(0).out;
    for part in [
        found["message"].as_str().unwrap(),
        found["rule"].as_str().unwrap(),
        fingerprint,
        "policies/license.toml:",
        "[[waiver]]",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let last = if fingerprint.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{last}", &fingerprint[..fingerprint.len() - 1]);
    let unknown = explain(&wrong).expect(2);
    assert!(unknown.err.replace("\n", "").contains(&fingerprint[..8]), "{}", unknown.err);
}

#[test]
fn what_an_earlier_report_has_does_not_count_again() {
    let tree = Tree::new(&[
        ("README.md", "# Demo\n\nSee [the guide](guide.md).\n"),
        ("src/main.c", "int main(void) { return 0; }\n"),
    ]);
    let scan = ["scan", "--policy", "docs", "--set", "docs/broken-relative-link=error"];
    tree.run(&[&scan[..], &["--report", "json=before.json"]].concat()).expect(1);
    let against = [&scan[..], &["--baseline", "before.json"]].concat();
    // Lines above move the finding, and it stays the same one.
    tree.write("README.md", "# Demo\n\nA line more.\n\nSee [the guide](guide.md).\n");
    tree.run(&against).expect(0);
    let json: serde_json::Value =
        serde_json::from_str(&tree.run(&[&against[..], &["--format", "json"]].concat()).expect(0).out).unwrap();
    let states: Vec<_> = json["findings"].as_array().unwrap().iter().map(|f| f["state"].clone()).collect();
    assert!(!states.is_empty() && states.iter().all(|state| state == "baselined"), "{states:?}");
    tree.write("README.md", "# Demo\n\nSee [the guide](guide.md).\n\nSee [more](more.md).\n");
    let ran = tree.run(&against).expect(1);
    assert!(ran.out.contains("more.md") && !ran.out.contains("`guide.md` leads nowhere"), "{}", ran.out);
    tree.write("before.json", "{}");
    let ran = tree.run(&against).expect(2);
    assert!(ran.err.contains("before.json") && ran.err.contains("--report json=FILE"), "{}", ran.err);
}

#[test]
fn licenses_are_told_by_folder() {
    let tree = Tree::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nlicense = \"ISC\"\n"),
        ("src/main.c", "// SPDX-License-Identifier: ISC\nint main(void) { return 0; }\n"),
        ("src/other.c", "int other;\n"),
    ]);
    let ran = tree.run(&["license", "--by", "folder", "."]).expect(0);
    assert_eq!(
        ran.out,
        ".: ISC by Cargo.toml; 2 of 3 files state a license: ISC 2\n\
         src: ISC by Cargo.toml; 1 of 2 files state a license: ISC 1\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&tree.run(&["license", "--by", "folder", "--format", "json", "."]).expect(0).out)
            .unwrap();
    let report = tree.run(&["--format", "json", "--fail-on", "never"]).expect(0).json();
    assert_eq!(json, report["folders"]);
    assert_eq!(
        json[1],
        serde_json::json!({
            "path": "src", "declared": "ISC", "declared_by": "Cargo.toml", "detected": "ISC",
            "licenses": [{ "expression": "ISC", "files": 1 }], "files": 2, "licensed": 1, "coverage": 0.5
        })
    );
}
