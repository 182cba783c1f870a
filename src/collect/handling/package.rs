//! Package rules: which files go into an archive.

use toml::Value;

use super::{at_line, lines};
use crate::collect::SourceFile;
use crate::model::{Handling, HandlingKind, RelPath};

pub(super) fn wants(name: &str, _: &RelPath) -> bool {
    matches!(name, "cargo.toml" | "manifest.in" | "package.json") || is_goreleaser(name)
}

fn is_goreleaser(name: &str) -> bool {
    matches!(name, ".goreleaser.yml" | ".goreleaser.yaml" | "goreleaser.yml" | "goreleaser.yaml")
}

/// Most patterns of one rule.
const MOST: usize = 1000;

pub(super) fn read(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    match file.name {
        "cargo.toml" => cargo(file, text, out),
        "package.json" => npm(file, text, out),
        "manifest.in" => manifest_in(file, text, out),
        _ => goreleaser(file, text, out),
    }
}

/// The line of a key, from 1.
fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.trim_start().trim_start_matches('"').starts_with(key)).map_or(1, |at| at + 1)
}

fn rule(file: &SourceFile<'_>, line: usize, by: &str, patterns: Vec<(String, String)>) -> Handling {
    Handling { listed: patterns, ..at_line(file, line, HandlingKind::PackageRule, by) }
}

fn cargo(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    let Ok(manifest) = text.parse::<toml::Table>() else { return };
    let Some(package) = manifest.get("package").and_then(Value::as_table) else { return };
    for key in ["include", "exclude"] {
        let Some(list) = package.get(key).and_then(Value::as_array) else { continue };
        let patterns =
            list.iter().filter_map(Value::as_str).take(MOST).map(|p| (key.to_owned(), p.to_owned())).collect();
        out.push(rule(file, line_of(text, key), "cargo", patterns));
    }
}

fn npm(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    let Ok(manifest) = serde_json::from_str::<serde_json::Value>(text) else { return };
    let Some(list) = manifest.get("files").and_then(serde_json::Value::as_array) else { return };
    let patterns = list.iter().filter_map(serde_json::Value::as_str).take(MOST);
    let patterns = patterns.map(|p| ("include".to_owned(), p.to_owned())).collect();
    out.push(rule(file, line_of(text, "files"), "npm", patterns));
}

fn manifest_in(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    for (number, line) in lines(text, &["#"]) {
        let mut words = line.split_whitespace();
        let directive = words.next().unwrap_or_default();
        let excludes = matches!(directive, "exclude" | "global-exclude");
        let named = |word: &str| {
            let upper = word.to_ascii_uppercase();
            ["LICENSE", "LICENCE", "COPYING", "NOTICE"].iter().any(|name| upper.starts_with(name))
        };
        if excludes && let Some(word) = words.find(|w| named(w)) {
            out.push(at_line(file, number, HandlingKind::LeavesOutLicense, format!("`{directive} {word}`")));
        }
    }
}

/// Archives of GoReleaser carry the license by default; a list of `files` replaces the default.
fn goreleaser(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    let mut archives = false;
    let mut list: Option<(usize, usize, bool)> = None;
    let close = |list: Option<(usize, usize, bool)>, out: &mut Vec<Handling>| {
        if let Some((line, _, false)) = list {
            out.push(at_line(
                file,
                line,
                HandlingKind::LeavesOutLicense,
                "the list of files of GoReleaser's archives",
            ));
        }
    };
    for (number, line) in lines(text, &["#"]) {
        let indent = line.len() - line.trim_start().len();
        let word = line.trim();
        if word.is_empty() {
            continue;
        }
        if let Some((_, at, found)) = &mut list {
            if indent > *at || indent == *at && word.starts_with('-') {
                let lower = word.to_ascii_lowercase();
                *found |=
                    ["licen", "copying", "notice", "*"].iter().any(|w| lower.contains(w)) && !lower.contains("none*");
                continue;
            }
            close(list.take(), out);
        }
        if indent == 0 && !word.starts_with('-') {
            archives = word.starts_with("archives:");
        }
        let key = word.trim_start_matches("- ");
        if archives && key.starts_with("files:") {
            let inline = key["files:".len()..].trim().to_ascii_lowercase();
            let found = ["licen", "copying", "*"].iter().any(|w| inline.contains(w)) && !inline.contains("none*");
            let at = indent + (word.len() - key.len());
            list = Some((number, at, found));
        }
    }
    close(list, out);
}
