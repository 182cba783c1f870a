//! Expected values follow from SPDX names, from the conventions of [`super::read`], and from the documents of the
//! formats that the spellings come from (Fedora, Debian, R, CPAN, PyPI, Nix).

use super::*;

fn of(text: &str) -> String {
    read(text)
        .map(|named| if named.complete { named.expression } else { format!("{} ?", named.expression) })
        .unwrap_or_default()
}

#[test]
fn names_of_the_list_in_any_dress() {
    for (text, expression) in [
        ("MIT", "MIT"),
        ("the mit license", "MIT"),
        ("The MIT License (MIT)", "MIT"),
        ("MIT License", "MIT"),
        ("MIT/X11", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("Apache 2", "Apache-2.0"),
        ("apache-2.0", "Apache-2.0"),
        ("Apache Software License 2.0", "Apache-2.0"),
        ("ASL 2.0", "Apache-2.0"),
        ("apache2", "Apache-2.0"),
        ("Apache_2_0", "Apache-2.0"),
        ("BSD-3-clause", "BSD-3-Clause"),
        ("BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause"),
        ("BSD_3_clause + file LICENSE", "BSD-3-Clause"),
        ("BSD3", "BSD-3-Clause"),
        ("BSD License (3 clause)", "BSD-3-Clause"),
        ("New BSD", "BSD-3-Clause"),
        ("Mozilla Public License Version 1.1", "MPL-1.1"),
        ("Mozilla_1_1", "MPL-1.1"),
        ("MPLv2.0", "MPL-2.0"),
        ("Eclipse Public License - v 1.0", "EPL-1.0"),
        ("Common Development and Distribution License (CDDL) v1.0", "CDDL-1.0"),
        ("Boost Software License 1.0", "BSL-1.0"),
        ("CC-BY-SA 4.0", "CC-BY-SA-4.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("Creative Commons Attribution 4.0", "CC-BY-4.0"),
        ("zlib/libpng", "Zlib"),
        ("Perl_5", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
        ("Artistic_2_0", "Artistic-2.0"),
        ("木兰宽松许可证 v2", "MulanPSL-2.0"),
        ("Mulan PSL v2", "MulanPSL-2.0"),
        ("llama3.1", "LicenseRef-scancode-llama-3.1-license-2024"),
    ] {
        assert_eq!(of(text), expression, "{text}");
    }
}

#[test]
fn families_with_versions() {
    for (text, expression) in [
        ("GPL", "GPL-1.0-or-later"),
        ("GPL+", "GPL-1.0-or-later"),
        ("LGPL", "LGPL-2.0-or-later"),
        ("GPLv2", "GPL-2.0-only"),
        ("GPL-2", "GPL-2.0-only"),
        ("GPL-2.0-or-later", "GPL-2.0-or-later"),
        ("GPLv2+", "GPL-2.0-or-later"),
        ("GPL-2+", "GPL-2.0-or-later"),
        ("gpl2Plus", "GPL-2.0-or-later"),
        ("gpl3Only", "GPL-3.0-only"),
        ("lgpl21Plus", "LGPL-2.1-or-later"),
        ("GPL (>= 2)", "GPL-2.0-or-later"),
        ("LGPL (>= 2.0, < 3) | MIT", "LGPL-2.0-or-later OR MIT ?"),
        ("GPL (>=2.0)", "GPL-2.0-or-later"),
        ("GPL (== 3)", "GPL-3.0-only"),
        ("LGPL v2.1 or later", "LGPL-2.1-or-later"),
        ("LGPL_2_1", "LGPL-2.1-only"),
        ("GNU General Public License v3 (GPLv3)", "GPL-3.0-only"),
        ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
        ("GNU Lesser General Public License, version 2.1", "LGPL-2.1-only"),
        ("GNU GPL, version 2 or (at your option) any later version", "GPL-2.0-or-later"),
        ("GPL version 2 only", "GPL-2.0-only"),
        ("GNU Affero General Public License v3", "AGPL-3.0-only"),
        ("GNU Free Documentation License 1.2", "GFDL-1.2-only"),
        ("GPL 2 or 3", "GPL-2.0-only OR GPL-3.0-only"),
        ("GNU GPLv3", "GPL-3.0-only"),
        ("GPL v2 with Classpath exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPLv2+ with exceptions", "GPL-2.0-or-later ?"),
        ("GPL 7", ""),
    ] {
        assert_eq!(of(text), expression, "{text}");
    }
}

#[test]
fn operators() {
    for (text, expression) in [
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only"),
        ("MIT + file LICENSE", "MIT"),
        ("GPL (>= 2) | file LICENSE", "GPL-2.0-or-later"),
        ("(GPL+ or Artistic) and MIT", "(GPL-1.0-or-later OR Artistic-1.0-Perl) AND MIT"),
        ("GPL-2+ or Artistic, and BSD-3-clause", "(GPL-2.0-or-later OR Artistic-1.0-Perl) AND BSD-3-Clause"),
        ("GPLv2 and LGPLv2+", "GPL-2.0-only AND LGPL-2.0-or-later"),
        ("MIT, BSD-2-Clause or ISC", "MIT OR BSD-2-Clause OR ISC"),
        ("MPL 1.1/GPL 2.0/LGPL 2.1", "MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later"),
        ("GPL-2.0+ and/or MIT", "GPL-2.0-or-later OR MIT"),
        ("Dual licensed under MIT or GPLv3", "MIT OR GPL-3.0-only"),
        ("MIT & ISC", "MIT AND ISC"),
        ("EPL-1.0 or later", "EPL-1.0+"),
        ("|| ( MPL-2.0 MIT ) Zlib", "(MPL-2.0 OR MIT) AND Zlib"),
        ("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later"),
        ("GPLv2+CE", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ] {
        assert_eq!(of(text), expression, "{text}");
    }
}

#[test]
fn what_says_less_is_not_complete_and_what_says_nothing_is_nothing() {
    assert_eq!(of("BSD"), "");
    assert_eq!(of("BSD-style"), "");
    assert_eq!(of("BSD or MIT"), "MIT ?");
    assert_eq!(of("MPL"), "MPL-1.0 ?", "its version is open");
    assert_eq!(of("x"), "", "`X license` of notices is no letter");
    assert_eq!(of("MIT for the code, see docs for the rest"), "MIT ?");
    for text in ["", "our own", "Proprietary", "see LICENSE", "unknown", "((((", "+", "or or", ") and ("] {
        assert_eq!(of(text), "", "{text}");
    }
}

#[test]
fn every_value_of_the_data_is_an_expression() {
    let data: toml::Table = toml::from_str(include_str!("../../policies/facts/license-names.toml")).unwrap();
    for (name, value) in data["names"].as_table().unwrap() {
        let value = value.as_str().unwrap();
        let expression = value.strip_prefix('?').unwrap_or(value);
        assert!(value.is_empty() || spdx::Expression::parse(expression).is_ok(), "{name}: {value}");
    }
    for (name, value) in data["exceptions"].as_table().unwrap() {
        assert!(spdx::exception_id(value.as_str().unwrap()).is_some(), "{name}");
    }
    assert!(!data["stems"].as_table().unwrap().is_empty());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_and_what_comes_out_is_valid(text in "((GPL|v2|or|and|later|with|classpath|MIT|BSD|file|[(),/+|&>0-9.]) ?){0,24}|\\PC{0,60}") {
        if let Some(named) = read(&text) {
            proptest::prop_assert!(spdx::Expression::parse_mode(&named.expression, spdx::ParseMode::STRICT).is_ok(), "{}", named.expression);
        }
    }
}

#[test]
fn statements_that_mean_an_expression() {
    assert_eq!(meant("The MIT License").as_deref(), Some("MIT"));
    assert_eq!(meant("Apache License, Version 2.0").as_deref(), Some("Apache-2.0"));
    for (text, why) in
        [("MIT", "an id"), ("MIT OR Apache-2.0", "an expression"), ("BSD", "a family"), ("see LICENSE", "")]
    {
        assert_eq!(meant(text), None, "{why}");
    }
}
