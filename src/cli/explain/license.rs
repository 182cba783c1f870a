//! `openclause explain license`: what a license asks for, and whether it may be used in a work under another.

use std::collections::BTreeMap;
use std::io::{self, Write};

use miette::Diagnostic;
use openclause::policy::compat::{
    self, Answer, BranchVerdict, Compatibility, LicenseFacts, NotAnExpression, Relation, TermVerdict,
};
use serde::Serialize;
use thiserror::Error;

use super::super::args::{ExplainArgs, GlobalArgs, ListingFormat};
use super::super::{Exit, output, terminal};

/// What was typed names no license.
#[derive(Debug, Error, Diagnostic)]
#[error("{why}")]
#[diagnostic(code(openclause::explain))]
struct UnknownLicense {
    why: NotAnExpression,
    #[help]
    help: String,
}

/// A word of the facts, with its meaning.
#[derive(Serialize)]
struct Word {
    id: String,
    means: &'static str,
}

/// The facts about one license.
#[derive(Serialize)]
struct Facts {
    license: &'static str,
    name: &'static str,
    category: Word,
    scope: &'static str,
    patent: Word,
    duties: Vec<Word>,
    triggers: Vec<Word>,
    limits: Vec<Word>,
    upgrade: Vec<String>,
    open: bool,
    osi_approved: bool,
    fsf_free: bool,
    sources: Vec<String>,
}

/// The facts about one exception.
#[derive(Serialize)]
struct Exception {
    exception: String,
    kind: &'static str,
    frees: Vec<&'static str>,
    joins: Vec<String>,
}

/// The facts about an expression.
#[derive(Serialize)]
struct Explained {
    expression: String,
    /// What a deprecated identifier means today.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deprecated: Vec<(String, &'static str)>,
    licenses: Vec<Facts>,
    exceptions: Vec<Exception>,
    /// Licenses that there are no facts about.
    unknown: Vec<String>,
}

/// The verdict on an expression in a work.
#[derive(Serialize)]
struct Judged {
    inbound: String,
    outbound: String,
    relation: &'static str,
    answer: &'static str,
    reason: String,
    branch: String,
    duties: Vec<Word>,
    branches: Vec<Branch>,
    other_relations: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
struct Branch {
    branch: String,
    answer: &'static str,
    duties: Vec<String>,
    terms: Vec<Term>,
}

#[derive(Serialize)]
struct Term {
    inbound: String,
    outbound: String,
    answer: &'static str,
    reason: String,
    duties: Vec<String>,
    sources: Vec<String>,
}

/// Explains an expression.
///
/// # Errors
/// When it is none, or standard output cannot be written.
pub(super) fn run(text: &str, args: &ExplainArgs, _: &GlobalArgs) -> miette::Result<Exit> {
    let inbound = read(text)?;
    let width = terminal::width_stdout().clamp(40, 100);
    let Some(outbound) = &args.outbound else {
        let explained = facts_of(&inbound);
        output::print(|out| match args.format {
            ListingFormat::Human => show_facts(&explained, width, out),
            ListingFormat::Json => super::json(&explained, out),
        })?;
        return Ok(Exit::Clean);
    };
    let outbound = read(outbound)?;
    let verdict = compat::judge(&inbound, &outbound, args.relation);
    let others = Relation::NAMES.iter().filter(|(_, relation)| *relation != args.relation);
    let judged = Judged {
        other_relations: others
            .map(|(name, relation)| (*name, compat::judge(&inbound, &outbound, *relation).answer.name()))
            .collect(),
        ..judged(&verdict)
    };
    output::print(|out| match args.format {
        ListingFormat::Human => show_verdict(&judged, verdict.answer, width, out),
        ListingFormat::Json => super::json(&judged, out),
    })?;
    Ok(Exit::Clean)
}

fn read(text: &str) -> Result<spdx::Expression, UnknownLicense> {
    compat::read(text).map_err(|why| {
        let help = match &why.suggestion {
            Some(suggestion) => format!("did you mean `{suggestion}`? Ids are listed at https://spdx.org/licenses"),
            None => {
                "ids are listed at https://spdx.org/licenses; `LicenseRef-…` names a license that is not".to_owned()
            }
        };
        UnknownLicense { why, help }
    })
}

fn word(kind: &str, id: &str) -> Word {
    Word { id: id.to_owned(), means: compat::explain(kind, id).unwrap_or_default() }
}

fn words(kind: &str, ids: &[String]) -> Vec<Word> {
    ids.iter().map(|id| word(kind, id)).collect()
}

fn facts_of(expression: &spdx::Expression) -> Explained {
    let mut explained = Explained {
        expression: expression.to_string(),
        deprecated: Vec::new(),
        licenses: Vec::new(),
        exceptions: Vec::new(),
        unknown: Vec::new(),
    };
    let mut pending: Vec<spdx::Expression> = vec![expression.clone()];
    while let Some(expression) = pending.pop() {
        for part in expression.requirements() {
            let name = part.req.license.to_string();
            let bare = name.trim_end_matches('+');
            if let Some(meaning) = compat::meaning(&name).or_else(|| compat::meaning(bare)) {
                explained.deprecated.push((name.clone(), meaning));
                pending.extend(compat::read(meaning).ok());
            } else if let Some(facts) = compat::license(&name).or_else(|| compat::license(bare)) {
                if !explained.licenses.iter().any(|f| f.license == facts.id) {
                    explained.licenses.push(shown(facts));
                }
            } else if !explained.unknown.contains(&name) {
                explained.unknown.push(name);
            }
            if let Some(id) = part.req.addition.as_ref().map(ToString::to_string)
                && let Some(row) = compat::exception(&id)
            {
                explained.exceptions.push(Exception {
                    exception: id,
                    kind: row.kind.name(),
                    frees: row.frees.iter().map(|r| r.name()).collect(),
                    joins: row.joins.clone(),
                });
            }
        }
    }
    explained
}

fn shown(facts: &'static LicenseFacts) -> Facts {
    let triggers = if facts.triggers.is_empty() { vec!["distribute".to_owned()] } else { facts.triggers.clone() };
    Facts {
        license: facts.id,
        name: spdx::license_id(facts.id).map_or(facts.id, |id| id.full_name),
        category: word("category", facts.category.name()),
        scope: facts.scope.name(),
        patent: word("patent", facts.patent.name()),
        duties: words("duty", &facts.duties),
        triggers: words("trigger", &triggers),
        limits: words("limit", &facts.limits),
        upgrade: facts.upgrade.clone(),
        open: facts.is_open(),
        osi_approved: facts.is_osi_approved(),
        fsf_free: facts.is_fsf_free(),
        sources: facts.sources(),
    }
}

fn judged(verdict: &Compatibility) -> Judged {
    let term = |t: &TermVerdict| Term {
        inbound: t.inbound.clone(),
        outbound: t.outbound.clone(),
        answer: t.answer.name(),
        reason: t.reason.clone(),
        duties: t.duties.clone(),
        sources: t.sources.clone(),
    };
    let branch = |b: &BranchVerdict| Branch {
        branch: b.branch.clone(),
        answer: b.answer.name(),
        duties: b.duties.clone(),
        terms: b.because.iter().map(term).collect(),
    };
    Judged {
        inbound: verdict.inbound.clone(),
        outbound: verdict.outbound.clone(),
        relation: verdict.relation.name(),
        answer: verdict.answer.name(),
        reason: verdict.reason(),
        branch: verdict.chosen().map(|b| b.branch.clone()).unwrap_or_default(),
        duties: words("duty", verdict.chosen().map_or(&[][..], |b| &b.duties)),
        branches: verdict.branches.iter().map(branch).collect(),
        other_relations: BTreeMap::new(),
    }
}

/// Width of the labels on the left.
const LABEL: usize = 10;

/// Writes a label and a text beside it, wrapped.
fn row(label: &str, text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let below = " ".repeat(LABEL);
    let lead = format!("{label:<LABEL$}");
    let options = textwrap::Options::new(width)
        .initial_indent(&lead)
        .subsequent_indent(&below)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    writeln!(out, "{}", textwrap::fill(text, options))
}

fn rows(label: &str, words: &[Word], width: usize, out: &mut dyn Write) -> io::Result<()> {
    for (n, word) in words.iter().enumerate() {
        row(if n == 0 { label } else { "" }, &format!("{}: {}", word.id, word.means), width, out)?;
    }
    Ok(())
}

fn show_facts(explained: &Explained, width: usize, out: &mut dyn Write) -> io::Result<()> {
    for (id, meaning) in &explained.deprecated {
        writeln!(out, "{id} is deprecated, and means {meaning}\n")?;
    }
    for (n, facts) in explained.licenses.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}: {}\n", facts.license, facts.name)?;
        row("category", &format!("{}: {}", facts.category.id, facts.category.means), width, out)?;
        let mut open = vec![if facts.open { "open" } else { "not open" }];
        open.extend(facts.osi_approved.then_some("approved by the OSI"));
        open.extend(facts.fsf_free.then_some("listed as free by the FSF"));
        row("freedom", &open.join(", "), width, out)?;
        rows("excludes", &facts.limits, width, out)?;
        row("reach", facts.scope, width, out)?;
        row("patents", facts.patent.means, width, out)?;
        rows("duties", &facts.duties, width, out)?;
        rows("due", &facts.triggers, width, out)?;
        if !facts.upgrade.is_empty() {
            row("turns to", &facts.upgrade.join(", "), width, out)?;
        }
        for (n, source) in facts.sources.iter().enumerate() {
            row(if n == 0 { "source" } else { "" }, source, width, out)?;
        }
    }
    for exception in &explained.exceptions {
        writeln!(out, "\n{}: {}", exception.exception, exception.kind)?;
        if !exception.frees.is_empty() {
            row("frees", &exception.frees.join(", "), width, out)?;
        }
        if !exception.joins.is_empty() {
            row("joins", &exception.joins.join(", "), width, out)?;
        }
    }
    for id in &explained.unknown {
        writeln!(out, "\n{id}: nothing is known of its terms")?;
    }
    Ok(())
}

fn show_verdict(judged: &Judged, answer: Answer, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let means = compat::explain("relation", judged.relation).unwrap_or_default();
    writeln!(out, "{} in {}, {} ({means})\n", judged.inbound, judged.outbound, judged.relation)?;
    let head = match answer {
        Answer::Yes | Answer::YesWithDuties | Answer::No => format!("{}: {}", judged.answer, judged.reason),
        Answer::Depends => format!("depends {}", judged.reason),
        Answer::Unknown => format!("unknown: {}; treat it as a no until somebody has read the terms", judged.reason),
    };
    row("answer", &head, width, out)?;
    rows("duties", &judged.duties, width, out)?;
    for branch in &judged.branches {
        if judged.branches.len() > 1 {
            row("branch", &format!("{}: {}", branch.branch, branch.answer), width, out)?;
        }
        for term in &branch.terms {
            let text = format!("{} in {}: {}, {}", term.inbound, term.outbound, term.answer, term.reason);
            if branch.terms.len() > 1 || judged.branches.len() > 1 {
                row("", &text, width, out)?;
            }
        }
    }
    let chosen = judged.branches.first().into_iter().flat_map(|b| &b.terms);
    let mut sources: Vec<&String> = Vec::new();
    for source in chosen.flat_map(|t| &t.sources) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    for (n, source) in sources.iter().enumerate() {
        row(if n == 0 { "source" } else { "" }, source, width, out)?;
    }
    let others: Vec<String> =
        judged.other_relations.iter().map(|(relation, answer)| format!("{relation}: {answer}")).collect();
    row("otherwise", &others.join(", "), width, out)
}
