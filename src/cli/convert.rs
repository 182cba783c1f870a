//! `openclause convert`: a bill of materials in another format.

use super::args::{ConvertArgs, GlobalArgs};
use super::{Exit, resolve, sbom};

/// Runs the command.
///
/// # Errors
/// When the document cannot be read, or the result cannot be written.
pub(crate) fn run(args: &ConvertArgs, _: &GlobalArgs) -> miette::Result<Exit> {
    sbom::check(&args.bill)?;
    sbom::write(resolve::bill(&args.file)?, &args.bill)
}
