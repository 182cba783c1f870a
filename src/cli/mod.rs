//! The command line: [`args`] says what can be typed, [`resolve`] turns it into what is to be done, one file per
//! command does it, and [`exit`] says how it ended.

mod action;
mod args;
mod collectors;
mod completions;
mod convert;
mod diff;
mod exit;
mod explain;
mod fix;
mod formats;
mod frameworks;
mod init;
mod license;
mod listing;
mod man;
mod notice;
mod output;
mod policy;
mod progress;
mod resolve;
mod rules;
mod sbom;
mod scan;
mod schema;
mod terminal;

pub(crate) use args::{Args, parse};
pub(crate) use exit::{Exit, report_panics, show_error, show_usage};
pub(crate) use terminal::install_diagnostics;

use args::Command;

/// Runs the command.
///
/// # Errors
/// What keeps the command from giving a trustworthy answer; the program then ends with exit code 2.
pub(crate) fn run(args: Args) -> miette::Result<Exit> {
    let global = &args.global;
    match args.command {
        Command::Scan(scan) => scan::run(scan, global),
        Command::Sbom(sbom) => sbom::run(sbom, global),
        Command::Notice(notice) => notice::run(notice, global),
        Command::Convert(convert) => convert::run(&convert, global),
        Command::Diff(diff) => diff::run(&diff, global),
        Command::Fix(fix) => fix::run(&fix, global),
        Command::Explain(explain) => explain::run(&explain, global),
        Command::License(license) => license::run(license, global),
        Command::Rules(rules) => rules::run(&rules, global),
        Command::Formats(listing) => formats::run(&listing, global),
        Command::Frameworks(listing) => frameworks::run(&listing, global),
        Command::Collectors(listing) => collectors::run(&listing, global),
        Command::Init(init) => init::run(&init, global),
        Command::Policy(command) => policy::run(&command, global),
        Command::Schema(schema) => schema::run(&schema),
        Command::Completions(completions) => completions::run(&completions),
        Command::Man(man) => man::run(&man),
        Command::Action => action::run(global),
    }
}
