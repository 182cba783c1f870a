//! Actions that are named by a tag, where the checkout knows the commit of that tag.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bench, Fix};
use crate::model::{RelPath, is_commit_id};

/// The commits that are pinned, by repository in lower case and the tag beside them.
pub(super) type Pins = BTreeMap<(String, String), BTreeSet<String>>;

pub(super) const UNPINNED: Fix = Fix {
    rule: "secure/action-unpinned",
    summary: "Writes the commit in place of the tag of an action, where another workflow of the checkout pins the same action and names the tag in a comment.",
    mend: |finding, bench| {
        let path = &finding.place.path;
        let Some((start, line)) = bench.line(path, finding.place.start_line()) else { return };
        let Some(used) = uses(&line).filter(|used| !is_commit_id(used.reference) && used.comment.is_none()) else {
            return;
        };
        if bench.pins.is_none() {
            bench.pins = Some(pins(bench));
        }
        let key = (used.repository().to_ascii_lowercase(), used.reference.to_owned());
        let commits = bench.pins.as_ref().and_then(|known| known.get(&key));
        let Some(commit) = commits.filter(|commits| commits.len() == 1).and_then(|commits| commits.first()) else {
            return;
        };
        let rest = line[used.at + used.reference.len()..].trim_end();
        let pinned = format!("{commit}{rest} # {}", used.reference);
        bench.edits.replace(path, start + used.at..start + line.trim_end().len(), pinned, UNPINNED.rule);
    },
};

/// What a line of a workflow uses.
struct Uses<'l> {
    action: &'l str,
    reference: &'l str,
    /// Where the reference stands in the line.
    at: usize,
    comment: Option<&'l str>,
}

impl Uses<'_> {
    /// The repository of the action, without the folder in it.
    fn repository(&self) -> &str {
        let slash = self.action.match_indices('/').nth(1).map_or(self.action.len(), |(at, _)| at);
        &self.action[..slash]
    }
}

/// Reads `uses: owner/name@reference # comment`.
fn uses(line: &str) -> Option<Uses<'_>> {
    let key = line.find("uses:")?;
    if !line[..key].bytes().all(|b| matches!(b, b' ' | b'-' | b'\t')) {
        return None;
    }
    let value = &line[key + 5..];
    let from = key + 5 + value.len() - value.trim_start_matches([' ', '"', '\'']).len();
    let rest = &line[from..];
    let length = rest.find([' ', '\t', '"', '\'', '#']).unwrap_or(rest.len());
    let (action, reference) = rest[..length].split_once('@')?;
    let behind = rest[length..].trim_start_matches(['"', '\'']).trim();
    let comment = behind.strip_prefix('#').map(str::trim);
    let is_plain = behind.is_empty() || comment.is_some();
    let is_action =
        action.contains('/') && !action.starts_with('.') && !action.contains("://") && !reference.is_empty();
    (is_plain && is_action).then(|| Uses { action, reference, at: from + action.len() + 1, comment })
}

/// What workflows and actions of the checkout pin.
fn pins(bench: &mut Bench<'_>) -> Pins {
    let is_workflow = |path: &RelPath| {
        let yaml = ["yml", "yaml"].contains(&path.extension());
        yaml && (path.parent().as_str().ends_with(".github/workflows") || path.stem() == "action")
    };
    let files = bench.report.inventory.files.iter();
    let files: Vec<RelPath> = files.filter(|f| is_workflow(&f.path)).map(|f| f.path.clone()).collect();
    let mut out = Pins::new();
    for path in files {
        let Some(text) = bench.text(&path) else { continue };
        for used in text.lines().filter_map(uses).filter(|used| is_commit_id(used.reference)) {
            let tag = used.comment.and_then(|comment| comment.split_whitespace().next());
            let tag = tag.map(|tag| tag.trim_start_matches("tag="));
            if let Some(tag) = tag {
                let key = (used.repository().to_ascii_lowercase(), tag.to_owned());
                out.entry(key).or_default().insert(used.reference.to_owned());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_use_an_action() {
        let parts = |line| {
            uses(line)
                .map(|u| (u.repository().to_owned(), u.reference.to_owned(), u.at, u.comment.map(str::to_owned)))
        };
        assert_eq!(parts("      - uses: a/b/c@v4"), Some(("a/b".into(), "v4".into(), 20, None)));
        assert_eq!(parts("  uses: \"a/b@x\" # v1 "), Some(("a/b".into(), "x".into(), 13, Some("v1".into()))));
        for line in ["  uses: ./a@b", "  uses: docker://a/b@c", "x: uses: a/b@c", "  uses: a/b", "  uses: a/b@c d"] {
            assert!(parts(line).is_none(), "{line}");
        }
    }
}
