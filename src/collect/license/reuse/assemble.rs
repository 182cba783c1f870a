//! Gives each file what side files and annotations say of it, in the order of precedence of REUSE 3.3.

use super::glob::{Dialect, Patterns};
use super::reuse_ignored;
use crate::collect::copyright;
use crate::model::{
    Copyright, Detection, DetectionKind, FileKind, FileRecord, Inventory, ReuseAnnotation, ReusePrecedence,
    SkipReason, Skipped,
};

/// Applies side files, then annotations; counts the files that each pattern covers.
pub(super) fn assemble(inventory: &mut Inventory) {
    for record in &mut inventory.files {
        prefer_side_file(record);
    }
    let mut annotations = std::mem::take(&mut inventory.reuse);
    annotations.sort_by(|a, b| a.place.cmp(&b.place));
    // For each covered file: its index, how deep the annotation file lies, and the annotation.
    let mut covers: Vec<(usize, usize, usize)> = Vec::new();
    let mut first = 0;
    while first < annotations.len() {
        let path = annotations[first].place.path.clone();
        let count = annotations[first..].iter().take_while(|a| a.place.path == path).count();
        match cover(inventory, &mut annotations[first..first + count]) {
            Ok(found) => {
                let depth = annotations[first].base.depth();
                covers.extend(found.into_iter().map(|(file, last)| (file, depth, first + last)));
            }
            Err(error) => inventory.skipped.push(Skipped {
                path,
                kind: SkipReason::Limit,
                reason: format!("its patterns cannot be matched: {error}"),
                line: None,
            }),
        }
        first += count;
    }
    covers.sort_unstable();
    for run in covers.chunk_by(|a, b| a.0 == b.0) {
        let record = &mut inventory.files[run[0].0];
        let is_ignored = matches!(record.kind, FileKind::Empty | FileKind::Link(_)) || reuse_ignored(&record.path);
        if !is_ignored {
            let tables: Vec<&ReuseAnnotation> = run.iter().map(|&(_, _, number)| &annotations[number]).collect();
            apply(record, &tables);
        }
    }
    inventory.reuse = annotations;
    inventory.skipped.sort();
}

/// "The Licensing Information defined in the `.license` file takes precedence, and the Commentable File's contents are
/// ignored" (REUSE 3.3, "Order of precedence"); texts and notices are no REUSE information and stay.
fn prefer_side_file(record: &mut FileRecord) {
    let FileRecord { path, licenses, copyrights, .. } = record;
    let is_side = |place: &crate::model::RelPath| {
        place != path && place.as_str().strip_suffix(".license") == Some(path.as_str())
    };
    if licenses.iter().any(|d| is_side(&d.place.path)) || copyrights.iter().any(|c| is_side(&c.place.path)) {
        licenses.retain(|d| d.kind != DetectionKind::Tag || d.place.path != *path);
        copyrights.retain(|c| c.place.path != *path);
    }
}

/// The files that the tables of one annotation file cover, each with its last matching table, by index.
fn cover(inventory: &Inventory, tables: &mut [ReuseAnnotation]) -> Result<Vec<(usize, usize)>, regex::Error> {
    let Some(head) = tables.first() else { return Ok(Vec::new()) };
    let dialect = if head.place.path.name() == "dep5" { Dialect::Dep5 } else { Dialect::Reuse };
    let prefix = if head.base.as_str().is_empty() { String::new() } else { format!("{}/", head.base.as_str()) };
    // Which table, and which of its patterns, a number stands for.
    let owners: Vec<(usize, usize)> =
        tables.iter().enumerate().flat_map(|(t, table)| (0..table.patterns.len()).map(move |p| (t, p))).collect();
    let all = tables.iter().flat_map(|table| table.patterns.iter().map(|(pattern, _)| pattern.as_str()));
    let patterns = Patterns::new(all, dialect)?;
    let mut counts = vec![0u32; owners.len()];
    let mut found = Vec::new();
    let from = inventory.files.partition_point(|f| f.path.as_str() < prefix.as_str());
    for (at, file) in inventory.files.iter().enumerate().skip(from) {
        let Some(relative) = file.path.as_str().strip_prefix(&prefix) else { break };
        let mut last = None;
        for number in patterns.matches(relative) {
            counts[number] += 1;
            last = last.max(Some(owners[number].0));
        }
        if let Some(last) = last {
            found.push((at, last));
        }
    }
    for (&(table, pattern), count) in owners.iter().zip(counts) {
        tables[table].covered[pattern] = count;
    }
    Ok(found)
}

/// Applies the tables that cover one file, from the root's to the closest.
fn apply(record: &mut FileRecord, tables: &[&ReuseAnnotation]) {
    let overriding = tables.iter().position(|t| t.precedence == ReusePrecedence::Override);
    if let Some(at) = overriding {
        // The override closest to the root decides; what is closer to the file is ignored.
        record.licenses.clear();
        record.copyrights.clear();
        for (number, table) in tables[..=at].iter().enumerate() {
            if number == at || table.precedence == ReusePrecedence::Aggregate {
                add_licenses(record, table);
                add_copyrights(record, table);
            }
        }
        return;
    }
    let is_own = |d: &Detection| d.kind == DetectionKind::Tag && !d.snippet && d.invalid.is_none();
    let mut wants_license = !record.licenses.iter().any(is_own);
    let mut wants_copyright = record.copyrights.is_empty();
    for table in tables.iter().rev() {
        let aggregates = table.precedence == ReusePrecedence::Aggregate;
        if aggregates || wants_license {
            add_licenses(record, table);
            wants_license &= aggregates || table.licenses.is_empty();
        }
        if aggregates || wants_copyright {
            add_copyrights(record, table);
            wants_copyright &= aggregates || table.copyrights.is_empty();
        }
    }
}

fn add_licenses(record: &mut FileRecord, table: &ReuseAnnotation) {
    let reason = if table.place.path.name() == "dep5" { "paragraph of dep5" } else { "annotation of REUSE.toml" };
    record.licenses.extend(table.licenses.iter().map(|expression| Detection {
        expression: expression.clone(),
        kind: DetectionKind::Tag,
        place: table.place.clone(),
        score: 1.0,
        reason: reason.into(),
        invalid: None,
        snippet: false,
        text: None,
    }));
}

fn add_copyrights(record: &mut FileRecord, table: &ReuseAnnotation) {
    record.copyrights.extend(table.copyrights.iter().map(|text| Copyright {
        statement: text.split_whitespace().collect::<Vec<_>>().join(" "),
        holder: copyright::holder(text),
        place: table.place.clone(),
        points_at_text: false,
    }));
}
