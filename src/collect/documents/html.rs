//! Links, images, anchors and headings of HTML, alone or inside Markdown.

use super::sink::Sink;

/// The longest tag that is looked into, in bytes; behind that, a `<` is taken for text.
const MOST_TAG: usize = 8 * 1024;

/// What is open between pieces of HTML.
#[derive(Default)]
pub(super) struct Html {
    link: Option<(String, usize, String)>,
    heading: Option<(u8, usize, String)>,
    /// Inside `pre`, `code`, `script` or `style`.
    code: u32,
    in_comment: bool,
}

impl Html {
    /// Reads a piece of HTML that starts at `base` of the file.
    pub(super) fn read(&mut self, html: &str, base: usize, sink: &mut Sink<'_, '_>) {
        let mut at = 0;
        while at < html.len() {
            let rest = &html[at..];
            if self.in_comment {
                match rest.find("-->") {
                    Some(end) => {
                        self.in_comment = false;
                        at += end + 3;
                    }
                    None => return,
                }
                continue;
            }
            let next = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            if next > 0 {
                self.text(&rest[..next], sink);
                at += next;
                continue;
            }
            if rest.starts_with("<!--") {
                self.in_comment = true;
                at += 4;
                continue;
            }
            match tag(rest) {
                Some((tag, length)) => {
                    self.tag(&tag, base + at, base + at + length, sink);
                    at += length;
                }
                None => {
                    self.text("<", sink);
                    at += 1;
                }
            }
        }
    }

    /// Takes in text between tags; Markdown hands over its own.
    pub(super) fn text(&mut self, text: &str, sink: &mut Sink<'_, '_>) {
        if self.code > 0 {
            return;
        }
        sink.prose(text);
        self.gather(text);
    }

    /// Adds text to the link and the heading that are open.
    pub(super) fn gather(&mut self, text: &str) {
        let add = |to: &mut String| {
            if to.len() < 4096 {
                to.push_str(&entities(text));
            }
        };
        if let Some((_, _, to)) = &mut self.link {
            add(to);
        }
        if let Some((_, _, to)) = &mut self.heading {
            add(to);
        }
    }

    fn tag(&mut self, tag: &Tag<'_>, start: usize, end: usize, sink: &mut Sink<'_, '_>) {
        let name = tag.name.to_ascii_lowercase();
        let is_code = matches!(name.as_str(), "pre" | "script" | "style" | "textarea");
        let level = match name.as_bytes() {
            [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
            _ => None,
        };
        if tag.closes {
            if is_code {
                self.code = self.code.saturating_sub(1);
            }
            if name == "a"
                && let Some((target, from, text)) = self.link.take()
            {
                sink.link(&target, &text, from..end);
            }
            if level.is_some()
                && let Some((level, from, text)) = self.heading.take()
            {
                sink.heading(level, &text, from);
            }
            return;
        }
        for anchor in ["id", "name"] {
            if let Some(value) = tag.attribute(anchor).filter(|_| anchor == "id" || name == "a" || level.is_some()) {
                sink.anchor(&value);
            }
        }
        if is_code && !tag.is_empty {
            self.code += 1;
        }
        if name == "a" {
            if let Some((target, from, text)) = self.link.take() {
                sink.link(&target, &text, from..start);
            }
            if let Some(target) = tag.attribute("href") {
                self.link = Some((target, start, String::new()));
            }
        } else if name == "img" {
            let alt = tag.attribute("alt");
            if let Some(alt) = &alt {
                self.gather(alt);
            }
            if let Some(target) = tag.attribute("src") {
                sink.image(&target, alt.as_deref(), start..end);
            }
        } else if let Some(level) = level {
            self.heading = Some((level, start, String::new()));
        } else if matches!(name.as_str(), "br" | "p" | "td" | "li" | "div") {
            self.gather(" ");
        }
    }
}

struct Tag<'t> {
    name: &'t str,
    closes: bool,
    is_empty: bool,
    attributes: &'t str,
}

/// The tag at the start of `text`, with its length.
fn tag(text: &str) -> Option<(Tag<'_>, usize)> {
    let bytes = text.as_bytes();
    let closes = bytes.get(1) == Some(&b'/');
    let from = if closes { 2 } else { 1 };
    let length =
        bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    if length == 0 || !bytes[from].is_ascii_alphabetic() {
        return None;
    }
    let mut quote = None;
    for (at, &byte) in bytes.iter().enumerate().take(MOST_TAG).skip(from + length) {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'"' || byte == b'\'' => quote = Some(byte),
            None if byte == b'>' => {
                let attributes = &text[from + length..at];
                let is_empty = attributes.ends_with('/');
                let attributes = attributes.strip_suffix('/').unwrap_or(attributes);
                return Some((Tag { name: &text[from..from + length], closes, is_empty, attributes }, at + 1));
            }
            None if byte == b'<' => return None,
            None => {}
        }
    }
    None
}

impl Tag<'_> {
    /// The value of an attribute, entities decoded; empty when it has none.
    fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let name = &rest[..end];
            rest = rest[end..].trim_start();
            let mut value = "";
            if let Some(tail) = rest.strip_prefix('=') {
                let tail = tail.trim_start();
                let quote = tail.chars().next().filter(|c| matches!(c, '"' | '\''));
                (value, rest) = match quote {
                    Some(quote) => tail[1..].split_once(quote).unwrap_or((&tail[1..], "")),
                    None => tail.split_at(tail.find(char::is_whitespace).unwrap_or(tail.len())),
                };
                rest = rest.trim_start();
            } else if name.is_empty() {
                return None;
            }
            if name.eq_ignore_ascii_case(wanted) {
                return Some(entities(value));
            }
        }
        None
    }
}

/// The entities that occur in addresses and titles, decoded.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}
