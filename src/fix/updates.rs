//! The configuration of Dependabot.

use super::Fix;

pub(super) const COOLDOWN: Fix = Fix {
    rule: "secure/update-tool-unsafe",
    summary: "Lets Dependabot wait for seven days with an update, by a `cooldown` in each entry that has none, or a longer one.",
    mend: |finding, bench| {
        let path = &finding.place.path;
        let Some((start, line)) = bench.line(path, finding.place.start_line()) else { return };
        let end = if bench.text(path).is_some_and(|text| text.contains("\r\n")) { "\r\n" } else { "\n" };
        if let Some(at) = line.find("default-days:") {
            let value = line[at + 13..].trim();
            let from = start + line.len() - line[at + 13..].trim_start().len();
            if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
                bench.edits.replace(path, from..from + value.len(), "7".to_owned(), COOLDOWN.rule);
            }
            return;
        }
        // The finding is at the entry's own line only where there is no `cooldown` at all.
        let Some(at) = line.find("package-ecosystem:") else { return };
        let has_end = bench.text(path).is_some_and(|text| text[start + line.len()..].starts_with(end));
        let is_block = line[..at].bytes().all(|b| matches!(b, b' ' | b'-' | b'"' | b'\''));
        if !has_end || !is_block || line[..at].contains(['"', '\'']) {
            return;
        }
        let indent = " ".repeat(at);
        let next = start + line.len() + end.len();
        bench.edits.replace(
            path,
            next..next,
            format!("{indent}cooldown:{end}{indent}  default-days: 7{end}"),
            COOLDOWN.rule,
        );
    },
};
