//! Copyright statements: `Copyright (c) 2010-2020 Jane Doe`, `© 2021 X`, `SPDX-FileCopyrightText: …`, in comments of
//! every style and in text.

mod candidate;
mod statement;
mod words;

#[cfg(test)]
mod tests;

use super::syntax::{Context, Syntax};
use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Copyright, Evidence, RelPath, SkipReason, Skipped};

use candidate::Candidate;
pub use statement::holder;

/// Reads copyright statements.
pub struct Copyrights;

/// How many statements of one file are kept; notices of big products have some thousands.
const MOST: usize = 10_000;
/// How many places of one line are looked at.
const MOST_PER_LINE: usize = 64;

impl Collector for Copyrights {
    fn id(&self) -> &'static str {
        "copyright"
    }

    fn summary(&self) -> &'static str {
        "Copyright statements with their holders, in comments of every style and in text (REUSE 3.3, Format of Copyright Notices)"
    }

    fn interest(&self) -> Interest {
        // `(c)` alone is in every second source file; with a century behind it, it is rare outside of notices.
        Interest {
            keywords: &["copyright", "©", "&copy;", "&#169;", "(c) 19", "(c) 20", "(c)19", "(c)20", "\\(co "],
            ..Interest::NONE
        }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        let mut hits: Vec<usize> = hits.iter().map(|hit| hit.start as usize).collect();
        hits.sort_unstable();
        let target = file.path.as_str().strip_suffix(".license").filter(|t| !t.is_empty()).map(RelPath::new);
        let mut syntax = Syntax::new(file.path.extension(), file.text());
        let (mut done, mut line, mut count) = (0, (0, 0), 0);
        for start in hits {
            if start < done {
                continue;
            }
            let this = file.line_at(start);
            line = if line.0 == this { (this, line.1 + 1) } else { (this, 1) };
            if line.1 > MOST_PER_LINE {
                continue;
            }
            let Some(candidate) = Candidate::at(file, start, this) else { continue };
            if file.ignored().contains(start) {
                continue;
            }
            let context = syntax.as_mut().map(|syntax| syntax.at(start));
            if matches!(context, Some(Context::Text | Context::Code)) && !candidate.stands_in_a_string() {
                continue;
            }
            if count == MOST {
                out.push(Evidence::Unread(Skipped {
                    path: file.path.clone(),
                    kind: SkipReason::Limit,
                    reason: format!("more than {MOST} copyright statements; the rest is left out"),
                    line: Some(this),
                }));
                return;
            }
            count += 1;
            done = candidate.range.end;
            let statement = candidate.statement(file.text());
            let copyright = Copyright {
                points_at_text: reserves(&statement) && points_at_text(file, this),
                statement,
                holder: candidate.holder,
                place: file.place(candidate.range),
            };
            out.push(match &target {
                Some(target) => Evidence::CopyrightOf(target.clone(), copyright),
                None => Evidence::Copyright(copyright),
            });
        }
    }
}

fn reserves(statement: &str) -> bool {
    let end = b"reserved";
    statement.as_bytes().windows(end.len()).any(|word| word.eq_ignore_ascii_case(end))
}

/// How many lines above and below a statement are of the same header.
const AROUND: (u32, u32) = (6, 10);

/// So much of a line of a header is looked at, in bytes.
const LONGEST_OF_A_HEADER: usize = 200;

/// Whether a line near this one points at a license text beside the code, `See LICENSE`, `the license terms in the
/// LICENSE file`, `see license.txt`, or grants something itself.
fn points_at_text(file: &SourceFile<'_>, line: u32) -> bool {
    let marks =
        ["see ", "file", "found in", "accompanying", "subject to", "governed by", "under the terms", "for details"];
    (line.saturating_sub(AROUND.0).max(1)..=line + AROUND.1).any(|number| {
        let text = file.line(number);
        // A line of a bundle is long, and has many statements.
        let text = text[..text.floor_char_boundary(LONGEST_OF_A_HEADER)].to_ascii_lowercase();
        let named = ["licens", "licenc", "copying"].iter().any(|name| text.contains(name));
        named && marks.iter().any(|mark| text.contains(mark)) || text.contains("permission to use")
    })
}
