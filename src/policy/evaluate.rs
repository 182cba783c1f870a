//! Runs the rules and makes findings and verdicts of what they judge.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::facts::{Fact, Scene, Subject};
use super::judge::{Failure, Judge};
use super::load::Policy;
use super::pack::{Pack, Rule, Test};
use super::project::Project;
use super::{facts, waivers};
use crate::config::{Config, Level};
use crate::model::{ClauseSummary, Finding, Inventory, Outcome, RelPath, Severity, State, Verdict};

/// What policy says of an inventory.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Findings, sorted: worst first, then by rule, path and line.
    pub findings: Vec<Finding>,
    /// One verdict per rule that is on, sorted by rule.
    pub verdicts: Vec<Verdict>,
    /// One row per phrase that a rule serves.
    pub clauses: Vec<ClauseSummary>,
}

/// What predicates see.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The inventory and the project in it.
    pub scene: Scene<'a>,
    /// The pack of the rule, for its parameters.
    pub pack: &'a Pack,
    /// The project's configuration.
    pub config: &'a Config,
    /// The day on which expiry is judged.
    pub today: Date,
}

/// Tells whether the findings of a file are wanted.
pub type Wanted = Box<dyn Fn(&RelPath) -> bool + Send + Sync>;

/// What a judgement depends on beside the inventory and the rules.
pub struct Terms {
    /// The day on which expiry is judged.
    pub today: Date,
    /// Tells the files whose findings are wanted; it is asked once for each file with findings. Findings about the
    /// repository as a whole are kept whatever it says. All files are wanted without it.
    pub only: Option<Wanted>,
    /// Fingerprints of findings that were known before; they are kept, and do not count.
    pub baseline: BTreeSet<String>,
}

/// Judges an inventory. Rules run in parallel; the result does not depend on their order.
pub fn evaluate(policy: &Policy, inventory: &Inventory, config: &Config, terms: &Terms) -> Judgement {
    let today = terms.today;
    let project = Project::new(inventory);
    let scene = Scene { inventory, project: &project };
    let rules: Vec<(&Pack, &Rule, Severity)> = policy
        .packs
        .iter()
        .flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule)))
        .filter_map(|(pack, rule)| match policy.levels.get(&rule.id) {
            Some(Level::At(severity)) => Some((pack, rule, *severity)),
            _ => None,
        })
        .collect();
    let judged: Vec<(Verdict, Vec<Finding>)> = rules
        .par_iter()
        .with_max_len(1)
        .map(|(pack, rule, severity)| {
            let judge = judge(rule, &Context { scene, pack, config, today });
            let verdict = verdict(&judge, rule, inventory);
            (verdict, judge.failures.into_par_iter().map(|failure| finding(rule, *severity, failure)).collect())
        })
        .collect();

    let mut result = Judgement::default();
    for (verdict, mut findings) in judged {
        result.verdicts.push(verdict);
        result.findings.append(&mut findings);
    }
    waivers::apply(policy, config, today, &mut result.findings, &mut result.verdicts);
    if let Some(only) = &terms.only {
        let mut paths: BTreeMap<RelPath, bool> = BTreeMap::new();
        result.findings.retain(|f| {
            let path = &f.place.path;
            f.subject == "repository" || *paths.entry(path.clone()).or_insert_with(|| only(path))
        });
    }
    result.findings.sort_by(|a, b| {
        (b.severity, &a.rule, &a.place, &a.subject).cmp(&(a.severity, &b.rule, &b.place, &b.subject))
    });
    number_fingerprints(&mut result.findings);
    for finding in result.findings.iter_mut().filter(|f| f.state == State::New) {
        if terms.baseline.contains(&finding.fingerprint) {
            finding.state = State::Baselined;
        }
    }
    result.verdicts.sort_by(|a, b| a.rule.cmp(&b.rule));
    result.clauses = clauses(policy, &result);
    result
}

fn judge(rule: &Rule, context: &Context<'_>) -> Judge {
    let mut judge = Judge::default();
    match &rule.test {
        Test::Undecidable(why) => judge.undecided(why.clone()),
        Test::Check(predicate) => (predicate.check)(context, &mut judge),
        Test::Match { filter, tree } => {
            let scene = &context.scene;
            for subject in scene.subjects(rule.on) {
                match filter.as_ref().map_or(Ok(true), |filter| filter.holds(scene, subject)) {
                    Ok(false) => continue,
                    Err(why) => {
                        judge.undecided(why);
                        continue;
                    }
                    Ok(true) => {}
                }
                match tree.holds(scene, subject) {
                    Ok(false) => judge.pass(),
                    Ok(true) => matched(rule, scene, subject).into_iter().for_each(|failure| judge.fail(failure)),
                    Err(why) => judge.undecided(why),
                }
            }
        }
    }
    judge
}

/// The failure of a declarative rule, with the facts that its texts name.
fn matched<'a>(rule: &Rule, scene: &Scene<'a>, subject: Subject<'a>) -> Option<Failure> {
    let (name, place) = scene.identity(subject)?;
    let mut failure = Failure::new(name, place);
    for field in rule.message.fields().chain(rule.help.fields()) {
        let fact: Option<&'static Fact> = facts::fact(rule.on, field);
        if let Some(fact) = fact {
            failure.fields.insert(fact.name, (fact.get)(scene, subject).words());
        }
    }
    Some(failure)
}

fn verdict(judge: &Judge, rule: &Rule, inventory: &Inventory) -> Verdict {
    let failed = judge.failures.iter().filter(|failure| failure.excused.is_none()).count() as u64;
    let (outcome, reason) = if failed > 0 {
        (Outcome::Fail, format!("{failed} of {} failed", judge.subjects))
    } else if let Some(why) = &judge.undecided {
        (Outcome::Undecidable, why.clone())
    } else if judge.subjects > 0 {
        (Outcome::Pass, format!("{} judged, all in order", judge.subjects))
    } else if inventory.files.is_empty() {
        (Outcome::NotApplicable, "nothing was scanned".to_owned())
    } else {
        let nothing = format!("no {} it speaks of", rule.on.name());
        (Outcome::NotApplicable, judge.nothing.clone().unwrap_or(nothing))
    };
    Verdict {
        rule: rule.id.clone(),
        phrase: rule.phrase.clone(),
        verdict: outcome,
        reason,
        subjects: judge.subjects,
        failed,
    }
}

pub(super) fn finding(rule: &Rule, severity: Severity, failure: Failure) -> Finding {
    let fingerprint = fingerprint(&rule.id, &failure);
    let mut maps = rule.maps.clone();
    for (standard, controls) in failure.maps {
        let all = maps.entry(standard).or_default();
        all.extend(controls);
        all.sort();
        all.dedup();
    }
    Finding {
        rule: rule.id.clone(),
        severity: severity.min(failure.at_most),
        message: rule.message.fill(&failure.fields),
        help: rule.help.fill(&failure.fields),
        subject: failure.subject,
        place: failure.place,
        related: failure.related,
        fingerprint,
        state: if failure.excused.is_some() { State::Waived } else { State::New },
        license: failure.license,
        justification: failure.excused,
        maps,
    }
}

/// Identity of a finding: the rule, the subject and, where the finding is about a part of the subject's own text, that
/// text with white space folded. Line numbers stay out, so lines inserted above change nothing.
fn fingerprint(rule: &str, failure: &Failure) -> String {
    let mut hash = Sha256::new();
    hash.update(rule);
    hash.update([0]);
    hash.update(&failure.subject);
    hash.update([0]);
    if failure.subject == failure.place.path.as_str()
        && let Some(region) = &failure.place.region
    {
        for word in region.excerpt.split_whitespace() {
            hash.update(word);
            hash.update(b" ");
        }
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// Tells apart findings that are alike in all that identifies them, by their order.
fn number_fingerprints(findings: &mut [Finding]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for finding in findings {
        let count = seen.entry(finding.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.fingerprint.push_str(&format!(":{count}"));
        }
    }
}

fn clauses(policy: &Policy, judged: &Judgement) -> Vec<ClauseSummary> {
    let mut out = Vec::new();
    for (phrase, words) in &policy.phrases {
        let mut row = ClauseSummary {
            phrase: phrase.clone(),
            title: words.clone(),
            pass: 0,
            fail: 0,
            not_applicable: 0,
            undecidable: 0,
            worst: None,
        };
        let mut served = false;
        for verdict in judged.verdicts.iter().filter(|v| v.phrase == *phrase) {
            served = true;
            match verdict.verdict {
                Outcome::Pass => row.pass += 1,
                Outcome::Fail => {
                    let counting = judged.findings.iter().filter(|f| f.rule == verdict.rule && f.state == State::New);
                    let worst = counting.map(|f| f.severity).max();
                    // A rule whose findings are all waived is settled: it counts as passed, and the waivers are shown.
                    if worst.is_some() {
                        row.fail += 1
                    } else {
                        row.pass += 1
                    }
                    row.worst = row.worst.max(worst);
                }
                Outcome::NotApplicable => row.not_applicable += 1,
                Outcome::Undecidable => row.undecidable += 1,
            }
        }
        if served {
            out.push(row);
        }
    }
    out
}
