//! Several bills as one, and parts of one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{Bill, BillTool, Completeness, Component, ComponentKind, Scope, Tool};

/// Name and reference of the component that holds merged bills together.
const MERGED: &str = "merged";

/// One bill that holds all that the given ones do. Components with the same purl become one; the roots of the bills
/// become what the new root, called `name`, consists of.
pub fn merge(bills: Vec<Bill>, name: Option<&str>, tool: &Tool) -> Bill {
    let mut merged = Bill { root: Some(MERGED.to_owned()), ..Bill::default() };
    let mut components: BTreeMap<String, Component> = BTreeMap::new();
    let mut roots = BTreeSet::new();
    for (number, bill) in bills.into_iter().enumerate() {
        // References that are no purls mean something in their own bill only.
        let renamed: HashMap<String, String> = bill
            .components
            .iter()
            .map(|c| {
                let new = c.purl.clone().unwrap_or_else(|| format!("{}-{}", c.reference, number + 1));
                (c.reference.clone(), new)
            })
            .collect();
        let new = |reference: &String| renamed.get(reference).cloned().unwrap_or_else(|| reference.clone());
        roots.extend(bill.root.as_ref().map(new));
        for mut component in bill.components {
            component.reference = new(&component.reference);
            component.parent = component.parent.as_ref().map(new);
            component.dependencies = component.dependencies.iter().map(new).collect();
            match components.entry(component.reference.clone()) {
                std::collections::btree_map::Entry::Vacant(slot) => drop(slot.insert(component)),
                std::collections::btree_map::Entry::Occupied(mut slot) => join(slot.get_mut(), component),
            }
        }
        merged.created = merged.created.max(bill.created);
        merged.authors.extend(bill.authors);
        merged.tools.extend(bill.tools);
        merged.lifecycles.extend(bill.lifecycles);
        for text in bill.license_texts {
            if !merged.license_texts.iter().any(|known| known.id == text.id) {
                merged.license_texts.push(text);
            }
        }
    }
    merged.tools.push(BillTool {
        name: tool.name.to_owned(),
        version: Some(tool.version.to_owned()),
        url: Some(tool.home.to_owned()),
    });
    merged.authors.sort();
    merged.authors.dedup();
    merged.tools.sort();
    merged.tools.dedup_by(|a, b| (&a.name, &a.version) == (&b.name, &b.version));
    merged.lifecycles.sort();
    merged.lifecycles.dedup();
    name.unwrap_or(MERGED).clone_into(&mut merged.name);
    components.insert(
        MERGED.to_owned(),
        Component {
            reference: MERGED.to_owned(),
            kind: ComponentKind::Application,
            name: merged.name.clone(),
            dependencies: roots.into_iter().collect(),
            ..Component::default()
        },
    );
    merged.components = components.into_values().collect();
    super::graph::complete(MERGED, &[], &mut merged.components);
    merged
}

/// Adds to a component what another bill says about it.
fn join(into: &mut Component, from: Component) {
    into.version = into.version.take().or(from.version);
    into.cpe = into.cpe.take().or(from.cpe);
    into.supplier = into.supplier.take().or(from.supplier);
    into.description = into.description.take().or(from.description);
    into.declared = into.declared.take().or(from.declared);
    into.concluded = into.concluded.take().or(from.concluded);
    into.copyright = into.copyright.take().or(from.copyright);
    into.file_name = into.file_name.take().or(from.file_name);
    into.card = into.card.take().or(from.card);
    // The strongest need wins, and a part that is known to be a program is one.
    into.scope = match (into.scope, from.scope) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    if into.kind == ComponentKind::Library {
        into.kind = from.kind;
    }
    into.completeness = match (into.completeness, from.completeness) {
        (Completeness::Complete, _) | (_, Completeness::Complete) => Completeness::Complete,
        (Completeness::Incomplete, _) | (_, Completeness::Incomplete) => Completeness::Incomplete,
        _ => Completeness::Unknown,
    };
    if into.authors.is_empty() {
        into.authors = from.authors;
    }
    into.hashes.extend(from.hashes);
    into.hashes.sort();
    into.hashes.dedup();
    into.references.extend(from.references);
    into.references.sort();
    into.references.dedup();
    into.occurrences.extend(from.occurrences);
    into.occurrences.sort();
    into.occurrences.dedup();
    into.dependencies.extend(from.dependencies);
    into.dependencies.sort();
    into.dependencies.dedup();
    into.properties.extend(from.properties);
    into.properties.sort();
    into.properties.dedup();
}

/// Leaves only components that are needed for one of the scopes, and those that stand for the project itself.
pub fn keep(bill: &mut Bill, scopes: &[Scope]) {
    let root = bill.root.clone();
    bill.components.retain(|c| Some(&c.reference) == root.as_ref() || c.scope.is_none_or(|s| scopes.contains(&s)));
    if let Some(root) = root {
        super::graph::complete(&root, &[], &mut bill.components);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Hash;

    fn bill(root: &str, purl: &str, scope: Scope, hash: &str) -> Bill {
        let dependency = Component {
            reference: "a".to_owned(),
            name: "a".to_owned(),
            purl: Some(purl.to_owned()),
            scope: Some(scope),
            hashes: vec![Hash { algorithm: "SHA-1".to_owned(), value: hash.to_owned() }],
            ..Component::default()
        };
        let root = Component {
            reference: "root".to_owned(),
            name: root.to_owned(),
            dependencies: vec!["a".to_owned()],
            ..Component::default()
        };
        Bill { root: Some("root".to_owned()), components: vec![dependency, root], ..Bill::default() }
    }

    const TOOL: Tool = Tool { name: "openclause", version: "1", home: "https://example.org" };

    #[test]
    fn a_purl_becomes_one_component_with_what_both_say() {
        let purl = "pkg:npm/a@1";
        let merged =
            merge(vec![bill("x", purl, Scope::Dev, "11"), bill("y", purl, Scope::Runtime, "22")], Some("xy"), &TOOL);
        assert_eq!(merged.name, "xy");
        let a = merged.component(purl).unwrap();
        assert_eq!((a.scope, a.hashes.len()), (Some(Scope::Runtime), 2));
        assert_eq!(merged.root().unwrap().dependencies, ["root-1", "root-2"]);
        assert_eq!(merged.component("root-2").unwrap().dependencies, [purl]);
        assert_eq!(merged.components.len(), 4);
    }

    #[test]
    fn scopes_choose_components_and_keep_the_root() {
        let mut some = bill("x", "pkg:npm/a@1", Scope::Dev, "11");
        keep(&mut some, &[Scope::Runtime]);
        assert_eq!(some.components.len(), 1);
        assert!(some.root().unwrap().dependencies.is_empty());
    }
}
