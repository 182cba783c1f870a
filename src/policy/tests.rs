//! Judgements over small inventories that are written by hand.

use jiff::civil::date;

use super::{Judgement, Policy, Terms, evaluate};
use crate::config::spanned::Source;
use crate::config::{self, Config};
use crate::model::{
    Artifact, ArtifactKind, Certificate, Confidence, Detection, DetectionKind, Ecosystem, Encoding, FileKind,
    FileRecord, Given, Inventory, LicenseField, Manifest, Outcome, Place, Region, RelPath, Secret, Severity, State,
};

/// A text file with tags at the given lines.
fn file(path: &str, text: &str, tags: &[(&str, u32)]) -> FileRecord {
    let path = RelPath::new(path);
    let detection = |(expression, line): &(&str, u32)| {
        let start = text.lines().take(*line as usize - 1).map(|l| l.len() + 1).sum();
        let end = start + text.lines().nth(*line as usize - 1).unwrap().len();
        Detection {
            expression: (*expression).to_owned(),
            kind: DetectionKind::Tag,
            place: Place { path: path.clone(), region: Some(Region::of(text, start..end)) },
            score: 1.0,
            reason: "a tag".to_owned(),
            invalid: None,
            snippet: false,
            text: None,
        }
    };
    FileRecord {
        licenses: tags.iter().map(detection).collect(),
        path: path.clone(),
        kind: FileKind::Text(Encoding::Utf8),
        size: text.len() as u64,
        copyrights: Vec::new(),
        license: tags.first().map(|(e, _)| (*e).to_owned()),
        sha256: None,
    }
}

fn inventory(mut files: Vec<FileRecord>) -> Inventory {
    files.push(file("LICENSES/MIT.txt", "MIT", &[]));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Inventory { whole: true, files, ..Inventory::default() }
}

fn judge(inventory: &Inventory, config: &str, packs: &[&str], own: &str) -> Judgement {
    let config = if config.is_empty() {
        Config::default()
    } else {
        config::parse(Source::new("openclause.toml", config)).unwrap()
    };
    let files = if own.is_empty() { Vec::new() } else { vec![Source::new("own.toml", own)] };
    let policy = Policy::load(packs, files, &config, &[]).unwrap();
    evaluate(
        &policy,
        inventory,
        &config,
        &Terms { today: date(2026, 6, 1), only: None, baseline: Default::default() },
    )
}

fn outcome(judgement: &Judgement, rule: &str) -> Outcome {
    judgement.verdicts.iter().find(|v| v.rule == rule).unwrap().verdict
}

const CONFLICT: &str = "license/header-conflicts-project";

#[test]
fn fingerprints_survive_lines_inserted_above() {
    let tag = "// SPDX-License-Identifier: Zlib";
    let of = |text: &str, line: u32| {
        let all = judge(&inventory(vec![file("a.c", text, &[("Zlib", line)])]), "", &["license"], "");
        let found = all.findings.into_iter().find(|f| f.rule == CONFLICT).unwrap();
        (found.place.start_line(), found.fingerprint)
    };
    let (first, alone) = of(tag, 1);
    let (third, moved) = of(&format!("//\n//\n  {tag}\n"), 3);
    assert_eq!((first, third), (1, 3));
    assert_eq!(alone, moved);
    let (_, other) = of("/* SPDX-License-Identifier: Zlib */", 1);
    assert_ne!(alone, other);
}

#[test]
fn a_waiver_holds_for_its_license_its_path_and_its_time() {
    let all = inventory(vec![file("src/a.c", "// SPDX-License-Identifier: Zlib", &[("Zlib", 1)])]);
    let with = |lines: &str| {
        let waiver = format!("[[waiver]]\nrule = '{CONFLICT}'\nreason = 'r'\napprover = 'a'\n{lines}");
        let judged = judge(&all, &waiver, &["license"], "");
        let state = judged.findings.iter().find(|f| f.rule == CONFLICT).unwrap().state;
        let extra: Vec<String> =
            judged.findings.iter().filter(|f| f.rule.starts_with("config/")).map(|f| f.rule.clone()).collect();
        (state, extra)
    };
    assert_eq!(with(""), (State::Waived, vec![]));
    assert_eq!(with("path = 'src/**'\nlicense = 'Zlib'\nexpires = 2026-06-01\n"), (State::Waived, vec![]));
    assert_eq!(with("expires = 2026-05-31\n"), (State::New, vec!["config/waiver-expired".to_owned()]));
    assert_eq!(with("license = 'ISC'\n"), (State::New, vec!["config/waiver-license-changed".to_owned()]));
    assert_eq!(with("path = 'lib/**'\n"), (State::New, vec!["config/waiver-unused".to_owned()]));
}

#[test]
fn findings_about_the_configuration_point_into_it() {
    let all = inventory(Vec::new());
    let text = format!("# ours\n\n[[waiver]]\nrule = '{CONFLICT}'\nreason = 'r'\napprover = 'a'\n");
    let judged = judge(&all, &text, &["license"], "");
    let found = judged.findings.iter().find(|f| f.rule == "config/waiver-unused").unwrap();
    assert_eq!((found.place.path.as_str(), found.place.start_line()), ("openclause.toml", 3));
}

const OWN: &str = "
format = 1
pack = 'own'
title = 'Own'
phrase = 'P5'
[params]
most = { type = 'number', default = 10, about = 'a' }
[[rule]]
id = 'big'
title = 't'
why = 'w'
severity = 'warning'
on = 'file'
where = { extension = 'c' }
match = { any = [{ size.gt = '$most' }, { license.in = ['Zlib', 'ISC'] }] }
message = '{path} has {size} bytes and {license}'
help = 'h'
[[rule]]
id = 'documented'
title = 't'
why = 'w'
severity = 'note'
on = 'repository'
match = { documents.lacks = 'readme' }
message = 'm'
help = 'h'
";

#[test]
fn declarative_rules_select_match_and_fill_their_message() {
    let files =
        vec![file("a.c", "12345678901", &[]), file("b.c", "1", &[("ISC", 1)]), file("c.h", "1", &[("ISC", 1)])];
    let judged = judge(&inventory(files), "", &["license"], OWN);
    let own: Vec<&str> = judged.findings.iter().filter(|f| f.rule == "own/big").map(|f| f.message.as_str()).collect();
    assert_eq!(own, ["a.c has 11 bytes and none", "b.c has 1 bytes and ISC"]);
    assert_eq!(outcome(&judged, "own/documented"), Outcome::Fail);
}

#[test]
fn what_is_absent_cannot_be_judged_from_parts_of_a_project() {
    let mut part = inventory(vec![file("a.c", "1", &[])]);
    part.whole = false;
    let judged = judge(&part, "", &[], "");
    for rule in ["license/no-root-text", "docs/readme-missing", "docs/contributing-missing"] {
        assert_eq!(outcome(&judged, rule), Outcome::Undecidable, "{rule}");
    }
    let judged = judge(&part, "", &["license"], OWN);
    assert_eq!(outcome(&judged, "own/documented"), Outcome::Undecidable);
    assert_eq!(outcome(&judged, "own/big"), Outcome::Pass);
}

#[test]
fn an_empty_folder_has_nothing_to_judge() {
    let judged = judge(&Inventory { whole: true, ..Inventory::default() }, "", &[], "");
    assert_eq!(judged.findings, []);
    let decided = |v: &&crate::model::Verdict| matches!(v.verdict, Outcome::Fail | Outcome::Pass);
    assert_eq!(judged.verdicts.iter().filter(decided).count(), 0);
}

#[test]
fn a_list_of_files_narrows_findings_and_keeps_those_about_the_repository() {
    let all = inventory(vec![
        file("a.c", "// SPDX-License-Identifier: Zlib", &[("Zlib", 1)]),
        file("b.c", "// SPDX-License-Identifier: ISC", &[("ISC", 1)]),
    ]);
    let config = Config::default();
    let policy = Policy::load(&[], Vec::new(), &config, &[]).unwrap();
    let terms = Terms {
        today: date(2026, 6, 1),
        only: Some(Box::new(|path| path.as_str() == "b.c")),
        baseline: Default::default(),
    };
    let judged = evaluate(&policy, &all, &config, &terms);
    let conflicts: Vec<&str> =
        judged.findings.iter().filter(|f| f.rule == CONFLICT).map(|f| f.place.path.as_str()).collect();
    assert_eq!(conflicts, ["b.c"]);
    assert!(judged.findings.iter().any(|f| f.rule == "docs/readme-missing"));
}

#[test]
fn severities_are_overridden_by_file_and_then_by_flag() {
    let all = inventory(Vec::new());
    let config = config::parse(Source::new(
        "openclause.toml",
        "[severity]\n'docs/readme-missing' = { level = 'note', reason = 'r' }\n\
         'docs/contributing-missing' = { level = 'off', reason = 'r' }\n",
    ))
    .unwrap();
    let set = vec![("docs/readme-missing".to_owned(), config::Level::At(Severity::Warning))];
    let policy = Policy::load(&["docs"], Vec::new(), &config, &set).unwrap();
    let judged = evaluate(
        &policy,
        &all,
        &config,
        &Terms { today: date(2026, 6, 1), only: None, baseline: Default::default() },
    );
    let readme = judged.findings.iter().find(|f| f.rule == "docs/readme-missing").unwrap();
    assert_eq!(readme.severity, Severity::Warning);
    assert!(judged.verdicts.iter().all(|v| v.rule != "docs/contributing-missing"));
}

#[test]
fn a_readme_may_be_what_the_manifest_names() {
    let named = |path: &str| {
        let mut all = inventory(vec![file("generated/PYPI.md", "words", &[])]);
        let place = Place::file(RelPath::new("pyproject.toml"));
        let readme = Some(RelPath::new(path));
        all.manifests.push(Manifest {
            name: Some("a".into()),
            readme,
            ..Manifest::new(place, Ecosystem::of("pypi"))
        });
        outcome(&judge(&all, "", &["docs"], OWN), "docs/readme-missing")
    };
    assert_eq!(named("generated/PYPI.md"), Outcome::Pass);
    assert_eq!(named("generated/OTHER.md"), Outcome::Fail);
}

#[test]
fn a_license_text_may_have_another_name() {
    let with = |name: &str, kind: DetectionKind| {
        let mut text = file(name, "All of it.", &[("MIT", 1)]);
        text.licenses[0].kind = kind;
        let mut files = vec![text, file("Makefile", "all:", &[])];
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let all = Inventory { whole: true, files, ..Inventory::default() };
        outcome(&judge(&all, "", &["license"], OWN), "license/no-root-text")
    };
    assert_eq!(with("NOTICE", DetectionKind::Text), Outcome::Pass);
    assert_eq!(with("README.md", DetectionKind::Text), Outcome::Pass);
    assert_eq!(with("README.md", DetectionKind::Notice), Outcome::Fail);
    assert_eq!(with("main.c", DetectionKind::Text), Outcome::Fail);
    assert_eq!(with("docs/COPYING", DetectionKind::Text), Outcome::Pass);
    assert_eq!(with("src/COPYING", DetectionKind::Text), Outcome::Fail);
    let all = |files| Inventory { whole: true, files, ..Inventory::default() };
    let nested = vec![file("nss/COPYING", "x", &[]), file("nss/a.c", "x", &[])];
    let of = |files| outcome(&judge(&all(files), "", &["license"], OWN), "license/no-root-text");
    assert_eq!(of(nested), Outcome::Undecidable, "the folder of an archive");
    assert_eq!(of(vec![file("src/a.c", "x", &[])]), Outcome::Fail);
}

#[test]
fn what_reuse_lacks_is_an_error_where_reuse_is_followed() {
    let of = |tags: &[(&str, u32)]| {
        let judged = judge(&inventory(vec![file("a.c", "1\n2\n3\n", tags)]), "", &["license"], OWN);
        let mut found = judged.findings.iter().filter(|f| f.rule == "license/reuse-text-missing");
        found.next().map(|finding| finding.severity)
    };
    assert_eq!(of(&[("MIT", 1)]), None);
    assert_eq!(of(&[("MIT", 1), ("ISC", 2)]), Some(Severity::Error));
    assert_eq!(of(&[("MIT", 1), ("ISC", 2), ("Zlib", 3)]), Some(Severity::Warning));
}

#[test]
fn manifests_of_maven_take_the_license_of_their_parents() {
    let of = |license: Option<&str>| {
        let mut all = inventory(Vec::new());
        let place = |path: &str| Place::file(RelPath::new(path));
        let text = license.map(|text| LicenseField { text: text.to_owned(), place: place("pom.xml"), spdx: false });
        let above = Manifest {
            name: Some("g/above".into()),
            license: text,
            ..Manifest::new(place("pom.xml"), Ecosystem::of("maven"))
        };
        let mut below =
            Manifest { name: Some("g/below".into()), ..Manifest::new(place("b/pom.xml"), Ecosystem::of("maven")) };
        for (key, value) in [("parent.groupId", "g"), ("parent.artifactId", "above")] {
            let given = Given { values: vec![value.to_owned()], place: place("b/pom.xml") };
            below.inheritance.fields.insert(key.to_owned(), given);
        }
        all.manifests = vec![below, above];
        let judged = judge(&all, "", &["license"], OWN);
        judged.findings.iter().filter(|f| f.rule == "license/manifest-license-missing").count()
    };
    assert_eq!(of(Some("Apache-2.0")), 0);
    assert_eq!(of(None), 2);
}

#[test]
fn packages_below_another_one_share_its_changelog() {
    let mut all = inventory(Vec::new());
    let package = |path: &str| Manifest {
        name: Some("a".into()),
        version: Some("1.2.3".into()),
        ..Manifest::new(Place::file(RelPath::new(path)), Ecosystem::of("npm"))
    };
    all.manifests = vec![package("a/package.json"), package("package.json"), package("web/b/package.json")];
    let judged = judge(&all, "", &["docs"], OWN);
    let found: Vec<_> = judged.findings.iter().filter(|f| f.rule == "docs/changelog-version-gap").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subject, "package.json");
}

/// How bad a private key at a path is, with certificates of these names, issuers and last days beside it.
fn key_at(path: &str, certificates: &[(&str, u64, u64, &str)]) -> Option<Severity> {
    let key = Secret {
        place: Place::file(RelPath::new(path)),
        kind: "private-key".into(),
        title: "private key".into(),
        confidence: Confidence::High,
        proven: false,
        explained: false,
        shown: "-----…".into(),
        allowed: None,
        allowed_until: None,
        commit: None,
    };
    let certificate = |(path, subject, issuer, until): &(&str, u64, u64, &str)| Certificate {
        path: RelPath::new(*path),
        subject: *subject,
        issuer: *issuer,
        until: Some((*until).to_owned()),
        is_stand_in: false,
    };
    let mut all = inventory(Vec::new());
    all.secrets = vec![key];
    all.certificates = certificates.iter().map(certificate).collect();
    let judged = judge(&all, "", &["secure"], OWN);
    judged.findings.iter().find(|f| f.rule == "secure/secret-committed").map(|finding| finding.severity)
}

#[test]
fn keys_that_nobody_relies_on_are_warnings() {
    for path in ["deploy/server.key", "id_rsa", "config/prod/tls.pem", "src/latest/ca.key"] {
        assert_eq!(key_at(path, &[]), Some(Severity::Error), "{path}");
    }
    for path in ["caddy.localhost.key", "tutorial/go/server.key", "src/crossTest/a.pem", "share/demo.key"] {
        assert_eq!(key_at(path, &[]), Some(Severity::Warning), "{path}");
    }
    let at = |certificate| key_at("deploy/server.key", &[certificate]);
    assert_eq!(at(("deploy/server.crt", 1, 2, "2027-01-01")), Some(Severity::Error));
    assert_eq!(at(("deploy/server.crt", 1, 2, "2020-01-01")), Some(Severity::Warning), "it expired");
    assert_eq!(at(("deploy/server.crt", 1, 1, "2027-01-01")), Some(Severity::Warning), "it is signed by itself");
    assert_eq!(at(("other/server.crt", 1, 1, "2027-01-01")), Some(Severity::Error), "it lies elsewhere");
    assert_eq!(key_at("third_party/tls/server.key", &[]), Some(Severity::Warning), "it is known to everybody");
    assert_eq!(key_at("contrib/tls/server.key", &[]), Some(Severity::Error), "others may not have it");
    assert_eq!(key_at("contrib/pgp/expected/decrypt.out", &[]), Some(Severity::Warning), "tests print it");
}

#[test]
fn keys_beside_programs_that_test_are_warnings() {
    let of = |test: &str, key: &str| {
        let mut all = inventory(vec![file(test, "x", &[])]);
        let place = Place::file(RelPath::new(key));
        all.artifacts =
            vec![Artifact { place, kind: ArtifactKind::KeyMaterial, what: "a private key in DER".to_owned() }];
        let judged = judge(&all, "", &["secure"], OWN);
        judged.findings.iter().find(|f| f.rule == "secure/key-material-tracked").map(|finding| finding.severity)
    };
    assert_eq!(of("lib/crypto/test_rsa.c", "lib/crypto/rsakey.der"), Some(Severity::Warning));
    assert_eq!(of("lib/crypto/rsa.c", "lib/crypto/rsakey.der"), Some(Severity::Error));
    assert_eq!(of("main_test.go", "rsakey.der"), Some(Severity::Error), "the root holds everything");
}

#[test]
fn parts_of_a_text_restrict_nothing() {
    let of = |score: f32| {
        let mut text = file("docs/terms.xml", "terms", &[("SSPL-1.0", 1)]);
        text.licenses[0].kind = DetectionKind::Text;
        text.licenses[0].score = score;
        let mut all = inventory(vec![text]);
        let place = Place::file(RelPath::new("package.json"));
        let license = Some(LicenseField { text: "MIT".into(), place: place.clone(), spdx: true });
        all.manifests =
            vec![Manifest { name: Some("a".into()), license, ..Manifest::new(place, Ecosystem::of("npm")) }];
        outcome(&judge(&all, "", &["compat"], OWN), "compat/field-of-use-restriction")
    };
    assert_eq!(of(1.0), Outcome::Fail);
    assert_ne!(of(0.1), Outcome::Fail);
}

#[test]
fn key_stores_for_tests_are_warnings() {
    let of = |path: &str| {
        let mut all = inventory(Vec::new());
        let place = Place::file(RelPath::new(path));
        all.artifacts =
            vec![Artifact { place, kind: ArtifactKind::KeyMaterial, what: "a Java key store".to_owned() }];
        let judged = judge(&all, "", &["secure"], OWN);
        judged.findings.iter().find(|f| f.rule == "secure/key-material-tracked").map(|finding| finding.severity)
    };
    assert_eq!(of("android/release.jks"), Some(Severity::Error));
    assert_eq!(of("share/empty3.kdbx"), Some(Severity::Warning));
    assert_eq!(of("client/ThriftTest.pfx"), Some(Severity::Warning));
    assert_eq!(of("lamp/Lamp_TemporaryKey.pfx"), Some(Severity::Warning));
}
