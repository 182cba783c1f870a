//! What the git history shows.

use super::Predicate;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

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
