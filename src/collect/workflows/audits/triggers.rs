//! Events that run a workflow with rights for people who have none.

use std::ops::Range;

use super::super::found::{Found, Sink};
use super::super::github::{Job, Permissions, Step, Workflow, value_text};
use super::super::shell;
use super::Input;
use crate::model::{Confidence, Weight};

/// `pull_request_target` and `workflow_run`: a stranger starts the workflow, and it has the rights and secrets of the
/// repository. So it has on `issue_comment`, which is of use to many and dangerous by what a job then does with the
/// comment or the pull request; see [`untrusted_checkout`] and the audits of expressions.
pub(super) fn dangerous_triggers(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    for name in ["pull_request_target", "workflow_run"] {
        let Some(span) = workflow.event(name) else { continue };
        if name == "pull_request_target" && is_labeler_only(workflow) {
            continue;
        }
        let message =
            format!("`{name}` runs with the repository's rights for anyone, and is almost always used insecurely");
        let found = Found::new(span, message).weight(Weight::High).confidence(Confidence::Medium);
        sink.add(found.within(workflow.key("on").unwrap_or_default()));
    }
}

/// Whether the only step is the labeler of GitHub, which reads nothing of the pull request but names of files.
fn is_labeler_only(workflow: &Workflow<'_>) -> bool {
    let mut steps = workflow.steps();
    let only = steps.next().filter(|_| steps.next().is_none() && workflow.jobs.len() == 1);
    only.and_then(|step| step.repository()).is_some_and(|repository| repository.is("actions/labeler"))
}

/// A checkout of what a stranger proposes, in a workflow that runs with the repository's rights.
pub(super) fn untrusted_checkout(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    let events = workflow.events();
    let privileged = ["pull_request_target", "workflow_run", "issue_comment"];
    let Some(event) = events.iter().find(|event| privileged.contains(event)) else {
        return;
    };
    let steps = workflow.jobs.iter().flat_map(|job| job.steps(workflow).enumerate().map(move |step| (job, step)));
    for (job, (at, step)) in steps {
        let Some(intake) = by_action(&step).or_else(|| by_command(&step)) else { continue };
        let message = format!(
            "checks out code of the pull request in a workflow that `{event}` starts with the repository's rights"
        );
        let is_contained = step.conditions().into_iter().any(lets_in_writers)
            || has_no_rights(workflow, job)
            || !intake.runs && job.steps(workflow).skip(at + 1).all(|later| only_reads(&later));
        let found = Found::new(step.span(), message).weight(Weight::High).contained(is_contained);
        let trigger = workflow.event(event).unwrap_or_default();
        sink.add(
            found
                .also(intake.chosen, "this version is chosen by outsiders")
                .also(trigger, "this event gives the rights")
                // Scorecard looks at the action alone, and not at comments.
                .scorecard((intake.is_action && *event != "issue_comment").then_some("Dangerous-Workflow")),
        );
    }
}

/// How a step takes in code of a pull request.
struct Intake {
    /// What names the version.
    chosen: Range<usize>,
    /// Whether the step itself goes on to run something that the code may have brought.
    runs: bool,
    /// Whether an action does it.
    is_action: bool,
}

/// The action of GitHub, told to take a version, or a repository, that the author of a pull request chooses.
fn by_action(step: &Step<'_, '_>) -> Option<Intake> {
    if !step.repository()?.slug.eq_ignore_ascii_case("actions/checkout") {
        return None;
    }
    let holds = |name: &str| {
        step.outer_variables()
            .filter_map(|variables| variables.get(name))
            .any(|value| is_of_outsiders(&value_text(value)))
    };
    let is_chosen = |name: &&str| {
        let text = step.input(name).map(value_text);
        text.is_some_and(|text| is_of_outsiders(&text) || expression_of(&text, "env.").is_some_and(holds))
    };
    let name = ["ref", "repository"].into_iter().find(is_chosen)?;
    Some(Intake { chosen: step.input_key(name), runs: false, is_action: true })
}

/// Commands of git, and of GitHub's own program, that do the same.
fn by_command(step: &Step<'_, '_>) -> Option<Intake> {
    let script = value_text(step.run()?);
    let commands = shell::commands(&script, step.shell_name())?;
    let at = commands.iter().position(|command| {
        let text = script.get(command.span.clone()).unwrap_or_default();
        let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
        match words.as_slice() {
            ["gh", "pr", "checkout", ..] => true,
            ["git", rest @ ..] => match rest.iter().find(|word| !word.starts_with('-')) {
                Some(&"fetch" | &"pull") => {
                    text.contains("pull/") && (text.contains("/head") || text.contains("/merge"))
                        || is_of_outsiders(text)
                }
                Some(&"checkout" | &"switch" | &"reset" | &"merge" | &"clone") => is_of_outsiders(text),
                _ => false,
            },
            _ => false,
        }
    })?;
    let runs = !commands.iter().skip(at + 1).all(is_reader);
    Some(Intake { chosen: step.key("run"), runs, is_action: false })
}

/// Whether a version or a repository is what the author of a pull request says it is; the branch that it is meant for is
/// not.
fn is_of_outsiders(version: &str) -> bool {
    let version = version.replace("github.event.pull_request.base", "");
    let named =
        ["github.event.pull_request", "github.event.workflow_run", "github.head_ref", "github.event.issue.number"];
    named.iter().any(|name| version.contains(name)) || version.starts_with("refs/pull/")
}

/// What an expression that is a value's whole text names in a context: `SHA` of `${{ env.SHA }}`.
fn expression_of<'t>(text: &'t str, context: &str) -> Option<&'t str> {
    text.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim().strip_prefix(context)
}

/// Actions that carry or compare files and run nothing that lies in them.
const CARRIERS: &[&str] =
    &["actions/checkout", "actions/upload-artifact", "actions/download-artifact", "actions/labeler"];

/// Commands that print, compare and list files, whatever these hold.
const READERS: &[&str] = &[
    "[", "[[", "cat", "cd", "cmp", "cut", "diff", "echo", "exit", "export", "false", "gh", "git", "grep", "head",
    "jq", "ls", "mkdir", "printf", "pwd", "set", "shift", "sort", "tail", "test", "tr", "true", "uniq", "wc",
];

/// Whether a step behind the checkout runs nothing that the checkout brought.
fn only_reads(step: &Step<'_, '_>) -> bool {
    if let Some(script) = step.run() {
        let script = value_text(script);
        let commands = shell::commands(&script, step.shell_name());
        return commands.is_some_and(|commands| commands.iter().all(is_reader));
    }
    step.repository().is_some_and(|repository| CARRIERS.iter().any(|known| repository.is(known)))
}

/// An assignment or a loop may have no word; what a variable names may be anything.
fn is_reader(command: &shell::Command) -> bool {
    command.words.first().is_none_or(|word| READERS.contains(&word.text.as_str()))
}

/// Whether a job says that its token may only read, and is given no other secret.
fn has_no_rights(workflow: &Workflow<'_>, job: &Job<'_>) -> bool {
    let permissions = match job.permissions() {
        Permissions::Default => workflow.permissions(),
        own => own,
    };
    let only_reads = match permissions {
        Permissions::ReadAll(_) => true,
        Permissions::Each(pair) => pair.value.pairs().iter().all(|right| right.value.text() != Some("write")),
        _ => false,
    };
    let text = workflow.document.source.get(job.span()).unwrap_or_default();
    only_reads && !text.replace("secrets.GITHUB_TOKEN", "").contains("secrets.")
}

/// Whether a condition asks that somebody who may write has taken the code in, or wrote it.
fn lets_in_writers(condition: &str) -> bool {
    let compact: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    let is_own = [
        "github.event.pull_request.head.repo.full_name==",
        "github.event.pull_request.head.repo.fork==false",
        "!github.event.pull_request.head.repo.fork",
        "github.event.pull_request.merged",
        "author_association",
        "github.event.workflow_run.head_repository.full_name==",
        "github.event.workflow_run.event=='push'",
    ];
    !compact.contains("!github.event.pull_request.merged") && is_own.iter().any(|guard| compact.contains(guard))
}
