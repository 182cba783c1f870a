//! Comparisons of small reports that are written by hand.

use serde_json::{Value, json};

use super::*;
use crate::report::sample;

fn side(value: &Value) -> Side {
    Side::read(&value.to_string()).unwrap()
}

fn package(purl: &str, version: &str, license: Option<&str>, scope: &str) -> Value {
    json!({ "purl": purl, "version": version, "scope": scope, "direct": true, "license": { "declared": license } })
}

fn finding(rule: &str, severity: &str, state: &str, fingerprint: &str) -> Value {
    json!({
        "rule": rule, "severity": severity, "message": "m `x` | <b>", "path": "a.c", "start_line": 3,
        "fingerprint": fingerprint, "state": state,
    })
}

fn verdict(rule: &str, verdict: &str) -> Value {
    json!({ "rule": rule, "phrase": "P1", "verdict": verdict })
}

fn old() -> Side {
    side(&json!({
        "folders": [{ "path": ".", "declared": "MIT" }, { "path": "a", "declared": "ISC" }],
        "files": [
            { "path": "a.c", "license": "MIT" }, { "path": "b.c", "license": null }, { "path": "c.c", "license": "MIT" },
        ],
        "packages": [
            package("pkg:npm/kept@1.0.0", "1.0.0", Some("MIT"), "runtime"),
            package("pkg:npm/relicensed@2.0.0", "2.0.0", Some("MIT"), "runtime"),
            package("pkg:npm/updated@1.0.0", "1.0.0", None, "dev"),
            package("pkg:npm/gone@1.0.0", "1.0.0", None, "runtime"),
            package("pkg:npm/many@1.0.0", "1.0.0", None, "runtime"),
        ],
        "findings": [
            finding("a/stays", "error", "new", "1"), finding("a/goes", "warning", "new", "2"),
            finding("a/worse", "note", "new", "3"), finding("a/lapses", "error", "waived", "4"),
            finding("a/known", "error", "baselined", "5"),
        ],
        "verdicts": [verdict("a/goes", "fail"), verdict("a/stays", "fail"), verdict("a/old", "pass")],
    }))
}

fn new() -> Side {
    side(&json!({
        "folders": [{ "path": ".", "declared": "Apache-2.0" }],
        "files": [
            { "path": "a.c", "license": "MIT" }, { "path": "b.c", "license": "MIT" }, { "path": "d.c", "license": "ISC" },
        ],
        "packages": [
            package("pkg:npm/kept@1.0.0", "1.0.0", Some("MIT"), "runtime"),
            package("pkg:npm/relicensed@2.0.0", "2.0.0", Some("GPL-3.0-only"), "runtime"),
            package("pkg:npm/updated@1.1.0", "1.1.0", None, "runtime"),
            package("pkg:npm/many@2.0.0", "2.0.0", None, "runtime"),
            package("pkg:npm/many@3.0.0", "3.0.0", None, "runtime"),
        ],
        "findings": [
            finding("a/stays", "error", "new", "1"), finding("a/worse", "warning", "new", "3"),
            finding("a/lapses", "error", "new", "4"), finding("a/known", "error", "new", "5"),
        ],
        "verdicts": [verdict("a/goes", "pass"), verdict("a/stays", "fail"), verdict("a/new", "not-applicable")],
    }))
}

fn render(name: &str, view: &View) -> String {
    let format = FORMATS.iter().find(|format| format.name == name).unwrap();
    let mut out = Vec::new();
    (format.render)(&compare(&old(), &new()), view, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_does_not_differ_from_itself() {
    let report = Side::of(&sample::report()).unwrap();
    let same = compare(&report, &report);
    assert!(same.is_empty() && same.worst().is_none());
    assert!(Side::read("{}").is_err() && Side::read("[1").is_err());
}

#[test]
fn what_is_new_or_worse_counts_for_the_gate() {
    assert_eq!(compare(&old(), &new()).worst(), Some(Severity::Error));
    let back = compare(&new(), &old());
    // The waiver hides one, the other has lost weight: what is new is the warning.
    assert_eq!(back.worst(), Some(Severity::Warning));
}

#[test]
fn the_json_is_exact() {
    let component = |name: &str, version: &str| json!({ "purl": format!("pkg:npm/{name}@{version}"), "license": null, "scope": "runtime", "direct": true });
    let found = |rule: &str, severity: &str, fingerprint: &str| {
        json!({
            "rule": rule, "severity": severity, "message": "m `x` | <b>", "path": "a.c", "start_line": 3,
            "fingerprint": fingerprint,
        })
    };
    let mut worse = found("a/worse", "warning", "3");
    worse["old_severity"] = json!("note");
    let expected = json!({
        "schema_version": 1,
        "components": {
            "added": [component("many", "2.0.0"), component("many", "3.0.0")],
            "removed": [component("gone", "1.0.0"), component("many", "1.0.0")],
            "changed": [
                { "purl": "pkg:npm/relicensed@2.0.0", "license": { "old": "MIT", "new": "GPL-3.0-only" } },
                {
                    "purl": "pkg:npm/updated@1.1.0", "version": { "old": "1.0.0", "new": "1.1.0" },
                    "scope": { "old": "dev", "new": "runtime" },
                },
            ],
        },
        "licenses": {
            "declared": { "old": "MIT", "new": "Apache-2.0" },
            "files": [{ "path": "b.c", "old": null, "new": "MIT" }],
            "counts": [{ "license": "ISC", "old": 0, "new": 1 }],
        },
        "findings": {
            "new": [found("a/lapses", "error", "4")],
            "gone": [found("a/goes", "warning", "2")],
            "changed": [worse],
        },
        "verdicts": [
            { "rule": "a/goes", "phrase": "P1", "old": "fail", "new": "pass" },
            { "rule": "a/new", "phrase": "P1", "old": null, "new": "not-applicable" },
            { "rule": "a/old", "phrase": "P1", "old": "pass", "new": null },
        ],
    });
    let written: Value = serde_json::from_str(&render("json", &View::default())).unwrap();
    assert_eq!(written, expected);
}

#[test]
fn people_read_what_changed() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("human", render("human", &View::default()));
        insta::assert_snapshot!("markdown", render("markdown", &View::default()));
    });
    let colored = render("human", &View { color: true, ..View::default() });
    assert!(colored.contains("\u{1b}[32m+") && colored.contains("\u{1b}[31m+"));
    assert!(FORMATS.iter().all(|format| format.summary.ends_with('.')));
}

#[test]
fn long_lists_are_cut_for_people_only() {
    let many: Vec<Value> = (0..150).map(|n| finding("a/b", "note", "new", &n.to_string())).collect();
    let diff = compare(&side(&json!({ "findings": [] })), &side(&json!({ "findings": many })));
    let lines = |name: &str, view: &View| {
        let format = FORMATS.iter().find(|format| format.name == name).unwrap();
        let mut out = Vec::new();
        (format.render)(&diff, view, &mut out).unwrap();
        String::from_utf8(out).unwrap().lines().filter(|line| line.contains("a/b")).count()
    };
    assert_eq!(lines("human", &View::default()), 20);
    assert_eq!(lines("human", &View { verbose: 1, ..View::default() }), 150);
    assert_eq!(lines("markdown", &View::default()), 100);
    assert_eq!(lines("json", &View::default()), 150);
}
