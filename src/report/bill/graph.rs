//! The graph of a bill: one root, from which every component is reached.

use std::collections::HashMap;

use crate::model::{Completeness, Component};

/// Makes every component a dependency, direct or not, of the root, and those that are `asked` for direct ones.
///
/// Members of a workspace, and what files name that belong to no package (workflows, container files, lists without
/// edges), hang on nothing else. Edges that lead to no component are dropped.
pub(super) fn complete(root: &str, asked: &[&str], components: &mut [Component]) {
    let index: HashMap<String, usize> =
        components.iter().enumerate().map(|(at, c)| (c.reference.clone(), at)).collect();
    for component in components.iter_mut() {
        let own = component.reference.clone();
        component.dependencies.retain(|to| index.contains_key(to) && *to != own);
        component.dependencies.sort();
        component.dependencies.dedup();
    }
    let Some(&start) = index.get(root) else { return };
    let asked = asked.iter().filter(|asked| **asked != root && index.contains_key(**asked)).map(|a| (*a).to_owned());
    components[start].dependencies.extend(asked);
    let edges: Vec<Vec<usize>> =
        components.iter().map(|c| c.dependencies.iter().filter_map(|to| index.get(to).copied()).collect()).collect();
    let mut entered = vec![false; components.len()];
    for targets in &edges {
        targets.iter().for_each(|&to| entered[to] = true);
    }
    let mut reached = vec![false; components.len()];
    let reach = |from: usize, reached: &mut Vec<bool>| {
        let mut queue = vec![from];
        while let Some(at) = queue.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                queue.extend(&edges[at]);
            }
        }
    };
    reach(start, &mut reached);
    let mut hung = Vec::new();
    // First what nothing leads to; what is then left are rings.
    for wanted in [false, true] {
        for at in 0..components.len() {
            if !reached[at] && entered[at] == wanted {
                hung.push(components[at].reference.clone());
                reach(at, &mut reached);
            }
        }
    }
    let root = &mut components[start];
    root.dependencies.extend(hung);
    root.dependencies.sort();
    root.dependencies.dedup();
    // Nothing in a checkout says that there is nothing else: system libraries, copied code, downloads of the build.
    root.completeness = Completeness::Incomplete;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_is_reached_from_the_root() {
        let of = |reference: &str, to: &[&str]| Component {
            reference: reference.to_owned(),
            dependencies: to.iter().map(|t| (*t).to_owned()).collect(),
            ..Component::default()
        };
        let mut all = vec![
            of("a", &["b", "gone", "a"]),
            of("b", &[]),
            of("member", &["b"]),
            of("ring1", &["ring2"]),
            of("ring2", &["ring1"]),
            of("shared", &[]),
            of("user", &["shared"]),
        ];
        complete("a", &["shared", "a", "gone"], &mut all);
        assert_eq!(all[0].dependencies, ["b", "member", "ring1", "shared", "user"]);
        assert_eq!(all[0].completeness, Completeness::Incomplete);
        assert_eq!(all[3].dependencies, ["ring2"]);
    }
}
