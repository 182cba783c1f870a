//! Tags in documents for people: only those in a comment, or alone on their line near an end of the file, are a
//! statement about the document.

use crate::collect::SourceFile;

use super::shape::Lead;

/// Lines from the top of a document within which a tag alone on its line counts.
const TOP: u32 = 30;
/// Lines from the bottom.
const BOTTOM: u32 = 15;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Markdown,
    Rst,
    Asciidoc,
    Html,
    Plain,
}

/// Reads a document forwards and tells comments from text.
pub(super) struct Prose {
    format: Format,
    /// The line up to which the fields below are known.
    line: u32,
    in_fence: Option<&'static str>,
    in_comment: bool,
    last: u32,
}

impl Prose {
    /// A reader for a document; `None` for other files.
    pub(super) fn of(file: &SourceFile<'_>) -> Option<Self> {
        let format = match file.path.extension().to_ascii_lowercase().as_str() {
            "md" | "markdown" | "mdown" | "mkd" | "mdx" => Format::Markdown,
            "rst" | "rest" => Format::Rst,
            "adoc" | "asciidoc" | "asc" => Format::Asciidoc,
            "html" | "htm" | "xhtml" => Format::Html,
            "txt" | "text" if !is_code_by_name(file.name) => Format::Plain,
            "" if is_document_by_name(file.name) => Format::Plain,
            _ => return None,
        };
        let last = file.line_at(file.text().trim_end().len());
        Some(Self { format, line: 0, in_fence: None, in_comment: false, last })
    }

    /// Whether the tag on `line` is a statement, and with what lead. Lines must not decrease from call to call.
    pub(super) fn judge(&mut self, file: &SourceFile<'_>, line: u32, before: &str, lead: Lead) -> Option<Lead> {
        while self.line + 1 < line {
            self.line += 1;
            self.pass(file.line(self.line));
        }
        let text = before.trim_start();
        let indent = before.len() - text.len();
        let opens_comment = before.contains("<!--") && !before.contains("-->");
        let is_link_comment = text.starts_with("[//]: #") || text.starts_with("[comment]: #");
        if self.in_fence.is_some() {
            return None;
        }
        match self.format {
            Format::Markdown | Format::Html if self.in_comment || opens_comment => return Some(Lead::Marks),
            Format::Markdown if is_link_comment => return Some(Lead::Marks),
            Format::Rst if text.trim_end() == ".." => return Some(Lead::Marks),
            Format::Rst if self.in_comment && indent > 0 && lead == Lead::Bare => return Some(Lead::Marks),
            Format::Asciidoc if text.trim_end() == "//" || self.in_comment => return Some(Lead::Marks),
            _ => {}
        }
        let near_an_end = line <= TOP || line + BOTTOM > self.last;
        let alone = match self.format {
            Format::Markdown => {
                (lead == Lead::Bare && indent < 4)
                    || (lead == Lead::Marks && text.trim_end().bytes().all(|b| b == b'#'))
            }
            Format::Rst => (lead == Lead::Bare && indent == 0) || text.trim_end() == ":",
            Format::Asciidoc => (lead == Lead::Bare && indent == 0) || text.trim_end() == ":",
            Format::Plain => matches!(lead, Lead::Bare | Lead::Marks),
            Format::Html => false,
        };
        (alone && near_an_end).then_some(Lead::Bare)
    }

    /// Takes in a line that lies before the next tag.
    fn pass(&mut self, line: &str) {
        let text = line.trim_start();
        match self.format {
            Format::Markdown | Format::Html => {
                if self.format == Format::Markdown && !self.in_comment {
                    match self.in_fence {
                        Some(fence) if text.starts_with(fence) => self.in_fence = None,
                        Some(_) => return,
                        None => {
                            self.in_fence = ["```", "~~~"].into_iter().find(|fence| text.starts_with(fence));
                            if self.in_fence.is_some() {
                                return;
                            }
                        }
                    }
                }
                match (line.rfind("<!--"), line.rfind("-->")) {
                    (Some(open), Some(close)) => self.in_comment = open > close,
                    (Some(_), None) => self.in_comment = true,
                    (None, Some(_)) => self.in_comment = false,
                    (None, None) => {}
                }
            }
            Format::Rst => {
                if !text.is_empty() && text.len() == line.len() {
                    self.in_comment = (text == ".." || text.starts_with(".. ")) && !text.contains("::");
                }
            }
            Format::Asciidoc => {
                if line.trim_end() == "////" {
                    self.in_comment = !self.in_comment;
                } else if ["----", "....", "```"].contains(&line.trim_end()) {
                    self.in_fence = if self.in_fence.is_some() { None } else { Some("") };
                }
            }
            Format::Plain => {}
        }
    }
}

/// Files named `.txt` whose content is read by programs.
fn is_code_by_name(name: &str) -> bool {
    matches!(name, "cmakelists.txt" | "meson_options.txt" | "robots.txt" | "conanfile.txt")
        || name.contains("requirements")
        || name.contains("constraints")
}

/// Files without an extension that hold prose.
fn is_document_by_name(name: &str) -> bool {
    [
        "readme",
        "license",
        "licence",
        "copying",
        "copyright",
        "notice",
        "authors",
        "changes",
        "changelog",
        "news",
        "install",
    ]
    .contains(&name)
}
