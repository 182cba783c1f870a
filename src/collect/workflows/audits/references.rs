//! What workflows name of other repositories.

use std::ops::Range;

use super::super::data::{actions, repositories};
use super::super::found::{Found, Sink};
use super::super::squat::looks_like;
use super::super::uses::{Repository, Uses};
use super::Input;
use crate::collect::workflows::tree::Node;
use crate::model::{Confidence, Persona, Weight};

/// One `uses:`.
struct Reference<'a> {
    uses: Uses<'a>,
    /// The value.
    span: Range<usize>,
    /// The step or job.
    host: Range<usize>,
    /// What names the step or job.
    grip: Range<usize>,
}

/// Every `uses:` of steps and of jobs that call workflows.
fn all<'a>(input: &Input<'_, 'a>) -> Vec<Reference<'a>> {
    let mut out = Vec::new();
    if let Some(workflow) = input.workflow() {
        for job in &workflow.jobs {
            let (Some(text), Some(node)) = (job.calls, job.node.get("uses")) else { continue };
            let Some(uses) = Uses::parse(text) else { continue };
            out.push(Reference { uses, span: node.span.clone(), host: job.span(), grip: job.grip() });
        }
    }
    for step in input.steps() {
        let (Some(uses), Some(node)) = (step.uses(), step.node.get("uses")) else { continue };
        out.push(Reference { uses, span: node.span.clone(), host: step.span(), grip: step.grip() });
    }
    out
}

/// As [`all`], those of other repositories only.
fn foreign<'a>(input: &Input<'_, 'a>) -> Vec<(Repository<'a>, Reference<'a>)> {
    let all = all(input).into_iter();
    all.filter_map(|reference| match reference.uses {
        Uses::Repository(repository) => Some((repository, reference)),
        _ => None,
    })
    .collect()
}

/// Repositories of hooks on GitHub, with where they are named.
fn hooks<'a>(input: &Input<'_, 'a>) -> Vec<(&'a str, Range<usize>)> {
    let Input::PreCommit(root) = input else { return Vec::new() };
    let repos = root.get("repos").map(Node::items).unwrap_or_default();
    let on_github = |text: &'a str| {
        let path = text.split_once("://")?.1.strip_prefix("github.com/")?;
        let slug = path.strip_suffix(".git").unwrap_or(path);
        (slug.split('/').filter(|part| !part.is_empty()).count() == 2 && !slug.ends_with('/')).then_some(slug)
    };
    repos
        .iter()
        .filter_map(|repo| repo.get("repo"))
        .filter_map(|n| Some((on_github(n.text()?)?, n.span.clone())))
        .collect()
}

/// Actions and workflows that are not pinned to a commit.
pub(super) fn unpinned_uses(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for (repository, reference) in foreign(input) {
        if repository.is_commit() {
            continue;
        }
        let message = match repository.version {
            "" => format!("`{}` has no version", repository.slug),
            version => {
                format!("`{}` is not pinned to a commit: `{version}` can be moved to other code", repository.slug)
            }
        };
        let found = Found::new(reference.span, message).weight(Weight::High).within(reference.host);
        sink.add(found.scorecard(Some("Pinned-Dependencies")));
    }
}

/// Actions, workflows and hooks of archived repositories.
pub(super) fn archived_uses(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let named = foreign(input).into_iter().map(|(repository, r)| (repository.slug, r.span, Some(r.grip)));
    for (slug, span, grip) in named.chain(hooks(input).into_iter().map(|(slug, span)| (slug, span, None))) {
        if repositories().archived.contains(&slug.to_ascii_lowercase()) {
            let found = Found::new(span, format!("`{slug}` is archived: nobody mends what is found in it"));
            sink.add(found.within(grip.unwrap_or_default()));
        }
    }
}

/// Names that are one slip away from a popular one of another owner.
pub(super) fn typosquat(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let named = foreign(input).into_iter().map(|(repository, r)| (repository.slug, r.span, Some(r.grip)));
    for (slug, span, grip) in named.chain(hooks(input).into_iter().map(|(slug, span)| (slug, span, None))) {
        if let Some(popular) = looks_like(&slug.to_lowercase()) {
            let found = Found::new(span, format!("`{slug}` is one slip away from `{popular}`"));
            sink.add(found.weight(Weight::High).confidence(Confidence::Low).within(grip.unwrap_or_default()));
        }
    }
}

/// `./…`, which is looked up in the workspace, where `$/…` is looked up in the repository itself.
pub(super) fn self_repository(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for reference in all(input) {
        let Uses::Local(path) = reference.uses else { continue };
        let Some(rest) = path.strip_prefix('.') else { continue };
        let message =
            format!("`{path}` is looked up in the workspace, which earlier steps can change: `${rest}` is not");
        sink.add(Found::new(reference.span, message).weight(Weight::Low).within(reference.grip));
    }
}

/// Actions that do what a command of the runner does as well.
pub(super) fn superfluous(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        let (Some(repository), Some(node)) = (step.repository(), step.node.get("uses")) else { continue };
        for known in actions().superfluous.iter().filter(|known| repository.is(&known.uses)) {
            let message = format!("`{}` does what every runner can do: use {}", repository.slug, known.instead);
            let confidence = match known.confidence.as_str() {
                "low" => Confidence::Low,
                "medium" => Confidence::Medium,
                _ => Confidence::High,
            };
            let persona = if known.pedantic { Persona::Pedantic } else { Persona::Regular };
            let found = Found::new(node.span.clone(), message).weight(Weight::Informational).within(step.span());
            sink.add(found.confidence(confidence).persona(persona));
        }
    }
}
