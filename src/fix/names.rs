//! Names of licenses in manifests and tags, where another spelling says the same as an SPDX expression.

use super::{Bench, Fix};
use crate::model::{DetectionKind, Finding};

pub(super) const MANIFEST_INVALID: Fix = Fix {
    rule: "license/manifest-expression-invalid",
    summary: "Writes the SPDX expression in place of a license field that says the same in other words; a GNU license that does not say whether later versions are allowed is left alone.",
    mend: |finding, bench| {
        let Some(written) = finding.license.as_deref() else { return };
        let cargo = finding.place.path.name() == "Cargo.toml";
        if let Some(right) = same(written, cargo) {
            replace(finding, bench, written, &right, MANIFEST_INVALID.rule);
        }
    },
};

pub(super) const MANIFEST_DEPRECATED: Fix = Fix {
    rule: "license/manifest-deprecated-id",
    summary: "Writes `-or-later` in place of the `+` of a GNU license; a bare `GPL-2.0` is left alone, since it may mean either.",
    mend: |finding, bench| {
        let Some(written) = finding.license.as_deref() else { return };
        let right = later(written);
        if right != written {
            replace(finding, bench, written, &right, MANIFEST_DEPRECATED.rule);
        }
    },
};

pub(super) const TAG_MALFORMED: Fix = Fix {
    rule: "license/header-tag-malformed",
    summary: "Writes the tag and its expression as SPDX spells them, where only the spelling is wrong.",
    mend: |finding, bench| {
        let path = &finding.place.path;
        let file = bench.report.inventory.file(path);
        let tags = file.into_iter().flat_map(|file| &file.licenses);
        let tag = tags.into_iter().find(|d| d.kind == DetectionKind::Tag && d.place == finding.place);
        let Some(written) = tag.map(|tag| tag.expression.clone()) else { return };
        let Some((start, line)) = bench.line(path, finding.place.start_line()) else { return };
        let lower = line.to_ascii_lowercase();
        let names = ["spdx-license-identifier:", "spdx-licence-identifier:"];
        let Some((at, name)) = names.iter().find_map(|name| Some((lower.find(name)?, *name))) else { return };
        let end = at + name.len();
        // What was understood in spite of its spelling does not stand there as it was understood.
        let written = if line[end..].contains(written.as_str()) { written } else { value(&line[end..]).to_owned() };
        if line.matches(written.as_str()).count() != 1 || written.is_empty() {
            return;
        }
        let right =
            if spdx::Expression::parse(&written).is_ok() { Some(written.clone()) } else { same(&written, false) };
        let (Some(right), Some(from)) = (right, line.find(written.as_str()).filter(|from| *from >= end)) else {
            return;
        };
        let tag = "SPDX-License-Identifier:".to_owned();
        bench.edits.replace(path, start + at..start + end, tag, TAG_MALFORMED.rule);
        bench.edits.replace(path, start + from..start + from + written.len(), right, TAG_MALFORMED.rule);
    },
};

/// What stands behind a tag on its line, without what closes the comment.
fn value(rest: &str) -> &str {
    let rest = rest.trim();
    ["*/", "-->", "*)", "#}", "%>"].iter().find_map(|close| rest.strip_suffix(close)).unwrap_or(rest).trim_end()
}

/// Puts one text in the place of another, which stands once on the line of the finding.
fn replace(finding: &Finding, bench: &mut Bench<'_>, written: &str, right: &str, rule: &'static str) {
    let path = &finding.place.path;
    let Some((start, line)) = bench.line(path, finding.place.start_line()) else { return };
    let mut places = line.match_indices(written);
    if let (Some((at, _)), None) = (places.next(), places.next()) {
        bench.edits.replace(path, start + at..start + at + written.len(), right.to_owned(), rule);
    }
}

/// The expression that a text says in other words; `None` where it leaves anything to decide. In Cargo's manifests a slash
/// joins a choice (Cargo Book); elsewhere it may mean either.
fn same(text: &str, cargo: bool) -> Option<String> {
    let named = crate::names::read(text).filter(|named| named.complete)?.expression;
    let lower = text.to_ascii_lowercase();
    let unclear = text.contains([',', ';', '&']) || text.contains('/') && !cargo || named.contains("LicenseRef-");
    // The conventions for names without a version or without `or later` are good for reading, not for writing.
    let narrowed = named.contains("-only") && !lower.contains("only");
    let widened =
        named.contains("-or-later") && !(lower.contains("later") || lower.contains('+') || lower.contains("newer"));
    let sure = !unclear && !narrowed && !widened && spdx::Expression::parse(&named).is_ok();
    (sure && named != text).then_some(named)
}

/// The expression with `-or-later` in place of each deprecated `+`.
fn later(expression: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_start_matches('(').trim_end_matches(')');
        let new = bare.strip_suffix('+').map(|id| format!("{id}-or-later"));
        let is_listed = |new: &String| spdx::license_id(new).is_some();
        new.filter(is_listed).map_or_else(|| word.to_owned(), |new| word.replacen(bare, &new, 1))
    };
    expression.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_spelling_changes() {
        for (text, right) in [
            ("Apache 2.0", Some("Apache-2.0")),
            ("GPL-3.0 or later", Some("GPL-3.0-or-later")),
            ("GPLv3+", Some("GPL-3.0-or-later")),
            ("GPLv3", None),
            ("MIT, Apache-2.0", None),
            ("MIT/Apache-2.0", None),
            ("BSD", None),
            ("see the file", None),
            ("", None),
        ] {
            assert_eq!(same(text, false).as_deref(), right, "{text}");
        }
        assert_eq!(same("MIT/Apache-2.0", true).as_deref(), Some("MIT OR Apache-2.0"));
    }

    #[test]
    fn a_plus_of_gnu_is_or_later() {
        assert_eq!(later("(MIT OR GPL-2.0+) AND Zlib"), "(MIT OR GPL-2.0-or-later) AND Zlib");
        assert_eq!(later("LGPL-2.1+ WITH x"), "LGPL-2.1-or-later WITH x");
        assert_eq!(later("GPL-2.0 AND Apache-2.0+"), "GPL-2.0 AND Apache-2.0+");
    }
}
