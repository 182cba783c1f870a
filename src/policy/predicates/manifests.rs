//! License fields of manifests: valid, current, and in line with the texts beside them.

use std::collections::{BTreeMap, BTreeSet};

use super::Predicate;
use crate::model::{DetectionKind, Ecosystem, FileRecord, LicenseField, Manifest, Place, RelPath, Severity};
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_first_party, is_in_licenses_folder, is_test};
use crate::policy::project::{UNIDENTIFIED, Unit};

/// First-party manifests with their license field.
fn fields<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Manifest, &'a LicenseField)> {
    let manifests = context.scene.inventory.manifests.iter().filter(|m| is_first_party(&m.place.path));
    manifests.filter_map(|m| Some((m, m.license.as_ref()?)))
}

/// Values of npm that are no expressions and still right: no license is granted, or a file has it.
fn is_npm_word(text: &str) -> bool {
    text == "UNLICENSED" || text.starts_with("SEE LICENSE IN ")
}

/// Whether a field has Cargo's old way to write a choice, `MIT/Apache-2.0`, which Cargo still reads.
fn is_old_choice(manifest: &Manifest, field: &LicenseField) -> bool {
    manifest.ecosystem == Ecosystem::CARGO && expression::invalid(&field.text.replace('/', " OR ")).is_none()
}

/// Whether a text is a template that a program fills in: `{{ license }}`, `<%= license %>`, `${license}`.
fn is_filled_in(text: &str) -> bool {
    ["{{", "<%", "${", "{%"].iter().any(|mark| text.contains(mark))
}

pub(super) const INVALID: Predicate = Predicate {
    name: "manifest-expression-invalid",
    about: "A license field whose format asks for an SPDX expression holds something else. A warning for Cargo's old `MIT/Apache-2.0`, and for ids in other letters (`gpl-2.0-OR-later`), which is a note for Python, whose tools read them.",
    on: SubjectKind::Manifest,
    fields: &["field", "wrong", "suggestion"],
    params: &[],
    check: |context, judge| {
        for (manifest, field) in fields(context).filter(|(_, field)| field.spdx && !is_npm_word(&field.text)) {
            if is_filled_in(&field.text) {
                judge.undecided("a program fills the field in");
                continue;
            }
            match expression::invalid(&field.text) {
                None => judge.pass(),
                Some(wrong) => {
                    let suggestion = match expression::suggest(&field.text) {
                        Some(fixed) => format!("Write \"{fixed}\"."),
                        None => {
                            "Write an id of the SPDX License List, or LicenseRef- and a name of your own.".to_owned()
                        }
                    };
                    judge.fail(
                        Failure::new(manifest.place.path.as_str(), field.place.clone())
                            .with("field", field.text.clone())
                            .with("wrong", wrong)
                            .with("suggestion", suggestion)
                            .license(field.text.clone())
                            .at_most(if manifest.ecosystem.as_str() == "pypi" && is_in_other_case(&field.text) {
                                // Tools for Python read ids in any case (PEP 639), and write the right one.
                                Severity::Note
                            } else if is_old_choice(manifest, field) || is_in_other_case(&field.text) {
                                Severity::Warning
                            } else {
                                Severity::Error
                            }),
                    );
                }
            }
        }
    },
};

pub(super) const DEPRECATED: Predicate = Predicate {
    name: "deprecated-id",
    about: "A license id that the SPDX list marks as deprecated, in a manifest, a tag or the name of a file in LICENSES/. One finding per id for all tags.",
    on: SubjectKind::Manifest,
    fields: &["id", "replacement"],
    params: &[],
    check: |context, judge| {
        for (manifest, field) in fields(context).filter(|(_, f)| expression::invalid(&f.text).is_none()) {
            let old = expression::deprecated(&field.text);
            if old.is_empty() {
                judge.pass();
            }
            for id in old {
                let failure =
                    Failure::new(manifest.place.path.as_str(), field.place.clone()).license(field.text.clone());
                judge.fail(failure.with("replacement", replacement(&id)).with("id", id));
            }
        }
        // Files repeat few expressions.
        let mut stated: BTreeMap<&str, Vec<Tagged<'_>>> = BTreeMap::new();
        for file in context.scene.project.own_files() {
            let tags = file.licenses.iter().filter(|d| d.kind == DetectionKind::Tag && d.invalid.is_none());
            for tag in tags.filter(|d| d.place.path == file.path) {
                stated.entry(&tag.expression).or_default().push((file, Some(&tag.place)));
            }
            if file.path.folder() == "LICENSES" {
                stated.entry(file.path.stem()).or_default().push((file, None));
            }
        }
        let mut tagged: BTreeMap<String, Vec<(Tagged<'_>, &str)>> = BTreeMap::new();
        for (text, files) in stated {
            let old = expression::deprecated(text);
            if old.is_empty() {
                files.iter().for_each(|_| judge.pass());
            }
            for id in old {
                tagged.entry(id).or_default().extend(files.iter().map(|&file| (file, text)));
            }
        }
        for (id, mut places) in tagged {
            places.sort_by_key(|((file, place), _)| (&file.path, place.map(Place::start_line)));
            let place = |(file, place): Tagged<'_>| place.cloned().unwrap_or_else(|| Place::file(file.path.clone()));
            let Some((&(first, text), rest)) = places.split_first() else { continue };
            let mut files: Vec<&RelPath> = rest.iter().map(|((file, _), _)| &file.path).collect();
            files.dedup();
            files.retain(|path| **path != first.0.path);
            let subject = match files.len() {
                0 => first.0.path.to_string(),
                more => format!("{} and {more} more", first.0.path),
            };
            let mut failure = Failure::new(subject, place(first)).license(text);
            for (other, _) in rest.iter().take(MOST_RELATED) {
                failure = failure.also(place(*other), "has it too");
            }
            judge.fail(failure.with("replacement", replacement(&id)).with("id", id));
        }
    },
};

/// A file with a tag, and where that stands; the name of a file stands nowhere in it.
type Tagged<'a> = (&'a FileRecord, Option<&'a Place>);

/// So many of the other places of a finding are listed.
const MOST_RELATED: usize = 10;

/// What to write instead of a deprecated id.
fn replacement(id: &str) -> String {
    match crate::model::replacement(id) {
        Some(new) if id.ends_with('+') => format!("Write \"{new}\"."),
        Some(new) => format!(
            "Write \"{new}\", or \"{}-or-later\" when later versions are allowed too.",
            expression::text_id(&new)
        ),
        None => "The SPDX License List names the id that replaces it.".to_owned(),
    }
}

/// Text ids of a unit's license files and those that accompany them, and of an expression.
fn text_ids(unit: &Unit<'_>) -> Vec<String> {
    let mut out: Vec<String> = unit.texts.iter().flat_map(crate::policy::project::LicenseText::text_ids).collect();
    out.sort();
    out.dedup();
    out
}

fn wanted_ids(expression: &spdx::Expression) -> Vec<String> {
    expression::ids(expression).iter().map(|id| expression::text_id(id).to_owned()).collect()
}

/// Whether an id allows later versions (`GPL-2.0-or-later`), and a text is that of one.
pub(super) fn is_later(id: &str, text: &str) -> bool {
    let allowed = id.strip_suffix("-or-later").or_else(|| id.strip_suffix('+')).and_then(|id| id.rsplit_once('-'));
    let number = |version: &str| version.parse::<f32>().ok();
    let later = |(family, version): (&str, &str)| {
        let (other, newer) = text.rsplit_once('-')?;
        Some(other == family && number(newer)? > number(version)?)
    };
    allowed.and_then(later).unwrap_or_default()
}

/// Units with a manifest whose expression is known and with texts that are known.
fn declared<'a>(
    context: &Context<'a>,
) -> impl Iterator<Item = (&'a Unit<'a>, &'a Manifest, &'a LicenseField, spdx::Expression, Vec<String>)> {
    let units: &'a [Unit<'a>] = &context.scene.project.units;
    units.iter().flat_map(|unit| {
        let texts = text_ids(unit);
        unit.manifests.iter().filter_map(move |m| {
            let field = m.license.as_ref()?;
            let expression = expression::parse(&field.text)?;
            (!texts.is_empty()).then(|| (unit, *m, field, expression, texts.clone()))
        })
    })
}

/// Whether only upper and lower case tell a text from an expression; ids are the same in either (SPDX 3.0.1, annex B.2).
fn is_in_other_case(text: &str) -> bool {
    expression::suggest(text).is_some_and(|meant| meant.eq_ignore_ascii_case(text.trim()))
}

/// Whether a text is that of a license with more in it: `BSD-2-Clause-Views` is `BSD-2-Clause` with a sentence more, and
/// the license of Python's releases holds `PSF-2.0` above those that came before. What takes something away, as
/// `BSD-3-Clause-No-Nuclear-License` and `MPL-2.0-no-copyleft-exception` do, is another license.
fn is_variant(id: &str, text: &str) -> bool {
    let takes_away = |rest: &str| rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("-no-"));
    text.strip_prefix(id).is_some_and(|rest| rest.starts_with('-') && !takes_away(rest))
        || id == "PSF-2.0" && text.starts_with("Python-2.0")
}

pub(super) const TEXT_MISMATCH: Predicate = Predicate {
    name: "manifest-text-mismatch",
    about: "None of the license texts of a package is that of a license its manifest names. A warning where the text is a variant of what is named, that of a folder above, or of another package whose manifest lies beside this one.",
    on: SubjectKind::Manifest,
    fields: &["declared", "found"],
    params: &[],
    check: |context, judge| {
        // Folders whose texts are those of a package that one of several manifests there describes.
        let matched: BTreeSet<RelPath> = declared(context)
            .filter(|(.., expression, texts)| wanted_ids(expression).iter().any(|id| texts.contains(id)))
            .map(|(_, manifest, ..)| manifest.place.path.parent())
            .collect();
        for (unit, manifest, field, expression, texts) in declared(context) {
            let wanted = wanted_ids(&expression);
            let refs = wanted.iter().any(|id| id.starts_with("LicenseRef-") || id.starts_with("DocumentRef-"));
            let unknown = unit.texts.iter().any(|t| t.found().any(|d| d.expression == UNIDENTIFIED));
            // Who may take a later version may ship the text of that.
            let is_later = expression::ids(&expression).iter().any(|id| texts.iter().any(|text| is_later(id, text)));
            // A package that tests make up goes nowhere, and takes no text along.
            let is_made_up = !unit.own_texts && is_test(&manifest.place.path);
            if is_made_up || is_later || wanted.iter().any(|id| texts.contains(id)) {
                judge.pass();
            } else if refs || unknown {
                judge.undecided("a license text or a LicenseRef is not known well enough to compare");
            } else {
                let varies = wanted.iter().any(|id| texts.iter().any(|text| is_variant(id, text)));
                let mut failure = Failure::new(manifest.place.path.as_str(), field.place.clone())
                    .with("declared", field.text.clone())
                    .with("found", texts.join(", "))
                    .license(field.text.clone())
                    // A member of a workspace may have a license of its own, whose text is missing then.
                    .at_most(if unit.own_texts && !varies && !matched.contains(&manifest.place.path.parent()) {
                        Severity::Error
                    } else {
                        Severity::Warning
                    });
                for text in unit.texts.iter().filter(|t| !t.text_ids().is_empty()).take(3) {
                    let place = text.found().next().map(|d| d.place.clone());
                    if let Some(place) = place {
                        failure = failure.also(place, format!("the text of {}", text.text_ids().join(", ")));
                    }
                }
                judge.fail(failure);
            }
        }
    },
};

pub(super) const OPERATORS: Predicate = Predicate {
    name: "dual-operator-mixup",
    about: "A package ships the texts of several licenses and its manifest names fewer, or joins with AND what the README offers as a choice.",
    on: SubjectKind::Manifest,
    fields: &["declared", "found", "problem"],
    params: &[],
    check: |context, judge| {
        let choice =
            context.scene.project.readme().and_then(|readme| {
                readme.signals.iter().find(|s| s.kind.0 == "license-choice").map(|s| s.place.clone())
            });
        for (unit, manifest, field, expression, texts) in declared(context) {
            let wanted = wanted_ids(&expression);
            let companions: Vec<&str> = wanted.iter().filter_map(|id| expression::companion(id)).collect();
            let named = wanted.iter().any(|id| texts.contains(id));
            // The text of a license that is not named counts only when it fills a file named for it, so that notices
            // of bundled code inside one long LICENSE do not; nor do texts that a folder keeps for bundled code.
            let mut extra: Vec<String> = unit
                .texts
                .iter()
                .filter(|text| text.path.parent() == unit.folder || is_reuse_text(text.path))
                .filter(|text| text.text_ids().len() == 1 && !is_of_a_part(text.path, &text.text_ids()))
                .flat_map(crate::policy::project::LicenseText::text_ids)
                .filter(|id| !wanted.contains(id) && !companions.contains(&id.as_str()))
                .collect();
            extra.sort();
            extra.dedup();
            let at_root = unit.folder.as_str().is_empty();
            let joined = field.text.contains(" AND ") && !field.text.contains(" OR ");
            let problem = if named && unit.own_texts && !extra.is_empty() {
                format!("the text of {} lies beside it", extra.join(", "))
            } else if at_root && joined && choice.is_some() {
                "the README offers them as a choice".to_owned()
            } else {
                judge.pass();
                continue;
            };
            let mut failure = Failure::new(manifest.place.path.as_str(), field.place.clone())
                .with("declared", field.text.clone())
                .with("found", texts.join(", "))
                .with("problem", problem)
                .license(field.text.clone());
            if let Some(place) = choice.clone().filter(|_| extra.is_empty()) {
                failure = failure.also(place, "offered as a choice here");
            }
            judge.fail(failure);
        }
    },
};

/// Whether the name of a license text says what it is the license of, and not which license it is: `LICENSE-logo.md`.
fn is_of_a_part(path: &RelPath, ids: &[String]) -> bool {
    const WORDS: &[&str] = &["license", "licenses", "licence", "licences", "copying", "lesser", "txt", "md", "html"];
    let name = path.name().to_ascii_lowercase();
    let mut words = name.split(['-', '_', '.', ' ']).map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    words.any(|word| {
        let is_of_id = || ids.iter().any(|id| id.to_ascii_lowercase().contains(word));
        word.len() > 2 && !WORDS.contains(&word) && !is_of_id() && crate::names::read(word).is_none()
    })
}

/// Whether a file is a text of a license of the project by REUSE 3.3: `LICENSES/` and the license's SPDX identifier.
pub(super) fn is_reuse_text(path: &RelPath) -> bool {
    let stem = path.name().strip_suffix(path.extension()).and_then(|stem| stem.strip_suffix('.'));
    is_in_licenses_folder(path) && stem.is_some_and(|stem| spdx::license_id(stem).is_some())
}

pub(super) const SIBLINGS: Predicate = Predicate {
    name: "sibling-manifests-disagree",
    about: "Manifests of different ecosystems in one folder name different licenses for what is one package.",
    on: SubjectKind::Manifest,
    fields: &["declared", "other", "theirs"],
    params: &[],
    check: |context, judge| {
        for unit in &context.scene.project.units {
            let stated: Vec<(&Manifest, &LicenseField, Vec<String>)> = unit
                .manifests
                .iter()
                .filter_map(|m| {
                    let field = m.license.as_ref()?;
                    let mut ids = expression::ids(&expression::parse(&field.text)?);
                    ids.sort();
                    Some((*m, field, ids))
                })
                .collect();
            let Some(((of, first, ids), rest)) = stated.split_first() else { continue };
            for (manifest, field, others) in rest {
                // Of one ecosystem they are several packages.
                if manifest.ecosystem == of.ecosystem && manifest.name != of.name {
                    continue;
                }
                if ids == others {
                    judge.pass();
                } else {
                    judge.fail(
                        Failure::new(manifest.place.path.as_str(), field.place.clone())
                            .with("declared", field.text.clone())
                            .with("other", first.place.path.as_str())
                            .with("theirs", first.text.clone())
                            .license(field.text.clone())
                            .also(first.place.clone(), "the other manifest"),
                    );
                }
            }
        }
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_add_to_a_license_are_variants_of_it() {
        assert!(is_variant("BSD-2-Clause", "BSD-2-Clause-Views") && is_variant("PSF-2.0", "Python-2.0.1"));
        assert!(!is_variant("BSD-2-Clause", "BSD-3-Clause") && !is_variant("MIT", "MITNFA"));
        assert!(!is_variant("Python-2.0", "PSF-2.0"));
        assert!(!is_variant("BSD-3-Clause", "BSD-3-Clause-No-Nuclear-License"));
        assert!(!is_variant("MPL-2.0", "MPL-2.0-no-copyleft-exception"));
    }

    #[test]
    fn later_versions_are_told_by_family_and_number() {
        assert!(is_later("GPL-2.0-or-later", "GPL-3.0") && is_later("LGPL-2.1+", "LGPL-3.0"));
        assert!(!is_later("GPL-2.0-only", "GPL-3.0") && !is_later("GPL-3.0-or-later", "GPL-2.0"));
        assert!(!is_later("GPL-2.0-or-later", "LGPL-3.0") && !is_later("MIT", "GPL-3.0"));
    }
}
