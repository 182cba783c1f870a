//! What build and packaging files do with license texts, notices and source code.

mod bundler;
mod container;
mod notices;
mod package;
mod release;

use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, Handling, HandlingKind, RelPath};

/// Reads build and packaging files.
pub struct Handlings;

/// How much of one file is read, in bytes. Notices of large products are a few million bytes long.
const MOST_BYTES: usize = 8 << 20;

/// Readers by the files they want: the name in lower case, and the path.
type Reader = (fn(&str, &RelPath) -> bool, fn(&SourceFile<'_>, &str, &mut Vec<Handling>));

static READERS: &[Reader] = &[
    (container::wants, container::read),
    (bundler::wants, bundler::read),
    (package::wants, package::read),
    (release::wants, release::read),
    (notices::wants, notices::read),
];

impl Collector for Handlings {
    fn id(&self) -> &'static str {
        "handling"
    }

    fn summary(&self) -> &'static str {
        "Dockerfiles, bundler options, package rules, release workflows and third-party notices: what they do with \
         license texts, notices and source code"
    }

    fn interest(&self) -> Interest {
        Interest { names: |name, path| READERS.iter().any(|(wants, _)| wants(name, path)), ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let mut text = file.text();
        if text.len() > MOST_BYTES {
            let end = (0..=MOST_BYTES).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            text = &text[..end];
        }
        let mut found = Vec::new();
        for (wants, read) in READERS {
            if wants(file.name, file.path) {
                read(file, text, &mut found);
            }
        }
        out.extend(found.into_iter().map(|handling| Evidence::Handling(Box::new(handling))));
    }
}

/// One thing done, at a line.
fn at_line(file: &SourceFile<'_>, line: usize, kind: HandlingKind, by: impl Into<String>) -> Handling {
    Handling { kind, place: file.place_of_line(line as u32), by: by.into(), listed: Vec::new() }
}

/// Lines with their numbers from 1, comments that start with one of `marks` left out.
fn lines<'t>(text: &'t str, marks: &'t [&'t str]) -> impl Iterator<Item = (usize, &'t str)> {
    let is_code = move |line: &str| !marks.iter().any(|mark| line.trim_start().starts_with(mark));
    text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(move |(_, line)| is_code(line))
}

#[cfg(test)]
mod tests;
