//! A finding as a miette diagnostic.
//!
//! miette's own sources look for a span from the start of the file each time, so that a thousand findings in one
//! large file take a thousand passes over it. [`Excerpt`] holds the few lines that are shown and nothing else.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::fit::{clip_path, fit_line};
use super::{Terminal, escape};
use crate::model::{Place, Region, Severity};

/// The lines of a place that are shown, made safe and cut to the width, and where the region lies in them.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    span: SourceSpan,
    /// From 0.
    line: usize,
    /// From 0.
    column: usize,
    /// The last line of a region that is longer than its excerpt.
    continues_to: Option<u32>,
}

impl Excerpt {
    pub(super) fn new(place: &Place, terminal: &Terminal<'_>) -> Self {
        // `   ╭─[path:line:column]`, below a line number of the excerpt.
        let numbers =
            place.region.as_ref().map_or(0, |r| format!("{}:{}:{}", r.end_line, r.start_line, r.start_column).len());
        let room = terminal.width.saturating_sub(numbers + 7);
        let name = terminal.link(&place.path, |path| clip_path(path, room, terminal.ellipsis()).into_owned());
        let empty = Self { name, text: String::new(), span: (0, 0).into(), line: 0, column: 0, continues_to: None };
        let Some(region) = &place.region else { return empty };
        let line = region.start_line.saturating_sub(1) as usize;
        let column = region.start_column.saturating_sub(1) as usize;
        let source = Self { line, column, ..empty };
        if region.excerpt.is_empty() { source } else { source.with_lines(region, terminal) }
    }

    fn with_lines(mut self, region: &Region, terminal: &Terminal<'_>) -> Self {
        let lines: Vec<&str> = region.excerpt.split('\n').take(Region::EXCERPT_LINES).collect();
        let last = region.start_line as usize + lines.len() - 1;
        let several = lines.len() > 1;
        // ` 12 │ ` stands before each line, and an arrow when several lines are marked.
        let gutter = last.to_string().len() + if several { 8 } else { 4 };
        let width = terminal.width.saturating_sub(gutter).max(16);
        let mut span = 0..0;
        for (i, line) in lines.iter().enumerate() {
            let number = region.start_line as usize + i;
            let length = line.chars().count();
            let start = if i == 0 { self.column } else { 0 };
            let end = if number == region.end_line as usize {
                (region.end_column as usize).saturating_sub(1)
            } else {
                length
            };
            let fitted = fit_line(line, start..end.max(start), width, terminal.ellipsis());
            if i == 0 {
                span.start = fitted.marked.start;
            } else {
                self.text.push('\n');
            }
            span.end = self.text.len() + fitted.marked.end;
            self.text.push_str(&fitted.text);
        }
        self.span = (span.start, span.end.max(span.start) - span.start).into();
        self.continues_to = (region.end_line as usize > last).then_some(region.end_line);
        self
    }
}

impl SourceCode for Excerpt {
    /// Hands out the whole excerpt for any span: there is nothing around it. Without context lines miette asks for
    /// the place of the span itself.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        context_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let column = if context_before == 0 { self.column } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.line,
            column,
            self.text.lines().count(),
        )))
    }
}

/// A finding as miette wants it.
#[derive(Debug)]
pub(super) struct Shown<S = Excerpt> {
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) label: Option<String>,
    pub(super) span: SourceSpan,
    pub(super) source: S,
}

impl Shown {
    pub(super) fn new(severity: Severity, message: &str, help: Option<&str>, source: Excerpt) -> Self {
        Self {
            severity,
            message: escape::visible(message).into_owned(),
            help: help.map(|help| escape::lines(help).collect::<Vec<_>>().join("\n")),
            label: source.continues_to.map(|line| format!("to line {line}")),
            span: source.span,
            source,
        }
    }
}

impl<S> fmt::Display for Shown<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<S: fmt::Debug> std::error::Error for Shown<S> {}

impl<S: SourceCode + fmt::Debug> Diagnostic for Shown<S> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_primary_with_span(self.label.clone(), self.span);
        Some(Box::new(std::iter::once(label)))
    }
}
