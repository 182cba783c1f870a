//! The specification in a `*.gem` archive: `metadata.gz`, a `Gem::Specification` as Ruby writes it in YAML (RubyGems,
//! `Gem::Package`).

use super::GEM;
use crate::collect::archive::{self, Budget};
use crate::collect::yaml::{self, Node};
use crate::collect::{packages::draft, source};
use crate::model::{LicenseField, Manifest, Scope};

/// The name of the specification in the archive.
pub(in crate::collect::packages) const MEMBER: &str = "metadata.gz";

/// Reads the compressed specification; `None` when it is none.
pub(in crate::collect::packages) fn read(bytes: &[u8]) -> Option<Manifest> {
    let codec = archive::sniff_codec(bytes)?;
    let (Ok(text) | Err((text, _))) = archive::decompress(codec, bytes, &mut Budget::default());
    source::show("metadata", &String::from_utf8_lossy(&text), |file| {
        let document = yaml::parse(file).ok()?;
        let version = document.get("version")?.text_of("version")?;
        let texts = |key: &str| {
            let entries = document.get(key).map_or(&[][..], Node::entries);
            entries.iter().filter_map(Node::text).map(str::to_owned).collect::<Vec<String>>()
        };
        // Several licenses are a choice, as in the specification's source.
        let license = document.get("licenses").filter(|node| node.entries().iter().any(|n| n.text().is_some()));
        let mut manifest = Manifest {
            name: Some(document.text_of("name")?.to_owned()),
            version: Some(version.to_owned()),
            license: license.map(|node| LicenseField {
                text: texts("licenses").join(" OR "),
                place: node.place(file),
                spdx: false,
            }),
            description: document.text_of("summary").map(str::to_owned),
            homepage: document.text_of("homepage").map(str::to_owned),
            authors: texts("authors"),
            descriptive: true,
            ..draft::manifest(file, GEM)
        };
        for node in document.get("dependencies").map_or(&[][..], Node::entries) {
            let Some(name) = node.text_of("name") else { continue };
            let scope = if node.text_of("type") == Some(":development") { Scope::Dev } else { Scope::Runtime };
            manifest.dependencies.push(draft::dependency(file, name, "", scope, node.at..node.at));
        }
        Some(manifest)
    })
}
