//! The value of a license field: one string, a list, an object, or the rest of the line.

use std::ops::Range;

use super::lead::{Key, Shape};

/// How far a value reaches, in bytes.
const REACH: usize = 2000;
/// How many parts of a value are read.
const MOST_PARTS: usize = 40;

/// What stands behind a key.
pub(super) struct Values {
    /// Where each part stands.
    pub(super) ranges: Vec<Range<usize>>,
    /// Whether several parts are a choice.
    pub(super) choice: bool,
}

/// Keys of an object whose values name the license.
const NAMING: &[&str] = &[
    "type",
    "name",
    "id",
    "spdx",
    "spdx_id",
    "text",
    "expression",
    "title",
    "identifier",
    "spdxid",
    "value",
    "#text",
];

/// The value of a field.
pub(super) fn values(text: &str, key: &Key<'_>) -> Option<Values> {
    let end = text.floor_char_boundary((key.end + REACH).min(text.len()));
    let rest = text.get(key.end..end)?;
    let one = |range: Range<usize>| Some(Values { ranges: vec![range], choice: false });
    match key.shape {
        Shape::Element => {
            let content = element(rest)?;
            return one(shift(content, key.end));
        }
        Shape::Trove => {
            let line = &rest[..rest.find(['\n', '"', '\'']).unwrap_or(rest.len())];
            let last = line.rfind("::").map_or(0, |at| at + 2);
            return one(shift(last..line.len(), key.end));
        }
        Shape::Colon | Shape::Assign | Shape::Call | Shape::Space | Shape::Attribute | Shape::Block => {}
    }
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let from = key.end + blank;
    let rest = &rest[blank..];
    // `r"..."`, `_("...")`, `array(...)`, `%w[...]`, `list(...)`, `any_of: [...]`.
    let opener = rest.find(['"', '\'', '[', '{', '(', '\n']).filter(|at| {
        let head = rest[..*at].trim();
        ["", "r", "_", "u", "array", "%w", "%W", "list", "qw", "any_of:", "all_of:", "[any_of:", "i18n", "(", "N_"]
            .contains(&head)
    });
    match opener.and_then(|at| Some((at, rest.as_bytes().get(at)?))) {
        Some((at, b'"' | b'\'')) => {
            let inside = quoted(rest, at)?;
            // `"MIT" OR ...` and `'GPL' . $x` are code.
            one(shift(inside, from))
        }
        // `(GPLv2+ or LGPLv2+) and MIT`; a list without quotes is one of a shell.
        Some((_, b'(')) if key.shape == Shape::Colon && !key.quoted && !first_line(rest).contains(['"', '\'']) => {
            one(shift(0..bare(rest).len(), from))
        }
        Some((at, b'[' | b'{' | b'(')) => {
            let ranges = bracket(rest, at)?;
            let choice = !rest[..at].contains("all_of") && !rest[at + 1..].starts_with("list ");
            Some(Values { ranges: ranges.into_iter().map(|r| shift(r, from)).collect(), choice })
        }
        Some((_, b'\n')) if key.shape == Shape::Colon && !key.quoted => Some(Values {
            ranges: block(rest, key.indent)?.into_iter().map(|r| shift(r, from)).collect(),
            choice: true,
        }),
        Some((_, b'\n')) if key.quoted => {
            // An object or a list of JSON that starts on the next line.
            let at = rest.find(|c: char| !c.is_whitespace())?;
            let ranges = bracket(rest, at)?;
            Some(Values { ranges: ranges.into_iter().map(|r| shift(r, from)).collect(), choice: true })
        }
        _ => {
            if key.shape == Shape::Call {
                return None;
            }
            let line = bare(rest);
            let is_code = key.shape == Shape::Assign && is_call(line);
            if line.is_empty() || is_code { None } else { one(shift(0..line.len(), from)) }
        }
    }
}

fn shift(range: Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

fn first_line(rest: &str) -> &str {
    &rest[..rest.find('\n').unwrap_or(rest.len())]
}

/// Whether a value calls a function, as in `get_license (doc)`; `GPL-2 (or later)` does not.
fn is_call(value: &str) -> bool {
    let Some((name, _)) = value.split_once('(') else { return false };
    let word = name.trim_end();
    let is_name = word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '-' | '>'));
    let attached = word.len() == name.len() && word.starts_with(|c: char| c.is_lowercase());
    is_name && (word.contains('_') || word.contains("::") || word.contains("->") || attached)
}

/// The rest of a line without a comment, a continuation and closing marks.
fn bare(rest: &str) -> &str {
    let line = first_line(rest);
    let line = line.find(" #").map_or(line, |at| &line[..at]);
    let line = line.split("*/").next().unwrap_or(line);
    line.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '\\' | '*' | '.' | '|'))
}

/// The content of an XML element that was just opened: its text, or that of the `name` element in it.
fn element(rest: &str) -> Option<Range<usize>> {
    let name = ["<name>", "<license>", "<licence>", "<rdf:li>", "<spdx>"];
    let open = rest.find(|c: char| !c.is_whitespace())?;
    if !rest[open..].starts_with('<') {
        let close = rest.find('<')?;
        return Some(open..close);
    }
    let limit = rest.find("</license>").or_else(|| rest.find("</licence>")).unwrap_or(rest.len());
    let inner = &rest[..limit];
    if let Some(at) = inner.find("<![CDATA[") {
        return Some(at + 9..at + 9 + inner[at + 9..].find("]]>")?);
    }
    let (at, tag) = name.iter().find_map(|tag| Some((inner.find(tag)?, tag)))?;
    let start = at + tag.len();
    let close = rest[start..].find('<')?;
    Some(start..start + close)
}

/// What stands between the quote at `at` and the next one of its kind; triple quotes count.
fn quoted(rest: &str, at: usize) -> Option<Range<usize>> {
    let quote = rest[at..].chars().next()?;
    let triple: String = [quote; 3].iter().collect();
    let (open, close) = if rest[at..].starts_with(&triple) { (at + 3, triple) } else { (at + 1, quote.to_string()) };
    let length = rest[open..].find(&close)?;
    Some(open..open + length)
}

/// The strings of a list or an object that opens at `at`: elements, and the values of keys that name a license.
/// A list without quotes is one of words.
fn bracket(rest: &str, at: usize) -> Option<Vec<Range<usize>>> {
    let bytes = rest.as_bytes();
    let (mut depth, mut end) = (0i32, None);
    let mut strings: Vec<Range<usize>> = Vec::new();
    let mut n = at;
    while n < bytes.len() {
        match bytes[n] {
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => {
                depth -= 1;
                if depth == 0 {
                    end = Some(n);
                    break;
                }
            }
            b'"' | b'\'' => {
                let inside = quoted(rest, n)?;
                n = inside.end;
                strings.push(inside);
            }
            _ => {}
        }
        n += 1;
    }
    let end = end?;
    if strings.is_empty() {
        let inner = &rest[at + 1..end];
        let words = inner.split_whitespace().map(|word| {
            let start = word.as_ptr() as usize - rest.as_ptr() as usize;
            start..start + word.len()
        });
        return Some(words.take(MOST_PARTS).collect());
    }
    let mut out = Vec::new();
    let mut open_key: Option<bool> = None;
    let mut last = at + 1;
    for string in strings {
        let behind = rest[string.end + 1..].trim_start();
        let is_key = behind.starts_with(':') && !behind.starts_with("::") || behind.starts_with("=>");
        let between = rest.get(last..string.start.saturating_sub(1)).unwrap_or_default();
        last = string.end + 1;
        if is_key {
            open_key = Some(NAMING.contains(&rest[string].to_ascii_lowercase().as_str()));
            continue;
        }
        // A key without quotes: `{ type: "MIT" }`, `:type => 'MIT'`, `text = "MIT"`, `name.set("MIT")`.
        let word = between.trim_end().trim_end_matches(['=', ':', '>']).trim_end();
        let word = word.strip_suffix(".set(").unwrap_or(word);
        if word.len() < between.trim_end().len() && open_key.is_none() {
            let word = word.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
            open_key =
                Some(NAMING.contains(&word.to_ascii_lowercase().as_str()) || word == "any_of" || word == "all_of");
        }
        if open_key.take().unwrap_or(true) && out.len() < MOST_PARTS {
            out.push(string);
        }
    }
    Some(out)
}

/// The lines of YAML below a key: items of a list, or the keys of a mapping that name the license.
fn block(rest: &str, indent: usize) -> Option<Vec<Range<usize>>> {
    let mut out = Vec::new();
    let mut at = 0;
    for (n, line) in rest.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        if n == 0 || line.trim().is_empty() {
            continue;
        }
        let body = line.trim_end();
        let lead = body.len() - body.trim_start().len();
        let content = body.trim_start();
        let is_item = content.starts_with("- ");
        if lead < indent || (lead == indent && !is_item) || out.len() == MOST_PARTS {
            break;
        }
        let content = content.strip_prefix("- ").unwrap_or(content).trim_start();
        let value = match content.split_once(": ") {
            Some((key, value)) if NAMING.contains(&key.trim_matches(['"', '\'']).to_ascii_lowercase().as_str()) => {
                value
            }
            Some(_) => continue,
            None if is_item => content,
            None => break,
        };
        let offset = start + (body.len() - value.len());
        out.push(offset..offset + value.len());
    }
    (!out.is_empty()).then_some(out)
}

/// A value without what formats put around it: quotes, the sets of Nix and Guix, Arch's `custom:`.
pub(super) fn clean(raw: &str) -> &str {
    let raw = raw.trim().trim_matches(['"', '\'', '`', '*', '_']).trim();
    // The links that LibreJS asks for are followed by the name, or name the file.
    let raw = match raw.strip_prefix("magnet:") {
        Some(link) => link.split_once(' ').map(|(_, name)| name.trim()).or_else(|| linked(link)).unwrap_or(raw),
        None => raw,
    };
    // `License-Filename: LICENSES/preferred/MIT`.
    let raw = raw.strip_prefix("LICENSES/").and_then(|path| path.rsplit('/').next()).unwrap_or(raw);
    let behind = |mark: &str| raw.rfind(mark).map(|at| &raw[at + mark.len()..]);
    let plain = raw.strip_prefix("custom:").or_else(|| behind("licenses.")).or_else(|| behind("license:"));
    plain.unwrap_or(raw).trim()
}

/// The name of the file that a magnet link leads to, as in `?xt=urn:btih:...&dn=gpl-3.0.txt`, without its extension.
fn linked(link: &str) -> Option<&str> {
    let name = link.split(['?', '&', ';']).find_map(|part| part.strip_prefix("dn="))?;
    Some(name.strip_suffix(".txt").unwrap_or(name))
}
