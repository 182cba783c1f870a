//! CycloneDX as JSON.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::super::component::cyclonedx_scope;
use super::super::identity;
use super::{Licensed, Parts, Statement, compositions, group_and_name, licenses, properties, technique};
use crate::model::{Bill, Component, ExternalReference, Hash, ModelCard, Party};

/// Versions of the standard that are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V1_6,
    V1_7,
}

impl Version {
    fn text(self) -> &'static str {
        match self {
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }
}

/// Writes the bill.
pub(super) fn write(bill: &Bill, version: Version, out: &mut dyn Write) -> io::Result<()> {
    let word = version.text();
    let mut document = Map::new();
    let mut set = |key: &str, value: Value| drop(document.insert(key.to_owned(), value));
    set("$schema", json!(format!("http://cyclonedx.org/schema/bom-{word}.schema.json")));
    set("bomFormat", json!("CycloneDX"));
    set("specVersion", json!(word));
    set("serialNumber", json!(format!("urn:uuid:{}", identity::of(bill, &format!("cyclonedx-{word}")))));
    set("version", json!(1));
    let writer = Components { bill, version, parts: Parts::new(bill) };
    set("metadata", metadata(&writer));
    set("components", writer.parts.top.iter().map(|c| writer.component(c)).collect());
    set("dependencies", dependencies(bill));
    let compositions = compositions(bill);
    if !compositions.is_empty() {
        let all = compositions.iter().map(|(aggregate, of)| json!({ "aggregate": aggregate, "dependencies": of }));
        set("compositions", all.collect());
    }
    crate::report::json::write(&document, out)
}

fn metadata(writer: &Components<'_>) -> Value {
    let bill = writer.bill;
    let mut metadata = Map::new();
    let mut set = |key: &str, value: Value| drop(metadata.insert(key.to_owned(), value));
    if let Some(time) = &bill.created {
        set("timestamp", json!(time));
    }
    if !bill.lifecycles.is_empty() {
        set("lifecycles", bill.lifecycles.iter().map(|phase| json!({ "phase": phase })).collect());
    }
    let tools = bill.tools.iter().map(|tool| {
        let mut value = json!({ "type": "application", "name": tool.name });
        if let Some(version) = &tool.version {
            value["version"] = json!(version);
        }
        if let Some(url) = &tool.url {
            value["externalReferences"] = json!([{ "type": "website", "url": url }]);
        }
        value
    });
    set("tools", json!({ "components": tools.collect::<Vec<_>>() }));
    let (people, organizations): (Vec<&Party>, Vec<&Party>) = bill.authors.iter().partition(|p| p.person);
    if let Some(organization) = organizations.first() {
        set("manufacturer", organization_value(organization));
    }
    if !people.is_empty() {
        set("authors", people.into_iter().map(person).collect());
    }
    if let Some(root) = bill.root() {
        set("component", writer.component(root));
    }
    Value::Object(metadata)
}

/// A person (`organizationalContact`).
fn person(party: &Party) -> Value {
    let mut value = json!({ "name": party.name });
    if let Some(email) = &party.email {
        value["email"] = json!(email);
    }
    value
}

/// An organization (`organizationalEntity`).
fn organization_value(party: &Party) -> Value {
    let mut value = json!({ "name": party.name });
    if let Some(url) = &party.url {
        value["url"] = json!([url]);
    }
    if let Some(email) = &party.email {
        value["contact"] = json!([{ "email": email }]);
    }
    value
}

struct Components<'b> {
    bill: &'b Bill,
    version: Version,
    parts: Parts<'b>,
}

impl Components<'_> {
    fn component(&self, component: &Component) -> Value {
        let mut object = Map::new();
        let mut set = |key: &str, value: Value| drop(object.insert(key.to_owned(), value));
        let (group, name) = group_and_name(component);
        set("type", json!(component.kind.name()));
        set("bom-ref", json!(component.reference));
        if let Some(supplier) = &component.supplier {
            set("supplier", organization_value(supplier));
        }
        if !component.authors.is_empty() {
            set("authors", component.authors.iter().map(person).collect());
        }
        if let Some(group) = group {
            set("group", json!(group));
        }
        set("name", json!(name));
        if let Some(version) = &component.version {
            set("version", json!(version));
        }
        if let Some(description) = &component.description {
            set("description", json!(description));
        }
        if let Some(scope) = component.scope {
            set("scope", json!(cyclonedx_scope(scope)));
        }
        if !component.hashes.is_empty() {
            set("hashes", hashes(&component.hashes));
        }
        let (licenses, displaced) = licenses(component, self.version == Version::V1_7);
        if !licenses.is_empty() {
            set("licenses", licenses.iter().map(|l| self.license(l)).collect());
        }
        if let Some(copyright) = &component.copyright {
            set("copyright", json!(copyright));
        }
        if let Some(cpe) = &component.cpe {
            set("cpe", json!(cpe));
        }
        if let Some(purl) = &component.purl {
            set("purl", json!(purl));
        }
        if !component.references.is_empty() {
            set("externalReferences", component.references.iter().map(reference).collect());
        }
        let parts = self.parts.of(&component.reference);
        if !parts.is_empty() {
            set("components", parts.iter().map(|part| self.component(part)).collect());
        }
        if let Some(evidence) = evidence(component) {
            set("evidence", evidence);
        }
        if let Some(card) = &component.card {
            set("modelCard", model_card(card, self.bill));
        }
        let properties = properties(component, displaced);
        if !properties.is_empty() {
            set("properties", properties.iter().map(|(n, v)| json!({ "name": n, "value": v })).collect());
        }
        Value::Object(object)
    }

    fn license(&self, licensed: &Licensed<'_>) -> Value {
        let how = licensed.acknowledgement;
        let text_of = |id: &str| self.bill.license_texts.iter().find(|t| t.id == id).map(|t| t.text.as_str());
        match licensed.statement {
            Statement::Id(id) => json!({ "license": { "id": id, "acknowledgement": how } }),
            Statement::Expression(text) => match text_of(text) {
                Some(license) => {
                    json!({ "license": { "name": text, "acknowledgement": how, "text": { "content": license } } })
                }
                None => json!({ "expression": text, "acknowledgement": how }),
            },
            Statement::Name(name) => json!({ "license": { "name": name, "acknowledgement": how } }),
        }
    }
}

fn hashes(hashes: &[Hash]) -> Value {
    hashes.iter().map(|h| json!({ "alg": h.algorithm, "content": h.value })).collect()
}

fn reference(reference: &ExternalReference) -> Value {
    let mut value = json!({ "type": reference.kind, "url": reference.url });
    if !reference.hashes.is_empty() {
        value["hashes"] = hashes(&reference.hashes);
    }
    value
}

fn evidence(component: &Component) -> Option<Value> {
    if component.occurrences.is_empty() {
        return None;
    }
    let mut evidence = Map::new();
    if let (Some(technique), Some(purl)) = (technique(component), &component.purl) {
        let seen = component.occurrences.first().map_or("", |place| place.path.as_str());
        let method = json!({ "technique": technique, "confidence": 1, "value": seen });
        let identity = json!([{ "field": "purl", "confidence": 1, "concludedValue": purl, "methods": [method] }]);
        evidence.insert("identity".to_owned(), identity);
    }
    let occurrences = component.occurrences.iter().map(|place| {
        let mut occurrence = json!({ "location": place.path.as_str() });
        if let Some(region) = &place.region {
            occurrence["line"] = json!(region.start_line);
        }
        occurrence
    });
    evidence.insert("occurrences".to_owned(), occurrences.collect());
    Some(Value::Object(evidence))
}

fn model_card(card: &ModelCard, bill: &Bill) -> Value {
    let mut parameters = Map::new();
    if let Some(task) = &card.task {
        parameters.insert("task".to_owned(), json!(task));
    }
    if let Some(family) = &card.family {
        parameters.insert("architectureFamily".to_owned(), json!(family));
    }
    if let Some(architecture) = &card.architecture {
        parameters.insert("modelArchitecture".to_owned(), json!(architecture));
    }
    if !card.datasets.is_empty() {
        let datasets = card.datasets.iter().map(|set| match bill.component(set) {
            Some(component) => json!({ "ref": component.reference }),
            None => json!({ "type": "dataset", "name": set }),
        });
        parameters.insert("datasets".to_owned(), datasets.collect());
    }
    let mut value = Map::new();
    if !parameters.is_empty() {
        value.insert("modelParameters".to_owned(), Value::Object(parameters));
    }
    if !card.parameters.is_empty() {
        let properties = card.parameters.iter().map(|(name, v)| json!({ "name": name, "value": v }));
        value.insert("properties".to_owned(), properties.collect());
    }
    Value::Object(value)
}

fn dependencies(bill: &Bill) -> Value {
    let of = |c: &Component| json!({ "ref": c.reference, "dependsOn": c.dependencies });
    bill.root().into_iter().chain(bill.others()).map(of).collect()
}
