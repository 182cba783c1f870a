//! Tests that hold for every registered format.

use std::collections::BTreeSet;
use std::io;

use super::*;

#[test]
fn every_format_is_documented_and_found_by_its_name() {
    let mut seen = BTreeSet::new();
    for format in FORMATS {
        assert!(seen.insert(format.name), "{} is registered twice", format.name);
        assert!(
            !format.name.is_empty()
                && format.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
        );
        assert!(format.summary.len() > 20 && format.summary.ends_with('.'), "{} lacks a summary", format.name);
        assert!(!format.extension.is_empty() && !format.extension.starts_with('.'));
        assert_eq!(find(format.name).map(|f| f.name), Some(format.name));
    }
    assert!(find("no-such-format").is_none());
}

/// A new format fails here until its snapshot was looked at and accepted.
#[test]
fn every_format_has_a_snapshot() {
    for format in FORMATS {
        let text = sample::render(format, &View::default());
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format.name, text);
        });
    }
}

#[test]
fn every_format_is_deterministic_and_says_when_the_pipe_is_closed() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for format in FORMATS {
        let view = View::default();
        assert_eq!(sample::render(format, &view), sample::render(format, &view));
        let error = format.write(&sample::report(), &view, &mut Closed).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{}", format.name);
    }
}

#[test]
fn formats_for_machines_do_not_depend_on_the_view() {
    let narrow = View { width: 40, color: true, min_severity: Severity::Error, verbose: 2, ..View::default() };
    for name in ["json", "sarif"] {
        let format = find(name).unwrap();
        assert_eq!(sample::render(format, &narrow), sample::render(format, &View::default()), "{name}");
    }
}

#[test]
fn every_format_survives_an_empty_and_a_clean_report() {
    let empty = Report {
        inventory: crate::model::Inventory::default(),
        findings: Vec::new(),
        verdicts: Vec::new(),
        clauses: Vec::new(),
        packs: crate::model::Packs::default(),
        ..sample::report()
    };
    for format in FORMATS {
        format.write(&empty, &View { width: 0, ..View::default() }, &mut Vec::new()).unwrap();
        format.write(&sample::clean(), &View::default(), &mut Vec::new()).unwrap();
    }
}
