//! Documents for other programs, as the validators that other projects publish see them.
//!
//! These tests need the validators that `tests/validators/install` puts into the folder that
//! `OPENCLAUSE_VALIDATORS` names; `tests/run` installs them and runs these tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Tree, apache, program, root};

/// Formats that have a validator, with the suffix by which `check.py` knows them.
const FORMATS: &[(&str, &str)] = &[
    ("cyclonedx", "cdx.json"),
    ("cyclonedx-1.7", "1.7.cdx.json"),
    ("cyclonedx-xml", "cdx.xml"),
    ("spdx", "spdx.json"),
    ("spdx-tag-value", "spdx"),
    ("spdx3", "spdx3.json"),
];

/// Folders of fixtures in which manifests, lock files or models lie.
fn projects() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(root().join("fixtures/packages")).min_depth(2).max_depth(2).sort_by_file_name()
    {
        let entry = entry.unwrap();
        if entry.file_type().is_dir() {
            found.push(entry.into_path());
        }
    }
    assert!(found.len() >= 8, "the fixtures are where they are looked for");
    found
}

/// Writes the documents of a folder into another one; gives their paths.
fn write(project: &Path, name: &str, out: &Path) -> Vec<PathBuf> {
    let paths: Vec<PathBuf> = FORMATS.iter().map(|(_, suffix)| out.join(format!("{name}.{suffix}"))).collect();
    let sarif = out.join(format!("{name}.sarif"));
    let reports =
        FORMATS.iter().zip(&paths).map(|((format, _), path)| format!("--report={format}={}", path.display()));
    let mut command = program(project);
    command.args(["scan", "--no-config", "--fail-on", "never", "--quiet"]).args(reports);
    command.arg(format!("--report=sarif={}", sarif.display())).arg(".");
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{name}: {}", String::from_utf8_lossy(&ran.stderr));
    paths.into_iter().chain([sarif]).collect()
}

/// Demands that the validators find nothing.
fn check(documents: &[PathBuf]) {
    let folder = std::env::var_os("OPENCLAUSE_VALIDATORS").expect("OPENCLAUSE_VALIDATORS: run tests/run");
    let ran = Command::new(Path::new(&folder).join("py/bin/python"))
        .arg(root().join("tests/validators/check.py"))
        .arg(&folder)
        .args(documents)
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}{err}");
}

#[test]
#[ignore = "needs the validators: run tests/run"]
fn documents_of_every_package_fixture_are_valid() {
    let out = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for (number, project) in projects().iter().enumerate() {
        let name = format!("{number}-{}", project.file_name().unwrap().to_string_lossy());
        all.extend(
            write(project, &name, out.path())
                .into_iter()
                .filter(|path| path.extension().is_none_or(|e| e != "sarif")),
        );
    }
    check(&all);
}

#[test]
#[ignore = "needs the validators: run tests/run"]
fn documents_of_the_project_itself_and_of_an_empty_folder_are_valid() {
    let out = tempfile::tempdir().unwrap();
    let mut all = write(root(), "self", out.path());
    all.extend(write(Tree::new(&[]).path(), "empty", out.path()));
    check(&all);
}

#[test]
fn a_document_does_not_depend_on_the_folder_and_lists_nothing_twice() {
    let files = [
        ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n"),
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n[dependencies]\nb = { path = \"../b\" }\n",
        ),
        ("b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"1.0.0\"\n[dependencies]\nlibc = \"0.2\"\n"),
        ("README.md", "# Two crates\n"),
    ];
    let (one, two) = (Tree::new(&files), Tree::new(&files));
    for (format, _) in FORMATS {
        let of = |tree: &Tree| tree.run(&["sbom", "--format", format]).expect(0).out;
        let text = of(&one);
        assert_eq!(text, of(&two), "{format}");
        let folder = one.path().file_name().unwrap().to_string_lossy().into_owned();
        assert!(!text.contains(&folder), "{format} names the folder");
    }
    let bill = one.run(&["sbom"]).expect(0).json();
    assert_eq!(bill["metadata"]["component"]["name"], "Two crates");
    let edges = |reference: &str| {
        let all = bill["dependencies"].as_array().unwrap();
        all.iter().find(|d| d["ref"] == reference).unwrap()["dependsOn"].clone()
    };
    assert_eq!(edges("project"), serde_json::json!(["pkg:cargo/a@1.0.0"]));
    assert_eq!(edges("pkg:cargo/a@1.0.0"), serde_json::json!(["pkg:cargo/b@1.0.0"]));
}

#[test]
fn a_project_without_a_version_in_its_manifest_has_that_of_its_version_file() {
    let version_of = |files: &[(&str, &str)]| {
        let bill = Tree::new(files).run(&["sbom"]).expect(0).json();
        bill["metadata"]["component"]["version"].clone()
    };
    let module = ("go.mod", "module example.org/a\n\ngo 1.22\n");
    let file = ("VERSION", "2.42.0\n");
    assert_eq!(version_of(&[module]), serde_json::Value::Null);
    assert_eq!(version_of(&[module, file]), "2.42.0");
    assert_eq!(version_of(&[("README.md", "# A\n"), ("version.txt", "v1.0-rc.1")]), "v1.0-rc.1");
    assert_eq!(version_of(&[("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n"), file]), "1.0.0");
    assert_eq!(version_of(&[module, ("docs/VERSION", "2.42.0"), ("VERSION", "see docs")]), serde_json::Value::Null);
}

#[test]
fn the_time_is_that_of_source_date_epoch() {
    let tree = Tree::new(&[("README.md", "# A\n")]);
    let without = tree.run(&["sbom"]).expect(0).json();
    assert_eq!(without["metadata"]["timestamp"], serde_json::Value::Null);
    let ran = program(tree.path()).args(["sbom"]).env("SOURCE_DATE_EPOCH", "1700000000").output().unwrap();
    let with: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(with["metadata"]["timestamp"], "2023-11-14T22:13:20Z");
    assert_ne!(with["serialNumber"], without["serialNumber"]);
}

/// A project with what documents find hard: a scope, a namespace, a license that is no expression, a digest.
fn demanding() -> Tree {
    let digest = "ab".repeat(20);
    let lock = format!(
        r#"{{ "name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {{
            "": {{ "name": "app", "version": "1.0.0", "dependencies": {{ "@a/b": "^1.0.0" }}, "devDependencies": {{ "c": "2" }} }},
            "node_modules/@a/b": {{ "version": "1.0.1", "resolved": "https://registry.example/b-1.0.1.tgz",
                "integrity": "sha1-{}", "license": "The Old & New License", "dependencies": {{ "d": "*" }} }},
            "node_modules/c": {{ "version": "2.0.0", "dev": true, "license": "MIT OR Apache-2.0" }},
            "node_modules/d": {{ "version": "3.0.0" }} }} }}"#,
        base64_of(&digest)
    );
    let manifest = r#"{ "name": "app", "version": "1.0.0", "license": "MIT",
        "author": "Ann Example <ann@example.org>", "repository": "https://example.org/app.git",
        "dependencies": { "@a/b": "^1.0.0" }, "devDependencies": { "c": "2" } }"#;
    Tree::new(&[("package.json", manifest), ("package-lock.json", &lock)])
}

/// Base64 of bytes that are all 0xAB, as npm writes digests.
fn base64_of(hex: &str) -> String {
    assert!(hex.bytes().collect::<Vec<_>>().chunks(2).all(|pair| pair == b"ab"));
    "q6urq6urq6urq6urq6urq6urq6s=".to_owned()
}

#[test]
fn a_bill_survives_every_format() {
    let tree = demanding();
    let original = tree.run(&["sbom", "--author", "Example (https://example.org)"]).expect(0).json();
    let b = &original["components"][0];
    assert_eq!((&b["group"], &b["name"]), (&"@a".into(), &"b".into()));
    assert_eq!(b["hashes"][0]["content"], "ab".repeat(20));
    assert_eq!(b["licenses"][0]["license"]["name"], "The Old & New License");
    for (format, suffix) in FORMATS {
        let file = format!("bill.{suffix}");
        tree.run(&["sbom", "--format", format, "-o", &file, "--author", "Example (https://example.org)"]).expect(0);
        let back = tree.run(&["convert", &file]).expect(0).json();
        std::fs::remove_file(tree.at(&file)).unwrap();
        for key in ["components", "dependencies"] {
            let of = |bill: &serde_json::Value| -> Vec<serde_json::Value> {
                let mut all = bill[key].as_array().unwrap().clone();
                for entry in &mut all {
                    // Places and how an identity is known have no field in SPDX, and its time and tools no address.
                    entry.as_object_mut().unwrap().remove("evidence");
                }
                all
            };
            assert_eq!(of(&original), of(&back), "{format}: {key}");
        }
        for pointer in [
            "/metadata/component/name",
            "/metadata/component/purl",
            "/metadata/component/licenses",
            "/metadata/lifecycles",
            "/metadata/manufacturer/name",
        ] {
            assert_eq!(original.pointer(pointer), back.pointer(pointer), "{format}: {pointer}");
        }
    }
}

#[test]
fn both_commands_write_the_same_document() {
    let tree = demanding();
    tree.write("LICENSE", "SPDX-License-Identifier: MIT\n");
    tree.write("src/a.js", "// Copyright 2020 Ann Example\n");
    for (format, suffix) in FORMATS {
        let file = format!("bill.{suffix}");
        tree.run(&["scan", "--fail-on", "never", "--quiet", &format!("--report={format}={file}")]).expect(0);
        let scanned = std::fs::read_to_string(tree.at(&file)).unwrap();
        std::fs::remove_file(tree.at(&file)).unwrap();
        assert_eq!(tree.run(&["sbom", "--format", format]).expect(0).out, scanned, "{format}");
    }
}

/// A bill opens few files; the report of a scan, which opens all of them, holds the same.
#[test]
fn what_a_bill_does_not_open_changes_nothing() {
    for (notice, owner) in [(true, "Bob Example"), (false, "Ann Example")] {
        let tree = Tree::new(&[
            ("package.json", r#"{ "name": "app", "version": "1.0.0", "dependencies": { "x": "1.0.0" } }"#),
            ("node_modules/x/package.json", r#"{ "name": "x", "version": "1.0.0", "license": "Apache 2.0" }"#),
            ("src/main.c", "/* Copyright 2020 Ann Example */\nint main(void) { return 0; }\n"),
            ("src/other.rb", "# Copyright 2020 Ann Example\n"),
            ("run.py", "# /// script\n# dependencies = [\"requests==2.31.0\"]\n# ///\n"),
            ("k8s/app.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n"),
            ("requirements.txt", "-r more.txt\n"),
            ("more.txt", "six==1.16.0\n"),
            ("words.txt", "alpha\nbeta\n"),
            ("README.md", "# App\n"),
        ]);
        tree.write("node_modules/x/LICENSE", apache());
        if notice {
            tree.write("NOTICE", "Copyright 2021 Bob Example\n");
        }
        tree.run(&["scan", "--report", "cyclonedx=scanned.json", "--fail-on", "never", "-q"]).expect(0);
        let scanned = std::fs::read_to_string(tree.at("scanned.json")).unwrap();
        std::fs::remove_file(tree.at("scanned.json")).unwrap();
        let bill = tree.run(&["sbom"]).expect(0);
        assert_eq!(bill.out, scanned);
        let bill = bill.json();
        assert!(bill["metadata"]["component"]["copyright"].as_str().unwrap().contains(owner));
        let names: Vec<&str> =
            bill["components"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["nginx", "x", "requests", "six"]);
        let concluded = &bill["components"][1]["licenses"][1]["license"];
        assert_eq!((&concluded["id"], &concluded["acknowledgement"]), (&"Apache-2.0".into(), &"concluded".into()));
    }
}

#[test]
fn a_report_in_json_is_converted_too() {
    let tree = demanding();
    let report = tree.run(&["scan", "--format", "json", "--fail-on", "never"]).expect(0).out;
    let converted = tree.run_with_input(&["convert", "-"], report.as_bytes()).expect(0).json();
    let direct = tree.run(&["sbom"]).expect(0).json();
    assert_eq!(converted["dependencies"], direct["dependencies"]);
    assert_eq!(converted["metadata"]["component"]["purl"], "pkg:npm/app@1.0.0");
}

#[test]
fn bills_are_merged_and_filtered() {
    let tree = demanding();
    let other =
        Tree::new(&[("package.json", r#"{ "name": "tool", "version": "0.1.0", "dependencies": { "c": "2.0.0" } }"#)]);
    let other_bill = other.run(&["sbom", "--format", "spdx"]).expect(0).out;
    tree.run(&["sbom", "--scope", "runtime", "-o", "a.cdx.json", "--report", "spdx3=a.spdx3.json"]).expect(0);
    tree.write("b.spdx.json", other_bill);
    let a: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(tree.at("a.cdx.json")).unwrap()).unwrap();
    let names = |bill: &serde_json::Value| -> Vec<String> {
        let all = bill["components"].as_array().unwrap();
        all.iter().map(|c| c["bom-ref"].as_str().unwrap().split('?').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&a), ["pkg:npm/@a/b@1.0.1", "pkg:npm/d@3.0.0"]);
    let merged = tree.run(&["sbom", "--merge", "a.spdx3.json", "b.spdx.json", "--name", "both"]).expect(0).json();
    assert_eq!(merged["metadata"]["component"]["name"], "both");
    assert_eq!(
        names(&merged),
        ["pkg:npm/@a/b@1.0.1", "pkg:npm/app@1.0.0", "pkg:npm/c@2.0.0", "pkg:npm/d@3.0.0", "pkg:npm/tool@0.1.0"]
    );
    let roots = &merged["dependencies"][0];
    assert_eq!(roots["dependsOn"], serde_json::json!(["pkg:npm/app@1.0.0", "pkg:npm/tool@0.1.0"]));
}

#[test]
fn what_is_no_bill_is_refused_with_a_reason() {
    let tree = Tree::new(&[("a.json", "{ \"bomFormat\": \"CycloneDX\","), ("b.txt", "nothing"), ("c.json", "{}")]);
    for (file, reason) in
        [("a.json", "line 1"), ("b.txt", "no bill of materials"), ("c.json", "no bill of materials")]
    {
        let ran = tree.run(&["convert", file]).expect(2);
        assert!(ran.err.contains(reason), "{}", ran.err);
    }
    tree.run(&["convert", "gone.json"]).expect(2);
    tree.run(&["sbom", "--author", "<>"]).expect(2);
}
