//! The license coverage of folders: what is declared for each, what its files state, and how many state anything.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::collect::assemble::all_of;
use crate::collect::expression;
use crate::model::{Detection, DetectionKind, FileKind, Folder, Inventory, Manifest, RelPath, concluded};

/// The folders of an inventory that hold files, and the root: sorted by path. Counts include the folders below.
///
/// What is declared is what the manifests of a folder say; where they say nothing, the one license text that lies in it;
/// else what is declared for the folder above.
pub fn folders(inventory: &Inventory) -> Vec<Folder> {
    let declared = declared(inventory);
    let mut counts: BTreeMap<&str, Count<'_>> = BTreeMap::from([("", Count::default())]);
    for file in &inventory.files {
        if matches!(file.kind, FileKind::Text(_) | FileKind::Binary) {
            let count = counts.entry(file.path.folder()).or_default();
            count.own = true;
            count.files += 1;
            if let Some(license) = &file.license {
                count.licensed += 1;
                *count.licenses.entry(license).or_default() += 1;
            }
        }
    }
    let mut out: Vec<Folder> = Vec::new();
    // A folder sorts before those in it: what is taken from the end is complete.
    while let Some((path, count)) = counts.pop_last() {
        if !path.is_empty() {
            counts.entry(path.rsplit_once('/').map_or("", |(above, _)| above)).or_default().add(&count);
        }
        if count.own || path.is_empty() {
            out.push(count.folder(RelPath::new(path), &declared));
        }
    }
    out.reverse();
    out
}

/// The files of one folder and those below.
#[derive(Default)]
struct Count<'i> {
    /// Whether files lie directly in it.
    own: bool,
    files: u64,
    licensed: u64,
    licenses: BTreeMap<&'i str, u64>,
}

impl<'i> Count<'i> {
    fn add(&mut self, below: &Self) {
        self.files += below.files;
        self.licensed += below.licensed;
        for (license, files) in &below.licenses {
            *self.licenses.entry(license).or_default() += files;
        }
    }

    fn folder(self, path: RelPath, declared: &BTreeMap<RelPath, (String, RelPath)>) -> Folder {
        let by = nearest(declared, &path);
        // An expression with brackets is a part as a whole.
        let parts = |license: &'i str| -> Vec<&'i str> {
            if license.contains('(') { vec![license] } else { license.split(" AND ").collect() }
        };
        let distinct: BTreeSet<&str> = self.licenses.keys().flat_map(|license| parts(license)).collect();
        let mut licenses: Vec<(String, u64)> = self.licenses.iter().map(|(l, n)| ((*l).to_owned(), *n)).collect();
        licenses.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Folder {
            path,
            declared: by.map(|(license, _)| license.clone()),
            declared_by: by.map(|(_, from)| from.clone()),
            detected: all_of(&distinct.into_iter().collect::<Vec<_>>()),
            licenses,
            files: self.files,
            licensed: self.licensed,
        }
    }
}

/// What is declared in each folder that declares something, and by which file.
fn declared(inventory: &Inventory) -> BTreeMap<RelPath, (String, RelPath)> {
    let mut out: BTreeMap<RelPath, (String, RelPath)> = BTreeMap::new();
    let mut texts: BTreeMap<RelPath, Vec<(&str, &RelPath)>> = BTreeMap::new();
    let named = |manifest: &&Manifest| manifest.name.is_some();
    for manifest in inventory.manifests.iter().chain(&inventory.vendored).filter(named) {
        let Some(license) = manifest.license.as_ref().and_then(|field| read(&field.text)) else { continue };
        let path = &manifest.place.path;
        out.entry(path.parent()).or_insert((license, path.clone()));
    }
    for file in &inventory.files {
        let text = |d: &&Detection| d.kind == DetectionKind::Text && d.invalid.is_none();
        if !file.licenses.iter().any(|d| text(&d))
            || !names::is_license_file(&file.path.name().to_lowercase(), &file.path)
        {
            continue;
        }
        let found = file.licenses.iter().filter(text);
        texts.entry(file.path.parent()).or_default().extend(found.map(|d| (d.expression.as_str(), &file.path)));
    }
    for (folder, texts) in texts {
        let expressions: Vec<&str> = texts.iter().map(|(expression, _)| *expression).collect();
        if let Some(license) = concluded(None, &expressions) {
            out.entry(folder).or_insert((license, texts[0].1.clone()));
        }
    }
    out
}

/// The expression that a license field means.
fn read(text: &str) -> Option<String> {
    let judged = expression::judge(text);
    if expression::is_valid(&judged.expression) {
        return Some(judged.expression);
    }
    crate::names::read(text).filter(|found| found.complete).map(|found| found.expression)
}

/// What is declared for a folder, in it or above it.
fn nearest<'d>(declared: &'d BTreeMap<RelPath, (String, RelPath)>, path: &RelPath) -> Option<&'d (String, RelPath)> {
    path.ancestors().find_map(|folder| declared.get(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ecosystem, Encoding, FileRecord, LicenseField, Place};

    fn file(path: &str, license: Option<&str>, kind: FileKind) -> FileRecord {
        let path = RelPath::new(path);
        let text = names::is_license_file(&path.name().to_lowercase(), &path);
        let detection = |expression: &str| Detection {
            expression: expression.to_owned(),
            kind: if text { DetectionKind::Text } else { DetectionKind::Tag },
            place: Place::file(path.clone()),
            score: 1.0,
            reason: String::new(),
            invalid: None,
            snippet: false,
            text: None,
        };
        FileRecord {
            kind,
            size: 1,
            licenses: license.iter().map(|l| detection(l)).collect(),
            copyrights: Vec::new(),
            license: license.map(str::to_owned),
            sha256: None,
            path,
        }
    }

    fn row(folder: &Folder) -> (&str, Option<&str>, Option<&str>, Option<&str>, u64, u64) {
        let by = folder.declared_by.as_ref().map(RelPath::as_str);
        (
            folder.path.as_str(),
            folder.declared.as_deref(),
            by,
            folder.detected.as_deref(),
            folder.files,
            folder.licensed,
        )
    }

    #[test]
    fn folders_count_what_lies_below_and_take_the_nearest_declaration() {
        let text = FileKind::Text(Encoding::Utf8);
        let files = vec![
            file("Cargo.toml", None, text.clone()),
            file("src/a.rs", Some("MIT"), text.clone()),
            file("src/b.rs", Some("Apache-2.0 OR MIT"), text.clone()),
            file("src/deep/er/c.rs", Some("MIT"), text.clone()),
            file("src/empty.rs", None, FileKind::Empty),
            file("src/logo.png", None, FileKind::Binary),
            file("vendor/z/COPYING", Some("Zlib"), text.clone()),
            file("vendor/z/z.c", Some("ISC AND Zlib"), text),
        ];
        let mut manifest = Manifest::new(Place::file(RelPath::new("Cargo.toml")), Ecosystem::CARGO);
        manifest.name = Some("it".into());
        let place = Place::file(RelPath::new("Cargo.toml"));
        manifest.license = Some(LicenseField { text: "MIT".into(), place, spdx: true });
        let inventory = Inventory { files, manifests: vec![manifest], ..Inventory::default() };
        let found = folders(&inventory);
        let (mit, cargo) = (Some("MIT"), Some("Cargo.toml"));
        assert_eq!(
            found.iter().map(row).collect::<Vec<_>>(),
            [
                ("", mit, cargo, Some("(Apache-2.0 OR MIT) AND ISC AND MIT AND Zlib"), 7, 5),
                ("src", mit, cargo, Some("(Apache-2.0 OR MIT) AND MIT"), 4, 3),
                ("src/deep/er", mit, cargo, mit, 1, 1),
                ("vendor/z", Some("Zlib"), Some("vendor/z/COPYING"), Some("ISC AND Zlib"), 2, 2),
            ]
        );
        assert_eq!(found[1].licenses, [("MIT".to_owned(), 2), ("Apache-2.0 OR MIT".to_owned(), 1)]);
    }

    #[test]
    fn texts_that_leave_a_choice_declare_nothing() {
        let text = FileKind::Text(Encoding::Utf8);
        let files =
            vec![file("LICENSE-APACHE", Some("Apache-2.0"), text.clone()), file("LICENSE-MIT", Some("MIT"), text)];
        let inventory = Inventory { files, ..Inventory::default() };
        assert_eq!(row(&folders(&inventory)[0]), ("", None, None, Some("Apache-2.0 AND MIT"), 2, 2));
        assert_eq!(row(&folders(&Inventory::default())[0]), ("", None, None, None, 0, 0));
    }
}
