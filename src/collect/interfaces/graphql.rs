//! The type system of GraphQL (<https://spec.graphql.org/October2021/#sec-Type-System>).

use std::collections::HashSet;

use super::super::SourceFile;
use super::notes::{count, keep, names_successor, problem};
use super::tokens::{Kind, Style, Token, closing, tokens};
use crate::model::{Interface, Place};

const STYLE: Style = Style { line: "#", blocks: false, joins: &[], quotes: &['"'] };

const DEFINITIONS: &[&str] = &["type", "interface", "input", "enum", "union", "scalar", "directive", "schema"];

/// Reads a schema; `None` for a file of queries.
pub(super) fn read(file: &SourceFile<'_>) -> Option<Interface> {
    let (tokens, broken) = tokens(file.text(), STYLE);
    let mut out = Interface::new(Place::file(file.path.clone()), "GraphQL");
    let mut types = Types::default();
    let mut at = 0;
    let mut is_schema = false;
    let mut described = false;
    while let Some(token) = tokens.get(at) {
        if token.kind == Kind::Text {
            described = true;
            at += 1;
            continue;
        }
        let extends = token.is("extend");
        let word = if extends { tokens.get(at + 1) } else { Some(token) };
        let Some(word) = word.filter(|w| DEFINITIONS.iter().any(|d| w.is(d))) else {
            // Operations and fragments: up to their end, whatever they hold.
            if token.is("{") {
                match closing(&tokens, at) {
                    Some(end) => at = end,
                    None => {
                        problem(&mut out, file.place(token.at.clone()), "a block without its `}`");
                        break;
                    }
                }
            } else {
                at += 1;
            }
            described = false;
            continue;
        };
        is_schema = true;
        let name = at + 1 + usize::from(extends);
        let mut end = name;
        // Up to the block, or the next definition.
        let mut block = None;
        while let Some(token) = tokens.get(end) {
            let starts = token.kind == Kind::Text || DEFINITIONS.iter().chain(&["extend"]).any(|d| token.is(d));
            if starts && end > name && !tokens[end - 1].is("|") && !tokens[end - 1].is(":") {
                break;
            }
            if token.is("{") || token.is("(") {
                let Some(close) = closing(&tokens, end) else {
                    problem(
                        &mut out,
                        file.place(token.at.clone()),
                        format!("a `{}` that is never closed", token.text),
                    );
                    end = tokens.len();
                    break;
                };
                if token.is("{") {
                    block = Some(end + 1..close - 1);
                    end = close;
                    break;
                }
                end = close;
                continue;
            }
            end += 1;
        }
        let title = tokens.get(name).map_or("", |t| t.text);
        let documented = described || !token.comment.is_empty();
        match word.text {
            "schema" | "directive" => {}
            kind => {
                types.defined.insert(title);
                types.extends |= extends;
                if !extends {
                    count(&mut out, documented, || (file.place(word.at.clone()), format!("{kind} {title}")));
                    keep(&mut out, format!("{kind} {title}"), "", String::new(), false, true);
                }
                if let Some(block) = block {
                    members(file, kind, title, &tokens[block], &mut types, &mut out);
                }
            }
        }
        described = false;
        at = end.max(at + 1);
    }
    if let Some((at, why)) = broken {
        problem(&mut out, file.place(at..at + 1), why);
    }
    (is_schema).then(|| {
        types.check(file, &mut out);
        out
    })
}

#[derive(Default)]
struct Types<'t> {
    defined: HashSet<&'t str>,
    used: Vec<(&'t str, std::ops::Range<usize>)>,
    extends: bool,
}

impl Types<'_> {
    /// Types that nothing defines. A schema in parts leans on others: only a file with the root type of queries that
    /// extends nothing is whole.
    fn check(&self, file: &SourceFile<'_>, out: &mut Interface) {
        const BUILT_IN: &[&str] = &["Int", "Float", "String", "Boolean", "ID"];
        let missing = self.used.iter().filter(|(name, _)| !BUILT_IN.contains(name) && !self.defined.contains(name));
        if self.extends || !self.defined.contains("Query") || file.text().contains("#import") {
            return;
        }
        // Frameworks and federation add scalars and types of their own; a name that is used once is a slip.
        let missing: Vec<_> = missing.collect();
        if missing.len() > 3 || file.text().contains("@link") || file.text().contains("@key") {
            return;
        }
        for (name, at) in missing {
            problem(out, file.place(at.clone()), format!("the type `{name}` is not defined"));
        }
    }
}

/// The fields of a type, or the values of an enum.
fn members<'t>(
    file: &SourceFile<'t>,
    kind: &str,
    owner: &str,
    tokens: &[Token<'t>],
    types: &mut Types<'t>,
    out: &mut Interface,
) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let described = token.kind == Kind::Text;
        at += usize::from(described);
        let Some(name) = tokens.get(at).filter(|t| t.kind == Kind::Word) else {
            at += 1;
            continue;
        };
        let documented = described || tokens[at - usize::from(described)].comment.starts_with('#');
        at += 1;
        let path = format!("{owner}.{}", name.text);
        if tokens.get(at).is_some_and(|t| t.is("(")) {
            let Some(end) = closing(tokens, at) else { return };
            arguments(&path, &tokens[at + 1..end - 1], types, out);
            at = end;
        }
        let mut shape = String::new();
        let mut default = false;
        if tokens.get(at).is_some_and(|t| t.is(":")) {
            at += 1;
            at += kind_of(&tokens[at..], &mut shape, types);
            if tokens.get(at).is_some_and(|t| t.is("=")) {
                default = true;
                at = value_end(tokens, at + 1);
            }
        }
        let mut reason = None;
        while tokens.get(at).is_some_and(|t| t.is("@")) {
            let directive = tokens.get(at + 1).map_or("", |t| t.text);
            at += 2;
            let mut words = "";
            if tokens.get(at).is_some_and(|t| t.is("(")) {
                let Some(end) = closing(tokens, at) else { return };
                words = &file.text()[tokens[at].at.start..tokens[end - 1].at.end];
                at = end;
            }
            if directive == "deprecated" {
                reason = Some(words);
            }
        }
        count(out, documented, || (file.place(name.at.clone()), path.clone()));
        if reason.is_some_and(|reason| !names_successor(reason)) {
            let said = described && names_successor(tokens[at.saturating_sub(1).min(tokens.len() - 1)].text);
            if !said {
                out.deprecated.push((file.place(name.at.clone()), path.clone()));
            }
        }
        let required = kind == "input" && shape.ends_with('!') && !default;
        keep(out, path, "", shape.trim_end_matches('!').to_owned(), required, true);
    }
}

/// Reads a type; gives the number of its tokens.
fn kind_of<'t>(tokens: &[Token<'t>], shape: &mut String, types: &mut Types<'t>) -> usize {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            Kind::Word if shape.is_empty() || shape.ends_with('[') => {
                types.used.push((token.text, token.at.clone()));
                shape.push_str(token.text);
            }
            Kind::Sign if matches!(token.text, "[" | "]" | "!") => shape.push_str(token.text),
            _ => break,
        }
        at += 1;
    }
    at
}

/// The index behind a value.
fn value_end(tokens: &[Token<'_>], at: usize) -> usize {
    match tokens.get(at) {
        Some(token) if token.is("[") || token.is("{") => closing(tokens, at).unwrap_or(tokens.len()),
        Some(token) if token.is("-") || token.is("$") => at + 2,
        // A number with a fraction is three tokens.
        Some(_) if tokens.get(at + 1).is_some_and(|t| t.is(".")) => at + 3,
        _ => at + 1,
    }
}

fn arguments<'t>(field: &str, tokens: &[Token<'t>], types: &mut Types<'t>, out: &mut Interface) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_argument = token.kind == Kind::Word && tokens.get(at + 1).is_some_and(|t| t.is(":"));
        if !is_argument {
            at += 1;
            continue;
        }
        let mut shape = String::new();
        at += 2;
        at += kind_of(&tokens[at..], &mut shape, types);
        let default = tokens.get(at).is_some_and(|t| t.is("="));
        if default {
            at = value_end(tokens, at + 1);
        }
        let required = shape.ends_with('!') && !default;
        let shape = shape.trim_end_matches('!').to_owned();
        keep(out, format!("{field}({})", token.text), "", shape, required, true);
    }
}
