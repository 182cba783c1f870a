//! What was worked out of texts that are met again and again, remembered by their hash.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// How many threads can look things up at once.
const SHARDS: usize = 16;
/// What an entry takes of the room beside its size.
const ENTRY: usize = 16;
/// Of how many hashes a shard knows that they were met.
const MET: usize = 1 << 12;

/// Results by the hash of what they were worked out of, up to a bound; what is met behind it is worked out each time.
///
/// What is met for the first time leaves only a trace: most texts are met once, and must not take the room of those that
/// are met again and again.
pub(super) struct Memo<V> {
    shards: [Mutex<Shard<V>>; SHARDS],
    /// How much one shard remembers.
    room: usize,
}

struct Shard<V> {
    known: HashMap<u128, Arc<V>, BuildHasherDefault<Key>>,
    taken: usize,
    /// Parts of hashes that were met, each in its place; the last one counts. Empty until the first.
    met: Vec<u32>,
}

impl<V> Shard<V> {
    /// Whether the key was met before, as far as its trace is still there.
    fn is_met(&mut self, key: u128) -> bool {
        if self.met.is_empty() {
            self.met = vec![0; MET];
        }
        let trace = (key >> 32) as u32 | 1;
        let before = std::mem::replace(&mut self.met[(key >> 8) as usize % MET], trace);
        before == trace
    }
}

/// Keys are hashes already.
#[derive(Default)]
struct Key(u64);

impl Hasher for Key {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u128(&mut self, key: u128) {
        // The lowest bits choose the shard.
        self.0 = (key >> 64) as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<V> Memo<V> {
    /// An empty one, with so much room in all, in what [`Memo::get_or_make`] is given as the size.
    pub(super) fn new(room: usize) -> Self {
        let shard = |_| Mutex::new(Shard { known: HashMap::default(), taken: 0, met: Vec::new() });
        Self { shards: std::array::from_fn(shard), room: room / SHARDS }
    }

    /// What is remembered under `key`, else what `make` makes, which takes so much of the room when it is made for the
    /// second time; and whether it was remembered.
    pub(super) fn get_or_make(&self, key: u128, size: usize, make: impl FnOnce() -> V) -> (Arc<V>, bool) {
        let shard = &self.shards[key as usize % SHARDS];
        // A panic elsewhere leaves a table whole: entries are only ever added.
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).known.get(&key) {
            return (Arc::clone(known), true);
        }
        let made = Arc::new(make());
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let size = size + ENTRY;
        if shard.is_met(key) && shard.taken + size <= self.room {
            shard.taken += size;
            shard.known.insert(key, Arc::clone(&made));
        }
        (made, false)
    }
}

/// The hash of a text, to remember what it holds by.
pub(super) fn hash_bytes(bytes: &[u8]) -> u128 {
    let mut hash = Hash::default();
    hash.write(bytes);
    hash.finish()
}

/// Two multiplicative hashes side by side; no defence against an attacker, who could gain nothing but a wrong answer
/// about his own file.
pub(super) struct Hash(u64, u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344)
    }
}

impl Hash {
    /// Takes in one value.
    pub(super) fn word(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        self.1 = (self.1.rotate_left(23) ^ value).wrapping_mul(0xd6e8_feb8_6659_fd93);
    }

    /// Takes in bytes and how many they are.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.word(u64::from_le_bytes(*chunk));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.word(u64::from_le_bytes(last));
        self.word(bytes.len() as u64);
    }

    /// The hash of what was taken in.
    pub(super) fn finish(&self) -> u128 {
        let mix = |h: u64| (h ^ h >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        u128::from(mix(self.0)) << 64 | u128::from(mix(self.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_not_made_again_as_long_as_there_is_room() {
        let memo = Memo::new(SHARDS * (ENTRY + 10));
        let get = |key: u128, size| memo.get_or_make(key, size, || key);
        // Hashes whose traces differ, as those of texts do.
        let hash = |shard: u128, number: u128| number << 32 | number << 8 | shard;
        for _ in 0..2 {
            assert_eq!(get(hash(0, 1), 10), (Arc::new(hash(0, 1)), false));
        }
        assert_eq!(get(hash(0, 1), 10), (Arc::new(hash(0, 1)), true));
        let (same_shard, other) = (hash(0, 2), hash(1, 3));
        assert!((0..3).all(|_| !get(same_shard, 1).1), "no room is left");
        assert_eq!([0; 3].map(|_| get(other, 1).1), [false, false, true]);
    }

    #[test]
    fn bytes_that_differ_have_another_hash() {
        let hashes: std::collections::HashSet<u128> = ["", "\0", "a", "a\0", "b", "abcdefgh", "abcdefgh\0"]
            .iter()
            .map(|text| hash_bytes(text.as_bytes()))
            .collect();
        assert_eq!(hashes.len(), 7);
    }
}
