//! Counts of findings, and numbers and words as text.

use crate::model::{Finding, Report, Severity, State};

/// How many findings there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) notes: u64,
    pub(super) waived: u64,
    pub(super) baselined: u64,
}

impl Counts {
    /// Counts `findings`; waived and baselined ones only as such.
    pub(super) fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match (finding.state, finding.severity) {
                (State::Waived, _) => counts.waived += 1,
                (State::Baselined, _) => counts.baselined += 1,
                (State::New, Severity::Error) => counts.errors += 1,
                (State::New, Severity::Warning) => counts.warnings += 1,
                (State::New, Severity::Note) => counts.notes += 1,
            }
        }
        counts
    }

    /// Findings that count.
    pub(super) fn new_findings(self) -> u64 {
        self.errors + self.warnings + self.notes
    }

    /// `3 errors, 1 warning, 0 notes`.
    pub(super) fn by_severity(self) -> String {
        format!(
            "{}, {}, {}",
            plural(self.errors, "error"),
            plural(self.warnings, "warning"),
            plural(self.notes, "note")
        )
    }

    /// `2 waived, 1 baselined`; empty when there is neither.
    pub(super) fn suppressed(self) -> String {
        let parts = [(self.waived, "waived"), (self.baselined, "baselined")];
        let parts = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", number(n)));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// What a report without findings says. A scan that met no file says nothing of a project: the folder may be the wrong
/// one, or all of it ignored.
pub(super) fn clean(report: &Report) -> &'static str {
    if report.inventory.statistics.files == 0 { "No files to scan" } else { "Nothing to mend" }
}

/// `1 file`, `1,204 files`; for nouns that take an `s`.
pub(super) fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", number(n), if n == 1 { "" } else { "s" })
}

/// `1,204,000`.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// What stands before the message of a finding that does not count; empty for one that does.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::New => "",
        State::Baselined => "(baselined) ",
        State::Waived => "(waived) ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!([0, 12, 999, 1000, 1_234_567].map(number), ["0", "12", "999", "1,000", "1,234,567"]);
        assert_eq!((plural(1, "file"), plural(0, "file")), ("1 file".into(), "0 files".into()));
    }

    #[test]
    fn suppressed_findings_count_only_as_such() {
        let report = crate::report::sample::report();
        let counts = Counts::of(&report.findings);
        let expected = Counts { errors: 2, warnings: 3, notes: 1, waived: 1, baselined: 1 };
        assert_eq!((counts, counts.new_findings()), (expected, 6));
        assert_eq!(counts.by_severity(), "2 errors, 3 warnings, 1 note");
        assert_eq!(counts.suppressed(), "1 waived, 1 baselined");
        assert_eq!(Counts::default().suppressed(), "");
    }
}
