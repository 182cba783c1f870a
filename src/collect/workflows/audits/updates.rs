//! The configuration of update tools and hooks.

use super::super::found::{Found, Sink};
use super::Input;
use crate::collect::workflows::tree::{Node, Pair};
use crate::model::Weight;

/// How many days a release should be out before it is proposed: what zizmor asks for.
const DAYS: f64 = 7.0;
/// How many days Dependabot waits unless told.
const DEFAULT_DAYS: f64 = 3.0;

fn updates<'a>(input: &Input<'_, 'a>) -> &'a [Node] {
    match input {
        Input::Dependabot(root) => root.get("updates").map(Node::items).unwrap_or_default(),
        _ => &[],
    }
}

/// Updates that are proposed the day they appear, before anybody could notice that they were tampered with.
pub(super) fn cooldown(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for update in updates(input) {
        let cooldown = update.pair("cooldown").filter(|pair| !pair.value.is_null());
        let days: Option<&Pair> = cooldown.and_then(|pair| pair.value.pair("default-days"));
        let waits = days.and_then(|pair| pair.value.number()).unwrap_or(DEFAULT_DAYS);
        if waits >= DAYS {
            continue;
        }
        let grip = update.pair("package-ecosystem").map_or_else(|| update.at.clone(), Pair::span);
        let span = days.or(cooldown).map_or(grip, Pair::span);
        let message = format!("updates are proposed after {waits} days: a release should be out for {DAYS}");
        sink.add(Found::new(span, message));
    }
}

/// Updates that run code of what they update.
pub(super) fn execution(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for update in updates(input) {
        let Some(pair) = update.pair("insecure-external-code-execution") else { continue };
        if pair.value.text() == Some("allow") {
            let found =
                Found::new(pair.span(), "code of the dependencies runs while they are updated").weight(Weight::High);
            sink.add(found.within(update.at.clone()));
        }
    }
}

/// Hooks that are fetched without encryption.
pub(super) fn insecure_scheme(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Input::PreCommit(root) = input else { return };
    for repo in root.get("repos").map(Node::items).unwrap_or_default().iter().filter_map(|repo| repo.get("repo")) {
        let scheme = repo.text().and_then(|text| text.split_once("://")).map_or("", |(scheme, _)| scheme);
        if ["http", "git"].contains(&scheme.to_ascii_lowercase().as_str()) {
            let message = format!("hooks are fetched over `{scheme}`, which anybody on the way can change");
            sink.add(Found::new(repo.span.clone(), message).weight(Weight::High));
        }
    }
}
