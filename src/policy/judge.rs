//! What a rule found while it judged its subjects.

use std::collections::BTreeMap;

use super::paths::is_test;
use crate::model::{Maps, Place, Severity};

/// Collects the outcome of one rule.
#[derive(Debug, Default)]
pub struct Judge {
    /// Subjects judged.
    pub subjects: u64,
    /// Subjects that failed.
    pub failures: Vec<Failure>,
    /// What could not be decided, and why; the first reason counts.
    pub undecided: Option<String>,
    /// Why there was nothing to judge.
    pub nothing: Option<String>,
}

/// One subject that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What is judged: a path, a purl, or `repository`.
    pub subject: String,
    /// Where to look first.
    pub place: Place,
    /// Further places, each with what it shows.
    pub related: Vec<(Place, String)>,
    /// Values for the message and the help.
    pub fields: BTreeMap<&'static str, String>,
    /// The license that was judged.
    pub license: Option<String>,
    /// Controls that this failure gives evidence for, beside those of the rule.
    pub maps: Maps,
    /// Why it is accepted, where a statement in the tree says so; it then fails nothing.
    pub excused: Option<String>,
    /// The severity that it has at most, where it is a lesser case of what the rule is about.
    pub at_most: Severity,
}

impl Judge {
    /// A subject is in order.
    pub fn pass(&mut self) {
        self.subjects += 1;
    }

    /// A subject failed.
    pub fn fail(&mut self, failure: Failure) {
        self.subjects += 1;
        self.failures.push(failure);
    }

    /// A subject cannot be decided.
    pub fn undecided(&mut self, why: impl Into<String>) {
        self.undecided.get_or_insert_with(|| why.into());
    }

    /// There is nothing to judge.
    pub fn nothing(&mut self, why: impl Into<String>) {
        self.nothing.get_or_insert_with(|| why.into());
    }
}

impl Failure {
    /// A failure of `subject` at `place`. What is there for tests or as an example is at most a warning.
    pub fn new(subject: impl Into<String>, place: Place) -> Self {
        let at_most = if is_test(&place.path) { Severity::Warning } else { Severity::Error };
        let subject = subject.into();
        let fields = BTreeMap::from([("subject", subject.clone())]);
        Self { subject, place, related: Vec::new(), fields, license: None, maps: Maps::new(), excused: None, at_most }
    }

    /// Lets it count in folders for tests and examples as well.
    #[must_use]
    pub fn even_in_tests(mut self) -> Self {
        self.at_most = Severity::Error;
        self
    }

    /// Sets a value for the message.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.fields.insert(field, value.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn also(mut self, place: Place, shows: impl Into<String>) -> Self {
        self.related.push((place, shows.into()));
        self
    }

    /// Adds controls of a standard to those of the rule.
    #[must_use]
    pub fn maps(mut self, standard: &str, controls: impl IntoIterator<Item = String>) -> Self {
        self.maps.entry(standard.to_owned()).or_default().extend(controls);
        self
    }

    /// Accepts it for a reason that the tree states.
    #[must_use]
    pub fn excused(mut self, reason: Option<String>) -> Self {
        self.excused = reason;
        self
    }

    /// Bounds the severity: a lesser case of what the rule is about.
    #[must_use]
    pub fn at_most(mut self, severity: Severity) -> Self {
        self.at_most = self.at_most.min(severity);
        self
    }

    /// Sets the license that was judged.
    #[must_use]
    pub fn license(mut self, expression: impl Into<String>) -> Self {
        self.license = Some(expression.into());
        self
    }
}
