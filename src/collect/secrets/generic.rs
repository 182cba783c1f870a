//! Assignments of values without a form of their own to names that say credential.

use super::assignment::{Assignment, Join};
use super::name::Strength;
use super::value::{
    Mix, WORDY, entropy, is_chosen, is_hex, is_monotone, is_other_text, is_placeholder, is_public, is_template,
    is_uuid, says_itself, word_share,
};
use crate::model::Confidence;

/// What a file says of the values in it.
#[derive(Clone, Copy)]
pub(super) struct Ground {
    /// A programming language, in which a text stands in quotes.
    pub(super) code: bool,
}

/// A shorter value is no credential, in bytes.
pub(super) const SHORTEST: usize = 8;

/// A value without what ends a sentence; a mark behind digits or letters without order is a part of it.
pub(super) fn trimmed(value: &str) -> &str {
    let value = value.trim_end_matches([',', ';', '.', ':']);
    let is_short = value.len() <= WORDY;
    let is_word = is_short && Mix::of(value).digits == 0 && word_share(value) >= 0.2 || says_itself(value);
    if is_word { value.trim_end_matches([',', ';', '.', ':', '!', '?']) } else { value }
}

/// Judges the value that a name of this strength is given.
pub(super) fn judge(
    found: &Assignment,
    strength: Strength,
    value: &str,
    next: u8,
    ground: Ground,
) -> Option<Confidence> {
    let value = trimmed(value);
    if value.len() < SHORTEST || value.len() > 512 || found.join == Join::Compare && strength != Strength::Password {
        return None;
    }
    if is_template(value) || is_placeholder(value) || is_public(value) || is_other_text(value) {
        return None;
    }
    // A comment, or what follows `#include <pwd.h>`.
    if !found.quoted && value.starts_with('#') {
        return None;
    }
    // What looks like an opening quote closes a text in front of it.
    if value.starts_with(['.', ',', ')', '+', ';', ':', ' ', ']', '}']) || value.contains("::") {
        return None;
    }
    // Something is called, looked up or joined.
    if !found.quoted
        && (matches!(next, b'(' | b'[' | b'{')
            || value.contains("()")
            || value.contains("::")
            || value.contains("->"))
    {
        return None;
    }
    if strength == Strength::Password {
        password(found, value, ground)
    } else {
        machine_made(found, strength, value, ground)
    }
}

/// A password: people choose it, so little can be asked of it beside that it is none of the other things.
fn password(found: &Assignment, value: &str, ground: Ground) -> Option<Confidence> {
    let mix = Mix::of(value);
    if value.contains(char::is_whitespace) || mix.others * 2 > value.len() || !value.is_ascii() {
        return None;
    }
    if found.join == Join::Argument && !found.quoted || found.join == Join::Compare {
        return None;
    }
    let words = word_share(value);
    // A name or a sentence in other clothes: `user_password_field`, `enter-password-here`.
    let compound = mix.digits == 0 && mix.others > 0 && words > 0.5;
    let marks = value
        .bytes()
        .filter(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-' | b'.' | b'/' | b'='))
        .count();
    if compound && marks == 0 || mix.classes() < 2 {
        return None;
    }
    if !found.quoted && ground.code {
        return None;
    }
    let bits = entropy(value);
    if mix.digits == 0 && marks == 0 {
        // Letters only: no word, and of both cases.
        return (words < 0.4 && bits > 3.2 && mix.lower > 2 && mix.upper > 2 && found.quoted)
            .then_some(Confidence::Low);
    }
    // Without quotes, `password: foo2bar` may be anything; a good password has more.
    let enough = if found.quoted { 2.7 } else { 3.0 };
    if bits < enough || words > 0.6 && marks == 0 && !is_chosen(value) {
        return None;
    }
    Some(if bits > 3.3 && words < 0.5 && mix.classes() >= 3 { Confidence::Medium } else { Confidence::Low })
}

/// Whether a value is one that generators make of every character that can be typed (Django's secret keys), and no code.
fn is_of_all_marks(value: &str) -> bool {
    let typed = value.bytes().all(|b| b.is_ascii_graphic() && !b"\"'`\\".contains(&b));
    let mix = Mix::of(value);
    typed
        && value.len() >= 24
        && mix.classes() >= 3
        && mix.digits > 1
        && entropy(value) > 4.0
        && word_share(value) < 0.2
}

/// A credential that a machine made: letters and digits without order.
fn machine_made(found: &Assignment, strength: Strength, value: &str, ground: Ground) -> Option<Confidence> {
    let usual = |b: u8| b.is_ascii_alphanumeric() || b"_-.+/=~:%!@$*#^&".contains(&b);
    let marked = value.bytes().any(|b| !usual(b));
    if marked && !(found.quoted && is_of_all_marks(value)) {
        return None;
    }
    let mix = Mix::of(value);
    let bits = entropy(value);
    let words = word_share(value);
    if is_uuid(value) {
        return (strength == Strength::Strong && found.join != Join::Argument).then_some(Confidence::Low);
    }
    if is_hex(value) {
        // A key of 128 bits or more; in weak company a digest is likelier.
        let long = matches!(value.len(), 20..) && value.len().is_multiple_of(2) || value.len() >= 32;
        return (long && strength == Strength::Strong && mix.digits > 0 && mix.lower + mix.upper > 2 && bits >= 3.0)
            .then_some(Confidence::Low);
    }
    let least = match (strength, value.len()) {
        (Strength::Weak, 0..20) => return None,
        (Strength::Weak, _) => 3.9,
        (_, 0..10) => return None,
        (_, 10..16) => 3.0,
        (_, 16..20) => 3.2,
        (_, _) => 3.5,
    };
    if bits < least || mix.lower + mix.upper < 3 || is_monotone(value) {
        return None;
    }
    // Names of ciphers and constants, and text in base64.
    let separators = value.bytes().filter(|b| matches!(b, b'-' | b':' | b'_' | b'.')).count();
    let told = super::shape::base64(value, 512).and_then(|bytes| String::from_utf8(bytes).ok());
    if separators >= 3 && mix.lower == 0 || told.is_some_and(|text| !text.contains(':') && word_share(&text) > 0.6) {
        return None;
    }
    if separators > 0 && value.len() < 20 && bits < 3.6 {
        return None;
    }
    let letters_only = mix.digits == 0;
    if words > if letters_only { 0.2 } else { 0.45 }
        || letters_only && (mix.classes() < 2 || value.len() < 20 || strength == Strength::Weak)
    {
        return None;
    }
    // Names of things end in a number (`my-token-v2`), or carry one in the middle.
    let parts = value.split(['-', '_', '.', '/', ':']).filter(|part| part.len() >= 3);
    let (mut all, mut wordy, mut longest) = (0, 0, 0);
    for part in parts {
        all += 1;
        let is_wordy = word_share(part) > 0.6;
        wordy += usize::from(is_wordy);
        longest = longest.max(if is_wordy { 0 } else { part.len() });
    }
    // A long part without words is what a prefix of a few words (`acme_live_`) introduces.
    if all > 1 && wordy * 2 >= all && (longest < 20 || longest * 2 < value.len()) {
        return None;
    }
    if mix.digits * 10 < value.len() && words > 0.3 {
        return None;
    }
    // In programs a text stands in quotes; without them only what can be no name.
    if !found.quoted && ground.code && (mix.digits < 3 || words > 0.25 || value.len() < 20 || mix.others > 0) {
        return None;
    }
    if found.join == Join::Argument && (!found.quoted || strength == Strength::Weak && value.len() < 24) {
        return None;
    }
    Some(if strength == Strength::Strong && bits >= 3.8 && words < 0.35 && value.len() >= 20 {
        Confidence::Medium
    } else {
        Confidence::Low
    })
}
