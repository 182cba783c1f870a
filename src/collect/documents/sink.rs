//! Where the readers of all formats put what they find, within bounds.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::collect::SourceFile;
use crate::collect::encoded::percent_decoded;
use crate::model::{Heading, Image, Link};

/// How many headings, links, images and signals of one document are kept together.
pub(super) const MOST_ITEMS: usize = 10_000;

/// Headings, links and images of one document, and its words.
pub(super) struct Sink<'f, 'a> {
    pub(super) file: &'f SourceFile<'a>,
    pub(super) headings: Vec<Heading>,
    pub(super) links: Vec<Link>,
    pub(super) images: Vec<Image>,
    /// Fragments that exist beside those of the headings.
    pub(super) anchors: Vec<String>,
    /// Whether something was left out.
    pub(super) is_cut: bool,
    words: u64,
    /// Characters of scripts without spaces between words.
    characters: u64,
    slugs: BTreeMap<String, u32>,
}

impl<'f, 'a> Sink<'f, 'a> {
    pub(super) fn new(file: &'f SourceFile<'a>) -> Self {
        Self {
            file,
            headings: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            anchors: Vec::new(),
            is_cut: false,
            words: 0,
            characters: 0,
            slugs: BTreeMap::new(),
        }
    }

    /// Headings, links, images and anchors so far.
    pub(super) fn items(&self) -> usize {
        self.headings.len() + self.links.len() + self.images.len() + self.anchors.len()
    }

    fn has_room(&mut self) -> bool {
        let has_room = self.items() < MOST_ITEMS;
        self.is_cut |= !has_room;
        has_room
    }

    pub(super) fn heading(&mut self, level: u8, text: &str, offset: usize) {
        if self.has_room() {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let anchor = self.unique(slug(&text));
            // People leave out the variation selector that an emoji carries along.
            if anchor.contains('\u{fe0f}') {
                self.anchors.push(anchor.replace('\u{fe0f}', ""));
            }
            let line = self.file.line_at(offset);
            self.headings.push(Heading { level, text, anchor, line });
        }
    }

    /// The fragment for a slug: GitHub numbers the second and later ones.
    fn unique(&mut self, slug: String) -> String {
        let count = self.slugs.entry(slug.clone()).or_default();
        *count += 1;
        if *count == 1 {
            return slug;
        }
        let mut number = *count - 1;
        loop {
            let numbered = format!("{slug}-{number}");
            if let std::collections::btree_map::Entry::Vacant(free) = self.slugs.entry(numbered.clone()) {
                free.insert(1);
                self.slugs.insert(slug, number + 1);
                return numbered;
            }
            number += 1;
        }
    }

    pub(super) fn link(&mut self, target: &str, text: &str, range: Range<usize>) {
        if self.has_room() {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.links.push(Link {
                target: percent_decoded(target.trim()).into_owned(),
                text,
                place: self.file.place(range),
            });
        }
    }

    pub(super) fn image(&mut self, target: &str, alt: Option<&str>, range: Range<usize>) {
        if self.has_room() {
            let alt = alt.map(|alt| alt.split_whitespace().collect::<Vec<_>>().join(" "));
            self.images.push(Image {
                target: percent_decoded(target.trim()).into_owned(),
                alt,
                place: self.file.place(range),
            });
        }
    }

    pub(super) fn anchor(&mut self, name: &str) {
        if !name.is_empty() && name.len() < 500 && self.has_room() {
            self.anchors.push(name.to_owned());
        }
    }

    /// Counts the words of a piece of prose.
    pub(super) fn prose(&mut self, text: &str) {
        let mut in_word = false;
        for c in text.chars() {
            if is_unspaced(c) {
                self.characters += 1;
                in_word = false;
            } else if c.is_alphanumeric() {
                self.words += u64::from(!in_word);
                in_word = true;
            } else if c.is_whitespace() {
                in_word = false;
            }
        }
    }

    /// All words counted; characters of scripts without spaces count half.
    pub(super) fn words(&self) -> u32 {
        u32::try_from(self.words + self.characters / 2).unwrap_or(u32::MAX)
    }

    /// The links of bare web addresses in a piece of the text that starts at `base`.
    pub(super) fn addresses(&mut self, text: &str, base: usize) {
        let mut from = 0;
        while let Some(found) = memchr::memmem::find(&text.as_bytes()[from..], b"http") {
            let start = from + found;
            from = start + 4;
            let rest = &text[start..];
            let touches = text[..start].ends_with(|c: char| c.is_alphanumeric());
            if touches || !(rest.starts_with("https://") || rest.starts_with("http://")) {
                continue;
            }
            let end = rest.find(|c: char| c.is_whitespace() || "<>\"`|{}^\\".contains(c)).unwrap_or(rest.len());
            let mut address = rest[..end].trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '_', '~']);
            while address.ends_with([')', ']'])
                && address.matches(['(', '[']).count() < address.matches([')', ']']).count()
            {
                address = address[..address.len() - 1].trim_end_matches(['.', ',']);
            }
            if address.len() > "https://".len() {
                self.link(address, address, base + start..base + start + address.len());
            }
            from = start + address.len().max(4);
        }
    }
}

/// Han, Hiragana, Katakana, Thai, Lao, Khmer: no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The fragment that GitHub makes of a heading: lower case, letters, digits, marks, `_` and `-` kept, spaces to `-`.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => out.push('-'),
            '-' | '_' | '\u{200d}' | '\u{fe0f}' | '\u{300}'..='\u{36f}' | '\u{203f}' => out.push(c),
            _ if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_github() {
        for (text, want) in [
            ("Hello, World!", "hello-world"),
            ("`foo_bar` & baz", "foo_bar--baz"),
            ("Über uns", "über-uns"),
            ("安装 指南", "安装-指南"),
            ("C++ / Rust", "c--rust"),
            ("1.0.0 - 2020-01-01", "100---2020-01-01"),
            ("🚀 Start", "-start"),
        ] {
            assert_eq!(slug(text), want);
        }
    }
}
