//! Container images that workflows and actions run.

use std::ops::Range;

use super::super::expr::{self, Expr};
use super::super::found::{Found, Sink};
use super::super::github::Job;
use super::super::uses::{Image, Uses};
use super::Input;
use crate::collect::workflows::tree::{Document, Node, Value};
use crate::model::{Confidence, Persona, Weight};

/// Images without a digest.
pub(super) fn unpinned_images(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    match input {
        Input::Action(action) => {
            let is_docker = action.root.at_path(&["runs", "using"]).and_then(Node::text) == Some("docker");
            let Some(pair) = action.root.get("runs").and_then(|runs| runs.pair("image")).filter(|_| is_docker) else {
                return;
            };
            if let Some(image) = pair.value.text().and_then(|text| text.strip_prefix("docker://")) {
                concrete(Image::parse(image), pair.span(), image, None, sink);
            }
        }
        Input::Workflow(workflow) => {
            for job in workflow.jobs.iter().filter(|job| job.calls.is_none()) {
                let own = job.node.pair("container").and_then(|pair| match &pair.value.value {
                    Value::Scalar(_) => Some((&pair.value, pair.span())),
                    _ => pair.value.pair("image").map(|image| (&image.value, image.span())),
                });
                let services = job.node.get("services").map(Node::pairs).unwrap_or_default();
                let services = services.iter().filter_map(|service| service.value.pair("image"));
                for (node, span) in own.into_iter().chain(services.map(|image| (&image.value, image.span()))) {
                    value(node, span, workflow.document, job, sink);
                }
                for step in job.steps(workflow) {
                    if let (Some(Uses::Image(image)), Some(node)) = (step.uses(), step.node.get("uses")) {
                        concrete(
                            image,
                            node.span.clone(),
                            node.text().unwrap_or_default(),
                            Some("Pinned-Dependencies"),
                            sink,
                        );
                    }
                }
            }
        }
        _ => {}
    }
}

/// An image that is written down, or chosen by an expression.
fn value(node: &Node, span: Range<usize>, document: &Document<'_>, job: &Job<'_>, sink: &mut Sink<'_>) {
    let Some(text) = node.text() else { return };
    if !expr::is_fenced(text) {
        return concrete(Image::parse(text), span, text, None, sink);
    }
    let bare = expr::bare(text);
    let Some(parsed) = Expr::parse(bare) else { return opaque(span, text, sink) };
    let leaves = parsed.leaves();
    let is_single = leaves.len() == 1;
    let offsets = document.offsets(node);
    for leaf in leaves {
        let span = if is_single { span.clone() } else { offsets.range(3 + leaf.span.start..3 + leaf.span.end) };
        if let Some(image) = leaf.as_text() {
            concrete(Image::parse(image), span, image, None, sink);
            continue;
        }
        let Some(context) = leaf.as_context().filter(|context| context.is_within("matrix")) else {
            opaque(span, bare[leaf.span.clone()].trim(), sink);
            continue;
        };
        let Some(matrix) = job.matrix() else { continue };
        for value in matrix.values_of(context).filter(|value| value.is_static()) {
            concrete(Image::parse(&value.text), span.clone(), &value.text, None, sink);
        }
        if matrix.is_computed || matrix.includes_computed {
            opaque(span, bare[leaf.span.clone()].trim(), sink);
        }
    }
}

fn opaque(span: Range<usize>, shown: &str, sink: &mut Sink<'_>) {
    let message = format!("the image `{shown}` may not be pinned to a digest");
    sink.add(Found::new(span, message).weight(Weight::High).confidence(Confidence::Low));
}

/// Scorecard counts images that are used as actions, and leaves those of jobs out.
fn concrete(image: Image<'_>, span: Range<usize>, shown: &str, scorecard: Option<&'static str>, sink: &mut Sink<'_>) {
    if image.name.is_empty() || image.digest.is_some() {
        return;
    }
    let (message, persona) = match image.tag {
        Some("latest") => (format!("the image `{shown}` is whatever is latest"), Persona::Regular),
        Some(_) => {
            (format!("the image `{shown}` is not pinned to a digest: the tag can be moved"), Persona::Pedantic)
        }
        None => (format!("the image `{shown}` has neither tag nor digest"), Persona::Regular),
    };
    let found = Found::new(span, message).weight(Weight::High).persona(persona);
    sink.add(found.scorecard(scorecard));
}
