//! Findings for people at a terminal: miette diagnostics with the lines they speak of, grouped by rule, worst first,
//! and a short summary.

mod diagnostic;
mod fit;
mod summary;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use owo_colors::{OwoColorize, Style};

use self::diagnostic::{Excerpt, Shown};
use super::{Format, View, counts, escape};
use crate::model::{Finding, Place, RelPath, Report, Severity};

pub(super) const FORMAT: Format = Format {
    name: "human",
    summary: "For people at a terminal: findings with the lines they speak of, and a summary.",
    extension: "txt",
    render,
};

/// How many findings of one rule are shown in full before the rest becomes a list.
const IN_FULL: usize = 3;
/// How many findings that list has.
const LISTED: usize = 8;

fn render(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let terminal = Terminal::new(view);
    let shown: Vec<&Finding> = view.shown(report).collect();
    for group in shown.chunk_by(|a, b| a.rule == b.rule && a.severity == b.severity) {
        write_group(group, report, &terminal, out)?;
    }
    summary::write(report, &terminal, out)
}

/// The findings of one rule: a heading, the first ones in full, and the rest as a list.
fn write_group(group: &[&Finding], report: &Report, terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let kind = format!("{}[{}]", counts::severity(first.severity), escape::visible(&first.rule));
    let mut heading = kind.style(terminal.severity(first.severity)).to_string();
    if group.len() > 1 {
        // The message of a single finding says what the title would say.
        let title = report.packs.rule(&first.rule).map_or("", |rule| &rule.title);
        let title = escape::visible(title);
        heading.push_str(&format!(": {} ({})", title.style(terminal.strong()), counts::number(group.len() as u64)));
    }
    writeln!(out, "{}", fit::wrap("", &heading, terminal.width))?;
    // One more in full takes less room than a list of one.
    let in_full = if terminal.view.verbose > 0 || group.len() <= IN_FULL + 1 { group.len() } else { IN_FULL };
    for (i, finding) in group.iter().take(in_full).enumerate() {
        // The same help is said once, behind the last finding it is for.
        let repeated = i + 1 < in_full && group[i + 1].help == finding.help;
        write_finding(finding, !repeated, terminal, out)?;
        writeln!(out)?;
    }
    let rest = &group[in_full..];
    for finding in rest.iter().take(LISTED) {
        write_line(finding, terminal, out)?;
    }
    if let Some(more @ 1..) = rest.len().checked_sub(LISTED) {
        writeln!(
            out,
            "  {} and {} more; --format short lists all",
            terminal.ellipsis(),
            counts::number(more as u64)
        )?;
    }
    if !rest.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn write_finding(finding: &Finding, with_help: bool, terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let message = format!("{}{}", counts::state(finding.state), finding.message_beside_path());
    let help = Some(finding.help.as_str()).filter(|help| with_help && !help.is_empty());
    let shown = Shown::new(finding.severity, &message, help, Excerpt::new(&finding.place, terminal));
    let mut text = String::new();
    terminal.handler(&finding.place).render_report(&mut text, &shown).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())?;
    for (place, message) in &finding.related {
        let text = format!("{}: {}", terminal.location(place), escape::visible(message));
        writeln!(out, "{}", fit::wrap("  also: ", &text, terminal.width))?;
    }
    if let Some(reason) = &finding.justification {
        writeln!(out, "{}", fit::wrap("  reason: ", &escape::visible(reason), terminal.width))?;
    }
    Ok(())
}

/// `path:line  message` on one line.
fn write_line(finding: &Finding, terminal: &Terminal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let path = finding.place.path.to_string();
    let path = escape::visible(&path);
    let path = fit::clip_path(&path, terminal.width * 2 / 3, terminal.ellipsis());
    let message = escape::visible(finding.message_beside_path());
    let line = format!("{path}:{}  {}{message}", finding.place.start_line(), counts::state(finding.state));
    writeln!(out, "  {}", fit::clip(&line, terminal.width - 2, terminal.ellipsis()))
}

/// What the terminal can show.
struct Terminal<'a> {
    view: &'a View,
    /// Columns, within reason.
    width: usize,
    theme: GraphicalTheme,
}

impl<'a> Terminal<'a> {
    fn new(view: &'a View) -> Self {
        let characters = if view.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let styles = if view.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        Self { view, width: view.width.clamp(50, 160), theme: GraphicalTheme { characters, styles } }
    }

    /// Draws one finding. A file as a whole has no line that its heading could name.
    fn handler(&self, place: &Place) -> GraphicalReportHandler {
        let handler = GraphicalReportHandler::new_themed(self.theme.clone())
            .with_width(self.width)
            .with_word_separator(fit::SEPARATOR)
            .with_word_splitter(fit::SPLITTER);
        if place.region.is_some() { handler } else { handler.without_primary_span_start() }
    }

    fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.theme.styles.error,
            Severity::Warning => self.theme.styles.warning,
            Severity::Note => self.theme.styles.advice,
        }
    }

    fn strong(&self) -> Style {
        if self.view.color { Style::new().bold() } else { Style::new() }
    }

    /// Stands for what was cut.
    fn ellipsis(&self) -> &'static str {
        if self.view.unicode { "…" } else { "..." }
    }

    /// `path:line` of a place, `path` of a file as a whole.
    fn location(&self, place: &Place) -> String {
        let path = self.link(&place.path, str::to_owned);
        match &place.region {
            Some(region) => format!("{path}:{}", region.start_line),
            None => path,
        }
    }

    /// The path made safe and shortened by `shorten`, as an OSC 8 hyperlink where the view wants one.
    fn link(&self, path: &RelPath, shorten: impl Fn(&str) -> String) -> String {
        let shown = path.to_string();
        let shown = shorten(&escape::visible(&shown));
        match &self.view.root {
            Some(root) if self.view.hyperlinks => {
                let target = root.join(path.as_str()).to_string_lossy().replace('\\', "/");
                let slash = if target.starts_with('/') { "" } else { "/" };
                format!("\u{1b}]8;;file://{slash}{}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\", escape::uri(&target))
            }
            _ => shown,
        }
    }
}
