//! Tests of the expression language, expected values from its documentation.

use proptest::prelude::*;

use super::*;

fn value(source: &str) -> Option<String> {
    Expr::parse(source).unwrap().constant().map(|value| value.expand())
}

#[test]
fn constants_have_the_value_that_the_runner_gives_them() {
    let cases = [
        ("'it''s'", "it's"),
        ("0xff", "255"),
        ("-2.99e-2", "-0.0299"),
        ("true && 'a' || 'b'", "a"),
        ("'' || 'b'", "b"),
        ("!'a'", "false"),
        ("'A' == 'a'", "true"),
        ("1 == '1'", "true"),
        ("null == 0", "true"),
        ("1 < 2 == true", "true"),
        ("contains('Hello world', 'LLO')", "true"),
        ("startsWith('Hello', 'he')", "true"),
        ("endsWith('Hello', 'LO')", "true"),
        ("format('Hello {0} {1} {{x}}', 'Mona', 1)", "Hello Mona 1 {x}"),
        ("join(fromJSON('[1, \"b\"]'), ', ')", "1, b"),
        ("contains(fromJSON('[\"push\"]'), 'PUSH')", "true"),
        ("toJSON('a')", "\"a\""),
        ("case(false, 'x', true, 'y', 'z')", "y"),
        ("(1)", "1"),
    ];
    for (source, expected) in cases {
        assert_eq!(value(source).as_deref(), Some(expected), "{source}");
    }
    for open in ["github.ref", "format('{0}', github.ref)", "format('{1}', 1)", "hashFiles('x')", "always()"] {
        assert_eq!(value(open), None, "{open}");
    }
}

#[test]
fn what_the_runner_rejects_is_rejected() {
    let cases =
        ["", "a b", "'open", "f(1)", "contains(1)", "a = b", "a & b", "1.x.y", "a.", "a[", "(a", "a..b", "a.1"];
    for source in cases {
        assert_eq!(Expr::parse(source), None, "{source}");
    }
    assert!(Expr::parse(&format!("{}1", "!".repeat(49))).is_some());
    assert_eq!(Expr::parse(&format!("{}1", "!".repeat(51))), None);
}

#[test]
fn contexts_match_patterns() {
    let expr = Expr::parse("GitHub.event['pull_request'].head.ref").unwrap();
    let context = expr.as_context().unwrap();
    assert!(context.is("github.event.pull_request.head.ref"));
    assert!(context.is_within("github.event") && !context.is("github.event"));
    assert!(context.is("github.*.pull_request.head.*"));
    assert_eq!(context.pattern().as_deref(), Some("github.event.pull_request.head.ref"));
    let star = Expr::parse("github.event.commits[0].message").unwrap();
    assert_eq!(star.as_context().unwrap().pattern().as_deref(), Some("github.event.commits.*.message"));
    let call = Expr::parse("fromJSON(x).y").unwrap();
    assert_eq!(call.as_context().unwrap().pattern(), None);
    let member = Expr::parse("inputs.name").unwrap();
    assert_eq!(member.as_context().unwrap().only_member(), Some("name"));
}

#[test]
fn only_what_flows_is_dangerous() {
    let flowing = |source: &str| -> Vec<String> {
        let expr = Expr::parse(source).unwrap();
        expr.flowing().iter().map(|(_, e)| source[e.span.clone()].to_owned()).collect()
    };
    assert_eq!(flowing("a.b == 'x' && c.d || e.f"), ["c.d", "e.f"]);
    assert_eq!(flowing("contains(a.b, 'x')"), [""; 0]);
    assert_eq!(flowing("format('{0}', a.b)"), ["a.b"]);
    assert_eq!(flowing("case(a.b, c.d, e.f)"), ["c.d", "e.f"]);
}

#[test]
fn fences_are_found_past_texts() {
    let text = "a ${{ format('}}', x) }} b ${{ y }}";
    let found = fences(text);
    assert_eq!(found.iter().map(|f| f.bare).collect::<Vec<_>>(), [" format('}}', x) ", " y "]);
    assert_eq!(&text[found[1].span.clone()], "${{ y }}");
    assert!(is_fenced("${{ a }}") && !is_fenced("${{ a }}\n"));
    assert_eq!(fences("${{ open"), []);
}

proptest! {
    #[test]
    fn any_text_is_parsed_without_panic(source in "[ -~é\\n]{0,80}") {
        if let Some(expr) = Expr::parse(&source) {
            prop_assert!(source.get(expr.span.clone()).is_some());
            expr.constant();
            expr.reducible();
            expr.flowing();
        }
        for fence in fences(&source) {
            prop_assert!(source.get(fence.span.clone()).is_some());
        }
    }

    #[test]
    fn texts_like_expressions_are_parsed_without_panic(words in prop::collection::vec("(a|b\\.c|'x'|1|\\(|\\)|\\[|\\]|\\*|,|&&|\\|\\||==|!|format|\\.)", 0..16)) {
        let source = words.join(" ");
        if let Some(expr) = Expr::parse(&source) {
            expr.constant();
            expr.computed_indices();
        }
    }
}
