//! JSON with places: what `serde_json` understands, and where each value starts.
//!
//! `serde_json` does the syntax. Its tree has no positions, so one pass over the text that it has accepted notes
//! where every token starts; as both meet the values in the same order, the n-th value starts at the n-th token.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::{SourceFile, malformed};

use crate::model::{Encoding, Evidence, Place};

/// A value and where it starts.
#[derive(Debug)]
pub(super) struct Node<'t> {
    /// Offset of its first byte.
    pub(super) at: u32,
    pub(super) value: Value<'t>,
}

/// A JSON value; objects keep the order of their members.
#[derive(Debug)]
pub(super) enum Value<'t> {
    Null,
    Bool(bool),
    Number(f64),
    String(Cow<'t, str>),
    Array(Vec<Node<'t>>),
    Object(Vec<Member<'t>>),
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member<'t> {
    pub(super) key: Cow<'t, str>,
    /// Offset of the key's opening quote.
    pub(super) key_at: u32,
    pub(super) node: Node<'t>,
}

impl<'t> Node<'t> {
    /// The members of an object; none for any other value.
    pub(super) fn members(&self) -> &[Member<'t>] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The entries of an array; none for any other value.
    pub(super) fn entries(&self) -> &[Self] {
        match &self.value {
            Value::Array(entries) => entries,
            _ => &[],
        }
    }

    /// The member with this key; the last one where a key is repeated, as JavaScript has it. Walks all members, so it
    /// is for objects of a fixed shape.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().rev().find(|m| m.key == key).map(|m| &m.node)
    }

    /// The text of a string.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the string member with this key.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }

    /// Whether the member with this key is `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Node { value: Value::Bool(true), .. }))
    }

    /// What kind of value it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The place of a string, quotes included; of any other value, its first character.
    pub(super) fn place(&self, file: &SourceFile<'_>) -> Place {
        file.place(self.range(file))
    }

    fn range(&self, file: &SourceFile<'_>) -> Range<usize> {
        token(file.text(), self.at as usize)
    }
}

impl Member<'_> {
    /// The bytes of the key, quotes included.
    pub(super) fn key_range(&self, file: &SourceFile<'_>) -> Range<usize> {
        token(file.text(), self.key_at as usize)
    }

    /// From the key to the end of a string value; for any other value the key alone.
    pub(super) fn range(&self, file: &SourceFile<'_>) -> Range<usize> {
        let key = self.key_range(file);
        match self.node.value {
            Value::String(_) => key.start..self.node.range(file).end,
            _ => key,
        }
    }
}

/// The bytes of the token at `at`: a whole string, or one character.
fn token(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    if bytes.get(at) == Some(&b'"') { at..string_end(bytes, at) } else { at..(at + 1).min(bytes.len()) }
}

/// Reads a file as JSON.
///
/// # Errors
/// The note that the file is malformed, with the line, when it is no UTF-8, no JSON, or nested deeper than 128.
pub(super) fn parse<'t>(file: &SourceFile<'t>) -> Result<Node<'t>, Box<Evidence>> {
    if file.encoding() != Some(Encoding::Utf8) {
        return Err(Box::new(malformed(file, None, "not UTF-8, which JSON must be")));
    }
    parse_text(file, file.text())
}

/// Reads a text of the same length as the file's, such as [`strict`] makes of it.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_text<'t>(file: &SourceFile<'_>, text: &'t str) -> Result<Node<'t>, Box<Evidence>> {
    let starts = token_starts(text.as_bytes());
    let mut seed = Tree { starts: &starts, next: 0 };
    let mut reader = serde_json::Deserializer::from_str(text);
    seed.deserialize_node(&mut reader)
        .and_then(|node| reader.end().map(|()| node))
        .map_err(|e| Box::new(malformed(file, u32::try_from(e.line()).ok(), e)))
}

/// JSON with comments and trailing commas (as bun, deno and many editors write it) as strict JSON of the same length:
/// both are replaced by spaces, so that offsets and lines stay what they are.
pub(super) fn strict(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out: Option<Vec<u8>> = None;
    let mut blank = |range: Range<usize>| {
        let out = out.get_or_insert_with(|| bytes.to_vec());
        out[range].iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
    };
    let mut comma = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                comma = None;
                at = string_end(bytes, at);
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                blank(at..end);
                at = end;
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = memchr::memmem::find(&bytes[at + 2..], b"*/").map_or(bytes.len(), |n| at + 2 + n + 2);
                blank(at..end);
                at = end;
                continue;
            }
            b',' => comma = Some(at),
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    blank(comma..comma + 1);
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => comma = None,
        }
        at += 1;
    }
    // Whole characters were replaced, so this is still UTF-8.
    out.map_or(Cow::Borrowed(text), |bytes| String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned))
}

/// The first repeated key of any object, by the order of the text.
pub(super) fn repeated_key<'n, 't>(node: &'n Node<'t>) -> Option<&'n Member<'t>> {
    match &node.value {
        Value::Array(entries) => entries.iter().find_map(repeated_key),
        Value::Object(members) => {
            let mut order: Vec<&Member<'t>> = members.iter().collect();
            order.sort_by(|a, b| (&a.key, a.key_at).cmp(&(&b.key, b.key_at)));
            let here = order.windows(2).filter(|pair| pair[0].key == pair[1].key).map(|pair| pair[1]);
            let first = here.min_by_key(|member| member.key_at);
            first.or_else(|| members.iter().find_map(|member| repeated_key(&member.node)))
        }
        _ => None,
    }
}

/// Where every token but punctuation starts: strings (keys too), numbers, literals, and opening brackets.
fn token_starts(bytes: &[u8]) -> Vec<u32> {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                starts.push(at as u32);
                at = string_end(bytes, at);
            }
            b'{' | b'[' => {
                starts.push(at as u32);
                at += 1;
            }
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                starts.push(at as u32);
                at += 1;
                while bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
    }
    starts
}

/// The offset behind the closing quote of the string whose opening quote is at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// Builds the tree; `next` counts the tokens that were met.
struct Tree<'s> {
    starts: &'s [u32],
    next: usize,
}

impl Tree<'_> {
    fn start(&mut self) -> u32 {
        let at = self.starts.get(self.next).copied().unwrap_or_default();
        self.next += 1;
        at
    }

    fn deserialize_node<'t, D: serde::Deserializer<'t>>(&mut self, reader: D) -> Result<Node<'t>, D::Error> {
        let at = self.start();
        Ok(Node { at, value: reader.deserialize_any(ValueVisitor(self))? })
    }
}

struct NodeSeed<'a, 's>(&'a mut Tree<'s>);

impl<'t> DeserializeSeed<'t> for NodeSeed<'_, '_> {
    type Value = Node<'t>;

    fn deserialize<D: serde::Deserializer<'t>>(self, reader: D) -> Result<Node<'t>, D::Error> {
        self.0.deserialize_node(reader)
    }
}

struct ValueVisitor<'a, 's>(&'a mut Tree<'s>);

impl<'t> Visitor<'t> for ValueVisitor<'_, '_> {
    type Value = Value<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value<'t>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'t>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'t>, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'t>, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'t>, E> {
        Ok(Value::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'t str) -> Result<Value<'t>, E> {
        Ok(Value::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value<'t>, E> {
        Ok(Value::String(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut access: A) -> Result<Value<'t>, A::Error> {
        let mut entries = Vec::new();
        while let Some(node) = access.next_element_seed(NodeSeed(self.0))? {
            entries.push(node);
        }
        Ok(Value::Array(entries))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut access: A) -> Result<Value<'t>, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = access.next_key_seed(KeySeed)? {
            let key_at = self.0.start();
            let node = access.next_value_seed(NodeSeed(self.0))?;
            members.push(Member { key, key_at, node });
        }
        Ok(Value::Object(members))
    }
}

/// Borrows a key from the text where it holds no escapes.
struct KeySeed;

impl<'t> DeserializeSeed<'t> for KeySeed {
    type Value = Cow<'t, str>;

    fn deserialize<D: serde::Deserializer<'t>>(self, reader: D) -> Result<Cow<'t, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for KeySeed {
    type Value = Cow<'t, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'t str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::packages::testing::{file, skipped};

    fn starts_of(text: &str, node: &Node<'_>, out: &mut Vec<String>) {
        let rest = &text[node.at as usize..];
        match &node.value {
            Value::Array(entries) => {
                assert!(rest.starts_with('['));
                entries.iter().for_each(|n| starts_of(text, n, out));
            }
            Value::Object(members) => {
                assert!(rest.starts_with('{'));
                for m in members {
                    out.push(m.key.clone().into_owned());
                    assert!(text[m.key_at as usize..].starts_with('"'));
                    starts_of(text, &m.node, out);
                }
            }
            Value::String(_) => assert!(rest.starts_with('"')),
            Value::Number(_) => assert!(rest.starts_with(|c: char| c == '-' || c.is_ascii_digit())),
            Value::Null => assert!(rest.starts_with("null")),
            Value::Bool(true) => assert!(rest.starts_with("true")),
            Value::Bool(false) => assert!(rest.starts_with("false")),
        }
    }

    #[test]
    fn every_value_knows_where_it_starts() {
        let text =
            "{\"a{\": [1, -2.5e+3, \"x\\\"]\", {}, []],\n \"b\\u00e9\" : {\"c\":null,\"d\":true}, \"\": false}";
        file("a.json", text, |f| {
            let node = parse(f).unwrap();
            let mut keys = Vec::new();
            starts_of(text, &node, &mut keys);
            assert_eq!(keys, ["a{", "bé", "c", "d", ""]);
            assert_eq!(node.get("bé").unwrap().place(f).start_line(), 2);
        });
    }

    #[test]
    fn what_is_not_json_names_its_line() {
        let line = |text: &str| file("a.json", text, |f| skipped(&parse(f).unwrap_err()).line);
        assert_eq!(line("{\n\"a\": 1,\n"), Some(3));
        assert_eq!(line("{} x"), Some(1));
        assert_eq!(line(&"[".repeat(100_000)), Some(1));
    }

    #[test]
    fn comments_and_trailing_commas_become_spaces() {
        let text = "{ // é, }\n\"a,}\": [1, /* ] */ 2 ,\n], \"b\": \"//\",}\n";
        let made = strict(text);
        assert_eq!(made, "{         \n\"a,}\": [1,         2  \n], \"b\": \"//\" }\n");
        assert_eq!(made.len(), text.len());
        assert!(matches!(strict("{\"a\": [1, 2]}"), Cow::Borrowed(_)));
        let _ = (strict("/*"), strict("\""), strict("/"), strict(",]"));
    }

    #[test]
    fn repeated_keys_are_found_at_any_depth() {
        file("a.json", "{\"a\":[{\"x\":1,\n\"y\":2,\n\"x\":3}]}", |f| {
            let node = parse(f).unwrap();
            let member = repeated_key(&node).unwrap();
            assert_eq!((&*member.key, f.line_at(member.key_at as usize)), ("x", 3));
        });
        file("a.json", "{\"a\":{\"x\":1},\"b\":{\"x\":1}}", |f| assert!(repeated_key(&parse(f).unwrap()).is_none()));
    }
}
