//! Every case is a field as its format's documentation writes it.

use super::*;
use crate::model::{Encoding, FileKind, RelPath};

fn of(path: &str, text: &str) -> Vec<String> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let file = SourceFile::text_file(&path, &name, &kind, text);
    let lower = text.to_ascii_lowercase();
    let mut hits: Vec<Hit> = Vec::new();
    for keyword in ["licens", "licenc"] {
        hits.extend(lower.match_indices(keyword).map(|(at, _)| Hit { keyword: 0, start: at as u32 }));
    }
    hits.sort_by_key(|h| h.start);
    let mut out = Vec::new();
    Fields.collect(&file, &hits, &mut out);
    out.into_iter()
        .filter_map(|e| match e {
            Evidence::License(d) => Some(d.expression),
            _ => None,
        })
        .collect()
}

#[test]
fn manifests_of_all_ecosystems() {
    for (path, text, expression) in [
        ("package.json", "{\"name\":\"x\",\"license\":\"MIT\"}", "MIT"),
        (
            "package.json",
            "{\n  \"license\": {\"type\": \"BSD-3-Clause\", \"url\": \"https://x.org/MIT\"}\n}",
            "BSD-3-Clause",
        ),
        (
            "package.json",
            "{\n  \"licenses\": [\n    { \"type\": \"MIT\", \"url\": \"a\" },\n    { \"type\": \"GPL-2.0\" }\n  ]\n}",
            "MIT OR GPL-2.0",
        ),
        (
            "composer.json",
            "{\n  \"license\": [\"LGPL-2.1-only\", \"GPL-3.0-or-later\"]\n}",
            "LGPL-2.1-only OR GPL-3.0-or-later",
        ),
        ("Cargo.toml", "[package]\nlicense = \"MIT/Apache-2.0\"\n", "MIT OR Apache-2.0"),
        ("pyproject.toml", "[project]\nlicense = { text = \"BSD 3-Clause License\" }\n", "BSD-3-Clause"),
        ("pyproject.toml", "classifiers = [\n  \"License :: OSI Approved :: MIT License\",\n]\n", "MIT"),
        ("setup.py", "setup(\n    name='x',\n    license='GPLv3+',\n)\n", "GPL-3.0-or-later"),
        ("setup.py", "setup(name='x', license='Apache 2.0')\n", "Apache-2.0"),
        ("setup.cfg", "[metadata]\nlicense = LGPLv2.1+\n", "LGPL-2.1-or-later"),
        ("PKG-INFO", "Metadata-Version: 2.4\nLicense-Expression: MIT AND ISC\n", "MIT AND ISC"),
        (
            "PKG-INFO",
            "Classifier: License :: OSI Approved :: GNU Affero General Public License v3\n",
            "AGPL-3.0-only",
        ),
        (
            "x.nuspec",
            "<metadata>\n  <license type=\"expression\">MIT OR MS-PL</license>\n</metadata>",
            "MIT OR MS-PL",
        ),
        (
            "pom.xml",
            "<licenses>\n  <license>\n    <name>The Apache Software License, Version 2.0</name>\n    <url>x</url>\n  </license>\n</licenses>",
            "Apache-2.0",
        ),
        ("x.cabal", "name: x\nlicense:             BSD3\nlicense-file:        LICENSE\n", "BSD-3-Clause"),
        (
            "x.opam",
            "opam-version: \"2.0\"\nlicense: \"LGPL-2.1-only WITH OCaml-LGPL-linking-exception\"\n",
            "LGPL-2.1-only WITH OCaml-LGPL-linking-exception",
        ),
        ("meta.yaml", "about:\n  license: BSD 3-Clause\n  license_file: LICENSE\n", "BSD-3-Clause"),
        ("META.json", "{\n   \"license\" : [\n      \"perl_5\"\n   ],\n}", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
        ("META.yml", "---\nname: x\nlicense: perl\n", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
        ("Makefile.PL", "WriteMakefile(\n    LICENSE => 'artistic_2',\n);", "Artistic-2.0"),
        ("dist.ini", "name = x\nlicense = Perl_5\n", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
        ("DESCRIPTION", "Package: x\nLicense: GPL (>= 2) | file LICENSE\n", "GPL-2.0-or-later"),
        ("x.spec", "Name: x\nLicense:        GPLv2+ and MIT\n", "GPL-2.0-or-later AND MIT"),
        ("PKGBUILD", "pkgname=x\nlicense=('GPL2' 'MIT')\n", "GPL-2.0-only OR MIT"),
        ("APKBUILD", "license=\"GPL-2.0-or-later AND Zlib\"\n", "GPL-2.0-or-later AND Zlib"),
        ("x-1.ebuild", "LICENSE=\"GPL-2+\"\nSLOT=0\n", "GPL-2.0-or-later"),
        (
            "x_1.bb",
            "LICENSE = \"MIT & GPLv2\"\nLIC_FILES_CHKSUM = \"file://COPYING;md5=0\"\n",
            "MIT AND GPL-2.0-only",
        ),
        ("Makefile", "PKG_NAME:=x\nPKG_LICENSE:=GPL-2.0-or-later\nPKG_LICENSE_FILES:=COPYING\n", "GPL-2.0-or-later"),
        ("x.mk", "X_LICENSE = LGPL-2.1+, GPL-2.0+ (programs)\n", "LGPL-2.1-or-later AND GPL-2.0-or-later"),
        ("x.gemspec", "Gem::Specification.new do |s|\n  s.licenses    = ['MIT', 'Ruby']\nend\n", "MIT OR Ruby"),
        ("x.podspec", "  s.license  = { :type => 'MIT', :file => 'LICENSE' }\n", "MIT"),
        ("mix.exs", "      licenses: [\"Apache-2.0\"],\n", "Apache-2.0"),
        ("x.rockspec", "description = {\n   license = \"MIT/X11\"\n}\n", "MIT"),
        ("Formula/x.rb", "class X < Formula\n  license \"GPL-3.0-only\"\nend\n", "GPL-3.0-only"),
        ("meson.build", "project('x', 'c',\n  license : 'LGPL-2.1-or-later',\n)\n", "LGPL-2.1-or-later"),
        ("x.metainfo.xml", "<component>\n  <project_license>GPL-3.0+</project_license>\n</component>\n", "GPL-3.0+"),
        ("Dockerfile", "FROM x\nLABEL org.opencontainers.image.licenses=\"MIT\"\n", "MIT"),
        ("x.rb", "class X < Formula\n  license all_of: [\"MIT\", \"Zlib\"]\nend\n", "MIT AND Zlib"),
        (
            "build.gradle",
            "licenses {\n  license {\n    name = 'The Apache Software License, Version 2.0'\n    url = 'https://x.org'\n  }\n}\n",
            "Apache-2.0",
        ),
        ("build.gradle.kts", "license {\n    name.set(\"MIT License\")\n    distribution.set(\"repo\")\n}\n", "MIT"),
        ("Portfile", "license             {Artistic-1 GPL}\n", "Artistic-1.0 OR GPL-1.0-or-later"),
        ("pom.xml", "<license>\n  <name>GPLv2+CE</name>\n</license>", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("x.asd", "(defsystem x\n  :licence \"LLGPL\")\n", "LGPL-2.1-only WITH LLGPL"),
        (
            "_oasis",
            "License: LGPL-2.1 with OCaml linking exception\n",
            "LGPL-2.1-only WITH OCaml-LGPL-linking-exception",
        ),
        ("x.scm", "    (license license:gpl3+)))\n", "GPL-3.0-or-later"),
        ("x.scm", "    (license license:bsd-3)))\n", "BSD-3-Clause"),
        ("x.scm", "    (license (list license:expat license:asl2.0))))\n", "MIT AND Apache-2.0"),
        ("codemeta.json", "{\n \"license\": \"Apache-2.0\"\n}", "Apache-2.0"),
        ("openapi.yaml", "info:\n  title: x\n  license:\n    name: Apache 2.0\n    url: https://x\n", "Apache-2.0"),
        ("default.nix", "  meta = {\n    license = lib.licenses.gpl3Plus;\n  };\n", "GPL-3.0-or-later"),
        ("x.csproj", "    <PackageLicenseExpression>MIT</PackageLicenseExpression>\n", "MIT"),
        ("package.xml", "<package>\n <license>BSD-3-Clause</license>\n</package>", "BSD-3-Clause"),
        ("x.desktop", "[Desktop Entry]\nX-KDE-PluginInfo-License=LGPL v2+\n", "LGPL-2.0-or-later"),
        ("galaxy.yml", "license:\n- GPL-2.0-or-later\n- MIT\n", "GPL-2.0-or-later OR MIT"),
        ("model.md", "---\nlicense: apache-2.0\n---\n", "Apache-2.0"),
    ] {
        assert_eq!(of(path, text), [expression], "{path}: {text}");
    }
}

/// What the documents of a format say that its names mean.
#[test]
fn names_that_a_format_defines() {
    let cpan = |name: &str| ("META.json", format!("{{\n \"license\" : [\n  \"{name}\"\n ]\n}}\n"));
    let gentoo = |name: &str| ("x-1.ebuild", format!("LICENSE=\"{name}\"\n"));
    let fedora = |name: &str| ("x.spec", format!("License:        {name}\n"));
    let port = |name: &str| ("Makefile", format!("LICENSE=\t{name}\n"));
    for ((path, text), expression) in [
        // CPAN::Meta::Spec 2
        (cpan("agpl_3"), "AGPL-3.0-only"),
        (cpan("apache_1_1"), "Apache-1.1"),
        (cpan("artistic_1"), "Artistic-1.0"),
        (cpan("bsd"), "BSD-3-Clause"),
        (cpan("freebsd"), "BSD-2-Clause"),
        (cpan("gfdl_1_3"), "GFDL-1.3-only"),
        (cpan("lgpl_3_0"), "LGPL-3.0-only"),
        (cpan("mozilla_1_0"), "MPL-1.0"),
        (cpan("qpl_1_0"), "QPL-1.0"),
        (cpan("ssleay"), "SSLeay-standalone"),
        (cpan("sun"), "SISSL"),
        (("META.yml", "---\nlicense: bsd\n".to_owned()), "BSD-3-Clause"),
        (("dist.ini", "license = LGPL_2_1\n".to_owned()), "LGPL-2.1-only"),
        // The files of the folder `licenses` in Gentoo's repository, and the operators of its package manager.
        (gentoo("BSD"), "BSD-3-Clause"),
        (gentoo("BSD-2"), "BSD-2-Clause"),
        (gentoo("UoI-NCSA"), "NCSA"),
        (gentoo("FDL-1.3+"), "GFDL-1.3-or-later"),
        (gentoo("|| ( Artistic GPL-1+ )"), "Artistic-1.0-Perl OR GPL-1.0-or-later"),
        (gentoo("GPL-2 doc? ( FDL-1.2 )"), "GPL-2.0-only AND GFDL-1.2-only"),
        // Fedora's list of good licenses, before it took to SPDX.
        (fedora("Python"), "Python-2.0"),
        (fedora("zlib with acknowledgement"), "zlib-acknowledgement"),
        (fedora("IBM"), "IPL-1.0"),
        (fedora("MIT with advertising"), "MIT-advertising"),
        (fedora("LBNL BSD"), "BSD-3-Clause-LBNL"),
        (fedora("Knuth"), "Knuth-CTAN"),
        // FreeBSD's `bsd.licenses.db.mk`.
        (port("BSD0CLAUSE"), "0BSD"),
        (port("LPPL13c"), "LPPL-1.3c"),
        (port("PHP301"), "PHP-3.01"),
        (fedora("(GPLv2+ or LGPLv2+) and MIT"), "(GPL-2.0-or-later OR LGPL-2.0-or-later) AND MIT"),
        (fedora("GPL+ or Artistic"), "GPL-1.0-or-later OR Artistic-1.0-Perl"),
        // The header of Haddock.
        (("A.hs", "{- |\nModule      : A\nLicense     : BSD-style\n-}\n".to_owned()), "BSD-3-Clause"),
        (("A.hs", "-- License     :  BSD2\n".to_owned()), "BSD-2-Clause"),
        // bsd.licenses.db.mk of FreeBSD's ports.
        (port("BSD3CLAUSE"), "BSD-3-Clause"),
        (port("LGPL21+"), "LGPL-2.1-or-later"),
        (port("ART20"), "Artistic-2.0"),
        (port("ARTPERL10 GPLv1+"), "Artistic-1.0-Perl AND GPL-1.0-or-later"),
    ] {
        assert_eq!(of(path, &text), [expression], "{path}: {text}");
    }
    assert!(of("notes", "License: BSD\n").is_empty(), "names no license");
}

#[test]
fn debian_copyright_names_a_license_in_each_paragraph() {
    let text = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: Ann\n\
        License: GPL-2+ or Artistic\n\nFiles: x\nCopyright: Bob\nLicense: Expat\n";
    assert_eq!(of("debian/copyright", text), ["GPL-2.0-or-later OR Artistic-1.0-Perl", "MIT"]);
}

#[test]
fn sources_and_notes() {
    for (path, text, expected) in [
        ("a.py", "__license__ = \"GPL v3\"\n", &["GPL-3.0-only"][..]),
        ("a.c", "MODULE_LICENSE(\"GPL v2\");\n", &["GPL-2.0-only"]),
        ("a.c", "MODULE_LICENSE(\"Dual BSD/GPL\");\n", &["BSD-3-Clause OR GPL-2.0-only"]),
        ("a.js", "/**\n * @license MIT\n */\n", &["MIT"]),
        ("a.el", ";; License: GPLv3+\n", &["GPL-3.0-or-later"]),
        ("notes", "License: LGPL v2.1\n", &["LGPL-2.1-only"]),
        ("README.md", "**License:** MIT\n", &["MIT"]),
        // Talk, code and other people's fields.
        ("a.py", "    license = \"MIT\"\n", &[]),
        ("a.js", "  license: 'MIT',\n", &[]),
        ("a.rs", "let license = \"MIT\";\nassert_eq!(x.license, \"MIT\");\n", &[]),
        ("README.md", "The license: see below, MIT or so they say\n", &[]),
        ("README.md", "```yaml\nlicense: MIT\n```\n", &[]),
        ("x.5", "  \"license\": \"MIT\"\n", &[]),
        ("COPYRIGHT", "This or the MIT\nlicense MIT, at your option\n", &[]),
        ("package-lock.json", "{\"packages\":{\"a\":{\"license\":\"MIT\"}}}", &[]),
        ("data.json", "{\"packages\":{\"a\":{\"b\":{\"license\":\"MIT\"}}}}", &[]),
        ("x.yml", "jobs:\n  license: ${{ x }}\n", &[]),
        ("strings.json", "{\"license\": \"License\"}", &[]),
    ] {
        assert_eq!(of(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn links_name_the_license_of_a_page() {
    for (path, text, expected) in [
        (
            "a.html",
            "<link rel=\"license\" href=\"https://www.apache.org/licenses/LICENSE-2.0\">\n",
            &["Apache-2.0"][..],
        ),
        ("a.html", "<meta name=\"license\" content=\"MIT\">\n", &["MIT"]),
        ("x.nuspec", "<licenseUrl>https://opensource.org/licenses/MIT</licenseUrl>\n", &["MIT"]),
        ("x.nuspec", "<id>x</id><licenseUrl>https://licenses.nuget.org/ISC</licenseUrl>\n", &["ISC"]),
        ("pyproject.toml", "[project.license]\ntext = \"MIT License\"\n", &["MIT"]),
        ("pyproject.toml", "[project.license]\nfile = \"MIT.txt\"\n", &[]),
        ("project.clj", "  :license {:name \"MIT\"\n            :url \"http://example.org\"}\n", &["MIT"]),
        ("a.php", "/**\n * @license http://www.gnu.org/licenses/lgpl-2.1.html LGPL\n */\n", &["LGPL-2.1-only"]),
        ("a.php", "/**\n * @license http://www.gnu.org/licenses/gpl.html GPL v3\n */\n", &["GPL-3.0-only"]),
        ("a.php", "/**\n * @license http://opensource.org/licenses/MIT see the file LICENSE\n */\n", &["MIT"]),
        ("a.js", "/* @license magnet:?xt=urn:btih:d3d9a9a6595521f9&dn=expat.txt Expat */\n", &["MIT"]),
        ("a.js", "/* @license magnet:?xt=urn:btih:8e4f440f4c65981c&dn=apache-2.0.txt */\n", &["Apache-2.0"]),
        ("a.h", "/* SPDX-FileCopyrightText: Ann\n * License-Filename: LICENSES/preferred/MIT\n */\n", &["MIT"]),
        ("qt_attribution.json", "[{\"Id\": \"a\", \"LicenseId\": \"MIT\"}]", &["MIT"]),
        ("a.html", "<a rel=\"license\" href=\"/terms\">\n", &[]),
    ] {
        assert_eq!(of(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn a_field_stands_for_the_prose_that_reads_the_same_words() {
    let text = "a\nb\nc\nd\n";
    let detection = |expression: &str, kind, line: usize, reason: &str| {
        let at = text.lines().take(line - 1).map(|l| l.len() + 1).sum::<usize>();
        let region = crate::model::Region::of(text, at..at + 1);
        Detection {
            expression: expression.to_owned(),
            kind,
            place: crate::model::Place { path: RelPath::new("x"), region: Some(region) },
            score: 1.0,
            reason: reason.to_owned(),
            invalid: None,
            snippet: false,
            text: None,
        }
    };
    for (found, expected) in [
        (vec![("MIT", DetectionKind::Reference, 1), ("MIT", DetectionKind::Field, 1)], vec!["MIT"]),
        (
            vec![("GPL-1.0-or-later", DetectionKind::Reference, 2), ("GPL-1.0-or-later", DetectionKind::Field, 2)],
            vec!["GPL-1.0-or-later"],
        ),
        (vec![("MIT", DetectionKind::Field, 1), ("MIT", DetectionKind::Field, 1)], vec!["MIT"]),
        (
            vec![("GPL-2.0-only", DetectionKind::Notice, 1), ("GPL-1.0-or-later", DetectionKind::Field, 4)],
            vec!["GPL-2.0-only"],
        ),
        (
            vec![("GPL-1.0-or-later", DetectionKind::Notice, 1), ("GPL-2.0-only", DetectionKind::Field, 4)],
            vec!["GPL-2.0-only"],
        ),
        (
            vec![("LGPL-2.1-only", DetectionKind::Notice, 1), ("GPL-2.0-only", DetectionKind::Field, 4)],
            vec!["LGPL-2.1-only", "GPL-2.0-only"],
        ),
    ] {
        for reason in ["the field `license`", MODULE] {
            let mut all: Vec<Detection> =
                found.iter().map(|(e, kind, line)| detection(e, *kind, *line, reason)).collect();
            give_way(&mut all);
            assert_eq!(all.iter().map(|d| d.expression.as_str()).collect::<Vec<_>>(), expected, "{found:?}");
        }
    }
}

#[test]
fn a_file_that_lists_the_licenses_of_many_states_none() {
    let text: String = ["MIT", "ISC", "Zlib", "Apache-2.0", "0BSD"].map(|id| format!("license: {id}\n")).concat();
    assert!(of("list.txt", &text).is_empty());
    assert_eq!(of("x.spec", &text).len(), 5);
}

proptest::proptest! {
    #[test]
    fn any_text_is_safe(text in "((License|licence|[\"':=>({\\[\\]})<,]|MIT|\n| |name|::|é) ?){0,40}", name in "(package.json|a.py|x.spec|b.txt)") {
        of(&name, &text);
    }
}

#[test]
fn badges_and_claims_of_copyright_are_no_fields() {
    let badge =
        "[![license: GPLv3](https://x.org/badge/License-GPLv3-blue.svg)](https://www.gnu.org/licenses/gpl-3.0)\n";
    let head = "Metadata-Version: 2.1\nName: x\n\n";
    assert_eq!(of("PKG-INFO", &format!("{head}{badge}")), Vec::<String>::new());
    assert_eq!(of("PKG-INFO", "License: Copyright (c) 2018 The Python Packaging Authority\n"), Vec::<String>::new());
    assert_eq!(of("PKG-INFO", "License: Copyright 2018 Ann, MIT License\n"), ["MIT"]);
}

#[test]
fn the_result_of_a_call_is_no_license() {
    for text in
        ["rdf_license_t * license = rdf_get_license (doc);\n", "license = pick(mit);\n", "license = Doc::get (mit)\n"]
    {
        assert_eq!(of("a.cpp", text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(of("x.spec", "License: GPL-2.0-only (see COPYING)\n"), ["GPL-2.0-only"]);
}

#[test]
fn a_bsd_license_without_a_number_is_one_all_the_same() {
    for (path, text, expected) in [
        ("package.xml", "<package>\n<license>BSD</license>\n</package>\n", "LicenseRef-BSD"),
        ("setup.py", "setup(\n    license='BSD or GPLv2',\n)\n", "LicenseRef-BSD OR GPL-2.0-only"),
        ("package.xml", "<license>BSD-3-Clause</license>\n", "BSD-3-Clause"),
    ] {
        assert_eq!(of(path, text), [expected], "{path}");
    }
    assert!(of("package.xml", "<license>as BSDalloc is</license>\n").is_empty());
}
