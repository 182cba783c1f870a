//! `openclause rules`: the rules of the packs.

use openclause::model::{Maps, RuleDoc, Severity};
use serde::Serialize;

use super::args::{GlobalArgs, RulesArgs};
use super::{Exit, listing, resolve};

/// A rule as `--format json` shows it.
#[derive(Serialize)]
pub(crate) struct Row<'a> {
    id: &'a str,
    severity: Severity,
    title: &'a str,
    phrase: &'a str,
    why: &'a str,
    help: &'a str,
    maps: &'a Maps,
    security: bool,
}

/// Runs the command.
///
/// # Errors
/// When a pack cannot be loaded, or standard output cannot be written.
pub(crate) fn run(args: &RulesArgs, _: &GlobalArgs) -> miette::Result<Exit> {
    let packs = openclause::load_policy(&resolve::policy_request(&args.policy))?.docs();
    let rows: Vec<Row<'_>> = packs.rules.iter().map(row).collect();
    listing::show(args.listing.format, &rows, |row| {
        [row.id.to_owned(), severity(row.severity).to_owned(), row.title.to_owned()]
    })?;
    Ok(Exit::Clean)
}

pub(crate) fn row(rule: &RuleDoc) -> Row<'_> {
    Row {
        id: &rule.id,
        severity: rule.severity,
        title: &rule.title,
        phrase: &rule.phrase,
        why: &rule.why,
        help: &rule.help,
        maps: &rule.maps,
        security: rule.security,
    }
}

/// The word for a severity.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
