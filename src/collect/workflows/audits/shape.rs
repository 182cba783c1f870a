//! What a workflow should say of itself.

use super::super::found::{Found, Sink};
use super::Input;
use crate::collect::workflows::tree::{Node, Value};
use crate::model::{Persona, Weight};

/// A workflow or job without a name.
pub(super) fn anonymous_definition(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    let is_named = |node: &Node| node.get("name").is_some_and(|name| !name.is_null());
    if !is_named(workflow.root) {
        let found = Found::new(workflow.root.at.clone(), "the workflow has no `name`");
        sink.add(found.weight(Weight::Low).persona(Persona::Pedantic));
    }
    for job in workflow.jobs.iter().filter(|job| job.calls.is_none() && !is_named(job.node)) {
        let found = Found::new(job.grip(), format!("job `{}` has no `name`", job.pair.key));
        sink.add(found.weight(Weight::Informational).persona(Persona::Pedantic));
    }
}

/// Runs that pile up: no `concurrency`, or one that does not say what happens to the run before.
pub(super) fn concurrency_limits(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow().filter(|workflow| !workflow.is_reusable_only()) else { return };
    let quiet = |found: Found| found.weight(Weight::Low).persona(Persona::Pedantic);
    let is_bare = |node: &Node| matches!(node.value, Value::Scalar(_)) && !node.is_null();
    if let Some(pair) = workflow.root.pair("concurrency").filter(|pair| !pair.value.is_null()) {
        if is_bare(&pair.value) {
            sink.add(quiet(Found::new(pair.span(), "`concurrency` does not say whether a running one is cancelled")));
        }
        return;
    }
    let span = || workflow.key("on").unwrap_or_else(|| workflow.root.at.clone());
    let own = |job: &super::super::github::Job<'_>| job.node.get("concurrency").is_some_and(|c| !c.is_null());
    let jobs = || workflow.jobs.iter().filter(|job| job.calls.is_none());
    let mut unsaid = jobs().filter(|job| job.node.get("concurrency").is_some_and(is_bare)).peekable();
    if unsaid.peek().is_some() {
        let message = "the workflow has no `concurrency`, and jobs do not say whether a running one is cancelled";
        let found = unsaid.fold(Found::new(span(), message), |found, job| {
            found.also(job.key("concurrency").unwrap_or_default(), "`cancel-in-progress` is missing")
        });
        sink.add(quiet(found));
    }
    let mut missing = jobs().filter(|job| !own(job)).peekable();
    if missing.peek().is_some() {
        let message = "no `concurrency`: runs of the same branch pile up";
        let found = missing.fold(Found::new(span(), message), |found, job| {
            found.also(job.grip(), "this job may run many times at once")
        });
        sink.add(quiet(found));
    }
}
