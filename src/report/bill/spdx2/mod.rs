//! SPDX 2.3: one document, written as JSON or as tag-value.

mod json;
mod tag_value;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::{Format, View};
use super::identity::{self, Ids};
use super::license::{self, Statement, statement};
use crate::model::{Bill, Completeness, Component, ComponentKind, ExternalReference, Party, Report, Scope};

/// The registration of SPDX 2.3 JSON.
pub(in crate::report) const FORMAT: Format = Format {
    name: "spdx",
    summary: "A bill of materials as SPDX 2.3 JSON.",
    extension: "spdx.json",
    render: |report, view, out| render(report, view, out, write_json),
};

/// The registration of SPDX 2.3 tag-value.
pub(in crate::report) const TAG_VALUE_FORMAT: Format = Format {
    name: "spdx-tag-value",
    summary: "A bill of materials as SPDX 2.3 tag-value.",
    extension: "spdx",
    render: |report, view, out| render(report, view, out, write_tag_value),
};

fn render(report: &Report, _: &View, out: &mut dyn Write, write: super::WriteBill) -> io::Result<()> {
    write(&super::of(report), out)
}

/// Writes SPDX 2.3 JSON.
pub(super) fn write_json(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    json::write(&document(bill, "spdx"), out)
}

/// Writes SPDX 2.3 tag-value.
pub(super) fn write_tag_value(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    tag_value::write(&document(bill, "spdx-tag-value"), out)
}

/// SPDX asks for a time. Where nothing tells it, the epoch stands for it, and a comment says so.
pub(super) const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// What the comment about the creation says.
pub(super) fn creation_comment(bill: &Bill) -> String {
    let mut comment = match bill.lifecycles.as_slice() {
        [] => String::new(),
        phases => format!("SBOM type: {}.", phases.iter().map(|p| sbom_type(p)).collect::<Vec<_>>().join(", ")),
    };
    if bill.created.is_none() {
        comment.push_str(" The time of creation is not known; it is written as the epoch.");
    }
    comment.trim().to_owned()
}

/// The type of bill (CISA, Types of SBOM, 2023) for a phase of CycloneDX.
pub(super) fn sbom_type(phase: &str) -> &str {
    match phase {
        "design" => "design",
        "pre-build" => "source",
        "build" => "build",
        "post-build" | "discovery" => "analyzed",
        "operations" => "deployed",
        other => other,
    }
}

/// A document of SPDX 2.3; fields that say nothing are left out where the standard allows it.
struct Document {
    name: String,
    namespace: String,
    created: String,
    creators: Vec<String>,
    comment: String,
    packages: Vec<Package>,
    relationships: Vec<Relationship>,
    licenses: Vec<License>,
}

struct Package {
    id: String,
    name: String,
    version: Option<String>,
    file_name: Option<String>,
    supplier: String,
    originator: String,
    download: String,
    purpose: Option<&'static str>,
    checksums: Vec<(String, String)>,
    homepage: Option<String>,
    source_info: Option<String>,
    concluded: String,
    declared: String,
    license_comment: Option<String>,
    copyright: String,
    summary: Option<String>,
    comment: Option<String>,
    references: Vec<(&'static str, String, String)>,
}

struct Relationship {
    from: String,
    kind: &'static str,
    to: String,
}

struct License {
    id: String,
    name: Option<String>,
    text: String,
}

/// What SPDX calls the absence of knowledge.
const UNKNOWN: &str = "NOASSERTION";
/// The id of the document itself.
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

fn document(bill: &Bill, format: &str) -> Document {
    let ids = Ids::new(bill, "SPDXRef-");
    let packages: Vec<Package> = bill
        .root()
        .into_iter()
        .chain(bill.others())
        .filter_map(|c| Some(package(c, ids.get(&c.reference)?)))
        .collect();
    let tools = bill.tools.iter().map(|tool| match &tool.version {
        Some(version) => format!("Tool: {}-{version}", tool.name),
        None => format!("Tool: {}", tool.name),
    });
    let mut creators: Vec<String> = tools.chain(bill.authors.iter().map(party)).collect();
    if creators.is_empty() {
        // SPDX asks for one. Of a bill that names nobody, this program makes the document.
        creators.push(concat!("Tool: ", env!("CARGO_PKG_NAME"), "-", env!("CARGO_PKG_VERSION")).to_owned());
    }
    Document {
        name: if bill.name.is_empty() { "bill-of-materials".to_owned() } else { bill.name.clone() },
        namespace: namespace(bill, format),
        created: bill.created.clone().unwrap_or_else(|| NO_TIME.to_owned()),
        creators,
        comment: creation_comment(bill),
        packages,
        relationships: relationships(bill, &ids),
        licenses: licenses(bill),
    }
}

/// The name space of a document: an address that nothing need answer.
pub(super) fn namespace(bill: &Bill, format: &str) -> String {
    format!("https://spdx.org/spdxdocs/{}-{}", identity::plain(&bill.name), identity::of(bill, format))
}

fn party(party: &Party) -> String {
    let kind = if party.person { "Person" } else { "Organization" };
    let contact = party.email.as_ref().or(party.url.as_ref());
    match contact {
        Some(contact) => format!("{kind}: {} ({contact})", party.name),
        None => format!("{kind}: {}", party.name),
    }
}

fn package(c: &Component, id: &str) -> Package {
    let find = |kinds: &[&str]| kinds.iter().find_map(|kind| c.references.iter().find(|r| r.kind == *kind));
    let download = find(&["distribution", "source-distribution"]).or_else(|| {
        // The repository of a git dependency is where it comes from; that of others is only where it is developed.
        find(&["vcs"]).filter(|r| r.url.starts_with("git"))
    });
    let download = download.filter(|r| is_location(&r.url));
    let mut references = Vec::new();
    references.extend(c.purl.iter().map(|purl| ("PACKAGE-MANAGER", "purl".to_owned(), purl.clone())));
    references.extend(c.cpe.iter().map(|cpe| {
        let kind = if cpe.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" };
        ("SECURITY", kind.to_owned(), cpe.clone())
    }));
    let homepage = find(&["website"]).filter(|r| is_location(&r.url));
    let used = |r: &&ExternalReference| [download, homepage].into_iter().flatten().any(|other| other == *r);
    let others = c.references.iter().filter(|r| !used(r) && !r.url.contains(char::is_whitespace));
    references.extend(others.map(|r| ("OTHER", r.kind.clone(), r.url.clone())));
    Package {
        id: id.to_owned(),
        name: c.name.clone(),
        version: c.version.clone(),
        file_name: c.file_name.clone(),
        supplier: c.supplier.as_ref().map_or_else(|| UNKNOWN.to_owned(), party),
        originator: c.authors.first().map_or_else(|| UNKNOWN.to_owned(), party),
        download: download.map_or_else(|| UNKNOWN.to_owned(), |r| r.url.clone()),
        purpose: purpose(c.kind),
        checksums: c.hashes.iter().map(|h| (algorithm(&h.algorithm).to_owned(), h.value.to_lowercase())).collect(),
        homepage: homepage.map(|r| r.url.clone()),
        source_info: source_info(c),
        concluded: license::expression(c.concluded.as_deref()).unwrap_or_else(|| UNKNOWN.to_owned()),
        declared: license::expression(c.declared.as_deref()).unwrap_or_else(|| UNKNOWN.to_owned()),
        license_comment: None,
        copyright: c.copyright.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
        summary: c.description.clone(),
        comment: comment(c),
        references,
    }
}

/// Whether SPDX's own validators take an address for one: a known scheme, and a host that ends in a top-level domain of
/// two to five letters. What they refuse (hosts without a domain, numbers, `.internal`) is still told as a reference.
fn is_location(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let transport = ["git+", "hg+", "svn+", "bzr+"].iter().find_map(|vcs| scheme.strip_prefix(vcs)).unwrap_or(scheme);
    if !["http", "https", "ssh", "git", "svn", "sftp", "ftp"].contains(&transport) {
        return false;
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let (host, port) = host.split_once(':').unwrap_or((host, "0"));
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let Some((front, top)) = host.rsplit_once('.') else { return false };
    (2..=5).contains(&top.len())
        && top.bytes().all(|b| b.is_ascii_lowercase())
        && front.split(['.', '-']).all(label)
        && (1..=5).contains(&port.len())
        && port.bytes().all(|b| b.is_ascii_digit())
        && !path.contains(char::is_whitespace)
}

/// Where the checkout names the component, in words.
pub(super) fn source_info(c: &Component) -> Option<String> {
    const MOST: usize = 20;
    let places: Vec<String> = c
        .occurrences
        .iter()
        .take(MOST)
        .map(|place| match &place.region {
            Some(region) => format!("{}:{}", place.path.as_str(), region.start_line),
            None => place.path.as_str().to_owned(),
        })
        .collect();
    (!places.is_empty()).then(|| format!("named in {}", places.join(", ")))
}

/// Properties that have no field of their own in SPDX, one per line.
pub(super) fn comment(c: &Component) -> Option<String> {
    let lines: Vec<String> = c.properties.iter().map(|(name, value)| format!("{name}={value}")).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The name of a hash algorithm in SPDX 2.3 for that in CycloneDX.
fn algorithm(name: &str) -> &str {
    match name {
        "SHA-1" => "SHA1",
        "SHA-256" => "SHA256",
        "SHA-384" => "SHA384",
        "SHA-512" => "SHA512",
        other => other,
    }
}

fn purpose(kind: ComponentKind) -> Option<&'static str> {
    Some(match kind {
        ComponentKind::Application => "APPLICATION",
        ComponentKind::Framework => "FRAMEWORK",
        ComponentKind::Library => "LIBRARY",
        ComponentKind::Container => "CONTAINER",
        ComponentKind::OperatingSystem => "OPERATING-SYSTEM",
        ComponentKind::Device => "DEVICE",
        ComponentKind::Firmware => "FIRMWARE",
        ComponentKind::File => "FILE",
        ComponentKind::Platform
        | ComponentKind::DeviceDriver
        | ComponentKind::MachineLearningModel
        | ComponentKind::Data
        | ComponentKind::CryptographicAsset => "OTHER",
    })
}

fn relationships(bill: &Bill, ids: &Ids<'_>) -> Vec<Relationship> {
    let mut all = Vec::new();
    let mut add = |from: &str, kind: &'static str, to: &str| {
        all.push(Relationship { from: from.to_owned(), kind, to: to.to_owned() });
    };
    match bill.root.as_deref().and_then(|root| ids.get(root)) {
        Some(root) => add(DOCUMENT, "DESCRIBES", root),
        None => {
            bill.components.iter().filter_map(|c| ids.get(&c.reference)).for_each(|id| add(DOCUMENT, "DESCRIBES", id))
        }
    }
    for component in bill.root().into_iter().chain(bill.others()) {
        let Some(from) = ids.get(&component.reference) else { continue };
        if let Some(parent) = component.parent.as_deref().and_then(|parent| ids.get(parent)) {
            add(parent, "CONTAINS", from);
        }
        for dependency in &component.dependencies {
            let Some(to) = ids.get(dependency) else { continue };
            add(from, "DEPENDS_ON", to);
            // What needs a dependency tells what for; of what that one needs in turn, its own edges tell.
            let kind = bill.component(dependency).and_then(|c| c.scope).and_then(dependency_of);
            if let Some(kind) = kind.filter(|_| component.scope.is_none_or(|s| s == Scope::Runtime)) {
                add(to, kind, from);
            }
        }
        match component.completeness {
            Completeness::Complete if component.dependencies.is_empty() => add(from, "DEPENDS_ON", "NONE"),
            Completeness::Complete => {}
            Completeness::Incomplete | Completeness::Unknown => add(from, "DEPENDS_ON", UNKNOWN),
        }
    }
    all
}

/// The relationship that says what a dependency is needed for; nothing for those that are needed to run.
fn dependency_of(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Runtime => None,
        Scope::Optional => Some("OPTIONAL_DEPENDENCY_OF"),
        Scope::Peer => Some("PROVIDED_DEPENDENCY_OF"),
        Scope::Build => Some("BUILD_DEPENDENCY_OF"),
        Scope::Dev => Some("DEV_DEPENDENCY_OF"),
        Scope::Test => Some("TEST_DEPENDENCY_OF"),
    }
}

/// Every license of the bill that is not on the SPDX License List, with what is known of its text.
fn licenses(bill: &Bill) -> Vec<License> {
    let mut all: BTreeMap<String, License> = BTreeMap::new();
    let stated = bill.components.iter().flat_map(|c| [c.declared.as_deref(), c.concluded.as_deref()]);
    for text in stated {
        match statement(text) {
            Some(Statement::Name(name)) if name != "NONE" => {
                let id = license::reference_of(name);
                let license = License { id: id.clone(), name: Some(name.to_owned()), text: name.to_owned() };
                all.entry(id).or_insert(license);
            }
            Some(Statement::Expression(expression)) => {
                for id in license::references(expression) {
                    let known = bill.license_texts.iter().find(|t| t.id == id);
                    let license = License {
                        id: id.clone(),
                        name: known.and_then(|t| t.name.clone()),
                        text: known.map_or_else(|| UNKNOWN.to_owned(), |t| t.text.clone()),
                    };
                    all.entry(id).or_insert(license);
                }
            }
            _ => {}
        }
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_the_validators_of_spdx_take() {
        for yes in [
            "https://registry.npmjs.org/a/-/a-1.0.0.tgz",
            "git+https://github.com/a/b.git@0123",
            "git+ssh://git@github.com/a/b@v1",
            "http://host.example.org:8080",
        ] {
            assert!(is_location(yes), "{yes}");
        }
        for no in [
            "https://registry.example/a.tgz",
            "http://localhost:4873/a.tgz",
            "https://10.0.0.1/a",
            "https://Host.example.org/a",
            "https://my_host.example.org/a",
            "s3://bucket.example.org/a",
            "git@github.com:a/b",
        ] {
            assert!(!is_location(no), "{no}");
        }
    }
}
