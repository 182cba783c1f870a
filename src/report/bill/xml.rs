//! Writes XML 1.0, one element per line.

use std::borrow::Cow;
use std::io::{self, Write};

/// A document that is being written.
pub(super) struct Xml<'o> {
    out: &'o mut dyn Write,
    depth: usize,
}

/// Attributes of an element.
type Attributes<'a> = [(&'a str, &'a str)];

impl<'o> Xml<'o> {
    /// Starts a document.
    pub(super) fn new(out: &'o mut dyn Write) -> io::Result<Self> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        Ok(Self { out, depth: 0 })
    }

    /// An element with what `inner` writes in it.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        inner: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.open(name, attributes)?;
        writeln!(self.out, ">")?;
        self.depth += 1;
        inner(self)?;
        self.depth -= 1;
        self.indent()?;
        writeln!(self.out, "</{name}>")
    }

    /// An element with text.
    pub(super) fn text(&mut self, name: &str, attributes: &Attributes<'_>, text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        writeln!(self.out, ">{}</{name}>", escape(text))
    }

    /// An element with text, where there is one.
    pub(super) fn optional(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.text(name, &[], text))
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &Attributes<'_>) -> io::Result<()> {
        self.open(name, attributes)?;
        writeln!(self.out, "/>")
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> io::Result<()> {
        self.indent()?;
        write!(self.out, "<{name}")?;
        attributes.iter().try_for_each(|(key, value)| write!(self.out, " {key}=\"{}\"", escape(value)))
    }

    fn indent(&mut self) -> io::Result<()> {
        write!(self.out, "{:1$}", "", self.depth * 2)
    }
}

/// Text as XML takes it, in elements and attributes. Characters that XML 1.0 forbids become U+FFFD.
fn escape(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !matches!(c, '<' | '>' | '&' | '"') && is_allowed(c) && c != '\r';
    if text.chars().all(is_plain) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            c if is_allowed(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    out.into()
}

/// Whether XML 1.0 (section 2.2) allows the character.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_nested_and_escaped() {
        let mut out = Vec::new();
        let mut xml = Xml::new(&mut out).unwrap();
        xml.element("a", &[("k", "\"<&")], |xml| {
            xml.text("b", &[], "x > y\u{1b}\u{fffe}")?;
            xml.optional("c", None)?;
            xml.empty("d", &[])
        })
        .unwrap();
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a k=\"&quot;&lt;&amp;\">\n  \
                        <b>x &gt; y\u{fffd}\u{fffd}</b>\n  <d/>\n</a>\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
