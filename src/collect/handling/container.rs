//! Dockerfiles: images that are shipped, and copyright files that are removed from them.

use super::{at_line, lines};
use crate::collect::SourceFile;
use crate::model::{Handling, HandlingKind, RelPath};

pub(super) fn wants(name: &str, _: &RelPath) -> bool {
    matches!(name, "dockerfile" | "containerfile")
        || name.starts_with("dockerfile.")
        || name.starts_with("containerfile.")
        || name.ends_with(".dockerfile")
}

/// What stands for the copyright files of packages in an image.
const NOTICES: &[&str] = &["/usr/share/doc", "/usr/share/licenses", "/usr/share/common-licenses", "/copyright"];

pub(super) fn read(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    // Of several stages the last one is shipped.
    let mut stage: Vec<Handling> = Vec::new();
    let mut shipped = None;
    let keeps_copyright = text.contains("path-include=/usr/share/doc/*/copyright");
    let all: Vec<&str> = text.lines().collect();
    for (number, line) in lines(text, &["#"]) {
        let lower = line.trim().to_ascii_lowercase();
        if lower.starts_with("from ") {
            stage.clear();
            shipped = Some(at_line(file, number, HandlingKind::Ships, "a container image"));
        }
        for command in lower.split(['&', ';', '|']) {
            let command = command.trim().trim_start_matches("run ").trim_start();
            let removes = command.starts_with("rm ") && NOTICES.iter().any(|path| command.contains(path))
                || command.contains("path-exclude") && command.contains("/usr/share/doc");
            if removes && !keeps_copyright {
                stage.push(at_line(
                    file,
                    number,
                    HandlingKind::RemovesCopyright,
                    command.trim_end_matches('\\').trim(),
                ));
            }
        }
        // `rm -rf a \` continues on lines of their own.
        let continued = NOTICES.iter().any(|path| lower.starts_with(path))
            && removes_above(&all[..all.len().min(number.saturating_sub(1))]);
        if continued {
            let by = format!("rm {}", lower.trim_end_matches('\\').trim());
            stage.push(at_line(file, number, HandlingKind::RemovesCopyright, by));
        }
    }
    out.append(&mut stage);
    out.extend(shipped);
}

/// Whether the command that a line continues is `rm`: the lines above it end in a backslash up to one that starts it.
fn removes_above(above: &[&str]) -> bool {
    const MOST: usize = 30;
    for line in above.iter().rev().take(MOST) {
        let Some(line) = line.trim_end().strip_suffix('\\') else { return false };
        if let Some(last) = line.rsplit(['&', ';', '|']).next() {
            let command = last.trim().trim_start_matches("RUN ").trim_start();
            if command.starts_with("rm ") {
                return true;
            }
            if line.contains(['&', ';', '|']) && !command.is_empty() {
                return false;
            }
        }
    }
    false
}
