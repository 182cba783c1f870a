//! `openclause explain pkg:…`: what a scan knows of one component.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{self, Write};

use miette::Diagnostic;
use openclause::model::{Finding, Package, PackageLicense, Place, Report, Scope};
use serde::Serialize;
use thiserror::Error;

use super::super::args::{ExplainArgs, ListingFormat};
use super::super::{Exit, output};
use super::{at, shown};

/// No component has this purl.
#[derive(Debug, Error, Diagnostic)]
#[error("no component of `{path}` is `{purl}`")]
#[diagnostic(code(openclause::explain))]
struct UnknownComponent {
    purl: String,
    path: String,
    #[help]
    help: String,
}

/// A component as the command shows it.
#[derive(Serialize)]
struct Component<'a> {
    purl: &'a str,
    scope: Scope,
    direct: bool,
    local: bool,
    locked: bool,
    license: &'a PackageLicense,
    /// purls from a part of the project, or from what is asked for by name, to the component; the shortest.
    path: Vec<&'a str>,
    places: &'a [Place],
    findings: Vec<&'a Finding>,
}

/// Explains the component that `purl` names; without a version, every version of it.
///
/// # Errors
/// When the scan cannot start, there is no such component, or standard output cannot be written.
pub(super) fn run(purl: &str, args: &ExplainArgs) -> miette::Result<Exit> {
    let report = super::scan(args)?;
    let packages = &report.inventory.packages;
    let found: Vec<&Package> = packages.iter().filter(|p| p.purl == purl || unversioned(&p.purl) == purl).collect();
    if found.is_empty() {
        let near = packages
            .iter()
            .map(|p| (strsim::jaro_winkler(purl, &p.purl), &p.purl))
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
        let help = match near {
            Some((_, near)) => format!("the nearest is `{}`; `openclause sbom` lists them all", shown(near)),
            None => "there are no components at all: no manifest or lock file was found".to_owned(),
        };
        return Err(UnknownComponent { purl: purl.to_owned(), path: args.path.display().to_string(), help }.into());
    }
    let components: Vec<Component<'_>> = found.into_iter().map(|package| component(package, &report)).collect();
    output::print(|out| match args.format {
        ListingFormat::Human => components.iter().try_for_each(|component| show(component, out)),
        ListingFormat::Json => super::json(&components, out),
    })?;
    Ok(Exit::Clean)
}

/// A purl without version, qualifiers and subpath.
fn unversioned(purl: &str) -> &str {
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let bare = &purl[..end];
    // The `@` of an npm scope is written `%40`, so the last one starts the version.
    bare.rfind('@').map_or(bare, |at| &bare[..at])
}

fn component<'a>(package: &'a Package, report: &'a Report) -> Component<'a> {
    Component {
        purl: &package.purl,
        scope: package.scope,
        direct: package.direct,
        local: package.local,
        locked: package.locked,
        license: &package.license,
        path: path_to(package, &report.inventory.packages),
        places: &package.origin,
        findings: report.findings.iter().filter(|f| f.subject == package.purl).collect(),
    }
}

/// The shortest way along dependencies from a part of the project to the package; where none leads there, from what is
/// asked for by name.
fn path_to<'a>(package: &'a Package, packages: &'a [Package]) -> Vec<&'a str> {
    let index: BTreeMap<&str, &Package> = packages.iter().map(|p| (p.purl.as_str(), p)).collect();
    for is_start in [|p: &Package| p.local, |p: &Package| p.direct] {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut queue: VecDeque<&str> = packages.iter().filter(|p| is_start(p)).map(|p| p.purl.as_str()).collect();
        seen.extend(&queue);
        while let Some(purl) = queue.pop_front() {
            if purl == package.purl {
                let mut path = vec![purl];
                while let Some(before) = path.last().and_then(|last| came_from.get(last)) {
                    path.push(before);
                }
                path.reverse();
                return path;
            }
            for next in index.get(purl).into_iter().flat_map(|p| &p.dependencies) {
                if seen.insert(next) {
                    came_from.insert(next, purl);
                    queue.push_back(next);
                }
            }
        }
    }
    Vec::new()
}

fn show(component: &Component<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", shown(component.purl))?;
    let role = match (component.local, component.direct) {
        (true, _) => "part of the project",
        (false, true) => "asked for by name",
        (false, false) => "needed by other components",
    };
    let version = if component.locked { "version fixed by a lock file" } else { "version not locked" };
    writeln!(out, "scope     {}, {role}, {version}", component.scope.name())?;
    let license = component.license;
    let or = |text: &Option<String>, other: &str| text.as_deref().map_or_else(|| other.to_owned(), shown);
    let source = license.source.as_deref().map(|source| format!(" (from: {})", shown(source))).unwrap_or_default();
    writeln!(out, "declared  {}{source}", or(&license.declared, "no license is known"))?;
    writeln!(out, "concluded {}", or(&license.concluded, "nothing beyond what is declared"))?;
    if component.path.is_empty() {
        writeln!(out, "path      no dependency that is known leads to it")?;
    }
    for (n, purl) in component.path.iter().enumerate() {
        writeln!(out, "{:<9} {}{}", if n == 0 { "path" } else { "" }, "  ".repeat(n.min(20)), shown(purl))?;
    }
    for (n, place) in component.places.iter().enumerate() {
        writeln!(out, "{:<9} {}", if n == 0 { "seen in" } else { "" }, at(place))?;
    }
    if component.findings.is_empty() {
        return writeln!(out, "findings  none");
    }
    for found in &component.findings {
        let severity = super::super::rules::severity(found.severity);
        writeln!(out, "\n{severity} {} ({})\n  {}", found.rule, found.fingerprint, shown(&found.message))?;
    }
    Ok(())
}
