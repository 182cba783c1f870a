//! Caches that a stranger may have filled, in jobs that publish.

use super::super::condition::{Answer, Cause, usage};
use super::super::data::{Condition, Known, actions};
use super::super::expr::{self, Expr, Function, Kind, Operator, Value};
use super::super::found::{Found, Sink};
use super::super::github::{Job, Step, Workflow, value_text};
use super::Input;
use crate::collect::workflows::tree::Node;
use crate::model::{Confidence, Weight};

/// Why a job is taken for one that publishes.
enum Publishing<'a, 'w> {
    /// The workflow starts when something is released; whether only for tags and releases.
    Trigger { only_tags: bool },
    /// A step publishes.
    Step(Step<'a, 'w>),
}

/// Caches restored where artifacts are made, and caches written where strangers start the workflow.
pub(super) fn cache_poisoning(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    for job in &workflow.jobs {
        let mode = job.node.pair("cache-mode").or_else(|| workflow.root.pair("cache-mode"));
        let word = mode.and_then(|pair| pair.value.text());
        let privileged = ["pull_request_target", "workflow_run", "issue_comment"];
        let trigger = privileged.iter().find_map(|name| workflow.event(name));
        if let (Some(trigger), Some(pair), Some("write" | "write-only")) = (trigger, mode, word) {
            let found =
                Found::new(pair.span(), "strangers start this workflow, and it may write to the cache of all");
            sink.add(found.weight(Weight::High).also(trigger, "started by this event").within(job.grip()));
        }
        if job.calls.is_some() || word == Some("none") {
            continue;
        }
        let Some(publishing) = publishing(workflow, job) else { continue };
        for step in job.steps(workflow) {
            restores(workflow, &step, &publishing, sink);
        }
    }
}

fn publishing<'a, 'w>(workflow: &'w Workflow<'a>, job: &'w Job<'a>) -> Option<Publishing<'a, 'w>> {
    let push = workflow.event_body("push");
    let has = |key: &str| push.and_then(|push| push.get(key)).is_some_and(|filter| !filter.is_null());
    let on_tags = has("tags") || has("tags-ignore");
    let branches = push.and_then(|push| push.get("branches")).map(Node::texts).unwrap_or_default();
    let on_branch = branches.iter().any(|branch| branch.to_lowercase().contains("release"));
    let on_release = workflow.events().contains(&"release");
    if on_tags || on_branch || on_release {
        return Some(Publishing::Trigger { only_tags: !on_branch });
    }
    let is_publisher = |step: &Step<'_, '_>| actions().publish.iter().any(|known| usage(known, step).is_some());
    job.steps(workflow).find(is_publisher).map(Publishing::Step)
}

/// Whether a step of a workflow has a word of publishing in its name or commands. Many that only test start for tags, too.
fn speaks_of_publishing(workflow: &Workflow<'_>) -> bool {
    const WORDS: &[&str] = &["publish", "upload", "release", "deploy", "push", "twine"];
    workflow.steps().any(|step| {
        let texts = ["uses", "run", "name"].into_iter().filter_map(|key| step.node.get(key)?.text());
        // Artifacts of a run are kept for the run.
        texts.filter(|text| !text.starts_with("actions/upload-artifact@")).any(|text| {
            let lower = text.to_ascii_lowercase();
            WORDS.iter().any(|word| lower.contains(word))
        })
    }) || workflow.jobs.iter().any(|job| job.calls.is_some())
}

fn restores(workflow: &Workflow<'_>, step: &Step<'_, '_>, publishing: &Publishing<'_, '_>, sink: &mut Sink<'_>) {
    let Some((known, mut answer)) = actions().cache.iter().find_map(|known| Some((known, usage(known, step)?)))
    else {
        return;
    };
    // For tags, the usual guards of the input can be worked out.
    if answer.holds.is_none()
        && let Publishing::Trigger { only_tags: true } = publishing
        && let Some(holds) = holds_for_tags(known, step)
    {
        if !holds {
            return;
        }
        answer.holds = Some(true);
    }
    let (because, place) = match publishing {
        Publishing::Trigger { .. } => ("this event is for releases", workflow.key("on").unwrap_or_default()),
        Publishing::Step(step) => ("this step publishes", step.key("uses")),
    };
    let message = match &answer {
        Answer { holds: None, .. } => "may restore a cache that others filled, in a job that publishes what it makes",
        _ => "restores a cache that others may have filled, in a job that publishes what it makes",
    };
    let mut found = Found::new(step.key("uses"), message).weight(Weight::High).confidence(Confidence::Low);
    found = found.contained(matches!(publishing, Publishing::Trigger { .. }) && !speaks_of_publishing(workflow));
    found = found.also(place, because).within(step.span());
    for cause in &answer.causes {
        if let Cause::Input(field) = cause {
            found = found.also(step.input_key(field), "which this input decides");
        }
    }
    sink.add(found);
}

/// Whether the one truth value that decides about the cache is on when a tag is pushed; `None` when that cannot be said.
fn holds_for_tags(known: &Known, step: &Step<'_, '_>) -> Option<bool> {
    let Some(Condition::Field { field, on, kind, one_of, .. }) = &known.when else { return None };
    if !kind.is_empty() || !one_of.is_empty() {
        return None;
    }
    let text = value_text(step.input(field)?);
    let parsed = Expr::parse(expr::bare(&text)).filter(|_| expr::is_fenced(&text))?;
    Some(for_tags(&parsed)? == (on == "in"))
}

/// The value of a guard when a tag is pushed.
fn for_tags(expr: &Expr) -> Option<bool> {
    match &expr.kind {
        Kind::Literal(Value::Bool(value)) => Some(*value),
        Kind::Not(inner) => Some(!for_tags(inner)?),
        Kind::Call(Function::StartsWith, arguments) => {
            let is_ref = arguments[0].as_context().is_some_and(|context| context.is("github.ref"));
            (is_ref && arguments[1].as_text()?.eq_ignore_ascii_case("refs/tags/")).then_some(true)
        }
        Kind::Binary(Operator::And, left, right) => {
            let both = [(left, right), (right, left)];
            let is_guard = both
                .iter()
                .any(|(a, b)| is_equal(a, "github.event_name", "push") && is_equal(b, "github.ref_type", "tag"));
            is_guard.then_some(true)
        }
        _ => None,
    }
}

/// Whether an expression compares a context with a text.
fn is_equal(expr: &Expr, context: &str, text: &str) -> bool {
    let Kind::Binary(Operator::Equal, left, right) = &expr.kind else { return false };
    [(left, right), (right, left)]
        .iter()
        .any(|(a, b)| a.as_context().is_some_and(|c| c.is(context)) && b.as_text() == Some(text))
}
