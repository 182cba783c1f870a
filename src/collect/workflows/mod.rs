//! Files that tell machines what to fetch, build, test and release: workflows of several systems, actions, recipes of
//! containers, scripts, and the configuration of update tools and hooks.

mod audits;
mod condition;
mod data;
mod expr;
mod found;
mod github;
mod matrix;
mod shell;
mod squat;
mod tree;
mod uses;

use self::audits::{CHECKS, Input};
use self::found::Sink;
use self::github::{Action, Workflow};
use self::tree::{Document, Node};
use super::{Collector, Hit, Interest, SourceFile, malformed};
use crate::model::{Evidence, Pipeline, PipelineKind, Place, RelPath};

/// Reads workflows and what is like them.
pub struct Workflows;

/// How much of one file is read, in bytes.
const MOST_BYTES: usize = 1 << 20;

impl Collector for Workflows {
    fn id(&self) -> &'static str {
        "workflows"
    }

    fn summary(&self) -> &'static str {
        "GitHub workflows, composite and container actions, Dependabot and pre-commit: what they run and fetch, with which \
         rights, and what outsiders can choose of it"
    }

    fn interest(&self) -> Interest {
        Interest { names: |name, _| name.ends_with(".yml") || name.ends_with(".yaml"), ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        if file.encoding().is_none() || file.text().len() > MOST_BYTES {
            return;
        }
        github_file(file, out);
    }
}

fn github_file(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let place = located(file.name, file.path);
    if place.is_none() && !may_be(file.text()) {
        return;
    }
    let document = Document::parse(file.text());
    let Some(root) = &document.root else { return };
    let Some(kind) = kind(file.name, place, root) else { return };
    let active = place == Some(kind);
    if active || kind == PipelineKind::GithubWorkflow {
        out.extend(document.faults.iter().map(|fault| malformed(file, Some(fault.line), &fault.reason)));
    }
    let mut sink = Sink::new(file, Some(&document), active);
    let mut run = |input: Input<'_, '_>| {
        for check in CHECKS {
            sink.audit(check.name, check.zizmor);
            (check.run)(&input, &mut sink);
        }
    };
    match kind {
        PipelineKind::GithubWorkflow => run(Input::Workflow(&Workflow::new(&document, root))),
        PipelineKind::GithubAction => run(Input::Action(&Action::new(&document, root))),
        PipelineKind::Dependabot => run(Input::Dependabot(root)),
        _ => run(Input::PreCommit(root)),
    }
    out.extend(sink.done());
    out.push(Evidence::Pipeline(Box::new(Pipeline {
        place: Place::file(file.path.clone()),
        kind,
        active,
        commands: Vec::new(),
        uses: Vec::new(),
        covers: Vec::new(),
    })));
}

/// What a file is by where it lies.
fn located(name: &str, path: &RelPath) -> Option<PipelineKind> {
    let folder = path.parent();
    let folder = folder.as_str();
    let is_workflow = [".github/workflows", ".forgejo/workflows", ".gitea/workflows"].contains(&folder);
    match name {
        _ if is_workflow => Some(PipelineKind::GithubWorkflow),
        "action.yml" | "action.yaml" => Some(PipelineKind::GithubAction),
        "dependabot.yml" | "dependabot.yaml" if folder == ".github" => Some(PipelineKind::Dependabot),
        ".pre-commit-config.yaml" | ".pre-commit-config.yml" if folder.is_empty() => Some(PipelineKind::PreCommit),
        _ => None,
    }
}

/// Whether a text can be a workflow, an action or the like, by the words that each of them has to have.
fn may_be(text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    has("jobs:") || has("runs:") || has("updates:") || (has("permissions:") && has("on:"))
}

/// What a file is by what it holds, and by where it lies where that leaves a doubt.
fn kind(name: &str, place: Option<PipelineKind>, root: &Node) -> Option<PipelineKind> {
    let has = |key: &str| root.get(key).is_some();
    let dependabot = name.starts_with("dependabot.") && has("updates");
    match place {
        Some(PipelineKind::GithubAction) if !has("runs") => None,
        Some(kind) => Some(kind),
        None if has("jobs") && has("on") => Some(PipelineKind::GithubWorkflow),
        None if root.at_path(&["runs", "using"]).is_some() => Some(PipelineKind::GithubAction),
        None if dependabot => Some(PipelineKind::Dependabot),
        None => None,
    }
}
