//! Controls of a framework for people: verdict, evidence, and what would decide.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::escape;

/// One control as text.
pub struct ControlText {
    /// Its id.
    pub id: String,
    /// What the checkout shows of it.
    pub verdict: &'static str,
    /// What it asks.
    pub title: String,
    /// Reasons, each on a line.
    pub evidence: Vec<String>,
    /// What would decide it.
    pub needs: Option<String>,
}

/// Writes the controls of a framework, and how many came to which verdict.
///
/// # Errors
/// Those of `out`.
pub fn write_controls(title: &str, version: &str, rows: &[ControlText], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{title} ({version})\n")?;
    let mut counts = BTreeMap::<&str, usize>::new();
    for row in rows {
        *counts.entry(row.verdict).or_default() += 1;
        writeln!(out, "{}  {}: {}", row.id, row.verdict, row.title)?;
        for line in &row.evidence {
            writeln!(out, "    {}", escape::visible(line))?;
        }
        if let Some(needs) = &row.needs {
            writeln!(out, "    to decide: {needs}")?;
        }
    }
    let counts: Vec<String> = counts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
    writeln!(out, "\n{} controls: {}", rows.len(), counts.join(", "))
}
