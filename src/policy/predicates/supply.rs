//! What manifests ask for and lock files fix: there, in step, pinned, and from sources that can be trusted.

use super::Predicate;
use crate::model::{Dependency, Ecosystem, Lock, Manifest, RelPath, Scope, Severity};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_first_party, is_in_documents};

/// Ecosystems in which programs are expected to come with a lock file, and the command that writes it.
const LOCKED: &[(&str, &str)] = &[
    ("cargo", "cargo generate-lockfile"),
    ("npm", "npm install --package-lock-only"),
    ("composer", "composer update --no-install"),
    ("pub", "dart pub get"),
];

/// First-party manifests that a package manager resolves.
fn manifests<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Manifest> {
    context.scene.inventory.manifests.iter().filter(|m| !m.descriptive && is_first_party(&m.place.path))
}

/// The lock files that may fix what a manifest asks for: those in its folder, that of its workspace, and above.
fn locks<'a>(context: &Context<'a>, manifest: &'a Manifest) -> impl Iterator<Item = &'a Lock> {
    let folder = manifest.place.path.parent();
    let workspace = manifest.workspace.as_ref().map(RelPath::parent);
    let inventory = context.scene.inventory;
    // One file may ask for packages of several ecosystems, and one lock file fix them all: `pixi.toml` and `pixi.lock`.
    let is_of = move |lock: &Lock| {
        lock.ecosystem == manifest.ecosystem
            || inventory
                .manifests
                .iter()
                .any(|m| m.place.path == manifest.place.path && m.ecosystem == lock.ecosystem)
    };
    inventory.locks.iter().filter(move |lock| {
        let of = lock.place.path.parent();
        is_of(lock) && (folder.is_within(&of) || workspace.as_ref() == Some(&of))
    })
}

/// Whether a dependency is another part of the project, or something next to it.
fn is_path(dependency: &Dependency) -> bool {
    let word = dependency.requirement.as_str();
    ["workspace:", "file:", "link:", "portal:"].iter().any(|start| word.starts_with(start))
        || dependency.source.as_deref().is_some_and(|source| !source.contains(':'))
}

pub(super) const LOCK_MISSING: Predicate = Predicate {
    name: "lockfile-missing",
    about: "A program with dependencies, in an ecosystem with lock files, has none in its folder, its workspace or above.",
    on: SubjectKind::Manifest,
    fields: &["command"],
    params: &[],
    check: |context, judge| {
        if !context.scene.inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        for manifest in manifests(context).filter(|m| m.application) {
            let Some((_, command)) = LOCKED.iter().find(|(name, _)| *name == manifest.ecosystem.as_str()) else {
                continue;
            };
            // A package that is published to be installed as a library, too, leaves the versions to its user.
            let published = manifest.publishable && manifest.ecosystem == Ecosystem::NPM;
            if published || manifest.dependencies.iter().all(is_path) {
                continue;
            }
            if locks(context, manifest).next().is_some() || broken_lock(context, manifest) {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(manifest.place.path.as_str(), manifest.place.clone()).with("command", *command),
                );
            }
        }
    },
};

/// Whether a lock file lies there that could not be read; that is reported as such.
fn broken_lock(context: &Context<'_>, manifest: &Manifest) -> bool {
    let folder = manifest.place.path.parent();
    context.scene.inventory.skipped.iter().any(|s| {
        let name = s.path.name().to_ascii_lowercase();
        (name.contains("lock") || name.contains("shrinkwrap")) && folder.is_within(&s.path.parent())
    })
}

pub(super) const LOCK_STALE: Predicate = Predicate {
    name: "lockfile-stale",
    about: "A dependency of a Cargo or npm manifest is not in the lock file that binds it, or none of its versions there is allowed. A shrinkwrap is for users, and may leave out what only development needs. A warning below a folder for documents.",
    on: SubjectKind::Manifest,
    fields: &["dependency", "problem", "lock"],
    params: &[],
    check: |context, judge| {
        let known = [Ecosystem::CARGO, Ecosystem::NPM];
        for manifest in manifests(context).filter(|m| known.contains(&m.ecosystem)) {
            // Only a lock that lists the manifest itself is surely its own.
            let folder = manifest.place.path.parent();
            let workspace = manifest.workspace.as_ref().map_or_else(|| folder.clone(), RelPath::parent);
            let mut own = locks(context, manifest).filter(|l| l.place.path.parent() == workspace);
            let (Some(lock), None) = (own.next(), own.next()) else { continue };
            // Yarn and npm link what a workspace asks of itself, and some of their lock files do not list it.
            // Lerna links all packages of a repository.
            let linked = folder
                .ancestors()
                .find(|at| at.join("lerna.json").is_some_and(|file| context.scene.inventory.exists(&file)));
            let home = linked.unwrap_or_else(|| workspace.clone());
            let of_workspace = |name: &str| {
                let others = context.scene.inventory.manifests.iter().filter(|m| m.ecosystem == manifest.ecosystem);
                let names = |m: &Manifest| m.name.as_deref() == Some(name) && m.place.path.is_within(&home);
                others.into_iter().any(names)
            };
            let mut stale = Vec::new();
            for dependency in manifest.dependencies.iter().filter(|d| !is_path(d) && d.source.is_none()) {
                if matches!(dependency.scope, Scope::Peer | Scope::Optional) && manifest.ecosystem == Ecosystem::NPM {
                    continue;
                }
                if dependency.scope == Scope::Dev && lock.place.path.name() == "npm-shrinkwrap.json" {
                    continue;
                }
                if let Some(problem) = out_of_step(dependency, lock, &manifest.ecosystem)
                    && !of_workspace(&dependency.name)
                {
                    stale.push((dependency, problem));
                }
            }
            if stale.is_empty() {
                judge.pass();
            }
            for (dependency, problem) in stale {
                judge.fail(
                    Failure::new(manifest.place.path.as_str(), dependency.place.clone())
                        .with("dependency", dependency.name.clone())
                        .with("problem", problem)
                        .with("lock", lock.place.path.as_str())
                        .at_most(if is_in_documents(&folder) { Severity::Warning } else { Severity::Error })
                        .also(lock.place.clone(), "the lock file"),
                );
            }
        }
    },
};

/// How a lock fails a dependency; `None` where it does not, or cannot be told.
fn out_of_step(dependency: &Dependency, lock: &Lock, ecosystem: &Ecosystem) -> Option<String> {
    use cargo_metadata::semver::{Version, VersionReq};
    let found: Vec<&str> = lock
        .packages
        .iter()
        .filter(|p| p.name == dependency.name || p.answers.contains(&dependency.requirement))
        .map(|p| p.version.as_str())
        .collect();
    if found.is_empty() {
        let aliased = dependency.requirement.contains(':');
        return (!aliased).then(|| format!("{} is not in it", dependency.name));
    }
    if *ecosystem != Ecosystem::CARGO {
        return None;
    }
    let wanted = VersionReq::parse(&dependency.requirement).ok()?;
    let versions: Vec<Version> = found.iter().filter_map(|v| Version::parse(v).ok()).collect();
    let fits = versions.len() < found.len() || versions.iter().any(|v| wanted.matches(v));
    (!fits).then(|| {
        format!("it has {} {}, and {} is asked for", dependency.name, found.join(", "), dependency.requirement)
    })
}

pub(super) const FLOATING: Predicate = Predicate {
    name: "dependency-floating",
    about: "A dependency may be any version, or whatever a branch holds, and no lock file fixes it.",
    on: SubjectKind::Manifest,
    fields: &["dependency", "requirement"],
    params: &[],
    check: |context, judge| {
        const PACKAGES: &[&str] = &["cargo", "npm", "composer", "gem", "pub", "hex", "pypi", "maven", "nuget"];
        for manifest in manifests(context).filter(|m| PACKAGES.contains(&m.ecosystem.as_str())) {
            let fixed = locks(context, manifest).next().is_some() || broken_lock(context, manifest);
            // What npm calls a peer is chosen by whoever installs the package, and an optional one need not be there.
            let is_peer = |d: &Dependency| {
                d.scope == Scope::Peer || d.scope == Scope::Optional && manifest.ecosystem.as_str() == "npm"
            };
            let wanted = manifest.dependencies.iter().filter(|d| !is_path(d) && !is_peer(d));
            let mut floating = wanted.filter(|d| !fixed && floats(d)).peekable();
            if floating.peek().is_none() {
                judge.pass();
            }
            for dependency in floating {
                let word =
                    if dependency.requirement.is_empty() { "its default branch" } else { &dependency.requirement };
                judge.fail(
                    Failure::new(manifest.place.path.as_str(), dependency.place.clone())
                        .with("dependency", dependency.name.clone())
                        .with("requirement", word),
                );
            }
        }
    },
};

/// Whether what is fetched may change from one day to the next without bound.
fn floats(dependency: &Dependency) -> bool {
    let source = dependency.source.as_deref().unwrap_or_default();
    if source.starts_with("git") {
        let (address, commit) = source.split_once('#').unwrap_or((source, ""));
        let pinned = !commit.is_empty() || address.contains("?rev=") || address.contains("?tag=");
        return !pinned && dependency.requirement.is_empty();
    }
    let word = dependency.requirement.trim().to_ascii_lowercase();
    source.is_empty() && ["*", "x", "latest", "next", ">=0", ">= 0", ">=0.0.0", "any"].contains(&word.as_str())
}

pub(super) const INSECURE: Predicate = Predicate {
    name: "dependency-insecure-source",
    about: "A dependency comes over a connection that nobody protects and without a digest, or from a path outside of the checkout; a source distribution of Python (`PKG-INFO`) is a part of one, so its paths are left out. A warning for submodules, whose commit git compares.",
    on: SubjectKind::Manifest,
    fields: &["dependency", "source", "problem"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let is_top = inventory.repository.as_ref().is_none_or(|r| r.prefix.as_str().is_empty());
        for manifest in manifests(context) {
            let mut sound = true;
            // A source distribution of Python is a folder of a repository, whose other folders are not in it.
            let is_excerpt =
                manifest.place.path.parent().join("PKG-INFO").is_some_and(|p| inventory.file(&p).is_some());
            for dependency in &manifest.dependencies {
                let Some(source) = &dependency.source else { continue };
                let outside = inventory.whole
                    && is_top
                    && !is_excerpt
                    && dependency.requirement.is_empty()
                    && !source.contains(':')
                    && (source.starts_with('/') || manifest.place.path.parent().join(source).is_none());
                let problem = if is_unprotected(source) {
                    "over a connection that nobody protects"
                } else if outside {
                    "from a path outside of the checkout"
                } else {
                    continue;
                };
                sound = false;
                judge.fail(
                    Failure::new(manifest.place.path.as_str(), dependency.place.clone())
                        .with("dependency", dependency.name.clone())
                        .with("source", source.clone())
                        .with("problem", problem),
                );
            }
            if sound {
                judge.pass();
            }
        }
        for lock in inventory.locks.iter().filter(|l| is_first_party(&l.place.path)) {
            let (problem, at_most) = match lock.place.path.name() {
                ".gitmodules" => ("over a connection that nobody protects", Severity::Warning),
                _ => ("over a connection that nobody protects, without a digest", Severity::Error),
            };
            for package in lock.packages.iter().filter(|p| p.hashes.is_empty()) {
                let Some(source) = package.resolved.as_deref().filter(|s| is_unprotected(s)) else { continue };
                let place = crate::model::Place { path: lock.place.path.clone(), region: package.region.clone() };
                judge.fail(
                    Failure::new(lock.place.path.as_str(), place)
                        .with("dependency", package.name.clone())
                        .with("source", source)
                        .with("problem", problem)
                        .at_most(at_most),
                );
            }
        }
    },
};

fn is_unprotected(source: &str) -> bool {
    let rest = ["git+http://", "http://", "git://", "git+git://", "ftp://", "svn://"]
        .iter()
        .find_map(|scheme| source.strip_prefix(scheme));
    // Names that are kept for tests and examples lead nowhere (RFC 6761).
    let is_reserved = |rest: &str| {
        let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
        [".invalid", ".test", ".example", ".localhost"].iter().any(|end| host.ends_with(end))
    };
    rest.is_some_and(|host| !host.starts_with("localhost") && !host.starts_with("127.") && !is_reserved(host))
}
