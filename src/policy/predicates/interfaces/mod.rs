//! Interface documents, the versions around them, and the runtimes that a project asks for.

mod change;
mod form;
mod runtimes;
mod terms;
mod upstream;

pub(super) use change::{BREAKING, DRIFT, REUSED, TAG};
pub(super) use form::{DEPRECATED, INSECURE, INVALID, MISSING, UNDOCUMENTED, UNPACKED};
pub(super) use runtimes::{END_OF_LIFE, UNDECLARED, UNTESTED};
pub(super) use terms::{LICENSE_MISSING, MISMATCH};
pub(super) use upstream::UNLINKED;

use super::{Context, PARTIAL, Predicate};
use crate::model::Interface;
use crate::policy::paths::is_first_party;

/// The project's own interface documents.
fn own<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Interface> {
    context.scene.inventory.interfaces.iter().filter(|i| is_first_party(&i.place.path))
}

/// Why most rules here have nothing to judge.
const NONE: &str = "there is no interface document";
