//! Markdown: CommonMark with the tables, task lists, footnotes and bare addresses of GitHub.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html::Html;
use super::sink::Sink;

/// Reads the part of a document that starts at `base`.
pub(super) fn read(text: &str, base: usize, sink: &mut Sink<'_, '_>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM;
    let mut reader =
        Reader { text, base, html: Html::default(), open: Vec::new(), in_code: false, run: 0..0, skip: 0 };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, range, sink);
    }
    reader.flush(sink);
}

/// A heading, link or image whose text is still being read.
struct Open {
    kind: Kind,
    start: usize,
    text: String,
}

enum Kind {
    Heading(u8),
    Link(String),
    Image(String),
}

struct Reader<'t> {
    text: &'t str,
    base: usize,
    html: Html,
    open: Vec<Open>,
    in_code: bool,
    /// The run of text that was not yet searched for bare addresses.
    run: Range<usize>,
    /// HTML up to here was read with its block.
    skip: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>, sink: &mut Sink<'_, '_>) {
        if !matches!(event, Event::Text(_)) {
            self.flush(sink);
        }
        match event {
            Event::Start(tag) => self.start(tag, range, sink),
            Event::End(end) => self.end(end, &range, sink),
            Event::Text(text) if !self.in_code => {
                self.add(&text);
                attributes(&text).for_each(|id| sink.anchor(id));
                if !self.is_in_image() {
                    sink.prose(&text);
                }
                if self.run.end == range.start && !self.run.is_empty() {
                    self.run.end = range.end;
                } else {
                    self.flush(sink);
                    self.run = range;
                }
            }
            Event::Code(text) => {
                self.add(&text);
                sink.prose(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.add(" "),
            Event::Html(_) | Event::InlineHtml(_) if range.start >= self.skip => {
                let piece = &self.text[range.clone()];
                self.html.read(piece, self.base + range.start, sink);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>, sink: &mut Sink<'_, '_>) {
        let kind = match tag {
            Tag::Heading { level, id, .. } => {
                if let Some(id) = id {
                    sink.anchor(&id);
                }
                Kind::Heading(level as u8)
            }
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.in_code = true;
                return;
            }
            Tag::HtmlBlock => {
                let piece = &self.text[range.clone()];
                self.html.read(piece, self.base + range.start, sink);
                self.skip = range.end;
                return;
            }
            Tag::Link { link_type: LinkType::Email, dest_url, .. } if !dest_url.starts_with("mailto:") => {
                Kind::Link(format!("mailto:{dest_url}"))
            }
            Tag::Link { dest_url, .. } => Kind::Link(dest_url.into_string()),
            Tag::Image { dest_url, .. } => Kind::Image(dest_url.into_string()),
            _ => return,
        };
        self.open.push(Open { kind, start: range.start, text: String::new() });
    }

    fn end(&mut self, end: TagEnd, range: &Range<usize>, sink: &mut Sink<'_, '_>) {
        match end {
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => self.in_code = false,
            TagEnd::Heading(_) | TagEnd::Link | TagEnd::Image => {
                let Some(open) = self.open.pop() else { return };
                let place = self.base + open.start..self.base + range.end;
                match open.kind {
                    Kind::Heading(level) => sink.heading(level, &open.text, place.start),
                    Kind::Link(target) => sink.link(&target, &open.text, place),
                    // `![](x)` has the brackets for a text and nothing in them: nobody filled them.
                    Kind::Image(target) => {
                        let alt = Some(open.text.as_str()).filter(|alt| !alt.trim().is_empty());
                        sink.image(&target, alt, place);
                    }
                }
            }
            _ => {}
        }
    }

    fn is_in_image(&self) -> bool {
        self.open.iter().any(|open| matches!(open.kind, Kind::Image(_)))
    }

    /// Adds text to all that is open; images inside links and headings lend them their text.
    fn add(&mut self, text: &str) {
        for open in &mut self.open {
            if open.text.len() < 4096 {
                open.text.push_str(text);
            }
        }
        self.html.gather(text);
    }

    /// Looks for bare addresses in the run of text that ends here.
    fn flush(&mut self, sink: &mut Sink<'_, '_>) {
        let run = std::mem::take(&mut self.run);
        let in_link = self.open.iter().any(|open| matches!(open.kind, Kind::Link(_) | Kind::Image(_)));
        if !run.is_empty()
            && !in_link
            && !self.in_code
            && let Some(text) = self.text.get(run.clone())
        {
            sink.addresses(text, self.base + run.start);
        }
    }
}

/// Ids that Pandoc and kramdown give to what stands in front of them: `[text]{#id}`.
fn attributes(text: &str) -> impl Iterator<Item = &str> {
    let is_of_id = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    text.match_indices("{#").filter_map(move |(at, mark)| {
        let rest = &text[at + mark.len()..];
        let (id, behind) = rest.split_at(rest.find(|c| !is_of_id(c))?);
        (!id.is_empty() && behind.starts_with(['}', ' '])).then_some(id)
    })
}
