//! PHP: what Composer reads and writes.

pub(super) mod lock;
pub(super) mod manifest;

use super::json::{Node, Value};

const COMPOSER: &str = "composer";

/// A license as Composer holds it: a text, or a list that offers a choice (the composer.json schema, "license").
fn license(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Array(entries) => {
            let choices: Vec<&str> = entries.iter().filter_map(Node::text).collect();
            (!choices.is_empty()).then(|| choices.join(" OR "))
        }
        _ => None,
    }
}

/// Whether a requirement is met by the machine and not by a package: PHP itself, its extensions and libraries.
fn is_platform(name: &str) -> bool {
    !name.contains('/')
}
