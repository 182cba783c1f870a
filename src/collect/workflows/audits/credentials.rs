//! Credentials that lie around.

use super::super::data::words;
use super::super::expr;
use super::super::found::{Found, Sink};
use super::super::github::{Step, With, value_text};
use super::super::uses::version;
use super::Input;
use crate::collect::workflows::tree::Node;
use crate::model::{Confidence, Persona, Weight};

/// The token that a checkout leaves in the workspace, for every later step and for artifacts made of the workspace.
pub(super) fn artipacked(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    match input.workflow() {
        Some(workflow) => {
            for job in workflow.jobs.iter().filter(|job| job.calls.is_none()) {
                let steps: Vec<Step<'_, '_>> = job.steps(workflow).collect();
                leaks(&steps, sink);
            }
        }
        None => leaks(&input.steps(), sink),
    }
}

fn leaks(steps: &[Step<'_, '_>], sink: &mut Sink<'_>) {
    let is = |step: &Step<'_, '_>, name: &str| step.repository().is_some_and(|repository| repository.is(name));
    let checkouts: Vec<(&Step<'_, '_>, Persona)> = steps
        .iter()
        .filter(|step| is(step, "actions/checkout"))
        .filter_map(|step| {
            if matches!(step.with(), With::Expression) {
                return Some((step, Persona::Pedantic));
            }
            let persist = step.input("persist-credentials").map(value_text);
            match persist.as_deref() {
                Some("false") => None,
                Some("true") => Some((step, Persona::Auditor)),
                Some(text) if expr::is_fenced(text) => Some((step, Persona::Pedantic)),
                _ => Some((step, Persona::Regular)),
            }
        })
        .collect();
    let uploads: Vec<&Step<'_, '_>> =
        steps.iter().filter(|step| is(step, "actions/upload-artifact") && uploads_workspace(step)).collect();
    let message = "leaves the token in the workspace: `persist-credentials: false` is not set";
    for (checkout, persona) in checkouts {
        // Since version 6 the token lies beside the workspace, where fewer artifacts take it along.
        let is_new = checkout.repository().and_then(|r| version(r.version)).is_some_and(|v| v >= [6, 0, 0]);
        let found = |confidence, leaks: bool| {
            let weight = match (is_new, leaks) {
                (true, false) => Weight::Low,
                (false, true) => Weight::High,
                _ => Weight::Medium,
            };
            // Where an expression gives the inputs, it is what has to be looked at.
            let is_computed = matches!(checkout.with(), With::Expression);
            let span = if is_computed { checkout.key("with") } else { checkout.span() };
            Found::new(span, message).persona(persona).weight(weight).confidence(confidence)
        };
        if uploads.is_empty() {
            sink.add(found(Confidence::Low, false));
        }
        for upload in uploads.iter().filter(|upload| checkout.order < upload.order) {
            sink.add(
                found(Confidence::High, true).also(upload.span(), "uploads the workspace, and the token with it"),
            );
        }
    }
}

/// Whether an upload takes the whole workspace.
fn uploads_workspace(step: &Step<'_, '_>) -> bool {
    let Some(path) = step.input("path").and_then(Node::text) else { return false };
    path.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).any(|line| {
        [".", "./", "..", "../"].contains(&line)
            || (expr::is_fenced(line) && expr::bare(line).contains("github.workspace"))
    })
}

/// Tokens of GitHub Apps that reach further, or live longer, than they have to.
pub(super) fn github_app(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        let (Some(uses), With::Inputs(inputs)) = (step.node.get("uses"), step.with()) else { continue };
        if !step.repository().is_some_and(|repository| repository.is("actions/create-github-app-token")) {
            continue;
        }
        let uses = uses.span.clone();
        if let Some(revoke) = step.input("skip-token-revoke") {
            let text = value_text(revoke);
            let confidence = match text.trim() {
                "true" | "True" | "TRUE" => Some(Confidence::High),
                text if expr::is_fenced(text) => Some(Confidence::Low),
                _ => None,
            };
            if let Some(confidence) = confidence {
                let found =
                    Found::new(step.input_key("skip-token-revoke"), "the token stays valid when the job is over");
                sink.add(found.weight(Weight::High).confidence(confidence).also(uses.clone(), "asked for here"));
            }
        }
        let asked: Vec<&str> =
            inputs.iter().map(|p| p.key.as_str()).filter(|key| key.starts_with("permission-")).collect();
        let has = |name: &str| inputs.iter().any(|pair| pair.key == name);
        let is_organization = |key: &&str| words().organization_permissions.iter().any(|known| known == key);
        if has("owner") && !has("repositories") && (asked.is_empty() || !asked.iter().all(is_organization)) {
            let found = Found::new(step.input_key("owner"), "the token reaches every repository of the owner");
            sink.add(found.weight(Weight::High).also(uses.clone(), "asked for here"));
        }
        if asked.is_empty() {
            let found =
                Found::new(uses, "the token has every permission of the app: no `permission-…` input narrows it");
            sink.add(found.weight(Weight::High));
        }
    }
}

/// Passwords of container registries in the workflow.
pub(super) fn hardcoded(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    for job in workflow.jobs.iter().filter(|job| job.calls.is_none()) {
        let services = job.node.get("services").map(Node::pairs).unwrap_or_default();
        for container in job.node.get("container").into_iter().chain(services.iter().map(|pair| &pair.value)) {
            let Some(pair) = container.pair("credentials") else { continue };
            let password = pair.value.get("password").and_then(Node::text);
            if password.is_some_and(|password| !expr::is_fenced(password)) {
                let found = Found::new(pair.span(), "the password of a container registry stands in the workflow");
                sink.add(found.weight(Weight::High));
            }
        }
    }
}
