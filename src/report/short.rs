//! One line per finding, for `grep` and for editors that read compiler messages.

use std::io::{self, Write};

use super::{Format, View, counts, escape};
use crate::model::{Place, Report};

pub(super) const FORMAT: Format = Format {
    name: "short",
    summary: "One line per finding: path:line:column: severity rule: message.",
    extension: "txt",
    render,
};

fn render(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    for finding in view.shown(report) {
        writeln!(
            out,
            "{}: {} {}: {}{}",
            location(&finding.place),
            counts::severity(finding.severity),
            escape::visible(&finding.rule),
            counts::state(finding.state),
            escape::visible(finding.message_beside_path()),
        )?;
    }
    match view.folded(report) {
        Some(words) => writeln!(out, "{words}"),
        None => Ok(()),
    }
}

/// `path:line:column`, with 1 for both when the file as a whole is meant.
fn location(place: &Place) -> String {
    let (line, column) = place.region.as_ref().map_or((1, 1), |r| (r.start_line, r.start_column));
    format!("{}:{line}:{column}", escape::visible(&place.path.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use crate::report::sample;

    #[test]
    fn every_finding_is_one_line_and_nothing_hidden_gets_through() {
        let view = View { show_suppressed: true, ..View::default() };
        let text = sample::render(&FORMAT, &view);
        assert_eq!(text.lines().count(), sample::report().findings.len());
        assert!(text.ends_with('\n'));
        assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)));
    }

    #[test]
    fn the_smallest_severity_filters() {
        let view = View { min_severity: Severity::Error, ..View::default() };
        let text = sample::render(&FORMAT, &view);
        assert_eq!(text.lines().count(), 2);
        assert!(text.starts_with("Cargo.toml:3:1: error license/no-root-text: "), "{text}");
    }
}
