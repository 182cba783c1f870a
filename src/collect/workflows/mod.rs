//! Files that tell machines what to fetch, build, test and release: workflows of several systems, actions, recipes of
//! containers, scripts, and the configuration of update tools and hooks.

mod audits;
mod condition;
mod data;
mod dockerfile;
mod downloads;
mod expr;
mod found;
mod github;
mod matrix;
mod others;
mod owners;
mod runtimes;
mod shell;
mod squat;
#[cfg(test)]
mod tests;
mod tree;
mod uses;

use self::audits::{CHECKS, Input};
use self::downloads::{Fetched, downloads, powershell_downloads};
use self::found::Sink;
use self::github::{Action, Workflow};
use self::tree::{Document, Node};
use super::{Collector, Hit, Interest, SourceFile, malformed};
use crate::model::{Evidence, Pipeline, PipelineKind, Place, RelPath, SkipReason, Skipped, Step};

/// Reads workflows and what is like them.
pub struct Workflows;

/// How much of one file is read, in bytes.
const MOST_BYTES: usize = 1 << 20;

impl Collector for Workflows {
    fn id(&self) -> &'static str {
        "workflows"
    }

    fn summary(&self) -> &'static str {
        "Workflows of GitHub, GitLab, Azure, CircleCI, Gitee and Jenkins, actions, Dockerfiles, scripts of shells and PowerShell, Dependabot, \
         Renovate, pre-commit and CODEOWNERS: what they run and fetch, with which rights, and what outsiders can choose of it"
    }

    fn interest(&self) -> Interest {
        Interest { names: is_wanted, content: is_shell_script, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        if file.encoding().is_none() {
            return;
        }
        if file.text().len() > MOST_BYTES {
            let is_script =
                file.name.ends_with(".sh") || is_powershell(file.name) || dockerfile::is_dockerfile(file.name);
            if is_script || located(file.name, file.path).is_some() {
                let reason = format!("more than {MOST_BYTES} bytes: not audited");
                let skipped = Skipped { path: file.path.clone(), kind: SkipReason::Limit, reason, line: None };
                out.push(Evidence::Unread(skipped));
            }
            return;
        }
        if owners::is_owners(file.name, file.path) {
            owners::read(file, out);
        } else if let Some(kind) = others::kind(file.name, file.path) {
            other_pipeline(file, kind, out);
        } else if is_renovate(file.name) {
            renovate(file, out);
        } else if dockerfile::is_dockerfile(file.name) {
            let mut sink = Sink::new(file, None, true);
            dockerfile::audit(file.text(), &mut sink);
            finish(file, PipelineKind::Dockerfile, sink, Vec::new(), out);
        } else if file.name.ends_with(".yml") || file.name.ends_with(".yaml") {
            github_file(file, out);
        } else {
            let mut sink = Sink::new(file, None, true);
            let found = if is_powershell(file.name) {
                powershell_downloads(file.text())
            } else {
                downloads(file.text(), &mut Fetched::default())
            };
            dockerfile::report(found, 0, None, &mut sink);
            finish(file, PipelineKind::Script, sink, Vec::new(), out);
        }
    }
}

fn is_wanted(name: &str, path: &RelPath) -> bool {
    let ending = [".yml", ".yaml", ".sh", ".bash"].iter().any(|ending| name.ends_with(ending));
    ending
        || is_powershell(name)
        || name == "jenkinsfile"
        || is_renovate(name)
        || dockerfile::is_dockerfile(name)
        || owners::is_owners(name, path)
}

fn is_powershell(name: &str) -> bool {
    name.ends_with(".ps1")
}

/// Whether a file starts with the line that has a shell run it.
fn is_shell_script(head: &[u8]) -> bool {
    let Some(line) = head.strip_prefix(b"#!").map(|rest| rest.split(|b| *b == b'\n').next().unwrap_or_default())
    else {
        return false;
    };
    let line = std::str::from_utf8(line).unwrap_or_default();
    let mut words = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    let program = words.next().filter(|word| *word != "env").or_else(|| words.find(|word| !word.starts_with('-')));
    program.is_some_and(|program| ["sh", "bash", "dash", "ksh", "mksh", "zsh"].contains(&program))
}

fn is_renovate(name: &str) -> bool {
    ["renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5"].contains(&name)
}

/// Hands over what was found in a file, and that it was audited.
fn finish(file: &SourceFile<'_>, kind: PipelineKind, sink: Sink<'_>, commands: Vec<Step>, out: &mut Vec<Evidence>) {
    let active = sink.is_active();
    out.extend(sink.done());
    let place = Place::file(file.path.clone());
    let runtimes = if kind == PipelineKind::Script { Vec::new() } else { runtimes::read(file.text()) };
    let pipeline = Pipeline { place, kind, active, commands, uses: Vec::new(), covers: Vec::new(), runtimes };
    out.push(Evidence::Pipeline(Box::new(pipeline)));
}

fn other_pipeline(file: &SourceFile<'_>, kind: PipelineKind, out: &mut Vec<Evidence>) {
    let mut commands = Vec::new();
    if kind == PipelineKind::Jenkins {
        let mut sink = Sink::new(file, None, true);
        others::jenkins(file, &mut sink, &mut commands);
        return finish(file, kind, sink, commands, out);
    }
    let document = Document::parse(file.text());
    out.extend(document.faults.iter().map(|fault| malformed(file, Some(fault.line), &fault.reason)));
    let mut sink = Sink::new(file, Some(&document), true);
    others::audit(kind, &document, file, &mut sink, &mut commands);
    finish(file, kind, sink, commands, out);
}

/// Renovate covers everything it knows, unless it names what it is for.
fn renovate(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = Document::parse(file.text());
    let enabled = document.root.as_ref().and_then(|root| root.get("enabledManagers")).map(Node::texts);
    let named = enabled.unwrap_or_else(|| vec!["*"]);
    out.push(Evidence::Pipeline(Box::new(Pipeline {
        place: Place::file(file.path.clone()),
        kind: PipelineKind::Renovate,
        active: true,
        commands: Vec::new(),
        uses: Vec::new(),
        covers: named.into_iter().map(|name| (name.to_owned(), "**".to_owned())).collect(),
        runtimes: Vec::new(),
    })));
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
    let (mut commands, mut uses, mut covers) = (Vec::new(), Vec::new(), Vec::new());
    match kind {
        PipelineKind::GithubWorkflow => {
            let workflow = Workflow::new(&document, root);
            run(Input::Workflow(&workflow));
            let said = |node: &Node| {
                Some(Step { text: node.text()?.to_owned(), place: file.place_of_line(file.line_at(node.at.start)) })
            };
            commands.extend(workflow.steps().filter_map(|step| said(step.run()?)));
            // Actions that run a tool are told what in their inputs: `actions-rs/cargo` with `command: test`.
            commands.extend(workflow.steps().filter_map(|step| {
                let uses = said(step.node.get("uses")?)?;
                let tool = uses.text.split('@').next()?.rsplit('/').next()?;
                let asked = ["command", "cmd", "arguments", "goals", "args"];
                let asked: Vec<&str> = asked.into_iter().filter_map(|name| step.input(name)?.text()).collect();
                (!asked.is_empty()).then(|| Step { text: format!("{tool} {}", asked.join(" ")), ..uses.clone() })
            }));
            uses.extend(workflow.steps().filter_map(|step| said(step.node.get("uses")?)));
            uses.extend(workflow.jobs.iter().filter_map(|job| said(job.node.get("uses")?)));
        }
        PipelineKind::GithubAction => run(Input::Action(&Action::new(&document, root))),
        PipelineKind::Dependabot => {
            run(Input::Dependabot(root));
            for update in root.get("updates").map(Node::items).unwrap_or_default() {
                let Some(ecosystem) = update.get("package-ecosystem").and_then(Node::text) else { continue };
                let folders =
                    update.get("directory").into_iter().chain(update.get("directories")).flat_map(Node::texts);
                covers.extend(folders.map(|folder| (ecosystem.to_owned(), folder.to_owned())));
            }
        }
        _ => run(Input::PreCommit(root)),
    }
    out.extend(sink.done());
    let place = Place::file(file.path.clone());
    let runtimes = runtimes::read(file.text());
    out.push(Evidence::Pipeline(Box::new(Pipeline { place, kind, active, commands, uses, covers, runtimes })));
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
    let has_key = |word: &str| [":", "\":", "':"].iter().any(|end| has(&format!("{word}{end}")));
    has_key("jobs") || has_key("runs") || has_key("updates") || (has_key("permissions") && has_key("on"))
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
