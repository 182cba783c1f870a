//! Facts and compatibility of licenses against what others have published.

use std::collections::BTreeMap;
use std::path::Path;

use openclause::policy::compat::{self, Answer, Relation};
use serde::Deserialize;

fn fixture<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/compat").join(name);
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    source: String,
    says: String,
    cases: Vec<[String; 4]>,
}

#[test]
fn published_answers_are_given() {
    let published: Published = fixture("published.toml");
    let (mut judged, mut wrong) = (0, Vec::new());
    for statement in &published.statement {
        assert!(statement.source.starts_with("https://") && statement.says.ends_with('.'));
        for [inbound, outbound, relation, wanted] in &statement.cases {
            let word = |text: &str| Relation::NAMES.iter().find(|(name, _)| *name == text).unwrap().1;
            let (theirs, ours) = (compat::read(inbound).unwrap(), compat::read(outbound).unwrap());
            let found = compat::judge(&theirs, &ours, word(relation));
            let right = match wanted.as_str() {
                "yes" => found.answer.is_yes(),
                other => found.answer.name() == other,
            };
            judged += 1;
            if !right {
                wrong.push(format!(
                    "{inbound} in {outbound}, {relation}: {} ({}), published: {wanted} ({})",
                    found.answer.name(),
                    found.reason(),
                    statement.source
                ));
            }
        }
    }
    assert!(judged >= 900, "{judged}");
    assert!(wrong.is_empty(), "{} of {judged}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A yes always says which term decided and where that is written, and duties come with `yes-with-duties`.
#[test]
fn every_answer_is_defended() {
    for inbound in compat::license_ids().filter_map(|id| compat::read(id).ok()) {
        for outbound in ["MIT", "GPL-2.0-only", "LGPL-3.0-or-later", "proprietary", "CC-BY-SA-4.0"] {
            let outbound = compat::read(outbound).unwrap();
            for (_, relation) in Relation::NAMES {
                let found = compat::judge(&inbound, &outbound, *relation);
                let chosen = found.chosen().unwrap();
                let what = format!("{inbound} in {outbound}, {}", relation.name());
                assert!(chosen.because.iter().all(|t| !t.reason.is_empty()), "{what}");
                match found.answer {
                    Answer::Yes => assert!(chosen.duties.is_empty(), "{what}: {:?}", chosen.duties),
                    Answer::YesWithDuties => assert!(!chosen.duties.is_empty(), "{what}"),
                    Answer::Depends => assert!(
                        found.reason().starts_with("on ") || found.reason().starts_with("whether "),
                        "{what}: {}",
                        found.reason()
                    ),
                    Answer::Unknown | Answer::No => {}
                }
                if found.answer.is_yes() {
                    assert!(chosen.because.iter().all(|t| t.sources.iter().any(|s| s.contains("licenses.toml"))));
                }
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disagreements {
    agreeing: BTreeMap<String, u32>,
    disagreement: Vec<Disagreement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disagreement {
    license: String,
    source: String,
    says: String,
    ours: String,
    reason: String,
}

/// Where other open sources see a license otherwise, that was decided, with a reason, for the row as it is now.
#[test]
fn disagreements_with_other_sources_are_decided() {
    let list: Disagreements = fixture("disagreements.toml");
    assert!(list.agreeing.values().sum::<u32>() > 900);
    for said in &list.disagreement {
        let facts = compat::license(&said.license).unwrap_or_else(|| panic!("{}", said.license));
        let what = format!("{}: {} says {}", said.license, said.source, said.says);
        assert_eq!(facts.category.name(), said.ours, "{what}: decide anew");
        assert!(said.reason.len() > 20, "{what}: without a reason");
    }
    // What the crate `spdx` carries is compared here and now.
    let decided = |id: &str, source: &str| list.disagreement.iter().any(|d| d.license == id && d.source == source);
    for id in compat::license_ids().filter_map(spdx::license_id) {
        let Some(facts) = compat::license(id.name) else { continue };
        let copyleft = facts.category.is_copyleft() || id.name.contains("-NC-SA");
        if id.is_copyleft() && !copyleft && !decided(id.name, "spdx-crate") {
            panic!("{}: the crate `spdx` calls it copyleft", id.name);
        }
    }
}

#[test]
fn explain_tells_programs_what_decided() {
    let tree = crate::support::Tree::new(&[]);
    let args =
        ["explain", "license", "Apache-2.0", "--in", "GPL-2.0-only", "--relation", "static", "--format", "json"];
    let json = tree.run(&args).expect(0).json();
    assert_eq!((&json["answer"], &json["branch"]), (&"no".into(), &"Apache-2.0".into()));
    let sources = json["branches"][0]["terms"][0]["sources"].as_array().unwrap();
    assert!(sources.iter().any(|s| s.as_str().unwrap().contains("gnu.org")), "{sources:?}");
    assert_eq!(json["other_relations"]["process"], "yes-with-duties");

    let json = tree.run(&["explain", "license", "llama2", "--format", "json"]).expect(0).json();
    assert_eq!(json["licenses"][0]["license"], "LicenseRef-scancode-llama-2-license-2023");
    assert_eq!(json["licenses"][0]["limits"][1]["id"], "user-count");
}
