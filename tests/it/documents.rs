//! Documents for other programs, as the validators that other projects publish see them.
//!
//! These tests need the validators that `tests/validators/install` puts into the folder that
//! `OPENCLAUSE_VALIDATORS` names; `tests/run` installs them and runs these tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Tree, program, root};

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
fn the_time_is_that_of_source_date_epoch() {
    let tree = Tree::new(&[("README.md", "# A\n")]);
    let without = tree.run(&["sbom"]).expect(0).json();
    assert_eq!(without["metadata"]["timestamp"], serde_json::Value::Null);
    let ran = program(tree.path()).args(["sbom"]).env("SOURCE_DATE_EPOCH", "1700000000").output().unwrap();
    let with: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(with["metadata"]["timestamp"], "2023-11-14T22:13:20Z");
    assert_ne!(with["serialNumber"], without["serialNumber"]);
}
