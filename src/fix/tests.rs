//! Diffs that `git apply` would take.

use super::edits::Edits;
use super::{FIXES, Mended};
use crate::model::RelPath;

fn mended(before: &str, changes: &[(std::ops::Range<usize>, &str)]) -> Mended {
    let (path, mut edits) = (RelPath::new("a.txt"), Edits::default());
    edits.text(&path, &|_| Some(before.to_owned()));
    for (range, text) in changes {
        edits.replace(&path, range.clone(), (*text).to_owned(), "a/b");
    }
    edits.finish().remove(0)
}

#[test]
fn lines_around_a_change_are_shown_and_near_changes_joined() {
    let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
    let file = mended(before, &[(0..0, "0\n"), (8..9, "five"), (24..26, "twelve")]);
    assert_eq!(file.after, "0\n1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\ntwelve\n");
    assert_eq!(
        file.patch(),
        "--- a/a.txt\n+++ b/a.txt\n@@ -1,12 +1,13 @@\n+0\n 1\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n 10\n 11\n-12\n+twelve\n"
    );
    let far = mended(&format!("{before}{before}"), &[(0..1, "one"), (51..53, "end")]);
    assert_eq!(far.patch().matches("@@ -").count(), 2, "{}", far.patch());
    assert!(
        far.patch().contains("@@ -1,4 +1,4 @@\n-1\n+one\n 2\n") && far.patch().contains("@@ -21,4 +21,4 @@\n 9\n")
    );
}

#[test]
fn files_without_a_last_line_end_and_new_files() {
    assert_eq!(
        mended("a\nb", &[(2..3, "c")]).patch(),
        "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
    );
    let mut edits = Edits::default();
    edits.create(RelPath::new("n/a.txt"), "a\nb\n".to_owned(), "a/b");
    assert_eq!(edits.finish()[0].patch(), "--- /dev/null\n+++ b/n/a.txt\n@@ -0,0 +1,2 @@\n+a\n+b\n");
}

#[test]
fn changes_that_touch_each_other_are_not_mixed() {
    let file = mended("abcdef\n", &[(1..3, "X"), (2..4, "Y"), (5..6, "Z")]);
    assert_eq!(file.after, "aXdeZ\n");
    assert_eq!(file.patch(), "--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-abcdef\n+aXdeZ\n");
}

#[test]
fn every_mend_is_of_a_rule_and_says_what_it_does() {
    let policy = crate::policy::Policy::load(&[], Vec::new(), &crate::config::Config::default(), &[]).unwrap();
    let docs = policy.docs();
    for fix in FIXES {
        assert!(docs.rule(fix.rule).is_some(), "{}", fix.rule);
        assert!(fix.summary.ends_with('.') && fix.summary.len() > 30, "{}", fix.rule);
    }
}
