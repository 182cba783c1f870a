//! The languages of Erlang's virtual machine: Elixir's Mix, Erlang's rebar3, Gleam. Their packages live on hex.pm.

pub(super) mod app;
pub(super) mod gleam;
pub(super) mod mix;
pub(super) mod rebar;

const HEX: &str = "hex";
