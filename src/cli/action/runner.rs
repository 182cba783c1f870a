//! The runner of GitHub Actions, as a step sees it: variables, files to append to, commands on standard output.
//!
//! Formats are those of GitHub's "Workflow commands for GitHub Actions".

use std::fs::OpenOptions;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miette::{Context, IntoDiagnostic};

use super::inputs::Inputs;

/// Most bytes of a job summary. GitHub drops one over 1 MiB as a whole; other steps add to the same.
const SUMMARY: usize = 900 * 1024;

/// Largest event file that is read, in bytes. GitHub's own limit for an event is 25 MB.
const EVENT: u64 = 32 << 20;

/// What the runner tells a step.
pub(super) struct Runner {
    /// The checkout.
    pub(super) workspace: Option<PathBuf>,
    temporary: PathBuf,
    output: Option<PathBuf>,
    summary: Option<PathBuf>,
    event: Option<PathBuf>,
}

impl Runner {
    /// Reads the variables.
    pub(super) fn from_environment() -> Self {
        let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            workspace: path("GITHUB_WORKSPACE"),
            temporary: path("RUNNER_TEMP").unwrap_or_else(std::env::temp_dir),
            output: path("GITHUB_OUTPUT"),
            summary: path("GITHUB_STEP_SUMMARY"),
            event: path("GITHUB_EVENT_PATH"),
        }
    }

    /// Makes a folder for the reports of this step: a job may use the action more than once.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn report_folder(&self) -> miette::Result<PathBuf> {
        for number in 1..1000 {
            let folder = self.temporary.join(format!("openclause-{number}"));
            match std::fs::create_dir(&folder) {
                Ok(()) => return Ok(folder),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error)
                        .into_diagnostic()
                        .wrap_err_with(|| format!("cannot make {}", folder.display()));
                }
            }
        }
        Err(miette::miette!("{} is full of reports of earlier steps", self.temporary.display()))
    }

    /// Adds to the job summary; cut where GitHub would drop it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn summarize(&self, markdown: &str) -> miette::Result<()> {
        self.append(self.summary.as_deref(), "GITHUB_STEP_SUMMARY", &cut(markdown, SUMMARY))
    }

    /// Sets outputs of the step.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn set_outputs(&self, outputs: &[(&str, String)]) -> miette::Result<()> {
        let mut text = String::new();
        for (name, value) in outputs {
            // A value with line ends cannot close the block: nobody can guess the word.
            let word = random_word();
            text.push_str(&format!("{name}<<{word}\n{value}\n{word}\n"));
        }
        self.append(self.output.as_deref(), "GITHUB_OUTPUT", &text)
    }

    /// Why the SARIF file should not be uploaded although the inputs ask for it.
    pub(super) fn upload_obstacle(&self, inputs: &Inputs) -> Option<&'static str> {
        if !inputs.upload {
            return None;
        }
        if !inputs.has_token {
            return Some("The SARIF file is not uploaded: there is no token.");
        }
        let is_foreign = self.event.as_deref().and_then(event).is_some_and(|event| is_fork(&event));
        is_foreign.then_some(
            "The SARIF file is not uploaded: the token of a pull request from a fork cannot write security events.",
        )
    }

    fn append(&self, path: Option<&Path>, variable: &str, text: &str) -> miette::Result<()> {
        let Some(path) = path else { return Ok(()) };
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}, which {variable} names", path.display()))
    }
}

fn event(path: &Path) -> Option<serde_json::Value> {
    if path.metadata().ok()?.len() > EVENT {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Whether the event is a pull request from another repository; a deleted one counts as another.
fn is_fork(event: &serde_json::Value) -> bool {
    let repository = |side: &str| event.pointer(&format!("/pull_request/{side}/repo/full_name"));
    event.get("pull_request").is_some_and(|pull| pull.is_object()) && repository("head") != repository("base")
}

/// Writes a workflow command.
///
/// # Errors
/// Those of `out`.
pub(super) fn command(out: &mut dyn Write, name: &str, properties: &[(&str, &str)], message: &str) -> io::Result<()> {
    write!(out, "::{name} ")?;
    for (number, (key, value)) in properties.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write!(out, "{comma}{key}={}", escape(value, true))?;
    }
    writeln!(out, "::{}", escape(message, false))
}

fn escape(text: &str, property: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if property => out.push_str("%3A"),
            ',' if property => out.push_str("%2C"),
            c => out.push(c),
        }
    }
    out
}

/// A word that text from the checkout cannot hold but by a chance of one in 2^128.
pub(super) fn random_word() -> String {
    // Each state has its own keys, seeded by the operating system.
    format!("openclause-{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}

/// Cuts Markdown behind a line so that it takes at most `most` bytes, and says so.
fn cut(markdown: &str, most: usize) -> String {
    if markdown.len() <= most {
        return markdown.to_owned();
    }
    let note = "\n\nThis summary was cut; the reports that the action writes are complete.\n";
    let room = most.saturating_sub(note.len());
    let end = markdown.as_bytes()[..room].iter().rposition(|&b| b == b'\n').unwrap_or(0);
    // A line end is one byte, so the cut is at a character boundary.
    format!("{}{note}", &markdown[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped_as_the_runner_unescapes_them() {
        let mut out = Vec::new();
        command(&mut out, "error", &[("file", "a,b:c%.rs"), ("line", "3")], "50 %\n::warning::x").unwrap();
        let expected = "::error file=a%2Cb%3Ac%25.rs,line=3::50 %25%0A::warning::x\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_long_summary_is_cut_behind_a_line() {
        assert_eq!(cut("short\n", 100), "short\n");
        let long = "0123456789é\n".repeat(100);
        let short = cut(&long, 200);
        assert!(short.len() <= 200, "{}", short.len());
        assert!(short.starts_with("0123456789é\n") && short.ends_with("complete.\n"));
        assert!(cut(&"x".repeat(1000), 200).contains("was cut"));
    }

    #[test]
    fn a_pull_request_from_elsewhere_is_a_fork() {
        let event = |head: serde_json::Value| serde_json::json!({ "pull_request": { "head": { "repo": head }, "base": { "repo": { "full_name": "a/b" } } } });
        assert!(is_fork(&event(serde_json::json!({ "full_name": "c/b" }))));
        assert!(is_fork(&event(serde_json::Value::Null)));
        assert!(!is_fork(&event(serde_json::json!({ "full_name": "a/b" }))));
        assert!(!is_fork(&serde_json::json!({ "ref": "refs/heads/main" })));
    }

    #[test]
    fn words_differ() {
        assert_ne!(random_word(), random_word());
    }
}
