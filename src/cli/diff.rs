//! `openclause diff`: what changed between two reports or checkouts.

use openclause::report::diff;

use super::args::{DiffArgs, GlobalArgs};
use super::output::{self, Shown};
use super::{Exit, resolve};

/// Runs the command.
///
/// # Errors
/// When a report cannot be read, a scan cannot start, or standard output cannot be written.
pub(crate) fn run(args: &DiffArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    let old = resolve::side(&args.old, &args.new, &args.policy, global)?;
    let new = resolve::side(&args.new, &args.old, &args.policy, global)?;
    let found = diff::compare(&old, &new);
    let shown = output::print(|out| (args.format.render)(&found, &resolve::view(global), out))?;
    let failed = args.fail_on.severity().is_some_and(|gate| found.worst().is_some_and(|worst| worst >= gate));
    Ok(if failed && shown == Shown::All { Exit::GateFailed } else { Exit::Clean })
}
