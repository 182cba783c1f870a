//! One multi-pattern pass per file decides who looks where.

use std::collections::HashMap;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, PatternID, dfa::DFA};

use super::Collector;

/// A keyword found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The index of the keyword in the collector's [`super::Interest::keywords`].
    pub keyword: u16,
    /// The byte offset at which it starts.
    pub start: u32,
}

/// All keywords of all collectors as one automaton.
pub struct Prefilter {
    automaton: Machine,
    /// The length of the longest keyword, less one: how far in front of a place a keyword that ends there can start.
    reach: usize,
    /// For each pattern: its length, and who wants it under which keyword number.
    patterns: Vec<(u32, Vec<(u16, u16)>)>,
    collectors: &'static [&'static dyn Collector],
}

/// The automaton in one of two forms that find the same.
enum Machine {
    /// No keywords, nothing to find.
    Nothing,
    /// One table step per byte, but slow to build.
    Dfa(DFA),
    /// Several steps per byte, built in a fraction of the time.
    Nfa(NFA),
}

/// Hits of one file, by collector; reused from file to file.
#[derive(Default)]
pub(super) struct Hits {
    by_collector: Vec<Vec<Hit>>,
    lanes: [Vec<Match>; LANES],
}

/// The offset behind a keyword, and which one it is.
type Match = (usize, PatternID);

/// How many parts of a text are searched at the same time. Each step waits for the table entry that the step before it
/// named, so a processor has room for several independent searches: four take 40 % of the time of one.
const LANES: usize = 4;

/// Texts shorter than this are searched in one part.
const SHORTEST_FOR_LANES: usize = 1024;

/// From so many bytes on, a DFA has saved the time it takes to build.
const BYTES_FOR_DFA: u64 = 8 << 20;

/// How many hits of one collector in one file are kept. Behind that many, one more place tells nothing new, and a
/// hostile file must not fill the memory.
const MOST_HITS: usize = 100_000;

impl Prefilter {
    /// Builds the automaton for texts of about `bytes` bytes in all.
    pub fn new(collectors: &'static [&'static dyn Collector], bytes: u64) -> Self {
        let mut words: Vec<&'static str> = Vec::new();
        let mut numbers: HashMap<&'static str, usize> = HashMap::new();
        let mut patterns: Vec<(u32, Vec<(u16, u16)>)> = Vec::new();
        for (who, collector) in collectors.iter().enumerate() {
            for (number, &word) in collector.interest().keywords.iter().enumerate() {
                let at = *numbers.entry(word).or_insert_with(|| {
                    words.push(word);
                    patterns.push((word.len() as u32, Vec::new()));
                    words.len() - 1
                });
                patterns[at].1.push((who as u16, number as u16));
            }
        }
        let reach = words.iter().map(|w| w.len()).max().unwrap_or(1).saturating_sub(1);
        Self { automaton: Machine::new(&words, bytes), reach, patterns, collectors }
    }

    /// The collectors that it was built for.
    pub fn collectors(&self) -> &'static [&'static dyn Collector] {
        self.collectors
    }

    /// Finds every keyword in `bytes`, overlapping ones included, in order of their ends.
    pub(super) fn scan(&self, bytes: &[u8], hits: &mut Hits) {
        hits.by_collector.iter_mut().for_each(Vec::clear);
        hits.by_collector.resize_with(self.collectors.len(), Vec::new);
        match &self.automaton {
            Machine::Nothing => return,
            Machine::Dfa(dfa) => search(dfa, bytes, self.reach, &mut hits.lanes),
            Machine::Nfa(nfa) => search(nfa, bytes, self.reach, &mut hits.lanes),
        }
        for &(end, pattern) in hits.lanes.iter().flatten() {
            let (length, wanted) = &self.patterns[pattern.as_usize()];
            let start = end as u32 - length;
            for &(who, keyword) in wanted {
                let list = &mut hits.by_collector[who as usize];
                if list.len() < MOST_HITS {
                    list.push(Hit { keyword, start });
                }
            }
        }
    }
}

impl Machine {
    fn new(words: &[&str], bytes: u64) -> Self {
        if words.is_empty() {
            return Self::Nothing;
        }
        // Building fails only when the tables outgrow 32 bits, which a static list of short words cannot reach.
        if bytes < BYTES_FOR_DFA {
            let nfa = NFA::builder().ascii_case_insensitive(true).prefilter(false).build(words);
            nfa.map_or(Self::Nothing, Self::Nfa)
        } else {
            let dfa = DFA::builder().ascii_case_insensitive(true).prefilter(false).build(words);
            dfa.map_or(Self::Nothing, Self::Dfa)
        }
    }
}

/// Finds every keyword, overlapping ones included. Lane after lane, the matches are in order of their ends.
fn search<A: Automaton>(automaton: &A, bytes: &[u8], reach: usize, lanes: &mut [Vec<Match>; LANES]) {
    lanes.iter_mut().for_each(Vec::clear);
    let Ok(start) = automaton.start_state(Anchored::No) else { return };
    let next = |state: StateID, byte: u8| automaton.next_state(Anchored::No, state, byte);
    let note = |state: StateID, end: usize, found: &mut Vec<Match>| {
        if automaton.is_match(state) && found.len() < MOST_HITS {
            found.extend((0..automaton.match_len(state)).map(|i| (end, automaton.match_pattern(state, i))));
        }
    };
    let length = if bytes.len() < SHORTEST_FOR_LANES { 0 } else { bytes.len() / LANES };
    // A keyword that ends in one part may start in the part before.
    let entered = |lane: usize| {
        let (from, to) = ((lane * length).saturating_sub(reach), lane * length);
        bytes[from..to].iter().fold(start, |state, &byte| next(state, byte))
    };
    let part = |lane: usize| &bytes[lane * length..(lane + 1) * length];
    // The four states stay in registers, and one test asks all of them.
    let (mut s0, mut s1, mut s2, mut s3) = (start, entered(1), entered(2), entered(3));
    let parts = part(0).iter().zip(part(1)).zip(part(2)).zip(part(3));
    for (at, (((&b0, &b1), &b2), &b3)) in parts.enumerate() {
        (s0, s1, s2, s3) = (next(s0, b0), next(s1, b1), next(s2, b2), next(s3, b3));
        let special = |state| automaton.is_special(state);
        if special(s0) | special(s1) | special(s2) | special(s3) {
            for (lane, state) in [s0, s1, s2, s3].into_iter().enumerate() {
                note(state, lane * length + at + 1, &mut lanes[lane]);
            }
        }
    }
    let done = LANES * length;
    for (at, &byte) in bytes[done..].iter().enumerate() {
        s3 = next(s3, byte);
        note(s3, done + at + 1, &mut lanes[LANES - 1]);
    }
}

impl Hits {
    /// The hits of the collector with this index.
    pub(super) fn of(&self, collector: usize) -> &[Hit] {
        self.by_collector.get(collector).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Evidence, Interest, SourceFile};
    use super::*;

    struct A;
    struct B;
    macro_rules! collector {
        ($t:ty, $words:expr) => {
            impl Collector for $t {
                fn id(&self) -> &'static str {
                    "x"
                }
                fn summary(&self) -> &'static str {
                    "x"
                }
                fn interest(&self) -> Interest {
                    Interest { keywords: $words, ..Interest::NONE }
                }
                fn collect(&self, _: &SourceFile<'_>, _: &[Hit], _: &mut Vec<Evidence>) {}
            }
        };
    }
    collector!(A, &["spdx-", "license"]);
    collector!(B, &["license", "spdx-license"]);

    #[test]
    fn shared_and_overlapping_keywords_reach_everyone_who_asked() {
        let prefilter = Prefilter::new(&[&A, &B], 0);
        let mut hits = Hits::default();
        prefilter.scan(b"// SPDX-License-Identifier", &mut hits);
        assert_eq!(hits.of(0), [Hit { keyword: 0, start: 3 }, Hit { keyword: 1, start: 8 }]);
        let mut b = hits.of(1).to_vec();
        b.sort_by_key(|h| h.keyword);
        assert_eq!(b, [Hit { keyword: 0, start: 8 }, Hit { keyword: 1, start: 3 }]);
        prefilter.scan(b"nothing", &mut hits);
        assert!(hits.of(0).is_empty() && hits.of(1).is_empty());
    }

    /// What a naive search finds: ends and words, in order.
    fn naive(words: &[&str], text: &[u8]) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for end in 0..=text.len() {
            for (number, word) in words.iter().enumerate() {
                if end >= word.len() && text[end - word.len()..end].eq_ignore_ascii_case(word.as_bytes()) {
                    out.push((end, number));
                }
            }
        }
        out
    }

    proptest! {
        #[test]
        fn lanes_find_what_one_search_finds(
            letters in proptest::collection::vec(0..4usize, 0..3 * SHORTEST_FOR_LANES),
            fast in any::<bool>(),
        ) {
            let words = ["abba", "ba", "bab", "cabab"];
            let text: Vec<u8> = letters.iter().map(|&l| b"aBbC"[l]).collect();
            let machine = Machine::new(&words, if fast { BYTES_FOR_DFA } else { 0 });
            let mut lanes = Default::default();
            match &machine {
                Machine::Dfa(dfa) => search(dfa, &text, 4, &mut lanes),
                Machine::Nfa(nfa) => search(nfa, &text, 4, &mut lanes),
                Machine::Nothing => panic!("no automaton"),
            }
            let ends: Vec<usize> = lanes.iter().flatten().map(|m| m.0).collect();
            prop_assert!(ends.is_sorted());
            let mut found: Vec<(usize, usize)> = lanes.iter().flatten().map(|m| (m.0, m.1.as_usize())).collect();
            found.sort_unstable();
            prop_assert_eq!(found, naive(&words, &text));
        }
    }
}
