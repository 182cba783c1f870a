//! `openclause explain`: a rule, a license, alone or in a work under another, a component, a finding, or what a file
//! says of its license.

mod component;
mod finding;
mod license;
mod rule;

use std::io::{self, Write};
use std::path::Path;

use openclause::ScanRequest;
use openclause::model::{Place, Report};
use serde::Serialize;

use super::args::{ExplainArgs, GlobalArgs};
use super::{Exit, resolve};

/// Runs the command.
///
/// # Errors
/// When there is nothing of that name, a pack cannot be loaded, or standard output cannot be written.
pub(crate) fn run(args: &ExplainArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    match args.what.as_slice() {
        [word, expression @ ..] if word == "license" && !expression.is_empty() => {
            license::run(&expression.join(" "), args, global)
        }
        [purl] if purl.starts_with("pkg:") => component::run(purl, args),
        [file] if Path::new(file).is_file() => super::license::explain(Path::new(file)),
        [word] if finding::is_fingerprint(word) => finding::run(word, args),
        what => rule::run(&what.join(" "), args),
    }
}

/// Scans the checkout that `--path` names.
fn scan(args: &ExplainArgs) -> miette::Result<Report> {
    let request = ScanRequest { paths: vec![args.path.clone()], ..resolve::policy_request(&args.policy) };
    Ok(openclause::scan(&request, &|_| ())?)
}

/// A place as `path:line`.
fn at(place: &Place) -> String {
    let path = shown(place.path.as_str());
    match &place.region {
        Some(region) => format!("{path}:{}", region.start_line),
        None => path,
    }
}

/// Text of the checkout without anything that a terminal would obey.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Prints a value as JSON.
fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
