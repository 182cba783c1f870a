//! The bill of a report that was written as JSON (`--format json`).

use std::borrow::Cow;

use serde_json::Value;

use crate::model::{
    Bill, ComponentKind, Ecosystem, Hash, Inventory, LicenseField, Manifest, Package, PackageLicense, Place, Region,
    RelPath, Report, Scope, Tool,
};

/// Reads a report; `None` when the text is none.
pub fn read(text: &str, tool: Tool) -> Option<Bill> {
    let report: Value = serde_json::from_str(text).ok()?;
    report.get("schema_version")?.as_u64()?;
    let rows = |key: &str| report.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut inventory = Inventory {
        packages: rows("packages").iter().filter_map(package).collect(),
        manifests: rows("manifests").iter().filter_map(manifest).collect(),
        ..Inventory::default()
    };
    inventory.packages.sort_by(|a, b| a.purl.cmp(&b.purl));
    inventory.packages.dedup_by(|a, b| a.purl == b.purl);
    let report = Report {
        tool,
        inventory,
        findings: Vec::new(),
        verdicts: Vec::new(),
        clauses: Vec::new(),
        packs: crate::model::Packs::default(),
    };
    Some(super::of(&report))
}

fn text(row: &Value, key: &str) -> Option<String> {
    row.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn flag(row: &Value, key: &str) -> bool {
    row.get(key).and_then(Value::as_bool).unwrap_or_default()
}

fn place(row: &Value) -> Option<Place> {
    let line = row.get("line").and_then(Value::as_u64).and_then(|line| u32::try_from(line).ok());
    let region = line.map(|line| Region {
        start_line: line,
        start_column: 1,
        end_line: line,
        end_column: 1,
        excerpt: "".into(),
    });
    Some(Place { path: RelPath::new(text(row, "path")?), region })
}

fn package(row: &Value) -> Option<Package> {
    let list = |key: &str| row.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let license = row.get("license");
    let said = |key: &str| license.and_then(|license| text(license, key));
    let scope = text(row, "scope").and_then(|word| Scope::ALL.into_iter().find(|s| s.name() == word));
    Some(Package {
        purl: text(row, "purl")?,
        name: text(row, "name")?,
        version: text(row, "version").unwrap_or_default(),
        kind: text(row, "kind").and_then(|word| ComponentKind::from_name(&word)).unwrap_or_default(),
        locked: flag(row, "locked"),
        local: flag(row, "local"),
        scope: scope.unwrap_or_default(),
        direct: flag(row, "direct"),
        license: PackageLicense { declared: said("declared"), concluded: said("concluded"), source: said("source") },
        dependencies: list("dependencies").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        features: list("features").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        hashes: list("hashes")
            .iter()
            .filter_map(|hash| Some(Hash { algorithm: text(hash, "algorithm")?, value: text(hash, "value")? }))
            .collect(),
        resolved: text(row, "resolved"),
        // Reports do not hold cards.
        card: None,
        origin: list("origin").iter().filter_map(place).collect(),
    })
}

fn manifest(row: &Value) -> Option<Manifest> {
    let place = Place::file(RelPath::new(text(row, "path")?));
    let mut manifest = Manifest::new(place.clone(), Ecosystem(Cow::Owned(text(row, "ecosystem")?)));
    manifest.name = text(row, "name");
    manifest.version = text(row, "version");
    manifest.license = text(row, "license").map(|text| LicenseField { text, place, spdx: false });
    manifest.publishable = flag(row, "publishable");
    Some(manifest)
}
