//! Reads a stretch of text once: its license texts and its statements, remembered by the hash of its bytes and by that
//! of its words.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use super::find::{Found, find};
use super::index::{Index, UNKNOWN};
use super::statements::tokens::{Tokens, hash_numbers};
use super::statements::{self, Statement};
use super::words::{Role, Span};
use crate::collect::memo::{Memo, hash_bytes};

/// A stretch of text, read; the same for every stretch of the same bytes.
pub(super) struct Stretch {
    /// The words that license texts are compared by.
    pub(super) words: Words,
    /// What they hold.
    pub(super) analysis: Arc<Analysis>,
    /// The bytes of each statement, counted from the first of the stretch.
    pub(super) stated: Vec<Range<usize>>,
}

/// What a stretch of text holds, with places counted in words; the same for every stretch of the same words.
#[derive(Default)]
pub(super) struct Analysis {
    /// License texts, by words that count in texts.
    pub(super) found: Arc<Found>,
    /// Statements, by all words.
    pub(super) statements: Vec<Statement>,
}

/// The words of a stretch that license texts are compared by.
#[derive(Default)]
pub(super) struct Words {
    /// Their numbers.
    pub(super) numbers: Vec<u16>,
    /// Where they stand, counted from the first byte of the stretch.
    pub(super) spans: Vec<Span>,
}

impl Words {
    /// The words of `tokens` that count.
    fn of(index: &Index, tokens: &Tokens) -> Self {
        let mut out = Self { numbers: Vec::with_capacity(tokens.len()), spans: Vec::with_capacity(tokens.len()) };
        for at in (0..tokens.len()).filter(|&at| tokens.role(at) == Role::Text) {
            let (number, span) = (index.number_of(tokens.hash(at)), tokens.span(at));
            let unknown = number == UNKNOWN || out.numbers.last() == Some(&UNKNOWN);
            if unknown && out.joins(index, tokens, at) {
                continue;
            }
            out.numbers.push(number);
            out.spans.push(span);
        }
        out.leave_out_offers(index);
        out
    }

    /// Joins word `at` with the one before it where a line end cuts a word that the texts have, as `modifica-` and `tion`.
    fn joins(&mut self, index: &Index, tokens: &Tokens, at: usize) -> bool {
        let Some(last) = self.spans.last_mut().filter(|last| at > 0 && tokens.span(at - 1).end == last.end) else {
            return false;
        };
        if !tokens.is_hyphenated(at - 1) {
            return false;
        }
        let whole = index.number(&[tokens.word(at - 1), tokens.word(at)].concat());
        if whole != UNKNOWN {
            last.end = tokens.span(at).end;
            self.numbers.pop();
            self.numbers.push(whole);
        }
        whole != UNKNOWN
    }

    /// Leaves out a sentence between the conditions of a BSD license and its disclaimer that offers the GPL instead of them:
    /// `ALTERNATIVELY, this product may be distributed under the terms of the GNU General Public License, in which case the
    /// provisions of the GPL are required INSTEAD OF the above restrictions`. It is read as a statement.
    fn leave_out_offers(&mut self, index: &Index) {
        let [alternatively, redistributions] = ["alternatively", "redistributions"].map(|word| index.number(word));
        if alternatively == UNKNOWN || !self.numbers.contains(&alternatively) {
            return;
        }
        let all = std::mem::take(&mut self.numbers);
        let spans = std::mem::take(&mut self.spans);
        let (mut at, mut last) = (0, None);
        while at < all.len() {
            if all[at] == redistributions {
                last = Some(at);
            }
            let behind = all[at] == alternatively && last.is_some_and(|last| at - last < CONDITIONS);
            if let Some(end) = behind.then(|| offer_end(index, &all, at)).flatten() {
                at = end;
                continue;
            }
            self.numbers.push(all[at]);
            self.spans.push(spans[at]);
            at += 1;
        }
    }

    /// The bytes from the first to the last of these words, counted from the first of the stretch.
    pub(super) fn bytes(&self, words: Range<usize>) -> Range<usize> {
        match (self.spans.get(words.start), words.end.checked_sub(1).and_then(|last| self.spans.get(last))) {
            (Some(first), Some(last)) if !words.is_empty() => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }
}

/// The last condition of a license starts so near before the offer of another one, in words.
const CONDITIONS: usize = 120;
/// That sentence has so many words at most, and the one that explains it.
const OFFER: usize = 64;

/// Where the sentence that starts with `alternatively` at `start` ends, when it offers the GPL instead of what stands above.
fn offer_end(index: &Index, words: &[u16], start: usize) -> Option<usize> {
    let until = words.len().min(start + OFFER);
    let position = |from: usize, wanted: &[&str]| {
        let numbers: Vec<u16> = wanted.iter().map(|word| index.number(word)).collect();
        (from..until.saturating_sub(wanted.len())).find(|&at| words[at..].starts_with(&numbers))
    };
    let gpl = position(start, &["general", "public", "license"])?;
    let Some(instead) = position(start, &["instead", "of"]) else {
        // `either version 2 of the License, or (at your option) any later version`, and the disclaimer behind it.
        let disclaimer =
            ["this", "the"].iter().filter_map(|word| position(gpl, &[word, "software", "is", "provided"]));
        return disclaimer.min();
    };
    if instead < gpl {
        return None;
    }
    let above = position(instead, &["above"]).filter(|above| *above < instead + 6)?;
    let end = above + 1 + usize::from(words.get(above + 1) == Some(&index.number("restrictions")));
    // `(This clause is necessary due to a potential bad interaction between the GPL and the restrictions contained in a
    // BSD-style copyright.)`
    let explains = ["this", "clause", "is", "necessary"].map(|word| index.number(word));
    if !words[end..].starts_with(&explains) {
        return Some(end);
    }
    let copyright = index.number("copyright");
    let close = words[end..].iter().take(OFFER / 2).position(|word| *word == copyright);
    Some(close.map_or(end, |close| end + close + 1))
}

/// Stretches with more words are not remembered.
const MOST_WORDS: usize = 16_384;
/// How many words all stretches have together that are remembered.
const ALL_WORDS: usize = 2_400_000;
/// How many bytes all stretches have together that are remembered by their bytes.
const ALL_BYTES: usize = 4 << 20;

static STRETCHES: LazyLock<Memo<Stretch>> = LazyLock::new(|| Memo::new(ALL_BYTES));
static ANALYSES: LazyLock<Memo<Analysis>> = LazyLock::new(|| Memo::new(ALL_WORDS));
/// License texts by the words that count in them: the same text under the names of other holders is met once.
static TEXTS: LazyLock<Memo<Found>> = LazyLock::new(|| Memo::new(ALL_WORDS));
/// How many stretches were read, and how many of them were remembered.
static READ: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// Reads a stretch of text; with `near` also for the license texts that come nearest. Whole files of a license are
/// the same, byte for byte, again and again; their words are not split a second time.
pub(super) fn read(index: &Index, text: &str, near: bool) -> Arc<Stretch> {
    let make = || {
        let tokens = Tokens::of(text, 0..text.len());
        let words = Words::of(index, &tokens);
        let analysis = analyse(index, &tokens, &words, near);
        let bytes =
            |words: &Range<usize>| tokens.span(words.start).start as usize..tokens.span(words.end - 1).end as usize;
        let stated = analysis.statements.iter().map(|statement| bytes(&statement.words)).collect();
        Stretch { words, analysis, stated }
    };
    READ[0].fetch_add(1, Ordering::Relaxed);
    let (stretch, known) = STRETCHES.get_or_make(hash_bytes(text.as_bytes()) ^ u128::from(near), text.len(), make);
    READ[1].fetch_add(u64::from(known), Ordering::Relaxed);
    stretch
}

/// What the stretch holds; with `near` also the license texts that come nearest.
fn analyse(index: &Index, tokens: &Tokens, words: &Words, near: bool) -> Arc<Analysis> {
    let numbers = &words.numbers;
    if tokens.len() > MOST_WORDS {
        return Arc::new(Analysis {
            found: Arc::new(find(index, numbers, near)),
            statements: statements::find(tokens),
        });
    }
    let (analysis, known) = ANALYSES.get_or_make(tokens.key() ^ u128::from(near), tokens.len(), || {
        let texts = || find(index, numbers, near);
        let (found, _) = TEXTS.get_or_make(hash_numbers(numbers) ^ u128::from(near), numbers.len(), texts);
        Analysis { found, statements: statements::find(tokens) }
    });
    READ[1].fetch_add(u64::from(known), Ordering::Relaxed);
    analysis
}

/// How many stretches were read so far, and how many of them were remembered from before.
pub(super) fn memory() -> (u64, u64) {
    (READ[0].load(Ordering::Relaxed), READ[1].load(Ordering::Relaxed))
}
