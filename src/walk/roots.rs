//! What a scan was asked to look at, as one root and the paths below it.

use std::path::{Component, Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

/// The root that reported paths are relative to, and what to walk below it.
#[derive(Clone, Debug)]
pub struct Roots {
    /// The root as the user wrote it, made absolute by text.
    pub root: PathBuf,
    /// The root with links resolved, to tell where links lead.
    pub canonical: PathBuf,
    /// What to walk: the root itself, or files and folders below it.
    pub paths: Vec<PathBuf>,
    /// Whether `paths` is one folder, so that what is absent is absent from the project.
    pub whole: bool,
}

/// The scan cannot start.
#[derive(Debug, Error, Diagnostic)]
pub enum RootError {
    /// A path that was given does not exist or cannot be looked at.
    #[error("cannot scan `{path}`: {reason}")]
    #[diagnostic(code(openclause::path), help("give an existing file or folder; the default is the current folder"))]
    Path {
        /// As given.
        path: String,
        /// Why.
        reason: String,
    },
    /// A glob that was given is malformed.
    #[error("`{glob}` is not a glob: {reason}")]
    #[diagnostic(code(openclause::glob), help("write it like `vendor`, `*.min.js` or `docs/**/generated`"))]
    Glob {
        /// As given.
        glob: String,
        /// Why.
        reason: String,
    },
}

impl Roots {
    /// Finds the root of what was given: a single folder is its own root; of files, or of several folders, it is the
    /// nearest folder that holds them all.
    ///
    /// # Errors
    /// When a path does not exist or cannot be looked at.
    pub fn find(given: &[PathBuf]) -> Result<Self, RootError> {
        let bad = |path: &Path, e: &std::io::Error| RootError::Path {
            path: path.display().to_string(),
            reason: e.to_string(),
        };
        let mut paths = Vec::new();
        for path in given {
            let absolute = clean(&std::path::absolute(path).map_err(|e| bad(path, &e))?);
            let meta = std::fs::metadata(&absolute).map_err(|e| bad(path, &e))?;
            paths.push((absolute, meta.is_dir()));
        }
        let whole = matches!(paths.as_slice(), [(_, true)]);
        let mut root: Option<PathBuf> = None;
        for (path, is_dir) in &paths {
            let folder = if *is_dir { path.as_path() } else { path.parent().unwrap_or(path) };
            root = Some(match root {
                None => folder.to_path_buf(),
                Some(root) => common(&root, folder),
            });
        }
        let root = root.unwrap_or_else(|| PathBuf::from("."));
        let canonical = root.canonicalize().map_err(|e| bad(&root, &e))?;
        // The root may itself be a link: it was named, so it is entered.
        let paths = if whole { vec![root.clone()] } else { paths.into_iter().map(|(path, _)| path).collect() };
        Ok(Self { root, canonical, paths, whole })
    }
}

/// Removes `.` and resolves `..` by text.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The longest path that both start with.
fn common(a: &Path, b: &Path) -> PathBuf {
    a.components().zip(b.components()).take_while(|(x, y)| x == y).map(|(x, _)| x).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_several_paths_is_their_nearest_common_folder() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        std::fs::create_dir_all(dir.path().join("a/b"))?;
        std::fs::write(dir.path().join("a/b/x.c"), "")?;
        std::fs::write(dir.path().join("a/y.c"), "")?;
        let at = |p: &str| dir.path().join(p);
        let roots = Roots::find(&[at("a/b/x.c"), at("a/y.c")]).map_err(std::io::Error::other)?;
        assert_eq!((roots.root, roots.whole), (at("a"), false));
        let roots = Roots::find(&[at("a/./b/..")]).map_err(std::io::Error::other)?;
        assert_eq!((roots.root, roots.whole), (at("a"), true));
        assert!(Roots::find(&[at("absent")]).is_err());
        Ok(())
    }
}
