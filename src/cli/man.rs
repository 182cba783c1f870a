//! `openclause man`: a manual page in roff.

use clap::CommandFactory;
use miette::Diagnostic;
use thiserror::Error;

use super::args::{Args, ManArgs};
use super::{Exit, output};

/// There is no such page.
#[derive(Debug, Error, Diagnostic)]
#[error("no command is called `{name}`")]
#[diagnostic(code(openclause::man), help("`openclause --help` lists the commands"))]
struct UnknownCommand {
    name: String,
}

/// Runs the command.
///
/// # Errors
/// When the command is unknown, or standard output cannot be written.
pub(crate) fn run(args: &ManArgs) -> miette::Result<Exit> {
    let mut root = Args::command();
    root.build();
    let command = match &args.command {
        None => root,
        Some(name) => root.find_subcommand(name).cloned().ok_or_else(|| UnknownCommand { name: name.clone() })?,
    };
    output::print(|out| clap_mangen::Man::new(command).render(out))?;
    Ok(Exit::Clean)
}
