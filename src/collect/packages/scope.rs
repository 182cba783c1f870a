//! What locked packages are needed for.

use crate::model::{Lock, Locked, Scope};

/// Scopes from the strongest need to the weakest.
const STRONGEST_FIRST: [Scope; 6] =
    [Scope::Runtime, Scope::Optional, Scope::Peer, Scope::Build, Scope::Dev, Scope::Test];

/// The scope of each package of a lock: what the lock says, else the strongest need of any manifest that leads to it.
///
/// `seeds` are the packages that manifests ask for, with the scope in which they do; whatever such a package depends on
/// is needed for the same. What nothing leads to counts as needed to run: it is not known to be less.
pub(super) fn reach(lock: &Lock, edges: &[Vec<usize>], seeds: &[(Scope, usize)]) -> Vec<Scope> {
    let scopes = spread(&lock.packages, |at| &edges[at], seeds);
    scopes.into_iter().map(Option::unwrap_or_default).collect()
}

/// As [`reach`], with `None` for what nothing leads to.
pub(super) fn spread<'e>(
    packages: &[Locked],
    edges: impl Fn(usize) -> &'e Vec<usize>,
    seeds: &[(Scope, usize)],
) -> Vec<Option<Scope>> {
    // Parts of the project are there to run it, and each states its own needs.
    let mut scopes: Vec<Option<Scope>> =
        packages.iter().map(|p| if p.local { Some(Scope::Runtime) } else { p.scope }).collect();
    for scope in STRONGEST_FIRST {
        let mut queue: Vec<usize> = seeds.iter().filter(|(s, _)| *s == scope).map(|&(_, at)| at).collect();
        while let Some(at) = queue.pop() {
            if scopes[at].is_none() {
                scopes[at] = Some(scope);
                queue.extend(edges(at));
            }
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ecosystem, Place, RelPath};

    #[test]
    fn the_strongest_need_wins_along_the_edges() {
        // 0 is the project; 1 runs it, 2 builds it, 3 tests it; 4 is needed by 1 and 3, 5 by 2 and 3, 6 by 3, 7 by none.
        let mut packages = vec![Locked::default(); 8];
        packages[0].local = true;
        let lock = Lock { place: Place::file(RelPath::new("l")), ecosystem: Ecosystem::CARGO, packages };
        let edges = vec![vec![1, 2, 3], vec![4], vec![5], vec![4, 5, 6], vec![], vec![], vec![3], vec![]];
        let seeds = [(Scope::Dev, 3), (Scope::Build, 2), (Scope::Runtime, 1)];
        use Scope::{Build, Dev, Runtime};
        assert_eq!(reach(&lock, &edges, &seeds), [Runtime, Runtime, Build, Dev, Runtime, Build, Dev, Runtime]);
    }
}
