//! `openclause explain <rule>`: what a rule finds, why it matters, how to mend it.

use std::io::{self, Write};

use miette::Diagnostic;
use openclause::model::RuleDoc;
use thiserror::Error;

use super::super::args::{ExplainArgs, ListingFormat};
use super::super::{Exit, output, resolve, rules};

/// There is nothing to explain.
#[derive(Debug, Error, Diagnostic)]
#[error("no rule is called `{id}`")]
#[diagnostic(code(openclause::explain))]
struct UnknownRule {
    id: String,
    #[help]
    help: String,
}

/// Explains the rule `id`.
///
/// # Errors
/// When a pack cannot be loaded, the rule is unknown, or standard output cannot be written.
pub(super) fn run(id: &str, args: &ExplainArgs) -> miette::Result<Exit> {
    let packs = openclause::load_policy(&resolve::policy_request(&args.policy))?.docs();
    let Some(rule) = packs.rule(id) else {
        let near = nearest(id, packs.rules.iter().map(|r| r.id.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`? `openclause rules` lists them all"),
            None => "`openclause rules` lists them all".to_owned(),
        };
        return Err(UnknownRule { id: id.to_owned(), help }.into());
    };
    output::print(|out| match args.format {
        ListingFormat::Human => explain(rule, out),
        ListingFormat::Json => super::json(&rules::row(rule), out),
    })?;
    Ok(Exit::Clean)
}

/// The rule whose id is nearest, or whose name without the pack is the same.
fn nearest<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = |id: &'a str| id.rsplit('/').next().unwrap_or(id);
    ids.map(|known| (strsim::jaro_winkler(id, known).max(strsim::jaro_winkler(id, name(known))), known))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

fn explain(rule: &RuleDoc, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}\n", rule.id, rule.title)?;
    writeln!(out, "severity  {}", rules::severity(rule.severity))?;
    writeln!(out, "pack      {}", rule.pack_title)?;
    writeln!(out, "clause    {}", rule.phrase)?;
    for (standard, controls) in &rule.maps {
        writeln!(out, "{standard:<8}  {}", controls.join(", "))?;
    }
    if !rule.why.is_empty() {
        writeln!(out, "\nWhy it matters\n{}", rule.why.trim_end())?;
    }
    if !rule.help.is_empty() {
        writeln!(out, "\nHow to mend it\n{}", rule.help.trim_end())?;
    }
    writeln!(out, "\nTo change its severity, with the reason, in openclause.toml:\n")?;
    writeln!(out, "[severity]\n\"{}\" = {{ level = \"off\", reason = \"…\" }}", rule.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_or_a_missing_pack_is_forgiven() {
        let ids = ["docs/readme-stub", "license/no-root-text"];
        assert_eq!(nearest("license/no-rot-text", ids.into_iter()), Some("license/no-root-text"));
        assert_eq!(nearest("readme-stub", ids.into_iter()), Some("docs/readme-stub"));
        assert_eq!(nearest("zzz", ids.into_iter()), None);
    }
}
