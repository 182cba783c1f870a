//! `cabal.project.freeze`: constraints that fix versions (Cabal's user guide, "cabal freeze").

use super::HACKAGE;
use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::lines::lines;
use crate::model::Evidence;

/// Reads the lock file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, HACKAGE);
    let mut inside = false;
    for (line, at) in lines(file.text()) {
        let text = line.trim();
        if text.starts_with("--") {
            continue;
        }
        let mut start = at.start;
        let mut rest = text;
        if !line.starts_with([' ', '\t']) {
            inside = false;
        }
        if let Some(after) = text.strip_prefix("constraints:") {
            inside = true;
            start += text.len() - after.len();
            rest = after;
        }
        if !inside {
            continue;
        }
        for entry in rest.split(',') {
            let lead = entry.len() - entry.trim_start().len();
            let bytes = start + lead..start + lead + entry.trim().len();
            start += entry.len() + 1;
            // Flags have no version, and a choice of several fixes none.
            let Some((name, version)) = entry.trim().split_once("==") else { continue };
            let name = name.trim();
            let name = ["any.", "setup."].iter().find_map(|scope| name.strip_prefix(scope)).unwrap_or(name);
            let version = version.trim();
            let exact = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            if exact && !name.is_empty() && !name.contains([' ', ':']) {
                let package = draft.package(name, version, bytes);
                draft.add(package);
            }
        }
    }
    draft.finish(out);
}
