//! A comparison in GitHub Flavored Markdown, for a comment on a pull request or a job summary.

use std::io::{self, Write};

use super::super::escape::{markdown, markdown_code};
use super::super::{View, counts};
use super::{Component, Diff, Finding, changes, license, outcome, tally};

/// How many rows of one table are shown; a comment holds 65,536 characters.
const ROWS: usize = 100;

pub(super) fn render(diff: &Diff, _: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Open source compliance: what changed\n")?;
    if diff.is_empty() {
        return writeln!(out, "Nothing changed.");
    }
    let findings = &diff.findings;
    let parts =
        [(findings.new.len(), "new"), (findings.gone.len(), "gone"), (findings.changed.len(), "of another severity")];
    let new = findings.new.iter().map(|f| finding("new", f));
    let changed =
        findings.changed.iter().map(|c| finding(&format!("was {}", counts::severity(c.old_severity)), &c.finding));
    let gone = findings.gone.iter().map(|f| finding("gone", f));
    table(
        "Findings",
        &tally(&parts),
        &["", "Severity", "Rule", "Place", "Message"],
        new.chain(changed).chain(gone),
        out,
    )?;

    let components = &diff.components;
    let parts = [
        (components.added.len(), "added"),
        (components.removed.len(), "removed"),
        (components.changed.len(), "changed"),
    ];
    let row = |word: &str, purl: &str, what: &str| vec![word.to_owned(), markdown_code(purl), markdown(what)];
    let known = |c: &Component| c.license.clone().unwrap_or_else(|| "unknown".to_owned());
    let added = components.added.iter().map(|c| row("added", &c.purl, &known(c)));
    let removed = components.removed.iter().map(|c| row("removed", &c.purl, &known(c)));
    let changed = components.changed.iter().map(|c| row("changed", &c.purl, &changes(c)));
    table(
        "Components",
        &tally(&parts),
        &["", "Component", "License or change"],
        added.chain(removed).chain(changed),
        out,
    )?;

    let licenses = &diff.licenses;
    let row = |what: String, old: &str, new: &str| vec![what, markdown(old), markdown(new)];
    let of = |what: String, change: &super::Change<Option<String>>| {
        row(what, license(change.old.as_deref()), license(change.new.as_deref()))
    };
    let declared = licenses.declared.iter().map(|change| of("the project".to_owned(), change));
    let files = licenses.files.iter().map(|file| of(markdown_code(&file.path), &file.license));
    let shares = licenses.counts.iter().map(|count| {
        let files = |n| counts::plural(n, "file");
        row(format!("files under {}", markdown(&count.license)), &files(count.files.old), &files(count.files.new))
    });
    let count = usize::from(licenses.declared.is_some()) + licenses.files.len() + licenses.counts.len();
    table(
        "Licenses",
        &tally(&[(count, "changed")]),
        &["", "Before", "Now"],
        declared.chain(files).chain(shares),
        out,
    )?;

    let verdicts = diff.verdicts.iter();
    let verdicts = verdicts.map(|v| {
        vec![markdown_code(&v.rule), markdown(&v.phrase), outcome(v.old).to_owned(), outcome(v.new).to_owned()]
    });
    table(
        "Verdicts",
        &tally(&[(diff.verdicts.len(), "changed")]),
        &["Rule", "Phrase", "Before", "Now"],
        verdicts,
        out,
    )
}

fn finding(word: &str, finding: &Finding) -> Vec<String> {
    let place = format!("{}:{}", finding.path, finding.start_line);
    let severity = counts::severity(finding.severity).to_owned();
    vec![word.to_owned(), severity, markdown_code(&finding.rule), markdown_code(&place), markdown(&finding.message)]
}

/// A heading and a table; nothing without rows.
fn table(
    title: &str,
    tally: &str,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "### {title}: {tally}\n\n| {} |\n|{}", head.join(" | "), " --- |".repeat(head.len()))?;
    let mut left_out = 0;
    for (at, row) in rows.enumerate() {
        if at < ROWS {
            writeln!(out, "| {} |", row.join(" | "))?;
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        writeln!(out, "\n{} more", counts::number(left_out))?;
    }
    writeln!(out)
}
