//! What documents say, by the phrase lists of `policies/facts/phrases.toml`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use super::sink::Sink;
use crate::collect::keywords::{Keywords, Scratch, Word};
use crate::model::{DocumentRole, Signal, SignalKind};

static DATA: &str = include_str!("../../../policies/facts/phrases.toml");

/// How many places of one kind are kept where the list does not say otherwise.
const MOST: usize = 20;

/// One kind of statement, as the file writes it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct List {
    /// What the statement is, for people.
    #[allow(dead_code, reason = "read by people, and checked to be there")]
    about: String,
    /// Texts in lower case with single spaces; they match across line ends and marks, as whole words.
    #[serde(default)]
    phrases: Vec<String>,
    /// Texts that look like a phrase and say something else: a phrase inside one of them does not count.
    #[serde(default)]
    except: Vec<String>,
    /// Texts that a heading must contain.
    #[serde(default)]
    headings: Vec<String>,
    /// Texts that the target of a link or image must contain.
    #[serde(default)]
    links: Vec<String>,
    /// Regular expressions over the text as it is.
    #[serde(default)]
    patterns: Vec<String>,
    /// Roles of documents in which the kind counts; all when there are none.
    #[serde(default)]
    roles: Vec<String>,
    /// How many places are kept.
    most: Option<usize>,
}

/// One kind of statement, ready to be looked for.
struct Kind {
    name: String,
    list: List,
    /// Compiled when the first document comes in which the kind counts: that takes longer than to search a README.
    regexes: OnceLock<Vec<Regex>>,
}

impl Kind {
    fn regexes(&self) -> &[Regex] {
        self.regexes
            .get_or_init(|| self.list.patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect())
    }
}

struct Compiled {
    kinds: Vec<Kind>,
    /// All phrases and exceptions of all kinds.
    phrases: Keywords,
    /// For each phrase: its kind, whether it is an exception, and how many bytes it has.
    owners: Vec<(usize, bool, usize)>,
    /// The texts that headings of each kind contain; which kind each is of, and how many bytes it has.
    headings: Keywords,
    heading_owners: Vec<(usize, usize)>,
}

fn compiled() -> &'static Compiled {
    static COMPILED: OnceLock<Compiled> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let lists: BTreeMap<String, List> = toml::from_str(DATA).unwrap_or_default();
        let (mut kinds, mut texts, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        let (mut titles, mut heading_owners) = (Vec::new(), Vec::new());
        for (number, (name, list)) in lists.into_iter().enumerate() {
            let word = |text: &String| Word { text: text.as_str().into(), starts: false };
            titles.extend(list.headings.iter().map(word));
            heading_owners.extend(list.headings.iter().map(|title| (number, title.len())));
            for (phrases, is_exception) in [(&list.phrases, false), (&list.except, true)] {
                texts.extend(phrases.iter().map(word));
                owners.extend(phrases.iter().map(|phrase| (number, is_exception, phrase.len())));
            }
            kinds.push(Kind { name, list, regexes: OnceLock::new() });
        }
        let (phrases, headings) = (Keywords::new(texts), Keywords::new(titles));
        Compiled { kinds, phrases, owners, headings, heading_owners }
    })
}

/// The statements that a document makes, in order of place; `text` is its whole text, front matter included.
pub(super) fn find(text: &str, role: DocumentRole, sink: &mut Sink<'_, '_>, room: usize) -> Vec<Signal> {
    let compiled = compiled();
    let mut hits: Vec<Vec<Range<usize>>> = vec![Vec::new(); compiled.kinds.len()];
    let mut exceptions: Vec<Vec<Range<usize>>> = vec![Vec::new(); compiled.kinds.len()];
    let folded = Folded::new(text);
    compiled.phrases.scan(folded.text.as_bytes(), &mut Scratch::default(), |phrase, start| {
        let (kind, is_exception, length) = compiled.owners[usize::from(phrase)];
        let range = start as usize..start as usize + length;
        let list = if is_exception { &mut exceptions[kind] } else { &mut hits[kind] };
        if list.len() < 1000 && is_whole(&folded.text, range.clone()) {
            list.push(folded.original(range));
        }
    });
    let titles = titles(compiled, sink);
    let links: Vec<String> = sink
        .links
        .iter()
        .map(|link| &link.target)
        .chain(sink.images.iter().map(|i| &i.target))
        .map(|target| target.to_ascii_lowercase())
        .collect();
    let mut out: Vec<Signal> = Vec::new();
    for (number, kind) in compiled.kinds.iter().enumerate() {
        let Kind { name, list, .. } = kind;
        if !list.roles.is_empty() && !list.roles.iter().any(|r| r == role.name()) {
            continue;
        }
        let most = list.most.unwrap_or(MOST);
        let mut places = std::mem::take(&mut hits[number]);
        let except = &exceptions[number];
        places.retain(|hit| !except.iter().any(|e| e.start <= hit.start && hit.end <= e.end));
        for regex in kind.regexes() {
            places.extend(regex.find_iter(text).take(most).map(|m| m.range()));
        }
        places.sort_by_key(|place| (place.start, place.end));
        let mut found: Vec<Signal> = Vec::new();
        let mut last = 0;
        for place in places {
            // A phrase inside another one of the same kind says it once.
            if found.len() < most && (found.is_empty() || place.start >= last) {
                last = place.end;
                found.push(Signal { kind: SignalKind(name.clone()), place: sink.file.place(place) });
            }
        }
        for &(_, line) in titles.iter().filter(|title| title.0 == number) {
            if found.len() < most {
                found.push(Signal { kind: SignalKind(name.clone()), place: sink.file.place_of_line(line) });
            }
        }
        if !list.links.is_empty() {
            let places =
                sink.links.iter().map(|link| &link.place).chain(sink.images.iter().map(|image| &image.place));
            for (target, place) in links.iter().zip(places) {
                if found.len() < most && list.links.iter().any(|mark| target.contains(mark.as_str())) {
                    found.push(Signal { kind: SignalKind(name.clone()), place: place.clone() });
                }
            }
        }
        out.append(&mut found);
    }
    out.sort_by(|a, b| (&a.place, &a.kind).cmp(&(&b.place, &b.kind)));
    out.dedup();
    sink.is_cut |= out.len() > room;
    out.truncate(room);
    out
}

/// The kinds that headings tell of by whole words, each with the line of the heading, in order of the headings.
fn titles(compiled: &Compiled, sink: &Sink<'_, '_>) -> Vec<(usize, u32)> {
    let (mut out, mut scratch) = (Vec::new(), Scratch::default());
    for heading in &sink.headings {
        let title = heading.text.to_lowercase();
        let from = out.len();
        compiled.headings.scan(title.as_bytes(), &mut scratch, |text, start| {
            let (kind, length) = compiled.heading_owners[usize::from(text)];
            let one = (kind, heading.line);
            if is_whole(&title, start as usize..start as usize + length) && !out[from..].contains(&one) {
                out.push(one);
            }
        });
    }
    out
}

/// Whether a match begins and ends at the border of a word. Scripts without spaces have no such borders.
fn is_whole(text: &str, range: Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let is_word = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let cuts_start = is_word(Some(range.start)) && is_word(range.start.checked_sub(1));
    let cuts_end = is_word(range.end.checked_sub(1)) && is_word(Some(range.end));
    !cuts_start && !cuts_end
}

/// A text in lower case, runs of white space and quotation marks of lines as one space, marks of emphasis left out.
struct Folded {
    text: String,
    /// The offset in the original of each byte.
    offsets: Vec<u32>,
}

impl Folded {
    fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut offsets = Vec::with_capacity(original.len());
        let (mut line_start, mut in_space) = (true, false);
        let bytes = original.as_bytes();
        let mut rest = 0;
        while rest < bytes.len() {
            // Nearly all of a text is words, which are taken over as they are.
            let word = bytes[rest..].iter().position(|byte| !byte.is_ascii_alphanumeric());
            let end = word.map_or(bytes.len(), |word| rest + word);
            if end > rest {
                let from = text.len();
                text.push_str(&original[rest..end]);
                text[from..].make_ascii_lowercase();
                offsets.extend(rest as u32..end as u32);
                (line_start, in_space, rest) = (false, false, end);
                continue;
            }
            let Some(c) = original[rest..].chars().next() else { break };
            let at = rest;
            rest += c.len_utf8();
            let is_end = c == '\n';
            let c = match c {
                '*' | '`' | '_' | '\u{ad}' => continue,
                '>' | '#' if line_start => ' ',
                c if c.is_ascii() => {
                    if c.is_whitespace() {
                        ' '
                    } else {
                        c.to_ascii_lowercase()
                    }
                }
                '’' | '‘' => '\'',
                '“' | '”' => '"',
                '‐' | '‑' => '-',
                c if c.is_whitespace() => ' ',
                c => c,
            };
            line_start = is_end || line_start && c == ' ';
            let again = c == ' ' && in_space;
            in_space = c == ' ';
            if again {
                continue;
            }
            text.push(c);
            offsets.push(at as u32);
            offsets.extend((1..c.len_utf8()).map(|_| at as u32));
        }
        Self { text, offsets }
    }

    fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.offsets.get(range.start).map_or(0, |o| *o as usize);
        let last = self.offsets.get(range.end.saturating_sub(1)).map_or(start, |o| *o as usize);
        // The last character may be longer than its first byte; places are cut at character borders anyway.
        let length = self.text[..range.end].chars().next_back().map_or(1, char::len_utf8);
        start..last + length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_well_formed() {
        let lists: BTreeMap<String, List> = toml::from_str(DATA).unwrap();
        for (name, list) in &lists {
            assert!(!list.about.is_empty(), "{name}");
            for text in list.phrases.iter().chain(&list.except).chain(&list.headings) {
                assert!(text.len() > 2, "{name}: a phrase is long enough to be looked for");
            }
            for text in list.phrases.iter().chain(&list.except) {
                assert_eq!(Folded::new(text).text, *text, "{name}: a phrase is written as it is searched for");
            }
            for pattern in &list.patterns {
                assert!(Regex::new(pattern).is_ok(), "{name}: {pattern}");
            }
            let total = list.phrases.len() + list.headings.len() + list.links.len() + list.patterns.len();
            assert!(total > 0, "{name} can never be found");
        }
    }

    #[test]
    fn phrases_match_across_lines_and_marks_as_whole_words() {
        let folded = Folded::new("The *Developer\n> Certificate* of  Origin");
        assert_eq!(folded.text, "the developer certificate of origin");
        let at = folded.text.find("developer").unwrap();
        assert_eq!(folded.original(at..at + 9), 5..14);
        assert!(is_whole("a cla.", 2..5) && !is_whole("class", 0..3) && is_whole("本项目开源的", 9..15));
    }
}
