//! JavaScript: what npm reads and writes.

mod berry;
pub(super) mod bun;
pub(super) mod installed;
pub(super) mod lock;
pub(super) mod manifest;
pub(super) mod pnpm;
pub(super) mod pnpm_workspace;
mod spec;
mod tree;
pub(super) mod workspace;
pub(super) mod yarn;

use super::json::{Node, Value};

/// A license as `package.json` and lock files hold it: an SPDX expression, or one of the shapes of before 2015 (an
/// object with a `type`, or an array of either, which offers a choice).
fn license(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Object(_) => node.text_of("type").or_else(|| node.text_of("name")).map(str::to_owned),
        Value::Array(entries) => {
            let choices: Vec<String> = entries.iter().filter_map(choice).collect();
            (!choices.is_empty()).then(|| choices.join(" OR "))
        }
        _ => None,
    }
}

/// One entry of an array of licenses. The shape allows no array inside an array.
fn choice(node: &Node<'_>) -> Option<String> {
    if node.entries().is_empty() { license(node) } else { None }
}
