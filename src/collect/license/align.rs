//! Compares a stretch of words with one license text, word by word.
//!
//! Runs of words that both have exactly once in the text are anchors; the longest rising chain of anchors is kept,
//! and what lies between two anchors is compared by edit distance, with room for what the text's variables allow.

use std::ops::Range;

use super::index::{Step, Text, UNKNOWN};
use super::layout::{GRAM, WORD_MASK, for_grams, hash_gram};

/// Largest piece between two anchors that is compared word by word, in steps times words.
const CELLS: usize = 40_000;
/// So many words beside an optional word do not count as added.
const FREE: usize = 4;
/// A text with so many required words is long.
pub(super) const LONG: u32 = 600;
/// How far beyond the first and the last anchor words are compared.
const EDGE: usize = 150;

/// How a stretch of words compares with a text.
#[derive(Clone, Debug)]
pub(super) struct Alignment {
    /// The number of the text.
    pub(super) text: u16,
    /// The words from the first to the last that belongs to the text.
    pub(super) words: Range<usize>,
    /// Pairs of step and word, ascending.
    pub(super) pairs: Vec<(u32, u32)>,
    /// Words that the text has no room for.
    pub(super) added: Vec<u32>,
    /// How many required words of the text are there.
    pub(super) found: u32,
    /// How many words the text requires.
    pub(super) required: u32,
    /// How many required words are missing before the first and behind the last that is there.
    pub(super) outside: u32,
}

impl Alignment {
    /// Words that the text requires and the stretch lacks.
    pub(super) fn missing(&self) -> u32 {
        self.required - self.found
    }

    /// Share of the required words that are there.
    pub(super) fn recall(&self) -> f32 {
        if self.required == 0 { 0.0 } else { self.found as f32 / self.required as f32 }
    }

    /// Share of the words that belong to the text.
    pub(super) fn precision(&self) -> f32 {
        let matched = self.pairs.len() as f32;
        if self.pairs.is_empty() { 0.0 } else { matched / (matched + self.added.len() as f32) }
    }

    /// Whether nothing is missing and nothing was added.
    pub(super) fn exact(&self) -> bool {
        self.missing() == 0 && self.added.is_empty()
    }

    /// Required words that are missing between the first and the last that is there.
    pub(super) fn inside(&self) -> u32 {
        self.missing() - self.outside
    }

    /// Whether the text is so long that a part of it can be told from every other text.
    pub(super) fn is_long(&self) -> bool {
        self.required >= LONG
    }

    /// How well the text explains the words: a word that belongs counts for it; one that does not, and one that is
    /// missing, doubly against it. What is cut off from a long text weighs less, and no more than a part of what is
    /// there, so that a fragment still speaks for its text.
    pub(super) fn merit(&self) -> f32 {
        let matched = self.pairs.len() as f32;
        let cut =
            if self.is_long() { (0.5 * self.outside as f32).min(0.5 * matched) } else { 2.0 * self.outside as f32 };
        matched - 2.0 * self.added.len() as f32 - 2.0 * self.inside() as f32 - cut
    }
}

/// Compares texts with stretches of words; keeps its tables from one comparison to the next.
#[derive(Default)]
pub(super) struct Aligner {
    /// The text that `steps` and `ends` are of.
    loaded: Option<u16>,
    steps: Vec<Step>,
    ends: Ends,
    /// Whether `ends` were filled in.
    filled: bool,
    table: Table,
    /// For each word of the window whether a variable of the text takes it.
    taken: Vec<bool>,
}

impl Aligner {
    /// Compares `words[window]` with `text`; `None` when nothing of it is there. `first` is the word that ends the first
    /// run of words which the text has too.
    pub(super) fn align(
        &mut self,
        text: &Text,
        words: &[u16],
        window: Range<usize>,
        first: usize,
    ) -> Option<Alignment> {
        if self.loaded != Some(text.number) {
            self.loaded = Some(text.number);
            self.steps.clear();
            self.steps.extend(text.steps());
            self.filled = false;
        }
        let start = (first + 1).saturating_sub(GRAM).max(window.start);
        if let Some(pairs) = verbatim(&self.steps, &words[..window.end], window.start, start) {
            let words = start..start + pairs.len();
            let (added, found, required) = (Vec::new(), text.required, text.required);
            return Some(Alignment { text: text.number, words, pairs, added, found, required, outside: 0 });
        }
        if !self.filled {
            self.ends.fill(&self.steps);
            self.filled = true;
        }
        let Self { steps, ends, table, taken, .. } = self;
        let anchors = anchors(ends, words, window.clone());
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(window.len());
        taken.clear();
        taken.resize(window.len(), false);
        let (mut step, mut word) = (0, window.start);
        let mut first = true;
        for (to_step, to_word) in anchors.iter().copied().chain([(steps.len(), window.end)]) {
            let last = to_step == steps.len();
            // Most anchors stand right behind each other.
            if !first && !last && (to_step, to_word) == (step, word) {
                pairs.push((step as u32, word as u32));
                (step, word) = (step + 1, word + 1);
                continue;
            }
            let mut inside = (step..to_step, word..to_word);
            if first {
                inside.0.start = inside.0.start.max(to_step.saturating_sub(if last { usize::MAX } else { EDGE }));
                inside.1.start = inside.1.start.max(to_word.saturating_sub(if last { usize::MAX } else { EDGE }));
            } else if last {
                inside.0.end = inside.0.end.min(step + EDGE);
                inside.1.end = inside.1.end.min(word + EDGE);
            }
            table.compare(steps, words, inside, (first, last), |s, w, is_match| {
                if is_match {
                    pairs.push((s as u32, w as u32));
                } else {
                    taken[w - window.start] = true;
                }
            });
            if !last {
                pairs.push((to_step as u32, to_word as u32));
            }
            (step, word, first) = (to_step + 1, to_word + 1, false);
        }
        let kept = trim(steps, &pairs, taken, window.start)?;
        pairs.truncate(kept.end);
        pairs.drain(..kept.start);
        draw_head(words, &mut pairs);
        let span = pairs.first()?.1 as usize..pairs.last()?.1 as usize + 1;
        let found = pairs.iter().filter(|(s, _)| steps[*s as usize].required()).count() as u32;
        let added = added(steps, &pairs, |word| taken[word - window.start]);
        let (first, last) = (pairs.first()?.0 as usize, pairs.last()?.0 as usize);
        let outside = steps[..first].iter().chain(&steps[last + 1..]).filter(|s| s.required()).count() as u32;
        Some(Alignment { text: text.number, words: span, pairs, added, found, required: text.required, outside })
    }
}

/// Matches a text word for word from `start` on, without room taken and with nothing in between: pairs of step and
/// word, when every required step is there. This is what most files with a license text hold, and the whole comparison
/// would find no more; where it might, `None`. Nothing in front of `floor` is looked at.
fn verbatim(steps: &[Step], words: &[u16], floor: usize, start: usize) -> Option<Vec<(u32, u32)>> {
    let is = |step: &Step, at: usize| step.word().is_some() && step.word() == words.get(at).copied();
    let mut from = 0;
    if !steps.first().is_some_and(|step| is(step, start)) {
        // The text without what may stand in front of it, such as its title.
        from = steps.iter().position(|step| step.required())?;
        if start > floor && steps[..from].iter().any(|step| is(step, start - 1)) {
            return None;
        }
    }
    let mut pairs = Vec::with_capacity(steps.len());
    let last = steps.iter().rposition(|step| step.required())?;
    let mut at = start;
    for (number, step) in steps.iter().enumerate().skip(from) {
        if is(step, at) {
            pairs.push((number as u32, at as u32));
            at += 1;
        } else if step.required() {
            return None;
        } else if number > last {
            // What may stand behind the text is there in part at most, or in other words.
            let ends = at == words.len() || steps[number..].iter().all(|step| step.word().is_none());
            return ends.then_some(pairs);
        }
    }
    Some(pairs)
}

/// Where each run of words ends in a text: an open-addressing table that is emptied by counting up.
#[derive(Default)]
struct Ends {
    /// Which text a slot was filled for, the hash of the run, and the step that ends it.
    slots: Vec<(u32, u32, u32)>,
    round: u32,
}

/// Stands for the end of a run that occurs twice.
const TWICE: u32 = u32::MAX;

impl Ends {
    fn fill(&mut self, steps: &[Step]) {
        let size = (steps.len() * 2).next_power_of_two();
        if self.slots.len() < size || self.round == u32::MAX {
            self.slots = vec![(0, 0, 0); size.max(1024)];
            self.round = 0;
        }
        self.round += 1;
        for_grams(steps.iter().map(|step| step.raw()), |hash, at| {
            let slot = self.slot(hash);
            let end = if self.slots[slot].0 == self.round { TWICE } else { at as u32 };
            self.slots[slot] = (self.round, hash, end);
        });
    }

    /// The slot of a run, or the free one where it would be. At most half of the slots are taken.
    fn slot(&self, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].0 == self.round && self.slots[at].1 != hash {
            at = (at + 1) & mask;
        }
        at
    }

    /// The step that ends the only run with this hash.
    fn get(&self, hash: u32) -> Option<usize> {
        let (round, _, end) = self.slots[self.slot(hash)];
        (round == self.round && end != TWICE).then_some(end as usize)
    }
}

/// The words between matched ones that no room takes. A few words beside an optional one do not count: what may be
/// left out may also read otherwise, as the address of the Free Software Foundation does.
fn added(steps: &[Step], pairs: &[(u32, u32)], taken: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut out = Vec::new();
    for pair in pairs.windows(2).filter(|pair| pair[0].1 + 1 < pair[1].1) {
        let between = (pair[0].1 + 1..pair[1].1).filter(|word| !taken(*word as usize));
        let optional = pair.iter().any(|(step, _)| !steps[*step as usize].required());
        let from = out.len();
        out.extend(between);
        if optional && out.len() - from <= FREE {
            out.truncate(from);
        }
    }
    out
}

/// The longest rising chain of word pairs given by runs that occur once in the text.
fn anchors(ends: &Ends, words: &[u16], window: Range<usize>) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::with_capacity(window.len());
    let (mut run, mut length) = (0u64, 0);
    for at in window {
        run = run << 16 | u64::from(words[at]);
        length = if words[at] == UNKNOWN { 0 } else { length + 1 };
        if length >= GRAM
            && let Some(end) = ends.get(hash_gram(run))
        {
            found.push((end, at));
        }
    }
    let mut chain = rising(&found);
    draw_near(&found, &mut chain);
    chain
}

/// Moves the pairs of a chain to the first place behind the pair before them: where a run of words stands twice, as in
/// two texts with the same disclaimer, the chain ends with the last of them, which belongs to the other text.
fn draw_near(pairs: &[(usize, usize)], chain: &mut [(usize, usize)]) {
    // By step and place; most chains have no leap, and need no order.
    let mut sorted: Vec<(usize, usize)> = Vec::new();
    for n in 1..chain.len() {
        let ((step, word), next) = (chain[n - 1], chain[n]);
        if next.1 - word <= next.0 - step {
            continue;
        }
        if sorted.is_empty() {
            sorted.extend(pairs);
            sorted.sort_unstable();
        }
        let first = sorted.partition_point(|pair| *pair <= (next.0, word));
        if let Some(pair) = sorted.get(first).filter(|pair| pair.0 == next.0) {
            chain[n] = *pair;
        }
    }
}

/// Moves the first pair to the last place before the second one where its word stands, when only room for a name lies
/// between them: in `The Totem project hereby grant` the name is no longer than it must be.
fn draw_head(words: &[u16], pairs: &mut [(u32, u32)]) {
    let [(step, word), (next_step, next_word), ..] = pairs else { return };
    // The room takes a word at least.
    let until = (*next_word as usize).saturating_sub(usize::from(*next_step > *step + 1));
    let from = *word as usize;
    if let Some(at) = (from + 1..until).rev().find(|at| words[*at] == words[from]) {
        *word = at as u32;
    }
}

/// The longest subsequence of `pairs`, whose second numbers rise, in which the first numbers rise too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tops: Vec<usize> = Vec::with_capacity(pairs.len());
    let mut before = vec![usize::MAX; pairs.len()];
    for (n, pair) in pairs.iter().enumerate() {
        // Most pairs go on where the one before ended.
        let goes_on = tops.last().is_none_or(|&top| pairs[top].0 < pair.0);
        let length = if goes_on { tops.len() } else { tops.partition_point(|&top| pairs[top].0 < pair.0) };
        if length > 0 {
            before[n] = tops[length - 1];
        }
        if length == tops.len() { tops.push(n) } else { tops[length] = n }
    }
    let mut out = Vec::with_capacity(tops.len());
    let mut at = tops.last().copied().unwrap_or(usize::MAX);
    while let Some(pair) = pairs.get(at) {
        out.push(*pair);
        at = before[at];
    }
    out.reverse();
    out
}

/// The pairs worth keeping: the contiguous ones for which the words that belong most outweigh those that do not.
fn trim(steps: &[Step], pairs: &[(u32, u32)], taken: &[bool], offset: usize) -> Option<Range<usize>> {
    let (mut best, mut best_range) = (0.0f32, None);
    let (mut sum, mut start) = (0.0f32, 0);
    for (n, &(step, word)) in pairs.iter().enumerate() {
        if let Some(&(last_step, last_word)) = n.checked_sub(1).and_then(|m| pairs.get(m))
            && (step, word) != (last_step + 1, last_word + 1)
        {
            let added = (last_word + 1..word).filter(|w| !taken[*w as usize - offset]).count() as f32;
            let missing = steps[last_step as usize + 1..step as usize].iter().filter(|s| s.required()).count() as f32;
            sum -= 0.7 * added + (0.5 * missing).min(20.0);
            if sum <= 0.0 {
                (sum, start) = (0.0, n);
            }
        }
        sum += 1.0;
        if sum > best {
            (best, best_range) = (sum, Some(start..n + 1));
        }
    }
    best_range
}

/// The table of the edit distance, reused from piece to piece.
#[derive(Default)]
struct Table {
    costs: Vec<u32>,
    moves: Vec<u8>,
}

const MATCH: u8 = 0;
const SKIP_STEP: u8 = 1;
const TAKE: u8 = 2;
const SKIP_WORD: u8 = 3;

impl Table {
    /// Compares a piece and tells `sink` every word that matches a step (`true`) or falls into room (`false`).
    ///
    /// `open` tells whether words before the piece's first match, and behind its last one, are free.
    fn compare(
        &mut self,
        steps: &[Step],
        words: &[u16],
        piece: (Range<usize>, Range<usize>),
        open: (bool, bool),
        mut sink: impl FnMut(usize, usize, bool),
    ) {
        // What both have alike at a closed end needs no table.
        let (mut rest_steps, mut rest_words) = piece;
        if !open.0 {
            while !rest_steps.is_empty()
                && !rest_words.is_empty()
                && steps[rest_steps.start].word() == Some(words[rest_words.start])
            {
                sink(rest_steps.start, rest_words.start, true);
                (rest_steps.start, rest_words.start) = (rest_steps.start + 1, rest_words.start + 1);
            }
        }
        let tail = if open.1 {
            0
        } else {
            let pairs = rest_steps.clone().rev().zip(rest_words.clone().rev());
            pairs.take_while(|&(s, w)| steps[s].word() == Some(words[w])).count()
        };
        let tail = (rest_steps.end - tail..rest_steps.end).zip(rest_words.end - tail..rest_words.end);
        rest_steps.end -= tail.len();
        rest_words.end -= tail.len();
        self.compare_rest(steps, words, (rest_steps, rest_words), open, &mut sink);
        tail.for_each(|(s, w)| sink(s, w, true));
    }

    fn compare_rest(
        &mut self,
        steps: &[Step],
        words: &[u16],
        piece: (Range<usize>, Range<usize>),
        open: (bool, bool),
        sink: &mut impl FnMut(usize, usize, bool),
    ) {
        let (rows, columns) = (piece.0.len(), piece.1.len());
        if columns == 0 || rows == 0 {
            return;
        }
        if rows * columns > CELLS {
            // Too different to be worth a comparison; what there is room for is still no addition.
            let room: usize = steps[piece.0].iter().filter_map(|s| s.room()).map(usize::from).sum();
            piece.1.take(room).for_each(|w| sink(0, w, false));
            return;
        }
        let width = columns + 1;
        // The costs of one row, turned into those of the next one step by step.
        self.costs.clear();
        self.costs.extend((0..width as u32).map(|column| if open.0 { 0 } else { 4 * column }));
        // Every cell that is read below was written in this comparison.
        self.moves.resize(self.moves.len().max(width * (rows + 1)), SKIP_WORD);
        let given = &words[piece.1.clone()];
        for row in 1..=rows {
            let step = steps[piece.0.start + row - 1];
            let skip = if step.required() { 4 } else { 0 };
            let word = step.word().unwrap_or(WORD_MASK);
            let take = if step.room().is_some() { 0 } else { u32::MAX / 2 };
            let pass = if open.1 && row == rows { 0 } else { 4 };
            let moves = &mut self.moves[row * width..(row + 1) * width];
            // The costs left above, above, and to the left of the cell at hand.
            let mut corner = self.costs[0];
            let mut left = corner + skip;
            self.costs[0] = left;
            moves[0] = SKIP_STEP;
            for ((cost, how), &have) in self.costs[1..].iter_mut().zip(&mut moves[1..]).zip(given) {
                let above = *cost;
                // The first of equal offers wins: a word that matches is never left to room.
                let mut best = if have == word { (corner, MATCH) } else { (u32::MAX, SKIP_STEP) };
                for offer in [(left + take, TAKE), (above + skip, SKIP_STEP), (left + pass, SKIP_WORD)] {
                    if offer.0 < best.0 {
                        best = offer;
                    }
                }
                (corner, left) = (above, best.0);
                (*cost, *how) = best;
            }
        }
        let (mut row, mut column) = (rows, columns);
        let mut found = Vec::new();
        while row > 0 && column > 0 {
            match self.moves[row * width + column] {
                MATCH => {
                    (row, column) = (row - 1, column - 1);
                    found.push((piece.0.start + row, piece.1.start + column, true));
                }
                TAKE => {
                    column -= 1;
                    found.push((piece.0.start + row - 1, piece.1.start + column, false));
                }
                SKIP_STEP => row -= 1,
                _ => column -= 1,
            }
        }
        found.reverse();
        for run in found.chunk_by(|a, b| a.0 == b.0) {
            // Words that overflow their room are additions.
            let room = steps[run[0].0].room().map_or(1, usize::from);
            run.iter().take(room).for_each(|&(s, w, is_match)| sink(s, w, is_match));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::Index;
    use super::super::words::words;
    use super::*;

    /// Compares a text with the license of this name.
    fn against(name: &str, text: &str) -> Alignment {
        let index = Index::get();
        let mut numbers = Vec::new();
        words(text, true, |word, _| numbers.push(index.number(word)));
        let license = (0..index.len() as u16).map(|n| index.text(n)).find(|t| t.name() == name).unwrap();
        let all = 0..numbers.len();
        Aligner::default().align(&license, &numbers, all, GRAM - 1).unwrap()
    }

    const ISC: &str = "Permission to use, copy, modify, and/or distribute this software for any purpose with or without \
        fee is hereby granted, provided that the above copyright notice and this permission notice appear in all \
        copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS \
        SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE \
        LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM \
        LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING \
        OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.";

    #[test]
    fn what_is_matched_word_for_word_is_no_less_than_what_the_whole_comparison_finds() {
        let index = Index::get();
        let (mut aligner, mut matched) = (Aligner::default(), 0);
        for text in (0..index.len() as u16).map(|n| index.text(n)) {
            let words = |keep: fn(&Step) -> bool| text.steps().filter(keep).filter_map(Step::word).collect();
            // With all that it may lack, and without.
            let forms: [Vec<u16>; 2] = [words(|_| true), words(|step| step.required())];
            for form in forms {
                // Words that no text has stand around it.
                let mut all = vec![UNKNOWN; 3];
                all.extend(form);
                all.extend([UNKNOWN; 3]);
                let steps: Vec<Step> = text.steps().collect();
                let Some(pairs) = verbatim(&steps, &all, 0, 3) else { continue };
                matched += 1;
                // Nothing starts at the last word, so everything is compared.
                let Some(found) = aligner.align(&text, &all, 0..all.len(), all.len()) else { continue };
                // The whole comparison leaves some of what may be there to room, at the same cost.
                assert!(found.pairs.len() <= pairs.len(), "{}", text.name());
                assert!(found.words.start >= 3 && found.words.end <= 3 + pairs.len(), "{}", text.name());
            }
        }
        assert!(matched > index.len(), "{matched} of {}", 2 * index.len());
    }

    #[test]
    fn the_standard_text_is_exact_and_its_variables_are_free() {
        assert!(against("ISC", ISC).exact());
        let named = ISC.replace("THE AUTHOR", "ANN EXAMPLE AND HER FRIENDS").replace("and/or", "and");
        assert!(against("ISC", &named).exact());
    }

    #[test]
    fn words_that_are_missing_or_were_added_are_counted() {
        let cut = against("ISC", &ISC.replace(" or without", ""));
        assert_eq!((cut.missing(), cut.added.len()), (2, 0));
        let more = against("ISC", &ISC.replace("any purpose", "any peaceful purpose"));
        assert_eq!((more.missing(), more.added.len()), (0, 1));
    }

    #[test]
    fn a_rising_chain_skips_what_stands_out_of_order() {
        assert_eq!(rising(&[(5, 0), (1, 1), (2, 2), (9, 3), (3, 4)]), [(1, 1), (2, 2), (3, 4)]);
        assert!(rising(&[]).is_empty());
    }

    #[test]
    fn of_two_equal_runs_the_one_right_behind_the_chain_counts() {
        let pairs = [(1, 0), (2, 1), (3, 2), (4, 3), (3, 40), (4, 41)];
        let mut chain = rising(&pairs);
        assert_eq!(chain, [(1, 0), (2, 1), (3, 40), (4, 41)]);
        draw_near(&pairs, &mut chain);
        assert_eq!(chain, pairs[..4]);
        // In front of the chain the last of them is the nearest.
        let pairs = [(1, 0), (2, 1), (1, 40), (2, 41), (3, 42)];
        let mut chain = rising(&pairs);
        draw_near(&pairs, &mut chain);
        assert_eq!(chain, pairs[2..]);
    }

    #[test]
    fn a_text_ends_before_one_with_the_same_disclaimer() {
        const ZERO: &str = "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is \
            hereby granted.";
        let disclaimer = &ISC[ISC.find("THE SOFTWARE").unwrap()..];
        let both = against("ISC", &format!("{ISC}\n\n{ZERO}\n\n{disclaimer}"));
        assert!(both.exact());
    }
}
