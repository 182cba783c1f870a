//! SPDX 2.2 and 2.3, in the shape of its JSON.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::faults::{Faults, is_time, required};
use crate::collect::json::{Node, Value};
use crate::model::{
    Bill, BillTool, Completeness, Component, ComponentKind, ExternalReference, Hash, LicenseText, Party, Scope,
};

const VERSIONS: &[&str] = &["SPDX-2.0", "SPDX-2.1", "SPDX-2.2", "SPDX-2.3"];
const PURPOSES: &[(&str, ComponentKind)] = &[
    ("APPLICATION", ComponentKind::Application),
    ("FRAMEWORK", ComponentKind::Framework),
    ("LIBRARY", ComponentKind::Library),
    ("CONTAINER", ComponentKind::Container),
    ("OPERATING-SYSTEM", ComponentKind::OperatingSystem),
    ("OPERATING_SYSTEM", ComponentKind::OperatingSystem),
    ("DEVICE", ComponentKind::Device),
    ("FIRMWARE", ComponentKind::Firmware),
    ("FILE", ComponentKind::File),
];
/// Digests of SPDX 2.3 with the names that CycloneDX has for them.
const ALGORITHMS: &[(&str, &str)] = &[
    ("SHA1", "SHA-1"),
    ("SHA224", "SHA-224"),
    ("SHA256", "SHA-256"),
    ("SHA384", "SHA-384"),
    ("SHA512", "SHA-512"),
    ("MD2", "MD2"),
    ("MD4", "MD4"),
    ("MD5", "MD5"),
    ("MD6", "MD6"),
    ("SHA3-256", "SHA3-256"),
    ("SHA3-384", "SHA3-384"),
    ("SHA3-512", "SHA3-512"),
    ("BLAKE2b-256", "BLAKE2b-256"),
    ("BLAKE2b-384", "BLAKE2b-384"),
    ("BLAKE2b-512", "BLAKE2b-512"),
    ("BLAKE3", "BLAKE3"),
    ("ADLER32", "ADLER32"),
];

/// Reads a document.
pub(super) fn read(root: &Node<'_>, faults: &mut Faults<'_, '_>) -> Bill {
    let mut bill = Bill::default();
    head(root, &mut bill, faults);
    for license in entries(root, "hasExtractedLicensingInfos", faults) {
        let id = required(license, "licenseId", "an extracted license", faults);
        let text = required(license, "extractedText", "an extracted license", faults);
        if let (Some(id), Some(text)) = (id, text) {
            let name = license.text_of("name").map(str::to_owned);
            bill.license_texts.push(LicenseText { id: id.to_owned(), name, text: text.to_owned() });
        }
    }
    let mut known: HashSet<&str> = HashSet::from(["SPDXRef-DOCUMENT"]);
    for list in ["files", "snippets"] {
        let all = root.get(list).map_or(&[][..], Node::entries);
        known.extend(all.iter().filter_map(|node| node.text_of("SPDXID")));
    }
    // Components by the id that they have in the document; their own reference is the purl where it is theirs alone.
    let mut components: BTreeMap<&str, Component> = BTreeMap::new();
    let packages = entries(root, "packages", faults);
    let mut purls: HashMap<&str, usize> = HashMap::new();
    for purl in packages.iter().filter_map(purl_of) {
        *purls.entry(purl).or_default() += 1;
    }
    for node in packages {
        let Some(id) = required(node, "SPDXID", "a package", faults) else { continue };
        let tail = id.strip_prefix("SPDXRef-");
        if !tail.is_some_and(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b)))
        {
            faults.add(node, format!("`{id}` is no id: `SPDXRef-`, then letters, digits, `.` and `-`"));
        }
        if !known.insert(id) {
            faults.add(node, format!("`{id}` names two elements"));
            continue;
        }
        let reference = purl_of(node).filter(|purl| purls.get(purl) == Some(&1)).unwrap_or(id);
        components.insert(id, package(node, reference, &bill.license_texts, faults));
    }
    relationships(root, &known, &mut components, &mut bill, faults);
    bill.components = components.into_values().collect();
    bill.components.sort_by(|a, b| a.reference.cmp(&b.reference));
    bill
}

fn head(root: &Node<'_>, bill: &mut Bill, faults: &mut Faults<'_, '_>) {
    if let Some(version) = required(root, "spdxVersion", "the document", faults)
        && !VERSIONS.contains(&version)
    {
        faults.add(root.get("spdxVersion").unwrap_or(root), format!("`{version}` is no version of SPDX 2"));
    }
    if required(root, "dataLicense", "the document", faults).is_some_and(|license| license != "CC0-1.0") {
        faults.add(root.get("dataLicense").unwrap_or(root), "`dataLicense` must be CC0-1.0");
    }
    if required(root, "SPDXID", "the document", faults).is_some_and(|id| id != "SPDXRef-DOCUMENT") {
        faults.add(root.get("SPDXID").unwrap_or(root), "the id of the document must be SPDXRef-DOCUMENT");
    }
    bill.name = required(root, "name", "the document", faults).unwrap_or_default().to_owned();
    if let Some(space) = required(root, "documentNamespace", "the document", faults)
        && (!space.contains(':') || space.contains('#') || space.contains(char::is_whitespace))
    {
        let at = root.get("documentNamespace").unwrap_or(root);
        faults.add(at, "`documentNamespace` must be an absolute URI without a fragment");
    }
    let Some(creation) = root.get("creationInfo") else {
        faults.add(root, "the document lacks `creationInfo`");
        return;
    };
    if let Some(created) = required(creation, "created", "`creationInfo`", faults) {
        if !is_time(created, true) {
            faults.add(
                creation.get("created").unwrap_or(creation),
                "`created` must be a time like 2024-01-31T12:00:00Z",
            );
        }
        // The epoch is what writers put for want of a time.
        bill.created = Some(created.to_owned()).filter(|c| !c.starts_with("1970-01-01"));
    }
    let creators = creation.get("creators").map_or(&[][..], Node::entries);
    if creators.is_empty() {
        faults.add(creation, "`creationInfo` lacks `creators`");
    }
    for creator in creators {
        match creator.text().and_then(|text| text.split_once(':')) {
            Some(("Tool", tool)) => {
                let tool = tool.trim();
                let version = tool.rsplit_once('-').filter(|(_, v)| v.starts_with(|c: char| c.is_ascii_digit()));
                bill.tools.push(match version {
                    Some((name, version)) => {
                        BillTool { name: name.to_owned(), version: Some(version.to_owned()), url: None }
                    }
                    None => BillTool { name: tool.to_owned(), ..BillTool::default() },
                });
            }
            Some((kind @ ("Person" | "Organization"), name)) => bill.authors.push(party(kind, name)),
            _ => faults.add(creator, "a creator must be `Person: `, `Organization: ` or `Tool: ` and a name"),
        }
    }
    let comment = creation.text_of("comment").unwrap_or_default();
    if let Some(types) = comment.strip_prefix("SBOM type: ").and_then(|rest| rest.split('.').next()) {
        let phases = types.split(", ").map(|word| match word {
            "source" => "pre-build",
            "analyzed" => "post-build",
            "deployed" => "operations",
            other => other,
        });
        bill.lifecycles.extend(phases.map(str::to_owned));
    }
}

/// The entries of an array member; anything else there is a fault.
fn entries<'n, 't>(node: &'n Node<'t>, key: &str, faults: &mut Faults<'_, '_>) -> &'n [Node<'t>] {
    let Some(list) = node.get(key) else { return &[] };
    if !matches!(list.value, Value::Array(_) | Value::Null) {
        faults.add(list, format!("`{key}` must be an array, and is {}", list.kind()));
    }
    list.entries()
}

/// A name with an address in parentheses.
fn party(kind: &str, text: &str) -> Party {
    let text = text.trim();
    let (name, contact) = match text.rsplit_once('(').and_then(|(n, c)| Some((n.trim(), c.strip_suffix(')')?.trim())))
    {
        Some((name, contact)) if !name.is_empty() => (name, contact),
        _ => (text, ""),
    };
    let email = Some(contact.to_owned()).filter(|c| c.contains('@'));
    let url = Some(contact.to_owned()).filter(|c| c.contains("://"));
    Party { name: name.to_owned(), person: kind == "Person", email, url }
}

fn purl_of<'n>(package: &'n Node<'_>) -> Option<&'n str> {
    let all = package.get("externalRefs")?.entries();
    all.iter().find(|r| r.text_of("referenceType") == Some("purl"))?.text_of("referenceLocator")
}

fn said(node: &Node<'_>, key: &str) -> Option<String> {
    node.text_of(key).filter(|text| !["", "NOASSERTION"].contains(text)).map(str::to_owned)
}

fn package(node: &Node<'_>, reference: &str, texts: &[LicenseText], faults: &mut Faults<'_, '_>) -> Component {
    let name = required(node, "name", "a package", faults).unwrap_or_default();
    required(node, "downloadLocation", "a package", faults);
    let mut component = Component {
        reference: reference.to_owned(),
        name: name.to_owned(),
        version: said(node, "versionInfo"),
        purl: purl_of(node).map(str::to_owned),
        file_name: said(node, "packageFileName"),
        description: said(node, "summary").or_else(|| said(node, "description")),
        copyright: said(node, "copyrightText").filter(|c| c != "NONE"),
        ..Component::default()
    };
    if let Some(purpose) = node.get("primaryPackagePurpose") {
        let kind = purpose.text().and_then(|word| PURPOSES.iter().find(|(name, _)| *name == word));
        component.kind = kind.map_or(ComponentKind::Library, |(_, kind)| *kind);
    }
    for (key, authors) in [("supplier", false), ("originator", true)] {
        let Some(text) = said(node, key) else { continue };
        match text.split_once(':') {
            Some((kind @ ("Person" | "Organization"), name)) if authors => component.authors.push(party(kind, name)),
            Some((kind @ ("Person" | "Organization"), name)) => component.supplier = Some(party(kind, name)),
            _ => faults.add(
                node.get(key).unwrap_or(node),
                format!("`{key}` must be NOASSERTION, or `Person: ` or `Organization: ` and a name"),
            ),
        }
    }
    for checksum in entries(node, "checksums", faults) {
        let algorithm = required(checksum, "algorithm", "a checksum", faults).unwrap_or_default();
        let value = required(checksum, "checksumValue", "a checksum", faults).unwrap_or_default();
        match ALGORITHMS.iter().find(|(name, _)| *name == algorithm) {
            Some((_, name)) => {
                let digits = super::cyclonedx::ALGORITHMS.iter().find(|(n, _)| n == name).map(|(_, digits)| *digits);
                if digits.is_some_and(|digits| value.len() != digits) {
                    faults.add(checksum, format!("a {algorithm} digest has {} digits", digits.unwrap_or_default()));
                } else {
                    component.hashes.push(Hash { algorithm: (*name).to_owned(), value: value.to_lowercase() });
                }
            }
            None if !algorithm.is_empty() => {
                faults.add(checksum, format!("`{algorithm}` is no algorithm of SPDX 2.3"));
            }
            None => {}
        }
    }
    component.hashes.sort();
    component.declared = license(node, "licenseDeclared", texts, faults);
    component.concluded = license(node, "licenseConcluded", texts, faults);
    for reference in entries(node, "externalRefs", faults) {
        let kind = required(reference, "referenceType", "an external reference", faults).unwrap_or_default();
        let locator = required(reference, "referenceLocator", "an external reference", faults);
        required(reference, "referenceCategory", "an external reference", faults);
        if kind.starts_with("cpe2") {
            component.cpe = locator.map(str::to_owned);
        } else if let Some(url) = locator.filter(|url| url.contains("://") && kind != "purl") {
            // An address that cannot stand as the download location is told here; its digests are those of the package.
            let hashes = if kind.ends_with("distribution") { component.hashes.clone() } else { Vec::new() };
            component.references.push(ExternalReference { kind: kind.to_owned(), url: url.to_owned(), hashes });
        }
    }
    if let Some(url) = said(node, "downloadLocation").filter(|url| url.contains("://")) {
        let kind = if url.starts_with("git") || url.ends_with(".git") { "vcs" } else { "distribution" };
        let hashes = if kind == "vcs" { Vec::new() } else { component.hashes.clone() };
        component.references.push(ExternalReference { kind: kind.to_owned(), url, hashes });
    }
    if let Some(url) = said(node, "homepage").filter(|url| url.contains("://")) {
        component.references.push(ExternalReference { kind: "website".to_owned(), url, hashes: Vec::new() });
    }
    component.references.sort();
    // What our own writer, like others, puts into the comment for want of a field.
    for line in node.text_of("comment").unwrap_or_default().lines() {
        component.say(line);
    }
    component
}

/// A license field. A reference whose text is its own name stands for a license of which only the name is known.
fn license(node: &Node<'_>, key: &str, texts: &[LicenseText], faults: &mut Faults<'_, '_>) -> Option<String> {
    let text = said(node, key)?;
    if text == "NONE" {
        return Some(text);
    }
    match spdx::Expression::parse(&text) {
        Err(_) => faults.add(node.get(key).unwrap_or(node), format!("`{text}` is no SPDX license expression")),
        Ok(expression) => {
            for required in expression.requirements() {
                let name = required.req.license.to_string();
                let is_own = name.starts_with("LicenseRef-");
                if is_own && !texts.iter().any(|t| t.id == name) {
                    faults.add(node.get(key).unwrap_or(node), format!("`{name}` has no text in the document"));
                }
            }
        }
    }
    let named = texts.iter().find(|t| t.id == text && t.name.as_deref() == Some(&t.text));
    Some(named.map_or(text, |t| t.text.clone()))
}

fn relationships(
    root: &Node<'_>,
    known: &HashSet<&str>,
    components: &mut BTreeMap<&str, Component>,
    bill: &mut Bill,
    faults: &mut Faults<'_, '_>,
) {
    let mut described: Vec<&str> = Vec::new();
    for id in root.get("documentDescribes").map_or(&[][..], Node::entries) {
        described.extend(id.text());
    }
    for node in entries(root, "relationships", faults) {
        let from = required(node, "spdxElementId", "a relationship", faults);
        let kind = required(node, "relationshipType", "a relationship", faults);
        let to = required(node, "relatedSpdxElement", "a relationship", faults);
        let (Some(from), Some(kind), Some(to)) = (from, kind, to) else { continue };
        for id in [from, to] {
            let is_void = ["NONE", "NOASSERTION"].contains(&id);
            if !is_void && !id.starts_with("DocumentRef-") && !known.contains(id) {
                faults.add(node, format!("`{id}` is no element of the document"));
            }
        }
        if kind == "DEPENDS_ON" && ["NONE", "NOASSERTION"].contains(&to) {
            if let Some(component) = components.get_mut(from) {
                component.completeness = if to == "NONE" { Completeness::Complete } else { Completeness::Unknown };
            }
            continue;
        }
        match kind {
            "DESCRIBES" => described.push(to),
            "DESCRIBED_BY" => described.push(from),
            "CONTAINS" => contain(from, to, components),
            "CONTAINED_BY" => contain(to, from, components),
            "DEPENDS_ON" => depend(from, to, None, components),
            "DEPENDENCY_OF" => depend(to, from, None, components),
            _ => {
                let scope = match kind {
                    "RUNTIME_DEPENDENCY_OF" => Scope::Runtime,
                    "OPTIONAL_DEPENDENCY_OF" => Scope::Optional,
                    "PROVIDED_DEPENDENCY_OF" => Scope::Peer,
                    "BUILD_DEPENDENCY_OF" => Scope::Build,
                    "DEV_DEPENDENCY_OF" => Scope::Dev,
                    "TEST_DEPENDENCY_OF" => Scope::Test,
                    _ => continue,
                };
                depend(to, from, Some(scope), components);
            }
        }
    }
    let root = described.into_iter().find_map(|id| components.get(id));
    bill.root = root.map(|component| component.reference.clone());
    for component in components.values_mut() {
        component.dependencies.sort();
        component.dependencies.dedup();
    }
}

fn depend(from: &str, to: &str, scope: Option<Scope>, components: &mut BTreeMap<&str, Component>) {
    let Some(target) = components.get_mut(to) else { return };
    target.scope = scope.or(target.scope);
    let reference = target.reference.clone();
    if let Some(source) = components.get_mut(from) {
        source.dependencies.push(reference);
        // Without a word about what is missing, edges that are there say nothing about others.
    }
}

fn contain(whole: &str, part: &str, components: &mut BTreeMap<&str, Component>) {
    let Some(parent) = components.get(whole).map(|c| c.reference.clone()) else { return };
    if let Some(component) = components.get_mut(part).filter(|c| c.parent.is_none() && c.reference != parent) {
        component.parent = Some(parent);
    }
}
