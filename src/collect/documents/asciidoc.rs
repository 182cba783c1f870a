//! AsciiDoc: titles, links, images and anchors; listings, literals and comments are left out.

use super::lines::Lines;
use super::sink::Sink;

/// Reads the part of a document that starts at `base`.
pub(super) fn read(text: &str, base: usize, sink: &mut Sink<'_, '_>) {
    let mut hidden: Option<&str> = None;
    for (offset, line) in Lines::new(text) {
        let trimmed = line.trim_end();
        if let Some(fence) = hidden {
            if trimmed == fence {
                hidden = None;
            }
            continue;
        }
        let is_fence = trimmed.len() >= 4 && ["----", "....", "////", "++++"].iter().any(|f| trimmed.starts_with(f));
        if (is_fence && trimmed.bytes().all(|b| b == trimmed.as_bytes()[0])) || trimmed.starts_with("```") {
            hidden = Some(if is_fence { trimmed } else { "```" });
            continue;
        }
        if trimmed.starts_with("//") || is_attribute(trimmed) {
            continue;
        }
        if let Some((level, title)) = title(trimmed) {
            sink.heading(level, title, base + offset);
            // Asciidoctor's own ids start with an underscore; GitHub's are the slug.
            if let Some(heading) = sink.headings.last() {
                let id = format!("_{}", heading.anchor.replace('-', "_"));
                sink.anchor(&id);
            }
            sink.prose(title);
            continue;
        }
        inline(line, base + offset, sink);
    }
}

/// `== Title`, `## Title`.
fn title(line: &str) -> Option<(u8, &str)> {
    let mark = line.chars().next().filter(|c| matches!(c, '=' | '#'))?;
    let level = line.chars().take_while(|c| *c == mark).count();
    let title = line[level..].strip_prefix(' ')?.trim().trim_end_matches(['=', '#']).trim_end();
    (level <= 6 && !title.is_empty()).then_some((level as u8, title))
}

/// `:name: value`
fn is_attribute(line: &str) -> bool {
    line.strip_prefix(':').and_then(|rest| rest.split_once(':')).is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_!".contains(&b))
    })
}

/// Macros of one line.
fn inline(line: &str, base: usize, sink: &mut Sink<'_, '_>) {
    let mut at = 0;
    let mut in_code = false;
    let mut plain_from = 0;
    sink.prose(line);
    while at < line.len() {
        let rest = &line[at..];
        if let Some(behind) = rest.strip_prefix('`') {
            if in_code {
                plain_from = at + 1;
            } else {
                sink.addresses(&line[plain_from..at], base + plain_from);
            }
            // A backquote that is never closed is a character.
            in_code = !in_code && behind.contains('`');
            if !in_code {
                plain_from = at + 1;
            }
            at += 1;
            continue;
        }
        let taken = if in_code { None } else { macro_at(rest, base + at, sink) };
        match taken {
            Some(length) => {
                sink.addresses(&line[plain_from..at], base + plain_from);
                at += length;
                plain_from = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if !in_code && plain_from < line.len() {
        sink.addresses(&line[plain_from..], base + plain_from);
    }
}

/// The length of the macro that `rest` starts with, once it is read.
fn macro_at(rest: &str, start: usize, sink: &mut Sink<'_, '_>) -> Option<usize> {
    if let Some(body) = rest.strip_prefix("[[").or_else(|| rest.strip_prefix("[#")) {
        let close = body.find([']', ','])?;
        sink.anchor(body[..close].trim());
        return Some(2 + close);
    }
    if let Some(body) = rest.strip_prefix("<<") {
        let close = body.find(">>")?;
        let (target, text) = body[..close].split_once(',').unwrap_or((&body[..close], ""));
        if target.contains('.') || target.contains('#') {
            sink.link(target.trim(), text, start..start + close + 4);
        } else {
            sink.link(&format!("#{}", target.trim()), text, start..start + close + 4);
        }
        return Some(close + 4);
    }
    for name in ["image::", "image:", "link:", "xref:", "mailto:", "anchor:", "https://", "http://"] {
        let Some(body) = rest.strip_prefix(name) else { continue };
        let open = body.find(['[', ' ', '\t', '<', '>'])?;
        if !body[open..].starts_with('[') {
            return None;
        }
        let close = body[open..].find(']')? + open;
        let (target, text) = (&body[..open], &body[open + 1..close]);
        let length = name.len() + close + 1;
        let range = start..start + length;
        match name {
            "image::" | "image:" => sink.image(target, alt(text).as_deref(), range),
            "anchor:" => sink.anchor(target),
            "link:" | "xref:" => sink.link(target, text.split(',').next().unwrap_or(text), range),
            _ => sink.link(&format!("{name}{target}"), text, range),
        }
        return Some(length);
    }
    None
}

/// The alternative text of an image: the first positional attribute, or `alt`.
fn alt(attributes: &str) -> Option<String> {
    if let Some((_, named)) = attributes.split_once("alt=") {
        let text = match named.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or(quoted),
            None => named.split(',').next().unwrap_or(named),
        };
        return Some(text.to_owned());
    }
    let first = attributes.split(',').next().unwrap_or_default().trim().trim_matches('"');
    (!first.is_empty() && !first.contains('=')).then(|| first.to_owned())
}
