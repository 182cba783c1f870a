//! License facts and compatibility: whether a component under one license expression may be used, in a given relation,
//! in a work under another.
//!
//! Expressions are judged by SPDX algebra (SPDX 3.0.1 Annex B). Of a component's expression whoever uses it chooses one
//! branch, so the best branch counts; every term of a branch has to hold. A work's own expression offers its branches
//! to its users, so each of them has to hold.

mod facts;
mod judge;
mod pairs;
mod term;
mod words;

use spdx::Expression;

pub use facts::{
    ExceptionFacts, LIST_VERSION, LicenseFacts, aliases, canonical, exception, exception_ids, license, license_ids,
    meaning,
};
pub use judge::TermVerdict;
pub use words::{Answer, Category, ExceptionKind, Patent, Relation, Scope, explain};

use super::expression;
use term::Term;

/// The answer for one branch of the component's expression.
#[derive(Clone, Debug)]
pub struct BranchVerdict {
    /// The branch, as an expression.
    pub branch: String,
    /// The answer for the work as a whole.
    pub answer: Answer,
    /// What has to be done, each duty once.
    pub duties: Vec<String>,
    /// Which term decided, against which term of the work.
    pub because: Vec<TermVerdict>,
}

/// The answer to "may a component under this expression be used in a work under that one".
#[derive(Clone, Debug)]
pub struct Compatibility {
    /// The component's expression.
    pub inbound: String,
    /// The work's expression.
    pub outbound: String,
    /// How they meet.
    pub relation: Relation,
    /// The answer for the best branch.
    pub answer: Answer,
    /// Every branch of the component's expression, the best first.
    pub branches: Vec<BranchVerdict>,
}

impl Compatibility {
    /// The branch that was chosen: the first of the best.
    pub fn chosen(&self) -> Option<&BranchVerdict> {
        self.branches.first()
    }

    /// The reason in one clause: of the term that decided.
    pub fn reason(&self) -> String {
        let decided = |b: &BranchVerdict| b.because.first().map(|t| t.reason.clone());
        self.chosen().and_then(decided).unwrap_or_else(|| "the expressions have too many branches".to_owned())
    }
}

/// What was given is no license expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a license expression: {why}")]
pub struct NotAnExpression {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// Reads an expression as people write it: any case, aliases of licenses that the SPDX list lacks, deprecated ids.
///
/// # Errors
/// When it is none, with what was probably meant.
pub fn read(text: &str) -> Result<Expression, NotAnExpression> {
    let trimmed = text.trim();
    let known = canonical(trimmed).and_then(expression::parse);
    if let Some(found) = known.or_else(|| expression::parse(trimmed)) {
        return Ok(found);
    }
    // Word by word: a name in another case, or an alias.
    let words: Vec<String> = trimmed
        .split_inclusive(['(', ')', ' '])
        .map(|word| {
            let bare = word.trim_end_matches(['(', ')', ' ']);
            match canonical(bare) {
                Some(id) => format!("{id}{}", &word[bare.len()..]),
                None => word.to_owned(),
            }
        })
        .collect();
    if let Some(found) = expression::parse(&words.concat()) {
        return Ok(found);
    }
    let why = expression::invalid(trimmed).unwrap_or_else(|| "it is empty".to_owned());
    let suggestion = expression::suggest(trimmed).or_else(|| nearest(trimmed).map(str::to_owned));
    Err(NotAnExpression { text: trimmed.to_owned(), why, suggestion })
}

/// The license whose identifier or alias is nearest to a mistyped one.
pub fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let names = license_ids().map(|id| (id.to_lowercase(), id));
    let aliases = aliases().iter().map(|(alias, id)| (alias.clone(), id.as_str()));
    names
        .chain(aliases)
        .map(|(known, id)| (strsim::jaro_winkler(&lower, &known), id))
        .filter(|(score, _)| *score > 0.82)
        // Of those that are as near, the first by name.
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, id)| id)
}

/// Judges a component's expression against that of the work.
pub fn judge(inbound: &Expression, outbound: &Expression, relation: Relation) -> Compatibility {
    let ours = term::branches(outbound);
    let mut branches: Vec<BranchVerdict> = match (term::branches(inbound), &ours) {
        (Some(theirs), Some(ours)) => theirs.iter().map(|branch| judge_branch(branch, ours, relation)).collect(),
        _ => Vec::new(),
    };
    branches.sort_by_key(|b| b.answer);
    Compatibility {
        inbound: inbound.to_string(),
        outbound: outbound.to_string(),
        relation,
        answer: branches.first().map_or(Answer::Unknown, |b| b.answer),
        branches,
    }
}

/// Judges one branch of the component's expression against every branch of the work's.
fn judge_branch(branch: &[Term], ours: &[Vec<Term>], relation: Relation) -> BranchVerdict {
    let name = |terms: &[Term]| terms.iter().map(Term::to_string).collect::<Vec<_>>().join(" AND ");
    let judged: Vec<(String, Vec<TermVerdict>)> = ours
        .iter()
        .map(|out| (name(out), branch.iter().map(|term| judge_term(term, out, relation)).collect()))
        .collect();
    let worst = |terms: &[TermVerdict]| terms.iter().map(|t| t.answer).max().unwrap_or(Answer::Unknown);
    let fits: Vec<&str> = judged.iter().filter(|(_, t)| worst(t).is_yes()).map(|(out, _)| out.as_str()).collect();
    let mut because: Vec<TermVerdict> = judged.iter().flat_map(|(_, terms)| terms.clone()).collect();
    because.sort_by_key(|t| std::cmp::Reverse(t.answer));
    let mut answer = judged.iter().map(|(_, terms)| worst(terms)).max().unwrap_or(Answer::Unknown);
    if !fits.is_empty() && fits.len() < judged.len() {
        // The work's users may choose a branch that the component does not fit.
        answer = Answer::Depends;
        if let Some(first) = because.first_mut() {
            first.reason =
                format!("on passing the work on under {} alone, because {}", fits.join(" or "), first.reason);
            first.answer = Answer::Depends;
        }
    }
    let mut duties: Vec<String> = Vec::new();
    if answer <= Answer::Depends {
        for duty in because.iter().flat_map(|t| &t.duties) {
            if !duties.contains(duty) {
                duties.push(duty.clone());
            }
        }
    }
    BranchVerdict { branch: name(branch), answer, duties, because }
}

/// Judges one term of the component against a branch of the work: all its terms apply to parts of the work, so the
/// component may lie in the part that it fits, unless another part wants the whole under itself.
fn judge_term(term: &Term, out: &[Term], relation: Relation) -> TermVerdict {
    let mut judged: Vec<TermVerdict> = out.iter().map(|ours| judge::judge(term, ours, relation)).collect();
    judged.sort_by_key(|t| t.answer);
    let strong = |t: &&TermVerdict| {
        license(expression::bare(&t.outbound)).is_some_and(|facts| facts.scope == Scope::Work && facts.is_open())
    };
    let refused = judged.iter().find(|t| t.answer == Answer::No && strong(t)).cloned();
    let mut best = judged.swap_remove(0);
    if let Some(refused) = refused.filter(|_| best.answer.is_yes()) {
        best.answer = Answer::Depends;
        best.reason = format!(
            "on keeping it apart from the parts of the work that are under {}, because {}",
            refused.outbound, refused.reason
        );
        best.sources.extend(refused.sources.into_iter().filter(|s| !best.sources.contains(s)).collect::<Vec<_>>());
    }
    best
}

#[cfg(test)]
mod tests;
