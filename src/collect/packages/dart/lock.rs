//! `pubspec.lock`: exact packages, without edges.

use super::{PUB, other_host};
use crate::collect::packages::broken;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::purl::{purl, purl_from, without_credentials};
use crate::collect::{SourceFile, yaml};
use crate::model::{Evidence, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    if !matches!(document.value, yaml::Value::Mapping(_)) {
        return out.push(*broken(
            file,
            Some(file.line_at(document.at)),
            format!("{} where a mapping belongs", document.kind()),
        ));
    }
    let mut draft = Draft::new(file, PUB);
    for member in document.get("packages").map_or(&[][..], yaml::Node::members) {
        let node = &member.node;
        let description = node.get("description");
        let described = |key: &str| description.and_then(|d| d.text_of(key));
        let source = node.text_of("source").unwrap_or("hosted");
        let sdk = description.and_then(yaml::Node::text).filter(|_| source == "sdk");
        let mut version = node.text_of("version");
        if let Some(sdk) = sdk {
            // What comes with an SDK has its version, of which the lock states the least.
            let range = document.get("sdks").and_then(|sdks| sdks.text_of(sdk)).unwrap_or_default();
            let least = range.strip_prefix(">=").or_else(|| range.strip_prefix('^'));
            version = least.and_then(|range| range.split_whitespace().next());
            if version.is_none() {
                continue;
            }
        }
        let Some(version) = version else {
            draft.note(member.key_at.start, format!("`{}` has no version", member.key));
            continue;
        };
        let name = described("name").unwrap_or(&member.key);
        let mut package = draft.package(name, version, member.key_at.clone());
        match source {
            "git" => {
                let url = without_credentials(described("url").unwrap_or_default());
                let address = format!("git+{url}#{}", described("resolved-ref").unwrap_or_default());
                package.purl = purl_from(PUB, name, version, &address);
                package.resolved = Some(address);
            }
            "path" => {
                package.local = true;
                package.folder = described("path").map(str::to_owned);
            }
            _ => {
                let host = described("url").and_then(other_host).unwrap_or_default();
                package.purl = purl(PUB, name, version, &[("repository_url", &without_credentials(host))]);
                package.hashes.extend(described("sha256").and_then(|h| hex_hash("SHA-256", h)));
            }
        }
        let dependency = node.text_of("dependency").unwrap_or_default();
        package.direct = Some(dependency.starts_with("direct"));
        if dependency == "direct dev" {
            package.scope = Some(Scope::Dev);
        }
        draft.add(package);
    }
    draft.finish(out);
}
