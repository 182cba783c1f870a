//! `stack.yaml.lock` and `stack.yaml` (Stack's documentation, "Lock files" and "extra-deps").

use super::{HACKAGE, name_version};
use crate::collect::packages::broken;
use crate::collect::packages::draft::{self, Draft};
use crate::collect::packages::forge;
use crate::collect::packages::purl::{purl_from, without_credentials};
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, Scope};

/// Reads `stack.yaml.lock`; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, yaml::Value::Mapping(_)) {
        let line = file.line_at(document.at);
        return out.push(*broken(file, Some(line), format!("{} where a mapping belongs", document.kind())));
    }
    let mut draft = Draft::new(file, HACKAGE);
    for entry in document.get("packages").map_or(&[][..], yaml::Node::entries) {
        let node = entry.get("completed").unwrap_or(entry);
        let text = |key: &str| node.text_of(key);
        if let Some((name, version)) = text("hackage").and_then(|h| name_version(h.split('@').next().unwrap_or(h))) {
            let at = node.get("hackage").map_or(0..0, |n| n.at..n.end);
            let package = draft.package(name, version, at);
            draft.add(package);
        } else if let Some((name, version)) = text("name").zip(text("version")) {
            let at = node.get("name").map_or(0..0, |n| n.at..n.end);
            let mut package = draft.package(name, version, at);
            let commit = text("commit").unwrap_or_default();
            let git = text("git").map(|git| format!("git+{}#{commit}", without_credentials(git)));
            if let Some(source) = git.or_else(|| text("url").map(|url| without_credentials(url).into_owned())) {
                package.purl = purl_from(HACKAGE, name, version, &source);
                package.resolved = Some(source);
            }
            draft.add(package);
        } else {
            draft.note(entry.at, "a package without name and version");
        }
    }
    draft.finish(out);
}

/// Reads `stack.yaml`.
pub(in crate::collect::packages) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, HACKAGE);
    for entry in document.get("extra-deps").map_or(&[][..], yaml::Node::entries) {
        let text = |key: &str| entry.text_of(key);
        let archive =
            entry.text().filter(|text| text.contains("://")).or_else(|| text("archive")).or_else(|| text("url"));
        let repository = text("git").map(str::to_owned);
        let repository = repository.or_else(|| text("github").map(|name| format!("https://github.com/{name}")));
        if let Some(address) = repository {
            // By custom the package is called like its repository.
            let found = forge::repository(&address, "");
            let name = found.name.rsplit('/').next().unwrap_or_default();
            let mut asked = draft::dependency(file, name, "", Scope::Runtime, entry.at..entry.at);
            let commit = text("commit").map(|commit| format!("#{commit}")).unwrap_or_default();
            asked.source = Some(format!("{}{commit}", found.address));
            manifest.dependencies.push(asked);
        } else if let Some(address) = archive {
            let name =
                address.rsplit('/').next().unwrap_or_default().trim_end_matches(".tar.gz").trim_end_matches(".zip");
            let Some((name, version)) = name_version(name) else { continue };
            let mut asked = draft::dependency(file, name, version, Scope::Runtime, entry.at..entry.at);
            asked.source = Some(without_credentials(address).into_owned());
            manifest.dependencies.push(asked);
        } else if let Some((name, version)) =
            entry.text().and_then(|text| name_version(text.split('@').next().unwrap_or(text)))
        {
            let at = entry.at..entry.end;
            manifest.dependencies.push(draft::dependency(file, name, version, Scope::Runtime, at));
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
