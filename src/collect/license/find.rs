//! Finds which license texts a run of words holds, whole or in part, and where.
//!
//! Every run of four words votes for the texts that have it. The texts with the best votes are compared word by
//! word, the one that explains the words best is taken, its words are consumed, and what is left is searched again.

use std::ops::Range;

use super::align::{Alignment, align};
use super::index::{Index, UNKNOWN};
use super::layout::{GRAM, Kind, hash_gram};

/// So many words without a vote separate two stretches.
const SILENCE: usize = 80;
/// How many words are searched at once: twice as many as the longest text has.
const STRETCH: usize = 16_384;
/// How often what is left of a piece is searched again, as a multiple of its words.
const ROUNDS: usize = 24;
/// How many texts are compared word by word.
const CANDIDATES: usize = 10;
/// Stretches shorter than this hold no text.
const SHORTEST: usize = 8;

/// What a run of words holds.
#[derive(Default)]
pub(super) struct Found {
    /// Texts, ascending and without overlap.
    pub(super) texts: Vec<Alignment>,
    /// The nearest text of each stretch that holds none.
    pub(super) near: Vec<Alignment>,
}

/// Finds license texts in `words` (numbers from [`Index::number`]).
///
/// Linear in the number of words: a stretch is searched in pieces of bounded length, and the work on a piece is
/// counted.
pub(super) fn find(index: &Index, words: &[u16]) -> Found {
    let mut finder = Finder { index, words, grams: grams(index, words), votes: vec![0; index.len()] };
    let mut found = Found::default();
    for stretch in finder.stretches() {
        let mut at = stretch.start;
        while at < stretch.end {
            let piece = at..stretch.end.min(at + STRETCH);
            let mut here = finder.search(piece.clone());
            at = piece.end;
            if piece.end < stretch.end {
                // A text at the end of the piece may go on behind it: what is behind the last whole text is searched
                // again with the next piece, of which it is at most three quarters.
                let floor = piece.start + STRETCH / 4;
                while here.texts.last().is_some_and(|t| t.words.end + SILENCE > piece.end && t.words.start >= floor) {
                    here.texts.pop();
                }
                at = here.texts.last().map_or(floor, |t| t.words.end.max(floor));
                here.near.retain(|n| n.words.end <= at);
            }
            found.texts.append(&mut here.texts);
            found.near.append(&mut here.near);
        }
    }
    found
}

/// Words that tell one standard notice from the next; beside them every number does.
const TELLING: &[&str] =
    &["academic", "affero", "apache", "general", "later", "lesser", "library", "mozilla", "only", "option"];

/// Whether the likeness is enough to name the text: nearly all of it, or a long and faithful part of a long text.
fn is_text(index: &Index, words: &[u16], found: &Alignment) -> bool {
    let (recall, precision) = (found.recall(), found.precision());
    let enough = if found.required < 40 { 0.95 } else { 0.88 };
    let whole = recall >= enough && precision >= enough && found.found >= 4;
    let kind = index.text(found.text).kind;
    match kind {
        // Notices of different licenses differ by a name or a number only.
        Kind::Header => whole && !tells_apart(index, words, found),
        _ => {
            let part =
                found.is_long() && found.found >= 150 && precision >= 0.95 && found.inside() * 20 <= found.found;
            whole || (part && kind == Kind::License)
        }
    }
}

/// Whether a word that is missing or was added is a name or a number.
fn tells_apart(index: &Index, words: &[u16], found: &Alignment) -> bool {
    let tells = |word: u16| {
        let letters = index.letters(word);
        TELLING.contains(&letters) || letters.bytes().any(|b| b.is_ascii_digit())
    };
    let mut have = found.pairs.iter().map(|p| p.0 as usize).peekable();
    let missing = index
        .text(found.text)
        .steps()
        .enumerate()
        .any(|(at, step)| have.next_if_eq(&at).is_none() && step.required() && step.word().is_some_and(tells));
    missing || found.added.iter().any(|at| tells(words[*at as usize]))
}

/// For each word the number of the run of words that ends with it, when a text has it.
fn grams(index: &Index, words: &[u16]) -> Vec<Option<u32>> {
    let (mut run, mut length) = (0u64, 0);
    let step = |word: &u16| {
        length = if *word == UNKNOWN { 0 } else { length + 1 };
        run = run << 16 | u64::from(*word);
        if length < GRAM { None } else { index.gram(hash_gram(run)) }
    };
    words.iter().map(step).collect()
}

struct Finder<'a> {
    index: &'a Index,
    words: &'a [u16],
    grams: Vec<Option<u32>>,
    votes: Vec<u32>,
}

impl Finder<'_> {
    /// Finds the texts of one piece of at most [`STRETCH`] words.
    fn search(&mut self, piece: Range<usize>) -> Found {
        let mut found = Found::default();
        let mut budget = ROUNDS * piece.len();
        let mut stack = vec![piece];
        while let Some(stretch) = stack.pop() {
            if stretch.len() < SHORTEST {
                continue;
            }
            let Some(rest) = budget.checked_sub(stretch.len()) else { break };
            budget = rest;
            let Some(best) = self.best(stretch.clone()) else { continue };
            if !is_text(self.index, self.words, &best) {
                found.near.push(best);
                continue;
            }
            let mut taken = self.repeats(&best, stretch.clone());
            let at = taken.partition_point(|t| t.words.start < best.words.start);
            taken.insert(at, best);
            let mut end = stretch.end;
            for text in taken.iter().rev() {
                stack.push(text.words.end..end);
                end = text.words.start;
            }
            stack.push(stretch.start..end);
            found.texts.append(&mut taken);
        }
        found.texts.sort_by_key(|t| t.words.start);
        found.near.sort_by_key(|t| t.words.start);
        found
    }

    /// Stretches of words with votes, ascending.
    fn stretches(&self) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = Vec::new();
        for at in (0..self.grams.len()).filter(|&at| self.grams[at].is_some()) {
            let start = (at + 1).saturating_sub(GRAM);
            match out.last_mut() {
                Some(last) if at < last.end + SILENCE => last.end = at + 1,
                _ => out.push(out.last().map_or(start, |last| start.max(last.end))..at + 1),
            }
        }
        for n in 0..out.len() {
            let before = n.checked_sub(1).map_or(0, |m| out[m].end);
            let behind = out.get(n + 1).map_or(self.words.len(), |next| next.start);
            let stretch = &mut out[n];
            // The first and last words of a text may be in no run.
            stretch.start = stretch.start.saturating_sub(30).max(before);
            stretch.end = (stretch.end + 30).min(behind);
        }
        out
    }

    /// The text that explains the words of a stretch best.
    fn best(&mut self, stretch: Range<usize>) -> Option<Alignment> {
        let mut voted: Vec<u16> = Vec::new();
        // A run that stands there often votes once: else a long text wins where short ones follow each other.
        let mut grams: Vec<u32> = self.grams[stretch.clone()].iter().flatten().copied().collect();
        grams.sort_unstable();
        grams.dedup();
        for gram in grams {
            for text in self.index.members(gram) {
                if self.votes[usize::from(text)] == 0 {
                    voted.push(text);
                }
                self.votes[usize::from(text)] += 1;
            }
        }
        let mut by_cover: Vec<(i64, i64, u16)> = Vec::with_capacity(voted.len());
        for number in voted {
            let votes = i64::from(std::mem::take(&mut self.votes[usize::from(number)]));
            let text = self.index.text(number);
            let (cover, required) = (votes.min(text.len() as i64), i64::from(text.required));
            by_cover.push((4 * cover - (required - cover).max(0), cover, number));
        }
        by_cover.sort_unstable_by_key(|&(rank, cover, number)| (-rank, -cover, number));
        let mut chosen: Vec<u16> = by_cover.iter().take(CANDIDATES).map(|c| c.2).collect();
        by_cover.sort_unstable_by_key(|&(_, cover, number)| (-cover, number));
        for &(.., number) in by_cover.iter().take(3) {
            if !chosen.contains(&number) {
                chosen.push(number);
            }
        }
        let mut best: Option<Alignment> = None;
        for number in chosen {
            let text = self.index.text(number);
            let Some(window) =
                self.windows(number, stretch.clone()).into_iter().max_by_key(|w| (w.1, usize::MAX - w.0.start))
            else {
                continue;
            };
            let Some(found) = align(&text, self.words, window.0) else { continue };
            let better = best.as_ref().is_none_or(|b| {
                (is_text(self.index, self.words, &found), found.merit())
                    > (is_text(self.index, self.words, b), b.merit())
            });
            if better {
                best = Some(found);
            }
        }
        best
    }

    /// Other places in the stretch that hold the text which `best` found, as faithfully.
    fn repeats(&self, best: &Alignment, stretch: Range<usize>) -> Vec<Alignment> {
        let text = self.index.text(best.text);
        let mut out: Vec<Alignment> = Vec::new();
        let mut from = stretch.start;
        for (window, votes) in self.windows(best.text, stretch) {
            let overlaps = window.start.max(from) < best.words.end && best.words.start < window.end;
            if overlaps || window.start < from || (votes as usize) * 10 < best.pairs.len() * 8 {
                continue;
            }
            let Some(found) = align(&text, self.words, window) else { continue };
            if found.merit() >= 0.98 * best.merit() && found.words.start >= from {
                from = found.words.end;
                out.push(found);
            }
        }
        out
    }

    /// Windows of the text's length, each starting at a vote for it and with the number of votes inside, such that
    /// none starts inside an earlier one unless it has more votes.
    fn windows(&self, text: u16, stretch: Range<usize>) -> Vec<(Range<usize>, u32)> {
        let votes: Vec<usize> = stretch
            .clone()
            .filter(|&at| self.grams[at].is_some_and(|gram| self.index.members(gram).any(|m| m == text)))
            .collect();
        let length = self.index.text(text).len();
        let reach = length + length / 4 + 60;
        let mut out: Vec<(Range<usize>, u32)> = Vec::new();
        let mut end = 0;
        for (n, &at) in votes.iter().enumerate() {
            while end < votes.len() && votes[end] < at + reach {
                end += 1;
            }
            let count = (end - n) as u32;
            let window = at.saturating_sub(40).max(stretch.start)..(votes[end - 1] + 60).min(stretch.end);
            match out.last_mut() {
                Some(last) if at < last.0.start + length / 2 => {
                    if count > last.1 {
                        *last = (window, count);
                    }
                }
                _ => out.push((window, count)),
            }
        }
        out
    }
}
