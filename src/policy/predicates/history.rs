//! What the git history shows.

use std::collections::BTreeSet;

use super::{PARTIAL, Predicate};
use crate::model::Place;
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::project::UNIDENTIFIED;

/// Ends of the names and addresses of accounts that are programs; they sign nothing off.
const BOTS: &[&str] = &["[bot]", "bot@", "-bot", "noreply@github.com", "dependabot", "renovate"];

pub(super) const SIGN_OFF: Predicate = Predicate {
    name: "commit-without-sign-off",
    about: "The project asks for the Developer Certificate of Origin, and one of the last commits has no Signed-off-by of its author. Merges and commits of bots are left out.",
    on: SubjectKind::Repository,
    fields: &["count", "judged", "commit", "subject-line"],
    params: &[],
    check: |context, judge| {
        let scene = &context.scene;
        let asks = scene.project.documents().flat_map(|d| &d.signals).find(|s| s.kind.0 == "dco");
        let Some(asks) = asks else { return judge.nothing("no document asks for a sign-off") };
        let Some(repository) = &scene.inventory.repository else {
            return judge.undecided("there is no git history");
        };
        let judged: Vec<_> = repository
            .recent
            .iter()
            .filter(|commit| commit.parents.len() < 2)
            .filter(|commit| {
                let who = format!("{} {}", commit.author.name, commit.author.email).to_lowercase();
                !BOTS.iter().any(|bot| who.contains(bot))
            })
            .collect();
        if judged.is_empty() {
            return judge.undecided("there is no commit to judge");
        }
        let unsigned: Vec<_> = judged
            .iter()
            .filter(|commit| !commit.trailers.iter().any(|(key, _)| key.eq_ignore_ascii_case("signed-off-by")))
            .collect();
        match unsigned.first() {
            None => judge.pass(),
            Some(first) => judge.fail(
                Failure::new("repository", asks.place.clone())
                    .with("count", unsigned.len().to_string())
                    .with("judged", judged.len().to_string())
                    .with("commit", first.id.chars().take(12).collect::<String>())
                    .with("subject-line", first.message.lines().next().unwrap_or_default()),
            ),
        }
    },
};

/// The identifiers in expressions, without what GNU licenses say of later versions: a text cannot tell that.
fn text_ids<'a>(expressions: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let known = expressions.into_iter().filter(|e| *e != UNIDENTIFIED).filter_map(expression::parse);
    known.flat_map(|e| expression::ids(&e)).map(|id| expression::text_id(&id).to_owned()).collect()
}

pub(super) const LICENSE_CHANGED: Predicate = Predicate {
    name: "project-license-changed",
    about: "The license texts at the root are of other licenses than at the last release, and the changelog does not say so.",
    on: SubjectKind::Repository,
    fields: &["tag", "before", "now"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if !inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let Some(release) = &inventory.release else {
            return judge.nothing("there is no tag that is named like a release");
        };
        let before = text_ids(release.licenses.iter().map(String::as_str));
        let root = context.scene.project.root();
        let now: BTreeSet<String> =
            root.iter().filter(|u| u.own_texts).flat_map(|u| u.texts.iter().flat_map(|t| t.text_ids())).collect();
        if before.is_empty() || now.is_empty() {
            return judge.nothing("the root has no license text that is known, now or at the release");
        }
        let said = inventory.documents.iter().any(|d| d.signals.iter().any(|s| s.kind.0 == "license-change"));
        if before == now || said {
            return judge.pass();
        }
        let join = |ids: &BTreeSet<String>| ids.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let Some(text) = root.and_then(|u| u.texts.first()) else { return };
        judge.fail(
            Failure::new("repository", Place::file(text.path.clone()))
                .with("tag", release.tag.clone())
                .with("before", join(&before))
                .with("now", join(&now)),
        );
    },
};
