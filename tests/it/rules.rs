//! Every rule has a tree that passes it and a tree that fails it: `fixtures/rules/<pack>/<rule>/{pass,fail}`.
//!
//! A fixture is a small project. It is judged by its rule's pack alone, with the `openclause.toml` in it when it has
//! one, and by the vulnerabilities in its folder `osv` when it has that. What a rule of its own configuration cannot decide
//! from a checkout (`undecidable`) has to say so on both.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use openclause::config::Config;
use openclause::model::{Outcome, State};
use openclause::policy::{Policy, Rule, Test, built_in_names};
use openclause::{ConfigSource, ScanRequest, scan};

use crate::fixtures::Fixture;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")
}

fn outcome(pack: &str, rule: &str, folder: &Path) -> (Outcome, String) {
    let fixture = Fixture::assemble(folder);
    let folder = fixture.path();
    let own = folder.join("openclause.toml");
    let id = format!("{pack}/{rule}");
    let mut request = ScanRequest {
        paths: vec![folder.to_path_buf()],
        no_ignore: true,
        config: if own.exists() { ConfigSource::File(own) } else { ConfigSource::None },
        // A waiver speaks of a rule of another pack, so that has to take part as well.
        packs: if pack == "config" { Vec::new() } else { vec![pack.to_owned()] },
        today: Some(jiff::civil::date(2026, 1, 1)),
        osv: Some(folder.join("osv")).filter(|database| database.is_dir()),
        ..ScanRequest::default()
    };
    let policy = openclause::load_policy(&request).unwrap();
    if let Some((_, rule)) = policy.rule(&id)
        && rule.off.is_some()
    {
        request.set = vec![(id.clone(), openclause::config::Level::At(rule.severity))];
    }
    let report = scan(&request, &|_| {}).unwrap();
    let verdict = report.verdicts.iter().find(|v| v.rule == id).unwrap_or_else(|| panic!("{id} gave no verdict"));
    let found: Vec<String> = report
        .findings
        .iter()
        .filter(|f| f.rule == id && f.state == State::New)
        .map(|f| format!("{}:{}: {}", f.place.path, f.place.start_line(), f.message))
        .collect();
    assert_eq!(verdict.verdict == Outcome::Fail, !found.is_empty(), "{id}: verdict and findings agree");
    (verdict.verdict, format!("{}; {}", verdict.reason, found.join(" | ")))
}

#[test]
fn every_rule_passes_and_fails_its_fixtures() {
    let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
    let mut wrong = Vec::new();
    let mut judged = 0;
    for pack in &policy.packs {
        for rule in &pack.rules {
            let (pack, name) = rule.id.split_once('/').unwrap();
            let undecidable = matches!(rule.test, Test::Undecidable(_));
            for (side, wanted) in [("pass", Outcome::Pass), ("fail", Outcome::Fail)] {
                let folder = fixtures().join(pack).join(name).join(side);
                if !folder.is_dir() {
                    wrong.push(format!("{}: no folder {}", rule.id, side));
                    continue;
                }
                let wanted = if undecidable { Outcome::Undecidable } else { wanted };
                let (found, why) = outcome(pack, name, &folder);
                judged += 1;
                if found != wanted {
                    wrong.push(format!("{} {side}: {found:?} ({why})", rule.id));
                }
            }
        }
    }
    assert!(judged >= 300, "{judged}");
    assert!(wrong.is_empty(), "{} of {judged} fixtures are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_of_the_catalogue_is_there_and_can_be_decided() {
    let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
    let rules: BTreeMap<&str, &Rule> =
        policy.packs.iter().flat_map(|p| &p.rules).map(|rule| (rule.id.as_str(), rule)).collect();
    let (mut pack, mut count) = ("", 0);
    for line in include_str!("../../fixtures/catalogue.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            pack = name;
            continue;
        }
        let id = format!("{pack}/{line}");
        let rule = rules.get(id.as_str()).unwrap_or_else(|| panic!("{id} is not there"));
        assert!(!matches!(rule.test, Test::Undecidable(_)), "{id} never decides");
        for side in ["pass", "fail"] {
            let folder = fixtures().join(pack).join(line).join(side);
            assert!(folder.read_dir().is_ok_and(|mut all| all.next().is_some()), "{} is empty", folder.display());
        }
        count += 1;
    }
    assert_eq!(count, 150);
}

#[test]
fn every_fixture_belongs_to_a_rule() {
    let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
    let ids: BTreeSet<String> = policy.packs.iter().flat_map(|p| &p.rules).map(|r| r.id.clone()).collect();
    for pack in std::fs::read_dir(fixtures()).unwrap() {
        let pack = pack.unwrap();
        for rule in std::fs::read_dir(pack.path()).unwrap() {
            let id =
                format!("{}/{}", pack.file_name().to_string_lossy(), rule.unwrap().file_name().to_string_lossy());
            assert!(ids.contains(&id), "fixtures/rules/{id} belongs to no rule");
        }
    }
}

#[test]
fn every_rule_is_documented_for_people() {
    let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
    assert!(built_in_names().count() >= 2);
    for rule in policy.docs().rules {
        assert!(!rule.title.ends_with('.'), "{}: a title is a phrase", rule.id);
        assert!(rule.why.ends_with('.') && rule.why.len() > 40, "{}: why it matters is a sentence", rule.id);
        assert!(rule.help.len() > 20, "{}: help says what to do", rule.id);
        assert!(!rule.maps.is_empty(), "{}: maps to a standard", rule.id);
    }
}
