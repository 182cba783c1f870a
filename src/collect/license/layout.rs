//! The layout of the compiled license texts, shared by the build script that writes them and the index that reads
//! them.

/// Set in a step that a text may lack.
pub(crate) const OPTIONAL: u16 = 0x8000;
/// Set in a step that is room for words of any kind; the rest is how many.
pub(crate) const ROOM: u16 = 0x4000;
/// The word number, or the number of words there is room for.
pub(crate) const WORD_MASK: u16 = 0x3fff;

/// Sections of the blob: texts, their names, their steps, word ends, word letters, word slots, bucket starts, tails, sets by run, sets, ends of clauses.
pub(crate) const SECTIONS: usize = 11;
/// 32-bit numbers per text: kind, name offset and length, first step and count, required words, distinct runs of
/// words, first end of a clause and count.
pub(crate) const TEXT: usize = 9;
/// Slots of the word table, twice as many as there is room for words.
pub(crate) const SLOTS: usize = 1 << 15;
/// Bytes of a slot: hash of the word (4), its number (4).
pub(crate) const SLOT: usize = 8;
/// Buckets of the index of word runs.
pub(crate) const BUCKETS: usize = 1 << 16;
/// How many words make a run.
pub(crate) const GRAM: usize = 4;
/// Room for more words than this ends a run of words.
const SMALL_ROOM: u16 = 4;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Kind {
    /// The text of a license.
    License = 0,
    /// The text of an exception to a license.
    Exception = 1,
    /// The standard notice that a license suggests for source files.
    Header = 2,
    /// A sentence that restricts the license beside it.
    Rider = 3,
}

/// FNV-1a.
pub(crate) fn hash_word(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The hash of a run of [`GRAM`] word numbers, which together are 64 bits.
pub(crate) fn hash_gram(run: u64) -> u32 {
    let mixed = (run ^ (run >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93).wrapping_shr(32) as u32
}

/// Calls `sink` with the hash of every run of words in `steps` and the index of the step that ends it.
pub(crate) fn for_grams(steps: impl IntoIterator<Item = u16>, mut sink: impl FnMut(u32, usize)) {
    let (mut run, mut length) = (0u64, 0);
    for (at, step) in steps.into_iter().enumerate() {
        if step & ROOM != 0 {
            if step & WORD_MASK > SMALL_ROOM {
                length = 0;
            }
            continue;
        }
        run = run << 16 | u64::from(step & WORD_MASK);
        length += 1;
        if length >= GRAM {
            sink(hash_gram(run), at);
        }
    }
}
