//! `setup.py`, read and never run: the literals that the call of `setup()` is given.
//!
//! What a program computes cannot be known without running it; what stands there as text can: lists and dictionaries
//! of strings, strings that are split into lines or words, sums of these, and names that such literals are bound to.

use std::collections::HashMap;

use super::{PYPI, dependency, group_scope};
use crate::collect::SourceFile;
use crate::collect::packages::system::python::of_classifier;
use crate::model::{Evidence, LicenseField, Manifest, RelPath, Scope};

/// How many tokens of literals one call is given.
const MOST_TOKENS: usize = 200_000;

/// Whether a file is a setup script by its name.
pub(in crate::collect::packages) fn is_setup(name: &str, _: &RelPath) -> bool {
    name == "setup.py" || name.ends_with("-setup.py") || name.ends_with("_setup.py")
}

/// Reads the script; one that does not call `setup` says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if file.path.as_str().contains("site-packages/") {
        return;
    }
    let tokens = tokens(file.text());
    let Some(call) = tokens.windows(2).position(|pair| pair[0].is_word("setup") && pair[1].is("(")) else { return };
    let end = closing(&tokens, call + 1);
    let names = assignments(&tokens);
    let reader = Reader { file, tokens: &tokens, names: &names };
    let mut manifest = Manifest::new(file.place(tokens[call].at..tokens[call].at + 5), PYPI);
    let mut classified = None;
    // Names may stand for long literals again and again; this bounds what they become.
    let mut budget = MOST_TOKENS;
    let mut at = call + 2;
    while at + 1 < end {
        let (Kind::Word(key), true) = (tokens[at].kind, tokens[at + 1].is("=")) else {
            at = expression_end(&tokens, at, end) + 1;
            continue;
        };
        let value_end = expression_end(&tokens, at + 2, end);
        let value = &tokens[at + 2..value_end];
        // Names stand for the literals that they are bound to.
        let value: Vec<Token<'_>> = value
            .iter()
            .flat_map(|token| match token.kind {
                Kind::Word(name) => {
                    names.get(name).map_or(std::slice::from_ref(token), |&(from, to)| &tokens[from..to])
                }
                _ => std::slice::from_ref(token),
            })
            .copied()
            .take(budget)
            .collect();
        budget -= value.len();
        let value = value.as_slice();
        at = value_end + 1;
        let text = || value.first().and_then(|t| t.text()).filter(|_| value.len() == 1).map(str::to_owned);
        match key {
            "name" => manifest.name = text(),
            "version" => manifest.version = text(),
            "description" => manifest.description = text(),
            "url" => manifest.homepage = text(),
            "author" => manifest.authors.extend(text()),
            "license" => {
                let place = value.first().map(|t| file.place(t.at..t.end));
                manifest.license = text().zip(place).map(|(text, place)| LicenseField { text, place, spdx: false });
            }
            "classifiers" => {
                let named = value.iter().find_map(|t| Some((of_classifier(t.text()?)?, file.place(t.at..t.end))));
                classified = named.map(|(text, place)| LicenseField { text: text.to_owned(), place, spdx: false });
            }
            "python_requires" => {
                let place = value.first().map(|t| file.place(t.at..t.end));
                manifest.minimum_runtime = text().zip(place);
            }
            "install_requires" | "requires" => reader.requirements(value, |_| Scope::Runtime, &mut manifest),
            "setup_requires" => reader.requirements(value, |_| Scope::Build, &mut manifest),
            "tests_require" | "test_requires" => reader.requirements(value, |_| Scope::Test, &mut manifest),
            "extras_require" => reader.requirements(value, extra, &mut manifest),
            "entry_points" | "scripts" => manifest.application = true,
            _ => {}
        }
    }
    manifest.license = manifest.license.or(classified);
    manifest.publishable = manifest.name.is_some();
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// What an extra is for; one without a name (`:python_version < "3"`) holds under a condition.
fn extra(name: &str) -> Scope {
    let name = name.split(':').next().unwrap_or_default();
    if name.is_empty() { Scope::Runtime } else { group_scope(name, Scope::Optional) }
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    tokens: &'r [Token<'t>],
    names: &'r HashMap<&'t str, (usize, usize)>,
}

impl<'t> Reader<'_, 't> {
    /// The text that a name is bound to.
    fn text_of(&self, name: &str) -> Option<&'t str> {
        let &(from, to) = self.names.get(name)?;
        self.tokens[from..to].first().and_then(Token::text).filter(|_| to == from + 1)
    }

    /// What a text that is put together when the program runs begins with, and how it goes on as far as names tell.
    fn put_together<'a>(
        &self,
        text: &'a str,
        mut arguments: impl Iterator<Item = &'a str>,
    ) -> std::borrow::Cow<'a, str>
    where
        't: 'a,
    {
        let Some(start) = text.find(['{', '%']) else { return text.into() };
        let (front, hole) = text.split_at(start);
        let end = if hole.starts_with('%') { 2 } else { hole.find('}').map_or(hole.len(), |end| end + 1) };
        let name = hole.get(1..end.saturating_sub(1)).unwrap_or_default();
        let value = if hole.starts_with('{') && !name.is_empty() { self.text_of(name) } else { arguments.next() };
        match (value, hole.get(end..)) {
            (Some(value), Some(rest)) if !rest.contains(['{', '%']) => format!("{front}{value}{rest}").into(),
            // What is not known leaves the name without a version.
            _ => front.trim_end_matches(|c: char| c.is_whitespace() || "=<>~!,".contains(c)).into(),
        }
    }
}

impl Reader<'_, '_> {
    /// Takes the requirements out of an expression. A string in front of a colon is the key of what follows.
    fn requirements(&self, value: &[Token<'_>], scope: impl Fn(&str) -> Scope, manifest: &mut Manifest) {
        let file = self.file;
        let mut key = "";
        let mut next = 0;
        while let Some(token) = value.get(next) {
            let at = next;
            next += 1;
            if let Kind::Computed(text) = token.kind {
                let text = self.put_together(text, std::iter::empty());
                manifest.dependencies.extend(dependency(&text, scope(key), file.place(token.at..token.end)));
                continue;
            }
            let Some(first) = token.text() else { continue };
            // Strings side by side are one.
            let mut joined = std::borrow::Cow::Borrowed(first);
            while let Some(more) = value.get(next).and_then(Token::text) {
                joined.to_mut().push_str(more);
                next += 1;
            }
            let at = next.max(at + 1) - 1;
            if value.get(at + 1).is_some_and(|next| next.is(":")) {
                key = first;
                continue;
            }
            let is_method = |name: &str| {
                value.get(at + 1).is_some_and(|t| t.is(".")) && value.get(at + 2).is_some_and(|t| t.is_word(name))
            };
            // `"a==%s" % version` and `"a=={}".format(version)` are put together from what follows.
            let filled = match value.get(at + 1) {
                Some(sign) if sign.is("%") => Some(at + 2),
                _ if is_method("format") => Some(at + 3),
                _ => None,
            };
            if let Some(from) = filled {
                let bracket = value.get(from).is_some_and(|t| t.is("("));
                let end = if bracket { closing(value, from) } else { from };
                let arguments = value.get(from..=end.min(value.len().saturating_sub(1))).unwrap_or_default();
                let text = self.put_together(&joined, arguments.iter().filter_map(Token::text));
                manifest.dependencies.extend(dependency(&text, scope(key), file.place(token.at..token.end)));
                next = end + 1;
                continue;
            }
            let text = &*joined;
            // `"a b".split()` is a list of words, in several lines too.
            let words = is_method("split") && value.get(at + 4).is_some_and(|t| t.is(")"));
            let mut offset = token.at;
            for line in text.split_inclusive('\n') {
                let parts: Vec<&str> = if words { line.split_whitespace().collect() } else { vec![line.trim()] };
                for part in parts.into_iter().filter(|p| !p.is_empty() && !p.starts_with('#')) {
                    let start = offset + line.find(part).unwrap_or_default();
                    let place = if text.contains('\n') {
                        file.place_of_line(file.line_at(start + 3))
                    } else {
                        file.place(token.at..token.end)
                    };
                    manifest.dependencies.extend(dependency(part, scope(key), place));
                }
                offset += line.len();
            }
        }
    }
}

/// Literals that names are bound to at the start of a line, as ranges of tokens.
fn assignments<'t>(tokens: &[Token<'t>]) -> HashMap<&'t str, (usize, usize)> {
    let mut names = HashMap::new();
    let mut at = 0;
    while at + 2 < tokens.len() {
        if let (Kind::Word(name), true, true) = (tokens[at].kind, tokens[at].starts_line, tokens[at + 1].is("=")) {
            let from = at + 2;
            let to = if tokens[from].is("[") || tokens[from].is("{") || tokens[from].is("(") {
                closing(tokens, from) + 1
            } else {
                from + 1
            };
            let to = to.min(tokens.len());
            names.insert(name, (from, to));
            at = to;
        } else {
            at += 1;
        }
    }
    names
}

/// A token of Python, as far as literals need it.
#[derive(Clone, Copy)]
struct Token<'t> {
    at: usize,
    end: usize,
    starts_line: bool,
    kind: Kind<'t>,
}

#[derive(Clone, Copy)]
enum Kind<'t> {
    Word(&'t str),
    Text(&'t str),
    /// A string with names in braces, which is put together when the program runs.
    Computed(&'t str),
    Sign(&'t str),
}

impl<'t> Token<'t> {
    fn is(&self, sign: &str) -> bool {
        matches!(self.kind, Kind::Sign(s) if s == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Word(w) if w == word)
    }

    fn text(&self) -> Option<&'t str> {
        if let Kind::Text(text) = self.kind { Some(text) } else { None }
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut line_start) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let starts_line = at == line_start;
        match byte {
            b'\n' => {
                at += 1;
                line_start = at;
            }
            b'#' => at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n),
            b'"' | b'\'' => {
                let (content, end) = string(bytes, at);
                tokens.push(Token { at, end, starts_line, kind: Kind::Text(&text[content]) });
                at = end;
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                let length = bytes[at..].iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'_');
                let end = length.map_or(bytes.len(), |n| at + n);
                let word = &text[at..end];
                let quoted = matches!(bytes.get(end), Some(b'"' | b'\'')) && word.len() <= 2;
                if quoted {
                    let (content, string_end) = string(bytes, end);
                    let computed = word.contains(['f', 'F']) && text[content.clone()].contains('{');
                    let kind = if computed { Kind::Computed(&text[content]) } else { Kind::Text(&text[content]) };
                    tokens.push(Token { at, end: string_end, starts_line, kind });
                    at = string_end;
                } else {
                    tokens.push(Token { at, end, starts_line, kind: Kind::Word(word) });
                    at = end;
                }
            }
            b' ' | b'\t' | b'\r' | b'\\' => at += 1,
            _ if byte.is_ascii() => {
                // `==` is no assignment.
                let end = if byte == b'=' && bytes.get(at + 1) == Some(&b'=') { at + 2 } else { at + 1 };
                tokens.push(Token { at, end, starts_line, kind: Kind::Sign(&text[at..end]) });
                at = end;
            }
            _ => at += 1,
        }
    }
    tokens
}

/// The bytes of a string's content and the offset behind it. A string that is not closed ends with its line, or with
/// the file where it has three quotes.
fn string(bytes: &[u8], start: usize) -> (std::ops::Range<usize>, usize) {
    let quote = bytes[start];
    let triple = bytes.get(start + 1) == Some(&quote) && bytes.get(start + 2) == Some(&quote);
    let from = if triple { start + 3 } else { start + 1 };
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' if !triple => break,
            _ if byte == quote && !triple => return (from..at, at + 1),
            _ if byte == quote && bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote) => {
                return (from..at, at + 3);
            }
            _ => at += 1,
        }
    }
    let end = at.min(bytes.len());
    (from.min(end)..end, end)
}

/// The index of the bracket that closes the one at `open`, or of the last token.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if let Kind::Sign(sign) = token.kind {
            match sign {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
    }
    tokens.len().saturating_sub(1)
}

/// The index of the comma that ends the expression at `from`, or `end`.
fn expression_end(tokens: &[Token<'_>], from: usize, end: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().take(end).skip(from) {
        if let Kind::Sign(sign) = token.kind {
            match sign {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                "," if depth == 0 => return at,
                _ => {}
            }
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::collect::packages::testing::{fixture, manifest, with_text};
    use crate::model::Scope;

    #[test]
    fn literals_of_every_kind() {
        let evidence = fixture("setup-py", "plain/setup.py");
        let m = manifest(&evidence);
        let seen: Vec<_> = m
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.scope, d.place.start_line()))
            .collect();
        use Scope::{Build, Dev, Optional, Runtime};
        assert_eq!(
            seen,
            [
                ("setuptools-scm", "", Build, 16),
                ("requests", "==2.31.0", Runtime, 6),
                ("django", ">=4.2", Runtime, 7),
                ("computed", "==1.0.0", Runtime, 8),
                ("flask", "==3.0.0", Runtime, 19),
                ("jinja2", "", Runtime, 20),
                ("a", "", Dev, 23),
                ("b", "==1", Dev, 23),
                ("aiohttp", "", Optional, 24),
            ]
        );
        assert_eq!((m.name.as_deref(), m.version.as_deref()), (Some("plain"), Some("1.0.0")));
        assert_eq!(
            (m.license.as_ref().unwrap().text.as_str(), m.license.as_ref().unwrap().place.start_line()),
            ("MIT", 15)
        );
    }

    #[test]
    fn texts_that_are_put_together() {
        let script = r#"
from setuptools import setup
VERSION = "1.2"
setup(install_requires=[
    f"a=={VERSION}", "b==%s" % VERSION, "c=={}".format(VERSION), f"d>={other()}", "e==%s" % read(), "f~={}".format(g),
])
"#;
        let evidence = with_text("setup.py", script);
        let seen: Vec<_> =
            manifest(&evidence).dependencies.iter().map(|d| (d.name.as_str(), d.requirement.as_str())).collect();
        assert_eq!(seen, [("a", "==1.2"), ("b", "==1.2"), ("c", "==1.2"), ("d", ""), ("e", ""), ("f", "")]);
    }

    #[test]
    fn other_scripts_say_nothing() {
        assert!(with_text("setup.py", "import os\nprint('setup')\n").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(setup\\(|install_requires=|[\\[\\](){},:='\"#\\\\ \nabé.])*") {
            with_text("setup.py", &text);
        }
    }
}
