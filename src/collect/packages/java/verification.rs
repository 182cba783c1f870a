//! `gradle/verification-metadata.xml` (Gradle's user manual, "Verifying dependencies"): modules and the digests of their
//! artifacts.

use std::collections::HashMap;

use super::MAVEN;
use crate::collect::packages::purl::purl;
use crate::collect::packages::{integrity, locks};
use crate::collect::xml::{self, Element};
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Locked};

/// Reads the file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let root = match xml::parse(file) {
        Ok(root) => root,
        Err(note) => return out.push(*note),
    };
    let mut packages: Vec<Locked> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for component in root.child("components").into_iter().flat_map(|c| c.all("component")) {
        let of = |name: &str| component.attribute(name).filter(|value| !value.is_empty());
        let (Some(group), Some(name), Some(version)) = (of("group"), of("name"), of("version")) else {
            let line = file.line_at(component.at);
            out.push(malformed(file, Some(line), "a component without group, name and version"));
            continue;
        };
        let name = format!("{group}/{name}");
        let purl = purl("maven", &name, version, &[]);
        let at = *index.entry(purl.clone()).or_insert(packages.len());
        if at == packages.len() {
            let region = component.place(file).region;
            packages.push(Locked { purl, name, version: version.to_owned(), region, ..Locked::default() });
        }
        // The descriptions of a module are artifacts too; its own digests are those of what is used.
        let described =
            |a: &&Element| !a.attribute("name").is_some_and(|n| n.ends_with(".pom") || n.ends_with(".module"));
        let digests = component.all("artifact").filter(described).flat_map(|a| &a.children);
        let digests = digests.filter_map(|d| integrity::digest_of(&d.name, d.attribute("value")?));
        packages[at].hashes.extend(digests);
    }
    for package in &mut packages {
        package.hashes.sort();
        package.hashes.dedup();
    }
    out.push(locks::lock(file, MAVEN, packages));
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, lock, notes, with_text};

    #[test]
    fn components_and_their_digests() {
        let evidence = fixture("gradle-verification", "gradle/verification-metadata.xml");
        let seen: Vec<_> = lock(&evidence)
            .packages
            .iter()
            .map(|p| (p.purl.as_str(), p.hashes.len(), p.region.as_ref().unwrap().start_line))
            .collect();
        assert_eq!(
            seen,
            [("pkg:maven/org.apache.pdfbox/pdfbox@2.0.17", 1, 7), ("pkg:maven/org.example/only-pom@1", 0, 18)]
        );
    }

    #[test]
    fn broken_files_name_the_line() {
        let text = "<verification-metadata><components>\n<component group='a'/></components></verification-metadata>";
        assert_eq!(notes(&with_text("gradle/verification-metadata.xml", text))[0].line, Some(2));
    }
}
