//! Who answers for the community: conduct, roles, owners.

use std::collections::BTreeSet;

use super::Predicate;
use crate::model::{Document, DocumentRole, Place};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::project::Project;

pub(super) const CONTACT: Predicate = Predicate {
    name: "conduct-contact-missing",
    about: "The project has no code of conduct, or one that names nobody to turn to, or one with the template's field for the contact left in. Abstains for projects without a contribution guide, and where only parts were scanned.",
    on: SubjectKind::Repository,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        let scene = &context.scene;
        let documents: Vec<&Document> =
            scene.project.documents().filter(|d| d.role == DocumentRole::CodeOfConduct).collect();
        let says = |document: &Document, kind: &str| {
            document.signals.iter().find(|s| s.kind.0 == kind).map(|s| s.place.clone())
        };
        if documents.is_empty() {
            if !scene.inventory.whole {
                return judge.undecided(super::PARTIAL);
            }
            let invites = scene
                .project
                .documents()
                .any(|d| matches!(d.role, DocumentRole::Contributing | DocumentRole::Template));
            let mentions = scene.project.documents().any(|d| says(d, "conduct-mention").is_some());
            if !invites {
                return judge.nothing("the project does not invite contributions");
            }
            if mentions {
                return judge.pass();
            }
            let Some(place) = scene.project.anchor() else { return };
            return judge.fail(Failure::new("repository", place).with("problem", "there is no code of conduct"));
        }
        for document in documents {
            let path = document.place.path.as_str();
            let fail = |place: Place, problem: &str| {
                Failure::new("repository", place).with("problem", format!("{path} {problem}"))
            };
            if let Some(place) = says(document, "contact-placeholder") {
                judge.fail(fail(place, "still has the template's field for the contact"));
            } else if says(document, "contact-address").is_some() || names_contact(document) {
                judge.pass();
            } else {
                judge.fail(fail(document.place.clone(), "names nobody to turn to"));
            }
        }
    },
};

/// Whether a document leads to a person or form: a mail address, or a link that is not to the text it was taken from. A
/// short one that only points to a code of conduct elsewhere has its contact there.
fn names_contact(document: &Document) -> bool {
    const SOURCES: &[&str] = &[
        "contributor-covenant.org",
        "mozilla.org",
        "creativecommons.org",
        "github.com/mozilla/diversity",
        "git.io",
        "w3.org",
    ];
    document.links.iter().any(|link| {
        link.target.starts_with("mailto:")
            || link.target.contains("://") && !SOURCES.iter().any(|source| link.target.contains(source))
    })
}

pub(super) const GOVERNANCE: Predicate = Predicate {
    name: "governance-missing",
    about: "Several people own the code, and no document says who decides what.",
    on: SubjectKind::Repository,
    fields: &["owners"],
    params: &[],
    check: |context, judge| {
        if !context.scene.inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        let (people, place) = owners(context);
        let Some(place) = place else { return judge.nothing("no file names owners") };
        if people.len() < 2 {
            return judge.nothing("one owner needs no roles");
        }
        let project: &Project<'_> = context.scene.project;
        let has_roles = project
            .documents()
            .any(|d| d.role == DocumentRole::Governance || d.signals.iter().any(|s| s.kind.0 == "governance"));
        if has_roles {
            judge.pass();
        } else {
            judge.fail(Failure::new("repository", place).with("owners", people.len().to_string()));
        }
    },
};

pub(super) const SINGLE: Predicate = Predicate {
    name: "single-maintainer",
    about: "All files that name owners or maintainers together name one person.",
    on: SubjectKind::Repository,
    fields: &["owner"],
    params: &[],
    check: |context, judge| {
        let (people, place) = owners(context);
        let Some(place) = place else { return judge.nothing("no file names owners") };
        match people.iter().next() {
            // A team stands for several people.
            Some(only) if people.len() == 1 && !only.contains('/') => {
                judge.fail(Failure::new("repository", place).with("owner", only.clone()));
            }
            _ => judge.pass(),
        }
    },
};

/// The people and teams that `CODEOWNERS` and documents on maintainers name, and where the first of them stands.
fn owners(context: &Context<'_>) -> (BTreeSet<String>, Option<Place>) {
    let inventory = context.scene.inventory;
    let mut people = BTreeSet::new();
    let mut place = None;
    for rule in &inventory.owners {
        people.extend(rule.owners.iter().map(|owner| owner.to_lowercase()));
        place.get_or_insert_with(|| rule.place.clone());
    }
    for document in context.scene.project.documents().filter(|d| d.role == DocumentRole::Maintainers) {
        for signal in document.signals.iter().filter(|s| s.kind.0 == "person") {
            if let Some(region) = &signal.place.region {
                people.insert(region.text().to_lowercase());
                place.get_or_insert_with(|| signal.place.clone());
            }
        }
    }
    (people, place)
}
