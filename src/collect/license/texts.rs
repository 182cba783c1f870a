//! Turns the license texts found in a file into detections.

use std::ops::Range;

use super::align::Alignment;
use super::analysis::Words;
use super::find::Found;
use super::index::{Index, UNKNOWN};
use super::layout::Kind;
use super::{placeholders, riders};
use crate::collect::SourceFile;
use crate::model::{Detection, DetectionKind, Place, TextMatch};

/// The expression of a license text that is not on the list.
pub(super) const UNIDENTIFIED: &str = "LicenseRef-unidentified";

/// How many runs of differing words are reported.
const MOST_RUNS: usize = 8;
/// How many words of a missing run are spelled out.
const MOST_WORDS: usize = 40;
/// A file or a rest of a file with fewer words is no license text of its own.
const SHORTEST_TEXT: usize = 40;
/// Fields behind so many words of a text belong to its appendix on how to apply it.
const APPENDIX: usize = 250;
/// Copyright lines stand this near before the text they belong to, in bytes.
const HEAD: usize = 600;

/// Words that license texts use and other prose seldom does; how many different ones make a license.
const LEGAL: &[&str] = &[
    "agreement",
    "copyright",
    "damages",
    "derivative",
    "disclaimer",
    "distribute",
    "distribution",
    "granted",
    "liability",
    "liable",
    "license",
    "licensed",
    "licensee",
    "licensor",
    "merchantability",
    "modify",
    "permission",
    "permitted",
    "redistribute",
    "redistribution",
    "rights",
    "royalty",
    "sublicense",
    "terms",
    "warranties",
    "warranty",
];
const ENOUGH_LEGAL: usize = 5;

/// One of them grants or disclaims something: what has none beside the text of a license is its history or an
/// introduction.
const TERMS: &[&str] = &[
    "damages",
    "disclaimer",
    "granted",
    "liability",
    "liable",
    "merchantability",
    "permission",
    "permitted",
    "redistribution",
    "warranties",
    "warranty",
];

/// A license text, exception or standard notice of a file.
pub(super) struct Piece {
    /// Its bytes.
    pub(super) bytes: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
    /// What is reported.
    pub(super) detection: Detection,
}

/// The license texts that `analysis` found in `range` of a file; with `alone`, also what reads like a license and is none
/// that is known.
pub(super) fn pieces(
    file: &SourceFile<'_>,
    range: Range<usize>,
    index: Index,
    words: &Words,
    found: &Found,
    alone: bool,
) -> Vec<Piece> {
    let text = &file.text()[range.clone()];
    Report { file, text, base: range.start, index, words, found, alone }.pieces()
}

struct Report<'a> {
    file: &'a SourceFile<'a>,
    /// The stretch, and where it starts.
    text: &'a str,
    base: usize,
    index: Index,
    words: &'a Words,
    found: &'a Found,
    alone: bool,
}

impl Report<'_> {
    /// The bytes of the file from the first to the last of these words.
    fn bytes(&self, words: Range<usize>) -> Range<usize> {
        let bytes = self.words.bytes(words);
        self.base + bytes.start..self.base + bytes.end
    }

    fn pieces(&self) -> Vec<Piece> {
        if self.found.texts.is_empty() && !self.alone {
            return Vec::new();
        }
        let shift = |field: Range<usize>| field.start + self.base..field.end + self.base;
        let fields: Vec<Range<usize>> = placeholders::find(self.text).into_iter().map(shift).collect();
        let riders = riders::find(&self.index, &self.words.numbers, &self.found.texts);
        let mut out: Vec<Piece> = Vec::new();
        for (n, found) in self.found.texts.iter().enumerate() {
            let text = self.index.text(found.text);
            let bytes = self.bytes(found.words.clone());
            let before = n.checked_sub(1).map_or(0, |m| self.bytes(self.found.texts[m].words.clone()).end);
            let behind = self.found.texts.get(n + 1).map_or(self.words.numbers.len(), |next| next.words.start);
            let mut compared = self.compare(found);
            compared.placeholders =
                self.unfilled(found, &fields, bytes.start.saturating_sub(HEAD).max(before)..bytes.end);
            // A rider belongs to the text before it; the first text also has those before itself.
            let from = if n == 0 { 0 } else { found.words.start };
            compared.riders = riders
                .iter()
                .filter(|rider| (from..behind).contains(&rider.start))
                .map(|rider| self.file.place(self.bytes(rider.clone())))
                .collect();
            let detection = self.named(text.kind, text.name(), found, bytes.clone(), compared);
            out.push(Piece { bytes, kind: text.kind, detection });
        }
        if self.alone {
            out.extend(self.unidentified());
        }
        out.sort_by_key(|piece| (piece.bytes.start, piece.bytes.end));
        out
    }

    fn named(
        &self,
        kind: Kind,
        name: &str,
        found: &Alignment,
        bytes: Range<usize>,
        compared: TextMatch,
    ) -> Detection {
        let what = match kind {
            Kind::License => "the text of",
            Kind::Exception => "the text of the exception",
            Kind::Header | Kind::Rider => "the standard notice of",
        };
        let reason = if compared.exact {
            format!("{what} {name}, by the SPDX matching guidelines")
        } else {
            format!(
                "{what} {name}: {} of {} required words, {} words added",
                found.found,
                found.required,
                found.added.len()
            )
        };
        Detection {
            expression: name.to_owned(),
            kind: if kind == Kind::Header { DetectionKind::Notice } else { DetectionKind::Text },
            place: self.file.place(bytes),
            score: score(found),
            reason,
            invalid: (kind == Kind::Exception).then(|| "an exception without the license it belongs to".to_owned()),
            snippet: false,
            text: Some(compared),
        }
    }

    /// How a text compares with the one that was found.
    fn compare(&self, found: &Alignment) -> TextMatch {
        let text = self.index.text(found.text);
        let mut missing: Vec<String> = Vec::new();
        let mut have = found.pairs.iter().map(|p| p.0 as usize).peekable();
        let mut run: Vec<&str> = Vec::new();
        for (at, step) in text.steps().enumerate() {
            let present = have.next_if_eq(&at).is_some();
            if step.required() && !present {
                run.push(step.word().map_or("", |w| self.index.letters(w)));
            } else if !run.is_empty() && present {
                push_run(&mut missing, &mut run);
            }
        }
        push_run(&mut missing, &mut run);
        let added: Vec<Place> = found
            .added
            .chunk_by(|a, b| a + 1 == *b)
            .filter(|run| !self.are_years(run))
            .take(MOST_RUNS)
            .map(|run| self.file.place(self.bytes(run[0] as usize..run[run.len() - 1] as usize + 1)))
            .collect();
        TextMatch {
            nearest: text.name().to_owned(),
            exact: missing.is_empty() && added.is_empty(),
            missing,
            added,
            placeholders: Vec::new(),
            riders: Vec::new(),
        }
    }

    /// Whether added words are years of a copyright notice that the text quotes: its holder has gone on since.
    fn are_years(&self, run: &[u32]) -> bool {
        let span = |at: u32| self.words.spans.get(at as usize).map(|s| s.start as usize..s.end as usize);
        let word = |at: u32| span(at).and_then(|s| self.text.get(s)).unwrap_or_default();
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
        let beside = first.checked_sub(1).is_some_and(|at| is_year(word(at))) || is_year(word(last + 1));
        beside && run.iter().all(|at| is_year(word(*at)) || word(*at) == "present")
    }

    /// Unfilled fields that belong to a text, without those of its appendix on how to apply it.
    fn unfilled(&self, found: &Alignment, fields: &[Range<usize>], bytes: Range<usize>) -> Vec<Place> {
        let first = fields.partition_point(|f| f.start < bytes.start);
        fields[first..]
            .iter()
            .take_while(|f| f.start < bytes.end)
            .filter(|f| {
                let before = found
                    .pairs
                    .partition_point(|p| self.base + self.words.spans[p.1 as usize].end as usize <= f.start);
                before < APPENDIX
            })
            .take(MOST_RUNS)
            .map(|f| self.file.place((*f).clone()))
            .collect()
    }

    /// What reads like a license and matches none: stretches between the texts that were found.
    fn unidentified(&self) -> Vec<Piece> {
        let legal: Vec<u16> = LEGAL.iter().map(|word| self.index.number(word)).collect();
        let mut out = Vec::new();
        let mut from = 0;
        let ends = self
            .found
            .texts
            .iter()
            .map(|t| t.words.clone())
            .chain(std::iter::once(self.words.numbers.len()..usize::MAX));
        for taken in ends {
            let rest = from..taken.start;
            from = taken.end;
            if rest.len() < SHORTEST_TEXT {
                continue;
            }
            let mut seen = [false; LEGAL.len()];
            let mut reach: Option<Range<usize>> = None;
            for at in rest.clone() {
                let word = self.words.numbers[at];
                if let Some(n) = legal.iter().position(|l| *l == word && word != UNKNOWN) {
                    seen[n] = true;
                    reach = Some(reach.map_or(at, |r: Range<usize>| r.start)..at + 1);
                }
            }
            let Some(reach) = reach else { continue };
            let terms = || LEGAL.iter().zip(seen).any(|(word, seen)| seen && TERMS.contains(word));
            if seen.iter().filter(|s| **s).count() < ENOUGH_LEGAL
                || reach.len() < SHORTEST_TEXT
                || !self.found.texts.is_empty() && !terms()
            {
                continue;
            }
            let words = if self.found.texts.is_empty() { rest } else { reach };
            let bytes = self.bytes(words.clone());
            out.push(Piece { bytes, kind: Kind::License, detection: self.unnamed(words) });
        }
        out
    }

    fn unnamed(&self, words: Range<usize>) -> Detection {
        let near = self.found.near.iter().filter(|n| n.words.start < words.end && words.start < n.words.end);
        let near = near.max_by_key(|n| n.pairs.len());
        let (text, score, reason) = match near {
            Some(near) => (
                self.compare(near),
                score(near) / 2.0,
                format!(
                    "reads like a license, but matches none: nearest is {} with {} of {} required words and {} added",
                    self.index.text(near.text).name(),
                    near.found,
                    near.required,
                    near.added.len()
                ),
            ),
            None => (TextMatch::default(), 0.0, "reads like a license, but resembles none of the list".to_owned()),
        };
        Detection {
            expression: UNIDENTIFIED.to_owned(),
            kind: DetectionKind::Text,
            place: self.file.place(self.bytes(words)),
            score,
            reason,
            invalid: None,
            snippet: false,
            text: Some(TextMatch { exact: false, ..text }),
        }
    }
}

/// Share of the required words, to three digits so that it reads the same on every machine.
fn score(found: &Alignment) -> f32 {
    (found.recall() * 1000.0).floor() / 1000.0
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit())
}

/// Adds a run of missing words, but for the years of a copyright notice that the text quotes, or all of it.
fn push_run(missing: &mut Vec<String>, run: &mut Vec<&str>) {
    let notice = run.first() == Some(&"copyright") && run.iter().any(|word| is_year(word));
    if notice || run.iter().all(|word| is_year(word)) {
        run.clear();
    }
    if !run.is_empty() && missing.len() < MOST_RUNS {
        let more = if run.len() > MOST_WORDS { " ..." } else { "" };
        missing.push(run[..run.len().min(MOST_WORDS)].join(" ") + more);
    }
    run.clear();
}
