//! What the terminal can show.

use std::io::IsTerminal;

use anstream::{AutoStream, ColorChoice};

use super::args::{ColorWhen, GlobalArgs};
use openclause::report::View;

/// Whether a stream is coloured: the flag first, then CLICOLOR_FORCE, NO_COLOR, CLICOLOR and the terminal.
fn colored(stream: &impl anstream::stream::RawStream, global: &GlobalArgs) -> bool {
    match global.color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => AutoStream::choice(stream) != ColorChoice::Never,
    }
}

/// Whether standard output is coloured.
pub(crate) fn color_stdout(global: &GlobalArgs) -> bool {
    colored(&std::io::stdout(), global)
}

/// Whether standard output takes OSC 8 hyperlinks.
pub(crate) fn hyperlinks_stdout(global: &GlobalArgs) -> bool {
    std::io::stdout().is_terminal() && color_stdout(global) && supports_hyperlinks::supports_hyperlinks()
}

/// Whether standard output takes characters outside ASCII. A file or pipe does.
pub(crate) fn unicode_stdout() -> bool {
    supports_unicode::on(supports_unicode::Stream::Stdout)
}

/// Columns of standard output.
pub(crate) fn width_stdout() -> usize {
    columns(terminal_size::terminal_size_of(std::io::stdout()))
}

/// Whether standard error is a terminal.
pub(crate) fn is_terminal_stderr() -> bool {
    std::io::stderr().is_terminal()
}

fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    size.map_or(View::default().width, |(width, _)| usize::from(width.0).max(40))
}

/// Decides once how errors look on standard error.
pub(crate) fn install_diagnostics(global: &GlobalArgs) {
    let color = colored(&std::io::stderr(), global);
    let width = columns(terminal_size::terminal_size_of(std::io::stderr()));
    // It fails only when it was called before, and then the first choice stands.
    let _ = miette::set_hook(Box::new(move |_| {
        Box::new(miette::MietteHandlerOpts::new().color(color).terminal_links(false).width(width).build())
    }));
}
