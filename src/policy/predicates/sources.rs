//! Where components come from, and whether everybody can get them there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Predicate;
use crate::model::{Inventory, Place, Scope};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

static DATA: &str = include_str!("../../../policies/facts/hosts.toml");

/// Hosts by what they are.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hosts {
    /// Public registries and what delivers their archives.
    registries: Vec<String>,
    /// Forges where anybody can fetch public repositories.
    forges: Vec<String>,
    /// Copies of public registries for a region or a company's customers.
    mirrors: Vec<String>,
    /// Ends of names that exist only inside a network.
    private: Vec<String>,
}

static HOSTS: LazyLock<Hosts> = LazyLock::new(|| toml::from_str(DATA).unwrap_or_default());

/// The host of an address such as `git+ssh://user@host:22/path` or `git@host:path`, in lower case.
fn host(address: &str) -> Option<String> {
    let rest = match address.split_once("://") {
        Some((_, rest)) => rest,
        None => address.strip_prefix("git@").map(|_| address)?,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether `host` is `name` or below it.
fn is_at(host: &str, name: &str) -> bool {
    host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'))
}

fn any(host: &str, names: &[String]) -> bool {
    names.iter().any(|name| is_at(host, name))
}

/// Whether a host exists only inside a network: a bare name, a private address, a reserved ending.
fn is_private(host: &str) -> bool {
    let address: Vec<Option<u8>> = host.split('.').map(|part| part.parse().ok()).collect();
    let is_private_address = match address.as_slice() {
        [Some(10), Some(_), Some(_), Some(_)] => true,
        [Some(192), Some(168), Some(_), Some(_)] => true,
        [Some(172), Some(second), Some(_), Some(_)] => (16..32).contains(second),
        _ => false,
    };
    is_private_address || any(host, &HOSTS.private) || !host.contains('.')
}

/// Addresses that lock files and manifests name, each with where it stands and what is fetched there.
fn addresses(inventory: &Inventory) -> impl Iterator<Item = (&str, &Place, &str)> {
    let locked = inventory.packages.iter().filter_map(|package| {
        let place = package.origin.first()?;
        Some((package.resolved.as_deref()?, place, package.name.as_str()))
    });
    let asked = inventory.manifests.iter().filter(|m| is_first_party(&m.place.path)).flat_map(|manifest| {
        let own = |d: &'_ crate::model::Dependency| d.source.is_some();
        manifest
            .dependencies
            .iter()
            .filter(move |d| own(d))
            .filter_map(|d| Some((d.source.as_deref()?, &d.place, d.name.as_str())))
    });
    locked.chain(asked).filter(|(_, place, _)| is_first_party(&place.path))
}

pub(super) const REGION: Predicate = Predicate {
    name: "registry-region-locked",
    about: "A lock file fetches from a mirror of a region or company instead of the public registry. One finding for each lock file and host.",
    on: SubjectKind::File,
    fields: &["host", "count", "first"],
    params: &[],
    check: |context, judge| {
        let mut found: BTreeMap<(&str, String), (usize, &Place, &str)> = BTreeMap::new();
        let mut files: BTreeSet<&str> = BTreeSet::new();
        for (address, place, name) in addresses(context.scene.inventory) {
            let Some(host) = host(address).filter(|_| address.starts_with("http")) else { continue };
            files.insert(place.path.as_str());
            let is_mirror = any(&host, &HOSTS.mirrors) || is_private(&host) || is_proxy(address, &host);
            if is_mirror {
                let entry = found.entry((place.path.as_str(), host)).or_insert((0, place, name));
                entry.0 += 1;
            }
        }
        for ((path, host), (count, place, first)) in &found {
            files.remove(path);
            judge.fail(
                Failure::new(*path, (*place).clone())
                    .with("host", host.as_str())
                    .with("count", count.to_string())
                    .with("first", *first),
            );
        }
        files.iter().for_each(|_| judge.pass());
    },
};

/// Whether an address is that of a repository manager which companies run for themselves.
fn is_proxy(address: &str, host: &str) -> bool {
    !any(host, &HOSTS.registries)
        && !any(host, &HOSTS.forges)
        && ["/artifactory/", "/nexus/", "/repository/npm", "/api/npm/", "/api/pypi/", "/content/groups/"]
            .iter()
            .any(|mark| address.contains(mark))
}

pub(super) const PRIVATE: Predicate = Predicate {
    name: "private-source-required",
    about: "A dependency or submodule is fetched from a place that only some can reach: a host inside a network, or by SSH from a host that is no public forge. One finding for each file and host.",
    on: SubjectKind::File,
    fields: &["host", "name", "address"],
    params: &[],
    check: |context, judge| {
        let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
        for (address, place, name) in addresses(context.scene.inventory) {
            let Some(host) = host(address) else { continue };
            let by_ssh =
                address.starts_with("ssh://") || address.starts_with("git+ssh://") || address.starts_with("git@");
            if !(is_private(&host) || by_ssh && !any(&host, &HOSTS.forges)) {
                judge.pass();
                continue;
            }
            if seen.insert((place.path.as_str(), host.clone())) {
                judge.fail(
                    Failure::new(place.path.as_str(), place.clone())
                        .with("host", host)
                        .with("name", name)
                        .with("address", address),
                );
            }
        }
    },
};

pub(super) const CLOSED: Predicate = Predicate {
    name: "closed-mandatory-dependency",
    about: "A component that is needed at run time declares that nobody has a license to it.",
    on: SubjectKind::Component,
    fields: &["name", "version", "license"],
    params: &[],
    check: |context, judge| {
        const CLOSED: &[&str] = &["unlicensed", "proprietary", "commercial", "all rights reserved"];
        for package in &context.scene.inventory.packages {
            let (Some(place), Some(license)) = (package.origin.first(), package.license.declared.as_deref()) else {
                continue;
            };
            if package.local || package.scope != Scope::Runtime {
                continue;
            }
            let words = license.to_lowercase();
            let words = words.trim_start_matches("licenseref-");
            if !CLOSED.iter().any(|closed| words.starts_with(closed)) {
                judge.pass();
                continue;
            }
            judge.fail(
                Failure::new(package.purl.as_str(), place.clone())
                    .with("name", package.name.as_str())
                    .with("version", package.version.as_str())
                    .with("license", license)
                    .license(license),
            );
        }
    },
};

pub(super) const DUPLICATE: Predicate = Predicate {
    name: "duplicate-vendored-code",
    about: "The manifest of one vendored component lies in several folders of the tree. Installed packages (node_modules) are left out.",
    on: SubjectKind::File,
    fields: &["name", "count", "versions"],
    params: &[],
    check: |context, judge| {
        let mut copies: BTreeMap<(&str, &str), Vec<&crate::model::Manifest>> = BTreeMap::new();
        for manifest in &context.scene.inventory.vendored {
            let is_installed = manifest.place.path.as_str().split('/').any(|part| part == "node_modules");
            if let (Some(name), false) = (manifest.name.as_deref(), is_installed) {
                copies.entry((manifest.ecosystem.as_str(), name)).or_default().push(manifest);
            }
        }
        for ((_, name), manifests) in copies {
            let [first, rest @ ..] = manifests.as_slice() else { continue };
            if rest.is_empty() {
                judge.pass();
                continue;
            }
            let versions: BTreeSet<&str> = manifests.iter().filter_map(|m| m.version.as_deref()).collect();
            let mut failure = Failure::new(first.place.path.as_str(), first.place.clone())
                .with("name", name)
                .with("count", manifests.len().to_string())
                .with("versions", versions.into_iter().collect::<Vec<_>>().join(", "));
            for other in rest.iter().take(10) {
                failure = failure.also(other.place.clone(), "another copy");
            }
            judge.fail(failure);
        }
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_from_addresses_of_every_shape() {
        for (address, expected) in [
            ("https://a.example/x.tgz", Some("a.example")),
            ("git+ssh://git@host.corp:22/a/b.git#main", Some("host.corp")),
            ("git@host:a/b.git", Some("host")),
            ("../local", None),
        ] {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        }
        assert!(is_private("10.1.2.3") && is_private("builds") && is_private("git.acme.internal"));
        assert!(!is_private("github.com") && !is_private("172.32.0.1"));
        assert!(is_at("a.b.example", "b.example") && !is_at("ab.example", "b.example"));
    }

    #[test]
    fn the_data_can_be_read() {
        let hosts: Hosts = toml::from_str(DATA).unwrap();
        assert!(!hosts.registries.is_empty() && !hosts.forges.is_empty() && !hosts.mirrors.is_empty());
    }
}
