//! Texts of fields in the manner of mail headers: `Key: value`, continued on indented lines. Debian's control files,
//! R's DESCRIPTION, Python's metadata and Cabal's files are of this kind.

use std::ops::Range;

use super::lines::lines;

/// A field and where it stands.
#[derive(Debug)]
pub(super) struct Field<'t> {
    pub(super) key: &'t str,
    /// The value, its lines joined by line ends.
    pub(super) value: String,
    /// From the key to the end of its first line.
    pub(super) at: Range<usize>,
}

/// One group of fields, as empty lines part them.
#[derive(Debug, Default)]
pub(super) struct Paragraph<'t> {
    pub(super) fields: Vec<Field<'t>>,
}

impl Paragraph<'_> {
    /// The field with this key, upper and lower case alike.
    pub(super) fn field(&self, key: &str) -> Option<&Field<'_>> {
        self.fields.iter().find(|f| f.key.eq_ignore_ascii_case(key))
    }

    /// Its value, trimmed; `None` when empty.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.field(key).map(|f| f.value.trim()).filter(|value| !value.is_empty())
    }
}

/// The paragraphs of a text. Lines that are neither field nor continuation are left out.
pub(super) fn paragraphs(text: &str) -> Vec<Paragraph<'_>> {
    let mut out = Vec::new();
    let mut open = Paragraph::default();
    for (line, at) in lines(text) {
        if line.trim().is_empty() {
            if !open.fields.is_empty() {
                out.push(std::mem::take(&mut open));
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some(field) = open.fields.last_mut() {
                field.value.push('\n');
                field.value.push_str(line.trim());
            }
        } else if let Some((key, value)) = line.split_once(':')
            && !key.contains(' ')
            && !key.starts_with('#')
        {
            open.fields.push(Field { key, value: value.trim().to_owned(), at });
        }
    }
    if !open.fields.is_empty() {
        out.push(open);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_continue_on_indented_lines() {
        let text = "# no: comment\nA: 1\nB:\n x,\n\ty\n\nA: 2\nnot a field\n";
        let found = paragraphs(text);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].text("a"), found[0].text("B")), (Some("1"), Some("x,\ny")));
        assert_eq!((found[1].text("A"), found[1].fields.len()), (Some("2"), 1));
        assert_eq!(&text[found[0].fields[0].at.clone()], "A: 1");
    }
}
