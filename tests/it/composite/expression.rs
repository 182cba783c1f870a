//! Expressions of GitHub Actions, as far as composite actions here use them.
//!
//! Grammar and meaning are those of GitHub's "Evaluate expressions in workflows and actions": `||`, `&&`, `==`,
//! `!=`, `!`, parentheses, literals, contexts, and the status functions. Anything else is refused, so that an action
//! that starts to use more fails its tests instead of passing them by chance.

use super::Map;

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Bool(bool),
    Text(String),
}

impl Value {
    fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(b) => *b,
            Self::Text(text) => !text.is_empty(),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(b) => b.to_string(),
            Self::Text(text) => text,
        }
    }

    /// Equality of GitHub's kind: text ignores case; of different types, only empty text and nothing are used here.
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.eq_ignore_ascii_case(b),
            (Self::Null, Self::Text(text)) | (Self::Text(text), Self::Null) => text.is_empty(),
            (a, b) => a == b,
        }
    }
}

/// Replaces every `${{ … }}` of a text.
pub(super) fn fill(text: &str, values: &Map, success: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        let end = rest[start..].find("}}").expect("an expression that does not end") + start;
        out.push_str(&rest[..start]);
        out.push_str(&evaluate(&rest[start + 3..end], values, success).text());
        rest = &rest[end + 2..];
    }
    out.push_str(rest);
    out
}

/// Whether an `if` holds. Without a status function it asks for success, too.
pub(super) fn holds(condition: &str, values: &Map, success: bool) -> bool {
    let inner = condition.trim();
    let inner = inner.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(inner);
    let asks_status = ["always()", "success()", "failure()"].iter().any(|call| inner.contains(call));
    (asks_status || success) && evaluate(inner, values, success).is_true()
}

fn evaluate(text: &str, values: &Map, success: bool) -> Value {
    let mut parser = Parser { tokens: tokens(text), at: 0, values, success };
    let value = parser.or();
    assert_eq!(parser.at, parser.tokens.len(), "cannot read the expression {text}");
    value
}

fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' {
            let mut end = 1;
            loop {
                end += rest[end..].find('\'').expect("text that does not end") + 1;
                // A quote is doubled inside.
                if !rest[end..].starts_with('\'') {
                    break end;
                }
                end += 1;
            }
        } else if ["||", "&&", "==", "!="].iter().any(|op| rest.starts_with(op)) {
            2
        } else if "!()".contains(first) {
            1
        } else {
            let is_word = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        };
        assert!(length > 0, "cannot read {rest}");
        found.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    found
}

struct Parser<'a> {
    tokens: Vec<String>,
    at: usize,
    values: &'a Map,
    success: bool,
}

impl Parser<'_> {
    fn take(&mut self, token: &str) -> bool {
        let is_next = self.tokens.get(self.at).is_some_and(|next| next == token);
        self.at += usize::from(is_next);
        is_next
    }

    fn or(&mut self) -> Value {
        let mut left = self.and();
        while self.take("||") {
            let right = self.and();
            left = if left.is_true() { left } else { right };
        }
        left
    }

    fn and(&mut self) -> Value {
        let mut left = self.equality();
        while self.take("&&") {
            let right = self.equality();
            left = if left.is_true() { right } else { left };
        }
        left
    }

    fn equality(&mut self) -> Value {
        let left = self.not();
        if self.take("==") {
            Value::Bool(left.equals(&self.not()))
        } else if self.take("!=") {
            Value::Bool(!left.equals(&self.not()))
        } else {
            left
        }
    }

    fn not(&mut self) -> Value {
        if self.take("!") { Value::Bool(!self.not().is_true()) } else { self.primary() }
    }

    fn primary(&mut self) -> Value {
        if self.take("(") {
            let value = self.or();
            assert!(self.take(")"), "a parenthesis is not closed");
            return value;
        }
        let token = self.tokens.get(self.at).expect("the expression ends too early").clone();
        self.at += 1;
        if self.take("(") {
            assert!(self.take(")"), "{token} takes arguments, which is not known here");
            return Value::Bool(match token.as_str() {
                "always" => true,
                "success" => self.success,
                "failure" => !self.success,
                other => panic!("the function {other} is not known here"),
            });
        }
        if let Some(text) = token.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            return Value::Text(text.replace("''", "'"));
        }
        match token.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            path => {
                let known =
                    ["inputs.", "steps.", "github.", "runner."].iter().any(|context| path.starts_with(context));
                assert!(known, "the context of {path} is not known here");
                self.values.get(path).cloned().map_or(Value::Null, Value::Text)
            }
        }
    }
}

#[test]
fn expressions_mean_what_github_documents() {
    let values = Map::from([("inputs.a".to_owned(), "Yes".to_owned()), ("inputs.empty".to_owned(), String::new())]);
    for (text, expected) in [
        ("inputs.a", "Yes"),
        ("inputs.a == 'yes'", "true"),
        ("inputs.a != 'yes' || inputs.empty", ""),
        ("inputs.empty && 'x' || 'it''s'", "it's"),
        ("!inputs.empty && (inputs.a == 'no' || true)", "true"),
        ("steps.absent.outputs.x == ''", "true"),
        ("success()", "false"),
        ("always() && !success()", "true"),
    ] {
        assert_eq!(evaluate(text, &values, false).text(), expected, "{text}");
    }
    assert_eq!(fill("<${{ inputs.a }}|${{ 'b' }}>", &values, true), "<Yes|b>");
    assert!(holds("inputs.a == 'yes'", &values, true));
    assert!(!holds("inputs.a == 'yes'", &values, false), "a failure before skips the step");
    assert!(holds("${{ always() }}", &values, false));
}
