//! Statements as people write them, and the expressions they mean.
// REUSE-IgnoreStart

use super::*;

fn statements(text: &str) -> Vec<Statement> {
    find(&Tokens::of(text, 0..text.len()))
}

/// The expressions of all statements that are no clues.
fn stated(text: &str) -> Vec<String> {
    statements(text).into_iter().filter(|s| s.kind != DetectionKind::Clue).map(|s| s.expression).collect()
}

#[track_caller]
fn one(text: &str, expression: &str) {
    assert_eq!(stated(text), [expression], "{text}");
}

#[test]
fn a_link_behind_under_is_the_license_of_its_page() {
    let link = |before: &str, page: &str, text: &str| {
        format!("<p>{before} <a class=\"x\" href=\"{page}\">{text}</a>.</p>\n")
    };
    let [mit, gpl] = ["https://opensource.org/licenses/MIT", "https://www.gnu.org/licenses/gpl-3.0.html"];
    let cc = "https://creativecommons.org/licenses/by-sa/4.0/";
    one(&link("The code is licensed under", mit, "this license"), "MIT");
    one(&link("Content is available under the terms of the", cc, "following terms"), "CC-BY-SA-4.0");
    one(&link("Text is licensed under a", cc, "Creative Commons"), "CC-BY-SA-4.0");
    one(&link("Licensed under the", gpl, "GPL"), "GPL-3.0-only");
    one(&link("Licensed under the", mit, "MIT License"), "MIT");
    assert!(stated(&link("Read the", mit, "text of a license")).is_empty());
    assert!(stated(&link("It is not licensed under", mit, "this license")).is_empty());
    assert!(stated(&link("Licensed under", "/terms.html", "this license")).is_empty());
}

#[test]
fn a_comment_leader_within_a_name_is_no_slash() {
    let go =
        "// Use of this source code is governed by a BSD-style\n// license that can be found in the LICENSE file.\n";
    one(go, "BSD-3-Clause");
    one("// Licensed under the Apache\n// License, Version 2.0\n", "Apache-2.0");
    one("// Licensed under MIT\n/ ISC\n", "MIT OR ISC");
}

#[test]
fn a_version_that_the_list_lacks_is_no_other_one() {
    assert!(stated("This file is subject to version 2.02 of the PHP license.").is_empty());
    assert!(stated("Licensed under the PHP License, version 2.0").is_empty());
    let page = "See http://www.php.net/license/2_02.txt for the license. You should have a copy of the PHP license.";
    assert!(stated(page).is_empty());
    one("This file is subject to version 2.00 of the Zend license, see", "Zend-2.0");
    one("Distributed under the OpenLDAP Public License Version 2.7.", "OLDAP-2.7");
    one("| License | Python |\n| Version | 1.0 |\n", "Python-2.0");
    one("License: http://www.mozilla.org/MPL/MPL-1.1.html\n", "MPL-1.1");
}

#[test]
fn notices_of_other_languages_have_versions() {
    one(
        "Ce programme est un logiciel libre ; vous pouvez le redistribuer suivant les termes de la GNU General\nPublic License telle \
         que publiée par la Free Software Foundation ; soit la version 3 de la\nlicence, soit (à votre gré) toute version \
         ultérieure.\n",
        "GPL-3.0-or-later",
    );
    one(
        "Sie können es unter den Bedingungen der GNU General Public License, wie von der Free Software Foundation,\nVersion 3 der \
         Lizenz oder (nach Ihrer Wahl) jeder neueren veröffentlichten Version, weiter verteilen.\n",
        "GPL-3.0-or-later",
    );
    one(
        "usted puede redistribuirlo bajo los términos de la Licencia Pública General GNU publicada por la Fundación, ya\nsea la \
         versión 3 de la Licencia, o (a su elección) cualquier versión posterior.\n",
        "GPL-3.0-or-later",
    );
    one(
        "è lecito modificarlo secondo i termini della Licenza Pubblica Generica GNU come pubblicata dalla Fondazione;\no la versione \
         2 della licenza o (a propria scelta) una versione successiva.\n",
        "GPL-2.0-or-later",
    );
    one(
        "modificá-lo dentro dos termos da Licença Pública Geral GNU como publicada pela Fundação; na versão 2 da\nLicença, ou (na sua \
         opinião) qualquer versão.\n",
        "GPL-2.0-or-later",
    );
    one("modificá-lo dentro dos termos da Licença Pública Geral GNU, na versão 2 da Licença.\n", "GPL-2.0-only");
}

#[test]
fn files_in_parentheses_are_no_part_of_the_sentence() {
    let jquery = "Dual licensed under the MIT (MIT-LICENSE.txt)\n * and GPL (GPL-LICENSE.txt) licenses.";
    one(jquery, "MIT OR GPL-1.0-or-later");
}

#[test]
fn the_host_of_an_address_is_no_second_license() {
    one(
        "under the CeCILL-C license as circulated by INRIA at the following URL \"http://www.cecill.info\".",
        "CECILL-C",
    );
    one("This is free and unencumbered software released into the public domain.", "Unlicense");
    one("Licensed under the same terms as Lua itself.", "MIT");
    one("-- distributed under the Lua license\n", "MIT");
    one("All files are subjects to the LGPL2+ or the MPL1.1 (Dual licensed).", "LGPL-2.0-or-later OR MPL-1.1");
}

#[test]
fn the_program_that_runs_a_script_is_no_license() {
    assert!(stated("#!/usr/bin/python\n# License to copy this is granted by Ann.\n").is_empty());
    assert!(stated("#!/usr/bin/env ruby\n# license.rb - shows a license\n").is_empty());
    one("#!/usr/bin/python\n# License: Python\n", "Python-2.0");
}

#[test]
fn what_is_gpled_is_under_the_gpl() {
    one("This program is GPL'd.", "GPL-1.0-or-later");
    one("The library is LGPL'ed software.", "LGPL-2.0-or-later");
    one("/* Copyright 1999 Ann, GPLed */\n", "GPL-1.0-or-later");
    assert!(stated("We do not link with the GPL'd library.").is_empty());
    assert!(stated("Their solver is GPLed, so that we wrote our own.").is_empty());
    assert!(stated("Try Memtest86. At the time of writing it is free (GPLd).").is_empty());
}

#[test]
fn an_address_below_the_sentence_that_announces_it_is_the_license() {
    let text = " * You may not use this file except in compliance with\n * the License.  You may obtain a copy of the License at\n *\n \
                *     http://www.apache.org/licenses/LICENSE-2.0\n *\n * Ask us.\n";
    one(text, "Apache-2.0");
    assert!(
        stated("Other programs are at\n\n    http://www.apache.org/licenses/LICENSE-2.0\n\nAsk us.\n").is_empty()
    );
}

#[test]
fn the_entities_of_kdes_manuals_are_their_notices() {
    one("<legalnotice>&FDLNotice;</legalnotice>\n", "GFDL-1.2-or-later");
    one("<legalnotice>&LGPLNotice;</legalnotice>\n", "LGPL-2.1-or-later");
}

#[test]
fn a_title_may_have_the_date_of_its_license() {
    one("GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991\n", "GPL-2.0-only");
    assert!(stated("GNU GENERAL PUBLIC LICENSE Version 2, May I ask\n").is_empty());
}

#[test]
fn the_license_of_the_next_cell_is_not_that_of_the_name_before() {
    assert!(stated("|Version| |Python| |License|\n\nIt does this.\n").is_empty());
    assert!(stated("| Language | Python | License |\n").is_empty());
}

#[test]
fn an_identifier_alone_behind_released_under_the_is_the_license() {
    one("The code is released under the AMDPLPA.", "AMDPLPA");
    one("It is distributed under the SMLNJ\n", "SMLNJ");
    assert!(stated("A port was released under Glide.").is_empty());
    assert!(stated("Drivers are distributed under the Glide name.").is_empty());
}

#[test]
fn gnu_notices_give_version_and_later() {
    let notice = |version: &str| {
        format!(
            " * This program is free software; you can redistribute it and/or modify\n * it under the terms of the GNU General \
             Public License as published by\n * the Free Software Foundation; {version}\n"
        )
    };
    one(&notice("either version 2 of the License, or\n * (at your option) any later version."), "GPL-2.0-or-later");
    one(&notice("version 2."), "GPL-2.0-only");
    one(&notice("version 2 of the License only."), "GPL-2.0-only");
    one(&notice("either version 3, or (at your option)\n * any later version."), "GPL-3.0-or-later");
    one("under the terms of version 2 of the GNU General Public License", "GPL-2.0-only");
    one("under version 2 or later of the GPL", "GPL-2.0-or-later");
    one("under the GNU Lesser General Public License, version 2.1 or any later version", "LGPL-2.1-or-later");
    one("licensed under the GPLv3+", "GPL-3.0-or-later");
    one("License: LGPL-2.1+", "LGPL-2.1-or-later");
    one("released under GPL v2", "GPL-2.0-only");
}

#[test]
fn a_version_in_the_next_clause_belongs_to_the_name() {
    one(
        "licensed under the GNU General Public License (GPL) in its entirety. You may use\neither version 2 of the License, or any later version.",
        "GPL-2.0-or-later",
    );
}

#[test]
fn a_version_behind_two_gnu_licenses_is_that_of_both() {
    one("Dual licensed under the GPL or LGPL version 2 licenses.", "GPL-2.0-only OR LGPL-2.0-only");
    one("licensed under the GPL/LGPL v3+", "GPL-3.0-or-later OR LGPL-3.0-or-later");
    one("licensed under the GPL or LGPL version 2.1", "GPL-1.0-or-later OR LGPL-2.1-only");
}

#[test]
fn the_header_of_rust_is_one_choice() {
    one(
        "// Licensed under the Apache License, Version 2.0 <LICENSE-APACHE or\n// https://www.apache.org/licenses/LICENSE-2.0> or the MIT \
         license\n// <LICENSE-MIT or https://opensource.org/licenses/MIT>, at your\n// option.",
        "Apache-2.0 OR MIT",
    );
}

#[test]
fn oddly_placed_names_and_versions_are_read() {
    one("License: GPL (>= 2)", "GPL-2.0-or-later");
    one("we use the MIT (X11) license", "MIT");
    one("Licensed under the MIT No Attribution", "MIT-0");
    one("distributed under the Library GNU General Public License", "LGPL-2.0-or-later");
    one("Copying-policy: Artistic", "Artistic-1.0-Perl");
    one("See LICENSE.GPL for licensing terms", "GPL-1.0-or-later");
    one(
        "available under the terms of *either* of the licenses found in LICENSE.APACHE or LICENSE.BSD.",
        "Apache-2.0 OR LicenseRef-BSD",
    );
    one("For conditions of distribution and use, see copyright notice in zlib.h", "Zlib");
    one("See the file \"license.terms\" for information on usage and redistribution of this file", "TCL");
    one("under the Intel license", "Intel");
}

#[test]
fn several_versions_are_alternatives() {
    one(
        "under the terms of the GNU GPL version 2 or version 3 as published by the FSF",
        "GPL-2.0-only OR GPL-3.0-only",
    );
    one(
        "under the GNU General Public License; version 2 of the License or (at your option) version 3 or any later version\naccepted by \
         the membership of KDE e.V.",
        "GPL-2.0-only OR GPL-3.0-only",
    );
}

#[test]
fn names_without_a_version_follow_the_conventions() {
    one("This module is distributed under the GPL.", "GPL-1.0-or-later");
    one("Licensed under the LGPL", "LGPL-2.0-or-later");
    one("Licensed under the Apache License", "Apache-2.0");
    one("under the BSD license", "LicenseRef-BSD");
}

#[test]
fn notices_of_projects_whose_bsd_license_is_known() {
    one("# Distributed under the OSI-approved BSD License (the \"License\");", "BSD-3-Clause");
    one("-- License     :  BSD-style (see the file LICENSE)", "BSD-3-Clause");
    one(" * GOVERNED BY A BSD-STYLE SOURCE LICENSE INCLUDED WITH THIS SOURCE *", "BSD-3-Clause");
    one("distributed under the same terms as Perl.", "GPL-1.0-or-later OR Artistic-1.0-Perl");
}

#[test]
fn operators_are_read_from_the_sentence() {
    one("Licensed under either of Apache License, Version 2.0 or MIT license at your option.", "Apache-2.0 OR MIT");
    one("Dual licensed under the MIT and GPL licenses.", "MIT OR GPL-1.0-or-later");
    one("license = \"MIT/Apache-2.0\"", "MIT OR Apache-2.0");
    one("This file is licensed under the MIT License and the Boost Software License 1.0.", "MIT AND BSL-1.0");
    one("You may use it under the same terms as Perl itself.", "GPL-1.0-or-later OR Artistic-1.0-Perl");
}

#[test]
fn alternatives_in_sentences_of_their_own_are_joined() {
    let found = stated(
        "The contents of this file are subject to the Mozilla Public License Version 1.1 (the \"License\").\n\nAlternatively, the contents \
         of this file may be used under the terms of either the GNU General Public License Version 2 or later (the \"GPL\"), or the GNU \
         Lesser General Public License Version 2.1 or later (the \"LGPL\"), in which case",
    );
    assert_eq!(found, ["MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later"]);
}

#[test]
fn secondary_licenses_are_another_choice() {
    let found = stated(
        " * This program and the accompanying materials are made available under the\n * terms of the Eclipse Public License v. 2.0, \
         which is available at\n * http://www.eclipse.org/legal/epl-2.0.\n *\n * This Source Code may also be made available under the \
         following Secondary\n * Licenses when the conditions for such availability set forth in the\n * Eclipse Public License v. 2.0 \
         are satisfied: GNU General Public License,\n * version 2 with the GNU Classpath Exception, which is available at\n",
    );
    assert_eq!(found, ["EPL-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0"]);
}

#[test]
fn a_second_look_at_an_alternative_adds_nothing() {
    let found = stated(
        "Licensed under the MIT license. Alternatively, it may be distributed under the terms of the GNU General Public License \
         (\"GPL\") version 2, in which case the provisions of the GPL apply instead.",
    );
    assert_eq!(found, ["MIT OR GPL-2.0-only"]);
}

#[test]
fn the_end_of_an_address_is_no_name() {
    one("license: http://www.opensource.org/licenses/mit-license.php", "MIT");
    assert_eq!(of_address("https://www.apache.org/licenses/LICENSE-2.0.html").as_deref(), Some("Apache-2.0"));
    assert_eq!(of_address("https://opensource.org/licenses/apache2.0.php").as_deref(), Some("Apache-2.0"));
    assert_eq!(of_address("http://creativecommons.org/licenses/by-sa/3.0/").as_deref(), Some("CC-BY-SA-3.0"));
    assert_eq!(of_address("https://example.org/terms"), None);
}

#[test]
fn a_version_may_lack_its_letter() {
    one(
        "distributed under the conditions of the LaTeX Project Public License, either version 1.3 of this license or any later version.",
        "LPPL-1.3a",
    );
}

#[test]
fn exceptions_follow_with() {
    one("Apache License v2.0 with LLVM Exceptions.\n", "Apache-2.0 WITH LLVM-exception");
    one("licensed under GPL-2.0-only with the Classpath exception", "GPL-2.0-only WITH Classpath-exception-2.0");
}

#[test]
fn an_exception_may_be_granted_in_a_sentence_of_its_own() {
    let notice = |version: &str| {
        format!(
            "This file is free software; you can redistribute it and/or modify it under the terms of the GNU General Public License as \
             published by the Free Software Foundation; either version {version}, or (at your option) any later version.\n\n"
        )
    };
    let gcc = "Under Section 7 of GPL version 3, you are granted additional permissions described in the GCC Runtime Library \
               Exception, version 3.1, as published by the Free Software Foundation.\n\nYou should have received a copy of the GNU \
               General Public License and a copy of the GCC Runtime Library Exception along with this program.";
    one(&(notice("3") + gcc), "GPL-3.0-or-later WITH GCC-exception-3.1");
    // Not the license that it belongs to.
    assert_eq!(stated(&(notice("2") + gcc))[0], "GPL-2.0-or-later");
    one(
        "may be used under the terms of the GNU Lesser General Public License version 2.1. In addition, as a special exception, Nokia \
         gives you certain additional rights. These rights are described in the Nokia Qt LGPL Exception version 1.1.",
        "LGPL-2.1-only WITH Qt-LGPL-exception-1.1",
    );
    one(
        "subject to the terms of either the GNU General Public License Version 2 only (\"GPL\") or the Common Development and \
         Distribution License Version 1.1. GPL Classpath Exception: the owner designates this file as subject to the \"Classpath\" \
         exception as provided in the GPL Version 2 section of the License file.",
        "GPL-2.0-only WITH Classpath-exception-2.0 OR CDDL-1.1",
    );
    one(
        "under the GNU General Public License version 3 as published by the Free Software Foundation with exceptions as appearing in the \
         file LICENSE.GPL3-EXCEPT included in the packaging of this file",
        "GPL-3.0-only WITH Qt-GPL-exception-1.0",
    );
}

#[test]
fn a_heading_may_stand_before_an_alternative() {
    one(
        "GNU Lesser General Public License Usage\nAlternatively, this file may be used under the terms of the GNU Lesser General Public \
         License version 3.\n\nGNU General Public License Usage\nAlternatively, this file may be used under the terms of the GNU \
         General Public License version 2.0.",
        "LGPL-3.0-only OR GPL-2.0-only",
    );
}

#[test]
fn the_banner_of_a_minified_file_names_its_license_between_bars() {
    one("/*! x v1.2 | (c) Ann Example | MIT */", "MIT");
    one("/*! x v1.2 | MIT License | https://example.org */", "MIT");
    assert!(stated("| x | MIT | https://example.org |\n").is_empty());
    assert!(stated("a | MIT | b").is_empty());
}

#[test]
fn fields_headings_and_addresses_state_a_license() {
    one("@license MIT", "MIT");
    one("__license__ = 'ISC'", "ISC");
    one("## License\n\nMIT\n", "MIT");
    one("License :: OSI Approved :: Apache Software License", "Apache-2.0");
    one("You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0");
    one("licensed under http://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0");
}

#[test]
fn sentences_and_fields_of_other_scripts_state_a_license() {
    one("本项目采用 MIT 许可证。", "MIT");
    one("本软件基于 Apache License 2.0 协议发布", "Apache-2.0");
    one("本项目遵循GPL-3.0开源协议，请自由地享受和参与开源。", "GPL-3.0-only");
    one("此代码在 BSD-3-Clause 许可证下发布", "BSD-3-Clause");
    one("本项目使用木兰宽松许可证，第2版。", "MulanPSL-2.0");
    one("# 项目\n\n## 许可证\n\nMIT\n", "MIT");
    one("開源協議：MIT\n", "MIT");
    one("このソフトウェアは MIT ライセンスの下で公開されています。", "MIT");
    one("ライセンス: MIT\n", "MIT");
    one("Лицензия: MIT\n", "MIT");
    one("Программа распространяется под лицензией GPL-3.0", "GPL-3.0-only");
    one(
        "Este programa es software libre: puede redistribuirlo bajo los términos de la Licencia Pública General GNU versión 3",
        "GPL-3.0-only",
    );
    // What speaks of licenses or of protocols.
    for text in ["MIT 许可证和 GPL 许可证有什么区别？", "使用 HTTP 协议与 Apache 通信", "这不是 MIT 项目"]
    {
        assert!(stated(text).is_empty(), "{text}: {:?}", stated(text));
    }
}

#[test]
fn a_clause_that_says_what_it_is_licensed_as_states_a_license() {
    one("MIT licensed, see LICENSE for details", "MIT");
    one("You may distribute it under the same terms as Vim itself.", "Vim");
    one("It has no dependencies. It is MIT licensed (see COPYING).", "MIT");
    one("a parser\nRuby licensed\n", "Ruby");
    for text in ["whether MIT licensed code may be used", "Is it MIT licensed or not, I do not know."] {
        assert!(stated(text).is_empty(), "{text}: {:?}", stated(text));
    }
}

#[test]
fn invariant_sections_have_identifiers_of_their_own() {
    let notice = |rest: &str| {
        format!(
            "under the terms of the GNU Free Documentation License, Version 1.3 or any later version; with {rest}"
        )
    };
    one(&notice("no Invariant Sections"), "GFDL-1.3-no-invariants-or-later");
    one(&notice("the Invariant Sections being X"), "GFDL-1.3-invariants-or-later");
    let named = "under the terms of the GNU Free Documentation License, Version 1.1 or\nany later version; with the Invariant \
                 Sections being ``GNU General\nPublic License'', the Front-Cover texts being (a)";
    one(named, "GFDL-1.1-invariants-or-later");
}

#[test]
fn what_is_in_the_work_is_stated() {
    one("Some code is taken from ariadne, which is MIT licensed.", "MIT");
}

#[test]
fn talk_is_no_statement() {
    for text in [
        "the variable gpl counts",
        "# This file is distributed under the same license as the python-apt package.",
        "provided also that the section entitled \"GNU General Public License\" is included with the modified manual",
        "Apache is compatible with the GPL",
        "be put under another distribution license [including the GNU Public License.]",
        "# Under BSD make, MAKEFLAGS has spaces.",
        "# This code runs compatibly under Python 2 and 3.x for x >= 2.",
        "It is modelled after ariadne, which is MIT licensed.",
        "The license parameter must be one of: LGPL, GPL, QPL, MPL, BSD or MIT.",
        "MIT was founded in 1861",
        "Use of backport unicodedata from unicodedata2 as Python is quickly catching up",
        "filters (default is the path to the Python interpreter used when it is installed)",
        "Requires-Dist: pytest-mpl; extra == 'open'",
        "// Preprocessed version of \"boost/mpl/apply.hpp\" header, free to use",
        "Please note that the actual code of GNU gettext is covered by the GNU\n# General Public License and is *not* in the public domain.",
        "license change from GPL",
        "a document of this kind is better free, so that it is under no terms rather than the FDL",
        "#!/usr/bin/python\n# Licensed",
        "|license| |python| |docs|\n\n|build| |License| |Ruby|\n",
        ".. |python| image:: x\n   :alt: License\n.. |ruby| image:: y\n",
        "EXTRA_DIST = contrib/licenses/MIT contrib/openbsd/LICENSE \\\n",
        "license: find it here, this is python port of a node library",
        "If you do not delete the provisions above, a recipient may use your version of this software under the terms of any one of the MPL, the LGPL or the AL.",
        "the functionality offered by zlib is free",
        "  'Mozilla Public License' => 'mozilla', 1,\n  'GNU library license' => 'lgpl', 1,\n",
        "If you wish your version of this file to be governed by only the CDDL or only the LGPL Version 2.1, indicate your decision",
        "Based on <hdy-bidi.c> from <libhandy 1.5.0> which is LGPL-2.1+.",
        "SPDX-License-Identifier: GPL-2.0-only",
        "runs under the Apache server",
        "import org.apache.license;",
        "about.license(KAboutLicense::GPL), // the license",
        "if (license_is_GPL_v2(license)) return licensed;",
        "    doc/LICENSES/LGPL-2.1-or-later.txt \\",
        "Choose a permissive license, like MIT",
        "Found with `afl`. Fuzzy tests can be found under the license directory.",
        "EXTRA_DIST = COPYING LICENSE.GPL LICENSE.LGPL README",
        "licensed works, able to open symlinks for reading",
        "distributed with permission, contributed by Intel Corp.",
        "%doc LICENSE docs/*.html",
        "EXTRA_DIST += \\\n\tLICENSES/license-rules.txt \\\n\tLICENSES/preferred/BSD-1-Clause \\\n\tLICENSES/preferred/GPL-2.0 \\\n\t\
         LICENSES/stand-alone/GPL-3.0 \\\n",
        "The licenses of it can be found in the `doc/licenses` directory.",
        "include = [\"src/*\", \"LICENSE-MIT\", \"LICENSE-APACHE\"]",
        "\"COPYRIGHT\", \"UNLICEN[CS]E\",\n// GPL (gpl.txt, etc.)\n",
        "// Other license-specific (APACHE-2.0.txt, etc.)",
        "dnl This file can be used in projects which are not available under\ndnl the GNU General Public License or the GNU Lesser General \
         Public\ndnl License but which still want to provide support for the GNU gettext",
    ] {
        assert!(stated(text).is_empty(), "{text}: {:?}", stated(text));
    }
}

#[test]
fn a_field_with_the_place_of_a_license_states_it() {
    one("# License-Filename: LICENSES/preferred/GPL-2.0\n", "GPL-2.0-only");
}

#[test]
fn the_second_license_of_the_psf_is_its_own() {
    one(
        "examples are dual licensed under the PSF License Version 2 and the Zero-Clause BSD license",
        "PSF-2.0 OR 0BSD",
    );
    one("is licensed under the Python license", "Python-2.0");
}

#[test]
fn a_number_belongs_to_the_field_that_it_stands_in() {
    one("License: GPL\nVersion: 2.0\n", "GPL-1.0-or-later");
    one("<license><name>LGPL</name></license><version>2.1</version>", "LGPL-2.0-or-later");
    one("under the GPLv2+ license", "GPL-2.0-or-later");
    one("<language name=\"x\" license=\"LGPL\" version=\"3\" sect=\"y\">", "LGPL-2.0-or-later");
    one("governed by the GPL 3.x license", "GPL-3.0-only");
    one("available under MIT/GPL/BSD licenses", "MIT OR GPL-1.0-or-later OR LicenseRef-BSD");
}

#[test]
fn the_next_field_of_a_record_is_no_part_of_a_name() {
    one("Copyright: 1994 X Consortium\nLicense: MIT\n", "MIT");
    one("under the X Consortium\nlicense", "X11");
}

#[test]
fn other_ways_to_state_a_license_are_read() {
    one("define([VS_FF_COMMENTS], [Provided under the terms of the GNU LGPL (LGPLv2.1+).])", "LGPL-2.1-or-later");
    one("| License | MIT |\n", "MIT");
    one("THE BEER-WARE LICENSE (Revision 42):", "Beerware");
    one("ASM 4 uses a 3-clause BSD license.", "BSD-3-Clause");
    one("<cc:license rdf:resource=\"http://creativecommons.org/licenses/LGPL/2.1/\" />", "LGPL-2.1-only");
    one("Not copyrighted -- provided to the public domain", "LicenseRef-public-domain");
    one(
        "This file is free documentation; the Free Software Foundation gives\nunlimited permission to copy, distribute and modify it.",
        "FSFUL",
    );
    one(
        "Copyright 2011, The Dojo Foundation, includes Sizzle.js, http://sizzlejs.com/, Copyright 2011, The Dojo Foundation\n * Released \
         under the MIT, BSD, and GPL Licenses.",
        "MIT OR LicenseRef-BSD OR GPL-1.0-or-later",
    );
}

#[test]
fn a_notice_may_be_a_string_or_a_comment_of_a_manual_page() {
    one(
        "printf(\"under the terms of the GNU General Public License as published by\\n\"\n  \"the Free Software Foundation; either version 2 of \
         the License, or\\n\"\n  \"(at your option) any later version.\\n\");",
        "GPL-2.0-or-later",
    );
    one(
        "<< \"under the terms of the GNU General Public License as published by\" << endl << indent << \"the Free Software Foundation; \
         either version 2 of the License, or\" << endl << indent << \"(at your option) any later version.\"",
        "GPL-2.0-or-later",
    );
    one(
        ".\\\" modify it under the terms of the GNU General Public License as\n.\\\" published by the Free Software Foundation; either version \
         2 of the\n.\\\" License, or (at your option) any later version.\n",
        "GPL-2.0-or-later",
    );
}

#[test]
fn items_of_a_numbered_list_are_a_choice_where_it_offers_one() {
    let list = |offer: &str| {
        let between = "It asks for nothing but that its notice stays where it is in every copy. ".repeat(4);
        format!(
            "This program is distributed under the terms of {offer}:\n\n1. The MIT license\n\n{between}\n\n2. The GPL version 2\n"
        )
    };
    one(&list("either"), "MIT OR GPL-2.0-only");
    assert_eq!(stated(&list("all of these licenses")), ["MIT", "GPL-2.0-only"]);
}

#[test]
fn what_is_denied_is_no_license() {
    assert!(stated("It is not licensed under [this license](https://opensource.org/licenses/MIT).").is_empty());
    one("It is licensed under [this license](https://opensource.org/licenses/MIT).", "MIT");
    for text in [
        "we can't accept code under the LGPLv2",
        "We cannot accept patches licensed under the GPL.",
        "This program is not GPL.",
        "It is no longer distributed under the terms of the GPL.",
        "The data is not covered by the MIT license",
        "a derivative work of the LGPL-licensed codebase since it was not a clean room implementation",
    ] {
        assert!(stated(text).is_empty(), "{text}: {:?}", stated(text));
    }
    // What is forbidden but for a license states it.
    one("You may not use this file except under the terms of the MIT license", "MIT");
    one("It may not be distributed under any license other than the GPL", "GPL-1.0-or-later");
    one("This is not the original, which is lost, but a copy licensed under the MIT license", "MIT");
    one("This is an MIT-licensed library", "MIT");
    one("released as MIT", "MIT");
    one("the terms of this program, which is GPL", "GPL-1.0-or-later");
    one("see the file LICENSE-MIT for the license", "MIT");
}

#[test]
fn a_row_of_a_table_that_compares_is_no_statement() {
    let table =
        "| Feature | One | Two | Three |\n|---|---|---|---|\n| `License` | LGPL-2.1 | MIT license | MPL-1.1 |\n";
    assert!(stated(table).is_empty(), "{:?}", stated(table));
    one("| License | Apache License 2.0 |\n", "Apache-2.0");
}

#[test]
fn a_gnu_license_and_a_permissive_one_for_the_whole_are_a_choice() {
    one("Released under the MIT, BSD, and GPL Licenses.", "MIT OR LicenseRef-BSD OR GPL-1.0-or-later");
    one("Licensed under the MIT and GPL licenses", "MIT OR GPL-1.0-or-later");
    one("It contains code licensed under the MIT and GPL licenses", "MIT AND GPL-1.0-or-later");
    one("This program is double licensed under the EPL 1.0 and the LGPL 2.1.", "EPL-1.0 OR LGPL-2.1-only");
}

#[test]
fn what_other_software_may_be_under_is_no_license() {
    for text in [
        "The license makes it possible to combine Python with other software that is released under the GPL.",
        "the table below summarizes the various releases.\n\n    Release     Year        Owner       GPL-\n                from                    \
         compatible? (1)\n",
        "GPL-compatible doesn't mean that it is distributed under the GPL.",
        "If you wish to allow use of your version of this file only under the terms of the GPL, delete the provisions above.",
        "The project's original open source license was LGPL-2.1.",
        "This is used in software licensed under the GPLv2, and its license must be compatible with that license.",
    ] {
        assert!(stated(text).is_empty(), "{text}: {:?}", stated(text));
    }
}

proptest::proptest! {
    #[test]
    fn any_text_gives_known_licenses_within_itself(
        text in "((under|the|GNU|GPL|LGPL|MIT|BSD|Apache|version|2|2\\.1|v3|or|and|later|with|exception|Classpath|alternatively|License|licensed|either|at|your|option|\n|\\. |, |: |; |/|\\+|\\(|\\)|_|::|http://www\\.gnu\\.org/licenses/gpl\\.html) ?){0,60}|\\PC{0,80}"
    ) {
        let tokens = Tokens::of(&text, 0..text.len());
        for statement in find(&tokens) {
            proptest::prop_assert!(statement.words.start < statement.words.end && statement.words.end <= tokens.len());
            let (first, last) = (tokens.span(statement.words.start), tokens.span(statement.words.end - 1));
            proptest::prop_assert!(text.get(first.start as usize..last.end as usize).is_some());
            let parsed = spdx::Expression::parse(&statement.expression);
            proptest::prop_assert!(parsed.is_ok(), "{}: {:?}", statement.expression, parsed.err());
        }
    }
}

#[test]
fn the_page_of_every_license_is_known_at_sites_that_have_one() {
    one("Licensed under https://spdx.org/licenses/BSD-3-Clause.html", "BSD-3-Clause");
    one("Licensed under http://www.opensource.org/licenses/HPND", "HPND");
    one("see https://opensource.org/license/mpl-2-0/ for the license", "MPL-2.0");
    one("Licensed under https://opensource.org/license/gpl-2-0", "GPL-2.0-only");
    one("Licensed under https://spdx.org/licenses/GPL-2.0-or-later.html", "GPL-2.0-or-later");
    one("Licensed under https://licenses.nuget.org/ISC", "ISC");
    one("Licensed under https://fedoraproject.org/wiki/Licensing/Zed", "Zed");
    one("Licensed under https://spdx.org/licenses/MIT-Modern-Variant", "MIT-Modern-Variant");
}

#[test]
fn a_badge_states_what_its_message_names() {
    one("![License](https://img.shields.io/badge/license-Apache%202.0-blue.svg)", "Apache-2.0");
    one("![License](https://img.shields.io/badge/license-BSD--3--Clause-blue.svg)", "BSD-3-Clause");
    one(".. image:: https://img.shields.io/badge/License-GPL%20v3-blue.svg\n", "GPL-3.0-only");
    one("<img src=\"https://img.shields.io/badge/license-ISC-green?style=flat\">", "ISC");
    one("[![x](https://img.shields.io/badge/license-MIT%2FApache--2.0-blue.svg)](LICENSE)", "MIT OR Apache-2.0");
}

#[test]
fn what_holds_unless_otherwise_noted_is_stated() {
    one("Unless otherwise noted, all files are licensed under the MIT license.", "MIT");
}

#[test]
fn the_items_of_a_list_with_dashes_are_what_its_sentence_says() {
    one("Licensed under either of\n\n * MIT (LICENSE-A)\n * BSD 3-Clause (LICENSE-B)\n", "MIT OR BSD-3-Clause");
    one("is licensed under:\n\n - the Apache License 2.0,\n - or the MIT license\n", "Apache-2.0 OR MIT");
    one("under two licenses; choose either:\n\n- MIT\n- GPLv2\n", "MIT OR GPL-2.0-only");
    one("licensed under your choice of the Unlicense or the zlib license", "Unlicense OR Zlib");
    one(
        "are made available subject to the terms of\neither of the following licenses\n\n  - GNU Lesser General Public License Version \
         2.1\n  - Sun Industry Standards Source License Version 1.1\n",
        "LGPL-2.1-only OR SISSL",
    );
}

#[test]
fn the_number_of_clauses_is_no_version() {
    one("Licensed under either GPL v2 or 2-clause BSD, at your option.", "GPL-2.0-only OR BSD-2-Clause");
    one("under the GPL v2 or 3", "GPL-2.0-only OR GPL-3.0-only");
}

#[test]
fn creative_commons_licenses_of_a_country_are_their_own() {
    one("under http://creativecommons.org/licenses/by-sa/3.0/de/", "CC-BY-SA-3.0-DE");
    one("under the Creative Commons Attribution-ShareAlike 3.0 Germany license", "CC-BY-SA-3.0-DE");
    one("under the Creative Commons Attribution-Share Alike 2.0 UK: England & Wales License", "CC-BY-SA-2.0-UK");
}

#[test]
fn every_line_of_a_comment_of_fortran_goes_on_with_the_sentence() {
    let text = "! This program is free software; you can redistribute it under the terms of the GNU General\n\
                ! Public License as published by the Free Software Foundation; version 2.\n";
    one(text, "GPL-2.0-only");
}

#[test]
fn names_that_code_lists_state_nothing() {
    assert_eq!(stated("enum License { MIT, GPL }"), [""; 0]);
    assert_eq!(stated("KNOWN_LICENSES = [\"mit\", \"isc\"]"), [""; 0]);
}

#[test]
fn what_a_license_is_based_on_is_not_the_license() {
    one(
        "subject to the Common Public Attribution License Version 1.0. The License is based on the Mozilla Public License\n\
         Version 1.1 but Sections 14 and 15 have been added.",
        "CPAL-1.0",
    );
}

#[test]
fn names_with_marks_and_riders_are_read_as_a_whole() {
    one("Licensed under the Yahoo! Public License v1.1.", "YPL-1.1");
    one("under the Sun Industry Standards Source License Version 1.2", "SISSL-1.2");
    one(
        "Licensed under the Apache License, Version 2.0 (the \"Apache License\")\nwith the following modification; you may not use \
         this file",
        "Pixar",
    );
}

#[test]
fn a_name_behind_a_claim_of_copyright_is_the_license() {
    one("// Copyright (c) 2012 Foo. MIT license.\n", "MIT");
    one("// (c) 2012 Foo, MIT License\n", "MIT");
    one("/* Copyright 2010 Foo. GPL v2 or later. */\n", "GPL-2.0-or-later");
    one("// Copyright (c) 2010 Foo. New BSD License.\n", "BSD-3-Clause");
    one("// MIT License. See LICENSE for details.\n", "MIT");
    one("# Copyright Ann 2013. BSD 3-Clause license, see LICENSE file.\n", "BSD-3-Clause");
    one("// MIT license (see the COPYING file)\n", "MIT");
    assert_eq!(stated("# MIT license, see the discussion in #12.\n"), [""; 0]);
    assert_eq!(stated("// Copyright (c) 2012 Foo. It is faster than what has the MIT license.\n"), [""; 0]);
    one("; (c) 2014 Ann - GNU Lesser General Public License (LGPL)\n; see the wiki\n", "LGPL-2.0-or-later");
}

#[test]
fn the_name_of_a_language_is_a_license_in_a_field_or_called_one() {
    let none = |text: &str| assert_eq!(stated(text), [""; 0], "{text}");
    none("See the LICENSE file.\n\nLicense\n\n* Python 3.4+\n");
    none("Ported from TypeScript to Python with modifications, licensed as below.\n");
    none("This notice does not alter the licenses of Python or other programs.\n");
    none("License\n\n-  Python >= 3.5\n");
    none("| Python | \u{2265} 3.8 | yes |\n");
    one(
        "[![MIT](https://x.org/a.svg)](LICENSE)\n[![Python](https://x.org/b)](https://x.org)\nLicensed under MIT.\n",
        "MIT",
    );
    one("License: Python\n", "Python-2.0");
    one("Distributed under the Python license.\n", "Python-2.0");
    one("This module is Ruby licensed, see COPYING.\n", "Ruby");
}

#[test]
fn a_name_in_another_field_is_not_licensed_by_the_one_above() {
    one("License: Apache-2.0\nProvides-Extra: mpl\nRequires-Dist: matplotlib; extra == \"mpl\"\n", "Apache-2.0");
    one("License: see below\nLicense-Terms: MPL 2.0\n", "MPL-2.0");
}

#[test]
fn a_license_of_later_or_of_others_is_none() {
    let none = |text: &str| assert_eq!(stated(text), [""; 0], "{text}");
    none("Change Date: 2030-04-02\nChange License: Apache License, Version 2.0\n");
    none("If this is what you want to do, use the GNU Lesser General\nPublic License instead of this License.\n");
}

#[test]
fn a_name_right_below_the_heading_is_the_license_whatever_follows_it() {
    for name in [
        "MIT \u{a9} [Ann](https://example.org)",
        "MIT &copy; Ann",
        "MIT (c) Ann",
        "[MIT](LICENSE.md)",
        "[MIT](../../LICENSE)",
        "[MIT](https://choosealicense.com/licenses/mit/)",
        "[MIT](https://example.org/x/blob/main/LICENSE) \u{a9} Ann",
        "MIT, see the [LICENSE](/LICENSE) file for details.",
        "MIT \u{2014} Copyright (c) 2026 Ann (see LICENSE).",
        "MIT by Ann",
        "Copyright \u{a9} 2023 Ann. <br />\nThis project is [MIT](./LICENSE) licensed.",
        "Copyright (c) 2022 Ann, Inc. MIT License.",
    ] {
        one(&format!("# x\n\n## License\n\n{name}\n"), "MIT");
    }
    one("## License & Conduct\n\n- MIT \u{a9} [Ann](https://example.org)\n", "MIT");
    one("## License and Copyright\n\nMIT, (c) Ann\n", "MIT");
    one("## \u{8bb8}\u{53ef}\u{8bc1}\n\nMIT License - see [LICENSE](LICENSE).\n", "MIT");
    one("## \u{8bb8}\u{53ef}\u{8bc1}\n\n[Apache-2.0](http://www.apache.org/licenses/LICENSE-2.0)\n", "Apache-2.0");
    one("## Licencia\n\nMIT.\n", "MIT");
    one(
        "## \u{41b}\u{438}\u{446}\u{435}\u{43d}\u{437}\u{438}\u{44f}\n\nMIT \u{a9} [Ann](https://example.org)\n",
        "MIT",
    );
    one("## \u{1f4dd} \u{b77c}\u{c774}\u{c120}\u{c2a4}\n\nMIT License - [LICENSE](LICENSE)\n", "MIT");
    one("Apache-2.0 \u{2014} see [LICENSE](https://example.org/x/LICENSE).\n", "Apache-2.0");
    one(
        "/// It is under the same terms as the\n/// Rust project (MIT/Apache-2.0 dual license).\n",
        "MIT OR Apache-2.0",
    );
    assert_eq!(stated("## License\n\nMIT is where Ann studied.\n"), [""; 0]);
    assert_eq!(stated("## Schools\n\nMIT, see their page.\n"), [""; 0]);
}

#[test]
fn parts_of_banners_and_credits_are_licenses() {
    one("@charset \"utf-8\";\n/*! normalize.css v8.0.0 | MIT License | github.com/necolas/normalize.css */\n", "MIT");
    one("/*! Patch Browser v2.3.0 | MIT Licensed | https://example.org */\n", "MIT");
    one("/*! json-parse v0.1.1 by Ann Bee | License: MIT | 2021-11-01 */\n", "MIT");
    one("// Array Remove - By Ann Bee (MIT Licensed), modified\n", "MIT");
    one("// Vendored from https://example.org/x/y (MIT License)\n", "MIT");
    one("/* reset v2.0\n   License: none (public domain)\n*/\n", "LicenseRef-public-domain");
    assert_eq!(stated("The model is one by Ann (CC-BY-4.0), converted for x.\n"), [""; 0]);
    one("<!-- This file is under the public domain -->\n", "LicenseRef-public-domain");
    assert_eq!(stated("| lodash | MIT License | 4.17 |\n"), [""; 0]);
}

#[test]
fn the_name_of_a_host_is_no_license() {
    assert_eq!(stated("BEGIN LICENSE BLOCK\nThe Original Code is mozilla.org code.\n"), [""; 0]);
}

#[test]
fn a_field_of_a_call_is_no_address() {
    one("setup(\n  license='BSD',\n)\n", "LicenseRef-BSD");
    one("setup(\n  license=\"\"\"BSD\"\"\",\n)\n", "LicenseRef-BSD");
    assert!(stated("  url='https://example.org/x-python',\n  license=LICENSE,\n").is_empty());
    one("  url='https://example.org/x-python',\n  license=\"MIT License\",\n", "MIT");
    assert!(stated("\"keywords\": [\n  \"license\",\n  \"mit\",\n  \"bsd\"\n]\n").is_empty());
    assert!(stated("Read the [patent license](doc/PATENTS) of the codec.\n").is_empty());
    one("License (MIT/GPL)\n", "MIT OR GPL-1.0-or-later");
}

#[test]
fn what_runs_under_a_language_is_not_licensed_so() {
    let run =
        "If you copied the source tree, the script will run the tests under Python 2 and the copy under Python 3.\n";
    assert!(stated(run).is_empty());
    one("This module is released under Python 2.2 license.\n", "Python-2.0");
    assert!(stated("If you have no permission to install modules to the current perl, use another.\n").is_empty());
    assert!(
        stated("It is explicit that this code is also licensed to the PSF under a contributor agreement.\n")
            .is_empty()
    );
}

#[test]
fn a_line_may_be_a_dedication_and_a_name_may_go_with_its_file() {
    one("# Created: 1993-05-16\n# Public domain\n\nset -e\n", "LicenseRef-public-domain");
    assert!(stated("Maps of the public domain\nare drawn here.\n").is_empty());
    one("MIT License, https://example.org/x/blob/master/LICENSE.md\n", "MIT");
    assert!(stated("MIT License, https://example.org/x/history\nis what they have.\n").is_empty());
    let badge = "[![MIT licensed](https://img.shields.io/badge/license-MIT-blue.svg)](./LICENSE-MIT)\n";
    assert!(statements(badge).iter().any(|s| s.kind == DetectionKind::Notice));
    one("See LICENSES/Unlicense for more information.\n", "Unlicense");
}

#[test]
fn a_clause_may_say_how_much_is_licensed_so() {
    one("It is written in JavaScript, and is 100% MIT licensed.\n", "MIT");
    one(
        "The version of getopt in this package (1.4) has a BSD-like license; see the file LICENSE.\n",
        "LicenseRef-BSD",
    );
    one("Foo is GPLed software.\n", "GPL-1.0-or-later");
    assert!(stated("Since we tried it last year, Foo is GPLed software that we do without.\n").is_empty());
    one("(c) 2006 Ann, licensed under GnuGPL v2.0\n", "GPL-2.0-only");
    one("You may use it under the same license as R.\n", "GPL-2.0-only OR GPL-3.0-only");
    assert!(stated("Under the same license as R-devel has.\n").is_empty());
    one("File License: wxWidgets\n", "LGPL-2.0-or-later WITH WxWindows-exception-3.1");
}

#[test]
fn unless_it_says_otherwise_is_no_talk() {
    let files = "Unless specifically indicated otherwise in a file, files are licensed under GNU GPL license either version 3, or\n\
                 (at your option) any later version.\n";
    one(files, "GPL-3.0-or-later");
    assert!(stated("The terms allow the user to upgrade to GPL3 or later versions of the GPL.\n").is_empty());
    assert!(stated("I'm considering licensing this under LGPL.\n").is_empty());
    let versions = "You may link it with modified versions of OpenSSL that use the same license as OpenSSL.\n";
    assert!(stated(versions).is_empty());
    assert!(stated("We cannot ship it unless it is under the GPL or compatible with it.\n").is_empty());
}

#[test]
fn a_heading_about_rights_speaks_of_what_is_below_it() {
    one("=head1 COPYRIGHT AND LICENSE\n\nGPL\n\n=head1 SEE ALSO\n", "GPL-1.0-or-later");
    assert!(stated("They speak about copyright and license\n\nGPL people do\n").is_empty());
}

#[test]
fn a_name_without_version_has_that_of_its_page() {
    one(
        "Gothic is a font, which is released under the Creative Commons Attribution License. See the following URL for \
         the details of this License.\n\nhttp://creativecommons.org/licenses/by/3.0/\n",
        "CC-BY-3.0",
    );
    one("ライセンスは \nCreative Commons Attribution License 3.0 です。\n", "CC-BY-3.0");
    one("许可证为 MIT。\n", "MIT");
}

#[test]
fn a_library_may_have_the_name_of_a_license() {
    assert!(stated("It also contains portions (CPL lib) that are copyright Ann.\n").is_empty());
}

#[test]
fn a_sentence_may_end_with_a_dedication() {
    one("/* Written by Ann, public domain. */\n", "LicenseRef-public-domain");
    assert!(stated("Some maps, public domain texts and songs.\n").is_empty());
    assert!(stated("What others have is MIT, BSD, public domain.\n").is_empty());
}

#[test]
fn bare_conditions_name_their_university() {
    let bare = "Any use of this software is permitted provided that this notice is not\nremoved and that neither the authors \
                nor the Technische Universitaet Berlin\nare deemed to have made any representations.\n";
    one(bare, "TU-Berlin-1.0");
}

#[test]
fn a_dash_in_the_middle_of_a_sentence_is_no_item() {
    one(
        "<!--\n  -  under the terms of the GNU General Public License as published by the\n  -  Free Software Foundation; \
         either version 2 of the License, or (at your\n  -  option) any later version.\n-->\n",
        "GPL-2.0-or-later",
    );
}

#[test]
fn other_things_have_names_of_licenses() {
    assert!(
        stated("  :license-file t\n  :components ((:file \"ecl-tests\") (:if-feature (:not :ecl-bytecmp)))\n")
            .is_empty()
    );
    one("license=\"MIT\",\nlong_description=\"\"\"\\\nPython Serial Port\n\"\"\",\n", "MIT");
    assert!(
        stated("Although the file is originally licensed under LGPL-3.0-or-later, its author agreed.\n").is_empty()
    );
    assert!(stated("\"keywords\": [\n  \"license\",\n  \"licenses\",\n  \"mit\",\n  \"bsd\"\n]\n").is_empty());
}

#[test]
fn the_licenses_of_one_field_may_stand_in_lines_of_their_own() {
    let header = "   License:\n     LGPL: http://www.gnu.org/licenses/lgpl.html\n     EPL: http://www.eclipse.org/org/documents/epl-v10.php\n\
                  See the LICENSE file in the project's top-level directory for details.\n";
    let mut ids = stated(header);
    ids.dedup();
    assert_eq!(ids, ["LGPL-2.0-or-later", "EPL-1.0"]);
    one("<cc:license\n   rdf:resource=\"http://creativecommons.org/licenses/by/3.0/\" />\n", "CC-BY-3.0");
    let ids =
        stated("This module is available under the same licences as perl, the Artistic\nlicense and the GPL.\n")
            .join(" ");
    assert!(ids.contains("GPL-1.0-or-later") && ids.contains("Artistic-1.0-Perl"), "{ids}");
}

#[test]
fn what_stands_between_a_version_and_later_ones_does_not_part_them() {
    let fsf =
        "it under the terms of the GNU General Public License as published by the Free Software Foundation; either";
    one(
        &format!("{fsf} version 2 of the License (GPLv2) or (at your option) any later version.\n"),
        "GPL-2.0-or-later",
    );
    one(&format!("{fsf} version 2 of the named License, or any later version.\n"), "GPL-2.0-or-later");
    let copy =
        "version 2 of the License, a copy of which is in the file COPYING, or (at your option) any later version.";
    one(&format!("{fsf} {copy}\n"), "GPL-2.0-or-later");
    one("Licensed under the GNU General Public License, version 2 (GPLv2) or later.\n", "GPL-2.0-or-later");
    one("Released under the GPL version 2.0 (at your option) any later version.\n", "GPL-2.0-or-later");
    let link = "[GNU Affero General Public License, version 3](https://www.gnu.org/licenses/agpl-3.0.html)";
    one(&format!("Licensed under the {link} (or any higher version, at your option).\n"), "AGPL-3.0-or-later");
    one("Licensed under the GPL version 3, see COPYING, or a commercial license.\n", "GPL-3.0-only");
    one(
        "Under the terms of the LGPL version 2.1 (included below), or (at your option) any later version.\n",
        "LGPL-2.1-or-later",
    );
    let twice = "under the terms of the GNU General Public License version 2 as published by the Free Software Foundation; \
                 either version 2 of the License, or (at your option) any later version.\n";
    one(twice, "GPL-2.0-or-later");
    let classpath = "under the terms of the GNU General Public License as published by the Free Software Foundation (subject \
                     to the \"Classpath\" exception), either version 2, or any later version.\n";
    one(classpath, "GPL-2.0-or-later WITH Classpath-exception-2.0");
}

#[test]
fn a_number_behind_a_glued_v_is_the_version_wherever_it_stands() {
    one("Distributed under the GNU General Public License (GPLv2).\n", "GPL-2.0-only");
    one("Distributed under the GNU General Public License (GPLv2 or higher).\n", "GPL-2.0-or-later");
    one("It is licensed under the GPLv2 or later, see the file COPYING.\n", "GPL-2.0-or-later");
    one("This is licensed under the GPLv2+CE.\n", "GPL-2.0-only WITH Classpath-exception-2.0");
}

#[test]
fn two_versions_may_have_their_dates() {
    let text = "under the terms of the GPL; version 2 dated June, 1991, or (at your option) version 3 dated 29 June, 2007.\n";
    one(text, "GPL-2.0-only OR GPL-3.0-only");
}

#[test]
fn the_pages_behind_the_items_of_a_list_are_parts_of_the_items() {
    let list = "Licensed under the terms of any of the following licenses at your\nchoice:\n\n \
                - GNU General Public License Version 2 or later (the \"GPL\")\n   http://www.gnu.org/licenses/gpl.html\n\n \
                - GNU Lesser General Public License Version 2.1 or later (the \"LGPL\")\n   \
                http://www.gnu.org/licenses/lgpl.html\n\n \
                - Mozilla Public License Version 1.1 or later (the \"MPL\")\n";
    one(list, "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1");
    let pages = "Licensed under several licenses; you can choose one:\n\n\
                 - [GPL license](https://www.gnu.org/licenses/gpl-3.0.html)\n\
                 - [LGPL license](https://www.gnu.org/licenses/lgpl-3.0.html)\n\
                 - [Apache license](https://www.apache.org/licenses/LICENSE-2.0)\n";
    assert_eq!(stated(pages)[0], "GPL-3.0-only OR LGPL-3.0-only OR Apache-2.0");
}

#[test]
fn words_around_a_name_that_leave_it_a_statement() {
    one("Available via the MIT or new BSD license.\n", "MIT OR BSD-3-Clause");
    one(
        "This file is bundled under the terms of the MIT or GPL licenses, at your choice.\n",
        "MIT OR GPL-1.0-or-later",
    );
    one("This repo is licensed with MIT.\n", "MIT");
    one("It has the MIT license.\n", "MIT");
    one("Our code follows the MIT License.\n", "MIT");
    one("Licensed under the CC-GNU LGPL version 2.1.\n", "LGPL-2.1-only");
    one("MIT/GPLv2 License\n", "MIT OR GPL-2.0-only");
    one("GNU General Public License, V2.0 is applicable to the following parts.\n", "GPL-2.0-only");
    one("Under the Affero GNU General Public License, version 3.\n", "AGPL-3.0-only");
    one("Licensed under the Clear BSD License.\n", "BSD-3-Clause-Clear");
    one("# See http://www.python.org/2.4/license for licensing details.\n", "Python-2.0");
    let gcc = "under the GNU General Public License (version 3 with the Runtime Library Exception).\n";
    one(gcc, "GPL-3.0-only WITH GCC-exception-3.1");
}

#[test]
fn a_country_of_creative_commons_is_told_by_the_page() {
    let text =
        "Licensed under a http://creativecommons.org/licenses/by/3.0/us/ Creative Commons Attribution 3.0 License.\n";
    one(text, "CC-BY-3.0-US");
    one("Licensed under the Creative Commons Public Domain Mark 1.0.\n", "CC-PDM-1.0");
    one("Licensed under the Attribution-NonCommercial-NoDerivs 2.0 License.\n", "CC-BY-NC-ND-2.0");
    one("Under a Creative Commons Attribution-Noncommercial-No Derivative Works 3.0 License\n", "CC-BY-NC-ND-3.0");
}

#[test]
fn what_will_be_and_what_others_may_have_chosen_is_not_stated() {
    let change = "Use of this software is governed by the Business Source License 1.1. As of the Change Date, use of it will be \
                  governed by the Apache License, Version 2.0.\n";
    one(change, "BUSL-1.1");
    one("Licensed under the BSL 1.1, converting to the Apache 2.0 license after four years.\n", "BUSL-1.1");
    let choice = "If you don't indicate a single choice of license, a recipient has the option to distribute your version \
                  under either the CDDL or the GPL Version 2.\n";
    assert_eq!(stated(choice), [""; 0]);
    assert_eq!(stated("The Foo license is close to the GNU LGPL.\n"), [""; 0]);
    assert_eq!(stated("You are not affected by the license: Your fair use rights.\n"), [""; 0]);
    let elects = "Foo elects to use only the GPL for any software that says the language indicating that GPLv2 or any later \
                  version may be used.\n";
    assert_eq!(stated(elects), ["GPL-1.0-or-later"]);
}

#[test]
fn what_compares_or_tells_of_symbols_and_headers_states_nothing() {
    for text in [
        "if (license === 'Apache-2.0') {\n",
        "tryget() is GPL-only\n",
        "Clarify copyright info in GPL header\n",
        "char license[16]; /* For example \"GPL\" */\n",
        "It does not use the GPL.\n",
        "If you add code from others, please consider changing the license to GPL.\n",
        "It was originally licensed under the GPL until 2010.\n",
    ] {
        assert_eq!(stated(text), [""; 0], "{text}");
    }
    one("It is licensed under the GPL only.\n", "GPL-1.0-or-later");
}

#[test]
fn versions_are_read_in_words_badges_and_beside_addresses() {
    one("Licensed under the GNU General Public Licence version3.\n", "GPL-3.0-only");
    one("[![x](https://img.shields.io/badge/license-GNU%20AGPL%20v3%2B-663366)](./LICENSE)\n", "AGPL-3.0-or-later");
    one(" * @license    http://www.gnu.org/licenses/old-licenses/lgpl-2.1.txt    LGPL\n", "LGPL-2.1-only");
    one(" * @license http://www.opensource.org/licenses/mit-license.html MIT License\n", "MIT");
    one("License: GPL-2.0-with-GCC-exception\n", "GPL-2.0-only WITH GCC-exception-2.0");
}

#[test]
fn what_only_an_exception_says_names_it() {
    let notice = "This file is free software; you can redistribute it under the terms of the GNU Library General Public License \
                  as published by the Free Software Foundation; either version 2, or (at your option) any later version.\n\n";
    let gcc = "In addition to the permissions in the GNU Library General Public License, the Foundation gives you unlimited \
               permission to link the compiled version of this file into combinations with other programs.\n";
    one(&format!("{notice}{gcc}"), "LGPL-2.0-or-later WITH GCC-exception-2.0");
    let tex = "As a special exception, when this file is read by TeX when processing a Texinfo source document, you may use the \
               result without restriction.\n";
    one(&format!("{notice}{tex}"), "LGPL-2.0-or-later WITH Texinfo-exception");
}

#[test]
fn buttons_and_links_that_are_a_line_name_the_license() {
    let zero = "[![CC0](http://i.creativecommons.org/p/zero/1.0/88x31.png)](http://creativecommons.org/publicdomain/zero/1.0/)\n";
    one(zero, "CC0-1.0");
    one("<img src=\"https://licensebuttons.net/l/by-sa/4.0/88x31.png\"/>\n", "CC-BY-SA-4.0");
    one("The MIT License (MIT). Please see [License File](LICENSE.md) for more information.\n", "MIT");
    assert_eq!(stated("[Apache License 2.0](https://www.apache.org/licenses/LICENSE-2.0)\n")[0], "Apache-2.0");
    one("You can redistribute it under the same license terms as Ruby.\n", "Ruby");
}

#[test]
fn identifiers_of_the_gfdl_are_read_with_their_sections() {
    one("Licensed under the GFDL-1.2-no-invariants-or-later.\n", "GFDL-1.2-no-invariants-or-later");
    one("Licensed under the GFDL-1.3-invariants-only.\n", "GFDL-1.3-invariants-only");
    one("Licensed under the GFDL-1.3-or-later.\n", "GFDL-1.3-or-later");
}

#[test]
fn a_license_with_restrictions_is_another_one() {
    for text in [
        "Licensed under the MIT license, with restrictions.\n",
        "It is licensed under MIT, with a special restriction: you may not sell it.\n",
        "Available under a modified MIT license.\n",
        "This license is derived from the MIT License.\n",
    ] {
        assert_eq!(stated(text), [""; 0], "{text}");
    }
    one("Licensed under the MIT license with no restrictions.\n", "MIT");
    one("Covered by a modified GNU GPL.\n", "GPL-1.0-or-later");
}
// REUSE-IgnoreEnd
