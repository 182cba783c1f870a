//! Mends that leave nothing to decide: what a finding's help says, as changes of files.
//!
//! Each file below mends the findings of a few rules, listed in [`FIXES`]. A mend is made only where the checkout itself
//! tells the right value; whatever leaves a doubt is left to people. Nothing here opens files: the caller reads them, and
//! writes what comes out.

mod actions;
mod edits;
mod headers;
mod names;
mod patch;
mod texts;
mod updates;

#[cfg(test)]
mod tests;

use crate::model::{Finding, RelPath, Report, State};

use edits::Edits;
pub use edits::Mended;

/// What mends the findings of one rule.
pub struct Fix {
    /// `pack/rule-id`.
    pub rule: &'static str,
    /// What is done, and when, as one sentence.
    pub summary: &'static str,
    /// Adds the changes that mend one finding, or none.
    mend: fn(&Finding, &mut Bench<'_>),
}

/// Every mend, by rule.
pub static FIXES: &[Fix] = &[
    texts::ROOT_TEXT,
    names::MANIFEST_INVALID,
    names::MANIFEST_DEPRECATED,
    names::TAG_MALFORMED,
    headers::COVERAGE,
    texts::REUSE_TEXT,
    actions::UNPINNED,
    updates::COOLDOWN,
];

/// What the mends work on.
struct Bench<'a> {
    report: &'a Report,
    /// Reads a file of the checkout as UTF-8; `None` where it is none, or no file.
    read: &'a dyn Fn(&RelPath) -> Option<String>,
    edits: Edits,
    /// What the workflows pin, once a finding asked for it.
    pins: Option<actions::Pins>,
}

impl Bench<'_> {
    /// The text of a file, read once.
    fn text(&mut self, path: &RelPath) -> Option<std::sync::Arc<str>> {
        self.edits.text(path, self.read)
    }

    /// The lines of a file, each with the byte it starts at, and without its end.
    fn line(&mut self, path: &RelPath, number: u32) -> Option<(usize, String)> {
        let text = self.text(path)?;
        let mut start = 0;
        for (at, line) in text.split_inclusive('\n').enumerate() {
            if at + 1 == number as usize {
                return Some((start, line.trim_end_matches(['\n', '\r']).to_owned()));
            }
            start += line.len();
        }
        None
    }
}

/// The files that change when the findings of `rules` (of all in [`FIXES`] when there are none) are mended, sorted by path.
/// Findings that are waived stay.
///
/// `read` gives the text of a file of the checkout, or `None` where it must not be changed: no file, a link, no UTF-8.
pub fn mend(report: &Report, rules: &[String], read: &dyn Fn(&RelPath) -> Option<String>) -> Vec<Mended> {
    let mut bench = Bench { report, read, edits: Edits::default(), pins: None };
    for finding in report.findings.iter().filter(|finding| finding.state != State::Waived) {
        let wanted = rules.is_empty() || rules.contains(&finding.rule);
        if let Some(fix) = FIXES.iter().find(|fix| fix.rule == finding.rule).filter(|_| wanted) {
            (fix.mend)(finding, &mut bench);
        }
    }
    bench.edits.finish()
}
