//! Builds the tree from the events of the parser.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use super::{Document, Fault, MOST_FAULTS, MOST_NESTED, MOST_NODES, Node, Pair, Scalar, Style, Value};

/// Reads a source, leaving out lines that break it.
pub(super) fn parse(source: &str) -> Document<'_> {
    let mut text = Cow::Borrowed(source);
    let mut faults: Vec<Fault> = Vec::new();
    loop {
        let mut builder = Builder::default();
        let Some(mut fault) = builder.read(&text) else {
            return builder.finish(source, faults);
        };
        // A scalar that runs into a line indented by a tab is reported where it starts.
        if is_indented_by_tab(&text, fault.line + 1) {
            fault.line += 1;
        }
        let known = faults.iter().any(|earlier| earlier.line == fault.line);
        if known || faults.len() >= MOST_FAULTS || !blank(&mut text, fault.line) {
            if !known {
                faults.push(fault);
            }
            return builder.finish(source, faults);
        }
        faults.push(fault);
    }
}

/// The bytes of a line (from 1) without its end.
fn line_range(text: &str, line: u32) -> Option<Range<usize>> {
    let mut at = 0;
    for _ in 1..line {
        at += memchr::memchr(b'\n', &text.as_bytes()[at..])? + 1;
    }
    Some(at..memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end))
}

fn is_indented_by_tab(text: &str, line: u32) -> bool {
    line_range(text, line).is_some_and(|range| text[range].trim_start_matches(' ').starts_with('\t'))
}

/// Replaces a line by spaces, so that every offset stays. Tells whether there was anything to replace.
fn blank(text: &mut Cow<'_, str>, line: u32) -> bool {
    let Some(range) = line_range(text, line).filter(|range| !text[range.clone()].trim().is_empty()) else {
        return false;
    };
    text.to_mut().replace_range(range.clone(), &" ".repeat(range.len()));
    true
}

/// A collection that is not closed yet.
enum Open {
    Sequence(Vec<Node>),
    Mapping { pairs: Vec<Pair>, key: Option<(String, Range<usize>)> },
}

struct Frame {
    open: Open,
    start: usize,
    /// Where the last child ends.
    end: usize,
    anchored: usize,
    anchor: usize,
    is_flow: bool,
    depth: usize,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: BTreeMap<usize, Node>,
    comments: Vec<Range<usize>>,
    nodes: usize,
    cut: Option<Fault>,
}

impl Builder {
    /// Reads events up to the end of the first document, or to the first fault.
    fn read(&mut self, source: &str) -> Option<Fault> {
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MOST_NESTED,
            block_nesting_limit: MOST_NESTED,
        };
        let mut parser = Parser::new_from_str_with_options(source, options);
        let mut pending: Option<(Event<'_>, Range<usize>)> = None;
        loop {
            let next = match parser.next_event()? {
                Ok((event, span)) => (event, span.byte_range().unwrap_or(0..0)),
                Err(error) => {
                    if let Some((event, span)) = pending.take() {
                        self.take(event, span, None);
                    }
                    let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX).max(1);
                    return Some(Fault { line, reason: error.info() });
                }
            };
            // What an anchor belongs to comes before it.
            if let Event::Anchor(..) = next.0 {
                if let Some((event, span)) = pending.take() {
                    self.take(event, span, Some(next.1.start));
                }
                continue;
            }
            if let Some((event, span)) = pending.replace(next) {
                let is_end = matches!(event, Event::DocumentEnd | Event::StreamEnd);
                self.take(event, span, None);
                if is_end || self.cut.is_some() {
                    return self.cut.take();
                }
            }
            if self.nodes > MOST_NODES {
                return Some(Fault { line: 1, reason: format!("more than {MOST_NODES} nodes") });
            }
        }
    }

    fn take(&mut self, event: Event<'_>, span: Range<usize>, anchored: Option<usize>) {
        let anchored = anchored.unwrap_or(span.start);
        match event {
            Event::Comment(..) => self.comments.push(span),
            Event::Scalar(text, style, anchor, _) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                    _ => Style::Quoted,
                };
                let value = Value::Scalar(Scalar { text: text.into_owned(), style });
                self.nodes += 1;
                let at = anchored.min(span.start)..span.end;
                self.put(Node { value, span, at, depth: 0 }, anchor);
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Open::Sequence(Vec::new()), style, span, anchored, anchor);
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(Open::Mapping { pairs: Vec::new(), key: None }, style, span, anchored, anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(span.end)),
            Event::Alias(anchor) => {
                let mut node = self.anchors.get(&anchor).cloned().unwrap_or_else(|| nothing(span.clone()));
                self.nodes += weight(&node);
                node.at = span;
                self.put(node, 0);
            }
            Event::UnresolvedAlias(_) => self.put(nothing(span), 0),
            _ => {}
        }
    }

    fn open(&mut self, open: Open, style: StructureStyle, span: Range<usize>, anchored: usize, anchor: usize) {
        self.nodes += 1;
        let is_flow = style == StructureStyle::Flow;
        let anchored = anchored.min(span.start);
        self.stack.push(Frame { open, start: span.start, end: span.end, anchored, anchor, is_flow, depth: 0 });
    }

    fn close(&mut self, end: Option<usize>) {
        let Some(frame) = self.stack.pop() else { return };
        let value = match frame.open {
            Open::Sequence(items) => Value::Sequence(items),
            Open::Mapping { mut pairs, key } => {
                if let Some((key, key_span)) = key {
                    let value = nothing(key_span.end..key_span.end);
                    pairs.push(Pair { key, key_span, value });
                }
                Value::Mapping(pairs)
            }
        };
        // The parser ends a block collection where the next token starts, and a flow collection with its bracket.
        let end = end.filter(|_| frame.is_flow).unwrap_or(frame.end);
        let span = frame.start..end.max(frame.start);
        let depth = frame.depth.saturating_add(1);
        let at = frame.anchored..span.end;
        self.put(Node { value, span, at, depth }, frame.anchor);
    }

    fn put(&mut self, node: Node, anchor: usize) {
        if node.depth > MOST_NESTED {
            let reason = format!("aliases nest more than {MOST_NESTED} deep");
            self.cut.get_or_insert(Fault { line: 1, reason });
            return;
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
            self.nodes += weight(&node);
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        frame.end = frame.end.max(node.at.end);
        frame.depth = frame.depth.max(node.depth);
        match &mut frame.open {
            Open::Sequence(items) => items.push(node),
            Open::Mapping { pairs, key } => match key.take() {
                Some((key, key_span)) => pairs.push(Pair { key, key_span, value: node }),
                None => {
                    let text = match node.value {
                        Value::Scalar(scalar) => scalar.text,
                        _ => String::new(),
                    };
                    *key = Some((text, node.at.clone()));
                }
            },
        }
    }

    /// Closes what a fault left open.
    fn finish(mut self, source: &str, mut faults: Vec<Fault>) -> Document<'_> {
        while !self.stack.is_empty() {
            self.close(None);
        }
        faults.sort_by_key(|fault| fault.line);
        self.comments.sort_by_key(|comment| comment.start);
        Document { source, root: self.root, faults, comments: self.comments }
    }
}

fn nothing(span: Range<usize>) -> Node {
    let value = Value::Scalar(Scalar { text: String::new(), style: Style::Plain });
    Node { value, at: span.clone(), span, depth: 0 }
}

/// How many nodes a node has.
fn weight(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(_) => 1,
        Value::Sequence(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Mapping(pairs) => 1 + pairs.iter().map(|pair| 1 + weight(&pair.value)).sum::<usize>(),
    }
}
