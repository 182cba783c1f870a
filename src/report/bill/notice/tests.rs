//! Notices of a small bill that is written by hand.

use super::*;
use crate::model::ComponentKind;

fn component(name: &str, license: Option<&str>, scope: Scope, copyright: Option<&str>) -> Component {
    Component {
        reference: format!("pkg:npm/{name}@1.0.0"),
        purl: Some(format!("pkg:npm/{name}@1.0.0")),
        kind: ComponentKind::Library,
        name: name.to_owned(),
        version: Some("1.0.0".to_owned()),
        declared: license.map(str::to_owned),
        scope: Some(scope),
        copyright: copyright.map(str::to_owned),
        ..Component::default()
    }
}

fn bill() -> Bill {
    let mut member = component("member", Some("MIT"), Scope::Runtime, None);
    member.properties.push(("openclause:local".to_owned(), "true".to_owned()));
    let mut chosen = component("chosen", Some("MIT OR GPL-2.0-or-later"), Scope::Optional, None);
    chosen.concluded = Some("MIT".to_owned());
    let mut components = vec![
        component("product", Some("Apache-2.0"), Scope::Runtime, None),
        member,
        chosen,
        component("a", Some("0BSD"), Scope::Runtime, Some("Copyright 2020 <A>\nCopyright 2020 <A>\nCopyright B")),
        component("both", Some("ISC AND (0BSD WITH Classpath-exception-2.0)"), Scope::Peer, None),
        component("own", Some("LicenseRef-own"), Scope::Runtime, None),
        component("mystery", Some("see LICENSE"), Scope::Runtime, None),
        component("silent", None, Scope::Runtime, None),
        component("tool", Some("GPL-3.0-only"), Scope::Dev, None),
    ];
    components.sort_by(|a, b| a.reference.cmp(&b.reference));
    let own = crate::model::LicenseText {
        id: "LicenseRef-own".to_owned(),
        name: None,
        text: "Do <what> you want.\n".to_owned(),
    };
    Bill {
        name: "product@1.0.0".to_owned(),
        root: Some("pkg:npm/product@1.0.0".to_owned()),
        components,
        license_texts: vec![own],
        ..Bill::default()
    }
}

#[test]
fn what_is_shipped_is_grouped_by_license() {
    let bill = bill();
    let notices = gather(&bill);
    let groups: Vec<(Option<&str>, Vec<&str>)> =
        notices.groups.iter().map(|g| (g.license, g.components.iter().map(|c| c.name.as_str()).collect())).collect();
    assert_eq!(
        groups,
        [
            (Some("0BSD"), vec!["a"]),
            (Some("ISC AND (0BSD WITH Classpath-exception-2.0)"), vec!["both"]),
            (Some("LicenseRef-own"), vec!["own"]),
            (Some("MIT"), vec!["chosen"]),
            (Some("see LICENSE"), vec!["mystery"]),
            (None, vec!["silent"]),
        ]
    );
    let texts: Vec<&str> = notices.texts.keys().map(String::as_str).collect();
    assert_eq!(texts, ["0BSD", "Classpath-exception-2.0", "ISC", "LicenseRef-own", "MIT", "see LICENSE"]);
    assert!(matches!(notices.texts["see LICENSE"], Terms::Unknown));
}

#[test]
fn expressions_name_their_parts() {
    for (expression, parts) in [
        ("(MIT OR Apache-2.0) AND Zlib", &["Apache-2.0", "MIT", "Zlib"][..]),
        ("GPL-2.0+ WITH Bison-exception-2.2", &["Bison-exception-2.2", "GPL-2.0+"]),
        ("Apache-2.0+", &["Apache-2.0"]),
        ("BSD, see the file", &["BSD, see the file"]),
        ("", &[]),
    ] {
        assert_eq!(ids(expression).iter().map(String::as_str).collect::<Vec<_>>(), parts, "{expression}");
    }
}

fn render(write: fn(&Bill, &mut dyn std::io::Write) -> std::io::Result<()>, bill: &Bill) -> String {
    let mut out = Vec::new();
    write(bill, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn both_formats_say_the_same() {
    let (text, page) = (render(write_text, &bill()), render(write_html, &bill()));
    assert!(text.lines().all(|line| line.len() <= 78), "{text}");
    assert!(
        text.contains("    Copyright 2020 <A>\n    Copyright B\n")
            && page.contains("Copyright 2020 &lt;A&gt;<br>Copyright B")
    );
    for name in ["silent 1.0.0", "chosen 1.0.0", "License unknown", "Permission is hereby granted"] {
        assert!(text.contains(name) && page.contains(name), "{name}");
    }
    for left_out in ["tool", "member", "GNU GENERAL", "Copyright (c) <year>"] {
        assert!(!text.contains(left_out) && !page.contains(left_out), "{left_out}");
    }
    assert!(page.contains("<a href=\"#text-MIT\">MIT</a>") && page.contains("id=\"text-MIT\""));
    assert_eq!(page.matches("<pre").count(), 5);
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("notice", text.split("\n======").next().unwrap_or_default());
    });
    let empty = Bill::default();
    assert!(
        render(write_text, &empty).contains("not known to ship")
            && render(write_html, &empty).contains("not known to ship")
    );
}
