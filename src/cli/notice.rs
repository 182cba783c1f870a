//! `openclause notice`: the notices of third parties that a product passes on.

use super::args::{BillArgs, GlobalArgs, NoticeArgs, SbomArgs};
use super::{Exit, sbom};

/// Runs the command: a bill of materials, written for readers.
///
/// # Errors
/// When the scan cannot start, or the notices cannot be written.
pub(crate) fn run(args: NoticeArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    let NoticeArgs { input, format, output } = args;
    let bill = BillArgs { format, output, report: Vec::new(), author: Vec::new() };
    sbom::run(SbomArgs { input, bill, scope: Vec::new(), merge: Vec::new(), name: None }, global)
}
