//! One row per finding, for spreadsheets (RFC 4180).

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Format, View, counts, escape};
use crate::model::{Finding, Report, State};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    summary: "One row per finding, waived and baselined ones included, for spreadsheets.",
    extension: "csv",
    render,
};

const HEADER: &str =
    "rule,severity,state,path,line,column,subject,message,help,license,justification,controls,fingerprint";

fn render(report: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{HEADER}\r\n")?;
    for finding in &report.findings {
        let row = row(finding);
        let cells: Vec<Cow<'_, str>> = row.iter().map(|text| cell(text)).collect();
        write!(out, "{}\r\n", cells.join(","))?;
    }
    Ok(())
}

/// The cells of a finding, in the order of [`HEADER`].
fn row(finding: &Finding) -> [Cow<'_, str>; 13] {
    let region = finding.place.region.as_ref();
    let number = |of: fn(&crate::model::Region) -> u32| region.map_or_else(String::new, |r| of(r).to_string());
    let state = match finding.state {
        State::New => "new",
        State::Baselined => "baselined",
        State::Waived => "waived",
    };
    let controls =
        finding.maps.iter().flat_map(|(standard, ids)| ids.iter().map(move |id| format!("{standard}:{id}")));
    [
        (&*finding.rule).into(),
        counts::severity(finding.severity).into(),
        state.into(),
        finding.place.path.to_string().into(),
        number(|r| r.start_line).into(),
        number(|r| r.start_column).into(),
        (&*finding.subject).into(),
        (&*finding.message).into(),
        (&*finding.help).into(),
        finding.license.as_deref().unwrap_or_default().into(),
        finding.justification.as_deref().unwrap_or_default().into(),
        controls.collect::<Vec<_>>().join(" ").into(),
        (&*finding.fingerprint).into(),
    ]
}

/// A text as a cell. A spreadsheet would run a text that begins like a formula; an apostrophe makes it a text there.
fn cell(text: &str) -> Cow<'_, str> {
    let mut text = escape::visible(text);
    if text.trim_start().starts_with(['=', '+', '-', '@']) {
        text = format!("'{text}").into();
    }
    match text.contains(['"', ',', ';']) || text.trim() != text {
        true => format!("\"{}\"", text.replace('"', "\"\"")).into(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_cell_stays_one_cell_and_is_no_formula() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(cell(" @SUM(1,2)"), "\"' @SUM(1,2)\"");
        assert_eq!(cell("two\r\nlines"), r"two\r\nlines");
        assert_eq!(cell(""), "");
    }

    #[test]
    fn there_is_one_line_for_each_finding_whatever_it_holds() {
        let text = sample::render(&FORMAT, &View::default());
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 1 + sample::report().findings.len());
        assert!(lines.iter().all(|line| !line.contains(['\r', '\n'])));
        assert!(lines[0].starts_with("rule,severity,") && lines[1].starts_with("license/no-root-text,error,new,"));
    }
}
