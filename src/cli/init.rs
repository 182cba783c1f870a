//! `openclause init`: a first `openclause.toml`, from what a scan finds.
//!
//! What a manifest or a lock file settles becomes an entry; what a person has to decide is written as a comment, ready to be
//! uncommented. Every entry says what it was made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use miette::Diagnostic;
use openclause::config::{self, spanned::Source};
use openclause::model::{Finding, Package, Place, Report, Scope, Severity};
use openclause::policy::built_in_names;
use openclause::policy::compat::{self, Relation};
use openclause::{ConfigSource, ScanRequest};
use thiserror::Error;

use super::args::{GlobalArgs, InitArgs};
use super::{Exit, output};

/// Choices of licenses beyond these are left to the user: so many are decided by a policy, not one by one.
const MOST_CHOICES: usize = 200;

/// The configuration is not written.
#[derive(Debug, Error, Diagnostic)]
enum InitError {
    #[error("`{}` is there already, and is not overwritten", path.display())]
    #[diagnostic(code(openclause::init), help("`openclause init --dry-run` prints what would be written"))]
    Exists { path: PathBuf },
    #[error("`{}` is no folder", path.display())]
    #[diagnostic(code(openclause::init), help("give the folder of the project"))]
    NoFolder { path: PathBuf },
}

/// Runs the command.
///
/// # Errors
/// When there is a configuration already, the scan cannot start, or the file cannot be written.
pub(crate) fn run(args: &InitArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    if !args.folder.is_dir() {
        return Err(InitError::NoFolder { path: args.folder.clone() }.into());
    }
    if !args.dry_run
        && let Some(path) = config::NAMES.iter().map(|name| args.folder.join(name)).find(|path| path.exists())
    {
        return Err(InitError::Exists { path }.into());
    }
    let request =
        ScanRequest { paths: vec![args.folder.clone()], config: ConfigSource::None, ..ScanRequest::default() };
    let report = openclause::scan(&request, &|_| {})?;
    let text = configuration(&report);
    // What is written is read back: a name in the checkout must not make it a configuration that no scan accepts.
    config::parse(Source::new("openclause.toml", text.as_str()))?;
    let path = args.folder.join("openclause.toml");
    if args.dry_run {
        output::print(|out| out.write_all(text.as_bytes()))?;
    } else {
        output::write_new(&path, &text)?;
        if !global.quiet {
            output::print(|out| writeln!(out, "wrote {}", path.display()))?;
        }
    }
    Ok(Exit::Clean)
}

/// A text as a basic string of TOML, which JSON's strings are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text of the checkout for a comment: one line, without control characters.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn at(place: &Place) -> String {
    match &place.region {
        Some(region) => format!("{}:{}", shown(place.path.as_str()), region.start_line),
        None => shown(place.path.as_str()),
    }
}

/// The text of the configuration.
fn configuration(report: &Report) -> String {
    let mut out = String::from(
        "# Configuration of openclause (https://github.com/openclause/openclause), begun by `openclause init`.\n\
         # Entries were made of what a scan found; what a person has to decide is a comment.\n\n",
    );
    let packs: Vec<String> = built_in_names().map(quoted).collect();
    let _ = writeln!(
        out,
        "# Every built-in pack judges unless some are named; a pack of your own is named by its path from here.\n\
         # [policy]\n# packs = [{}, \"policies/ours.toml\"]\n",
        packs.join(", ")
    );
    let root = outbound(report, &mut out);
    profiles(report, &mut out);
    choices(report, root.as_deref(), &mut out);
    waivers(&report.findings, &mut out);
    out
}

/// The license of the project, and of the parts that have one of their own. Gives the project's.
fn outbound(report: &Report, out: &mut String) -> Option<String> {
    let licensed = || {
        report.inventory.manifests.iter().filter_map(|manifest| {
            let field = manifest.license.as_ref()?;
            compat::read(&field.text).ok().map(|expression| (manifest, expression.to_string(), &field.place))
        })
    };
    let (_, root, place) = licensed().find(|(manifest, _, _)| manifest.place.path.depth() == 1)?;
    let _ = writeln!(
        out,
        "# The project goes out under {root}, by {}. A part with another license needs an entry [[outbound]].\n",
        at(place)
    );
    let mut seen = BTreeSet::new();
    for (manifest, license, place) in licensed() {
        let folder = manifest.place.path.parent();
        if folder.depth() == 0 || license == root || !seen.insert(folder.clone()) {
            continue;
        }
        let _ = writeln!(
            out,
            "# {} states a license that is not the project's.\n[[outbound]]\npath = {}\nlicense = {}\nreason = {}\n",
            at(place),
            quoted(&format!("{folder}/**")),
            quoted(&license),
            quoted(&format!("stated in {}", at(place))),
        );
    }
    Some(root)
}

/// Rules that are off until a project is of the kind that they are for.
fn profiles(report: &Report, out: &mut String) {
    let is_apache = |address: &Option<String>| {
        address.as_deref().is_some_and(|a| a.contains("apache.org/") || a.contains("github.com/apache/"))
    };
    let manifest = report.inventory.manifests.iter().find(|m| is_apache(&m.repository) || is_apache(&m.homepage));
    if let Some(manifest) = manifest {
        let _ = writeln!(
            out,
            "# {} names a home of the Apache Software Foundation, whose projects follow its policy on licenses.\n\
             [severity]\n\"compat/asf-category\" = {{ level = \"error\", reason = \"a project of the ASF\" }}\n",
            at(&manifest.place)
        );
    }
}

/// Which branch of each choice of licenses the project uses: that with the best answer for the project's license.
fn choices(report: &Report, root: Option<&str>, out: &mut String) {
    let Some(ours) = root.and_then(|root| compat::read(root).ok()) else { return };
    let open: BTreeSet<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.rule == "compat/license-choice-unrecorded")
        .filter_map(|finding| finding.license.as_deref())
        .collect();
    let offered = |package: &Package| package.license.concluded.clone().or_else(|| package.license.declared.clone());
    let mut seen = BTreeSet::new();
    for package in &report.inventory.packages {
        let is_shipped = matches!(package.scope, Scope::Runtime | Scope::Optional | Scope::Peer) && !package.local;
        let Some(expression) = offered(package).filter(|e| is_shipped && open.contains(e.as_str())) else { continue };
        let Ok(theirs) = compat::read(&expression) else { continue };
        let judged = compat::judge(&theirs, &ours, Relation::Static);
        let Some(chosen) = judged.chosen().filter(|branch| branch.answer.is_yes()) else { continue };
        let bare = package.purl.split(['?', '#']).next().unwrap_or_default();
        let name = bare.rsplit_once('@').map_or(bare, |(name, _)| name);
        if !seen.insert(name.to_owned()) || seen.len() > MOST_CHOICES {
            continue;
        }
        let origin = package.origin.first().map(at).unwrap_or_default();
        let _ = writeln!(
            out,
            "# {} ({origin}) offers {}; the branch below goes with {ours}.\n\
             [[choice]]\npackage = {}\nexpression = {}\nchoose = {}\nreason = {}\n",
            shown(&package.name),
            shown(&expression),
            quoted(name),
            quoted(&expression),
            quoted(&chosen.branch),
            quoted(&format!("goes with {ours}")),
        );
    }
}

/// A waiver to be filled in for each rule that fails as an error.
fn waivers(findings: &[Finding], out: &mut String) {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    if !by_rule.is_empty() {
        out.push_str(
            "# Errors that the scan found. Mend them; where one is to stay, a waiver says why and who decided it.\n\n",
        );
    }
    for (rule, found) in by_rule {
        let Some(first) = found.first() else { continue };
        let more = match found.len() - 1 {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        let (key, value) = match first.subject.strip_prefix("pkg:") {
            Some(_) => ("package", first.subject.as_str()),
            None => ("path", first.place.path.as_str()),
        };
        let _ = writeln!(
            out,
            "# {}: {}{more}\n# [[waiver]]\n# rule = {}\n# {key} = {}\n# reason = \"…\"\n# approver = \"…\"\n# expires = 2030-01-01\n",
            at(&first.place),
            shown(&first.message),
            quoted(rule),
            quoted(&shown(value)),
        );
    }
}
