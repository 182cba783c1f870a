//! SPDX license expressions as people write them: checked, made canonical, and mended where one reading is certain.

use spdx::error::Reason;
use spdx::lexer::{Lexer, Token};
use spdx::{Expression, ParseMode};

/// The longest text that is taken for an expression, in bytes. The longest seen in real sources has under 1,000.
pub const MOST_BYTES: usize = 4096;

/// Terms per expression; behind that many, an expression says nothing to a person.
const MOST_TOKENS: usize = 400;

/// What a text that should be an SPDX license expression (SPDX 3.0.1 Annex B) turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The expression: identifiers as the SPDX License List spells them, operators in upper case, single spaces.
    /// Deprecated identifiers stay as they are. The text as written when it is not an expression and no certain
    /// mending exists.
    pub expression: String,
    /// What is wrong with the text as written, with a suggestion where there is one; `None` when it is valid.
    pub invalid: Option<String>,
}

/// Judges `text`, which should be an SPDX license expression.
///
/// Identifiers in the wrong case are mended and reported. Lower-case operators are valid (SPDX 3.0.1 Annex B.3).
pub fn judge(text: &str) -> Judged {
    let text = text.trim();
    let wrong = |why: String| Judged { expression: text.to_owned(), invalid: Some(why) };
    if text.len() > MOST_BYTES {
        return wrong(format!("longer than {MOST_BYTES} bytes"));
    }
    if let Ok(canonical) = canonical(text) {
        return Judged { expression: canonical, invalid: None };
    }
    let (mended, changes) = mend(text);
    if !changes.is_empty()
        && let Ok(canonical) = canonical(&mended)
    {
        return Judged { expression: canonical, invalid: Some(changes.join("; ")) };
    }
    wrong(explain(text))
}

/// Whether `text` is a valid SPDX license expression, deprecated identifiers included.
pub fn is_valid(text: &str) -> bool {
    text.len() <= MOST_BYTES && canonical(text).is_ok()
}

/// The license identifier of the SPDX License List that `word` spells, ASCII case ignored.
pub fn license_id_any_case(word: &str) -> Option<&'static str> {
    match spdx::license_id(word) {
        Some(id) if id.name == word => Some(id.name),
        _ => spdx::identifiers::LICENSES.iter().map(|l| l.name).find(|name| name.eq_ignore_ascii_case(word)),
    }
}

fn exception_id_any_case(word: &str) -> Option<&'static str> {
    spdx::identifiers::EXCEPTIONS.iter().map(|e| e.name).find(|name| name.eq_ignore_ascii_case(word))
}

/// Deprecated identifiers are valid, and `GPL-2.0+` is one; everything else is as strict as the standard.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// The expression with one spelling for everything that the standard lets vary.
fn canonical(text: &str) -> Result<String, String> {
    if text.bytes().any(|b| b == b'\n') {
        return canonical(&text.replace(['\n', '\r'], " "));
    }
    Expression::parse_mode(text, MODE).map_err(|e| e.reason.to_string())?;
    let mut out = String::with_capacity(text.len());
    for (count, token) in Lexer::new_mode(text, MODE).enumerate() {
        let token = token.map_err(|e| e.reason.to_string())?;
        if count > MOST_TOKENS {
            return Err(format!("more than {MOST_TOKENS} terms"));
        }
        let word = match token.token {
            Token::And => "AND",
            Token::Or => "OR",
            Token::With => "WITH",
            Token::Plus => {
                // `-only+` and `-or-later+` say two things at once.
                if out.ends_with("-only") || out.ends_with("-or-later") {
                    return Err("`+` behind an identifier that already says which versions".into());
                }
                out.push('+');
                continue;
            }
            Token::CloseParen => {
                out.push(')');
                continue;
            }
            Token::LicenseRef { lic_ref: "", .. } | Token::AdditionRef { add_ref: "", .. } => {
                return Err("a reference without a name".into());
            }
            _ => &text[token.span],
        };
        if !out.is_empty() && !out.ends_with('(') {
            out.push(' ');
        }
        out.push_str(word);
    }
    Ok(out)
}

/// Rewrites what can be meant in one way only: the case of identifiers and operators, and underscores in references.
/// Gives the new text and a sentence per change.
fn mend(text: &str) -> (String, Vec<String>) {
    let mut out = String::with_capacity(text.len());
    let mut changes: Vec<String> = Vec::new();
    let mut change = |from: &str, to: &str| {
        let words = format!("`{from}` is spelt `{to}`");
        if !changes.contains(&words) && changes.len() < 8 {
            changes.push(words);
        }
    };
    for (count, piece) in text.split_inclusive(|c: char| c.is_whitespace() || c == '(' || c == ')').enumerate() {
        let end = piece.trim_end_matches(|c: char| c.is_whitespace() || c == '(' || c == ')').len();
        let (word, rest) = piece.split_at(end);
        let (bare, plus) = word.strip_suffix('+').map_or((word, ""), |bare| (bare, "+"));
        let upper = bare.to_ascii_uppercase();
        let is_ref = ["LICENSEREF-", "DOCUMENTREF-", "ADDITIONREF-"].iter().any(|p| upper.starts_with(p));
        if count > MOST_TOKENS || bare.is_empty() {
            out.push_str(word);
        } else if matches!(upper.as_str(), "AND" | "OR" | "WITH") {
            if bare != upper && bare != upper.to_ascii_lowercase() {
                change(bare, &upper);
            }
            out.push_str(&upper);
        } else if let Some(id) = license_id_any_case(bare).or_else(|| exception_id_any_case(bare)) {
            if id != bare {
                change(bare, id);
            }
            out.push_str(id);
            out.push_str(plus);
        } else if is_ref {
            let mut fixed = bare.replace('_', "-");
            for prefix in ["LicenseRef-", "DocumentRef-", "AdditionRef-"] {
                if let Some(head) = fixed.get(..prefix.len())
                    && head.eq_ignore_ascii_case(prefix)
                {
                    fixed.replace_range(..prefix.len(), prefix);
                }
            }
            if fixed != bare {
                change(bare, &fixed);
            }
            out.push_str(&fixed);
            out.push_str(plus);
        } else {
            out.push_str(word);
        }
        out.push_str(rest);
    }
    (out, changes)
}

/// Why `text` is not an expression, in one sentence that names the term and, where one is known, the identifier.
fn explain(text: &str) -> String {
    let Err(error) = Expression::parse_mode(text, MODE) else {
        return canonical(text).err().unwrap_or_else(|| "not an SPDX license expression".into());
    };
    let term = text.get(error.span.clone()).unwrap_or_default();
    let term: String = term.chars().take(60).collect();
    match error.reason {
        Reason::UnknownTerm | Reason::UnknownLicense => match suggestion(text, error.span.start) {
            Some(id) => format!("`{term}` is not an SPDX license id; write `{id}` if that is the license"),
            None => format!("`{term}` is not on the SPDX License List and not a `LicenseRef-`"),
        },
        Reason::UnknownException => format!("`{term}` is not an SPDX exception id"),
        Reason::InvalidCharacters => {
            let at: String = term.chars().take(1).collect();
            match at.as_str() {
                "/" | "," | "|" | "&" => format!("`{at}` is not an operator; write `OR` or `AND`"),
                _ => format!("`{at}` is not allowed in an SPDX license expression"),
            }
        }
        Reason::Empty => "no SPDX license expression".into(),
        Reason::UnclosedParens | Reason::UnopenedParens => "the parentheses do not match".into(),
        Reason::Unexpected(_) if term.is_empty() => "the expression breaks off".into(),
        Reason::Unexpected(_) => format!("`{term}` cannot stand here; join licenses with `AND` or `OR`"),
        reason => reason.to_string(),
    }
}

/// The identifier that a common misspelling stands for.
fn suggestion(text: &str, start: usize) -> Option<&'static str> {
    let rest = text.get(start..)?;
    let (id, length) = spdx::imprecise_license_id(rest)?;
    // A name that goes on is another name: `Apache-1.5` is not `Apache`.
    let next = rest[length..].chars().next();
    next.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '.' | '_')).then_some(id.name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn valid(text: &str) -> String {
        let judged = judge(text);
        assert_eq!(judged.invalid, None, "{text}");
        judged.expression
    }

    #[test]
    fn valid_expressions_get_one_spelling() {
        assert_eq!(valid(" MIT "), "MIT");
        assert_eq!(valid("(MIT or  Apache-2.0)and BSD-3-Clause"), "(MIT OR Apache-2.0) AND BSD-3-Clause");
        assert_eq!(valid("GPL-2.0-only with Linux-syscall-note"), "GPL-2.0-only WITH Linux-syscall-note");
        assert_eq!(valid("Apache-2.0+"), "Apache-2.0+");
        assert_eq!(valid("DocumentRef-a:LicenseRef-b.c"), "DocumentRef-a:LicenseRef-b.c");
        assert_eq!(valid("MIT WITH AdditionRef-x"), "MIT WITH AdditionRef-x");
    }

    #[test]
    fn deprecated_ids_stay_as_written() {
        for text in ["GPL-2.0", "GPL-2.0+", "LGPL-2.1+", "eCos-2.0"] {
            assert_eq!(valid(text), text);
        }
    }

    #[test]
    fn wrong_case_is_mended_and_reported() {
        assert_eq!(
            judge("apache-2.0 Or mit"),
            Judged {
                expression: "Apache-2.0 OR MIT".into(),
                invalid: Some("`apache-2.0` is spelt `Apache-2.0`; `Or` is spelt `OR`; `mit` is spelt `MIT`".into()),
            }
        );
        assert_eq!(judge("GPL-2.0-Only WITH linux-syscall-note").expression, "GPL-2.0-only WITH Linux-syscall-note");
        assert_eq!(judge("LicenseRef-my_own").expression, "LicenseRef-my-own");
    }

    #[test]
    fn what_is_no_expression_stays_as_written_with_a_reason() {
        for (text, part) in [
            ("", "no SPDX"),
            ("MIT Apache-2.0", "join"),
            ("MIT AND", "breaks off"),
            ("(MIT", "parentheses"),
            ("MIT/Apache-2.0", "`/`"),
            ("GPLv3", "GPL-3.0"),
            ("NOPE", "NOPE"),
            ("GPL-2.0-only+", "already"),
            ("LicenseRef-", "without a name"),
        ] {
            let judged = judge(text);
            assert_eq!(judged.expression, text);
            assert!(judged.invalid.as_deref().is_some_and(|why| why.contains(part)), "{text}: {:?}", judged.invalid);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_and_judging_is_stable(text in "[A-Za-z0-9 .()+/_-]{0,40}|\\PC{0,40}") {
            let once = judge(&text);
            if once.invalid.is_none() {
                prop_assert_eq!(&judge(&once.expression), &once);
            } else if once.expression != text.trim() {
                prop_assert_eq!(judge(&once.expression).invalid, None);
            }
        }
    }
}
