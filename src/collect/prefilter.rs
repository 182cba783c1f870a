//! One multi-pattern pass per file decides who looks where.

use std::collections::HashMap;

use super::Collector;
use super::keywords::{Keywords, Scratch, Word};

/// A keyword found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The index of the keyword in the collector's [`super::Interest::keywords`].
    pub keyword: u16,
    /// The byte offset at which it starts.
    pub start: u32,
}

/// All keywords of all collectors.
pub struct Prefilter {
    keywords: Keywords,
    /// For each keyword who wants it under which keyword number.
    wanted: Vec<Vec<(u16, u16)>>,
    collectors: &'static [&'static dyn Collector],
}

/// Hits of one file, by collector; reused from file to file.
#[derive(Default)]
pub(super) struct Hits {
    by_collector: Vec<Vec<Hit>>,
    scratch: Scratch,
}

/// How many hits of one collector in one file are kept. Behind that many, one more place tells nothing new, and a
/// hostile file must not fill the memory.
const MOST_HITS: usize = 100_000;

/// What opens a part of a file that speaks of other things (see [`super::ignored`]); every collector has to know of it.
const IGNORE: &str = "reuse-ignorestart";

impl Prefilter {
    /// Lists the keywords of `collectors`.
    pub fn new(collectors: &'static [&'static dyn Collector]) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let mut wanted: Vec<Vec<(u16, u16)>> = Vec::new();
        let mut numbers: HashMap<(&'static str, bool), usize> = HashMap::new();
        for (who, collector) in collectors.iter().enumerate() {
            let interest = collector.interest();
            for (number, &text) in interest.keywords.iter().enumerate() {
                let starts = (interest.starts_word)(number);
                let at = *numbers.entry((text, starts)).or_insert_with(|| {
                    words.push(Word { text: text.into(), starts });
                    wanted.push(Vec::new());
                    words.len() - 1
                });
                wanted[at].push((who as u16, number as u16));
            }
        }
        words.push(Word { text: IGNORE.into(), starts: false });
        wanted.push(vec![(collectors.len() as u16, 0)]);
        Self { keywords: Keywords::new(words), wanted, collectors }
    }

    /// The collectors that it was built for.
    pub fn collectors(&self) -> &'static [&'static dyn Collector] {
        self.collectors
    }

    /// Finds every keyword in `bytes`, overlapping ones included, in order of their ends.
    pub(super) fn scan(&self, bytes: &[u8], hits: &mut Hits) {
        let Hits { by_collector, scratch } = hits;
        by_collector.iter_mut().for_each(Vec::clear);
        by_collector.resize_with(self.collectors.len() + 1, Vec::new);
        self.keywords.scan(bytes, scratch, |word, start| {
            for &(who, keyword) in &self.wanted[usize::from(word)] {
                let list = &mut by_collector[usize::from(who)];
                if list.len() < MOST_HITS {
                    list.push(Hit { keyword, start });
                }
            }
        });
    }
}

impl Hits {
    /// Whether parts of the file speak of other things.
    pub(super) fn ignore(&self) -> bool {
        self.by_collector.last().is_some_and(|hits| !hits.is_empty())
    }

    /// The hits of the collector with this index.
    pub(super) fn of(&self, collector: usize) -> &[Hit] {
        self.by_collector.get(collector).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
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
        let prefilter = Prefilter::new(&[&A, &B]);
        let mut hits = Hits::default();
        prefilter.scan(b"// SPDX-License-Identifier", &mut hits);
        assert_eq!(hits.of(0), [Hit { keyword: 0, start: 3 }, Hit { keyword: 1, start: 8 }]);
        let mut b = hits.of(1).to_vec();
        b.sort_by_key(|h| h.keyword);
        assert_eq!(b, [Hit { keyword: 0, start: 8 }, Hit { keyword: 1, start: 3 }]);
        prefilter.scan(b"nothing", &mut hits);
        assert!(hits.of(0).is_empty() && hits.of(1).is_empty());
    }

    #[test]
    fn every_keyword_is_long_enough() {
        for collector in crate::collect::COLLECTORS {
            for keyword in collector.interest().keywords {
                let long = keyword.len() >= 3 || keyword.len() == 2 && !keyword.is_ascii();
                assert!(long, "{keyword}");
            }
        }
    }
}
