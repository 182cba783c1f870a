//! How a run ends, and how an error is shown.

use std::io::Write;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use openclause::model::{Report, Severity, State};

/// How a run ends. A panic ends with 101, which is Rust's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Scanned, nothing at or above the gate.
    Clean = 0,
    /// Scanned, the gate failed.
    GateFailed = 1,
    /// Usage, configuration or policy error: nothing trustworthy was produced.
    Error = 2,
    /// The scan is incomplete, and that was not allowed.
    Incomplete = 3,
}

impl Exit {
    /// The outcome of a scan. It depends on the report alone, never on its format.
    ///
    /// An incomplete scan outranks a failed gate: its list of findings may be short.
    pub(crate) fn of(report: &Report, gate: Option<Severity>, strict: bool) -> Self {
        if strict && report.inventory.skipped.iter().any(|s| s.kind.is_incomplete()) {
            Self::Incomplete
        } else if report.findings.iter().any(|f| f.state == State::New && gate.is_some_and(|g| f.severity >= g)) {
            Self::GateFailed
        } else {
            Self::Clean
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Shows wrong usage, or the help and version that were asked for.
pub(crate) fn show_usage(usage: &clap::Error) -> ExitCode {
    // A closed pipe is no reason to fail: `openclause --help | head -1`.
    let _ = usage.print();
    if usage.use_stderr() { Exit::Error.into() } else { Exit::Clean.into() }
}

/// Shows what kept the program from doing its work.
pub(crate) fn show_error(error: &miette::Report) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{error:?}");
    Exit::Error.into()
}

/// Turns a panic into one line that asks for a report; with `RUST_BACKTRACE` Rust's own message stays.
pub(crate) fn report_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|info| {
            let _ = writeln!(std::io::stderr(), "{}", panic_line(info));
        }));
    }
}

fn panic_line(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
    let what = info.payload_as_str().unwrap_or("no message").replace('\n', " ");
    format!(
        "openclause {} has a bug and stopped{place}: {what}. Please report this line, and the file it choked on if \
         you can share it.",
        env!("CARGO_PKG_VERSION")
    )
}
