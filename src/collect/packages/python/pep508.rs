//! Dependency specifiers (PEP 508 and the packaging guide's "Dependency specifiers"): name, extras, versions or an
//! address, marker.

/// A specifier, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked<'t> {
    /// The name as written.
    pub(super) name: &'t str,
    /// The version specifier without white space around it; empty when there is none.
    pub(super) specifier: &'t str,
    /// The address behind an `@`.
    pub(super) url: Option<&'t str>,
}

/// Takes a specifier apart; `None` when it does not follow the grammar.
pub(super) fn parse(text: &str) -> Option<Asked<'_>> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(text.len());
    let name = &text[..end];
    let is_name = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if !is_name(name.chars().next()) || !is_name(name.chars().next_back()) {
        return None;
    }
    let mut rest = text[end..].trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    if let Some(url) = rest.strip_prefix('@') {
        // A semicolon is part of the address unless white space stands in front of it.
        let url = url.trim_start();
        let url = url.split(char::is_whitespace).next().filter(|url| !url.is_empty())?;
        return Some(Asked { name, specifier: "", url: Some(url) });
    }
    let specifier = rest.split(';').next().unwrap_or_default().trim();
    let specifier = match specifier.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')')?.trim(),
        None => specifier,
    };
    let follows = specifier.is_empty() || specifier.starts_with(['=', '<', '>', '!', '~']);
    follows.then_some(Asked { name, specifier, url: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_of_the_pep() {
        let of = |text| parse(text).map(|a| (a.name, a.specifier, a.url));
        assert_eq!(of("A"), Some(("A", "", None)));
        assert_eq!(of("A.B-C_D"), Some(("A.B-C_D", "", None)));
        assert_eq!(of("name>=3,<2"), Some(("name", ">=3,<2", None)));
        assert_eq!(of("name (>=1.0)"), Some(("name", ">=1.0", None)));
        assert_eq!(
            of("name[quux, strange];python_version<'2.7' and platform_version=='2'"),
            Some(("name", "", None))
        );
        assert_eq!(
            of("name [fred,bar] @ http://foo.com ; python_version=='2.7'"),
            Some(("name", "", Some("http://foo.com")))
        );
        assert_eq!(
            of("requests [security] >= 2.8.1, == 2.8.* ; python_version < '2.7'").unwrap().1,
            ">= 2.8.1, == 2.8.*"
        );
        for broken in ["", "-r x", "./a", "a b", "name[", "name @ ", "name (1", "http://host/a.whl", "a-", "é"] {
            assert_eq!(of(broken), None, "{broken}");
        }
    }
}
