//! `REUSE.toml` (REUSE 3.3, version 1).

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::collect::{SourceFile, expression, malformed};
use crate::model::{Detection, DetectionKind, Evidence, ReuseAnnotation, ReusePrecedence, SkipReason, Skipped};

/// How many tables, and patterns or values per table, are read.
const MOST: usize = 20_000;

type Value<'t> = Spanned<DeValue<'t>>;

/// Reads one `REUSE.toml`.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match DeTable::parse(file.text()) {
        Ok(document) => document,
        Err(error) => {
            let line = error.span().map(|span| file.line_at(span.start));
            out.push(malformed(file, line, error.message()));
            return;
        }
    };
    let wrong = |span: Range<usize>, why: &str| malformed(file, Some(file.line_at(span.start)), why);
    match document.get_ref().get("version") {
        None => out.push(malformed(file, None, "the key `version` is missing; REUSE 3.3 demands `version = 1`")),
        Some(version) => match version.get_ref().as_integer() {
            Some(number) if number.as_str() == "1" => {}
            _ => {
                out.push(wrong(version.span(), "`version` is not 1, the only version of REUSE.toml known here"));
                return;
            }
        },
    }
    let Some(tables) = document.get_ref().get("annotations") else { return };
    let Some(list) = tables.get_ref().as_array() else {
        out.push(wrong(tables.span(), "`annotations` is not a list of tables; write `[[annotations]]`"));
        return;
    };
    for (number, table) in list.iter().enumerate() {
        if number == MOST {
            out.push(Evidence::Unread(Skipped {
                path: file.path.clone(),
                kind: SkipReason::Limit,
                reason: format!("more than {MOST} annotations; the rest is left out"),
                line: Some(file.line_at(table.span().start)),
            }));
            return;
        }
        annotation(file, table, out);
    }
}

fn annotation(file: &SourceFile<'_>, table: &Value<'_>, out: &mut Vec<Evidence>) {
    let line = |span: Range<usize>| Some(file.line_at(span.start));
    let Some(keys) = table.get_ref().as_table() else {
        out.push(malformed(file, line(table.span()), "an annotation is not a table"));
        return;
    };
    let Some(path) = keys.get("path") else {
        out.push(malformed(file, line(table.span()), "an annotation has no `path`"));
        return;
    };
    let mut patterns = Vec::new();
    for (pattern, span) in strings(file, "path", path, out) {
        if pattern.starts_with('/') || pattern.split('/').any(|part| part == "..") {
            let why = format!("the path `{pattern}` does not lie in the folder of the REUSE.toml");
            out.push(malformed(file, line(span), why));
        } else {
            patterns.push((pattern, file.place(span)));
        }
    }
    let mut licenses = Vec::new();
    if let Some(value) = keys.get("SPDX-License-Identifier") {
        for (text, span) in strings(file, "SPDX-License-Identifier", value, out) {
            let judged = expression::judge(&text);
            if let Some(invalid) = judged.invalid {
                // Reported once, where it stands, and not for every file that the annotation covers.
                out.push(Evidence::License(Detection {
                    expression: text,
                    kind: DetectionKind::Tag,
                    place: file.place(span),
                    score: 1.0,
                    reason: "license of an annotation".into(),
                    invalid: Some(invalid),
                    snippet: false,
                    text: None,
                }));
            }
            if expression::is_valid(&judged.expression) {
                licenses.push(judged.expression);
            }
        }
    }
    let copyrights = match keys.get("SPDX-FileCopyrightText") {
        Some(value) => {
            strings(file, "SPDX-FileCopyrightText", value, out).into_iter().map(|(text, _)| text).collect()
        }
        None => Vec::new(),
    };
    let precedence = match keys.get("precedence").map(|value| (value.get_ref().as_str(), value.span())) {
        None | Some((Some("closest"), _)) => ReusePrecedence::Closest,
        Some((Some("aggregate"), _)) => ReusePrecedence::Aggregate,
        Some((Some("override"), _)) => ReusePrecedence::Override,
        Some((_, span)) => {
            out.push(malformed(file, line(span), "`precedence` is none of closest, aggregate, override"));
            ReusePrecedence::Closest
        }
    };
    out.push(Evidence::Reuse(ReuseAnnotation {
        place: file.place(whole(table, keys)),
        covered: vec![0; patterns.len()],
        patterns,
        base: file.path.parent(),
        precedence,
        licenses,
        copyrights,
    }));
}

/// The span of a table: its header, up to the end of its last value.
fn whole(table: &Value<'_>, keys: &DeTable<'_>) -> Range<usize> {
    let start = table.span().start;
    let end = keys.iter().map(|(_, value)| value.span().end).max().unwrap_or(start);
    start..end.max(table.span().end)
}

/// The strings of a value that is a string or a list of strings, with their places in the file.
fn strings(
    file: &SourceFile<'_>,
    key: &str,
    value: &Value<'_>,
    out: &mut Vec<Evidence>,
) -> Vec<(String, Range<usize>)> {
    let one = std::slice::from_ref(value);
    let list = match value.get_ref().as_array() {
        Some(list) => list.iter().collect::<Vec<_>>(),
        None => one.iter().collect(),
    };
    let mut found = Vec::new();
    for item in list.into_iter().take(MOST) {
        match item.get_ref().as_str() {
            Some(text) => found.push((text.to_owned(), item.span())),
            None => {
                let line = Some(file.line_at(item.span().start));
                out.push(malformed(file, line, format!("`{key}` is neither a string nor a list of strings")));
            }
        }
    }
    found
}
