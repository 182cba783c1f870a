//! A tree of files, and the program run on it.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder for one test, gone when the test ends.
pub(crate) struct Tree(tempfile::TempDir);

impl Tree {
    /// Makes a folder that holds `files`: paths with `/`, and their text.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    /// A small project that is in good order.
    pub(crate) fn project() -> Self {
        Self::new(&[
            ("LICENSE", &apache()),
            ("src/main.c", "// SPDX-License-Identifier: Apache-2.0\nint main(void) { return 0; }\n"),
        ])
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A path in the folder.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Writes a file, its folders too.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Runs the program in the folder.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ran {
        Ran::of(program(self.path()).args(arguments))
    }

    /// Runs the program in the folder with text on standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = program(self.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ran::new(child.wait_with_output().unwrap())
    }
}

/// The program, to be run in a folder, with an environment that says nothing about terminals and CI.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openclause"));
    command.current_dir(folder);
    for name in [
        "NO_COLOR",
        "SOURCE_DATE_EPOCH",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "OPENCLAUSE_CONFIG",
        "RUST_BACKTRACE",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command
}

/// How a run ended.
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::new(command.output().unwrap())
    }

    fn new(output: Output) -> Self {
        let ran = Self {
            code: output.status.code().expect("ended by a signal"),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        };
        assert_ne!(ran.code, 101, "panicked: {}", ran.err);
        ran
    }

    /// Demands an exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }
}

/// The text of Apache-2.0, which the project itself carries.
pub(crate) fn apache() -> String {
    std::fs::read_to_string(root().join("LICENSE")).unwrap()
}

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The severities and messages of a rule's findings in a tree.
#[track_caller]
pub(crate) fn found(rule: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let tree = Tree::new(files);
    let report = tree.run(&["scan", ".", "--no-config", "--format", "json", "--fail-on", "never"]).expect(0).json();
    let findings = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == rule);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    findings.map(|f| (text(&f["severity"]), text(&f["message"]))).collect()
}

/// The severities of a rule's findings in a tree.
#[track_caller]
pub(crate) fn severities(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    found(rule, files).into_iter().map(|(severity, _)| severity).collect()
}
