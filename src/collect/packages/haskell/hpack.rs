//! `package.yaml` of hpack (its README, "Documentation"), from which Stack makes the Cabal file.

use std::collections::BTreeSet;

use super::HACKAGE;
use crate::collect::packages::draft;
use crate::collect::yaml::{Node, Value};
use crate::collect::{SourceFile, yaml};
use crate::model::{Dependency, Evidence, LicenseField, Scope};

/// Reads the description; a broken one gives the note and nothing else, YAML that describes nothing of Haskell says
/// nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let known = ["dependencies", "library", "executables", "executable", "tests", "ghc-options"];
    let Some(name) = document.text_of("name").filter(|_| known.iter().any(|key| document.get(key).is_some())) else {
        return;
    };
    let mut manifest = draft::manifest(file, HACKAGE);
    manifest.compiled = true;
    manifest.application = document.get("executables").or_else(|| document.get("executable")).is_some();
    manifest.name = Some(name.to_owned());
    manifest.version = document.text_of("version").map(str::to_owned);
    manifest.description = document.text_of("synopsis").map(str::to_owned);
    manifest.homepage = document.text_of("homepage").map(str::to_owned);
    if let Some(node) = document.get("name") {
        manifest.place = node.place(file);
    }
    manifest.license = document
        .get("license")
        .and_then(|node| Some(LicenseField { text: node.text()?.to_owned(), place: node.place(file), spdx: false }));
    let mut asked = Asked { file, own: name, seen: BTreeSet::new(), found: Vec::new() };
    asked.section(&document, Scope::Runtime);
    let sections = [("library", Scope::Runtime), ("executable", Scope::Runtime), ("custom-setup", Scope::Build)];
    for (key, scope) in sections {
        document.get(key).into_iter().for_each(|section| asked.section(section, scope));
    }
    let groups = [
        ("internal-libraries", Scope::Runtime),
        ("executables", Scope::Runtime),
        ("tests", Scope::Test),
        ("benchmarks", Scope::Dev),
    ];
    for (key, scope) in groups {
        for member in document.get(key).map_or(&[][..], Node::members) {
            asked.section(&member.node, scope);
        }
    }
    manifest.dependencies = asked.found;
    out.push(Evidence::Manifest(Box::new(manifest)));
}

struct Asked<'f, 't> {
    file: &'f SourceFile<'t>,
    own: &'f str,
    seen: BTreeSet<(String, Scope)>,
    found: Vec<Dependency>,
}

impl Asked<'_, '_> {
    /// What a section asks for, conditions included.
    fn section(&mut self, section: &Node<'_>, scope: Scope) {
        for (key, scope) in [("dependencies", scope), ("build-tools", Scope::Build)] {
            let Some(node) = section.get(key) else { continue };
            match &node.value {
                Value::Mapping(members) => {
                    for member in members.iter() {
                        let version = member.node.text().or_else(|| member.node.text_of("version"));
                        self.add(&member.key, version.unwrap_or_default(), scope, member.key_at.clone());
                    }
                }
                _ => {
                    for entry in node.entries().iter().chain(Some(node).filter(|n| n.text().is_some())) {
                        let text = entry.text().or_else(|| entry.text_of("name")).unwrap_or_default();
                        let end = text.find([' ', '<', '>', '=', '^', ':']).unwrap_or(text.len());
                        let version = entry.text_of("version").unwrap_or(&text[end..]);
                        self.add(&text[..end], version.trim_start_matches(':'), scope, entry.at..entry.end);
                    }
                }
            }
        }
        for condition in section.get("when").into_iter() {
            let one = Some(condition).filter(|c| c.entries().is_empty());
            for condition in condition.entries().iter().chain(one) {
                // The condition's own fields, or those of its two branches.
                for branch in [Some(condition), condition.get("then"), condition.get("else")].into_iter().flatten() {
                    if branch.get("when").is_none() {
                        self.section(branch, scope);
                    }
                }
            }
        }
    }

    fn add(&mut self, name: &str, version: &str, scope: Scope, at: std::ops::Range<usize>) {
        let valid = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !name.is_empty();
        if valid && name != self.own && self.seen.insert((name.to_owned(), scope)) {
            let requirement = super::requirement(version);
            self.found.push(draft::dependency(self.file, name, &requirement, scope, at));
        }
    }
}
