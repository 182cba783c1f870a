//! REUSE 3.3: the LICENSES/ folder and REUSE.toml against what the files use.

use std::collections::BTreeMap;

use super::Predicate;
use crate::model::{DetectionKind, Place, RelPath, Severity, is_readme_name};
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

/// Why the REUSE rules abstain.
const NOT_REUSE: &str = "the project does not use REUSE (no LICENSES/ folder with SPDX names, no REUSE.toml)";

/// License files of the LICENSES/ folder at the root, by id.
fn license_files<'a>(context: &Context<'a>) -> BTreeMap<&'a str, &'a RelPath> {
    let files = context.scene.inventory.files.iter().filter(|f| f.path.folder() == "LICENSES");
    let files = files.filter(|f| f.path.extension() != "license" && !is_readme_name(f.path.name()));
    files
        .map(|f| {
            // An id may hold dots, so only the known endings are cut.
            let name = f.path.name();
            let id = [".txt", ".md", ".html", ".rst"].iter().find_map(|ext| name.strip_suffix(ext)).unwrap_or(name);
            (id, &f.path)
        })
        .collect()
}

/// Whether the project follows REUSE: a REUSE.toml or dep5, or a LICENSES/ folder whose files are for the
/// most part named by SPDX ids and an ending. Without an ending they follow the kernel of Linux, which keeps one text
/// for all variants of a license.
fn uses_reuse(context: &Context<'_>) -> bool {
    let files = license_files(context);
    let is_known = |id: &str| spdx::license_id(id).is_some() || id.starts_with("LicenseRef-");
    let known = files.iter().filter(|(id, path)| is_known(id) && path.name() != **id).count();
    // A folder of that name may as well hold the licenses of what is bundled, under the names of that.
    is_annotated(context) || known > 0 && 2 * known >= files.len()
}

/// Whether a REUSE.toml or dep5 speaks for the whole tree. One of a folder speaks for what was copied there.
fn is_annotated(context: &Context<'_>) -> bool {
    let homes = context.scene.inventory.reuse.iter().map(|annotation| annotation.place.path.folder());
    homes.into_iter().any(|folder| ["", ".reuse"].contains(&folder))
}

/// Where a license is used.
struct Use {
    /// The first place.
    place: Place,
    /// Whether every place offers another license to choose.
    optional: bool,
    /// Whether every place is a tag below the header of its file, as in texts that a program writes.
    below: bool,
}

/// A tag that follows another one by more lines is not of the same header.
const LINES_OF_A_HEADER: u32 = 10;

/// Every license and exception id that tags and annotations use, with the first place.
fn used(context: &Context<'_>) -> BTreeMap<String, Use> {
    let inventory = context.scene.inventory;
    let mut out = BTreeMap::new();
    let mut add = |text: &str, place: &Place, below: bool| {
        let Some(parsed) = expression::parse(text) else { return };
        let optional = text.contains(" OR ");
        for part in parsed.requirements() {
            let license = part.req.license.to_string();
            // `Apache-2.0+` uses the text of `Apache-2.0`.
            let license = license.trim_end_matches('+').to_owned();
            for id in [Some(license), part.req.addition.as_ref().map(ToString::to_string)].into_iter().flatten() {
                let known = out.entry(id).or_insert_with(|| Use { place: place.clone(), optional, below });
                known.optional &= optional;
                known.below &= below;
            }
        }
    };
    for file in &inventory.files {
        let tags = || file.licenses.iter().filter(|d| d.kind == DetectionKind::Tag && d.invalid.is_none());
        let first = tags().map(|tag| tag.place.start_line()).min().unwrap_or_default();
        for tag in tags() {
            add(&tag.expression, &tag.place, tag.place.start_line() > first + LINES_OF_A_HEADER);
        }
    }
    for annotation in &inventory.reuse {
        for license in &annotation.licenses {
            add(license, &annotation.place, false);
        }
    }
    out
}

pub(super) const MISSING: Predicate = Predicate {
    name: "reuse-text-missing",
    about: "A license or exception that a tag or annotation uses has no text in LICENSES/. Only for projects that use REUSE; a warning where neither a REUSE.toml (or .reuse/dep5) nor the texts of half of the used licenses say so, without the former for a license that is one of a choice wherever it is used, and for one that only tags below the header of a file name.",
    on: SubjectKind::Repository,
    fields: &["id"],
    params: &[],
    check: |context, judge| {
        if !uses_reuse(context) {
            return judge.nothing(NOT_REUSE);
        }
        if !context.scene.inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        let files = license_files(context);
        let used = used(context);
        // A folder of that name alone may follow rules of its own.
        let kept = used.keys().filter(|id| files.contains_key(id.as_str())).count();
        let claims = is_annotated(context) || 2 * kept >= used.len();
        for (id, Use { place, optional, below }) in used {
            let is_sure = !below && (is_annotated(context) || claims && !optional);
            let at_most = if is_sure { Severity::Error } else { Severity::Warning };
            if files.contains_key(id.as_str()) {
                judge.pass();
            } else {
                let failure = Failure::new(format!("LICENSES/{id}.txt"), place).with("id", id.clone()).license(id);
                judge.fail(failure.at_most(at_most));
            }
        }
    },
};

pub(super) const UNUSED: Predicate = Predicate {
    name: "reuse-text-unused",
    about: "A text in LICENSES/ belongs to no license that a tag, an annotation or a manifest uses. Only for projects that use REUSE.",
    on: SubjectKind::File,
    fields: &["id"],
    params: &[],
    check: |context, judge| {
        if !uses_reuse(context) {
            return judge.nothing(NOT_REUSE);
        }
        let used = used(context);
        let declared: Vec<String> = context.scene.project.declared().iter().flat_map(expression::ids).collect();
        for (id, path) in license_files(context) {
            let named = used.contains_key(id) || declared.iter().any(|d| d == id);
            // GNU tags may be written without the suffix that the file has, and the other way round.
            let family = used.keys().any(|u| expression::text_id(u) == expression::text_id(id));
            if named || family {
                judge.pass();
            } else {
                judge.fail(Failure::new(path.as_str(), Place::file(path.clone())).with("id", id));
            }
        }
    },
};

pub(super) const DANGLING: Predicate = Predicate {
    name: "reuse-annotation-dangling",
    about: "A path pattern of REUSE.toml matches no file of the scan.",
    on: SubjectKind::File,
    fields: &["pattern"],
    params: &[],
    check: |context, judge| {
        if context.scene.inventory.reuse.is_empty() {
            return judge.nothing("there is no REUSE.toml");
        }
        if !context.scene.inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        for annotation in &context.scene.inventory.reuse {
            for (i, (pattern, place)) in annotation.patterns.iter().enumerate() {
                if annotation.covered.get(i).is_none_or(|count| *count > 0) {
                    judge.pass();
                } else {
                    judge.fail(Failure::new(place.path.as_str(), place.clone()).with("pattern", pattern.clone()));
                }
            }
        }
    },
};
