//! Which files are programs.

/// Whether an extension (in lower case) is that of a programming language, in which a text stands in quotes.
pub fn is_program(extension: &str) -> bool {
    const PROGRAMS: &[&str] = &[
        "rs", "go", "py", "pyi", "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "c", "h", "cc", "cpp", "cxx",
        "hh", "hpp", "java", "kt", "kts", "scala", "rb", "php", "cs", "fs", "vb", "swift", "m", "mm", "pl", "pm",
        "lua", "r", "jl", "hs", "ml", "ex", "exs", "erl", "clj", "cljs", "dart", "zig", "nim", "vue", "svelte",
        "sql", "proto", "groovy", "gradle", "coffee", "pas", "ps1", "el", "f90", "d", "cr", "sol", "tf", "hcl",
        "css", "scss", "less", "graphql",
    ];
    PROGRAMS.contains(&extension)
}

/// As [`is_program`], with the languages in which texts stand without quotes as well.
pub fn is_source(extension: &str) -> bool {
    is_program(extension)
        || ["sh", "bash", "zsh", "fish", "bat", "cmd", "mk", "cmake", "s", "asm", "vim", "tcl"].contains(&extension)
}
