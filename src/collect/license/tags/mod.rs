//! SPDX tags in files: `SPDX-License-Identifier`, the snippet tags around it, and common misspellings.

mod prose;
mod shape;

#[cfg(test)]
mod tests;

use crate::collect::expression;
use crate::collect::syntax::{Context, Syntax};
use crate::collect::{Collector, Hit, Interest, SourceFile};
use crate::model::{Detection, DetectionKind, Evidence, RelPath};

use prose::Prose;
use shape::{Lead, Value};

/// Reads SPDX tags.
pub struct Tags;

/// How many tags of one line are looked at; minified bundles put many files on one line.
const MOST_PER_LINE: usize = 64;
/// How much text before a tag is looked at, in bytes.
const BEFORE: usize = 400;

impl Collector for Tags {
    fn id(&self) -> &'static str {
        "spdx-tags"
    }

    fn summary(&self) -> &'static str {
        "SPDX-License-Identifier and snippet tags in any file, malformed ones included (SPDX 2.3 Annexes E and H, REUSE 3.3)"
    }

    fn interest(&self) -> Interest {
        Interest { keywords: &["spdx-l", "spdx-snippet"], ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        if is_silent(file.path) {
            return;
        }
        let mut reader = Reader::new(file);
        let mut hits: Vec<usize> = hits.iter().map(|hit| hit.start as usize).collect();
        hits.sort_unstable();
        let mut line = (0, 0);
        for start in hits {
            let this = file.line_at(start);
            line = if line.0 == this { (this, line.1 + 1) } else { (this, 1) };
            if line.1 <= MOST_PER_LINE {
                reader.tag(start, this, out);
            }
        }
    }
}

/// Files whose tags do not speak of a file: texts under `LICENSES/` show how to use them, `REUSE.toml` has keys of
/// the same name, and SPDX documents speak of other packages.
fn is_silent(path: &RelPath) -> bool {
    let is_document = path.name().to_ascii_lowercase().contains(".spdx");
    is_document
        || path.name() == "REUSE.toml"
        || path.as_str().split('/').rev().skip(1).any(|part| part == "LICENSES")
}

/// The file that a REUSE side file speaks of (REUSE 3.3, "Comment headers"): `a.png` for `a.png.license`.
pub(super) fn side_file_target(path: &RelPath) -> Option<RelPath> {
    let target = path.as_str().strip_suffix(".license")?;
    (!target.is_empty() && !target.ends_with('/')).then(|| RelPath::new(target))
}

/// What is remembered between the tags of one file, in order of appearance.
struct Reader<'f, 'a> {
    file: &'f SourceFile<'a>,
    prose: Option<Prose>,
    syntax: Option<Syntax<'a>>,
    target: Option<RelPath>,
    /// How many snippets are open (REUSE 3.3 lets them nest).
    snippets: u32,
}

impl<'f, 'a> Reader<'f, 'a> {
    fn new(file: &'f SourceFile<'a>) -> Self {
        let prose = Prose::of(file);
        Self {
            file,
            syntax: if prose.is_some() { None } else { Syntax::new(file.path.extension(), file.text()) },
            prose,
            target: side_file_target(file.path),
            snippets: 0,
        }
    }

    /// Looks at the tag that starts at `start` on `line`.
    fn tag(&mut self, start: usize, line: u32, out: &mut Vec<Evidence>) {
        let text = self.file.text();
        if self.file.ignored().contains(start) {
            return;
        }
        let range = self.file.line_range(line);
        let word = tag_word(text, start, range.end);
        let Some(tag) = Tag::of(word) else { return };
        let mut from = range.start.max(start.saturating_sub(BEFORE));
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let before = &text[from..start];
        if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            return;
        }
        let mut lead = shape::lead(before, self.file.path.extension(), self.file.name);
        if lead == Lead::Talk || (from > range.start && lead != Lead::Comment) {
            return;
        }
        if let Some(syntax) = &mut self.syntax {
            match syntax.at(start) {
                Context::Text => return,
                // Neither in a comment nor alone on its line: code that mentions the tag.
                Context::Code if lead != Lead::Bare => return,
                Context::Code if line > 60 => return,
                Context::Comment if lead == Lead::Bare => lead = Lead::Marks,
                _ => {}
            }
            if shape::fenced(self.file, line) {
                return;
            }
        } else if let Some(prose) = &mut self.prose {
            match prose.judge(self.file, line, before, lead) {
                Some(judged) => lead = judged,
                None => return,
            }
        } else if lead == Lead::Bare && shape::is_block_scalar(self.file.path.extension(), before) {
            return;
        }

        match tag {
            Tag::SnippetBegin => self.snippets += 1,
            Tag::SnippetEnd => self.snippets = self.snippets.saturating_sub(1),
            Tag::License { wrong } => {
                let behind = start + word.len();
                let Some(value) = shape::value(self.file, line, behind, lead) else { return };
                if let Some(detection) = self.detection(start, word, wrong, lead, &value) {
                    out.push(match &self.target {
                        Some(target) => Evidence::LicenseOf(target.clone(), detection),
                        None => Evidence::License(detection),
                    });
                }
            }
        }
    }

    /// The detection for a tag with a value; `None` when the value shows that it is talk.
    fn detection(&self, start: usize, word: &str, misspelt: bool, lead: Lead, value: &Value) -> Option<Detection> {
        let mut judged = expression::judge(&value.text);
        let mut wrong: Vec<String> = Vec::new();
        if misspelt {
            wrong.push(format!("the tag is spelt `SPDX-License-Identifier:`, not `{word}`"));
        }
        wrong.extend(value.wrong.map(str::to_owned));
        let is_mended = judged.invalid.is_none() || expression::is_valid(&judged.expression);
        if !(wrong.is_empty() || is_mended && lead == Lead::Marks) {
            return None;
        }
        if judged.invalid.is_some() {
            if !matches!(lead, Lead::Marks | Lead::Bare) {
                return None;
            }
            if !is_mended {
                judged = shape::attempt(&value.text, judged)?;
            }
            wrong.extend(judged.invalid.take());
        }
        Some(Detection {
            expression: judged.expression,
            kind: DetectionKind::Tag,
            place: self.file.place(start..value.end),
            score: 1.0,
            reason: if self.target.is_some() { "SPDX tag in the side file" } else { "SPDX tag" }.into(),
            invalid: (!wrong.is_empty()).then(|| wrong.join("; ")),
            snippet: self.snippets > 0,
            text: None,
        })
    }
}

/// Which tag a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    License { wrong: bool },
    SnippetBegin,
    SnippetEnd,
}

impl Tag {
    fn of(word: &str) -> Option<Self> {
        match word {
            "SPDX-License-Identifier" => return Some(Self::License { wrong: false }),
            "SPDX-SnippetBegin" => return Some(Self::SnippetBegin),
            "SPDX-SnippetEnd" => return Some(Self::SnippetEnd),
            _ => {}
        }
        let lower = word.to_ascii_lowercase();
        let known = ["spdx-license", "spdx-licence", "spdx-license-id", "spdx-licence-id"].contains(&lower.as_str());
        (known || is_near(&lower, "spdx-license-identifier")).then_some(Self::License { wrong: true })
    }
}

/// The letters, digits and hyphens at `start`, at most 40 of them, none behind `end`.
fn tag_word(text: &str, start: usize, end: usize) -> &str {
    let rest = &text[start..end.max(start)];
    let length = rest.bytes().take(40).take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
    rest[..length].trim_end_matches('-')
}

/// Whether at most two letters were added, dropped or exchanged (Levenshtein distance); both texts are short.
fn is_near(word: &str, right: &str) -> bool {
    if word.len().abs_diff(right.len()) > 2 {
        return false;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in word.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let next = (corner + usize::from(a != b)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[right.len()] <= 2
}
