//! `renv.lock`, as renv's vignette "Lockfile" describes it.

use std::collections::HashMap;

use super::{CRAN, is_base};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::forge;
use crate::collect::packages::json::{self, Node, Value};
use crate::collect::packages::purl::{purl, without_credentials};
use crate::model::Evidence;

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let packages = document.get("Packages");
    if let Some(node) = packages.filter(|n| !matches!(n.value, Value::Object(_))) {
        let line = file.line_at(node.at as usize);
        return out.push(*broken(file, Some(line), format!("`Packages` is {}", node.kind())));
    }
    let listed = document.get("R").and_then(|r| r.get("Repositories")).map_or(&[][..], Node::entries);
    let addresses: HashMap<&str, &str> =
        listed.iter().filter_map(|entry| Some((entry.text_of("Name")?, entry.text_of("URL")?))).collect();
    let mut draft = Draft::new(file, CRAN);
    let mut edges: Vec<(usize, String)> = Vec::new();
    for member in packages.map_or(&[][..], Node::members) {
        let node = &member.node;
        let text = |key: &str| node.text_of(key);
        let name = text("Package").unwrap_or(&member.key);
        let Some(version) = text("Version") else {
            draft.note(member.key_at as usize, format!("`{name}` has no version"));
            continue;
        };
        let mut package = draft.package(name, version, member.key_range(file));
        match (text("Source"), text("Repository")) {
            (Some("Repository") | None, Some(repository)) if !is_bioconductor(repository) => {
                let index = if matches!(repository, "CRAN" | "RSPM" | "P3M") { "" } else { repository };
                // A repository goes by a name that the file gives it, or by its address.
                let index = addresses.get(index).copied().unwrap_or(index);
                let index = if index.contains("://") { without_credentials(index) } else { "".into() };
                package.purl = purl(CRAN, name, version, &[("repository_url", &index)]);
            }
            (Some("Bioconductor"), _) | (_, Some(_)) => package.purl = purl("bioconductor", name, version, &[]),
            (Some(source), None) => match remote(node, source) {
                Some(found) => {
                    package.purl = found.purl;
                    package.resolved = Some(found.address);
                }
                None if source == "Repository" => {}
                None => package.purl = purl("generic", name, version, &[]),
            },
            (None, None) => {
                draft.note(member.key_at as usize, format!("`{name}` states no source"));
                continue;
            }
        }
        package.license = text("License").map(str::to_owned);
        let index = draft.add(package);
        let requires = node.get("Requirements").map_or(&[][..], Node::entries).iter().filter_map(Node::text);
        // renv 1.1 writes the fields of DESCRIPTION instead.
        let fields = ["Depends", "Imports", "LinkingTo"].iter().filter_map(|key| node.get(key));
        let fields = fields.flat_map(|n| n.entries().iter().filter_map(Node::text).chain(n.text()));
        for name in requires.chain(fields).flat_map(|list| list.split(',')) {
            let name = name.split('(').next().unwrap_or(name).trim();
            if !is_base(name) {
                edges.push((index, name.to_owned()));
            }
        }
    }
    draft.link(edges.iter().map(|(from, name)| (*from, name.as_str())));
    draft.finish(out);
}

fn is_bioconductor(repository: &str) -> bool {
    repository.starts_with("BioC") || repository.contains("bioconductor")
}

/// The repository that a package was installed from.
fn remote(node: &Node<'_>, source: &str) -> Option<forge::Repository> {
    let text = |key: &str| node.text_of(key);
    let commit = text("RemoteSha").or_else(|| text("RemoteRef")).unwrap_or_default();
    let base = match source.to_ascii_lowercase().as_str() {
        "github" => "https://github.com",
        "gitlab" => "https://gitlab.com",
        "bitbucket" => "https://bitbucket.org",
        // An archive on the machine of whoever wrote the lock is no repository.
        _ => {
            let url = text("RemoteUrl").filter(|url| url.contains("://") || url.contains('@'));
            return url.map(|url| forge::repository(url, commit));
        }
    };
    let (user, repository) = (text("RemoteUsername")?, text("RemoteRepo")?);
    let address = format!("{base}/{user}/{repository}");
    Some(forge::folder_of(&address, commit, text("RemoteSubdir").unwrap_or_default()))
}
