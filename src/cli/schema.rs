//! `openclause schema`: JSON Schemas of what openclause writes and reads.

use std::io;

use super::args::SchemaArgs;
use super::{Exit, output};

/// A document with a JSON Schema.
pub(crate) struct Schema {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) make: fn() -> serde_json::Value,
}

/// Every document with a schema.
pub(crate) static SCHEMAS: &[Schema] = &[
    Schema { name: "report", summary: "the report of --format json", make: openclause::report::json_schema },
    Schema {
        name: "diff",
        summary: "the comparison of diff --format json",
        make: openclause::report::diff::json_schema,
    },
    Schema { name: "policy", summary: "a policy pack", make: openclause::policy::json_schema },
];

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(args: &SchemaArgs) -> miette::Result<Exit> {
    for schema in SCHEMAS.iter().filter(|s| s.name == args.document) {
        output::print(|out| {
            serde_json::to_writer_pretty(&mut *out, &(schema.make)()).map_err(io::Error::from)?;
            writeln!(out)
        })?;
    }
    Ok(Exit::Clean)
}
