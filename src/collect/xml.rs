//! XML with places: a tree of elements that know where they stand, for readers that report lines.
//!
//! The `quick-xml` crate does the syntax; this module builds the tree, leaves out comments, processing instructions and
//! the document type, and bounds depth and nodes. Entities that a document type defines are not expanded.

use std::ops::Range;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{SourceFile, malformed};
use crate::model::{Evidence, Place};

/// How deep elements may be nested.
const DEEPEST: usize = 256;
/// How many elements and attributes a file may hold.
const MOST_NODES: usize = 5_000_000;

/// An element and where it stands.
#[derive(Debug, Default)]
pub struct Element {
    /// Its name without the prefix of its namespace.
    pub name: String,
    /// Offset of its start tag.
    pub at: usize,
    /// Its attributes, in the order of the text.
    pub attributes: Vec<Attribute>,
    /// Its own character data, that of its children left out.
    pub text: String,
    /// The bytes of its character data from the first character that is no white space; empty where there is none.
    pub text_at: Range<usize>,
    /// The elements in it.
    pub children: Vec<Self>,
}

/// An attribute of an element.
#[derive(Debug)]
pub struct Attribute {
    /// Its name without the prefix of its namespace.
    pub name: String,
    /// Its value, references resolved.
    pub value: String,
}

impl Element {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The children of this name.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The first element that is found by going down along these names.
    pub fn descend(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// The text without white space around it; `None` when nothing is left.
    pub fn trimmed(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// The text of the first child of this name, trimmed.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)?.trimmed()
    }

    /// The place of its start tag.
    pub fn place(&self, file: &SourceFile<'_>) -> Place {
        let rest = file.text().as_bytes().get(self.at..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'>').map_or(self.at + 1, |length| self.at + length + 1);
        file.place(self.at..end)
    }
}

/// Reads a file as XML and gives its root element.
///
/// # Errors
/// The note that the file is malformed, with the line, when it is no well-formed XML or a bound is reached.
pub fn parse(file: &SourceFile<'_>) -> Result<Element, Box<Evidence>> {
    root(file.text()).map_err(|(at, reason)| Box::new(malformed(file, Some(file.line_at(at)), reason)))
}

/// Where it failed, and why.
type Failed = (usize, String);

fn root(text: &str) -> Result<Element, Failed> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut count = 0;
    loop {
        let at = offset(reader.buffer_position());
        let event = reader.read_event().map_err(|e| (offset(reader.error_position()), e.to_string()))?;
        let end = offset(reader.buffer_position());
        match event {
            Event::Start(tag) => {
                if open.len() >= DEEPEST {
                    return Err((at, format!("nested deeper than {DEEPEST}")));
                }
                open.push(element(&tag, at, &mut count)?);
            }
            Event::Empty(tag) => close(element(&tag, at, &mut count)?, &mut open, &mut root, at)?,
            Event::End(_) => {
                if let Some(done) = open.pop() {
                    close(done, &mut open, &mut root, at)?;
                }
            }
            Event::Text(data) => add_text(&mut open, &data.xml10_content(), at, &text[at.min(end)..end])?,
            Event::CData(data) => add_text(&mut open, &data.xml10_content(), at, &text[at.min(end)..end])?,
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let character = reference.resolve_char_ref().ok().flatten().map(String::from);
                let known = quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned);
                let value = character.or(known).unwrap_or_else(|| format!("&{name};"));
                add_text(&mut open, &value, at, &text[at.min(end)..end])?;
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if let Some(element) = open.last() {
        return Err((element.at, format!("`{}` is not closed", element.name)));
    }
    root.ok_or_else(|| (0, "no element".to_owned()))
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn element(tag: &BytesStart<'_>, at: usize, count: &mut usize) -> Result<Element, Failed> {
    let mut element = Element { name: tag.local_name().as_ref().to_owned(), at, ..Element::default() };
    *count += 1;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|e| (at, e.to_string()))?;
        let name = attribute.key.local_name().as_ref().to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_or_else(|_| attribute.value.to_string(), |v| v.into_owned());
        element.attributes.push(Attribute { name, value });
        *count += 1;
    }
    if *count > MOST_NODES {
        Err((at, format!("more than {MOST_NODES} elements and attributes")))
    } else {
        Ok(element)
    }
}

/// Puts a finished element into the one around it, or makes it the root.
fn close(done: Element, open: &mut [Element], root: &mut Option<Element>, at: usize) -> Result<(), Failed> {
    match open.last_mut() {
        Some(parent) => parent.children.push(done),
        None if root.is_some() => return Err((at, "a second root element".to_owned())),
        None => *root = Some(done),
    }
    Ok(())
}

fn add_text(open: &mut [Element], value: &str, at: usize, raw: &str) -> Result<(), Failed> {
    let Some(element) = open.last_mut() else {
        return if value.trim().is_empty() {
            Ok(())
        } else {
            Err((at, "text outside of the root element".to_owned()))
        };
    };
    let visible = raw.trim();
    if !visible.is_empty() {
        let start = at + (raw.len() - raw.trim_start().len());
        let first = if element.text_at.is_empty() { start } else { element.text_at.start };
        element.text_at = first..start + visible.len();
    }
    element.text.push_str(value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn elements_know_where_they_stand() {
        let text = "<?xml version=\"1.0\"?>\n<!-- c --><a x='1 &amp; 2'>\n  <ns:b y=\"é\">one<![CDATA[ <two> ]]>&lt;&#x41;</ns:b><c/>\n <b>3</b></a>\n";
        let a = root(text).unwrap();
        assert_eq!((a.name.as_str(), a.attribute("x")), ("a", Some("1 & 2")));
        assert!(text[a.at..].starts_with("<a"));
        let b = a.child("b").unwrap();
        assert_eq!((b.text.as_str(), b.attribute("y")), ("one <two> <A", Some("é")));
        assert!(text[b.at..].starts_with("<ns:b") && text[b.text_at.clone()].starts_with("one"));
        assert_eq!(a.all("b").count(), 2);
        assert_eq!(
            (a.descend(&["c"]).unwrap().children.len(), a.text_of("b"), a.trimmed()),
            (0, Some("one <two> <A"), None)
        );
    }

    #[test]
    fn what_is_not_well_formed_names_its_place() {
        let line = |text: &str| {
            let (at, _) = root(text).unwrap_err();
            text[..at.min(text.len())].matches('\n').count() + 1
        };
        assert_eq!(line("<a>\n<b>\n</a>"), 3);
        assert_eq!(line("<a>\n<b>"), 2);
        assert_eq!(line("<a/>\n<b/>"), 2);
        assert_eq!(line(""), 1);
        assert_eq!(line("\n\nhello"), 1);
        assert_eq!(line(&"<a>".repeat(100_000)), 1);
    }

    #[test]
    fn entities_of_a_document_type_are_left_alone() {
        let text = "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>";
        assert_eq!(root(text).unwrap().text, "&x;");
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[a-c<>/&;=!?'\"\\[\\] \né#-]{0,80}") {
            let _ = root(&text);
        }
    }
}
