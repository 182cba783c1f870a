//! Third-party notices: which components a file lists, with their versions.

use super::at_line;
use crate::collect::SourceFile;
use crate::model::{Handling, HandlingKind, RelPath};

/// Most components that one file lists.
const MOST: usize = 20_000;

/// Longest line that can name a component.
const LONGEST: usize = 300;

pub(super) fn wants(name: &str, path: &RelPath) -> bool {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem: String = stem.chars().filter(|c| c.is_alphanumeric()).collect();
    let prose = ["", "txt", "md", "html", "yml", "yaml", "json", "csv", "rst", "toml"].contains(&extension);
    let third = stem.contains("thirdparty")
        && ["notice", "license", "licence", "software"].iter().any(|w| stem.contains(w))
        || stem.contains("3rdparty") && (stem.contains("licen") || stem.contains("notice"))
        || stem == "thirdparty"
        || stem.contains("dependencylicenses")
        || stem == "attributions"
        || stem == "notices"
        || stem == "notice";
    prose && third && path.depth() <= 4
}

pub(super) fn read(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    let mut listed: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|l| l.len() <= LONGEST) {
        if listed.len() >= MOST {
            break;
        }
        listed.extend(component(line));
    }
    listed.sort();
    listed.dedup();
    out.push(Handling { listed, ..at_line(file, 1, HandlingKind::ListsComponents, "third-party notices") });
}

/// Words that stand in front of numbers and are no components.
const NO_NAMES: &[&str] = &[
    "version",
    "license",
    "licence",
    "v",
    "section",
    "copyright",
    "c",
    "clause",
    "release",
    "apache",
    "gpl",
    "lgpl",
    "mpl",
    "bsd",
];

/// The component that a line names: `name@1.2.3`, `name 1.2.3`, `name (1.2.3)`, `| name | 1.2.3 |`.
fn component(line: &str) -> Option<(String, String)> {
    let separates = |c: char| {
        c.is_whitespace() || matches!(c, '|' | '(' | ')' | ',' | ';' | '"' | '\'' | '`' | '<' | '>' | '[' | ']' | '*')
    };
    let mut last: Option<&str> = None;
    for word in line.split(separates).filter(|w| !w.is_empty()) {
        let word = word.trim_end_matches(':');
        if let Some((name, version)) = word.rsplit_once('@')
            && is_version(version)
            && is_name(name)
        {
            return Some((name.to_lowercase(), version.trim_start_matches('v').to_owned()));
        }
        if is_version(word) {
            let name = last?;
            return is_name(name).then(|| (name.to_lowercase(), word.trim_start_matches('v').to_owned()));
        }
        last = Some(word);
    }
    None
}

fn is_version(word: &str) -> bool {
    let word = word.strip_prefix('v').unwrap_or(word);
    let dots = word.split(['-', '+']).next().unwrap_or_default();
    dots.split('.').count() >= 2
        && dots
            .split('.')
            .take(3)
            .all(|part| !part.is_empty() && part.len() <= 8 && part.bytes().all(|b| b.is_ascii_digit()))
}

fn is_name(word: &str) -> bool {
    let plain = word.trim_start_matches('@');
    plain.len() > 1
        && plain.len() <= 200
        && plain.starts_with(|c: char| c.is_ascii_alphabetic())
        && plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
        && !NO_NAMES.contains(&plain.to_lowercase().as_str())
}
