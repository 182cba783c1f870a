//! The `openclause` program.

fn main() {}
