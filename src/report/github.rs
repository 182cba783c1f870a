//! Workflow commands of GitHub Actions: annotations for the worst findings.
//!
//! GitHub shows at most ten annotations of each severity per step, so only the worst ten findings become one.

use std::io::{self, Write};

use super::{Format, View, counts, escape};
use crate::model::{Finding, Report, Severity};

pub(super) const FORMAT: Format = Format {
    name: "github",
    summary: "GitHub Actions workflow commands that annotate the ten worst findings.",
    extension: "txt",
    render,
};

/// How many findings become annotations.
const ANNOTATIONS: usize = 10;

fn render(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<_> = view.shown(report).collect();
    for finding in shown.iter().take(ANNOTATIONS) {
        annotate(finding, out)?;
    }
    if shown.len() > ANNOTATIONS {
        writeln!(out, "{ANNOTATIONS} of {} are annotated.", counts::plural(shown.len() as u64, "finding"))?;
    }
    Ok(())
}

fn annotate(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    write!(out, "::{command} ")?;
    let path = finding.place.path.as_str();
    if !path.is_empty() {
        write!(out, "file={},", property(&escape::visible(path)))?;
    }
    if let Some(region) = &finding.place.region {
        write!(out, "line={},endLine={},", region.start_line, region.end_line)?;
        if region.start_line == region.end_line {
            write!(out, "col={},endColumn={},", region.start_column, region.end_column)?;
        }
    }
    let message = format!("{}{}\n", counts::state(finding.state), escape::visible(finding.message_beside_path()));
    let help = escape::lines(&finding.help).collect::<Vec<_>>().join("\n");
    writeln!(out, "title={}::{}", property(&escape::visible(&finding.rule)), data((message + &help).trim_end()))
}

/// Text behind `::`, as the runner's own toolkit escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, as the runner's own toolkit escapes it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn an_annotation_is_exact() {
        let text = sample::render(&FORMAT, &View::default());
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "::error file=Cargo.toml,line=3,endLine=3,col=1,endColumn=23,title=license/no-root-text::\
             The repository has no license text at its root.%0A\
             Add the text of Apache-2.0 as LICENSE beside Cargo.toml."
        );
        assert!(lines[1].starts_with("::error file=.github/workflows/ci.yml,line=14,endLine=15,title="));
        assert_eq!(
            lines[5],
            "::notice file=README.md,title=docs/changelog-missing::\
             There is no changelog.%0AAdd CHANGELOG.md with one section per release."
        );
    }

    #[test]
    fn a_hostile_name_starts_no_command_and_no_property() {
        let text = sample::render(&FORMAT, &View::default());
        let line = text.lines().nth(3).unwrap();
        assert!(
            line.starts_with(r"::warning file=src/\u{202e}c.`a` | <b>%2Cx%3A%3Ay%25\n%3A%3Aerror%3A%3A.c,line=1,"),
            "{line}"
        );
        assert_eq!(text.lines().count(), 6);
        assert!(line.contains(r"MIT\u{1b}]0;owned\u{7}") && line.contains("%250A"));
        assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)));
    }

    #[test]
    fn only_the_worst_ten_are_annotated() {
        let mut report = sample::report();
        report.findings = vec![report.findings[0].clone(); 12];
        let text = sample::render_report(&FORMAT, &report, &View::default());
        assert_eq!(text.lines().filter(|l| l.starts_with("::error ")).count(), 10);
        assert!(text.ends_with("10 of 12 findings are annotated.\n"));
    }
}
