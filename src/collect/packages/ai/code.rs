//! Models and data sets that code loads by name: `from_pretrained("owner/name", revision="…")` and its like.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{HUGGINGFACE, is_repository, repository};
use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::model::{ComponentKind, Evidence, Scope};

/// The calls, in lower case, and what they load.
pub(in crate::collect::packages) const CALLS: [(&str, ComponentKind); 4] = [
    ("from_pretrained(", ComponentKind::MachineLearningModel),
    ("load_dataset(", ComponentKind::Data),
    ("snapshot_download(", ComponentKind::MachineLearningModel),
    ("hf_hub_download(", ComponentKind::MachineLearningModel),
];
/// The endings of files in which they count.
pub(in crate::collect::packages) const ENDINGS: &[&str] = &["py", "ipynb", "js", "mjs", "ts", "tsx"];
/// How many bytes the arguments of a call may take.
const LONGEST: usize = 1000;

/// Reads a source file or notebook.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let text = file.text();
    let folders = file.path.parent();
    let test = folders.as_str().split('/').any(|f| matches!(f, "test" | "tests")) || file.name.starts_with("test_");
    let mut draft = Draft::new(file, HUGGINGFACE);
    let mut seen = BTreeSet::new();
    for (call, kind) in CALLS {
        for at in memchr::memmem::find_iter(text.as_bytes(), call) {
            let list = arguments(text, at + call.len());
            let Some(range) = argument(list, &["repo_id", "pretrained_model_name_or_path", "path"]) else { continue };
            let name = &list[range.clone()];
            let named = |key: &str| value_of(list, key).and_then(|at| literal(list, at)).map(|range| &list[range]);
            let kind = match named("repo_type") {
                Some("dataset") => ComponentKind::Data,
                Some("space") => continue,
                _ => kind,
            };
            if !is_repository(name) || commented(text, at) {
                continue;
            }
            let revision = named("revision").filter(|r| !r.contains('{')).unwrap_or_default();
            if seen.insert((name, revision, kind)) {
                let start = at + call.len() + range.start;
                let mut found = repository(name, revision, kind);
                found.region = Some(file.region(start..start + name.len()));
                found.direct = Some(true);
                found.scope = Some(if test { Scope::Test } else { Scope::Runtime });
                draft.add(found);
            }
        }
    }
    if !draft.packages.is_empty() {
        draft.finish(out);
    }
}

/// Whether the line is a comment. Looks back in bounds: lines of minified code are endless.
fn commented(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let from = at.saturating_sub(LONGEST);
    let start = memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |found| from + found + 1);
    let first = bytes[start..at].iter().find(|b| !b.is_ascii_whitespace());
    matches!(first, Some(b'#' | b'/' | b'*'))
}

/// The arguments of a call, up to its closing bracket, in bounds.
fn arguments(text: &str, start: usize) -> &str {
    let mut end = (start + LONGEST).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut depth = 0;
    for (at, byte) in text.as_bytes()[start..end].iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return &text[start..start + at],
            b')' => depth -= 1,
            _ => {}
        }
    }
    &text[start..end]
}

/// The literal that is the first argument, or has one of these names.
fn argument(list: &str, names: &[&str]) -> Option<Range<usize>> {
    let lead = list.len() - list.trim_start().len();
    let first = literal(list, lead);
    first.or_else(|| names.iter().find_map(|name| literal(list, value_of(list, name)?)))
}

/// Where the value of a named argument starts.
fn value_of(list: &str, name: &str) -> Option<usize> {
    let bytes = list.as_bytes();
    memchr::memmem::find_iter(bytes, name).find_map(|at| {
        let free = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let after = list[at + name.len()..].trim_start();
        let value = after.strip_prefix(['=', ':'])?;
        free.then(|| list.len() - value.trim_start().len())
    })
}

/// The bytes in the quotes of the literal that starts here; a notebook has a backslash in front of each quote.
fn literal(list: &str, start: usize) -> Option<Range<usize>> {
    let rest = &list[start..];
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let begin = list.len() - rest.len() + 1;
    let length = list[begin..].find([quote, '\\', '\n'])?;
    Some(begin..begin + length)
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::with_text;

    #[test]
    fn odd_arguments_are_safe() {
        for text in [
            "from_pretrained(",
            "from_pretrained(é",
            "from_pretrained('",
            "from_pretrained(repo_id",
            "load_dataset(\\",
        ] {
            assert!(with_text("a.py", text).is_empty(), "{text}");
        }
    }
}
