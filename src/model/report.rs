//! The one thing that reporters see.

use super::{ClauseSummary, Finding, Inventory, Maps, Severity, Verdict};

/// Version of the JSON report. Fields are only added within a version.
pub const SCHEMA_VERSION: u32 = 1;

/// Inventory, findings and verdicts of one scan, with what is needed to explain them.
#[derive(Clone, Debug)]
pub struct Report {
    /// What made it.
    pub tool: Tool,
    /// All evidence.
    pub inventory: Inventory,
    /// Findings, sorted by severity (worst first), rule, path and line.
    pub findings: Vec<Finding>,
    /// One verdict per rule that took part, sorted by rule.
    pub verdicts: Vec<Verdict>,
    /// One row per phrase that a rule serves, in the clause's order.
    pub clauses: Vec<ClauseSummary>,
    /// Documentation of every rule that took part, sorted by id.
    pub packs: Packs,
}

/// The program that made a report.
#[derive(Clone, Debug)]
pub struct Tool {
    /// `openclause`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its home.
    pub home: &'static str,
}

/// Documentation of rules, as reporters need it.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// Rules, sorted by id.
    pub rules: Vec<RuleDoc>,
}

impl Packs {
    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&RuleDoc> {
        self.rules.binary_search_by(|r| r.id.as_str().cmp(id)).ok().map(|i| &self.rules[i])
    }
}

/// What a person needs to know of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDoc {
    /// `pack/rule-id`.
    pub id: String,
    /// The pack's title.
    pub pack_title: String,
    /// The file of the pack: a path, or for built-in packs the path in openclause's own source.
    pub pack_file: String,
    /// The line of it at which the rule starts.
    pub pack_line: u32,
    /// What it finds, as a short phrase without a full stop.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub help: String,
    /// The severity after overrides.
    pub severity: Severity,
    /// The phrase of clause 5 it serves.
    pub phrase: String,
    /// Controls.
    pub maps: Maps,
    /// Whether it speaks of security, so that code scanning may rank it as such.
    pub security: bool,
}
