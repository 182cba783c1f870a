//! The real `action.yml`, run offline.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::composite::{Action, Done, Job, commands};
use crate::support::{Tree, root};

const PUSH: &str = r#"{ "ref": "refs/heads/main" }"#;
const FORK: &str = r#"{ "pull_request": { "head": { "repo": { "full_name": "else/where" } },
    "base": { "repo": { "full_name": "own/er" } } } }"#;

/// A runner with a checkout, a temporary folder and a folder of programs.
struct Runner {
    checkout: Tree,
    temporary: Tree,
    programs: Tree,
}

impl Runner {
    fn new(checkout: Tree) -> Self {
        Self { checkout, temporary: Tree::new(&[]), programs: Tree::new(&[]) }
    }

    /// Puts a script on the PATH.
    fn program(&self, name: &str, script: &str) {
        self.programs.write(name, format!("#!/bin/bash\nset -eu\n{script}\n"));
        make_executable(&self.programs.at(name));
    }

    fn run_with(&self, inputs: &[(&str, &str)], event: &str, token: &str, uses_succeed: bool) -> Done {
        Action::load(&root().join("action.yml")).run(&Job {
            workspace: self.checkout.path(),
            temporary: self.temporary.path(),
            programs: self.programs.path(),
            inputs,
            event,
            token,
            uses_succeed,
        })
    }

    fn run(&self, inputs: &[(&str, &str)]) -> Done {
        let binary = [("binary", env!("CARGO_BIN_EXE_openclause"))];
        self.run_with(&[&binary[..], inputs].concat(), PUSH, "a token", true)
    }
}

#[cfg(unix)]
fn make_executable(path: &PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A checkout without a license text: an error of `license/no-root-text`.
fn without_license() -> Tree {
    Tree::new(&[("src/main.c", "int main(void) { return 0; }\n"), ("README.md", "# A program\n")])
}

#[test]
fn no_expression_stands_inside_a_script_and_every_use_is_pinned() {
    for step in &Action::load(&root().join("action.yml")).runs.steps {
        assert!(!step.run.as_deref().unwrap_or_default().contains("${{"));
        if let Some(uses) = &step.uses {
            let commit = uses.split_once('@').unwrap().1;
            assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()), "{uses}");
        }
    }
}

#[test]
fn a_failed_gate_comes_last_behind_outputs_summary_and_annotations() {
    let runner = Runner::new(without_license());
    let done = runner.run(&[]);
    assert_eq!(done.code, 1, "{}", done.log);
    assert_eq!(done.ran.last().unwrap(), "Gate");
    assert_eq!(done.outputs["verdict"], "fail");
    assert_eq!(done.outputs["exit-code"], "1");

    let report: serde_json::Value = read_json(&done.outputs["json"]);
    let findings = report["findings"].as_array().unwrap();
    for (output, severity) in [("errors", "error"), ("warnings", "warning"), ("notes", "note")] {
        let count = findings.iter().filter(|f| f["severity"] == severity).count();
        assert_eq!(done.outputs[output], count.to_string(), "{output}");
    }
    assert_eq!(read_json(&done.outputs["sarif"])["version"], "2.1.0");
    assert_eq!(read_json(&done.outputs["sbom"])["bomFormat"], "CycloneDX");
    assert_eq!(std::fs::read_to_string(&done.outputs["markdown"]).unwrap(), done.summary);
    assert!(done.summary.contains("license/no-root-text"), "{}", done.summary);

    let annotations = commands(&done.log);
    assert!(annotations.iter().any(|a| a.starts_with("::error file=") && a.contains("title=license/no-root-text::")));
    assert!(annotations.len() <= 10);
    assert!(done.used.is_empty(), "nothing is uploaded unless asked");
}

#[test]
fn a_clean_checkout_passes() {
    let done = Runner::new(Tree::project()).run(&[("policy", "license")]);
    assert_eq!((done.code, done.outputs["verdict"].as_str()), (0, "pass"), "{}", done.log);
    assert_eq!(done.outputs["errors"], "0");
    assert!(commands(&done.log).is_empty(), "{}", done.log);
}

#[test]
fn inputs_reach_the_scan() {
    let done =
        Runner::new(without_license()).run(&[("fail-on", "never"), ("summary", "false"), ("annotations", "false")]);
    assert_eq!((done.code, done.outputs["verdict"].as_str()), (0, "pass"), "{}", done.log);
    assert_ne!(done.outputs["errors"], "0", "the gate never filters");
    assert_eq!(done.summary, "");
    assert!(commands(&done.log).is_empty());

    let done = Runner::new(without_license()).run(&[("set", "license/no-root-text=off"), ("policy", "license")]);
    assert!(!done.log.contains("license/no-root-text"), "{}", done.log);
}

#[test]
fn a_wrong_input_ends_with_2_and_says_which() {
    for (input, value) in [
        ("fail-on", "sometimes"),
        ("strict", "perhaps"),
        ("config", "absent.toml"),
        ("paths", "absent"),
        ("policy", "absent"),
        ("binary", "absent"),
        ("version", "latest"),
    ] {
        let runner = Runner::new(without_license());
        let mut inputs = vec![(input, value)];
        if !matches!(input, "binary" | "version") {
            inputs.push(("binary", env!("CARGO_BIN_EXE_openclause")));
        }
        let done = runner.run_with(&inputs, PUSH, "a token", true);
        assert_eq!(done.code, 2, "{input}: {}", done.log);
        let error =
            commands(&done.log).into_iter().find(|line| line.starts_with("::error")).unwrap_or_default().to_owned();
        let named = if matches!(input, "binary" | "version") { input } else { value };
        assert!(error.contains(named), "{input}: {}", done.log);
        assert!(!done.ran.contains(&"Gate".to_owned()));
    }
}

#[test]
fn hostile_inputs_are_names_and_nothing_else() {
    let checkout = Tree::project();
    let hostile = ["a b; touch pwned", "$(touch pwned)", "`touch pwned`", "--format=sarif", "x' \"y", "*"];
    for name in hostile {
        checkout.write(&format!("{name}/main.c"), "// SPDX-License-Identifier: Apache-2.0\n");
    }
    let runner = Runner::new(checkout);
    let paths = hostile.join("\n");
    let done = runner.run(&[("paths", &paths), ("policy", "license"), ("fail-on", "never")]);
    assert_eq!(done.code, 0, "{}", done.log);
    let report = read_json(&done.outputs["json"]);
    assert_eq!(report["files"].as_array().unwrap().len(), hostile.len());

    for input in
        ["config", "policy", "set", "exclude", "files-from", "fail-on", "binary", "version", "sha256", "category"]
    {
        let value = "x\"; touch pwned; $(touch pwned) `touch pwned`\nverdict=pass\n::set-output name=x::y";
        let inputs = [("version", "1.2.3"), (input, value)];
        let inputs = if matches!(input, "version" | "sha256") { &inputs[..] } else { &inputs[1..] };
        runner.run(inputs);
        runner.run_with(inputs, PUSH, "", true);
    }
    assert!(!runner.checkout.at("pwned").exists());
    assert!(!root().join("pwned").exists());
}

#[cfg(unix)]
#[test]
fn hostile_names_in_the_checkout_are_no_commands() {
    let checkout = without_license();
    for name in ["\n::error::pwned", "::warning::pwned", "a\n::stop-commands::x"] {
        std::fs::write(checkout.at(name.trim_start_matches('/')), "// SPDX-License-Identifier: Nonsense AND\n")
            .unwrap();
    }
    let done = Runner::new(checkout).run(&[("fail-on", "never")]);
    assert_eq!(done.code, 0, "{}", done.log);
    for command in commands(&done.log) {
        let is_ours = command.starts_with("::error file=")
            || command.starts_with("::warning file=")
            || command.starts_with("::notice file=");
        assert!(is_ours, "{command}");
    }
}

#[test]
fn the_upload_gets_the_sarif_file_when_it_is_asked_for() {
    let runner = Runner::new(without_license());
    let done = runner.run(&[("upload-sarif", "true"), ("category", "of two")]);
    assert_eq!(done.code, 1, "the gate still fails");
    let [(uses, with)] = done.used.as_slice() else { panic!("{}", done.log) };
    assert!(uses.starts_with("github/codeql-action/upload-sarif@"));
    assert_eq!(with["sarif_file"], done.outputs["sarif"]);
    assert_eq!((with["category"].as_str(), with["token"].as_str()), ("of two", "a token"));
}

#[test]
fn a_fork_or_a_missing_token_uploads_nothing_and_says_so() {
    let runner = Runner::new(Tree::project());
    let inputs = [("binary", env!("CARGO_BIN_EXE_openclause")), ("upload-sarif", "true"), ("policy", "license")];
    for (event, token) in [(FORK, "a token"), (PUSH, "")] {
        let done = runner.run_with(&inputs, event, token, true);
        assert_eq!((done.code, done.used.len()), (0, 0), "{}", done.log);
        assert!(commands(&done.log).iter().any(|c| c.starts_with("::notice") && c.contains("not uploaded")));
    }
}

#[test]
fn a_failed_upload_is_a_warning_and_the_gate_decides() {
    let runner = Runner::new(Tree::project());
    let inputs = [("binary", env!("CARGO_BIN_EXE_openclause")), ("upload-sarif", "true"), ("policy", "license")];
    let done = runner.run_with(&inputs, PUSH, "a token", false);
    assert_eq!((done.code, done.used.len()), (0, 1), "{}", done.log);
    assert!(commands(&done.log).iter().any(|c| c.starts_with("::warning") && c.contains("security-events: write")));
}

#[test]
fn a_program_on_the_path_is_used() {
    let runner = Runner::new(Tree::project());
    runner.program("openclause", &format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_openclause")));
    let done = runner.run_with(&[("policy", "license")], PUSH, "", true);
    assert_eq!((done.code, done.outputs["verdict"].as_str()), (0, "pass"), "{}", done.log);
}

#[test]
fn without_a_program_one_is_built_from_the_actions_own_checkout() {
    let runner = Runner::new(Tree::project());
    // Stands in for cargo: notes where it was started and how, and "builds" the program of this test.
    runner.program(
        "cargo",
        &format!(
            "echo \"$PWD: $*\" >'{}'\nwhile [ \"$1\" != --target-dir ]; do shift; done\nmkdir -p \"$2/release\"\ncp '{}' \"$2/release/openclause\"",
            runner.temporary.at("cargo-was-called").display(),
            env!("CARGO_BIN_EXE_openclause"),
        ),
    );
    let done = runner.run_with(&[("policy", "license")], PUSH, "", true);
    assert_eq!((done.code, done.outputs["verdict"].as_str()), (0, "pass"), "{}", done.log);
    let called = std::fs::read_to_string(runner.temporary.at("cargo-was-called")).unwrap();
    assert!(called.starts_with(&format!("{}: build --release --locked ", root().display())), "{called}");
}

/// A runner whose `curl` gives an archive with the program; gives the archive's checksum, too.
fn with_release() -> (Runner, String) {
    let runner = Runner::new(Tree::project());
    let archive = runner.temporary.at("release.tar.gz");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_openclause"));
    let packed = std::process::Command::new("tar")
        .args(["-czf", archive.to_str().unwrap(), "-C", program.parent().unwrap().to_str().unwrap(), "openclause"])
        .status()
        .unwrap();
    assert!(packed.success());
    runner.program(
        "curl",
        &format!(
            "echo \"$*\" >'{}'\nwhile [ \"$1\" != --output ]; do shift; done\ncp '{}' \"$2\"",
            runner.temporary.at("curl-was-called").display(),
            archive.display(),
        ),
    );
    let digest = Sha256::digest(std::fs::read(archive).unwrap());
    (runner, digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[test]
fn a_release_is_used_when_its_checksum_is_right() {
    let (runner, checksum) = with_release();
    let inputs = [("version", "1.2.3"), ("sha256", checksum.as_str()), ("policy", "license")];
    let done = runner.run_with(&inputs, PUSH, "", true);
    assert_eq!((done.code, done.outputs["verdict"].as_str()), (0, "pass"), "{}", done.log);
    let called = std::fs::read_to_string(runner.temporary.at("curl-was-called")).unwrap();
    assert!(
        called.contains("/releases/download/v1.2.3/openclause-1.2.3-x86_64-unknown-linux-musl.tar.gz"),
        "{called}"
    );
}

#[test]
fn a_release_with_another_checksum_or_none_is_refused() {
    let (runner, checksum) = with_release();
    let other = checksum.chars().rev().collect::<String>();
    let done = runner.run_with(&[("version", "1.2.3"), ("sha256", &other)], PUSH, "", true);
    assert_eq!(done.code, 2, "{}", done.log);
    assert!(commands(&done.log).iter().any(|c| c.starts_with("::error") && c.contains(&checksum)), "{}", done.log);

    let (runner, _) = with_release();
    let done = runner.run_with(&[("version", "1.2.3")], PUSH, "", true);
    assert_eq!(done.code, 2, "{}", done.log);
    assert!(commands(&done.log).iter().any(|c| c.contains("sha256")), "{}", done.log);
    assert!(!runner.temporary.at("curl-was-called").exists(), "nothing is downloaded that cannot be checked");
}

fn read_json(path: &str) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
