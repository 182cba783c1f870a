//! Ruby: what Bundler and RubyGems read and write.

pub(super) mod gemfile;
pub(super) mod gemspec;
pub(super) mod lock;
pub(super) mod specification;
pub(super) mod version;

use std::collections::BTreeSet;

use crate::model::{Inventory, RelPath};

const GEM: &str = "gem";

/// Where a Gemfile takes in the gemspec beside it (`gemspec`), Bundler resolves what that one asks for.
pub(super) fn resolve(inventory: &mut Inventory) {
    version::resolve(inventory);
    let taken: BTreeSet<RelPath> = inventory
        .manifests
        .iter()
        .filter(|m| m.ecosystem.as_str() == GEM && m.name.is_none())
        .flat_map(|m| {
            let folder = m.place.path.parent();
            m.inheritance.members.iter().flatten().filter_map(move |path| folder.join(path)).collect::<Vec<_>>()
        })
        .collect();
    for manifest in &mut inventory.manifests {
        if manifest.ecosystem.as_str() == GEM
            && manifest.name.is_some()
            && taken.contains(&manifest.place.path.parent())
        {
            manifest.descriptive = false;
        }
    }
}
