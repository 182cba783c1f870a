//! `openclause action`: the step of `action.yml` that scans.
//!
//! It reads the action's inputs from the environment, writes every report from one scan, then the job summary, the
//! annotations and the outputs. A failed gate is an output, not a failure of the step, so that what comes behind it
//! (the upload) still runs; the last step of `action.yml` ends with it.

mod inputs;
mod runner;

use std::path::{Path, PathBuf};

use miette::IntoDiagnostic;
use openclause::model::{Finding, RelPath, Report, Severity, State};
use openclause::walk::Roots;

use self::inputs::Inputs;
use self::runner::Runner;
use super::args::{Command, GlobalArgs, ReportFile};
use super::resolve::{self, Plan};
use super::{Exit, args, output, scan};
use openclause::report::FORMATS;

/// How many findings become annotations: GitHub shows ten of each kind per step, and a reader fewer.
const ANNOTATIONS: usize = 10;

/// The reports: output of the action, format, file name.
const REPORTS: [(&str, &str, &str); 4] = [
    ("sarif", "sarif", "openclause.sarif"),
    ("json", "json", "openclause.json"),
    ("markdown", "markdown", "openclause.md"),
    ("sbom", "cyclonedx", "sbom.cdx.json"),
];

/// Runs the command.
///
/// # Errors
/// When an input is wrong, the scan cannot start, or something cannot be written.
pub(crate) fn run(global: &GlobalArgs) -> miette::Result<Exit> {
    let runner = Runner::from_environment();
    let done = steps(&runner, global);
    if let Err(error) = &done {
        let _ = output::print(|out| runner::command(out, "error", &[("title", "openclause")], &error.to_string()));
    }
    done
}

fn steps(runner: &Runner, global: &GlobalArgs) -> miette::Result<Exit> {
    let inputs = Inputs::from_environment()?;
    let folder = runner.report_folder()?;
    let plan = plan(&inputs, &folder, global)?;
    let report = scan::perform(&plan)?;

    for (file, (name, ..)) in plan.reports.iter().zip(REPORTS) {
        let view = resolve::file_view(&plan.view);
        output::write_file(name, &file.path, |out| (file.format.render)(&report, &view, out))?;
    }
    log(&plan, &report)?;
    if inputs.annotations {
        annotate(runner, &plan, &report)?;
    }
    if inputs.summary {
        let markdown = std::fs::read_to_string(folder.join(REPORTS[2].2)).into_diagnostic()?;
        runner.summarize(&markdown)?;
    }
    write_outputs(runner, &inputs, &plan, &report)?;
    Ok(Exit::Clean)
}

/// The scan that the inputs ask for, parsed as if they had been typed, so that the defaults are the command line's.
fn plan(inputs: &Inputs, folder: &Path, global: &GlobalArgs) -> miette::Result<Plan> {
    let parsed = args::parse(inputs.arguments()).map_err(|usage| {
        let text = usage.render().to_string();
        miette::miette!(code = "openclause::action", help = "see the inputs in action.yml", "{}", text.trim_end())
    })?;
    let Command::Scan(scan) = parsed.command else {
        return Err(miette::miette!("the inputs do not make a scan"));
    };
    let mut plan = resolve::scan(scan, global)?;
    // The log of a job shows colours, though it is no terminal.
    plan.view.color = true;
    for (_, format, file) in REPORTS {
        let Some(format) = FORMATS.iter().find(|f| f.name == format) else {
            return Err(miette::miette!("there is no format `{format}`"));
        };
        plan.reports.push(ReportFile { format, path: folder.join(file) });
    }
    Ok(plan)
}

/// Prints the report for people. Its lines carry names from the checkout, which must not pass for commands.
fn log(plan: &Plan, report: &Report) -> miette::Result<()> {
    let token = runner::random_word();
    output::print(|out| {
        writeln!(out, "::stop-commands::{token}")?;
        (plan.format.render)(report, &plan.view, out)?;
        writeln!(out, "\n::{token}::")
    })?;
    Ok(())
}

fn annotate(runner: &Runner, plan: &Plan, report: &Report) -> miette::Result<()> {
    let prefix = prefix(runner, &plan.request.paths);
    // The report is sorted with the worst first.
    let findings = counting(report).filter(|f| f.severity >= plan.view.min_severity).take(ANNOTATIONS);
    output::print(|out| {
        for finding in findings {
            let kind = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let file = format!("{prefix}{}", finding.place.path.as_str());
            let line = finding.place.start_line().to_string();
            let end = finding.place.region.as_ref().map_or(1, |r| r.end_line).to_string();
            let place = [("file", file.as_str()), ("line", &line), ("endLine", &end), ("title", &finding.rule)];
            runner::command(out, kind, &place, &format!("{}\n{}", finding.message, finding.help))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// The way from the workspace to the scanned root, with a slash at its end unless it is empty.
fn prefix(runner: &Runner, paths: &[PathBuf]) -> String {
    let below = || {
        let workspace = runner.workspace.as_ref()?.canonicalize().ok()?;
        RelPath::below(&workspace, &Roots::find(paths).ok()?.canonical)
    };
    match below() {
        Some(path) if !path.as_str().is_empty() => format!("{}/", path.as_str()),
        _ => String::new(),
    }
}

fn write_outputs(runner: &Runner, inputs: &Inputs, plan: &Plan, report: &Report) -> miette::Result<()> {
    let exit = Exit::of(report, plan.gate, plan.strict);
    let count = |severity| counting(report).filter(|f| f.severity == severity).count().to_string();
    let verdict = match exit {
        Exit::Incomplete => "incomplete",
        Exit::GateFailed => "fail",
        Exit::Clean | Exit::Error => "pass",
    };
    let upload = match runner.upload_obstacle(inputs) {
        None => inputs.upload,
        Some(reason) => {
            output::print(|out| runner::command(out, "notice", &[("title", "openclause")], reason))?;
            false
        }
    };
    let mut outputs: Vec<(&str, String)> = vec![
        ("verdict", verdict.to_owned()),
        ("exit-code", (exit as u8).to_string()),
        ("errors", count(Severity::Error)),
        ("warnings", count(Severity::Warning)),
        ("notes", count(Severity::Note)),
        ("upload", upload.to_string()),
    ];
    for (file, (name, ..)) in plan.reports.iter().zip(REPORTS) {
        outputs.push((name, file.path.display().to_string()));
    }
    runner.set_outputs(&outputs)
}

/// The findings that count for the gate.
fn counting(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|f| f.state == State::New)
}
