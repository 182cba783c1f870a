//! Tests of the tree: values, places, and what is read of broken sources.

use proptest::prelude::*;

use super::*;

fn line_of(source: &str, offset: usize) -> usize {
    source[..offset].matches('\n').count() + 1
}

const SOURCE: &str = "# c\non: &x\n  push:\njobs:\n  a:\n    steps:\n      - run: |\n          echo a\n            b\n\n      - &y\n        uses: foo # why\n      - run: >-\n          x\n          y\n    empty:\n    t: [a, {b: c}]\nz: 1\n";

#[test]
fn keys_and_values_know_where_they_stand() {
    let document = Document::parse(SOURCE);
    assert_eq!(document.faults, []);
    let root = document.root.as_ref().unwrap();
    assert_eq!(&SOURCE[root.span.start..root.span.start + 2], "on");
    let steps = root.at_path(&["jobs", "a", "steps"]).unwrap().items();
    assert_eq!(steps.len(), 3);
    assert_eq!(steps[0].get("run").unwrap().text(), Some("echo a\n  b\n"));
    assert_eq!(SOURCE[steps[1].at.clone()].lines().next(), Some("&y"));
    assert_eq!(&SOURCE[steps[1].span.clone()], "uses: foo");
    assert_eq!(steps[2].get("run").unwrap().text(), Some("x y"));
    let job = root.at_path(&["jobs", "a"]).unwrap();
    assert!(job.get("empty").unwrap().is_null());
    assert_eq!(&SOURCE[job.get("t").unwrap().span.clone()], "[a, {b: c}]");
    assert_eq!(&SOURCE[job.pair("t").unwrap().span()], "t: [a, {b: c}]");
    assert_eq!(root.get("z").unwrap().number(), Some(1.0));
    let comments: Vec<&str> = document.comments.iter().map(|c| &SOURCE[c.clone()]).collect();
    assert_eq!(comments, ["# c", "# why"]);
    assert_eq!(document.comments_on_lines_of(&steps[1].span).len(), 1);
}

#[test]
fn text_is_traced_back_to_its_source() {
    let document = Document::parse(SOURCE);
    let steps = document.root.as_ref().unwrap().at_path(&["jobs", "a", "steps"]).unwrap().items();
    let run = steps[0].get("run").unwrap();
    assert_eq!(line_of(SOURCE, document.offsets(run).at(0)), 8);
    assert_eq!(line_of(SOURCE, document.offsets(run).at(9)), 9);
    let folded = steps[2].get("run").unwrap();
    assert_eq!(line_of(SOURCE, document.offsets(folded).at(2)), 15);
    let quoted = "a: \"x\\n\\u0041 \\\"q\\\"\"\nb: 'it''s z'\n";
    let document = Document::parse(quoted);
    let root = document.root.as_ref().unwrap();
    let a = root.get("a").unwrap();
    assert_eq!(a.text(), Some("x\nA \"q\""));
    assert_eq!(document.offsets(a).at(5), quoted.find('q').unwrap());
    let b = root.get("b").unwrap();
    assert_eq!(document.offsets(b).at(5), quoted.find('z').unwrap());
}

#[test]
fn a_broken_line_costs_that_line() {
    let source = "on: push\njobs:\n  a:\n    name: x: y: z\n    steps:\n      - run: ls\n\tbad: 1\nz: 1\n";
    let document = Document::parse(source);
    assert!(document.faults.len() == 2, "{:?}", document.faults);
    let root = document.root.as_ref().unwrap();
    assert_eq!(root.at_path(&["jobs", "a", "steps"]).unwrap().items()[0].get("run").unwrap().text(), Some("ls"));
}

#[test]
fn aliases_stand_for_what_they_name_and_are_bounded() {
    let source = "a: &x {k: 1}\nb: *x\n";
    let document = Document::parse(source);
    let b = document.root.as_ref().unwrap().get("b").unwrap();
    assert_eq!(b.get("k").unwrap().number(), Some(1.0));
    assert_eq!((&source[b.at.clone()], &source[b.span.clone()]), ("*x", "{k: 1}"));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..30 {
        let before = i - 1;
        bomb.push_str(&format!(
            "a{i}: &a{i} [*a{before}, *a{before}, *a{before}, *a{before}, *a{before}, *a{before}]\n"
        ));
    }
    assert!(!Document::parse(&bomb).faults.is_empty());
}

proptest! {
    #[test]
    fn any_source_is_read_without_panic(source in "[ -~\\n\\t{}&*'\"|>#é-]{0,200}") {
        let document = Document::parse(&source);
        visit(&document, document.root.as_ref());
    }

    #[test]
    fn sources_like_yaml_are_read_without_panic(lines in prop::collection::vec("( ){0,6}(- )?[a-c&*]{0,2}(: )?([|>'\"\\[{]|[a-z]{0,3})", 0..12)) {
        let source = lines.join("\n");
        let document = Document::parse(&source);
        visit(&document, document.root.as_ref());
    }
}

/// Touches every place, so that one outside of the source or inside of a character shows.
fn visit(document: &Document<'_>, node: Option<&Node>) {
    let Some(node) = node else { return };
    assert!(document.source.get(node.span.clone()).is_some(), "{:?}", node.span);
    assert!(document.source.get(node.at.clone()).is_some(), "{:?}", node.at);
    if let Some(text) = node.scalar() {
        let offsets = document.offsets(node);
        for at in 0..=text.len() {
            assert!(offsets.at(at) <= document.source.len() + text.len());
        }
    }
    for pair in node.pairs() {
        visit(document, Some(&pair.value));
    }
    for item in node.items() {
        visit(document, Some(item));
    }
}
