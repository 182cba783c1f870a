//! YAML 1.2 with places: a tree whose nodes know where they stand, for readers that report lines.
//!
//! The `granit-parser` crate does the syntax; this module builds the tree, follows aliases and merge keys
//! (`<<`), and bounds depth, nodes and expansion, so that a small file cannot become a large tree.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, Span};

use super::{SourceFile, malformed};
use crate::model::{Evidence, Place};

/// How deep collections may be nested.
const DEEPEST: usize = 128;
/// How many nodes a file may hold, aliases expanded. A lock file of 10 MB holds about half a million.
const MOST_NODES: usize = 5_000_000;

/// A value and where it stands. Cloning is cheap: collections are shared.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    /// Offset of its first byte; of an alias, that of what it stands for.
    pub at: usize,
    /// Offset behind its last byte where it is a scalar; of a collection, the same as `at`.
    pub end: usize,
    /// What it is.
    pub value: Value<'t>,
}

/// A YAML value.
#[derive(Clone, Debug)]
pub enum Value<'t> {
    /// A scalar, and whether it is plain (neither quoted nor a block), so that `null` and `true` have their meaning.
    Scalar(Cow<'t, str>, bool),
    /// A sequence.
    Sequence(Rc<[Node<'t>]>),
    /// A mapping, in the order of the text; what a merge key adds comes last.
    Mapping(Rc<[Member<'t>]>),
}

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub struct Member<'t> {
    /// The key: the text of a scalar, empty for a collection.
    pub key: Cow<'t, str>,
    /// The bytes of the key.
    pub key_at: Range<usize>,
    /// The value.
    pub node: Node<'t>,
}

impl<'t> Node<'t> {
    /// The members of a mapping; none for any other value.
    pub fn members(&self) -> &[Member<'t>] {
        match &self.value {
            Value::Mapping(members) => members,
            _ => &[],
        }
    }

    /// The entries of a sequence; none for any other value.
    pub fn entries(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(entries) => entries,
            _ => &[],
        }
    }

    /// The value of the first member with this key. Walks the members, so it is for mappings of a fixed shape.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().find(|m| m.key == key).map(|m| &m.node)
    }

    /// The text of a scalar as written (`1.10` stays `1.10`); `None` for null and for collections.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text, _) if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// The text of the scalar under a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }

    /// Whether the value under a key is `true`.
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.get(key).map(|n| &n.value), Some(Value::Scalar(text, true)) if matches!(&**text, "true" | "True" | "TRUE"))
    }

    /// Whether it is null: nothing, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(text, true) if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(..) if self.is_null() => "null",
            Value::Scalar(..) => "a scalar",
            Value::Sequence(_) => "a sequence",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The place of a scalar; of a collection, where it starts.
    pub fn place(&self, file: &SourceFile<'_>) -> Place {
        file.place(self.at..self.end.max(self.at + 1))
    }
}

impl Member<'_> {
    /// From the key to the end of a scalar on the same line, else the key alone.
    pub fn range(&self, file: &SourceFile<'_>) -> Range<usize> {
        let one_line =
            self.node.end > self.key_at.end && file.line_at(self.key_at.start) == file.line_at(self.node.end - 1);
        if one_line { self.key_at.start..self.node.end } else { self.key_at.clone() }
    }
}

/// The first document of a file; a null for a file without any.
///
/// # Errors
/// The note that the file is malformed, with the line, when any of its documents is no YAML or a bound is reached.
pub fn parse<'t>(file: &SourceFile<'t>) -> Result<Node<'t>, Box<Evidence>> {
    let (mut documents, note) = documents(file);
    match note {
        Some(note) => Err(note),
        None if documents.is_empty() => Ok(null(0)),
        None => Ok(documents.swap_remove(0)),
    }
}

/// Every document of a file, and the note that it is malformed where one of them is no YAML; those in front of it
/// are still good.
pub fn documents<'t>(file: &SourceFile<'t>) -> (Vec<Node<'t>>, Option<Box<Evidence>>) {
    documents_of(file.text()).map_or_else(
        |(documents, line, reason)| (documents, Some(Box::new(malformed(file, line, reason)))),
        |documents| (documents, None),
    )
}

/// The first key that is repeated within one mapping, by the order of the text; merge keys aside.
pub fn repeated_key<'n, 't>(node: &'n Node<'t>) -> Option<&'n Member<'t>> {
    match &node.value {
        Value::Scalar(..) => None,
        Value::Sequence(entries) => entries.iter().find_map(repeated_key),
        Value::Mapping(members) => {
            let mut seen = HashSet::new();
            members
                .iter()
                .find_map(|m| if seen.insert(&*m.key) || m.key.is_empty() { repeated_key(&m.node) } else { Some(m) })
        }
    }
}

fn null<'t>(at: usize) -> Node<'t> {
    Node { at, end: at, value: Value::Scalar(Cow::Borrowed(""), true) }
}

/// What was read in front of an error, its line, and its words.
type Failed<'t> = (Vec<Node<'t>>, Option<u32>, String);

fn documents_of(text: &str) -> Result<Vec<Node<'_>>, Failed<'_>> {
    let mut builder = Builder::default();
    let mut options = granit_parser::options! {
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        // Long file names and peers make keys of over a thousand characters in pnpm's lock files.
        simple_key_max_lookahead: 16_384,
    };
    options.set_emit_comments(false);
    for event in Parser::new_from_str_with_options(text, options) {
        let done = match event {
            Ok((event, span)) => builder.event(event, span).map_err(|why| (span.start.line(), why)),
            Err(error) => Err((error.marker().line(), error.info())),
        };
        if let Err((line, why)) = done {
            return Err((builder.documents, u32::try_from(line).ok().filter(|l| *l > 0), why));
        }
    }
    Ok(builder.documents)
}

/// A collection whose end has not come yet.
struct Open<'t> {
    at: usize,
    anchor: usize,
    /// Nodes in it, itself included, aliases expanded.
    count: usize,
    content: Content<'t>,
}

enum Content<'t> {
    Sequence(Vec<Node<'t>>),
    /// The members, and the key that waits for its value.
    Mapping(Vec<Member<'t>>, Option<(Cow<'t, str>, Range<usize>)>),
}

#[derive(Default)]
struct Builder<'t> {
    documents: Vec<Node<'t>>,
    open: Vec<Open<'t>>,
    /// What anchors stand for, with the number of nodes.
    anchors: HashMap<usize, (Node<'t>, usize)>,
    total: usize,
}

impl<'t> Builder<'t> {
    fn event(&mut self, event: Event<'t>, span: Span) -> Result<(), String> {
        let at = span.start.byte_offset().unwrap_or_default();
        let end = span.end.byte_offset().unwrap_or(at);
        match event {
            Event::DocumentStart(..) => {
                self.open.clear();
                self.anchors.clear();
            }
            Event::Scalar(text, style, anchor, _) => {
                let node = Node { at, end, value: Value::Scalar(text, style == ScalarStyle::Plain) };
                self.keep(anchor, &node, 1);
                return self.add(node, 1);
            }
            Event::SequenceStart(_, anchor, _) => self.start(at, anchor, Content::Sequence(Vec::new()))?,
            Event::MappingStart(_, anchor, _) => self.start(at, anchor, Content::Mapping(Vec::new(), None))?,
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let value = match open.content {
                    Content::Sequence(entries) => Value::Sequence(entries.into()),
                    Content::Mapping(members, _) => Value::Mapping(merged(members).into()),
                };
                let node = Node { at: open.at, end: open.at, value };
                self.keep(open.anchor, &node, open.count);
                return self.add(node, open.count);
            }
            Event::Alias(anchor) => {
                // An alias inside of what it stands for has no finite tree.
                let Some((node, count)) = self.anchors.get(&anchor).cloned() else {
                    return Err("an alias that stands for a collection around it".to_owned());
                };
                return self.add(node, count);
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, at: usize, anchor: usize, content: Content<'t>) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err(format!("nested deeper than {DEEPEST}"));
        }
        self.open.push(Open { at, anchor, count: 1, content });
        Ok(())
    }

    fn keep(&mut self, anchor: usize, node: &Node<'t>, count: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), count));
        }
    }

    /// Puts a finished node into the collection around it.
    fn add(&mut self, node: Node<'t>, count: usize) -> Result<(), String> {
        let Some(open) = self.open.last_mut() else {
            self.total = self.total.saturating_add(count);
            self.documents.push(node);
            return Ok(());
        };
        open.count = open.count.saturating_add(count);
        if self.total.saturating_add(open.count) > MOST_NODES {
            return Err(format!("more than {MOST_NODES} nodes, aliases expanded"));
        }
        match &mut open.content {
            Content::Sequence(entries) => entries.push(node),
            Content::Mapping(members, key) => match key.take() {
                Some((key, key_at)) => members.push(Member { key, key_at, node }),
                None => {
                    let key_at = node.at..node.end;
                    let text = if let Value::Scalar(text, _) = node.value { text } else { Cow::Borrowed("") };
                    *key = Some((text, key_at));
                }
            },
        }
        Ok(())
    }
}

/// Replaces merge keys by what they merge: the members of the mapping, or of each mapping of a sequence, whose keys
/// are not there yet (YAML language-independent types, "Merge key").
fn merged(members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    if !members.iter().any(|m| m.key == "<<") {
        return members;
    }
    let (merges, mut own): (Vec<_>, Vec<_>) = members.into_iter().partition(|m| m.key == "<<");
    let mut seen: HashSet<String> = own.iter().map(|m| m.key.clone().into_owned()).collect();
    for merge in merges {
        let sources = match &merge.node.value {
            Value::Sequence(list) => &**list,
            _ => std::slice::from_ref(&merge.node),
        };
        for member in sources.iter().flat_map(Node::members) {
            if seen.insert(member.key.clone().into_owned()) {
                own.push(member.clone());
            }
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> Node<'_> {
        documents_of(text).unwrap().swap_remove(0)
    }

    fn fails(text: &str) -> (Option<u32>, String) {
        let (_, line, why) = documents_of(text).unwrap_err();
        (line, why)
    }

    #[test]
    fn values_know_where_they_stand() {
        let text = "é: 1.10\nlist:\n  - 'a'\n  - {b: ~, c: true}\n";
        let node = one(text);
        let first = &node.members()[0];
        assert_eq!((&text[first.key_at.clone()], &text[first.node.at..first.node.end]), ("é", "1.10"));
        assert_eq!(first.node.text(), Some("1.10"));
        let list = node.get("list").unwrap().entries();
        assert_eq!((list[0].text(), &text[list[0].at..list[0].end]), (Some("a"), "'a'"));
        assert!(list[1].get("b").unwrap().is_null() && list[1].flag("c") && !list[1].flag("b"));
    }

    #[test]
    fn quoted_words_are_texts() {
        let node = one("a: 'null'\nb: \"true\"\nc:\nd: null\n");
        assert_eq!((node.text_of("a"), node.text_of("c"), node.text_of("d")), (Some("null"), None, None));
        assert!(!node.flag("b"));
    }

    #[test]
    fn documents_in_front_of_an_error_are_kept() {
        let (documents, line, _) = documents_of("a: 1\n---\nb: 2\n---\nc: [\n").unwrap_err();
        assert_eq!(documents.len(), 2);
        assert!(line.is_some_and(|l| l >= 5), "{line:?}");
        assert!(documents_of("").unwrap().is_empty() && documents_of("# only\n").unwrap().is_empty());
    }

    #[test]
    fn aliases_and_merge_keys_are_followed() {
        let node = one("base: &b {image: x, tag: 1}\na: {<<: *b, tag: 2}\nl: {<<: [{k: 1}, *b]}\nr: *b\n");
        let a = node.get("a").unwrap();
        assert_eq!((a.text_of("image"), a.text_of("tag"), a.members().len()), (Some("x"), Some("2"), 2));
        assert_eq!(node.get("l").unwrap().members().len(), 3);
        assert_eq!(node.get("r").unwrap().text_of("image"), Some("x"));
    }

    #[test]
    fn trees_without_end_are_refused() {
        assert!(fails("a: &a [*a]\n").1.contains("alias"));
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let list = vec![format!("*a{}", i - 1); 10].join(", ");
            bomb.push_str(&format!("a{i}: &a{i} [{list}]\n"));
        }
        assert!(fails(&bomb).1.contains("nodes"));
        assert!(fails(&"[".repeat(100_000)).0.is_some());
        assert!(fails(&"- ".repeat(100_000)).0.is_some());
    }

    #[test]
    fn repeated_keys_are_found() {
        let text = "a:\n  x: 1\n  y: 2\n  x: 3\nb: {x: 1}\n";
        assert_eq!(repeated_key(&one(text)).map(|m| m.key_at.start), Some(text.find("x: 3").unwrap()));
        assert!(repeated_key(&one("a: &a {x: 1}\nb: {<<: *a, x: 2}\n")).is_none());
    }

    #[test]
    fn a_long_key_is_a_key() {
        let key = "a".repeat(4000);
        assert_eq!(one(&format!("{key}: 1\n")).text_of(&key), Some("1"));
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[a-z&*<:\\[\\]{}'\"|>#, \n\t%!é-]{0,120}") {
            if let Ok(documents) = documents_of(&text) {
                for node in &documents {
                    prop_assert!(text.is_char_boundary(node.at.min(text.len())));
                    let _ = repeated_key(node);
                }
            }
        }
    }
}
