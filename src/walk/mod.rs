//! Lists what a checkout holds: ignore-aware, bounded, without following links and without opening a file.

pub mod git;
mod roots;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::{WalkBuilder, WalkState};

use crate::model::{RelPath, SkipReason, Skipped};

pub(crate) use roots::clean;
pub use roots::{RootError, Roots};

/// Bounds on what is listed and read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest file that is read, in bytes.
    pub file_size: u64,
    /// Deepest folder that is entered, counted from the root.
    pub depth: usize,
}

impl Default for Limits {
    /// 64 MiB, above every lock file and license text seen in the wild; 256 folders, far above what tools create.
    fn default() -> Self {
        Self { file_size: 64 << 20, depth: 256 }
    }
}

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Globs of paths that are left out, relative to the root; a glob without a slash matches at any depth, and one
    /// that matches a folder leaves out all below it.
    pub exclude: Vec<String>,
    /// Whether `.gitignore`, `.ignore` and `.git/info/exclude` are disregarded.
    pub no_ignore: bool,
    /// Threads that list folders; 0 lets the walker choose.
    pub threads: usize,
    /// Bounds.
    pub limits: Limits,
}

/// A file or link that the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path relative to the root.
    pub path: RelPath,
    /// Where to open it.
    pub absolute: PathBuf,
    /// What it is.
    pub kind: EntryKind,
    /// Its size in bytes when it was listed.
    pub size: u64,
}

/// What an [`Entry`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link to a path inside the root.
    Link(RelPath),
}

/// All that a walk found.
#[derive(Clone, Debug, Default)]
pub struct Walked {
    /// Whether one whole folder was walked (see [`crate::model::Inventory::whole`]).
    pub whole: bool,
    /// Files and links, sorted by path, each once.
    pub entries: Vec<Entry>,
    /// What could not be listed, sorted.
    pub skipped: Vec<Skipped>,
    /// The git repository that holds the root.
    pub git: Option<Arc<git::Git>>,
}

/// Lists every file below the roots.
///
/// Hidden files are listed, version-control folders are not. In a git checkout `.gitignore` and `.git/info/exclude`
/// are honoured, `.ignore` everywhere; the user's own global excludes are not, so that the same tree gives the same
/// list on every machine.
///
/// # Errors
/// When an exclude glob is malformed.
pub fn walk(roots: &Roots, options: &Options) -> Result<Walked, RootError> {
    let exclude = excludes(&options.exclude)?;
    let found: Mutex<Walked> = Mutex::new(Walked::default());
    if let Some((first, rest)) = roots.paths.split_first() {
        let mut builder = WalkBuilder::new(first);
        for path in rest {
            builder.add(path);
        }
        let root = roots.root.clone();
        let keep = exclude;
        builder
            .hidden(false)
            .follow_links(false)
            .git_global(false)
            .git_ignore(!options.no_ignore)
            .git_exclude(!options.no_ignore)
            .ignore(!options.no_ignore)
            .parents(!options.no_ignore)
            .max_depth(Some(options.limits.depth))
            .threads(options.threads)
            .filter_entry(move |entry| {
                let vcs = [".git", ".hg", ".svn", ".jj", ".bzr", "CVS"];
                let is_vcs = entry.depth() > 0 && vcs.iter().any(|name| entry.file_name() == *name);
                let excluded = RelPath::below(&root, entry.path())
                    .is_some_and(|path| !path.as_str().is_empty() && keep.is_match(path.as_str()));
                !is_vcs && !excluded
            });
        builder.build_parallel().run(|| {
            let mut local = Local { roots, limits: &options.limits, found: Walked::default(), all: &found };
            Box::new(move |result| {
                local.visit(result);
                WalkState::Continue
            })
        });
    }
    let mut walked = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    walked.whole = roots.whole;
    walked.git = git::Git::find(&roots.root).map(Arc::new);
    walked.entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    walked.entries.dedup_by(|a, b| a.path == b.path);
    walked.skipped.sort();
    walked.skipped.dedup();
    Ok(walked)
}

/// The globs of [`Options::exclude`], and everything below the folders that they name, as one set.
///
/// # Errors
/// When one is malformed.
pub fn excludes(globs: &[String]) -> Result<GlobSet, RootError> {
    let mut set = GlobSetBuilder::new();
    for text in globs {
        let bad = |e: globset::Error| RootError::Glob { glob: text.clone(), reason: e.kind().to_string() };
        let trimmed = text.trim_end_matches('/');
        let anchored = match trimmed.strip_prefix('/') {
            Some(rest) => rest.to_owned(),
            None if trimmed.contains('/') => trimmed.to_owned(),
            None => format!("**/{trimmed}"),
        };
        for glob in [anchored.clone(), format!("{anchored}/**")] {
            set.add(globset::GlobBuilder::new(&glob).literal_separator(true).build().map_err(bad)?);
        }
    }
    set.build().map_err(|e| RootError::Glob { glob: globs.join(", "), reason: e.kind().to_string() })
}

/// One thread's part of the walk, handed over when the thread ends.
struct Local<'a> {
    roots: &'a Roots,
    limits: &'a Limits,
    found: Walked,
    all: &'a Mutex<Walked>,
}

impl Drop for Local<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.entries.append(&mut self.found.entries);
            all.skipped.append(&mut self.found.skipped);
        }
    }
}

impl Local<'_> {
    fn skip(&mut self, path: RelPath, kind: SkipReason, reason: impl Into<String>) {
        self.found.skipped.push(Skipped { path, kind, reason: reason.into(), line: None });
    }

    fn visit(&mut self, result: Result<ignore::DirEntry, ignore::Error>) {
        let entry = match result {
            Ok(entry) => entry,
            Err(error) => return self.failed(&error),
        };
        // A broken ignore file does not stop the walk, but what it should have hidden is now visible.
        if let Some(error) = entry.error() {
            let path = RelPath::below(&self.roots.root, entry.path()).unwrap_or_default();
            self.skip(path, SkipReason::Malformed, error.to_string());
        }
        let Some(path) = RelPath::below(&self.roots.root, entry.path()) else { return };
        let Some(kind) = entry.file_type() else { return };
        if kind.is_dir() {
            if entry.depth() >= self.limits.depth {
                self.skip(path, SkipReason::Limit, format!("more than {} folders deep", self.limits.depth));
            }
        } else if kind.is_symlink() {
            self.link(&entry, path);
        } else if kind.is_file() {
            match entry.metadata() {
                Ok(meta) => self.found.entries.push(Entry {
                    path,
                    absolute: entry.into_path(),
                    kind: EntryKind::File,
                    size: meta.len(),
                }),
                Err(error) => self.skip(path, SkipReason::Unreadable, error.to_string()),
            }
        } else {
            self.skip(path, SkipReason::NotAFile, "a socket, device or named pipe");
        }
    }

    /// Decides by the link's text and the resolved target where a link leads; its target is never read through it.
    fn link(&mut self, entry: &ignore::DirEntry, path: RelPath) {
        let Ok(resolved) = entry.path().canonicalize() else {
            return self.skip(path, SkipReason::LinkBroken, "a symbolic link to nothing, or to itself");
        };
        match RelPath::below(&self.roots.canonical, &resolved) {
            Some(target) => self.found.entries.push(Entry {
                path,
                absolute: entry.path().to_path_buf(),
                kind: EntryKind::Link(target),
                size: 0,
            }),
            None => self.skip(path, SkipReason::LinkOut, "a symbolic link out of the scanned folder; not followed"),
        }
    }

    fn failed(&mut self, error: &ignore::Error) {
        let mut at = RelPath::default();
        let mut inner = error;
        loop {
            match inner {
                ignore::Error::WithPath { path, err } => {
                    at = RelPath::below(&self.roots.root, path).unwrap_or(at);
                    inner = err;
                }
                ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
                _ => break,
            }
        }
        self.skip(at, SkipReason::Unreadable, inner.to_string());
    }
}

/// Checks a glob as [`Options::exclude`] takes it.
///
/// # Errors
/// The reason why it is malformed.
pub fn check_glob(text: &str) -> Result<(), String> {
    Glob::new(text).map(|_| ()).map_err(|e| e.kind().to_string())
}
