//! Takes secrets out of what is shown.

use std::ops::Range;

use super::super::SourceFile;
use crate::model::Place;

/// What may be shown of a secret: its first characters, where they tell the kind and no more, and its length.
pub(super) fn shown(secret: &str) -> String {
    let length = secret.chars().count();
    // A prefix that ends in a mark is the name of a kind.
    let prefix = secret
        .char_indices()
        .take(12)
        .filter(|(_, c)| matches!(c, '_' | '-' | '.'))
        .last()
        .map_or(0, |(at, _)| at + 1);
    let prefix = if length < 20 {
        0
    } else if prefix > 0 {
        prefix.min(8)
    } else {
        4
    };
    let start: String = secret.chars().take(prefix).collect();
    format!("{start}… ({length} characters)")
}

/// The place of each of the ranges (sorted, apart from each other), in whose excerpt every one of `secrets` has a `*` in place of each of its characters, so that
/// columns still fit.
pub(super) fn places(file: &SourceFile<'_>, secrets: &[Range<usize>]) -> Vec<Place> {
    secrets
        .iter()
        .map(|range| {
            let mut place = file.place(range.clone());
            if let Some(region) = &mut place.region {
                let first = file.line_range(region.start_line).start;
                let mut covered: Vec<char> = Vec::with_capacity(region.excerpt.len());
                let mut line = region.start_line;
                let mut offset = first;
                for c in region.excerpt.chars() {
                    if c == '\n' {
                        line += 1;
                        offset = file.line_range(line).start;
                        covered.push(c);
                        continue;
                    }
                    let next = secrets.partition_point(|secret| secret.start <= offset);
                    let hidden = next > 0 && secrets[next - 1].contains(&offset);
                    covered.push(if hidden { '*' } else { c });
                    offset += c.len_utf8();
                }
                region.excerpt = covered.into_iter().collect::<String>().into();
            }
            place
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, FileKind, RelPath};

    #[test]
    fn secrets_are_covered_and_columns_stay() {
        let path = RelPath::new("a");
        let text = "é a=one b=two\nthree";
        let kind = FileKind::Text(Encoding::Utf8);
        let file = SourceFile::text_file(&path, "a", &kind, text);
        let places = places(&file, &[5..8, 11..14]);
        let region = places[1].region.as_ref().map(|r| (r.excerpt.to_string(), r.start_column, r.end_column));
        assert_eq!(region, Some(("é a=*** b=***".to_owned(), 11, 14)));
    }

    #[test]
    fn only_the_kind_is_shown() {
        assert_eq!(shown(&["ghp", "_", &"a".repeat(36)].concat()), "ghp_… (40 characters)");
        assert_eq!(shown("hunter2"), "… (7 characters)");
    }
}
