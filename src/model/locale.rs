//! Texts of a program in one language.

use std::collections::BTreeSet;

use super::Place;

/// A file with the texts of a program in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Locale {
    /// The file.
    pub place: Place,
    /// Its language, as its name writes it (`de`, `pt_BR`).
    pub language: String,
    /// The path with the language left out: files of one group hold the same texts in different languages.
    pub group: String,
    /// Keys of the texts that are there; of formats that keep untranslated texts, those that are translated.
    pub keys: BTreeSet<String>,
    /// Keys that are there and have no text.
    pub empty: BTreeSet<String>,
}
