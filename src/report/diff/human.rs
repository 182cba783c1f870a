//! A comparison for people at a terminal.

use std::io::{self, Write};

use owo_colors::{AnsiColors, OwoColorize};

use super::super::escape::visible;
use super::super::{View, counts};
use super::{Component, Diff, Finding, changes, license, outcome, tally};

/// How many lines of one list are shown.
const LISTED: usize = 20;

pub(super) fn render(diff: &Diff, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if diff.is_empty() {
        return writeln!(out, "Nothing changed.");
    }
    let mut page = Page { view, out };
    let components = &diff.components;
    let parts = [
        (components.added.len(), "added"),
        (components.removed.len(), "removed"),
        (components.changed.len(), "changed"),
    ];
    page.section("Components", &tally(&parts))?;
    page.list('+', AnsiColors::Green, components.added.iter().map(component))?;
    page.list('-', AnsiColors::Red, components.removed.iter().map(component))?;
    page.list('~', AnsiColors::Yellow, components.changed.iter().map(|c| format!("{}  {}", c.purl, changes(c))))?;

    let licenses = &diff.licenses;
    let declared = licenses.declared.iter();
    let declared =
        declared.map(|c| format!("the project: {} to {}", license(c.old.as_deref()), license(c.new.as_deref())));
    let files = licenses.files.iter().map(|file| {
        let (old, new) = (license(file.license.old.as_deref()), license(file.license.new.as_deref()));
        format!("{}  {old} to {new}", file.path)
    });
    let count = counts::plural(licenses.files.len() as u64, "file");
    let changed = !licenses.files.is_empty() || licenses.declared.is_some() || !licenses.counts.is_empty();
    page.section("Licenses", &if changed { format!("{count} with another license") } else { String::new() })?;
    page.list('~', AnsiColors::Yellow, declared.chain(files))?;
    let counts = licenses.counts.iter();
    page.list(
        '#',
        AnsiColors::Default,
        counts.map(|c| format!("{}: {} to {} files", c.license, c.files.old, c.files.new)),
    )?;

    let findings = &diff.findings;
    let parts =
        [(findings.new.len(), "new"), (findings.gone.len(), "gone"), (findings.changed.len(), "of another severity")];
    page.section("Findings", &tally(&parts))?;
    page.list('+', AnsiColors::Red, findings.new.iter().map(finding))?;
    page.list('-', AnsiColors::Green, findings.gone.iter().map(finding))?;
    let changed = findings.changed.iter();
    page.list(
        '~',
        AnsiColors::Yellow,
        changed.map(|c| format!("was {}: {}", counts::severity(c.old_severity), finding(&c.finding))),
    )?;

    page.section("Verdicts", &tally(&[(diff.verdicts.len(), "changed")]))?;
    let verdicts = diff.verdicts.iter();
    page.list(
        '~',
        AnsiColors::Yellow,
        verdicts.map(|v| format!("{} ({})  {} to {}", v.rule, v.phrase, outcome(v.old), outcome(v.new))),
    )
}

struct Page<'a> {
    view: &'a View,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    /// A heading with what follows it; nothing when nothing does.
    fn section(&mut self, title: &str, tally: &str) -> io::Result<()> {
        if tally.is_empty() {
            return Ok(());
        }
        if self.view.color {
            writeln!(self.out, "{}: {tally}", title.bold())
        } else {
            writeln!(self.out, "{title}: {tally}")
        }
    }

    fn list(&mut self, mark: char, color: AnsiColors, lines: impl Iterator<Item = String>) -> io::Result<()> {
        let most = if self.view.verbose > 0 { usize::MAX } else { LISTED };
        let mut left_out = 0;
        for (at, line) in lines.enumerate() {
            if at >= most {
                left_out += 1;
            } else if self.view.color {
                writeln!(self.out, "  {} {}", mark.color(color), visible(&line))?;
            } else {
                writeln!(self.out, "  {mark} {}", visible(&line))?;
            }
        }
        if left_out > 0 {
            writeln!(self.out, "  {mark} {} more; -v shows all", counts::number(left_out))?;
        }
        Ok(())
    }
}

fn component(component: &Component) -> String {
    let direct = if component.direct { ", direct" } else { "" };
    format!(
        "{}  {} ({}{direct})",
        component.purl,
        component.license.as_deref().unwrap_or("license unknown"),
        component.scope
    )
}

fn finding(finding: &Finding) -> String {
    let Finding { rule, path, start_line, message, .. } = finding;
    format!("{}[{rule}] {path}:{start_line}  {message}", counts::severity(finding.severity))
}
