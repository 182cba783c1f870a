//! Tells talk about licenses from statements: comparisons, denials, what a license was before, and what others may do.

use std::ops::Range;

use super::context::FILLERS;
use super::tokens::{Tokens, gap};

/// Words that turn the sentence into talk about licenses.
const TALK: &[&str] = &[
    "compatible",
    "compatibility",
    "incompatible",
    "unlike",
    "formerly",
    "violate",
    "violates",
    "violation",
    "contrary",
    "wikipedia",
    "faq",
    "such",
    "versus",
    "vs",
    "similar",
    "instead",
    "incompatibility",
    "migrate",
    "unless",
    "previously",
    "considering",
    "upgrade",
    "upgrading",
];

/// `unless` and the `otherwise` that belongs to it stand so near, in words.
const OTHERWISE: usize = 6;

/// Whether the words before a name talk about licenses and state none.
pub(super) fn is_talk(tokens: &Tokens, words: Range<usize>) -> bool {
    let last = || words.clone().rev().take(14);
    let denied = |at: usize| {
        at > 0
            && matches!(tokens.word(at), "mean" | "imply")
            && matches!(tokens.word(at - 1), "not" | "doesn't" | "t")
    };
    if is_denied(tokens, words.clone()) {
        return true;
    }
    // `to combine it with other software that is released under the GPL`.
    let joined = |at: usize| {
        matches!(tokens.word(at), "combine" | "combining" | "link" | "linking")
            && (at..words.end).any(|n| tokens.word(n) == "with")
            && (at..words.end)
                .any(|n| matches!(tokens.word(n), "other" | "software" | "code" | "programs" | "library"))
    };
    // `This is used in software licensed under the GPL, and its license must be compatible with that`.
    let used = |at: usize| {
        let said = |n: usize, known: &[&str]| at + n < words.end && known.contains(&tokens.word(at + n));
        let other = usize::from(said(2, &["other", "any", "all"]));
        said(0, &["use", "used", "uses", "usable"])
            && said(1, &["in", "by", "with"])
            && said(2 + other, &["software", "programs", "projects", "packages", "products", "applications", "works"])
            && said(3 + other, &["licensed", "released", "distributed", "that", "which", "under"])
    };
    // `modified versions of OpenSSL that use the same license as OpenSSL` are what an exception speaks of.
    let of_versions = |at: usize| {
        at > words.start && tokens.word(at) == "that" && tokens.word(at + 1) == "use" && tokens.word(at + 2) == "the"
    };
    // `please consider changing the license to GPL`.
    let wished =
        |at: usize| matches!(tokens.word(at), "consider" | "considering") && tokens.word(at + 1).starts_with("chang");
    // `Although it was originally licensed under the LGPL, the author agreed to another license`.
    let formerly = |at: usize| {
        tokens.word(at) == "originally" && words.clone().any(|n| matches!(tokens.word(n), "although" | "though"))
    };
    // `The original license was the LGPL`.
    let past = |at: usize| {
        at > words.start
            && tokens.word(at) == "was"
            && tokens.word(at - 1) == "license"
            && (at + 1..words.end).all(|n| FILLERS.contains(&tokens.word(n)))
    };
    // `if you wish to allow use of your version only under the terms of the GPL, ...`, `if you wish your version to be
    // governed by only the GPL, indicate your decision by ...`.
    let may = |at: usize| {
        at > 1
            && (tokens.word(at) == "allow" && tokens.word(at - 2) == "wish"
                || tokens.word(at) == "your" && tokens.word(at - 1) == "wish" && tokens.word(at + 1) == "version"
                || tokens.word(at) == "recipient"
                    && matches!((tokens.word(at + 1), tokens.word(at + 3)), ("may", "your") | ("has", "option")))
    };
    // `with the Invariant Sections being "GNU General Public License"` names a part of a manual.
    let section = |at: usize| {
        at > words.start && tokens.word(at) == "being" && matches!(tokens.word(at - 1), "sections" | "texts")
    };
    // `As of the change date, use will be governed by the Apache License`, `converting to Apache 2.0 after four years`.
    let becomes = |at: usize| {
        let word = |ahead: usize| tokens.word(at + ahead);
        [word(0), word(1), word(2), word(3)] == ["will", "be", "governed", "by"]
            || matches!(word(0), "convert" | "converts" | "converting") && word(1) == "to"
    };
    // `elects to use only the GPL version 2 for any software that says GPLv2 or any later version`.
    let elected = |at: usize| {
        tokens.word(at) == "elects" && (at..words.end).any(|n| matches!(tokens.word(n), "indicating" | "which"))
    };
    // `VS_COMMENTS` compares nothing, nor does `unless otherwise noted` or `unless specifically indicated otherwise`.
    let apart =
        |at: usize| tokens.word(at) == "unless" && (at + 1..at + OTHERWISE).any(|n| tokens.word(n) == "otherwise");
    let talks = |at: usize| TALK.contains(&tokens.word(at)) && !tokens.gap(at + 1, gap::GLUE) && !apart(at);
    last().any(|at| {
        talks(at)
            || denied(at)
            || joined(at)
            || used(at)
            || of_versions(at)
            || formerly(at)
            || past(at)
            || section(at)
            || becomes(at)
            || wished(at)
    }) || words.clone().rev().take(50).any(|at| may(at) || elected(at))
}

/// So far before a name a denial of it stands, in words.
const DENIAL: usize = 12;

/// Whether the words before a name deny it, as in `we can't accept code under the LGPL` and `is not under the GPL`; what
/// is forbidden except under a license, or stands behind a comma, is no denial.
fn is_denied(tokens: &Tokens, words: Range<usize>) -> bool {
    let mut speaks = false;
    for at in words.clone().rev().take(DENIAL) {
        // The colon of an address, as in `not under [this license](https://...)`, ends no clause.
        let scheme = matches!(tokens.word(at), "http" | "https");
        if tokens.gap(at + 1, gap::COMMA | gap::SEMICOLON | gap::COLON) && !scheme {
            return false;
        }
        let before = |n: usize| if at >= words.start + n { tokens.word(at - n) } else { "" };
        match tokens.word(at) {
            "except" | "unless" | "only" | "other" | "otherwise" | "without" | "if" | "but" | "necessarily" => {
                return false;
            }
            "accept" | "accepted" | "under" | "licensed" | "licensing" | "released" | "distributed" | "available"
            | "covered" | "governed" | "subject" => speaks = true,
            "cannot" | "can't" | "cant" | "don't" | "dont" | "isn't" | "isnt" | "aren't" | "arent" | "never"
                if speaks =>
            {
                return true;
            }
            "t" if speaks && matches!(before(1), "can" | "don" | "isn" | "aren" | "won") => return true,
            "longer" if speaks && before(1) == "no" => return true,
            // `is not GPL`, but not `may not be distributed under any license but the GPL`.
            "not" => {
                let stated =
                    matches!(before(1), "is" | "are" | "was" | "were" | "do" | "does" | "can" | "could" | "will");
                let rest = |skip: usize| (at + 1 + skip..words.end).all(|n| FILLERS.contains(&tokens.word(n)));
                // `does not use the GPL`.
                let used = matches!(before(1), "do" | "does") && tokens.word(at + 1) == "use" && rest(1);
                let plain = matches!(before(1), "is" | "are") && rest(0);
                return speaks && stated || plain || used;
            }
            _ => {}
        }
    }
    false
}
