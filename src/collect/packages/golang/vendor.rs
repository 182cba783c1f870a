//! `vendor/modules.txt` (Go Modules Reference, "Vendoring"): the modules whose packages are copied into the checkout.

use super::{GO, module, words};
use crate::collect::SourceFile;
use crate::collect::packages::locks;
use crate::model::{Evidence, Locked, RelPath};

/// Whether a text file is the list of vendored modules.
pub(in crate::collect::packages) fn is_list(name: &str, path: &RelPath) -> bool {
    name == "modules.txt" && path.parent().name() == "vendor"
}

/// Reads the list. A module without packages below it only takes part in choosing versions.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut packages: Vec<Locked> = Vec::new();
    let mut module_here: Option<Locked> = None;
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        if let Some(body) = line.strip_prefix("## ") {
            if body.split(';').any(|word| word.trim() == "explicit")
                && let Some(module) = &mut module_here
            {
                module.direct = Some(true);
            }
        } else if let Some(body) = line.strip_prefix("# ") {
            let found = match words(body).0.as_slice() {
                [name, version] | [name, version, "=>", _] if *version != "=>" => Some((*name, *version)),
                [_, "=>", name, version] | [_, _, "=>", name, version] => Some((*name, *version)),
                _ => None,
            };
            let region = file.place_of_line(number).region;
            module_here = found.map(|(name, version)| Locked { region, ..module(name, version) });
        } else if !line.trim().is_empty()
            && let Some(module) = module_here.take()
        {
            packages.push(module);
        }
    }
    out.push(locks::lock(file, GO, packages));
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{lock, with_text};

    #[test]
    fn modules_with_packages() {
        let text = "# a.org/a v1.2.1\n## explicit; go 1.21\na.org/a\na.org/a/b\n# a.org/old v0.5.6 => b.org/new v1.4.5\n## explicit\nb.org/new/x\n# a.org/local v1.0.0 => ./local\na.org/local\n# a.org/none => ./none\n# a.org/empty v0.1.0\n## explicit\n# a.org/wild => b.org/wild v0.2.0\nb.org/wild\n";
        let evidence = with_text("vendor/modules.txt", text);
        let seen: Vec<_> = lock(&evidence).packages.iter().map(|p| (p.purl.as_str(), p.direct)).collect();
        assert_eq!(
            seen,
            [
                ("pkg:golang/a.org/a@v1.2.1", Some(true)),
                ("pkg:golang/b.org/new@v1.4.5", Some(true)),
                ("pkg:golang/a.org/local@v1.0.0", None),
                ("pkg:golang/b.org/wild@v0.2.0", None),
            ]
        );
    }
}
