//! Kinds of credentials as the build script compiles them from `policies/facts/secrets`.

use std::sync::OnceLock;

use regex::Regex;

use crate::model::Confidence;

/// One kind of credential.
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) kind: RuleKind,
    pub(super) form: Form,
    pub(super) check: Check,
    /// Bits per character that the value has at least.
    pub(super) entropy: f32,
    /// Whether the value has a digit.
    pub(super) digits: bool,
    /// Whether the value has letters and digits, and is no word; a token has letters of both cases.
    pub(super) mixed: bool,
    /// Whether the name must say that it is a credential (`token`, `key`, `secret`).
    pub(super) noun: bool,
    /// Words of which one stands on the line in front of the value; none without any.
    pub(super) after: &'static [&'static str],
    pub(super) confidence: Confidence,
}

/// The reach of kinds that name none: their keyword stands in the credential.
pub(super) const IN_IT: usize = 280;

/// How a keyword leads to a credential.
pub(super) enum RuleKind {
    /// The credential starts with the keyword, case and all.
    Starts(&'static [&'static str]),
    /// The keyword stands in or near the credential; as many bytes on both sides are searched.
    Inside(usize),
    /// The keyword is in the name of what is assigned.
    Named,
}

/// What is looked at beside the form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    None,
    /// The last six characters are the CRC-32 of those between the prefix and them, in base 62.
    Crc32Base62,
}

/// A regular expression that is compiled when it is first needed.
pub(super) struct Form {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Form {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// The expression; a test compiles every one, so that none is missing here.
    pub(super) fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(self.text).ok()).as_ref()
    }
}

/// Where a program takes a credential.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) position: Position,
    /// The character behind which it stands there.
    pub(super) behind: Option<char>,
    /// Whether it is one that a machine made.
    pub(super) machine_made: bool,
}

/// A place on a command line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Position {
    /// The word behind an option, or what follows its `=`.
    Next(&'static str),
    /// What follows an option in the same word.
    Joined(&'static str),
    /// Either.
    Either(&'static str),
    /// So many words that are no options behind the name of the program, counted from 1.
    Word(usize),
    /// What is piped into the program.
    Input,
}

/// An argument of a call that is a credential.
#[derive(Clone, Copy, Debug)]
pub(super) struct Argument {
    /// Counted from 0.
    pub(super) number: usize,
    /// Whether it is one that a machine made.
    pub(super) machine_made: bool,
}

include!(concat!(env!("OUT_DIR"), "/secrets.rs"));

/// Where the program that a keyword names takes credentials.
pub(super) fn places(keyword: u16) -> &'static [Place] {
    KEYWORD_PLACES.get(usize::from(keyword)).copied().unwrap_or_default()
}

/// Which arguments of the call that a keyword names are credentials.
pub(super) fn arguments(keyword: u16) -> &'static [Argument] {
    KEYWORD_ARGUMENTS.get(usize::from(keyword)).copied().unwrap_or_default()
}

/// The rules that a keyword leads to.
pub(super) fn of_keyword(keyword: u16) -> &'static [u16] {
    KEYWORD_RULES.get(usize::from(keyword)).copied().unwrap_or_default()
}

/// Whether a keyword may be a part of a name that says credential, rather than the start of a credential.
pub(super) fn is_of_name(keyword: u16) -> bool {
    IS_OF_NAME.get(usize::from(keyword)).copied().unwrap_or_default()
}

/// Whether a keyword tells nothing but where a word starts.
pub(super) fn starts_word(keyword: usize) -> bool {
    STARTS_WORD.get(keyword).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_compiles_and_there_are_many() {
        for rule in &RULES {
            assert!(rule.form.get().is_some(), "{}: {}", rule.id, rule.form.text);
        }
        assert!(RULES.len() >= 200, "{}", RULES.len());
    }

    #[test]
    fn keywords_are_long_enough_and_in_lower_case_but_for_what_credentials_start_with() {
        let starts = |keyword: &str| {
            let kinds = RULES.iter().filter_map(|rule| match rule.kind {
                RuleKind::Starts(starts) => Some(starts),
                _ => None,
            });
            kinds.flatten().any(|start| *start == keyword)
        };
        for keyword in KEYWORDS {
            assert!(keyword.len() >= 3, "{keyword}");
            assert!(starts(keyword) || *keyword == keyword.to_ascii_lowercase(), "{keyword}");
        }
        assert!(KEYWORDS.contains(&"AKIA") && KEYWORDS.contains(&"token"));
        assert_eq!([KEYWORDS.len(); 3], [KEYWORD_RULES.len(), IS_OF_NAME.len(), STARTS_WORD.len()]);
    }
}
