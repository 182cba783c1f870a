//! Conditions on the inputs of a step: does it do what its action is known for?

use super::data::{Condition, Known};
use super::expr::is_fenced;
use super::github::{Step, With, value_text};
use super::uses::{version, version_of_comment};

/// What a condition came to, and what decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer<'k> {
    /// Whether it holds; `None` when an expression decides.
    pub(super) holds: Option<bool>,
    /// What decided.
    pub(super) causes: Vec<Cause<'k>>,
}

/// What decides a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause<'k> {
    /// An input that is set.
    Input(&'k str),
    /// An input that is not set.
    Default(&'k str),
    /// The version of the action.
    Version,
    /// That `with` is an expression.
    With,
}

/// Whether a step uses a known action and does what it is known for; `None` when it does not.
pub(super) fn usage<'k>(known: &'k Known, step: &Step<'_, '_>) -> Option<Answer<'k>> {
    let repository = step.repository().filter(|repository| repository.is(&known.uses))?;
    let Some(condition) = &known.when else {
        return Some(Answer { holds: Some(true), causes: Vec::new() });
    };
    if matches!(step.with(), With::Expression) {
        return Some(Answer { holds: None, causes: vec![Cause::With] });
    }
    let found = if repository.is_commit() {
        let document = step.document();
        let comments = document.comments_on_lines_of(&step.key("uses"));
        comments.iter().find_map(|comment| version_of_comment(&document.source[comment.clone()]))
    } else {
        version(repository.version)
    };
    Some(eval(condition, step, found)).filter(|answer| answer.holds != Some(false))
}

fn eval<'k>(condition: &'k Condition, step: &Step<'_, '_>, found: Option<[u64; 3]>) -> Answer<'k> {
    match condition {
        Condition::Below { below } => {
            let holds = found.map(|found| version(below).is_some_and(|below| found < below));
            Answer { holds, causes: vec![Cause::Version] }
        }
        Condition::Not { not } => {
            let Answer { holds, causes } = eval(not, step, found);
            Answer { holds: holds.map(|holds| !holds), causes }
        }
        Condition::All { all } => fold(all.iter().map(|c| eval(c, step, found)), false),
        Condition::Any { any } => fold(any.iter().map(|c| eval(c, step, found)), true),
        Condition::Field { field, on, kind, one_of, default } => {
            let Some(input) = step.input(field) else {
                return Answer { holds: Some(*default), causes: vec![Cause::Default(field)] };
            };
            let text = value_text(input);
            let is_true = if kind == "text" {
                Some(!text.is_empty())
            } else if is_fenced(&text) {
                None
            } else if one_of.is_empty() {
                Some(text != "false")
            } else {
                Some(one_of.iter().any(|known| *known == text))
            };
            let holds = is_true.map(|is_true| is_true == (on == "in"));
            Answer { holds, causes: vec![Cause::Input(field)] }
        }
    }
}

/// Joins answers: with `strong` true it holds when one does, with false when all do. An answer that decides by itself
/// stands alone; undecided ones outweigh those that agree with the rest.
fn fold<'k>(answers: impl Iterator<Item = Answer<'k>>, strong: bool) -> Answer<'k> {
    let mut joined = Answer { holds: Some(!strong), causes: Vec::new() };
    for answer in answers {
        let rank = |holds: Option<bool>| match holds {
            Some(holds) if holds == strong => 2,
            None => 1,
            Some(_) => 0,
        };
        match rank(answer.holds).cmp(&rank(joined.holds)) {
            std::cmp::Ordering::Greater => joined = answer,
            std::cmp::Ordering::Equal => {
                for cause in answer.causes {
                    if !joined.causes.contains(&cause) {
                        joined.causes.push(cause);
                    }
                }
            }
            std::cmp::Ordering::Less => {}
        }
    }
    joined
}
