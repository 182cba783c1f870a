//! Changes as a unified diff (POSIX `diff -u`), with the headers that `git apply` takes.

use std::fmt::Write;
use std::ops::Range;

use crate::model::RelPath;

/// Lines that are shown around a change.
const AROUND: usize = 3;

/// Lines that go, and what comes in their place.
struct Block {
    old: Range<usize>,
    new: Vec<String>,
}

/// The diff of one file; `before` is `None` for a new one. `edits` are the changed parts of `before`, in bytes, ascending
/// and without overlap.
pub(super) fn unified(path: &RelPath, before: Option<&str>, after: &str, edits: &[(Range<usize>, String)]) -> String {
    let path = path.as_str();
    let mut out = String::new();
    let Some(before) = before else {
        let lines: Vec<&str> = after.split_inclusive('\n').collect();
        let _ = writeln!(out, "--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{} @@", lines.len());
        lines.iter().for_each(|line| push(&mut out, '+', line));
        return out;
    };
    let _ = writeln!(out, "--- a/{path}\n+++ b/{path}");
    let lines: Vec<&str> = before.split_inclusive('\n').collect();
    let blocks = blocks(before, &lines, edits);
    let mut shift = 0isize;
    for group in blocks.chunk_by(|a, b| b.old.start - a.old.end <= 2 * AROUND) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let from = first.old.start.saturating_sub(AROUND);
        let to = (last.old.end + AROUND).min(lines.len());
        let gone: usize = group.iter().map(|block| block.old.len()).sum();
        let come: usize = group.iter().map(|block| block.new.len()).sum();
        let (old, new) = (to - from, to - from - gone + come);
        // A range of no lines names the line in front of it.
        let start = |line: usize, count: usize| if count == 0 { line } else { line + 1 };
        let new_from = from.saturating_add_signed(shift);
        let _ = writeln!(out, "@@ -{},{old} +{},{new} @@", start(from, old), start(new_from, new));
        let mut at = from;
        for block in group {
            lines[at..block.old.start].iter().for_each(|line| push(&mut out, ' ', line));
            lines[block.old.clone()].iter().for_each(|line| push(&mut out, '-', line));
            block.new.iter().for_each(|line| push(&mut out, '+', line));
            at = block.old.end;
        }
        lines[at..to].iter().for_each(|line| push(&mut out, ' ', line));
        shift += come as isize - gone as isize;
    }
    out
}

/// Whole lines that change. Changes on one line are one block.
fn blocks(before: &str, lines: &[&str], edits: &[(Range<usize>, String)]) -> Vec<Block> {
    let mut starts = vec![0];
    lines.iter().for_each(|line| starts.push(starts.last().copied().unwrap_or_default() + line.len()));
    let line_of = |at: usize| starts.partition_point(|start| *start <= at) - 1;
    // For each change the lines it touches: none, when whole lines are put between two.
    let touched = |(range, text): &(Range<usize>, String)| {
        let first = line_of(range.start);
        let is_between = range.is_empty() && starts[first] == range.start && text.ends_with('\n');
        let last = if is_between { first } else { line_of(range.end.max(range.start + 1) - 1) + 1 };
        first..last.min(lines.len())
    };
    let mut out: Vec<Block> = Vec::new();
    let mut at = 0;
    while at < edits.len() {
        let mut old = touched(&edits[at]);
        let mut end = at + 1;
        while end < edits.len() && touched(&edits[end]).start < old.end {
            old.end = old.end.max(touched(&edits[end]).end);
            end += 1;
        }
        let (mut text, mut from) = (String::new(), starts[old.start]);
        for (range, new) in &edits[at..end] {
            text.push_str(&before[from..range.start]);
            text.push_str(new);
            from = range.end;
        }
        text.push_str(&before[from..starts[old.end].max(from)]);
        out.push(Block { old, new: text.split_inclusive('\n').map(str::to_owned).collect() });
        at = end;
    }
    out
}

fn push(out: &mut String, mark: char, line: &str) {
    out.push(mark);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}
