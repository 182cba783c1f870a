//! Finds which license texts a run of words holds, whole or in part, and where.
//!
//! Every run of four words votes for the texts that have it. The texts with the best votes are compared word by
//! word, the one that explains the words best is taken, its words are consumed, and what is left is searched again.

use std::cell::Cell;
use std::ops::Range;

use super::align::{Aligner, Alignment, LONG};
use super::index::{Index, Size, Step, Text, UNKNOWN};
use super::layout::{GRAM, Kind, hash_gram};

/// So many words without a vote separate two stretches.
const SILENCE: usize = 80;
/// How many words are searched at once: twice as many as the longest text has.
const STRETCH: usize = 16_384;
/// How often what is left of a piece is searched again, as a multiple of its words.
const ROUNDS: usize = 24;
/// How many texts are compared word by word.
const CANDIDATES: usize = 10;
/// How many exceptions that are there nearly as a whole are compared beside them.
const EXCEPTIONS: usize = 3;
/// Stretches shorter than this hold no text.
const SHORTEST: usize = 8;
/// A part of a long text that is long enough to name it, in words.
const PART: u32 = 150;
/// So many words of a text that lacks its end name it.
const CUT: u32 = 100;
/// A clause has so many required words, or its absence says nothing.
const CLAUSE: u32 = 6;
/// So many words in a row, beyond those that are missing there, are a clause of their own.
const INSERTED: usize = 8;
/// One of them is in an added clause that restricts what the text grants.
const RESTRICTING: &[&str] = &["except", "must", "not", "only", "prohibited", "unless"];

/// An added word, and the one behind it that it turns into its opposite.
const DENIALS: &[[&str; 2]] =
    &[["no", "permission"], ["no", "rights"], ["not", "allowed"], ["not", "granted"], ["not", "permitted"]];

/// The conditions of a BSD license have so many words.
const CONDITIONS: u32 = 60;
/// So many of them may be missing or added, as in `the following two paragraphs of disclaimer`.
const SLIPS: usize = 6;
/// One of these words stands so near behind the conditions, in a disclaimer.
const DISCLAIMED: usize = 18;
const DISCLAIMING: &[&str] = &["provided", "event", "warranties", "warranty", "disclaim", "disclaims"];

/// What a run of words holds.
#[derive(Default)]
pub(super) struct Found {
    /// Texts, ascending and without overlap.
    pub(super) texts: Vec<Alignment>,
    /// The nearest text of each stretch that holds none, where that was asked for.
    pub(super) near: Vec<Alignment>,
}

/// Finds license texts in `words` (numbers from [`Index::number`]); with `near` also what comes nearest where there is
/// none.
///
/// Linear in the number of words: a stretch is searched in pieces of bounded length, and the work on a piece is
/// counted.
pub(super) fn find(index: &Index, words: &[u16], near: bool) -> Found {
    let grams = grams(index, words);
    // Most stretches of code and prose have nothing of any text.
    if grams.iter().all(Option::is_none) {
        return Found::default();
    }
    // The tables of comparisons are kept from one stretch to the next.
    thread_local!(static ALIGNER: Cell<Aligner> = Cell::default());
    let mut finder = Finder {
        index,
        words,
        near,
        before: places_before(&grams),
        grams,
        votes: vec![0; index.len()],
        aligner: ALIGNER.take(),
        denials: (DENIALS.iter().map(|pair| pair.map(|word| index.number(word))))
            .filter(|numbers| !numbers.contains(&UNKNOWN))
            .collect(),
        restricting: RESTRICTING.iter().map(|word| index.number(word)).collect(),
        disclaiming: DISCLAIMING.iter().map(|word| index.number(word)).filter(|number| *number != UNKNOWN).collect(),
    };
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
    ALIGNER.set(finder.aligner);
    found
}

/// Words that tell one standard notice from the next; beside them every number does.
const TELLING: &[&str] =
    &["academic", "affero", "apache", "general", "later", "lesser", "library", "mozilla", "only", "option"];

/// Whether a stretch with so many of a text's runs of words may hold it. One word that is missing or was added takes
/// up to four runs away.
fn may_hold(size: &Size, cover: u32) -> bool {
    let part = size.kind == Kind::License && size.required >= LONG && cover * 5 >= PART * 3;
    part || cover * 4 >= size.runs
}

/// The most merit that a text can have in a stretch with so many of its runs of words, with some room for words that
/// are there without a run.
fn most_merit(text: &Text, cover: u32) -> f32 {
    let ends = text.len().saturating_sub(text.runs as usize);
    1.2 * cover as f32 + ends as f32 + 10.0
}

/// Whether nearly all of a text is there, and little else.
fn is_whole(found: &Alignment) -> bool {
    let enough = if found.required < 40 { 0.95 } else { 0.88 };
    found.recall() >= enough && found.precision() >= enough && found.found >= 4
}

/// Whether a text is there word for word, up to what it says at its end, such as the remarks behind a disclaimer.
fn is_cut(text: &Text, found: &Alignment) -> bool {
    let faithful = found.precision() >= 0.98 && found.inside() * 50 <= found.found;
    let first = found.pairs.first().map_or(0, |pair| pair.0 as usize);
    found.found >= CUT && faithful && found.recall() >= 0.7 && !text.steps().take(first).any(|step| step.required())
}

/// How many required words the clauses have of which less than half is there. A long text may be there in part, and
/// lacks none.
fn lacking(text: &Text, found: &Alignment) -> u32 {
    if found.is_long() || found.missing() < CLAUSE / 2 {
        return 0;
    }
    let mut ends = text.clause_ends().peekable();
    let mut have = found.pairs.iter().map(|p| p.0 as usize).peekable();
    let (mut there, mut required, mut out) = (0u32, 0u32, 0);
    let mut close = |there: u32, required: u32| {
        if required >= CLAUSE && there * 2 < required {
            out += required;
        }
    };
    for (at, step) in text.steps().enumerate() {
        if ends.next_if(|end| *end <= at).is_some() {
            close(there, required);
            (there, required) = (0, 0);
        }
        let present = have.next_if_eq(&at).is_some();
        if step.required() {
            required += 1;
            there += u32::from(present);
        }
    }
    close(there, required);
    out
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

/// For each place the one before it that has the same run of words: what is met twice in a stretch is told by it.
fn places_before(grams: &[Option<u32>]) -> Vec<Option<u32>> {
    // An open-addressing table of runs and the last place of each; at most half of the slots are taken.
    let mut slots: Vec<Option<(u32, u32)>> = vec![None; (grams.len() * 2).next_power_of_two()];
    let mask = slots.len() - 1;
    let mut before = |(at, gram): (usize, &Option<u32>)| {
        let gram = (*gram)?;
        let mut slot = gram.wrapping_mul(0x9e37_79b1) as usize & mask;
        while slots[slot].is_some_and(|(known, _)| known != gram) {
            slot = (slot + 1) & mask;
        }
        slots[slot].replace((gram, at as u32)).map(|(_, last)| last)
    };
    grams.iter().enumerate().map(&mut before).collect()
}

struct Finder<'a> {
    index: &'a Index,
    words: &'a [u16],
    /// Whether the nearest text is looked for where there is none.
    near: bool,
    grams: Vec<Option<u32>>,
    /// For each word the last one before it that ends the same run.
    before: Vec<Option<u32>>,
    votes: Vec<u32>,
    aligner: Aligner,
    /// The numbers of [`DENIALS`].
    denials: Vec<[u16; 2]>,
    /// Those of [`RESTRICTING`].
    restricting: Vec<u16>,
    /// Those of [`DISCLAIMING`].
    disclaiming: Vec<u16>,
}

/// A text that may explain a stretch.
struct Candidate {
    text: u16,
    /// How many of its runs of words the stretch has.
    cover: u32,
}

/// A place in a stretch where a text may stand.
struct Window {
    words: Range<usize>,
    /// How many of the text's runs of words end there.
    votes: u32,
    /// Where the first of those runs ends that it was made for.
    first: usize,
}

/// How well a text explains a stretch: whether it is that text, whether no clause lacks, and its merit.
type Worth = (bool, bool, f32);

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
            let Some((best, votes)) = self.best(stretch.clone()) else { continue };
            if !self.is_text(&best, lacking(&self.index.text(best.text), &best)) {
                found.near.push(best);
                continue;
            }
            let mut taken = self.repeats(&best, &votes, stretch.clone());
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

    /// Whether the likeness is enough to name the text: nearly all of it, or a long and faithful part of a long text.
    /// `lacks` is how many words the [`lacking`] clauses have.
    fn is_text(&self, found: &Alignment, lacks: u32) -> bool {
        let text = self.index.text(found.text);
        let whole = is_whole(found);
        match text.kind {
            Kind::License if self.is_denied(found) => false,
            _ if found.exact() => whole,
            // Notices of different licenses differ by a name or a number only.
            Kind::Header => whole && !tells_apart(self.index, self.words, found),
            Kind::License if found.is_long() => {
                let part = found.found >= PART && found.precision() >= 0.95 && found.inside() * 20 <= found.found;
                whole || part
            }
            Kind::License if is_cut(&text, found) || self.has_conditions(&text, found) => true,
            Kind::License => whole && lacks * 9 <= found.required && !self.is_restricted(&text, found, lacks),
            _ => whole,
        }
    }

    /// Whether the conditions of a BSD license are there word for word, with another disclaimer right behind them: people
    /// write their own, and call it the same license.
    fn has_conditions(&self, text: &Text, found: &Alignment) -> bool {
        if found.found < CONDITIONS || !matches!(text.name(), "BSD-2-Clause" | "BSD-3-Clause") {
            return false;
        }
        let steps: Vec<Step> = text.steps().collect();
        // `THIS SOFTWARE IS PROVIDED`, where the second word is left open.
        let [this, is, provided] = ["this", "is", "provided"].map(|word| Some(self.index.number(word)));
        let Some(at) = steps.windows(2).position(|two| two[0].word() == is && two[1].word() == provided) else {
            return false;
        };
        let Some(end) = steps[..at].iter().rposition(|step| step.word() == this) else { return false };
        let kept = found.pairs.partition_point(|pair| (pair.0 as usize) < end);
        let Some(last) = kept.checked_sub(1).map(|n| found.pairs[n].1 as usize) else { return false };
        let required = steps[..end].iter().filter(|step| step.required()).count();
        let there = found.pairs[..kept].iter().filter(|pair| steps[pair.0 as usize].required()).count();
        let added = found.added.partition_point(|at| (*at as usize) < last);
        if found.added[..added].iter().any(|at| self.restricting.contains(&self.words[*at as usize])) {
            return false;
        }
        let behind = &self.words[last + 1..self.words.len().min(last + 1 + DISCLAIMED)];
        required <= there + SLIPS && added <= SLIPS && behind.iter().any(|word| self.disclaiming.contains(word))
    }

    /// Whether all of a text is there, and a restriction beside it that makes it another license.
    fn is_barred(&self, found: &Alignment, lacks: u32) -> bool {
        let text = self.index.text(found.text);
        let other = || self.is_denied(found) || self.is_restricted(&text, found, lacks);
        text.kind == Kind::License && !found.is_long() && is_whole(found) && other()
    }

    /// Whether a word was added that turns what the text grants into its opposite, as in `Permission is hereby NOT granted`.
    fn is_denied(&self, found: &Alignment) -> bool {
        let denies = |at: usize| {
            let next = self.words.get(at + 1);
            self.denials.iter().any(|[denial, granting]| self.words[at] == *denial && next == Some(granting))
        };
        let before = found.words.start.checked_sub(1);
        before.into_iter().chain(found.added.iter().map(|at| *at as usize)).any(denies)
    }

    /// Whether a clause that restricts what the text grants was inserted, or put into the place of one of the text's.
    fn is_restricted(&self, text: &Text, found: &Alignment, lacks: u32) -> bool {
        let restricts = |words: &[u16]| words.iter().any(|word| self.restricting.contains(word));
        if lacks > 0 && found.added.len() >= INSERTED {
            let added: Vec<u16> = found.added.iter().map(|at| self.words[*at as usize]).collect();
            return restricts(&added);
        }
        let mut required: Option<Vec<bool>> = None;
        found.added.chunk_by(|a, b| a + 1 == *b).filter(|run| run.len() >= INSERTED).any(|run| {
            let behind = found.pairs.partition_point(|p| p.1 < run[0]);
            let (Some(before), Some(after)) = (behind.checked_sub(1), found.pairs.get(behind)) else { return false };
            let before = found.pairs[before];
            if !restricts(&self.words[before.1 as usize + 1..after.1 as usize]) {
                return false;
            }
            let required = required.get_or_insert_with(|| text.steps().map(|step| step.required()).collect());
            let between = &required[before.0 as usize + 1..after.0 as usize];
            // As many words as are missing may be those of the text in another wording.
            run.len() >= INSERTED + between.iter().filter(|required| **required).count()
        })
    }

    /// The text that explains the words of a stretch best, and where its runs of words end.
    fn best(&mut self, stretch: Range<usize>) -> Option<(Alignment, Vec<usize>)> {
        let mut best: Option<(Alignment, Worth, u32, Vec<usize>)> = None;
        let mut barred: Option<(Alignment, Vec<usize>)> = None;
        // Where the candidates that were compared elsewhere than at their only place may stand as well.
        let mut elsewhere: Vec<(u16, Vec<Window>)> = Vec::new();
        for candidate in self.candidates(stretch.clone()) {
            // Where a whole text explains each word, one with no more of its runs there cannot do better.
            let settled = |found: &Alignment| found.exact() && found.pairs.len() == found.words.len();
            // Nor can one with clearly fewer where the text takes words as names.
            let fewer = |cover: u32| candidate.cover * 20 < cover * 19;
            if best.as_ref().is_some_and(|(found, _, cover, _)| {
                settled(found) && candidate.cover <= *cover || found.exact() && fewer(*cover)
            }) {
                continue;
            }
            let text = self.index.text(candidate.text);
            let beaten =
                |worth: &(bool, bool, f32)| worth.0 && worth.1 && worth.2 >= most_merit(&text, candidate.cover);
            if best.as_ref().is_some_and(|(_, worth, ..)| beaten(worth)) {
                continue;
            }
            let votes = self.votes_for(&candidate, stretch.clone());
            let mut windows = windows(&text, &votes, &stretch);
            let likeliest =
                (0..windows.len()).max_by_key(|n| (windows[*n].votes, usize::MAX - windows[*n].words.start));
            let Some(window) = likeliest.map(|n| windows.swap_remove(n)) else { continue };
            if !windows.is_empty() {
                elsewhere.push((candidate.text, windows));
            }
            let Some(found) = self.align(&text, &window) else { continue };
            let lacks = lacking(&text, &found);
            let worth = (self.is_text(&found, lacks), lacks == 0, found.merit());
            if !worth.0
                && self.is_barred(&found, lacks)
                && barred.as_ref().is_none_or(|(known, _)| found.merit() > known.merit())
            {
                barred = Some((found.clone(), votes.clone()));
            }
            if best.as_ref().is_none_or(|b| worth > b.1) {
                best = Some((found, worth, candidate.cover, votes));
            }
        }
        // A text that was compared at another of its places may explain these words better.
        if let Some((found, worth, ..)) = &mut best
            && worth.0
            && !found.exact()
        {
            for (number, windows) in &elsewhere {
                let text = self.index.text(*number);
                let around = |w: &&Window| w.words.start <= found.words.start && found.words.end <= w.words.end;
                let Some(window) = windows.iter().find(around).filter(|_| *number != found.text) else { continue };
                let Some(other) = self.align(&text, window) else { continue };
                let lacks = lacking(&text, &other);
                let other_worth = (self.is_text(&other, lacks), lacks == 0, other.merit());
                if other_worth > *worth {
                    (*found, *worth) = (other, other_worth);
                }
            }
        }
        // A text that lacks a clause may be another one without it, which others crowded out that the stretch holds as well.
        if let Some((found, worth, _, votes)) = &mut best
            && worth.0
            && !worth.1
        {
            let words = found.words.clone();
            for candidate in self.candidates(words.clone()) {
                let text = self.index.text(candidate.text);
                let windows = windows(&text, &self.votes_for(&candidate, words.clone()), &words);
                let Some(window) = windows.iter().max_by_key(|window| window.votes) else { continue };
                let Some(other) = self.align(&text, window) else { continue };
                let lacks = lacking(&text, &other);
                let other_worth = (self.is_text(&other, lacks), lacks == 0, other.merit());
                if other_worth > *worth {
                    (*found, *worth, *votes) = (other, other_worth, self.votes_for(&candidate, stretch.clone()));
                }
            }
        }
        // What explains the words less well than a text with a restriction is not the license either.
        barred
            .filter(|(found, _)| best.as_ref().is_some_and(|(_, (_, _, merit), _, _)| found.merit() > *merit))
            .or(best.map(|(found, .., votes)| (found, votes)))
    }

    /// The texts that may explain the words of a stretch, the likeliest first.
    fn candidates(&mut self, stretch: Range<usize>) -> Vec<Candidate> {
        let mut voted: Vec<u16> = Vec::new();
        for at in stretch.clone() {
            let Some(gram) = self.grams[at] else { continue };
            // A run that stands there often votes once: else a long text wins where short ones follow each other.
            if self.before[at].is_some_and(|before| before as usize >= stretch.start) {
                continue;
            }
            for text in self.index.members(gram) {
                if self.votes[usize::from(text)] == 0 {
                    voted.push(text);
                }
                self.votes[usize::from(text)] += 1;
            }
        }
        let mut ranked: Vec<(i64, i64, u16)> = Vec::with_capacity(voted.len());
        for number in voted {
            let votes = std::mem::take(&mut self.votes[usize::from(number)]);
            let size = self.index.size(number);
            if self.near || may_hold(&size, votes) {
                let (cover, required) = (i64::from(votes.min(size.steps)), i64::from(size.required));
                ranked.push((4 * cover - (required - cover).max(0), cover, number));
            }
        }
        // The notice that an exception stands in is worded as a dozen others are, which would crowd it out.
        let mut nearly: Vec<(i64, i64, u16)> = ranked
            .iter()
            .copied()
            .filter(|&(_, cover, number)| {
                let size = self.index.size(number);
                size.kind == Kind::Exception && cover * 10 >= i64::from(size.runs) * 8
            })
            .collect();
        let candidate = |&(_, cover, text): &(i64, i64, u16)| Candidate { text, cover: cover as u32 };
        let likeliest = first(&mut ranked, CANDIDATES, |&(rank, cover, number)| (-rank, -cover, number));
        let mut out: Vec<Candidate> = likeliest.iter().map(candidate).collect();
        for row in first(&mut ranked, 3, |&(_, cover, number)| (-cover, number)).iter() {
            if !out.iter().any(|known| known.text == row.2) {
                out.push(candidate(row));
            }
        }
        for row in first(&mut nearly, EXCEPTIONS, |&(_, cover, number)| (-cover, number)).iter() {
            if !out.iter().any(|known| known.text == row.2) {
                out.push(candidate(row));
            }
        }
        out
    }

    /// Where in a stretch the runs of words end that a candidate has too.
    fn votes_for(&self, candidate: &Candidate, stretch: Range<usize>) -> Vec<usize> {
        let mut out = Vec::with_capacity(candidate.cover as usize);
        out.extend(stretch.filter(|at| self.grams[*at].is_some_and(|gram| self.index.has(gram, candidate.text))));
        out
    }

    /// Compares a text with the words of a window.
    fn align(&mut self, text: &Text, window: &Window) -> Option<Alignment> {
        self.aligner.align(text, self.words, window.words.clone(), window.first)
    }

    /// Other places in the stretch that hold the text which `best` found, as faithfully.
    fn repeats(&mut self, best: &Alignment, votes: &[usize], stretch: Range<usize>) -> Vec<Alignment> {
        let text = self.index.text(best.text);
        let mut out: Vec<Alignment> = Vec::new();
        let mut from = stretch.start;
        for window in windows(&text, votes, &stretch) {
            let words = &window.words;
            let overlaps = words.start.max(from) < best.words.end && best.words.start < words.end;
            if overlaps || words.start < from || (window.votes as usize) * 10 < best.pairs.len() * 8 {
                continue;
            }
            let Some(found) = self.align(&text, &window) else { continue };
            if found.merit() >= 0.98 * best.merit() && found.words.start >= from {
                from = found.words.end;
                out.push(found);
            }
        }
        out
    }
}

/// The first `most` of the rows by `key`, in order.
fn first<T, K: Ord>(rows: &mut [T], most: usize, key: impl Fn(&T) -> K) -> &[T] {
    if rows.len() > most {
        rows.select_nth_unstable_by_key(most, &key);
    }
    let end = most.min(rows.len());
    rows[..end].sort_unstable_by_key(key);
    &rows[..end]
}

/// Windows of the text's length, each starting at one of the `votes` for it and with the number of votes inside, such
/// that none starts inside an earlier one unless it has more votes.
fn windows(text: &Text, votes: &[usize], stretch: &Range<usize>) -> Vec<Window> {
    let length = text.len();
    let reach = length + length / 4 + 60;
    let mut out: Vec<Window> = Vec::new();
    let mut end = 0;
    for (n, &at) in votes.iter().enumerate() {
        while end < votes.len() && votes[end] < at + reach {
            end += 1;
        }
        let count = (end - n) as u32;
        let words = at.saturating_sub(40).max(stretch.start)..(votes[end - 1] + 60).min(stretch.end);
        match out.last_mut() {
            Some(last) if at < last.words.start + length / 2 => {
                if count > last.votes {
                    *last = Window { words, votes: count, first: at };
                }
            }
            _ => out.push(Window { words, votes: count, first: at }),
        }
    }
    out
}
