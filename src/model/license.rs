//! License and copyright evidence of one file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, RelPath};

/// How a license was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DetectionKind {
    /// An SPDX tag (`SPDX-License-Identifier`), a REUSE side file or a `REUSE.toml` annotation.
    Tag,
    /// The text of a license, whole or in part.
    Text,
    /// A standard notice or a sentence that grants a license.
    Notice,
    /// A reference to a license by name or address, in a licensing statement.
    Reference,
    /// A field of a manifest or of front matter.
    Field,
    /// A mention without a licensing statement; policy does not see it.
    Clue,
}

/// One statement about the license of a file, or of a part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Detection {
    /// SPDX license expression (SPDX 3.0.1 Annex B), or the text as written where it is none (see `invalid`).
    pub expression: String,
    /// How it was stated.
    pub kind: DetectionKind,
    /// Where it was stated: the file itself, its side file, or the `REUSE.toml` that covers it.
    pub place: Place,
    /// Share of the required text that was found, from 0 to 1; 1 for tags and fields.
    pub score: f32,
    /// Why this expression and no other, in one sentence.
    pub reason: String,
    /// What is wrong with the statement as written (a malformed tag, an invalid expression).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<String>,
    /// Whether it speaks of a snippet only (SPDX 2.3 Annex H), not of the whole file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub snippet: bool,
    /// For license texts: how it compares with the standard text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextMatch>,
}

/// How a license text compares with the nearest text of the SPDX License List.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TextMatch {
    /// The nearest SPDX license id, even where the likeness is too small to name it.
    pub nearest: String,
    /// Whether all required words are there and none were added (SPDX matching guidelines).
    pub exact: bool,
    /// Words that the standard text has and this one lacks, first differences first, at most eight runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Words that this text has and the standard text lacks, with their lines, at most eight runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Place>,
    /// Template fields left unfilled, such as `[year] [fullname]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placeholders: Vec<Place>,
    /// Extra conditions beside the text: Commons Clause, non-commercial, field of use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub riders: Vec<Place>,
}

/// One copyright statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Copyright {
    /// The statement as written, white space folded.
    pub statement: String,
    /// The holder's name, without years and mail address; empty when none is named.
    pub holder: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it reserves all rights, and the lines around it point at a license text beside the code (`See LICENSE`).
    #[serde(skip)]
    #[schemars(skip)]
    pub points_at_text: bool,
}

/// How a `REUSE.toml` annotation ranks against what the file says itself (REUSE 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReusePrecedence {
    /// The annotation counts only where the file says nothing.
    #[default]
    Closest,
    /// Both count.
    Aggregate,
    /// Only the annotation counts.
    Override,
}

/// One `[[annotations]]` table of a `REUSE.toml`, or a paragraph of `.reuse/dep5`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReuseAnnotation {
    /// The table in its file.
    pub place: Place,
    /// The path patterns as written, each with its place.
    pub patterns: Vec<(String, Place)>,
    /// The folder they are relative to.
    pub base: RelPath,
    /// How it ranks.
    pub precedence: ReusePrecedence,
    /// `SPDX-License-Identifier` values.
    pub licenses: Vec<String>,
    /// `SPDX-FileCopyrightText` values.
    pub copyrights: Vec<String>,
    /// How many scanned files each pattern covers; filled when the inventory is assembled.
    pub covered: Vec<u32>,
}

/// Whether a file of this name holds a license or a notice by custom.
pub fn is_legal_name(name: &str) -> bool {
    is_license_name(name) || starts_with(name, "notice")
}

/// Whether a file of this name introduces what lies beside it by custom: `README.md`, and with the name of the project in
/// front, `Lamp Readme.txt`.
pub fn is_readme_name(name: &str) -> bool {
    let ends = || {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let words = stem.len().checked_sub("readme".len()).and_then(|at| stem.split_at_checked(at));
        words
            .is_some_and(|(front, last)| front.ends_with([' ', '-', '_', '.']) && last.eq_ignore_ascii_case("readme"))
            && ["", "txt", "text", "md", "markdown", "rst"].contains(&extension.to_ascii_lowercase().as_str())
    };
    starts_with(name, "readme") || ends()
}

/// Whether a file of this name holds the text of a license by custom.
pub fn is_license_name(name: &str) -> bool {
    ["license", "licence", "copying", "unlicense"].iter().any(|start| starts_with(name, start))
}

fn starts_with(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|front| front.eq_ignore_ascii_case(start))
}

/// The license that `texts`, the expressions of license files, show of what `declared` states: that itself, where there
/// is a text for each of its licenses and no other; without it, the license of the only text. Anything else decides
/// nothing.
pub fn concluded(declared: Option<&str>, texts: &[&str]) -> Option<String> {
    let mut shown: Vec<&str> = texts.iter().flat_map(|text| license_words(text)).collect();
    shown.sort_unstable();
    shown.dedup();
    if shown.is_empty() {
        return None;
    }
    match declared {
        Some(declared) => {
            let mut asked = license_words(declared);
            asked.sort_unstable();
            asked.dedup();
            (spdx::Expression::parse(declared).is_ok() && asked == shown).then(|| declared.to_owned())
        }
        None => (texts.len() == 1).then(|| texts[0].to_owned()),
    }
}

/// The id that replaces a deprecated one, where the list has one: `GPL-2.0-only` for `GPL-2.0`, which means the same.
pub fn replacement(id: &str) -> Option<String> {
    if let Some(base) = id.strip_suffix('+') {
        let later = format!("{base}-or-later");
        return spdx::license_id(&later).map(|_| later);
    }
    let only = format!("{id}-only");
    spdx::license_id(&only).map(|_| only)
}

/// License and exception ids of an expression. `-only` and `-or-later` share their text, so they are left out.
fn license_words(expression: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-.+:".contains(c);
    expression
        .split(|c| !is_word(c))
        .filter(|word| !["", "AND", "OR", "WITH"].contains(word))
        .map(|word| word.trim_end_matches("-only").trim_end_matches("-or-later"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn license_ids_of_expressions() {
        assert_eq!(
            license_words("(MIT OR GPL-2.0-or-later WITH Classpath-exception-2.0)"),
            ["MIT", "GPL-2.0", "Classpath-exception-2.0"]
        );
    }

    #[test]
    fn texts_confirm_what_is_declared_or_stand_alone() {
        assert_eq!(
            concluded(Some("MIT OR Apache-2.0"), &["Apache-2.0", "MIT"]).as_deref(),
            Some("MIT OR Apache-2.0")
        );
        assert_eq!(concluded(Some("GPL-2.0-or-later"), &["GPL-2.0-only"]).as_deref(), Some("GPL-2.0-or-later"));
        assert_eq!(concluded(Some("MIT OR Apache-2.0"), &["MIT"]), None);
        assert_eq!(concluded(Some("MIT"), &["GPL-3.0-only"]), None);
        assert_eq!(concluded(Some("The License"), &["MIT"]), None);
        assert_eq!(concluded(None, &["BSD-3-Clause"]).as_deref(), Some("BSD-3-Clause"));
        assert_eq!((concluded(None, &["MIT", "Apache-2.0"]), concluded(None, &[])), (None, None));
    }
}
