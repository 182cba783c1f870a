//! Renders a [`Report`] for people and machines, one file or folder per format.
//!
//! Adding a format is one file and one line in [`FORMATS`]; help texts, listings and tests derive from that slice.
//! Formats decide nothing: severities, states and verdicts come from the report as they are.

pub mod bill;
pub mod diff;

mod controls;
mod counts;
mod csv;
mod escape;
mod github;
mod html;
mod human;
mod json;
mod markdown;
mod sarif;
mod short;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::PathBuf;

use crate::model::{Finding, Report, Severity, State};

pub use controls::{ControlText, write_controls};
pub use json::{files_json, folders_json, json_schema};

/// Every format, the default first.
pub static FORMATS: &[Format] = &[
    human::FORMAT,
    short::FORMAT,
    json::FORMAT,
    sarif::FORMAT,
    markdown::FORMAT,
    github::FORMAT,
    html::FORMAT,
    csv::FORMAT,
    bill::CYCLONEDX,
    bill::CYCLONEDX_1_7,
    bill::CYCLONEDX_XML,
    bill::SPDX,
    bill::SPDX_TAG_VALUE,
    bill::SPDX3,
    bill::NOTICE,
    bill::NOTICE_HTML,
];

/// The format called `name`.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name)
}

/// The names of all formats, in the order of [`FORMATS`].
pub fn names() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|f| f.name)
}

/// One way to write a report.
#[derive(Clone, Copy)]
pub struct Format {
    /// What `--format` calls it, in kebab-case.
    pub name: &'static str,
    /// What it is for, as one short sentence.
    pub summary: &'static str,
    /// The usual extension of such a file, without the dot.
    pub extension: &'static str,
    /// Writes the report. Prefer [`Format::write`], which buffers.
    pub render: fn(&Report, &View, &mut dyn Write) -> io::Result<()>,
}

impl Format {
    /// Writes the report to `out` through a buffer, and flushes it.
    ///
    /// Errors are those of `out`; a closed pipe comes back as [`io::ErrorKind::BrokenPipe`].
    pub fn write(&self, report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
        let mut buffer = io::BufWriter::with_capacity(1 << 16, out);
        (self.render)(report, view, &mut buffer)?;
        buffer.flush()
    }
}

/// How a report is to look. Formats for machines look at none of it: they are complete and the same everywhere.
#[derive(Clone, Debug)]
pub struct View {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether ANSI colours may be used.
    pub color: bool,
    /// Whether characters outside ASCII may be used for drawing.
    pub unicode: bool,
    /// Whether paths become OSC 8 hyperlinks; needs `root`.
    pub hyperlinks: bool,
    /// The absolute path of the scanned root; used for hyperlinks only, and never written otherwise.
    pub root: Option<PathBuf>,
    /// Findings below it are not shown; the counts at the end still have them.
    pub min_severity: Severity,
    /// Whether waived and baselined findings are shown.
    pub show_suppressed: bool,
    /// 0 for the usual amount; from 1 nothing is shortened, and pedantic notes are shown.
    pub verbose: u8,
}

impl Default for View {
    /// A plain view for files and pipes: 100 columns, Unicode, no colour, everything that counts.
    fn default() -> Self {
        Self {
            width: 100,
            color: false,
            unicode: true,
            hyperlinks: false,
            root: None,
            min_severity: Severity::Note,
            show_suppressed: false,
            verbose: 0,
        }
    }
}

impl View {
    /// The findings to show, in the order of the report; pedantic ones only when nothing is shortened.
    fn shown<'a>(&'a self, report: &'a Report) -> impl Iterator<Item = &'a Finding> {
        self.wanted(report).filter(|f| self.verbose > 0 || !f.is_pedantic())
    }

    /// What says how many findings [`View::shown`] leaves out as pedantic, and how to see them; nothing when it leaves
    /// none out.
    fn folded(&self, report: &Report) -> Option<String> {
        let folded = self.wanted(report).filter(|f| f.is_pedantic()).count() as u64;
        let notes = counts::plural(folded, "pedantic note");
        (self.verbose == 0 && folded > 0).then(|| format!("{notes} left out; -v shows them"))
    }

    fn wanted<'a>(&'a self, report: &'a Report) -> impl Iterator<Item = &'a Finding> {
        report
            .findings
            .iter()
            .filter(|f| f.severity >= self.min_severity && (self.show_suppressed || f.state == State::New))
    }
}
