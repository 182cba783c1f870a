//! The registries, and how each states the license of one version of a package.

use std::time::Duration;

use serde_json::Value;

use super::Failure;
use super::client::Client;
use crate::collect::encoded::percent_encoded;
use crate::collect::packages::{cargo_license, describe, license_of, license_of_metadata, with_license_of_parents};

/// A registry whose public API states licenses by name and version.
pub(super) struct Registry {
    /// The purl type of its packages.
    pub(super) kind: &'static str,
    /// Its public address.
    pub(super) address: &'static str,
    /// The least time between two requests.
    pub(super) pause: Duration,
    /// The license of a package by name and version, as the registry states it.
    pub(super) ask: fn(&mut Client, &str, &str) -> Result<Option<String>, Failure>,
}

/// What registries that publish no limit are asked at most: ten times a second, as RubyGems allows.
const SHORT: Duration = Duration::from_millis(100);

/// Every registry. Left out are those that state licenses of a package and not of its versions (Hex, pub.dev), or none
/// (Go, Conan, Swift).
pub(super) static REGISTRIES: &[Registry] = &[
    Registry {
        kind: "cargo",
        address: "https://crates.io",
        // The data access policy of crates.io allows one request a second.
        pause: Duration::from_secs(1),
        ask: crates_io,
    },
    Registry { kind: "npm", address: "https://registry.npmjs.org", pause: SHORT, ask: npm },
    Registry { kind: "pypi", address: "https://pypi.org", pause: SHORT, ask: pypi },
    Registry { kind: "maven", address: "https://repo.maven.apache.org/maven2", pause: SHORT, ask: maven },
    Registry { kind: "gem", address: "https://rubygems.org", pause: SHORT, ask: rubygems },
    Registry { kind: "nuget", address: "https://api.nuget.org", pause: SHORT, ask: nuget },
    Registry { kind: "composer", address: "https://repo.packagist.org", pause: SHORT, ask: packagist },
    Registry { kind: "hackage", address: "https://hackage.haskell.org", pause: SHORT, ask: hackage },
    Registry { kind: "huggingface", address: "https://huggingface.co", pause: SHORT, ask: huggingface },
];

/// A path of an address from segments that names of a checkout make; `None` where one would lead elsewhere.
fn path(segments: &[&str]) -> Option<String> {
    let plain = |segment: &&str| !matches!(*segment, "" | "." | "..") && segment.len() <= 255;
    segments
        .iter()
        .all(plain)
        .then(|| segments.iter().map(|segment| percent_encoded(segment, "")).collect::<Vec<_>>().join("/"))
}

/// What the registry has at these segments.
fn get(client: &mut Client, segments: &[&str]) -> Result<Option<Vec<u8>>, Failure> {
    path(segments).map_or(Ok(None), |path| client.get(&path))
}

/// The same, as JSON. What is none states nothing.
fn json(client: &mut Client, segments: &[&str]) -> Result<Option<Value>, Failure> {
    Ok(get(client, segments)?.and_then(|body| serde_json::from_slice(&body).ok()))
}

/// The license in a manifest that the registry has at these segments, read as the file called `name`.
fn manifest(client: &mut Client, segments: &[&str], name: &str) -> Result<Option<String>, Failure> {
    Ok(get(client, segments)?.and_then(|body| license_of(&describe(name, &body)?)?.declared))
}

/// A text, or a list that offers a choice.
fn choice(value: &Value) -> Option<String> {
    let words: Vec<&str> = match value {
        Value::String(text) => vec![text.trim()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::trim).collect(),
        _ => Vec::new(),
    };
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" OR "))
}

/// crates.io, "Data Access".
fn crates_io(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    let answer = json(client, &["api", "v1", "crates", name, version])?;
    let license = answer.as_ref().and_then(|answer| answer["version"]["license"].as_str());
    Ok(license.filter(|text| !text.is_empty()).map(cargo_license))
}

/// npm's public registry API, "getPackageVersion": the `package.json` of the version.
fn npm(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    manifest(client, &[name, version], "package.json")
}

/// PyPI's JSON API, "Get a release".
fn pypi(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    let Some(answer) = json(client, &["pypi", name, version, "json"])? else { return Ok(None) };
    let info = &answer["info"];
    let text = |key: &str| info[key].as_str().map(str::trim).filter(|text| !text.is_empty());
    let classifiers = info["classifiers"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(license_of_metadata(text("license_expression"), text("license"), classifiers))
}

/// The layout of Maven's repositories. A license is often that of a parent.
fn maven(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    fn pom(client: &mut Client, name: &str, version: &str) -> Result<Option<Vec<u8>>, Failure> {
        let Some((group, artifact)) = name.split_once('/') else { return Ok(None) };
        let file = format!("{artifact}-{version}.pom");
        let segments: Vec<&str> = group.split('.').chain([artifact, version, &file]).collect();
        get(client, &segments)
    }
    let Some(mut manifest) = pom(client, name, version)?.and_then(|body| describe("a.pom", &body)) else {
        return Ok(None);
    };
    let mut failure = None;
    with_license_of_parents(&mut manifest, |name, version| match pom(client, name, version) {
        Ok(body) => body,
        Err(failed) => {
            failure = Some(failed);
            None
        }
    });
    failure.map_or(Ok(license_of(&manifest).and_then(|license| license.declared)), Err)
}

/// The API of RubyGems.org, version 2. Several licenses are a choice (RubyGems, "Specification reference").
fn rubygems(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    let file = format!("{version}.json");
    let answer = json(client, &["api", "v2", "rubygems", name, "versions", &file])?;
    Ok(answer.and_then(|answer| choice(&answer["licenses"])))
}

/// NuGet's server API, "Package content": the `.nuspec` of the version. Identifiers and versions are in lower case.
fn nuget(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    let (name, version) = (name.to_lowercase(), version.to_lowercase());
    manifest(client, &["v3-flatcontainer", &name, &version, &format!("{name}.nuspec")], "a.nuspec")
}

/// Composer's repository format, "metadata-url": all versions, of which each states what differs from the one before.
fn packagist(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    let Some((vendor, package)) = name.split_once('/') else { return Ok(None) };
    let Some(answer) = json(client, &["p2", vendor, &format!("{package}.json")])? else { return Ok(None) };
    let bare = |text: &str| text.strip_prefix('v').unwrap_or(text).to_owned();
    let minified = answer["minified"].as_str().is_some();
    let mut license = &Value::Null;
    for entry in answer["packages"][name].as_array().into_iter().flatten() {
        match entry.get("license") {
            Some(stated) => license = stated,
            None if !minified => license = &Value::Null,
            None => {}
        }
        if entry["version"].as_str().map(bare) == Some(bare(version)) {
            return Ok(choice(license).filter(|text| text != "__unset"));
        }
    }
    Ok(None)
}

/// Hackage's API, "package": the package description of the version.
fn hackage(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    manifest(client, &["package", &format!("{name}-{version}"), &format!("{name}.cabal")], "a.cabal")
}

/// The Hub API of Hugging Face: the model card of a revision.
fn huggingface(client: &mut Client, name: &str, version: &str) -> Result<Option<String>, Failure> {
    let (kind, repository) = name.strip_prefix("datasets/").map_or(("models", name), |rest| ("datasets", rest));
    let (owner, repository) = repository.split_once('/').unwrap_or(("", repository));
    let segments = ["api", kind, owner, repository, "revision", version];
    let segments: Vec<&str> = segments.into_iter().filter(|segment| !segment.is_empty()).collect();
    let answer = json(client, &segments)?;
    Ok(answer.and_then(|answer| choice(&answer["cardData"]["license"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lead_elsewhere() {
        assert_eq!(path(&["@a/b", "1.0.0+x"]).as_deref(), Some("%40a%2Fb/1.0.0%2Bx"));
        for segments in [["..", "a"], ["a", ""], [".", "a"]] {
            assert_eq!(path(&segments), None, "{segments:?}");
        }
        assert_eq!(path(&["a/../b", "1?x#y"]).as_deref(), Some("a%2F..%2Fb/1%3Fx%23y"));
    }
}
