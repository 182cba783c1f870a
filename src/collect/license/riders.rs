//! Finds sentences that restrict a license text: Commons Clause, non-commercial, field of use.

use std::ops::Range;

use super::align::Alignment;
use super::index::{Index, Step};
use super::layout::Kind;

/// The places of riders in `words`, in order. Words that belong to a license text are no rider: it restricts nothing
/// beyond itself. Linear in the number of words, with the number of riders as a factor.
pub(super) fn find(index: &Index, words: &[u16], texts: &[Alignment]) -> Vec<Range<usize>> {
    let mut own = vec![true; words.len()];
    for text in texts {
        text.pairs.iter().for_each(|p| own[p.1 as usize] = false);
    }
    let riders: Vec<Vec<Step>> = (0..index.len() as u16)
        .rev()
        .map(|n| index.text(n))
        .take_while(|t| t.kind == Kind::Rider)
        .map(|t| t.steps().collect())
        .collect();
    let firsts: Vec<Option<u16>> = riders.iter().map(|steps| steps.first().and_then(|step| step.word())).collect();
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let here = Some(words[at]);
        let starts = riders.iter().zip(&firsts).filter(|(_, first)| **first == here);
        let end = starts.filter_map(|(steps, _)| follow(steps, words, &own, at)).max();
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
