//! What audits of workflows found, rule by rule.

use std::collections::BTreeSet;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::Predicate;
use crate::model::{Audit, Confidence, Inventory, Persona, Pipeline, RelPath, Severity, Weight};
use crate::policy::evaluate::Context;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::is_first_party;

/// Declares a predicate that fails a file for every finding of some audits.
macro_rules! audits {
    ($name:ident, $word:literal, $about:literal, $audits:expr) => {
        pub(super) const $name: Predicate = Predicate {
            name: $word,
            about: $about,
            on: SubjectKind::File,
            fields: &["problem", "audit"],
            params: &[],
            check: |context, judge| judge_audits(context, judge, &$audits),
        };
    };
}

audits!(
    PERMISSIONS,
    "workflow-permissions",
    "A workflow or job states no permissions, or more than one job needs.",
    ["excessive-permissions"]
);
audits!(
    CHECKOUT,
    "workflow-checkout",
    "A workflow that runs with the repository's rights checks out what a pull request proposes. A warning where nothing that could run it follows.",
    ["untrusted-checkout"]
);
audits!(
    INJECTION,
    "workflow-injection",
    "What outsiders write becomes code, variables or commands of a workflow.",
    ["template-injection", "github-env", "insecure-commands", "macro-injection"]
);
audits!(
    TRIGGER,
    "workflow-trigger",
    "An event that anybody can cause starts a workflow with the repository's rights.",
    ["dangerous-triggers"]
);
audits!(
    CONDITION,
    "workflow-condition",
    "A condition or a choice does not hold what it seems to.",
    ["bot-conditions", "unsound-condition", "unsound-contains", "unsound-ternary"]
);
audits!(
    CREDENTIALS,
    "workflow-credentials",
    "A token, secret or password reaches further than it has to.",
    [
        "artipacked",
        "github-app",
        "hardcoded-container-credentials",
        "overprovisioned-secrets",
        "secrets-inherit",
        "secrets-outside-env",
        "unredacted-secrets",
        "use-trusted-publishing"
    ]
);
audits!(
    CACHE,
    "workflow-cache",
    "A job that publishes restores a cache that others may have filled.",
    ["cache-poisoning"]
);
audits!(
    UNPINNED,
    "action-unpinned",
    "An action, workflow, template or container image is named by something that can be moved.",
    ["unpinned-uses", "unpinned-images", "image-unpinned", "include-unpinned"]
);
audits!(
    SUSPICIOUS,
    "action-suspicious",
    "An action or hook is archived, looks like another, or is hidden.",
    ["archived-uses", "typosquat-uses", "obfuscation"]
);
audits!(
    DOWNLOAD,
    "download-unverified",
    "A build fetches and runs what nothing verifies.",
    [
        "adhoc-packages",
        "unpinned-tools",
        "insecure-url-scheme",
        "download-then-run",
        "download-unverified",
        "package-unpinned"
    ]
);
audits!(
    UPDATES,
    "update-tool-unsafe",
    "An update tool proposes releases on their first day, or runs their code.",
    ["dependabot-cooldown", "dependabot-execution"]
);
audits!(
    HARDENING,
    "workflow-hardening",
    "A workflow leaves something to chance that it need not.",
    [
        "anonymous-definition",
        "concurrency-limits",
        "misfeature",
        "self-hosted-runner",
        "self-repository",
        "superfluous-actions",
        "undocumented-permissions"
    ]
);

pub(super) const FORBIDDEN: Predicate = Predicate {
    name: "action-forbidden",
    about: "A workflow uses an action or a called workflow of another repository that `deny-actions` names, or that `allow-actions` does not name where it names any. Names are `owner/repository`, whatever the action in it; `*` stands for any owner or repository. Where both lists name it, the denial counts.",
    on: SubjectKind::Component,
    fields: &["action", "reason"],
    params: &[("allow-actions", ParamKind::Texts), ("deny-actions", ParamKind::Texts)],
    check: |context, judge| {
        let (allow, deny) = (context.texts("allow-actions"), context.texts("deny-actions"));
        if allow.is_empty() && deny.is_empty() {
            judge.nothing(
                "no action is denied, and every action is allowed: see the parameters deny-actions and allow-actions",
            );
            return;
        }
        let (allowed, denied) = (patterns(allow), patterns(deny));
        let inventory = context.scene.inventory;
        let actions = inventory.packages.iter().filter(|p| p.purl.starts_with("pkg:githubactions/"));
        for action in actions {
            let name = action.name.to_ascii_lowercase();
            let reason = if denied.is_match(&name) {
                "deny-actions names it"
            } else if !allow.is_empty() && !allowed.is_match(&name) {
                "allow-actions does not name it"
            } else {
                judge.pass();
                continue;
            };
            for place in action.origin.iter().filter(|place| counts(inventory, &place.path, true)) {
                judge.fail(
                    Failure::new(action.purl.as_str(), place.clone())
                        .with("action", action.name.as_str())
                        .with("reason", reason),
                );
            }
        }
        judge.nothing("no workflow uses an action of another repository");
    },
};

/// Names of repositories, compared without regard to case, as GitHub does; what is no pattern matches nothing.
fn patterns(names: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in names.iter().filter_map(|name| Glob::new(&name.to_ascii_lowercase()).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

/// Whether a file takes part: the forge or the builder reads it and it is the project's own, or it was asked for by name.
pub(super) fn counts(inventory: &Inventory, path: &RelPath, active: bool) -> bool {
    !inventory.whole || (active && is_first_party(path))
}

/// Fails files for the findings of `names`; passes audited files without any.
fn judge_audits(context: &Context<'_>, judge: &mut Judge, names: &[&str]) {
    let inventory = context.scene.inventory;
    let mut failed: BTreeSet<&RelPath> = BTreeSet::new();
    for audit in inventory.audits.iter().filter(|audit| names.contains(&audit.name)) {
        if counts(inventory, &audit.place.path, audit.active) {
            failed.insert(&audit.place.path);
            judge.fail(failure(audit));
        }
    }
    let sound = |pipeline: &&Pipeline| {
        counts(inventory, &pipeline.place.path, pipeline.active) && !failed.contains(&pipeline.place.path)
    };
    inventory.pipelines.iter().filter(sound).for_each(|_| judge.pass());
    judge.nothing("there is no workflow, recipe or script to audit");
}

fn failure(audit: &Audit) -> Failure {
    let mut failure = Failure::new(audit.place.path.as_str(), audit.place.clone())
        .with("problem", audit.message.clone())
        .with("audit", audit.name)
        .at_most(at_most(audit));
    failure.related = audit.related.clone();
    if audit.zizmor {
        failure = failure.maps("zizmor", [audit.name.to_owned()]);
    }
    if audit.persona != Persona::Regular {
        failure = failure.maps("zizmor-persona", [audit.persona.name().to_owned()]);
    }
    if let Some(check) = audit.scorecard {
        failure = failure.maps("scorecard", [check.to_owned()]);
    }
    failure
}

/// How bad a finding is at most: what only pedants mind, and what does little harm or is unlikely, is a note.
fn at_most(audit: &Audit) -> Severity {
    let worst = if audit.contained { Severity::Warning } else { Severity::Error };
    match (audit.persona, audit.weight, audit.confidence) {
        (Persona::Pedantic | Persona::Auditor, ..) | (_, Weight::Informational | Weight::Low, _) => Severity::Note,
        (_, Weight::Medium, Confidence::Low) => Severity::Note,
        (_, Weight::High, Confidence::Low) if audit.contained => Severity::Note,
        (_, Weight::Medium, _) | (_, Weight::High, Confidence::Low) => Severity::Warning,
        (_, Weight::High, _) => worst,
    }
}
