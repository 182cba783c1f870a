//! Secrets that reach further than they have to.

use super::super::expr::{Expr, Function, Kind};
use super::super::found::{Found, Sink};
use super::Input;
use super::expressions::{part, spoken};
use crate::collect::workflows::tree::Node;
use crate::model::{Persona, Weight};

/// Whether this is the whole of the secrets: `toJSON(secrets)`, or a secret whose name is computed.
fn is_whole(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Call(Function::ToJson, arguments) => {
            arguments.iter().any(|a| a.as_context().is_some_and(|c| c.is("secrets")))
        }
        Kind::Context(parts) => match parts.as_slice() {
            [Expr { kind: Kind::Name(name), .. }, Expr { kind: Kind::Index(index), .. }] => {
                name.eq_ignore_ascii_case("secrets") && !index.is_literal()
            }
            _ => false,
        },
        _ => false,
    }
}

/// All secrets handed to a step that needs one.
pub(super) fn overprovisioned(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some((document, root)) = input.spoken() else { return };
    for (fence, parsed) in spoken(document, root.at.clone()) {
        for _ in parsed.find(&|expr| (is_whole(expr), !is_whole(expr))) {
            sink.add(Found::new(fence.span.clone(), "hands every secret to the runner"));
        }
    }
}

/// Secrets that are taken apart, so that their parts are not masked in logs.
pub(super) fn unredacted(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let is_leak = |expr: &Expr| match &expr.kind {
        Kind::Call(Function::FromJson, arguments) => {
            arguments.iter().any(|a| a.as_context().is_some_and(|c| c.is_within("secrets")))
        }
        _ => false,
    };
    let Some((document, root)) = input.spoken() else { return };
    for (fence, parsed) in spoken(document, root.at.clone()) {
        for _ in parsed.find(&|expr| (is_leak(expr), !is_leak(expr))) {
            sink.add(Found::new(fence.span.clone(), "takes a secret apart, whose parts are not masked in logs"));
        }
    }
}

/// All secrets passed on to another workflow.
pub(super) fn inherit(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    for job in &workflow.jobs {
        let (Some(name), Some(uses)) = (job.calls, job.node.get("uses")) else { continue };
        if job.node.get("secrets").and_then(Node::text) == Some("inherit") {
            let found = Found::new(uses.span.clone(), format!("passes every secret on to `{name}`"));
            sink.add(found.also(job.key("secrets").unwrap_or_default(), "`inherit` passes them all"));
        }
    }
}

/// Secrets of a job that no environment guards.
pub(super) fn outside_environment(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow().filter(|w| !w.events().contains(&"workflow_call")) else { return };
    for job in workflow.jobs.iter().filter(|job| job.calls.is_none()) {
        if job.node.get("environment").is_some_and(|environment| !environment.is_null()) {
            continue;
        }
        for (fence, parsed) in spoken(workflow.document, job.span()) {
            for (context, expr) in parsed.contexts() {
                let is_token = context.only_member().is_some_and(|name| name.eq_ignore_ascii_case("github_token"));
                if !context.is_within("secrets") || is_token {
                    continue;
                }
                let message = format!("`{}` is not guarded by an environment", fence.bare[expr.span.clone()].trim());
                sink.add(
                    Found::new(part(&fence, expr), message)
                        .persona(Persona::Auditor)
                        .weight(Weight::Medium)
                        .within(job.span()),
                );
            }
        }
    }
}
