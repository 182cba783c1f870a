//! `openclause formats`: the output formats.

use serde::Serialize;

use super::args::{GlobalArgs, ListingArgs};
use super::{Exit, listing};
use openclause::report::FORMATS;

#[derive(Serialize)]
struct Row {
    name: &'static str,
    extension: &'static str,
    summary: &'static str,
}

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(args: &ListingArgs, _: &GlobalArgs) -> miette::Result<Exit> {
    let rows: Vec<Row> =
        FORMATS.iter().map(|f| Row { name: f.name, extension: f.extension, summary: f.summary }).collect();
    listing::show(args.format, &rows, |row| {
        [row.name.to_owned(), format!(".{}", row.extension), row.summary.to_owned()]
    })?;
    Ok(Exit::Clean)
}
