//! How the commands that list a registry look: aligned columns for people, objects for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::args::ListingFormat;
use super::output::{self, OutputError};

/// Prints rows as JSON, or as a table whose last column is wrapped by the terminal alone.
pub(crate) fn show<T: Serialize, const N: usize>(
    format: ListingFormat,
    rows: &[T],
    columns: impl Fn(&T) -> [String; N],
) -> Result<(), OutputError> {
    output::print(|out| match format {
        ListingFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, rows).map_err(io::Error::from)?;
            writeln!(out)
        }
        ListingFormat::Human => {
            let cells: Vec<[String; N]> = rows.iter().map(columns).collect();
            table(&cells, out)
        }
    })?;
    Ok(())
}

fn table<const N: usize>(rows: &[[String; N]], out: &mut dyn Write) -> io::Result<()> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at + 1 == N {
                writeln!(out, "{cell}")?;
            } else {
                write!(out, "{cell:<width$}  ", width = widths[at])?;
            }
        }
    }
    Ok(())
}
