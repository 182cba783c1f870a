//! Reads a stretch of text once: its license texts and its statements, remembered by the hash of its words.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::find::{Found, find};
use super::index::Index;
use super::statements::tokens::Tokens;
use super::statements::{self, Statement};
use super::words::{Role, Span};

/// What a stretch of text holds, with places counted in words; the same for every stretch of the same words.
#[derive(Default)]
pub(super) struct Analysis {
    /// License texts, by words that count in texts.
    pub(super) found: Found,
    /// Statements, by all words.
    pub(super) statements: Vec<Statement>,
}

/// The words of a stretch that license texts are compared by.
#[derive(Default)]
pub(super) struct Words {
    /// Their numbers.
    pub(super) numbers: Vec<u16>,
    /// Where they stand.
    pub(super) spans: Vec<Span>,
}

impl Words {
    /// The words of `tokens` that count.
    pub(super) fn of(index: &Index, tokens: &Tokens) -> Self {
        let mut out = Self { numbers: Vec::with_capacity(tokens.len()), spans: Vec::with_capacity(tokens.len()) };
        for at in (0..tokens.len()).filter(|&at| tokens.role(at) == Role::Text) {
            out.numbers.push(index.number_of(tokens.word(at), tokens.hash(at)));
            out.spans.push(tokens.span(at));
        }
        out
    }

    /// The bytes from the first to the last of these words.
    pub(super) fn bytes(&self, words: Range<usize>) -> Range<usize> {
        match (self.spans.get(words.start), words.end.checked_sub(1).and_then(|last| self.spans.get(last))) {
            (Some(first), Some(last)) if !words.is_empty() => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }
}

/// Stretches with more words are not remembered.
const MOST_WORDS: usize = 16_384;
/// How many words all remembered stretches of one shard have together.
const SHARD_WORDS: usize = 150_000;
const SHARDS: usize = 16;

#[derive(Default)]
struct Shard {
    known: HashMap<u128, Arc<Analysis>>,
    words: usize,
}

static MEMO: LazyLock<[Mutex<Shard>; SHARDS]> = LazyLock::new(Default::default);
/// How many stretches were read, and how many of them were remembered.
static READ: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// What the stretch holds; with `near` also the license texts that come nearest.
pub(super) fn analyse(index: &Index, tokens: &Tokens, words: &Words, near: bool) -> Arc<Analysis> {
    let fresh =
        || Arc::new(Analysis { found: find(index, &words.numbers, near), statements: statements::find(tokens) });
    if tokens.len() > MOST_WORDS {
        return fresh();
    }
    READ[0].fetch_add(1, Ordering::Relaxed);
    let key = tokens.key() ^ u128::from(near);
    let shard = &MEMO[key as usize % SHARDS];
    // A panic elsewhere leaves a table whole: entries are only ever added.
    if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).known.get(&key) {
        READ[1].fetch_add(1, Ordering::Relaxed);
        return Arc::clone(known);
    }
    let analysis = fresh();
    let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
    let weight = tokens.len() + 16;
    if shard.words + weight <= SHARD_WORDS {
        shard.words += weight;
        shard.known.insert(key, Arc::clone(&analysis));
    }
    analysis
}

/// How many stretches were read so far, and how many of them were remembered from before.
pub(super) fn memory() -> (u64, u64) {
    (READ[0].load(Ordering::Relaxed), READ[1].load(Ordering::Relaxed))
}
