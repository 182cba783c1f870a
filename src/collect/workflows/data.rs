//! Facts about actions, contexts and repositories, from `policies/facts/workflows/`. Parsed on first use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

static ACTIONS: &str = include_str!("../../../policies/facts/workflows/actions.toml");
static REPOSITORIES: &str = include_str!("../../../policies/facts/workflows/repositories.toml");
static WORDS: &str = include_str!("../../../policies/facts/workflows/words.toml");
static CONTEXTS: &str = include_str!("../../../policies/facts/workflows/contexts.txt");

/// What actions do.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Actions {
    /// Restore or save caches.
    pub(super) cache: Vec<Known>,
    /// Publish what was built.
    pub(super) publish: Vec<Known>,
    /// Publish with a long-lived token where a short-lived one would do.
    pub(super) trusted: Vec<Known>,
    /// Install a tool of a floating version.
    pub(super) tool: Vec<Known>,
    /// Run inputs as code.
    pub(super) sink: Vec<Sink>,
    /// Do what a command does as well.
    pub(super) superfluous: Vec<Superfluous>,
}

/// An action that does something under a condition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// `owner/repository` with an optional path, in lower case.
    pub(super) uses: String,
    /// When it does; always without a condition.
    pub(super) when: Option<Condition>,
    /// The input to point at.
    pub(super) shown: Option<String>,
}

/// An action that runs inputs as code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sink {
    /// As in [`Known`].
    pub(super) uses: String,
    /// Names of the inputs.
    pub(super) inputs: Vec<String>,
}

/// An action for which there is a command.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Superfluous {
    /// As in [`Known`].
    pub(super) uses: String,
    /// The command.
    pub(super) instead: String,
    /// Whether only pedants mind.
    #[serde(default)]
    pub(super) pedantic: bool,
    /// `low`, `medium`, or high without it.
    #[serde(default)]
    pub(super) confidence: String,
}

/// A condition on the inputs of a step.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Condition {
    /// On one input.
    #[serde(rename_all = "kebab-case")]
    Field {
        /// Its name.
        field: String,
        /// Whether it holds where the input is true (`in`) or false (`out`).
        on: String,
        /// `text` when any text counts as true.
        #[serde(default)]
        kind: String,
        /// What counts as true, when not everything does.
        #[serde(default)]
        one_of: Vec<String>,
        /// Whether it holds when the input is not set.
        #[serde(default)]
        default: bool,
    },
    /// The version behind `@` is lower.
    Below {
        /// The version.
        below: String,
    },
    /// All hold.
    All {
        /// The conditions.
        all: Vec<Self>,
    },
    /// One holds.
    Any {
        /// The conditions.
        any: Vec<Self>,
    },
    /// It does not hold.
    Not {
        /// The condition.
        not: Box<Self>,
    },
}

/// Known repositories, in lower case.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Repositories {
    /// Archived.
    pub(super) archived: BTreeSet<String>,
    /// Popular.
    pub(super) popular: BTreeSet<String>,
}

/// Documented names.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Words {
    /// Numbers of bot accounts.
    pub(super) bot_ids: Vec<String>,
    /// Permissions of an app that reach no repository.
    pub(super) organization_permissions: Vec<String>,
    /// Variables that the runner sets.
    pub(super) runner_variables: Vec<String>,
    /// Members of payloads of events that somebody can write.
    pub(super) event_members: Vec<String>,
    /// Contexts that outsiders choose.
    pub(super) chosen_contexts: Vec<String>,
    /// Events that only those with the right to write can cause.
    pub(super) writer_events: Vec<String>,
    /// Event fields that outsiders write.
    pub(super) outsider_fields: Vec<String>,
    /// Weights of permissions.
    pub(super) permissions: Permissions,
}

/// Permissions by weight.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Permissions {
    /// Writing is grave.
    pub(super) high: Vec<String>,
    /// Writing does little harm.
    pub(super) low: Vec<String>,
    /// Counted by Scorecard.
    pub(super) counted: Vec<String>,
}

/// What actions do.
pub(super) fn actions() -> &'static Actions {
    static CELL: OnceLock<Actions> = OnceLock::new();
    CELL.get_or_init(|| toml::from_str(ACTIONS).unwrap_or_default())
}

/// Known repositories.
pub(super) fn repositories() -> &'static Repositories {
    static CELL: OnceLock<Repositories> = OnceLock::new();
    CELL.get_or_init(|| toml::from_str(REPOSITORIES).unwrap_or_default())
}

/// Documented names.
pub(super) fn words() -> &'static Words {
    static CELL: OnceLock<Words> = OnceLock::new();
    CELL.get_or_init(|| toml::from_str(WORDS).unwrap_or_default())
}

/// How freely an outsider chooses the content of a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freedom {
    /// A number, a date, a word of a set.
    Fixed,
    /// An address and the like.
    Structured,
}

/// Members of contexts by parent and name.
fn contexts() -> &'static BTreeMap<(&'static str, &'static str), Freedom> {
    static CELL: OnceLock<BTreeMap<(&str, &str), Freedom>> = OnceLock::new();
    CELL.get_or_init(|| {
        let mut table = BTreeMap::new();
        let mut freedom = Freedom::Fixed;
        for line in CONTEXTS.lines().filter(|line| !line.starts_with('#')) {
            if line == "[structured]" {
                freedom = Freedom::Structured;
            }
            let Some((parent, members)) = line.split_once(": ") else { continue };
            table.extend(members.split(' ').map(|member| ((parent, member), freedom)));
        }
        table
    })
}

/// How freely the content of a context can be chosen, where it is bound. Takes a dotted path in lower case.
pub(super) fn freedom(path: &str) -> Option<Freedom> {
    let (parent, member) = path.rsplit_once('.')?;
    contexts().get(&(parent, member)).copied()
}

/// Whether a context is an object with members, of which an expression shows no more than the word `Object`. Takes a
/// dotted path in lower case.
pub(super) fn is_object(path: &str) -> bool {
    contexts().range((path, "")..).next().is_some_and(|((parent, _), _)| *parent == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_read() {
        let actions: Actions = toml::from_str(ACTIONS).unwrap();
        let listed = |list: &[Known]| list.iter().all(|k| k.uses == k.uses.to_lowercase() && k.uses.contains('/'));
        assert!(actions.cache.len() > 20 && listed(&actions.cache) && listed(&actions.publish));
        assert!(listed(&actions.trusted) && actions.trusted.iter().all(|k| k.shown.is_some()));
        assert!(listed(&actions.tool) && !actions.sink.is_empty() && !actions.superfluous.is_empty());
        let repositories: Repositories = toml::from_str(REPOSITORIES).unwrap();
        assert!(repositories.archived.contains("actions-rs/toolchain"));
        assert!(repositories.popular.contains("actions/checkout"));
        let words: Words = toml::from_str(WORDS).unwrap();
        assert!(words.permissions.counted.contains(&"contents".to_owned()));
    }

    #[test]
    fn contexts_are_bound_or_free() {
        assert_eq!(freedom("github.event.pull_request.number"), Some(Freedom::Fixed));
        assert_eq!(freedom("github.event.pull_request.title"), None);
        assert_eq!(freedom("runner.os"), Some(Freedom::Fixed));
        assert_eq!(freedom("github.event.pull_request.user.email"), None);
        assert_eq!(freedom("secrets"), None);
        assert!(is_object("github.event.pull_request") && is_object("github.event"));
        assert!(!is_object("github.event.pull_request.title") && !is_object("github.event.pull"));
    }
}
