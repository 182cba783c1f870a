//! SPDX 3.0 as JSON-LD.

use std::collections::{BTreeMap, HashMap};

use super::faults::{Faults, required};
use crate::collect::json::Node;
use crate::model::{
    Bill, BillTool, Completeness, Component, ComponentKind, ExternalReference, Hash, LicenseText, ModelCard, Party,
    Scope,
};

const PURPOSES: &[(&str, ComponentKind)] = &[
    ("application", ComponentKind::Application),
    ("framework", ComponentKind::Framework),
    ("library", ComponentKind::Library),
    ("container", ComponentKind::Container),
    ("platform", ComponentKind::Platform),
    ("operatingSystem", ComponentKind::OperatingSystem),
    ("device", ComponentKind::Device),
    ("deviceDriver", ComponentKind::DeviceDriver),
    ("firmware", ComponentKind::Firmware),
    ("file", ComponentKind::File),
    ("model", ComponentKind::MachineLearningModel),
    ("data", ComponentKind::Data),
];
const ALGORITHMS: &[(&str, &str)] = &[
    ("md5", "MD5"),
    ("sha1", "SHA-1"),
    ("sha256", "SHA-256"),
    ("sha384", "SHA-384"),
    ("sha512", "SHA-512"),
    ("sha3_256", "SHA3-256"),
    ("sha3_384", "SHA3-384"),
    ("sha3_512", "SHA3-512"),
    ("blake2b256", "BLAKE2b-256"),
    ("blake2b384", "BLAKE2b-384"),
    ("blake2b512", "BLAKE2b-512"),
    ("blake3", "BLAKE3"),
];
const PACKAGES: &[&str] = &["software_Package", "ai_AIPackage", "dataset_DatasetPackage"];

/// The elements of a document, by their id.
struct Graph<'n, 't> {
    by_id: HashMap<&'n str, &'n Node<'t>>,
    elements: &'n [Node<'t>],
}

impl<'n, 't> Graph<'n, 't> {
    /// The elements of these types.
    fn of_type(&self, types: &'static [&'static str]) -> impl Iterator<Item = &'n Node<'t>> {
        self.elements.iter().filter(move |e| e.text_of("type").is_some_and(|t| types.contains(&t)))
    }
}

/// Reads a document; gives its version of the standard, too.
pub(super) fn read(root: &Node<'_>, faults: &mut Faults<'_, '_>) -> (Bill, String) {
    let elements = root.get("@graph").map_or(&[][..], Node::entries);
    let mut graph = Graph { by_id: HashMap::new(), elements };
    for element in elements {
        let kind = required(element, "type", "an element", faults).unwrap_or_default();
        if kind == "CreationInfo" {
            continue;
        }
        let Some(id) = required(element, "spdxId", "an element", faults) else { continue };
        if element.get("creationInfo").is_none() {
            faults.add(element, format!("`{id}` lacks `creationInfo`"));
        }
        if graph.by_id.insert(id, element).is_some() {
            faults.add(element, format!("`{id}` names two elements"));
        }
    }
    let mut bill = Bill::default();
    let version = creation(&graph, root, &mut bill, faults);
    if graph.of_type(&["SpdxDocument"]).count() != 1 {
        faults.add(root, "a document must have one `SpdxDocument`");
    }
    for text in graph.of_type(&["simplelicensing_SimpleLicensingText", "expandedlicensing_CustomLicense"]) {
        let id = text.text_of("spdxId").and_then(|id| id.rsplit(['#', '/']).next()).unwrap_or_default();
        if let Some(words) = text.text_of("simplelicensing_licenseText") {
            let name = text.text_of("name").map(str::to_owned);
            bill.license_texts.push(LicenseText { id: id.to_owned(), name, text: words.to_owned() });
        }
    }
    let mut components = BTreeMap::new();
    let mut purls: HashMap<&str, usize> = HashMap::new();
    for node in graph.of_type(PACKAGES) {
        *purls.entry(purl_of(node).unwrap_or_default()).or_default() += 1;
    }
    for node in graph.of_type(PACKAGES) {
        let Some(id) = node.text_of("spdxId") else { continue };
        let purl = purl_of(node).filter(|purl| purls.get(purl) == Some(&1));
        components.insert(id, package(node, purl.unwrap_or(id), &graph, faults));
    }
    relationships(&graph, &mut components, &bill.license_texts, faults);
    let roots = graph.of_type(&["software_Sbom", "Bom", "SpdxDocument"]).flat_map(|collection| {
        collection.get("rootElement").map_or(&[][..], Node::entries).iter().filter_map(Node::text)
    });
    bill.root = roots.filter_map(|id| components.get(id)).map(|c| c.reference.clone()).next();
    bill.components = components.into_values().collect();
    bill.components.sort_by(|a, b| a.reference.cmp(&b.reference));
    (bill, version)
}

fn creation(graph: &Graph<'_, '_>, root: &Node<'_>, bill: &mut Bill, faults: &mut Faults<'_, '_>) -> String {
    let document = graph.of_type(&["software_Sbom", "SpdxDocument"]).next();
    bill.name = document.and_then(|d| d.text_of("name")).unwrap_or_default().to_owned();
    for word in document.and_then(|d| d.get("software_sbomType")).map_or(&[][..], Node::entries) {
        bill.lifecycles.extend(word.text().map(|word| match word {
            "source" => "pre-build".to_owned(),
            "analyzed" => "post-build".to_owned(),
            "deployed" => "operations".to_owned(),
            other => other.to_owned(),
        }));
    }
    let Some(creation) = graph.of_type(&["CreationInfo"]).next() else {
        faults.add(root, "the document lacks `CreationInfo`");
        return String::new();
    };
    let version = required(creation, "specVersion", "`CreationInfo`", faults).unwrap_or_default().to_owned();
    if let Some(created) = required(creation, "created", "`CreationInfo`", faults) {
        if !super::faults::is_time(created, true) {
            faults.add(
                creation.get("created").unwrap_or(creation),
                "`created` must be a time like 2024-01-31T12:00:00Z",
            );
        }
        bill.created = Some(created.to_owned()).filter(|c| !c.starts_with("1970-01-01"));
    }
    let by = creation.get("createdBy").map_or(&[][..], Node::entries);
    if by.is_empty() {
        faults.add(creation, "`CreationInfo` lacks `createdBy`");
    }
    for id in by.iter().filter_map(Node::text) {
        bill.authors.extend(graph.by_id.get(id).and_then(|agent| party(agent)));
    }
    for id in creation.get("createdUsing").map_or(&[][..], Node::entries).iter().filter_map(Node::text) {
        let name = graph.by_id.get(id).and_then(|tool| tool.text_of("name")).unwrap_or(id);
        let version = name.rsplit_once('-').filter(|(_, v)| v.starts_with(|c: char| c.is_ascii_digit()));
        bill.tools.push(match version {
            Some((name, v)) => BillTool { name: name.to_owned(), version: Some(v.to_owned()), url: None },
            None => BillTool { name: name.to_owned(), ..BillTool::default() },
        });
    }
    version
}

fn party(agent: &Node<'_>) -> Option<Party> {
    let person = match agent.text_of("type")? {
        "Person" => true,
        "Organization" => false,
        _ => return None,
    };
    let mut party = Party { name: agent.text_of("name")?.to_owned(), person, email: None, url: None };
    for identifier in agent.get("externalIdentifier").map_or(&[][..], Node::entries) {
        let value = identifier.text_of("identifier").map(str::to_owned);
        match identifier.text_of("externalIdentifierType") {
            Some("email") => party.email = value,
            Some("urlScheme") => party.url = value,
            _ => {}
        }
    }
    Some(party)
}

fn purl_of<'n>(package: &'n Node<'_>) -> Option<&'n str> {
    package.text_of("software_packageUrl").or_else(|| {
        let all = package.get("externalIdentifier")?.entries();
        all.iter().find(|i| i.text_of("externalIdentifierType") == Some("packageUrl"))?.text_of("identifier")
    })
}

fn package(node: &Node<'_>, reference: &str, graph: &Graph<'_, '_>, faults: &mut Faults<'_, '_>) -> Component {
    let text = |key: &str| node.text_of(key).filter(|t| !["", "NOASSERTION"].contains(t)).map(str::to_owned);
    let list = |key: &str| node.get(key).map_or(&[][..], Node::entries);
    let kind = match node.text_of("type") {
        Some("ai_AIPackage") => ComponentKind::MachineLearningModel,
        Some("dataset_DatasetPackage") => ComponentKind::Data,
        _ => {
            let word = node.text_of("software_primaryPurpose").unwrap_or_default();
            PURPOSES.iter().find(|(name, _)| *name == word).map_or(ComponentKind::Library, |(_, kind)| *kind)
        }
    };
    let mut component = Component {
        reference: reference.to_owned(),
        kind,
        name: required(node, "name", "a package", faults).unwrap_or_default().to_owned(),
        version: text("software_packageVersion"),
        purl: purl_of(node).map(str::to_owned),
        description: text("summary"),
        copyright: text("software_copyrightText"),
        supplier: text("suppliedBy").and_then(|id| party(graph.by_id.get(id.as_str())?)),
        ..Component::default()
    };
    component.authors = list("originatedBy").iter().filter_map(|id| party(graph.by_id.get(id.text()?)?)).collect();
    for hash in list("verifiedUsing") {
        let known = ALGORITHMS.iter().find(|(name, _)| hash.text_of("algorithm") == Some(*name));
        if let (Some((_, name)), Some(value)) = (known, hash.text_of("hashValue")) {
            component.hashes.push(Hash { algorithm: (*name).to_owned(), value: value.to_lowercase() });
        }
    }
    component.hashes.sort();
    for reference in list("externalRef") {
        let kind = match reference.text_of("externalRefType").unwrap_or_default() {
            "vcs" => "vcs",
            "altWebPage" => "website",
            "binaryArtifact" => "distribution",
            "sourceArtifact" => "source-distribution",
            "issueTracker" => "issue-tracker",
            "documentation" => "documentation",
            "support" => "support",
            "license" => "license",
            "releaseNotes" => "release-notes",
            "mailingList" => "mailing-list",
            "chat" => "chat",
            "socialMedia" => "social",
            "securityAdvisory" => "advisories",
            _ => "other",
        };
        let hashes = if kind.ends_with("distribution") { component.hashes.clone() } else { Vec::new() };
        for url in reference.get("locator").map_or(&[][..], Node::entries).iter().filter_map(Node::text) {
            component.references.push(ExternalReference {
                kind: kind.to_owned(),
                url: url.to_owned(),
                hashes: hashes.clone(),
            });
        }
    }
    component.references.sort();
    for line in node.text_of("comment").unwrap_or_default().lines() {
        component.say(line);
    }
    if kind == ComponentKind::MachineLearningModel {
        let types: Vec<&str> = list("ai_typeOfModel").iter().filter_map(Node::text).collect();
        let entries = list("ai_hyperparameter").iter();
        component.card = Some(ModelCard {
            task: list("ai_domain").first().and_then(Node::text).map(str::to_owned),
            family: types.first().map(|t| (*t).to_owned()),
            architecture: types.get(1).map(|t| (*t).to_owned()),
            datasets: Vec::new(),
            parameters: entries
                .filter_map(|e| Some((e.text_of("key")?.to_owned(), e.text_of("value")?.to_owned())))
                .collect(),
        });
    }
    component
}

fn relationships(
    graph: &Graph<'_, '_>,
    components: &mut BTreeMap<&str, Component>,
    texts: &[LicenseText],
    faults: &mut Faults<'_, '_>,
) {
    for node in graph.of_type(&["Relationship", "LifecycleScopedRelationship"]) {
        let from = required(node, "from", "a relationship", faults).unwrap_or_default();
        let kind = required(node, "relationshipType", "a relationship", faults).unwrap_or_default();
        let to: Vec<&str> = node.get("to").map_or(&[][..], Node::entries).iter().filter_map(Node::text).collect();
        if to.is_empty() {
            faults.add(node, "a relationship lacks `to`");
        }
        for id in to.iter().copied().chain([from]) {
            let is_local = !id.is_empty() && !id.starts_with("https://spdx.org/rdf/") && id.contains(':');
            if is_local && !graph.by_id.contains_key(id) {
                faults.add(node, format!("`{id}` is no element of the document"));
            }
        }
        let scope = match (kind, node.text_of("scope")) {
            ("hasOptionalDependency", _) => Some(Scope::Optional),
            ("hasProvidedDependency", _) => Some(Scope::Peer),
            ("dependsOn", Some("build")) => Some(Scope::Build),
            ("dependsOn", Some("development")) => Some(Scope::Dev),
            ("dependsOn", Some("test")) => Some(Scope::Test),
            ("dependsOn", Some("runtime")) => Some(Scope::Runtime),
            _ => None,
        };
        match kind {
            "dependsOn" | "hasOptionalDependency" | "hasProvidedDependency" => {
                let mut targets = Vec::new();
                for id in to {
                    if let Some(target) = components.get_mut(id) {
                        target.scope = scope.or(target.scope);
                        targets.push(target.reference.clone());
                    }
                }
                let Some(source) = components.get_mut(from) else { continue };
                source.dependencies.extend(targets);
                source.dependencies.sort();
                source.dependencies.dedup();
                source.completeness = match node.text_of("completeness") {
                    Some("complete") => Completeness::Complete,
                    Some("incomplete") => Completeness::Incomplete,
                    _ => Completeness::Unknown,
                };
            }
            "hasDeclaredLicense" | "hasConcludedLicense" => {
                let text = to.first().and_then(|id| license(id, graph, texts));
                let Some(source) = components.get_mut(from) else { continue };
                let slot = if kind == "hasDeclaredLicense" { &mut source.declared } else { &mut source.concluded };
                *slot = text;
            }
            "contains" => {
                let Some(parent) = components.get(from).map(|c| c.reference.clone()) else { continue };
                for id in to {
                    if let Some(part) = components.get_mut(id).filter(|c| c.parent.is_none() && c.reference != parent)
                    {
                        part.parent = Some(parent.clone());
                    }
                }
            }
            "trainedOn" => {
                let sets: Vec<String> =
                    to.iter().filter_map(|id| Some(components.get(id)?.reference.clone())).collect();
                if let Some(card) = components.get_mut(from).and_then(|c| c.card.as_mut()) {
                    card.datasets.extend(sets);
                }
            }
            "hasDistributionArtifact" => {
                let name = to.first().and_then(|id| graph.by_id.get(id)?.text_of("name")).map(str::to_owned);
                if let Some(source) = components.get_mut(from) {
                    source.file_name = name;
                }
            }
            _ => {}
        }
    }
}

fn license(id: &str, graph: &Graph<'_, '_>, texts: &[LicenseText]) -> Option<String> {
    if id.ends_with("NoneLicense") {
        return Some("NONE".to_owned());
    }
    let text = graph.by_id.get(id)?.text_of("simplelicensing_licenseExpression")?;
    let named = texts.iter().find(|t| t.id == text && t.name.as_deref() == Some(&t.text));
    Some(named.map_or_else(|| text.to_owned(), |t| t.text.clone()))
}
