//! Translations against the texts that they translate.

use std::collections::BTreeMap;

use super::Predicate;
use crate::model::{Document, DocumentRole, Locale};
use crate::policy::judge::Failure;
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::is_first_party;

pub(super) const KEYS: Predicate = Predicate {
    name: "locale-key-gap",
    about: "Files of translations lack texts that the source language has: English where there is a file for it, else the file without a language in its name, else the fullest. One finding for the translations of one source, at the one that lacks most.",
    on: SubjectKind::File,
    fields: &["missing", "total", "first", "source", "more"],
    params: &[("max-locale-gap", ParamKind::Number)],
    check: |context, judge| {
        let most = context.number("max-locale-gap").max(0) as usize;
        let mut groups: BTreeMap<&str, Vec<&Locale>> = BTreeMap::new();
        for locale in context.scene.inventory.locales.iter().filter(|l| is_first_party(&l.place.path)) {
            groups.entry(&locale.group).or_default().push(locale);
        }
        for files in groups.values().filter(|files| files.len() > 1) {
            let Some(source) = files.iter().copied().min_by_key(|l| (rank(&l.language), usize::MAX - l.keys.len()))
            else {
                continue;
            };
            // gettext keeps all texts in every file, and marks those without a translation by leaving them empty.
            let total = source.keys.len() + source.empty.len();
            let mut gaps: Vec<(usize, &Locale, &str)> = Vec::new();
            for file in files.iter().filter(|file| file.place != source.place) {
                let missing: Vec<&String> = source.keys.iter().filter(|key| !file.keys.contains(*key)).collect();
                let missing = if missing.is_empty() { file.empty.iter().collect() } else { missing };
                if missing.len() * 100 <= most * total.max(1) {
                    judge.pass();
                    continue;
                }
                gaps.push((missing.len(), file, missing.first().map_or("", |key| key.as_str())));
            }
            // The one that lacks most first; of those that lack as many, the first by path.
            gaps.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.place.cmp(&b.1.place)));
            let Some(((missing, file, first), rest)) = gaps.split_first() else { continue };
            let more = match rest.len() {
                0 => String::new(),
                1 => "; one more translation has a gap".to_owned(),
                n => format!("; {n} more translations have gaps"),
            };
            let mut failure = Failure::new(file.place.path.as_str(), file.place.clone())
                .with("missing", missing.to_string())
                .with("total", total.to_string())
                .with("first", first.chars().take(60).collect::<String>())
                .with("source", source.place.path.as_str())
                .with("more", more)
                .also(source.place.clone(), "the texts that are translated");
            for (missing, file, _) in rest.iter().take(20) {
                failure = failure.also(file.place.clone(), format!("lacks {missing} of them"));
            }
            judge.fail(failure);
        }
    },
};

fn rank(language: &str) -> u8 {
    match language {
        "en" => 0,
        "" => 1,
        "en_US" | "en-US" | "en_GB" | "en-GB" => 2,
        _ => 3,
    }
}

pub(super) const TRANSLATION_STALE: Predicate = Predicate {
    name: "translation-stale",
    about: "A translated document has far fewer sections than the document it translates. Documents with fewer than four sections are left out.",
    on: SubjectKind::Document,
    fields: &["source", "sections", "expected"],
    params: &[("min-translated-sections", ParamKind::Number)],
    check: |context, judge| {
        let least = context.number("min-translated-sections").max(0) as usize;
        let own: Vec<&Document> = context.scene.project.documents().collect();
        for document in own.iter().filter(|d| !d.language.is_empty() && d.role != DocumentRole::Other) {
            let folder = document.place.path.parent();
            let sources = own.iter().filter(|d| d.role == document.role && d.place.path.parent() == folder);
            let Some(source) = sources
                .filter(|d| d.place != document.place && (d.language.is_empty() || d.language == "en"))
                .max_by_key(|d| d.headings.len())
            else {
                continue;
            };
            let (has, wants) = (document.headings.len(), source.headings.len());
            // A short translation that leads to the full text says so by its size.
            if wants < 4 || has * 100 >= wants * least {
                judge.pass();
                continue;
            }
            judge.fail(
                Failure::new(document.place.path.as_str(), document.place.clone())
                    .with("source", source.place.path.as_str())
                    .with("sections", has.to_string())
                    .with("expected", wants.to_string())
                    .also(source.place.clone(), "the document that it translates"),
            );
        }
    },
};
