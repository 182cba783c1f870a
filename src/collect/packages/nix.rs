//! Nix: `flake.lock`, and paths of a Nix store that lie in the tree.

use std::collections::{BTreeMap, HashMap};

use super::draft::Draft;
use super::forge;
use super::json::{self, Node};
use super::purl::purl;
use super::{broken, integrity};
use crate::collect::SourceFile;
use crate::model::{Ecosystem, Evidence, Inventory, Lock, Locked, Place};

/// What the store is called among lock files.
const STORE: &str = "nix-store";

/// Reads `flake.lock` (Nix's manual, "nix flake", lock files); a broken one gives the note and nothing else.
pub(super) fn read_flake(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let (Some(nodes), Some(root)) = (document.get("nodes"), document.text_of("root")) else {
        return out.push(*broken(file, Some(file.line_at(document.at as usize)), "no `nodes` or no `root`"));
    };
    let mut draft = Draft::new(file, "nix");
    let mut indexes: HashMap<&str, usize> = HashMap::new();
    for member in nodes.members().iter().filter(|m| m.key != root) {
        let Some(locked) = member.node.get("locked") else { continue };
        let text = |key: &str| locked.text_of(key).unwrap_or_default();
        let revision = text("rev");
        let host = locked.text_of("host");
        let address = match text("type") {
            kind @ ("github" | "gitlab" | "sourcehut") => {
                let default = match kind {
                    "github" => "github.com",
                    "gitlab" => "gitlab.com",
                    _ => "git.sr.ht",
                };
                format!("https://{}/{}/{}", host.unwrap_or(default), text("owner"), text("repo"))
            }
            "git" | "hg" => text("url").to_owned(),
            _ => String::new(),
        };
        let (purl, name, resolved) = if address.is_empty() {
            let url = text("url");
            if url.is_empty() {
                continue;
            }
            (
                purl("generic", &member.key, revision, &[("download_url", url)]),
                (*member.key).to_owned(),
                url.to_owned(),
            )
        } else {
            let found = forge::repository(&address, revision);
            (found.purl, found.name, found.address)
        };
        let index = draft.add(Locked {
            purl,
            name,
            version: revision.to_owned(),
            // The digest is of the unpacked tree (NAR), which is what Nix checks.
            hashes: integrity::hashes(text("narHash")),
            resolved: Some(resolved),
            region: Some(file.region(member.key_range(file))),
            ..Locked::default()
        });
        indexes.insert(&member.key, index);
    }
    for member in nodes.members() {
        for input in member.node.get("inputs").map_or(&[][..], Node::members) {
            // A list is a path of inputs that this one follows; its target is an input of another node.
            let Some(to) = input.node.text().and_then(|name| indexes.get(name).copied()) else { continue };
            match indexes.get(&*member.key) {
                Some(&from) if from != to => draft.packages[from].dependencies.push(to),
                Some(_) => {}
                None => draft.packages[to].direct = Some(true),
            }
        }
    }
    for package in &mut draft.packages {
        package.direct = Some(package.direct == Some(true));
    }
    draft.finish(out);
}

/// Adds the packages whose folders of a Nix store lie in the tree.
pub(super) fn resolve(inventory: &mut Inventory) {
    inventory.locks.retain(|lock| lock.ecosystem.as_str() != STORE);
    let mut found: BTreeMap<String, Locked> = BTreeMap::new();
    let mut first = None;
    for path in inventory.files.iter().map(|file| &file.path) {
        let text = path.as_str();
        let Some(at) = text.find("nix/store/").filter(|&at| at == 0 || text[..at].ends_with('/')) else { continue };
        // What lies in the store itself is a derivation or a script, not an installed package.
        let Some((folder, _)) = text[at + "nix/store/".len()..].split_once('/') else { continue };
        let Some((name, version)) = store_name(folder) else { continue };
        let purl = purl("nix", name, version, &[]);
        first.get_or_insert_with(|| path.clone());
        found.entry(purl.clone()).or_insert_with(|| Locked {
            purl,
            name: name.to_owned(),
            version: version.to_owned(),
            ..Locked::default()
        });
    }
    if let Some(path) = first {
        let packages = found.into_values().collect();
        inventory.locks.push(Lock { place: Place::file(path), ecosystem: Ecosystem::of(STORE), packages });
        inventory.locks.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

/// Name and version of a store path's last part: `<hash>-<name>-<version>`; the version starts with the first part
/// that starts with a digit (Nix's own `parseDrvName`).
pub(super) fn store_name(folder: &str) -> Option<(&str, &str)> {
    let (hash, rest) = folder.split_once('-')?;
    let valid = hash.len() == 32 && hash.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    let dash = rest
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|&at| rest[at + 1..].starts_with(|c: char| c.is_ascii_digit()))?;
    let (name, version) = (&rest[..dash], &rest[dash + 1..]);
    // Outputs of a package are parts of it.
    let outputs = ["-bin", "-dev", "-doc", "-lib", "-man", "-info", "-debug", "-static", "-devdoc"];
    let version = outputs.iter().find_map(|o| version.strip_suffix(o)).unwrap_or(version);
    (valid && !name.is_empty() && !version.is_empty()).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::store_name;

    #[test]
    fn store_paths_name_packages() {
        assert_eq!(store_name("h0cnbmfcn93xm5dg2x27ixhag1cwndga-glibc-2.34-210-bin"), Some(("glibc", "2.34-210")));
        assert_eq!(store_name("5av396z8xa13jg89g9jws145c0k26k2x-libX11-xcb-1.8"), Some(("libX11-xcb", "1.8")));
        assert_eq!(store_name("5av396z8xa13jg89g9jws145c0k26k2x-source"), None);
        assert_eq!(store_name("short-a-1"), None);
    }
}
