//! `openclause scan`: one scan, its reports, and the gate.

use openclause::model::{Report, State};

use super::Exit;
use super::args::{GlobalArgs, ScanArgs};
use super::output::{self, Shown};
use super::progress::Bar;
use super::resolve::{self, Plan};

/// Runs the command.
///
/// # Errors
/// When the scan cannot start, or a report cannot be written.
pub(crate) fn run(args: ScanArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    let plan = resolve::scan(args, global)?;
    let report = perform(&plan)?;
    let exit = publish(&plan, &report);
    // The program ends, which frees everything at once; to take apart what a large tree gave costs noticeable time.
    std::mem::forget(report);
    exit
}

/// Scans.
///
/// # Errors
/// When the scan cannot start.
pub(crate) fn perform(plan: &Plan) -> miette::Result<Report> {
    let bar = Bar::new(plan.progress);
    Ok(openclause::scan(&plan.request, &|progress| bar.tick(progress))?)
}

/// Writes the reports to their files, then to standard output, then says how the run ends.
///
/// # Errors
/// When one cannot be written.
pub(crate) fn publish(plan: &Plan, report: &Report) -> miette::Result<Exit> {
    for file in &plan.reports {
        let view = resolve::file_view(&plan.view);
        output::write_file("--report", &file.path, |out| (file.format.render)(report, &view, out))?;
    }
    let exit = Exit::of(report, plan.gate, plan.strict);
    if !plan.prints {
        return Ok(exit);
    }
    if let Some(framework) = plan.framework.as_deref().and_then(openclause::policy::frameworks::find) {
        super::frameworks::show(&framework, report, plan.format.name == "json")?;
        return Ok(exit);
    }
    if plan.quiet && plan.format.name == "human" && !has_news(plan, report) {
        return Ok(exit);
    }
    match output::print(|out| (plan.format.render)(report, &plan.view, out))? {
        Shown::All => Ok(exit),
        Shown::Closed => Ok(Exit::Clean),
    }
}

/// Whether there is a finding to show.
fn has_news(plan: &Plan, report: &Report) -> bool {
    report.findings.iter().any(|f| f.state == State::New && f.severity >= plan.view.min_severity)
}
