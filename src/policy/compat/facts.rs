//! Facts about licenses and exceptions, looked up by identifier.
//!
//! The files are read by line, and a row is parsed when it is asked for: a scan speaks of a few dozen licenses out of
//! eight hundred.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::words::{Category, ExceptionKind, Patent, Relation, Scope};

static LICENSES: &str = include_str!("../../../policies/facts/licenses.toml");
static EXCEPTIONS: &str = include_str!("../../../policies/facts/license-exceptions.toml");
static ALIASES: &str = include_str!("../../../policies/facts/license-aliases.toml");

/// Version of the SPDX License List that the rows were written against.
pub const LIST_VERSION: &str = "3.29.0";

/// What is known of a license: a row of `policies/facts/licenses.toml`, where the words are explained.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LicenseFacts {
    /// The identifier.
    #[serde(skip)]
    pub id: &'static str,
    /// How open it is, and whether it is copyleft.
    pub category: Category,
    /// How far its terms reach.
    pub scope: Scope,
    /// What it says of patents.
    pub patent: Patent,
    /// What whoever passes the work on has to do.
    #[serde(default)]
    pub duties: Vec<String>,
    /// When the duties fall due; on distribution where nothing is said.
    #[serde(default)]
    pub triggers: Vec<String>,
    /// Freedoms that it withholds.
    #[serde(default)]
    pub limits: Vec<String>,
    /// Licenses under which its own terms allow a copy to be passed on.
    #[serde(default)]
    pub upgrade: Vec<String>,
    /// First 16 digits of the SHA-256 of the text that was read.
    #[serde(default)]
    pub text: Option<String>,
}

impl LicenseFacts {
    /// Whether it grants the freedoms of open source and open data for any purpose.
    pub fn is_open(&self) -> bool {
        self.limits.is_empty() && self.category.is_open()
    }

    /// Whether its duties fall due in this case: `network`, `use`, `output`.
    pub fn is_triggered_by(&self, what: &str) -> bool {
        self.triggers.iter().any(|t| t == what)
    }

    /// Whether the OSI approved it, by the SPDX list.
    pub fn is_osi_approved(&self) -> bool {
        spdx::license_id(self.id).is_some_and(spdx::LicenseId::is_osi_approved)
    }

    /// Whether the FSF lists it as free, by the SPDX list.
    pub fn is_fsf_free(&self) -> bool {
        spdx::license_id(self.id).is_some_and(spdx::LicenseId::is_fsf_free_libre)
    }

    /// Where the row comes from.
    pub fn sources(&self) -> Vec<String> {
        let mut out = vec![format!("policies/facts/licenses.toml, row {}", self.id)];
        if spdx::license_id(self.id).is_some() {
            out.push(format!("SPDX License List {LIST_VERSION}"));
        }
        if let Some(text) = &self.text {
            out.push(format!("license text, sha256 {text}…"));
        }
        out
    }
}

/// A row as it stands in the file: facts, or the expression that a deprecated identifier means.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum LicenseRow {
    SameAs(SameAs),
    Facts(LicenseFacts),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SameAs {
    same_as: String,
}

/// What an exception permits beyond its license: a row of `policies/facts/license-exceptions.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionFacts {
    /// What sort of permission it is.
    pub kind: ExceptionKind,
    /// Relations in which the terms of the license do not reach the other work.
    #[serde(default)]
    pub frees: Vec<Relation>,
    /// Licenses with which it may be combined although the license alone could not.
    #[serde(default)]
    pub joins: Vec<String>,
    /// Licenses that a work which it names has, and others too.
    #[serde(default)]
    pub perhaps: Vec<String>,
    /// First 16 digits of the SHA-256 of the text that was read.
    #[serde(default)]
    pub text: Option<String>,
}

/// A file of rows, `"id" = { … }`, one to a line and sorted.
struct Table<T> {
    rows: Vec<(&'static str, &'static str, OnceLock<Option<T>>)>,
    /// Completes a parsed row with its identifier.
    name: fn(&'static str, &mut T),
}

impl<T: DeserializeOwned> Table<T> {
    fn new(text: &'static str, name: fn(&'static str, &mut T)) -> Self {
        let row = |line: &'static str| {
            let (id, row) = line.strip_prefix('"')?.split_once("\" = ")?;
            Some((id, row, OnceLock::new()))
        };
        let mut rows: Vec<_> = text.lines().filter_map(row).collect();
        rows.sort_by_key(|(id, ..)| *id);
        Self { rows, name }
    }

    fn get(&self, id: &str) -> Option<(&'static str, &T)> {
        let at = self.rows.binary_search_by(|(row, ..)| (*row).cmp(id)).ok()?;
        let (id, row, parsed) = &self.rows[at];
        let parsed = parsed.get_or_init(|| {
            let mut row = parse(row)?;
            (self.name)(id, &mut row);
            Some(row)
        });
        parsed.as_ref().map(|row| (*id, row))
    }
}

/// Parses the right side of a row.
fn parse<T: DeserializeOwned>(row: &str) -> Option<T> {
    let mut table: BTreeMap<String, T> = toml::from_str(&format!("row = {row}")).ok()?;
    table.remove("row")
}

static LICENSE_TABLE: LazyLock<Table<LicenseRow>> = LazyLock::new(|| {
    Table::new(LICENSES, |id, row| {
        if let LicenseRow::Facts(facts) = row {
            facts.id = id;
        }
    })
});
static EXCEPTION_TABLE: LazyLock<Table<ExceptionFacts>> = LazyLock::new(|| Table::new(EXCEPTIONS, |_, _| {}));

/// The facts about a license, by its exact identifier. Deprecated identifiers have none of their own: see
/// [`meaning`].
pub fn license(id: &str) -> Option<&'static LicenseFacts> {
    match LICENSE_TABLE.get(id)?.1 {
        LicenseRow::Facts(facts) => Some(facts),
        LicenseRow::SameAs(_) => None,
    }
}

/// The expression that a deprecated identifier means.
pub fn meaning(id: &str) -> Option<&'static str> {
    match LICENSE_TABLE.get(id)?.1 {
        LicenseRow::SameAs(same) => Some(same.same_as.as_str()),
        LicenseRow::Facts(_) => None,
    }
}

/// The facts about an exception, by its exact identifier.
pub fn exception(id: &str) -> Option<&'static ExceptionFacts> {
    EXCEPTION_TABLE.get(id).map(|(_, row)| row)
}

/// Every identifier of a license that there is a row for, sorted.
pub fn license_ids() -> impl Iterator<Item = &'static str> {
    LICENSE_TABLE.rows.iter().map(|(id, ..)| *id)
}

/// Every identifier of an exception that there is a row for, sorted.
pub fn exception_ids() -> impl Iterator<Item = &'static str> {
    EXCEPTION_TABLE.rows.iter().map(|(id, ..)| *id)
}

/// Names of licenses that the SPDX list lacks, as registries and model cards write them, each with its identifier.
pub fn aliases() -> &'static BTreeMap<String, String> {
    static TABLE: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut file: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(ALIASES).unwrap_or_default();
        file.remove("aliases").unwrap_or_default()
    })
}

/// The identifier for a name in any case, aliases included.
pub fn canonical(name: &str) -> Option<&'static str> {
    if let Some((id, _)) = LICENSE_TABLE.get(name) {
        return Some(id);
    }
    static BY_LOWER: LazyLock<HashMap<String, &'static str>> =
        LazyLock::new(|| license_ids().map(|id| (id.to_ascii_lowercase(), id)).collect());
    let by_lower = BY_LOWER.get(&name.to_ascii_lowercase()).copied();
    by_lower.or_else(|| aliases().get(&name.to_lowercase()).map(String::as_str))
}

/// Later versions of the same license, by their identifiers: `EPL-1.0` gives `EPL-2.0`. Where its own terms lead to a
/// variant of a version, that one: code that came under `MPL-1.1` alone is under `MPL-2.0-no-copyleft-exception`
/// (section 1.5 of the MPL 2.0).
pub(super) fn later_versions(id: &str) -> Vec<&'static str> {
    let split = |id: &str| -> Option<(String, Vec<u32>)> {
        let (stem, version) = id.rsplit_once('-')?;
        let numbers: Option<Vec<u32>> = version.split('.').map(|n| n.parse().ok()).collect();
        Some((stem.to_owned(), numbers?))
    };
    let Some((stem, version)) = split(id) else { return Vec::new() };
    let leads_to: Vec<&'static str> =
        license(id).into_iter().flat_map(|row| &row.upgrade).map(String::as_str).collect();
    let variant = |later: &'static str| {
        let rest = |to: &str| to.strip_prefix(later).map(|rest| rest.starts_with('-'));
        let named = leads_to.iter().find(|to| rest(to) == Some(true)).copied();
        if leads_to.contains(&later) { later } else { named.unwrap_or(later) }
    };
    let later = license_ids().filter(|other| split(other).is_some_and(|(s, v)| s == stem && v > version));
    later.map(variant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_license_and_exception_of_the_list_has_a_row_that_parses() {
        for id in spdx::identifiers::LICENSES.iter().map(|l| l.name) {
            let (_, row) = LICENSE_TABLE.get(id).unwrap_or_else(|| panic!("{id} has no row, or a malformed one"));
            match row {
                LicenseRow::SameAs(same) => {
                    // The crate keeps some GFDL ids without a suffix that the list itself never had.
                    let stray = id.ends_with("invariants");
                    assert!(stray || spdx::license_id(id).unwrap().is_deprecated(), "{id} is no deprecated id");
                    assert!(crate::policy::expression::parse(&same.same_as).is_some(), "{id}");
                }
                LicenseRow::Facts(facts) => {
                    for target in &facts.upgrade {
                        assert!(license(target).is_some(), "{id} leads to {target}");
                    }
                }
            }
        }
        for id in spdx::identifiers::EXCEPTIONS.iter().map(|l| l.name) {
            let (_, row) = EXCEPTION_TABLE.get(id).unwrap_or_else(|| panic!("{id}"));
            assert!(row.joins.iter().chain(&row.perhaps).all(|id| license(id).is_some()), "{id}");
        }
        for (id, ..) in &LICENSE_TABLE.rows {
            assert!(LICENSE_TABLE.get(id).is_some(), "{id} is malformed");
        }
        assert_eq!(license_ids().count(), LICENSES.lines().filter(|l| l.starts_with('"')).count());
        assert!(aliases().values().all(|id| license(id).is_some()));
    }

    #[test]
    fn names_of_ones_own_that_say_proprietary_are_known() {
        for id in ["LicenseRef-Proprietary", "LicenseRef-commercial", "LicenseRef-All-Rights-Reserved"] {
            assert_eq!(meaning(id), Some("LicenseRef-scancode-proprietary-license"), "{id}");
        }
    }

    /// The files are TOML as a whole as well, for other readers and editors.
    #[test]
    fn the_files_are_toml() {
        for text in [LICENSES, EXCEPTIONS, ALIASES] {
            let table: toml::Table = toml::from_str(text).unwrap();
            assert_eq!(table.len(), 1);
        }
    }

    #[test]
    fn every_word_is_explained() {
        for id in license_ids() {
            let Some(facts) = license(id) else { continue };
            for (kind, words) in [("duty", &facts.duties), ("limit", &facts.limits), ("trigger", &facts.triggers)] {
                for word in words {
                    assert!(super::super::words::explain(kind, word).is_some(), "{id}: {kind} {word}");
                }
            }
        }
    }

    /// A row was written after reading a text; when the text changes, the row has to be read again.
    #[test]
    fn rows_speak_of_the_texts_that_are_there() {
        use sha2::{Digest, Sha256};
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/facts/spdx");
        let digest = |path: std::path::PathBuf| -> Option<String> {
            let bytes = std::fs::read(path).ok()?;
            Some(Sha256::digest(bytes).iter().take(8).map(|b| format!("{b:02x}")).collect())
        };
        for id in license_ids() {
            if let Some(facts) = license(id) {
                assert_eq!(facts.text, digest(folder.join(format!("text/{id}.txt"))), "{id}");
            }
        }
        for id in exception_ids() {
            let text = exception(id).and_then(|row| row.text.clone());
            assert_eq!(text, digest(folder.join(format!("exception/{id}.txt"))), "{id}");
        }
    }

    #[test]
    fn names_are_found_in_any_case_and_by_alias() {
        assert_eq!(canonical("mit"), Some("MIT"));
        assert_eq!(canonical("Llama3.1"), Some("LicenseRef-scancode-llama-3.1-license-2024"));
        assert_eq!(canonical("no such"), None);
        assert_eq!(later_versions("EPL-1.0"), ["EPL-2.0"]);
        assert_eq!(later_versions("MPL-1.0"), ["MPL-1.1", "MPL-2.0-no-copyleft-exception"]);
        assert_eq!(later_versions("OFL-1.0"), ["OFL-1.1"]);
        assert_eq!(meaning("GPL-2.0+"), Some("GPL-2.0-or-later"));
    }

    #[test]
    fn open_agrees_with_the_osi() {
        for id in spdx::identifiers::LICENSES.iter().map(|l| l.name) {
            let Some(facts) = license(id) else { continue };
            if facts.is_osi_approved() {
                assert!(facts.is_open(), "{id} is approved by the OSI, and not open by its row");
            }
        }
    }
}
