//! `openclause policy test`: do the rules of a pack judge its own fixtures as they should.
//!
//! A rule's fixtures are two small projects, `fixtures/<pack>/<rule>/pass` and `fixtures/<pack>/<rule>/fail` beside the
//! pack. Each is judged by the pack alone, with the `openclause.toml` in it where it has one.

use std::path::{Path, PathBuf};

use openclause::config::Level;
use openclause::model::{Outcome, Report};
use openclause::policy::{Pack, Rule};
use openclause::{ConfigSource, scan};

use super::super::args::{GlobalArgs, PolicyTestArgs};
use super::super::{Exit, output};

/// What became of one fixture.
struct Case {
    rule: String,
    side: &'static str,
    /// What is wrong; `None` when the verdict is the right one.
    wrong: Option<String>,
}

/// Runs the fixtures of every pack and says which are judged wrongly.
///
/// # Errors
/// Mistakes in a pack or in the configuration of a fixture, and when standard output cannot be written.
pub(super) fn run(args: &PolicyTestArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    let mut cases = Vec::new();
    for pack in super::load(&args.path)? {
        // A pack of a folder is called by its path below it; the folder itself holds the fixtures.
        let folder =
            if args.path.is_dir() { args.path.as_path() } else { args.path.parent().unwrap_or(Path::new("")) };
        let fixtures = args.fixtures.clone().unwrap_or_else(|| folder.join("fixtures")).join(&pack.name);
        for rule in &pack.rules {
            for (side, wanted) in [("pass", Outcome::Pass), ("fail", Outcome::Fail)] {
                let root = fixtures.join(rule.id.rsplit('/').next().unwrap_or_default()).join(side);
                let wrong = judge(&args.path, &pack, rule, &root, wanted)?;
                cases.push(Case { rule: rule.id.clone(), side, wrong });
            }
        }
    }
    let failed = cases.iter().filter(|case| case.wrong.is_some()).count();
    output::print(|out| {
        for case in &cases {
            match &case.wrong {
                Some(why) => writeln!(out, "wrong  {} {}: {why}", case.rule, case.side)?,
                None if !global.quiet => writeln!(out, "right  {} {}", case.rule, case.side)?,
                None => {}
            }
        }
        writeln!(out, "{} passed, {failed} failed", cases.len() - failed)
    })?;
    Ok(if failed == 0 { Exit::Clean } else { Exit::GateFailed })
}

/// Judges one fixture; says what is wrong with the verdict.
fn judge(path: &Path, pack: &Pack, rule: &Rule, root: &Path, wanted: Outcome) -> miette::Result<Option<String>> {
    if !root.is_dir() {
        return Ok(Some(format!("there is no folder `{}`", root.display())));
    }
    let mut request = super::request(path, PathBuf::from(root));
    let own = root.join("openclause.toml");
    if own.is_file() {
        request.config = ConfigSource::File(own);
    }
    if rule.off.is_some() {
        request.set = vec![(rule.id.clone(), Level::At(rule.severity))];
    }
    let report = scan(&request, &|_| {})?;
    let found = report.verdicts.iter().find(|verdict| verdict.rule == rule.id);
    Ok(match found {
        None => Some(format!(
            "the pack `{}` gave no verdict: the fixture's configuration switches the rule off",
            pack.name
        )),
        Some(verdict) if verdict.verdict == wanted => None,
        Some(verdict) => {
            let shown = first_finding(&report, &rule.id).map(|message| format!("; {message}")).unwrap_or_default();
            Some(format!("{} instead of {}: {}{shown}", verdict.verdict.name(), wanted.name(), verdict.reason))
        }
    })
}

/// The message of the first finding of a rule.
fn first_finding<'r>(report: &'r Report, rule: &str) -> Option<&'r str> {
    report.findings.iter().find(|finding| finding.rule == rule).map(|finding| finding.message.as_str())
}
