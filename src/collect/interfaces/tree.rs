//! JSON and YAML as one tree, and references within it (RFC 6901).

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::encoded::percent_decoded;
use super::super::yaml::{Member, Node, Value};
use super::super::{SourceFile, json, yaml};
use super::notes::problem;
use crate::model::{Evidence, Interface};

/// Reads a file as JSON or YAML, by its name.
///
/// # Errors
/// The line at which it is neither, and why.
pub(super) fn parse<'t>(file: &SourceFile<'t>) -> Result<Node<'t>, (u32, String)> {
    let parsed = if file.name.ends_with(".json") {
        json::parse(file).map(|node| convert(file, node))
    } else {
        yaml::parse(file)
    };
    parsed.map_err(|note| match *note {
        Evidence::Unread(skipped) => (skipped.line.unwrap_or(1), skipped.reason),
        _ => (1, "cannot be read".to_owned()),
    })
}

/// A tree of JSON as one of YAML; the parser bounds its depth.
fn convert<'t>(file: &SourceFile<'_>, node: json::Node<'t>) -> Node<'t> {
    let at = node.at as usize;
    let scalar = |text: Cow<'t, str>, plain| (at + 1, Value::Scalar(text, plain));
    let (end, value) = match node.value {
        json::Value::Null => scalar(Cow::Borrowed("null"), true),
        json::Value::Bool(value) => scalar(Cow::Borrowed(if value { "true" } else { "false" }), true),
        json::Value::Number(number) => scalar(Cow::Owned(number.to_string()), true),
        json::Value::String(text) => (at + text.len() + 2, Value::Scalar(text, false)),
        json::Value::Array(entries) => {
            (at, Value::Sequence(entries.into_iter().map(|entry| convert(file, entry)).collect()))
        }
        json::Value::Object(members) => {
            let members = members.into_iter().map(|member| {
                let key_at = member.key_range(file);
                Member { key_at, key: member.key, node: convert(file, member.node) }
            });
            (at, Value::Mapping(members.collect()))
        }
    };
    Node { at, end, value }
}

/// Checks every `$ref` of a document: one within it must lead somewhere, one to a file is noted.
pub(super) fn check_references(file: &SourceFile<'_>, root: &Node<'_>, out: &mut Interface) {
    let mut walk = Walk { file, known: HashMap::new(), indexes: HashMap::new(), out };
    walk.node(root, root);
}

/// Members of wide mappings by key.
type Index<'n> = HashMap<&'n str, usize>;

struct Walk<'n, 't, 'o> {
    file: &'n SourceFile<'t>,
    /// Where pointers lead, by the root they count from.
    known: HashMap<(usize, &'n str), bool>,
    /// Indexes of mappings, by where they stand and their width (an alias stands where its anchor does).
    indexes: HashMap<(usize, usize), Index<'n>>,
    out: &'o mut Interface,
}

/// Mappings up to this width are searched from end to end.
const NARROW: usize = 16;

impl<'n> Walk<'n, '_, '_> {
    fn node(&mut self, root: &'n Node<'n>, node: &'n Node<'n>) {
        // A schema with an identifier of its own is a resource of its own (JSON Schema 2020-12, 8.2.1).
        let root = match node.text_of("$id") {
            Some(id) if !id.starts_with('#') && !std::ptr::eq(root, node) => node,
            _ => root,
        };
        for member in node.members() {
            match member.key.as_ref() {
                "$ref" => self.reference(root, member),
                "example" | "examples" | "default" | "enum" | "const" => {}
                key if key.starts_with("x-") => {}
                _ => self.node(root, &member.node),
            }
        }
        for entry in node.entries() {
            self.node(root, entry);
        }
    }

    fn reference(&mut self, root: &'n Node<'n>, member: &'n Member<'n>) {
        let Some(target) = member.node.text() else { return };
        if let Some(pointer) = target.strip_prefix('#') {
            // What is missing is missing once, however often it is asked for.
            let is_first = !self.known.contains_key(&(root.at, pointer));
            // Names of anchors are not pointers.
            if (pointer.is_empty() || pointer.starts_with('/')) && is_first && !self.leads(root, pointer) {
                problem(self.out, self.file.place(member.range(self.file)), format!("`{target}` leads nowhere"));
            }
            return;
        }
        let path = target.split('#').next().unwrap_or_default();
        let is_file = [".json", ".yaml", ".yml"].iter().any(|end| path.ends_with(end));
        let has_base = root.get("$id").is_some() || root.get("id").is_some();
        if is_file && !path.contains(':') && !path.starts_with('/') && !has_base && self.out.refers.len() < 10_000 {
            self.out.refers.push((self.file.place(member.range(self.file)), path.to_owned()));
        }
    }

    fn leads(&mut self, root: &'n Node<'n>, pointer: &'n str) -> bool {
        let key = (root.at, pointer);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let mut at = Some(root);
        for part in pointer.split('/').skip(1) {
            let part = percent_decoded(part).replace("~1", "/").replace("~0", "~");
            at = at.and_then(|node| match &node.value {
                Value::Sequence(entries) => entries.get(part.parse::<usize>().ok()?),
                Value::Mapping(members) if members.len() > NARROW => {
                    let index = self.indexes.entry((node.at, members.len())).or_insert_with(|| {
                        members.iter().enumerate().map(|(i, member)| (member.key.as_ref(), i)).collect()
                    });
                    index.get(part.as_str()).and_then(|i| members.get(*i)).map(|member| &member.node)
                }
                _ => node.get(&part),
            });
        }
        self.known.insert(key, at.is_some());
        at.is_some()
    }
}
