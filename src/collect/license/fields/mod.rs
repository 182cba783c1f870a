//! License fields: what a manifest, a package recipe, front matter or a header line states in a field of its own.
//!
//! Fields are read as lines, not by parsers of the formats: a key that means the license, a separator, and a value
//! (`lead` and `value`). One table (`place`) tells in which files which shape of a field counts. What the value names
//! is read by [`crate::names`], since most formats ask for no SPDX expression.

mod lead;
mod place;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::collect::{Collector, Hit, Interest, SourceFile, expression};
use crate::model::{Detection, DetectionKind, Evidence, Inventory};
use crate::names;

use super::statements::{family_of, ids, is_bare, of_address, of_field};
use lead::{Key, Shape};
use place::Place;

/// Reads license fields.
pub struct Fields;

/// So many fields of one file are read; package recipes of whole distributions have fewer.
const MOST: usize = 400;
/// A file that is no manifest and names more licenses than this lists the licenses of others.
const MOST_LICENSES: usize = 4;

/// What stands so many lines behind a field may be its other half, such as `License URI:`.
const NEXT: u32 = 2;

/// The reason that marks a field which gives way to every other statement of its file.
const MODULE: &str = "the license of a kernel module, which tells no version of the GPL apart";

impl Collector for Fields {
    fn id(&self) -> &'static str {
        "license-fields"
    }

    fn summary(&self) -> &'static str {
        "License fields of manifests, package recipes, metadata and headers, in any wording that names a license"
    }

    fn interest(&self) -> Interest {
        Interest { keywords: &["licens", "licenc"], ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        let Some(place) = Place::of(file) else { return };
        let ignored = file.ignored();
        let mut found: Vec<Detection> = Vec::new();
        let mut end = 0;
        for hit in hits {
            let start = hit.start as usize;
            if start < end || ignored.contains(start) {
                continue;
            }
            let Some(key) = lead::key(file.text(), start) else { continue };
            if let Some((detection, behind)) = field(file, place, &key) {
                end = behind;
                found.push(detection);
                if found.len() == MOST {
                    break;
                }
            }
        }
        let licenses: BTreeSet<&str> = found.iter().map(|d| d.expression.as_str()).collect();
        if place.is_manifest() || licenses.len() <= MOST_LICENSES {
            out.extend(found.into_iter().map(Evidence::License));
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.files.par_iter_mut().for_each(|file| {
            if file.licenses.iter().any(|d| d.kind == DetectionKind::Field) && file.licenses.len() > 1 {
                give_way(&mut file.licenses);
            }
        });
    }
}

/// Drops what reads the words of a field once more as prose, and fields that say less than the rest of their file: a
/// kernel module's, and a bare family beside one of its versions.
fn give_way(licenses: &mut Vec<Detection>) {
    let lines = |d: &Detection| d.place.region.as_ref().map(|r| (r.start_line, r.end_line));
    let fields: Vec<Detection> = licenses.iter().filter(|d| d.kind == DetectionKind::Field).cloned().collect();
    licenses.retain(|d| {
        // How far behind a field it stands, in lines.
        let behind = |field: &Detection| {
            let (field, own) = lines(field).filter(|_| field.place.path == d.place.path).zip(lines(d))?;
            if own.0 < field.0 { None } else { Some(own.1.saturating_sub(field.1)) }
        };
        let said = |field: &Detection| {
            ids(&d.expression).all(|id| ids(&field.expression).any(|known| family_of(known) == family_of(id)))
        };
        // `License: GPLv2 or later`, and the address of the license in the next field.
        let later = |field: &Detection| {
            d.expression.strip_suffix("-only").is_some_and(|id| field.expression == format!("{id}-or-later"))
        };
        // "GPL", where the field tells the version.
        let bare = |field: &Detection| {
            is_bare(&d.expression)
                && field.expression != d.expression
                && ids(&field.expression).any(|known| family_of(known) == family_of(&d.expression))
        };
        let again = |field: &Detection| match d.kind {
            DetectionKind::Reference | DetectionKind::Notice => {
                behind(field).is_some_and(|lines| lines <= NEXT && later(field))
                    || bare(field)
                    || behind(field) == Some(0) && (d.kind == DetectionKind::Reference || said(field))
            }
            _ => false,
        };
        !fields.iter().any(again)
    });
    let others = licenses.clone();
    let mut at = 0;
    licenses.retain(|field| {
        at += 1;
        if field.kind != DetectionKind::Field {
            return true;
        }
        let rest = || {
            others.iter().enumerate().filter(|(n, d)| *n + 1 != at && d.kind != DetectionKind::Clue).map(|(_, d)| d)
        };
        let line = |d: &Detection| lines(d).map(|l| l.0);
        let twice = others[..at - 1]
            .iter()
            .any(|d| d.kind == DetectionKind::Field && d.expression == field.expression && line(d) == line(field));
        let family = match field.expression.as_str() {
            "GPL-1.0-or-later" => "GPL-",
            "LGPL-2.0-or-later" => "LGPL-",
            "AGPL-3.0-or-later" => "AGPL-",
            "GFDL-1.1-or-later" => "GFDL-",
            _ => "-",
        };
        let versioned = rest().any(|d| {
            d.expression != field.expression && d.expression.split([' ', '(', ')']).any(|id| id.starts_with(family))
        });
        let module = field.reason == MODULE && rest().any(|d| d.reason != MODULE);
        !(twice || versioned || module)
    });
}

/// The license that a field states, where the field counts in this file and its value names a license, and where the
/// value ends.
fn field(file: &SourceFile<'_>, place: Place, key: &Key<'_>) -> Option<(Detection, usize)> {
    let text = file.text();
    if !place.counts(file, key) {
        return None;
    }
    let values = value::values(text, key)?;
    // No sentence is read there that says the same.
    let read_alone = place.is_manifest() || key.shape == Shape::Element;
    let mut named: Vec<String> = Vec::new();
    let mut complete = true;
    for range in &values.ranges {
        let raw = value::clean(text.get(range.clone())?);
        let (name, all) = part(file, raw, read_alone);
        named.extend(name);
        complete &= all;
    }
    named.dedup();
    let first = named.first()?;
    if !complete && !place.takes_part(key) {
        return None;
    }
    let expression = if named.len() == 1 {
        first.clone()
    } else {
        let operator = if values.choice { " OR " } else { " AND " };
        let wrap = |part: &String| if part.contains(' ') { format!("({part})") } else { part.clone() };
        let joined = named.iter().map(wrap).collect::<Vec<_>>().join(operator);
        expression::is_valid(&joined).then_some(joined)?
    };
    let end = values.ranges.last()?.end.max(key.end);
    let detection = Detection {
        expression,
        kind: DetectionKind::Field,
        place: file.place(key.start..end),
        score: 1.0,
        reason: if key.is_module() { MODULE.to_owned() } else { format!("the field `{}`", key.name) },
        invalid: None,
        snippet: false,
        text: None,
    };
    Some((detection, end))
}

fn is_address(raw: &str) -> bool {
    raw.starts_with("http") && raw.contains("://") && !raw.contains(char::is_whitespace)
}

fn speaks_of_bsd(name: &str) -> bool {
    name.as_bytes().windows(3).any(|three| three.eq_ignore_ascii_case(b"bsd"))
}

/// The license that one part of a value names, and whether all of the part was understood; a bare `BSD` where the field is
/// `read_alone`.
fn part(file: &SourceFile<'_>, raw: &str, read_alone: bool) -> (Option<String>, bool) {
    if is_address(raw)
        && let Some(license) = of_address(raw)
    {
        return (Some(license), true);
    }
    // `License: Copyright (c) 2018 The Python Packaging Authority` names whose it is.
    if raw.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("copyright")) {
        let lower = raw.to_ascii_lowercase();
        if !["licen", "gpl"].iter().any(|word| lower.contains(word)) {
            return (None, false);
        }
    }
    // phpDocumentor's `@license URI name`: the address counts where it says more than the name.
    let link = raw.split_once(char::is_whitespace).filter(|(address, _)| is_address(address));
    let page = link.and_then(|(address, _)| of_address(address));
    let name = link.map_or(raw, |(_, name)| name.trim());
    let judged = expression::judge(name);
    let (named, complete) = if expression::is_valid(&judged.expression) {
        (Some(judged.expression), true)
    } else {
        names::read_in(place::format(file), name)
            .map_or((None, false), |found| (Some(found.expression), found.complete))
    };
    // Which BSD license is meant is told by the rest of the project.
    let (named, complete) =
        match Some(name).filter(|name| read_alone && !complete && speaks_of_bsd(name)).and_then(of_field) {
            Some(stated) => (Some(stated), true),
            None => (named, complete),
        };
    match (named, page) {
        (Some(name), Some(page)) if is_bare(&name) && family_of(&name) == family_of(&page) => (Some(page), complete),
        (None, Some(page)) => (Some(page), true),
        (named, _) => (named, complete),
    }
}
