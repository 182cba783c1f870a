//! Metadata of Python distributions (core metadata specification): `*.dist-info/METADATA` and `*.egg-info` of installed
//! ones, and `PKG-INFO`, by which a source distribution describes itself.

use crate::collect::SourceFile;
use crate::collect::packages::draft::{self, Draft};
use crate::collect::packages::fields::{Paragraph, paragraphs};
use crate::collect::packages::purl::{comparable, purl};
use crate::model::{Evidence, Inventory, LicenseField, Manifest, RelPath};

const PYPI: &str = "pypi";

/// Whether a file of this name in the folder of a distribution is its metadata.
pub(in crate::collect::packages) fn is_metadata(path: &RelPath) -> bool {
    match path.name() {
        "METADATA" => path.parent().name().ends_with(".dist-info"),
        name => name == "PKG-INFO",
    }
}

/// Whether the file lies where distributions are installed, and not beside their source.
fn is_installed(path: &RelPath) -> bool {
    path.name() == "METADATA" || path.as_str().contains("-packages/")
}

/// Reads the metadata: name, version and license; edges need the metadata of others, which are files of their own.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if file.path.name() == "METADATA" && !is_metadata(file.path) {
        return;
    }
    let all = paragraphs(file.text());
    let Some(fields) = all.first() else { return };
    let Some((name, version)) = fields.field("Name").zip(fields.text("Version")) else {
        return out.push(crate::collect::malformed(file, Some(1), "no `Name` or no `Version`"));
    };
    let at = name.at.clone();
    let name = comparable(PYPI, name.value.trim());
    if is_installed(file.path) {
        let mut draft = Draft::new(file, PYPI);
        let mut package = draft.package(&name, version, at);
        package.purl = purl(PYPI, &name, version, &[]);
        package.license = license(fields);
        draft.add(package);
        return draft.finish(out);
    }
    let place = file.place(at);
    let mut manifest = draft::manifest(file, PYPI);
    manifest.descriptive = true;
    manifest.name = Some(name.into_owned());
    manifest.version = Some(version.to_owned());
    manifest.license = license(fields).map(|text| LicenseField { text, place: place.clone(), spdx: false });
    manifest.description = fields.text("Summary").map(str::to_owned);
    // The description is a field, or what follows the fields (core metadata 2.1).
    let body = file.text().split_once("\n\n").or_else(|| file.text().split_once("\r\n\r\n"));
    let described = body.is_some_and(|(_, body)| !body.trim().is_empty())
        || fields.text("Description").is_some_and(|text| text != "UNKNOWN");
    manifest.readme = described.then(|| file.path.clone());
    manifest.homepage = fields.text("Home-page").filter(|url| *url != "UNKNOWN").map(str::to_owned);
    let author = fields.text("Author").filter(|name| *name != "UNKNOWN");
    let mail = fields.text("Author-email").filter(|mail| *mail != "UNKNOWN");
    manifest.authors = match (author, mail) {
        (Some(name), Some(mail)) if !mail.contains('<') => vec![format!("{name} <{mail}>")],
        (_, Some(mail)) => vec![mail.to_owned()],
        (name, None) => name.into_iter().map(str::to_owned).collect(),
    };
    manifest.place = place;
    out.push(Evidence::Manifest(Box::new(manifest)));
}

fn license(fields: &Paragraph<'_>) -> Option<String> {
    let classifiers = fields.fields.iter().filter(|f| f.key == "Classifier").map(|f| f.value.as_str());
    license_of_metadata(fields.text("License-Expression"), fields.text("License"), classifiers)
}

/// The license of a distribution: an expression, a short text, or the last part of a classifier.
pub(crate) fn license_of_metadata<'t>(
    expression: Option<&'t str>,
    text: Option<&'t str>,
    mut classifiers: impl Iterator<Item = &'t str>,
) -> Option<String> {
    let stated = expression.or(text).filter(|text| *text != "UNKNOWN");
    // People paste whole license texts into the field.
    let short = stated.filter(|text| !text.contains('\n'));
    short.or_else(|| classifiers.find_map(of_classifier)).map(str::to_owned)
}

/// The license that a classifier names.
pub(in crate::collect::packages) fn of_classifier(value: &str) -> Option<&str> {
    let name = value.strip_prefix("License :: ")?.rsplit(" :: ").next()?;
    (name != "OSI Approved").then_some(name)
}

/// Gives what a source distribution says of itself to the manifest that it was made from, where that lies in the
/// checkout too; each project is there once. Running it again changes nothing.
pub(in crate::collect::packages) fn adopt(inventory: &mut Inventory) {
    let is_own = |m: &Manifest| {
        let name = m.place.path.name();
        m.ecosystem.as_str() == PYPI && m.descriptive && (name == "PKG-INFO" || name.ends_with(".egg-info"))
    };
    let (mut metadata, mut others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut inventory.manifests).into_iter().partition(is_own);
    metadata.sort_by_key(|m| (m.place.path.depth(), m.place.path.clone()));
    for copy in metadata {
        let key = |m: &Manifest| m.name.as_deref().map(|name| comparable(PYPI, name).into_owned());
        // A distribution of one part of a repository may hold that part's own manifest as well, further down.
        let same = others.iter_mut().filter(|m| m.ecosystem.as_str() == PYPI && key(m) == key(&copy));
        match same.min_by_key(|m| m.place.path.parent() != copy.place.path.parent()) {
            Some(source) => {
                source.version = source.version.take().or(copy.version);
                source.license = source.license.take().or(copy.license);
                source.description = source.description.take().or(copy.description);
                // The README that the source names may have stayed behind, and its words are in the metadata.
                let is_there = |path: &RelPath| inventory.file(path).is_some();
                source.readme = source.readme.take().filter(is_there).or(copy.readme);
            }
            None => others.push(copy),
        }
    }
    others.sort_by(|a, b| a.place.cmp(&b.place));
    inventory.manifests = others;
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{inventory, inventory_of, manifest, with_text};
    use crate::model::RelPath;

    const METADATA: &str = "Metadata-Version: 2.1\nName: My_Lib\nVersion: 1.0\nAuthor: Ann\nAuthor-email: ann@example.org\nLicense: MIT\n";

    #[test]
    fn a_source_distribution_describes_itself() {
        let evidence = with_text("PKG-INFO", METADATA);
        let found = manifest(&evidence);
        assert_eq!((found.name.as_deref(), found.version.as_deref()), (Some("my-lib"), Some("1.0")));
        assert_eq!((found.descriptive, found.authors.as_slice()), (true, &["Ann <ann@example.org>".to_owned()][..]));
        assert!(with_text("x/METADATA", METADATA).is_empty());
    }

    #[test]
    fn the_project_is_there_once_with_its_version() {
        let file = |path: &str, text: &str| (RelPath::new(path), text.to_owned());
        let inventory = inventory_of(&[
            file("PKG-INFO", METADATA),
            file("pyproject.toml", "[project]\nname = \"my.lib\"\ndynamic = [\"version\"]\n"),
            file("src/my_lib.egg-info/PKG-INFO", METADATA),
        ]);
        let purls: Vec<_> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(purls, ["pkg:pypi/my-lib@1.0"]);
        assert_eq!(inventory.packages[0].license.declared.as_deref(), Some("MIT"));
    }

    #[test]
    fn what_follows_the_fields_is_the_readme() {
        for (text, is_readme) in [
            (format!("{METADATA}\n# My lib\n\nIt does things.\n"), true),
            (format!("{METADATA}Description: It does things.\n"), true),
            (format!("{METADATA}Description: UNKNOWN\n"), false),
            (METADATA.to_owned(), false),
        ] {
            let evidence = with_text("PKG-INFO", &text);
            assert_eq!(manifest(&evidence).readme.is_some(), is_readme, "{text}");
        }
    }

    #[test]
    fn installed_distributions_are_dependencies() {
        let inventory = inventory("python-installed/plain");
        assert!(!inventory.packages.is_empty() && inventory.packages.iter().all(|p| !p.local));
    }
}
