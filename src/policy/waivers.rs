//! Waivers: which findings they cover, and which of them no longer should be there.

use std::collections::BTreeMap;

use globset::{Glob, GlobMatcher};
use jiff::civil::Date;

use super::load::Policy;
use super::pack::Rule;
use crate::config::{Config, Level, Said, Waiver};
use crate::model::{Finding, Outcome, Place, State, Verdict};

/// Rules of the pack `config` that this file makes findings for. Their predicates say only when there is nothing to
/// judge, because what waivers cover is known last.
const EXPIRED: &str = "config/waiver-expired";
const UNUSED: &str = "config/waiver-unused";
const LAPSED: &str = "config/waiver-license-changed";

/// Marks the findings that waivers cover, and adds findings for waivers that are expired, unused, or were given for
/// another license.
pub(super) fn apply(
    policy: &Policy,
    config: &Config,
    today: Date,
    findings: &mut Vec<Finding>,
    verdicts: &mut [Verdict],
) {
    let Some(source) = &config.source else { return };
    let mut extra = Vec::new();
    for said in &config.waivers {
        let waiver = &said.value;
        // A waiver for a rule that is off, or of a pack that was not chosen, has nothing to cover in this run.
        if !matches!(policy.levels.get(&waiver.rule.value), Some(Level::At(_))) {
            continue;
        }
        let place = source.place(said.span.clone());
        if waiver.expires.is_some_and(|last| last < today) {
            extra.extend(finding(policy, EXPIRED, said, &place, &[]));
            continue;
        }
        let glob = waiver.path.as_ref().and_then(|glob| Glob::new(glob).ok()).map(|glob| glob.compile_matcher());
        let (mut covered, mut changed) = (0, Vec::new());
        for found in findings.iter_mut().filter(|f| f.rule == waiver.rule.value) {
            if !covers(waiver, glob.as_ref(), found) {
                continue;
            }
            if let Some(license) = &waiver.license
                && found.license.as_ref() != Some(license)
            {
                changed.push(found.license.clone().unwrap_or_else(|| "no license".to_owned()));
                continue;
            }
            covered += 1;
            found.state = State::Waived;
            found.justification = Some(format!("{} ({})", waiver.reason, waiver.approver));
        }
        if let Some(now) = changed.first() {
            extra.extend(finding(policy, LAPSED, said, &place, &[("now", now.clone())]));
        } else if covered == 0 {
            extra.extend(finding(policy, UNUSED, said, &place, &[]));
        }
    }
    for verdict in verdicts.iter_mut() {
        let failed = extra.iter().filter(|f| f.rule == verdict.rule).count() as u64;
        if failed > 0 {
            verdict.verdict = Outcome::Fail;
            verdict.failed = failed;
            verdict.reason = format!("{failed} of {} failed", verdict.subjects);
        }
    }
    findings.append(&mut extra);
}

fn covers(waiver: &Waiver, glob: Option<&GlobMatcher>, finding: &Finding) -> bool {
    let by_path =
        glob.is_none_or(|glob| glob.is_match(finding.place.path.as_str()) || glob.is_match(&finding.subject));
    let by_package = waiver.package.as_ref().is_none_or(|purl| {
        finding.subject == *purl
            || !purl[4..].trim_start_matches("npm/@").contains('@')
                && finding.subject.starts_with(&format!("{purl}@"))
    });
    by_path && by_package
}

fn finding(
    policy: &Policy,
    id: &str,
    said: &Said<Waiver>,
    place: &Place,
    more: &[(&'static str, String)],
) -> Option<Finding> {
    let (_, rule): (_, &Rule) = policy.rule(id)?;
    let Some(Level::At(severity)) = policy.levels.get(id) else { return None };
    let waiver = &said.value;
    let mut fields = BTreeMap::from([
        ("rule", waiver.rule.value.clone()),
        ("approver", waiver.approver.clone()),
        ("expires", waiver.expires.map(|d| d.to_string()).unwrap_or_default()),
        ("license", waiver.license.clone().unwrap_or_default()),
        ("scope", waiver.path.clone().or_else(|| waiver.package.clone()).unwrap_or_else(|| "everything".to_owned())),
    ]);
    fields.extend(more.iter().cloned());
    let failure = super::judge::Failure {
        subject: format!("waiver of {} for {}", waiver.rule.value, fields["scope"]),
        place: place.clone(),
        related: Vec::new(),
        fields,
        license: None,
        maps: crate::model::Maps::new(),
        excused: None,
        at_most: crate::model::Severity::Error,
    };
    Some(super::evaluate::finding(rule, *severity, failure))
}
