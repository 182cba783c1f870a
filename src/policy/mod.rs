//! Judges an inventory by packs of rules.
//!
//! A pack is a TOML file ([`load`] checks every key, fact, predicate and placeholder when it is read). A rule judges
//! either by a declarative tree of facts ([`tree`], [`facts`]) or by a named predicate ([`predicates`]). Policy sees
//! the inventory and the configuration, and touches no file.

pub mod compat;
mod evaluate;
mod expression;
mod facts;
pub mod frameworks;
mod judge;
mod load;
mod pack;
pub(crate) mod paths;
mod predicates;
mod project;
mod schema;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod waivers;

pub use evaluate::{Judgement, Terms, Wanted, evaluate};
pub use facts::{FACTS, Fact, FactKind};
pub use load::{Policy, built_in_names};
pub use pack::{Pack, Param, ParamKind, Rule, SubjectKind, Test};
pub use predicates::{PREDICATES, Predicate};
pub use schema::json_schema;
pub use tree::OPERATORS;
