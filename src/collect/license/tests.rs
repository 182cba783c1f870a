//! What the collector reports for the files under `fixtures/licenses`.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::model::{DetectionKind, Encoding, FileKind, RelPath};

fn detect_text(text: &str) -> Vec<Detection> {
    let path = RelPath::new("LICENSE");
    let kind = FileKind::Text(Encoding::Utf8);
    detect(&SourceFile::text_file(&path, "license", &kind, text))
}

fn fixture(name: &str) -> Vec<Detection> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/licenses").join(name);
    detect_text(&std::fs::read_to_string(path).unwrap())
}

fn only(name: &str) -> (Detection, crate::model::TextMatch) {
    let mut all = fixture(name);
    assert_eq!(all.len(), 1, "{all:?}");
    let one = all.remove(0);
    let text = one.text.clone().unwrap();
    (one, text)
}

#[test]
fn a_text_in_a_comment_is_exact_and_has_its_lines() {
    let (found, text) = only("mit-comment.txt");
    assert_eq!((found.expression.as_str(), found.kind, found.score), ("MIT", DetectionKind::Text, 1.0));
    assert!(text.exact && text.placeholders.is_empty() && text.riders.is_empty());
    let region = found.place.region.unwrap();
    assert_eq!((region.start_line, region.end_line), (3, 14));
}

#[test]
fn unfilled_fields_are_placed() {
    let (found, text) = only("mit-placeholder.txt");
    assert_eq!((found.expression.as_str(), text.exact), ("MIT", true));
    let fields: Vec<u32> = text.placeholders.iter().map(|p| p.start_line()).collect();
    assert_eq!(fields, [3]);
}

/// What a source file states, without clues.
fn stated(path: &str, text: &str) -> Vec<String> {
    let path = RelPath::new(path);
    let (name, kind) = (path.name().to_lowercase(), FileKind::Text(Encoding::Utf8));
    let found = detect(&SourceFile::text_file(&path, &name, &kind, text));
    found.into_iter().filter(|d| d.kind != DetectionKind::Clue).map(|d| d.expression).collect()
}

#[test]
fn statements_without_a_word_for_licenses_are_searched_for() {
    let keywords = LicenseFiles.interest().keywords;
    for text in [
        "# for terms of use, see http://www.unicode.org/terms_of_use.html",
        "this file can be used freely",
        "the code is in the public domain",
        "for conditions of distribution and use, see the accompanying readme file",
    ] {
        assert!(keywords.iter().any(|keyword| text.contains(keyword)), "{text}");
    }
    let head =
        "# Copyright (c) 1991-2006 Unicode, Inc.\n# For terms of use, see http://www.unicode.org/terms_of_use.html\n";
    assert_eq!(stated("data.txt", head), ["Unicode-TOU"]);
}

#[test]
fn a_port_to_a_country_stands_for_the_license_that_it_ports() {
    let link = "<p>licensed under a <a href=\"http://creativecommons.org/licenses/by/3.0/de/\">CC BY 3.0 DE</a>.</p>";
    assert_eq!(stated("a.html", link), ["CC-BY-3.0-DE"]);
}

#[test]
fn a_choice_without_versions_is_what_the_rest_of_the_file_says() {
    let text = format!(
        "/*\n * This file is dual-licensed: you can use it either under the terms of the GPL or the X11 license, at your option.\n *\n * a) \
         This file is free software; you can redistribute it and/or modify it under the terms of the GNU General Public License as \
         published by the Free Software Foundation; either version 2 of the License, or (at your option) any later version.\n *\n * Or, \
         alternatively,\n *\n * b) {}\n */\n",
        words_of("MIT", true)
    );
    let found = stated("a.dts", &text);
    assert_eq!(found[0], "GPL-2.0-or-later OR MIT", "{found:?}");
    assert!(!found.iter().any(|f| f.contains("X11") || f.contains("GPL-1.0")), "{found:?}");
}

#[test]
fn an_address_says_nothing_of_later_versions() {
    let dual = "# dual licensed under the terms of the MIT license\n# <https://opensource.org/license/MIT>, and GPL version 2 or later\n\
                # <http://www.gnu.org/licenses/gpl-2.0.html>.\n";
    assert_eq!(stated("a.sh", dual), ["MIT OR GPL-2.0-or-later"]);
    assert_eq!(
        stated("a.ny", ";; License: GPL v2+\n;; http://www.gnu.org/licenses/gpl-2.0.html\n"),
        ["GPL-2.0-or-later"]
    );
    let fields = "/*\nLicense: GPLv2 or later\nLicense URI: https://www.gnu.org/licenses/gpl-2.0.html\n*/\n";
    assert_eq!(stated("a.php", fields), ["GPL-2.0-or-later"]);
}

#[test]
fn what_a_history_tells_of_licenses_is_no_statement() {
    let entries = "2009-03-01  Ann Example\n\n\t* COPYING: Update the license to GPLv3.\n\t* src/a.c: Relicense under the LGPL v2.1.\n";
    for name in ["ChangeLog", "CHANGES.md", "NEWS", "doc/ChangeLog-2009"] {
        assert_eq!(stated(name, entries), [""; 0], "{name}");
    }
    let own = format!("{entries}\n This file is distributed under the terms of the GNU GPL version 2.\n");
    assert_eq!(stated("ChangeLog", &own), ["GPL-2.0-only"]);
    // A program about changes is none.
    assert_eq!(stated("changes.py", "# Licensed under the MIT license\n"), ["MIT"]);
}

#[test]
fn the_texts_below_the_terms_of_perl_are_what_they_name() {
    for gpl in ["GPL-1.0-only", "GPL-2.0-only"] {
        let both = format!("{}\n\n{}", words_of(gpl, true), words_of("Artistic-1.0", true));
        let text = format!("This is free software under the same terms as Perl itself.\n\n{both}\n");
        assert_eq!(
            stated("a.txt", &text),
            ["GPL-1.0-or-later OR Artistic-1.0-Perl", "GPL-1.0-or-later", "Artistic-1.0-Perl"]
        );
    }
}

#[test]
fn items_of_a_list_of_licenses_state_nothing() {
    let names =
        ["GPL-2.0", "LGPL-2.1", "IJG", "Apache-2.0", "Artistic-2.0", "MPL-1.1", "OLDAP-2.0", "EPL-2.0", "BSL-1.0"];
    let items: String = names.iter().map(|name| format!("  <item>{name}</item>\n")).collect();
    assert_eq!(stated("a.xml", &format!("<list name=\"open source licenses\">\n{items}</list>\n")), [""; 0]);
}

#[test]
fn code_that_names_many_licenses_works_with_them() {
    let names = ["GPL v2", "LGPL v2.1", "MIT", "Apache 2.0", "Artistic 2.0", "MPL 1.1", "ISC", "Zlib", "BSL 1.0"];
    let table: String = names.iter().map(|name| format!("    'licensed under the {name} license': 1,\n")).collect();
    assert_eq!(stated("a.py", &format!("# This is licensed under the MIT license.\nBY = {{\n{table}}}\n")), ["MIT"]);
}

#[test]
fn a_word_that_is_cut_at_the_end_of_a_line_is_one() {
    let text = words_of("BSD-2-Clause", true);
    let cut = text.replace("modification", "modifica-\n * tion").replace("disclaimer", "dis-\n * claimer");
    assert_ne!(text, cut);
    let found = detect_text(&format!("/*\n * {cut}\n */\n"));
    let found: Vec<(&str, bool)> =
        found.iter().map(|d| (d.expression.as_str(), d.text.as_ref().is_some_and(|text| text.exact))).collect();
    assert_eq!(found, [("BSD-2-Clause", true)]);
}

const OFFER: &str = "ALTERNATIVELY, this product may be distributed under the terms of the GNU General Public License, in which case the \
                     provisions of the GPL are required INSTEAD OF the above restrictions. (This clause is necessary due to a potential bad \
                     interaction between the GPL and the restrictions contained in a BSD-style copyright.)\n\n";

#[test]
fn an_offer_between_conditions_and_disclaimer_is_no_part_of_the_text() {
    let text = words_of("BSD-3-Clause", true);
    let at = text.find("this is provided").unwrap();
    let found = stated("a.c", &format!("/*\n{}\n{OFFER}{}\n*/\n", &text[..at], &text[at..]));
    assert_eq!(found, ["BSD-3-Clause OR GPL-1.0-or-later"]);
    let tso = words_of("BSD-3-Clause-Tso", true);
    let at = tso.find("this software is provided").unwrap();
    let found = stated("a.c", &format!("/*\n{}\n{OFFER}{}\n*/\n", &tso[..at], &tso[at..]));
    assert_eq!(found, ["BSD-3-Clause-Tso OR GPL-1.0-or-later"]);
    let later = "Alternatively, this software may be distributed under the terms of the GNU General Public License as published by \
                 the Free Software Foundation; either version 2 of the License, or (at your option) any later version.\n\n";
    let shout = text[at..].replacen("this is provided", "THIS SOFTWARE IS PROVIDED", 1);
    let found = stated("a.c", &format!("/*\n{}\n{later}{shout}\n*/\n", &text[..at]));
    assert_eq!(found, ["BSD-3-Clause OR GPL-2.0-or-later"]);
    // What stands behind the next claim of copyright is not about the text before it.
    let other = format!("{text}\n\nCopyright (c) 2020 Ann Example\n\nDo as you like.\n\n{OFFER}");
    assert_eq!(stated("a.txt", &other)[0], "BSD-3-Clause");
}

#[test]
fn a_choice_with_the_page_of_another_cddl_means_that_one() {
    let text = |page: &str| {
        format!(
            "/*\n * The contents of this file are subject to the terms of either the GNU\n * General Public License Version 2 only \
             (\"GPL\") or the Common Development\n * and Distribution License(\"CDDL\") (collectively, the \"License\"). You can \
             obtain\n * a copy of the License at\n * https://glassfish.dev.java.net/public/{page}\n */\n"
        )
    };
    assert_eq!(stated("A.java", &text("CDDL+GPL_1_1.html")), ["GPL-2.0-only OR CDDL-1.1"]);
    assert_eq!(stated("A.java", &text("CDDL+GPL.html")), ["GPL-2.0-only OR CDDL-1.0"]);
}

#[test]
fn a_bsd_license_may_have_another_disclaimer() {
    let text = words_of("BSD-3-Clause", true);
    let at = text.find("this is provided").unwrap();
    let short = "THIS SOFTWARE IS PROVIDED ``AS IS'' AND WITHOUT ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, WITHOUT LIMITATION, THE \
                 IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE.";
    let found = detect_text(&format!("{}\n\n{short}\n", &text[..at]));
    assert_eq!(found.iter().map(|d| d.expression.as_str()).collect::<Vec<_>>(), ["BSD-3-Clause"]);
    assert!(!found[0].text.as_ref().unwrap().exact);
    let words = words_of("BSD-2-Clause", true);
    let gnu = "This library is distributed in the hope that it will be useful, but WITHOUT ANY WARRANTY; without even the \
               implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.";
    let found = detect_text(&format!("{}\n\n{gnu}\n", &words[..words.find("this is provided").unwrap()]));
    assert_eq!(found.iter().map(|d| d.expression.as_str()).collect::<Vec<_>>(), ["BSD-2-Clause"]);
    // A further condition makes it another license.
    let more = "4. You must not use this software in a nuclear power plant or for any purpose that its author dislikes, of \
                which a list is kept in her office.";
    let found = detect_text(&format!("{}\n\n{more}\n\n{short}\n", &text[..at]));
    assert!(!found.iter().any(|d| d.expression == "BSD-3-Clause"), "{found:?}");
}

#[test]
fn the_text_behind_a_choice_is_a_part_of_it() {
    let gpl = "This program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public License as \
               published by the Free Software Foundation; either version 2 of the License, or (at your option) any later version.\n\n";
    let text = words_of("BSD-3-Clause", true);
    let header = format!(
        "/* {gpl} Alternatively you can redistribute this file under the terms of the BSD license as stated below:\n\n {text} */\n"
    );
    let choice = "GPL-2.0-or-later OR BSD-3-Clause";
    assert_eq!(stated("a.h", &header), [choice, choice]);
    let both = format!("/* {gpl} It also has parts under these terms:\n\n {text} */\n");
    assert_eq!(stated("a.h", &both), ["GPL-2.0-or-later", "BSD-3-Clause"]);
}

#[test]
fn the_text_of_a_manual_has_the_sections_that_its_notice_names() {
    let notice = "under the terms of the GNU Free Documentation License, Version 1.3 or any later version; with no Invariant Sections";
    let text =
        format!("Permission is granted to copy this document {notice}.\n\n{}\n", words_of("GFDL-1.3-only", true));
    let name = "GFDL-1.3-no-invariants-or-later";
    assert_eq!(stated("a.texi", &text), [name, name]);
}

#[test]
fn an_exception_within_a_notice_is_found_among_all_that_is_worded_as_the_notice() {
    let text = "\
# GNU Libtool is free software; you can redistribute it and/or modify
# it under the terms of the GNU General Public License as published by
# the Free Software Foundation; either version 2 of the License, or
# (at your option) any later version.
#
# As a special exception to the GNU General Public License, if you
# distribute this file as part of a program or library that is built
# using GNU Libtool, you may include this file under the same
# distribution terms that you use for the rest of that program.
#
# GNU Libtool is distributed in the hope that it will be useful, but
# WITHOUT ANY WARRANTY; without even the implied warranty of
# MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
# GNU General Public License for more details.
#
# You should have received a copy of the GNU General Public License
# along with this program.  If not, see <http://www.gnu.org/licenses/>.
";
    assert_eq!(stated("libtool.m4", text), ["GPL-2.0-or-later WITH Libtool-exception"]);
}

#[test]
fn tables_of_a_script_and_names_that_a_program_shows_state_nothing() {
    let names = ["GPL v2", "LGPL v2.1", "MIT", "Apache 2.0", "Artistic 2.0", "MPL 1.1", "ISC", "EPL 2.0", "BSL 1.0"];
    let table: String = names.iter().map(|name| format!("    'licensed under the {name} license' => 1,\n")).collect();
    let module = format!(
        "# This is licensed under the MIT license.\nmy %by = (\n{table});\n\n=head1 LICENSE\n\nLicensed under the ISC license.\n"
    );
    assert_eq!(stated("A.pm", &module), ["MIT", "ISC"]);
    let shown: String =
        names.iter().map(|name| format!("msgctxt \"license\"\nmsgid \"{name}\"\nmsgstr \"{name}\"\n\n")).collect();
    assert_eq!(stated("a.po", &shown), [""; 0]);
    // What the comment at its head says is said of the file.
    let head = "# This file is distributed under the GPL version 3.\n";
    let shown = shown.replace("msgstr \"", "msgstr \"ліцензія ");
    assert_eq!(stated("a.po", &format!("{head}{shown}")), ["GPL-3.0-only"]);
}

#[test]
fn the_last_license_of_latex_is_told_by_the_year_of_latex() {
    let notice = |year: &str| {
        format!(
            "%% under the conditions of the LaTeX Project Public License, either version 1.3\n%% of this license or (at your option) any \
             later version.\n%% The latest version of this license is in\n%%   http://www.latex-project.org/lppl.txt\n%% and version 1.3 or \
             later is part of all distributions of LaTeX\n%% version {year}/12/01 or later.\n"
        )
    };
    assert_eq!(stated("a.sty", &notice("2003")), ["LPPL-1.3a"]);
    assert_eq!(stated("a.sty", &notice("2005")), ["LPPL-1.3c"]);
}

#[test]
fn a_license_with_a_change_is_not_the_license_without() {
    let mpl = "/* This Source Code Form is subject to the terms of the Mozilla Public\n * License, v. 2.0. If a copy of the MPL was not \
               distributed with this\n * file, You can obtain one at https://mozilla.org/MPL/2.0/.\n *";
    let added = "\n * This Source Code Form is \"Incompatible With Secondary Licenses\", as\n * defined by the Mozilla Public License, v. 2.0.";
    assert_eq!(stated("a.c", &format!("{mpl}{added}\n */\n")), ["MPL-2.0-no-copyleft-exception"]);
    assert_eq!(stated("a.c", &format!("{mpl}/\n")), ["MPL-2.0"]);
}

#[test]
fn files_that_an_rpm_spec_lists_state_nothing() {
    let spec = "Name: a\nLicense: MIT\n\n%files libs\n%license COPYING-GPLV2 COPYING-LGPLV3\n%{_libdir}/liba.so\n";
    assert!(stated("a.spec", spec).iter().all(|id| id == "MIT"), "{:?}", stated("a.spec", spec));
}

#[test]
fn a_dedication_is_told_by_the_page_below_it() {
    let text = "/* Any copyright is dedicated to the Public Domain.\n * http://creativecommons.org/publicdomain/zero/1.0/ */\n";
    assert_eq!(stated("a.js", text), ["CC0-1.0"]);
}

#[test]
fn texts_that_a_system_has_say_nothing_beside_a_statement() {
    let gpl = "This program is free software: you can redistribute it and/or modify\nit under the terms of the GNU General Public \
               License as published by\nthe Free Software Foundation, either version 2 of the License, or\n(at your option) any later \
               version.\n\n";
    let system = "On Debian systems, the complete text of the GNU General\nPublic License version 3 can be found in \
                  \"/usr/share/common-licenses/GPL-3\".\n";
    assert_eq!(stated("a.txt", &format!("{gpl}{system}")), ["GPL-2.0-or-later"]);
    assert_eq!(stated("a.txt", system), ["GPL-3.0-only"]);
}

#[test]
fn of_two_versions_that_hardly_differ_the_title_tells() {
    let text = words_of("CDDL-1.1", true);
    let body = &text[text.find("definitions").unwrap()..];
    let of = |version: &str| {
        let title = format!("COMMON DEVELOPMENT AND DISTRIBUTION LICENSE (CDDL)\nVersion {version}\n\n");
        stated("LICENSE", &format!("{title}{}\n", body.replacen("oracle", "foo", 1)))
    };
    assert_eq!(of("1.0"), ["CDDL-1.0"]);
    assert_eq!(of("1.1"), ["CDDL-1.1"]);
}

#[test]
fn a_text_that_grants_nothing_is_not_the_one_that_it_denies() {
    let mit = words_of("MIT", true);
    let grant = mit.find("permission is hereby granted").unwrap();
    let of = |text: String| stated("LICENSE", &format!("{text}\n"));
    assert_eq!(of(mit[grant..].to_owned()), ["MIT"]);
    for (from, to) in [("hereby granted", "hereby NOT granted"), ("permission is hereby", "No permission is hereby")]
    {
        assert_eq!(of(mit[grant..].replacen(from, to, 1)), ["LicenseRef-unidentified"], "{to}");
    }
    let bsd = words_of("BSD-2-Clause", true);
    let text = bsd[bsd.find("redistribution and use").unwrap()..].replacen("are permitted", "are not permitted", 1);
    assert_eq!(of(text), ["LicenseRef-unidentified"]);
}

#[test]
fn licenses_below_an_offer_are_a_choice() {
    let gpl = "You may choose to be licensed under the terms of the GNU General Public License (GPL) Version 2, available from\n \
               * the file COPYING, or the OpenIB.org BSD license below:\n *\n";
    let text = words_of("Linux-OpenIB", true);
    let text = &text[text.find("redistribution and use").unwrap()..];
    let offer = " * This software is available to you under a choice of one of two\n * licenses. ";
    assert_eq!(stated("a.c", &format!("/*\n{offer}{gpl} * {text}\n */\n")), ["GPL-2.0-only OR Linux-OpenIB"]);
    let bsd = words_of("BSD-3-Clause", true);
    let either = "This file is provided under a dual BSD/GPLv2 license. When using or redistributing this file, you may do so\n  under \
                  either license.\n\n  GPL LICENSE SUMMARY\n\n  it under the terms of version 2 of the GNU General Public License as \
                  published by\n  the Free Software Foundation.\n\n  BSD LICENSE\n\n";
    assert_eq!(stated("a.c", &format!("/*\n  {either}  {bsd}\n */\n")), ["BSD-3-Clause OR GPL-2.0-only"]);
    let both = format!("/* This is licensed under the GPL version 2.\n\n {bsd} */\n");
    assert_eq!(stated("a.c", &both), ["GPL-2.0-only", "BSD-3-Clause"]);
    let addresses = "/* Dual licensed under the MIT (http://www.opensource.org/licenses/mit-license.php)\n * and GPL \
                     (http://www.opensource.org/licenses/gpl-license.php) licenses. */\n";
    assert_eq!(stated("a.js", addresses), ["MIT OR GPL-1.0-or-later"]);
}

#[test]
fn the_sentence_that_says_where_a_copy_is_tells_the_version_of_a_name() {
    let of = |text: &str| detect_text(text).remove(0).expression;
    let text = "/* The code is licensed under the GNU Lesser General Public License. You may obtain a copy of the GNU\n\
                 * Lesser General Public License Version 2.1 or later at the following locations: */\n";
    assert_eq!(of(text), "LGPL-2.1-or-later");
    let text = "/* Released under the GNU GPL. You should have received a copy of the GNU General Public License,\n\
                 * version 3, with this program. */\n";
    assert_eq!(of(text), "GPL-3.0-only");
    // A copy of another license tells nothing.
    let text =
        "/* Released under the GNU GPL. See the GNU Lesser General Public License version 2.1 for details. */\n";
    assert_eq!(of(text), "GPL-1.0-or-later");
}

#[test]
fn the_dedication_beside_it_tells_what_puts_a_file_in_the_public_domain() {
    let cc0 = "http://creativecommons.org/publicdomain/zero/1.0/";
    let of = |text: &str| detect_text(text).iter().map(|d| d.expression.clone()).collect::<BTreeSet<_>>();
    let only = |id: &str| BTreeSet::from([id.to_owned()]);
    assert_eq!(of(&format!("/* This file is in the public domain, see {cc0} */\n")), only("CC0-1.0"));
    assert_eq!(
        of("/* Placed into the public domain. For details, see <http://unlicense.org>. */\n"),
        only("Unlicense")
    );
    // Without the address the words of the dedication tell it.
    let notice = "/* To the extent possible under law, Ann has waived all copyright and related or\n * neighboring rights to \
                  this library. */\n";
    assert_eq!(of(notice), only("CC0-1.0"));
    let notice = "/* The author has dedicated all copyright and related and neighboring rights to this\n * software to the \
                  public domain worldwide. */\n";
    assert_eq!(of(notice), only("CC0-1.0"));
    assert_eq!(of("/* Placed into the public domain by Ann. */\n"), only("LicenseRef-public-domain"));
}

#[test]
fn an_address_tells_the_version_of_a_name() {
    let text = "/* See the enclosed file COPYING for license information (LGPL). If you did\n * not receive this file, see \
                http://www.gnu.org/licenses/lgpl-2.1.html. */\n";
    assert_eq!(stated("a.c", text), ["LGPL-2.1-only"]);
}

#[test]
fn the_short_form_of_mozillas_choice_says_less_than_the_notice_below_it() {
    let text = "/* Version: MPL 1.1/GPL 2.0/LGPL 2.1\n *\n * The contents of this file are subject to the Mozilla Public License \
                Version\n * 1.1 (the \"License\"). You may obtain a copy of the License at\n * https://www.mozilla.org/MPL/\n *\n * \
                Alternatively, the contents of this file may be used under the terms of\n * either the GNU General Public License Version \
                2 or later (the \"GPL\"), or\n * the GNU Lesser General Public License Version 2.1 or later (the \"LGPL\"), in\n * \
                which case the provisions of the GPL or the LGPL apply. */\n";
    assert_eq!(stated("a.js", text), ["MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later"]);
}

#[test]
fn the_text_of_an_exception_belongs_to_the_notice_beside_it() {
    let notice = "# This file is free software; you can redistribute it and/or modify it\n# under the terms of the GNU General Public License as \
                  published by\n# the Free Software Foundation; either version 3 of the License, or\n# (at your option) any later version.\n#\n# This \
                  program is distributed in the hope that it will be useful, but\n# WITHOUT ANY WARRANTY; without even the implied warranty \
                  of\n# MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU\n# General Public License for more details.\n#\n# You should \
                  have received a copy of the GNU General Public License\n# along with this program; if not, see <https://www.gnu.org/licenses/>.\n#\n";
    let exception = "# As a special exception to the GNU General Public License, if you\n# distribute this file as part of a program that contains \
                     a\n# configuration script generated by Autoconf, you may include it under\n# the same distribution terms that you use for the \
                     rest of that\n# program.  This Exception is an additional permission under section 7\n# of the GNU General Public License, \
                     version 3 (\"GPLv3\").\n";
    assert_eq!(stated("a.sh", notice), ["GPL-3.0-or-later"]);
    let both = stated("a.sh", &format!("{notice}{exception}"));
    assert_eq!(both, ["GPL-3.0-or-later WITH Autoconf-exception-generic-3.0"]);
    let with = |name: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/facts/spdx/exception");
        let text = std::fs::read_to_string(root.join(format!("{name}.txt"))).unwrap();
        let text = text.replace("<<var;name=\"projectName\";original=\"Totem\";match=\".+\">>", "Totem");
        let text = text.replace("<<var;name=\"projectName2\";original=\"Totem\";match=\".+\">>", "Totem");
        let text = text.replace("<<var;name=\"projectName3\";original=\"Totem\";match=\".+\">>", "Totem");
        let text = text.replace("<<var;name=\"tobe\";original=\"are\";match=\"are|is\">>", "are");
        stated("a.c", &format!("{notice}{}", text.replace("<<beginOptional>>", "").replace("<<endOptional>>", "")))
    };
    // The one names the GPL as another choice, the other has a name at its start, and the third speaks of links.
    for name in ["Bison-exception-2.2", "GStreamer-exception-2005", "libpri-OpenH323-exception"] {
        assert_eq!(with(name), [format!("GPL-3.0-or-later WITH {name}")]);
    }
    // Alone it is no license, whatever license it names.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/facts/spdx/exception");
    let alone = |name: &str| {
        let text = std::fs::read_to_string(root.join(format!("{name}.txt"))).unwrap();
        stated("a.txt", &text.replace("<<beginOptional>>", "").replace("<<endOptional>>", ""))
    };
    assert_eq!(alone("Bison-exception-2.2"), ["Bison-exception-2.2"]);
}

#[test]
fn the_title_of_an_exception_takes_no_notice_away() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/facts/spdx/exception");
    let text = |name: &str| {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        text.replace("<<beginOptional>>", "").replace("<<endOptional>>", "")
    };
    let llvm = format!("Licensed under the Apache License, Version 2.0.\n\n{}", text("LLVM-exception.txt"));
    assert_eq!(stated("a.txt", &llvm), ["Apache-2.0 WITH LLVM-exception"]);
    let apart = llvm.replacen("\n\n", "\n\nThe terms of an exception follow, which hold for all files.\n\n", 1);
    assert_eq!(stated("a.txt", &apart), ["Apache-2.0 WITH LLVM-exception"]);
    // The name has no version; the text tells which one it is.
    let autoconf =
        format!("Licensed under GPL v2 with the Autoconf Exception.\n\n{}", text("Autoconf-exception-2.0.txt"));
    assert_eq!(stated("a.txt", &autoconf), ["GPL-2.0-only WITH Autoconf-exception-2.0"]);
}

#[test]
fn an_alternative_belongs_to_the_text_before_it() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/licenses/mit-comment.txt"))
            .unwrap();
    let found = stated(
        "a.txt",
        &format!("{text}\n\nAlternatively, this software may be distributed under the terms of the GPL version 2.\n"),
    );
    assert_eq!(found, ["MIT OR GPL-2.0-only"]);
}

#[test]
fn a_name_in_code_counts_behind_a_verb_only() {
    assert_eq!(stated("a.c", "check(license, \"@GPL-3.0\");\n"), [""; 0]);
    assert_eq!(stated("a.c", "puts(\"Licensed under the GNU GPL version 2\");\n"), ["GPL-2.0-only"]);
    assert_eq!(stated("a.c", "/* License of this file, as agreed: GPL-3.0 */\n"), ["GPL-3.0-only"]);
}

#[test]
fn a_title_says_no_less_than_the_notice_below_it() {
    let text = " * Licensed under the GNU General Public License Version 2\n *\n * This program is free software; you can redistribute it \
                and/or modify\n * it under the terms of the GNU General Public License as published by\n * the Free Software Foundation; either \
                version 2 of the License, or\n * (at your option) any later version.\n";
    assert_eq!(stated("a.c", &format!("/*\n{text} */\n")), ["GPL-2.0-or-later"]);
}

#[test]
fn each_text_of_a_file_is_found() {
    let found: Vec<(String, u32)> =
        fixture("mit-and-isc.txt").into_iter().map(|d| (d.expression, d.place.start_line())).collect();
    assert_eq!(found, [("MIT".to_owned(), 5), ("ISC".to_owned(), 22)]);
}

#[test]
fn an_altered_text_names_what_differs() {
    let (found, text) = only("mit-altered.txt");
    assert_eq!((found.expression.as_str(), text.exact), ("MIT", false));
    assert_eq!(text.missing, ["free of charge"]);
    assert_eq!(text.added.len(), 1);
    assert_eq!(text.added[0].start_line(), 6);
}

#[test]
fn a_rider_is_found_beside_the_text_that_it_restricts() {
    let found = fixture("mit-commons-clause.txt");
    let mit = found.iter().find(|d| d.expression == "MIT").unwrap();
    let riders: Vec<u32> = mit.text.as_ref().unwrap().riders.iter().map(|p| p.start_line()).collect();
    assert_eq!(riders, [1, 5]);
}

/// The words of a text of the list, as a file may have them: every word, no punctuation.
fn words_of(name: &str, required: bool) -> String {
    let index = index::Index::get();
    let text = (0..index.len() as u16).map(|n| index.text(n)).find(|t| t.name() == name).unwrap();
    let steps = text.steps().filter(|step| step.required() || !required);
    steps.filter_map(|s| s.word()).map(|w| index.letters(w).to_owned() + " ").collect()
}

#[test]
fn an_inserted_restriction_makes_another_license() {
    let clause = "the software may only be used in connection with services that its authors provide ";
    let text = words_of("MIT", false);
    let text = &text[text.find("permission is").unwrap()..];
    let at = text.find("the software is provided").unwrap();
    let found = detect_text(&format!("{}{clause}{}", &text[..at], &text[at..]));
    assert_eq!(found.iter().map(|d| d.expression.as_str()).collect::<Vec<_>>(), ["LicenseRef-unidentified"]);
    let near = found[0].text.as_ref().unwrap();
    assert!(near.added.len() == 1 && !near.exact, "{near:?}");
    // A clause that restricts nothing leaves it what it is.
    let kind = "the authors thank all who wrote to them in the course of these many years ";
    let found = detect_text(&format!("{}{kind}{}", &text[..at], &text[at..]));
    assert_eq!(found[0].expression, "MIT");
}

#[test]
fn a_text_with_all_its_clauses_is_preferred_to_one_that_lacks_a_clause() {
    let text = words_of("BSD-2-Clause-Darwin", true);
    // Without the sentence on export that sets the Darwin text apart.
    let from = text.find("redistribution and use").unwrap();
    let found = detect_text(&text[from..]);
    assert_eq!(found.iter().map(|d| d.expression.as_str()).collect::<Vec<_>>(), ["BSD-2-Clause"]);
}

#[test]
fn a_text_is_the_same_license_at_each_of_its_places() {
    let text = words_of("MIT", false);
    let text = text[text.find("permission is").unwrap()..].replace("sublicense", "sub license");
    let second = text.replace("the authors or copyright holders", "ANN").replace("permission notice", "notice here");
    let found: Vec<String> =
        detect_text(&format!("{text} ann example\n{second}")).into_iter().map(|d| d.expression).collect();
    assert_eq!(found, ["MIT", "MIT"]);
}

#[test]
fn a_license_behind_a_copyright_statement_on_one_line_is_read() {
    let text = format!("Copyright 2020 Ann Example. All rights reserved. P{}", &words_of("ISC", true)[1..]);
    let found = detect_text(&text);
    assert!(found[0].expression == "ISC" && found[0].text.as_ref().unwrap().missing.is_empty(), "{found:?}");
}

#[test]
fn a_part_of_a_composite_text_that_is_named_beside_it_is_the_composite() {
    let said = "The toolkit is under a dual license, both the conditions of the OpenSSL License and the original SSLeay \
        license apply to the toolkit.\n\n";
    let ids = |text: &str| -> Vec<String> {
        let mut ids: Vec<String> = detect_text(text).into_iter().map(|d| d.expression).collect();
        ids.dedup();
        ids
    };
    assert_eq!(ids(&format!("{said}{}", words_of("OpenSSL-standalone", true))), ["OpenSSL"]);
    assert_eq!(ids(&words_of("OpenSSL-standalone", true)), ["OpenSSL-standalone"]);
}

#[test]
fn every_text_of_the_list_has_a_word_that_the_prefilter_looks_for() {
    let index = index::Index::get();
    let keywords = LicenseFiles.interest().keywords;
    let silent: Vec<&str> = (0..index.len() as u16)
        .map(|n| index.text(n))
        .filter(|text| text.kind == layout::Kind::License)
        .map(|text| text.name())
        .filter(|name| {
            let words = words_of(name, true);
            !keywords.iter().any(|keyword| words.contains(keyword))
        })
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn terms_of_nobodys_list_are_unidentified() {
    let (found, text) = only("own-terms.txt");
    assert_eq!(
        (found.expression.as_str(), found.kind, text.exact),
        ("LicenseRef-unidentified", DetectionKind::Text, false)
    );
    assert!(found.invalid.is_none() && found.score < 0.5);
}

#[test]
fn a_text_that_the_list_lacks_has_the_name_of_its_title() {
    let terms = "Permission is granted to use and copy these weights. You may not redistribute them without this license. \
                 THE WEIGHTS ARE PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND. IN NO EVENT SHALL WE BE LIABLE FOR DAMAGES. "
        .repeat(4);
    let of = |title: &str| {
        let found = detect_text(&format!("{title}\n\n{terms}"));
        found.into_iter().map(|d| (d.expression, d.score)).collect::<Vec<_>>()
    };
    let named = "LicenseRef-scancode-llama-2-license-2023".to_owned();
    assert_eq!(of("LLAMA 2 COMMUNITY LICENSE AGREEMENT"), [(named, 0.5)]);
    assert_eq!(of("OUR LICENSE AGREEMENT").into_iter().map(|f| f.0).collect::<Vec<_>>(), ["LicenseRef-unidentified"]);
}

#[test]
fn other_years_of_a_quoted_copyright_notice_alter_nothing() {
    let index = index::Index::get();
    let of = |name: &str| -> String {
        let text = (0..index.len() as u16).map(|n| index.text(n)).find(|t| t.name() == name).unwrap();
        let words = text.steps().filter(|s| s.required()).filter_map(|s| s.word());
        words.map(|w| index.letters(w)).collect::<Vec<_>>().join(" ")
    };
    let exact = |name: &str, text: &str| {
        let found = detect_text(text);
        assert_eq!(found[0].expression, name, "{found:?}");
        found[0].text.as_ref().unwrap().exact
    };
    // The list has the years of one of the two as words, and those of the other as a variable.
    let text = of("Python-2.0");
    assert!(text.contains(" 2001 2002 2003 2004 2005 2006 "), "{text}");
    assert!(exact("Python-2.0", &text.replace(" 2006 ", " 2006 2007 2008 2023 ")));
    assert!(exact("Python-2.0", &text.replace(" 2002 2003 2004 2005 2006 ", " present ")));
    assert!(!exact("Python-2.0", &text.replace(" 2006 ", " 2006 2007 commercial ")));
    let text = of("Python-2.0.1");
    let (before, behind) = text.split_once("notice of copyright are retained").unwrap();
    let years: Vec<String> = (2001..2024).map(|year| year.to_string()).collect();
    let notice = format!(
        "notice of copyright, i.e., \"Copyright (c) {} Python Software Foundation;\nAll Rights Reserved\"",
        years.join(", ")
    );
    assert!(exact("Python-2.0.1", &format!("{before}{notice} are retained{behind}")));
}

#[test]
fn the_history_of_a_license_beside_its_text_is_no_license() {
    let history = "Every release was made under an agreement, and the license of each has its own terms. In 2001 the rights went \
                   to the foundation, which holds the copyright, and others distribute a derivative or modify it. ";
    let mit =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/licenses/mit-comment.txt")).unwrap();
    let of = |before: &str| {
        let found = detect_text(&format!("{before}\n\n{mit}"));
        found.into_iter().filter(|d| d.kind == DetectionKind::Text).map(|d| d.expression).collect::<Vec<_>>()
    };
    assert_eq!(of(&history.repeat(3)), ["MIT"]);
    let terms = format!("{history}No permission is granted to anyone else, and there is no warranty.");
    assert_eq!(of(&terms.repeat(3)), ["LicenseRef-unidentified", "MIT"]);
}

#[test]
fn prose_without_terms_is_nothing() {
    assert!(detect_text("").is_empty());
    assert!(detect_text("See the file COPYING for the terms.\n").is_empty());
    assert!(detect_text(&"Once upon a time there was a program that could count.\n".repeat(50)).is_empty());
}

#[test]
fn a_standard_appendix_is_no_placeholder() {
    let index = index::Index::get();
    let apache = (0..index.len() as u16).map(|n| index.text(n)).find(|t| t.name() == "Apache-2.0").unwrap();
    let mut text: String =
        apache.steps().filter_map(|s| s.word()).map(|w| index.letters(w).to_owned() + " ").collect();
    text.push_str("\nCopyright [yyyy] [name of copyright owner]\n");
    let found = detect_text(&text);
    assert_eq!(found[0].expression, "Apache-2.0");
    assert!(found[0].text.as_ref().unwrap().placeholders.is_empty());
}

#[test]
fn repetitions_cost_linear_time_and_stay_bounded() {
    let clause = "Redistributions of source code must retain the above copyright notice, this list of conditions. ";
    let found = detect_text(&clause.repeat(4000));
    assert!(found.len() <= 1, "{}", found.len());
    assert!(detect_text(&"(".repeat(500_000)).is_empty());
    assert!(detect_text(&"<a ".repeat(200_000)).is_empty());
    assert!(detect_text(&"copyright (c) ".repeat(100_000)).is_empty());
}

/// Detections of a source file whose anchors the prefilter found, as a scan collects them.
fn collected(path: &str, text: &str) -> Vec<Evidence> {
    let path = RelPath::new(path);
    let (name, kind) = (path.name().to_lowercase(), FileKind::Text(Encoding::Utf8));
    let file = SourceFile::text_file(&path, &name, &kind, text);
    let mut hits: Vec<Hit> = Vec::new();
    for keyword in LicenseFiles.interest().keywords.iter().take(8) {
        let starts = memchr::memmem::find_iter(text.as_bytes(), keyword);
        hits.extend(starts.map(|at| Hit { keyword: 0, start: at as u32 }));
    }
    let mut out = Vec::new();
    LicenseFiles.collect(&file, &hits, &mut out);
    out
}

#[test]
fn endless_lines_are_safe_and_say_what_was_not_read() {
    const LENGTH: usize = 24 << 20;
    let apart = format!("under the gpl version 2 or later \u{e9}{}", "x=y();".repeat(800));
    for (path, unit) in [("LICENSE", "license "), ("a.min.js", apart.as_str())] {
        let found = collected(path, &unit.repeat(LENGTH / unit.len()));
        let unread = found.iter().filter(|e| matches!(e, Evidence::Unread(_))).count();
        assert_eq!(unread, 1, "{path}");
        // What is found is bounded by what is read, not by the file.
        assert!(found.len() <= 2 * MOST_BYTES / unit.len(), "{path}: {}", found.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Years may stand anywhere in a text, before its first word and behind its last ones too.
    #[test]
    fn years_anywhere_in_a_text_are_safe(
        name in prop_oneof![Just("MIT"), Just("BSD-3-Clause"), Just("Python-2.0"), Just("ISC")],
        places in proptest::collection::vec((any::<prop::sample::Index>(), 1990u16..2030, 1usize..4), 0..6),
        ends in any::<(bool, bool)>(),
    ) {
        let text = words_of(name, true);
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        for (at, year, count) in places {
            let at = at.index(words.len());
            words.splice(at..at, (0..count).map(|n| (usize::from(year) + n).to_string()));
        }
        if ends.0 {
            words.insert(0, "2001".to_owned());
        }
        if ends.1 {
            words.extend(["2019".to_owned(), "2020".to_owned()]);
        }
        let text = words.join(" ");
        prop_assert!(!detect_text(&text).is_empty());
        let comment = format!("// \u{fc}ber\nint \u{e9};\n/* {text} */\nint b;\n");
        let found = collected("a.c", &comment);
        prop_assert!(found.iter().any(|e| matches!(e, Evidence::License(_))));
    }
}

proptest! {
    /// No text makes it panic, and every place lies inside the text.
    #[test]
    fn any_text_is_safe(parts in proptest::collection::vec(
        prop_oneof![
            any::<String>(),
            Just("Permission is hereby granted, free of charge, to any person obtaining a copy of ".to_owned()),
            Just("Redistribution and use in source and binary forms, with or without modification, ".to_owned()),
            Just("Copyright (c) <year> [fullname]\n".to_owned()),
            Just("GNU GENERAL PUBLIC LICENSE Version 2, June 1991 ".to_owned()),
        ],
        0..40,
    )) {
        let text = parts.concat();
        let lines = text.lines().count() as u32;
        for found in detect_text(&text) {
            let region = found.place.region.unwrap();
            prop_assert!(region.start_line <= region.end_line && region.end_line <= lines.max(1));
            prop_assert!((0.0..=1.0).contains(&found.score));
        }
    }
}

#[test]
fn installers_show_their_license_in_rich_text() {
    let words = words_of("MIT", true);
    let body = words.replace('\n', "\\par\n").replacen(' ', "\\b  ", 3);
    let rich = format!("{{\\rtf1\\ansi{{\\fonttbl{{\\f0\\fnil Times;}}}}\\f0\\fs20 {body}\\par\n}}\n");
    assert_eq!(stated("LICENSE.rtf", &rich), ["MIT"]);
}

#[test]
fn a_heading_of_a_document_dedicates_nothing() {
    assert!(stated("README.md", "# Fonts\n\n## Public domain\n\nThese are old.\n").is_empty());
    assert_eq!(stated("mkinstalldirs", "# Ann\n# Public domain\n\nset -e\n"), ["LicenseRef-public-domain"]);
}

#[test]
fn a_license_may_be_named_in_full_where_the_text_points_at_it() {
    let notice = "# Refer to the GNU General Public License, Version 2 or later, for full details\n#\n# Everyone is granted \
                  permission to copy, modify and redistribute Foo, but only under the conditions described in the GNU \
                  General Public License.\n";
    assert_eq!(stated("windows.mak", notice).last().map(String::as_str), Some("GPL-2.0-or-later"));
}

#[test]
fn licenses_above_may_be_a_choice() {
    let both = "/*\n * This source code is licensed under both the BSD-style license (found in the\n * LICENSE file in the root \
                directory of this source tree) and the GPLv2 (found\n * in the COPYING file).\n";
    let choice = " * You may select, at your option, one of the above-listed licenses.\n */\n";
    assert_eq!(stated("a.c", &format!("{both} */\n")), ["BSD-3-Clause", "GPL-2.0-only"]);
    assert_eq!(stated("a.c", &format!("{both}{choice}")), ["BSD-3-Clause OR GPL-2.0-only"]);
}
