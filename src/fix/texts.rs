//! Texts of licenses that are missing.

use super::{Bench, Fix};
use crate::model::RelPath;
use crate::names::texts;

pub(super) const ROOT_TEXT: Fix = Fix {
    rule: "license/no-root-text",
    summary: "Adds the text of the one license that the root's manifest declares as LICENSE, where the text names no copyright holder.",
    mend: |finding, bench| {
        let folder = RelPath::default();
        let manifests = &bench.report.inventory.manifests;
        let fields = manifests.iter().filter(|m| m.place.path.lies_in(&folder)).filter_map(|m| m.license.as_ref());
        let mut ids: Vec<&str> = fields.map(|field| field.text.trim()).collect();
        ids.dedup();
        let [id] = ids[..] else { return };
        // A finding about a package below the root names its folder.
        if finding.subject == "repository"
            && spdx::license_id(id).is_some_and(|known| known.name == id)
            && !texts::is_filled_in(id)
        {
            create(bench, RelPath::new("LICENSE"), id, ROOT_TEXT.rule);
        }
    },
};

pub(super) const REUSE_TEXT: Fix = Fix {
    rule: "license/reuse-text-missing",
    summary: "Adds the text of the SPDX License List as LICENSES/<id>.txt.",
    mend: |finding, bench| {
        if let Some(id) = finding.license.clone() {
            create(bench, RelPath::new(format!("LICENSES/{id}.txt")), &id, REUSE_TEXT.rule);
        }
    },
};

/// Adds the text of a license, where the list has one and no file of the name is there.
fn create(bench: &mut Bench<'_>, path: RelPath, id: &str, rule: &'static str) {
    let Some(text) = texts::standard(id).filter(|_| !bench.report.inventory.exists(&path)) else { return };
    if bench.text(&path).is_none() {
        bench.edits.create(path, format!("{}\n", text.trim_end()), rule);
    }
}
