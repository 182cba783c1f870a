//! SPDX 2.3 as JSON.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{DOCUMENT, Document, License, Package, Relationship};

/// Writes the document.
pub(super) fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut value = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": document.name,
        "documentNamespace": document.namespace,
        "creationInfo": { "created": document.created, "creators": document.creators },
        "packages": document.packages.iter().map(package).collect::<Vec<_>>(),
        "relationships": document.relationships.iter().map(relationship).collect::<Vec<_>>(),
    });
    if !document.comment.is_empty() {
        value["creationInfo"]["comment"] = json!(document.comment);
    }
    if !document.licenses.is_empty() {
        value["hasExtractedLicensingInfos"] = document.licenses.iter().map(license).collect();
    }
    crate::report::json::write(&value, out)
}

fn package(package: &Package) -> Value {
    let mut object = Map::new();
    let mut set = |key: &str, value: Value| drop(object.insert(key.to_owned(), value));
    set("SPDXID", json!(package.id));
    set("name", json!(package.name));
    if let Some(version) = &package.version {
        set("versionInfo", json!(version));
    }
    if let Some(name) = &package.file_name {
        set("packageFileName", json!(name));
    }
    set("supplier", json!(package.supplier));
    set("originator", json!(package.originator));
    set("downloadLocation", json!(package.download));
    set("filesAnalyzed", json!(false));
    if let Some(purpose) = package.purpose {
        set("primaryPackagePurpose", json!(purpose));
    }
    if !package.checksums.is_empty() {
        let all = package.checksums.iter().map(|(a, v)| json!({ "algorithm": a, "checksumValue": v }));
        set("checksums", all.collect());
    }
    if let Some(homepage) = &package.homepage {
        set("homepage", json!(homepage));
    }
    if let Some(info) = &package.source_info {
        set("sourceInfo", json!(info));
    }
    set("licenseConcluded", json!(package.concluded));
    set("licenseDeclared", json!(package.declared));
    if let Some(comment) = &package.license_comment {
        set("licenseComments", json!(comment));
    }
    set("copyrightText", json!(package.copyright));
    if let Some(summary) = &package.summary {
        set("summary", json!(summary));
    }
    if let Some(comment) = &package.comment {
        set("comment", json!(comment));
    }
    if !package.references.is_empty() {
        let all = package.references.iter().map(|(category, kind, locator)| {
            json!({ "referenceCategory": category, "referenceType": kind, "referenceLocator": locator })
        });
        set("externalRefs", all.collect());
    }
    Value::Object(object)
}

fn relationship(relationship: &Relationship) -> Value {
    json!({
        "spdxElementId": relationship.from,
        "relationshipType": relationship.kind,
        "relatedSpdxElement": relationship.to,
    })
}

fn license(license: &License) -> Value {
    let mut value = json!({ "licenseId": license.id, "extractedText": license.text });
    if let Some(name) = &license.name {
        value["name"] = json!(name);
    }
    value
}
