//! Changes of files, gathered from all mends.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::patch;
use crate::model::RelPath;

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub path: RelPath,
    /// Its text now; `None` when it is new.
    pub before: Option<Arc<str>>,
    /// Its text when it is mended.
    pub after: String,
    /// The rules whose findings are mended.
    pub rules: BTreeSet<&'static str>,
    /// Where `before` changes, in bytes, ascending and without overlap.
    edits: Vec<(Range<usize>, String)>,
}

impl Mended {
    /// The change as a unified diff that `git apply` takes.
    pub fn patch(&self) -> String {
        patch::unified(&self.path, self.before.as_deref(), &self.after, &self.edits)
    }
}

#[derive(Default)]
struct Change {
    edits: Vec<(Range<usize>, String)>,
    rules: BTreeSet<&'static str>,
}

/// All changes so far.
#[derive(Default)]
pub(super) struct Edits {
    texts: BTreeMap<RelPath, Option<Arc<str>>>,
    changes: BTreeMap<RelPath, Change>,
    created: BTreeMap<RelPath, (String, BTreeSet<&'static str>)>,
}

impl Edits {
    /// The text of a file, read once.
    pub(super) fn text(&mut self, path: &RelPath, read: &dyn Fn(&RelPath) -> Option<String>) -> Option<Arc<str>> {
        // Names that a diff would have to quote are left alone.
        let is_plain = !path.as_str().contains(|c: char| c.is_control() || matches!(c, '"' | '\\' | '\u{fffd}'));
        let load = || if is_plain { read(path).map(Arc::from) } else { None };
        self.texts.entry(path.clone()).or_insert_with(load).clone()
    }

    /// Puts `text` in the place of a part of a file that was read. Of changes that touch each other the first counts.
    pub(super) fn replace(&mut self, path: &RelPath, range: Range<usize>, text: String, rule: &'static str) {
        let Some(Some(before)) = self.texts.get(path) else { return };
        if before.get(range.clone()).is_none_or(|old| old == text) {
            return;
        }
        let change = self.changes.entry(path.clone()).or_default();
        let overlaps = |other: &Range<usize>| other.start <= range.end && range.start <= other.end;
        if !change.edits.iter().any(|(other, _)| overlaps(other)) {
            change.edits.push((range, text));
            change.rules.insert(rule);
        }
    }

    /// Adds a file. One that is there already stays as it is: the caller asks first.
    pub(super) fn create(&mut self, path: RelPath, text: String, rule: &'static str) {
        self.created.entry(path).or_insert_with(|| (text, BTreeSet::new())).1.insert(rule);
    }

    /// The files that change, sorted by path.
    pub(super) fn finish(self) -> Vec<Mended> {
        let mut out: Vec<Mended> = Vec::new();
        for (path, mut change) in self.changes {
            let Some(Some(before)) = self.texts.get(&path) else { continue };
            change.edits.sort_by_key(|(range, _)| range.start);
            let (mut after, mut at) = (String::with_capacity(before.len() + 64), 0);
            for (range, text) in &change.edits {
                after.push_str(&before[at..range.start]);
                after.push_str(text);
                at = range.end;
            }
            after.push_str(&before[at..]);
            let (edits, rules) = (change.edits, change.rules);
            out.push(Mended { path, before: Some(before.clone()), after, rules, edits });
        }
        for (path, (after, rules)) in self.created {
            out.push(Mended { path, before: None, after, rules, edits: Vec::new() });
        }
        out.sort_by(|a, b| a.path.cmp(&b.path));
        out
    }
}
