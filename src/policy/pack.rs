//! Packs and rules as data.

use std::collections::BTreeMap;
use std::ops::Range;

use super::predicates::Predicate;
use super::template::Template;
use super::tree::Tree;
use crate::config::ParamValue;
use crate::config::spanned::Source;
use crate::model::{Maps, RuleDoc, Severity};

/// A file of rules for one part of clause 5.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name, the first half of its rules' ids.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// Parameters that the configuration may set.
    pub params: BTreeMap<String, Param>,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// The file it was read from.
    pub source: Source,
}

/// A parameter of a pack.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its type.
    pub kind: ParamKind,
    /// Its value: the default, or what the configuration sets.
    pub value: ParamValue,
    /// What it does.
    pub about: String,
    /// Smallest number allowed.
    pub min: i64,
    /// Largest number allowed.
    pub max: i64,
}

/// Type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// True or false.
    Bool,
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// An SPDX license expression, or `auto`.
    Expression,
}

impl ParamKind {
    /// The words for types in a pack.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("bool", Self::Bool),
        ("number", Self::Number),
        ("text", Self::Text),
        ("texts", Self::Texts),
        ("expression", Self::Expression),
    ];

    /// Whether a value is of this type.
    pub fn admits(self, value: &ParamValue) -> bool {
        matches!(
            (self, value),
            (Self::Bool, ParamValue::Bool(_))
                | (Self::Number, ParamValue::Number(_))
                | (Self::Text | Self::Expression, ParamValue::Text(_))
                | (Self::Texts, ParamValue::Texts(_))
        )
    }

    /// The word for the type.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// What a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectKind {
    /// The checkout as a whole.
    Repository,
    /// One file.
    File,
    /// One manifest.
    Manifest,
    /// One component of the bill of materials.
    Component,
    /// One document.
    Document,
    /// One file of a machine-learning model.
    Model,
}

impl SubjectKind {
    /// The words for subjects in a pack.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("repository", Self::Repository),
        ("file", Self::File),
        ("manifest", Self::Manifest),
        ("component", Self::Component),
        ("document", Self::Document),
        ("model", Self::Model),
    ];

    /// The word for the subject.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// One decidable question.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `pack/rule-id`.
    pub id: String,
    /// What it finds, as a short phrase.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// Default severity.
    pub severity: Severity,
    /// Why the rule is off by default, when it is.
    pub off: Option<String>,
    /// Phrase of clause 5: `P1` to `P9`, or `C6` to `C10`.
    pub phrase: String,
    /// What it speaks of.
    pub on: SubjectKind,
    /// How it decides.
    pub test: Test,
    /// What a finding says.
    pub message: Template,
    /// How to mend it.
    pub help: Template,
    /// Controls of standards.
    pub maps: Maps,
    /// Whether code scanning may rank it as a security rule.
    pub security: bool,
    /// Where the rule starts in its pack.
    pub span: Range<usize>,
}

/// How a rule decides.
#[derive(Clone, Debug)]
pub enum Test {
    /// A subject that `filter` lets through fails where `tree` holds.
    Match {
        /// Which subjects the rule speaks of; all without one.
        filter: Option<Tree>,
        /// What is wrong.
        tree: Tree,
    },
    /// A named predicate decides.
    Check(&'static Predicate),
    /// What is missing to decide it from a checkout.
    Undecidable(String),
}

impl Rule {
    /// The rule's documentation, with the severity that is in force.
    pub fn doc(&self, pack: &Pack, severity: Severity) -> RuleDoc {
        let before = pack.source.text.as_bytes().get(..self.span.start).unwrap_or_default();
        RuleDoc {
            id: self.id.clone(),
            pack_title: pack.title.clone(),
            pack_file: pack.source.name.to_string(),
            pack_line: memchr::memchr_iter(b'\n', before).count() as u32 + 1,
            title: self.title.clone(),
            why: self.why.clone(),
            help: self.help.plain(),
            severity,
            phrase: self.phrase.clone(),
            maps: self.maps.clone(),
            security: self.security,
        }
    }
}
