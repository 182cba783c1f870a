//! Interfaces and versions from release to release.

use super::{Context, NONE, Predicate, own};
use crate::model::{Interface, Manifest, Release, Since};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

/// Why these rules abstain.
const NO_RELEASE: &str = "no tag of a release has the document, or there is no git repository";

/// The manifest of the package that a document belongs to: the nearest one above it with a version.
fn manifest_of<'a>(context: &Context<'a>, interface: &Interface) -> Option<&'a Manifest> {
    let above = context
        .scene
        .inventory
        .manifests
        .iter()
        .filter(|m| m.version.is_some() && interface.place.path.is_within(&m.place.path.parent()));
    above.max_by_key(|m| m.place.path.parent().as_str().len())
}

/// Whether the major version, or of 0.x the minor one, is ahead.
fn steps(old: &str, new: &str) -> bool {
    match (Release::numbers(old), Release::numbers(new)) {
        (Some([0, a, _]), Some([0, b, _])) => b > a,
        (Some([a, ..]), Some([b, ..])) => b > a,
        _ => false,
    }
}

/// The numbers in front of whatever comes behind them: `2.0.0-beta.1` is on its way to 2.0.0.
fn base(version: &str) -> &str {
    version.split(['-', '+']).next().unwrap_or(version)
}

pub(crate) const BREAKING: Predicate = Predicate {
    name: "interface-breaking",
    about: "An interface document differs from the last release in a way that breaks those who rely on it, and neither its version nor that of the package steps up as semver asks. Packages of protobuf that are alpha or beta are left out.",
    on: SubjectKind::File,
    fields: &["tag", "what", "more"],
    params: &[],
    check: |context, judge| {
        let release = context.scene.inventory.release.as_ref();
        for interface in own(context) {
            let (Some(since), Some(release)) = (&interface.since, release) else {
                judge.nothing(NO_RELEASE);
                continue;
            };
            let lower = interface.place.path.as_str().to_ascii_lowercase();
            let is_early = ["alpha", "beta"].iter().any(|word| lower.contains(word));
            let own_step = since.version.as_deref().zip(interface.version.as_ref().map(|(v, _)| v.as_str()));
            let stepped = own_step.is_some_and(|(old, new)| steps(base(old), base(new)))
                || manifest_of(context, interface)
                    .and_then(|m| m.version.as_deref())
                    .is_some_and(|new| steps(&release.version, base(new)));
            let Some(first) = since.broken.first().filter(|_| !stepped && !is_early) else {
                judge.pass();
                continue;
            };
            let more = match since.broken.len() - 1 {
                0 => String::new(),
                n => format!(" (and {n} more)"),
            };
            judge.fail(
                Failure::new(interface.place.path.as_str(), interface.place.clone())
                    .with("tag", since.tag.clone())
                    .with("what", first.clone())
                    .with("more", more),
            );
        }
        judge.nothing(NONE);
    },
};

pub(crate) const REUSED: Predicate = Predicate {
    name: "proto-number-reused",
    about: "The number of a protobuf field or enum value means something else than at the last release.",
    on: SubjectKind::File,
    fields: &["tag", "what"],
    params: &[],
    check: |context, judge| {
        for interface in own(context).filter(|i| i.format == "protobuf") {
            let Some(Since { tag, reused, .. }) = &interface.since else {
                judge.nothing(NO_RELEASE);
                continue;
            };
            if reused.is_empty() {
                judge.pass();
            }
            for what in reused.iter().take(20) {
                judge.fail(
                    Failure::new(interface.place.path.as_str(), interface.place.clone())
                        .with("tag", tag.clone())
                        .with("what", what.clone()),
                );
            }
        }
        judge.nothing("there is no protobuf file");
    },
};

/// Versions that generators write and nobody means.
const UNMEANT: &[&str] = &["1.0.0", "0.0.0", "0.0.1", "0.1.0"];

pub(crate) const DRIFT: Predicate = Predicate {
    name: "interface-version-drift",
    about: "The version that an interface document states follows that of the package and has fallen behind or run ahead. Only versions of three numbers with the same major version are compared: others count for themselves.",
    on: SubjectKind::File,
    fields: &["stated", "version", "manifest"],
    params: &[],
    check: |context, judge| {
        for interface in own(context) {
            let Some(((stated, place), manifest)) = interface.version.as_ref().zip(manifest_of(context, interface))
            else {
                judge.nothing("no interface document and manifest state a version each");
                continue;
            };
            let version = manifest.version.as_deref().unwrap_or_default();
            if base(stated) == base(version) {
                judge.pass();
                continue;
            }
            let three = |v: &str| Release::numbers(base(v)).filter(|_| base(v).split('.').count() == 3);
            let followed = matches!((three(stated), three(version)), (Some(a), Some(b)) if a[0] == b[0]);
            if !followed || UNMEANT.contains(&stated.as_str()) || UNMEANT.contains(&version) {
                judge.nothing("the interface has versions of its own");
                continue;
            }
            judge.fail(
                Failure::new(interface.place.path.as_str(), place.clone())
                    .with("stated", stated.clone())
                    .with("version", version)
                    .with("manifest", manifest.place.path.as_str())
                    .also(manifest.place.clone(), "states the version of the package"),
            );
        }
        judge.nothing(NONE);
    },
};

pub(crate) const TAG: Predicate = Predicate {
    name: "version-tag-mismatch",
    about: "The newest tag of a release names another version than the root manifests of the tagged commit.",
    on: SubjectKind::Manifest,
    fields: &["tag", "stated"],
    params: &[],
    check: |context, judge| {
        let Some(release) = &context.scene.inventory.release else {
            return judge.nothing("there is no tag that is named like a release");
        };
        // A tree with several packages tags one of them; which one, its tag does not always tell.
        let wanted = Release::numbers(&release.version);
        let matches = release.stated.iter().any(|(_, stated)| Release::numbers(base(stated)) == wanted);
        for (path, stated) in &release.stated {
            if matches || wanted.is_none() || Release::numbers(base(stated)).is_none_or(|n| n == [0; 3]) {
                judge.pass();
                continue;
            }
            let place = crate::model::Place::file(path.clone());
            judge.fail(
                Failure::new(path.as_str(), place).with("tag", release.tag.clone()).with("stated", stated.clone()),
            );
        }
        judge.nothing("no root manifest of the tagged commit states a version");
    },
};
