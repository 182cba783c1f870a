//! What people write for a license (`GPLv2+ or MIT/X11, and Apache 2`), read as an SPDX license expression
//! (SPDX 3.0.1 Annex B).
//!
//! `words` splits the text, `lexicon` knows the names (the SPDX License List, what notices call licenses in
//! `policies/facts/license-lexicon.txt`, and what only fields do in `license-names.toml`),
//! and `grammar` reads versions, `or later`, exceptions and operators. Collectors and policy both read names here.

mod grammar;
mod lexicon;
pub mod texts;
mod words;

#[cfg(test)]
mod tests;

/// The longest text that is read, in bytes. The longest license fields seen in real manifests have under 1,000.
const MOST_BYTES: usize = 4096;

/// What a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// A valid SPDX license expression: the licenses that the text names.
    pub expression: String,
    /// Whether the expression says all that the text says. Not so when words are left over, or when a name tells no
    /// license apart (`BSD`).
    pub complete: bool,
}

/// Reads a text that names licenses; `None` when it names none that is known. Linear in the length of the text.
///
/// The conventions are those of the field: `GPL v2` without `or later` is `GPL-2.0-only`, a bare `GPL` is
/// `GPL-1.0-or-later`, a bare `LGPL` is `LGPL-2.0-or-later`, and a bare `BSD` names no id.
pub fn read(text: &str) -> Option<Named> {
    read_in("", text)
}

/// As [`read`], with the names that the documents of a format give a meaning of their own: a table `formats` of
/// `license-names.toml`, such as `gentoo`, whose `BSD` is the license with three clauses.
pub fn read_in(format: &str, text: &str) -> Option<Named> {
    if text.len() > MOST_BYTES {
        return None;
    }
    grammar::read(lexicon::Lexicon::get(), format, &words::split(text))
}

/// The SPDX expression that a statement means which is none itself (`The MIT License`); `None` for expressions, and for
/// statements that leave a doubt.
pub fn meant(statement: &str) -> Option<String> {
    if spdx::Expression::parse(statement).is_ok() {
        return None;
    }
    read(statement).filter(|named| named.complete).map(|named| named.expression)
}
