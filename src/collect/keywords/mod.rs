//! Many texts that are looked for at once, in one pass.

mod rarity;

use memchr::memmem::Finder;

/// Texts to look for: those with a capital letter of ASCII as they are written, the others in any case of ASCII letters.
///
/// Every second run of [`RUN`] bytes of a text, put into classes, is looked up in one bit map. Few are in it, and only
/// there words are compared. Each keyword is listed twice: by a run that starts an even number of bytes behind its first
/// byte, and by one that starts an odd number behind it, so that one of them is met wherever the keyword stands. Unlike
/// an automaton this is built in less time than a small repository takes to read.
pub(super) struct Keywords {
    /// A bit for each run that a keyword is listed by.
    gate: Vec<u64>,
    /// The same without runs that a text in ASCII cannot have: their classes are those of letters as well.
    ascii_gate: Vec<u64>,
    /// How many runs have a bit in front of those of each number of `gate`.
    ranks: Vec<u32>,
    /// What may stand beside each run that has a bit.
    beside: Vec<Beside>,
    /// Where what is listed by each run that has a bit starts in `listed`.
    starts: Vec<u32>,
    /// Entries by their numbers.
    listed: Vec<u16>,
    entries: Vec<Entry>,
    words: Vec<Word>,
    /// Words that are too short for runs.
    short: Vec<(Finder<'static>, u16)>,
}

/// A text to look for.
pub(super) struct Word {
    /// Without a capital letter of ASCII it is found in any case.
    pub(super) text: Box<str>,
    /// Whether it is found only where it [`starts_word`].
    pub(super) starts: bool,
}

/// Whether a word may start at `at`: no letter or digit of ASCII stands in front, but for that of an escape (`\\n`,
/// `%3d`).
pub(super) fn starts_word(bytes: &[u8], at: usize) -> bool {
    let [.., before] = bytes.get(..at).unwrap_or_default() else { return true };
    !before.is_ascii_alphanumeric()
        || match bytes[..at] {
            [.., b'\\', b'n' | b't' | b'r'] => true,
            [.., b'%', first, second] => first.is_ascii_hexdigit() && second.is_ascii_hexdigit(),
            _ => false,
        }
}

/// A keyword under one of its runs.
#[derive(Clone, Copy)]
struct Entry {
    word: u16,
    /// Where the run starts, counted from the byte in front of the word.
    offset: u16,
    /// How many bytes the word has.
    length: u16,
    /// Its first and its last byte, [`folded`].
    ends: [u8; 2],
    /// Whether it is found as it is written alone.
    as_written: bool,
    /// See [`Word::starts`].
    starts: bool,
}

/// The classes of the bytes in front of a run and behind it, each a bit, with which one of the keywords that are listed
/// by the run may stand there. Few places have both, so that the keywords need not be looked at.
#[derive(Clone, Copy, Default)]
struct Beside {
    before: u32,
    behind: u32,
}

impl Beside {
    /// Whether these bytes may stand there; one that the text does not have is left to the comparison.
    #[inline]
    fn may_be(self, before: Option<&u8>, behind: Option<&u8>) -> bool {
        let is_in = |classes: u32, byte: Option<&u8>| byte.is_none_or(|byte| classes >> (byte & 0x1f) & 1 != 0);
        is_in(self.before, before) && is_in(self.behind, behind)
    }
}

/// A byte such that letters in upper and lower case are the same; so are a few pairs of signs.
fn folded(byte: u8) -> u8 {
    byte | 0x20
}

/// What a search works with; reused from text to text.
#[derive(Default)]
pub(super) struct Scratch {
    /// Keywords that were found and not yet handed on: where each ends and starts, and which word it is.
    found: Vec<(u32, u32, u16)>,
    runs: Runs,
}

/// The runs of a block that start at every second byte.
struct Runs {
    pairs: Box<[u16; BLOCK / 2 + 1]>,
    runs: Box<[u32; BLOCK / 2]>,
}

impl Default for Runs {
    fn default() -> Self {
        Self { pairs: Box::new([0; BLOCK / 2 + 1]), runs: Box::new([0; BLOCK / 2]) }
    }
}

impl Runs {
    /// Those of a block: simple loops over whole arrays, which compilers turn into operations on many values at once.
    fn of(&mut self, block: &[u8; BLOCK + RUN - 2]) -> &[u32; BLOCK / 2] {
        for (pair, two) in self.pairs.iter_mut().zip(block.as_chunks::<2>().0) {
            let two = u16::from_le_bytes(*two);
            *pair = two & 0x1f | two >> 3 & 0x3e0;
        }
        for (run, (first, second)) in self.runs.iter_mut().zip(self.pairs.iter().zip(&self.pairs[1..])) {
            *run = u32::from(*first) | u32::from(*second) << (2 * BITS);
        }
        &self.runs
    }
}

/// How many bytes make a run.
const RUN: usize = 4;
/// Bits of a byte that make its class: a letter has one class in upper and lower case. What shares a class with it is
/// told apart when words are compared.
const BITS: u32 = 5;
const LOWEST: u32 = (1 << BITS) - 1;
/// How many runs of classes there are.
const RUNS: usize = 1 << (BITS as usize * RUN);
/// How many bytes are looked at before what was found is handed on.
const BLOCK: usize = 4096;

/// How many runs are looked up before the first is acted upon.
const GROUP: usize = 8;

/// Words with fewer bytes are looked for on their own: their runs would be any of a thousand.
const SHORTEST: usize = 3;

impl Keywords {
    /// Lists these texts, at most 32,768, each of three bytes or more, or of two that are not ASCII.
    pub(super) fn new(words: Vec<Word>) -> Self {
        let (mut entries, mut runs, mut short) = (Vec::new(), Vec::new(), Vec::new());
        let (mut gate, mut ascii_gate) = (vec![0; RUNS / 64], vec![0; RUNS / 64]);
        for (number, word) in words.iter().enumerate() {
            let bytes = word.text.as_bytes();
            if bytes.len() < SHORTEST {
                short.push((Finder::new(bytes).into_owned(), number as u16));
            } else {
                list(word, number as u16, &mut entries, |entry, run, is_ascii| {
                    runs.push((run, entry));
                    gate[run as usize / 64] |= 1 << (run % 64);
                    ascii_gate[run as usize / 64] |= u64::from(is_ascii) << (run % 64);
                });
            }
        }
        runs.sort_unstable();
        let ranks = gate.iter().scan(0, |rank, bits: &u64| {
            let before = *rank;
            *rank += bits.count_ones();
            Some(before)
        });
        let ranks = ranks.collect();
        let by_run = runs.chunk_by(|(a, _), (b, _)| a == b).map(<[_]>::len);
        let starts = std::iter::once(0).chain(by_run.scan(0, |end, count| {
            *end += count as u32;
            Some(*end)
        }));
        let starts = starts.collect();
        let of_all = |there: &[(u32, u16)]| {
            there.iter().fold(Beside::default(), |all, (_, entry)| {
                let one = beside(&entries[usize::from(*entry)], &words);
                Beside { before: all.before | one.before, behind: all.behind | one.behind }
            })
        };
        let beside = runs.chunk_by(|(a, _), (b, _)| a == b).map(of_all).collect();
        let listed = runs.into_iter().map(|(_, entry)| entry).collect();
        Self { gate, ascii_gate, ranks, beside, starts, listed, entries, words, short }
    }

    /// Calls `sink` with every text that is found in `bytes`, overlapping ones included, in order of their ends: with its
    /// number and where it starts.
    pub(super) fn scan(&self, bytes: &[u8], scratch: &mut Scratch, mut sink: impl FnMut(u16, u32)) {
        scratch.found.clear();
        let mut hand_on = |scratch: &mut Scratch, to: usize| {
            scratch.found.sort_unstable();
            let ready = scratch.found.partition_point(|&(end, ..)| end as usize <= to);
            scratch.found.drain(..ready).for_each(|(_, start, word)| sink(word, start));
        };
        let mut from = 0;
        // Runs that start in a block may end behind it.
        while let Some(block) = bytes.get(from..).and_then(|rest| rest.first_chunk()) {
            self.block(bytes, from, block, BLOCK, scratch);
            from += BLOCK;
            hand_on(scratch, from);
        }
        while from < bytes.len() {
            let rest = &bytes[from..];
            let mut block = [0; BLOCK + RUN - 2];
            let length = rest.len().min(block.len());
            block[..length].copy_from_slice(&rest[..length]);
            self.block(bytes, from, &block, length, scratch);
            from += BLOCK;
        }
        hand_on(scratch, usize::MAX);
    }

    /// Finds the keywords that are listed by a run which starts in the first `length` bytes of the block at `from`.
    fn block(&self, bytes: &[u8], from: usize, block: &[u8; BLOCK + RUN - 2], length: usize, scratch: &mut Scratch) {
        let is_ascii = block.is_ascii();
        for (finder, word) in self.short.iter().filter(|_| !is_ascii) {
            let length = finder.needle().len();
            // Those that start in the block.
            let near = &bytes[from..bytes.len().min(from + BLOCK + length - 1)];
            scratch
                .found
                .extend(finder.find_iter(near).map(|at| ((from + at + length) as u32, (from + at) as u32, *word)));
        }
        let runs = scratch.runs.of(block);
        let gate = if is_ascii { &self.ascii_gate } else { &self.gate };
        let Ok(gate): Result<&[u64; RUNS / 64], _> = gate.as_slice().try_into() else { return };
        let listed = |run: u32| gate[run as usize / 64 % gate.len()] >> (run % 64) & 1;
        let groups = length.div_ceil(2 * GROUP).min(BLOCK / 2 / GROUP);
        // Few runs are listed, so several are asked about at once; each that is sets a bit, the first the lowest.
        for (number, group) in runs.as_chunks::<GROUP>().0[..groups].iter().enumerate() {
            let mut bits = group.iter().rev().fold(0, |bits, run| bits << 1 | listed(*run));
            while bits != 0 {
                let n = bits.trailing_zeros() as usize;
                self.compare(bytes, from + 2 * (GROUP * number + n), group[n % GROUP], &mut scratch.found);
                bits &= bits - 1;
            }
        }
    }

    /// Finds the keywords that are listed by the run at `at`, which has a bit.
    #[inline(never)]
    fn compare(&self, bytes: &[u8], at: usize, run: u32, found: &mut Vec<(u32, u32, u16)>) {
        let (number, bit) = (run as usize / 64, run % 64);
        let (Some(bits), Some(rank)) = (self.gate.get(number), self.ranks.get(number)) else { return };
        let rank = (rank + (bits & ((1 << bit) - 1)).count_ones()) as usize;
        let (before, behind) = (at.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(at + RUN));
        if !self.beside.get(rank).is_some_and(|beside| beside.may_be(before, behind)) {
            return;
        }
        let Some(&[start, end]) = self.starts.get(rank..rank + 2) else { return };
        for &entry in self.listed.get(start as usize..end as usize).unwrap_or_default() {
            self.compare_with(&self.entries[usize::from(entry)], bytes, at, found);
        }
    }

    /// Looks whether the keyword of an entry stands where the run at `at` would be a part of it.
    #[inline]
    fn compare_with(&self, entry: &Entry, bytes: &[u8], at: usize, found: &mut Vec<(u32, u32, u16)>) {
        let Some(start) = (at + 1).checked_sub(usize::from(entry.offset)) else { return };
        let end = start + usize::from(entry.length);
        // Most are told by their first and last letter.
        let Some(there) = bytes.get(start..end) else { return };
        if [there[0], there[there.len() - 1]].map(folded) != entry.ends {
            return;
        }
        let word = self.words[usize::from(entry.word)].text.as_bytes();
        let mut pairs = there.iter().zip(word);
        let is_word =
            if entry.as_written { pairs.all(|(a, b)| a == b) } else { pairs.all(|(a, b)| a.eq_ignore_ascii_case(b)) };
        if is_word && (!entry.starts || starts_word(bytes, start)) {
            found.push((end as u32, start as u32, entry.word));
        }
    }
}

/// How rare a run of classes is in text, in eighths of a bit; a class that may be any is not rare at all.
fn rarity(run: &[Option<u32>]) -> u32 {
    let classes = run.iter().flatten().map(|class| *class as usize);
    let mut before: (Option<usize>, Option<usize>) = (None, None);
    let of = |class: usize| {
        let rarity = match before {
            (_, None) => rarity::ALONE[class],
            (None, Some(last)) => rarity::BEHIND[last][class],
            (Some(first), Some(last)) => rarity::behind_two(first, last, class),
        };
        before = (before.1, Some(class));
        u32::from(rarity)
    };
    classes.map(of).sum()
}

/// The classes of what stands beside the run of an entry.
fn beside(entry: &Entry, words: &[Word]) -> Beside {
    let word = words[usize::from(entry.word)].text.as_bytes();
    // The run starts with the byte in front of the one with this number.
    let at = usize::from(entry.offset);
    let class = |byte: Option<&u8>| byte.map_or(u32::MAX, |byte| 1 << (u32::from(*byte) & LOWEST));
    Beside { before: class(at.checked_sub(2).and_then(|at| word.get(at))), behind: class(word.get(at + RUN - 1)) }
}

/// Lists a word by its rarest run of each kind: its entries, and the runs that each is met by, with whether a text in
/// ASCII can have them. A run may reach over one byte beside the word, whatever that is.
fn list(word: &Word, number: u16, entries: &mut Vec<Entry>, mut met: impl FnMut(u16, u32, bool)) {
    let bytes = word.text.as_bytes();
    let class = |byte: &u8| Some(u32::from(*byte) & LOWEST);
    // The classes from the byte in front of the word to the one behind it.
    let classes: Vec<Option<u32>> =
        std::iter::once(None).chain(bytes.iter().map(class)).chain(std::iter::once(None)).collect();
    for kind in 0..2 {
        let runs = classes.windows(RUN).enumerate().filter(|(offset, _)| offset % 2 == kind);
        // Of equally rare ones the first.
        let rarest = runs.rev().max_by_key(|(_, run)| rarity(run));
        let Some((offset, classes)) = rarest else { continue };
        let run = classes.iter().rev().fold(0, |run, class| run << BITS | class.unwrap_or_default());
        let is_ascii = bytes[offset.saturating_sub(1)..bytes.len().min(offset + RUN - 1)].is_ascii();
        let entry = entries.len() as u16;
        match (classes[0], classes[RUN - 1]) {
            (None, _) => (0..=LOWEST).for_each(|any| met(entry, run | any, is_ascii)),
            (_, None) => {
                (0..=LOWEST).for_each(|any| met(entry, run | any << (BITS * (RUN as u32 - 1)), is_ascii));
            }
            _ => met(entry, run, is_ascii),
        }
        entries.push(Entry {
            word: number,
            offset: offset as u16,
            length: bytes.len() as u16,
            ends: [bytes[0], bytes[bytes.len() - 1]].map(folded),
            as_written: bytes.iter().any(u8::is_ascii_uppercase),
            starts: word.starts,
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORDS: &[&str] =
        &["abba", "bab", "cabab", "abbacabbab", "babc", "cac", "aéb", "é", "bbbéé", "abcaé", "BAb"];

    /// Those of them that are found where a word starts alone.
    const STARTS: &[&str] = &["babc", "BAb", "abcaé"];

    /// What a naive search finds, in order of the ends, and at each end the longest word first.
    fn naive(text: &[u8]) -> Vec<(u16, u32)> {
        let mut out = Vec::new();
        for end in 0..=text.len() {
            for start in 0..end {
                let there = &text[start..end];
                let is = |word: &str| match word {
                    "BAb" => there == word.as_bytes(),
                    _ => there.eq_ignore_ascii_case(word.as_bytes()),
                };
                let free = |word: &str| {
                    !STARTS.contains(&word) || !text[..start].last().is_some_and(u8::is_ascii_alphanumeric)
                };
                let found = WORDS.iter().enumerate().filter(|(_, word)| is(word) && free(word));
                out.extend(found.map(|(number, _)| (number as u16, start as u32)));
            }
        }
        out
    }

    proptest! {
        #[test]
        fn every_keyword_is_found_wherever_it_stands(
            letters in "[aBbCé.]{0,64}",
            before in prop_oneof![0..8usize, BLOCK - 40..BLOCK + 8],
        ) {
            let mut text = vec![b'.'; before];
            text.extend(letters.as_bytes());
            let word = |text: &&str| Word { text: (*text).into(), starts: STARTS.contains(text) };
            let keywords = Keywords::new(WORDS.iter().map(word).collect());
            let mut found = Vec::new();
            keywords.scan(&text, &mut Scratch::default(), |number, start| found.push((number, start - before as u32)));
            prop_assert_eq!(found, naive(&text[before..]));
        }
    }

    #[test]
    fn words_start_behind_what_is_no_letter_or_digit_and_behind_escapes() {
        let is = |before: &str| starts_word(before.as_bytes(), before.len());
        assert!(["", " ", "=", "_", "é", r"\n", r"a\t", "%3D", "x%2f"].into_iter().all(is));
        assert!(!["a", "9", "an", r"\a", "%3", "3D", "%xD", "n"].into_iter().any(is));
    }
}
