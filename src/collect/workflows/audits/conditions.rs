//! Conditions that do not hold what they seem to.

use std::ops::Range;

use super::super::data::words;
use super::super::expr::{self, Expr, Function, Kind, Operator, Value};
use super::super::found::{Found, Sink};
use super::super::github::condition;
use super::Input;
use crate::collect::workflows::tree::{Document, Node, Pair};
use crate::model::{Confidence, Weight};

/// The condition of a job or step.
struct If<'a> {
    document: &'a Document<'a>,
    pair: &'a Pair,
    text: &'a str,
    /// The job or step.
    host: Range<usize>,
    /// What names it.
    grip: Range<usize>,
}

fn of<'a>(document: &'a Document<'a>, node: &'a Node, host: Range<usize>, grip: Range<usize>) -> Option<If<'a>> {
    let pair = node.pair("if")?;
    let text = condition(&pair.value)?.ok()?;
    Some(If { document, pair, text, host, grip })
}

/// Conditions of jobs and steps; of jobs that call workflows when `calls` says so, and of actions when `actions` does.
fn all<'a>(input: &Input<'_, 'a>, calls: bool, actions: bool) -> Vec<If<'a>> {
    let mut out = Vec::new();
    if let Some(workflow) = input.workflow() {
        let jobs = workflow.jobs.iter().filter(|job| calls || job.calls.is_none());
        out.extend(jobs.filter_map(|job| of(workflow.document, job.node, job.span(), job.grip())));
    } else if !actions {
        return out;
    }
    out.extend(input.steps().iter().filter_map(|step| of(step.document(), step.node, step.span(), step.grip())));
    out
}

/// What a condition says between its fences, and where that starts in its text.
fn inside(text: &str) -> (&str, usize) {
    match expr::first_fence(text) {
        Some(fence) => (fence.bare, fence.offset(0)),
        None => (expr::bare(text), 0),
    }
}

/// Checks for a bot by the name of who acted last, which is the bot's whenever the bot acted last.
pub(super) fn bot_conditions(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for condition in all(input, true, false) {
        let (bare, start) = inside(condition.text);
        let Some(parsed) = Expr::parse(bare) else { continue };
        let (Some(found), decides) = bot(&parsed, true) else { continue };
        let offsets = condition.document.offsets(&condition.pair.value);
        let span = offsets.range(start + found.span.start..start + found.span.end);
        let message = format!(
            "`{}` holds for whatever the bot touched last, also in the pull request of somebody else",
            bare[found.span.clone()].trim()
        );
        let confidence = if decides { Confidence::High } else { Confidence::Medium };
        let found = Found::new(span, message).weight(Weight::High).confidence(confidence);
        sink.add(found.within(condition.pair.span()).within(condition.grip));
    }
}

/// The comparison with a bot in an expression, and whether it decides the whole.
fn bot(expr: &Expr, decides: bool) -> (Option<&Expr>, bool) {
    let all = |parts: &[&'_ Expr]| -> bool { parts.is_empty() };
    match &expr.kind {
        Kind::Call(..) | Kind::Context(_) => {
            let parts = expr.parts();
            if all(&parts) {
                return (None, decides);
            }
            (parts.into_iter().find_map(|part| bot(part, false).0), false)
        }
        Kind::Index(inner) => bot(inner, decides),
        Kind::Not(inner) => bot(inner, false),
        Kind::Binary(Operator::Or, left, right) => (bot(left, true).0.or_else(|| bot(right, true).0), true),
        Kind::Binary(Operator::Equal, left, right) => {
            let pair = match (left.as_context(), right.as_context()) {
                (Some(context), _) => Some((context, right)),
                (None, Some(context)) => Some((context, left)),
                (None, None) => None,
            };
            let Some((context, other)) = pair else { return (None, true) };
            if let Kind::Literal(literal) = &other.kind {
                let text = match literal {
                    Value::Null => "null".to_owned(),
                    value => value.expand(),
                };
                let by_name =
                    (context.is("github.actor") || context.is("github.triggering_actor")) && text.ends_with("[bot]");
                let by_id = context.is("github.actor_id") && words().bot_ids.contains(&text);
                return ((by_name || by_id).then_some(expr), true);
            }
            (bot(left, true).0.or_else(|| bot(right, true).0), true)
        }
        Kind::Binary(_, left, right) => (bot(left, false).0.or_else(|| bot(right, false).0), false),
        Kind::Literal(_) | Kind::Star | Kind::Name(_) => (None, decides),
    }
}

/// A fenced condition with anything around it is a text, and a text that is not empty holds.
pub(super) fn unsound_condition(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for condition in all(input, true, true) {
        let Some(fence) = expr::first_fence(condition.text) else { continue };
        if condition.text.len() > fence.span.len() {
            let message =
                "always holds: what stands around `${{ }}`, if only a line end, makes a text of the condition";
            let found = Found::new(condition.pair.span(), message).weight(Weight::High);
            sink.add(found.within(condition.host));
        }
    }
}

/// `contains` of a text, where a list was meant: parts of its members count as well.
pub(super) fn unsound_contains(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for condition in all(input, false, false) {
        let (bare, _) = inside(condition.text);
        let Some(parsed) = Expr::parse(bare) else { continue };
        let is_unsound = |expr: &Expr| match &expr.kind {
            Kind::Call(Function::Contains, arguments) => {
                arguments[0].as_text().is_some() && arguments[1].as_context().is_some()
            }
            _ => false,
        };
        for call in parsed.find(&|expr| (is_unsound(expr), !is_unsound(expr))) {
            let Some((context, argument)) = call.parts().get(1).and_then(|a| Some((a.as_context()?, *a))) else {
                continue;
            };
            let is_chosen = words().chosen_contexts.iter().any(|chosen| context.is_within(chosen));
            let weight = if is_chosen { Weight::High } else { Weight::Informational };
            let message = format!(
                "`contains` looks for a part of a text: whoever chooses `{}` can pass",
                bare[argument.span.clone()].trim()
            );
            sink.add(Found::new(condition.pair.span(), message).weight(weight));
        }
    }
}
