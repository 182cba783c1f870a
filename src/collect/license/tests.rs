//! What the collector reports for the files under `fixtures/licenses`.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::model::{DetectionKind, Encoding, FileKind, RelPath};

fn detect_text(text: &str) -> Vec<Detection> {
    let path = RelPath::new("LICENSE");
    let kind = FileKind::Text(Encoding::Utf8);
    detect(&SourceFile::text_file(&path, "license", &kind, text))
}

fn fixture(name: &str) -> Vec<Detection> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/licenses").join(name);
    detect_text(&std::fs::read_to_string(path).unwrap())
}

fn only(name: &str) -> (Detection, crate::model::TextMatch) {
    let mut all = fixture(name);
    assert_eq!(all.len(), 1, "{all:?}");
    let one = all.remove(0);
    let text = one.text.clone().unwrap();
    (one, text)
}

#[test]
fn a_text_in_a_comment_is_exact_and_has_its_lines() {
    let (found, text) = only("mit-comment.txt");
    assert_eq!((found.expression.as_str(), found.kind, found.score), ("MIT", DetectionKind::Text, 1.0));
    assert!(text.exact && text.placeholders.is_empty() && text.riders.is_empty());
    let region = found.place.region.unwrap();
    assert_eq!((region.start_line, region.end_line), (3, 14));
}

#[test]
fn unfilled_fields_are_placed() {
    let (found, text) = only("mit-placeholder.txt");
    assert_eq!((found.expression.as_str(), text.exact), ("MIT", true));
    let fields: Vec<u32> = text.placeholders.iter().map(|p| p.start_line()).collect();
    assert_eq!(fields, [3]);
}

#[test]
fn each_text_of_a_file_is_found() {
    let found: Vec<(String, u32)> =
        fixture("mit-and-isc.txt").into_iter().map(|d| (d.expression, d.place.start_line())).collect();
    assert_eq!(found, [("MIT".to_owned(), 5), ("ISC".to_owned(), 22)]);
}

#[test]
fn an_altered_text_names_what_differs() {
    let (found, text) = only("mit-altered.txt");
    assert_eq!((found.expression.as_str(), text.exact), ("MIT", false));
    assert_eq!(text.missing, ["free of charge"]);
    assert_eq!(text.added.len(), 1);
    assert_eq!(text.added[0].start_line(), 6);
}

#[test]
fn a_rider_is_found_beside_the_text_that_it_restricts() {
    let found = fixture("mit-commons-clause.txt");
    let mit = found.iter().find(|d| d.expression == "MIT").unwrap();
    let riders: Vec<u32> = mit.text.as_ref().unwrap().riders.iter().map(|p| p.start_line()).collect();
    assert_eq!(riders, [1, 5]);
}

#[test]
fn terms_of_nobodys_list_are_unidentified() {
    let (found, text) = only("own-terms.txt");
    assert_eq!(
        (found.expression.as_str(), found.kind, text.exact),
        ("LicenseRef-unidentified", DetectionKind::Text, false)
    );
    assert!(found.invalid.is_none() && found.score < 0.5);
}

#[test]
fn prose_without_terms_is_nothing() {
    assert!(detect_text("").is_empty());
    assert!(detect_text("See the file COPYING for the terms.\n").is_empty());
    assert!(detect_text(&"Once upon a time there was a program that could count.\n".repeat(50)).is_empty());
}

#[test]
fn a_standard_appendix_is_no_placeholder() {
    let index = index::Index::get();
    let apache = (0..index.len() as u16).map(|n| index.text(n)).find(|t| t.name == "Apache-2.0").unwrap();
    let mut text: String =
        apache.steps().filter_map(|s| s.word()).map(|w| index.letters(w).to_owned() + " ").collect();
    text.push_str("\nCopyright [yyyy] [name of copyright owner]\n");
    let found = detect_text(&text);
    assert_eq!(found[0].expression, "Apache-2.0");
    assert!(found[0].text.as_ref().unwrap().placeholders.is_empty());
}

#[test]
fn repetitions_cost_linear_time_and_stay_bounded() {
    let clause = "Redistributions of source code must retain the above copyright notice, this list of conditions. ";
    let found = detect_text(&clause.repeat(4000));
    assert!(found.len() <= 1, "{}", found.len());
    assert!(detect_text(&"(".repeat(500_000)).is_empty());
    assert!(detect_text(&"<a ".repeat(200_000)).is_empty());
    assert!(detect_text(&"copyright (c) ".repeat(100_000)).is_empty());
}

proptest! {
    /// No text makes it panic, and every place lies inside the text.
    #[test]
    fn any_text_is_safe(parts in proptest::collection::vec(
        prop_oneof![
            any::<String>(),
            Just("Permission is hereby granted, free of charge, to any person obtaining a copy of ".to_owned()),
            Just("Redistribution and use in source and binary forms, with or without modification, ".to_owned()),
            Just("Copyright (c) <year> [fullname]\n".to_owned()),
            Just("GNU GENERAL PUBLIC LICENSE Version 2, June 1991 ".to_owned()),
        ],
        0..40,
    )) {
        let text = parts.concat();
        let lines = text.lines().count() as u32;
        for found in detect_text(&text) {
            let region = found.place.region.unwrap();
            prop_assert!(region.start_line <= region.end_line && region.end_line <= lines.max(1));
            prop_assert!((0.0..=1.0).contains(&found.score));
        }
    }
}
