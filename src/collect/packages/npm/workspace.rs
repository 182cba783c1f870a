//! npm workspaces: which manifests belong to one (npm's `package.json` documentation, "workspaces").

use std::collections::HashMap;

use crate::collect::packages::members::Members;
use crate::model::{Ecosystem, Inventory, RelPath};

/// Says of each manifest of npm which workspace it belongs to. Running it again changes nothing.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory) {
    members(inventory, &Ecosystem::NPM);
    super::pnpm_workspace::resolve(inventory);
}

/// Says of each manifest of an ecosystem which workspace it belongs to, where the head names its members by pattern.
pub(in crate::collect::packages) fn members(inventory: &mut Inventory, ecosystem: &Ecosystem) {
    let roots: HashMap<RelPath, (usize, Members)> = inventory
        .manifests
        .iter()
        .enumerate()
        .filter(|(_, m)| m.ecosystem == *ecosystem)
        .filter_map(|(at, m)| {
            let folder = m.place.path.parent();
            let members = Members::new(&folder, m.inheritance.members.as_ref()?);
            Some((folder, (at, members)))
        })
        .collect();
    if roots.is_empty() {
        return;
    }
    // Where the members stand in a file of their own, the manifest beside it is that of the workspace.
    let beside: HashMap<RelPath, RelPath> = inventory
        .manifests
        .iter()
        .filter(|m| m.ecosystem == *ecosystem && m.name.is_some())
        .map(|m| (m.place.path.parent(), m.place.path.clone()))
        .collect();
    for at in 0..inventory.manifests.len() {
        let manifest = &inventory.manifests[at];
        if manifest.ecosystem != *ecosystem {
            continue;
        }
        let folder = manifest.place.path.parent();
        let mut above = folder.clone();
        let root = loop {
            if above.as_str().is_empty() {
                break None;
            }
            above = above.parent();
            match roots.get(&above) {
                Some((root, members)) if members.include(&folder) && !members.exclude(&folder) => break Some(*root),
                _ => {}
            }
        };
        let path = root.map(|root| {
            let head = &inventory.manifests[root].place.path;
            beside.get(&head.parent()).unwrap_or(head).clone()
        });
        inventory.manifests[at].workspace = path;
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::inventory;

    #[test]
    fn members_know_their_workspace() {
        let inventory = inventory("package-json/workspace");
        let of: Vec<_> = inventory
            .manifests
            .iter()
            .map(|m| (m.place.path.as_str(), m.workspace.as_ref().map(|w| w.as_str())))
            .collect();
        assert_eq!(
            of,
            [
                ("examples/e/package.json", None),
                ("package.json", None),
                ("packages/a/package.json", Some("package.json")),
                ("packages/b/package.json", Some("package.json")),
            ]
        );
    }
}
