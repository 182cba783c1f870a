//! Tests of the whole program, from outside: what goes in is a tree of files and a command line, what comes out is
//! text, files and an exit code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed"
)]

#[cfg(unix)]
mod action;
mod changes;
mod cli;
#[cfg(unix)]
mod compat;
mod composite;
mod design;
mod determinism;
mod documents;
mod fixtures;
mod hostile;
#[cfg(feature = "online")]
mod online;
mod packs;
mod precision;
mod repositories;
mod resolve;
mod rules;
mod support;
