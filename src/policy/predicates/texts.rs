//! License texts: are they there, are they known, are they whole.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::manifests::is_reuse_text;
use super::{Context, PARTIAL, Predicate};
use crate::model::{
    Detection, DetectionKind, FileKind, FileRecord, Place, RelPath, Severity, TextMatch, is_readme_name,
};
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_first_party, is_license_text_name, is_source, is_test, is_vendored};
use crate::policy::project::{LicenseText, UNIDENTIFIED as NO_LICENSE, Unit, is_in_dist_info};

/// Below this likeness to the nearest license, a text that lies beside identified ones explains them ("which license
/// applies to which part") rather than being one.
const ALIKE: f32 = 0.3;

/// A text with fewer bytes than this points at a license rather than being one ("see LICENSE-MIT").
const POINTER: u64 = 600;

pub(super) const NO_ROOT_TEXT: Predicate = Predicate {
    name: "license-text-missing",
    about: "The root, or a package that may be published, has no license text in its folder nor in one above it, under whatever name; one below `doc` or `docs` counts for the folder that holds it. A warning where a folder further down, a document or a source file has the text of what is named, and where the manifest is one of R or Perl or what is named is a Creative Commons license or the public domain: the texts of those are kept elsewhere by custom, or there are none.",
    on: SubjectKind::Repository,
    fields: &["folder", "problem"],
    params: &[],
    check: |context, judge| {
        if !context.scene.inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let project = context.scene.project;
        let is_wrapped = project.is_wrapped();
        if is_wrapped {
            judge.undecided("the root holds nothing but the folder of a project");
        }
        let is_collection = project.is_collection();
        if is_collection {
            judge.undecided("the root holds nothing but the folders of projects");
        }
        // Folders whose texts stand under another name, or in another folder: those below them have them as well.
        let mut covered: Vec<&RelPath> = Vec::new();
        for unit in &project.units {
            let publishable = unit.manifests.iter().any(|m| m.publishable);
            let is_root = unit.folder.as_str().is_empty();
            if is_root && (is_wrapped || is_collection) || !is_root && (!publishable || is_in_dist_info(&unit.folder))
            {
                continue;
            }
            let named = unit.manifests.iter().filter_map(|m| m.license_file.as_ref());
            // The text may stand in a file of another name: NOTICE, COPYRIGHT, the README.
            let elsewhere = || {
                // Packages of PEAR have theirs further down.
                let documents = |f: &&FileRecord| {
                    let is_home = |at: &RelPath| at.parent() == unit.folder && ["doc", "docs"].contains(&at.name());
                    is_license_text_name(&f.path) && f.path.parent().ancestors().any(|at| is_home(&at))
                };
                let all = &context.scene.inventory.files;
                if all.iter().any(|f| documents(&f)) {
                    return true;
                }
                let files = all.iter().filter(|f| f.path.lies_in(&unit.folder));
                let prose = ["", "md", "markdown", "rst", "adoc", "txt", "html"];
                let mut files = files.filter(|f| prose.contains(&f.path.extension().to_ascii_lowercase().as_str()));
                files.any(|f| f.licenses.iter().any(|d| d.kind == DetectionKind::Text && d.expression != NO_LICENSE))
            };
            let has_elsewhere = unit.texts.is_empty() && elsewhere();
            if has_elsewhere {
                covered.push(&unit.folder);
            }
            if !unit.texts.is_empty()
                || has_elsewhere
                || covered.iter().any(|folder| unit.folder.is_within(folder))
                || named.into_iter().any(|(path, _)| context.scene.inventory.file(path).is_some())
            {
                judge.pass();
            } else if is_root && has_unread_text(context) {
                judge
                    .undecided("the license text is a link that leads nowhere here, or in a format that is not read");
            } else if let Some(place) = if is_root { project.anchor() } else { project.unit_anchor(&unit.folder) } {
                // One finding at the root is enough when the packages below it lack the text for the same reason.
                if !is_root && judge.failures.iter().any(|f| f.subject == "repository") {
                    continue;
                }
                let subject = if is_root { "repository".to_owned() } else { unit.folder.to_string() };
                let folder = if is_root { "the root".to_owned() } else { format!("`{}`", unit.folder) };
                let mut failure = Failure::new(subject, place).with("folder", folder);
                let named = named_license(context, unit);
                let below = named.as_ref().and_then(|named| text_below(context, unit, named));
                failure = match (named, below) {
                    (None, _) => failure.with(
                        "problem",
                        "nothing here is known to allow anybody to use, change or pass on this work",
                    ),
                    (Some(_), Some((file, text))) => failure
                        .with(
                            "problem",
                            format!("the text of {} is in {}, where few look", text.expression, file.path),
                        )
                        .at_most(Severity::Warning)
                        .also(text.place.clone(), format!("the text of {}", text.expression)),
                    (Some(named), _) => {
                        let by_custom = named.license.starts_with("CC-")
                            || named.license.split(" OR ").any(|branch| branch == PUBLIC_DOMAIN)
                            || named.is_that_of_perl()
                            || unit.manifests.iter().any(|m| ["cran", "cpan"].contains(&m.ecosystem.as_str()));
                        failure.with("problem", named.problem()).at_most(if by_custom {
                            Severity::Warning
                        } else {
                            Severity::Error
                        })
                    }
                };
                judge.fail(failure);
            }
        }
    },
};

/// Whether the root has a file for the license whose text is not known: a link out of what was scanned, or a PDF.
fn has_unread_text(context: &Context<'_>) -> bool {
    let inventory = context.scene.inventory;
    let is_at_root = |path: &RelPath| path.depth() == 1 && is_license_text_name(path);
    inventory.files.iter().any(|f| is_at_root(&f.path) && matches!(f.kind, FileKind::Binary | FileKind::Unread))
        || inventory.skipped.iter().any(|skipped| is_at_root(&skipped.path))
}

/// A license that is named somewhere.
struct Named {
    license: String,
    path: RelPath,
}

impl Named {
    /// Whether a text is that of the license, or of one of several.
    fn is_of(&self, text: &Detection) -> bool {
        let ids = |written: &str| {
            let read = expression::parse(written)
                .or_else(|| expression::suggest(written).and_then(|better| expression::parse(&better)));
            let ids = read.iter().flat_map(expression::ids).collect::<Vec<_>>();
            ids.iter().map(|id| expression::text_id(id).to_owned()).collect::<Vec<_>>()
        };
        let theirs = ids(&text.expression);
        // `BSD` is the name of a family.
        if theirs.iter().any(|id| id.split('-').next() == Some(self.license.trim())) {
            return true;
        }
        ids(&self.license).iter().any(|id| theirs.contains(id))
    }

    /// Whether it is the choice that Perl itself offers, whose texts come with Perl.
    fn is_that_of_perl(&self) -> bool {
        let ids = expression::parse(&self.license).iter().flat_map(expression::ids).collect::<Vec<_>>();
        ids.len() == 2
            && ids.iter().any(|id| id == "Artistic-1.0-Perl")
            && ids.iter().any(|id| id.starts_with("GPL-1.0"))
    }

    fn problem(&self) -> String {
        match self.license.as_str() {
            PUBLIC_DOMAIN => format!("{} speaks of the public domain, which not every law knows", self.path),
            license => format!("{} names {license}, and no license file has its terms", self.path),
        }
    }
}

/// The id for what is said to be in the public domain.
const PUBLIC_DOMAIN: &str = "LicenseRef-public-domain";

/// A text of a license that is named, of the project's own, that stands where few look: in a folder below that of a
/// package, in a document, or at the head of a source file.
fn text_below<'a>(context: &Context<'a>, unit: &Unit<'_>, named: &Named) -> Option<(&'a FileRecord, &'a Detection)> {
    let below = context.scene.inventory.below(&unit.folder).iter();
    // What is packed with a release lies where tools write, such as `src/dist`.
    let is_packed = |path: &RelPath| is_license_text_name(path) && !is_vendored(path) && !is_test(path);
    let own = below.filter(|f| !f.licenses.is_empty() && (is_first_party(&f.path) || is_packed(&f.path)));
    let texts = own.filter_map(|file| {
        let mut found = file.licenses.iter();
        Some((file, found.find(|d| d.kind == DetectionKind::Text && d.expression != NO_LICENSE && named.is_of(d))?))
    });
    texts.min_by_key(|(file, _)| (!is_license_text_name(&file.path), !is_readme_name(file.path.name())))
}

/// Words of a field that name no license: npm's for what nobody has one to, and that of CPAN where nobody said.
const NO_STATEMENT: &[&str] = &["UNLICENSED", "unknown"];

/// The license that the manifest of a package, a document of its folder, or else one of its source files names.
fn named_license(context: &Context<'_>, unit: &Unit<'_>) -> Option<Named> {
    let declared = unit.manifests.iter().find_map(|m| Some((m, m.license.as_ref()?)));
    let declared = declared.filter(|(_, field)| !NO_STATEMENT.contains(&field.text.as_str()));
    if let Some((manifest, field)) = declared {
        return Some(Named { license: field.text.clone(), path: manifest.place.path.clone() });
    }
    let inventory = context.scene.inventory;
    // A wheel is described in a folder of its own.
    let is_description = |f: &&FileRecord| f.path.name() == "METADATA" && is_in_dist_info(&f.path);
    let is_root = unit.folder.as_str().is_empty();
    let described = inventory.files.iter().filter(|_| is_root).find(is_description);
    if let Some((file, field)) = described.and_then(|file| Some((file, file.licenses.first()?))) {
        return Some(Named { license: field.expression.clone(), path: file.path.clone() });
    }
    let counts = |file: &FileRecord, d: &Detection| {
        d.place.path == file.path
            && d.invalid.is_none()
            && d.expression != NO_LICENSE
            && d.kind != DetectionKind::Clue
    };
    let states = |file: &FileRecord| {
        let mut own = file.licenses.iter().filter(|d| {
            counts(file, d) && matches!(d.kind, DetectionKind::Tag | DetectionKind::Notice | DetectionKind::Text)
        });
        own.next().map(|d| Named { license: d.expression.clone(), path: file.path.clone() })
    };
    let here = inventory.below(&unit.folder).iter();
    let is_readme = |f: &&FileRecord| is_readme_name(f.path.name());
    let documents = here.clone().filter(|f| f.path.lies_in(&unit.folder) && !is_source(f.path.extension()));
    let sources = here.clone().filter(|f| is_source(f.path.extension()) && is_first_party(&f.path));
    let below = here.clone().filter(|f| is_license_text_name(&f.path) && is_first_party(&f.path));
    // Scripts without an ending, manuals.
    let others = here.filter(|f| is_first_party(&f.path));
    // The README speaks for all; a page may be by others.
    let stated = documents.clone().filter(is_readme).find_map(states);
    let stated = stated.or_else(|| most_frequent(sources.filter_map(states)));
    let stated = stated.or_else(|| below.chain(documents.clone()).chain(others).find_map(states));
    // Where nothing states one, what is said in passing is better than to say that there is none.
    stated.or_else(|| {
        let mut named = documents.filter_map(|f| Some((f, f.licenses.iter().find(|d| counts(f, d))?)));
        named.next().map(|(file, d)| Named { license: d.expression.clone(), path: file.path.clone() })
    })
}

/// The first statement of the license that most files state; the first of all among equals.
fn most_frequent(stated: impl Iterator<Item = Named>) -> Option<Named> {
    let mut by_license: BTreeMap<String, (usize, usize, Named)> = BTreeMap::new();
    for (at, named) in stated.enumerate() {
        by_license.entry(named.license.clone()).or_insert((0, at, named)).0 += 1;
    }
    by_license.into_values().max_by_key(|(count, at, _)| (*count, Reverse(*at))).map(|(_, _, named)| named)
}

/// Every license text of the project once, by its path.
fn texts<'a>(context: &Context<'a>) -> Vec<LicenseText<'a>> {
    let mut out: Vec<LicenseText<'a>> =
        context.scene.project.units.iter().filter(|u| u.own_texts).flat_map(|u| u.texts.iter().copied()).collect();
    out.sort_by_key(|text| text.path);
    out.dedup_by_key(|text| text.path);
    // A link and its target are one text.
    out.retain(|text| text.path == &text.file.path);
    out
}

pub(super) const UNIDENTIFIED: Predicate = Predicate {
    name: "license-text-unidentified",
    about: "A file named like a license text matches no known license. A short pointer to other texts is none. A warning in a folder of texts (`LICENSES/`) of a project that has a known one, and for a few words that read like no license.",
    on: SubjectKind::File,
    fields: &["nearest", "likeness"],
    params: &[],
    check: |context, judge| {
        let all = texts(context);
        for text in &all {
            let known = text.file.licenses.iter().any(|d| d.expression != NO_LICENSE && d.invalid.is_none());
            let beside = all.iter().any(|other| other.path != text.path && !other.text_ids().is_empty());
            let nearest = text.found().find(|d| d.expression == NO_LICENSE);
            let alike = nearest.is_some_and(|d| d.score >= ALIKE);
            // Packages of R name a template in DESCRIPTION (`MIT + file LICENSE`), and the file fills it in.
            let filled = || {
                let manifests = context.scene.inventory.manifests.iter().filter(|m| m.ecosystem.as_str() == "cran");
                let here = manifests.filter(|m| m.place.path.parent() == text.path.parent());
                text.file.size < POINTER && here.into_iter().any(|m| m.license.is_some() || m.license_file.is_some())
            };
            let pointer = beside && (text.file.size < POINTER || !alike) || filled();
            if known || pointer || !matches!(text.file.kind, FileKind::Text(_)) {
                judge.pass();
                continue;
            }
            let (name, likeness) = match nearest.and_then(|d| Some((d.text.as_ref()?, d.score))) {
                Some((found, score)) if !found.nearest.is_empty() => {
                    (found.nearest.clone(), format!("{:.0} %", score * 100.0))
                }
                _ => ("none".to_owned(), "0 %".to_owned()),
            };
            let mut failure = Failure::new(text.path.as_str(), whole(text.path, nearest))
                .with("nearest", name)
                .with("likeness", likeness);
            for added in nearest.and_then(|d| d.text.as_ref()).into_iter().flat_map(|t| &t.added).take(3) {
                failure = failure.also(added.clone(), "words that the nearest text does not have");
            }
            // A folder of texts beside the project's own license has those of its parts.
            let is_of_part = beside && is_in_folder_of_texts(text.path);
            // A line or two that read like no license lead elsewhere: "See individual files for licenses".
            let is_pointer = nearest.is_none() && text.file.size < POINTER;
            let is_lesser = is_of_part || is_pointer;
            judge.fail(failure.at_most(if is_lesser { Severity::Warning } else { Severity::Error }));
        }
    },
};

/// Whether a text lies in a folder that is made for license texts.
fn is_in_folder_of_texts(path: &RelPath) -> bool {
    ["licenses", "license", "licences", "licence"].contains(&path.parent().name().to_ascii_lowercase().as_str())
}

/// The place of a detection, or the file when there is none.
fn whole(path: &RelPath, detection: Option<&Detection>) -> Place {
    detection.map_or_else(|| Place::file(path.clone()), |d| d.place.clone())
}

/// Every identified text with how it compares.
fn compared<'a>(context: &Context<'a>) -> Vec<(LicenseText<'a>, &'a Detection, &'a TextMatch)> {
    texts(context)
        .into_iter()
        .flat_map(|text| text.found().map(move |d| (text, d)))
        .filter(|(_, d)| d.expression != NO_LICENSE)
        .filter_map(|(text, d)| Some((text, d, d.text.as_ref()?)))
        .collect()
}

pub(super) const ALTERED: Predicate = Predicate {
    name: "license-text-altered",
    about: "A known license text has words added, left out or replaced, as the SPDX matching guidelines count them.",
    on: SubjectKind::File,
    fields: &["license", "difference"],
    params: &[],
    check: |context, judge| {
        for (text, detection, found) in compared(context) {
            let moved = found.added.iter().any(is_address);
            // Where another address stands, words of the present one are missing. `^L` is how editors show a page break.
            let is_break = |place: &Place| place.region.as_ref().is_some_and(|region| region.excerpt.trim() == "^L");
            let added: Vec<&Place> =
                found.added.iter().filter(|place| !is_address(place) && !is_break(place)).collect();
            let missing: Vec<&String> =
                found.missing.iter().filter(|run| !(moved && is_short(run) || is_title(run))).collect();
            if found.exact || (missing.is_empty() && added.is_empty()) {
                judge.pass();
                continue;
            }
            let mut words = Vec::new();
            if let Some(run) = missing.first() {
                words.push(format!("without \"{}\"", shortened(run)));
            }
            if let Some(place) = added.first() {
                let excerpt =
                    place.region.as_ref().map(|r| r.excerpt.split_whitespace().collect::<Vec<_>>().join(" "));
                words.push(format!("with \"{}\"", shortened(&excerpt.unwrap_or_default())));
            }
            let place = added.first().map_or_else(|| detection.place.clone(), |place| (*place).clone());
            let mut failure = Failure::new(text.path.as_str(), place)
                .with("license", detection.expression.clone())
                .with("difference", words.join(" and "))
                .license(detection.expression.clone());
            for place in added.into_iter().skip(1).take(3) {
                failure = failure.also(place.clone(), "also not in the standard text");
            }
            judge.fail(failure);
        }
    },
};

/// Whether words are one of the addresses that the Free Software Foundation has had: no term of its licenses.
fn is_address(place: &Place) -> bool {
    let streets = ["franklin st", "temple place", "mass ave", "massachusetts ave", "milk street"];
    let excerpt = place.region.as_ref().map(|region| region.excerpt.to_lowercase()).unwrap_or_default();
    excerpt.len() < 120 && streets.iter().any(|street| excerpt.contains(street))
}

/// Whether a run of words is as short as a part of an address: `fifth floor`, `1301`.
fn is_short(run: &str) -> bool {
    run.split_whitespace().count() <= 4
}

/// Whether words are no more than the title of a license, which its text repeats.
fn is_title(run: &str) -> bool {
    run.split_whitespace().count() <= 5 && run.ends_with("license")
}

/// At most twelve words of a text.
fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= 12 { words.join(" ") } else { format!("{} …", words[..12].join(" ")) }
}

pub(super) const RIDER: Predicate = Predicate {
    name: "license-rider",
    about: "A condition beside a license text restricts what the text allows: Commons Clause, non-commercial, field of use.",
    on: SubjectKind::File,
    fields: &["license"],
    params: &[],
    check: |context, judge| {
        for (text, detection, found) in compared(context) {
            match found.riders.split_first() {
                None => judge.pass(),
                Some((first, rest)) => {
                    let mut failure = Failure::new(text.path.as_str(), first.clone())
                        .with("license", detection.expression.clone())
                        .license(detection.expression.clone());
                    for place in rest.iter().take(3) {
                        failure = failure.also(place.clone(), "and this one");
                    }
                    judge.fail(failure);
                }
            }
        }
    },
};

pub(super) const PLACEHOLDER: Predicate = Predicate {
    name: "license-placeholder",
    about: "A field of a license template was not filled in. The texts in LICENSES/ are those of the list, and files say whose they are.",
    on: SubjectKind::File,
    fields: &["license", "placeholder"],
    params: &[],
    check: |context, judge| {
        for (text, detection, found) in compared(context).into_iter().filter(|(t, ..)| !is_reuse_text(t.path)) {
            match found.placeholders.split_first() {
                None => judge.pass(),
                Some((first, rest)) => {
                    let written = first.region.as_ref().map(|r| r.excerpt.trim().to_owned()).unwrap_or_default();
                    let mut failure = Failure::new(text.path.as_str(), first.clone())
                        .with("license", detection.expression.clone())
                        .with("placeholder", shortened(&written));
                    for place in rest.iter().take(3) {
                        failure = failure.also(place.clone(), "and this one");
                    }
                    judge.fail(failure);
                }
            }
        }
    },
};
