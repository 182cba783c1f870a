//! The public shape of the JSON report. It is apart from the model on purpose: the model may change freely, this may
//! only grow within one `schema_version`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Confidence, DetectionKind, DocumentRole, Maps, Outcome, Safety, Severity, SkipReason, State};

/// The report of one scan. Within one `schema_version` fields are added, never changed or taken away. Paths are
/// relative to the scanned root, with `/`. Lists are sorted. A kind of evidence that the scan did not look for has
/// no field.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Openclause report")]
pub(super) struct Root<'a> {
    /// Version of this shape.
    pub(super) schema_version: u32,
    /// The program that made the report.
    pub(super) tool: Tool<'a>,
    /// Whether one whole folder was scanned. Otherwise nothing can be said to be missing.
    pub(super) whole: bool,
    /// The git repository that holds the scanned root; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repository: Option<Repository<'a>>,
    /// Counts of the scan.
    pub(super) statistics: Statistics,
    /// Files with license or copyright evidence.
    pub(super) files: Vec<File<'a>>,
    /// What the files of each folder state of their licenses; the first is the scanned root.
    pub(super) folders: Vec<Folder<'a>>,
    /// Components, one per purl.
    pub(super) packages: Vec<Package<'a>>,
    /// Package manifests.
    pub(super) manifests: Vec<Manifest<'a>>,
    /// Documents for people.
    pub(super) documents: Vec<Document<'a>>,
    /// Files of machine-learning models, sorted by path.
    pub(super) models: Vec<ModelFile<'a>>,
    /// What looks like a credential, redacted. Those that a comment allows with a reason are left out.
    pub(super) secrets: Vec<Secret<'a>>,
    /// What is wrong, worst first.
    pub(super) findings: Vec<Finding<'a>>,
    /// What each rule came to.
    pub(super) verdicts: Vec<Verdict<'a>>,
    /// What each phrase of clause 5 came to.
    pub(super) clauses: Vec<Clause<'a>>,
    /// What could not be read.
    pub(super) skipped: Vec<Skipped<'a>>,
}

/// The program that made the report.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tool<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its version.
    pub(super) version: &'a str,
    /// Its home page.
    pub(super) home: &'a str,
}

/// The git repository that holds the scanned root.
#[derive(Serialize, JsonSchema)]
pub(super) struct Repository<'a> {
    /// The commit that is checked out, in hexadecimal; null in a repository without a commit.
    pub(super) commit: Option<&'a str>,
    /// When that commit was made, in seconds since 1970.
    pub(super) commit_time: Option<i64>,
    /// The branch that is checked out; null when a commit is checked out by its id.
    pub(super) branch: Option<&'a str>,
    /// Where the scanned root lies in the work tree; empty when it is the work tree.
    pub(super) prefix: &'a str,
    /// URL of the remote `origin`, without user name and password.
    pub(super) remote: Option<&'a str>,
    /// Names of the tags of that commit.
    pub(super) tags: Vec<&'a str>,
    /// Whether the history was cut.
    pub(super) shallow: bool,
    /// What could not be read of it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) unread: &'a [String],
}

/// Counts of the scan.
#[derive(Serialize, JsonSchema)]
pub(super) struct Statistics {
    /// Files listed.
    pub(super) files: u64,
    /// Files read whole as text.
    pub(super) text_files: u64,
    /// Binary files.
    pub(super) binary_files: u64,
    /// Bytes read.
    pub(super) bytes: u64,
    /// Files whose license is known.
    pub(super) licensed_files: u64,
}

/// A run of lines, with columns where a part of a line is meant.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub(super) struct Span {
    /// First line, from 1; 1 when the file as a whole is meant.
    pub(super) start_line: u32,
    /// Last line; 1 when the file as a whole is meant.
    pub(super) end_line: u32,
    /// Column of the first character, from 1, in Unicode code points; absent when the file as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_column: Option<u32>,
    /// Column behind the last character; absent when the file as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_column: Option<u32>,
}

/// A file with license or copyright evidence.
#[derive(Serialize, JsonSchema)]
pub(super) struct File<'a> {
    /// Its path.
    pub(super) path: &'a str,
    /// The SPDX license expression that the statements amount to; null when there is no valid one.
    pub(super) license: Option<&'a str>,
    /// Statements about its license.
    pub(super) licenses: Vec<Detection<'a>>,
    /// Copyright statements.
    pub(super) copyrights: Vec<Copyright<'a>>,
}

/// The licenses of a folder that holds files, or of the root. Counts include the folders below.
#[derive(Serialize, JsonSchema)]
pub(super) struct Folder<'a> {
    /// Its path.
    pub(super) path: &'a str,
    /// The SPDX license expression that is declared for it; null when there is none.
    pub(super) declared: Option<&'a str>,
    /// The manifest or license text that declares it, of the folder or of the nearest one above; null when there is none.
    pub(super) declared_by: Option<&'a str>,
    /// The distinct licenses that its files state, joined with `AND`; null when none states one.
    pub(super) detected: Option<&'a str>,
    /// What single files state, the most frequent first.
    pub(super) licenses: Vec<Share<'a>>,
    /// Files, without empty and unread ones and links.
    pub(super) files: u64,
    /// Of those, how many state a license.
    pub(super) licensed: u64,
    /// The share of those, from 0 to 1, rounded down to three digits.
    pub(super) coverage: f32,
}

/// How many files state the same.
#[derive(Serialize, JsonSchema)]
pub(super) struct Share<'a> {
    /// The SPDX license expression.
    pub(super) expression: &'a str,
    /// The files.
    pub(super) files: u64,
}

/// One statement about the license of a file.
#[derive(Serialize, JsonSchema)]
pub(super) struct Detection<'a> {
    /// SPDX license expression, or the text as written where it is none (see `invalid`).
    pub(super) expression: &'a str,
    /// How it was stated.
    pub(super) kind: DetectionKind,
    /// Where.
    #[serde(flatten)]
    pub(super) span: Span,
    /// Share of the required text that was found, from 0 to 1.
    pub(super) score: f32,
    /// The file that states it, when that is another one: a side file or a REUSE.toml. The lines are of that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<&'a str>,
    /// Why this expression and no other.
    pub(super) reason: &'a str,
    /// What is wrong with the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) invalid: Option<&'a str>,
    /// Whether it speaks of a snippet only; absent means that it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) snippet: bool,
    /// For license texts: how it compares with the standard text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<TextMatch<'a>>,
}

/// How a license text compares with the nearest text of the SPDX License List.
#[derive(Serialize, JsonSchema)]
pub(super) struct TextMatch<'a> {
    /// The nearest SPDX license id.
    pub(super) nearest: &'a str,
    /// Whether it matches by the SPDX matching guidelines.
    pub(super) exact: bool,
    /// Words that the standard text has and this one lacks; the first eight runs.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) missing: &'a [String],
    /// Words that this text adds; the first eight runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) added: Vec<Span>,
    /// Template fields left unfilled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) placeholders: Vec<Span>,
    /// Extra conditions beside the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) riders: Vec<Span>,
}

/// A copyright statement.
#[derive(Serialize, JsonSchema)]
pub(super) struct Copyright<'a> {
    /// The statement, white space folded.
    pub(super) statement: &'a str,
    /// The holder's name; empty when none is named.
    pub(super) holder: &'a str,
    /// Its line.
    pub(super) line: u32,
    /// The file that states it, when that is another one. The line is of that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<&'a str>,
}

/// A component.
#[derive(Serialize, JsonSchema)]
pub(super) struct Package<'a> {
    /// Package URL.
    pub(super) purl: &'a str,
    /// Name in its registry.
    pub(super) name: &'a str,
    /// Exact version, or the requirement where nothing locks it (see `locked`).
    pub(super) version: &'a str,
    /// What it is, in the words of CycloneDX; left out for a library.
    #[serde(skip_serializing_if = "is_library")]
    pub(super) kind: &'a str,
    /// What it is needed for.
    pub(super) scope: Scope,
    /// Whether a manifest asks for it by name.
    pub(super) direct: bool,
    /// Whether a lock file fixes the version.
    pub(super) locked: bool,
    /// Whether it is part of the project itself.
    pub(super) local: bool,
    /// Its license.
    pub(super) license: PackageLicense<'a>,
    /// purls of what it depends on.
    pub(super) dependencies: &'a [String],
    /// Features that are switched on, where the package manager was asked (`--resolve`).
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) features: &'a [String],
    /// Digests of its archive.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) hashes: Vec<Hash<'a>>,
    /// Where its archive is fetched from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resolved: Option<&'a str>,
    /// Every place that names it.
    pub(super) origin: Vec<Origin<'a>>,
}

fn is_library(kind: &&str) -> bool {
    *kind == "library"
}

/// What a component is needed for.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scope {
    /// To run the product; components that its user provides (peer dependencies) are among them.
    Runtime,
    /// To develop or test it.
    Dev,
    /// To build it.
    Build,
    /// To run it when the user asks for the feature.
    Optional,
}

/// The license of a component.
#[derive(Serialize, JsonSchema)]
pub(super) struct PackageLicense<'a> {
    /// What its authors state; null when that is not known.
    pub(super) declared: Option<&'a str>,
    /// What the evidence shows, or the recorded choice; null when nothing was concluded.
    pub(super) concluded: Option<&'a str>,
    /// Where `declared` comes from: `lock`, `manifest`, `vendored`, `cache`.
    pub(super) source: Option<&'a str>,
}

/// A digest.
#[derive(Serialize, JsonSchema)]
pub(super) struct Hash<'a> {
    /// CycloneDX name of the algorithm.
    pub(super) algorithm: &'a str,
    /// Hexadecimal, in lower case.
    pub(super) value: &'a str,
}

/// A place that names a component.
#[derive(Serialize, JsonSchema)]
pub(super) struct Origin<'a> {
    /// The file.
    pub(super) path: &'a str,
    /// The line, from 1.
    pub(super) line: u32,
}

/// A package manifest.
#[derive(Serialize, JsonSchema)]
pub(super) struct Manifest<'a> {
    /// The file.
    pub(super) path: &'a str,
    /// purl type of its ecosystem.
    pub(super) ecosystem: &'a str,
    /// The package's name; null when it only groups others.
    pub(super) name: Option<&'a str>,
    /// Its version.
    pub(super) version: Option<&'a str>,
    /// Its license field as written, workspace inheritance resolved.
    pub(super) license: Option<&'a str>,
    /// The license file it names.
    pub(super) license_file: Option<&'a str>,
    /// Whether it may be published to a registry.
    pub(super) publishable: bool,
}

/// A document for people.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    /// The file.
    pub(super) path: &'a str,
    /// What it is for.
    pub(super) role: DocumentRole,
    /// BCP 47 tag of its language; empty when the name does not tell.
    pub(super) language: &'a str,
    /// Words of prose.
    pub(super) words: u32,
}

/// What looks like a credential.
#[derive(Serialize, JsonSchema)]
pub(super) struct Secret<'a> {
    /// What it is, in kebab-case.
    pub(super) kind: &'a str,
    /// The file.
    pub(super) path: &'a str,
    /// Where in it.
    #[serde(flatten)]
    pub(super) span: Span,
    /// How sure that is.
    pub(super) confidence: Confidence,
    /// What it is, in words.
    pub(super) title: &'a str,
    /// As much of it as only tells its kind, and its length.
    pub(super) shown: &'a str,
    /// The commit that brought it, when it is not in the tree but in the history. The lines are those of the file there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commit: Option<&'a str>,
}

/// A rule that failed for one subject.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'a> {
    /// `pack/rule-id`.
    pub(super) rule: &'a str,
    /// The severity after overrides.
    pub(super) severity: Severity,
    /// What is judged: a path, a purl, or `repository`.
    pub(super) subject: &'a str,
    /// What is wrong.
    pub(super) message: &'a str,
    /// How to mend it.
    pub(super) help: &'a str,
    /// The file to look at first.
    pub(super) path: &'a str,
    /// Where in it.
    #[serde(flatten)]
    pub(super) span: Span,
    /// Stable identity: it survives lines inserted above.
    pub(super) fingerprint: &'a str,
    /// Whether it counts.
    pub(super) state: State,
    /// The license that was judged, where the rule judges one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) license: Option<&'a str>,
    /// Why it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) justification: Option<&'a str>,
    /// Controls of standards it gives evidence for.
    pub(super) maps: &'a Maps,
    /// Further places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related: Vec<Related<'a>>,
}

/// A further place of a finding.
#[derive(Serialize, JsonSchema)]
pub(super) struct Related<'a> {
    /// The file.
    pub(super) path: &'a str,
    /// Where in it.
    #[serde(flatten)]
    pub(super) span: Span,
    /// What it shows.
    pub(super) message: &'a str,
}

/// What a rule came to over all its subjects.
#[derive(Serialize, JsonSchema)]
pub(super) struct Verdict<'a> {
    /// `pack/rule-id`.
    pub(super) rule: &'a str,
    /// The phrase of clause 5 that the rule serves: `P1` to `P9`, or the optional clauses `C6` to `C10`.
    pub(super) phrase: &'a str,
    /// What it came to.
    pub(super) verdict: Outcome,
    /// Why.
    pub(super) reason: &'a str,
    /// How many subjects were judged.
    pub(super) subjects: u64,
    /// How many of them failed, waived ones included.
    pub(super) failed: u64,
}

/// The verdicts counted for one phrase of clause 5.
#[derive(Serialize, JsonSchema)]
pub(super) struct Clause<'a> {
    /// `P1` to `P9`, or `C6` to `C10`.
    pub(super) phrase: &'a str,
    /// Its words, shortened.
    pub(super) title: &'a str,
    /// Rules that passed.
    pub(super) pass: u32,
    /// Rules that failed with a finding that counts.
    pub(super) fail: u32,
    /// Rules that had nothing to judge.
    pub(super) not_applicable: u32,
    /// Rules that could not be decided.
    pub(super) undecidable: u32,
    /// The worst finding that counts; null when there is none.
    pub(super) worst: Option<Severity>,
}

/// Something that could not be read, wholly or in part.
#[derive(Serialize, JsonSchema)]
pub(super) struct Skipped<'a> {
    /// The file or folder.
    pub(super) path: &'a str,
    /// Why, in words.
    pub(super) reason: &'a str,
    /// Why.
    pub(super) kind: SkipReason,
    /// The line at which a parser gave up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u32>,
}

/// A file of a machine-learning model.
#[derive(Serialize, JsonSchema)]
pub(super) struct ModelFile<'a> {
    /// Its path.
    pub(super) path: &'a str,
    /// Its format, by content.
    pub(super) format: &'a str,
    /// What loading it does.
    pub(super) safety: Safety,
    /// Why, worst first; empty for a clean file.
    pub(super) reasons: &'a [String],
}
