//! `openclause collectors`: what is gathered, and from which files.

use openclause::collect::COLLECTORS;
use serde::Serialize;

use super::args::{GlobalArgs, ListingArgs};
use super::{Exit, listing};

#[derive(Serialize)]
struct Row {
    id: &'static str,
    summary: &'static str,
}

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(args: &ListingArgs, _: &GlobalArgs) -> miette::Result<Exit> {
    let rows: Vec<Row> = COLLECTORS.iter().map(|c| Row { id: c.id(), summary: c.summary() }).collect();
    listing::show(args.format, &rows, |row| [row.id.to_owned(), row.summary.to_owned()])?;
    Ok(Exit::Clean)
}
