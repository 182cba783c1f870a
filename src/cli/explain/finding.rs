//! `openclause explain <fingerprint>`: one finding, the rule behind it, and what would change the verdict.

use std::io::{self, Write};

use miette::Diagnostic;
use openclause::model::{Finding, Report, State};
use thiserror::Error;

use super::super::args::{ExplainArgs, ListingFormat};
use super::super::{Exit, output, rules};
use super::{at, shown};

/// The fewest characters of a fingerprint that are taken for one.
const SHORTEST: usize = 6;

/// No finding, or more than one, has this fingerprint.
#[derive(Debug, Error, Diagnostic)]
#[error("{what} of `{path}` has a fingerprint that starts with `{prefix}`")]
#[diagnostic(code(openclause::explain))]
struct NoSuchFinding {
    what: &'static str,
    path: String,
    prefix: String,
    #[help]
    help: String,
}

/// Whether a word can only be the fingerprint of a finding, or the start of one.
pub(super) fn is_fingerprint(word: &str) -> bool {
    // Findings that are alike in all else have a number behind theirs.
    let (word, number) = word.split_once(':').unwrap_or((word, ""));
    word.len() >= SHORTEST
        && word.bytes().all(|b| b.is_ascii_hexdigit())
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// Explains the finding whose fingerprint starts with `prefix`.
///
/// # Errors
/// When the scan cannot start, no finding or several have it, or standard output cannot be written.
pub(super) fn run(prefix: &str, args: &ExplainArgs) -> miette::Result<Exit> {
    let prefix = prefix.to_ascii_lowercase();
    let report = super::scan(args)?;
    let all = &report.findings;
    let exact: Vec<&Finding> = all.iter().filter(|f| f.fingerprint == prefix).collect();
    let starting = || all.iter().filter(|f| f.fingerprint.starts_with(&prefix)).collect();
    let found: Vec<&Finding> = if exact.is_empty() { starting() } else { exact };
    let failed =
        |what, help| NoSuchFinding { what, path: args.path.display().to_string(), prefix: prefix.clone(), help };
    match found.as_slice() {
        [first, rest @ ..] if rest.iter().all(|f| f.fingerprint == first.fingerprint) => {
            output::print(|out| match args.format {
                ListingFormat::Human => show(first, &report, out),
                ListingFormat::Json => super::json(first, out),
            })?;
            Ok(Exit::Clean)
        }
        [] => {
            let near = all.iter().max_by_key(|f| shared(&f.fingerprint, &prefix));
            let help = match near {
                Some(f) => format!("the nearest is `{}` ({}); the JSON report lists them all", f.fingerprint, f.rule),
                None => "the scan has no findings; give the checkout with --path".to_owned(),
            };
            Err(failed("no finding", help).into())
        }
        several => {
            let names: Vec<&str> = several.iter().take(5).map(|f| f.fingerprint.as_str()).collect();
            Err(failed("more than one finding", format!("give more of it: {}", names.join(", "))).into())
        }
    }
}

/// How many characters two texts have in common from their starts.
fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

fn show(found: &Finding, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}\n", rules::severity(found.severity), shown(&found.message))?;
    writeln!(out, "place        {}", at(&found.place))?;
    for (place, what) in &found.related {
        writeln!(out, "             {}: {}", at(place), shown(what))?;
    }
    writeln!(out, "subject      {}", shown(&found.subject))?;
    writeln!(out, "fingerprint  {}", found.fingerprint)?;
    let rule = report.packs.rule(&found.rule);
    match rule {
        Some(rule) => writeln!(out, "rule         {}: {}", rule.id, rule.title)?,
        None => writeln!(out, "rule         {}", found.rule)?,
    }
    if let Some(rule) = rule {
        writeln!(out, "pack         {}, {}:{}", rule.pack_title, shown(&rule.pack_file), rule.pack_line)?;
    }
    match (found.state, &found.justification) {
        (State::New, _) => writeln!(out, "state        it counts; no waiver covers it")?,
        (State::Waived, reason) => writeln!(out, "state        waived: {}", shown(reason.as_deref().unwrap_or("")))?,
        (State::Baselined, _) => writeln!(out, "state        in the baseline")?,
    }
    if let Some(rule) = rule.filter(|rule| !rule.why.is_empty()) {
        writeln!(out, "\nWhy it matters\n{}", rule.why.trim_end())?;
    }
    if !found.help.is_empty() {
        writeln!(
            out,
            "\nHow to mend it\n{}",
            found.help.trim_end().lines().map(shown).collect::<Vec<_>>().join("\n")
        )?;
    }
    writeln!(out, "\nWhat would change the verdict")?;
    if found.state == State::Waived {
        return writeln!(out, "Mending it, after which the waiver is reported as unused; or the waiver's end.");
    }
    // A purl is waived by itself, everything else by its path.
    let (key, value) = if found.subject.starts_with("pkg:") {
        ("package", &*found.subject)
    } else {
        ("path", found.place.path.as_str())
    };
    writeln!(out, "Mending it; or, where it is to stay, a waiver in openclause.toml:\n")?;
    writeln!(out, "[[waiver]]\nrule = {}\n{key} = {}", toml(&found.rule), toml(value))?;
    writeln!(out, "reason = \"…\"\napprover = \"…\"")
}

/// A text as a basic string of TOML, which JSON's strings are.
fn toml(text: &str) -> String {
    serde_json::Value::from(shown(text)).to_string()
}
