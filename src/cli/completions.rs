//! `openclause completions`: a completion script for a shell.

use clap::CommandFactory;

use super::args::{Args, CompletionsArgs};
use super::{Exit, output};

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(args: &CompletionsArgs) -> miette::Result<Exit> {
    // The generator panics when its writer fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "openclause", &mut script);
    output::print(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}
