//! What a scan is asked to do, and how each part of it is set up.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use miette::Diagnostic;
use thiserror::Error;

use crate::collect;
use crate::config::spanned::{ConfigError, Source, did_you_mean};
use crate::config::{self, Config, Level};
use crate::model::RelPath;
use crate::online::{Failure, Online};
use crate::policy::{Policy, Terms, built_in_names};
use crate::walk::git::{Git, GitError};
use crate::walk::{self, Limits, RootError, Roots};

/// What to scan, and how.
#[derive(Clone, Debug, Default)]
pub struct ScanRequest {
    /// Files and folders; the first folder alone makes a scan of the whole project.
    pub paths: Vec<PathBuf>,
    /// Files whose findings are wanted, relative to the current folder; the whole of `paths` is read all the same, and
    /// findings about the repository as a whole are kept. All without a list.
    pub files_from: Option<Vec<PathBuf>>,
    /// A tag, branch or commit: findings are wanted for the files that changed since the checked-out history parted from
    /// it, and findings about the repository as a whole are kept. All without one.
    pub changed_since: Option<String>,
    /// Globs of paths to leave out, beside those of the configuration.
    pub exclude: Vec<String>,
    /// Whether ignore files are disregarded.
    pub no_ignore: bool,
    /// Whether credentials are looked for in the git history as well.
    pub history: bool,
    /// A tag, branch or commit that the checkout is compared with, instead of the last release.
    pub against: Option<String>,
    /// Whether only what a bill of materials needs is collected.
    pub bill: bool,
    /// Whether the user's package caches are read for what they tell of dependencies.
    pub caches: bool,
    /// How registries are asked, over the network, for licenses that nothing else states; they are not without it.
    pub online: Option<Online>,
    /// A folder with a copy of the OSV database, in which components are looked up.
    pub osv: Option<PathBuf>,
    /// Whether cargo is asked, offline, for the features, edges and scopes of each `Cargo.lock`. It is the only program
    /// that a scan ever starts, and it runs nothing of the checkout.
    pub resolve_cargo: bool,
    /// Largest file to read, in bytes; 64 MiB without one.
    pub max_file_size: Option<u64>,
    /// Threads; 0 for one per core.
    pub threads: usize,
    /// Where the configuration comes from.
    pub config: ConfigSource,
    /// Packs by name or by path of a file or folder; empty for those of the configuration, else all built-in ones.
    pub packs: Vec<String>,
    /// Levels of rules, over those of the configuration.
    pub set: Vec<(String, Level)>,
    /// Fingerprints of findings that were known before ([`model::Finding::fingerprint`](crate::model::Finding)).
    pub baseline: BTreeSet<String>,
    /// The day on which expiry is judged; today, or that of `SOURCE_DATE_EPOCH`, without one.
    pub today: Option<Date>,
}

/// Where the configuration comes from.
#[derive(Clone, Debug, Default)]
pub enum ConfigSource {
    /// The nearest `openclause.toml`, upwards to the root of the repository.
    #[default]
    Discover,
    /// This file.
    File(PathBuf),
    /// None.
    None,
}

/// A scan could not be done.
#[derive(Debug, Error, Diagnostic)]
pub enum ScanError {
    /// What was given cannot be scanned.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Roots(#[from] RootError),
    /// A mistake in the configuration or in a pack.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] ConfigError),
    /// A configuration or pack file cannot be read.
    #[error("cannot read {what} `{path}`: {reason}")]
    #[diagnostic(code(openclause::file), help("{help}"))]
    File {
        /// What it is.
        what: &'static str,
        /// Its path.
        path: String,
        /// Why.
        reason: String,
        /// What to do.
        help: String,
    },
    /// A registry cannot be asked.
    #[error("cannot ask `{}` for a license: {}", .0.address, .0.reason)]
    #[diagnostic(
        code(openclause::online),
        help(
            "without --online nothing is asked; --registry names another address of a registry. What was answered until now \
             is kept, so that the next run goes on from there"
        )
    )]
    Online(Failure),
    /// There is nothing to compare with.
    #[error("cannot compare with `{reference}`: {reason}")]
    #[diagnostic(
        code(openclause::reference),
        help(
            "give {flag} a tag, a branch or a commit of the repository that holds the scanned folder; a shallow clone has few of them (fetch-depth: 0 brings all)"
        )
    )]
    Reference {
        /// The flag that asked.
        flag: &'static str,
        /// What was asked for.
        reference: String,
        /// Why not.
        reason: String,
    },
    /// Threads cannot be started.
    #[error("cannot start threads: {0}")]
    #[diagnostic(code(openclause::threads), help("try -j 1"))]
    Threads(String),
}

impl From<Failure> for ScanError {
    fn from(failure: Failure) -> Self {
        Self::Online(failure)
    }
}

impl ScanError {
    pub(crate) fn database(folder: &Path, reason: String) -> Self {
        Self::File {
            what: "the database of vulnerabilities",
            path: folder.display().to_string(),
            reason,
            help: "give a folder with records of https://osv.dev: .json files, or the all.zip of each ecosystem"
                .to_owned(),
        }
    }
}

impl ScanRequest {
    /// The configuration in force for `root`.
    pub(crate) fn config(&self, root: &Path) -> Result<Config, ScanError> {
        let failed = |path: &Path, e: &std::io::Error| ScanError::File {
            what: "the configuration",
            path: path.display().to_string(),
            reason: e.to_string(),
            help: "give an existing UTF-8 file with --config, or use --no-config".to_owned(),
        };
        let found = match &self.config {
            ConfigSource::None => None,
            ConfigSource::File(path) => Some(config::read(path, root).map_err(|e| failed(path, &e))?),
            ConfigSource::Discover => config::discover(root).map_err(|e| failed(root, &e))?,
        };
        match found {
            Some(found) => {
                let folder = found.path.parent().map(Path::to_path_buf).unwrap_or_default();
                Ok(Config { folder, ..config::parse(found.source)? })
            }
            None => Ok(Config::default()),
        }
    }

    /// The packs in force: those of the command line, else those of the configuration, else all.
    pub(crate) fn policy(&self, config: &Config, root: &Path) -> Result<Policy, ScanError> {
        // Paths on the command line count from the current folder, those in a configuration from its own.
        let (chosen, from): (Vec<String>, &Path) = if self.packs.is_empty() {
            (config.packs.iter().map(|said| said.value.clone()).collect(), &config.folder)
        } else {
            (self.packs.clone(), Path::new(""))
        };
        let built_in: Vec<&'static str> = built_in_names().collect();
        let mut names = Vec::new();
        let mut files = Vec::new();
        for (at, pack) in chosen.iter().enumerate() {
            // A pack of the configuration that is nowhere is a mistake in a line of it.
            if let (Some(source), Some(said)) =
                (&config.source, config.packs.get(at).filter(|_| self.packs.is_empty()))
                && !built_in.contains(&pack.as_str())
                && !from.join(pack).exists()
            {
                let help = format!(
                    "{}; anything else is the path of a pack file or folder from where the configuration lies",
                    did_you_mean(pack, built_in.iter().copied())
                );
                let message = format!("there is no pack `{pack}`");
                return Err(source.error(said.span.clone(), message, Some(help)).into());
            }
            match built_in.iter().find(|name| *name == pack) {
                Some(name) => names.push(*name),
                None => files.extend(read_packs(pack, from, root, &built_in)?),
            }
        }
        Ok(Policy::load(&names, files, config, &self.set)?)
    }

    /// The threads to work on.
    pub(crate) fn pool(&self) -> Result<rayon::ThreadPool, ScanError> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()
            .map_err(|e| ScanError::Threads(e.to_string()))
    }

    fn limits(&self) -> Limits {
        let limits = Limits::default();
        Limits { file_size: self.max_file_size.unwrap_or(limits.file_size), ..limits }
    }

    /// How to walk.
    pub(crate) fn walk_options(&self, config: &Config) -> walk::Options {
        let configured = config.exclude.iter().map(|said| said.value.clone());
        walk::Options {
            exclude: self.exclude.iter().cloned().chain(configured).collect(),
            no_ignore: self.no_ignore,
            threads: self.threads,
            limits: self.limits(),
        }
    }

    /// Whether there is what the checkout is to be compared with.
    pub(crate) fn check_against(&self, git: Option<&Git>) -> Result<(), ScanError> {
        let Some(reference) = &self.against else { return Ok(()) };
        ask_git("--against", reference, git, Git::resolve).map(|_| ())
    }

    /// How to collect.
    pub(crate) fn collect_options(&self, config: &Config) -> collect::Options {
        let corrected = config.corrections.iter().map(|said| RelPath::new(said.value.path.as_str()));
        // The walk has its own; the history alone needs them here.
        let globs = if self.history { self.walk_options(config).exclude } else { Vec::new() };
        let exclude = walk::excludes(&globs).unwrap_or_default();
        collect::Options {
            limits: self.limits(),
            digests: corrected.collect(),
            bill: self.bill,
            history: self.history,
            against: self.against.clone(),
            exclude,
        }
    }

    /// What the judgement depends on beside inventory and rules.
    ///
    /// # Errors
    /// When `changed_since` leads to no commit.
    pub(crate) fn terms(&self, roots: &Roots) -> Result<Terms, ScanError> {
        let root = roots.root.clone();
        let listed = |path: &PathBuf| RelPath::below(&root, &walk::clean(&std::path::absolute(path).ok()?));
        let files: Option<BTreeSet<RelPath>> =
            self.files_from.as_ref().map(|files| files.iter().filter_map(listed).collect());
        let changes = match &self.changed_since {
            None => None,
            Some(name) => Some(ask_git("--changed-since", name, Git::find(&root).as_ref(), Git::changes_since)?),
        };
        let mut terms = Terms { today: self.today(), only: None, baseline: self.baseline.clone() };
        if files.is_some() || changes.is_some() {
            terms.only = Some(Box::new(move |path| {
                files.as_ref().is_none_or(|files| files.contains(path))
                    && changes.as_ref().is_none_or(|changes| changes.has(path, &root.join(path.as_str())))
            }));
        }
        Ok(terms)
    }

    /// The day on which expiry is judged.
    fn today(&self) -> Date {
        if let Some(day) = self.today {
            return day;
        }
        let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse::<i64>().ok());
        let now = epoch.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        jiff::tz::Offset::UTC.to_datetime(now.unwrap_or_else(jiff::Timestamp::now)).date()
    }
}

/// What git says of a name that a flag gives.
fn ask_git<T>(
    flag: &'static str,
    name: &str,
    git: Option<&Git>,
    ask: impl Fn(&Git, &str) -> Result<T, GitError>,
) -> Result<T, ScanError> {
    let reason = match git.map(|git| ask(git, name)) {
        Some(Ok(told)) => return Ok(told),
        Some(Err(error)) => error.to_string(),
        None => "there is no git repository".to_owned(),
    };
    Err(ScanError::Reference { flag, reference: name.to_owned(), reason })
}

/// Reads a pack file, or every `.toml` of a folder in order of their names.
///
/// Relative paths count from `from`; sources are named by their path below `root` where they lie there.
fn read_packs(pack: &str, from: &Path, root: &Path, built_in: &[&str]) -> Result<Vec<Source>, ScanError> {
    let path = from.join(pack);
    let failed = |reason: String| ScanError::File {
        what: "the policy pack",
        path: pack.to_owned(),
        reason,
        help: format!(
            "built-in packs are {}; anything else is the path of a pack file or folder",
            built_in.join(", ")
        ),
    };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in walkdir::WalkDir::new(&path).max_depth(2).sort_by_file_name() {
        let entry = entry.map_err(|e| failed(e.to_string()))?;
        let is_pack = entry.depth() == 0 || entry.path().extension().is_some_and(|e| e == "toml");
        if entry.file_type().is_file() && is_pack {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(failed("it holds no .toml file".to_owned()));
    }
    files
        .iter()
        .map(|file| {
            let found = config::read(file, root).map_err(|e| failed(e.to_string()))?;
            Ok(found.source)
        })
        .collect()
}
