//! `openclause policy`: what authors of packs need.

mod check;
mod test;

use std::path::{Path, PathBuf};

use miette::Diagnostic;
use openclause::policy::Pack;
use openclause::{ConfigSource, ScanRequest};
use thiserror::Error;

use super::Exit;
use super::args::{GlobalArgs, PolicyCommand};

/// What was given is no pack.
#[derive(Debug, Error, Diagnostic)]
#[error("`{}` holds no policy pack", path.display())]
#[diagnostic(
    code(openclause::policy),
    help("a pack is a TOML file that starts with `format = 1` and `pack = \"name\"`")
)]
struct NoPack {
    path: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When nothing that was given is a pack, or standard output cannot be written.
pub(crate) fn run(command: &PolicyCommand, global: &GlobalArgs) -> miette::Result<Exit> {
    match command {
        PolicyCommand::Check(args) => check::run(&args.files),
        PolicyCommand::Test(args) => test::run(args, global),
    }
}

/// The packs of a file or folder, checked, and nothing else: no configuration, no built-in pack but that on the
/// configuration.
fn load(path: &Path) -> Result<Vec<Pack>, miette::Report> {
    let packs = openclause::load_policy(&request(path, PathBuf::from(".")))?.packs;
    // The pack on the configuration always takes part, and comes first.
    let own: Vec<Pack> = packs.into_iter().skip_while(|pack| pack.name == "config").collect();
    if own.is_empty() { Err(NoPack { path: path.to_path_buf() }.into()) } else { Ok(own) }
}

/// A request that judges `root` by the pack in `path` alone.
fn request(path: &Path, root: PathBuf) -> ScanRequest {
    // A relative path could be the name of a built-in pack.
    let pack = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    ScanRequest {
        paths: vec![root],
        no_ignore: true,
        config: ConfigSource::None,
        packs: vec![pack.to_string_lossy().into_owned()],
        ..ScanRequest::default()
    }
}
