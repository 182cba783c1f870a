//! Messages with named places to fill.

use std::collections::BTreeMap;

/// A text with `{name}` places. The names are checked when the pack is loaded.
#[derive(Clone, Debug, Default)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Field(String),
}

impl Template {
    /// Reads a template; `{{` and `}}` stand for single braces.
    ///
    /// # Errors
    /// A place that is not closed, or a name that is not among `known`, as the offending text.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '{' | '}' if chars.peek().is_some_and(|(_, next)| *next == c) => {
                    chars.next();
                    literal.push(c);
                }
                '{' => {
                    let rest = &text[at + 1..];
                    let Some(close) = rest.find('}') else { return Err("{".to_owned()) };
                    let name = &rest[..close];
                    if !known.contains(&name) {
                        return Err(name.to_owned());
                    }
                    if !literal.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut literal)));
                    }
                    parts.push(Part::Field(name.to_owned()));
                    while chars.next_if(|(i, _)| *i <= at + 1 + close).is_some() {}
                }
                _ => literal.push(c),
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// Fills the places; a field without a value leaves nothing.
    pub fn fill(&self, fields: &BTreeMap<&'static str, String>) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field(name) => out.push_str(fields.get(name.as_str()).map_or("", String::as_str)),
            }
        }
        out
    }

    /// The text with its places as words, for documentation.
    pub fn plain(&self) -> String {
        let word = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Field(name) => format!("<{name}>"),
        };
        self.parts.iter().map(word).collect()
    }

    /// The names of the places.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_braces_escaped() {
        let template = Template::parse("{a} is {{not}} {b}.", &["a", "b"]).unwrap();
        let fields = BTreeMap::from([("a", "x".to_owned()), ("b", "y{a}".to_owned())]);
        assert_eq!(template.fill(&fields), "x is {not} y{a}.");
        assert_eq!(template.plain(), "<a> is {not} <b>.");
        assert_eq!(Template::parse("{c}", &["a"]).unwrap_err(), "c");
        assert_eq!(Template::parse("{", &[]).unwrap_err(), "{");
    }
}
