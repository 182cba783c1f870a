//! The values that a matrix gives to its variables.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::expr::{Context, first_fence};
use super::github::{is_expression, value_text};
use crate::collect::workflows::tree::{Node, Pair, Value};

/// How many values are listed; a matrix runs at most 256 jobs.
const MOST: usize = 10_000;

/// The matrix of a job.
pub(super) struct Matrix<'a> {
    /// Every value that is written down, with the path of its variable.
    pub(super) values: Vec<MatrixValue<'a>>,
    /// Whether variables or values come from an expression as a whole.
    pub(super) is_computed: bool,
    /// Whether more combinations come from an expression.
    pub(super) includes_computed: bool,
}

/// One value of one variable.
#[derive(PartialEq, Eq)]
pub(super) struct MatrixValue<'a> {
    /// `matrix.os`.
    pub(super) path: String,
    /// The value.
    pub(super) text: Cow<'a, str>,
    /// Where it is written.
    pub(super) span: Range<usize>,
}

impl MatrixValue<'_> {
    /// Whether it is written down as it will be.
    pub(super) fn is_static(&self) -> bool {
        first_fence(&self.text).is_none()
    }
}

impl<'a> Matrix<'a> {
    pub(super) fn new(node: &'a Node) -> Self {
        let mut matrix = Self { values: Vec::new(), is_computed: is_expression(node), includes_computed: false };
        let is_list = |key: &str| key == "include" || key == "exclude";
        for pair in node.pairs().iter().filter(|pair| !is_list(&pair.key)) {
            matrix.add(pair, &mut Vec::new());
        }
        let mut excluded = Self { values: Vec::new(), is_computed: false, includes_computed: false };
        for row in node.get("exclude").map(Node::items).unwrap_or_default() {
            row.pairs().iter().for_each(|pair| excluded.add(pair, &mut Vec::new()));
        }
        let excluded: BTreeSet<(&str, &str)> = excluded.values.iter().map(|v| (v.path.as_str(), &*v.text)).collect();
        matrix.values.retain(|value| !excluded.contains(&(value.path.as_str(), &*value.text)));
        if let Some(include) = node.get("include") {
            matrix.includes_computed = is_expression(include);
            for row in include.items() {
                row.pairs().iter().for_each(|pair| matrix.add(pair, &mut Vec::new()));
            }
        }
        matrix
    }

    fn add(&mut self, pair: &'a Pair, path: &mut Vec<&'a str>) {
        path.push(&pair.key);
        self.add_value(&pair.value, path);
        path.pop();
    }

    fn add_value(&mut self, node: &'a Node, path: &mut Vec<&'a str>) {
        match &node.value {
            _ if self.values.len() >= MOST || node.is_null() => {}
            Value::Scalar(_) => {
                let path = format!("matrix.{}", path.join("."));
                self.values.push(MatrixValue { path, text: value_text(node), span: node.at.clone() });
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.add_value(item, path)),
            Value::Mapping(pairs) => pairs.iter().for_each(|pair| self.add(pair, path)),
        }
    }

    /// The values of the variable that a context names.
    pub(super) fn values_of<'m>(&'m self, context: Context<'m>) -> impl Iterator<Item = &'m MatrixValue<'a>> {
        self.values.iter().filter(move |value| context.is(&value.path))
    }

    /// Whether every value of a variable is written down.
    pub(super) fn is_static(&self, context: Context<'_>) -> bool {
        !self.is_computed && self.values_of(context).all(MatrixValue::is_static)
    }
}
