//! Known vulnerabilities of components, and what statements in the tree say of them.

use std::collections::BTreeSet;

use super::Predicate;
use crate::model::{Inventory, Place, RelPath, VexStatement, Vulnerability};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(super) const KNOWN: Predicate = Predicate {
    name: "component-vulnerable",
    about: "The OSV database that `--osv` names has a record that affects the version of a component. Statements in the tree (OpenVEX, CycloneDX) that it is not affected or fixed accept the finding with their reason. Without a database nothing can be said.",
    on: SubjectKind::Component,
    fields: &["id", "summary", "severity", "fixed"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let Some(advisories) = &inventory.advisories else {
            return judge.undecided("no database of vulnerabilities was given (--osv DIR)");
        };
        if let Some(unread) = advisories.unread.first() {
            judge.undecided(format!(
                "{} parts of the database could not be read, such as {unread}",
                advisories.unread.len()
            ));
        }
        let affected: BTreeSet<&str> = advisories.found.iter().map(|v| v.purl.as_str()).collect();
        for _ in inventory.packages.iter().filter(|p| p.locked && !p.local && !affected.contains(p.purl.as_str())) {
            judge.pass();
        }
        for found in &advisories.found {
            // Components are sorted by purl.
            let at = inventory.packages.binary_search_by(|p| p.purl.cmp(&found.purl));
            let origin = at.ok().and_then(|at| inventory.packages[at].origin.first());
            let place = origin.cloned().unwrap_or_else(|| Place::file(RelPath::new("")));
            let names = match found.aliases.first() {
                Some(alias) => format!("{} ({alias})", found.id),
                None => found.id.clone(),
            };
            let fixed = match &found.fixed {
                Some(version) => format!("fixed in {version}"),
                None => "no fixed version is known".to_owned(),
            };
            let summary = if found.summary.is_empty() { "no summary" } else { found.summary.as_str() };
            judge.fail(
                Failure::new(found.purl.as_str(), place)
                    .with("id", names)
                    .with("summary", summary)
                    .with("severity", found.severity.as_deref().unwrap_or("not rated"))
                    .with("fixed", fixed)
                    .excused(statement(inventory, found)),
            );
        }
    },
};

/// What a statement in the tree says of a vulnerability, when that accepts it.
fn statement(inventory: &Inventory, found: &Vulnerability) -> Option<String> {
    let speaks = |statement: &&VexStatement| {
        let names = std::iter::once(&found.id).chain(&found.aliases);
        names.into_iter().any(|name| name.eq_ignore_ascii_case(&statement.vulnerability))
            && is_of(&statement.subject, &found.purl)
    };
    // The last word counts: a newer statement that it is affected after all takes an older one back.
    let last = inventory.vex.iter().filter(speaks).max_by(|a, b| a.time.cmp(&b.time))?;
    matches!(last.status.as_str(), "not_affected" | "fixed").then(|| {
        let why = last.reason.as_deref().unwrap_or("no reason is given");
        format!("{}: {why} ({})", last.status, last.place.path)
    })
}

/// Whether a statement about `subject` counts for a component: the same purl, or the same without a version.
fn is_of(subject: &str, purl: &str) -> bool {
    let without = |text: &str| text.split(['?', '#']).next().unwrap_or_default().to_owned();
    let (subject, purl) = (without(subject), without(purl));
    let (name, _) = purl.rsplit_once('@').unwrap_or((&purl, ""));
    subject == purl || subject == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_a_component_with_or_without_its_version() {
        assert!(is_of("pkg:npm/a@1.0.0", "pkg:npm/a@1.0.0"));
        assert!(is_of("pkg:npm/a", "pkg:npm/a@1.0.0"));
        assert!(!is_of("pkg:npm/a@2.0.0", "pkg:npm/a@1.0.0"));
        assert!(!is_of("pkg:npm/b", "pkg:npm/a@1.0.0"));
    }
}
