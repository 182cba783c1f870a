//! `openclause explain`: a rule, a license, alone or in a work under another, or what a file says of its license.

mod license;
mod rule;

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::Exit;
use super::args::{ExplainArgs, GlobalArgs};

/// Runs the command.
///
/// # Errors
/// When there is nothing of that name, a pack cannot be loaded, or standard output cannot be written.
pub(crate) fn run(args: &ExplainArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    match args.what.as_slice() {
        [word, expression @ ..] if word == "license" && !expression.is_empty() => {
            license::run(&expression.join(" "), args, global)
        }
        [file] if Path::new(file).is_file() => super::license::explain(Path::new(file)),
        what => rule::run(&what.join(" "), args),
    }
}

/// Prints a value as JSON.
fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
