//! Writes to standard output and to files.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

/// Something could not be written.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum OutputError {
    #[error("cannot write to standard output: {reason}")]
    #[diagnostic(code(openclause::output), help("write to a file with `--report FORMAT=FILE`"))]
    Stdout { reason: io::Error },
    #[error("cannot write `{}`, which `{flag}` names: {reason}", path.display())]
    #[diagnostic(code(openclause::output), help("name a file in an existing folder that you may write to"))]
    File { flag: String, path: PathBuf, reason: io::Error },
}

/// What became of text for standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// It was written.
    All,
    /// The reader went away before the end, as `head` does; that is no error.
    Closed,
}

/// Writes to standard output, buffered.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Shown, OutputError> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Ok(Shown::All),
        Err(error) => {
            // What is still buffered would be written, and fail, again.
            drop(out.into_parts());
            if error.kind() == ErrorKind::BrokenPipe {
                Ok(Shown::Closed)
            } else {
                Err(OutputError::Stdout { reason: error })
            }
        }
    }
}

/// Checks before a long scan that a file can probably be written: its folder is there, and it is no folder itself.
///
/// Nothing is created yet, because the file may lie in the tree that is about to be scanned.
pub(crate) fn check_file(flag: &str, path: &Path) -> Result<(), OutputError> {
    let bad = |reason| OutputError::File { flag: flag.to_owned(), path: path.to_path_buf(), reason };
    if path.is_dir() {
        return Err(bad(io::Error::from(ErrorKind::IsADirectory)));
    }
    match std::fs::metadata(folder(path)) {
        Ok(meta) if meta.is_dir() => Ok(()),
        Ok(_) => Err(bad(io::Error::from(ErrorKind::NotADirectory))),
        Err(error) => Err(bad(error)),
    }
}

/// Writes a file as a whole: readers see the old content or the new, never a part.
///
/// A device or pipe (`/dev/stderr`) is written in place.
pub(crate) fn write_file(
    flag: &str,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), OutputError> {
    let bad = |reason| OutputError::File { flag: flag.to_owned(), path: path.to_path_buf(), reason };
    // Through a link the file it leads to is replaced, not the link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    if target.metadata().is_ok_and(|meta| !meta.is_file()) {
        return OpenOptions::new().write(true).open(&target).and_then(|file| fill(file, write)).map_err(bad);
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder(&target).join(format!(".{name}.{}.tmp", std::process::id()));
    let done = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary)
        .and_then(|file| fill(file, write))
        .and_then(|()| match target.metadata() {
            // A program stays one.
            Ok(old) => std::fs::set_permissions(&temporary, old.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| std::fs::rename(&temporary, &target));
    if done.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    done.map_err(bad)
}

/// Makes the folder that a file is to be written into, where it is not there.
pub(crate) fn make_folder(flag: &str, path: &Path) -> Result<(), OutputError> {
    let bad = |reason| OutputError::File { flag: flag.to_owned(), path: path.to_path_buf(), reason };
    std::fs::create_dir_all(folder(path)).map_err(bad)
}

/// Writes a file that must not be there yet.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), OutputError> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|file| fill(file, |out| out.write_all(text.as_bytes())));
    written.map_err(|reason| OutputError::File { flag: "init".to_owned(), path: path.to_path_buf(), reason })
}

fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    out.flush()
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.json");
        write_file("--report", &path, |out| out.write_all(b"old")).unwrap();
        let failed = write_file("--report", &path, |out| {
            out.write_all(b"half of the new")?;
            Err(io::Error::other("disk full"))
        });
        assert!(failed.unwrap_err().to_string().ends_with("disk full"));
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        std::fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_file("--report", &link, |out| out.write_all(b"new")).unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read(&real).unwrap(), b"new");
    }
}
