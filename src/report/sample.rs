//! A report for the tests of the formats: realistic, small, and with hostile names in every place that a checkout
//! can fill.

use super::{Format, View};
use crate::model::*;

/// Renders the sample as text.
pub(super) fn render(format: &Format, view: &View) -> String {
    render_report(format, &report(), view)
}

/// Renders `report` as text.
pub(super) fn render_report(format: &Format, report: &Report, view: &View) -> String {
    let mut out = Vec::new();
    format.write(report, view, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A path that reorders text, closes HTML and Markdown, and starts a workflow command.
pub(super) const HOSTILE_PATH: &str = "src/\u{202e}c.`a` | <b>,x::y%\n::error::.c";

/// A message that tries the same in every output.
pub(super) const HOSTILE_MESSAGE: &str = "SPDX tag `MIT\u{1b}]0;owned\u{7}` is no expression: @everyone\r\n\
    ::warning::x | <img src=x onerror=alert(1)> [here](https://evil.example) %0A $x$";

/// A place in a file. The excerpt is given whole; the columns are of its first and last line.
pub(super) fn place(path: &str, (line, column): (u32, u32), end: (u32, u32), excerpt: &str) -> Place {
    Place {
        path: RelPath::new(path),
        region: Some(Region {
            start_line: line,
            start_column: column,
            end_line: end.0,
            end_column: end.1,
            excerpt: excerpt.into(),
        }),
    }
}

/// A finding that counts, without related places.
pub(super) fn finding(rule: &str, severity: Severity, place: Place, message: &str, help: &str) -> Finding {
    Finding {
        rule: rule.into(),
        severity,
        subject: place.path.to_string(),
        message: message.into(),
        help: help.into(),
        fingerprint: format!("{rule}#{}", place.start_line()),
        place,
        related: Vec::new(),
        state: State::New,
        license: None,
        justification: None,
        maps: Maps::new(),
    }
}

fn maps(entries: &[(&str, &[&str])]) -> Maps {
    entries.iter().map(|(k, v)| ((*k).into(), v.iter().map(|c| (*c).into()).collect())).collect()
}

/// Eight findings of six rules, of every severity and state.
fn findings() -> Vec<Finding> {
    use Severity::{Error, Note, Warning};
    let tag_help = "Write a valid SPDX license expression behind the tag.";
    let mut no_text = finding(
        "license/no-root-text",
        Error,
        place("Cargo.toml", (3, 1), (3, 23), "license = \"Apache-2.0\""),
        "The repository has no license text at its root.",
        "Add the text of Apache-2.0 as LICENSE beside Cargo.toml.",
    );
    no_text.subject = "repository".into();
    no_text.maps = maps(&[("iso-5230", &["3.4.1"]), ("osps", &["OSPS-LE-03.01"])]);
    let mut injection = finding(
        "secure/template-injection",
        Error,
        place(
            ".github/workflows/ci.yml",
            (14, 14),
            (15, 49),
            "      - run: |\n          echo \"${{ github.event.issue.title }}\"",
        ),
        "`${{ github.event.issue.title }}` becomes part of a shell script.",
        "Pass the value through `env:` and quote the variable.",
    );
    injection.related = vec![(
        place(".github/workflows/ci.yml", (3, 1), (3, 9), "  issues:"),
        "Anyone can start this workflow.".into(),
    )];
    let dead_link = finding(
        "docs/link-broken",
        Warning,
        place("文档/说明.md", (3, 6), (3, 12), "详细信息请[安装指南](安装.md)。"),
        "The link to `文档/安装.md` leads nowhere.",
        "Correct the target, or add the file.",
    );
    let mut conflict = finding(
        "license/header-conflicts-project",
        Warning,
        place("src/vendor/lz.c", (1, 4), (1, 44), "/* SPDX-License-Identifier: GPL-2.0-only */"),
        "GPL-2.0-only of src/vendor/lz.c is not among the licenses of the project (Apache-2.0).",
        "Name the license in the project's expression, or record it.",
    );
    conflict.license = Some("GPL-2.0-only".into());
    conflict.state = State::Waived;
    conflict.justification = Some("Build tool only, not shipped; approved by legal@example.org.".into());
    let mut old = conflict.clone();
    old.place = place("src/vendor/lz.h", (1, 4), (1, 44), "/* SPDX-License-Identifier: GPL-2.0-only */");
    old.subject = "src/vendor/lz.h".into();
    old.state = State::Baselined;
    old.justification = None;
    old.fingerprint = "license/header-conflicts-project#2".into();
    let hostile = finding(
        "license/header-tag-malformed",
        Warning,
        place(HOSTILE_PATH, (1, 30), (1, 42), "// SPDX-License-Identifier: MIT\u{1b}]0;owned\u{7}\u{202e}"),
        HOSTILE_MESSAGE,
        tag_help,
    );
    let long_path = "third_party/generated/a-rather-long-component-name/include/another-long-folder-name/\
                     and-one-more-level/wide_character_table.h";
    let long = finding(
        "license/header-tag-malformed",
        Warning,
        place(long_path, (2, 2), (2, 150), &format!("\t{}SPDX-Licence-Identifier: MIT */", "* ".repeat(60))),
        "`SPDX-Licence-Identifier` is not the tag; SPDX spells it `SPDX-License-Identifier`.",
        tag_help,
    );
    let changelog = finding(
        "docs/changelog-missing",
        Note,
        Place::file(RelPath::new("README.md")),
        "There is no changelog.",
        "Add CHANGELOG.md with one section per release.",
    );
    vec![no_text, injection, dead_link, conflict, old, hostile, long, changelog]
}

fn rule(id: &str, title: &str, severity: Severity, phrase: &str) -> RuleDoc {
    RuleDoc {
        id: id.into(),
        pack_title: "Project licensing".into(),
        pack_file: "policies/license.toml".into(),
        pack_line: 1,
        title: title.into(),
        why: "Without it nobody knows what they may do.".into(),
        help: "Put `LICENSES/<id>.txt` beside the code & name it.".into(),
        severity,
        phrase: phrase.into(),
        maps: maps(&[("iso-5230", &["3.4.1"]), ("osps", &["OSPS-LE-03.01"])]),
        security: id.starts_with("secure/"),
    }
}

fn verdict(rule: &str, phrase: &str, outcome: Outcome, subjects: u64, failed: u64) -> Verdict {
    let reason = match outcome {
        Outcome::Pass => format!("All {subjects} subjects are in order."),
        Outcome::Fail => format!("{failed} of {subjects} subjects failed."),
        Outcome::NotApplicable => "There is no REUSE.toml.".into(),
        Outcome::Undecidable => "Releases cannot be seen in a checkout.".into(),
    };
    Verdict { rule: rule.into(), phrase: phrase.into(), verdict: outcome, reason, subjects, failed }
}

fn detection(expression: &str, kind: DetectionKind, place: Place) -> Detection {
    Detection {
        expression: expression.into(),
        kind,
        place,
        score: 1.0,
        reason: "An SPDX tag.".into(),
        invalid: None,
        snippet: false,
        text: None,
    }
}

fn file(path: &str, licenses: Vec<Detection>, copyrights: Vec<Copyright>) -> FileRecord {
    FileRecord {
        path: RelPath::new(path),
        kind: FileKind::Text(Encoding::Utf8),
        size: 120,
        license: licenses.first().filter(|d| d.invalid.is_none()).map(|d| d.expression.clone()),
        licenses,
        copyrights,
        sha256: None,
    }
}

fn inventory() -> Inventory {
    let tag = |path, expression: &str| {
        let line = format!("// SPDX-License-Identifier: {expression}");
        let end = line.chars().count() as u32 + 1;
        detection(expression, DetectionKind::Tag, place(path, (1, 4), (1, end), &line))
    };
    let mut malformed = tag(HOSTILE_PATH, "MIT\u{1b}]0;owned\u{7}");
    malformed.invalid = Some("it is not an SPDX license expression".into());
    let mut text = detection("MIT", DetectionKind::Text, place("docs/MIT.txt", (1, 1), (21, 10), "MIT License"));
    text.score = 0.98;
    text.reason = "98 of 100 words of MIT are there.".into();
    text.text = Some(TextMatch {
        nearest: "MIT".into(),
        missing: vec!["sublicense".into()],
        placeholders: vec![place("docs/MIT.txt", (3, 15), (3, 32), "Copyright (c) [year] [fullname]")],
        ..TextMatch::default()
    });
    let copyright = Copyright {
        statement: "Copyright 2024 Ann Example <ann@example.org>".into(),
        holder: "Ann Example".into(),
        place: place("src/main.rs", (2, 4), (2, 48), "// Copyright 2024 Ann Example <ann@example.org>"),
        points_at_text: false,
    };
    let from_reuse = detection(
        "CC0-1.0",
        DetectionKind::Tag,
        place("REUSE.toml", (5, 1), (5, 38), "SPDX-License-Identifier = \"CC0-1.0\""),
    );
    Inventory {
        whole: true,
        files: vec![
            file("Cargo.toml", vec![], vec![]),
            file("docs/MIT.txt", vec![text], vec![]),
            file("img/logo.png", vec![from_reuse], vec![]),
            file("src/main.rs", vec![tag("src/main.rs", "Apache-2.0")], vec![copyright]),
            file(HOSTILE_PATH, vec![malformed], vec![]),
        ],
        manifests: vec![manifest()],
        packages: packages(),
        documents: vec![readme()],
        skipped: vec![
            Skipped {
                path: RelPath::new("Cargo.lock"),
                kind: SkipReason::Malformed,
                reason: "line 7: expected a `=` after the key".into(),
                line: Some(7),
            },
            Skipped {
                path: RelPath::new("assets/\u{1b}[2Jvideo.bin"),
                kind: SkipReason::TooLarge,
                reason: "209,715,200 bytes are over the limit of 67,108,864".into(),
                line: None,
            },
            Skipped {
                path: RelPath::new("link"),
                kind: SkipReason::LinkOut,
                reason: "it leads out of the scanned folder".into(),
                line: None,
            },
        ],
        statistics: Statistics {
            files: 1204,
            text_files: 1100,
            binary_files: 101,
            bytes: 5_000_000,
            licensed_files: 3,
        },
        ..Inventory::default()
    }
}

fn manifest() -> Manifest {
    let license = place("Cargo.toml", (3, 1), (3, 23), "license = \"Apache-2.0\"");
    Manifest {
        place: Place::file(RelPath::new("Cargo.toml")),
        ecosystem: Ecosystem::CARGO,
        name: Some("demo".into()),
        version: Some("0.1.0".into()),
        license: Some(LicenseField { text: "Apache-2.0".into(), place: license, spdx: true }),
        license_file: None,
        readme: None,
        publishable: true,
        application: true,
        compiled: true,
        workspace: None,
        descriptive: false,
        dependencies: Vec::new(),
        description: None,
        repository: None,
        homepage: None,
        authors: Vec::new(),
        minimum_runtime: None,
        inheritance: crate::model::Inheritance::default(),
    }
}

fn packages() -> Vec<Package> {
    let lock = |line| place("Cargo.lock", (line, 1), (line, 12), "[[package]]");
    let package = |name: &str, version: &str, line| Package {
        purl: format!("pkg:cargo/{name}@{version}"),
        name: name.into(),
        version: version.into(),
        kind: crate::model::ComponentKind::Library,
        locked: true,
        local: false,
        scope: Scope::Runtime,
        direct: true,
        license: PackageLicense::default(),
        dependencies: Vec::new(),
        features: Vec::new(),
        hashes: Vec::new(),
        resolved: None,
        card: None,
        origin: vec![lock(line)],
    };
    let mut demo = package("demo", "0.1.0", 4);
    demo.local = true;
    demo.direct = false;
    demo.dependencies = vec!["pkg:cargo/itoa@1.0.15".into()];
    demo.license = PackageLicense {
        declared: Some("Apache-2.0".into()),
        concluded: Some("Apache-2.0".into()),
        source: Some("manifest".into()),
    };
    let mut itoa = package("itoa", "1.0.15", 11);
    itoa.scope = Scope::Test;
    itoa.hashes = vec![Hash { algorithm: "SHA-256".into(), value: "00ff".repeat(16) }];
    vec![demo, itoa]
}

fn readme() -> Document {
    Document {
        place: Place::file(RelPath::new("README.md")),
        role: DocumentRole::Readme,
        language: String::new(),
        words: 210,
        front_matter: None,
        headings: Vec::new(),
        anchors: Vec::new(),
        links: Vec::new(),
        images: Vec::new(),
        signals: Vec::new(),
    }
}

/// The sample.
pub(super) fn report() -> Report {
    use Outcome::{Fail, NotApplicable, Pass, Undecidable};
    use Severity::{Error, Note, Warning};
    let clause = |phrase: &str, title: &str, [pass, fail, not_applicable, undecidable]: [u32; 4], worst| {
        ClauseSummary { phrase: phrase.into(), title: title.into(), pass, fail, not_applicable, undecidable, worst }
    };
    Report {
        tool: Tool { name: "openclause", version: "0.1.0", home: "https://openclause.example" },
        inventory: inventory(),
        findings: findings(),
        verdicts: vec![
            verdict("docs/changelog-missing", "P7", Fail, 1, 1),
            verdict("docs/link-broken", "P7", Fail, 12, 1),
            verdict("docs/release-notes", "P7", Undecidable, 0, 0),
            verdict("license/header-conflicts-project", "P5", Fail, 3, 2),
            verdict("license/header-tag-malformed", "P5", Fail, 3, 2),
            verdict("license/manifest-deprecated-id", "P5", Pass, 2, 0),
            verdict("license/no-root-text", "P5", Fail, 1, 1),
            verdict("license/reuse-annotation-dangling", "P5", NotApplicable, 0, 0),
            verdict("secure/template-injection", "P6", Fail, 4, 1),
        ],
        clauses: vec![
            clause("P5", "Open source compliance system", [1, 2, 1, 0], Some(Error)),
            clause("P6", "Technical security guidelines", [0, 1, 0, 0], Some(Error)),
            clause("P7", "Technical and interface documents", [0, 2, 0, 1], Some(Warning)),
        ],
        packs: Packs {
            rules: vec![
                rule("docs/changelog-missing", "No changelog", Note, "P7"),
                rule("docs/link-broken", "A relative link leads nowhere", Warning, "P7"),
                rule("docs/release-notes", "A release has no notes", Note, "P7"),
                rule("license/header-conflicts-project", "A header names a license the project lacks", Warning, "P5"),
                rule("license/header-tag-malformed", "An SPDX tag is malformed", Warning, "P5"),
                rule("license/manifest-deprecated-id", "A manifest uses a deprecated license id", Warning, "P5"),
                rule("license/no-root-text", "No license text at the root", Error, "P5"),
                rule("license/reuse-annotation-dangling", "A REUSE.toml path covers no file", Warning, "P5"),
                rule("secure/template-injection", "Untrusted text is expanded in a workflow script", Error, "P6"),
            ],
        },
    }
}

/// A report on a repository in which all is well.
pub(super) fn clean() -> Report {
    let mut report = report();
    report.findings.clear();
    report.inventory.skipped.clear();
    for clause in &mut report.clauses {
        clause.pass += std::mem::take(&mut clause.fail);
        clause.worst = None;
    }
    for verdict in report.verdicts.iter_mut().filter(|v| v.verdict == Outcome::Fail) {
        verdict.verdict = Outcome::Pass;
        verdict.failed = 0;
    }
    report
}
