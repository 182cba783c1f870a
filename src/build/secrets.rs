//! Compiles `policies/facts/secrets/*.toml` into tables that need no parsing when the program starts.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// A file of kinds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    #[serde(default)]
    token: BTreeMap<String, Kind>,
    #[serde(default)]
    named: BTreeMap<String, Kind>,
}

/// One kind, as `policies/facts/secrets/README.md` describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    title: String,
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default)]
    inside: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    form: String,
    #[serde(default)]
    reach: Option<usize>,
    #[serde(default)]
    check: Option<String>,
    #[serde(default)]
    entropy: f32,
    #[serde(default)]
    digits: bool,
    #[serde(default)]
    mixed: bool,
    #[serde(default)]
    noun: bool,
    #[serde(default)]
    exact: bool,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    confidence: Option<String>,
}

/// What is known of a keyword while the tables are made.
#[derive(Default)]
struct Keyword {
    /// The kinds that it leads to, by their number.
    kinds: Vec<usize>,
    /// Whether credentials start with it, and nothing else is told by it.
    starts_only: bool,
    /// Whether it is looked at only where a word starts.
    starts_word: bool,
    /// How it is written, where that is told by nothing else.
    spellings: BTreeSet<String>,
}

/// Makes the tables: `RULES`, `KEYWORDS`, for each keyword its rules, whether it may be a part of a name that says
/// credential and whether it is looked at only where a word starts. The keywords of `keywords.txt` (a line each) lead to no rule. What credentials start with is a keyword as it
/// is written, everything else in lower case. `EXAMPLES` are the digests of `examples.txt`.
pub(crate) fn tables(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut rules = String::new();
    let mut keywords: BTreeMap<String, Keyword> = BTreeMap::new();
    let mut count = 0;
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    for file in files.iter().map(fs::DirEntry::path).filter(|p| p.extension().is_some_and(|e| e == "toml")) {
        let kinds: Kinds =
            toml::from_str(&fs::read_to_string(&file)?).map_err(|e| format!("{}: {e}", file.display()))?;
        let all = kinds.token.into_iter().map(|k| (k, false)).chain(kinds.named.into_iter().map(|k| (k, true)));
        for ((id, kind), named) in all {
            let others = [&kind.inside, &kind.names].into_iter().flatten();
            let words = kind.starts.iter().map(|word| (word, true)).chain(others.map(|word| (word, false)));
            let mut any = false;
            for (word, starts) in words {
                any = true;
                let of = keywords.entry(word.to_ascii_lowercase()).or_insert_with(|| Keyword {
                    starts_only: true,
                    starts_word: true,
                    ..Keyword::default()
                });
                of.starts_only &= starts;
                // What starts with a mark that separates needs none in front of it.
                of.starts_word &= starts && !named && kind.inside.is_empty() && !word.starts_with(['&', '?', ':']);
                of.spellings.insert(word.clone());
                if !of.kinds.contains(&count) {
                    of.kinds.push(count);
                }
            }
            if !any {
                return Err(format!("{id} has no keyword").into());
            }
            let (leads, form) = if named {
                let flags = if kind.exact { "" } else { "(?i)" };
                ("RuleKind::Named".to_owned(), format!("^{flags}(?:{})$", kind.form))
            } else if kind.inside.is_empty() {
                (format!("RuleKind::Starts(&{:?})", kind.starts), format!("^(?:{})", kind.form))
            } else {
                (format!("RuleKind::Inside({})", kind.reach.unwrap_or(280)), kind.form.clone())
            };
            let check = match kind.check.as_deref() {
                None => "Check::None",
                Some("crc32-base62") => "Check::Crc32Base62",
                Some(other) => return Err(format!("{id}: there is no check {other}").into()),
            };
            let confidence = match (kind.confidence.as_deref(), named) {
                (Some("low"), _) => "Confidence::Low",
                (Some("medium"), _) | (None, true) => "Confidence::Medium",
                (Some("high"), _) | (None, false) => "Confidence::High",
                (Some(other), _) => return Err(format!("{id}: there is no confidence {other}").into()),
            };
            writeln!(
                rules,
                "Rule {{ id: {id:?}, title: {:?}, kind: {leads}, form: Form::new({form:?}), check: {check}, entropy: {:?}_f32, \
                 digits: {}, mixed: {}, noun: {}, after: &{:?}, confidence: {confidence} }},",
                kind.title, kind.entropy, kind.digits, kind.mixed, kind.noun, kind.after
            )?;
            count += 1;
        }
    }
    let words = fs::read_to_string(folder.join("keywords.txt"))?;
    for word in words.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let of = keywords.entry(word.to_owned()).or_default();
        (of.starts_only, of.starts_word) = (false, false);
    }
    let examples = fs::read_to_string(folder.join("examples.txt"))?;
    let lines = examples.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut examples: Vec<u64> = lines.map(|line| u64::from_str_radix(line, 16)).collect::<Result<_, _>>()?;
    examples.sort_unstable();
    let mut out = format!("pub(super) static RULES: [Rule; {count}] = [\n{rules}];\n");
    let spelling = |(lower, keyword): (&String, &Keyword)| match keyword.spellings.first() {
        Some(written) if keyword.starts_only && keyword.spellings.len() == 1 => written.clone(),
        _ => lower.clone(),
    };
    let words: Vec<String> = keywords.iter().map(spelling).collect();
    writeln!(out, "pub(super) static KEYWORDS: &[&str] = &{words:?};")?;
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-' | ' '));
    let names: Vec<bool> = keywords.iter().map(|(word, of)| !of.starts_only && is_word(word)).collect();
    writeln!(out, "static IS_OF_NAME: &[bool] = &{names:?};")?;
    let starts: Vec<bool> = keywords.values().map(|of| of.starts_word).collect();
    writeln!(out, "static STARTS_WORD: &[bool] = &{starts:?};")?;
    writeln!(
        out,
        "/// Sorted digests of what documentation shows.\npub(super) static EXAMPLES: &[u64] = &{examples:?};"
    )?;
    writeln!(out, "static KEYWORD_RULES: &[&[u16]] = &[")?;
    for Keyword { kinds, .. } in keywords.values() {
        writeln!(out, "&{kinds:?},")?;
    }
    writeln!(out, "];")?;
    Ok(out)
}
