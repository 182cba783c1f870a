//! `openclause action`: one step of `action.yml`.

use super::Exit;
use super::args::GlobalArgs;

/// Runs the command.
pub(crate) fn run(_: &GlobalArgs) -> miette::Result<Exit> {
    Ok(Exit::Clean)
}
