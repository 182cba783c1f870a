//! Debian's `var/lib/dpkg/status` and `status.d/*` (deb-control(5)).

use std::collections::HashMap;

use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::fields::{Paragraph, paragraphs};
use crate::collect::packages::purl::purl;
use crate::model::{Evidence, RelPath};

/// Whether the file is dpkg's, by its folder.
pub(in crate::collect::packages) fn is_status(path: &RelPath) -> bool {
    let folder = path.parent();
    // OpenWrt's opkg keeps the same kind of file.
    path.name() == "status" && matches!(folder.name(), "dpkg" | "opkg")
        || folder.name() == "status.d" && folder.parent().name() == "dpkg"
}

/// The vendor, as the maintainer's address tells it.
fn vendor(fields: &Paragraph<'_>) -> &'static str {
    let maintainer = fields.text("Maintainer").unwrap_or_default();
    if maintainer.contains("@lists.ubuntu.com") || maintainer.contains("@canonical.com") {
        "ubuntu"
    } else {
        "debian"
    }
}

/// Reads the database.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, "deb");
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut edges: Vec<(usize, String)> = Vec::new();
    let all = paragraphs(file.text());
    for fields in &all {
        let Some((name, version)) = fields.field("Package").zip(fields.text("Version")) else { continue };
        // Removed packages leave their configuration.
        if fields.text("Status").is_some_and(|status| !status.ends_with(" installed")) {
            continue;
        }
        let vendor = vendor(fields);
        let mut package = draft.package(&name.value, version, name.at.clone());
        let arch = fields.text("Architecture").unwrap_or_default();
        package.purl = purl("deb", &format!("{vendor}/{}", name.value), version, &[("arch", arch)]);
        let index = draft.add(package);
        names.entry(name.value.clone()).or_insert(index);
        for provided in fields.text("Provides").unwrap_or_default().split(',') {
            let provided = provided.split('(').next().unwrap_or_default().trim();
            if !provided.is_empty() {
                names.entry(provided.to_owned()).or_insert(index);
            }
        }
        for key in ["Depends", "Pre-Depends"] {
            for clause in fields.text(key).unwrap_or_default().split(',') {
                // Of alternatives, those that are installed count.
                for choice in clause.split('|') {
                    let name = choice.split(['(', ':', '[']).next().unwrap_or_default().trim();
                    edges.push((index, name.to_owned()));
                }
            }
        }
    }
    for (from, name) in edges {
        let to = names.get(&name).copied();
        draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
    }
    draft.finish(out);
}
