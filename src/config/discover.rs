//! Finds the configuration file that governs a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::spanned::Source;

/// Names of the configuration file, in order of precedence within one folder.
pub const NAMES: &[&str] = &["openclause.toml", ".openclause.toml", ".github/openclause.toml"];

/// Largest configuration that is read, in bytes.
const MOST: u64 = 1 << 20;

/// A configuration file.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Its text, named by its path relative to the folder that it governs when it lies there.
    pub source: Source,
}

/// Looks for a configuration in `folder` and upwards, to the root of the repository (a folder with `.git`, be it a
/// file or a folder) and no further; outside a repository only in `folder` itself.
///
/// # Errors
/// When a file of that name is there and cannot be read.
pub fn discover(folder: &Path) -> std::io::Result<Option<Found>> {
    let repository = folder.ancestors().find(|at| at.join(".git").symlink_metadata().is_ok());
    for at in folder.ancestors() {
        for name in NAMES {
            let path = at.join(name);
            if path.is_file() {
                return read(&path, folder).map(Some);
            }
        }
        if repository.is_none_or(|root| root == at) {
            break;
        }
    }
    Ok(None)
}

/// Reads a configuration file.
///
/// # Errors
/// When it cannot be read, is larger than 1 MiB, or is not UTF-8.
pub fn read(path: &Path, folder: &Path) -> std::io::Result<Found> {
    if path.metadata()?.len() > MOST {
        return Err(std::io::Error::other(format!("larger than {MOST} bytes")));
    }
    let text = std::fs::read_to_string(path)?;
    let name = match path.strip_prefix(folder) {
        Ok(below) => below.to_string_lossy().replace('\\', "/"),
        Err(_) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    };
    Ok(Found { path: path.to_path_buf(), source: Source::new(name, Arc::<str>::from(text)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_upwards_to_the_repository_root_and_no_further() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        let at = |p: &str| dir.path().join(p);
        std::fs::create_dir_all(at("outer/repo/a/b"))?;
        std::fs::write(at("outer/openclause.toml"), "")?;
        // A worktree or submodule has a `.git` file instead of a folder.
        std::fs::write(at("outer/repo/.git"), "gitdir: elsewhere")?;
        assert!(discover(&at("outer/repo/a/b"))?.is_none());
        std::fs::write(at("outer/repo/.openclause.toml"), "")?;
        assert_eq!(discover(&at("outer/repo/a/b"))?.map(|f| f.path), Some(at("outer/repo/.openclause.toml")));
        std::fs::write(at("outer/repo/a/openclause.toml"), "")?;
        assert_eq!(discover(&at("outer/repo/a/b"))?.map(|f| f.path), Some(at("outer/repo/a/openclause.toml")));
        Ok(())
    }

    #[test]
    fn outside_a_repository_only_the_folder_itself_counts() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        std::fs::create_dir(dir.path().join("a"))?;
        std::fs::write(dir.path().join("openclause.toml"), "")?;
        assert!(discover(&dir.path().join("a"))?.is_none());
        assert!(discover(dir.path())?.is_some());
        Ok(())
    }
}
