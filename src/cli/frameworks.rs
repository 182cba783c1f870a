//! `openclause frameworks`, and what `scan --framework` prints.

use std::io;

use openclause::model::Report;
use openclause::policy::frameworks::{self, ControlRow, Framework};
use serde::Serialize;

use super::args::{GlobalArgs, ListingArgs};
use super::{Exit, listing, output};

#[derive(Serialize)]
struct Row {
    name: String,
    title: String,
    version: String,
    controls: usize,
}

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(args: &ListingArgs, _: &GlobalArgs) -> miette::Result<Exit> {
    let rows: Vec<Row> = frameworks::all()
        .into_iter()
        .map(|f| Row { controls: f.controls.len(), name: f.id, title: f.title, version: f.version })
        .collect();
    listing::show(args.format, &rows, |row| {
        [row.name.clone(), row.controls.to_string(), format!("{} ({})", row.title, row.version)]
    })?;
    Ok(Exit::Clean)
}

#[derive(Serialize)]
struct View<'a> {
    framework: &'a str,
    title: &'a str,
    version: &'a str,
    controls: &'a [ControlRow],
}

/// Prints what a report shows of a framework.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn show(framework: &Framework, report: &Report, as_json: bool) -> Result<(), output::OutputError> {
    let rows = frameworks::view(framework, report);
    output::print(|out| {
        if as_json {
            let view = View {
                framework: &framework.id,
                title: &framework.title,
                version: &framework.version,
                controls: &rows,
            };
            serde_json::to_writer_pretty(&mut *out, &view).map_err(io::Error::from)?;
            return writeln!(out);
        }
        openclause::report::write_controls(&framework.title, &framework.version, &rows_for_people(&rows), out)
    })?;
    Ok(())
}

/// The rows as text: the reporter knows no policy.
fn rows_for_people(rows: &[ControlRow]) -> Vec<openclause::report::ControlText> {
    rows.iter()
        .map(|row| openclause::report::ControlText {
            id: row.id.clone(),
            verdict: row.verdict.words(),
            title: row.title.clone(),
            evidence: row
                .evidence
                .iter()
                .map(|e| match &e.place {
                    Some(spot) => format!("{}:{}: {} ({})", spot.path, spot.line, e.says, e.source),
                    None => format!("{}: {}", e.source, e.says),
                })
                .collect(),
            needs: row.needs.clone(),
        })
        .collect()
}
