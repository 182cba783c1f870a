//! CycloneDX 1.6 JSON (ECMA-424): the components of the project, with edges, scopes, hashes, licenses and origins.
//!
//! What a checkout cannot tell is declared unknown: the dependency graph is marked `incomplete`, and a component
//! without a known license has none. The serial number follows from the content, so the same tree gives the same
//! bytes; there is a time only where `SOURCE_DATE_EPOCH` gives one.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Format, View};
use crate::model::{Manifest, Package, Report, Scope};

/// The registration.
pub(super) const FORMAT: Format = Format {
    name: "cyclonedx",
    summary: "A bill of materials as CycloneDX 1.6 JSON.",
    extension: "cdx.json",
    render,
};

/// Reference of the project itself where no component stands for it.
const ROOT: &str = "project";

fn render(report: &Report, _view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut document = document(report);
    let content = serde_json::to_vec(&document).map_err(io::Error::from)?;
    document.insert("serialNumber".to_owned(), json!(serial(&content)));
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    writeln!(out)
}

/// A UUID of version 8 (RFC 9562 §5.8) made of the SHA-256 of the content.
fn serial(content: &[u8]) -> String {
    let mut bytes: Vec<u8> = Sha256::digest(content).iter().take(16).copied().collect();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn document(report: &Report) -> Map<String, Value> {
    let inventory = &report.inventory;
    let manifest = inventory.manifests.iter().find(|m| m.place.path.depth() == 1 && m.name.is_some());
    let root_package = manifest.and_then(|m| {
        let is_root = |p: &&Package| p.local && Some(&p.name) == m.name.as_ref();
        inventory.packages.iter().find(is_root)
    });
    let root_ref = root_package.map_or(ROOT, |p| p.purl.as_str());
    let others = inventory.packages.iter().filter(|p| p.purl != root_ref);

    let mut metadata = Map::new();
    if let Some(time) = timestamp() {
        metadata.insert("timestamp".to_owned(), json!(time));
    }
    metadata.insert("lifecycles".to_owned(), json!([{ "phase": "pre-build" }]));
    let tool = json!({ "type": "application", "name": report.tool.name, "version": report.tool.version });
    metadata.insert("tools".to_owned(), json!({ "components": [tool] }));
    metadata.insert("component".to_owned(), root(manifest, root_package, root_ref));

    let mut dependencies: Vec<Value> = Vec::new();
    let direct: Vec<&str> = match root_package {
        Some(package) => package.dependencies.iter().map(String::as_str).collect(),
        None => others.clone().filter(|p| p.direct || p.local).map(|p| p.purl.as_str()).collect(),
    };
    dependencies.push(json!({ "ref": root_ref, "dependsOn": direct }));
    for package in others.clone() {
        dependencies.push(json!({ "ref": package.purl, "dependsOn": package.dependencies }));
    }
    let mut document = Map::new();
    document.insert("$schema".to_owned(), json!("http://cyclonedx.org/schema/bom-1.6.schema.json"));
    document.insert("bomFormat".to_owned(), json!("CycloneDX"));
    document.insert("specVersion".to_owned(), json!("1.6"));
    document.insert("version".to_owned(), json!(1));
    document.insert("metadata".to_owned(), Value::Object(metadata));
    document.insert("components".to_owned(), others.map(component).collect());
    document.insert("dependencies".to_owned(), Value::Array(dependencies));
    let unknown = json!([{ "aggregate": "incomplete", "dependencies": [root_ref] }]);
    document.insert("compositions".to_owned(), unknown);
    document
}

fn timestamp() -> Option<String> {
    let seconds: i64 = std::env::var("SOURCE_DATE_EPOCH").ok()?.trim().parse().ok()?;
    jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}

fn root(manifest: Option<&Manifest>, package: Option<&Package>, reference: &str) -> Value {
    if let Some(package) = package {
        let mut value = component(package);
        value["type"] = json!("application");
        return value;
    }
    let name = manifest.and_then(|m| m.name.clone()).unwrap_or_else(|| ROOT.to_owned());
    let mut value = json!({ "type": "application", "bom-ref": reference, "name": name });
    if let Some(version) = manifest.and_then(|m| m.version.as_ref()) {
        value["version"] = json!(version);
    }
    value
}

fn component(package: &Package) -> Value {
    let mut value = json!({
        "type": package.kind.name(),
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": match package.scope {
            Scope::Runtime | Scope::Peer => "required",
            Scope::Optional => "optional",
            Scope::Build | Scope::Dev | Scope::Test => "excluded",
        },
        "purl": package.purl,
    });
    if !package.hashes.is_empty() {
        let hashes = package.hashes.iter().map(|h| json!({ "alg": h.algorithm, "content": h.value }));
        value["hashes"] = hashes.collect();
    }
    let license = &package.license;
    let (text, how) = match (&license.concluded, &license.declared) {
        (Some(concluded), _) => (Some(concluded), "concluded"),
        (None, declared) => (declared.as_ref(), "declared"),
    };
    if let Some(text) = text {
        let valid = spdx::Expression::parse(text).is_ok();
        value["licenses"] = if valid {
            json!([{ "expression": text, "acknowledgement": how }])
        } else {
            json!([{ "license": { "name": text, "acknowledgement": how } }])
        };
    }
    let occurrences = package.origin.iter().map(|place| {
        let mut occurrence = json!({ "location": place.path.as_str() });
        if let Some(region) = &place.region {
            occurrence["line"] = json!(region.start_line);
        }
        occurrence
    });
    value["evidence"] = json!({ "occurrences": occurrences.collect::<Vec<_>>() });
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serial_number_is_a_uuid_of_version_8_and_follows_from_the_content() {
        let (a, b) = (serial(b"a"), serial(b"b"));
        assert_ne!(a, b);
        assert_eq!(a, serial(b"a"));
        let digits: Vec<char> = a["urn:uuid:".len()..].chars().collect();
        assert_eq!((digits.len(), digits[14]), (36, '8'));
        assert!("89ab".contains(digits[19]));
    }
}
