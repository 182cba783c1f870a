//! The exact JSON, written by hand from the design.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::report::sample;

fn sample_json() -> Value {
    serde_json::from_str(&sample::render(&FORMAT, &View::default())).unwrap()
}

#[test]
fn the_root_has_exactly_these_fields_in_this_order() {
    let value = sample_json();
    let keys: Vec<_> = value.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "schema_version",
            "tool",
            "whole",
            "statistics",
            "files",
            "folders",
            "packages",
            "manifests",
            "documents",
            "models",
            "secrets",
            "findings",
            "verdicts",
            "clauses",
            "skipped"
        ]
    );
    assert_eq!(value["schema_version"], 1);
    assert_eq!(
        value["statistics"],
        json!({ "files": 1204, "text_files": 1100, "binary_files": 101, "bytes": 5_000_000, "licensed_files": 3 })
    );
}

#[test]
fn only_files_with_evidence_are_listed() {
    let value = sample_json();
    let files = value["files"].as_array().unwrap();
    let paths: Vec<_> = files.iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["docs/MIT.txt", "img/logo.png", "src/main.rs", sample::HOSTILE_PATH]);
}

#[test]
fn a_file_with_a_tag_and_a_copyright() {
    assert_eq!(
        sample_json()["files"][2],
        json!({
            "path": "src/main.rs",
            "license": "Apache-2.0",
            "licenses": [{
                "expression": "Apache-2.0", "kind": "tag",
                "start_line": 1, "end_line": 1, "start_column": 4, "end_column": 39,
                "score": 1.0, "reason": "An SPDX tag."
            }],
            "copyrights": [{
                "statement": "Copyright 2024 Ann Example <ann@example.org>", "holder": "Ann Example", "line": 2
            }]
        })
    );
}

#[test]
fn a_license_text_shows_how_it_compares() {
    let text = sample::render(&FORMAT, &View::default());
    assert!(text.contains("\"score\": 0.98,"), "scores are not widened to 0.9800000190734863");
    let value = sample_json();
    let detection = &value["files"][0]["licenses"][0];
    assert_eq!((&detection["start_line"], &detection["end_line"]), (&json!(1), &json!(21)));
    assert_eq!(
        detection["text"],
        json!({
            "nearest": "MIT", "exact": false, "missing": ["sublicense"],
            "placeholders": [{ "start_line": 3, "end_line": 3, "start_column": 15, "end_column": 32 }]
        })
    );
}

#[test]
fn a_statement_in_another_file_says_where() {
    let value = sample_json();
    assert_eq!(value["files"][1]["license"], "CC0-1.0");
    assert_eq!(value["files"][1]["licenses"][0]["from"], "REUSE.toml");
    assert_eq!(value["files"][1]["licenses"][0]["start_line"], 5);
}

#[test]
fn an_invalid_statement_is_shown_and_gives_no_license() {
    let value = sample_json();
    assert_eq!(value["files"][3]["license"], Value::Null);
    assert_eq!(value["files"][3]["licenses"][0]["invalid"], "it is not an SPDX license expression");
}

#[test]
fn packages_are_exact() {
    assert_eq!(
        sample_json()["packages"],
        json!([
            {
                "purl": "pkg:cargo/demo@0.1.0", "name": "demo", "version": "0.1.0", "scope": "runtime",
                "direct": false, "locked": true, "local": true,
                "license": { "declared": "Apache-2.0", "concluded": "Apache-2.0", "source": "manifest" },
                "dependencies": ["pkg:cargo/itoa@1.0.15"],
                "origin": [{ "path": "Cargo.lock", "line": 4 }]
            },
            {
                "purl": "pkg:cargo/itoa@1.0.15", "name": "itoa", "version": "1.0.15", "scope": "dev",
                "direct": true, "locked": true, "local": false,
                "license": { "declared": null, "concluded": null, "source": null },
                "dependencies": [],
                "hashes": [{ "algorithm": "SHA-256", "value": "00ff".repeat(16) }],
                "origin": [{ "path": "Cargo.lock", "line": 11 }]
            }
        ])
    );
}

#[test]
fn findings_are_exact() {
    let value = sample_json();
    assert_eq!(
        value["findings"][0],
        json!({
            "rule": "license/no-root-text", "severity": "error", "subject": "repository",
            "message": "The repository has no license text at its root.",
            "help": "Add the text of Apache-2.0 as LICENSE beside Cargo.toml.",
            "path": "Cargo.toml", "start_line": 3, "end_line": 3, "start_column": 1, "end_column": 23,
            "fingerprint": "license/no-root-text#3", "state": "new",
            "maps": { "iso-5230": ["3.4.1"], "osps": ["OSPS-LE-03.01"] }
        })
    );
    assert_eq!(value["findings"].as_array().unwrap().len(), 8, "suppressed ones are listed too");
    assert_eq!(value["findings"][3]["state"], "waived");
    assert_eq!(value["findings"][3]["license"], "GPL-2.0-only");
    assert_eq!(value["findings"][3]["justification"], "Build tool only, not shipped; approved by legal@example.org.");
    assert_eq!(value["findings"][4]["state"], "baselined");
    assert_eq!(value["findings"][1]["related"][0]["message"], "Anyone can start this workflow.");
}

#[test]
fn a_finding_on_a_whole_file_has_line_one_and_no_columns() {
    let value = sample_json();
    let finding = value["findings"][7].as_object().unwrap();
    assert_eq!(
        (&finding["path"], &finding["start_line"], &finding["end_line"]),
        (&json!("README.md"), &json!(1), &json!(1))
    );
    assert!(!finding.contains_key("start_column") && !finding.contains_key("end_column"));
}

#[test]
fn verdicts_clauses_and_skipped_are_exact() {
    let value = sample_json();
    assert_eq!(
        value["verdicts"][7],
        json!({
            "rule": "license/reuse-annotation-dangling", "phrase": "P5", "verdict": "not-applicable",
            "reason": "There is no REUSE.toml.", "subjects": 0, "failed": 0
        })
    );
    assert_eq!(
        value["clauses"][2],
        json!({
            "phrase": "P7", "title": "Technical and interface documents",
            "pass": 0, "fail": 2, "not_applicable": 0, "undecidable": 1, "worst": "warning"
        })
    );
    assert_eq!(
        value["skipped"][0],
        json!({
            "path": "Cargo.lock", "reason": "line 7: expected a `=` after the key", "kind": "malformed", "line": 7
        })
    );
}

/// The fields that the design promises to other programs, and that the schema must promise too.
#[test]
fn the_schema_requires_what_the_design_promises() {
    let schema = json_schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let required = |name: Option<&str>| -> BTreeSet<String> {
        let object = name.map_or(&schema, |name| &schema["$defs"][name]);
        object["required"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    };
    for (name, fields) in [
        (None, "schema_version files packages findings verdicts skipped"),
        (Some("File"), "path license licenses copyrights"),
        (Some("Detection"), "expression kind start_line end_line score"),
        (Some("Copyright"), "statement holder line"),
        (Some("Package"), "purl name version scope direct license dependencies origin"),
        (Some("PackageLicense"), "declared concluded source"),
        (Some("Finding"), "rule severity message path start_line end_line fingerprint state maps"),
        (Some("Verdict"), "rule phrase verdict reason"),
        (Some("Skipped"), "path reason"),
        (Some("ModelFile"), "path format safety reasons"),
        (Some("Secret"), "kind path start_line confidence"),
    ] {
        let required = required(name);
        for field in fields.split(' ') {
            assert!(required.contains(field), "{name:?} does not require {field}: {required:?}");
        }
    }
}
