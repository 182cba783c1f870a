//! What GitHub's documentation and the SARIF standard ask for, on the sample.

use serde_json::{Value, json};

use super::*;
use crate::report::sample;

fn run_of(report: &Report) -> Value {
    let text = sample::render_report(&FORMAT, report, &View::default());
    let mut log: Value = serde_json::from_str(&text).unwrap();
    log["runs"][0].take()
}

#[test]
fn a_result_is_exact() {
    let run = run_of(&sample::report());
    assert_eq!(
        run["results"][1],
        json!({
            "ruleId": "secure/template-injection",
            "ruleIndex": 8,
            "level": "error",
            "message": { "text": "`${{ github.event.issue.title }}` becomes part of a shell script.\n\
                Pass the value through `env:` and quote the variable." },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": ".github/workflows/ci.yml", "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": 14, "startColumn": 14, "endLine": 15, "endColumn": 49 } } }],
            "relatedLocations": [{ "id": 1, "physicalLocation": {
                "artifactLocation": { "uri": ".github/workflows/ci.yml", "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 9 } },
                "message": { "text": "Anyone can start this workflow." } }],
            "partialFingerprints": { "primaryLocationLineHash": "secure/template-injection#14" }
        })
    );
}

#[test]
fn a_rule_is_exact_and_only_security_rules_have_a_security_severity() {
    let run = run_of(&sample::report());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(
        rules[6],
        json!({
            "id": "license/no-root-text",
            "name": "NoRootText",
            "shortDescription": { "text": "No license text at the root." },
            "fullDescription": { "text": "Without it nobody knows what they may do." },
            "help": {
                "text": "Put `LICENSES/<id>.txt` beside the code & name it.",
                "markdown": "**No license text at the root**\n\nWithout it nobody knows what they may do.\n\n\
                    **How to mend it:** Put `LICENSES/<id>.txt` beside the code &amp; name it.\n\n\
                    - iso-5230: 3.4.1\n- osps: OSPS-LE-03.01\n- Clause 5, phrase P5\n"
            },
            "helpUri": "https://openclause.example",
            "defaultConfiguration": { "level": "error" },
            "properties": { "tags": ["license", "P5", "3.4.1", "OSPS-LE-03.01"], "precision": "high",
                "problem.severity": "error" }
        })
    );
    assert_eq!(rules.len(), 9, "rules that found nothing are listed too");
    assert_eq!(rules[8]["properties"]["security-severity"], "8.0");
    assert_eq!(rules[8]["properties"]["tags"][2], "security");
}

#[test]
fn suppressed_findings_are_left_out() {
    let run = run_of(&sample::report());
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    assert!(results.iter().all(|r| r["ruleId"] != "license/header-conflicts-project"));
}

#[test]
fn hostile_names_become_uris_and_messages_become_plain_text() {
    let run = run_of(&sample::report());
    let hostile = &run["results"][3];
    assert_eq!(
        hostile["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "src/%E2%80%AEc.%60a%60%20%7C%20%3Cb%3E,x%3A%3Ay%25%0A%3A%3Aerror%3A%3A.c"
    );
    let message = hostile["message"]["text"].as_str().unwrap();
    assert!(message.contains(r"\[here\](https://evil.example)"), "{message}");
    assert!(message.contains(r"MIT\u{1b}]0;owned\u{7}") || message.contains(r"MIT\u{1b}\]0;owned\u{7}"), "{message}");
}

#[test]
fn regions_are_short_and_never_empty() {
    let of = |start: (u32, u32), end: (u32, u32), excerpt: &str| {
        region(sample::place("a", start, end, excerpt).region.as_ref().unwrap())
    };
    let is =
        |start_line, start_column, end_line, end_column| Region { start_line, start_column, end_line, end_column };
    assert_eq!(of((5, 3), (7, 2), "a\nb\nc"), is(5, 3, 7, 2));
    assert_eq!(of((5, 3), (40, 2), "GNU é\nb\nc"), is(5, 3, 5, 6));
    assert_eq!(of((5, 3), (5, 3), "abc"), is(5, 3, 5, 4));
    assert_eq!(of((1, 1), (1, 1), ""), is(1, 1, 1, 2));
}

#[test]
fn what_was_not_read_is_said() {
    let run = run_of(&sample::report());
    let said = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(said.len(), 3);
    assert_eq!(
        said[0],
        json!({
            "level": "warning",
            "message": { "text": "Cargo.lock was not read, or not wholly: line 7: expected a `=` after the key." },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": "Cargo.lock", "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": 7, "startColumn": 1, "endLine": 7, "endColumn": 2 } } }]
        })
    );
    assert_eq!(said[2]["level"], "note");
}

#[test]
fn results_are_capped_and_the_cut_is_said() {
    let mut report = sample::report();
    let mut root = report.findings[0].clone();
    root.place = Place::file(crate::model::RelPath::default());
    let one = report.findings[0].clone();
    report.findings = vec![one; 5_012];
    report.findings.push(root);
    let run = run_of(&report);
    assert_eq!(run["results"].as_array().unwrap().len(), 5_000);
    let said = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let texts: Vec<_> = said.iter().skip(3).map(|n| n["message"]["text"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "12 of 5,012 findings were left out, the least severe ones: code scanning keeps 5,000 results of a run.",
            "1 finding on the repository as a whole left out: there is no file to show it in.",
        ]
    );
}
