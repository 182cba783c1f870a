//! The texts of the licenses and exceptions of the SPDX License List, as people read them.

/// Texts that are longer have copyright statements of those who wrote the license; in shorter ones they are examples, or
/// those of the first work under the license.
const SHORT: usize = 5_000;

/// The text of a license or exception as the list has it, with its example of a copyright statement; `None` for ids that
/// are not on the list.
pub fn standard(id: &str) -> Option<&'static str> {
    let texts = [spdx::text::LICENSE_TEXTS, spdx::text::EXCEPTION_TEXTS];
    texts.iter().find_map(|texts| texts.iter().find(|(known, _)| *known == id)).map(|(_, text)| *text)
}

/// The terms of a license or exception: its text without a copyright statement, for where those of the holders stand
/// beside it.
pub fn terms(id: &str) -> Option<String> {
    let text = standard(id)?;
    let mut out: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        // More than one empty line is one.
        if !(is_example(line) && is_filled_in(id) || line.is_empty() && out.last().is_none_or(|l| l.is_empty())) {
            out.push(line);
        }
    }
    Some(format!("{}\n", out.join("\n").trim_end()))
}

/// Whether whoever uses the license puts a copyright statement into its text.
pub fn is_filled_in(id: &str) -> bool {
    standard(id).is_some_and(|text| {
        text.len() < SHORT && text.lines().any(is_example) && !text.contains("copies of this license document")
    })
}

/// Whether a line of a license text is a copyright statement.
fn is_example(line: &str) -> bool {
    let line = line.trim_start().to_ascii_lowercase();
    let is_statement = ["copyright ", "(c) ", "\u{a9} "].iter().any(|mark| line.starts_with(mark));
    is_statement && line.contains(|c: char| c.is_ascii_digit() || "<[\u{a9}".contains(c))
        || line == "all rights reserved."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copyright_statement_is_no_term() {
        let text = standard("MIT").unwrap_or_default();
        assert!(text.contains("Copyright (c) <year> <copyright holders>"), "{text}");
        let without = terms("MIT").unwrap_or_default();
        assert!(without.starts_with("MIT License\n\nPermission is hereby granted"), "{without}");
        assert!(is_filled_in("MIT") && is_filled_in("BSD-3-Clause") && is_filled_in("ISC"));
        for id in ["Apache-2.0", "GPL-3.0-only", "MPL-2.0", "Unlicense", "CC0-1.0", "WTFPL"] {
            assert!(!is_filled_in(id), "{id}");
        }
        assert!(terms("GPL-2.0-or-later").is_some_and(|text| text.contains("Free Software Foundation, Inc.")));
    }

    #[test]
    fn listed_ids_have_texts_and_others_none() {
        assert!(standard("Classpath-exception-2.0").is_some_and(|text| text.contains("Linking")));
        assert_eq!(standard("LicenseRef-x"), None);
        // Six deprecated ids of the GFDL have none, and NOASSERTION, which the crate counts as an id, has no words.
        let ids = || spdx::identifiers::LICENSES.iter().map(|license| license.name);
        assert_eq!(ids().filter(|id| standard(id).is_none()).count(), 6);
        assert!(ids().filter(|id| *id != "NOASSERTION").filter_map(terms).all(|text| text.len() > 50));
    }
}
