//! Digests that vendoring tools leave beside their copies: `.cargo-checksum.json` of `cargo vendor`.
//!
//! Other tools record a revision or the digest of an archive, which cannot be compared with files of the checkout.

use std::collections::BTreeSet;

use super::{Collector, Hit, Interest, SourceFile, json};
use crate::model::{Evidence, Inventory, Origin, RelPath};

/// Reads lists of digests of vendored copies.
pub struct Origins;

/// The list that `cargo vendor` writes into each copy.
const CARGO: &str = ".cargo-checksum.json";

/// The folders of vendored copies with a list of digests, by the paths of a checkout.
pub(super) fn folders<'p>(paths: impl Iterator<Item = &'p RelPath>) -> BTreeSet<RelPath> {
    paths.filter(|path| path.name() == CARGO).map(RelPath::parent).filter(|folder| folder.depth() > 0).collect()
}

impl Collector for Origins {
    fn id(&self) -> &'static str {
        "origins"
    }

    fn summary(&self) -> &'static str {
        "Digests of the files of vendored copies as they were at their origin: .cargo-checksum.json of cargo vendor"
    }

    fn interest(&self) -> Interest {
        Interest { names: |name, _| name == CARGO, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let root = match json::parse(file) {
            Ok(root) => root,
            Err(unread) => return out.push(*unread),
        };
        let folder = file.path.parent();
        let members = root.get("files").map_or(&[][..], json::Node::members);
        let mut digests: Vec<(RelPath, String)> = members
            .iter()
            .filter_map(|member| Some((folder.join(&member.key)?, member.node.text()?.to_ascii_lowercase())))
            .filter(|(path, digest)| path.is_within(&folder) && digest.len() == 64)
            .collect();
        digests.sort();
        out.push(Evidence::Origin(Origin { path: file.path.clone(), digests }));
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.origins.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, FileKind};

    #[test]
    fn the_list_of_cargo_is_read_and_stays_in_its_folder() {
        let digest = "ab".repeat(32);
        let text = format!(r#"{{"files":{{"src/lib.rs":"{digest}","../x":"{digest}","a":"00"}},"package":null}}"#);
        let path = RelPath::new("vendor/a/.cargo-checksum.json");
        let kind = FileKind::Text(Encoding::Utf8);
        let mut out = Vec::new();
        Origins.collect(&SourceFile::text_file(&path, CARGO, &kind, &text), &[], &mut out);
        let [Evidence::Origin(origin)] = &out[..] else { panic!("{out:?}") };
        assert_eq!(origin.digests, [(RelPath::new("vendor/a/src/lib.rs"), digest)]);
        assert_eq!(folders([&path].into_iter()), BTreeSet::from([RelPath::new("vendor/a")]));
        assert!(folders([&RelPath::new(CARGO)].into_iter()).is_empty(), "the root is no copy");
    }
}
