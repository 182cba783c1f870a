//! REUSE 3.3: `REUSE.toml` and `.reuse/dep5`, and what they and the side files amount to for each file.

mod assemble;
mod dep5;
mod glob;
mod toml;

#[cfg(test)]
mod tests;

use crate::collect::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, Inventory, RelPath};

/// Reads `REUSE.toml` and `.reuse/dep5`, and gives each file what they say of it.
pub struct Reuse;

impl Collector for Reuse {
    fn id(&self) -> &'static str {
        "reuse"
    }

    fn summary(&self) -> &'static str {
        "REUSE.toml and .reuse/dep5, applied to the files they cover with their precedence, side files included (REUSE 3.3)"
    }

    fn interest(&self) -> Interest {
        Interest {
            names: |name, path| match name {
                "reuse.toml" => path.name() == "REUSE.toml",
                "dep5" => path.parent().name() == ".reuse",
                _ => false,
            },
            ..Interest::NONE
        }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        if file.name == "dep5" {
            dep5::read(file, out);
        } else {
            toml::read(file, out);
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        assemble::assemble(inventory);
    }
}

/// Whether REUSE does not ask for licensing information of this file (REUSE 3.3, "Covered and ignored Files"): license
/// texts, `COPYING` and `LICENSE` with or without an ending, side files, REUSE's own files, version control, SPDX
/// documents. Empty files and links are ignored too; the path alone does not tell them.
pub fn reuse_ignored(path: &RelPath) -> bool {
    let name = path.name();
    let lower = name.to_ascii_lowercase();
    let folder = path.as_str().split('/').rev().skip(1);
    let is_license = ["LICENSE", "LICENCE", "COPYING"]
        .iter()
        .any(|stem| name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-'])));
    let is_document = [".spdx", ".spdx.json", ".spdx.yaml", ".spdx.yml", ".spdx.rdf", ".spdx.rdf.xml", ".spdx.xml"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    is_license
        || is_document
        || name == "REUSE.toml"
        || (name.ends_with(".license") && name.len() > ".license".len())
        || folder.into_iter().any(|part| matches!(part, "LICENSES" | ".reuse" | ".git" | ".hg" | ".sl" | ".svn"))
        || name == ".git"
}
