//! Datasets: their cards, their licenses, and what is in them.

use std::collections::{BTreeMap, BTreeSet};

use super::cards::{of_datasets, of_models, says};
use crate::model::{DocumentRole, FileRecord, RelPath};
use crate::policy::judge::Failure;
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::is_first_party;
use crate::policy::predicates::{PARTIAL, Predicate};

/// Endings of files that hold records.
const TABLES: &[&str] = &["arrow", "avro", "csv", "feather", "jsonl", "ndjson", "parquet", "tfrecord", "tsv"];

pub(in super::super) const CARD_MISSING: Predicate = Predicate {
    name: "dataset-card-missing",
    about: "A folder holds large files of records, and neither it nor a folder above it has a dataset card, a Croissant description, or a README that speaks of data.",
    on: SubjectKind::File,
    fields: &["folder", "count", "size"],
    params: &[("min-dataset-size", ParamKind::Number)],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let least = context.number("min-dataset-size").max(0) as u64 * 1024;
        let mut folders: BTreeMap<RelPath, Vec<&FileRecord>> = BTreeMap::new();
        for file in inventory
            .files
            .iter()
            .filter(|f| f.size >= least && TABLES.contains(&f.path.extension()) && is_first_party(&f.path))
        {
            folders.entry(file.path.parent()).or_default().push(file);
        }
        if folders.is_empty() {
            return;
        }
        if !inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let cards = of_datasets(context);
        let is_described = |folder: &RelPath| {
            cards.iter().any(|card| card.document.place.path.parent() == *folder)
                || inventory.metadata.iter().any(|m| m.kind == "croissant" && m.place.path.parent() == *folder)
                || inventory.documents.iter().any(|d| {
                    d.place.path.parent() == *folder
                        && d.role == DocumentRole::Readme
                        && d.headings
                            .iter()
                            .any(|h| h.text.to_lowercase().contains("data") || h.text.contains("数据"))
                })
        };
        for (folder, files) in folders {
            if folder.ancestors().any(|at| is_described(&at)) {
                judge.pass();
                continue;
            }
            let Some(first) = files.first() else { continue };
            let size: u64 = files.iter().map(|f| f.size).sum();
            judge.fail(
                Failure::new(first.path.as_str(), crate::model::Place::file(first.path.clone()))
                    .with(
                        "folder",
                        if folder.as_str().is_empty() { "the root".to_owned() } else { folder.to_string() },
                    )
                    .with("count", files.len().to_string())
                    .with("size", format!("{} MiB", size.div_ceil(1 << 20))),
            );
        }
    },
};

pub(in super::super) const CONFLICT: Predicate = Predicate {
    name: "dataset-license-conflict",
    about: "A dataset card names licenses of its sources that exclude each other: two different share-alike licenses, or one for non-commercial use beside an open one that the whole is offered under.",
    on: SubjectKind::Document,
    fields: &["first", "second"],
    params: &[],
    check: |context, judge| {
        for card in of_datasets(context) {
            let licenses: Vec<String> = card.texts("license").into_iter().map(str::to_lowercase).collect();
            let share_alike: Vec<&String> = licenses
                .iter()
                .filter(|id| id.contains("-sa-") || id.starts_with("odbl") || id.starts_with("cdla-sharing"))
                .collect();
            let restricted = licenses.iter().find(|id| id.contains("-nc"));
            let open = licenses
                .iter()
                .find(|id| !id.contains("-nc") && !id.contains("-nd") && *id != "other" && *id != "unknown");
            let pair = match share_alike.as_slice() {
                [first, second, ..] => Some((first.as_str(), second.as_str())),
                _ => restricted.zip(open).map(|(a, b)| (a.as_str(), b.as_str())),
            };
            match pair {
                None => judge.pass(),
                Some((first, second)) => judge.fail(
                    Failure::new(card.document.place.path.as_str(), card.document.place.clone())
                        .with("first", first)
                        .with("second", second),
                ),
            }
        }
    },
};

pub(in super::super) const PERSONAL_UNSTATED: Predicate = Predicate {
    name: "dataset-personal-data-unstated",
    about: "A file of records holds data about people, and no document says so.",
    on: SubjectKind::File,
    fields: &["detail"],
    params: &[],
    check: |context, judge| {
        let told = says(context, "personal-data-statement");
        for remark in context.scene.inventory.remarks.iter().filter(|r| r.kind == "personal-data") {
            if told {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(remark.place.path.as_str(), remark.place.clone())
                        .with("detail", remark.detail.as_str()),
                );
            }
        }
    },
};

pub(in super::super) const LEAK: Predicate = Predicate {
    name: "train-test-leak",
    about: "A file of test records holds records of the file of training records beside it. Short lines and headers are left out.",
    on: SubjectKind::File,
    fields: &["train", "shared", "total"],
    params: &[],
    check: |context, judge| {
        let splits = &context.scene.inventory.splits;
        for test in splits.iter().filter(|s| s.part != "train") {
            for train in splits.iter().filter(|s| s.part == "train" && s.group == test.group) {
                let known: BTreeSet<u64> = train.records.iter().copied().collect();
                let shared = test.records.iter().filter(|record| known.contains(record)).count();
                if shared == 0 {
                    judge.pass();
                    continue;
                }
                judge.fail(
                    Failure::new(test.place.path.as_str(), test.place.clone())
                        .with("train", train.place.path.as_str())
                        .with("shared", shared.to_string())
                        .with("total", test.records.len().to_string())
                        .also(train.place.clone(), "the training records"),
                );
            }
        }
    },
};

pub(in super::super) const OPT_OUT: Predicate = Predicate {
    name: "optout-unrecorded",
    about: "A card says that data were crawled from the web, and no document says how opt-outs were honoured.",
    on: SubjectKind::Document,
    fields: &[],
    params: &[],
    check: |context, judge| {
        let told = says(context, "opt-out") || says(context, "copyright-policy");
        for card in of_models(context).into_iter().chain(of_datasets(context)) {
            let Some(crawled) = card.document.signals.iter().find(|s| s.kind.0 == "crawled-source") else { continue };
            if told {
                judge.pass();
            } else {
                judge.fail(Failure::new(card.document.place.path.as_str(), crawled.place.clone()));
            }
        }
    },
};
