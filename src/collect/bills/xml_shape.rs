//! CycloneDX XML brought into the shape of its JSON.

use std::borrow::Cow;

use crate::collect::json::{Member, Node, Value};
use crate::collect::xml::Element;

/// The version of CycloneDX in the root element's name space; `None` when it is no bill.
pub(super) fn version(root: &Element) -> Option<String> {
    let space = root.attributes.iter().find_map(|a| a.value.strip_prefix("http://cyclonedx.org/schema/bom/"))?;
    (root.name == "bom").then(|| space.to_owned())
}

/// The document as JSON has it.
pub(super) fn document(root: &Element, version: &str) -> Node<'static> {
    let mut node = convert(root, "");
    if let Value::Object(members) = &mut node.value {
        members.push(text_member("bomFormat", "CycloneDX", root.at));
        members.push(text_member("specVersion", version, root.at));
    }
    node
}

/// Elements that hold a list: in JSON each is an array of what is in it.
const LISTS: &[&str] = &[
    "components",
    "hashes",
    "licenses",
    "externalReferences",
    "properties",
    "occurrences",
    "dependencies",
    "compositions",
    "authors",
    "lifecycles",
    "vulnerabilities",
    "methods",
    "affects",
    "datasets",
    "ratings",
];

fn convert(element: &Element, parent: &str) -> Node<'static> {
    let at = element.at as u32;
    let list = |children: &[Element]| Value::Array(children.iter().map(|c| convert(c, &element.name)).collect());
    let value = match (parent, element.name.as_str()) {
        // Under `tools` stand either old tools or new components.
        ("metadata", "tools") if element.child("tool").is_some() => list(&element.children),
        ("compositions" | "composition", "dependencies") => {
            let refs = element.children.iter().map(|c| text(c.attribute("ref").unwrap_or_default(), c.at));
            Value::Array(refs.collect())
        }
        (_, name) if LISTS.contains(&name) => list(&element.children),
        (_, "dependency") => {
            let refs = element.children.iter().map(|c| text(c.attribute("ref").unwrap_or_default(), c.at));
            let depends = Member {
                key: Cow::Borrowed("dependsOn"),
                key_at: at,
                node: Node { at, value: Value::Array(refs.collect()) },
            };
            Value::Object(vec![text_member("ref", element.attribute("ref").unwrap_or_default(), element.at), depends])
        }
        (_, "hash") => pair(element, "alg", "content"),
        (_, "property") => pair(element, "name", "value"),
        ("licenses", "expression") => pair(element, "acknowledgement", "expression"),
        ("license", "text") => Value::Object(vec![text_member("content", &element.text, element.at)]),
        ("licenses", "license") => {
            let inner = Node { at, value: object(element) };
            Value::Object(vec![Member { key: Cow::Borrowed("license"), key_at: at, node: inner }])
        }
        _ if element.children.is_empty() && element.attributes.is_empty() => {
            return text(element.text.trim(), element.at);
        }
        _ => object(element),
    };
    Node { at, value }
}

/// An attribute and the text as two members.
fn pair(element: &Element, attribute: &'static str, content: &'static str) -> Value<'static> {
    let mut members = vec![text_member(content, element.text.trim(), element.at)];
    members.extend(element.attribute(attribute).map(|value| text_member(attribute, value, element.at)));
    Value::Object(members)
}

/// Attributes and children as members.
fn object(element: &Element) -> Value<'static> {
    let mut members: Vec<Member<'static>> = Vec::new();
    for attribute in element.attributes.iter().filter(|a| !a.value.starts_with("http://cyclonedx.org/schema/")) {
        members.push(Member {
            key: Cow::Owned(attribute.name.clone()),
            key_at: element.at as u32,
            node: text(&attribute.value, element.at),
        });
    }
    for child in &element.children {
        let node = convert(child, &element.name);
        members.push(Member { key: Cow::Owned(child.name.clone()), key_at: child.at as u32, node });
    }
    Value::Object(members)
}

fn text(text: &str, at: usize) -> Node<'static> {
    Node { at: at as u32, value: Value::String(Cow::Owned(text.to_owned())) }
}

fn text_member(key: &'static str, value: &str, at: usize) -> Member<'static> {
    Member { key: Cow::Borrowed(key), key_at: at as u32, node: text(value, at) }
}
