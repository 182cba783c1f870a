//! Expressions that are written into code before it runs.

use super::super::data::{Freedom, actions, freedom, is_object, words};
use super::super::expr::{self, Context, Expr};
use super::super::found::{Found, Sink};
use super::super::github::{InputKind, Step, Workflow};
use super::Input;
use crate::collect::workflows::tree::{Node, Style, Value};
use crate::model::{Confidence, Persona, Weight};

/// A judgement of what flows into code; `None` when nobody can choose it.
type Judgement = Option<(Weight, Confidence, Persona)>;

/// Expressions in scripts, and in inputs that actions run as code: whoever chooses their content chooses code.
pub(super) fn template_injection(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        if let Some(run) = step.run() {
            script(&step, run, "run", sink);
        }
        let Some(repository) = step.repository() else { continue };
        let Some(known) = actions().sink.iter().find(|known| repository.is(&known.uses)) else { continue };
        for name in &known.inputs {
            if let Some(node) = step.input(name).filter(|node| is_text(node)) {
                script(&step, node, name, sink);
            }
        }
    }
}

/// Whether a value is a text, in which expressions can stand.
fn is_text(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.style != Style::Plain || (node.truth().is_none() && node.number().is_none()),
        _ => false,
    }
}

fn script(step: &Step<'_, '_>, node: &Node, name: &str, sink: &mut Sink<'_>) {
    let Some(text) = node.text() else { return };
    let fences = expr::fences(text);
    if fences.is_empty() {
        return;
    }
    let offsets = step.document().offsets(node);
    for fence in fences {
        let Some(parsed) = Expr::parse(fence.bare) else { continue };
        let scorecard = names_outsider_field(fence.bare).then_some("Dangerous-Workflow");
        let is_written_out = fence.bare.to_ascii_lowercase().contains("tojson");
        let mut is_judged = false;
        for (context, part) in parsed.flowing() {
            if !is_written_out && context.pattern().is_some_and(|pattern| is_object(&pattern)) {
                continue;
            }
            let Some((weight, confidence, persona)) = judge(step, context) else { continue };
            is_judged = true;
            let shown = fence.bare[part.span.clone()].trim();
            let message =
                format!("`{shown}` is written into `{name}` before it runs: whoever chooses it chooses code");
            let span = offsets.range(fence.offset(part.span.start)..fence.offset(part.span.end));
            let found = Found::new(span, message).weight(weight).confidence(confidence).persona(persona);
            // The workflows of this repository are all that call an action of this folder.
            let is_own = step.workflow().is_none() && sink.is_in_hidden_folder() && context.is_within("inputs");
            let by_writers = is_own || is_chosen_by_writers(step.workflow(), context);
            let contained = is_empty_for(step.workflow(), context)
                || is_no_member(context)
                || scorecard.is_none() && (by_writers || has_no_room(context));
            sink.add(found.within(step.span()).scorecard(scorecard).contained(contained));
        }
        if !is_judged {
            let shown = fence.bare[parsed.span.clone()].trim();
            let message = format!("`{shown}` is written into `{name}` before it runs: a variable would be safer");
            let span = offsets.range(fence.offset(parsed.span.start)..fence.offset(parsed.span.end));
            let found = Found::new(span, message).weight(Weight::Low).persona(Persona::Pedantic);
            sink.add(found.within(step.span()).scorecard(scorecard));
        }
    }
}

fn judge(step: &Step<'_, '_>, context: Context<'_>) -> Judgement {
    use {Confidence as C, Persona as P, Weight as W};
    let Some(pattern) = context.pattern() else { return Some((W::Informational, C::Low, P::Regular)) };
    match freedom(&pattern) {
        Some(Freedom::Fixed) => return None,
        Some(Freedom::Structured) => return Some((W::Medium, C::High, P::Regular)),
        None => {}
    }
    let settled = ["needs.*.result", "steps.*.outcome", "steps.*.conclusion"];
    if context.is_within("secrets") || settled.iter().any(|pattern| context.is(pattern)) {
        None
    } else if context.is_within("inputs") {
        Some(match context.only_member().and_then(|name| step.declared_input(name)) {
            Some(InputKind::Bound) => (W::Low, C::High, P::Pedantic),
            Some(InputKind::Free) => (W::High, C::High, P::Regular),
            None => (W::Low, C::Low, P::Regular),
        })
    } else if context.is_within("env") {
        Some((W::Low, C::High, if step.is_env_static(context) { P::Pedantic } else { P::Regular }))
    } else if context.is_within("github") {
        Some((W::High, C::High, P::Regular))
    } else if context.is_within("matrix") {
        let is_static = step.matrix()?.is_static(context);
        (!is_static).then_some((W::Medium, C::Medium, P::Regular))
    } else {
        Some((W::Informational, C::Low, P::Regular))
    }
}

/// What only those who may write choose, whatever starts the workflow. Where a pull request does, the reference is
/// `refs/pull/<number>/merge`, or that of the base.
const WRITERS: &[&str] = &[
    "github.event.inputs",
    "github.event.repository",
    "github.event.client_payload",
    "github.event.label",
    "github.event.issue.labels",
    "github.event.pull_request.labels",
    "github.event.pull_request.base",
    // One of the names that the workflow waits for.
    "github.event.workflow_run.name",
    "github.event.ref",
    // An address of a comparison, which only a push has.
    "github.event.compare",
    "github.ref",
    "github.ref_name",
    "github.base_ref",
    "github.workflow",
    "github.workflow_ref",
];

/// Whether only those who may write to the repository choose a context that no outsider's field is part of: what a
/// workflow is given when it is started by hand, and names of tags, branches and releases where nothing else starts it.
fn is_chosen_by_writers(workflow: Option<&Workflow<'_>>, context: Context<'_>) -> bool {
    if WRITERS.iter().any(|name| context.is_within(name)) {
        return true;
    }
    let outsiders_write = ["github.event.release.body", "github.event.release.name"];
    let events = workflow.map(Workflow::events).unwrap_or_default();
    let by_writers = |event: &&str| words().writer_events.iter().any(|known| known == event);
    // What a called workflow is given stands in the workflow that calls it, and no other event gives any.
    if context.is_within("inputs") {
        return events.iter().any(|event| ["workflow_call", "workflow_dispatch"].contains(event));
    }
    !events.is_empty()
        && events.iter().all(by_writers)
        && context.is_within("github")
        && !outsiders_write.iter().any(|pattern| context.is(pattern))
}

/// Whether none of the events of a workflow has a pull request, so that what speaks of one is empty. What a called
/// workflow is given is the event of its caller.
fn is_empty_for(workflow: Option<&Workflow<'_>>, context: Context<'_>) -> bool {
    let events = workflow.map(Workflow::events).unwrap_or_default();
    let has_one = |event: &&str| event.starts_with("pull_request") || *event == "workflow_call";
    !events.is_empty()
        && !events.iter().any(has_one)
        && (context.is("github.head_ref") || context.is_within("github.event.pull_request"))
}

/// Whether a context asks for a member that the payload of no event has with a text of somebody's choice
/// (`github.event.name`).
fn is_no_member(context: Context<'_>) -> bool {
    let pattern = context.pattern().unwrap_or_default();
    let member = pattern.strip_prefix("github.event.").and_then(|rest| rest.split('.').next());
    member.is_some_and(|member| member != "*" && !words().event_members.iter().any(|known| known == member))
}

/// Whether a context has no room for code: the name of an account (letters, digits and hyphens, and `[bot]` behind it) or
/// of a repository, the id of a commit, an address that GitHub makes of these.
fn has_no_room(context: Context<'_>) -> bool {
    let pattern = context.pattern().unwrap_or_default();
    let last = pattern.rsplit('.').next().unwrap_or_default();
    // What others may send, and addresses that others choose.
    let is_sent = ["github.event.client_payload", "github.event.inputs"].iter().any(|sent| pattern.starts_with(sent));
    let is_free = ["target_url", "environment_url", "log_url", "details_url", "homepage_url"].contains(&last);
    pattern == "github.actor"
        || pattern.starts_with("github.event.")
            && !is_sent
            && !is_free
            && (["login", "sha", "full_name", "node_id", "url"].contains(&last)
                || last.ends_with("_sha")
                || last.ends_with("_url"))
}

/// Whether an expression names what OpenSSF Scorecard takes for written by outsiders.
fn names_outsider_field(bare: &str) -> bool {
    if bare.contains("github.head_ref") {
        return true;
    }
    let compact: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.to_ascii_lowercase().contains("tojson(github)") {
        return true;
    }
    let matches = |field: &String| match field.split_once('*') {
        Some((head, tail)) => bare.find(head).is_some_and(|at| bare[at + head.len()..].contains(tail)),
        None => bare.contains(field.as_str()),
    };
    bare.contains("github.event.") && words().outsider_fields.iter().any(matches)
}
