use proptest::prelude::*;

use super::*;
use crate::model::{Encoding, FileKind};

fn collect(path: &str, text: &str) -> Vec<Evidence> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let file = SourceFile::text_file(&path, &name, &kind, text);
    let lower = text.to_ascii_lowercase();
    let mut hits = Vec::new();
    for (k, word) in Copyrights.interest().keywords.iter().enumerate() {
        hits.extend(lower.match_indices(word).map(|(at, _)| Hit { keyword: k as u16, start: at as u32 }));
    }
    let mut out = Vec::new();
    Copyrights.collect(&file, &hits, &mut out);
    out
}

fn holders(path: &str, text: &str) -> Vec<String> {
    collect(path, text)
        .into_iter()
        .map(|e| match e {
            Evidence::Copyright(c) | Evidence::CopyrightOf(_, c) => c.holder,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn statements_in_comments_of_every_style() {
    for (path, text, want) in [
        ("a.c", "/* Copyright (c) 2010-2020 Jane Doe <j@x.org>, Foo Inc. */", "Jane Doe, Foo Inc."),
        ("a.c", "// © 2021 X", "X"),
        ("a.c", "/*\n * (C) 2019 Y\n */", "Y"),
        ("a.py", "# SPDX-FileCopyrightText: 2020 Jane Doe <j@x.org>", "Jane Doe"),
        ("a.py", "# SPDX-SnippetCopyrightText: 2020 Jane Doe", "Jane Doe"),
        ("a.c", "/*\n * Copyright (C) 1999, 2000 by Foo\n */", "Foo"),
        ("a.html", "<p>&copy; 2020 Foo Corp</p>", "Foo Corp"),
        ("a.1", ".\\\" \\(co 2001 Foo Corp", "Foo Corp"),
        ("a.c", "/*\n * Copyright (C) 1991, 1992,\n *   1993 Free Software\n */", "Free Software"),
        (
            "a.c",
            "/*\n * Copyright (c) 1990\n *\tThe Regents of the University of California.  All rights reserved.\n */",
            "The Regents of the University of California",
        ),
        ("a.go", "// Copyright The Foo Authors", "The Foo Authors"),
        ("a.go", "// Copyright 2009 The Go Authors. All rights reserved.", "The Go Authors"),
        ("a.py", "__copyright__ = \"Copyright 2019, Jane Doe\"", "Jane Doe"),
        ("a.c", "printf(\"Copyright (C) 2019 Jane Doe\\n\");", "Jane Doe"),
        ("a.txt", "(c) Copyright 2019 Foo Corp.", "Foo Corp."),
        ("a.md", "Copyright © 2020 [Foo](https://foo.org)", "Foo"),
        ("LICENSE", "Copyright (c) 2016 Alice\n\nPermission is hereby granted", "Alice"),
        ("a.c", "/* Portions Copyright (c) 2001 Foo Corp */", "Foo Corp"),
        ("a.java", "/**\n * @copyright 2020 Foo Corp\n */", "Foo Corp"),
        ("a.m4", "dnl Copyright (C) 2003 Jane Doe", "Jane Doe"),
        ("a.tex", "% Copyright 2003 Jane Doe", "Jane Doe"),
        ("a.h", "/* This file is Copyright (c) 2020 by Foo Ltd. */", "Foo Ltd."),
        ("NOTICE", "Foo\nCopyright 2020 The Apache Software Foundation", "The Apache Software Foundation"),
    ] {
        assert_eq!(holders(path, text), [want], "{path}: {text}");
    }
}

#[test]
fn prose_code_and_templates_are_no_statements() {
    for (path, text) in [
        ("a.txt", "Redistributions must retain the above copyright notice, this list"),
        ("a.txt", "THE COPYRIGHT HOLDERS AND CONTRIBUTORS"),
        ("a.txt", "Copyright holders may be liable."),
        ("a.txt", "Copyright Law of 1976"),
        ("LICENSE", "Copyright (c) [year] [fullname]"),
        ("LICENSE", "Copyright [yyyy] [name of copyright owner]"),
        ("COPYING", "    Copyright (C) <year>  <name of author>"),
        ("a.po", "# Copyright (C) YEAR THE PACKAGE'S COPYRIGHT HOLDER"),
        ("a.py", "self.copyright = copyright"),
        ("a.py", "copyright = get_copyright(2019)"),
        ("a.c", "printf(\"Copyright %s\", x);"),
        ("a.js", "const text = `Copyright ${year} Foo`;"),
        ("a.js", "f(c) 2000"),
        ("a.rs", "// checks that a copyright statement is there"),
        ("a.rs", "let c = '©';"),
        ("a.md", "Write `Copyright (c) 2020 Foo` there."),
        ("a.sh", "# REUSE-IgnoreStart\n# Copyright 2020 Foo Corp\n# REUSE-IgnoreEnd\n"),
        ("a.txt", "(c) You must retain, in the Source form, all copyright, patent, trademark notices"),
        (
            "a.c",
            "/* Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>\n Everyone is permitted to copy and distribute verbatim copies */",
        ),
        ("a.html", "<a href=\"#\">Copyright Policy</a>"),
        ("a.txt", "to claim copyright in 2010 was"),
    ] {
        assert_eq!(holders(path, text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn several_statements_keep_their_places() {
    let all = collect("a.c", "/* Copyright 2019 A Corp\n * Copyright (c) 2020\n *   B Corp\n */\n");
    let [Evidence::Copyright(a), Evidence::Copyright(b)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((a.statement.as_str(), a.place.start_line()), ("Copyright 2019 A Corp", 1));
    assert_eq!((b.statement.as_str(), b.place.start_line()), ("Copyright (c) 2020 B Corp", 2));
    assert_eq!(b.place.region.as_ref().map(|r| (r.end_line, r.end_column)), Some((3, 12)));
}

#[test]
fn side_files_speak_of_their_neighbour() {
    let all = collect("a.png.license", "SPDX-FileCopyrightText: 2020 Foo\n");
    let [Evidence::CopyrightOf(path, c)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((path.as_str(), c.holder.as_str()), ("a.png", "Foo"));
}

proptest! {
    #[test]
    fn any_text_is_survived_and_regions_are_sane(
        parts in prop::collection::vec(
            prop_oneof![
                Just("Copyright".to_owned()), Just(" (c) ".to_owned()), Just(" 2010, ".to_owned()), Just("Foo".to_owned()),
                Just("©".to_owned()), Just("\n * ".to_owned()), Just("\r\n".to_owned()), Just("SPDX-FileCopyrightText: ".to_owned()),
                Just("<".to_owned()), Just("(".to_owned()), Just("*/".to_owned()), "\\PC{0,8}"
            ],
            0..24,
        ),
        ext in prop_oneof![Just("c"), Just("md"), Just("py"), Just("sh"), Just("")],
    ) {
        for evidence in collect(&format!("a.{ext}"), &parts.concat()) {
            let Evidence::Copyright(c) = evidence else { continue };
            let r = c.place.region.unwrap();
            prop_assert!(r.start_line < r.end_line || r.start_column < r.end_column);
            prop_assert!(!c.statement.is_empty() && !c.statement.contains('\n'));
        }
    }
}
