//! What is found out about one file, part by part.

use std::collections::BTreeSet;

use super::pickle::Storage;
use crate::collect::archive::Budget;
use crate::model::Safety;

/// How many reasons are kept: the first of each kind tell enough.
const MOST_REASONS: usize = 50;

/// What was found out so far.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    format: Option<&'static str>,
    reasons: Vec<(Safety, String)>,
    /// What may still be unpacked.
    pub(super) budget: Budget,
    /// Whether what reads it resolves persistent ids, as PyTorch does in its archives.
    pub(super) persistent: bool,
    /// The tensors that pickles ask PyTorch for.
    pub(super) storages: BTreeSet<Storage>,
    /// Bytes inside that a loader would be called on, to be looked at in turn.
    nested: Vec<Vec<u8>>,
}

impl Verdict {
    /// An empty verdict on a part, with the whole budget; it is given back by hand.
    pub(super) fn inner(&mut self) -> Self {
        Self { budget: std::mem::take(&mut self.budget), persistent: self.persistent, ..Self::default() }
    }

    /// Names the format; the first name holds, for it is that of the outermost part.
    pub(super) fn format(&mut self, format: &'static str) {
        self.format.get_or_insert(format);
    }

    /// Whether the format was recognised.
    pub(super) fn is_known(&self) -> bool {
        self.format.is_some()
    }

    pub(super) fn add(&mut self, safety: Safety, reason: String) {
        let is_new = !self.reasons.iter().any(|(_, known)| *known == reason);
        if is_new && (self.reasons.len() < MOST_REASONS || safety > self.safety()) {
            self.reasons.push((safety, reason));
        }
    }

    pub(super) fn unread(&mut self, reason: String) {
        self.add(Safety::Unread, reason);
    }

    /// The worst so far.
    pub(super) fn safety(&self) -> Safety {
        self.reasons.iter().map(|(safety, _)| *safety).max().unwrap_or(Safety::Clean)
    }

    pub(super) fn nested(&mut self, bytes: &[u8]) {
        if self.nested.len() < MOST_REASONS {
            self.nested.push(bytes.to_vec());
        }
    }

    pub(super) fn take_nested(&mut self) -> Option<Vec<u8>> {
        self.nested.pop()
    }

    /// Takes over what was found of the same bytes; its format says more.
    pub(super) fn absorb(&mut self, found: Self) {
        self.format = found.format.or(self.format);
        for bytes in &found.nested {
            self.nested(bytes);
        }
        self.storages.extend(found.storages);
        for (safety, reason) in found.reasons {
            self.add(safety, reason);
        }
    }

    /// What was found, each with what it means.
    pub(super) fn reasons(self) -> Vec<(Safety, String)> {
        self.reasons
    }

    /// Format, safety, and the reasons, worst first.
    pub(super) fn finish(mut self) -> (String, Safety, Vec<String>) {
        let safety = self.safety();
        self.reasons.sort_by_key(|(safety, _)| std::cmp::Reverse(*safety));
        let reasons = self.reasons.into_iter().map(|(_, reason)| reason).collect();
        (self.format.unwrap_or("unknown").to_owned(), safety, reasons)
    }
}
