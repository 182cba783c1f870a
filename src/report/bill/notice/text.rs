//! Notices as plain text, 78 columns wide.

use std::io::{self, Write};

use textwrap::core::display_width;

use super::super::super::{Format, escape};
use super::{Terms, copyrights, gather, reference, title};
use crate::model::Bill;

/// The registration.
pub(in crate::report) const FORMAT: Format = Format {
    name: "notice",
    summary: "Notices of third parties as text: shipped components, their copyright statements and the texts of their licenses.",
    extension: "txt",
    render: |report, _, out| write(&super::super::of(report), out),
};

/// Columns of the text.
const WIDTH: usize = 78;

/// Writes the notices.
pub(in crate::report) fn write(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    let notices = gather(bill);
    writeln!(out, "THIRD-PARTY NOTICES\n")?;
    let product = if notices.product.is_empty() { "This product" } else { notices.product };
    let product = escape::visible(product);
    if notices.groups.is_empty() {
        return writeln!(
            out,
            "{}",
            wrap("", &format!("{product} is not known to ship components of third parties."))
        );
    }
    let parts = format!(
        "{product} ships the components below, each under the license that stands above it. The texts of these \
         licenses follow behind the last component."
    );
    writeln!(out, "{}", wrap("", &parts))?;
    for group in &notices.groups {
        rule('-', out)?;
        writeln!(out, "{}\n", wrap("", &escape::visible(group.license.unwrap_or("License unknown"))))?;
        for component in &group.components {
            writeln!(out, "{}", wrap("  ", &escape::visible(&title(component))))?;
            if let Some(reference) = reference(component) {
                writeln!(out, "    {}", escape::visible(reference))?;
            }
            for statement in copyrights(component) {
                writeln!(out, "{}", wrap("    ", &escape::visible(statement)))?;
            }
        }
    }
    for (id, terms) in &notices.texts {
        rule('=', out)?;
        writeln!(out, "{}\n", escape::visible(id))?;
        match terms {
            Terms::Text(text) => {
                for line in escape::lines(text) {
                    let indent = &line[..line.len() - line.trim_start().len()];
                    // A column of text that is wider than the page keeps its lines.
                    let kept = display_width(&line) <= WIDTH || indent.len() > WIDTH / 2;
                    let line = if kept { line.trim_end().to_owned() } else { wrap(indent, line.trim_start()) };
                    writeln!(out, "{line}")?;
                }
            }
            Terms::Unknown => writeln!(out, "{}", wrap("", super::UNKNOWN))?,
        }
    }
    Ok(())
}

fn rule(mark: char, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", mark.to_string().repeat(WIDTH))
}

/// Text in lines of at most [`WIDTH`] columns, each behind the indent; words are never cut.
fn wrap(indent: &str, text: &str) -> String {
    let options = textwrap::Options::new(WIDTH).initial_indent(indent).subsequent_indent(indent);
    textwrap::fill(text, options.break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation))
}
