//! Finds sentences that restrict a license text: Commons Clause, non-commercial, field of use.

use std::ops::Range;
use std::sync::OnceLock;

use super::align::Alignment;
use super::index::{Index, Step};
use super::layout::{Kind, WORD_MASK};

/// The places of riders in `words`, in order. Words that belong to a license text are no rider: it restricts nothing
/// beyond itself. Linear in the number of words, with the number of riders as a factor.
pub(super) fn find(index: &Index, words: &[u16], texts: &[Alignment]) -> Vec<Range<usize>> {
    let mut own = vec![true; words.len()];
    for text in texts {
        text.pairs.iter().for_each(|p| own[p.1 as usize] = false);
    }
    let riders = Riders::get(index);
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let end = riders.starting_with(words[at]).filter_map(|steps| follow(steps, words, &own, at)).max();
        match end {
            Some(end) => {
                out.push(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    out
}

/// All riders.
struct Riders {
    steps: Vec<Vec<Step>>,
    /// A bit for each number of a word that starts one: few do, and every word of every license text is asked.
    firsts: Vec<u64>,
}

impl Riders {
    fn get(index: &Index) -> &'static Self {
        static ALL: OnceLock<Riders> = OnceLock::new();
        ALL.get_or_init(|| {
            let texts = (0..index.len() as u16).rev().map(|n| index.text(n));
            let steps: Vec<Vec<Step>> =
                texts.take_while(|t| t.kind == Kind::Rider).map(|t| t.steps().collect()).collect();
            let mut firsts = vec![0; usize::from(WORD_MASK) / 64 + 1];
            for word in steps.iter().filter_map(|steps| steps.first()?.word()) {
                firsts[usize::from(word) / 64] |= 1 << (word % 64);
            }
            Self { steps, firsts }
        })
    }

    fn starting_with(&self, word: u16) -> impl Iterator<Item = &Vec<Step>> {
        let any = self.firsts[usize::from(word) / 64] >> (word % 64) & 1 != 0;
        let steps = if any { self.steps.as_slice() } else { &[] };
        steps.iter().filter(move |steps| steps.first().is_some_and(|step| step.word() == Some(word)))
    }
}

/// Where the rider ends that starts at `at`. At least one of its words must be the file's own.
fn follow(steps: &[Step], words: &[u16], own: &[bool], at: usize) -> Option<usize> {
    let (mut next, mut room) = (at, 0);
    for step in steps {
        if let Some(most) = step.room() {
            room = usize::from(most);
            continue;
        }
        let reach = (next + room + 1).min(words.len());
        let found = (next..reach).find(|&n| step.word() == Some(words[n]))?;
        (next, room) = (found + 1, 0);
    }
    own[at..next].iter().any(|own| *own).then_some(next)
}
