//! Documents that describe interfaces, in the formats that people share them in.

mod compare;
mod graphql;
mod notes;
mod openapi;
mod proto;
mod release;
mod schema;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;
mod wit;

use super::{Collector, Hit, Interest, Options, SourceFile};
use crate::model::{Evidence, Interface, Inventory, Place, RelPath};
use crate::walk::git::Git;

/// Reads interface documents.
pub struct Interfaces;

/// Keys that a document of OpenAPI or AsyncAPI starts with.
const KEYS: &[&str] = &["openapi", "swagger", "asyncapi"];

/// Largest document that is read, in bytes.
const LARGEST: usize = 16 << 20;

fn is_named(name: &str, _: &RelPath) -> bool {
    // `a.in.proto` is what a build makes `a.proto` of.
    !name.contains(".in.")
        && [".proto", ".graphql", ".graphqls", ".gql", ".wit", ".schema.json"].iter().any(|end| name.ends_with(end))
}

impl Collector for Interfaces {
    fn id(&self) -> &'static str {
        "interfaces"
    }

    fn summary(&self) -> &'static str {
        "Interface documents: OpenAPI 2 to 3.1, AsyncAPI 2 and 3, JSON Schema, protobuf, GraphQL and WIT, and how they changed since the last release"
    }

    fn interest(&self) -> Interest {
        Interest { keywords: KEYS, names: is_named, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        let is_tree = [".json", ".yml", ".yaml"].iter().any(|end| file.name.ends_with(end));
        let wanted =
            is_named(file.name, file.path) || is_tree && hits.iter().take(64).any(|hit| is_key(file.text(), hit));
        if wanted && let Some(interface) = read(file) {
            out.push(Evidence::Interface(Box::new(interface)));
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.interfaces.sort_by(|a, b| a.place.cmp(&b.place));
        let mut interfaces = std::mem::take(&mut inventory.interfaces);
        for interface in interfaces.iter_mut().filter(|_| inventory.whole) {
            let folder = interface.place.path.parent();
            for (place, target) in std::mem::take(&mut interface.refers) {
                // What leads out of the root cannot be looked at.
                if folder.join(&target).is_some_and(|path| !inventory.exists(&path)) {
                    interface.problems.push((place, format!("the file `{target}` is not there")));
                }
            }
        }
        inventory.interfaces = interfaces;
    }

    fn look_back(&self, inventory: &mut Inventory, git: &Git, _: &Options) {
        release::look_back(inventory, git);
    }
}

/// Whether a keyword is a key at the start of a line or of a document, with a version behind it.
fn is_key(text: &str, hit: &Hit) -> bool {
    let start = hit.start as usize;
    let word = KEYS.get(usize::from(hit.keyword)).copied().unwrap_or_default();
    let (Some(before), Some(behind)) = (text.get(..start), text.get(start + word.len()..)) else { return false };
    let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
    let opens = before.is_empty() || before.ends_with(['\n', '{', ',', ' ', '\t']);
    let behind = behind.strip_prefix(['"', '\'']).unwrap_or(behind);
    let value = behind
        .trim_start_matches([' ', '\t'])
        .strip_prefix(':')
        .map(|v| v.trim_start_matches([' ', '\t', '"', '\'']));
    opens && value.is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a line is a statement of protobuf, or opens one. Prose may start a line with `message`.
fn is_protobuf(text: &str) -> bool {
    const BLOCKS: &[&str] = &["message", "enum", "service", "extend"];
    let is_name = |word: &str| word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    let mut lines = text.lines().map(|line| line.trim().trim_start_matches('\u{feff}')).peekable();
    while let Some(line) = lines.next() {
        let code = line.split("//").next().unwrap_or_default().trim_end();
        let (word, rest) = code.split_at(code.find([' ', '\t', '=', '"', '\'']).unwrap_or(code.len()));
        // A block has a name, and opens behind it or on the next line.
        let (name, opens) = match rest.split_once('{') {
            Some((name, _)) => (name.trim(), true),
            None => (rest.trim(), lines.peek().is_some_and(|next| next.starts_with('{'))),
        };
        let said = rest.split_once(';').map(|(said, _)| said.trim());
        let is_line = said.is_some_and(|said| match word {
            "syntax" | "edition" | "option" => said.contains('='),
            "package" => is_name(said),
            "import" => said.contains(['"', '\'']),
            _ => false,
        });
        if is_line || BLOCKS.contains(&word) && opens && is_name(name) {
            return true;
        }
    }
    false
}

/// Reads a document of any format; `None` when it describes no interface.
fn read(file: &SourceFile<'_>) -> Option<Interface> {
    let text = file.text();
    if text.trim().is_empty() || text.len() > LARGEST {
        return None;
    }
    let mut interface = if file.name.ends_with(".proto") {
        // Other programs use the ending, too: Plan 9 for makefiles, Caffe for texts of models.
        if !is_protobuf(text) {
            return None;
        }
        proto::read(file)?
    } else if file.name.ends_with(".wit") {
        wit::read(file)?
    } else if !file.name.ends_with(".json") && !file.name.ends_with(".yml") && !file.name.ends_with(".yaml") {
        graphql::read(file)?
    } else {
        match tree::parse(file) {
            Ok(root) if file.name.ends_with(".schema.json") && root.get("openapi").is_none() => {
                schema::read(file, &root)?
            }
            Ok(root) => openapi::read(file, &root)?,
            // A template becomes a document only when it is filled in.
            Err(_) if text.contains("{{") || text.contains("{%") => return None,
            Err((line, why)) => {
                let format = if file.name.ends_with(".schema.json") { "JSON Schema" } else { "OpenAPI" };
                let mut interface = Interface::new(Place::file(file.path.clone()), format);
                interface.problems.push((file.place_of_line(line), why));
                interface
            }
        }
    };
    interface.shape.sort();
    Some(interface)
}
