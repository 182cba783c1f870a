//! Records of datasets that are split into parts for training and for tests.

use std::hash::Hasher;

use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, Inventory, Place, RelPath, Split};

/// Reads files of records.
pub struct Splits;

/// Parts of a dataset by the words in file names.
const PARTS: &[(&str, &str)] = &[
    ("train", "train"),
    ("training", "train"),
    ("test", "test"),
    ("val", "validation"),
    ("valid", "validation"),
    ("validation", "validation"),
    ("dev", "validation"),
    ("eval", "test"),
];

/// How many records of a file are kept.
const MOST_RECORDS: usize = 200_000;
/// Shorter records repeat by chance.
const SHORTEST: usize = 16;

impl Collector for Splits {
    fn id(&self) -> &'static str {
        "splits"
    }

    fn summary(&self) -> &'static str {
        "Records of datasets in files named train, test or validation (CSV, TSV, JSON lines, text), as digests"
    }

    fn interest(&self) -> Interest {
        Interest { names: |name, path| part_of(name, path).is_some(), ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let Some((part, group)) = part_of(file.name, file.path) else { return };
        // The first line of a table names its columns.
        let is_table = matches!(file.path.extension(), "csv" | "tsv");
        let records =
            file.text().lines().skip(usize::from(is_table)).map(str::trim).filter(|line| line.len() >= SHORTEST);
        let mut records: Vec<u64> = records.take(MOST_RECORDS).map(digest).collect();
        records.sort_unstable();
        records.dedup();
        if !records.is_empty() {
            out.push(Evidence::Split(Box::new(Split {
                place: Place::file(file.path.clone()),
                part,
                group,
                records,
            })));
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.splits.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

/// A digest that is the same in every run.
fn digest(record: &str) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(record.as_bytes());
    hasher.finish()
}

/// Which part a file is, and of what: a word of its name says so, `data/train.csv`, `squad-train-v1.jsonl`.
fn part_of(name: &str, path: &RelPath) -> Option<(&'static str, String)> {
    let (stem, extension) = name.rsplit_once('.')?;
    if !matches!(extension, "csv" | "tsv" | "jsonl" | "ndjson" | "txt") {
        return None;
    }
    let mut words = stem.split(['-', '_', '.']);
    let (word, part) = words.find_map(|word| PARTS.iter().find(|(name, _)| *name == word))?;
    let group = name.replacen(word, "*", 1);
    Some((part, format!("{}/{group}", path.parent().as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_a_word_of_the_name() {
        let of = |path: &str| {
            let path = RelPath::new(path);
            part_of(&path.name().to_lowercase(), &path)
        };
        assert_eq!(of("data/train.csv"), Some(("train", "data/*.csv".to_owned())));
        assert_eq!(of("data/squad-dev-v1.jsonl"), Some(("validation", "data/squad-*-v1.jsonl".to_owned())));
        assert_eq!(of("data/training_notes.md"), None);
        assert_eq!(of("data/trains.csv"), None);
    }
}
