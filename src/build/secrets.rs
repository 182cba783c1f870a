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
    /// Whether it is a word of `keywords.txt`.
    listed: bool,
    /// What it leads to as the name of a program (`commands.txt`) or of a call (`calls.txt`), written as Rust.
    places: Vec<String>,
    arguments: Vec<String>,
}

/// The lines of a list that are neither empty nor remarks.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// A place of `commands.txt`, written as Rust.
fn place(text: &str) -> Result<String, Box<dyn Error>> {
    let (text, machine_made) = text.strip_suffix('!').map_or((text, false), |text| (text, true));
    let (text, behind) = match text.split_once('@') {
        Some((text, behind)) => (text, Some(behind.parse::<char>()?)),
        None => (text, None),
    };
    let position = match text.strip_prefix('$') {
        Some(number) => format!("Position::Word({})", number.parse::<usize>()?),
        None if text == "|" => "Position::Input".to_owned(),
        None => match text.split_at(text.len() - 1) {
            (option, "+") => format!("Position::Joined({option:?})"),
            (option, "*") => format!("Position::Either({option:?})"),
            _ => format!("Position::Next({text:?})"),
        },
    };
    Ok(format!("Place {{ position: {position}, behind: {behind:?}, machine_made: {machine_made} }}"))
}

/// An argument of `calls.txt`, written as Rust.
fn argument(text: &str) -> Result<String, Box<dyn Error>> {
    let (number, machine_made) = text.strip_suffix('!').map_or((text, false), |number| (number, true));
    Ok(format!("Argument {{ number: {}, machine_made: {machine_made} }}", number.parse::<usize>()?))
}

/// Makes the tables: `RULES`, `KEYWORDS`, for each keyword its rules, whether it may be a part of a name that says
/// credential and whether it is looked at only where a word starts. The keywords of `keywords.txt` (a line each) lead to no rule, those of `commands.txt` and `calls.txt` to places and arguments. What credentials start with is a keyword as it
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
    for word in lines(&words) {
        let of = keywords.entry(word.to_owned()).or_default();
        (of.starts_only, of.starts_word, of.listed) = (false, false, true);
    }
    let commands = fs::read_to_string(folder.join("commands.txt"))?;
    for line in lines(&commands) {
        let (program, places) = line.split_once(": ").ok_or_else(|| format!("no places: {line}"))?;
        let of = keywords.entry(program.to_ascii_lowercase()).or_default();
        (of.starts_only, of.starts_word) = (false, false);
        of.places = places.split(' ').map(place).collect::<Result<_, _>>()?;
    }
    let calls = fs::read_to_string(folder.join("calls.txt"))?;
    for line in lines(&calls) {
        let at =
            line.rfind(|c: char| !c.is_ascii_digit() && !matches!(c, ' ' | '!')).ok_or("a call without a name")?;
        let (call, arguments) = line.split_at(at + 1);
        let of = keywords.entry(call.to_owned()).or_default();
        (of.starts_only, of.starts_word) = (false, false);
        of.arguments = arguments.split_whitespace().map(argument).collect::<Result<_, _>>()?;
    }
    let examples = fs::read_to_string(folder.join("examples.txt"))?;
    let mut examples: Vec<u64> =
        lines(&examples).map(|line| u64::from_str_radix(line, 16)).collect::<Result<_, _>>()?;
    examples.sort_unstable();
    let mut out = format!("pub(super) static RULES: [Rule; {count}] = [\n{rules}];\n");
    let spelling = |(lower, keyword): (&String, &Keyword)| match keyword.spellings.first() {
        Some(written) if keyword.starts_only && keyword.spellings.len() == 1 => written.clone(),
        _ => lower.clone(),
    };
    let words: Vec<String> = keywords.iter().map(spelling).collect();
    writeln!(out, "pub(super) static KEYWORDS: &[&str] = &{words:?};")?;
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-' | ' '));
    let names: Vec<bool> = keywords
        .iter()
        .map(|(word, of)| {
            let leads = of.places.len() + of.arguments.len() > 0;
            !of.starts_only && (of.listed || !leads || !of.kinds.is_empty()) && is_word(word)
        })
        .collect();
    writeln!(out, "static IS_OF_NAME: &[bool] = &{names:?};")?;
    let starts: Vec<bool> = keywords.values().map(|of| of.starts_word).collect();
    writeln!(out, "static STARTS_WORD: &[bool] = &{starts:?};")?;
    writeln!(
        out,
        "/// Sorted digests of what documentation shows.\npub(super) static EXAMPLES: &[u64] = &{examples:?};"
    )?;
    for (name, kind, pick) in [
        ("KEYWORD_PLACES", "Place", (|of| &of.places) as fn(&Keyword) -> &Vec<String>),
        ("KEYWORD_ARGUMENTS", "Argument", |of| &of.arguments),
    ] {
        writeln!(out, "static {name}: &[&[{kind}]] = &[")?;
        for of in keywords.values() {
            writeln!(out, "&[{}],", pick(of).join(", "))?;
        }
        writeln!(out, "];")?;
    }
    writeln!(out, "static KEYWORD_RULES: &[&[u16]] = &[")?;
    for Keyword { kinds, .. } in keywords.values() {
        writeln!(out, "&{kinds:?},")?;
    }
    writeln!(out, "];")?;
    Ok(out)
}
