//! CycloneDX 1.2 to 1.7, in the shape of its JSON.

use std::collections::{BTreeMap, HashSet};

use super::faults::{Faults, is_time, required};
use crate::collect::json::{Node, Value};
use crate::model::{
    Bill, BillTool, Completeness, Component, ComponentKind, ExternalReference, Hash, LicenseText, ModelCard, Party,
    Place, Region, RelPath, Scope,
};

const VERSIONS: &[&str] = &["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];
const SCOPES: &[&str] = &["required", "optional", "excluded"];
const AGGREGATES: &[(&str, Completeness)] = &[
    ("complete", Completeness::Complete),
    ("incomplete", Completeness::Incomplete),
    ("incomplete_first_party_only", Completeness::Incomplete),
    ("incomplete_first_party_proprietary_only", Completeness::Incomplete),
    ("incomplete_first_party_opensource_only", Completeness::Incomplete),
    ("incomplete_third_party_only", Completeness::Incomplete),
    ("incomplete_third_party_proprietary_only", Completeness::Incomplete),
    ("incomplete_third_party_opensource_only", Completeness::Incomplete),
    ("unknown", Completeness::Unknown),
    ("not_specified", Completeness::Unknown),
];
/// Digests with the number of hexadecimal digits of each.
pub(super) const ALGORITHMS: &[(&str, usize)] = &[
    ("MD5", 32),
    ("SHA-1", 40),
    ("SHA-256", 64),
    ("SHA-384", 96),
    ("SHA-512", 128),
    ("SHA3-256", 64),
    ("SHA3-384", 96),
    ("SHA3-512", 128),
    ("BLAKE2b-256", 64),
    ("BLAKE2b-384", 96),
    ("BLAKE2b-512", 128),
    ("BLAKE3", 64),
    ("Streebog-256", 64),
    ("Streebog-512", 128),
];

/// Reads a document.
pub(super) fn read(root: &Node<'_>, faults: &mut Faults<'_, '_>) -> Bill {
    if let Some(version) = required(root, "specVersion", "the document", faults)
        && !VERSIONS.contains(&version)
    {
        faults.add(root.get("specVersion").unwrap_or(root), format!("`{version}` is no version of CycloneDX"));
    }
    if let Some(serial) = root.get("serialNumber") {
        let uuid = serial.text().and_then(|text| text.strip_prefix("urn:uuid:"));
        if !uuid.is_some_and(is_uuid) {
            faults.add(serial, "`serialNumber` must be `urn:uuid:` and a UUID");
        }
    }
    let mut reader = Reader { faults, components: BTreeMap::new(), texts: Vec::new(), lists: 0 };
    let mut bill = Bill::default();
    if let Some(metadata) = root.get("metadata") {
        reader.metadata(metadata, &mut bill);
    }
    for component in reader.list(root, "components") {
        reader.component(component, None);
    }
    reader.dependencies(root);
    reader.compositions(root);
    bill.license_texts = reader.texts;
    bill.components = reader.components.into_values().collect();
    bill.name = bill.root().map_or_else(String::new, |root| match &root.version {
        Some(version) => format!("{}@{version}", root.name),
        None => root.name.clone(),
    });
    bill
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

struct Reader<'r, 'f, 't> {
    faults: &'r mut Faults<'f, 't>,
    components: BTreeMap<String, Component>,
    texts: Vec<LicenseText>,
    /// Components without any identity so far, which are numbered.
    lists: usize,
}

impl Reader<'_, '_, '_> {
    /// The entries of an array member; anything else there is a fault.
    fn list<'n, 't>(&mut self, node: &'n Node<'t>, key: &str) -> &'n [Node<'t>] {
        match node.get(key) {
            None => &[],
            Some(list) => {
                if !matches!(list.value, Value::Array(_)) {
                    self.faults.add(list, format!("`{key}` must be an array, and is {}", list.kind()));
                }
                list.entries()
            }
        }
    }

    fn metadata(&mut self, metadata: &Node<'_>, bill: &mut Bill) {
        if let Some(time) = metadata.get("timestamp") {
            if !time.text().is_some_and(|text| is_time(text, false)) {
                self.faults.add(time, "`timestamp` must be a time as RFC 3339 has it");
            }
            bill.created = time.text().and_then(|t| t.parse::<jiff::Timestamp>().ok()).map(|t| t.to_string());
        }
        for phase in self.list(metadata, "lifecycles") {
            bill.lifecycles.extend(phase.text_of("phase").or_else(|| phase.text_of("name")).map(str::to_owned));
        }
        // Up to 1.4 tools are a list, from 1.5 they are components.
        if let Some(tools) = metadata.get("tools") {
            let components = tools.get("components").map_or_else(|| tools.entries(), Node::entries);
            for tool in components {
                let url = tool.get("externalReferences").and_then(|r| r.entries().first()?.text_of("url"));
                bill.tools.extend(tool.text_of("name").map(|name| BillTool {
                    name: name.to_owned(),
                    version: tool.text_of("version").map(str::to_owned),
                    url: url.map(str::to_owned),
                }));
            }
        }
        bill.authors.extend(self.list(metadata, "authors").iter().filter_map(person));
        for key in ["manufacturer", "manufacture", "supplier"] {
            bill.authors.extend(metadata.get(key).and_then(organization));
        }
        bill.authors.sort();
        bill.authors.dedup();
        if let Some(component) = metadata.get("component") {
            bill.root = self.component(component, None);
        }
    }

    /// Reads a component and what lies in it; gives its reference.
    fn component(&mut self, node: &Node<'_>, parent: Option<&str>) -> Option<String> {
        if !matches!(node.value, Value::Object(_)) {
            self.faults.add(node, format!("a component must be an object, and is {}", node.kind()));
            return None;
        }
        let name = required(node, "name", "a component", self.faults).unwrap_or_default();
        let word = required(node, "type", "a component", self.faults).unwrap_or_default();
        let kind = ComponentKind::from_name(word);
        if kind.is_none() && !word.is_empty() {
            self.faults.add(node.get("type").unwrap_or(node), format!("`{word}` is no type of component"));
        }
        let text = |key: &str| node.text_of(key).filter(|t| !t.is_empty()).map(str::to_owned);
        let purl = text("purl");
        if let (Some(purl), Some(at)) = (&purl, node.get("purl"))
            && !purl.starts_with("pkg:")
        {
            self.faults.add(at, format!("`{purl}` is no Package URL"));
        }
        let reference = text("bom-ref").or_else(|| purl.clone()).unwrap_or_else(|| {
            self.lists += 1;
            format!("component-{}", self.lists)
        });
        if self.components.contains_key(&reference) {
            self.faults.add(node.get("bom-ref").unwrap_or(node), format!("`{reference}` names two components"));
            return None;
        }
        let mut component = Component {
            reference: reference.clone(),
            kind: kind.unwrap_or_default(),
            name: text("group").map_or_else(|| name.to_owned(), |group| format!("{group}/{name}")),
            version: text("version"),
            purl,
            cpe: text("cpe"),
            supplier: node.get("supplier").and_then(organization),
            description: text("description"),
            copyright: text("copyright"),
            parent: parent.map(str::to_owned),
            ..Component::default()
        };
        component.authors = self.list(node, "authors").iter().filter_map(person).collect();
        if let Some(author) = text("author").filter(|_| component.authors.is_empty()) {
            component.authors.push(Party { name: author, person: true, ..Party::default() });
        }
        component.authors.extend(node.get("manufacturer").and_then(organization));
        if let Some(scope) = node.get("scope") {
            component.scope = scope.text().and_then(|word| match word {
                "required" => Some(Scope::Runtime),
                "optional" => Some(Scope::Optional),
                "excluded" => Some(Scope::Dev),
                _ => None,
            });
            if !scope.text().is_some_and(|word| SCOPES.contains(&word)) {
                self.faults.add(scope, "`scope` must be `required`, `optional` or `excluded`");
            }
        }
        component.hashes = self.hashes(node);
        for reference in self.list(node, "externalReferences") {
            let kind = required(reference, "type", "an external reference", self.faults);
            let url = required(reference, "url", "an external reference", self.faults);
            if let (Some(kind), Some(url)) = (kind, url) {
                let hashes = self.hashes(reference);
                component.references.push(ExternalReference { kind: kind.to_owned(), url: url.to_owned(), hashes });
            }
        }
        component.references.sort();
        component.references.dedup();
        self.licenses(node, &mut component);
        evidence(node, &mut component);
        properties(node, &mut component);
        component.card = node.get("modelCard").map(card);
        self.components.insert(reference.clone(), component);
        for part in self.list(node, "components") {
            self.component(part, Some(&reference));
        }
        Some(reference)
    }

    fn hashes(&mut self, node: &Node<'_>) -> Vec<Hash> {
        let mut all = Vec::new();
        for hash in self.list(node, "hashes") {
            let algorithm = required(hash, "alg", "a hash", self.faults);
            let content = required(hash, "content", "a hash", self.faults);
            let (Some(algorithm), Some(content)) = (algorithm, content) else { continue };
            match ALGORITHMS.iter().find(|(name, _)| *name == algorithm) {
                None => self.faults.add(hash, format!("`{algorithm}` is no algorithm of CycloneDX")),
                Some(&(_, digits)) if content.len() != digits || !content.bytes().all(|b| b.is_ascii_hexdigit()) => {
                    self.faults.add(hash, format!("a {algorithm} digest has {digits} hexadecimal digits"));
                }
                Some(_) => all.push(Hash { algorithm: algorithm.to_owned(), value: content.to_lowercase() }),
            }
        }
        all.sort();
        all.dedup();
        all
    }

    fn licenses(&mut self, node: &Node<'_>, component: &mut Component) {
        let mut declared: Vec<String> = Vec::new();
        let mut concluded: Vec<String> = Vec::new();
        for choice in self.list(node, "licenses") {
            let license = choice.get("license");
            let inner = license.unwrap_or(choice);
            let text = match (license, choice.text_of("expression")) {
                (Some(license), None) => {
                    let id = license.text_of("id");
                    if let Some(id) = id.filter(|id| spdx::license_id(id).is_none_or(|known| known.name != *id)) {
                        let at = license.get("id").unwrap_or(license);
                        self.faults.add(at, format!("`{id}` is no id of the SPDX License List"));
                    }
                    let name = id.or_else(|| license.text_of("name"));
                    if name.is_none() {
                        self.faults.add(license, "a license must have `id` or `name`");
                    }
                    if let (Some(name), Some(text)) = (name, license.get("text").and_then(|t| t.text_of("content")))
                        && name.starts_with("LicenseRef-")
                        && !self.texts.iter().any(|known| known.id == name)
                    {
                        self.texts.push(LicenseText { id: name.to_owned(), name: None, text: text.to_owned() });
                    }
                    name
                }
                (None, Some(expression)) => Some(expression),
                _ => {
                    self.faults.add(choice, "an entry of `licenses` must have either `license` or `expression`");
                    None
                }
            };
            let list =
                if inner.text_of("acknowledgement") == Some("concluded") { &mut concluded } else { &mut declared };
            list.extend(text.filter(|t| !t.is_empty()).map(str::to_owned));
        }
        let join = |mut all: Vec<String>| {
            all.dedup();
            match all.len() {
                0 => None,
                1 => all.pop(),
                _ => Some(
                    all.iter()
                        .map(|t| if t.contains(" OR ") { format!("({t})") } else { t.clone() })
                        .collect::<Vec<_>>()
                        .join(" AND "),
                ),
            }
        };
        component.declared = join(declared);
        component.concluded = join(concluded);
    }

    fn dependencies(&mut self, root: &Node<'_>) {
        let mut seen = HashSet::new();
        for entry in self.list(root, "dependencies") {
            let Some(from) = required(entry, "ref", "a dependency", self.faults) else { continue };
            if !seen.insert(from) {
                self.faults.add(entry, format!("`{from}` has two entries in `dependencies`"));
            }
            let mut targets = Vec::new();
            for to in self.list(entry, "dependsOn") {
                match to.text() {
                    Some(name) if self.components.contains_key(name) => targets.push(name.to_owned()),
                    Some(name) => self.faults.add(to, format!("`{name}` is no component of the document")),
                    None => self.faults.add(to, "an entry of `dependsOn` must be a text"),
                }
            }
            match self.components.get_mut(from) {
                Some(component) => {
                    component.dependencies.extend(targets);
                    component.dependencies.sort();
                    component.dependencies.dedup();
                }
                None => self.faults.add(entry, format!("`{from}` is no component of the document")),
            }
        }
    }

    fn compositions(&mut self, root: &Node<'_>) {
        for composition in self.list(root, "compositions") {
            let word = required(composition, "aggregate", "a composition", self.faults).unwrap_or_default();
            let Some((_, grade)) = AGGREGATES.iter().find(|(name, _)| *name == word) else {
                if !word.is_empty() {
                    self.faults.add(composition, format!("`{word}` is no kind of completeness"));
                }
                continue;
            };
            for reference in self.list(composition, "dependencies") {
                if let Some(component) = reference.text().and_then(|name| self.components.get_mut(name)) {
                    component.completeness = *grade;
                }
            }
        }
    }
}

fn person(node: &Node<'_>) -> Option<Party> {
    let email = node.text_of("email").map(str::to_owned);
    let name = node.text_of("name").map(str::to_owned).or_else(|| email.clone())?;
    Some(Party { name, person: true, email, url: None })
}

fn organization(node: &Node<'_>) -> Option<Party> {
    let contact = node.get("contact").and_then(|c| c.entries().first());
    let email = contact.and_then(|c| c.text_of("email")).map(str::to_owned);
    let url = node.get("url").and_then(|u| u.text().or_else(|| u.entries().first()?.text())).map(str::to_owned);
    let name = node.text_of("name").filter(|n| !n.is_empty()).map(str::to_owned).or_else(|| url.clone())?;
    Some(Party { name, person: false, email, url })
}

fn evidence(node: &Node<'_>, component: &mut Component) {
    let Some(occurrences) = node.get("evidence").and_then(|e| e.get("occurrences")) else { return };
    for occurrence in occurrences.entries() {
        let Some(location) = occurrence.text_of("location") else { continue };
        let line = occurrence.get("line").and_then(|line| match &line.value {
            Value::Number(number) if *number >= 1.0 => Some(*number as u32),
            Value::String(text) => text.parse().ok(),
            _ => None,
        });
        let region = line.map(|line| Region {
            start_line: line,
            start_column: 1,
            end_line: line,
            end_column: 1,
            excerpt: "".into(),
        });
        component.occurrences.push(Place { path: RelPath::new(location), region });
    }
}

fn properties(node: &Node<'_>, component: &mut Component) {
    let Some(list) = node.get("properties") else { return };
    for property in list.entries() {
        let (Some(name), Some(value)) = (property.text_of("name"), property.text_of("value")) else { continue };
        match name {
            // Written for want of a place of its own, see the writer.
            "openclause:license:declared" => component.declared = Some(value.to_owned()),
            "openclause:scope" => {
                component.scope = Scope::ALL.into_iter().find(|s| s.name() == value).or(component.scope);
            }
            "bsi:component:filename" => component.file_name = Some(value.to_owned()),
            _ => {}
        }
        if name != "openclause:license:declared" {
            component.properties.push((name.to_owned(), value.to_owned()));
        }
    }
    component.properties.sort();
}

fn card(node: &Node<'_>) -> ModelCard {
    let parameters = node.get("modelParameters");
    let text = |key: &str| parameters.and_then(|p| p.text_of(key)).map(str::to_owned);
    let datasets = parameters.and_then(|p| p.get("datasets")).map_or(&[][..], Node::entries);
    let properties = node.get("properties").map_or(&[][..], Node::entries);
    ModelCard {
        task: text("task"),
        family: text("architectureFamily"),
        architecture: text("modelArchitecture"),
        datasets: datasets
            .iter()
            .filter_map(|set| set.text().or_else(|| set.text_of("ref")).or_else(|| set.text_of("name")))
            .map(str::to_owned)
            .collect(),
        parameters: properties
            .iter()
            .filter_map(|p| Some((p.text_of("name")?.to_owned(), p.text_of("value")?.to_owned())))
            .collect(),
    }
}
