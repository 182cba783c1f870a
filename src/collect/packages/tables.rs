//! TOML with places, on top of the `toml` crate.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Broken, broken};
use crate::collect::SourceFile;
use crate::model::Encoding;

/// Reads a file as TOML.
///
/// # Errors
/// The note that the file is malformed, with the line, when it is no UTF-8 or no TOML. The parser bounds the nesting.
pub(super) fn parse<'t>(file: &SourceFile<'t>) -> Result<DeTable<'t>, Broken> {
    if file.encoding() != Some(Encoding::Utf8) {
        return Err(broken(file, None, "not UTF-8, which TOML must be"));
    }
    DeTable::parse(file.text()).map(Spanned::into_inner).map_err(|e| {
        let line = e.span().map(|span| file.line_at(span.start));
        broken(file, line, e.message())
    })
}

/// Looks into tables by key.
pub(super) trait Table {
    /// The value under a key.
    fn value(&self, key: &str) -> Option<&Spanned<DeValue<'_>>>;

    /// The text under a key, with the bytes it stands at.
    fn text(&self, key: &str) -> Option<(&str, Range<usize>)> {
        let value = self.value(key)?;
        Some((value.get_ref().as_str()?, value.span()))
    }

    /// The boolean under a key.
    fn flag(&self, key: &str) -> Option<bool> {
        self.value(key)?.get_ref().as_bool()
    }

    /// The text under a key.
    fn str(&self, key: &str) -> Option<&str> {
        self.value(key)?.get_ref().as_str()
    }

    /// The table under a key.
    fn table(&self, key: &str) -> Option<&DeTable<'_>> {
        self.value(key)?.get_ref().as_table()
    }

    /// The tables of the array under a key (`[[key]]`), each with the bytes it stands at; other entries are left out.
    fn list(&self, key: &str) -> impl Iterator<Item = (&DeTable<'_>, Range<usize>)> {
        let array = self.value(key).and_then(|v| v.get_ref().as_array());
        array.into_iter().flat_map(|a| a.iter()).filter_map(|v| Some((v.get_ref().as_table()?, v.span())))
    }

    /// The texts of the array under a key, with the bytes they stand at; entries that are no text are left out.
    fn places(&self, key: &str) -> Vec<(&str, Range<usize>)> {
        let array = self.value(key).and_then(|v| v.get_ref().as_array());
        array.map(|a| a.iter().filter_map(|v| Some((v.get_ref().as_str()?, v.span()))).collect()).unwrap_or_default()
    }

    /// The texts of the array under a key; entries that are no text are left out.
    fn texts(&self, key: &str) -> Vec<&str> {
        let array = self.value(key).and_then(|v| v.get_ref().as_array());
        array.map(|a| a.iter().filter_map(|v| v.get_ref().as_str()).collect()).unwrap_or_default()
    }
}

impl Table for DeTable<'_> {
    fn value(&self, key: &str) -> Option<&Spanned<DeValue<'_>>> {
        self.get(key)
    }
}

/// An entry of a table: its key and value.
pub(super) type Entry<'d, 't> = (&'d Spanned<std::borrow::Cow<'t, str>>, &'d Spanned<DeValue<'t>>);

/// The entries of a table in the order of the text.
pub(super) fn entries<'d, 't>(table: &'d DeTable<'t>) -> Vec<Entry<'d, 't>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
