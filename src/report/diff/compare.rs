//! Compares two reports.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Change, Component, ComponentChange, Components, CountChange, Diff, FileChange, Finding, Findings, Licenses,
    Package, SeverityChange, Side, VerdictChange,
};
use crate::model::{SCHEMA_VERSION, State};

/// What changed from `old` to `new`.
pub fn compare(old: &Side, new: &Side) -> Diff {
    Diff {
        schema_version: SCHEMA_VERSION,
        components: components(old, new),
        licenses: licenses(old, new),
        findings: findings(old, new),
        verdicts: verdicts(old, new),
    }
}

/// A package URL without version, qualifiers and subpath (purl-spec: `@` separates the version, and a name that has one
/// writes it as `%40`).
fn nameless(purl: &str) -> &str {
    let bare = purl.split(['?', '#']).next().unwrap_or(purl);
    let name = bare.rfind('/').map_or(0, |slash| slash + 1);
    bare[name..].find('@').map_or(bare, |at| &bare[..name + at])
}

fn component(package: &Package) -> Component {
    let license = &package.license;
    Component {
        purl: package.purl.clone(),
        license: license.concluded.clone().or_else(|| license.declared.clone()),
        scope: package.scope.clone(),
        direct: package.direct,
    }
}

fn changed(old: &Package, new: &Package) -> Option<ComponentChange> {
    let (before, after) = (component(old), component(new));
    let change = ComponentChange {
        purl: new.purl.clone(),
        version: Change::of(old.version.clone(), new.version.clone()),
        license: Change::of(before.license, after.license),
        scope: Change::of(before.scope, after.scope),
    };
    (change.version.is_some() || change.license.is_some() || change.scope.is_some()).then_some(change)
}

fn components(old: &Side, new: &Side) -> Components {
    let mut names: BTreeMap<&str, (Vec<&Package>, Vec<&Package>)> = BTreeMap::new();
    old.packages.iter().for_each(|p| names.entry(nameless(&p.purl)).or_default().0.push(p));
    new.packages.iter().for_each(|p| names.entry(nameless(&p.purl)).or_default().1.push(p));
    let mut out = Components::default();
    for (before, after) in names.values() {
        let held: BTreeMap<&str, &Package> = before.iter().map(|p| (p.purl.as_str(), *p)).collect();
        let kept: BTreeSet<&str> = after.iter().map(|p| p.purl.as_str()).collect();
        let gone: Vec<&Package> = before.iter().copied().filter(|p| !kept.contains(p.purl.as_str())).collect();
        let mut came = Vec::new();
        for &package in after {
            match held.get(package.purl.as_str()) {
                Some(earlier) => out.changed.extend(changed(earlier, package)),
                None => came.push(package),
            }
        }
        // One version in the place of one other is an update; of several nobody can tell which replaced which.
        match (&gone[..], &came[..]) {
            ([earlier], [later]) => out.changed.extend(changed(earlier, later)),
            _ => {
                out.removed.extend(gone.into_iter().map(component));
                out.added.extend(came.into_iter().map(component));
            }
        }
    }
    out.added.sort();
    out.removed.sort();
    out.changed.sort();
    out
}

fn licenses(old: &Side, new: &Side) -> Licenses {
    let declared = |side: &Side| {
        side.folders.iter().find(|folder| folder.path == ".").and_then(|folder| folder.declared.clone())
    };
    let earlier: BTreeMap<&str, &Option<String>> = old.files.iter().map(|f| (f.path.as_str(), &f.license)).collect();
    let mut files: Vec<FileChange> = new
        .files
        .iter()
        .filter_map(|file| {
            let before = (*earlier.get(file.path.as_str())?).clone();
            Some(FileChange { path: file.path.clone(), license: Change::of(before, file.license.clone())? })
        })
        .collect();
    files.sort();
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    old.files.iter().filter_map(|f| f.license.as_deref()).for_each(|l| counts.entry(l).or_default().0 += 1);
    new.files.iter().filter_map(|f| f.license.as_deref()).for_each(|l| counts.entry(l).or_default().1 += 1);
    let counts = counts.into_iter().filter_map(|(license, (before, after))| {
        Some(CountChange { license: license.to_owned(), files: Change::of(before, after)? })
    });
    Licenses { declared: Change::of(declared(old), declared(new)), files, counts: counts.collect() }
}

/// Findings that count, by their identity. What an earlier report has in a baseline counts here as well: a baseline is a
/// comparison of its own.
fn counting(side: &Side) -> BTreeMap<&str, &Finding> {
    let counts = side.findings.iter().filter(|finding| finding.state != State::Waived);
    counts.map(|finding| (finding.fingerprint.as_str(), finding)).collect()
}

fn findings(old: &Side, new: &Side) -> Findings {
    let (before, after) = (counting(old), counting(new));
    let only = |these: &BTreeMap<&str, &Finding>, others: &BTreeMap<&str, &Finding>| {
        let mut out: Vec<Finding> =
            these.iter().filter(|(id, _)| !others.contains_key(*id)).map(|(_, finding)| (*finding).clone()).collect();
        out.sort_by(|a, b| worst_first(a).cmp(&worst_first(b)));
        out
    };
    let mut changed: Vec<SeverityChange> = after
        .iter()
        .filter_map(|(id, finding)| {
            let old_severity = before.get(id)?.severity;
            (old_severity != finding.severity).then(|| SeverityChange { finding: (*finding).clone(), old_severity })
        })
        .collect();
    changed.sort_by(|a, b| worst_first(&a.finding).cmp(&worst_first(&b.finding)));
    Findings { new: only(&after, &before), gone: only(&before, &after), changed }
}

/// What findings are sorted by.
fn worst_first(finding: &Finding) -> impl Ord + use<'_> {
    let Finding { severity, rule, path, start_line, fingerprint, .. } = finding;
    (std::cmp::Reverse(*severity), rule, path, *start_line, fingerprint)
}

fn verdicts(old: &Side, new: &Side) -> Vec<VerdictChange> {
    let mut rules: BTreeMap<&str, VerdictChange> = BTreeMap::new();
    for (side, is_new) in [(old, false), (new, true)] {
        for verdict in &side.verdicts {
            let change = rules.entry(&verdict.rule).or_insert_with(|| VerdictChange {
                rule: verdict.rule.clone(),
                phrase: verdict.phrase.clone(),
                old: None,
                new: None,
            });
            *(if is_new { &mut change.new } else { &mut change.old }) = Some(verdict.verdict);
        }
    }
    rules.into_values().filter(|change| change.old != change.new).collect()
}

#[cfg(test)]
mod tests {
    use super::nameless;

    #[test]
    fn a_purl_without_its_version_names_the_component() {
        for (purl, name) in [
            ("pkg:npm/%40s/a@1.0.0?x=y@z#b@c", "pkg:npm/%40s/a"),
            ("pkg:npm/a", "pkg:npm/a"),
            ("pkg:golang/example.org/a@v1/b", "pkg:golang/example.org/a@v1/b"),
            ("pkg:golang/example.org/a@v1.0.0", "pkg:golang/example.org/a"),
        ] {
            assert_eq!(nameless(purl), name);
        }
    }
}
