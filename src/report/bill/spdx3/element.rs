//! Packages, models and data of SPDX 3.

use serde_json::{Value, json};

use super::super::component::is_archive;
use super::super::spdx2::{comment, source_info};
use super::{Graph, identifier};
use crate::model::{Component, ComponentKind, ExternalReference, Hash};

impl<'b> Graph<'b> {
    /// Adds the element of a component.
    pub(super) fn component(&mut self, c: &'b Component) {
        let Some(name) = self.ids.get(&c.reference).map(str::to_owned) else { return };
        let find = |kinds: &[&str]| kinds.iter().find_map(|kind| c.references.iter().find(|r| r.kind == *kind));
        let mut identifiers = Vec::new();
        identifiers.extend(c.purl.iter().map(|purl| identifier("packageUrl", purl)));
        identifiers.extend(
            c.cpe.iter().map(|cpe| identifier(if cpe.starts_with("cpe:2.3:") { "cpe23" } else { "cpe22" }, cpe)),
        );
        let download = find(&["distribution", "source-distribution"])
            .or_else(|| find(&["vcs"]).filter(|r| r.url.starts_with("git")));
        let authors: Vec<&String> = c.authors.iter().filter_map(|party| self.agents.get(party)).collect();
        let mut fields = json!({
            "name": c.name,
            "summary": c.description,
            "comment": comment(c),
            "externalIdentifier": identifiers,
            "externalRef": c.references.iter().map(reference).collect::<Vec<_>>(),
            "verifiedUsing": c.hashes.iter().map(hash).collect::<Vec<_>>(),
            "suppliedBy": c.supplier.as_ref().and_then(|party| self.agents.get(party)),
            "originatedBy": authors,
            "software_primaryPurpose": purpose(c.kind),
            "software_copyrightText": c.copyright.as_deref().unwrap_or("NOASSERTION"),
            "software_packageVersion": c.version,
            "software_packageUrl": c.purl,
            "software_downloadLocation": download.map(|r| &r.url),
            "software_homePage": find(&["website"]).map(|r| &r.url),
            "software_sourceInfo": source_info(c),
        });
        let kind = match c.kind {
            ComponentKind::MachineLearningModel => {
                model(c, &mut fields);
                "ai_AIPackage"
            }
            ComponentKind::Data => {
                // What kind of data it is does not show in a checkout.
                fields["dataset_datasetType"] = json!(["noAssertion"]);
                "dataset_DatasetPackage"
            }
            _ => "software_Package",
        };
        let id = self.add(kind, &name, fields);
        self.distributed(c, &name, &id);
    }

    /// Adds the file that is distributed, as BSI TR-03183-2 (section 8.2) asks: name, digests, address, and whether it
    /// holds other files.
    fn distributed(&mut self, c: &Component, name: &str, package: &str) {
        let Some(file) = &c.file_name else { return };
        let kinds = ["distribution", "source-distribution"];
        let addresses = c.references.iter().filter(|r| kinds.contains(&r.kind.as_str()));
        let addresses = addresses
            .map(|r| json!({ "type": "ExternalRef", "externalRefType": "binaryArtifact", "locator": [r.url] }));
        let (purpose, structure) = if is_archive(file) { ("archive", &["container"][..]) } else { ("file", &[][..]) };
        let fields = json!({
            "name": file,
            "verifiedUsing": c.hashes.iter().map(hash).collect::<Vec<_>>(),
            "externalRef": addresses.collect::<Vec<_>>(),
            "software_primaryPurpose": purpose,
            "software_additionalPurpose": structure,
            "software_copyrightText": "NOASSERTION",
        });
        let id = self.add("software_File", &format!("File-{name}"), fields);
        self.relate(package, ("hasDistributionArtifact", None), &[id], None);
    }
}

/// What the card of a model says.
fn model(c: &Component, fields: &mut Value) {
    let Some(card) = &c.card else { return };
    let types: Vec<&String> = card.family.iter().chain(&card.architecture).collect();
    fields["ai_typeOfModel"] = json!(types);
    fields["ai_domain"] = json!(card.task.iter().collect::<Vec<_>>());
    let entries =
        card.parameters.iter().map(|(key, value)| json!({ "type": "DictionaryEntry", "key": key, "value": value }));
    fields["ai_hyperparameter"] = entries.collect();
    if !card.datasets.is_empty() {
        fields["ai_informationAboutTraining"] = json!(format!("trained on {}", card.datasets.join(", ")));
    }
}

fn reference(reference: &ExternalReference) -> Value {
    let kind = match reference.kind.as_str() {
        "vcs" => "vcs",
        "website" => "altWebPage",
        "distribution" => "binaryArtifact",
        "source-distribution" => "sourceArtifact",
        "issue-tracker" => "issueTracker",
        "documentation" => "documentation",
        "support" => "support",
        "license" => "license",
        "release-notes" => "releaseNotes",
        "mailing-list" => "mailingList",
        "chat" => "chat",
        "social" => "socialMedia",
        "advisories" => "securityAdvisory",
        "build-meta" => "buildMeta",
        "build-system" => "buildSystem",
        _ => "other",
    };
    json!({ "type": "ExternalRef", "externalRefType": kind, "locator": [reference.url] })
}

fn hash(hash: &Hash) -> Value {
    let algorithm = match hash.algorithm.as_str() {
        "MD5" => "md5",
        "SHA-1" => "sha1",
        "SHA-256" => "sha256",
        "SHA-384" => "sha384",
        "SHA-512" => "sha512",
        "SHA3-256" => "sha3_256",
        "SHA3-384" => "sha3_384",
        "SHA3-512" => "sha3_512",
        "BLAKE2b-256" => "blake2b256",
        "BLAKE2b-384" => "blake2b384",
        "BLAKE2b-512" => "blake2b512",
        "BLAKE3" => "blake3",
        _ => "other",
    };
    json!({ "type": "Hash", "algorithm": algorithm, "hashValue": hash.value })
}

fn purpose(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Application => "application",
        ComponentKind::Framework => "framework",
        ComponentKind::Library => "library",
        ComponentKind::Container => "container",
        ComponentKind::Platform => "platform",
        ComponentKind::OperatingSystem => "operatingSystem",
        ComponentKind::Device => "device",
        ComponentKind::DeviceDriver => "deviceDriver",
        ComponentKind::Firmware => "firmware",
        ComponentKind::File => "file",
        ComponentKind::MachineLearningModel => "model",
        ComponentKind::Data => "data",
        ComponentKind::CryptographicAsset => "other",
    }
}
