//! Nim: `*.nimble` and `nimble.lock`, as Nimble's readme describes them.

use super::brackets::{self, PYTHON};
use super::broken;
use super::draft::{self, Draft, hex_hash};
use super::json::{self, Node, Value};
use super::purl::{purl_from, without_credentials};
use crate::collect::SourceFile;
use crate::model::{Evidence, LicenseField, Scope};

const NIM: &str = "nim";

/// Reads `*.nimble`: NimScript, or the older `[Package]` file with `key: "value"`.
pub(super) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &PYTHON);
    let mut manifest = draft::manifest(file, NIM);
    manifest.descriptive = true;
    manifest.compiled = true;
    let stem = file.path.name().rsplit_once('.').map_or(file.path.name(), |(stem, _)| stem);
    manifest.name = Some(stem.to_owned()).filter(|s| !s.is_empty());
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.first) {
        let Some(word) = item.word() else { continue };
        let rest = &items[at + 1..];
        let assigned = rest.first().filter(|s| s.is('=') || s.is(':')).and_then(|_| rest.get(1)?.text());
        match word {
            "requires" | "Requires" | "taskRequires" => {
                let list = rest.iter().take_while(|i| !i.first || i.text().is_some() || i.is(','));
                let list = list.flat_map(|i| std::slice::from_ref(i).iter().chain(i.items()));
                for text in list.filter(|i| i.text().is_some()) {
                    let at = text.at.clone();
                    for entry in text.text().unwrap_or_default().split(',') {
                        add(file, entry.trim(), at.clone(), &mut manifest);
                    }
                }
            }
            "version" => manifest.version = assigned.map(str::to_owned),
            "packageName" | "name" => manifest.name = assigned.map(str::to_owned).or(manifest.name.take()),
            "description" => manifest.description = assigned.map(str::to_owned),
            "author" => manifest.authors = assigned.map(str::to_owned).into_iter().collect(),
            "license" => {
                let end = rest.get(1).map_or(item.at.end, |value| value.at.end);
                let place = file.place(item.at.start..end);
                manifest.license = assigned.map(|text| LicenseField { text: text.to_owned(), place, spdx: false });
            }
            _ => {}
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// `name >= 1.0`, `name#head`, `https://host/name@#commit`.
fn add(file: &SourceFile<'_>, entry: &str, at: std::ops::Range<usize>, manifest: &mut crate::model::Manifest) {
    let end = entry.find([' ', '<', '>', '=', '~', '^', '#', '@', '[']).unwrap_or(entry.len());
    let (name, rest) = entry.split_at(end);
    let requirement = rest.trim().trim_start_matches('@').to_owned();
    if name == "nim" {
        manifest.minimum_runtime = Some((requirement, file.place(at)));
    } else if !name.is_empty() {
        let short = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".git");
        let mut found = draft::dependency(file, short, &requirement, Scope::Runtime, at);
        if name.contains("://") {
            found.source = Some(format!("git+{}", without_credentials(name)));
        }
        manifest.dependencies.push(found);
    }
}

/// Reads `nimble.lock`; a broken one gives the note and nothing else.
pub(super) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(packages) = document.get("packages").filter(|n| matches!(n.value, Value::Object(_))) else {
        return out.push(*broken(file, Some(file.line_at(document.at as usize)), "no object `packages`"));
    };
    let mut draft = Draft::new(file, NIM);
    let mut edges: Vec<(usize, &str)> = Vec::new();
    for member in packages.members().iter().filter(|m| m.key != "nim") {
        let node = &member.node;
        let Some(version) = node.text_of("version") else {
            draft.note(member.key_at as usize, format!("`{}` has no version", member.key));
            continue;
        };
        let mut package = draft.package(&member.key, version, member.key_range(file));
        if let Some(url) = node.text_of("url") {
            // Nimble's registry is a list of repositories: the address alone tells where it comes from.
            let revision = node.text_of("vcsRevision").unwrap_or_default();
            let source = format!("git+{}#{revision}", without_credentials(url));
            package.purl = purl_from(NIM, &member.key, version, &source);
            package.resolved = Some(source);
        }
        let sha1 = node.get("checksums").and_then(|c| c.text_of("sha1"));
        package.hashes.extend(sha1.and_then(|sha1| hex_hash("SHA-1", sha1)));
        let index = draft.add(package);
        let dependencies = node.get("dependencies").map_or(&[][..], Node::entries);
        edges.extend(dependencies.iter().filter_map(|d| Some((index, d.text()?))));
    }
    draft.link(edges);
    draft.finish(out);
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_that_end_lists_are_no_requirements() {
        use crate::collect::packages::testing::{manifest, with_text};
        let evidence = with_text("a.nimble", "requires \"x >= 1\",\n  \"y\"\ntask t, \"z\":\n  echo \"w\"\n");
        let names: Vec<_> = manifest(&evidence).dependencies.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["x", "y"]);
    }
}
