//! The expressions of GitHub Actions: what stands between `${{` and `}}`, and in `if:`.
//!
//! The grammar is that of
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/expressions>: literals, contexts with dots and
//! brackets, calls of the documented functions, `!`, comparisons, `&&` and `||`. An expression that the runner would
//! reject is rejected here.

mod eval;
mod fence;
mod lex;
mod parse;
#[cfg(test)]
mod tests;
mod walk;

use std::ops::Range;

pub(super) use eval::Value;
pub(super) use fence::{Fence, bare, fences, first_fence, is_fenced, next_fence};

/// An expression and the bytes it covers in its source.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    /// The bytes, from the start of the source that was parsed.
    pub(super) span: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A constant.
    Literal(Value),
    /// `*`, which takes every member.
    Star,
    /// A name, at the head of a context or behind a dot.
    Name(String),
    /// `[…]` behind the head of a context.
    Index(Box<Expr>),
    /// A head and what is taken of it: `github.event['x'].*`.
    Context(Vec<Expr>),
    /// A call.
    Call(Function, Vec<Expr>),
    /// Two operands.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `!`.
    Not(Box<Expr>),
}

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Contains,
    StartsWith,
    EndsWith,
    Format,
    Join,
    ToJson,
    FromJson,
    HashFiles,
    Case,
    Success,
    Always,
    Cancelled,
    Failure,
}

impl Function {
    /// The function of this name, letter case ignored, when it takes that many arguments.
    fn new(name: &str, arguments: usize) -> Option<Self> {
        let (function, takes) = match name.to_ascii_lowercase().as_str() {
            "contains" => (Self::Contains, arguments == 2),
            "startswith" => (Self::StartsWith, arguments == 2),
            "endswith" => (Self::EndsWith, arguments == 2),
            "format" => (Self::Format, true),
            "join" => (Self::Join, arguments == 1 || arguments == 2),
            "tojson" => (Self::ToJson, arguments == 1),
            "fromjson" => (Self::FromJson, arguments == 1),
            "hashfiles" => (Self::HashFiles, arguments >= 1),
            "case" => (Self::Case, arguments >= 3 && arguments % 2 == 1),
            "success" => (Self::Success, arguments == 0),
            "always" => (Self::Always, arguments == 0),
            "cancelled" => (Self::Cancelled, arguments == 0),
            "failure" => (Self::Failure, arguments == 0),
            _ => return None,
        };
        takes.then_some(function)
    }
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Expr {
    /// Parses an expression without its fence; `None` where the runner would reject it.
    pub(super) fn parse(source: &str) -> Option<Self> {
        parse::parse(source)
    }

    /// Whether this is a constant.
    pub(super) fn is_literal(&self) -> bool {
        matches!(self.kind, Kind::Literal(_))
    }

    /// The text of this, when it is a text constant.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Literal(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The parts of this, when it is a context.
    pub(super) fn as_context(&self) -> Option<Context<'_>> {
        match &self.kind {
            Kind::Context(parts) => Some(Context(parts)),
            _ => None,
        }
    }
}

/// The parts of a context expression.
#[derive(Clone, Copy)]
pub(super) struct Context<'e>(pub(super) &'e [Expr]);

impl<'e> Context<'e> {
    /// What a part takes: a name, the text of an index; `None` for anything computed.
    fn name(part: &Expr) -> Option<&str> {
        match &part.kind {
            Kind::Name(name) => Some(name),
            Kind::Index(index) => index.as_text(),
            _ => None,
        }
    }

    /// Whether this lies at or below a dotted pattern; `*` in the pattern stands for any one part.
    pub(super) fn is_within(self, pattern: &str) -> bool {
        let mut count = 0;
        for (i, wanted) in pattern.split('.').enumerate() {
            count = i + 1;
            let Some(part) = self.0.get(i) else { return false };
            if wanted != "*" && !Self::name(part).is_some_and(|name| name.eq_ignore_ascii_case(wanted)) {
                return false;
            }
        }
        count <= self.0.len()
    }

    /// Whether this is exactly a dotted pattern.
    pub(super) fn is(self, pattern: &str) -> bool {
        self.0.len() == pattern.split('.').count() && self.is_within(pattern)
    }

    /// The second part, when there are two: `b` of `a.b` and of `a['b']`.
    pub(super) fn only_member(self) -> Option<&'e str> {
        match self.0 {
            [head, member] if matches!(head.kind, Kind::Name(_)) => Self::name(member),
            _ => None,
        }
    }

    /// The dotted form in lower case, with `*` for what is computed; `None` when a call is the head.
    pub(super) fn pattern(self) -> Option<String> {
        let mut out = String::new();
        for part in self.0 {
            let name = match &part.kind {
                Kind::Star | Kind::Index(_) => Self::name(part).unwrap_or("*"),
                Kind::Name(name) => name,
                _ => return None,
            };
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(name);
        }
        out.make_ascii_lowercase();
        Some(out)
    }
}
