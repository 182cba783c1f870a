//! `CODEOWNERS`: does every rule own something, and what is sensitive have an owner.

use std::collections::BTreeSet;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::{PARTIAL, Predicate};
use crate::model::{OwnerRule, PipelineKind, Place};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

/// How many rules are judged, and how long a pattern may be.
const MOST: (usize, usize) = (2_000, 300);

pub(super) const DEAD: Predicate = Predicate {
    name: "owners-rule-dead",
    about: "A pattern of CODEOWNERS matches no file, or a workflow that the forge runs has no owner although there are rules.",
    on: SubjectKind::File,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if inventory.owners.is_empty() {
            return judge.nothing("there is no CODEOWNERS");
        }
        if !inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let rules: Vec<(&OwnerRule, Option<Glob>)> =
            inventory.owners.iter().take(MOST.0).map(|rule| (rule, glob(&rule.pattern))).collect();
        let mut builder = GlobSetBuilder::new();
        let mut indices = Vec::new();
        for (i, (_, glob)) in rules.iter().enumerate() {
            if let Some(glob) = glob {
                builder.add(glob.clone());
                indices.push(i);
            }
        }
        let Ok(set) = builder.build() else { return judge.undecided("the patterns are too large together") };
        let mut alive: BTreeSet<usize> = BTreeSet::new();
        for file in &inventory.files {
            alive.extend(matches(&set, file.path.as_str()).into_iter().map(|i| indices[i]));
        }
        for (i, (rule, glob)) in rules.iter().enumerate() {
            if alive.contains(&i) || glob.is_none() {
                judge.pass();
            } else {
                let path = rule.place.path.as_str();
                judge.fail(
                    Failure::new(path, rule.place.clone())
                        .with("problem", format!("`{}` matches no file", rule.pattern)),
                );
            }
        }
        let workflows = inventory.pipelines.iter().filter(|p| p.kind == PipelineKind::GithubWorkflow && p.active);
        let last_match = |path: &str| matches(&set, path).into_iter().max().and_then(|i| rules.get(indices[i]));
        let unowned = workflows
            .map(|p| &p.place.path)
            .find(|path| last_match(path.as_str()).is_none_or(|(rule, _)| rule.owners.is_empty()));
        if let (Some(workflow), Some((rule, _))) = (unowned, rules.first()) {
            let path = rule.place.path.as_str();
            let problem = format!("nobody owns `{workflow}`, which runs with the repository's rights");
            let place = Place::file(rule.place.path.clone());
            judge.fail(
                Failure::new(path, place)
                    .with("problem", problem)
                    .also(Place::file(workflow.clone()), "has no owner"),
            );
        }
    },
};

/// The rules that a file falls under, by itself or by a folder that it lies in.
fn matches(set: &GlobSet, path: &str) -> Vec<usize> {
    let mut out = set.matches(path);
    for (at, _) in path.match_indices('/') {
        out.extend(set.matches(&path[..at]));
    }
    out
}

/// The pattern as a glob, by the rules of `.gitignore`: without a slash in front of its end it matches at any depth.
fn glob(pattern: &str) -> Option<Glob> {
    if pattern.len() > MOST.1 {
        return None;
    }
    let text = pattern.trim_end_matches('/');
    let anchored = text.trim_start_matches('/');
    let is_anywhere = !text.contains('/');
    let text = match (is_anywhere, anchored) {
        (_, "") => "**".to_owned(),
        (true, name) => format!("{{{name},**/{name}}}"),
        (false, path) => path.to_owned(),
    };
    GlobBuilder::new(&text).literal_separator(true).build().ok()
}
