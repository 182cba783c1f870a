//! `.reuse/dep5` (machine-readable `debian/copyright` 1.0, deprecated by REUSE 3.2 and still read).

use std::ops::Range;

use crate::collect::{SourceFile, expression, malformed};
use crate::model::{Detection, DetectionKind, Evidence, ReuseAnnotation, ReusePrecedence};

/// Fields of one paragraph: lower-case name, the byte range of its value over all its lines.
type Paragraph<'a> = Vec<(String, &'a str, Range<usize>)>;

/// Reads one `dep5`.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut paragraph: Paragraph<'_> = Vec::new();
    let mut start = 0;
    for line in file.text().split_inclusive('\n') {
        let range = start..start + line.trim_end().len();
        start += line.len();
        if line.trim().is_empty() {
            finish(file, &mut paragraph, out);
        } else if line.starts_with([' ', '\t']) {
            match paragraph.last_mut() {
                Some((_, value, whole)) => {
                    whole.end = range.end;
                    *value = &file.text()[whole.clone()];
                }
                None => out.push(malformed(file, Some(file.line_at(range.start)), "a continuation without a field")),
            }
        } else if let Some((name, _)) = line.split_once(':').filter(|_| !line.starts_with('#')) {
            let from = range.start + name.len() + 1;
            paragraph.push((
                name.trim().to_ascii_lowercase(),
                &file.text()[from..range.end.max(from)],
                from..range.end.max(from),
            ));
        } else if !line.starts_with('#') {
            out.push(malformed(
                file,
                Some(file.line_at(range.start)),
                "a line that is neither a field nor a comment",
            ));
        }
    }
    finish(file, &mut paragraph, out);
}

fn finish(file: &SourceFile<'_>, paragraph: &mut Paragraph<'_>, out: &mut Vec<Evidence>) {
    let fields = std::mem::take(paragraph);
    let field = |name: &str| fields.iter().find(|(n, _, _)| n == name);
    let Some((_, files, files_range)) = field("files") else { return };
    let text = file.text();
    let patterns: Vec<(String, _)> = files
        .split_whitespace()
        .map(|pattern| {
            let at = pattern.as_ptr() as usize - text.as_ptr() as usize;
            (pattern.to_owned(), file.place(at..at + pattern.len()))
        })
        .collect();
    let mut licenses = Vec::new();
    if let Some((_, license, range)) = field("license") {
        // The first line is the short name; the text follows.
        let name = license.lines().next().unwrap_or_default().trim();
        let judged = expression::judge(name);
        if let Some(invalid) = judged.invalid {
            out.push(Evidence::License(Detection {
                expression: name.to_owned(),
                kind: DetectionKind::Tag,
                place: file.place_of_line(file.line_at(range.start)),
                score: 1.0,
                reason: "license of a dep5 paragraph".into(),
                invalid: Some(invalid),
                snippet: false,
                text: None,
            }));
        }
        if expression::is_valid(&judged.expression) {
            licenses.push(judged.expression);
        }
    }
    let copyrights = field("copyright")
        .map(|(_, value, _)| value.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect())
        .unwrap_or_default();
    let end = fields.iter().map(|(_, _, range)| range.end).max().unwrap_or(files_range.end);
    let first = fields.first().map_or(files_range.start, |(_, _, range)| range.start);
    let start = file.line_range(file.line_at(first)).start;
    out.push(Evidence::Reuse(ReuseAnnotation {
        place: file.place(start..end),
        covered: vec![0; patterns.len()],
        patterns,
        base: file.path.parent().parent(),
        precedence: ReusePrecedence::Aggregate,
        licenses,
        copyrights,
    }));
}
