//! Components of a bill from the packages of the inventory.

use crate::model::{Completeness, Component, ComponentKind, ExternalReference, Inventory, Package, Scope, purl_type};

/// The component of a package.
pub(super) fn of(package: &Package, inventory: &Inventory) -> Component {
    let mut properties = vec![
        ("openclause:direct".to_owned(), package.direct.to_string()),
        ("openclause:scope".to_owned(), package.scope.name().to_owned()),
    ];
    if package.local {
        properties.push(("openclause:local".to_owned(), "true".to_owned()));
    }
    if let Some(source) = &package.license.source {
        properties.push(("openclause:license:source".to_owned(), source.clone()));
    }
    if !package.locked && !package.local {
        // The version is what a manifest asks for; nothing says which one is used.
        properties.push(("openclause:version:requirement".to_owned(), "true".to_owned()));
    }
    if let Some(hint) = hint(package, inventory) {
        properties.push(("openclause:version:comment".to_owned(), hint.to_owned()));
    }
    let (hashes, odd): (Vec<_>, Vec<_>) =
        package.hashes.iter().cloned().partition(|h| is_hash(&h.algorithm, &h.value));
    properties.extend(odd.into_iter().map(|h| (format!("openclause:hash:{}", h.algorithm), h.value)));
    let mut component = Component {
        reference: package.purl.clone(),
        kind: component_kind(package, inventory),
        name: package.name.clone(),
        version: Some(package.version.clone()).filter(|v| !v.is_empty()),
        purl: Some(package.purl.clone()),
        scope: Some(package.scope),
        declared: package.license.declared.clone(),
        concluded: package.license.concluded.clone(),
        file_name: None,
        references: references(package, &hashes),
        hashes,
        occurrences: package.origin.clone(),
        dependencies: package.dependencies.clone(),
        completeness: completeness(package),
        card: package.card.clone(),
        ..Component::default()
    };
    if let Some(name) = distributed_file(package) {
        properties.push(("bsi:component:filename".to_owned(), name.clone()));
        if is_archive(&name) {
            properties.push(("bsi:component:archive".to_owned(), "archive".to_owned()));
            properties.push(("bsi:component:structured".to_owned(), "structured".to_owned()));
        }
        component.file_name = Some(name);
    }
    properties.sort();
    component.properties = properties;
    component
}

/// The version that a comment beside the commit of an action names (`# v4.1.0`).
fn hint<'i>(package: &Package, inventory: &'i Inventory) -> Option<&'i str> {
    if purl_type(&package.purl) != "githubactions" {
        return None;
    }
    let locks = inventory.locks.iter().filter(|lock| lock.ecosystem.as_str() == "githubactions");
    let same = locks.flat_map(|lock| &lock.packages).filter(|locked| locked.purl == package.purl);
    same.flat_map(|locked| &locked.answers).next().map(String::as_str)
}

fn component_kind(package: &Package, inventory: &Inventory) -> ComponentKind {
    if package.kind.is_library() && package.local && is_application(package, inventory) {
        ComponentKind::Application
    } else {
        package.kind
    }
}

fn is_application(package: &Package, inventory: &Inventory) -> bool {
    inventory.manifests.iter().any(|m| {
        m.application
            && m.name.as_ref() == Some(&package.name)
            && package.origin.iter().any(|p| p.path == m.place.path)
    })
}

/// Whether the list of dependencies is known to be whole: lock files state all edges, or none at all.
fn completeness(package: &Package) -> Completeness {
    match (package.locked, package.local) {
        (true, _) if !package.dependencies.is_empty() => Completeness::Complete,
        (false, true) => Completeness::Incomplete,
        _ => Completeness::Unknown,
    }
}

fn references(package: &Package, hashes: &[crate::model::Hash]) -> Vec<ExternalReference> {
    let Some(resolved) = package.resolved.as_deref().filter(|url| is_address(url)) else { return Vec::new() };
    let is_git = resolved.starts_with("git") || resolved.ends_with(".git");
    let (kind, hashes) = match purl_type(&package.purl) {
        _ if is_git => ("vcs", Vec::new()),
        // A crate holds sources, and nothing else is distributed.
        "cargo" => ("source-distribution", hashes.to_vec()),
        "pypi" if !resolved.ends_with(".whl") => ("source-distribution", hashes.to_vec()),
        _ => ("distribution", hashes.to_vec()),
    };
    vec![ExternalReference { kind: kind.to_owned(), url: resolved.to_owned(), hashes }]
}

/// Whether a text is an address that documents may hold: a scheme, and nothing that RFC 3986 forbids.
pub(super) fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").is_some_and(|(scheme, rest)| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(plain) && !rest.is_empty()
    });
    scheme
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`[]".contains(&b))
        && text.matches('#').count() < 2
}

/// The name of the file that is distributed, where the lock file or the format of the registry tells it.
fn distributed_file(package: &Package) -> Option<String> {
    if let Some(name) = package.resolved.as_deref().and_then(file_name) {
        return Some(name.to_owned());
    }
    // `cargo package` knows one name only, and what a lock file gives the digest of is this file.
    let is_crate = purl_type(&package.purl) == "cargo" && !package.hashes.is_empty();
    is_crate.then(|| format!("{}-{}.crate", package.name, package.version))
}

/// The name of the file that an address leads to.
fn file_name(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let (_, name) = path.split_once("://")?.1.rsplit_once('/')?;
    let is_git = url.starts_with("git") || name.ends_with(".git");
    (!is_git && name.contains('.') && !name.contains('%')).then_some(name)
}

/// Whether a file of this name holds other files, whose structure is kept (BSI TR-03183-2, section 8.1).
pub(super) fn is_archive(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        ".crate", ".tgz", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".whl", ".jar", ".war", ".aar", ".gem",
        ".nupkg", ".conda", ".egg",
    ];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a digest has a name and the length that CycloneDX and SPDX know.
pub(super) fn is_hash(algorithm: &str, value: &str) -> bool {
    let length = match algorithm {
        "MD5" => 32,
        "SHA-1" => 40,
        "SHA-256" | "SHA3-256" | "BLAKE2b-256" | "BLAKE3" => 64,
        "SHA-384" | "SHA3-384" | "BLAKE2b-384" => 96,
        "SHA-512" | "SHA3-512" | "BLAKE2b-512" => 128,
        _ => return false,
    };
    value.len() == length && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The scope of CycloneDX for ours.
pub(super) fn cyclonedx_scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Runtime | Scope::Peer => "required",
        Scope::Optional => "optional",
        Scope::Build | Scope::Dev | Scope::Test => "excluded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_file_names() {
        assert!(is_address("https://host/a%20b.tgz?x=1#y"));
        for bad in ["a.tgz", "../a", "://x", "https://", "https://host/a b", "https://host/<a>", "1x://y"] {
            assert!(!is_address(bad), "{bad}");
        }
        assert_eq!(file_name("https://host/a/b-1.0.tgz?x#y"), Some("b-1.0.tgz"));
        assert_eq!(file_name("https://host"), None);
        assert_eq!(file_name("git+https://host/a.git#1"), None);
        assert!(is_archive("b-1.0.tar.gz") && !is_archive("b.js"));
    }

    #[test]
    fn digests_must_have_their_length() {
        assert!(is_hash("SHA-256", &"0a".repeat(32)));
        assert!(!is_hash("SHA-256", "0a") && !is_hash("h1", &"0a".repeat(32)) && !is_hash("MD5", &"zz".repeat(16)));
    }
}
