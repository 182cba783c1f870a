//! `CODEOWNERS`, as GitHub, GitLab and Gitee read it: a pattern and its owners on each line.

use crate::collect::SourceFile;
use crate::model::{Evidence, OwnerRule, RelPath};

/// Whether this is the file that a forge reads.
pub(super) fn is_owners(name: &str, path: &RelPath) -> bool {
    name == "codeowners"
        && ["", ".github", "docs", ".gitlab", ".gitee", ".forgejo", ".gitea"].contains(&path.parent().as_str())
}

/// The rules, in order.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    for (i, line) in file.text().lines().enumerate() {
        let line = line.trim();
        // `[Section]` and `^[Section]` are headings of GitLab.
        if line.is_empty() || line.starts_with(['#', '[', '^']) {
            continue;
        }
        let mut words = words(line).into_iter();
        let Some(pattern) = words.next() else { continue };
        let owners = words.take_while(|word| !word.starts_with('#')).collect();
        out.push(Evidence::Owner(OwnerRule { pattern, owners, place: file.place_of_line(i as u32 + 1) }));
    }
}

/// The words of a line; a backslash keeps a space in a word.
fn words(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = out.last_mut();
        match (c, last) {
            ('\\', Some(last)) => last.extend(chars.next()),
            (c, Some(last)) if c.is_whitespace() => {
                if !last.is_empty() {
                    out.push(String::new());
                }
            }
            (c, Some(last)) => last.push(c),
            (_, None) => {}
        }
    }
    out.retain(|word| !word.is_empty());
    out
}
