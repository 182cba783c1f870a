//! Merges what the files gave into one sorted inventory.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{Collector, FileResult, Options, expression, release};
use crate::model::{
    Copyright, Detection, DetectionKind, Evidence, FileKind, Inventory, RelPath, Repository, replacement,
};
use crate::walk::Walked;

/// Merges evidence in path order, lets each collector complete it, and sorts everything.
pub(super) fn assemble(
    walked: Walked,
    repository: Option<Repository>,
    results: Vec<FileResult>,
    options: &Options,
    collectors: &[&dyn Collector],
) -> Inventory {
    let mut inventory =
        Inventory { whole: walked.whole, skipped: walked.skipped, repository, ..Inventory::default() };
    let mut licenses_of: Vec<(RelPath, Detection)> = Vec::new();
    let mut copyrights_of: Vec<(RelPath, Copyright)> = Vec::new();
    inventory.files.reserve(results.len());
    for FileResult { mut record, evidence, bytes } in results {
        inventory.statistics.files += 1;
        inventory.statistics.bytes += bytes;
        match record.kind {
            FileKind::Text(_) | FileKind::Empty => inventory.statistics.text_files += 1,
            FileKind::Binary => inventory.statistics.binary_files += 1,
            FileKind::Link(_) | FileKind::Unread => {}
        }
        for fact in evidence {
            match fact {
                Evidence::License(detection) => record.licenses.push(detection),
                Evidence::Copyright(copyright) => record.copyrights.push(copyright),
                Evidence::LicenseOf(path, detection) => licenses_of.push((path, detection)),
                Evidence::CopyrightOf(path, copyright) => copyrights_of.push((path, copyright)),
                Evidence::Reuse(annotation) => inventory.reuse.push(annotation),
                Evidence::Manifest(manifest) => inventory.manifests.push(*manifest),
                Evidence::Lock(lock) => inventory.locks.push(lock),
                Evidence::Document(document) => inventory.documents.push(*document),
                Evidence::Handling(handling) => inventory.handling.push(*handling),
                Evidence::Model(model) => inventory.models.push(*model),
                Evidence::Audit(audit) => inventory.audits.push(*audit),
                Evidence::Pipeline(pipeline) => inventory.pipelines.push(*pipeline),
                Evidence::Owner(rule) => inventory.owners.push(rule),
                Evidence::Remark(remark) => inventory.remarks.push(remark),
                Evidence::Locale(locale) => inventory.locales.push(*locale),
                Evidence::Metadata(metadata) => inventory.metadata.push(*metadata),
                Evidence::Interface(interface) => inventory.interfaces.push(*interface),
                Evidence::Patch(patch) => inventory.patches.push(patch),
                Evidence::Origin(origin) => inventory.origins.push(origin),
                Evidence::Artifact(artifact) => inventory.artifacts.push(artifact),
                Evidence::Secret(secret) => inventory.secrets.push(secret),
                Evidence::Certificate(certificate) => inventory.certificates.push(*certificate),
                Evidence::Bill(bill) => inventory.bills.push(*bill),
                Evidence::Vex(statement) => inventory.vex.push(*statement),
                Evidence::Split(split) => inventory.splits.push(*split),
                Evidence::Unread(skipped) => inventory.skipped.push(skipped),
            }
        }
        inventory.files.push(record);
    }
    for (path, detection) in licenses_of {
        if let Some(at) = inventory.index_of(&path) {
            inventory.files[at].licenses.push(detection);
        }
    }
    for (path, copyright) in copyrights_of {
        if let Some(at) = inventory.index_of(&path) {
            inventory.files[at].copyrights.push(copyright);
        }
    }
    inventory.audits.sort_by(|a, b| (&a.place, a.name, &a.message).cmp(&(&b.place, b.name, &b.message)));
    // A script that aliases name several times is one script. In workflows of GitHub each use is audited for itself, as
    // zizmor does.
    inventory.audits.dedup_by(|a, b| !a.zizmor && (&a.place, a.name, &a.message) == (&b.place, b.name, &b.message));
    inventory.secrets.sort();
    inventory.artifacts.sort();
    inventory.certificates.sort();
    inventory.handling.sort();
    inventory.skipped.sort();
    inventory.skipped.dedup();
    for collector in collectors {
        collector.assemble(&mut inventory);
    }
    if let Some(git) = &walked.git {
        // A bill of materials tells of what is, not of what was.
        if !options.bill {
            inventory.release = release::find(&inventory, git, options.against.as_deref());
        }
        for collector in collectors {
            collector.look_back(&mut inventory, git, options);
        }
    }
    inventory.files.par_iter_mut().for_each(|file| {
        file.licenses.sort_by(|a, b| (&a.place, a.kind, &a.expression).cmp(&(&b.place, b.kind, &b.expression)));
        drop_shown_tags(&mut file.licenses);
        file.copyrights.sort();
        file.copyrights.dedup();
        file.license = resolve_expression(&file.licenses);
    });
    inventory.statistics.licensed_files = inventory.files.iter().filter(|file| file.license.is_some()).count() as u64;
    inventory
}

/// Turns the tags that a license text itself has, as those of CAL and of the Community Specification License do, into
/// clues: they show how to apply the license. Only a whole and unchanged text is sure to have them.
fn drop_shown_tags(detections: &mut [Detection]) {
    let texts: Vec<(u32, u32, String)> = detections
        .iter()
        .filter(|d| d.kind == DetectionKind::Text && d.text.as_ref().is_some_and(|text| text.exact))
        .filter_map(|d| d.place.region.as_ref().map(|r| (r.start_line, r.end_line, d.expression.clone())))
        .collect();
    for tag in detections.iter_mut().filter(|d| d.kind == DetectionKind::Tag) {
        let line = tag.place.start_line();
        // A tag at the head of a text is about the file.
        let shown = |(start, end, license): &(u32, u32, String)| {
            start + HEAD_LINES < line && line <= *end && *license != tag.expression
        };
        if texts.iter().any(shown) {
            tag.kind = DetectionKind::Clue;
            tag.reason = "a tag that a license text shows".to_owned();
        }
    }
}

/// A tag stands so near to the first line of a text that it may be about the file, in lines.
const HEAD_LINES: u32 = 4;

/// What an expression offers, so that a choice counts as the same in any order (`MIT OR Apache-2.0`); one that joins as
/// well is kept whole.
fn choices(expression: &str) -> Vec<&str> {
    if expression.contains(" AND ") {
        return vec![expression];
    }
    let mut choices: Vec<&str> = expression.split(" OR ").collect();
    choices.sort_unstable();
    choices
}

/// A license, with its exception, under the id that the list has for it today ([`replacement`]).
fn current(license: &str) -> Cow<'_, str> {
    let (id, rest) = license.split_at(license.find(' ').unwrap_or(license.len()));
    // Other licenses have no ids of that kind, and nearly all are others or have theirs of today.
    let may_be_old = (id.contains("GPL-") || id.starts_with("GFDL-")) && !id.ends_with("-only");
    match may_be_old.then(|| replacement(id)).flatten() {
        Some(new) => Cow::Owned(new + rest),
        None => Cow::Borrowed(license),
    }
}

/// The SPDX expression that the statements about one file amount to: the distinct valid expressions of the whole
/// file joined with `AND`, in order of appearance; snippets and clues do not count. Of an old id and the one that the
/// list has for it today (`GPL-2.0`, `GPL-2.0-only`) the latter stands. A statement with a slip that can
/// be meant in one way only (`mit`) counts as what was meant: its `expression` is the mended one. Where nothing but the
/// text of an exception is there, the license that it belongs to is [`UNSTATED`].
pub fn resolve_expression(detections: &[Detection]) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    // What each part offers, and whether it says so by the ids of today.
    let mut said: Vec<(Vec<Cow<'_, str>>, bool)> = Vec::new();
    for detection in detections {
        let is_sound = detection.invalid.is_none() || expression::is_valid(&detection.expression);
        if detection.kind == DetectionKind::Clue || !is_sound || detection.snippet {
            continue;
        }
        let offered: Vec<Cow<'_, str>> = choices(&detection.expression).into_iter().map(current).collect();
        let is_current = offered.iter().all(|license| matches!(license, Cow::Borrowed(_)));
        match said.iter().position(|(known, _)| *known == offered) {
            Some(at) if is_current && !said[at].1 => {
                parts[at] = &detection.expression;
                said[at].1 = true;
            }
            Some(_) => {}
            None => {
                parts.push(&detection.expression);
                said.push((offered, is_current));
            }
        }
    }
    drop_branches(&mut parts);
    all_of(&parts).or_else(|| {
        let lone = |d: &&Detection| {
            d.kind == DetectionKind::Text && !d.snippet && spdx::exception_id(&d.expression).is_some()
        };
        let mut texts: Vec<String> =
            detections.iter().filter(lone).map(|d| format!("{UNSTATED} WITH {}", d.expression)).collect();
        texts.sort_unstable();
        texts.dedup();
        all_of(&texts.iter().map(String::as_str).collect::<Vec<_>>())
    })
}

/// The license of a file that has the text of an exception and does not say to which license.
const UNSTATED: &str = "LicenseRef-unstated";

/// Drops what spells out every branch of a choice that is stated too, as in `under the MIT license or the GPL`, and
/// both licenses below it.
fn drop_branches(parts: &mut Vec<&str>) {
    let all = parts.clone();
    let plain = |part: &&str| !part.contains([' ', '(']) || part.contains(" WITH ") && !part.contains(" OR ");
    for choice in all.iter().filter(|part| part.contains(" OR ")) {
        let branches = choices(choice);
        if branches.len() > 1 && branches.iter().all(|branch| plain(branch) && all.contains(branch)) {
            parts.retain(|part| !branches.contains(part));
        }
    }
}

/// Expressions joined with `AND`; nothing when there is none.
pub(super) fn all_of(parts: &[&str]) -> Option<String> {
    match parts {
        [] => None,
        [one] => Some((*one).to_owned()),
        many => Some(
            many.iter()
                .map(|part| if part.contains(" OR ") { format!("({part})") } else { (*part).to_owned() })
                .collect::<Vec<_>>()
                .join(" AND "),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{choices, current, drop_branches, resolve_expression};
    use crate::collect::{SourceFile, expression, license};
    use crate::model::{Detection, DetectionKind, Encoding, FileKind, Place, RelPath};

    #[test]
    fn the_text_of_an_exception_alone_belongs_to_a_license_that_nobody_states() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/facts/spdx/exception");
        let text = std::fs::read_to_string(root.join("LLVM-exception.txt")).unwrap();
        let of = |text: &str| {
            let (path, kind) = (RelPath::new("EXCEPTION.txt"), FileKind::Text(Encoding::Utf8));
            resolve_expression(&license::detect(&SourceFile::text_file(&path, "exception.txt", &kind, text))).unwrap()
        };
        let alone = of(&text);
        assert_eq!(alone, "LicenseRef-unstated WITH LLVM-exception");
        assert!(expression::is_valid(&alone));
        assert_eq!(
            of(&format!("Licensed under the Apache License, Version 2.0.\n\n{text}")),
            "Apache-2.0 WITH LLVM-exception"
        );
    }

    #[test]
    fn a_choice_is_the_same_in_any_order() {
        assert_eq!(choices("Apache-2.0 OR MIT"), choices("MIT OR Apache-2.0"));
        assert_ne!(choices("Apache-2.0 OR MIT"), choices("Apache-2.0"));
        assert_ne!(choices("(MIT OR ISC) AND Zlib"), choices("(ISC OR MIT) AND Zlib"), "kept whole");
    }

    #[test]
    fn an_old_id_is_the_one_of_today() {
        let stated = |expression: &&str| Detection {
            expression: (*expression).to_owned(),
            kind: DetectionKind::Notice,
            place: Place::file(RelPath::new("a.c")),
            score: 1.0,
            reason: String::new(),
            invalid: None,
            snippet: false,
            text: None,
        };
        let of = |expressions: &[&str]| {
            resolve_expression(&expressions.iter().map(stated).collect::<Vec<_>>()).unwrap_or_default()
        };
        assert_eq!(of(&["GPL-2.0", "MIT", "GPL-2.0-only"]), "GPL-2.0-only AND MIT");
        assert_eq!(of(&["GPL-2.0-or-later", "GPL-2.0+"]), "GPL-2.0-or-later");
        assert_eq!(of(&["GPL-2.0", "GPL-2.0-or-later"]), "GPL-2.0 AND GPL-2.0-or-later");
        assert_eq!(of(&["MIT OR ISC", "ISC OR MIT"]), "MIT OR ISC");
        assert_eq!(current("GPL-2.0 WITH Linux-syscall-note"), "GPL-2.0-only WITH Linux-syscall-note");
        assert_eq!(current("LGPL-2.1-or-later"), "LGPL-2.1-or-later");
        assert_eq!(current("GPL-CC-1.0"), "GPL-CC-1.0");
    }

    #[test]
    fn the_texts_of_a_choice_are_that_choice() {
        let of = |parts: &[&'static str]| {
            let mut parts = parts.to_vec();
            drop_branches(&mut parts);
            parts.join(" + ")
        };
        assert_eq!(of(&["MIT OR GPL-2.0-only", "MIT", "Zlib", "GPL-2.0-only"]), "MIT OR GPL-2.0-only + Zlib");
        assert_eq!(of(&["MIT OR GPL-2.0-only", "MIT"]), "MIT OR GPL-2.0-only + MIT", "the other is not there");
        assert_eq!(of(&["(MIT OR ISC) AND Zlib", "MIT", "ISC"]), "(MIT OR ISC) AND Zlib + MIT + ISC");
    }
}
