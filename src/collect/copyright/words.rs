//! The word lists of `policies/facts/copyright.toml`, compiled once, when the first candidate is met.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Deserialize;

static DATA: &str = include_str!("../../../policies/facts/copyright.toml");

/// The lists as written.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    prose: BTreeSet<String>,
    templates: Vec<String>,
    other_lines: Vec<String>,
    ends: Vec<String>,
    abbreviations: BTreeSet<String>,
}

/// The lists, ready to be asked.
pub(super) struct Words {
    prose: BTreeSet<String>,
    templates: Option<AhoCorasick>,
    other_lines: Vec<String>,
    ends: Option<AhoCorasick>,
    abbreviations: BTreeSet<String>,
}

/// The word lists.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let file: File = toml::from_str(DATA).unwrap_or_default();
        let automaton = |words: &[String]| {
            let kind = Some(AhoCorasickKind::ContiguousNFA);
            AhoCorasick::builder().ascii_case_insensitive(true).kind(kind).build(words).ok()
        };
        Words {
            templates: automaton(&file.templates),
            ends: automaton(&file.ends),
            prose: file.prose,
            other_lines: file.other_lines,
            abbreviations: file.abbreviations,
        }
    })
}

impl Words {
    /// Whether a lower-case word behind `Copyright` makes it prose.
    pub(super) fn is_prose(&self, word: &str) -> bool {
        self.prose.contains(word)
    }

    /// Whether a text is a template or a format string.
    pub(super) fn is_template(&self, text: &str) -> bool {
        self.templates.as_ref().is_some_and(|t| t.is_match(text))
    }

    /// Whether a line in lower case starts something else than the rest of a holder.
    pub(super) fn is_other_line(&self, line: &str) -> bool {
        self.other_lines.iter().any(|start| {
            line.strip_prefix(start.as_str()).is_some_and(|tail| {
                let is_word = start.ends_with(|c: char| c.is_ascii_alphanumeric());
                !is_word || !tail.starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        })
    }

    /// The text up to where a holder ends.
    pub(super) fn holder_part<'t>(&self, text: &'t str) -> &'t str {
        // Overlapping search: the first end wins, whichever word of the list it is.
        let found = self.ends.as_ref().and_then(|ends| ends.find_overlapping_iter(text).map(|m| m.start()).min());
        &text[..found.unwrap_or(text.len())]
    }

    /// Whether a lower-case word keeps its full stop.
    pub(super) fn is_abbreviation(&self, word: &str) -> bool {
        self.abbreviations.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_well_formed() {
        let file: File = toml::from_str(DATA).unwrap();
        assert!(!file.prose.is_empty() && !file.ends.is_empty());
        for word in file.prose.iter().chain(&file.templates).chain(&file.other_lines).chain(&file.abbreviations) {
            assert_eq!(*word, word.to_lowercase());
        }
    }
}
