//! `openclause sbom`: a bill of materials.

use openclause::model::{Bill, Scope};
use openclause::report::bill;

use super::args::{BillArgs, GlobalArgs, PolicyArgs, SbomArgs};
use super::progress::Bar;
use super::{Exit, output, resolve};

/// Runs the command.
///
/// # Errors
/// When the scan cannot start, a document cannot be read, or the bill cannot be written.
pub(crate) fn run(args: SbomArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    check(&args.bill)?;
    let mut bill = if args.merge.is_empty() {
        let bar = Bar::new(resolve::shows_progress(&args.input, global));
        let mut request = resolve::request(args.input, PolicyArgs::default())?;
        request.bill = true;
        for path in files(&args.bill) {
            request.exclude.extend(resolve::exclusion(&request.paths, path));
        }
        let inventory = openclause::inventory(&request, &|progress| bar.tick(progress))?;
        bill::of_inventory(&inventory, &openclause::TOOL)
    } else {
        let bills = args.merge.iter().map(|path| resolve::bill(path)).collect::<miette::Result<Vec<Bill>>>()?;
        bill::merge(bills, args.name.as_deref(), &openclause::TOOL)
    };
    if !args.scope.is_empty() {
        let scopes: Vec<Scope> = args.scope.into_iter().map(Scope::from).collect();
        bill::keep(&mut bill, &scopes);
    }
    write(bill, &args.bill)
}

/// The files that the flags name.
fn files(args: &BillArgs) -> impl Iterator<Item = &std::path::Path> {
    args.report.iter().map(|report| report.path.as_path()).chain(args.output.as_deref())
}

/// Checks before the work that the files can probably be written.
///
/// # Errors
/// When one cannot, or `--report` names a format that holds more than a bill.
pub(crate) fn check(args: &BillArgs) -> miette::Result<()> {
    for path in files(args) {
        output::check_file("--output", path)?;
    }
    match args.report.iter().find(|report| bill::writer(report.format.name).is_none()) {
        Some(other) => Err(resolve::no_bill(other.format.name).into()),
        None => Ok(()),
    }
}

/// Writes a bill to where the flags say.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(mut bill: Bill, args: &BillArgs) -> miette::Result<Exit> {
    let authors = resolve::authors(&args.author)?;
    if !authors.is_empty() {
        bill.authors = authors;
    }
    for report in &args.report {
        if let Some(write) = bill::writer(report.format.name) {
            output::write_file("--report", &report.path, |out| write(&bill, out))?;
        }
    }
    if let Some(write) = bill::writer(args.format.name) {
        match &args.output {
            Some(path) => output::write_file("--output", path, |out| write(&bill, out))?,
            None => drop(output::print(|out| write(&bill, out))?),
        }
    }
    Ok(Exit::Clean)
}
