//! The changelog against the version that the manifest names.

use std::collections::BTreeSet;

use super::Predicate;
use crate::model::{Document, DocumentRole, RelPath};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(super) const GAP: Predicate = Predicate {
    name: "changelog-version-gap",
    about: "A package that may be published has no changelog, or one that does not name its current version. Development versions are left out, and so is a changelog that leads elsewhere.",
    on: SubjectKind::Manifest,
    fields: &["name", "version", "problem"],
    params: &[],
    check: |context: &Context<'_>, judge| {
        let inventory = context.scene.inventory;
        let changelogs: Vec<&Document> =
            inventory.documents.iter().filter(|d| d.role == DocumentRole::Changelog).collect();
        let folders: BTreeSet<RelPath> =
            context.scene.project.released().map(|manifest| manifest.place.path.parent()).collect();
        for manifest in context.scene.project.released() {
            let version = manifest.version.as_deref().unwrap_or_default();
            if is_development(version) {
                judge.nothing("the current version is a development version");
                continue;
            }
            let name = manifest.name.clone().unwrap_or_default();
            let near = nearest(&changelogs, &manifest.place.path.parent());
            let problem = match near {
                None if !inventory.whole => {
                    judge.undecided(super::PARTIAL);
                    continue;
                }
                // Members of a workspace without changelogs of their own are told once, at the root.
                None if manifest.workspace.is_some() => {
                    judge.nothing("members of a workspace share the root's changelog");
                    continue;
                }
                None if manifest.place.path.parent().ancestors().skip(1).any(|above| folders.contains(&above)) => {
                    judge.nothing("packages below another one share its changelog");
                    continue;
                }
                None if releases_elsewhere(context) => {
                    judge.pass();
                    continue;
                }
                None => "there is no changelog".to_owned(),
                Some(changelog) if names(changelog, version) || leads_elsewhere(changelog) => {
                    judge.pass();
                    continue;
                }
                // A changelog above the package speaks of the project's versions, not of the package's.
                Some(changelog) if changelog.place.path.parent() != manifest.place.path.parent() => {
                    judge.nothing("the changelog above the package has versions of its own");
                    continue;
                }
                Some(changelog) => format!("`{}` does not mention it", changelog.place.path),
            };
            judge.fail(
                Failure::new(manifest.place.path.as_str(), manifest.place.clone())
                    .with("name", name)
                    .with("version", version)
                    .with("problem", problem),
            );
        }
    },
};

/// Versions that nobody has released: `-SNAPSHOT`, `-dev`, `.dev0`, pre-releases, and templates.
fn is_development(version: &str) -> bool {
    let lower = version.to_ascii_lowercase();
    ["-", "dev", "snapshot", "alpha", "beta", "rc", "$", "{", "*", "@", "%"].iter().any(|mark| lower.contains(mark))
}

/// The changelog of a folder, or of the nearest folder above it.
fn nearest<'a>(changelogs: &[&'a Document], folder: &RelPath) -> Option<&'a Document> {
    folder.ancestors().find_map(|at| {
        let mut here = changelogs.iter().filter(|d| {
            let home = d.place.path.parent();
            home == at || ["docs", "doc"].iter().any(|manual| at.join(manual).is_some_and(|at| home.is_within(&at)))
        });
        here.next().copied()
    })
}

/// Whether a heading, or the word list kept for changelogs, names the version as a whole word.
fn names(changelog: &Document, version: &str) -> bool {
    // `4.6` and `4.6.0` are one version.
    let bare = |text: &str| text.trim_end_matches(".0").to_owned();
    let short = bare(version);
    let is_version = |text: &str| {
        text.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_'))
            .map(|word| word.trim_start_matches(['v', 'V']).trim_matches('.'))
            .any(|word| word == version || word.starts_with(&short) && bare(word) == short)
    };
    changelog.headings.iter().any(|h| is_version(&h.text))
        || changelog
            .signals
            .iter()
            .any(|s| s.kind.0 == "version-entry" && s.place.region.as_ref().is_some_and(|r| is_version(&r.excerpt)))
}

/// A changelog of a few words with a link says where the real one is, and so do lines without a heading: `See docs/news.rst`.
fn leads_elsewhere(changelog: &Document) -> bool {
    let tells_versions = changelog.signals.iter().any(|s| s.kind.0 == "version-entry");
    let is_brief = changelog.words < 40 && changelog.headings.is_empty() && !tells_versions;
    changelog.words < 60 && !changelog.links.is_empty() || changelog.words >= 2 && is_brief
}

/// Whether the README says that release notes are kept at the forge.
fn releases_elsewhere(context: &Context<'_>) -> bool {
    let mut links = context.scene.project.documents().flat_map(|d| &d.links);
    links.any(|l| l.target.contains("/releases") || l.target.to_ascii_lowercase().contains("changelog"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_versions_are_told_by_their_marks() {
        assert!(is_development("1.0.0-SNAPSHOT") && is_development("2.1.dev0") && is_development("1.0rc1"));
        assert!(!is_development("1.2.3"));
    }
}
