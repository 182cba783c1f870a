//! What the token of a workflow may do.

use super::super::data::words;
use super::super::found::{Found, Sink};
use super::super::github::Permissions;
use super::Input;
use crate::collect::workflows::tree::{Node, Pair};
use crate::model::{Confidence, Persona, Weight};

const SCORECARD: Option<&str> = Some("Token-Permissions");

/// Permissions broader than needed: none stated, all, or rights to write for every job.
pub(super) fn excessive(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    let is_reusable = workflow.is_reusable_only();
    let all_state = workflow.jobs.iter().all(|job| !matches!(job.permissions(), Permissions::Default));
    let persona =
        if workflow.all_jobs() == 1 || all_state || is_reusable { Persona::Pedantic } else { Persona::Regular };
    match workflow.permissions() {
        Permissions::Default => {
            let message = "no `permissions`: the token has all rights that the repository's settings give";
            let found = Found::new(workflow.root.at.clone(), message).confidence(Confidence::Medium);
            sink.add(found.persona(persona).scorecard(SCORECARD));
        }
        Permissions::ReadAll(pair) => sink.add(all(pair, false).persona(persona)),
        Permissions::WriteAll(pair) => sink.add(all(pair, true).persona(persona).scorecard(SCORECARD)),
        Permissions::Other(pair) => {
            let message = format!(
                "`permissions: {}` is neither `read-all` nor `write-all`",
                pair.value.text().unwrap_or_default()
            );
            sink.add(Found::new(pair.span(), message).scorecard(SCORECARD));
        }
        Permissions::Each(pair) => {
            let known = &words().permissions;
            for right in pair.value.pairs().iter().filter(|right| right.value.text() == Some("write")) {
                let weight = match right.key.as_str() {
                    name if known.high.iter().any(|k| k == name) => Weight::High,
                    name if known.low.iter().any(|k| k == name) => Weight::Low,
                    _ => Weight::Medium,
                };
                let counted = known.counted.contains(&right.key).then_some("Token-Permissions");
                let message = format!("`{}: write` holds for every job of the workflow", right.key);
                sink.add(Found::new(right.span(), message).weight(weight).persona(persona).scorecard(counted));
            }
        }
    }
    let is_stated = !matches!(workflow.permissions(), Permissions::Default);
    // What is told of the workflow need not be told as loudly of each of its jobs.
    let default_weight = if persona == Persona::Regular { Weight::Low } else { Weight::Medium };
    for job in &workflow.jobs {
        let persona = if is_reusable && job.calls.is_none() { Persona::Pedantic } else { Persona::Regular };
        let found = match job.permissions() {
            Permissions::Default if !is_stated => {
                let message = format!("job `{}` has no `permissions`, and neither has the workflow", job.pair.key);
                Found::new(job.span(), message).weight(default_weight).confidence(Confidence::Medium)
            }
            Permissions::ReadAll(pair) => all(pair, false),
            Permissions::WriteAll(pair) => all(pair, true),
            _ => continue,
        };
        sink.add(found.within(job.span()).persona(persona));
    }
}

fn all(pair: &Pair, writes: bool) -> Found {
    let word = if writes { "write-all" } else { "read-all" };
    let weight = if writes { Weight::High } else { Weight::Medium };
    Found::new(pair.span(), format!("`{word}` gives more rights than any job needs")).weight(weight)
}

/// Permissions without a comment that says what they are for.
pub(super) fn undocumented(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    let document = workflow.document;
    let bodies: Vec<&Node> = std::iter::once(workflow.root).chain(workflow.jobs.iter().map(|job| job.node)).collect();
    for body in bodies {
        let rights = body.get("permissions").map(Node::pairs).unwrap_or_default();
        let undocumented = rights.iter().filter(|right| {
            let is_usual = right.key == "contents" && right.value.text() == Some("read");
            let comments = document.comments_on_lines_of(&right.span());
            let is_said =
                |c: &std::ops::Range<usize>| !document.source[c.clone()].trim_start_matches('#').trim().is_empty();
            !is_usual && !comments.iter().any(is_said)
        });
        let mut undocumented = undocumented.peekable();
        let Some(first) = undocumented.next() else { continue };
        let mut found = Found::new(first.span(), format!("no comment says what `{}` is needed for", first.key));
        for further in undocumented {
            found = found.also(further.span(), format!("nor what `{}` is needed for", further.key));
        }
        sink.add(found.weight(Weight::Low).persona(Persona::Pedantic));
    }
}
