//! R: `renv.lock` and `DESCRIPTION`.

pub(super) mod description;
pub(super) mod renv;

const CRAN: &str = "cran";

/// Whether a name stands for R itself or a package that comes with it.
fn is_base(name: &str) -> bool {
    const BASE: [&str; 15] = [
        "R",
        "base",
        "compiler",
        "datasets",
        "grDevices",
        "graphics",
        "grid",
        "methods",
        "parallel",
        "splines",
        "stats",
        "stats4",
        "tcltk",
        "tools",
        "utils",
    ];
    BASE.contains(&name)
}
