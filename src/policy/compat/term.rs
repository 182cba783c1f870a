//! Terms of license expressions: a license, with or without later versions, with or without an exception.

use std::fmt;

use spdx::Expression;

use super::facts;
use crate::policy::expression;

/// Most branches that an expression is followed into.
const MOST_BRANCHES: usize = 64;

/// One license of an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term {
    /// The license's identifier, deprecated ones replaced.
    pub(super) id: String,
    /// Whether later versions may be chosen, where the identifier does not say so itself (`Apache-2.0+`).
    pub(super) or_later: bool,
    /// The exception's identifier.
    pub(super) exception: Option<String>,
}

impl Term {
    /// A license by itself.
    pub(super) fn new(id: &str) -> Self {
        Self { id: id.to_owned(), or_later: false, exception: None }
    }

    /// Reads `id`, `id+` or `id WITH exception`.
    fn parse(text: &str) -> Self {
        let (license, exception) = match text.split_once(" WITH ") {
            Some((license, exception)) => (license, Some(exception.to_owned())),
            None => (text, None),
        };
        match license.strip_suffix('+') {
            Some(id) if facts::meaning(license).is_none() => Self { id: id.to_owned(), or_later: true, exception },
            _ => Self { id: license.to_owned(), or_later: false, exception },
        }
    }

    /// The ways to satisfy this term alone: a deprecated identifier may mean several licenses, and `+` adds the later
    /// versions as a choice.
    fn branches(self) -> Vec<Vec<Self>> {
        if let Some(meaning) = facts::meaning(&self.id) {
            let parts = expression::parse(meaning).map(|e| branches(&e).unwrap_or_default()).unwrap_or_default();
            let with = |mut term: Self| {
                term.exception = term.exception.or_else(|| self.exception.clone());
                term
            };
            return parts.into_iter().map(|branch| branch.into_iter().map(with).collect()).collect();
        }
        let mut out = vec![vec![Self { or_later: false, ..self.clone() }]];
        if self.or_later {
            let later = facts::later_versions(&self.id).into_iter();
            out.extend(later.map(|id| vec![Self { exception: self.exception.clone(), ..Self::new(id) }]));
        }
        out
    }

    /// The single versions among which users of a work under this license may choose.
    pub(super) fn versions(&self) -> Vec<String> {
        let Some(stem) = self.id.strip_suffix("-or-later") else { return vec![self.id.clone()] };
        let mut out = vec![format!("{stem}-only")];
        out.extend(
            facts::later_versions(stem).into_iter().filter(|id| !id.ends_with('+')).map(|id| format!("{id}-only")),
        );
        out.retain(|id| facts::license(id).is_some());
        out
    }

    /// Licenses under which whoever holds a copy of a work under this license may pass it on instead: the GPL, for
    /// the LGPL.
    pub(super) fn relicensed(&self) -> &'static [String] {
        match facts::license(&self.id) {
            Some(facts) if self.id.starts_with("LGPL-") => &facts.upgrade,
            _ => &[],
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.or_later {
            f.write_str("+")?;
        }
        match &self.exception {
            Some(exception) => write!(f, " WITH {exception}"),
            None => Ok(()),
        }
    }
}

/// Every way to satisfy an expression, as the terms that it then takes, deprecated identifiers replaced. `None` beyond
/// [`MOST_BRANCHES`].
pub(super) fn branches(expression: &Expression) -> Option<Vec<Vec<Term>>> {
    let mut out: Vec<Vec<Term>> = Vec::new();
    for branch in expression::branches(expression)? {
        let mut ways: Vec<Vec<Term>> = vec![Vec::new()];
        for text in &branch {
            let parts = Term::parse(text).branches();
            if ways.len() * parts.len() > MOST_BRANCHES {
                return None;
            }
            ways = ways.iter().flat_map(|way| parts.iter().map(move |part| [&way[..], &part[..]].concat())).collect();
        }
        out.extend(ways);
    }
    (out.len() <= MOST_BRANCHES).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let expression = expression::parse(text).unwrap();
        let shown = |branch: Vec<Term>| branch.iter().map(Term::to_string).collect::<Vec<_>>().join(" AND ");
        branches(&expression).unwrap().into_iter().map(shown).collect()
    }

    #[test]
    fn deprecated_identifiers_and_later_versions_are_spelt_out() {
        assert_eq!(of("GPL-2.0 OR MIT"), ["GPL-2.0-only", "MIT"]);
        assert_eq!(of("GPL-2.0-with-classpath-exception"), ["GPL-2.0-only WITH Classpath-exception-2.0"]);
        assert_eq!(of("GPL-2.0+ WITH Bison-exception-2.2"), ["GPL-2.0-or-later WITH Bison-exception-2.2"]);
        assert_eq!(of("EPL-1.0+"), ["EPL-1.0", "EPL-2.0"]);
        assert_eq!(of("MPL-1.1+"), ["MPL-1.1", "MPL-2.0-no-copyleft-exception"]);
        assert_eq!(of("Net-SNMP"), ["BSD-3-Clause AND MIT-CMU"]);
        assert_eq!(of("(MIT OR ISC) AND Zlib"), ["MIT AND Zlib", "ISC AND Zlib"]);
    }

    #[test]
    fn or_later_is_a_choice_of_versions() {
        assert_eq!(Term::new("GPL-2.0-or-later").versions(), ["GPL-2.0-only", "GPL-3.0-only"]);
        assert_eq!(Term::new("GPL-3.0-or-later").versions(), ["GPL-3.0-only"]);
        assert_eq!(Term::new("AGPL-1.0-or-later").versions(), ["AGPL-1.0-only", "AGPL-3.0-only"]);
        assert_eq!(Term::new("MIT").versions(), ["MIT"]);
    }
}
