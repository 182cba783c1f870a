//! Rust: what cargo reads and writes.

pub(super) mod lock;
pub(super) mod manifest;
mod resolve;
pub(super) mod workspace;

pub(super) use resolve::resolve;

/// Whether a source, as `Cargo.lock` writes it, is crates.io: the git index or its sparse successor.
fn is_default_registry(source: &str) -> bool {
    let index = source.strip_prefix("registry+").or_else(|| source.strip_prefix("sparse+"));
    index.is_some_and(|i| {
        matches!(i.trim_end_matches('/'), "https://github.com/rust-lang/crates.io-index" | "https://index.crates.io")
    })
}

/// The purl of a crate from its source as `Cargo.lock` writes it; crates.io needs no qualifier.
fn purl(name: &str, version: &str, source: &str) -> String {
    super::purl::purl_from("cargo", name, version, if is_default_registry(source) { "" } else { source })
}

/// Whether a version satisfies a requirement as cargo reads it; `None` when one of them is no valid text.
pub(super) fn allows(requirement: &str, version: &str) -> Option<bool> {
    use cargo_metadata::semver::{Version, VersionReq};
    Some(VersionReq::parse(requirement).ok()?.matches(&Version::parse(version).ok()?))
}
