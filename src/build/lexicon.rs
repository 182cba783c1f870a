//! Compiles the names of licenses (`policies/facts/license-lexicon.txt` and the identifiers and full names of the SPDX
//! License List) into a sorted Rust table (see `src/collect/license/statements/lexicon.rs` for its reader).

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::words;

/// Identifiers that differ by nothing but their version.
#[derive(Default)]
struct Family {
    gnu: bool,
    bare: String,
    /// Versions and what they name.
    versions: Vec<(String, String)>,
}

/// What a name stands for, as source of the table.
#[derive(Clone)]
struct Entry {
    what: String,
    strength: &'static str,
}

/// The source of the tables `FAMILIES` and `PHRASES`.
///
/// # Errors
/// When the data names something that is neither an id of the list nor an expression.
pub(crate) fn compile(data: &str) -> Result<String, String> {
    let mut families = families();
    let mut phrases: BTreeMap<Vec<String>, Entry> = listed(&families);
    let lines = || data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for (key, pages) in lines().filter_map(|line| line.split_once(": ")).filter(|(key, _)| PAGES.contains(key)) {
        pages.split('|').for_each(|page| addresses(page, key == "OSI", &mut phrases));
    }
    for line in lines().filter(|line| !line.contains(": ")) {
        let (key, id) = line.split_once(" = ").ok_or_else(|| format!("neither names nor a meaning: {line}"))?;
        families.entry(key.to_owned()).or_default().bare = id.to_owned();
    }
    let order: Vec<String> = families.keys().cloned().collect();
    for line in lines() {
        let Some((key, names)) = line.split_once(": ").filter(|(key, _)| !PAGES.contains(key)) else {
            continue;
        };
        let what = meaning(key, &order).ok_or_else(|| format!("the lexicon names no license with `{key}`"))?;
        for name in names.split('|').map(str::trim) {
            let (strength, name) = match name.as_bytes().first() {
                Some(b'~') => ("Weak", &name[1..]),
                Some(b'@') => ("Address", &name[1..]),
                Some(b'!') => ("Statement", &name[1..]),
                _ => ("Strong", name),
            };
            phrases.insert(split(name), Entry { what: what.clone(), strength });
        }
    }
    Ok(source(&families, &phrases))
}

/// The expression, exception or family that a key of the data stands for; `NONE` stands for none.
fn meaning(key: &str, families: &[String]) -> Option<String> {
    if key == "NONE" {
        return Some("What::Nothing".to_owned());
    }
    if spdx::exception_id(key).is_some() {
        return Some(format!("What::Exception({key:?})"));
    }
    if spdx::license_id(key).is_some_and(|id| id.name == key) || spdx::Expression::parse(key).is_ok() {
        return Some(format!("What::Fixed({key:?})"));
    }
    families.iter().position(|f| f == key).map(|n| format!("What::Family({n})"))
}

/// Keys that stand for every license, and for every one that the OSI approved.
const PAGES: &[&str] = &["EACH", "OSI"];

/// Adds the addresses below `page` at which a site has a page for every license, or for every one that the OSI
/// approved, under its identifier. Some sites write dots as hyphens: `mpl-2-0`.
fn addresses(page: &str, approved: bool, phrases: &mut BTreeMap<Vec<String>, Entry>) {
    for license in spdx::identifiers::LICENSES {
        let counts = license.flags & spdx::flags::IS_DEPRECATED == 0
            && (!approved || license.flags & spdx::flags::IS_OSI_APPROVED != 0);
        // The versions of GNU licenses are read by the grammar, but for the two parts of one with a hyphen.
        let gnu = license.flags & spdx::flags::IS_GNU != 0;
        let id = if gnu { license.name.strip_suffix("-only") } else { Some(license.name) };
        let Some(id) = id.filter(|_| counts) else { continue };
        let what = format!("What::Fixed({:?})", license.name);
        let hyphened = id.replace('.', "-");
        for id in [id, &hyphened].into_iter().filter(|id| !gnu || !id.contains('.')) {
            let words = split(&format!("{page} {id}"));
            phrases.insert(words, Entry { what: what.clone(), strength: "Address" });
        }
    }
}

/// The words of a name, in the spelling that tokens have.
fn split(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    words::words(name, false, |word, _| {
        out.push(match word {
            "licence" => "license".to_owned(),
            "licences" => "licenses".to_owned(),
            _ => word.to_owned(),
        });
    });
    out
}

/// Families by the part of their ids before the version.
fn families() -> BTreeMap<String, Family> {
    let mut out: BTreeMap<String, Family> = BTreeMap::new();
    for license in spdx::identifiers::LICENSES.iter().filter(|l| l.flags & spdx::flags::IS_DEPRECATED == 0) {
        let gnu = license.name.strip_suffix("-only").filter(|_| license.flags & spdx::flags::IS_GNU != 0);
        let id = gnu.unwrap_or(license.name);
        if let Some((family, version)) = versioned(id) {
            let entry = out.entry(family.to_owned()).or_default();
            entry.gnu |= gnu.is_some();
            entry.versions.push((version.to_owned(), id.to_owned()));
        }
    }
    for family in out.values_mut() {
        if let [(_, id)] = family.versions.as_slice() {
            family.bare.clone_from(id);
        }
    }
    out
}

/// Splits an id at its version.
fn versioned(id: &str) -> Option<(&str, &str)> {
    let (family, version) = id.rsplit_once('-')?;
    is_version(version).then_some((family, version))
}

fn is_version(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.trim_end_matches(|c: char| c.is_ascii_lowercase()).chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// The names that the list itself gives: identifiers and full names, and those of families without their version.
fn listed(families: &BTreeMap<String, Family>) -> BTreeMap<Vec<String>, Entry> {
    let mut out = BTreeMap::new();
    for license in spdx::identifiers::LICENSES.iter().filter(|l| l.flags & spdx::flags::IS_DEPRECATED == 0) {
        if license.flags & spdx::flags::IS_GNU != 0 {
            continue;
        }
        let what = format!("What::Fixed({:?})", license.name);
        let full = split(license.full_name);
        let telling =
            |words: &[String]| words.iter().any(|w| matches!(w.as_str(), "license" | "agreement" | "dedication"));
        if let Some((family, _)) = versioned(license.name) {
            let n = families.keys().position(|f| f == family).unwrap_or_default();
            let is_version = |w: &String| is_version(w.strip_prefix('v').unwrap_or(w)) || w == "version";
            let name = full.iter().position(is_version).map_or(full.as_slice(), |at| &full[..at]);
            if telling(name) && name.len() > 1 {
                out.insert(name.to_vec(), Entry { what: format!("What::Family({n})"), strength: "Strong" });
            }
            let what = format!("What::Family({n})");
            out.entry(split(family)).or_insert(Entry { what, strength: "Faint" });
        }
        let id = split(license.name);
        // `DocBook-XML` and `Net-SNMP` are names of other things too; nothing else is called `MPL-1.1`.
        let numbered = id.iter().skip(1).any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        let strength = if numbered { "Strong" } else { "Faint" };
        out.insert(id, Entry { what: what.clone(), strength });
        let strength = match full.len() {
            ..=1 => "Faint",
            _ if telling(&full) => "Strong",
            _ => "Weak",
        };
        out.insert(full, Entry { what, strength });
    }
    for exception in spdx::identifiers::EXCEPTIONS.iter().filter(|e| e.flags & spdx::flags::IS_DEPRECATED == 0) {
        let what = format!("What::Exception({:?})", exception.name);
        out.insert(split(exception.name), Entry { what, strength: "Strong" });
    }
    out.remove(&Vec::new());
    out
}

fn source(families: &BTreeMap<String, Family>, phrases: &BTreeMap<Vec<String>, Entry>) -> String {
    let mut out = String::from("pub(super) static FAMILIES: &[Family] = &[\n");
    for family in families.values() {
        let Family { gnu, bare, versions } = family;
        let _ = writeln!(out, "    Family {{ gnu: {gnu}, bare: {bare:?}, versions: &{versions:?} }},");
    }
    out.push_str("];\npub(super) static PHRASES: &[Phrase] = &[\n");
    for (words, Entry { what, strength }) in phrases {
        let _ = writeln!(out, "    Phrase {{ words: &{words:?}, what: {what}, strength: Strength::{strength} }},");
    }
    out.push_str("];\n");
    out
}
