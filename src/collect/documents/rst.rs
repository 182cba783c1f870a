//! reStructuredText: sections, links, images and targets; literal blocks and comments are left out.

use super::lines::{Lines, underline};
use super::sink::Sink;

/// Directives whose content is no prose.
const CODE: &[&str] = &[
    "code",
    "code-block",
    "sourcecode",
    "parsed-literal",
    "literalinclude",
    "math",
    "raw",
    "highlight",
    "doctest",
    "testcode",
    "prompt",
    "graphviz",
    "uml",
    "mermaid",
    "csv-table",
    "productionlist",
];

/// Reads the part of a document that starts at `base`.
pub(super) fn read(text: &str, base: usize, sink: &mut Sink<'_, '_>) {
    let lines: Vec<(usize, &str)> = Lines::new(text).collect();
    // Adornments in order of first use: their place is the level.
    let mut levels: Vec<(u8, bool)> = Vec::new();
    let mut hidden: Option<usize> = None;
    let mut at = 0;
    while at < lines.len() {
        let (offset, line) = lines[at];
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        if let Some(outer) = hidden {
            if trimmed.is_empty() || indent > outer {
                at += 1;
                continue;
            }
            hidden = None;
        }
        if let Some(adornment) = lines.get(at + 1).and_then(|(_, next)| underline(trimmed, next.trim_end())) {
            let over = at > 0 && lines[at - 1].1.trim_end() == lines[at + 1].1.trim_end();
            if underline(trimmed, trimmed).is_none() && (indent == 0 || over) {
                let level = levels.iter().position(|l| *l == (adornment, over)).unwrap_or_else(|| {
                    levels.push((adornment, over));
                    levels.len() - 1
                });
                sink.heading((level + 1).min(6) as u8, &plain(trimmed), base + offset);
                if let Some(heading) = sink.headings.last() {
                    let id = docutils_id(&heading.text);
                    sink.anchor(&id);
                }
                sink.prose(trimmed);
                at += 2;
                continue;
            }
        }
        if let Some(explicit) = trimmed.strip_prefix(".. ") {
            if explicit_markup(explicit, base + offset + indent, &lines[at + 1..], base, sink) {
                hidden = Some(indent);
            }
        } else if trimmed == ".." {
            hidden = Some(indent);
        } else {
            inline(line, base + offset, sink);
            if trimmed.ends_with("::") {
                hidden = Some(indent);
            }
        }
        at += 1;
    }
}

/// A line that starts with `..`; gives whether the indented lines below it are hidden.
fn explicit_markup(text: &str, start: usize, below: &[(usize, &str)], base: usize, sink: &mut Sink<'_, '_>) -> bool {
    let end = start + 3 + text.len();
    if let Some(target) = text.strip_prefix('_') {
        // `.. _name:` and `.. _name: address`
        // A name in backquotes may hold colons.
        let quoted = target.strip_prefix('`').and_then(|rest| rest.split_once("`:"));
        let (name, address) = quoted.or_else(|| target.split_once(':')).unwrap_or((target, ""));
        let name = name.trim_matches('`');
        match address.trim() {
            "" => {
                sink.anchor(name);
                sink.anchor(&docutils_id(name));
            }
            address if !address.ends_with('_') => sink.link(address, name, start..end),
            _ => {}
        }
        return false;
    }
    let (text, substituted) = match text.strip_prefix('|').and_then(|rest| rest.split_once('|')) {
        Some((name, rest)) => (rest.trim_start(), Some(name.trim())),
        None => (text, None),
    };
    let Some((directive, argument)) = text.split_once("::") else { return !text.starts_with('[') };
    if !directive.chars().all(|c| c.is_alphanumeric() || "-_:+.".contains(c)) {
        return true;
    }
    match directive {
        "image" | "figure" => {
            let mut alt = None;
            for (offset, line) in below.iter().take(30) {
                let option = line.trim();
                if option.is_empty() || !line.starts_with([' ', '\t']) {
                    break;
                }
                if let Some(text) = option.strip_prefix(":alt:") {
                    alt = Some(text.trim());
                }
                if let Some(target) = option.strip_prefix(":target:") {
                    let target = target.trim();
                    if !target.ends_with('_') {
                        sink.link(target, alt.unwrap_or_default(), base + offset..base + offset + line.len());
                    }
                }
            }
            // The name of a substitution is what stands for the image where it tells nothing else (docutils).
            sink.image(argument.trim(), alt.or(substituted).filter(|alt| !alt.is_empty()), start..end);
            substituted.is_some() || directive == "image"
        }
        "include" => {
            sink.link(argument.trim(), argument.trim(), start..end);
            true
        }
        _ => CODE.contains(&directive),
    }
}

/// Links of one line of text: `` `text <address>`_ ``, `:doc:`, bare addresses.
fn inline(line: &str, base: usize, sink: &mut Sink<'_, '_>) {
    let mut rest = line;
    let mut prose = String::with_capacity(line.len());
    while let Some(open) = rest.find('`') {
        let before = &rest[..open];
        let offset = base + (line.len() - rest.len());
        sink.addresses(before, offset);
        prose.push_str(before);
        let literal = rest[open..].starts_with("``");
        let quotes = if literal { 2 } else { 1 };
        let body = &rest[open + quotes..];
        let Some(close) = body.find(if literal { "``" } else { "`" }) else {
            rest = body;
            continue;
        };
        let inner = &body[..close];
        let behind = &body[close + quotes..];
        let range = offset + open..offset + open + quotes * 2 + inner.len();
        rest = behind;
        prose.push_str(inner.split('<').next().unwrap_or(inner));
        if literal {
            continue;
        }
        // An escaped bracket is a part of the words.
        let embedded = inner.rsplit_once('<').filter(|(text, _)| !text.ends_with('\\'));
        let (text, target) = match embedded {
            Some((text, target)) => (text.trim(), target.trim_end_matches('>')),
            None => (inner, inner),
        };
        if before.ends_with(":doc:") || before.ends_with(":download:") {
            // A document is named without its ending, and a leading slash means the root of the manual.
            sink.link(target, text, range);
        } else if behind.starts_with('_') && embedded.is_some() && !target.ends_with('_') {
            sink.link(target, text, range);
        }
    }
    sink.addresses(rest, base + (line.len() - rest.len()));
    prose.push_str(rest);
    sink.prose(&prose);
}

/// A title without the marks of inline markup.
fn plain(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    let mut rest = title;
    while let Some(open) = rest.find('`') {
        let before = &rest[..open];
        // Drops a role: `:func:` before the backquote.
        let role = before.strip_suffix(':').and_then(|b| b.rfind(':')).filter(|&at| !before[at..].contains(' '));
        out.push_str(&before[..role.unwrap_or(before.len())]);
        rest = &rest[open + 1..];
    }
    out.push_str(rest);
    out.replace("**", "")
}

/// The id that docutils makes of a name: lower case, everything but letters and digits to single hyphens.
fn docutils_id(name: &str) -> String {
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}
