//! What readers of lock files share.

use super::scope;
use crate::collect::SourceFile;
use crate::model::{Ecosystem, Evidence, Lock, Locked, Place, Scope};

/// The lock that a file is, its edges sorted and without loops.
pub(super) fn lock(file: &SourceFile<'_>, ecosystem: Ecosystem, mut packages: Vec<Locked>) -> Evidence {
    for (at, package) in packages.iter_mut().enumerate() {
        package.dependencies.retain(|&to| to != at);
        package.dependencies.sort_unstable();
        package.dependencies.dedup();
    }
    Evidence::Lock(Lock { place: Place::file(file.path.clone()), ecosystem, packages })
}

/// The project in the folder of the lock file, for formats that do not list it: it has no name of its own, and what of
/// its edges is direct, only its manifest knows.
pub(super) fn project(dependencies: Vec<usize>) -> Locked {
    Locked { local: true, folder: Some(String::new()), dependencies, ..Locked::default() }
}

/// Notes for a lock that lists the needs of its projects what each package is needed for, and that those asked for are
/// direct. `asked` are the packages that projects ask for, and in which scope.
pub(super) fn spread(packages: &mut [Locked], asked: &[(Scope, usize)]) {
    for &(_, at) in asked {
        packages[at].direct = Some(true);
    }
    let found = scope::spread(packages, |at| &packages[at].dependencies, asked);
    for (package, scope) in packages.iter_mut().zip(found) {
        if !package.local {
            package.scope = scope;
        }
    }
}
