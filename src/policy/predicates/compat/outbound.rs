//! The license under which each part of the project goes out.

use std::borrow::Cow;

use globset::Glob;
use spdx::Expression;

use crate::model::{Place, RelPath};
use crate::policy::compat;
use crate::policy::evaluate::Context;
use crate::policy::project::Unit;

/// The license of a part of the project, and where that is said.
#[derive(Clone, Debug)]
pub(super) struct Outbound<'a> {
    /// The expression.
    pub(super) expression: Cow<'a, Expression>,
    /// Where it is declared: the configuration, a manifest or a license text.
    pub(super) place: Cow<'a, Place>,
}

/// The license of `path`: by the configuration, else by the parameter `outbound`, else by the innermost
/// package that holds it, else by what is said of the whole. `None` where nothing tells it beyond doubt.
pub(super) fn of<'a>(context: &Context<'a>, path: &RelPath) -> Option<Outbound<'a>> {
    let made = |expression, place| Outbound { expression: Cow::Owned(expression), place: Cow::Owned(place) };
    if let Some(source) = &context.config.source {
        for said in &context.config.outbound {
            let glob = Glob::new(&said.value.path).ok()?.compile_matcher();
            if glob.is_match(path.as_str())
                || path.is_within(&RelPath::new(said.value.path.trim_end_matches(['*', '/'])))
            {
                let expression = compat::read(&said.value.license).ok()?;
                return Some(made(expression, source.place(said.span.clone())));
            }
        }
    }
    let project = context.scene.project;
    let declared = context.text("outbound");
    if !declared.is_empty() && declared != "auto" {
        let expression = compat::read(declared).ok()?;
        return Some(made(expression, project.anchor()?));
    }
    let (expression, place) = project.units_of(path).find_map(Unit::license).or_else(|| project.told())?;
    Some(Outbound { expression: Cow::Borrowed(expression), place: Cow::Borrowed(place) })
}

/// Whether an expression offers a branch that is open.
pub(super) fn is_open(expression: &Expression) -> bool {
    super::branch_facts(expression)
        .iter()
        .any(|branch| branch.iter().all(|(_, facts)| facts.is_some_and(compat::LicenseFacts::is_open)))
}
