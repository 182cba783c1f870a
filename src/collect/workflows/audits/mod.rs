//! The audits of workflows, actions, and the files of update tools and hooks: one file per family.
//!
//! Where zizmor (<https://docs.zizmor.sh/audits>) asks the same question, the audit has its name and points at the same
//! line, so that findings can be compared; the answers are worked out here.

mod cache;
mod conditions;
mod credentials;
mod environment;
mod expressions;
mod images;
mod injection;
mod permissions;
mod references;
mod runners;
mod secrets;
mod shape;
mod tools;
mod triggers;
mod updates;

use super::found::Sink;
use super::github::{Action, Step, Workflow};
use crate::collect::workflows::tree::{Document, Node};

/// One question.
pub(super) struct Check {
    /// Its name.
    pub(super) name: &'static str,
    /// Whether zizmor asks it by this name.
    pub(super) zizmor: bool,
    /// Looks at one file.
    pub(super) run: fn(&Input<'_, '_>, &mut Sink<'_>),
}

/// A file that can be audited.
pub(super) enum Input<'i, 'a> {
    /// A workflow.
    Workflow(&'i Workflow<'a>),
    /// An action.
    Action(&'i Action<'a>),
    /// The configuration of Dependabot.
    Dependabot(&'a Node),
    /// The configuration of pre-commit.
    PreCommit(&'a Node),
}

impl<'i, 'a> Input<'i, 'a> {
    /// The workflow, when it is one.
    fn workflow(&self) -> Option<&'i Workflow<'a>> {
        match self {
            Self::Workflow(workflow) => Some(workflow),
            _ => None,
        }
    }

    /// All steps of a workflow or action.
    fn steps(&self) -> Vec<Step<'a, 'i>> {
        match self {
            Self::Workflow(workflow) => workflow.steps().collect(),
            Self::Action(action) => action.steps().collect(),
            _ => Vec::new(),
        }
    }

    /// The document and its top node, where the language of expressions is spoken.
    fn spoken(&self) -> Option<(&'a Document<'a>, &'a Node)> {
        match self {
            Self::Workflow(workflow) => Some((workflow.document, workflow.root)),
            Self::Action(action) => Some((action.document, action.root)),
            _ => None,
        }
    }
}

/// Every audit.
pub(super) static CHECKS: &[Check] = &[
    Check { name: "adhoc-packages", zizmor: true, run: tools::adhoc_packages },
    Check { name: "anonymous-definition", zizmor: true, run: shape::anonymous_definition },
    Check { name: "archived-uses", zizmor: true, run: references::archived_uses },
    Check { name: "artipacked", zizmor: true, run: credentials::artipacked },
    Check { name: "bot-conditions", zizmor: true, run: conditions::bot_conditions },
    Check { name: "cache-poisoning", zizmor: true, run: cache::cache_poisoning },
    Check { name: "concurrency-limits", zizmor: true, run: shape::concurrency_limits },
    Check { name: "dangerous-triggers", zizmor: true, run: triggers::dangerous_triggers },
    Check { name: "dependabot-cooldown", zizmor: true, run: updates::cooldown },
    Check { name: "dependabot-execution", zizmor: true, run: updates::execution },
    Check { name: "excessive-permissions", zizmor: true, run: permissions::excessive },
    Check { name: "github-app", zizmor: true, run: credentials::github_app },
    Check { name: "github-env", zizmor: true, run: environment::github_env },
    Check { name: "hardcoded-container-credentials", zizmor: true, run: credentials::hardcoded },
    Check { name: "insecure-commands", zizmor: true, run: environment::insecure_commands },
    Check { name: "insecure-url-scheme", zizmor: true, run: updates::insecure_scheme },
    Check { name: "misfeature", zizmor: true, run: runners::misfeature },
    Check { name: "obfuscation", zizmor: true, run: expressions::obfuscation },
    Check { name: "overprovisioned-secrets", zizmor: true, run: secrets::overprovisioned },
    Check { name: "secrets-inherit", zizmor: true, run: secrets::inherit },
    Check { name: "secrets-outside-env", zizmor: true, run: secrets::outside_environment },
    Check { name: "self-hosted-runner", zizmor: true, run: runners::self_hosted },
    Check { name: "self-repository", zizmor: true, run: references::self_repository },
    Check { name: "superfluous-actions", zizmor: true, run: references::superfluous },
    Check { name: "template-injection", zizmor: true, run: injection::template_injection },
    Check { name: "typosquat-uses", zizmor: true, run: references::typosquat },
    Check { name: "undocumented-permissions", zizmor: true, run: permissions::undocumented },
    Check { name: "download-then-run", zizmor: false, run: tools::downloads },
    Check { name: "unpinned-images", zizmor: true, run: images::unpinned_images },
    Check { name: "unpinned-tools", zizmor: true, run: tools::unpinned_tools },
    Check { name: "unpinned-uses", zizmor: true, run: references::unpinned_uses },
    Check { name: "unredacted-secrets", zizmor: true, run: secrets::unredacted },
    Check { name: "unsound-condition", zizmor: true, run: conditions::unsound_condition },
    Check { name: "unsound-contains", zizmor: true, run: conditions::unsound_contains },
    Check { name: "unsound-ternary", zizmor: true, run: expressions::unsound_ternary },
    Check { name: "untrusted-checkout", zizmor: false, run: triggers::untrusted_checkout },
    Check { name: "use-trusted-publishing", zizmor: true, run: tools::trusted_publishing },
];
