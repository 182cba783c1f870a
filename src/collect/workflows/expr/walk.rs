//! Questions about the parts of an expression.

use super::{Context, Expr, Function, Kind, Operator, Value};

impl Expr {
    /// The direct parts.
    pub(in super::super) fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Call(_, parts) | Kind::Context(parts) => parts.iter().collect(),
            Kind::Index(inner) | Kind::Not(inner) => vec![inner],
            Kind::Binary(_, left, right) => vec![left, right],
            Kind::Literal(_) | Kind::Star | Kind::Name(_) => Vec::new(),
        }
    }

    /// This and every part of it for which `wanted` holds, in order; the parts of a match are not looked at when
    /// `wanted` says so by its second value.
    pub(in super::super) fn find<'e>(&'e self, wanted: &dyn Fn(&'e Self) -> (bool, bool)) -> Vec<&'e Self> {
        let mut out = Vec::new();
        self.find_into(wanted, &mut out);
        out
    }

    fn find_into<'e>(&'e self, wanted: &dyn Fn(&'e Self) -> (bool, bool), out: &mut Vec<&'e Self>) {
        let (is_match, goes_on) = wanted(self);
        if is_match {
            out.push(self);
        }
        if goes_on {
            for part in self.parts() {
                part.find_into(wanted, out);
            }
        }
    }

    /// Every context in it.
    pub(in super::super) fn contexts(&self) -> Vec<(Context<'_>, &Self)> {
        let all = self.find(&|e| (e.as_context().is_some(), true));
        all.into_iter().filter_map(|e| Some((e.as_context()?, e))).collect()
    }

    /// The contexts whose content can become part of what the expression expands to: operands of `||`, the right
    /// operand of `&&`, arguments of functions that pass text on. What is only compared does not flow.
    pub(in super::super) fn flowing(&self) -> Vec<(Context<'_>, &Self)> {
        let mut out = Vec::new();
        self.flow_into(&mut out);
        out
    }

    fn flow_into<'e>(&'e self, out: &mut Vec<(Context<'e>, &'e Self)>) {
        match &self.kind {
            Kind::Call(Function::ToJson | Function::FromJson | Function::Format | Function::Join, arguments) => {
                arguments.iter().for_each(|argument| argument.flow_into(out));
            }
            Kind::Call(Function::Case, arguments) => {
                let values = arguments.iter().skip(1).step_by(2);
                values.chain(arguments.last()).for_each(|value| value.flow_into(out));
            }
            Kind::Context(parts) => out.push((Context(parts), self)),
            Kind::Binary(Operator::And, _, right) => right.flow_into(out),
            Kind::Binary(Operator::Or, left, right) => {
                left.flow_into(out);
                right.flow_into(out);
            }
            _ => {}
        }
    }

    /// The expressions one of which this evaluates to.
    pub(in super::super) fn leaves(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Binary(Operator::And, _, right) => right.leaves(),
            Kind::Binary(Operator::Or, left, right) => {
                let mut out = left.leaves();
                out.extend(right.leaves());
                out
            }
            _ => vec![self],
        }
    }

    /// Parts, or the whole, that are no constants and yet have a constant value; outermost only.
    pub(in super::super) fn reducible(&self) -> Vec<(&Self, Value)> {
        if !self.is_literal()
            && let Some(value) = self.constant()
        {
            return vec![(self, value)];
        }
        self.parts().into_iter().flat_map(Self::reducible).collect()
    }

    /// Indices whose content is computed.
    pub(in super::super) fn computed_indices(&self) -> Vec<&Self> {
        let is_computed = |inner: &Self| !inner.is_literal() && !matches!(inner.kind, Kind::Star);
        self.find(&|e| match &e.kind {
            Kind::Index(inner) => (is_computed(inner), false),
            _ => (false, true),
        })
    }
}
