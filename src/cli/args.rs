//! What can be typed. Parsing has no side effects; [`super::resolve`] reads files and the environment.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum, ValueHint};
use openclause::config::Level;
use openclause::fix::FIXES;
use openclause::model::{Scope, Severity};
use openclause::policy::compat::Relation;

use openclause::report::diff::{self, DiffFormat};
use openclause::report::{FORMATS, Format};

const EXIT_CODES: &str = "\
Exit codes, the same for every format:
  0  scanned, nothing at or above --fail-on
  1  scanned, the gate failed; reports are written first
  2  usage, configuration or policy error; nothing trustworthy was produced
  3  incomplete: something could not be read, and --strict was given

Without a command, `scan` runs: `openclause --format sarif .`";

/// Open source compliance scanner: evidence from a checkout, judged by policy packs. Offline; runs nothing of it.
#[derive(Parser)]
#[command(name = "openclause", version, after_help = EXIT_CODES, subcommand_required = true)]
pub(crate) struct Args {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Scan files and folders and judge what is found (the default command)
    Scan(ScanArgs),
    /// Write a bill of materials, or combine several
    Sbom(SbomArgs),
    /// Write the notices of third parties: shipped components, copyright statements, license texts
    Notice(NoticeArgs),
    /// Turn a bill of materials into another format
    Convert(ConvertArgs),
    /// Tell what changed between two reports or checkouts: components, licenses, findings, verdicts
    Diff(DiffArgs),
    /// Mend what leaves nothing to decide; prints the changes as a diff unless they are to be written
    Fix(FixArgs),
    /// Explain a rule, a finding, a component, a license or a file: what, why, and what would change it
    Explain(ExplainArgs),
    /// Tell what files say of their license
    License(LicenseArgs),
    /// List the rules
    Rules(RulesArgs),
    /// List the output formats
    Formats(ListingArgs),
    /// List the frameworks of controls that `scan --framework` shows
    Frameworks(ListingArgs),
    /// List the collectors: what is gathered, and from which files
    Collectors(ListingArgs),
    /// Write openclause.toml from what a scan finds, each entry with a comment on why; never over an existing one
    Init(InitArgs),
    /// Check and test policy packs
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Print the JSON Schema of a document that openclause writes or reads
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
    /// Run as a step of action.yml: inputs from the environment, outputs to the files that the runner names
    #[command(hide = true)]
    Action,
}

/// Flags of every command.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct GlobalArgs {
    /// Print nothing when nothing is found, and no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print more: nothing is shortened
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Colour the output; `auto` heeds the terminal, NO_COLOR and CLICOLOR_FORCE
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressWhen {
    /// On a terminal, when the scan takes over a second
    Auto,
    Never,
}

/// A package manager that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Resolver {
    /// `cargo metadata`
    Cargo,
}

/// Flags that say what is scanned, and how.
#[derive(clap::Args)]
#[command(next_help_heading = "What is scanned")]
pub(crate) struct InputArgs {
    /// Files and folders; the current folder when none is given
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Show findings only for the files that FILE lists, one per line or NUL-separated (`-`: standard input), and
    /// for the repository as a whole; everything is read all the same
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files_from: Option<PathBuf>,
    /// Show findings only for files that changed since the checked-out branch parted from REF (a tag, branch or commit),
    /// uncommitted changes included, and for the repository as a whole; everything is read all the same
    #[arg(long, value_name = "REF")]
    pub(crate) changed_since: Option<String>,
    /// Leave out what the glob matches, relative to the root; without a slash it matches at any depth
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Read also what .gitignore, .ignore and .git/info/exclude leave out
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Look for credentials in the git history as well: every file that a commit had and the tree has no longer
    #[arg(long)]
    pub(crate) history: bool,
    /// Compare interfaces, versions and license with REF (a tag, branch or commit) instead of the last release's tag
    #[arg(long, value_name = "REF")]
    pub(crate) against: Option<String>,
    /// Read the caches of package managers on this machine (cargo, npm, pip, uv, Go, Maven, Gradle, NuGet) for licenses and
    /// authors of dependencies that the checkout does not state
    #[arg(long)]
    pub(crate) caches: bool,
    /// Ask the public registries (crates.io, npm, PyPI, Maven Central, RubyGems, NuGet, Packagist, Hackage, Hugging Face) over
    /// the network for licenses that nothing else states. They learn names and versions, and nothing else
    #[arg(long)]
    pub(crate) online: bool,
    /// Ask this address, with --online, instead of the public registry of a purl type; may be repeated
    #[arg(long, value_name = "TYPE=URL", value_parser = openclause::online::address, requires = "online")]
    pub(crate) registry: Vec<(String, String)>,
    /// Look up components in a copy of the OSV database: a folder of its .json files, or of the all.zip of each ecosystem
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) osv: Option<PathBuf>,
    /// Start this package manager, offline, and take features, edges and scopes of its lock files from its answer.
    /// Nothing of the checkout runs
    #[arg(long, value_name = "TOOL", value_enum)]
    pub(crate) resolve: Vec<Resolver>,
    /// Largest file that is read: bytes, or with K, M or G (powers of 1024)
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size)]
    pub(crate) max_file_size: u64,
    /// Configuration to use instead of the one found from the scanned folder upwards
    #[arg(long, value_name = "FILE", env = "OPENCLAUSE_CONFIG", hide_env_values = true, value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Threads; 0 takes one per processor
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// Show progress on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) progress: ProgressWhen,
    /// Keep no answers of registries from one scan to the next, and use none (files are read anew in every scan)
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// Flags that say what it is judged by.
#[derive(Default, clap::Args)]
#[command(next_help_heading = "What it is judged by")]
pub(crate) struct PolicyArgs {
    /// Judge by this pack, or pack file, instead of the configured ones; may be repeated
    #[arg(long, value_name = "PACK|FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) policy: Vec<String>,
    /// Set a rule's level to error, warning, note or off; may be repeated
    #[arg(long, value_name = "RULE=LEVEL", value_parser = level)]
    pub(crate) set: Vec<(String, Level)>,
}

#[derive(clap::Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Flags that say what comes out.
#[derive(clap::Args)]
#[command(next_help_heading = "What comes out")]
pub(crate) struct OutputArgs {
    /// What goes to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "human", value_parser = format_parser(|_| true))]
    pub(crate) format: &'static Format,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "framework")]
    pub(crate) output: Option<PathBuf>,
    /// Write another report of the same scan to FILE; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<ReportFile>,
    /// Fail (exit code 1) on findings of this severity or worse; never filters what is shown
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,
    /// Print what the scan shows of each control of a framework, instead of findings (formats human and json)
    #[arg(long, value_name = "FRAMEWORK", value_parser = PossibleValuesParser::new(openclause::policy::frameworks::FRAMEWORK_NAMES))]
    pub(crate) framework: Option<String>,
    /// Count only findings that FILE, the JSON report of an earlier scan, does not have
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,
    /// Show only findings of this severity or worse; never changes the exit code
    #[arg(long, value_name = "SEVERITY", default_value = "note")]
    pub(crate) min_severity: SeverityArg,
    /// Show waived and baselined findings too
    #[arg(long)]
    pub(crate) show_suppressed: bool,
    /// End with exit code 3 when something that should be read could not be
    #[arg(long)]
    pub(crate) strict: bool,
}

/// A report that goes to a file.
#[derive(Clone)]
pub(crate) struct ReportFile {
    pub(crate) format: &'static Format,
    pub(crate) path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityArg {
    Error,
    Warning,
    Note,
}

impl FailOn {
    /// The least severity that fails the gate; `None` when nothing does.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

impl From<SeverityArg> for Severity {
    fn from(arg: SeverityArg) -> Self {
        match arg {
            SeverityArg::Error => Self::Error,
            SeverityArg::Warning => Self::Warning,
            SeverityArg::Note => Self::Note,
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct SbomArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
    /// Keep only components needed for this; may be repeated. Without it all are listed, each with its scope
    #[arg(long, value_name = "SCOPE")]
    pub(crate) scope: Vec<ScopeArg>,
    /// Combine these documents (CycloneDX, SPDX, JSON reports) instead of scanning
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "paths", value_hint = ValueHint::FilePath)]
    pub(crate) merge: Vec<PathBuf>,
    /// Name of the combined bill
    #[arg(long, value_name = "NAME", requires = "merge")]
    pub(crate) name: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct NoticeArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Text or a page
    #[arg(short, long, value_name = "FORMAT", default_value = "notice", value_parser = format_parser(|f| f.name.starts_with("notice")))]
    pub(crate) format: &'static Format,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// Flags of commands that write a bill of materials.
#[derive(clap::Args)]
#[command(next_help_heading = "What comes out")]
pub(crate) struct BillArgs {
    /// The kind of document
    #[arg(short, long, value_name = "FORMAT", default_value = "cyclonedx", value_parser = format_parser(is_sbom))]
    pub(crate) format: &'static Format,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Write another document of the same bill to FILE; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<ReportFile>,
    /// Who answers for the document: `Name <mail>` for a person, `Name (https://...)` for an organization
    #[arg(long, value_name = "WHO", env = "OPENCLAUSE_SBOM_AUTHOR", hide_env_values = true)]
    pub(crate) author: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeArg {
    Runtime,
    Optional,
    Peer,
    Build,
    Dev,
    Test,
}

impl From<ScopeArg> for Scope {
    fn from(arg: ScopeArg) -> Self {
        match arg {
            ScopeArg::Runtime => Self::Runtime,
            ScopeArg::Optional => Self::Optional,
            ScopeArg::Peer => Self::Peer,
            ScopeArg::Build => Self::Build,
            ScopeArg::Dev => Self::Dev,
            ScopeArg::Test => Self::Test,
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct ConvertArgs {
    /// A bill in CycloneDX (JSON, XML) or SPDX (JSON, tag-value, JSON-LD), or a report in JSON; `-` for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
}

#[derive(clap::Args)]
pub(crate) struct DiffArgs {
    /// What was: a JSON report (`scan --format json`), or a checkout, which is scanned
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub(crate) old: PathBuf,
    /// What is: a JSON report, or a checkout
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub(crate) new: PathBuf,
    /// How to tell it
    #[arg(short, long, value_name = "FORMAT", default_value = "human", value_parser = diff_parser())]
    pub(crate) format: &'static DiffFormat,
    /// Fail (exit code 1) when a finding of this severity or worse is new or became so; never filters what is shown
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(clap::Args)]
#[command(after_help = fix_help())]
pub(crate) struct FixArgs {
    /// The checkout
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Mend findings of this rule only; may be repeated
    #[arg(long, value_name = "RULE", value_parser = fix_parser())]
    pub(crate) rule: Vec<String>,
    /// Write the changes instead of printing them
    #[arg(long)]
    pub(crate) write: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(clap::Args)]
pub(crate) struct ExplainArgs {
    /// A rule (`pack/rule`), a component (`pkg:…`), the fingerprint of a finding, a file (for what it says of its
    /// license), or `license` and an SPDX expression
    #[arg(value_name = "WHAT", required = true, num_args = 1..)]
    pub(crate) what: Vec<String>,
    /// For a license: may it be used in a work under this expression?
    #[arg(long = "in", value_name = "EXPRESSION")]
    pub(crate) outbound: Option<String>,
    /// For a license: how the two meet
    #[arg(long, value_name = "RELATION", default_value = "static", value_parser = relation_parser(), requires = "outbound")]
    pub(crate) relation: Relation,
    /// For components and findings: the checkout to look into
    #[arg(long, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    /// How to answer
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ListingFormat,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

fn relation_parser() -> impl TypedValueParser<Value = Relation> {
    let words = |(name, _): &(&'static str, Relation)| {
        PossibleValue::new(*name).help(openclause::policy::compat::explain("relation", name).unwrap_or_default())
    };
    PossibleValuesParser::new(Relation::NAMES.iter().map(words)).map(|name| {
        Relation::NAMES.iter().find(|(n, _)| *n == name).map_or(Relation::Static, |(_, relation)| *relation)
    })
}

#[derive(clap::Args)]
pub(crate) struct LicenseArgs {
    /// Files and folders
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,
    /// Answer for each file, or for each folder: what is declared for it, what its files state, and how many do
    #[arg(long, value_name = "WHAT", default_value = "file")]
    pub(crate) by: LicenseUnit,
    /// How to answer
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ListingFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LicenseUnit {
    File,
    Folder,
}

#[derive(clap::Args)]
pub(crate) struct RulesArgs {
    #[command(flatten)]
    pub(crate) listing: ListingArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(clap::Args)]
pub(crate) struct ListingArgs {
    /// How to list
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ListingFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListingFormat {
    Human,
    Json,
}

#[derive(clap::Args)]
pub(crate) struct InitArgs {
    /// The project
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Print the configuration instead of writing it
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Check packs; every mistake is shown at its line, with the nearest right name
    Check(PolicyCheckArgs),
    /// Judge the fixtures of a pack: fixtures/<pack>/<rule>/{pass,fail} beside it
    Test(PolicyTestArgs),
}

#[derive(clap::Args)]
pub(crate) struct PolicyCheckArgs {
    /// Pack files, or folders of them
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct PolicyTestArgs {
    /// A pack file, or a folder of them
    #[arg(value_name = "FILE|DIR", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub(crate) path: PathBuf,
    /// Where the fixtures are, instead of `fixtures` beside the pack
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) fixtures: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct SchemaArgs {
    /// Which document
    #[arg(value_name = "DOCUMENT", value_parser = PossibleValuesParser::new(super::schema::SCHEMAS.iter().map(|s| PossibleValue::new(s.name).help(s.summary))))]
    pub(crate) document: String,
}

#[derive(clap::Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(clap::Args)]
pub(crate) struct ManArgs {
    /// The command whose page is wanted; without it the page of the program
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

/// Parses the arguments, the program's name first. Without a command they belong to `scan`.
///
/// # Errors
/// Wrong usage; help and version come as errors, too.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if !names_command(&arguments) {
        arguments.insert(arguments.len().min(1), "scan".into());
    }
    Args::try_parse_from(arguments)
}

/// Whether the first argument behind the global flags is a command, or asks for help or the version.
fn names_command(arguments: &[OsString]) -> bool {
    let mut rest = arguments.iter().skip(1).map(|a| a.to_string_lossy());
    while let Some(argument) = rest.next() {
        match &*argument {
            "-q" | "--quiet" | "--verbose" => {}
            flag if flag.starts_with("-v") && flag[1..].bytes().all(|b| b == b'v') => {}
            "--color" => drop(rest.next()),
            "-h" | "--help" | "-V" | "--version" | "help" => return true,
            flag if flag.starts_with("--color=") => {}
            other => return Args::command().find_subcommand(other).is_some(),
        }
    }
    false
}

/// A parser of format names, with their summaries as help.
fn format_parser(wanted: fn(&Format) -> bool) -> impl TypedValueParser<Value = &'static Format> {
    let values = FORMATS.iter().filter(|f| wanted(f)).map(|f| PossibleValue::new(f.name).help(f.summary));
    // Only registered names reach the second step.
    PossibleValuesParser::new(values).try_map(|name| format(&name))
}

/// A parser of the rules whose findings can be mended.
fn fix_parser() -> PossibleValuesParser {
    PossibleValuesParser::new(FIXES.iter().map(|fix| fix.rule))
}

/// What is mended, and when.
fn fix_help() -> String {
    let rows = FIXES.iter().map(|fix| format!("  {}\n      {}", fix.rule, fix.summary));
    format!("Rules whose findings are mended:\n{}", rows.collect::<Vec<_>>().join("\n"))
}

/// A parser of the formats of a comparison.
fn diff_parser() -> impl TypedValueParser<Value = &'static DiffFormat> {
    let values = diff::FORMATS.iter().map(|f| PossibleValue::new(f.name).help(f.summary));
    PossibleValuesParser::new(values)
        .try_map(|name| diff::FORMATS.iter().find(|f| f.name == name).ok_or("no such format"))
}

fn is_sbom(format: &Format) -> bool {
    openclause::report::bill::writer(format.name).is_some()
}

fn format(name: &str) -> Result<&'static Format, String> {
    openclause::report::find(name).ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|f| f.name).collect();
        format!("no format is called `{name}`; there are {}", names.join(", "))
    })
}

fn report(text: &str) -> Result<ReportFile, String> {
    let (name, path) = text.split_once('=').ok_or("write it as FORMAT=FILE, for example sarif=out.sarif")?;
    if path.is_empty() {
        return Err("the file name behind `=` is missing".to_owned());
    }
    if path == "-" {
        return Err(format!("use `--format {name}` for standard output"));
    }
    Ok(ReportFile { format: format(name)?, path: path.into() })
}

fn level(text: &str) -> Result<(String, Level), String> {
    let (rule, word) = text.split_once('=').ok_or("write it as RULE=LEVEL, for example docs/readme-stub=off")?;
    match Level::NAMES.iter().find(|(name, _)| *name == word) {
        Some((_, level)) => Ok((rule.to_owned(), *level)),
        None => {
            let names: Vec<_> = Level::NAMES.iter().map(|(name, _)| *name).collect();
            Err(format!("`{word}` is no level; there are {}", names.join(", ")))
        }
    }
}

/// Parses a size in bytes: digits, then nothing or K, M or G with an optional `B` or `iB`.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err("write it like 500K, 64M or 2G".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "write it like 500K, 64M or 2G".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Args {
        parse(arguments.iter().map(OsString::from)).unwrap()
    }

    #[test]
    fn clap_finds_no_fault_with_the_definition() {
        Args::command().debug_assert();
    }

    #[test]
    fn scan_is_the_default_command() {
        for arguments in [
            &["openclause"][..],
            &["openclause", "."],
            &["openclause", "--format", "json", "."],
            &["openclause", "-q", "--color", "never", "."],
            &["openclause", "scan", "."],
        ] {
            assert!(matches!(parsed(arguments).command, Command::Scan(_)), "{arguments:?}");
        }
        assert!(matches!(parsed(&["openclause", "-q", "rules"]).command, Command::Rules(_)));
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("500K"), Ok(512_000));
        assert_eq!(size("64MiB"), Ok(64 << 20));
        assert_eq!(size("2 G"), Ok(2 << 30));
        for wrong in ["", "M", "1.5M", "-1", "1T", "99999999999999999999", "18446744073709551615K"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_report_needs_a_known_format_and_a_file() {
        assert!(report("json=a=b.json").is_ok_and(|r| r.path.as_os_str() == "a=b.json"));
        for wrong in ["json", "json=", "json=-", "nonsense=x"] {
            assert!(report(wrong).is_err(), "{wrong}");
        }
    }
}
