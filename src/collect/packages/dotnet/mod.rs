//! .NET: what NuGet, MSBuild and Paket read and write.

pub(super) mod assets;
pub(super) mod config;
pub(super) mod deps;
pub(super) mod lock;
pub(super) mod nuspec;
pub(super) mod paket;
pub(super) mod project;
pub(super) mod tools;
pub(super) mod workspace;

use super::integrity;
use crate::model::Hash;

const NUGET: &str = "nuget";

/// The SHA-512 of a package as NuGet writes it: base64, with or without the algorithm in front.
fn sha512(text: &str) -> Vec<Hash> {
    let text = text.strip_prefix("sha512-").unwrap_or(text);
    integrity::hashes(&format!("sha512-{text}"))
}

/// Name and version of `Name/1.0.0`.
fn name_version(key: &str) -> Option<(&str, &str)> {
    key.rsplit_once('/').filter(|(name, version)| !name.is_empty() && !version.is_empty())
}
