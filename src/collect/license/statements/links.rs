//! Reads links of HTML to license pages behind a licensing verb, as in `licensed under <a href="...">this license</a>`,
//! whose address is no word of the text.

use crate::model::DetectionKind;

use super::context::{self, Context, FILLERS};
use super::lexicon::{Strength, What};
use super::mentions::{Later, Mention};
use super::tokens::Tokens;
use super::{Statement, family_of, is_bare, of_address};

/// So many words lie between `under` and the link, as in `under the terms of the`.
const UNDER: usize = 6;
/// A statement that starts so near behind the start of a link is what the link says, in words.
const SAID: usize = 6;

/// Adds what the links say to the statements, which stand in order; a name without a version has that of its page.
pub(super) fn add(tokens: &Tokens, out: &mut Vec<Statement>) {
    for (at, address) in tokens.links() {
        if !is_under(tokens, at) {
            continue;
        }
        let Some(expression) = of_address(address) else { continue };
        let next = out.partition_point(|s| s.words.end <= at);
        match out.get_mut(next).filter(|s| s.words.start <= at + SAID && s.kind != DetectionKind::Clue) {
            Some(named) if is_bare(&named.expression) && family_of(&named.expression) == family_of(&expression) => {
                named.expression = expression;
            }
            Some(_) => {}
            None => out.insert(next, statement(at, expression)),
        }
    }
}

/// Whether the sentence grants something under what the link at `at` names.
fn is_under(tokens: &Tokens, at: usize) -> bool {
    let under = (at.saturating_sub(UNDER)..at).rev().find(|&n| !FILLERS.contains(&tokens.word(n)));
    let link = Mention {
        words: at..at + 1,
        what: What::Nothing,
        strength: Strength::Address,
        version: None,
        later: Later::Unsaid,
        called: true,
    };
    under.is_some_and(|n| tokens.word(n) == "under") && context::judge(tokens, &link, at..at + 1) == Context::Verb
}

fn statement(at: usize, expression: String) -> Statement {
    Statement {
        words: at..at + 1,
        expression,
        kind: DetectionKind::Notice,
        loose: true,
        firm: true,
        alternative: false,
        points: false,
        reason: "a sentence that links the page of the license",
    }
}
