//! JSON Schema (<https://json-schema.org>, drafts 4 to 2020-12), by itself and within OpenAPI and AsyncAPI.

use std::collections::HashSet;

use super::super::SourceFile;
use super::super::yaml::{Member, Node, Value, repeated_key};
use super::notes::{count, keep, problem};
use super::openapi::deprecated;
use super::tree::check_references;
use crate::model::{Interface, Place};

/// Who relies on a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Those who get what it describes: what is gone is missed.
    Described,
    /// Those who write what it checks: what it demands is missed.
    Checked,
}

/// Reads a schema of its own; `None` when the file does not say that it is one.
pub(super) fn read(file: &SourceFile<'_>, root: &Node<'_>) -> Option<Interface> {
    let dialect = root.text_of("$schema")?;
    if !dialect.contains("json-schema.org") {
        return None;
    }
    let mut out = Interface::new(Place::file(file.path.clone()), "JSON Schema");
    if let Some(member) = repeated_key(root) {
        problem(&mut out, file.place(member.key_at.clone()), format!("the key `{}` is repeated", member.key));
    }
    check_references(file, root, &mut out);
    out.version = root.get("version").and_then(|n| Some((n.text()?.to_owned(), n.place(file))));
    for key in ["license", "x-license"] {
        out.license = out.license.or_else(|| root.get(key).and_then(|n| Some((n.text()?.to_owned(), n.place(file)))));
    }
    children(file, root, "", Use::Checked, &mut out);
    for key in ["$defs", "definitions"] {
        for member in root.get(key).map(Node::members).unwrap_or_default() {
            element(file, member, &member.key, Use::Checked, &mut out);
        }
    }
    Some(out)
}

/// A schema with a name, and what is in it.
pub(super) fn element(file: &SourceFile<'_>, member: &Member<'_>, name: &str, usage: Use, out: &mut Interface) {
    let node = &member.node;
    let said = ["description", "title", "$ref", "$comment"].iter().any(|key| node.text_of(key).is_some());
    count(out, said, || (file.place(member.key_at.clone()), name.to_owned()));
    deprecated(file, member, name, out);
    children(file, node, name, usage, out);
}

/// The properties of a schema, at any depth; the parser bounds it.
fn children(file: &SourceFile<'_>, node: &Node<'_>, name: &str, usage: Use, out: &mut Interface) {
    check(file, node, out);
    let required: HashSet<&str> =
        node.get("required").map(Node::entries).unwrap_or_default().iter().filter_map(Node::text).collect();
    let is_closed = node.get("additionalProperties").is_some_and(|n| n.text() == Some("false"));
    let dot = if name.is_empty() { "" } else { "." };
    for member in node.get("properties").map(Node::members).unwrap_or_default() {
        let path = format!("{name}{dot}{}", member.key);
        let (demanded, missed) = match usage {
            Use::Described => (false, true),
            Use::Checked => (required.contains(member.key.as_ref()), is_closed),
        };
        keep(out, path.clone(), "", shape(&member.node), demanded, missed);
        element(file, member, &path, usage, out);
    }
    if let Some(items) = node.get("items") {
        children(file, items, &format!("{name}[]"), usage, out);
    }
    // What is in `allOf` holds as if it stood here.
    for part in node.get("allOf").map(Node::entries).unwrap_or_default() {
        children(file, part, name, usage, out);
    }
}

/// Keywords whose values have a form.
fn check(file: &SourceFile<'_>, node: &Node<'_>, out: &mut Interface) {
    const TYPES: &[&str] = &["null", "boolean", "object", "array", "number", "string", "integer", "file"];
    if let Some(kind) = node.get("type") {
        let each = if kind.entries().is_empty() { std::slice::from_ref(kind) } else { kind.entries() };
        for one in each {
            // A bare `null` of YAML is a slip that readers understand.
            let unknown = one.text().filter(|text| !TYPES.contains(text));
            if let Some(text) = unknown {
                problem(out, one.place(file), format!("`{text}` is no type of JSON Schema"));
            }
        }
    }
    if let Some(properties) = node.get("properties")
        && !matches!(properties.value, Value::Mapping(_))
        && !properties.is_null()
    {
        problem(out, properties.place(file), format!("`properties` is {}, not an object", properties.kind()));
    }
}

/// The type of a schema in short: its type, what an array holds, or what it refers to. Empty where nothing is said.
pub(super) fn shape(node: &Node<'_>) -> String {
    if let Some(target) = node.text_of("$ref") {
        return String::from("=") + target.rsplit('/').next().unwrap_or(target);
    }
    let Some(kind) = node.get("type") else { return String::new() };
    if !kind.entries().is_empty() {
        let mut kinds: Vec<&str> = kind.entries().iter().filter_map(Node::text).collect();
        kinds.sort_unstable();
        return kinds.join("|");
    }
    match kind.text() {
        Some("array") => {
            let inner = node.get("items").map(shape).unwrap_or_default();
            if inner.is_empty() { "array".to_owned() } else { format!("array of {inner}") }
        }
        Some(text) => text.to_owned(),
        None => String::new(),
    }
}
