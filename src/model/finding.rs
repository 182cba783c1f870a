//! What policy says of the inventory.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

/// How bad a finding is. The order is the gate's: `Error` is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

/// Whether a finding counts for the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It counts.
    New,
    /// The baseline has it.
    Baselined,
    /// A waiver covers it.
    Waived,
}

/// Controls of standards that a rule gives evidence for: `osps = ["OSPS-LE-03.01"]`.
pub type Maps = BTreeMap<String, Vec<String>>;

/// A rule that failed for one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `pack/rule-id`.
    pub rule: String,
    /// The severity after overrides.
    pub severity: Severity,
    /// What is judged: a path, a purl, or `repository`.
    pub subject: String,
    /// What is wrong, naming the subject.
    pub message: String,
    /// How to mend it.
    pub help: String,
    /// The place to look at first. Always there: a missing file is anchored to what makes it necessary.
    pub place: Place,
    /// Further places, each with what it shows.
    pub related: Vec<(Place, String)>,
    /// Stable identity: it survives lines inserted above, and never contains a line number.
    pub fingerprint: String,
    /// Whether it counts.
    pub state: State,
    /// The license that was judged, where the rule judges one; a waiver given for another license does not count.
    pub license: Option<String>,
    /// Why it is waived or baselined: the waiver's reason.
    pub justification: Option<String>,
    /// Controls.
    pub maps: Maps,
}

impl Finding {
    /// Whether only pedants and auditors want to know: reports for people fold such findings into a count, machines
    /// get them all. The word is in `maps` under `zizmor-persona`.
    pub fn is_pedantic(&self) -> bool {
        self.maps.contains_key("zizmor-persona")
    }

    /// What it says, for where the path of its place stands beside it: without that path in front.
    pub fn message_beside_path(&self) -> &str {
        let rest = self.message.strip_prefix(self.place.path.as_str()).and_then(|rest| rest.strip_prefix(": "));
        rest.filter(|rest| !rest.is_empty()).unwrap_or(&self.message)
    }
}

/// What a rule came to over all its subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was decided for every subject, and no subject failed.
    Pass,
    /// At least one subject failed.
    Fail,
    /// There is nothing it speaks of.
    NotApplicable,
    /// A checkout, or this scan, cannot tell.
    Undecidable,
}

impl Outcome {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not-applicable",
            Self::Undecidable => "undecidable",
        }
    }
}

/// The verdict on one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// `pack/rule-id`.
    pub rule: String,
    /// The phrase of clause 5 that the rule serves: `P1` to `P9`, or `C6` to `C10`.
    pub phrase: String,
    /// What it came to.
    pub verdict: Outcome,
    /// Why, in one sentence.
    pub reason: String,
    /// How many subjects were judged.
    pub subjects: u64,
    /// How many of them failed, waived ones included.
    pub failed: u64,
}

/// The four verdicts counted for one phrase of clause 5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClauseSummary {
    /// `P1` to `P9`, or `C6` to `C10`.
    pub phrase: String,
    /// Its words, shortened.
    pub title: String,
    /// Rules that passed.
    pub pass: u32,
    /// Rules that failed with at least one finding that counts.
    pub fail: u32,
    /// Rules that had nothing to judge.
    pub not_applicable: u32,
    /// Rules that could not be decided.
    pub undecidable: u32,
    /// The worst finding that counts.
    pub worst: Option<Severity>,
}

#[cfg(test)]
mod tests {
    use super::super::RelPath;
    use super::*;

    #[test]
    fn the_path_of_the_place_is_not_said_twice() {
        let said = |message: &str| {
            let place = Place::file(RelPath::new("a/b.yml"));
            let finding = Finding {
                rule: "secure/action-unpinned".into(),
                severity: Severity::Warning,
                message: message.to_owned(),
                help: String::new(),
                subject: "a/b.yml".into(),
                place,
                related: Vec::new(),
                fingerprint: String::new(),
                state: State::New,
                license: None,
                justification: None,
                maps: Maps::new(),
            };
            finding.message_beside_path().to_owned()
        };
        assert_eq!(said("a/b.yml: `x` is not pinned"), "`x` is not pinned");
        for whole in ["a/b.yml is gone", "a/b.yml: ", "b.yml: one", "one: a/b.yml: two"] {
            assert_eq!(said(whole), whole);
        }
    }
}
