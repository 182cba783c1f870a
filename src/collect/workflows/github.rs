//! Workflows and actions of GitHub, as far as they can be understood: nothing is required to be there.

use std::borrow::Cow;
use std::ops::Range;

use super::data::words;
use super::expr::{self, Context, Expr, Value as Constant};
use super::matrix::Matrix;
use super::uses::Uses;
use crate::collect::workflows::tree::{Document, Node, Pair, Value};

/// A workflow.
pub(super) struct Workflow<'a> {
    /// The source.
    pub(super) document: &'a Document<'a>,
    /// The top mapping.
    pub(super) root: &'a Node,
    /// The jobs that can run.
    pub(super) jobs: Vec<Job<'a>>,
}

/// A job.
pub(super) struct Job<'a> {
    /// Its id and its body.
    pub(super) pair: &'a Pair,
    /// The body.
    pub(super) node: &'a Node,
    /// The reusable workflow that it calls.
    pub(super) calls: Option<&'a str>,
    /// Its steps that can run, with the place in the list.
    steps: Vec<((usize, usize), &'a Node)>,
}

/// A composite or container action.
pub(super) struct Action<'a> {
    /// The source.
    pub(super) document: &'a Document<'a>,
    /// The top mapping.
    pub(super) root: &'a Node,
    steps: Vec<((usize, usize), &'a Node)>,
}

/// A step and what it stands in.
#[derive(Clone, Copy)]
pub(super) struct Step<'a, 'w> {
    /// The body.
    pub(super) node: &'a Node,
    /// Its place in the list.
    pub(super) order: (usize, usize),
    /// What it stands in.
    pub(super) host: Host<'a, 'w>,
}

/// What a step stands in.
#[derive(Clone, Copy)]
pub(super) enum Host<'a, 'w> {
    /// A job of a workflow.
    Job(&'w Workflow<'a>, &'w Job<'a>),
    /// A composite action.
    Action(&'w Action<'a>),
}

/// Inputs of a step.
#[derive(Clone, Copy)]
pub(super) enum With<'a> {
    /// One expression, of which nothing can be said.
    Expression,
    /// Names and values.
    Inputs(&'a [Pair]),
}

/// Permissions of a token.
pub(super) enum Permissions<'a> {
    /// Not said.
    Default,
    /// `read-all`.
    ReadAll(&'a Pair),
    /// `write-all`.
    WriteAll(&'a Pair),
    /// One by one; empty for none.
    Each(&'a Pair),
    /// Neither of these words.
    Other(&'a Pair),
}

/// How freely an input is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum InputKind {
    /// One of a set, or a number.
    Bound,
    /// Anything.
    Free,
}

/// Whether a mapping, or a value, is one expression.
pub(super) fn is_expression(node: &Node) -> bool {
    node.text().is_some_and(expr::is_fenced)
}

/// The text of a variable or input as the runner passes it on: numbers and truth values in their shortest form.
pub(super) fn value_text(node: &Node) -> Cow<'_, str> {
    if let Some(truth) = node.truth() {
        return Cow::Borrowed(if truth { "true" } else { "false" });
    }
    match node.number() {
        Some(number) => Cow::Owned(number.to_string()),
        None => Cow::Borrowed(node.scalar().unwrap_or_default()),
    }
}

/// A condition as text; `None` when it is a constant without quotes, whose value is told instead.
pub(super) fn condition(node: &Node) -> Option<Result<&str, bool>> {
    if let Some(truth) = node.truth() {
        return Some(Err(truth));
    }
    if let Some(number) = node.number() {
        return Some(Err(number != 0.0));
    }
    node.text().map(Ok)
}

/// Whether a job or step can never run.
fn never_runs(node: &Node) -> bool {
    match node.get("if").and_then(condition) {
        Some(Err(truth)) => !truth,
        Some(Ok(text)) => Expr::parse(expr::bare(text)).and_then(|e| e.constant()) == Some(Constant::Bool(false)),
        None => false,
    }
}

/// The steps of a list that can run; groups of parallel steps are opened.
fn steps_of(list: Option<&Node>) -> Vec<((usize, usize), &Node)> {
    let mut out = Vec::new();
    for (i, step) in list.map(Node::items).unwrap_or_default().iter().enumerate() {
        match step.get("parallel") {
            Some(group) => out.extend(group.items().iter().enumerate().map(|(k, step)| ((i, k + 1), step))),
            None => out.push(((i, 0), step)),
        }
    }
    out.retain(|(_, step)| !never_runs(step));
    out
}

impl<'a> Workflow<'a> {
    /// The workflow of a document.
    pub(super) fn new(document: &'a Document<'a>, root: &'a Node) -> Self {
        let pairs = root.get("jobs").map(Node::pairs).unwrap_or_default();
        let jobs = pairs.iter().filter(|pair| !never_runs(&pair.value)).map(Job::new).collect();
        Self { document, root, jobs }
    }

    /// How many jobs it has, those that never run included.
    pub(super) fn all_jobs(&self) -> usize {
        self.root.get("jobs").map_or(0, |jobs| jobs.pairs().len())
    }

    /// Names of the events that start it.
    pub(super) fn events(&self) -> Vec<&'a str> {
        match self.root.get("on") {
            Some(on) if !on.pairs().is_empty() => on.pairs().iter().map(|pair| pair.key.as_str()).collect(),
            Some(on) => on.texts(),
            None => Vec::new(),
        }
    }

    /// Where an event is named.
    pub(super) fn event(&self, name: &str) -> Option<Range<usize>> {
        let pair = self.root.pair("on")?;
        match &pair.value.value {
            Value::Mapping(_) => pair.value.pair(name).map(|event| event.key_span.clone()),
            Value::Sequence(items) => items.iter().find(|i| i.text() == Some(name)).map(|i| i.at.clone()),
            Value::Scalar(_) => (pair.value.text() == Some(name)).then(|| pair.span()),
        }
    }

    /// What is said of an event.
    pub(super) fn event_body(&self, name: &str) -> Option<&'a Node> {
        self.root.get("on")?.get(name)
    }

    /// Whether it can only be called by other workflows.
    pub(super) fn is_reusable_only(&self) -> bool {
        self.events() == ["workflow_call"]
    }

    /// The permissions that it gives every job.
    pub(super) fn permissions(&self) -> Permissions<'a> {
        permissions(self.root)
    }

    /// All steps of all jobs.
    pub(super) fn steps<'w>(&'w self) -> impl Iterator<Item = Step<'a, 'w>> {
        self.jobs.iter().flat_map(move |job| job.steps(self))
    }

    /// The bytes of a top-level key with its value.
    pub(super) fn key(&self, name: &str) -> Option<Range<usize>> {
        self.root.pair(name).map(Pair::span)
    }

    /// How freely an input is chosen; `None` for one that is not declared.
    fn input(&self, name: &str) -> Option<InputKind> {
        let kind = |event: &str, bound: &[&str]| {
            let input = self.event_body(event)?.get("inputs")?.get(name)?;
            let kind = input.get("type").and_then(Node::text).unwrap_or("string");
            Some(if bound.contains(&kind) { InputKind::Bound } else { InputKind::Free })
        };
        let called = kind("workflow_call", &["boolean", "number"]);
        called.max(kind("workflow_dispatch", &["boolean", "number", "choice", "environment"]))
    }
}

impl<'a> Job<'a> {
    fn new(pair: &'a Pair) -> Self {
        let node = &pair.value;
        let calls = node.get("uses").and_then(Node::text);
        let steps = if calls.is_some() { Vec::new() } else { steps_of(node.get("steps")) };
        Self { pair, node, calls, steps }
    }

    /// Its steps that can run.
    pub(super) fn steps<'w>(&'w self, workflow: &'w Workflow<'a>) -> impl Iterator<Item = Step<'a, 'w>> {
        self.steps.iter().map(move |&(order, node)| Step { node, order, host: Host::Job(workflow, self) })
    }

    /// The bytes of its id and body.
    pub(super) fn span(&self) -> Range<usize> {
        self.pair.span()
    }

    /// The bytes that name it: its name, or its id.
    pub(super) fn grip(&self) -> Range<usize> {
        self.node.pair("name").map_or_else(|| self.pair.key_span.clone(), Pair::span)
    }

    /// The bytes of a key with its value.
    pub(super) fn key(&self, name: &str) -> Option<Range<usize>> {
        self.node.pair(name).map(Pair::span)
    }

    /// The permissions that it asks for.
    pub(super) fn permissions(&self) -> Permissions<'a> {
        permissions(self.node)
    }

    /// The matrix that multiplies it.
    pub(super) fn matrix(&self) -> Option<Matrix<'a>> {
        self.node.at_path(&["strategy", "matrix"]).filter(|node| !node.is_null()).map(Matrix::new)
    }

    /// The shell that its runner starts without being told.
    fn runner_shell(&self) -> Option<&'static str> {
        let runs_on = self.node.get("runs-on")?;
        let labels = match runs_on.pairs() {
            [] => runs_on.texts(),
            _ => runs_on.get("labels").map(Node::texts).unwrap_or_default(),
        };
        if is_expression(runs_on) {
            return None;
        }
        labels.into_iter().find_map(|label| match label {
            "linux" | "macOS" => Some("bash"),
            "windows" => Some("pwsh"),
            l if l.contains("ubuntu-") || l.contains("macos") => Some("bash"),
            l if l.contains("windows-") => Some("pwsh"),
            _ => None,
        })
    }
}

impl<'a> Action<'a> {
    /// The action of a document.
    pub(super) fn new(document: &'a Document<'a>, root: &'a Node) -> Self {
        let is_composite = root.at_path(&["runs", "using"]).and_then(Node::text) == Some("composite");
        let steps = if is_composite { steps_of(root.at_path(&["runs", "steps"])) } else { Vec::new() };
        Self { document, root, steps }
    }

    /// Its steps that can run.
    pub(super) fn steps<'w>(&'w self) -> impl Iterator<Item = Step<'a, 'w>> {
        self.steps.iter().map(move |&(order, node)| Step { node, order, host: Host::Action(self) })
    }
}

impl<'a, 'w> Step<'a, 'w> {
    /// The source.
    pub(super) fn document(&self) -> &'a Document<'a> {
        match self.host {
            Host::Job(workflow, _) => workflow.document,
            Host::Action(action) => action.document,
        }
    }

    /// The workflow that it is part of; `None` for a step of a composite action.
    pub(super) fn workflow(&self) -> Option<&'w Workflow<'a>> {
        match self.host {
            Host::Job(workflow, _) => Some(workflow),
            Host::Action(_) => None,
        }
    }

    /// The bytes of all of it.
    pub(super) fn span(&self) -> Range<usize> {
        self.node.at.clone()
    }

    /// The bytes of a key with its value; those of the step when it has no such key.
    pub(super) fn key(&self, name: &str) -> Range<usize> {
        self.node.pair(name).map_or_else(|| self.span(), Pair::span)
    }

    /// The bytes of an input with its value; those of `with` when it has no such input.
    pub(super) fn input_key(&self, name: &str) -> Range<usize> {
        let pair = self.node.get("with").and_then(|with| with.pair(name));
        pair.map_or_else(|| self.key("with"), Pair::span)
    }

    /// The bytes that name it.
    pub(super) fn grip(&self) -> Range<usize> {
        let pair = self.node.pair("name").or_else(|| self.node.pair("id"));
        pair.map_or_else(|| self.span(), Pair::span)
    }

    /// The conditions under which it runs: its own, and that of its job.
    pub(super) fn conditions(&self) -> impl IntoIterator<Item = &'a str> {
        let job = match self.host {
            Host::Job(_, job) => Some(job.node),
            Host::Action(_) => None,
        };
        job.into_iter().chain([self.node]).filter_map(|node| node.get("if").and_then(Node::text))
    }

    /// What it uses.
    pub(super) fn uses(&self) -> Option<Uses<'a>> {
        self.node.get("uses").and_then(Node::text).and_then(Uses::parse)
    }

    /// The repository whose action it uses.
    pub(super) fn repository(&self) -> Option<super::uses::Repository<'a>> {
        match self.uses()? {
            Uses::Repository(repository) => Some(repository),
            _ => None,
        }
    }

    /// Its inputs.
    pub(super) fn with(&self) -> With<'a> {
        match self.node.get("with") {
            Some(with) if is_expression(with) => With::Expression,
            Some(with) => With::Inputs(with.pairs()),
            None => With::Inputs(&[]),
        }
    }

    /// One of its inputs.
    pub(super) fn input(&self, name: &str) -> Option<&'a Node> {
        match self.with() {
            With::Inputs(pairs) => pairs.iter().find(|pair| pair.key == name).map(|pair| &pair.value),
            With::Expression => None,
        }
    }

    /// The script that it runs.
    pub(super) fn run(&self) -> Option<&'a Node> {
        let is_uses = self.node.get("uses").is_some_and(|uses| uses.text().is_some());
        self.node.get("run").filter(|run| !is_uses && run.text().is_some())
    }

    /// The shell that runs the script, and where that is said; `None` when it cannot be told.
    pub(super) fn shell(&self) -> Option<(&'a str, Range<usize>)> {
        let own = self.node.pair("shell");
        let Host::Job(workflow, job) = self.host else {
            let own = own.filter(|pair| !is_expression(&pair.value))?;
            return own.value.text().map(|text| (text, own.span()));
        };
        let default = |node: &'a Node| node.at_path(&["defaults", "run"]).and_then(|run| run.pair("shell"));
        match own.or_else(|| default(job.node)).or_else(|| default(workflow.root)) {
            Some(pair) if is_expression(&pair.value) => None,
            Some(pair) => pair.value.text().map(|text| (text, pair.span())),
            None => job.runner_shell().map(|shell| (shell, job.key("runs-on").unwrap_or_else(|| job.span()))),
        }
    }

    /// The name of the shell without path and arguments; `bash` when it cannot be told.
    pub(super) fn shell_name(&self) -> &'a str {
        self.shell().map_or("bash", |(shell, _)| shell_name(shell))
    }

    /// The variables (`env`) that the job and the workflow set for their steps, the inner ones first.
    pub(super) fn outer_variables(&self) -> impl Iterator<Item = &'a Node> {
        let outer = match self.host {
            Host::Job(workflow, job) => [job.node.get("env"), workflow.root.get("env")],
            Host::Action(_) => [None, None],
        };
        outer.into_iter().flatten()
    }

    /// Whether no outsider and no earlier step decides a variable of `env`.
    pub(super) fn is_env_static(&self, context: Context<'_>) -> bool {
        let known = |name: &str| context.is(&format!("env.{name}"));
        if words().runner_variables.iter().any(|name| known(name)) {
            return true;
        }
        if known("CI") {
            return false;
        }
        let Some(name) = context.only_member() else { return false };
        for env in self.node.get("env").into_iter().chain(self.outer_variables()) {
            if is_expression(env) {
                return false;
            }
            if let Some(value) = env.get(name) {
                return expr::first_fence(&value_text(value)).is_none();
            }
        }
        false
    }

    /// How freely an input of the workflow or action is chosen; `None` for one that is not declared.
    pub(super) fn declared_input(&self, name: &str) -> Option<InputKind> {
        match self.host {
            Host::Job(workflow, _) => workflow.input(name),
            Host::Action(action) => action.root.get("inputs")?.get(name).map(|_| InputKind::Free),
        }
    }

    /// The matrix of its job.
    pub(super) fn matrix(&self) -> Option<Matrix<'a>> {
        match self.host {
            Host::Job(_, job) => job.matrix(),
            Host::Action(_) => None,
        }
    }
}

/// The name of a shell without path and arguments: `/bin/bash -e {0}` is `bash`.
pub(super) fn shell_name(shell: &str) -> &str {
    let program = shell.split(' ').next().unwrap_or(shell);
    program.rsplit('/').next().unwrap_or(program)
}

fn permissions(node: &Node) -> Permissions<'_> {
    let Some(pair) = node.pair("permissions") else { return Permissions::Default };
    match pair.value.text() {
        Some("read-all") => Permissions::ReadAll(pair),
        Some("write-all") => Permissions::WriteAll(pair),
        Some(_) => Permissions::Other(pair),
        None => Permissions::Each(pair),
    }
}
