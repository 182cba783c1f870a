//! Perl: `cpanfile`, Carton's `cpanfile.snapshot`, and the metadata of distributions.

pub(super) mod cpanfile;
pub(super) mod meta;
pub(super) mod snapshot;

const CPAN: &str = "cpan";

/// The distribution that a module most likely comes in, in the spelling of CPAN.
fn distribution(module: &str) -> String {
    module.replace("::", "-")
}
