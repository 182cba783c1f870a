//! SPDX license expressions as policy compares them (SPDX 3.0.1 Annex B).

use spdx::{Expression, ParseMode};

use crate::model::replacement;

/// Reads an expression as found in the field: deprecated ids and `GPL-2.0+` are understood, names that are not ids
/// are not.
pub(super) fn parse(text: &str) -> Option<Expression> {
    let mode = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };
    Expression::parse_mode(text, mode).ok()
}

/// What an SPDX expression may not contain, in words; `None` when it is valid, deprecated ids included.
pub(super) fn invalid(text: &str) -> Option<String> {
    let mode = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };
    match Expression::parse_mode(text, mode) {
        Ok(_) => None,
        Err(error) => {
            let at = text.get(error.span.clone()).map(str::trim).filter(|part| !part.is_empty());
            Some(match at {
                Some(part) if part.len() < text.trim().len() => format!("{} at `{part}`", error.reason),
                _ => error.reason.to_string(),
            })
        }
    }
}

/// The expression that was most likely meant by a text that is none.
pub(super) fn suggest(text: &str) -> Option<String> {
    let named = crate::names::read(text).filter(|named| named.complete);
    named.map(|named| named.expression).filter(|expression| parse(expression).is_some())
}

/// The ids that an expression names, exceptions left out, in order, each once.
pub(super) fn ids(expression: &Expression) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in expression.requirements() {
        let id = part.req.license.to_string();
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
}

/// The [`ids`] of a text; none where it is no expression.
pub(super) fn ids_of(text: &str) -> Vec<String> {
    parse(text).map(|expression| ids(&expression)).unwrap_or_default()
}

/// The id of the text behind a license id: GNU ids share one text whatever their suffix says.
pub(super) fn text_id(id: &str) -> &str {
    id.trim_end_matches('+').trim_end_matches("-only").trim_end_matches("-or-later")
}

/// The texts that must accompany a license beside its own: the LGPL of version 3 is a supplement to the GPL.
pub(super) fn companion(text_id: &str) -> Option<&'static str> {
    match text_id {
        "LGPL-3.0" => Some("GPL-3.0"),
        _ => None,
    }
}

/// The branches of an expression: every way to satisfy it, as the ids it then takes. `None` beyond 64 branches.
pub(super) fn branches(expression: &Expression) -> Option<Vec<Vec<String>>> {
    use spdx::expression::{ExprNode, Operator};
    const MOST: usize = 64;
    let mut stack: Vec<Vec<Vec<String>>> = Vec::new();
    for node in expression.iter() {
        match node {
            ExprNode::Req(part) => stack.push(vec![vec![part.req.to_string()]]),
            ExprNode::Op(operator) => {
                let (right, left) = (stack.pop()?, stack.pop()?);
                stack.push(match operator {
                    Operator::Or => left.into_iter().chain(right).collect(),
                    Operator::And => {
                        if left.len() * right.len() > MOST {
                            return None;
                        }
                        left.iter().flat_map(|l| right.iter().map(move |r| [&l[..], &r[..]].concat())).collect()
                    }
                });
            }
        }
    }
    stack.pop().filter(|branches| branches.len() <= MOST)
}

/// A term of an expression without its exception: `GPL-2.0-only` for `GPL-2.0-only WITH Classpath-exception-2.0`.
pub(super) fn bare(term: &str) -> &str {
    term.split_once(" WITH ").map_or(term, |(license, _)| license)
}

/// Whether a license id is approved by the OSI or listed as free by the FSF; unknown ids are neither.
pub(super) fn is_open(id: &str) -> bool {
    let id = bare(id);
    let named = spdx::license_id(id.trim_end_matches('+')).or_else(|| spdx::license_id(text_id(id)));
    named.is_some_and(|id| id.is_osi_approved() || id.is_fsf_free_libre())
}

/// The deprecated ids that an expression names, as written.
pub(super) fn deprecated(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || c == '(' || c == ')');
    let mut out: Vec<String> = Vec::new();
    for word in words.filter(|w| !w.is_empty()) {
        let old = match word.strip_suffix('+') {
            // On the list `GPL-2.0+` is an id of its own, and deprecated; `Apache-2.0+` is an operator.
            Some(base) => replacement(word).is_some() && spdx::license_id(base).is_some(),
            None => spdx::license_id(word).is_some_and(spdx::LicenseId::is_deprecated),
        };
        if old && !out.iter().any(|o| o == word) {
            out.push(word.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_every_way_to_satisfy_an_expression() {
        let of = |text: &str| branches(&parse(text).unwrap()).unwrap();
        assert_eq!(of("MIT"), [["MIT"]]);
        assert_eq!(of("MIT OR Apache-2.0"), [["MIT"], ["Apache-2.0"]]);
        assert_eq!(of("(MIT OR ISC) AND Zlib"), [["MIT", "Zlib"], ["ISC", "Zlib"]]);
        assert_eq!(of("GPL-2.0-only WITH Classpath-exception-2.0"), [["GPL-2.0-only WITH Classpath-exception-2.0"]]);
    }

    #[test]
    fn deprecated_ids_and_their_replacements() {
        assert_eq!(deprecated("GPL-2.0+ OR (LGPL-2.1 AND MIT)"), ["GPL-2.0+", "LGPL-2.1"]);
        assert!(deprecated("Apache-2.0+ OR GPL-2.0-or-later").is_empty());
        assert_eq!(replacement("GPL-2.0+").as_deref(), Some("GPL-2.0-or-later"));
        assert_eq!(replacement("LGPL-2.1").as_deref(), Some("LGPL-2.1-only"));
    }

    #[test]
    fn what_was_meant_is_suggested() {
        assert_eq!(suggest("MIT/Apache-2.0").as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!(suggest("Apache 2").as_deref(), Some("Apache-2.0"));
        assert_eq!(suggest("GPLv3").as_deref(), Some("GPL-3.0-only"));
        assert_eq!(suggest("our own"), None);
        assert!(invalid("MIT AND").is_some() && invalid("MIT").is_none());
    }

    #[test]
    fn open_means_osi_or_fsf() {
        assert!(
            is_open("MIT") && is_open("GPL-3.0-or-later") && is_open("GPL-2.0-only WITH Classpath-exception-2.0")
        );
        assert!(!is_open("BUSL-1.1") && !is_open("LicenseRef-Llama"));
    }
}
