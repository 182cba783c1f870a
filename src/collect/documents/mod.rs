//! Documents for people: what they are for, and what they hold and say.

mod asciidoc;
mod front;
mod html;
mod lines;
mod markdown;
mod plain;
mod role;
mod rst;
mod signals;
mod sink;

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{Collector, Hit, Interest, SourceFile, expression, malformed};
use crate::model::{Detection, DetectionKind, Document, DocumentRole, Evidence, Place, SkipReason, Skipped};

use role::{Class, Format};
use sink::{MOST_ITEMS, Sink};

/// Reads documents.
pub struct Documents;

/// How much of one document is read, in bytes; a manual of a thousand pages has about two million.
const MOST_BYTES: usize = 4 << 20;

impl Collector for Documents {
    fn id(&self) -> &'static str {
        "documents"
    }

    fn summary(&self) -> &'static str {
        "README, CONTRIBUTING, SECURITY and other documents in Markdown, reStructuredText, AsciiDoc and plain text, and \
         CITATION.cff: front matter, headings, links, images, words and what they say"
    }

    fn interest(&self) -> Interest {
        Interest { names: |name, path| role::classify(name, path).is_some(), ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let Some(class) = role::classify(file.name, file.path) else { return };
        if file.encoding().is_some() {
            let document = read(file, class, out);
            out.push(Evidence::Document(Box::new(document)));
        }
    }
}

fn read(file: &SourceFile<'_>, class: Class, out: &mut Vec<Evidence>) -> Document {
    let mut text = file.text();
    let mut cut = Vec::new();
    if text.len() > MOST_BYTES {
        let end = memchr::memrchr(b'\n', &text.as_bytes()[..MOST_BYTES]).map_or(MOST_BYTES, |at| at + 1);
        let end = (0..=end).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text = &text[..end];
        cut.push(format!("only the first {MOST_BYTES} bytes were read as a document"));
    }
    let mut sink = Sink::new(file);
    let mut front_matter = None;
    let mut body = 0;
    let front = match class.format {
        Format::Markdown | Format::Asciidoc => front::read(text),
        Format::Yaml => Some(front::Front { body: text.len(), fields: front::yaml(text) }),
        Format::Rst | Format::Html | Format::Plain => None,
    };
    if let Some(front) = front {
        body = front.body;
        match front.fields {
            Ok(fields) => {
                license_field(file, class.role, &fields, out);
                front_matter = Some(fields);
            }
            Err((why, line)) => out.push(malformed(file, line, why)),
        }
    }
    match class.format {
        Format::Markdown => markdown::read(&text[body..], body, &mut sink),
        Format::Rst => rst::read(text, 0, &mut sink),
        Format::Asciidoc => asciidoc::read(&text[body..], body, &mut sink),
        Format::Html => html::Html::default().read(text, 0, &mut sink),
        Format::Plain => plain::read(text, 0, &mut sink),
        Format::Yaml => sink.addresses(text, 0),
    }
    sink.links.sort_by(|a, b| a.place.cmp(&b.place));
    sink.images.sort_by(|a, b| a.place.cmp(&b.place));
    sink.anchors.sort();
    sink.anchors.dedup();
    let room = MOST_ITEMS.saturating_sub(sink.items());
    let signals = signals::find(text, class.role, &mut sink, room);
    if sink.is_cut {
        cut.push(format!("more than {MOST_ITEMS} headings, links, images and statements; the rest is left out"));
    }
    out.extend(cut.into_iter().map(|reason| {
        Evidence::Unread(Skipped { path: file.path.clone(), kind: SkipReason::Limit, reason, line: None })
    }));
    let mut language = role::language(file.path);
    if language.is_empty() {
        language = script(text).to_owned();
    }
    Document {
        place: Place::file(file.path.clone()),
        role: class.role,
        language,
        words: sink.words(),
        front_matter,
        headings: sink.headings,
        anchors: sink.anchors,
        links: sink.links,
        images: sink.images,
        signals,
    }
}

/// The license that front matter or `CITATION.cff` states. CFF 1.2 asks for SPDX ids, a list meaning a choice; the
/// front matter of other documents follows no one standard, so only what is an SPDX expression counts there.
fn license_field(file: &SourceFile<'_>, role: DocumentRole, fields: &Value, out: &mut Vec<Evidence>) {
    let is_citation = role == DocumentRole::Citation;
    let text = match fields.get("license") {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" OR "),
        _ => return,
    };
    let judged = expression::judge(&text);
    let is_sound = expression::is_valid(&judged.expression);
    if text.is_empty() || !(is_sound || is_citation) {
        return;
    }
    let start = file.text().lines().take(1000).position(|line| {
        line.trim_start()
            .trim_start_matches('"')
            .strip_prefix("license")
            .is_some_and(|rest| rest.trim_start_matches(['"', ' ']).starts_with([':', '=']))
    });
    let line = start.map_or(1, |at| at as u32 + 1);
    out.push(Evidence::License(Detection {
        expression: judged.expression,
        kind: DetectionKind::Field,
        place: file.place_of_line(line),
        score: 1.0,
        reason: if is_citation { "`license` of CITATION.cff" } else { "`license` of the front matter" }.into(),
        // Model hubs write ids in lower case, by their own rules.
        invalid: judged.invalid.filter(|_| is_citation),
        snippet: false,
        text: None,
    }));
}

/// The language that the script of the first pages tells: Chinese, Japanese or Korean; empty for all others.
fn script(text: &str) -> &'static str {
    if text.is_ascii() {
        return "";
    }
    let (mut letters, mut han, mut kana, mut hangul) = (0u32, 0u32, 0u32, 0u32);
    for c in text.chars().take(20_000) {
        match c {
            '\u{4e00}'..='\u{9fff}' => han += 1,
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{ac00}'..='\u{d7af}' => hangul += 1,
            c if c.is_alphabetic() => letters += 1,
            _ => {}
        }
    }
    // A Chinese text has about one character for three letters of the names and commands in it.
    if (han + kana + hangul) * 4 < letters || han + kana + hangul < 20 {
        ""
    } else if hangul > han + kana {
        "ko"
    } else if kana * 10 > han {
        "ja"
    } else {
        "zh"
    }
}
