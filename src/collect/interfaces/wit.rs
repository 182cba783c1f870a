//! WIT, the interface types of WebAssembly components
//! (<https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md>).

use super::super::SourceFile;
use super::notes::{count, keep, names_successor, problem};
use super::tokens::{Kind, Style, tokens};
use crate::model::{Interface, Place};

const STYLE: Style = Style { line: "//", blocks: true, joins: &['-', '%'], quotes: &['"'] };

/// Words that open a block with a name.
const BLOCKS: &[&str] = &["interface", "world", "record", "variant", "enum", "flags", "resource"];

/// Reads a `.wit` file.
pub(super) fn read(file: &SourceFile<'_>) -> Option<Interface> {
    let (tokens, broken) = tokens(file.text(), STYLE);
    if !tokens.iter().any(|t| ["package", "interface", "world"].iter().any(|word| t.is(word))) {
        return None;
    }
    let mut out = Interface::new(Place::file(file.path.clone()), "WIT");
    if let Some((at, why)) = broken {
        problem(&mut out, file.place(at..at + 1), why);
    }
    let mut open: Vec<&str> = Vec::new();
    let mut pending = "";
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1);
        if i == 0 && token.is("package") {
            let end = tokens.iter().position(|t| t.is(";")).unwrap_or(tokens.len());
            if let Some(at) = tokens[..end].iter().position(|t| t.is("@"))
                && let (Some(first), Some(last)) = (tokens.get(at + 1), tokens.get(end.saturating_sub(1)))
            {
                let range = first.at.start..last.at.end.max(first.at.end);
                out.version = Some((file.text()[range.clone()].to_owned(), file.place(range)));
            }
        }
        if let Some(name) = next.filter(|n| n.kind == Kind::Word && BLOCKS.iter().any(|b| token.is(b))) {
            let brace = tokens.get(i + 2);
            if brace.is_some_and(|t| t.is("{")) {
                count(&mut out, !token.comment.is_empty(), || {
                    (file.place(name.at.clone()), format!("{} {}", token.text, name.text))
                });
                keep(&mut out, path(&open, name.text), "", token.text.to_owned(), false, true);
                pending = name.text;
            }
        }
        let is_function = next.is_some_and(|t| t.is(":"))
            && tokens.get(i + 2).is_some_and(|t| t.is("func") || t.is("async") || t.is("static"));
        if token.kind == Kind::Word && is_function {
            let end = tokens[i..].iter().position(|t| t.is(";")).map_or(tokens.len(), |n| i + n);
            let shape: String = tokens[i + 2..end.max(i + 2)].iter().flat_map(|t| [t.text, " "]).collect();
            // Whoever deprecates a function says so in front of its name.
            let gates = tokens[..i].iter().rposition(|t| t.is(";") || t.is("{") || t.is("}")).map_or(0, |n| n + 1);
            let before = &tokens[gates..i];
            let documented = !token.comment.is_empty() || before.iter().any(|t| !t.comment.is_empty());
            count(&mut out, documented, || (file.place(token.at.clone()), format!("`{}`", token.text)));
            if before.iter().any(|t| t.is("deprecated"))
                && !before.iter().chain([token]).any(|t| names_successor(t.comment))
            {
                out.deprecated.push((file.place(token.at.clone()), format!("`{}`", token.text)));
            }
            if !before.iter().any(|t| t.is("unstable")) {
                keep(&mut out, path(&open, token.text), "", shape.trim_end().to_owned(), false, true);
            }
        }
        if token.is("{") {
            open.push(std::mem::take(&mut pending));
        } else if token.is("}") && open.pop().is_none() {
            problem(&mut out, file.place(token.at.clone()), "`}` closes nothing");
        }
    }
    if let Some(at) = tokens.iter().position(|t| t.is("{")).filter(|_| !open.is_empty()) {
        problem(&mut out, file.place(tokens[at].at.clone()), "a block without its `}`");
    }
    Some(out)
}

fn path(open: &[&str], name: &str) -> String {
    let parts: Vec<&str> = open.iter().copied().filter(|p| !p.is_empty()).chain([name]).collect();
    parts.join("/")
}
