use proptest::prelude::*;

use super::*;
use crate::model::{Encoding, FileKind};

fn collect(path: &str, text: &str) -> Vec<Evidence> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let file = SourceFile::text_file(&path, &name, &kind, text);
    let lower = text.to_ascii_lowercase();
    let hits: Vec<Hit> = Tags
        .interest()
        .keywords
        .iter()
        .enumerate()
        .flat_map(|(k, word)| {
            lower.match_indices(word).map(move |(at, _)| Hit { keyword: k as u16, start: at as u32 })
        })
        .collect();
    let mut out = Vec::new();
    Tags.collect(&file, &hits, &mut out);
    out
}

/// Expression, and whether it is valid, of each detection.
fn found(path: &str, text: &str) -> Vec<(String, bool)> {
    collect(path, text)
        .into_iter()
        .map(|e| match e {
            Evidence::License(d) | Evidence::LicenseOf(_, d) => (d.expression, d.invalid.is_none()),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn one(path: &str, text: &str, expression: &str) {
    assert_eq!(found(path, text), [(expression.to_owned(), true)], "{path}: {text}");
}

fn none(path: &str, text: &str) {
    assert_eq!(found(path, text), [], "{path}: {text}");
}

fn wrong(path: &str, text: &str, expression: &str, part: &str) {
    let all = collect(path, text);
    let [Evidence::License(d)] = all.as_slice() else { panic!("{text}: {all:?}") };
    assert_eq!(d.expression, expression, "{text}");
    assert!(d.invalid.as_deref().is_some_and(|why| why.contains(part)), "{text}: {:?}", d.invalid);
}

#[test]
fn comments_of_every_style() {
    for (path, text) in [
        ("a.c", "/* SPDX-License-Identifier: MIT */"),
        ("a.c", "// SPDX-License-Identifier: MIT"),
        ("a.h", "/* SPDX-License-Identifier: MIT */ #pragma once"),
        ("a.c", "/************\n * SPDX-License-Identifier: MIT            *\n ************/"),
        ("a.c", "/*\n   SPDX-License-Identifier: MIT\n*/"),
        ("a.py", "#!/usr/bin/env python3\n# SPDX-License-Identifier: MIT\n"),
        ("a.py", "\"\"\"SPDX-License-Identifier: MIT\"\"\""),
        ("a.py", "\"\"\"\nFoo.\n\nSPDX-License-Identifier: MIT\n\"\"\""),
        ("a.py", "import x  # SPDX-License-Identifier: MIT"),
        ("a.html", "<!-- SPDX-License-Identifier: MIT -->"),
        ("a.xml", "<!--\n  SPDX-License-Identifier: MIT\n-->"),
        ("a.j2", "{# SPDX-License-Identifier: MIT #}"),
        ("a.lua", "--[[ SPDX-License-Identifier: MIT ]]"),
        ("a.hs", "{- SPDX-License-Identifier: MIT -}"),
        ("a.ml", "(* SPDX-License-Identifier: MIT *)"),
        ("a.el", ";; SPDX-License-Identifier: MIT"),
        ("a.tex", "% SPDX-License-Identifier: MIT"),
        ("a.1", ".\\\" SPDX-License-Identifier: MIT"),
        ("a.f90", "! SPDX-License-Identifier: MIT"),
        ("a.f", "C SPDX-License-Identifier: MIT"),
        ("a.bat", "@REM SPDX-License-Identifier: MIT"),
        ("a.bat", ":: SPDX-License-Identifier: MIT"),
        ("configure.ac", "dnl SPDX-License-Identifier: MIT"),
        ("a.vim", "\" SPDX-License-Identifier: MIT"),
        ("a.vb", "' SPDX-License-Identifier: MIT"),
        ("a.php", "<?php // SPDX-License-Identifier: MIT"),
        ("a.rst", ".. SPDX-License-Identifier: MIT\n\nTitle\n====="),
        ("a.adoc", "// SPDX-License-Identifier: MIT\n= T"),
        ("a.md", "<!-- SPDX-License-Identifier: MIT -->\n# T"),
        ("a.md", "---\ntitle: x\n# SPDX-License-Identifier: MIT\n---\n"),
        ("a.md", "[//]: # (SPDX-License-Identifier: MIT)"),
        ("a.yml", "# SPDX-License-Identifier: MIT"),
        ("a.json", "{\"$comment\": \"SPDX-License-Identifier: MIT\",\n"),
        ("a.ipynb", "    \"# SPDX-License-Identifier: MIT\\n\",\n"),
        ("COPYING", "Provided under:\n\n\tSPDX-License-Identifier: MIT\n\nwhich is ..."),
        ("a.c", "/* Copyright 2020 Jane Doe, SPDX-License-Identifier: MIT */"),
        ("a.min.js", "/*! SPDX-License-Identifier: MIT */!function(){}"),
        ("a.c", "// SPDX-License-Identifier: MIT SPDX-FileCopyrightText: 2020 X"),
        ("a.rs", "// SPDX-License-Identifier:MIT"),
    ] {
        one(path, text, "MIT");
    }
}

#[test]
fn expressions_are_canonical_and_may_span_lines() {
    one("a.dts", "/* SPDX-License-Identifier: (GPL-2.0+ or MIT) */", "(GPL-2.0+ OR MIT)");
    one("a.c", "/* SPDX-License-Identifier: (GPL-2.0-only OR\n *   MIT)\n */", "(GPL-2.0-only OR MIT)");
    one("a.c", "// SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note", "GPL-2.0 WITH Linux-syscall-note");
    one("a.c", "// (SPDX-License-Identifier: MIT)", "MIT");
}

#[test]
fn talk_about_tags_is_nothing() {
    for (path, text) in [
        ("a.py", "header = \"SPDX-License-Identifier: MIT\""),
        ("a.py", "x = 'SPDX-License-Identifier: ' + id"),
        ("a.py", "T = \"\"\"\n# SPDX-License-Identifier: MIT\n\"\"\""),
        ("a.rs", "format!(\"// SPDX-License-Identifier: {}\", id)"),
        ("a.rs", "let t = r#\"\n// SPDX-License-Identifier: MIT\n\"#;"),
        ("a.rs", "/// ```\n/// SPDX-License-Identifier: MIT\n/// ```"),
        ("a.go", "const t = `\n// SPDX-License-Identifier: MIT\n`"),
        ("a.sh", "cat <<EOF\n# SPDX-License-Identifier: MIT\nEOF"),
        ("a.sh", "grep -q 'SPDX-License-Identifier: MIT' \"$f\""),
        ("a.sh", "echo \"# SPDX-License-Identifier: $ID\""),
        ("a.pl", "if (/SPDX-License-Identifier:\\s*(.*)/) {"),
        ("a.c", "// the tag `SPDX-License-Identifier: MIT` says so"),
        ("a.c", "// Every file has an SPDX-License-Identifier: it names the license."),
        ("a.c", "// SPDX-License-Identifier: <id>"),
        ("a.c", "// SPDX-License-Identifier: ..."),
        ("a.c", "// SPDX-License-Identifier:"),
        ("a.c", "// the SPDX-License-Identifier tag"),
        ("a.c", "// SPDX-License-Identifier tags are read by tools"),
        ("a.c", "// SPDX-License-Identifier: MIT goes into the first line of each file"),
        ("a.md", "Use `SPDX-License-Identifier: MIT` in each file."),
        ("a.md", "```c\n// SPDX-License-Identifier: MIT\n```"),
        ("a.md", "    // SPDX-License-Identifier: MIT"),
        ("a.md", "Add SPDX-License-Identifier: MIT"),
        ("a.rst", "::\n\n    // SPDX-License-Identifier: MIT"),
        ("a.html", "<pre>\n// SPDX-License-Identifier: MIT\n</pre>"),
        ("a.yaml", "content: |\n  SPDX-License-Identifier: MIT"),
        ("a.json", "{\"header\": \"SPDX-License-Identifier: MIT\"}"),
        ("REUSE.toml", "SPDX-License-Identifier = \"MIT\""),
        ("a.toml", "SPDX-License-Identifier = \"MIT\""),
        ("LICENSES/preferred/GPL-2.0", "    SPDX-License-Identifier: GPL-2.0-only"),
        ("a.spdx", "# SPDX-License-Identifier: MIT"),
    ] {
        none(path, text);
    }
    let far = format!("# T\n{}\nSPDX-License-Identifier: MIT\n{}", "text\n".repeat(50), "text\n".repeat(50));
    none("a.md", &far);
}

#[test]
fn malformed_tags_are_reported_with_the_remedy() {
    wrong("a.c", "// SPDX-Licence-Identifier: MIT", "MIT", "SPDX-License-Identifier:");
    wrong("a.c", "// SPDX-License-Identifer: MIT", "MIT", "SPDX-License-Identifier:");
    wrong("a.c", "// spdx-license-identifier: MIT", "MIT", "SPDX-License-Identifier:");
    wrong("a.c", "// SPDX-License: MIT", "MIT", "SPDX-License-Identifier:");
    wrong("a.c", "// SPDX-License-Identifier MIT", "MIT", "colon");
    wrong("a.c", "// SPDX-License-Identifier : MIT", "MIT", "colon");
    wrong("a.c", "// SPDX-License-Identifier: mit", "MIT", "`MIT`");
    wrong("a.c", "// SPDX-License-Identifier: apache-2.0 OR MIT", "Apache-2.0 OR MIT", "`Apache-2.0`");
    wrong("a.c", "// SPDX-License-Identifier: GPLv3", "GPLv3", "GPL-3.0");
    wrong("a.c", "// SPDX-License-Identifier: MIT/Apache-2.0", "MIT/Apache-2.0", "`/`");
    wrong("a.c", "// SPDX-License-Identifier: MIT License", "MIT", "License");
    wrong("a.c", "// SPDX-License-Identifier: Proprietary", "Proprietary", "SPDX License List");
    wrong("a.c", "// SPDX-License-Identifier: MIT Apache-2.0", "MIT Apache-2.0", "AND");
}

#[test]
fn ignore_blocks_and_snippets() {
    none("a.sh", "# REUSE-IgnoreStart\n# SPDX-License-Identifier: MIT\n# REUSE-IgnoreEnd\n");
    let text = "# SPDX-License-Identifier: MIT\n# SPDX-SnippetBegin\n# SPDX-License-Identifier: ISC\n\
                # SPDX-SnippetBegin\n# SPDX-SnippetEnd\n# SPDX-License-Identifier: 0BSD\n# SPDX-SnippetEnd\n\
                # SPDX-License-Identifier: Zlib\n";
    let snippets: Vec<(String, bool)> = collect("a.py", text)
        .into_iter()
        .filter_map(|e| match e {
            Evidence::License(d) => Some((d.expression, d.snippet)),
            _ => None,
        })
        .collect();
    let want = [("MIT", false), ("ISC", true), ("0BSD", true), ("Zlib", false)];
    assert_eq!(snippets, want.map(|(e, s)| (e.to_owned(), s)));
}

#[test]
fn side_files_speak_of_their_neighbour() {
    let all = collect("img/a.png.license", "SPDX-FileCopyrightText: 2020 X\n\nSPDX-License-Identifier: CC0-1.0\n");
    let [Evidence::LicenseOf(path, detection)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((path.as_str(), detection.expression.as_str()), ("img/a.png", "CC0-1.0"));
    assert_eq!(detection.place.path.as_str(), "img/a.png.license");
}

#[test]
fn the_place_is_the_tag_with_its_value() {
    let all = collect("a.c", "int x;\n/* SPDX-License-Identifier: MIT */\n");
    let [Evidence::License(d)] = all.as_slice() else { panic!("{all:?}") };
    let region = d.place.region.as_ref().unwrap();
    assert_eq!((region.start_line, region.start_column, region.end_line, region.end_column), (2, 4, 2, 32));
}

proptest! {
    #[test]
    fn any_text_is_survived_and_regions_are_sane(
        parts in prop::collection::vec(
            prop_oneof![
                Just("SPDX-License-Identifier".to_owned()), Just(": ".to_owned()), Just("MIT".to_owned()),
                Just("SPDX-SnippetBegin\n".to_owned()), Just("(".to_owned()), Just("*/".to_owned()),
                Just("// ".to_owned()), Just("\n".to_owned()), Just("\"".to_owned()), "\\PC{0,8}"
            ],
            0..24,
        ),
        ext in prop_oneof![Just("c"), Just("md"), Just("rst"), Just("py"), Just("json"), Just("sh"), Just("")],
    ) {
        let text = parts.concat();
        for evidence in collect(&format!("a.{ext}"), &text) {
            let Evidence::License(d) = evidence else { continue };
            let r = d.place.region.unwrap();
            prop_assert!(r.start_line >= 1 && r.start_line <= r.end_line);
            prop_assert!(r.start_line < r.end_line || r.start_column < r.end_column);
            prop_assert!(d.invalid.is_some() || crate::collect::expression::is_valid(&d.expression));
        }
    }
}
