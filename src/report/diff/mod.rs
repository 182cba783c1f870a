//! What changed between two reports: components, licenses, findings, verdicts.
//!
//! Both sides are read from the JSON report, so that what an older program wrote, and what a scan finds now, are compared
//! in one way. [`FORMATS`] lists how a comparison is written; formats decide nothing.

mod compare;
mod human;
mod markdown;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

use super::{View, json};
use crate::model::{Outcome, Report, Severity, State};

pub use compare::compare;

/// One way to write a comparison.
#[derive(Clone, Copy)]
pub struct DiffFormat {
    /// What `--format` calls it.
    pub name: &'static str,
    /// What it is for, as one short sentence.
    pub summary: &'static str,
    /// Writes the comparison.
    pub render: fn(&Diff, &View, &mut dyn Write) -> io::Result<()>,
}

/// Every format of a comparison, the default first.
pub static FORMATS: &[DiffFormat] = &[
    DiffFormat { name: "human", summary: "For people at a terminal.", render: human::render },
    DiffFormat {
        name: "json",
        summary: "Everything, as stable JSON; `openclause schema diff` prints its schema.",
        render: render_json,
    },
    DiffFormat { name: "markdown", summary: "For a comment or a job summary.", render: markdown::render },
];

/// The JSON Schema (draft 2020-12) of a comparison.
pub fn json_schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Diff>().into()
}

fn render_json(diff: &Diff, _: &View, out: &mut dyn Write) -> io::Result<()> {
    json::write(diff, out)
}

/// One side of a comparison: what it needs of a JSON report.
#[derive(Debug, Deserialize)]
pub struct Side {
    #[serde(default)]
    folders: Vec<Folder>,
    #[serde(default)]
    files: Vec<File>,
    #[serde(default)]
    packages: Vec<Package>,
    findings: Vec<Finding>,
    #[serde(default)]
    verdicts: Vec<Verdict>,
}

#[derive(Debug, Deserialize)]
struct Folder {
    path: String,
    declared: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    path: String,
    license: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Package {
    purl: String,
    version: String,
    scope: String,
    direct: bool,
    #[serde(default)]
    license: PackageLicense,
}

#[derive(Debug, Default, Deserialize)]
struct PackageLicense {
    declared: Option<String>,
    concluded: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Verdict {
    rule: String,
    phrase: String,
    verdict: Outcome,
}

impl Side {
    /// Reads a JSON report.
    ///
    /// # Errors
    /// When the text is none.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("it is no JSON report of openclause: {error}"))
    }

    /// The side that a scan gives.
    ///
    /// # Errors
    /// None in practice: the report is written to memory and read again.
    pub fn of(report: &Report) -> Result<Self, String> {
        let mut text = Vec::new();
        (json::FORMAT.render)(report, &View::default(), &mut text).map_err(|error| error.to_string())?;
        Self::read(&String::from_utf8_lossy(&text))
    }
}

/// What changed between two reports. Within one `schema_version` fields are added, never changed or taken away. Lists
/// are sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Openclause comparison")]
pub struct Diff {
    /// Version of this shape.
    pub schema_version: u32,
    /// Components.
    pub components: Components,
    /// Licenses of the project and of its files.
    pub licenses: Licenses,
    /// Findings that count; waived ones do not.
    pub findings: Findings,
    /// Rules that came to another verdict.
    pub verdicts: Vec<VerdictChange>,
}

/// Components that came, went or changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Components {
    /// In the new report alone.
    pub added: Vec<Component>,
    /// In the old report alone.
    pub removed: Vec<Component>,
    /// In both, with another version, license or scope.
    pub changed: Vec<ComponentChange>,
}

/// A component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Component {
    /// Package URL.
    pub purl: String,
    /// Its license: what was concluded, else what is declared; null when neither is known.
    pub license: Option<String>,
    /// What it is needed for.
    pub scope: String,
    /// Whether a manifest asks for it by name.
    pub direct: bool,
}

/// What changed about a component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ComponentChange {
    /// Package URL in the new report.
    pub purl: String,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Change<String>>,
    /// Its license.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<Change<Option<String>>>,
    /// What it is needed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Change<String>>,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Change<T> {
    /// In the old report.
    pub old: T,
    /// In the new report.
    pub new: T,
}

impl<T: PartialEq> Change<T> {
    /// The change from `old` to `new`; `None` when they are the same.
    fn of(old: T, new: T) -> Option<Self> {
        (old != new).then_some(Self { old, new })
    }
}

/// Licenses that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Licenses {
    /// The license that is declared for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<Change<Option<String>>>,
    /// Files with evidence in both reports whose license is another one.
    pub files: Vec<FileChange>,
    /// Licenses that another number of files states.
    pub counts: Vec<CountChange>,
}

/// A file with another license.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FileChange {
    /// Its path.
    pub path: String,
    /// The SPDX expressions; null where there is none.
    #[serde(flatten)]
    pub license: Change<Option<String>>,
}

/// How many files state a license.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct CountChange {
    /// The SPDX expression.
    pub license: String,
    /// The files.
    #[serde(flatten)]
    pub files: Change<u64>,
}

/// Findings that came, went or changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Findings {
    /// In the new report alone, the worst first.
    pub new: Vec<Finding>,
    /// In the old report alone, the worst first.
    pub gone: Vec<Finding>,
    /// In both, with another severity.
    pub changed: Vec<SeverityChange>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `pack/rule-id`.
    pub rule: String,
    /// Its severity.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The file to look at first.
    pub path: String,
    /// The line.
    pub start_line: u32,
    /// Stable identity.
    pub fingerprint: String,
    #[serde(skip_serializing)]
    #[schemars(skip)]
    state: State,
}

/// A finding with another severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeverityChange {
    /// The finding, as it is in the new report.
    #[serde(flatten)]
    pub finding: Finding,
    /// Its severity in the old report.
    pub old_severity: Severity,
}

/// A rule that came to another verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VerdictChange {
    /// `pack/rule-id`.
    pub rule: String,
    /// The phrase of clause 5 that it serves.
    pub phrase: String,
    /// The verdict in the old report; null when the rule was not judged.
    pub old: Option<Outcome>,
    /// The verdict in the new report; null when the rule was not judged.
    pub new: Option<Outcome>,
}

impl Diff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self { schema_version: self.schema_version, ..Self::default() }
    }

    /// The worst severity among findings that are new or became worse; `None` when there is none.
    pub fn worst(&self) -> Option<Severity> {
        let new = self.findings.new.iter().map(|finding| finding.severity);
        let worse = self.findings.changed.iter().filter(|c| c.finding.severity > c.old_severity);
        new.chain(worse.map(|change| change.finding.severity)).max()
    }
}

/// `1 added, 2 removed`; what is none is left out.
fn tally(parts: &[(usize, &str)]) -> String {
    let parts = parts.iter().filter(|(n, _)| *n > 0);
    parts.map(|(n, word)| format!("{} {word}", super::counts::number(*n as u64))).collect::<Vec<_>>().join(", ")
}

/// A license, or the word for none.
fn license(license: Option<&str>) -> &str {
    license.unwrap_or("none")
}

/// The word for a verdict that may be missing.
fn outcome(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("not judged", Outcome::name)
}

/// What changed about a component, in words: `1.0 to 2.0; license MIT to GPL-3.0-only`.
fn changes(change: &ComponentChange) -> String {
    let mut parts = Vec::new();
    parts.extend(change.version.as_ref().map(|c| format!("{} to {}", c.old, c.new)));
    let said = |c: &Change<Option<String>>| {
        format!("license {} to {}", license(c.old.as_deref()), license(c.new.as_deref()))
    };
    parts.extend(change.license.as_ref().map(said));
    parts.extend(change.scope.as_ref().map(|c| format!("scope {} to {}", c.old, c.new)));
    parts.join("; ")
}
