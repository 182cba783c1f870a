//! The `openclause` program: parse, run, exit code.

mod cli;

use std::process::ExitCode;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::report_panics();
    let args = match cli::parse(std::env::args_os()) {
        Ok(args) => args,
        Err(usage) => return cli::show_usage(&usage),
    };
    cli::install_diagnostics(&args.global);
    match cli::run(args) {
        Ok(exit) => exit.into(),
        Err(error) => cli::show_error(&error),
    }
}
