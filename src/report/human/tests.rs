//! What the human format must keep to, at any width.

use std::sync::atomic::{AtomicUsize, Ordering};

use miette::{MietteError, NamedSource, SourceCode, SourceSpan, SpanContents};
use textwrap::core::display_width;

use super::*;
use crate::report::sample;

fn at(width: usize) -> View {
    View { width, ..View::default() }
}

fn plain(place: &Place, source_width: usize) -> String {
    let view = at(source_width);
    let terminal = Terminal::new(&view);
    let shown = Shown::new(Severity::Error, "message", None, Excerpt::new(place, &terminal));
    let mut text = String::new();
    terminal.handler(place).render_report(&mut text, &shown).unwrap();
    text
}

/// The same diagnostic by miette's own source over the whole file.
fn stock(file: &str, span: SourceSpan) -> String {
    let view = at(120);
    let terminal = Terminal::new(&view);
    let shown = Shown {
        severity: Severity::Error,
        message: "message".into(),
        help: None,
        label: None,
        span,
        source: NamedSource::new("src/a.rs", file.to_owned()),
    };
    let mut text = String::new();
    terminal.handler(&sample::place("a", (1, 1), (1, 1), "")).render_report(&mut text, &shown).unwrap();
    text
}

#[test]
fn excerpts_look_as_miette_draws_whole_files() {
    let one = sample::place("src/a.rs", (1, 5), (1, 8), "let née = 1;");
    assert_eq!(plain(&one, 120), stock("let née = 1;", (4, 4).into()));
    let two = sample::place("src/a.rs", (1, 3), (2, 5), "  a();\n  b();");
    assert_eq!(plain(&two, 120), stock("  a();\n  b();", (2, 9).into()));
    let wide = sample::place("src/a.rs", (1, 3), (1, 5), "详细信息");
    // miette counts columns in bytes here; ours are code points, as in the other formats.
    assert_eq!(plain(&wide, 120), stock("详细信息", (6, 6).into()).replace(":1:7]", ":1:3]"));
}

#[test]
fn the_heading_names_line_and_column_of_the_region() {
    let text = plain(&sample::place("src/a.rs", (1204, 15), (1204, 18), "          let abc = 1;"), 80);
    assert!(text.contains("[src/a.rs:1204:15]") && text.contains(" 1204 │           let abc = 1;"), "{text}");
}

#[test]
fn a_long_region_says_where_it_ends() {
    let text = plain(&sample::place("LICENSE", (1, 1), (201, 9), "one\ntwo\nthree"), 80);
    assert!(text.contains("to line 201"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [50, 60, 80, 140] {
        for unicode in [true, false] {
            let view = View { show_suppressed: true, unicode, ..at(width) };
            for line in sample::render(&FORMAT, &view).lines() {
                assert!(display_width(line) <= width, "{width} columns: {line}");
            }
        }
    }
}

#[test]
fn nothing_from_the_checkout_reaches_the_terminal_raw() {
    let view = View { show_suppressed: true, verbose: 1, ..at(100) };
    let text = sample::render(&FORMAT, &view);
    assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)));
    assert!(text.contains(r"\u{202e}") && text.contains(r"\u{1b}]0;owned\u{7}"));
}

#[test]
fn without_unicode_the_drawing_is_ascii() {
    let mut report = sample::report();
    report.findings.retain(|f| f.place.path.as_str().is_ascii() && f.message.is_ascii());
    report.findings.iter_mut().for_each(|f| f.message.push_str(&" and more of this".repeat(9)));
    let text = sample::render_report(&FORMAT, &report, &View { unicode: false, ..at(80) });
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let colored = sample::render(&FORMAT, &View { color: true, ..at(80) });
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert!(codes.is_match(&colored));
    assert_eq!(codes.replace_all(&colored, ""), sample::render(&FORMAT, &at(80)));
}

#[test]
fn hyperlinks_lead_to_the_file() {
    let view = View { hyperlinks: true, root: Some("/home/a b".into()), ..at(80) };
    let text = sample::render(&FORMAT, &view);
    assert!(
        text.contains("\u{1b}]8;;file:///home/a%20b/Cargo.toml\u{1b}\\Cargo.toml\u{1b}]8;;\u{1b}\\:3:1"),
        "{text}"
    );
}

#[test]
fn a_clean_repository_takes_three_lines() {
    let text = sample::render_report(&FORMAT, &sample::clean(), &at(80));
    assert_eq!(
        text,
        "✓ Nothing to mend. 7 rules passed.\n\
         1 rule had nothing to judge, 1 cannot be decided from this scan.\n\
         0 errors, 0 warnings, 0 notes in 1,204 files\n"
    );
}

#[test]
fn a_scan_without_files_is_not_called_clean() {
    let mut report = sample::clean();
    report.inventory.statistics.files = 0;
    let text = sample::render_report(&FORMAT, &report, &at(80));
    assert_eq!(
        text,
        "No files to scan: the folder is empty, or all of it is ignored.\n\
         0 errors, 0 warnings, 0 notes in 0 files\n"
    );
}

#[test]
fn many_findings_of_one_rule_become_a_list() {
    let mut report = sample::report();
    let one = report.findings[0].clone();
    report.findings = (0..215)
        .map(|i| {
            let place = sample::place(&format!("src/{i}.rs"), (7, 1), (7, 3), "fn");
            Finding { place, message: format!("Number {i}."), ..one.clone() }
        })
        .collect();
    let text = sample::render_report(&FORMAT, &report, &at(80));
    assert!(text.starts_with("error[license/no-root-text]: No license text at the root (215)\n"), "{text}");
    assert_eq!(text.matches("╭─[").count(), 3);
    assert_eq!(text.matches("help: ").count(), 1);
    assert!(text.contains("\n  src/3.rs:7  Number 3.\n") && text.contains("\n  src/10.rs:7  Number 10.\n"));
    assert!(text.contains("\n  … and 204 more; --format short lists all\n"), "{text}");
    let text = sample::render_report(&FORMAT, &report, &View { verbose: 1, ..at(80) });
    assert_eq!(text.matches("╭─[").count(), 215);
}

#[test]
fn what_is_not_shown_is_counted() {
    let view = View { min_severity: Severity::Error, ..at(120) };
    let text = sample::render(&FORMAT, &view);
    assert!(!text.contains("docs/link-broken"));
    assert!(
        text.ends_with(
            "2 errors, 3 warnings, 1 note in 1,204 files; 1 waived, 1 baselined; 4 not shown (--min-severity)\n"
        ),
        "{text}"
    );
}

/// miette's own source reads the file from its start for every span: here every read is counted.
#[test]
fn a_thousand_findings_in_a_large_file_read_only_their_excerpts() {
    #[derive(Debug)]
    struct Counting<'a>(Excerpt, &'a AtomicUsize);
    impl SourceCode for Counting<'_> {
        fn read_span<'a>(
            &'a self,
            span: &SourceSpan,
            before: usize,
            after: usize,
        ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
            let contents = self.0.read_span(span, before, after)?;
            self.1.fetch_add(contents.data().len(), Ordering::Relaxed);
            Ok(contents)
        }
    }
    let file = "fn main() { let answer = 42; }    // a line\n".repeat(25_000);
    assert!(file.len() > 1_000_000);
    let view = at(80);
    let terminal = Terminal::new(&view);
    let bytes = AtomicUsize::new(0);
    let mut text = String::new();
    for (i, line) in file.lines().enumerate().step_by(25) {
        let number = i as u32 + 1;
        let place = sample::place("src/big.rs", (number, 17), (number, 23), line);
        let Shown { severity, message, help, label, span, source } =
            Shown::new(Severity::Error, "message", None, Excerpt::new(&place, &terminal));
        let shown = Shown { severity, message, help, label, span, source: Counting(source, &bytes) };
        terminal.handler(&place).render_report(&mut text, &shown).unwrap();
    }
    assert!(text.contains("[src/big.rs:1:17]") && text.contains("[src/big.rs:24976:17]"));
    // Three reads of one line each.
    assert_eq!(bytes.into_inner(), 1000 * 3 * 43);
}
