//! The names of licenses as the build script laid them out: a sorted table, searched in place.

use std::sync::LazyLock;

use super::tokens::{Tokens, gap};
use crate::collect::license::layout::hash_word;

include!(concat!(env!("OUT_DIR"), "/lexicon.rs"));

/// Identifiers that differ by nothing but their version.
#[derive(Debug)]
pub(super) struct Family {
    /// Whether the version goes with `-only` or `-or-later`.
    pub(super) gnu: bool,
    /// What the name means without a version; empty when nothing.
    pub(super) bare: &'static str,
    /// Versions and what they name.
    pub(super) versions: &'static [(&'static str, &'static str)],
}

impl Family {
    /// What the family's version `number` is, by the spelling of the list; people write `2` for `2.0` and `21` for `2.1`.
    pub(super) fn version(&self, number: &str) -> Option<(&'static str, &'static str)> {
        let listed = |wanted: &str| self.versions.iter().find(|(version, _)| *version == wanted).copied();
        let padded = |wanted: &str| {
            let major = |v: &str| v.split('.').all(|part| !part.is_empty()) && v.strip_suffix(".0") == Some(wanted);
            self.versions
                .iter()
                .find(|(version, _)| major(version) || version.strip_suffix(".0.0") == Some(wanted))
                .copied()
        };
        if let Some(found) = listed(number).or_else(|| padded(number)) {
            return Some(found);
        }
        // PHP's licenses have `2.00` for `2.0`.
        if let Some(short) = number.strip_suffix("0").filter(|short| short.ends_with(".0")) {
            return self.version(short);
        }
        if let Some(short) = number.strip_suffix(".0") {
            return listed(short).or_else(|| padded(short));
        }
        // `1.3` of a family that has `1.3a` and `1.3c`.
        let first = |version: &&(&str, &str)| {
            version
                .0
                .strip_prefix(number)
                .is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_lowercase())
        };
        if let Some(found) = self.versions.iter().find(first) {
            return Some(*found);
        }
        match number.as_bytes() {
            [major, minor] if major.is_ascii_digit() && minor.is_ascii_digit() => {
                let dotted = [*major, b'.', *minor];
                std::str::from_utf8(&dotted).ok().and_then(listed)
            }
            _ => None,
        }
    }
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A license whose version stands beside the name, by its place in [`FAMILIES`].
    Family(u16),
    /// An expression.
    Fixed(&'static str),
    /// An exception.
    Exception(&'static str),
    /// Words that name licenses and say nothing of the file.
    Nothing,
}

/// How much a name says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// An identifier of the list that is the name of something else as well, such as a company: it counts in a field,
    /// in front of the word `license`, and with a version.
    Faint,
    /// Also the name of something else.
    Weak,
    /// The name of a license.
    Strong,
    /// The address of a license page.
    Address,
    /// A statement, complete with its verb.
    Statement,
}

/// A name of a license.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Its words.
    pub(super) words: &'static [&'static str],
    /// What it stands for.
    pub(super) what: What,
    /// How much it says by itself.
    pub(super) strength: Strength,
}

/// The longest name that starts with the token `at`.
pub(super) fn longest(tokens: &Tokens, at: usize) -> Option<&'static Phrase> {
    if !GATE.may_start(tokens.hash(at), tokens.hash(at + 1)) {
        return None;
    }
    // Names are sorted by their words: those that go on like the text are neighbours, the shortest of them first.
    let mut names = starting_with(tokens.word(at), tokens.hash(at));
    let mut found = None;
    let mut words = 1;
    while let Some(first) = names.first() {
        if first.words.len() == words {
            found = Some(first).filter(|phrase| is_one(tokens, at, phrase)).or(found);
            names = &names[1..];
        }
        let next = tokens.word(at + words);
        names = &names[names.partition_point(|p| p.words[words] < next)..];
        names = &names[..names.partition_point(|p| p.words[words] == next)];
        words += 1;
    }
    found
}

/// The name that is `word` alone.
pub(super) fn single(word: &str) -> Option<&'static Phrase> {
    let hash = hash_word(word.as_bytes());
    if !GATE.is_name(hash) {
        return None;
    }
    starting_with(word, hash).first().filter(|p| p.words.len() == 1)
}

/// Tells by the hashes of two words that no name starts with them: `the` and `this` start many names, and nearly every
/// time none of them.
struct Gate {
    /// A bit for each pair of words that a name starts with.
    pairs: Vec<u64>,
    /// A bit for each word that is a name.
    singles: Vec<u64>,
}

/// How many bits [`Gate::pairs`] and [`Gate::singles`] have: many times as many as there are names.
const PAIRS: usize = 1 << 16;
const SINGLES: usize = 1 << 14;

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let mut gate = Gate { pairs: vec![0; PAIRS / 64], singles: vec![0; SINGLES / 64] };
    for phrase in PHRASES {
        let hash = |n: usize| phrase.words.get(n).map(|word| hash_word(word.as_bytes()));
        match (hash(0), hash(1)) {
            (Some(first), Some(second)) => gate.pairs[pair(first, second) / 64] |= 1 << (pair(first, second) % 64),
            (Some(first), None) => gate.singles[first as usize % SINGLES / 64] |= 1 << (first % 64),
            _ => {}
        }
    }
    gate
});

fn pair(first: u32, second: u32) -> usize {
    (first.wrapping_mul(0x9e37_79b1) ^ second).wrapping_mul(0x85eb_ca6b) as usize >> 16
}

fn bit(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 != 0
}

impl Gate {
    /// Whether the word alone may be a name.
    fn is_name(&self, word: u32) -> bool {
        bit(&self.singles, word as usize % SINGLES)
    }

    fn may_start(&self, first: u32, second: u32) -> bool {
        self.is_name(first) || bit(&self.pairs, pair(first, second) % PAIRS)
    }
}

/// How many slots the table of first words has: several times as many as there are first words.
const SLOTS: usize = 4096;

/// The names whose first word is `first`, which has this hash; in order.
fn starting_with(first: &str, hash: u32) -> &'static [Phrase] {
    // Where the names with one first word start, in the slot of its hash or the next free one. A search by halves
    // compares letters in a dozen far places of the table, and words such as `license` are looked up all the time.
    static STARTS: LazyLock<Vec<u16>> = LazyLock::new(|| {
        let mut slots = vec![u16::MAX; SLOTS];
        let mut from = 0;
        for names in PHRASES.chunk_by(|a, b| a.words[0] == b.words[0]) {
            let mut at = hash_word(names[0].words[0].as_bytes()) as usize % SLOTS;
            while slots[at] != u16::MAX {
                at = (at + 1) % SLOTS;
            }
            slots[at] = from as u16;
            from += names.len();
        }
        slots
    });
    let mut at = hash as usize % SLOTS;
    while let Some(names) = PHRASES.get(usize::from(STARTS[at])..) {
        if names[0].words[0] == first {
            let count = names.iter().position(|p| p.words[0] != first).unwrap_or(names.len());
            return &names[..count];
        }
        at = (at + 1) % SLOTS;
    }
    &[]
}

/// Whether the words of a name, which stand at `at`, belong together.
fn is_one(tokens: &Tokens, at: usize, phrase: &Phrase) -> bool {
    let end = at + phrase.words.len();
    // The next field of a record, as in `Copyright: X Consortium` and below it `License: MIT`.
    let field = || tokens.gap(end - 1, gap::LINE) && tokens.gap(end, gap::COLON) && !tokens.gap(end, gap::LINE);
    let apart = || {
        phrase.strength != Strength::Address && tokens.word(end - 1) == "license" && tokens.gap(end - 1, gap::SLASH)
    };
    // A file of a folder, as in `contrib/openbsd/LICENSE`, or the next badge, as in `|Python| |License|`.
    !(phrase.words.len() > 1 && (field() || apart()))
        // A name goes over line ends, not over sentences; an address over neither, nor over the quotes of `license='bsd'`.
        && (1..phrase.words.len()).all(|n| match phrase.strength {
            Strength::Address => !tokens.is_spaced(at + n) && !tokens.gap(at + n, gap::QUOTE | gap::COLON),
            _ => !tokens.breaks_sentence(at + n),
        })
}

/// The family with this place.
pub(super) fn family(number: u16) -> &'static Family {
    &FAMILIES[usize::from(number)]
}
