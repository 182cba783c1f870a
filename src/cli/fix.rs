//! `openclause fix`: mends what leaves nothing to decide.

use std::io::Write;

use openclause::walk::Roots;
use openclause::{ScanRequest, fix};

use super::args::{FixArgs, GlobalArgs};
use super::progress::Bar;
use super::{Exit, output, resolve, terminal};

/// Runs the command.
///
/// # Errors
/// When the scan cannot start, or something cannot be written.
pub(crate) fn run(args: &FixArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    let bar = Bar::new(!global.quiet && terminal::is_terminal_stderr());
    let request = ScanRequest { paths: vec![args.folder.clone()], ..resolve::policy_request(&args.policy) };
    let report = openclause::scan(&request, &|progress| bar.tick(progress))?;
    let root = Roots::find(&request.paths).map_err(openclause::ScanError::from)?.root;
    let mended = fix::mend(&report, &args.rule, &|path| resolve::source(&root, path));
    let (mended, outside): (Vec<_>, Vec<_>) =
        mended.into_iter().partition(|file| resolve::is_inside(&root, &file.path));
    if args.write {
        for file in &mended {
            let path = root.join(file.path.as_str());
            output::make_folder("fix", &path)?;
            output::write_file("fix", &path, |out| out.write_all(file.after.as_bytes()))?;
        }
        output::print(|out| {
            let names = |file: &fix::Mended| file.rules.iter().copied().collect::<Vec<_>>().join(", ");
            mended.iter().try_for_each(|file| writeln!(out, "{}: {}", file.path, names(file)))
        })?;
    } else {
        output::print(|out| mended.iter().try_for_each(|file| out.write_all(file.patch().as_bytes())))?;
    }
    if !global.quiet {
        let done = if args.write { "mended" } else { "would change; --write does it" };
        let files = if mended.len() == 1 { "file" } else { "files" };
        // Whoever reads the diff from a pipe gets nothing else there.
        let _ = writeln!(std::io::stderr(), "{} {files} {done}", mended.len());
        for file in outside {
            let _ = writeln!(std::io::stderr(), "{} is left out: a folder above it is a link", file.path);
        }
    }
    Ok(Exit::Clean)
}
