use proptest::prelude::*;

use super::*;
use crate::model::{Encoding, FileKind, RelPath};

fn collect(path: &str, text: &str) -> Vec<Evidence> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let mut out = Vec::new();
    Documents.collect(&SourceFile::text_file(&path, &name, &kind, text), &[], &mut out);
    out
}

fn document(path: &str, text: &str) -> Document {
    collect(path, text).into_iter().find_map(|e| if let Evidence::Document(d) = e { Some(*d) } else { None }).unwrap()
}

fn links(d: &Document) -> Vec<(&str, &str, u32)> {
    d.links.iter().map(|l| (l.target.as_str(), l.text.as_str(), l.place.start_line())).collect()
}

fn headings(d: &Document) -> Vec<(u8, &str, &str, u32)> {
    d.headings.iter().map(|h| (h.level, h.text.as_str(), h.anchor.as_str(), h.line)).collect()
}

fn images(d: &Document) -> Vec<(&str, Option<&str>)> {
    d.images.iter().map(|i| (i.target.as_str(), i.alt.as_deref())).collect()
}

fn kinds(path: &str, text: &str) -> Vec<String> {
    let mut kinds: Vec<String> = document(path, text).signals.into_iter().map(|s| s.kind.0).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

#[test]
fn markdown_headings_have_the_anchors_of_github() {
    let text = "# A `b` *c*\n\nTitle\n=====\n\n## Same\n## Same\n## Same-1\n\n```\n# no\n```\n<h2 align=\"center\">In <b>HTML</b></h2>\n\n## 安装 & 使用\n";
    let d = document("README.md", text);
    assert_eq!(
        headings(&d),
        [
            (1, "A b c", "a-b-c", 1),
            (1, "Title", "title", 3),
            (2, "Same", "same", 6),
            (2, "Same", "same-1", 7),
            (2, "Same-1", "same-1-1", 8),
            (2, "In HTML", "in-html", 13),
            (2, "安装 & 使用", "安装--使用", 15),
        ]
    );
}

#[test]
fn markdown_links_of_every_kind() {
    let text = "[a](x.md) and [b][ref], <https://auto.org>, bare https://bare.org/x_y_z. `[no](code.md)`\n\n\
                [ref]: sub/y.md#frag\n\n    [no](block.md)\n\n<a href=\"z.md?a=1&amp;b=2\">html *text*</a> <me@x.org> \
                [sp](a%20b.md)\n\n```\n[no](fence.md) https://no.org\n```\n";
    assert_eq!(
        links(&document("README.md", text)),
        [
            ("x.md", "a", 1),
            ("sub/y.md#frag", "b", 1),
            ("https://auto.org", "https://auto.org", 1),
            ("https://bare.org/x_y_z", "https://bare.org/x_y_z", 1),
            ("z.md?a=1&b=2", "html text", 7),
            ("mailto:me@x.org", "me@x.org", 7),
            ("a b.md", "sp", 7),
        ]
    );
}

#[test]
fn images_keep_the_difference_between_no_text_and_an_empty_one() {
    let text = "![alt text](a.png) ![](b.png) <img src=\"c.png\"> <img src='d.png' alt=''> <img alt=\"E\" src=e.png />\n\n\
                [![badge](f.svg)](x.md)\n\n<p align=\"center\">\n  <img src=\"g.png\">\n</p>\n";
    let d = document("README.md", text);
    assert_eq!(
        images(&d),
        [
            ("a.png", Some("alt text")),
            ("b.png", None),
            ("c.png", None),
            ("d.png", Some("")),
            ("e.png", Some("E")),
            ("f.svg", Some("badge")),
            ("g.png", None),
        ]
    );
    assert_eq!(links(&d), [("x.md", "badge", 3)]);
}

#[test]
fn named_anchors_are_known() {
    let d = document("a.md", "<a name=\"top\"></a>\n\n<div id='sec'>x</div>\n\n## T {#own}\n\n## ⚠\u{fe0f} Note\n");
    assert_eq!(d.anchors, ["-note", "own", "sec", "top"]);
}

#[test]
fn ids_in_attributes_are_anchors() {
    let d = document("a.md", "[a]{#one} and [b]{#two .c} `{#code}` {#three\n\n# H {#four}\n");
    assert_eq!(d.anchors, ["four", "one", "two"]);
}

#[test]
fn words_are_those_of_prose() {
    assert_eq!(
        document("a.md", "---\na: b c\n---\n# One two\n\nthree `four` [five](x)\n\n```\nno no\n```\n<!-- no -->\n")
            .words,
        5
    );
    assert_eq!(document("a.md", "安装指南 ok").words, 3);
    assert_eq!(document("README", "one two, three -- 4").words, 4);
}

#[test]
fn restructured_text() {
    let text = "=====\nTitle\n=====\n\n.. _lab el:\n\nPart\n----\n\n`text <sub/a.rst>`_ and `\\<b>`_ and ``no <x>`` :doc:`other/page`\n\n\
                .. _site: https://site.org\n\n.. _`Date::format`: https://date.org\n\nCode::\n\n    Not\n    ---\n    https://no.org\n\n.. image:: a.png\n   :alt: An image\n\n\
                .. figure:: b.png\n\n.. code-block:: c\n\n   `no <x.rst>`_\n\nPart two\n--------\n\nSee https://x.org/.\n\n.. hidden `no <y>`_\n   more\n";
    let d = document("docs/a.rst", text);
    let titles: Vec<(u8, &str)> = d.headings.iter().map(|h| (h.level, h.text.as_str())).collect();
    assert_eq!(titles, [(1, "Title"), (2, "Part"), (2, "Part two")]);
    let targets: Vec<&str> = d.links.iter().map(|l| l.target.as_str()).collect();
    assert_eq!(targets, ["sub/a.rst", "other/page", "https://site.org", "https://date.org", "https://x.org/"]);
    assert_eq!(images(&d), [("a.png", Some("An image")), ("b.png", None)]);
    assert!(d.anchors.iter().any(|a| a == "lab-el"));
}

#[test]
fn asciidoc() {
    let text = "= Title\n:toc:\n\n[[own]]\n== Part one\n\nSee link:a.adoc[A] and xref:b.adoc#x[B], <<own,there>>, https://x.org[X] \
                `link:no[no]` http://bare.org.\n\n----\nlink:no[no]\n----\n\n// link:no[no]\nimage::i.png[An image,200]\nimage:j.png[]\n";
    let d = document("README.adoc", text);
    let titles: Vec<(u8, &str, &str)> =
        d.headings.iter().map(|h| (h.level, h.text.as_str(), h.anchor.as_str())).collect();
    assert_eq!(titles, [(1, "Title", "title"), (2, "Part one", "part-one")]);
    let targets: Vec<&str> = d.links.iter().map(|l| l.target.as_str()).collect();
    assert_eq!(targets, ["a.adoc", "b.adoc#x", "#own", "https://x.org", "http://bare.org"]);
    assert_eq!(images(&d), [("i.png", Some("An image")), ("j.png", None)]);
    assert!(d.anchors.iter().any(|a| a == "own") && d.anchors.iter().any(|a| a == "_part_one"));
}

#[test]
fn citation_files_keep_their_fields_and_license() {
    let text = "cff-version: 1.2.0\nmessage: Cite it.\ntitle: Foo\nversion: 1.2.3\nlicense: apache-2.0\nauthors:\n  - family-names: Doe\n";
    let all = collect("CITATION.cff", text);
    let fields = document("CITATION.cff", text).front_matter.unwrap();
    assert_eq!((&fields["cff-version"], &fields["version"]), (&Value::from("1.2.0"), &Value::from("1.2.3")));
    let license = all.iter().find_map(|e| if let Evidence::License(d) = e { Some(d) } else { None }).unwrap();
    assert_eq!((license.expression.as_str(), license.kind), ("Apache-2.0", DetectionKind::Field));
    assert_eq!(license.place.start_line(), 5);
    assert!(license.invalid.is_some());
    let choice = collect("CITATION.cff", "license:\n  - MIT\n  - Apache-2.0\n");
    assert!(choice.iter().any(|e| matches!(e, Evidence::License(d) if d.expression == "MIT OR Apache-2.0")));
}

#[test]
fn model_cards_state_their_license_in_the_front_matter() {
    let all = collect("README.md", "---\nlicense: apache-2.0\n---\n# M\n");
    assert!(
        all.iter().any(|e| matches!(e, Evidence::License(d) if d.expression == "Apache-2.0" && d.invalid.is_none()))
    );
    let none = collect("README.md", "---\nlicense: other\n---\n# M\n");
    assert!(!none.iter().any(|e| matches!(e, Evidence::License(_))));
}

#[test]
fn broken_front_matter_is_noted_with_its_line() {
    let all = collect("a.md", "---\ntitle: [\n---\n# T\n");
    assert!(
        all.iter().any(|e| matches!(e, Evidence::Unread(s) if s.kind == SkipReason::Malformed && s.line.is_some()))
    );
}

#[test]
fn languages_by_name_and_by_script() {
    assert_eq!(document("README.ja.md", "x").language, "ja");
    assert_eq!(document("README.md", &"本项目是一个开源的工具。".repeat(5)).language, "zh");
    assert_eq!(document("README.md", "Plain English words").language, "");
}

#[test]
fn what_documents_say() {
    for (path, text, kind) in [
        ("CONTRIBUTING.md", "Please sign off under the *Developer Certificate\nof Origin*.", "dco"),
        ("CONTRIBUTING.md", "You must sign a Contributor License Agreement.", "cla"),
        (
            "README.md",
            "Unless you state otherwise, any contribution intentionally submitted\nfor inclusion shall be dual licensed",
            "inbound-outbound",
        ),
        ("README.md", "## Building\n", "build-instructions"),
        ("README.md", "```sh\ncargo build --release\n```", "build-instructions"),
        ("README.md", "Please [open an issue](https://github.com/a/b/issues).", "support-route"),
        ("SECURITY.md", "## Supported Versions\n", "support-period"),
        ("CODE_OF_CONDUCT.md", "reported at [INSERT CONTACT METHOD].", "contact-placeholder"),
        ("SECURITY.md", "Mail security@foo.org", "contact-address"),
        ("SECURITY.md", "Write to `security at foo dot org`.", "contact-address"),
        ("SECURITY.md", "Please do not open a public issue.", "private-channel"),
        ("SECURITY.md", "We answer within 3 business days.", "response-time"),
        ("SECURITY.md", "我们会在 3 个工作日内回复。", "response-time"),
        ("README.md", "This project was bootstrapped with [Create React App](https://x).", "readme-scaffold"),
        ("README.md", "Foo is an open-source tool.", "open-source-claim"),
        ("README.md", "本项目是开源的。", "open-source-claim"),
        ("README.md", "# License\n", "license-section"),
        ("README.md", "![License](https://img.shields.io/badge/license-MIT-blue)", "license-badge"),
        ("README.md", "Licensed under either of MIT or Apache-2.0 at your option.", "license-choice"),
        ("CHANGES", "1.2.3 (2020-01-01)\n  - fixed", "version-entry"),
        ("NEWS", "* Noteworthy changes in release 9.4 (2023-08-29) [stable]", "version-entry"),
    ] {
        assert!(kinds(path, text).iter().any(|k| k == kind), "{kind} in {path}: {text}");
    }
    for (path, text, kind) in [
        ("README.md", "A class for clanging", "cla"),
        ("README.md", "either version 2, or (at your option) any later version", "license-choice"),
        ("README.md", "It is not open source.", "open-source-claim"),
        ("CONTRIBUTING.md", "There is no CLA.", "cla"),
        ("CHANGES", "Use 1.2.3 of it\n  in 2.0 style", "version-entry"),
    ] {
        assert!(!kinds(path, text).iter().any(|k| k == kind), "{kind} in {path}: {text}");
    }
}

#[test]
fn a_signal_stands_where_its_words_stand() {
    let d = document("CONTRIBUTING.md", "# T\n\nSee the *Developer\nCertificate of Origin* now.\n");
    let signal = d.signals.iter().find(|s| s.kind.0 == "dco").unwrap();
    let region = signal.place.region.as_ref().unwrap();
    assert_eq!((region.start_line, region.start_column, region.end_line, region.end_column), (3, 10, 4, 22));
}

#[test]
fn large_documents_are_cut_with_a_note() {
    let text = "[a](b)\n".repeat(MOST_ITEMS + 10);
    let all = collect("README.md", &text);
    assert!(all.iter().any(|e| matches!(e, Evidence::Unread(s) if s.kind == SkipReason::Limit)));
    let Some(Evidence::Document(d)) = all.last() else { panic!() };
    assert_eq!(d.links.len(), MOST_ITEMS);
}

proptest! {
    #[test]
    fn any_text_is_survived_and_regions_are_sane(
        parts in prop::collection::vec(
            prop_oneof![
                Just("# ".to_owned()), Just("\n".to_owned()), Just("[a](b)".to_owned()), Just("![".to_owned()), Just("](".to_owned()),
                Just("<a href='x'>".to_owned()), Just("<img alt=\"".to_owned()), Just("<!--".to_owned()), Just("```\n".to_owned()),
                Just("---\n".to_owned()), Just("a: b\n".to_owned()), Just("====\n".to_owned()), Just(".. image:: x\n".to_owned()),
                Just("`x <y>`_".to_owned()), Just("link:x[y]".to_owned()), Just("<<".to_owned()), Just("http://x".to_owned()),
                Just("open source".to_owned()), Just("::\n".to_owned()), "\\PC{0,8}"
            ],
            0..30,
        ),
        name in prop_oneof![Just("README.md"), Just("docs/a.rst"), Just("README.adoc"), Just("README"), Just("CITATION.cff"), Just("README.html")],
    ) {
        for evidence in collect(name, &parts.concat()) {
            let Evidence::Document(d) = evidence else { continue };
            let places = d.links.iter().map(|l| &l.place).chain(d.images.iter().map(|i| &i.place)).chain(d.signals.iter().map(|s| &s.place));
            for place in places {
                let r = place.region.as_ref().unwrap();
                prop_assert!(r.start_line < r.end_line || (r.start_line == r.end_line && r.start_column <= r.end_column));
            }
        }
    }
}
