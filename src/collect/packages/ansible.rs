//! Ansible Galaxy's `requirements.yml` (Ansible's documentation, "Installing multiple roles or collections from a file")
//! and `galaxy.yml`: roles and collections that are asked for.

use super::draft;
use super::purl::without_credentials;
use crate::collect::{SourceFile, yaml};
use crate::model::{Dependency, Evidence, LicenseField, Manifest, Scope};

const ANSIBLE: &str = "ansible";

/// Reads the requirements: a list of roles, or lists of roles and of collections. Another file of this name says nothing.
pub(super) fn read_requirements(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, ANSIBLE);
    manifest.publishable = false;
    let lists = [Some(&document), document.get("roles"), document.get("collections")];
    for entry in lists.into_iter().flatten().flat_map(yaml::Node::entries) {
        manifest.dependencies.extend(asked(file, entry));
    }
    finish(manifest, out);
}

/// Reads the description of a collection.
pub(super) fn read_galaxy(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, ANSIBLE);
    let text = |key: &str| document.text_of(key).map(str::to_owned);
    manifest.name = text("namespace").zip(text("name")).map(|(namespace, name)| format!("{namespace}.{name}"));
    manifest.version = text("version");
    manifest.description = text("description");
    manifest.repository = text("repository");
    manifest.homepage = text("homepage");
    let authors = document.get("authors").map_or(&[][..], yaml::Node::entries).iter().filter_map(yaml::Node::text);
    manifest.authors = authors.map(str::to_owned).collect();
    manifest.license = document.get("license").and_then(|node| {
        let names: Vec<&str> = node.entries().iter().filter_map(yaml::Node::text).chain(node.text()).collect();
        let field = |text: String| LicenseField { text, place: node.place(file), spdx: true };
        (!names.is_empty()).then(|| field(names.join(" AND ")))
    });
    for member in document.get("dependencies").map_or(&[][..], yaml::Node::members) {
        let version = member.node.text().unwrap_or_default();
        manifest.dependencies.push(draft::dependency(
            file,
            &member.key,
            version,
            Scope::Runtime,
            member.key_at.clone(),
        ));
    }
    finish(manifest, out);
}

fn finish(manifest: Manifest, out: &mut Vec<Evidence>) {
    if manifest.name.is_some() || !manifest.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// One role or collection: a name, or a table with a name or an address, and a version.
fn asked(file: &SourceFile<'_>, entry: &yaml::Node<'_>) -> Option<Dependency> {
    if let Some(text) = entry.text() {
        // `name`, or `name:version` for collections.
        let (name, version) = text.split_once(':').filter(|_| !text.contains("://")).unwrap_or((text, ""));
        return is_name(name).then(|| draft::dependency(file, name, version, Scope::Runtime, entry.at..entry.end));
    }
    let node = ["src", "source", "name", "role"].into_iter().find_map(|key| entry.get(key))?;
    let stated = entry.text_of("name").or_else(|| entry.text_of("role"));
    let version = entry.text_of("version").unwrap_or_default();
    let address = [entry.text_of("src"), entry.text_of("source"), stated]
        .into_iter()
        .flatten()
        .find(|text| text.contains("://") || text.starts_with("git@"));
    // The address of a collection's `source` is that of a Galaxy server unless its type says git.
    let is_git = entry.text_of("type") == Some("git") || entry.text_of("scm") == Some("git");
    let is_git =
        is_git || address.is_some_and(|a| a.ends_with(".git") || a.starts_with("git")) || entry.get("src").is_some();
    let (name, source) = match address.filter(|_| is_git) {
        Some(address) => {
            let last = address.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next()?;
            let name = stated.filter(|name| is_name(name)).unwrap_or(last);
            let bare = address.trim_start_matches("git+");
            let reference = if version.is_empty() { String::new() } else { format!("#{version}") };
            (name, Some(format!("git+{}{reference}", without_credentials(bare))))
        }
        None => (stated.or_else(|| entry.text_of("src"))?, None),
    };
    let mut found = draft::dependency(file, name, version, Scope::Runtime, node.at..node.end);
    found.source = source;
    is_name(name).then_some(found)
}

/// Whether a text may be the name of a role or collection: words that dots part.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}
