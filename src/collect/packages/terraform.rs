//! Terraform and OpenTofu: `.terraform.lock.hcl` and what `*.tf` requires (HashiCorp's documentation, "Dependency Lock
//! File", "Provider Requirements", "Module Sources").

use super::brackets::{self, HCL, Item};
use super::draft::{self, Draft};
use super::integrity;
use super::purl::{purl, without_credentials};
use crate::collect::SourceFile;
use crate::model::{Evidence, Scope};

const TERRAFORM: &str = "terraform";

/// The value of an attribute: the item behind `key =`.
fn attribute<'i, 't>(block: &'i [Item<'t>], key: &str) -> Option<&'i Item<'t>> {
    let at = block.windows(2).position(|pair| pair[0].word() == Some(key) && pair[1].is('='))?;
    block.get(at + 2)
}

/// Namespace and name of a provider, without the host of the default registry.
fn provider(source: &str) -> (String, &str) {
    let parts: Vec<&str> = source.split('/').collect();
    match parts[..] {
        [name] => (format!("hashicorp/{name}"), ""),
        [namespace, name] => (format!("{namespace}/{name}"), ""),
        [host, namespace, name] => {
            let default = matches!(host, "registry.terraform.io" | "registry.opentofu.org");
            (format!("{namespace}/{name}"), if default { "" } else { host })
        }
        _ => (source.to_owned(), ""),
    }
}

/// Reads the lock file.
pub(super) fn read_lock(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &HCL);
    let mut draft = Draft::new(file, TERRAFORM);
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.word() == Some("provider")) {
        let (Some(source), Some(block)) =
            (items.get(at + 1).and_then(Item::text), items.get(at + 2).and_then(|b| b.group('{')))
        else {
            continue;
        };
        let Some(version) = attribute(block, "version").and_then(Item::text) else {
            draft.note(item.at.start, format!("`{source}` has no version"));
            continue;
        };
        let (name, host) = provider(source);
        let mut package = draft.package(&name, version, item.at.start..items[at + 1].at.end);
        package.purl = purl(TERRAFORM, &name, version, &[("repository_url", host)]);
        // `zh:` is the SHA-256 of a platform's archive in hexadecimal, `h1:` one of the unpacked tree.
        let hashes = attribute(block, "hashes").map_or(&[][..], Item::items).iter().filter_map(Item::text);
        package.hashes = hashes.filter_map(|h| draft::hex_hash("SHA-256", h.strip_prefix("zh:")?)).collect();
        if package.hashes.is_empty() {
            let tree = attribute(block, "hashes").map_or(&[][..], Item::items).iter().filter_map(Item::text);
            package.hashes = tree
                .filter_map(|h| h.strip_prefix("h1:"))
                .flat_map(|h| integrity::hashes(&format!("sha256-{h}")))
                .collect();
        }
        draft.add(package);
    }
    draft.finish(out);
}

/// Reads the providers and registry modules that a `*.tf` file requires.
pub(super) fn read_manifest(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let bytes = file.text().as_bytes();
    let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    if !has("required_providers") && !has("module") {
        return;
    }
    let items = brackets::parse(file.text(), &HCL);
    let mut manifest = draft::manifest(file, TERRAFORM);
    for (at, item) in items.iter().enumerate() {
        match item.word() {
            Some("terraform") => {
                let block = items.get(at + 1).and_then(|b| b.group('{')).unwrap_or_default();
                let required = block.iter().position(|i| i.word() == Some("required_providers"));
                let Some(list) = required.and_then(|r| block.get(r + 1)).and_then(|b| b.group('{')) else { continue };
                for entry in list.windows(3).filter(|e| e[1].is('=') && e[0].word().is_some()) {
                    let local = entry[0].word().unwrap_or_default();
                    // Before Terraform 0.13 the version alone stood here.
                    let fields = entry[2].items();
                    let source = attribute(fields, "source").and_then(Item::text).unwrap_or(local);
                    let version = attribute(fields, "version").and_then(Item::text).or(entry[2].text());
                    let (name, host) = provider(source);
                    let place = entry[0].at.start..entry[2].at.end;
                    let mut found =
                        draft::dependency(file, &name, version.unwrap_or_default(), Scope::Runtime, place);
                    found.source = (!host.is_empty()).then(|| format!("?repository_url={host}"));
                    manifest.dependencies.push(found);
                }
            }
            Some("module") => {
                let Some(block) = items.get(at + 2).and_then(|b| b.group('{')) else { continue };
                let Some(source) = attribute(block, "source").and_then(Item::text) else { continue };
                let version = attribute(block, "version").and_then(Item::text).unwrap_or_default();
                let place = item.at.start..items[at + 1].at.end;
                if source.starts_with('.') || source.starts_with('/') || source.contains("${") {
                    continue;
                }
                let git = source.strip_prefix("git::").or(Some(source).filter(|s| s.starts_with("github.com/")));
                let mut found = draft::dependency(file, source, version, Scope::Runtime, place);
                if let Some(address) = git {
                    let address =
                        if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
                    let (address, query) = address.split_once('?').unwrap_or((&address, ""));
                    let reference = query.strip_prefix("ref=").map(|r| format!("#{r}")).unwrap_or_default();
                    // Behind a double slash stands the folder that is meant.
                    let start = address.find("://").map_or(0, |at| at + 3);
                    let folder = address[start..].find("//").map_or(address.len(), |at| start + at);
                    let address = &address[..folder];
                    let name = address.rsplit('/').next().unwrap_or(address).trim_end_matches(".git");
                    found.name = name.to_owned();
                    found.source = Some(format!("git+{}{reference}", without_credentials(address)));
                } else if source.contains("://") {
                    continue;
                }
                manifest.dependencies.push(found);
            }
            _ => {}
        }
    }
    if !manifest.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}
