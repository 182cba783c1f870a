//! What readers of lock files share.

use std::collections::BTreeSet;

use super::scope;
use crate::collect::SourceFile;
use crate::model::{Ecosystem, Evidence, Lock, Locked, Place, Scope};

/// How many versions of one name an edge may lead to, where it does not say which. Real trees hold a handful.
pub(super) const MOST_VERSIONS: usize = 64;

/// The lock that a file is, its edges sorted and without loops.
pub(super) fn lock(file: &SourceFile<'_>, ecosystem: Ecosystem, packages: Vec<Locked>) -> Evidence {
    Evidence::Lock(tidied(Place::file(file.path.clone()), ecosystem, packages))
}

/// As [`lock`], for what no single file lists.
pub(super) fn tidied(place: Place, ecosystem: Ecosystem, mut packages: Vec<Locked>) -> Lock {
    for (at, package) in packages.iter_mut().enumerate() {
        package.dependencies.retain(|&to| to != at);
        package.dependencies.sort_unstable();
        package.dependencies.dedup();
        package.answers.sort_unstable();
        package.answers.dedup();
    }
    Lock { place, ecosystem, packages }
}

/// The project in the folder of the lock file, for formats that do not list it: it has no name of its own, and what of
/// its edges is direct, only its manifest knows.
pub(super) fn project(dependencies: Vec<usize>) -> Locked {
    Locked { local: true, folder: Some(String::new()), dependencies, ..Locked::default() }
}

/// As [`spread`], where the lock tells which edges are optional: what only these lead to is optional.
pub(super) fn spread_with_optional(
    packages: &mut [Locked],
    asked: &[(Scope, usize)],
    optional: &BTreeSet<(usize, usize)>,
) {
    let firm: Vec<Vec<usize>> = (0..)
        .zip(packages.iter())
        .map(|(from, p)| p.dependencies.iter().copied().filter(|&to| !optional.contains(&(from, to))).collect())
        .collect();
    let mut seeds = asked.to_vec();
    let mut found = scope::spread(packages, |at| &firm[at], &seeds);
    // An optional package may have optional needs of its own; real trees are a few of them deep.
    for _ in 0..8 {
        let more: Vec<(Scope, usize)> = optional
            .iter()
            .filter(|&&(from, to)| found[to].is_none() && !packages[from].local)
            .filter_map(|&(from, to)| Some((found[from]?.max(Scope::Optional), to)))
            .collect();
        if more.is_empty() {
            break;
        }
        seeds.extend(more);
        found = scope::spread(packages, |at| &firm[at], &seeds);
    }
    for &(_, at) in asked {
        packages[at].direct = Some(true);
    }
    for (package, scope) in packages.iter_mut().zip(found) {
        if !package.local {
            package.scope = scope;
        }
    }
}

/// Notes for a lock that lists the needs of its projects what each package is needed for, and that those asked for are
/// direct. `asked` are the packages that projects ask for, and in which scope.
pub(super) fn spread(packages: &mut [Locked], asked: &[(Scope, usize)]) {
    spread_with_optional(packages, asked, &BTreeSet::new());
}
