//! SPDX 3.0.1 as JSON-LD, in the profiles core, software and simple licensing, with AI and dataset where there are
//! models and data.

mod element;
mod relationship;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::super::{Format, View};
use super::identity::Ids;
use super::license::{self, Statement, statement};
use super::spdx2::{NO_TIME, creation_comment, namespace, sbom_type};
use crate::model::{Bill, ComponentKind, Party, Report};

/// The registration.
pub(in crate::report) const FORMAT: Format = Format {
    name: "spdx3",
    summary: "A bill of materials as SPDX 3.0.1 JSON-LD, models and data included.",
    extension: "spdx3.json",
    render,
};

fn render(report: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    write(&super::of(report), out)
}

/// Writes the bill.
pub(super) fn write(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::of(bill);
    let document = json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph.elements });
    crate::report::json::write(&document, out)
}

/// The blank node of the creation, which every element names.
const CREATION: &str = "_:creation";

/// The elements of a document.
struct Graph<'b> {
    bill: &'b Bill,
    space: String,
    ids: Ids<'b>,
    elements: Vec<Value>,
    /// Elements of licenses, by their expression.
    licenses: BTreeMap<String, String>,
    agents: BTreeMap<&'b Party, String>,
    relationships: usize,
}

impl<'b> Graph<'b> {
    fn of(bill: &'b Bill) -> Self {
        let space = format!("{}#", namespace(bill, "spdx3"));
        let ids = Ids::new(bill, "Package-");
        let mut graph = Self {
            bill,
            space,
            ids,
            elements: Vec::new(),
            licenses: BTreeMap::new(),
            agents: BTreeMap::new(),
            relationships: 0,
        };
        graph.creation();
        graph.licenses();
        for component in bill.root().into_iter().chain(bill.others()) {
            graph.component(component);
        }
        for component in bill.root().into_iter().chain(bill.others()) {
            graph.relationships_of(component);
        }
        graph.document();
        graph
    }

    /// An id in the name space of the document.
    fn id(&self, name: &str) -> String {
        format!("{}{name}", self.space)
    }

    /// Adds an element; gives its id.
    fn add(&mut self, kind: &str, name: &str, fields: Value) -> String {
        let id = self.id(name);
        let mut element = Map::new();
        element.insert("type".to_owned(), json!(kind));
        element.insert("spdxId".to_owned(), json!(id));
        element.insert("creationInfo".to_owned(), json!(CREATION));
        if let Value::Object(fields) = fields {
            element.extend(fields.into_iter().filter(|(_, value)| !is_void(value)));
        }
        self.elements.push(Value::Object(element));
        id
    }

    /// Who made the document, when, and with what.
    fn creation(&mut self) {
        let bill = self.bill;
        let at = self.elements.len();
        self.elements.push(Value::Null);
        let mut using = Vec::new();
        for (number, tool) in bill.tools.iter().enumerate() {
            let name = match &tool.version {
                Some(version) => format!("{}-{version}", tool.name),
                None => tool.name.clone(),
            };
            using.push(self.add("Tool", &format!("Tool-{}", number + 1), json!({ "name": name })));
        }
        let parties = bill.components.iter().flat_map(|c| c.supplier.iter().chain(&c.authors));
        let mut all: Vec<&Party> = bill.authors.iter().chain(parties).collect();
        all.sort();
        all.dedup();
        for (number, party) in all.into_iter().enumerate() {
            let kind = if party.person { "Person" } else { "Organization" };
            let mut identifiers = Vec::new();
            if let Some(email) = &party.email {
                identifiers.push(identifier("email", email));
            }
            if let Some(url) = &party.url {
                identifiers.push(identifier("urlScheme", url));
            }
            let fields = json!({ "name": party.name, "externalIdentifier": identifiers });
            let id = self.add(kind, &format!("Agent-{}", number + 1), fields);
            self.agents.insert(party, id);
        }
        let mut by: Vec<String> = bill.authors.iter().filter_map(|party| self.agents.get(party).cloned()).collect();
        if by.is_empty() {
            // Nobody answers for the document but the program.
            let name = bill.tools.first().map_or("unknown", |tool| &tool.name);
            by.push(self.add("SoftwareAgent", "Agent-0", json!({ "name": name })));
        }
        let mut creation = json!({
            "type": "CreationInfo",
            "@id": CREATION,
            "specVersion": "3.0.1",
            "created": bill.created.as_deref().unwrap_or(NO_TIME),
            "createdBy": by,
        });
        if !using.is_empty() {
            creation["createdUsing"] = json!(using);
        }
        let comment = creation_comment(bill);
        if !comment.is_empty() {
            creation["comment"] = json!(comment);
        }
        self.elements[at] = creation;
    }

    /// Adds an element for every license that is stated.
    fn licenses(&mut self) {
        let bill = self.bill;
        self.license("CC0-1.0");
        for text in bill.components.iter().flat_map(|c| [c.declared.as_deref(), c.concluded.as_deref()]) {
            match statement(text) {
                Some(Statement::Name("NONE")) | None => {}
                Some(Statement::Name(name)) => {
                    let id = license::reference_of(name);
                    self.custom(&id, name, name);
                    self.license(&id);
                }
                Some(Statement::Id(text) | Statement::Expression(text)) => {
                    for id in license::references(text) {
                        if let Some(known) = bill.license_texts.iter().find(|t| t.id == id) {
                            self.custom(&id, known.name.as_deref().unwrap_or(&id), &known.text);
                        }
                    }
                    self.license(text);
                }
            }
        }
    }

    fn license(&mut self, expression: &str) {
        if self.licenses.contains_key(expression) {
            return;
        }
        let name = format!("License-{}", self.licenses.len() + 1);
        let mut map = Vec::new();
        for id in license::references(expression) {
            let custom = self.id(&id);
            if self.licenses.contains_key(&format!("custom {id}")) {
                map.push(json!({ "type": "DictionaryEntry", "key": id, "value": custom }));
            }
        }
        let fields = json!({ "simplelicensing_licenseExpression": expression, "simplelicensing_customIdToUri": map });
        let id = self.add("simplelicensing_LicenseExpression", &name, fields);
        self.licenses.insert(expression.to_owned(), id);
    }

    /// The text of a license that is not on the SPDX License List.
    fn custom(&mut self, id: &str, name: &str, text: &str) {
        let key = format!("custom {id}");
        if self.licenses.contains_key(&key) {
            return;
        }
        let fields = json!({ "name": name, "simplelicensing_licenseText": text });
        let element = self.add("simplelicensing_SimpleLicensingText", id, fields);
        self.licenses.insert(key, element);
    }

    /// The document and the bill in it.
    fn document(&mut self) {
        let bill = self.bill;
        let ids: Vec<Value> = self.elements.iter().filter_map(|e| e.get("spdxId").cloned()).collect();
        let roots: Vec<String> = match bill.root.as_deref().and_then(|root| self.ids.get(root)) {
            Some(root) => vec![self.id(root)],
            None => bill.components.iter().filter_map(|c| Some(self.id(self.ids.get(&c.reference)?))).collect(),
        };
        let mut profiles = vec!["core", "software", "simpleLicensing"];
        if bill.components.iter().any(|c| c.kind == ComponentKind::MachineLearningModel) {
            profiles.push("ai");
        }
        if bill.components.iter().any(|c| c.kind == ComponentKind::Data) {
            profiles.push("dataset");
        }
        let types: Vec<&str> = bill
            .lifecycles
            .iter()
            .map(|phase| sbom_type(phase))
            .filter(|t| ["design", "source", "build", "analyzed", "deployed", "runtime"].contains(t))
            .collect();
        let name = if bill.name.is_empty() { "bill of materials" } else { &bill.name };
        let fields = json!({
            "name": name,
            "profileConformance": profiles,
            "software_sbomType": types,
            "rootElement": roots,
            "element": ids,
        });
        let sbom = self.add("software_Sbom", "Sbom", fields);
        let all: Vec<Value> = self.elements.iter().filter_map(|e| e.get("spdxId").cloned()).collect();
        let fields = json!({
            "name": name,
            "profileConformance": profiles,
            "dataLicense": self.licenses.get("CC0-1.0"),
            "rootElement": [sbom],
            "element": all,
        });
        self.add("SpdxDocument", "Document", fields);
    }
}

/// Whether a value says nothing, so that its field is left out.
fn is_void(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// An `ExternalIdentifier`.
fn identifier(kind: &str, value: &str) -> Value {
    json!({ "type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": value })
}
