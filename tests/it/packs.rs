//! Packs and configurations of a project's own: `init`, `policy check`, `policy test`, `schema policy`, and mistakes in
//! either, which point at their line.

use crate::support::{Tree, apache};

/// A pack with one rule, as a project would write it.
const PACK: &str = r#"format = 1
pack = "ours"
title = "House rules"
phrase = "P5"

[params]
min-size = { type = "number", default = 10, min = 1, max = 1000, about = "Bytes below which a document is empty." }

[[rule]]
id = "empty-document"
title = "Document with next to nothing in it"
severity = "warning"
on = "document"
match = { role = "readme", words.lt = "$min-size" }
message = "{path} has {words} words"
help = "Say what the project is."
why = "A document that says nothing takes the place of one that does."
"#;

fn pack() -> Tree {
    Tree::new(&[
        ("policies/ours.toml", PACK),
        ("policies/fixtures/ours/empty-document/fail/README.md", "# Lamp\n\nSoon.\n"),
        (
            "policies/fixtures/ours/empty-document/pass/README.md",
            "# Lamp\n\nLamp switches the lamps of a model railway from the command line, street by street.\n",
        ),
    ])
}

#[test]
fn a_pack_is_checked_and_tested_with_its_own_fixtures() {
    let tree = pack();
    let checked = tree.run(&["policy", "check", "policies/ours.toml"]).expect(0);
    assert!(checked.out.contains("pack `ours` is right, one rule"), "{}", checked.out);
    for path in ["policies", "policies/ours.toml"] {
        let tested = tree.run(&["policy", "test", path]).expect(0);
        assert!(tested.out.ends_with("2 passed, 0 failed\n"), "{}", tested.out);
    }
    // A fixture that is judged otherwise, and one that is not there.
    tree.write("policies/fixtures/ours/empty-document/pass/README.md", "# Lamp\n");
    std::fs::remove_dir_all(tree.at("policies/fixtures/ours/empty-document/fail")).unwrap();
    let tested = tree.run(&["policy", "test", "policies"]).expect(1);
    assert!(tested.out.contains("wrong  ours/empty-document pass: fail instead of pass"), "{}", tested.out);
    assert!(tested.out.contains("wrong  ours/empty-document fail: there is no folder"), "{}", tested.out);
    assert!(tested.out.ends_with("0 passed, 2 failed\n"), "{}", tested.out);
}

/// What is wrong in a pack is said with its line, and with the name that was probably meant.
#[test]
fn mistakes_in_a_pack_point_at_their_line() {
    let tree = Tree::new(&[("README.md", "# a\n")]);
    for (right, wrong, line, said) in [
        ("severity = \"warning\"", "severity = \"warn\"", 12, "did you mean `warning`"),
        ("on = \"document\"", "on = \"documents\"", 13, "did you mean `document`"),
        ("role = \"readme\"", "rol = \"readme\"", 14, "did you mean `role`"),
        ("words.lt", "words.less", 14, "does not go with `words`"),
        ("\"$min-size\"", "\"$min-sise\"", 14, "did you mean `min-size`"),
        ("{words} words", "{wrods} words", 15, "did you mean `words`"),
        ("default = 10", "default = 0", 7, "0 is out of bounds: 1 to 1000"),
        ("help = ", "hepl = ", 9, "the key `help` is missing"),
        ("phrase = \"P5\"", "phrase = \"P55\"", 4, "`P55` is not a phrase of the clause"),
        ("format = 1", "format = 2", 1, "packs of format 1"),
        ("match = {", "check = \"readme-missin\"\nwhere = {", 9, "not clear how this rule decides"),
        ("words.lt = \"$min-size\"", "words.lt = \"many\"", 14, "compared with a whole number"),
        ("title = \"House rules\"", "title = \"House rules", 3, "not valid TOML"),
    ] {
        assert!(PACK.contains(right), "{right}");
        tree.write("ours.toml", PACK.replacen(right, wrong, 1));
        let checked = tree.run(&["policy", "check", "ours.toml"]);
        assert_eq!(checked.code, 2, "{wrong}: {}", checked.err);
        assert!(checked.err.contains(said), "{wrong}: {}", checked.err);
        assert!(checked.err.contains(&format!("ours.toml:{line}:")), "{wrong}, line {line}: {}", checked.err);
    }
    // One wrong pack does not keep the others from being checked.
    tree.write("right.toml", PACK);
    let checked = tree.run(&["policy", "check", "ours.toml", "right.toml", "absent.toml"]).expect(2);
    assert!(checked.out.contains("right.toml: pack `ours` is right"), "{}", checked.out);
    assert!(checked.err.contains("absent.toml"), "{}", checked.err);
}

/// The same for the project's configuration: an error, or for what time has overtaken a finding, at its line.
#[test]
fn mistakes_in_a_configuration_point_at_their_line() {
    let waiver =
        "[[waiver]]\nrule = \"RULE\"\npath = \"a.c\"\nlicense = \"LICENSE\"\nreason = \"r\"\napprover = \"a\"\n";
    for (text, line, said) in [
        (
            "[severity]\n\"docs/readme-stup\" = { level = \"off\", reason = \"r\" }\n".to_owned(),
            2,
            "did you mean `docs/readme-stub`",
        ),
        (
            waiver.replace("RULE", "license/no-root-tex").replace("LICENSE", "MIT"),
            2,
            "did you mean `license/no-root-text`",
        ),
        (
            waiver.replace("RULE", "license/no-root-text").replace("LICENSE", "MIT AN ISC"),
            4,
            "not an SPDX license expression",
        ),
        ("[params.docs]\nmin-words = 100000\n".to_owned(), 2, "out of bounds: 0 to 10000"),
        ("[params.docs]\nmin-word = 10\n".to_owned(), 2, "did you mean `min-words`"),
        ("[params.doc]\nmin-words = 10\n".to_owned(), 2, "did you mean `docs`"),
        ("[params.compat]\noutbound = \"GLP-2.0\"\n".to_owned(), 2, "not an SPDX license expression"),
        ("[policy]\npacks = [\"license\", \"comapt\"]\n".to_owned(), 2, "did you mean `compat`"),
        (
            "[[outbound]]\npath = \"a\"\nlicens = \"MIT\"\nreason = \"r\"\n".to_owned(),
            1,
            "the key `license` is missing",
        ),
        ("[polcy]\n".to_owned(), 1, "did you mean `policy`"),
    ] {
        let tree = Tree::new(&[("a.c", "int a;\n"), ("openclause.toml", &text)]);
        let ran = tree.run(&["scan", "."]).expect(2);
        assert!(ran.err.contains(said), "{text}: {}", ran.err);
        assert!(ran.err.contains(&format!("openclause.toml:{line}:")), "{text}, line {line}: {}", ran.err);
    }
    let expired = waiver.replace("RULE", "license/no-root-text").replace("license = \"LICENSE\"\n", "");
    let tree = Tree::new(&[("a.c", "int a;\n"), ("openclause.toml", &format!("\n{expired}expires = 2020-01-01\n"))]);
    let json = tree.run(&["scan", "--format", "json", "--fail-on", "never"]).expect(0).json();
    let found = json["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "config/waiver-expired").unwrap();
    assert_eq!((&found["path"], &found["start_line"]), (&"openclause.toml".into(), &2.into()));
}

/// Paths of packs count from the folder of the configuration, wherever the scan was started.
#[test]
fn packs_are_found_from_the_configuration() {
    let tree = pack();
    tree.write("README.md", "# Lamp\n\nSoon.\n");
    tree.write("sub/README.md", "# Part\n\nSoon.\n");
    tree.write(".git/HEAD", "ref: refs/heads/main\n");
    tree.write(
        "openclause.toml",
        "[policy]\npacks = [\"policies/ours.toml\"]\n[scan]\nexclude = [\"/policies/fixtures\"]\n",
    );
    for folder in [".", "sub"] {
        let json = tree.run(&["scan", folder, "--format", "json", "--fail-on", "never"]).expect(0).json();
        let rules: Vec<&str> =
            json["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
        assert!(rules.contains(&"ours/empty-document") && !rules.contains(&"license/no-root-text"), "{rules:?}");
    }
}

#[test]
fn init_writes_what_it_found_and_never_over_what_is_there() {
    let tree = Tree::new(&[
        ("LICENSE", &apache()),
        (
            "Cargo.toml",
            "[package]\nname = \"whole\"\nversion = \"1.0.0\"\nedition = \"2021\"\nlicense = \"Apache-2.0\"\n\n[workspace]\nmembers = [\"part\"]\n",
        ),
        (
            "part/Cargo.toml",
            "[package]\nname = \"part\"\nversion = \"1.0.0\"\nedition = \"2021\"\nlicense = \"MPL-2.0\"\n",
        ),
        ("src/lib.rs", "//! Nothing.\n"),
        ("part/src/lib.rs", "//! Nothing.\n"),
    ]);
    let printed = tree.run(&["init", "--dry-run"]).expect(0).out;
    assert!(!tree.at("openclause.toml").exists());
    tree.run(&["init"]).expect(0);
    let written = std::fs::read_to_string(tree.at("openclause.toml")).unwrap();
    assert_eq!(written, printed);
    assert!(written.contains("# The project goes out under Apache-2.0, by Cargo.toml:5"), "{written}");
    assert!(
        written.contains("# part/Cargo.toml:5 states a license that is not the project's.\n[[outbound]]\npath = \"part/**\"\nlicense = \"MPL-2.0\""),
        "{written}"
    );
    // Errors become waivers to be filled in, as comments: nothing is waived by init.
    tree.run(&["scan", "--fail-on", "never"]).expect(0);
    let again = tree.run(&["init"]).expect(2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(std::fs::read_to_string(tree.at("openclause.toml")).unwrap(), written);
    tree.run(&["init", "absent"]).expect(2);
}

/// Every built-in pack uses only what the schema allows, and the schema knows every word that the loader knows.
#[test]
fn the_schema_of_packs_knows_what_the_packs_use() {
    let schema = Tree::new(&[]).run(&["schema", "policy"]).expect(0).json();
    let rule = &schema["$defs"]["rule"];
    let keys = rule["properties"].as_object().unwrap();
    let mut checks = std::collections::BTreeSet::new();
    for part in rule["allOf"].as_array().unwrap() {
        for check in part["then"]["properties"]["check"]["oneOf"].as_array().into_iter().flatten() {
            checks.insert(check["const"].as_str().unwrap().to_owned());
        }
    }
    let mut conditions = 0;
    for entry in std::fs::read_dir(crate::support::root().join("policies")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let pack: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        for key in pack.keys() {
            assert!(schema["properties"].get(key).is_some(), "{}: {key}", path.display());
        }
        for rule in pack["rule"].as_array().unwrap() {
            let rule = rule.as_table().unwrap();
            for key in rule.keys() {
                assert!(keys.contains_key(key), "{}: {key}", path.display());
            }
            if let Some(check) = rule.get("check") {
                assert!(checks.contains(check.as_str().unwrap()), "{check:?}");
            }
            let facts = &schema["$defs"][format!("{}-condition", rule["on"].as_str().unwrap())]["properties"];
            for condition in ["where", "match"].iter().filter_map(|key| rule.get(*key)) {
                conditions += 1;
                for fact in condition.as_table().unwrap().keys() {
                    assert!(facts.get(fact).is_some(), "{}: {fact}", path.display());
                }
            }
        }
    }
    assert!(conditions >= 5 && checks.len() >= 100, "{conditions} {}", checks.len());
}

/// The checkout can be compared with any commit.
#[test]
fn what_to_compare_with_must_be_there() {
    let tree = Tree::project();
    for flag in ["--against", "--changed-since"] {
        let ran = tree.run(&["scan", flag, "v1.0.0"]).expect(2);
        assert!(ran.err.contains("cannot compare with `v1.0.0`") && ran.err.contains(flag), "{}", ran.err);
    }
}
