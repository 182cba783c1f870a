//! `go.work` (Go Modules Reference, "Workspaces"): the modules of a checkout that are built together. Each keeps its
//! own `go.mod`.

use super::GO;
use super::module::directives;
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Manifest, Place};

/// Reads the file; a line that does not follow the grammar is noted and left out.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest = Manifest { publishable: false, ..Manifest::new(Place::file(file.path.clone()), GO) };
    let mut members = Vec::new();
    for directive in directives(file, out) {
        match (directive.verb, directive.words.as_slice()) {
            ("go", [version]) => {
                manifest.minimum_runtime = Some(((*version).to_owned(), file.place_of_line(directive.line)));
            }
            ("use", [folder]) => members.push((*folder).to_owned()),
            ("toolchain" | "replace" | "godebug", _) => {}
            (verb, _) => out.push(malformed(file, Some(directive.line), format!("`{verb}` is no directive"))),
        }
    }
    manifest.inheritance.members = Some(members);
    out.push(Evidence::Manifest(Box::new(manifest)));
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, manifest, notes, with_text};

    #[test]
    fn the_modules_that_are_used() {
        let evidence = fixture("go-work", "plain/go.work");
        let m = manifest(&evidence);
        assert_eq!(m.inheritance.members.as_deref(), Some(&["./a".to_owned(), "./b".to_owned()][..]));
        assert_eq!(m.minimum_runtime.as_ref().unwrap().0, "1.22");
        assert_eq!(notes(&with_text("go.work", "go 1.22\nusing ./a\n"))[0].line, Some(2));
    }
}
