//! `DESCRIPTION`, as "Writing R Extensions" describes it. Installed packages carry it with a field `Built`.

use super::{CRAN, is_base};
use crate::collect::SourceFile;
use crate::collect::packages::draft::{self, Draft};
use crate::collect::packages::fields::paragraphs;
use crate::model::{Evidence, LicenseField, Scope};

/// Reads the description; a file of this name that describes no R package says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let paragraphs = paragraphs(file.text());
    let Some(fields) = paragraphs.first() else { return };
    let Some((name, version)) = fields.field("Package").zip(fields.text("Version")) else { return };
    let license = fields.field("License");
    if fields.field("Built").is_some() {
        let mut draft = Draft::new(file, CRAN);
        let mut package = draft.package(name.value.trim(), version, name.at.clone());
        package.license = license.map(|l| l.value.clone());
        draft.add(package);
        return draft.finish(out);
    }
    let mut manifest = draft::manifest(file, CRAN);
    // `R CMD build` and CRAN add these fields to what they publish; without them it is the source's own manifest.
    manifest.descriptive =
        ["Packaged", "Repository", "Date/Publication"].iter().any(|key| fields.field(key).is_some());
    manifest.place = file.place(name.at.clone());
    manifest.name = Some(name.value.trim().to_owned());
    manifest.version = Some(version.to_owned());
    manifest.license =
        license.map(|l| LicenseField { text: l.value.clone(), place: file.place(l.at.clone()), spdx: false });
    manifest.description = fields.text("Title").map(str::to_owned);
    manifest.homepage = fields.text("URL").and_then(|urls| urls.split([',', '\n', ' ']).next()).map(str::to_owned);
    let lists = [
        ("Depends", Scope::Runtime),
        ("Imports", Scope::Runtime),
        ("LinkingTo", Scope::Build),
        ("Suggests", Scope::Optional),
        ("Enhances", Scope::Optional),
    ];
    for (key, scope) in lists {
        let Some(field) = fields.field(key) else { continue };
        for entry in field.value.split(',').map(str::trim).filter(|e| !e.is_empty()) {
            let (name, requirement) = entry.split_once('(').unwrap_or((entry, ""));
            let (name, requirement) = (name.trim(), requirement.trim().trim_end_matches(')'));
            if name == "R" {
                manifest.minimum_runtime = Some((requirement.to_owned(), file.place(field.at.clone())));
            } else if !is_base(name) {
                manifest.dependencies.push(draft::dependency(file, name, requirement, scope, field.at.clone()));
            }
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}
