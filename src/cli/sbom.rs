//! `openclause sbom`: a bill of materials.

use super::args::{GlobalArgs, PolicyArgs, SbomArgs};
use super::progress::Bar;
use super::{Exit, output, resolve};

/// Runs the command.
///
/// # Errors
/// When the scan cannot start, or standard output cannot be written.
pub(crate) fn run(args: SbomArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    let bar = Bar::new(resolve::shows_progress(&args.input, global));
    let request = resolve::request(args.input, PolicyArgs::default())?;
    let report = openclause::scan(&request, &|progress| bar.tick(progress))?;
    drop(bar);
    output::print(|out| (args.format.render)(&report, &resolve::view(global), out))?;
    Ok(Exit::Clean)
}
