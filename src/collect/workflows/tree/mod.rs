//! YAML as it is written, read as far as it can be read.
//!
//! [`crate::collect::yaml`] tells what a file means, fast, and gives up at the first error. Audits need what that leaves out:
//! where values end and aliases stand, the comments, and the text of scalars laid along their source; and a broken line must
//! not cost the file: it is left out, the rest is read, and the line is reported. Nesting, nodes and the expansion of aliases
//! are bounded, and the work is linear in the size of the source.

mod build;
mod offsets;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub(super) use offsets::Offsets;

/// How many nodes a document may have, aliases expanded.
const MOST_NODES: usize = 200_000;
/// How deep nodes may nest.
const MOST_NESTED: usize = 100;
/// How many broken lines are left out before the rest of the file is given up.
const MOST_FAULTS: usize = 16;

/// The first document of a source.
pub(super) struct Document<'s> {
    /// The whole source.
    pub(super) source: &'s str,
    /// The top node; `None` when there is nothing but comments.
    pub(super) root: Option<Node>,
    /// What could not be read.
    pub(super) faults: Vec<Fault>,
    /// Comments from `#` to the end of the line, in order.
    pub(super) comments: Vec<Range<usize>>,
}

/// A part of a source that does not follow YAML 1.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Its line, from 1.
    pub(super) line: u32,
    /// What is wrong.
    pub(super) reason: String,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The value.
    pub(super) value: Value,
    /// The bytes of the content: for an alias those of what it stands for.
    pub(super) span: Range<usize>,
    /// The bytes where it is written: for an alias those of the alias, for an anchored node with its anchor.
    pub(super) at: Range<usize>,
    depth: usize,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping in the order of the source, with what is written twice.
    Mapping(Vec<Pair>),
}

/// A scalar.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    /// The text, escapes resolved.
    pub(super) text: String,
    /// How it is written.
    pub(super) style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block, literal (`|`) or folded (`>`).
    Block,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    /// The key as text.
    pub(super) key: String,
    /// The bytes of the key.
    pub(super) key_span: Range<usize>,
    /// The value.
    pub(super) value: Node,
}

impl Pair {
    /// The bytes of key and value.
    pub(super) fn span(&self) -> Range<usize> {
        self.key_span.start..self.value.at.end.max(self.key_span.end)
    }
}

impl Node {
    /// The pair of a mapping with this key; `None` when this is no mapping.
    pub(super) fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs().iter().find(|pair| pair.key == key)
    }

    /// The value of a mapping under this key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.pair(key).map(|pair| &pair.value)
    }

    /// The value below a row of keys.
    pub(super) fn at_path(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The pairs of a mapping; empty for any other value.
    pub(super) fn pairs(&self) -> &[Pair] {
        match &self.value {
            Value::Mapping(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items of a sequence; empty for any other value.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar that is not null.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if !self.is_null() => Some(&scalar.text),
            _ => None,
        }
    }

    /// The text of a scalar, empty for null: how a variable of the environment reads it.
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(if self.is_null() { "" } else { &scalar.text }),
            _ => None,
        }
    }

    /// Whether this is nothing, `~` or `null` without quotes.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(Scalar { text, style: Style::Plain })
            if ["", "~", "null", "Null", "NULL"].contains(&text.as_str()))
    }

    /// The truth value, by the core schema of YAML 1.2: `true` and `false` without quotes.
    pub(super) fn truth(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar(Scalar { text, style: Style::Plain }) => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number, when it is written without quotes.
    pub(super) fn number(&self) -> Option<f64> {
        match &self.value {
            Value::Scalar(Scalar { text, style: Style::Plain }) => {
                let sound = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
                text.parse().ok().filter(|_| sound)
            }
            _ => None,
        }
    }

    /// The texts of a scalar or of a sequence of scalars.
    pub(super) fn texts(&self) -> Vec<&str> {
        match &self.value {
            Value::Sequence(items) => items.iter().filter_map(Self::text).collect(),
            _ => self.text().into_iter().collect(),
        }
    }
}

impl<'s> Document<'s> {
    /// Reads the first document of a source. What cannot be read is in [`Document::faults`].
    pub(super) fn parse(source: &'s str) -> Self {
        build::parse(source)
    }

    /// Translates offsets in the text of a scalar to offsets in the source.
    pub(super) fn offsets(&self, node: &Node) -> Offsets {
        Offsets::new(self.source, node)
    }

    /// The comments on the lines of a byte range.
    pub(super) fn comments_on_lines_of(&self, range: &Range<usize>) -> &[Range<usize>] {
        let bytes = self.source.as_bytes();
        let limit = bytes.len();
        let start = memchr::memrchr(b'\n', &bytes[..range.start.min(limit)]).map_or(0, |at| at + 1);
        let last = range.end.min(limit).max(range.start.min(limit));
        let end = memchr::memchr(b'\n', &bytes[last..]).map_or(limit, |at| last + at);
        let from = self.comments.partition_point(|comment| comment.start < start);
        let to = self.comments.partition_point(|comment| comment.start < end);
        &self.comments[from..to.max(from)]
    }
}
