//! Security policies for people: is there one, does it name a private channel and a time, and is it filled in.

use super::{PARTIAL, Predicate};
use crate::model::{Document, DocumentRole, Place, Signal};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

/// The security policies of the project; `security.txt` has a rule of its own.
fn policies<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Document> {
    let documents = context.scene.project.documents();
    documents.filter(|d| {
        d.role == DocumentRole::Security
            && !d.place.path.name().eq_ignore_ascii_case("security.txt")
            && !is_chapter(d)
    })
}

/// Whether a document in a manual, by its name a policy, tells how the product keeps things safe: nothing in it speaks of
/// reports.
fn is_chapter(document: &Document) -> bool {
    const REPORTS: &[&str] = &["report", "vulnerab", "disclos", "policy", "contact", "漏洞", "安全策略"];
    let folder = document.place.path.folder().to_ascii_lowercase();
    ["docs", "doc", "documentation", "docs/source", "doc/source"].contains(&folder.as_str())
        && !["contact-address", "private-channel", "response-time"]
            .into_iter()
            .any(|kind| signals(document, kind).next().is_some())
        && !document.headings.iter().any(|heading| {
            let title = heading.text.to_lowercase();
            REPORTS.iter().any(|word| title.contains(word))
        })
}

fn signals<'a>(document: &'a Document, kind: &'static str) -> impl Iterator<Item = &'a Signal> {
    document.signals.iter().filter(move |s| s.kind.0 == kind)
}

/// What the words of a place are; empty for a file as a whole.
pub(super) fn words(place: &Place) -> String {
    place.region.as_ref().map(crate::model::Region::text).unwrap_or_default()
}

/// As [`words`], and the whole lines where the place goes over a line end ("within\nseven days").
fn all_words(place: &Place) -> String {
    match &place.region {
        Some(region) if region.end_line > region.start_line => region.excerpt.to_string(),
        _ => words(place),
    }
}

/// A short policy that only leads to the policy of an organisation.
fn leads_elsewhere(document: &Document) -> bool {
    document.words < 80
        && document.links.iter().any(|link| {
            let target = link.target.to_ascii_lowercase();
            ["security", "vulnerab", "disclos", "bounty", "cve"].iter().any(|word| target.contains(word))
        })
}

pub(super) const MISSING: Predicate = Predicate {
    name: "policy-missing",
    about: "No SECURITY document where forges look for it, no chapter of that name with a private way to report, no security.txt, and no section or link of the README on reporting vulnerabilities.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| {
        const SECTIONS: &[&str] = &[
            "vulnerabilit",
            "security policy",
            "security issue",
            "security contact",
            "reporting security",
            "security report",
            "漏洞",
            "安全策略",
            "安全问题",
        ];
        let scene = &context.scene;
        let sections = scene.project.readme_sections();
        // The form of a forge; one advisory, as changelogs link it, invites to nothing.
        let is_form = |target: &str| {
            let target = target.to_ascii_lowercase();
            let target = target.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            ["/security/policy", "/security/advisories", "/security/advisories/new"]
                .iter()
                .any(|form| target.ends_with(form))
        };
        let linked = || {
            let documents = scene.project.documents().filter(|d| d.role != DocumentRole::Changelog);
            documents.flat_map(|d| &d.links).any(|link| is_form(&link.target))
        };
        // A chapter of the manual, `docs/internals/security.txt`; others of that name are on features.
        let is_chapter = |d: &Document| {
            d.place.path.stem().eq_ignore_ascii_case("security")
                && is_first_party(&d.place.path)
                && signals(d, "private-channel").next().is_some()
        };
        let there = policies(context).next().is_some()
            || scene.inventory.metadata.iter().any(|m| m.kind == "security-txt")
            || sections.iter().any(|title| SECTIONS.iter().any(|word| title.contains(word)))
            || linked()
            || scene.inventory.documents.iter().any(is_chapter);
        if there {
            judge.pass();
        } else if !scene.inventory.whole {
            judge.undecided(PARTIAL);
        } else if let Some(place) = scene.project.anchor() {
            judge.fail(Failure::new("repository", place));
        }
    },
};

pub(super) const CHANNEL: Predicate = Predicate {
    name: "policy-no-private-channel",
    about: "A security policy names no mail address, form or advisory link to report in private. A short one that leads to another policy is left alone.",
    on: SubjectKind::Document,
    fields: &[],
    params: &[],
    check: |context, judge| {
        for document in policies(context) {
            let mut addresses = signals(document, "contact-address").chain(signals(document, "private-channel"));
            if addresses.next().is_some() || leads_elsewhere(document) {
                judge.pass();
            } else {
                judge.fail(Failure::new(document.place.path.as_str(), document.place.clone()));
            }
        }
        judge.nothing("there is no security policy");
    },
};

pub(super) const TIMEFRAME: Predicate = Predicate {
    name: "policy-no-timeframe",
    about: "A security policy gives no number of hours, days or weeks. A short one that leads to another policy is left alone.",
    on: SubjectKind::Document,
    fields: &[],
    params: &[],
    check: |context, judge| {
        for document in policies(context) {
            if signals(document, "response-time").any(|s| is_duration(&all_words(&s.place))) {
                judge.pass();
            } else if !leads_elsewhere(document) {
                judge.fail(Failure::new(document.place.path.as_str(), document.place.clone()));
            }
        }
        judge.nothing("there is no security policy of the project's own");
    },
};

/// Whether words name a span of time rather than good will ("as soon as possible").
pub(crate) fn is_duration(words: &str) -> bool {
    const UNITS: &[&str] = &["hour", "day", "week", "month", "小时", "工作日", "天", "周"];
    let words = words.to_lowercase();
    UNITS.iter().any(|unit| words.contains(unit))
}

pub(super) const PLACEHOLDER: Predicate = Predicate {
    name: "policy-placeholder",
    about: "A security policy still has text of its template, or an address at example.com.",
    on: SubjectKind::Document,
    fields: &["text"],
    params: &[],
    check: |context, judge| {
        for document in policies(context) {
            let reserved = |s: &&Signal| {
                let words = words(&s.place).to_ascii_lowercase();
                ["@example.com", "@example.org", "@example.net"].iter().any(|domain| words.ends_with(domain))
            };
            let left = signals(document, "policy-placeholder")
                .chain(signals(document, "contact-placeholder"))
                .next()
                .or_else(|| signals(document, "contact-address").find(reserved));
            match left {
                Some(signal) => judge.fail(
                    Failure::new(document.place.path.as_str(), signal.place.clone())
                        .with("text", words(&signal.place)),
                ),
                None => judge.pass(),
            }
        }
        judge.nothing("there is no security policy");
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_will_is_no_duration() {
        for yes in ["within 48 hours", "in two weeks", "7 days", "3个工作日内"] {
            assert!(is_duration(yes), "{yes}");
        }
        for no in ["as soon as possible", "response time", "尽快回复", ""] {
            assert!(!is_duration(no), "{no}");
        }
    }
}
