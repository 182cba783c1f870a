//! Runs a composite action as the runner of GitHub Actions does, offline.
//!
//! What the runner documents and this does: expressions, inputs with defaults, `if`, `env`, `continue-on-error`,
//! outputs, the files behind `GITHUB_OUTPUT`, `GITHUB_ENV`, `GITHUB_PATH` and `GITHUB_STEP_SUMMARY`, and
//! `bash --noprofile --norc -eo pipefail` for `shell: bash`. A `uses` step is recorded, not run.

mod expression;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

type Map = BTreeMap<String, String>;

/// The parts of an action's file that the runner heeds.
#[derive(Deserialize)]
pub(crate) struct Action {
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<String, Outlet>,
    pub(crate) runs: Runs,
}

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    default: String,
}

#[derive(Deserialize)]
struct Outlet {
    value: String,
}

#[derive(Deserialize)]
pub(crate) struct Runs {
    using: String,
    pub(crate) steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    #[serde(default)]
    id: String,
    name: String,
    #[serde(rename = "if")]
    condition: Option<String>,
    #[serde(default, rename = "continue-on-error")]
    continue_on_error: bool,
    #[serde(default)]
    env: Map,
    shell: Option<String>,
    pub(crate) run: Option<String>,
    pub(crate) uses: Option<String>,
    #[serde(default)]
    with: Map,
}

/// What the job around the action is like.
pub(crate) struct Job<'a> {
    /// The checkout, in which steps run.
    pub(crate) workspace: &'a Path,
    /// A folder of the job's own.
    pub(crate) temporary: &'a Path,
    /// Folders with programs, before those of the system.
    pub(crate) programs: &'a Path,
    /// Inputs that the workflow gives.
    pub(crate) inputs: &'a [(&'a str, &'a str)],
    /// The event, as JSON.
    pub(crate) event: &'a str,
    /// `github.token`; empty for none.
    pub(crate) token: &'a str,
    /// Whether `uses` steps succeed.
    pub(crate) uses_succeed: bool,
}

/// How the action ended.
#[derive(Default)]
pub(crate) struct Done {
    /// The exit code of the step that ended it; 0 when none did.
    pub(crate) code: i32,
    /// What its steps printed, both streams of each step.
    pub(crate) log: String,
    /// The job summary.
    pub(crate) summary: String,
    /// The outputs of the action.
    pub(crate) outputs: Map,
    /// Recorded `uses` steps: the action, and its inputs.
    pub(crate) used: Vec<(String, Map)>,
    /// Names of the steps that ran.
    pub(crate) ran: Vec<String>,
}

impl Action {
    /// Reads an action's file.
    pub(crate) fn load(path: &Path) -> Self {
        serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// Runs the action as a step of a job.
    pub(crate) fn run(&self, job: &Job<'_>) -> Done {
        assert_eq!(self.runs.using, "composite");
        let mut run =
            Run { job, values: self.context(job), environment: Map::new(), path: Vec::new(), failed: false };
        let mut done = Done::default();
        for (number, step) in self.runs.steps.iter().enumerate() {
            run.step(number, step, &mut done);
        }
        for (name, outlet) in &self.outputs {
            done.outputs.insert(name.clone(), run.fill(&outlet.value));
        }
        done
    }

    /// What expressions see: paths such as `inputs.paths`, and their values.
    fn context(&self, job: &Job<'_>) -> Map {
        let mut values = Map::from([
            ("github.token".to_owned(), job.token.to_owned()),
            ("github.action_repository".to_owned(), "openclause/openclause".to_owned()),
            ("runner.os".to_owned(), "Linux".to_owned()),
        ]);
        for (name, input) in &self.inputs {
            let default = expression::fill(&input.default, &values, true);
            values.insert(format!("inputs.{name}"), default);
        }
        for (name, value) in job.inputs {
            // The runner takes unknown inputs with a warning; a test that gives one is mistaken.
            assert!(self.inputs.contains_key(*name), "the action has no input {name}");
            values.insert(format!("inputs.{name}"), (*value).to_owned());
        }
        values
    }
}

/// The state that steps hand on.
struct Run<'a> {
    job: &'a Job<'a>,
    values: Map,
    environment: Map,
    path: Vec<String>,
    failed: bool,
}

impl Run<'_> {
    fn fill(&self, text: &str) -> String {
        expression::fill(text, &self.values, !self.failed)
    }

    fn step(&mut self, number: usize, step: &Step, done: &mut Done) {
        let condition = step.condition.as_deref().unwrap_or("success()");
        if !expression::holds(condition, &self.values, !self.failed) {
            return self.finish(step, "skipped");
        }
        done.ran.push(step.name.clone());
        let code = match (&step.uses, &step.run) {
            (Some(uses), None) => {
                let with = step.with.iter().map(|(key, value)| (key.clone(), self.fill(value))).collect();
                done.used.push((uses.clone(), with));
                i32::from(!self.job.uses_succeed)
            }
            (None, Some(script)) => self.script(number, step, script, done),
            _ => panic!("the step {} needs either run or uses", step.name),
        };
        self.finish(step, if code == 0 { "success" } else { "failure" });
        if code != 0 && !step.continue_on_error {
            self.failed = true;
            done.code = code;
        }
    }

    fn finish(&mut self, step: &Step, outcome: &str) {
        self.values.insert(format!("steps.{}.outcome", step.id), outcome.to_owned());
    }

    fn script(&mut self, number: usize, step: &Step, script: &str, done: &mut Done) -> i32 {
        assert_eq!(step.shell.as_deref(), Some("bash"), "a composite step must name its shell");
        let file = |kind: &str| -> PathBuf {
            let path = self.job.temporary.join(format!("_step-{number}-{kind}"));
            std::fs::write(&path, "").unwrap();
            path
        };
        let (output, environment, path, summary) = (file("output"), file("env"), file("path"), file("summary"));
        let (event, body) = (file("event"), file("script"));
        std::fs::write(&event, self.job.event).unwrap();
        std::fs::write(&body, self.fill(script)).unwrap();
        let mut folders = vec![self.job.programs.display().to_string()];
        folders.splice(0..0, self.path.iter().rev().cloned());
        folders.extend(["/usr/bin".to_owned(), "/bin".to_owned()]);

        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(&body)
            .current_dir(self.job.workspace)
            .env_clear()
            .envs(&self.environment)
            .env("PATH", folders.join(":"))
            .env("HOME", self.job.temporary)
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_WORKSPACE", self.job.workspace)
            .env("GITHUB_EVENT_PATH", &event)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_ENV", &environment)
            .env("GITHUB_PATH", &path)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TEMP", self.job.temporary)
            .envs(step.env.iter().map(|(key, value)| (key, self.fill(value))));
        let ended = bash.output().unwrap();

        done.log.push_str(&String::from_utf8_lossy(&ended.stdout));
        done.log.push_str(&String::from_utf8_lossy(&ended.stderr));
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        done.summary.push_str(&read(&summary));
        for (key, value) in pairs(&read(&output)) {
            self.values.insert(format!("steps.{}.outputs.{key}", step.id), value);
        }
        self.environment.extend(pairs(&read(&environment)));
        self.path.extend(read(&path).lines().map(str::to_owned));
        ended.status.code().expect("ended by a signal")
    }
}

/// Reads `name=value` lines and `name<<word` blocks.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        match (line.find('='), line.find("<<")) {
            (equals, Some(at)) if equals.is_none_or(|equals| at < equals) => {
                let (name, word) = (&line[..at], &line[at + 2..]);
                let block: Vec<_> = lines.by_ref().take_while(|line| *line != word).collect();
                found.push((name.to_owned(), block.join("\n")));
            }
            (Some(at), _) => found.push((line[..at].to_owned(), line[at + 1..].to_owned())),
            (None, _) => assert!(line.is_empty(), "the runner refuses this line: {line}"),
        }
    }
    found
}

/// The lines of a log that the runner takes for commands: those outside `::stop-commands::word` … `::word::`.
pub(crate) fn commands(log: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut stopped: Option<String> = None;
    for line in log.lines().map(str::trim_start) {
        match &stopped {
            Some(word) if line == word => stopped = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(word) => stopped = Some(format!("::{word}::")),
                None if line.starts_with("::") => found.push(line),
                None => {}
            },
        }
    }
    found
}

#[test]
fn pairs_and_blocks() {
    let expected = [("a", "1=2"), ("b", "x\ny=z"), ("c", "")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(pairs("a=1=2\nb<<END\nx\ny=z\nEND\nc=\n"), expected);
}

#[test]
fn stopped_commands_are_none() {
    assert_eq!(commands("::a::\n::stop-commands::w\n::b::\n::w::\nx\n  ::c::"), ["::a::", "::c::"]);
}
