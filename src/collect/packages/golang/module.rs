//! `go.mod` (Go Modules Reference, "go.mod files"). Since Go 1.17 it names every module of the build at the version that
//! is used, so it is manifest and lock file at once.

use std::collections::HashMap;

use super::{GO, module, words};
use crate::collect::packages::locks;
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Evidence, Locked, Manifest, Place, Scope};

/// Reads the file; a line that does not follow the grammar is noted and left out.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    match file.name {
        "go.sum" => return super::sum::read(file, out),
        "modules.txt" => return super::vendor::read(file, out),
        _ => {}
    }
    let mut read = Read::default();
    for directive in directives(file, out) {
        let Directive { verb, words, comment, line } = &directive;
        match (*verb, words.as_slice()) {
            ("module", [path]) => read.module = Some((path, *line)),
            ("go", [version]) => read.go = Some((version, *line)),
            ("require", [path, version]) => {
                let indirect = comment.split([';', ' ']).any(|word| word == "indirect");
                read.required.push((path, version, indirect, *line));
            }
            ("replace", [path, "=>", target @ ..]) => {
                read.replaced.insert((path, ""), target.to_vec());
            }
            ("replace", [path, version, "=>", target @ ..]) => {
                read.replaced.insert((path, version), target.to_vec());
            }
            ("module" | "go" | "require" | "replace", _) => {
                out.push(malformed(file, Some(*line), format!("`{verb}` with {} words", words.len())));
            }
            // Exclusions and retractions are about other versions; tools are modules that are required as well.
            ("toolchain" | "exclude" | "retract" | "tool" | "godebug" | "ignore", _) => {}
            _ => out.push(malformed(file, Some(*line), format!("`{verb}` is no directive"))),
        }
    }
    read.finish(file, out);
}

/// A directive with its words; in a block, each line is one.
pub(super) struct Directive<'t> {
    pub(super) verb: &'t str,
    pub(super) words: Vec<&'t str>,
    pub(super) comment: &'t str,
    pub(super) line: u32,
}

/// The directives of a module or workspace file.
pub(super) fn directives<'t>(file: &SourceFile<'t>, out: &mut Vec<Evidence>) -> Vec<Directive<'t>> {
    let mut directives = Vec::new();
    let mut block: Option<(&'t str, u32)> = None;
    for (line, text) in (1_u32..).zip(file.text().lines()) {
        let (mut words, comment) = words(text);
        match (block, words.as_slice()) {
            (_, []) => {}
            (Some(_), [")"]) => block = None,
            (None, [verb, "("]) => block = Some((verb, line)),
            (None, [verb]) if verb.ends_with('(') => block = Some((verb.trim_end_matches('('), line)),
            (Some((verb, _)), _) => directives.push(Directive { verb, words, comment, line }),
            (None, _) => {
                let verb = words.remove(0);
                directives.push(Directive { verb, words, comment, line });
            }
        }
    }
    if let Some((verb, line)) = block {
        out.push(malformed(file, Some(line), format!("the block `{verb}` is not closed")));
    }
    directives
}

#[derive(Default)]
struct Read<'t> {
    module: Option<(&'t str, u32)>,
    go: Option<(&'t str, u32)>,
    /// Path, version, whether only other modules need it, line.
    required: Vec<(&'t str, &'t str, bool, u32)>,
    /// By path and version; an empty version stands for all.
    replaced: HashMap<(&'t str, &'t str), Vec<&'t str>>,
}

impl Read<'_> {
    fn finish(self, file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
        let place = self.module.map_or_else(|| Place::file(file.path.clone()), |(_, line)| file.place_of_line(line));
        let mut manifest = Manifest { compiled: true, ..Manifest::new(place, GO) };
        manifest.name = self.module.map(|(path, _)| path.to_owned());
        manifest.publishable = manifest.name.is_some();
        manifest.minimum_runtime = self.go.map(|(version, line)| (version.to_owned(), file.place_of_line(line)));
        let mut packages: Vec<Locked> = Vec::new();
        let mut direct = Vec::new();
        for (path, version, indirect, line) in self.required {
            let target = self.replaced.get(&(path, version)).or_else(|| self.replaced.get(&(path, "")));
            // A replacement by a folder has no version; the module is the one that is required.
            let (name, version) = match target.map(Vec::as_slice) {
                Some([path, version]) => (*path, *version),
                _ => (path, version),
            };
            let place = file.place_of_line(line);
            let folder = target.filter(|t| t.len() == 1).map(|t| t[0].to_owned());
            packages.push(Locked {
                direct: Some(!indirect),
                resolved: folder.clone(),
                region: place.region.clone(),
                ..module(name, version)
            });
            if !indirect {
                direct.push(packages.len() - 1);
                manifest.dependencies.push(Dependency {
                    name: name.to_owned(),
                    requirement: version.to_owned(),
                    scope: Scope::Runtime,
                    source: folder,
                    place,
                });
            }
        }
        packages.push(locks::project(direct));
        out.push(Evidence::Manifest(Box::new(manifest)));
        out.push(locks::lock(file, GO, packages));
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, inventory, lock, manifest, notes, with_text};

    #[test]
    fn requirements_and_replacements() {
        let evidence = fixture("go-mod", "plain/go.mod");
        assert!(notes(&evidence).is_empty());
        let seen: Vec<_> = lock(&evidence)
            .packages
            .iter()
            .map(|p| (p.purl.as_str(), p.direct, p.region.as_ref().map_or(0, |r| r.start_line)))
            .collect();
        assert_eq!(
            seen,
            [
                ("pkg:golang/github.com/burntsushi/toml@v1.0.0", Some(true), 7),
                ("pkg:golang/example.com/fork/net@v1.4.5", Some(true), 10),
                ("pkg:golang/example.org/old@v2.0.0%2Bincompatible", Some(false), 11),
                ("pkg:golang/example.org/local@v1.36.3", Some(false), 12),
                ("", None, 0),
            ]
        );
        let m = manifest(&evidence);
        assert_eq!(
            (m.name.as_deref(), m.minimum_runtime.as_ref().map(|(v, _)| v.as_str())),
            (Some("example.org/app"), Some("1.22.0"))
        );
        let inventory = inventory("go-mod/plain");
        let app = inventory.packages.iter().find(|p| p.local).unwrap();
        assert_eq!(
            app.dependencies,
            ["pkg:golang/example.com/fork/net@v1.4.5", "pkg:golang/github.com/burntsushi/toml@v1.0.0"]
        );
    }

    #[test]
    fn broken_files_name_the_line() {
        for (text, line) in
            [("module a\nrequire b\n", 2), ("module a\nrequire (\n b v1\n", 2), ("module a\n<<<<<<< HEAD\n", 2)]
        {
            assert_eq!(notes(&with_text("go.mod", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
    }
}
