//! The license under which each part of the project goes out.

use globset::Glob;
use spdx::Expression;

use crate::model::{Place, RelPath};
use crate::policy::compat;
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::project::Unit;

/// The license of a part of the project, and where that is said.
#[derive(Clone, Debug)]
pub(super) struct Outbound {
    /// The expression.
    pub(super) expression: Expression,
    /// Where it is declared: the configuration, a manifest or a license text.
    pub(super) place: Place,
}

/// The license of `path`: by the configuration, else by the innermost package that holds it, else by the parameter
/// `outbound`. `None` where nothing tells it beyond doubt.
pub(super) fn of(context: &Context<'_>, path: &RelPath) -> Option<Outbound> {
    if let Some(source) = &context.config.source {
        for said in &context.config.outbound {
            let glob = Glob::new(&said.value.path).ok()?.compile_matcher();
            if glob.is_match(path.as_str())
                || path.is_within(&RelPath::new(said.value.path.trim_end_matches(['*', '/'])))
            {
                let expression = compat::read(&said.value.license).ok()?;
                return Some(Outbound { expression, place: source.place(said.span.clone()) });
            }
        }
    }
    let project = context.scene.project;
    let declared = context.text("outbound");
    if !declared.is_empty() && declared != "auto" {
        let expression = compat::read(declared).ok()?;
        return Some(Outbound { expression, place: project.anchor()? });
    }
    let mut units: Vec<&Unit<'_>> = project.units.iter().filter(|u| path.is_within(&u.folder)).collect();
    units.sort_by_key(|u| std::cmp::Reverse(u.folder.depth()));
    units.into_iter().find_map(of_unit)
}

/// The license of one package: what its manifests declare, else what its license texts are.
fn of_unit(unit: &Unit<'_>) -> Option<Outbound> {
    for manifest in &unit.manifests {
        if let Some(field) = &manifest.license
            && let Ok(expression) = compat::read(&field.text)
        {
            return Some(Outbound { expression, place: field.place.clone() });
        }
    }
    let (text, ids) = unit.texts.iter().map(|t| (t, t.text_ids())).find(|(_, ids)| !ids.is_empty())?;
    let all: Vec<String> = unit.texts.iter().flat_map(|t| t.text_ids()).collect();
    // Texts of several licenses do not say whether they are a choice. The LGPL 3 comes with the GPL 3.
    let chosen = match all.as_slice() {
        [_] => ids.first()?.clone(),
        many if many.iter().all(|id| id == &many[0]) => many[0].clone(),
        many if many.len() == 2
            && many.iter().any(|id| id == "LGPL-3.0")
            && many.iter().any(|id| id == "GPL-3.0") =>
        {
            "LGPL-3.0".to_owned()
        }
        _ => return None,
    };
    // The text of a GNU license does not say whether later versions are allowed; the milder reading counts.
    let later = format!("{chosen}-or-later");
    let id = if compat::license(&later).is_some() { later } else { chosen };
    Some(Outbound { expression: expression::parse(&id)?, place: Place::file(text.path.clone()) })
}

/// Whether an expression offers a branch that is open.
pub(super) fn is_open(expression: &Expression) -> bool {
    super::branch_facts(expression)
        .iter()
        .any(|branch| branch.iter().all(|(_, facts)| facts.is_some_and(compat::LicenseFacts::is_open)))
}
