use super::*;
use crate::model::{Encoding, FileKind, FileRecord, Place, Region, ReuseAnnotation, SkipReason};

fn collect(path: &str, text: &str) -> Vec<Evidence> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let mut out = Vec::new();
    Reuse.collect(&SourceFile::text_file(&path, &name, &kind, text), &[], &mut out);
    out
}

fn record(path: &str) -> FileRecord {
    FileRecord {
        path: RelPath::new(path),
        kind: FileKind::Text(Encoding::Utf8),
        size: 1,
        licenses: Vec::new(),
        copyrights: Vec::new(),
        license: None,
        sha256: None,
    }
}

/// A file that states a license and a copyright itself.
fn tagged(path: &str, license: &str) -> FileRecord {
    let mut record = record(path);
    let text = format!("# SPDX-License-Identifier: {license}\n");
    let place = Place { path: record.path.clone(), region: Some(Region::of(&text, 2..10)) };
    record.licenses.push(crate::model::Detection {
        expression: license.into(),
        kind: crate::model::DetectionKind::Tag,
        place,
        score: 1.0,
        reason: String::new(),
        invalid: None,
        snippet: false,
        text: None,
    });
    record
}

/// The licenses of every file once the annotation files are applied.
fn assembled(annotation_files: &[(&str, &str)], files: Vec<FileRecord>) -> (Vec<(String, Vec<String>)>, Inventory) {
    let mut inventory = Inventory { files, ..Inventory::default() };
    inventory.files.sort_by(|a, b| a.path.cmp(&b.path));
    for (path, text) in annotation_files {
        for evidence in collect(path, text) {
            match evidence {
                Evidence::Reuse(annotation) => inventory.reuse.push(annotation),
                other => panic!("{other:?}"),
            }
        }
    }
    Reuse.assemble(&mut inventory);
    let licenses = |f: &FileRecord| f.licenses.iter().map(|d| d.expression.clone()).collect();
    (inventory.files.iter().map(|f| (f.path.as_str().to_owned(), licenses(f))).collect(), inventory)
}

fn licenses(of: &str, all: &[(String, Vec<String>)]) -> Vec<String> {
    all.iter().find(|(path, _)| path == of).map(|(_, l)| l.clone()).unwrap_or_default()
}

const ROOT: &str = r#"version = 1

[[annotations]]
path = ["po/*.po", "po/none.pot"]
precedence = "aggregate"
SPDX-FileCopyrightText = "2019 Translation Company"
SPDX-License-Identifier = "GPL-3.0-or-later"

[[annotations]]
path = "tests/**"
precedence = "override"
SPDX-FileCopyrightText = ["2019 Jane Doe", "© 2020 Foo Inc."]
SPDX-License-Identifier = "CC0-1.0"

[[annotations]]
path = "src/**"
SPDX-License-Identifier = "mit or Apache-2.0"
"#;

#[test]
fn tables_are_read_with_places() {
    let all = collect("sub/REUSE.toml", ROOT);
    let tables: Vec<&ReuseAnnotation> =
        all.iter().filter_map(|e| if let Evidence::Reuse(a) = e { Some(a) } else { None }).collect();
    assert_eq!(tables.len(), 3);
    assert_eq!(tables[0].base.as_str(), "sub");
    let lines: Vec<u32> = tables[0].patterns.iter().map(|(_, place)| place.start_line()).collect();
    assert_eq!((tables[0].place.start_line(), lines), (3, vec![4, 4]));
    assert_eq!(tables[1].copyrights, ["2019 Jane Doe", "© 2020 Foo Inc."]);
    assert_eq!(tables[2].licenses, ["MIT OR Apache-2.0"]);
    let reported = all.iter().find_map(|e| if let Evidence::License(d) = e { Some(d) } else { None }).unwrap();
    assert_eq!((reported.place.start_line(), reported.expression.as_str()), (17, "mit or Apache-2.0"));
}

#[test]
fn precedence_within_one_file() {
    let root = ROOT.replace("mit or", "MIT OR");
    let files = vec![
        tagged("po/de.po", "MIT"),
        tagged("tests/a.c", "MIT"),
        tagged("src/a.c", "ISC"),
        record("src/b.c"),
        record("LICENSE"),
        record("other"),
    ];
    let (all, inventory) = assembled(&[("REUSE.toml", &root)], files);
    assert_eq!(licenses("po/de.po", &all), ["MIT", "GPL-3.0-or-later"]);
    assert_eq!(licenses("tests/a.c", &all), ["CC0-1.0"]);
    assert_eq!(licenses("src/a.c", &all), ["ISC"]);
    assert_eq!(licenses("src/b.c", &all), ["MIT OR Apache-2.0"]);
    assert_eq!(licenses("other", &all), [""; 0]);
    let covered: Vec<&[u32]> = inventory.reuse.iter().map(|a| &a.covered[..]).collect();
    assert_eq!(covered, [&[1, 0][..], &[1], &[2]]);
    let holders: Vec<&str> = inventory.files.iter().flat_map(|f| &f.copyrights).map(|c| c.holder.as_str()).collect();
    assert_eq!(holders, ["Translation Company", "Jane Doe", "Foo Inc."]);
}

#[test]
fn the_last_matching_table_of_a_file_counts_alone() {
    let text = "version = 1\n[[annotations]]\npath = \"**\"\nSPDX-License-Identifier = \"MIT\"\n\
                [[annotations]]\npath = \"a\"\nSPDX-License-Identifier = \"ISC\"\n";
    let (all, _) = assembled(&[("REUSE.toml", text)], vec![record("a"), record("b")]);
    assert_eq!((licenses("a", &all), licenses("b", &all)), (vec!["ISC".to_owned()], vec!["MIT".to_owned()]));
}

#[test]
fn nested_files_cover_their_folder_only_and_override_comes_from_the_root() {
    let table = |path: &str, precedence: &str, license: &str| {
        format!(
            "version = 1\n[[annotations]]\npath = \"{path}\"\nprecedence = \"{precedence}\"\n\
             SPDX-License-Identifier = \"{license}\"\n"
        )
    };
    let files = || vec![record("a"), record("sub/a"), record("sub/deep/a"), tagged("sub/own", "Zlib")];
    let (all, _) = assembled(
        &[("REUSE.toml", &table("**", "closest", "MIT")), ("sub/REUSE.toml", &table("**", "closest", "ISC"))],
        files(),
    );
    assert_eq!(licenses("a", &all), ["MIT"]);
    assert_eq!(
        (licenses("sub/a", &all), licenses("sub/deep/a", &all)),
        (vec!["ISC".to_owned()], vec!["ISC".to_owned()])
    );
    assert_eq!(licenses("sub/own", &all), ["Zlib"]);
    let (all, _) = assembled(
        &[("REUSE.toml", &table("**", "override", "MIT")), ("sub/REUSE.toml", &table("**", "override", "ISC"))],
        files(),
    );
    assert_eq!(
        (licenses("sub/a", &all), licenses("sub/own", &all)),
        (vec!["MIT".to_owned()], vec!["MIT".to_owned()])
    );
    let (all, _) = assembled(
        &[("REUSE.toml", &table("**", "aggregate", "MIT")), ("sub/REUSE.toml", &table("**", "override", "ISC"))],
        files(),
    );
    assert_eq!(licenses("sub/own", &all), ["MIT", "ISC"]);
}

#[test]
fn dep5_is_aggregated() {
    let text = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n\
                Files: po/*.po\n po/*.pot\nCopyright: 2019 Translation Company\n 2020 Foo Inc.\nLicense: GPL-3.0-or-later\n\n\
                Files: *\nCopyright: X\nLicense: CC0-1.0\n text\n .\n more\n\nFiles: a?\nLicense: MIT and ISC\n";
    let (all, inventory) = assembled(&[(".reuse/dep5", text)], vec![tagged("po/x/de.po", "MIT"), record("ab")]);
    assert_eq!(licenses("po/x/de.po", &all), ["MIT", "CC0-1.0"]);
    assert_eq!(licenses("ab", &all), ["MIT AND ISC"]);
    assert_eq!(inventory.reuse[0].copyrights, ["2019 Translation Company", "2020 Foo Inc."]);
    assert_eq!((inventory.reuse[0].place.start_line(), inventory.reuse[0].patterns[1].1.start_line()), (3, 4));
}

#[test]
fn side_files_replace_the_tags_of_their_neighbour() {
    let mut file = tagged("a.png", "MIT");
    let mut side = tagged("a.png.license", "CC0-1.0").licenses.remove(0);
    side.place.path = RelPath::new("a.png.license");
    file.licenses.push(side);
    let (all, _) = assembled(&[], vec![file]);
    assert_eq!(licenses("a.png", &all), ["CC0-1.0"]);
}

#[test]
fn malformed_files_are_noted_with_their_line() {
    for (text, line, part) in [
        ("version = 1\n[[annotations]\n", Some(2), ""),
        ("[[annotations]]\npath = \"a\"\n", None, "version"),
        ("version = 2\n", Some(1), "version"),
        ("version = 1\nannotations = 3\n", Some(2), "annotations"),
        ("version = 1\n\n[[annotations]]\nSPDX-License-Identifier = \"MIT\"\n", Some(3), "path"),
        ("version = 1\n[[annotations]]\npath = [\"a\", 1]\n", Some(3), "path"),
        ("version = 1\n[[annotations]]\npath = \"../a\"\n", Some(3), "../a"),
        ("version = 1\n[[annotations]]\npath = \"a\"\nprecedence = \"nearest\"\n", Some(4), "precedence"),
    ] {
        let all = collect("REUSE.toml", text);
        let Some(Evidence::Unread(s)) = all.iter().find(|e| matches!(e, Evidence::Unread(_))) else {
            panic!("{text}")
        };
        assert_eq!((s.kind, s.line), (SkipReason::Malformed, line), "{text}");
        assert!(s.reason.contains(part), "{text}: {}", s.reason);
    }
}

#[test]
fn files_that_reuse_ignores() {
    for path in [
        "LICENSE",
        "sub/COPYING.txt",
        "LICENSE-MIT",
        "LICENSES/MIT.txt",
        "a.png.license",
        "REUSE.toml",
        ".reuse/dep5",
        "x.spdx.json",
        ".git/config",
    ] {
        assert!(reuse_ignored(&RelPath::new(path)), "{path}");
    }
    for path in ["src/license.rs", "LICENSEE", "a.c", "licenses/x.c", ".gitignore"] {
        assert!(!reuse_ignored(&RelPath::new(path)), "{path}");
    }
}
