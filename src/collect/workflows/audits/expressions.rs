//! Expressions that are not what they look like.

use std::ops::Range;

use super::super::expr::{self, Expr, Fence, Kind, Operator, Value};
use super::super::found::{Found, Sink};
use super::super::github::With;
use super::Input;
use crate::collect::workflows::tree::Document;
use crate::model::{Persona, Weight};

/// Every fenced expression in a range of the source that parses, comments left out. Offsets are those of the source.
pub(super) fn spoken<'a>(document: &'a Document<'a>, range: Range<usize>) -> Vec<(Fence<'a>, Expr)> {
    let mut out = Vec::new();
    let source = &document.source[..range.end.min(document.source.len())];
    let mut from = range.start;
    while let Some(start) = source.get(from..).and_then(|rest| rest.find("${{")).map(|at| from + at) {
        if let Some(comment) = document.comments_on_lines_of(&(start..start)).iter().find(|c| c.contains(&start)) {
            from = comment.end.max(start + 1);
            continue;
        }
        let Some(fence) = expr::next_fence(source, start) else { break };
        from = fence.span.end;
        if let Some(parsed) = Expr::parse(fence.bare) {
            out.push((fence, parsed));
        }
    }
    out
}

/// The bytes of a part of a fenced expression.
pub(super) fn part(fence: &Fence<'_>, expr: &Expr) -> Range<usize> {
    fence.offset(expr.span.start)..fence.offset(expr.span.end)
}

/// Constants in disguise, computed indices, and paths that lead astray: what hides from people and from tools.
pub(super) fn obfuscation(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        let Some(repository) = step.repository() else { continue };
        let odd = repository.path.map(|path| path.split('/').filter(|part| ["", ".", ".."].contains(part)).count());
        if odd.unwrap_or_default() > 0 {
            let message = "the path of the action has empty parts or dots in it, which hides what is used";
            sink.add(Found::new(step.key("uses"), message).weight(Weight::Low));
        }
        if matches!(step.with(), With::Expression) {
            let message = "inputs come from one expression, which hides what they are";
            let found = Found::new(step.key("with"), message).weight(Weight::Informational);
            sink.add(found.also(step.key("uses"), "this action"));
        }
    }
    let Some((document, root)) = input.spoken() else { return };
    for (fence, parsed) in spoken(document, root.at.clone()) {
        let mut all: Vec<(&Expr, String)> = Vec::new();
        match parsed.constant().filter(can_replace) {
            Some(value) => all.push((&parsed, format!("always is `{}`", value.expand()))),
            None => {
                let reducible = parsed.reducible().into_iter().filter(|(_, value)| can_replace(value));
                all.extend(reducible.map(|(part, value)| (part, format!("always is `{}`", value.expand()))));
            }
        }
        all.extend(
            parsed
                .computed_indices()
                .into_iter()
                .map(|index| (index, "is computed, which hides what is read".to_owned())),
        );
        let mut all = all.into_iter();
        let Some((first, why)) = all.next() else { continue };
        let is_computed = !parsed.computed_indices().is_empty();
        let persona = if is_computed { Persona::Pedantic } else { Persona::Regular };
        let shown = |expr: &Expr| fence.bare[expr.span.clone()].trim().to_owned();
        let mut found = Found::new(part(&fence, first), format!("`{}` {why}", shown(first))).weight(Weight::Low);
        for (further, why) in all {
            found = found.also(part(&fence, further), format!("`{}` {why}", shown(further)));
        }
        sink.add(found.persona(persona));
    }
}

/// Whether a constant can be written in place of what computes it.
fn can_replace(value: &Value) -> bool {
    match value {
        Value::Json(_) => false,
        Value::Text(text) => !text.contains("${{"),
        _ => true,
    }
}

/// `a && '' || b`, which is `b` whatever `a` is.
pub(super) fn unsound_ternary(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some((document, root)) = input.spoken() else { return };
    for (fence, parsed) in spoken(document, root.at.clone()) {
        for value in falsy_choices(&parsed) {
            let message = format!(
                "`{}` can never be chosen, because it counts as false",
                fence.bare[value.span.clone()].trim()
            );
            sink.add(Found::new(part(&fence, value), message).weight(Weight::Low));
        }
    }
}

/// Right operands of `&&` that count as false, in operands of `||` other than the last.
fn falsy_choices(expr: &Expr) -> Vec<&Expr> {
    if expr.constant().is_some() {
        return Vec::new();
    }
    let operands = match &expr.kind {
        Kind::Binary(Operator::Or, ..) => alternatives(expr),
        _ => return expr.parts().into_iter().flat_map(falsy_choices).collect(),
    };
    let mut out = Vec::new();
    for operand in &operands[..operands.len() - 1] {
        if let Kind::Binary(Operator::And, _, value) = &operand.kind
            && value.constant().is_some_and(|value| !value.is_truthy())
        {
            out.push(&**value);
        }
    }
    out.extend(operands.into_iter().flat_map(falsy_choices));
    out
}

/// Operands of a row of `||`.
fn alternatives(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Binary(Operator::Or, left, right) if expr.constant().is_none() => {
            let mut out = alternatives(left);
            out.extend(alternatives(right));
            out
        }
        _ => vec![expr],
    }
}
