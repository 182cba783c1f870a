//! Protocol Buffers: proto2, proto3 and editions (<https://protobuf.dev/reference/protobuf/proto3-spec/>).

use std::collections::{HashMap, HashSet};

use super::super::SourceFile;
use super::notes::{count, keep, names_successor, problem};
use super::tokens::{Kind, Style, Token, tokens};
use crate::model::{Interface, Place};

const STYLE: Style = Style { line: "//", blocks: true, joins: &['.'], quotes: &['"', '\''] };

/// How deep messages may be nested.
const DEEPEST: usize = 64;

/// Types of the language.
const SCALARS: &[&str] = &[
    "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
    "sfixed64", "bool", "string", "bytes", "group",
];

/// A message, enum or service that is open.
struct Open<'t> {
    kind: &'t str,
    name: String,
    /// Names by number.
    numbers: HashMap<i64, &'t str>,
    reserved: Vec<(i64, i64)>,
    reserved_names: Vec<&'t str>,
    alias: bool,
}

struct Reader<'f, 't> {
    file: &'f SourceFile<'t>,
    out: Interface,
    open: Vec<Open<'t>>,
    package: String,
    proto3: bool,
    imports: bool,
    defined: HashSet<&'t str>,
    used: Vec<(&'t str, std::ops::Range<usize>)>,
    /// Blocks, and heads of blocks and statements that protobuf does not know.
    blocks: usize,
    unknown: usize,
}

/// Unknown words from which on a file may be in another language that looks alike (SPICE has one).
const FOREIGN: usize = 4;

/// Reads a `.proto` file; `None` where it is in another language.
pub(super) fn read(file: &SourceFile<'_>) -> Option<Interface> {
    let (tokens, broken) = tokens(file.text(), STYLE);
    let mut reader = Reader {
        file,
        out: Interface::new(Place::file(file.path.clone()), "protobuf"),
        open: Vec::new(),
        package: String::new(),
        proto3: false,
        imports: false,
        defined: HashSet::new(),
        used: Vec::new(),
        blocks: 0,
        unknown: 0,
    };
    if let Some((at, why)) = broken {
        problem(&mut reader.out, file.place(at..at + 1), why);
    } else {
        reader.statements(&tokens);
        reader.finish();
    }
    (reader.unknown < FOREIGN || 4 * reader.unknown < reader.blocks).then_some(reader.out)
}

/// A number of protobuf: decimal, hexadecimal or octal.
fn number(text: &str) -> Option<i64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None if text.len() > 1 && text.starts_with('0') => i64::from_str_radix(text, 8).ok(),
        None => text.parse().ok(),
    }
}

impl<'t> Reader<'_, 't> {
    /// Statements end with `;`, or with the brace that opens a block; options in braces are part of theirs.
    fn statements(&mut self, tokens: &[Token<'t>]) {
        let mut start = 0;
        let mut at = 0;
        let mut depth = 0_usize;
        while let Some(token) = tokens.get(at) {
            at += 1;
            if token.kind != Kind::Sign {
                continue;
            }
            match token.text {
                "[" | "(" => depth += 1,
                "]" | ")" => depth = depth.saturating_sub(1),
                "{" if depth > 0 => depth += 1,
                "}" if depth > 0 => depth -= 1,
                ";" if depth == 0 => {
                    self.statement(&tokens[start..at - 1]);
                    start = at;
                }
                "{" => {
                    let head = &tokens[start..at - 1];
                    if head.first().is_some_and(|t| t.is("option")) {
                        // The value is a message in text format.
                        depth = 1;
                        continue;
                    }
                    if self.open.len() >= DEEPEST {
                        return problem(
                            &mut self.out,
                            self.file.place(token.at.clone()),
                            format!("nested deeper than {DEEPEST}"),
                        );
                    }
                    self.block(head);
                    start = at;
                }
                "}" => {
                    if start < at - 1 {
                        let first = &tokens[start];
                        problem(&mut self.out, self.file.place(first.at.clone()), "a statement without `;`");
                    }
                    match self.open.pop() {
                        Some(open) => self.close(&open),
                        None => problem(&mut self.out, self.file.place(token.at.clone()), "`}` closes nothing"),
                    }
                    start = at;
                }
                _ => {}
            }
        }
        if !self.open.is_empty() || depth > 0 {
            let end = self.file.text().trim_end().len();
            problem(&mut self.out, self.file.place(end.saturating_sub(1)..end), "a block without its `}`");
        } else if let Some(first) = tokens.get(start) {
            problem(&mut self.out, self.file.place(first.at.clone()), "a statement without `;`");
        }
    }

    fn path(&self, name: &str) -> String {
        let mut path = self.package.clone();
        for part in self.open.iter().map(|o| o.name.as_str()).chain([name]).filter(|p| !p.is_empty()) {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
        path
    }

    /// The head of a block.
    fn block(&mut self, head: &[Token<'t>]) {
        self.blocks += 1;
        let words: Vec<&'t str> = head.iter().map(|t| t.text).collect();
        let (kind, name) = match words.as_slice() {
            ["message" | "enum" | "service", name] => (words[0], *name),
            ["export" | "local", "message" | "enum", name] => (words[1], *name),
            // A oneof is part of its message, and so is a group.
            ["oneof", ..] => ("oneof", ""),
            [.., "group", name, "=", _] => ("message", *name),
            ["extend", ..] => ("extend", ""),
            ["rpc", ..] => {
                self.rpc(head);
                ("rpc", "")
            }
            _ => {
                if let Some(first) = head.first() {
                    self.unknown += 1;
                    let place = self.file.place(first.at.clone());
                    problem(&mut self.out, place, format!("`{}` opens no block that protobuf knows", first.text));
                }
                ("unknown", "")
            }
        };
        if matches!(kind, "message" | "enum" | "service") {
            self.defined.insert(name);
            let path = self.path(name);
            if let Some(first) = head.first() {
                count(&mut self.out, !first.comment.is_empty(), || {
                    (self.file.place(first.at.clone()), format!("{kind} {name}"))
                });
            }
            keep(&mut self.out, format!("{kind} {path}"), name, String::new(), false, true);
        }
        self.open.push(Open {
            kind,
            name: name.to_owned(),
            numbers: HashMap::new(),
            reserved: Vec::new(),
            reserved_names: Vec::new(),
            alias: false,
        });
    }

    fn close(&mut self, open: &Open<'t>) {
        if open.reserved.is_empty() {
            return;
        }
        let path = self.path(&open.name);
        let ranges: Vec<String> = open.reserved.iter().take(1000).map(|(a, b)| format!("{a}..{b}")).collect();
        keep(&mut self.out, format!("{} {path}#reserved", open.kind), "", ranges.join(","), false, false);
        for (number, name) in &open.numbers {
            if open.reserved.iter().any(|(a, b)| (a..=b).contains(&number)) {
                let text = format!("`{name}` of `{}` has the reserved number {number}", open.name);
                let place = self.out.place.clone();
                problem(&mut self.out, place, text);
            }
        }
    }

    fn statement(&mut self, tokens: &[Token<'t>]) {
        let Some(first) = tokens.first() else { return };
        let words: Vec<&'t str> = tokens.iter().map(|t| t.text).collect();
        match words.as_slice() {
            ["syntax", "=", text] => self.proto3 = text.contains("proto3"),
            ["edition", "=", _] | ["import", "option", _] => {}
            ["package", name] => self.package = (*name).to_owned(),
            ["import", ..] => self.imports = true,
            ["option", name, "=", value, ..] => {
                if let (Some(open), "allow_alias", "true") = (self.open.last_mut(), *name, *value) {
                    open.alias = true;
                }
            }
            ["option" | "extensions", ..] => {}
            ["reserved", rest @ ..] => self.reserve(rest),
            ["rpc", ..] => self.rpc(tokens),
            _ => match self.open.last().map(|o| o.kind) {
                Some("message" | "oneof" | "extend") => self.field(tokens),
                Some("enum") => self.value(tokens),
                Some("rpc" | "unknown" | "service") => {}
                _ => {
                    self.unknown += 1;
                    let place = self.file.place(first.at.clone());
                    problem(
                        &mut self.out,
                        place,
                        format!("`{}` starts no statement that protobuf knows", first.text),
                    );
                }
            },
        }
    }

    fn reserve(&mut self, words: &[&'t str]) {
        let Some(open) = self.open.last_mut() else { return };
        for part in words.split(|w| *w == ",") {
            match part {
                [name] if number(name).is_none() => open.reserved_names.push(name.trim_matches(['"', '\''])),
                [one] => open.reserved.extend(number(one).map(|n| (n, n))),
                [from, "to", "max"] => open.reserved.extend(number(from).map(|n| (n, i64::MAX))),
                [from, "to", to] => open.reserved.extend(number(from).zip(number(to))),
                _ => {}
            }
        }
    }

    fn rpc(&mut self, tokens: &[Token<'t>]) {
        let (Some(first), Some(name)) = (tokens.first(), tokens.get(1)) else { return };
        count(&mut self.out, !first.comment.is_empty(), || {
            (self.file.place(first.at.clone()), format!("rpc {}", name.text))
        });
        let types: Vec<&'t str> = tokens[2..].iter().map(|t| t.text).collect();
        let path = self.path(name.text);
        keep(&mut self.out, format!("rpc {path}"), name.text, types.join(" "), false, true);
        for token in tokens[2..].iter().filter(|t| t.kind == Kind::Word) {
            if !matches!(token.text, "returns" | "stream") {
                self.used.push((token.text, token.at.clone()));
            }
        }
    }

    /// The index of the message that a field of the innermost block belongs to.
    fn owner(&self) -> Option<usize> {
        self.open.iter().rposition(|o| o.kind != "oneof")
    }

    fn field(&mut self, tokens: &[Token<'t>]) {
        let Some(equals) = tokens.iter().position(|t| t.is("=")) else { return self.unreadable(tokens) };
        let (head, tail) = (&tokens[..equals], &tokens[equals + 1..]);
        let labels = ["optional", "required", "repeated"];
        let label = head.first().filter(|t| head.len() > 2 && labels.iter().any(|l| t.is(l)));
        let kind = &head[usize::from(label.is_some())..head.len().max(1) - 1];
        let (Some(name), Some(number), false) =
            (head.last(), tail.first().and_then(|t| number(t.text)), kind.is_empty())
        else {
            return self.unreadable(tokens);
        };
        let repeated = label.is_some_and(|l| l.is("repeated"));
        let shape: String = kind.iter().map(|t| t.text).collect();
        let shape = if repeated { format!("repeated {shape}") } else { shape };
        for token in kind.iter().filter(|t| t.kind == Kind::Word && !t.is("map")) {
            self.used.push((token.text, token.at.clone()));
        }
        self.member(tokens, name, number, shape, tail);
    }

    fn value(&mut self, tokens: &[Token<'t>]) {
        let minus = tokens.get(2).is_some_and(|t| t.is("-"));
        let at = if minus { 3 } else { 2 };
        let value = tokens.get(at).and_then(|t| number(t.text));
        let (Some(name), Some(value), true) = (tokens.first(), value, tokens.get(1).is_some_and(|t| t.is("=")))
        else {
            return self.unreadable(tokens);
        };
        let value = if minus { -value } else { value };
        let is_first = self.open.last().is_some_and(|o| o.numbers.is_empty());
        if self.proto3 && is_first && value != 0 {
            problem(
                &mut self.out,
                self.file.place(name.at.clone()),
                format!("`{}` is the first value of an enum of proto3 and not 0", name.text),
            );
        }
        self.member(tokens, name, value, String::new(), &tokens[at..]);
    }

    /// A field or a value with its number.
    fn member(&mut self, tokens: &[Token<'t>], name: &Token<'t>, number: i64, shape: String, tail: &[Token<'t>]) {
        let Some(owner) = self.owner() else { return };
        let kind = self.open[owner].kind;
        let described = |t: &Token<'_>| !t.comment.is_empty();
        let said = tokens.iter().any(described);
        count(&mut self.out, said, || (self.file.place(name.at.clone()), format!("`{}`", name.text)));
        let is_deprecated = tail.windows(3).any(|w| w[0].is("deprecated") && w[1].is("=") && w[2].is("true"));
        if is_deprecated && !tokens.iter().any(|t| names_successor(t.comment)) {
            self.out.deprecated.push((self.file.place(name.at.clone()), format!("`{}`", name.text)));
        }
        // Numbers of extensions belong to the message that is extended, wherever it is.
        if kind == "extend" {
            return;
        }
        let (alias, twin) = (self.open[owner].alias, self.open[owner].numbers.insert(number, name.text));
        if let Some(twin) = twin.filter(|_| !alias) {
            let text = format!("`{twin}` and `{}` have the same number {number}", name.text);
            problem(&mut self.out, self.file.place(name.at.clone()), text);
        }
        if self.open[owner].reserved_names.contains(&name.text) {
            problem(&mut self.out, self.file.place(name.at.clone()), format!("the name `{}` is reserved", name.text));
        }
        let depth = self.open.len();
        let path = self.open[..=owner.min(depth - 1)].iter().map(|o| o.name.as_str()).filter(|n| !n.is_empty());
        let mut full = self.package.clone();
        for part in path {
            full.push('.');
            full.push_str(part);
        }
        keep(
            &mut self.out,
            format!("{kind} {}#{number}", full.trim_start_matches('.')),
            name.text,
            shape,
            false,
            true,
        );
    }

    fn unreadable(&mut self, tokens: &[Token<'t>]) {
        if let Some(first) = tokens.first() {
            problem(
                &mut self.out,
                self.file.place(first.at.clone()),
                format!("`{}` is no field with a number", first.text),
            );
        }
    }

    /// Types that nothing defines, where nothing is imported that could.
    fn finish(&mut self) {
        if self.imports {
            return;
        }
        for (name, at) in std::mem::take(&mut self.used) {
            let last = name.rsplit('.').next().unwrap_or(name);
            if !SCALARS.contains(&name) && !self.defined.contains(last) && !last.is_empty() {
                problem(
                    &mut self.out,
                    self.file.place(at),
                    format!("the type `{name}` is not defined, and nothing is imported"),
                );
            }
        }
    }
}
