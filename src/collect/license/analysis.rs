//! Reads a stretch of text once: its license texts and its statements, remembered by the hash of its words.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::find::{Found, find};
use super::index::Index;
use super::statements::tokens::{Tokens, hash_numbers};
use super::statements::{self, Statement};
use super::words::{Role, Span};

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

/// What was worked out of stretches of words, by the hash of the words.
struct Memo<V>([Mutex<Shard<V>>; SHARDS]);

struct Shard<V> {
    known: HashMap<u128, Arc<V>>,
    words: usize,
}

impl<V> Memo<V> {
    fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(Shard { known: HashMap::new(), words: 0 })))
    }

    /// What is remembered under `key`, else what `make` makes of so many words; and whether it was remembered.
    fn get_or_make(&self, key: u128, words: usize, make: impl FnOnce() -> V) -> (Arc<V>, bool) {
        let shard = &self.0[key as usize % SHARDS];
        // A panic elsewhere leaves a table whole: entries are only ever added.
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).known.get(&key) {
            return (Arc::clone(known), true);
        }
        let made = Arc::new(make());
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let weight = words + 16;
        if shard.words + weight <= SHARD_WORDS {
            shard.words += weight;
            shard.known.insert(key, Arc::clone(&made));
        }
        (made, false)
    }
}

static ANALYSES: LazyLock<Memo<Analysis>> = LazyLock::new(Memo::new);
/// License texts by the words that count in them: the same text under the names of other holders is met once.
static TEXTS: LazyLock<Memo<Found>> = LazyLock::new(Memo::new);
/// How many stretches were read, and how many of them were remembered.
static READ: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// What the stretch holds; with `near` also the license texts that come nearest.
pub(super) fn analyse(index: &Index, tokens: &Tokens, words: &Words, near: bool) -> Arc<Analysis> {
    let numbers = &words.numbers;
    if tokens.len() > MOST_WORDS {
        return Arc::new(Analysis {
            found: Arc::new(find(index, numbers, near)),
            statements: statements::find(tokens),
        });
    }
    READ[0].fetch_add(1, Ordering::Relaxed);
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
