//! The grammar of the expression language.

use std::ops::Range;

use super::lex::{Token, lex};
use super::{Expr, Function, Kind, Operator};

/// How deep an expression may nest; the runner's own limit.
const MOST_NESTED: usize = 50;

/// Parses a whole source.
pub(super) fn parse(source: &str) -> Option<Expr> {
    let mut parser = Parser { tokens: lex(source)?, at: 0, nested: 0 };
    let expr = parser.binary(0)?;
    (parser.at == parser.tokens.len()).then_some(expr)
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    nested: usize,
}

/// How tightly an operator binds.
fn strength(operator: Operator) -> u8 {
    match operator {
        Operator::Or => 1,
        Operator::And => 2,
        Operator::Equal | Operator::Unequal => 3,
        _ => 4,
    }
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn next(&mut self) -> Option<(Token, Range<usize>)> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    /// Takes the word that has to come, and tells where it ends.
    fn expect(&mut self, wanted: &Token) -> Option<usize> {
        let (token, span) = self.next()?;
        (token == *wanted).then_some(span.end)
    }

    fn nested(&mut self, parse: impl FnOnce(&mut Self) -> Option<Expr>) -> Option<Expr> {
        if self.nested >= MOST_NESTED {
            return None;
        }
        self.nested += 1;
        let expr = parse(self);
        self.nested -= 1;
        expr
    }

    fn binary(&mut self, weakest: u8) -> Option<Expr> {
        let mut left = self.unary()?;
        while let Some(Token::Operator(operator)) = self.peek() {
            let operator = *operator;
            let strength = strength(operator);
            if strength < weakest {
                break;
            }
            self.at += 1;
            let right = self.nested(|parser| parser.binary(strength + 1))?;
            let span = left.span.start..right.span.end;
            left = Expr { span, kind: Kind::Binary(operator, Box::new(left), Box::new(right)) };
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<Expr> {
        if self.peek() != Some(&Token::Not) {
            return self.postfix();
        }
        let (_, bang) = self.next()?;
        let operand = self.nested(Self::unary)?;
        Some(Expr { span: bang.start..operand.span.end, kind: Kind::Not(Box::new(operand)) })
    }

    fn postfix(&mut self) -> Option<Expr> {
        let head = self.primary()?;
        if head.is_literal() && !matches!(self.tokens.get(self.at - 1), Some((Token::Close, _))) {
            return Some(head);
        }
        let is_name = matches!(head.kind, Kind::Name(_));
        let start = head.span.start;
        let mut parts = vec![head];
        loop {
            let part = match self.peek() {
                Some(Token::Dot) => {
                    self.at += 1;
                    let (token, span) = self.next()?;
                    match token {
                        Token::Name(name) => Expr { span, kind: Kind::Name(name) },
                        Token::Star => Expr { span, kind: Kind::Star },
                        _ => return None,
                    }
                }
                Some(Token::OpenIndex) => self.index()?,
                _ => break,
            };
            parts.push(part);
        }
        if parts.len() == 1 && !is_name {
            return parts.pop();
        }
        let end = parts.last()?.span.end;
        Some(Expr { span: start..end, kind: Kind::Context(parts) })
    }

    fn index(&mut self) -> Option<Expr> {
        let (_, open) = self.next()?;
        let inner = if self.peek() == Some(&Token::Star) {
            let (_, span) = self.next()?;
            Expr { span, kind: Kind::Star }
        } else {
            self.nested(|parser| parser.binary(0))?
        };
        let end = self.expect(&Token::CloseIndex)?;
        Some(Expr { span: open.start..end, kind: Kind::Index(Box::new(inner)) })
    }

    fn primary(&mut self) -> Option<Expr> {
        let (token, span) = self.next()?;
        match token {
            Token::Literal(value) => Some(Expr { span, kind: Kind::Literal(value) }),
            Token::Open => {
                let inner = self.nested(|parser| parser.binary(0))?;
                let end = self.expect(&Token::Close)?;
                Some(Expr { span: span.start..end, kind: inner.kind })
            }
            Token::Name(name) if self.peek() == Some(&Token::Open) => self.call(&name, span.start),
            Token::Name(name) => Some(Expr { span, kind: Kind::Name(name) }),
            _ => None,
        }
    }

    fn call(&mut self, name: &str, start: usize) -> Option<Expr> {
        self.at += 1;
        let mut arguments = Vec::new();
        let end = loop {
            if self.peek() == Some(&Token::Close) {
                break self.expect(&Token::Close)?;
            }
            arguments.push(self.nested(|parser| parser.binary(0))?);
            match self.next()? {
                (Token::Close, span) => break span.end,
                (Token::Comma, _) => {}
                _ => return None,
            }
        };
        let function = Function::new(name, arguments.len())?;
        Some(Expr { span: start..end, kind: Kind::Call(function, arguments) })
    }
}
