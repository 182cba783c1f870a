//! License statements as documents take them: SPDX expressions, and names for everything else.

use spdx::{Expression, LicenseItem};

use super::identity::plain;

/// A license statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Statement<'t> {
    /// The id of one license of the SPDX License List.
    Id(&'t str),
    /// Any other valid SPDX expression.
    Expression(&'t str),
    /// Text that is no expression.
    Name(&'t str),
}

/// What a license statement is; `None` where it says nothing.
pub(super) fn statement(text: Option<&str>) -> Option<Statement<'_>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty() && *text != "NOASSERTION")?;
    Some(match Expression::parse(text) {
        Ok(_) if spdx::license_id(text).is_some_and(|id| id.name == text) => Statement::Id(text),
        Ok(_) => Statement::Expression(text),
        Err(_) => Statement::Name(text),
    })
}

/// The `LicenseRef-` ids of an expression, as written.
pub(super) fn references(expression: &str) -> Vec<String> {
    let Ok(parsed) = Expression::parse(expression) else { return Vec::new() };
    parsed
        .requirements()
        .filter_map(|r| match &r.req.license {
            LicenseItem::Other { .. } => Some(r.req.license.to_string()),
            LicenseItem::Spdx { .. } => None,
        })
        .collect()
}

/// The `LicenseRef-` id that stands for a license which has only a name.
pub(super) fn reference_of(name: &str) -> String {
    let plain = plain(name);
    // A name may be a whole license text; ids need an end.
    let short = plain.get(..60).unwrap_or(&plain).trim_end_matches(['-', '.']);
    format!("LicenseRef-{short}")
}

/// A statement as the license expression of SPDX: names become `LicenseRef-` ids.
pub(super) fn expression(text: Option<&str>) -> Option<String> {
    Some(match statement(text)? {
        Statement::Id(text) | Statement::Expression(text) => text.to_owned(),
        Statement::Name("NONE") => "NONE".to_owned(),
        Statement::Name(name) => reference_of(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_apart() {
        assert_eq!(statement(Some(" MIT ")), Some(Statement::Id("MIT")));
        assert_eq!(statement(Some("MIT OR Apache-2.0")), Some(Statement::Expression("MIT OR Apache-2.0")));
        assert_eq!(statement(Some("LicenseRef-x")), Some(Statement::Expression("LicenseRef-x")));
        assert_eq!(statement(Some("The Apache License, 2")), Some(Statement::Name("The Apache License, 2")));
        assert_eq!(statement(Some("NOASSERTION")), None);
        assert_eq!(statement(None), None);
    }

    #[test]
    fn spdx_takes_names_as_references() {
        assert_eq!(expression(Some("The Apache License, 2")).as_deref(), Some("LicenseRef-The-Apache-License-2"));
        assert_eq!(expression(Some("NONE")).as_deref(), Some("NONE"));
        assert_eq!(references("MIT AND LicenseRef-a"), ["LicenseRef-a"]);
        assert!(references("MIT").is_empty());
    }
}
