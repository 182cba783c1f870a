//! Where a document breaks its standard.

use crate::collect::SourceFile;
use crate::collect::json::Node;
use crate::model::BillFault;

/// How many faults of one document are kept. Behind the first hundred the rest tells nothing new.
const MOST: usize = 100;

/// Collects faults.
pub(super) struct Faults<'f, 't> {
    file: &'f SourceFile<'t>,
    found: Vec<BillFault>,
}

impl<'f, 't> Faults<'f, 't> {
    pub(super) fn new(file: &'f SourceFile<'t>) -> Self {
        Self { file, found: Vec::new() }
    }

    /// The document breaks its standard at `node`.
    pub(super) fn add(&mut self, node: &Node<'_>, reason: impl Into<String>) {
        if self.found.len() < MOST {
            self.found.push(BillFault { reason: reason.into(), place: node.place(self.file) });
        }
    }

    /// The document breaks its standard at an offset.
    pub(super) fn add_at(&mut self, offset: usize, reason: impl Into<String>) {
        if self.found.len() < MOST {
            let place = self.file.place_of_line(self.file.line_at(offset));
            self.found.push(BillFault { reason: reason.into(), place });
        }
    }

    /// What was found, in the order of the document.
    pub(super) fn finish(mut self) -> Vec<BillFault> {
        self.found.sort_by(|a, b| (a.place.start_line(), &a.reason).cmp(&(b.place.start_line(), &b.reason)));
        self.found.dedup();
        self.found
    }
}

/// The text of a member that must be there, and must not be empty.
pub(super) fn required<'n>(
    node: &'n Node<'_>,
    key: &str,
    what: &str,
    faults: &mut Faults<'_, '_>,
) -> Option<&'n str> {
    match node.get(key) {
        None => {
            faults.add(node, format!("{what} lacks `{key}`"));
            None
        }
        Some(value) => {
            let text = value.text();
            if text.is_none_or(str::is_empty) {
                faults.add(value, format!("`{key}` of {what} must be a text that is not empty"));
            }
            text.filter(|text| !text.is_empty())
        }
    }
}

/// Whether a text is a time of RFC 3339; with `utc`, one in UTC and whole seconds as SPDX has it.
pub(super) fn is_time(text: &str, utc: bool) -> bool {
    let shape = text.parse::<jiff::Timestamp>().is_ok();
    shape && (!utc || text.len() == 20 && text.ends_with('Z'))
}
