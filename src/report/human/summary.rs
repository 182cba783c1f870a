//! What stands below the findings: the clause, what was not read, and the counts.

use std::io::{self, Write};

use owo_colors::OwoColorize;
use textwrap::core::display_width;

use super::super::counts::{self, Counts, number, plural};
use super::{Terminal, escape, fit};
use crate::model::{ClauseSummary, Finding, Outcome, Report, Severity, Skipped, State};

/// How many skipped paths are listed.
const SKIPPED: usize = 5;

/// Writes the summary.
pub(super) fn write(report: &Report, terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(&report.findings);
    let verbose = terminal.view.verbose > 0;
    if counts.new_findings() > 0 || verbose {
        clauses(&report.clauses, terminal, out)?;
    } else {
        clean(report, terminal, out)?;
    }
    if verbose {
        undecided(report, out)?;
    }
    skipped(&report.inventory.skipped, terminal, out)?;
    if let Some(words) = terminal.view.folded(report) {
        writeln!(out, "{words}")?;
    }
    last_line(report, counts, terminal, out)
}

/// Two lines for a repository in which nothing counts.
fn clean(report: &Report, terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let of = |outcome| report.verdicts.iter().filter(|v| v.verdict == outcome).count() as u64;
    if report.inventory.statistics.files == 0 {
        return writeln!(out, "{}: the folder is empty, or all of it is ignored.", counts::clean(report));
    }
    let mark = if terminal.view.unicode { "✓ " } else { "" };
    writeln!(out, "{mark}{}. {}.", counts::clean(report), passed(of(Outcome::Pass)))?;
    let (nothing, undecidable) = (of(Outcome::NotApplicable), of(Outcome::Undecidable));
    if nothing + undecidable > 0 {
        writeln!(
            out,
            "{} had nothing to judge, {} cannot be decided from this scan.",
            plural(nothing, "rule"),
            number(undecidable)
        )?;
    }
    Ok(())
}

fn passed(rules: u64) -> String {
    format!("{} passed", plural(rules, "rule"))
}

/// A table with one row per phrase.
fn clauses(clauses: &[ClauseSummary], terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    if clauses.is_empty() {
        return Ok(());
    }
    const NUMBERS: &str = "  pass  fail  n.a.  undecidable  worst";
    let titles: Vec<_> = clauses.iter().map(|c| escape::visible(&c.title)).collect();
    let longest = titles.iter().map(|t| display_width(t)).max().unwrap_or(0).max("Clause 5".len() - 3);
    let room = longest.min(terminal.width.saturating_sub(NUMBERS.len() + 6));
    let head = format!("{:width$}{NUMBERS}", "Clause 5", width = room + 4);
    writeln!(out, "{}", head.style(terminal.strong()))?;
    for (clause, title) in clauses.iter().zip(&titles) {
        let title = fit::clip(title, room, terminal.ellipsis());
        let pad = " ".repeat(room.saturating_sub(display_width(&title)));
        let (worst, style) = match clause.worst {
            Some(severity) => (counts::severity(severity), terminal.severity(severity)),
            None => ("-", owo_colors::Style::new()),
        };
        writeln!(
            out,
            "{:<3} {title}{pad}{:>6}{:>6}{:>6}{:>13}  {}",
            escape::visible(&clause.phrase),
            clause.pass,
            clause.fail,
            clause.not_applicable,
            clause.undecidable,
            worst.style(style),
        )?;
    }
    writeln!(out)
}

/// Why rules could not be decided.
fn undecided(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let verdicts: Vec<_> = report.verdicts.iter().filter(|v| v.verdict == Outcome::Undecidable).collect();
    if verdicts.is_empty() {
        return Ok(());
    }
    writeln!(out, "Undecidable:")?;
    for verdict in verdicts {
        writeln!(out, "  {}: {}", escape::visible(&verdict.rule), escape::visible(&verdict.reason))?;
    }
    writeln!(out)
}

/// What was not read. Links out of the tree and special files hold nothing of the checkout, so they are only counted.
fn skipped(skipped: &[Skipped], terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verbose = terminal.view.verbose > 0;
    let (missed, outside): (Vec<_>, Vec<_>) = skipped.iter().partition(|s| s.kind.is_incomplete());
    let mut list = |title: String, entries: &[&Skipped], limit: usize| -> io::Result<()> {
        let end = if limit == 0 { "." } else { ":" };
        writeln!(out, "{}", fit::wrap("", &format!("{title}{end}"), terminal.width))?;
        for entry in entries.iter().take(limit) {
            let path = entry.path.to_string();
            let text = format!("{}: {}", escape::visible(&path), escape::visible(&entry.reason));
            writeln!(out, "{}", fit::wrap("  ", &text, terminal.width))?;
        }
        match entries.len().saturating_sub(limit) {
            more @ 1.. if limit > 0 => {
                writeln!(out, "  {} and {} more; -v lists all", terminal.ellipsis(), number(more as u64))
            }
            _ => Ok(()),
        }
    };
    let limit = if verbose { usize::MAX } else { SKIPPED };
    if !missed.is_empty() {
        list(format!("{} could not be read, or only in part", plural(missed.len() as u64, "path")), &missed, limit)?;
    }
    if !outside.is_empty() {
        let limit = if verbose { usize::MAX } else { 0 };
        list(
            format!(
                "{} left out: links that lead out or nowhere, special files",
                plural(outside.len() as u64, "path")
            ),
            &outside,
            limit,
        )?;
    }
    Ok(())
}

/// The counts.
fn last_line(report: &Report, counts: Counts, terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut parts = Vec::new();
    for (n, noun, severity) in [
        (counts.errors, "error", Severity::Error),
        (counts.warnings, "warning", Severity::Warning),
        (counts.notes, "note", Severity::Note),
    ] {
        let text = plural(n, noun);
        parts.push(if n > 0 { text.style(terminal.severity(severity)).to_string() } else { text });
    }
    let mut line = format!("{} in {}", parts.join(", "), plural(report.inventory.statistics.files, "file"));
    if counts.waived + counts.baselined > 0 {
        line.push_str(&format!("; {}", counts.suppressed()));
    }
    let below = |f: &&Finding| f.state == State::New && f.severity < terminal.view.min_severity;
    if let hidden @ 1.. = report.findings.iter().filter(below).count() as u64 {
        line.push_str(&format!("; {} not shown (--min-severity)", number(hidden)));
    }
    writeln!(out, "{}", fit::wrap("", &line, terminal.width))
}
