//! SPDX 2 tag-value brought into the shape of its JSON.

use std::borrow::Cow;

use super::faults::Faults;
use crate::collect::json::{Member, Node, Value};

/// Tags of the document, of packages, files and licenses, with the names that JSON has for them.
const DOCUMENT: &[(&str, &str)] = &[
    ("SPDXVersion", "spdxVersion"),
    ("DataLicense", "dataLicense"),
    ("DocumentName", "name"),
    ("DocumentNamespace", "documentNamespace"),
];
const PACKAGE: &[(&str, &str)] = &[
    ("PackageVersion", "versionInfo"),
    ("PackageFileName", "packageFileName"),
    ("PackageSupplier", "supplier"),
    ("PackageOriginator", "originator"),
    ("PackageDownloadLocation", "downloadLocation"),
    ("PackageHomePage", "homepage"),
    ("PackageSourceInfo", "sourceInfo"),
    ("PackageLicenseConcluded", "licenseConcluded"),
    ("PackageLicenseDeclared", "licenseDeclared"),
    ("PackageCopyrightText", "copyrightText"),
    ("PackageSummary", "summary"),
    ("PackageComment", "comment"),
    ("PackageDescription", "description"),
    ("PrimaryPackagePurpose", "primaryPackagePurpose"),
];
const LICENSE: &[(&str, &str)] = &[("ExtractedText", "extractedText"), ("LicenseName", "name")];

/// What the tags that follow speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Document,
    Package,
    Other,
    License,
}

/// The document as JSON has it.
pub(super) fn document(source: &str, faults: &mut Faults<'_, '_>) -> Node<'static> {
    let mut document = object(0);
    let mut creation = object(0);
    let mut packages: Vec<Node<'static>> = Vec::new();
    let mut licenses: Vec<Node<'static>> = Vec::new();
    let mut relationships: Vec<Node<'static>> = Vec::new();
    let mut section = Section::Document;
    let mut tags = Tags { source, at: 0 };
    while let Some((at, tag, value)) = tags.next(faults) {
        match tag {
            "PackageName" => {
                section = Section::Package;
                let mut package = object(at);
                set(&mut package, "name", text(value, at));
                packages.push(package);
            }
            "FileName" | "SnippetSPDXID" => section = Section::Other,
            "LicenseID" => {
                section = Section::License;
                let mut license = object(at);
                set(&mut license, "licenseId", text(value, at));
                licenses.push(license);
            }
            "Creator" => push(&mut creation, "creators", text(value, at)),
            "Created" => set(&mut creation, "created", text(value, at)),
            "CreatorComment" => set(&mut creation, "comment", text(value, at)),
            "Relationship" => {
                let mut words = value.split_whitespace();
                let mut relationship = object(at);
                for key in ["spdxElementId", "relationshipType", "relatedSpdxElement"] {
                    if let Some(word) = words.next() {
                        set(&mut relationship, key, text(word, at));
                    }
                }
                relationships.push(relationship);
            }
            "SPDXID" if section == Section::Document => set(&mut document, "SPDXID", text(value, at)),
            "SPDXID" if section == Section::Package => {
                packages.last_mut().into_iter().for_each(|p| set(p, "SPDXID", text(value, at)));
            }
            "PackageChecksum" => {
                if let (Some(package), Some((algorithm, digest))) = (packages.last_mut(), value.split_once(':')) {
                    let mut checksum = object(at);
                    set(&mut checksum, "algorithm", text(algorithm.trim(), at));
                    set(&mut checksum, "checksumValue", text(digest.trim(), at));
                    push(package, "checksums", checksum);
                }
            }
            "ExternalRef" => {
                let mut words = value.split_whitespace();
                let mut reference = object(at);
                for key in ["referenceCategory", "referenceType", "referenceLocator"] {
                    if let Some(word) = words.next() {
                        set(&mut reference, key, text(word, at));
                    }
                }
                if let Some(package) = packages.last_mut() {
                    push(package, "externalRefs", reference);
                }
            }
            _ => {
                let (table, target) = match section {
                    Section::Document => (DOCUMENT, Some(&mut document)),
                    Section::Package => (PACKAGE, packages.last_mut()),
                    Section::License => (LICENSE, licenses.last_mut()),
                    Section::Other => (&[][..], None),
                };
                if let (Some((_, key)), Some(target)) = (table.iter().find(|(name, _)| *name == tag), target) {
                    set(target, key, text(value, at));
                }
            }
        }
    }
    set(&mut document, "creationInfo", creation);
    for (key, list) in
        [("packages", packages), ("relationships", relationships), ("hasExtractedLicensingInfos", licenses)]
    {
        if !list.is_empty() {
            set(&mut document, key, Node { at: list[0].at, value: Value::Array(list) });
        }
    }
    document
}

/// The tags of a text, in order.
struct Tags<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Tags<'s> {
    /// The offset, name and value of the next tag.
    fn next(&mut self, faults: &mut Faults<'_, '_>) -> Option<(usize, &'s str, &'s str)> {
        loop {
            let at = self.at;
            let rest = self.source.get(at..).filter(|rest| !rest.is_empty())?;
            let end = rest.find('\n').unwrap_or(rest.len());
            let line = rest[..end].trim_end_matches('\r');
            self.at = at + end + 1;
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((tag, value)) = line.split_once(':') else {
                faults.add_at(at, "a line is neither a tag with a value nor a comment");
                continue;
            };
            let value = value.trim();
            let Some(inner) = value.strip_prefix("<text>") else { return Some((at, tag.trim(), value)) };
            if let Some(inner) = inner.strip_suffix("</text>") {
                return Some((at, tag.trim(), inner));
            }
            let start = at + rest.find("<text>")? + "<text>".len();
            let Some(close) = self.source[start..].find("</text>") else {
                faults.add_at(at, "`<text>` has no `</text>`");
                self.at = self.source.len();
                return Some((at, tag.trim(), &self.source[start..]));
            };
            let close = start + close;
            self.at = self.source[close..].find('\n').map_or(self.source.len(), |n| close + n + 1);
            return Some((at, tag.trim(), &self.source[start..close]));
        }
    }
}

fn object(at: usize) -> Node<'static> {
    Node { at: at as u32, value: Value::Object(Vec::new()) }
}

fn text(text: &str, at: usize) -> Node<'static> {
    Node { at: at as u32, value: Value::String(Cow::Owned(text.to_owned())) }
}

fn set(node: &mut Node<'static>, key: &'static str, value: Node<'static>) {
    if let Value::Object(members) = &mut node.value {
        members.push(Member { key: Cow::Borrowed(key), key_at: value.at, node: value });
    }
}

/// Adds to the array member of this name, which is the last one if it is there.
fn push(node: &mut Node<'static>, key: &'static str, value: Node<'static>) {
    let Value::Object(members) = &mut node.value else { return };
    if let Some(Value::Array(list)) = members.iter_mut().rev().find(|m| m.key == key).map(|m| &mut m.node.value) {
        list.push(value);
        return;
    }
    let at = value.at;
    members.push(Member { key: Cow::Borrowed(key), key_at: at, node: Node { at, value: Value::Array(vec![value]) } });
}
