//! Drops names without a version beside a tag that has one, and names the license that a bare `BSD` and `a BSD-style
//! license that can be found in the LICENSE file` mean: by the text in the license file of its project, else, where it is
//! the other choice beside the GPL, the one that the kernel's `Dual BSD/GPL` means.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::names;
use super::statements::{POINTED, family_of, ids, is_bare};
use crate::model::{Detection, DetectionKind, Inventory, RelPath, is_readme_name};

const BARE: &str = "LicenseRef-BSD";
/// The BSD license that is offered beside the GPL (the Linux kernel's license rules: `Dual BSD/GPL`).
const DUAL: &str = "BSD-3-Clause";

/// Gives each bare `BSD` the identifier of the one BSD license whose text lies in the nearest folder above it that has
/// license files.
pub(super) fn resolve(inventory: &mut Inventory) {
    let mut folders: BTreeMap<RelPath, BTreeSet<String>> = BTreeMap::new();
    for file in &inventory.files {
        if file.licenses.is_empty() || !names::is_license_file(&file.path.name().to_lowercase(), &file.path) {
            continue;
        }
        let texts =
            file.licenses.iter().filter(|d| d.kind == DetectionKind::Text && d.expression.starts_with("BSD-"));
        folders.entry(file.path.parent()).or_default().extend(texts.map(|d| d.expression.clone()));
    }
    inventory.files.par_iter_mut().for_each(|file| {
        drop_beside_tags(&mut file.licenses);
        let path = &file.path;
        if is_readme_name(path.name()) {
            drop_branches(&mut file.licenses);
        }
        if let Some(id) = spelled_out(&file.licenses) {
            for found in
                file.licenses.iter_mut().filter(|d| d.kind != DetectionKind::Clue && d.expression.contains(BARE))
            {
                found.expression = found.expression.replace(BARE, &id);
                found.reason = format!("{}; the file names {id} as well", found.reason);
            }
        }
        for found in file.licenses.iter_mut().filter(|d| d.reason == POINTED) {
            if let Some(id) = nearest(&folders, path).filter(|id| *id != found.expression) {
                found.expression = id.to_owned();
                found.reason = format!("{POINTED}, which is {id}");
            }
        }
        for found in file.licenses.iter_mut().filter(|d| d.kind != DetectionKind::Clue && d.expression.contains(BARE))
        {
            if let Some(id) = nearest(&folders, path) {
                found.expression = found.expression.replace(BARE, id);
                found.reason = format!("{}; {id} is the BSD license of the project's license file", found.reason);
            } else if found.expression.contains(" OR ") && found.expression.contains("GPL-") {
                found.expression = found.expression.replace(BARE, DUAL);
                found.reason = format!("{}; BSD beside the GPL is {DUAL}", found.reason);
            }
        }
    });
}

/// Drops names of GNU licenses without a version, as in "You should have received a copy of the GNU General Public
/// License", where a tag of the file names a version.
fn drop_beside_tags(licenses: &mut Vec<Detection>) {
    let may_go = |d: &Detection| {
        matches!(d.kind, DetectionKind::Reference | DetectionKind::Notice)
            && is_bare(&d.expression)
            && d.expression != BARE
    };
    // Hardly a file has one.
    if !licenses.iter().any(may_go) {
        return;
    }
    let tags = licenses.iter().filter(|d| d.kind == DetectionKind::Tag && d.invalid.is_none());
    let tagged: Vec<String> = tags.flat_map(|d| ids(&d.expression)).map(str::to_owned).collect();
    let says_less = |d: &Detection| may_go(d) && tagged.iter().any(|id| family_of(id) == family_of(&d.expression));
    licenses.retain(|d| !says_less(d));
}

/// Drops fields, badges and titles that name one license of the choice that a README states; a sentence or a text of
/// one of them says more.
fn drop_branches(licenses: &mut Vec<Detection>) {
    let mut choices = licenses
        .iter()
        .filter(|d| d.kind != DetectionKind::Clue && d.invalid.is_none() && d.expression.contains(" OR "))
        .map(|d| d.expression.split(" OR ").map(str::to_owned).collect::<BTreeSet<String>>());
    // Of two choices each may be that of a part.
    let Some(choice) = choices.next().filter(|one| choices.all(|other| other == *one)) else { return };
    let short = |d: &Detection| matches!(d.kind, DetectionKind::Field | DetectionKind::Reference);
    licenses.retain(|d| !(short(d) && choice.contains(&d.expression)));
}

/// The one BSD license that a file names beside a bare `BSD`, as a manifest with a license field and the coarser
/// classifiers of its registry does.
fn spelled_out(licenses: &[Detection]) -> Option<String> {
    let counts = |d: &&Detection| d.kind != DetectionKind::Clue;
    if !licenses.iter().filter(counts).any(|d| d.expression.contains(BARE)) {
        return None;
    }
    let mut ids = licenses.iter().filter(counts).flat_map(|d| ids(&d.expression)).filter(|id| id.starts_with("BSD-"));
    let first = ids.next()?;
    ids.all(|id| id == first).then(|| first.to_owned())
}

/// The license of the nearest folder with license files, when it is one.
fn nearest<'f>(folders: &'f BTreeMap<RelPath, BTreeSet<String>>, path: &RelPath) -> Option<&'f str> {
    let mut folder = path.parent();
    loop {
        if let Some(texts) = folders.get(&folder) {
            return if texts.len() == 1 { texts.first().map(String::as_str) } else { None };
        }
        if folder.as_str().is_empty() {
            return None;
        }
        folder = folder.parent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Detection, Encoding, FileKind, FileRecord, Place};

    fn file(path: &str, expression: &str, kind: DetectionKind) -> FileRecord {
        let path = RelPath::new(path);
        FileRecord {
            path: path.clone(),
            kind: FileKind::Text(Encoding::Utf8),
            size: 1,
            licenses: vec![Detection {
                expression: expression.to_owned(),
                kind,
                place: Place { path, region: None },
                score: 1.0,
                reason: String::new(),
                invalid: None,
                snippet: false,
                text: None,
            }],
            copyrights: Vec::new(),
            license: None,
            sha256: None,
        }
    }

    #[test]
    fn a_bare_name_is_what_the_file_spells_out() {
        let mut manifest = file("METADATA", "BSD-3-Clause", DetectionKind::Field);
        manifest.licenses.extend(file("METADATA", BARE, DetectionKind::Reference).licenses);
        let mut unclear = file("README", "BSD-3-Clause", DetectionKind::Notice);
        unclear.licenses.extend(file("README", BARE, DetectionKind::Notice).licenses);
        unclear.licenses.extend(file("README", "BSD-2-Clause", DetectionKind::Notice).licenses);
        let mut inventory = Inventory { files: vec![manifest, unclear], ..Inventory::default() };
        resolve(&mut inventory);
        let found = |n: usize| inventory.files[n].licenses[1].expression.as_str();
        assert_eq!((found(0), found(1)), ("BSD-3-Clause", BARE));
    }

    #[test]
    fn a_name_without_a_version_says_nothing_beside_a_tag() {
        let tagged = |other: &str, kind| {
            let mut source = file("a.c", "GPL-2.0-or-later", DetectionKind::Tag);
            source.licenses.extend(file("a.c", other, kind).licenses);
            let mut inventory = Inventory { files: vec![source], ..Inventory::default() };
            resolve(&mut inventory);
            inventory.files[0].licenses.len()
        };
        assert_eq!(tagged("GPL-1.0-or-later", DetectionKind::Reference), 1);
        assert_eq!(tagged("LGPL-2.0-or-later", DetectionKind::Reference), 2);
        assert_eq!(tagged("GPL-3.0-only", DetectionKind::Notice), 2);
        assert_eq!(tagged("GPL-1.0-or-later", DetectionKind::Text), 2);
    }

    #[test]
    fn a_badge_of_one_license_says_nothing_beside_the_choice_that_a_readme_states() {
        let left = |path: &str, choice: &str, other: &str, kind| {
            let mut readme = file(path, choice, DetectionKind::Notice);
            readme.licenses.extend(file(path, other, kind).licenses);
            let mut inventory = Inventory { files: vec![readme], ..Inventory::default() };
            resolve(&mut inventory);
            inventory.files[0].licenses.len()
        };
        let (badge, choice) = (DetectionKind::Reference, "Apache-2.0 OR MIT");
        assert_eq!(left("README.md", choice, "MIT", badge), 1);
        assert_eq!(left("lib/Readme", choice, "Apache-2.0", DetectionKind::Field), 1);
        assert_eq!(left("README.md", choice, "ISC", badge), 2);
        assert_eq!(left("README.md", choice, "MIT", DetectionKind::Notice), 2);
        assert_eq!(left("README.md", choice, "MIT", DetectionKind::Text), 2);
        assert_eq!(left("README.md", "Apache-2.0 AND MIT", "MIT", badge), 2);
        assert_eq!(left("src/a.rs", choice, "MIT", badge), 2);
    }

    #[test]
    fn a_license_file_that_a_notice_points_at_says_which_bsd_license_it_is() {
        let mut source = file("a.go", "BSD-3-Clause", DetectionKind::Notice);
        source.licenses[0].reason = POINTED.to_owned();
        let named = file("b.go", "BSD-3-Clause", DetectionKind::Notice);
        let text = file("LICENSE", "BSD-2-Clause", DetectionKind::Text);
        let mut inventory = Inventory { files: vec![source.clone(), named, text], ..Inventory::default() };
        resolve(&mut inventory);
        let found: Vec<&str> = inventory.files.iter().map(|f| f.licenses[0].expression.as_str()).collect();
        assert_eq!(found, ["BSD-2-Clause", "BSD-3-Clause", "BSD-2-Clause"]);
        let mut alone = Inventory { files: vec![source], ..Inventory::default() };
        resolve(&mut alone);
        assert_eq!(alone.files[0].licenses[0].expression, "BSD-3-Clause");
    }

    #[test]
    fn a_bare_name_is_the_text_of_the_nearest_license_file() {
        let notice = DetectionKind::Notice;
        let files = vec![
            file("LICENSE", "BSD-3-Clause", DetectionKind::Text),
            file("lib/a.c", "LicenseRef-BSD", notice),
            file("lib/b.c", "LicenseRef-BSD OR MIT", notice),
            file("lib/c.c", "LicenseRef-BSD", DetectionKind::Clue),
            file("vendor/x/e.c", "GPL-2.0-only OR LicenseRef-BSD", notice),
            file("vendor/x/COPYING", "MIT", DetectionKind::Text),
            file("vendor/x/d.c", "LicenseRef-BSD", notice),
        ];
        let mut inventory = Inventory { files, ..Inventory::default() };
        resolve(&mut inventory);
        let found: Vec<&str> = inventory.files.iter().map(|f| f.licenses[0].expression.as_str()).collect();
        assert_eq!(
            found,
            [
                "BSD-3-Clause",
                "BSD-3-Clause",
                "BSD-3-Clause OR MIT",
                "LicenseRef-BSD",
                "GPL-2.0-only OR BSD-3-Clause",
                "MIT",
                "LicenseRef-BSD"
            ]
        );
    }
}
