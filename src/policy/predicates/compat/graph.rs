//! Which part of the project uses which component, and by which path.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::outbound::{self, Outbound};
use crate::model::{Inventory, Package, RelPath};
use crate::policy::evaluate::Context;
use crate::policy::project::Needs;

/// Longest dependency path that is told.
const MOST_STEPS: usize = 8;

/// The components that parts of the project under one license use.
pub(super) struct Uses<'a> {
    /// The license.
    pub(super) outbound: Outbound<'a>,
    /// Indexes into [`Inventory::packages`] of the components, each with its predecessor on the shortest path.
    reached: BTreeMap<usize, Option<usize>>,
    inventory: &'a Inventory,
}

impl<'a> Uses<'a> {
    /// The components, sorted by purl.
    pub(super) fn components(&self) -> impl Iterator<Item = (usize, &'a Package)> {
        let inventory = self.inventory;
        self.reached.keys().map(move |&at| (at, &inventory.packages[at])).filter(|(_, p)| !p.local)
    }

    /// The path from the project to a component: `app > a > b`.
    pub(super) fn path(&self, to: usize) -> String {
        let mut names = Vec::new();
        let mut at = Some(to);
        while let Some(step) = at {
            names.push(self.inventory.packages[step].name.as_str());
            at = self.reached.get(&step).copied().flatten();
        }
        names.reverse();
        if names.len() > MOST_STEPS {
            let cut = names.len() - MOST_STEPS;
            names.splice(2..2 + cut, ["…"]);
        }
        names.join(" > ")
    }
}

/// The uses by license of the parts that use, sorted by it. Parts whose license is not known are left out, and told by
/// the second value.
pub(super) fn uses<'a>(context: &Context<'a>) -> (Vec<Uses<'a>>, bool) {
    let inventory = context.scene.inventory;
    let packages = &inventory.packages;
    let mut unknown = false;
    // Packages of one lock come from the same few places.
    let mut known: HashMap<&'a RelPath, Option<Outbound<'a>>> = HashMap::new();
    let mut outbound_of =
        |path: &'a RelPath| known.entry(path).or_insert_with(|| outbound::of(context, path)).clone();
    let mut groups: BTreeMap<String, (Outbound<'a>, Vec<usize>)> = BTreeMap::new();
    // What only tests and examples name or are goes into nothing.
    for (at, package) in packages.iter().enumerate().filter(|(_, p)| p.local && !context.scene.project.is_of_tests(p))
    {
        // The manifest is what the package's license is about; a lock lies where the workspace is.
        let manifest = inventory.manifests.iter().find(|m| {
            m.name.as_deref() == Some(&package.name) && package.origin.iter().any(|o| o.path == m.place.path)
        });
        if let Some(place) = manifest.map(|m| &m.place).or_else(|| package.origin.first()) {
            match outbound_of(&place.path) {
                Some(outbound) => {
                    groups
                        .entry(outbound.expression.to_string())
                        .or_insert_with(|| (outbound, Vec::new()))
                        .1
                        .push(at);
                }
                None => unknown = true,
            }
        }
    }
    let mut uses: Vec<Uses<'a>> = Vec::new();
    let mut found = vec![false; packages.len()];
    for (outbound, roots) in groups.into_values() {
        let reached = reach(context.scene.project.needs(), &roots);
        reached.keys().for_each(|&at| found[at] = true);
        uses.push(Uses { outbound, reached, inventory });
    }
    // What no part of the project is known to use (a lock without a manifest) belongs to where it is named.
    let mut rest: BTreeMap<String, Uses<'a>> = BTreeMap::new();
    for (at, package) in
        packages.iter().enumerate().filter(|(at, p)| !found[*at] && !p.local && !context.scene.project.is_of_tests(p))
    {
        let Some(place) = package.origin.first() else { continue };
        match outbound_of(&place.path) {
            Some(outbound) => {
                let slot = rest.entry(outbound.expression.to_string()).or_insert_with(|| Uses {
                    outbound,
                    reached: BTreeMap::new(),
                    inventory,
                });
                slot.reached.insert(at, None);
            }
            None => unknown = true,
        }
    }
    for (text, more) in rest {
        match uses.iter_mut().find(|u| u.outbound.expression.to_string() == text) {
            Some(slot) => slot.reached.extend(more.reached),
            None => uses.push(more),
        }
    }
    (uses, unknown)
}

/// What is reached from `roots`, breadth first, each with its predecessor.
fn reach(needs: &Needs, roots: &[usize]) -> BTreeMap<usize, Option<usize>> {
    let mut reached: Vec<Option<Option<usize>>> = vec![None; needs.len()];
    roots.iter().for_each(|&at| reached[at] = Some(None));
    let mut queue: VecDeque<usize> = roots.iter().copied().collect();
    while let Some(at) = queue.pop_front() {
        for &to in needs.of_package(at) {
            if reached[to].is_none() {
                reached[to] = Some(Some(at));
                queue.push_back(to);
            }
        }
    }
    reached.into_iter().enumerate().filter_map(|(at, from)| Some((at, from?))).collect()
}
