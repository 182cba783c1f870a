//! The project's own configuration, `openclause.toml`: packs, parameters, severities, choices, corrections, waivers.

mod apply;
mod discover;
mod load;
pub mod spanned;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::model::Severity;
pub use discover::{Found, NAMES, discover, read};
pub(crate) use load::param;
pub use load::parse;
use spanned::Source;

/// A level that a rule can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// The rule runs with this severity.
    At(Severity),
}

impl Level {
    /// The words for levels, as configuration and command line take them.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("off", Self::Off),
        ("note", Self::At(Severity::Note)),
        ("warning", Self::At(Severity::Warning)),
        ("error", Self::At(Severity::Error)),
    ];
}

/// Something the configuration says, with its place in the file.
#[derive(Clone, Debug)]
pub struct Said<T> {
    /// What is said.
    pub value: T,
    /// Byte range in the configuration file.
    pub span: Range<usize>,
}

/// A project's configuration. The default is that of a project without a file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file, for errors and findings that point into it; `None` without one.
    pub source: Option<Source>,
    /// The folder that the file lies in, from which paths in it count; the current folder without a file.
    pub folder: PathBuf,
    /// Packs to use, by name or by path relative to the configuration file; empty for all built-in ones.
    pub packs: Vec<Said<String>>,
    /// Parameters by pack and name, still as TOML text, checked when the packs are loaded.
    pub params: BTreeMap<(String, String), Said<ParamValue>>,
    /// Severity overrides by rule.
    pub severity: BTreeMap<String, Said<SeverityOverride>>,
    /// Globs of paths that are not scanned.
    pub exclude: Vec<Said<String>>,
    /// Recorded choices among the branches of an expression.
    pub choices: Vec<Said<Choice>>,
    /// Corrections of what was detected.
    pub corrections: Vec<Said<Correction>>,
    /// Licenses under which parts of the project go out, where they differ from what its manifests say.
    pub outbound: Vec<Said<OutboundLicense>>,
    /// Waivers.
    pub waivers: Vec<Said<Waiver>>,
}

/// A parameter's value.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
}

/// Another severity for a rule.
#[derive(Clone, Debug)]
pub struct SeverityOverride {
    /// The level.
    pub level: Level,
    /// Why.
    pub reason: String,
}

/// Which branch of an `OR` expression the project uses of a component.
#[derive(Clone, Debug)]
pub struct Choice {
    /// purl of the component; without a version it speaks of every version.
    pub package: String,
    /// The expression that was on offer. The choice lapses when it changes.
    pub expression: String,
    /// The branch that was chosen.
    pub choose: String,
    /// Why.
    pub reason: String,
}

/// The license under which a part of the project goes out.
#[derive(Clone, Debug)]
pub struct OutboundLicense {
    /// Glob of the paths; the first entry that fits a path counts.
    pub path: String,
    /// SPDX expression.
    pub license: String,
    /// Why.
    pub reason: String,
}

/// The license of a file, as a person read it.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The file.
    pub path: String,
    /// SPDX expression, or `NONE`.
    pub license: String,
    /// SHA-256 of the file that was read, in hexadecimal. The correction lapses when the file changes.
    pub sha256: String,
    /// Why.
    pub reason: String,
}

/// Permission to leave a finding as it is.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule, and where it is named.
    pub rule: Said<String>,
    /// Glob of the paths it is given for; `None` when it is given for a package or for the whole rule.
    pub path: Option<String>,
    /// purl it is given for; without a version it covers every version.
    pub package: Option<String>,
    /// The license it was given for. It lapses when the subject's license is another.
    pub license: Option<String>,
    /// Why.
    pub reason: String,
    /// Who gave it.
    pub approver: String,
    /// The last day on which it counts.
    pub expires: Option<Date>,
}
