//! Frameworks of controls as views of a report: no check of their own, only what the rules came to.
//!
//! A framework is a file of controls in `policies/frameworks`. Its verdicts follow from those of the rules that a
//! control names and from what documents say; text alone is evidence and never makes a control `met`.

use serde::{Deserialize, Serialize};

use crate::model::{Outcome, Place, Report, State};

/// The frameworks that the program carries.
static BUILT_IN: &[&str] = &[
    include_str!("../../policies/frameworks/osps.toml"),
    include_str!("../../policies/frameworks/scorecard.toml"),
    include_str!("../../policies/frameworks/badge-passing.toml"),
    include_str!("../../policies/frameworks/slsa.toml"),
    include_str!("../../policies/frameworks/ssdf.toml"),
    include_str!("../../policies/frameworks/iso-18974.toml"),
    include_str!("../../policies/frameworks/cra.toml"),
];

/// Names that `--framework` takes, in the order of the listing.
pub const FRAMEWORK_NAMES: &[&str] = &["osps", "scorecard", "badge-passing", "slsa", "ssdf", "iso-18974", "cra"];

/// How many places of evidence a row names.
const MOST: usize = 5;

/// A framework of controls.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// What `--framework` calls it.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The edition that the controls are those of.
    pub version: String,
    /// Its controls, in its own order.
    #[serde(rename = "control")]
    pub controls: Vec<Control>,
}

/// One control.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its id in the framework.
    pub id: String,
    /// The lowest level that asks for it, in frameworks with levels.
    pub level: Option<u8>,
    /// What decides it.
    pub class: Class,
    /// What it asks, in words of our own.
    pub title: String,
    /// The rules that speak of it.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Kinds of statement in documents that speak of it (`policies/facts/phrases.toml`).
    #[serde(default)]
    pub signals: Vec<String>,
    /// What would decide it where a checkout cannot.
    pub needs: Option<String>,
}

/// What decides a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Class {
    /// The content of the checkout.
    #[serde(rename = "C")]
    Checkout,
    /// Text of the checkout, which is evidence and no proof.
    #[serde(rename = "D")]
    Document,
    /// The forge, or people.
    #[serde(rename = "F")]
    Forge,
    /// What is released.
    #[serde(rename = "R")]
    Release,
}

/// What a checkout shows of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// It is met.
    Met,
    /// It is not met.
    NotMet,
    /// There is evidence for it, which a person has to judge.
    EvidenceFound,
    /// There is none.
    NoEvidence,
    /// A checkout cannot decide it.
    NotDecidable,
}

impl Shown {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::EvidenceFound => "evidence found",
            Self::NoEvidence => "no evidence",
            Self::NotDecidable => "not decidable from a checkout",
        }
    }
}

/// What a report shows of one control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ControlRow {
    /// The id of the control.
    pub id: String,
    /// The lowest level that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// What it asks.
    pub title: String,
    /// What the checkout shows.
    pub verdict: Shown,
    /// Why, one line per rule or statement.
    pub evidence: Vec<ControlEvidence>,
    /// What would decide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

/// One reason for a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ControlEvidence {
    /// The rule, or the kind of statement.
    pub source: String,
    /// What it says.
    pub says: String,
    /// Where, when it speaks of a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Spot>,
}

/// A file and a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

impl From<&Place> for Spot {
    fn from(place: &Place) -> Self {
        Self { path: place.path.to_string(), line: place.start_line() }
    }
}

/// All frameworks, in the order of [`FRAMEWORK_NAMES`].
pub fn all() -> Vec<Framework> {
    BUILT_IN.iter().filter_map(|text| toml::from_str(text).ok()).collect()
}

/// The framework of this name.
pub fn find(name: &str) -> Option<Framework> {
    let at = FRAMEWORK_NAMES.iter().position(|known| *known == name)?;
    toml::from_str(BUILT_IN.get(at)?).ok()
}

/// What a report shows of each control; one row per control, none left out.
pub fn view(framework: &Framework, report: &Report) -> Vec<ControlRow> {
    framework.controls.iter().map(|control| row(control, report)).collect()
}

fn row(control: &Control, report: &Report) -> ControlRow {
    let mut evidence = Vec::new();
    let (mut passed, mut failed, mut open) = (0, 0, 0);
    for id in &control.rules {
        let Some(verdict) = report.verdicts.iter().find(|v| v.rule == *id) else {
            open += 1;
            evidence.push(ControlEvidence {
                source: id.clone(),
                says: "the rule took no part".to_owned(),
                place: None,
            });
            continue;
        };
        let mut findings = report.findings.iter().filter(|f| f.rule == *id && f.state == State::New).peekable();
        match verdict.verdict {
            Outcome::Fail if findings.peek().is_some() => {
                failed += 1;
                evidence.extend(findings.take(MOST).map(|f| ControlEvidence {
                    source: id.clone(),
                    says: f.message.clone(),
                    place: Some((&f.place).into()),
                }));
                continue;
            }
            // Every finding is waived: that somebody accepts a failure does not make the control met.
            Outcome::Fail | Outcome::Undecidable => open += 1,
            Outcome::Pass => passed += 1,
            Outcome::NotApplicable => {}
        }
        evidence.push(ControlEvidence { source: id.clone(), says: verdict.reason.clone(), place: None });
    }
    let statements = report
        .inventory
        .documents
        .iter()
        .flat_map(|d| &d.signals)
        .filter(|s| control.signals.contains(&s.kind.0))
        .take(MOST);
    let before = evidence.len();
    evidence.extend(statements.map(|s| ControlEvidence {
        source: s.kind.0.clone(),
        says: s.place.region.as_ref().map(crate::model::Region::text).unwrap_or_default(),
        place: Some((&s.place).into()),
    }));
    let said = evidence.len() > before;
    let verdict = match control.class {
        Class::Checkout if failed > 0 => Shown::NotMet,
        Class::Checkout if open > 0 || control.rules.is_empty() => Shown::NotDecidable,
        // Nothing that could break the control is there either; a rule that had nothing to judge is no success.
        Class::Checkout if passed > 0 => Shown::Met,
        Class::Checkout => Shown::NoEvidence,
        Class::Document if control.rules.is_empty() && control.signals.is_empty() => Shown::NotDecidable,
        Class::Document if failed > 0 => Shown::NoEvidence,
        Class::Document if passed > 0 || said => Shown::EvidenceFound,
        Class::Document if open > 0 => Shown::NotDecidable,
        Class::Document => Shown::NoEvidence,
        Class::Forge | Class::Release => Shown::NotDecidable,
    };
    let needs = control.needs.clone().filter(|_| verdict != Shown::Met);
    ControlRow {
        id: control.id.clone(),
        level: control.level,
        title: control.title.clone(),
        verdict,
        evidence,
        needs,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::Config;
    use crate::model::{Finding, Verdict};
    use crate::policy::Policy;

    #[test]
    fn no_control_is_dropped() {
        assert_eq!(all().iter().map(|f| f.id.clone()).collect::<Vec<_>>(), FRAMEWORK_NAMES);
        let osps = find("osps").unwrap();
        let level = |level| osps.controls.iter().filter(|c| c.level == Some(level)).count();
        // The lowest level of each live requirement in ossf/security-baseline, baseline/OSPS-*.yaml of 2026-02-19.
        assert_eq!((level(1), level(2), level(3), osps.controls.len()), (24, 19, 21, 64));
        assert_eq!(find("scorecard").unwrap().controls.len(), 20);
        for framework in all() {
            let ids: BTreeSet<_> = framework.controls.iter().map(|c| &c.id).collect();
            assert_eq!(ids.len(), framework.controls.len(), "{}: an id stands twice", framework.id);
        }
    }

    /// A report in which every rule came to this, with a finding of each rule that failed.
    fn report(outcome: Outcome, state: State) -> Report {
        let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
        let rules: Vec<_> = policy.packs.iter().flat_map(|pack| &pack.rules).collect();
        let verdicts = rules.iter().map(|rule| Verdict {
            rule: rule.id.clone(),
            phrase: rule.phrase.clone(),
            verdict: outcome,
            reason: "made up".to_owned(),
            subjects: 1,
            failed: u64::from(outcome == Outcome::Fail),
        });
        let findings = rules.iter().filter(|_| outcome == Outcome::Fail).map(|rule| Finding {
            rule: rule.id.clone(),
            severity: rule.severity,
            subject: "a".to_owned(),
            message: "is wrong".to_owned(),
            help: String::new(),
            place: Place::file(crate::model::RelPath::new("a")),
            related: Vec::new(),
            fingerprint: String::new(),
            state,
            license: None,
            justification: None,
            maps: rule.maps.clone(),
        });
        Report {
            tool: crate::TOOL,
            inventory: crate::model::Inventory::default(),
            findings: findings.collect(),
            verdicts: verdicts.collect(),
            clauses: Vec::new(),
            packs: policy.docs(),
        }
    }

    #[test]
    fn verdicts_follow_from_what_decides_a_control() {
        use Shown::{EvidenceFound, Met, NoEvidence, NotDecidable, NotMet};
        // What rules came to; then the verdict where the checkout decides, and where a text is evidence.
        let cases = [
            (report(Outcome::Pass, State::New), Met, EvidenceFound),
            (report(Outcome::Fail, State::New), NotMet, NoEvidence),
            (report(Outcome::Fail, State::Waived), NotDecidable, NotDecidable),
            (report(Outcome::Undecidable, State::New), NotDecidable, NotDecidable),
            (report(Outcome::NotApplicable, State::New), NoEvidence, NoEvidence),
        ];
        for framework in all() {
            for (report, checkout, document) in &cases {
                let rows = view(&framework, report);
                assert_eq!(rows.len(), framework.controls.len(), "{}", framework.id);
                for (control, row) in framework.controls.iter().zip(rows) {
                    let wanted = match control.class {
                        Class::Checkout if !control.rules.is_empty() => *checkout,
                        Class::Document if !control.rules.is_empty() => *document,
                        Class::Document if !control.signals.is_empty() => NoEvidence,
                        _ => NotDecidable,
                    };
                    assert_eq!(row.verdict, wanted, "{} {}: {:?}", framework.id, row.id, row.evidence);
                    assert!(row.verdict == Met || row.needs == control.needs, "{}", row.id);
                }
            }
        }
    }

    #[test]
    fn every_rule_that_a_control_names_exists_and_what_is_open_says_what_decides() {
        let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
        let phrases: toml::Table = toml::from_str(include_str!("../../policies/facts/phrases.toml")).unwrap();
        for framework in all() {
            for control in &framework.controls {
                for rule in &control.rules {
                    assert!(policy.rule(rule).is_some(), "{}: {rule}", control.id);
                }
                for signal in &control.signals {
                    assert!(phrases.contains_key(signal), "{}: {signal}", control.id);
                }
                let decided = control.class == Class::Checkout && !control.rules.is_empty();
                assert!(decided || control.needs.is_some(), "{}: what would decide it", control.id);
            }
        }
    }
}
