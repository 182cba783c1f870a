//! `openclause policy check`: are these packs right.

use std::path::PathBuf;

use super::super::{Exit, exit, output};

/// Checks each file or folder of packs; every mistake is shown at its line.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn run(files: &[PathBuf]) -> miette::Result<Exit> {
    let mut ends = Exit::Clean;
    for path in files {
        match super::load(path) {
            Ok(packs) => {
                output::print(|out| {
                    for pack in &packs {
                        let rules = match pack.rules.len() {
                            1 => "one rule".to_owned(),
                            n => format!("{n} rules"),
                        };
                        writeln!(out, "{}: pack `{}` is right, {rules}", path.display(), pack.name)?;
                    }
                    Ok(())
                })?;
            }
            Err(error) => {
                exit::show_error(&error);
                ends = Exit::Error;
            }
        }
    }
    Ok(ends)
}
