//! `Package.swift`: the literals of Swift's package description; nothing is evaluated.

use super::{SWIFT, swift_name};
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, Item, Node, SWIFT as DIALECT, parts};
use crate::collect::packages::draft;
use crate::model::{Evidence, Scope};

/// Reads the manifest.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &DIALECT);
    let mut manifest = draft::manifest(file, SWIFT);
    manifest.compiled = true;
    // Calls stand at the top, and in the lists of the package's own call.
    let mut queue: Vec<&[Item<'_>]> = vec![&items];
    while let Some(level) = queue.pop() {
        for (at, item) in level.iter().enumerate() {
            let Some(arguments) = item.group('(').filter(|_| at > 0) else {
                queue.push(item.items());
                continue;
            };
            match level[at - 1].word() {
                Some("Package") => {
                    if let Some(name) = argument(arguments, "name").and_then(|v| v.first()) {
                        manifest.name = name.text().map(str::to_owned);
                        manifest.place = file.place(name.at.clone());
                    }
                    queue.push(arguments);
                }
                Some(".package") => {
                    manifest.dependencies.extend(dependency(file, arguments, level[at - 1].at.start..item.at.end));
                }
                _ => queue.push(arguments),
            }
        }
    }
    manifest.dependencies.sort_by(|a, b| a.place.cmp(&b.place));
    if manifest.name.is_some() || !manifest.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// The value of a labelled argument.
fn argument<'i, 't>(arguments: &'i [Item<'t>], label: &str) -> Option<&'i [Item<'t>]> {
    parts(arguments, ',')
        .find(|part| part.len() > 2 && part[0].word() == Some(label) && part[1].is(':'))
        .map(|p| &p[2..])
}

fn dependency(
    file: &SourceFile<'_>,
    arguments: &[Item<'_>],
    at: std::ops::Range<usize>,
) -> Option<crate::model::Dependency> {
    let text = |label: &str| argument(arguments, label)?.first()?.text();
    if let Some(path) = text("path") {
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut found = draft::dependency(file, text("name").unwrap_or(name), "", Scope::Runtime, at);
        found.source = Some(path.to_owned());
        return Some(found);
    }
    let name = text("url").map(swift_name).or_else(|| Some(text("id")?.replacen('.', "/", 1)))?;
    let exact = text("exact").or_else(|| text("revision")).or_else(|| text("branch"));
    let requirement = match (exact, text("from")) {
        (Some(exact), _) => exact.to_owned(),
        (None, Some(from)) => format!("^{from}"),
        (None, None) => other_requirement(arguments),
    };
    Some(draft::dependency(file, &name, &requirement, Scope::Runtime, at))
}

/// `.exact("1.0")`, `.upToNextMajor(from: "1.0")`, `.branch("main")`, `"1.0"..<"2.0"`.
fn other_requirement(arguments: &[Item<'_>]) -> String {
    for part in parts(arguments, ',') {
        match part {
            [Item { node: Node::Word(word), .. }, call] if word.starts_with('.') => {
                let text = call.items().iter().find_map(Item::text).unwrap_or_default();
                return match *word {
                    ".upToNextMajor" => format!("^{text}"),
                    ".upToNextMinor" => format!("~{text}"),
                    _ => text.to_owned(),
                };
            }
            [first, .., last] if first.text().is_some() && last.text().is_some() => {
                let operator = if part.iter().any(|item| item.is('<')) { "<" } else { "<=" };
                let (first, last) = (first.text().unwrap_or_default(), last.text().unwrap_or_default());
                return format!(">={first}, {operator}{last}");
            }
            _ => {}
        }
    }
    String::new()
}
