//! Words of the expression language.

use std::ops::Range;

use super::Operator;
use super::eval::{Value, number};

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    OpenIndex,
    CloseIndex,
    Comma,
    Dot,
    Star,
    Not,
    Operator(Operator),
    Literal(Value),
    Name(String),
}

/// Splits a source into words; `None` where it holds what is no word.
pub(super) fn lex(source: &str) -> Option<Vec<(Token, Range<usize>)>> {
    let bytes = source.as_bytes();
    let mut out: Vec<(Token, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let next = bytes.get(at + 1).copied();
        let (token, length) = match bytes[at] {
            b'(' => (Token::Open, 1),
            b')' => (Token::Close, 1),
            b'[' => (Token::OpenIndex, 1),
            b']' => (Token::CloseIndex, 1),
            b',' => (Token::Comma, 1),
            b'*' => (Token::Star, 1),
            b'!' if next == Some(b'=') => (Token::Operator(Operator::Unequal), 2),
            b'!' => (Token::Not, 1),
            b'<' if next == Some(b'=') => (Token::Operator(Operator::LessOrEqual), 2),
            b'<' => (Token::Operator(Operator::Less), 1),
            b'>' if next == Some(b'=') => (Token::Operator(Operator::GreaterOrEqual), 2),
            b'>' => (Token::Operator(Operator::Greater), 1),
            b'=' if next == Some(b'=') => (Token::Operator(Operator::Equal), 2),
            b'&' if next == Some(b'&') => (Token::Operator(Operator::And), 2),
            b'|' if next == Some(b'|') => (Token::Operator(Operator::Or), 2),
            b'\'' => text(source, at)?,
            b'.' if takes_member(out.last()) => (Token::Dot, 1),
            b'.' | b'+' | b'-' | b'0'..=b'9' => {
                let end = bytes[at..].iter().position(|&b| is_boundary(b) && b != b'.').unwrap_or(bytes.len() - at);
                let value = number(&source[at..at + end]);
                (Token::Literal(Value::Number(value).sound()?), end)
            }
            _ => {
                let end = bytes[at..].iter().position(|&b| is_boundary(b)).unwrap_or(bytes.len() - at);
                let behind_dot = matches!(out.last(), Some((Token::Dot, _)));
                (word(&source[at..at + end], behind_dot)?, end)
            }
        };
        out.push((token, at..at + length));
        at += length;
    }
    Some(out)
}

fn is_boundary(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"()[],.!<>=&|".contains(&byte)
}

/// Whether a dot behind this word takes a member, rather than starting a number.
fn takes_member(last: Option<&(Token, Range<usize>)>) -> bool {
    matches!(last, Some((Token::Name(_) | Token::CloseIndex | Token::Close | Token::Star, _)))
}

/// A text in single quotes, in which a quote is written twice.
fn text(source: &str, start: usize) -> Option<(Token, usize)> {
    let mut value = String::new();
    let mut rest = &source[start + 1..];
    loop {
        let end = rest.find('\'')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return Some((Token::Literal(Value::Text(value)), source.len() - rest.len() - start)),
        }
    }
}

fn word(word: &str, behind_dot: bool) -> Option<Token> {
    let mut bytes = word.bytes();
    let starts = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    if !starts || !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return None;
    }
    Some(match word {
        "true" if !behind_dot => Token::Literal(Value::Bool(true)),
        "false" if !behind_dot => Token::Literal(Value::Bool(false)),
        "null" if !behind_dot => Token::Literal(Value::Null),
        "NaN" if !behind_dot => Token::Literal(Value::Number(f64::NAN)),
        "Infinity" if !behind_dot => Token::Literal(Value::Number(f64::INFINITY)),
        name => Token::Name(name.to_owned()),
    })
}
