//! Installed Python distributions: `*.dist-info/METADATA` and `*.egg-info/PKG-INFO` (core metadata specification).

use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::fields::paragraphs;
use crate::collect::packages::purl::purl;
use crate::model::{Evidence, RelPath};

/// Whether the file describes an installed distribution, by its folder.
pub(in crate::collect::packages) fn is_installed(path: &RelPath) -> bool {
    let folder = path.parent();
    matches!(path.name(), "METADATA") && folder.name().ends_with(".dist-info")
        || path.name() == "PKG-INFO" && folder.name().ends_with(".egg-info") && folder.as_str().contains("-packages/")
}

/// Reads the metadata: name, version and license; edges need the metadata of others, which are files of their own.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if !is_installed(file.path) {
        return;
    }
    let all = paragraphs(file.text());
    let Some(fields) = all.first() else { return };
    let Some((name, version)) = fields.field("Name").zip(fields.text("Version")) else {
        return out.push(crate::collect::malformed(file, Some(1), "no `Name` or no `Version`"));
    };
    let mut draft = Draft::new(file, "pypi");
    let mut package = draft.package(name.value.trim(), version, name.at.clone());
    let normal: String =
        name.value.trim().to_lowercase().chars().map(|c| if matches!(c, '_' | '.') { '-' } else { c }).collect();
    package.purl = purl("pypi", &normal, version, &[]);
    let text = fields.text("License-Expression").or_else(|| fields.text("License")).filter(|l| *l != "UNKNOWN");
    let classifier = || {
        let value = fields.fields.iter().filter(|f| f.key == "Classifier").map(|f| f.value.as_str());
        value.filter_map(|v| v.strip_prefix("License :: ")).filter_map(|v| v.rsplit(" :: ").next()).next()
    };
    // People paste whole license texts into the field.
    package.license = text.filter(|t| !t.contains('\n')).or_else(classifier).map(str::to_owned);
    draft.add(package);
    draft.finish(out);
}
