//! A job summary in GitHub Flavored Markdown.
//!
//! GitHub drops a summary over 1 MiB as a whole, so the output ends before that and says what it leaves out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::counts::{self, Counts, number, plural};
use super::escape::{markdown, markdown_code};
use super::{Format, View};
use crate::model::{ClauseSummary, Finding, Place, Report, Skipped};

pub(super) const FORMAT: Format = Format {
    name: "markdown",
    summary: "A job summary: counts, the clause, the worst finding of each of ten rules, and the rest folded away.",
    extension: "md",
    render,
};

/// How many bytes a summary may take.
const LIMIT: usize = 900 * 1024;
/// How many of these are kept for what closes a cut summary.
const RESERVE: usize = 2 * 1024;
/// How many findings are shown with their help, where there are more only one of a rule.
const WORST: usize = 10;
/// How many characters of one text from a finding are shown.
const TEXT: usize = 2_000;

fn render(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::default();
    heading(report, view, &mut page);
    clauses(&report.clauses, &mut page);
    let shown: Vec<_> = view.shown(report).collect();
    let (worst, rest) = worst(shown);
    if !worst.is_empty() {
        let title = if rest.is_empty() { "Findings" } else { "The worst findings, one of each rule" };
        page.add(&format!("### {title}\n\n"));
        let mut more: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &rest {
            *more.entry(&finding.rule).or_default() += 1;
        }
        for (i, finding) in worst.iter().enumerate() {
            page.add(&item(i + 1, finding, more.get(finding.rule.as_str()).copied().unwrap_or_default()));
        }
        page.add("\n");
    }
    if !rest.is_empty() {
        let head = "| Severity | Rule | Place | Message |\n| --- | --- | --- | --- |\n";
        page.folded(&plural(rest.len() as u64, "more finding"), head, rest.iter().map(|finding| row(finding)));
    }
    let skipped = &report.inventory.skipped;
    if !skipped.is_empty() {
        let head = "| Path | Reason |\n| --- | --- |\n";
        let title = format!("{} not read, or only in part", plural(skipped.len() as u64, "path"));
        page.folded(&title, head, skipped.iter().map(not_read));
    }
    out.write_all(page.text.as_bytes())
}

/// The findings to show with their help, and the others. Where there are more than [`WORST`], one of a rule stands for all
/// of them, so that the many of one rule do not hide the others.
fn worst<'a>(shown: Vec<&'a Finding>) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    if shown.len() <= WORST {
        return (shown, Vec::new());
    }
    let mut seen: BTreeSet<&'a str> = BTreeSet::new();
    shown.into_iter().partition(|finding| seen.len() < WORST && seen.insert(&finding.rule))
}

fn heading(report: &Report, view: &View, page: &mut Page) {
    let counts = Counts::of(&report.findings);
    let verdict =
        if counts.new_findings() == 0 { counts::clean(report).to_lowercase() } else { counts.by_severity() };
    page.add(&format!("## Open source compliance: {verdict}\n\n"));
    let mut facts = vec![format!("{} scanned", plural(report.inventory.statistics.files, "file"))];
    let suppressed = counts.suppressed();
    if !suppressed.is_empty() {
        facts.push(suppressed);
    }
    facts.extend(view.folded(report));
    let incomplete = report.inventory.skipped.iter().filter(|s| s.kind.is_incomplete()).count() as u64;
    if incomplete > 0 {
        facts.push(format!("{} could not be read, or only in part", plural(incomplete, "path")));
    }
    page.add(&format!("{}.\n\n", facts.join("; ")));
}

fn clauses(clauses: &[ClauseSummary], page: &mut Page) {
    if clauses.is_empty() {
        return;
    }
    page.add("| Clause 5 | | Pass | Fail | N.a. | Undecidable | Worst |\n");
    page.add("| --- | --- | ---: | ---: | ---: | ---: | --- |\n");
    for clause in clauses {
        page.add(&format!(
            "| {} | {} | {} | {} | {} | {} | {} |\n",
            markdown(&clause.phrase),
            markdown(&clause.title),
            clause.pass,
            clause.fail,
            clause.not_applicable,
            clause.undecidable,
            clause.worst.map_or("", counts::severity),
        ));
    }
    page.add("\n");
}

/// A finding with its help, as an item of a list; `more` others of its rule are told of elsewhere.
fn item(n: usize, finding: &Finding, more: usize) -> String {
    let indent = " ".repeat(n.to_string().len() + 2);
    let mut out = format!(
        "{n}. **{}** {} in {}{}<br>\n{indent}{}",
        counts::severity(finding.severity),
        markdown_code(&finding.rule),
        location(&finding.place),
        if more == 0 { String::new() } else { format!(", and {} more below", number(more as u64)) },
        message(finding),
    );
    let help = prose(&finding.help);
    if !help.is_empty() {
        out.push_str(&format!("<br>\n{indent}**How to mend it:** {help}"));
    }
    out.push('\n');
    out
}

fn row(finding: &Finding) -> String {
    format!(
        "| {} | {} | {} | {} |\n",
        counts::severity(finding.severity),
        markdown_code(&finding.rule),
        location(&finding.place),
        message(finding),
    )
}

fn not_read(skipped: &Skipped) -> String {
    format!("| {} | {} |\n", markdown_code(&clip(&skipped.path.to_string())), prose(&skipped.reason))
}

fn message(finding: &Finding) -> String {
    format!("{}{}", counts::state(finding.state), markdown(&clip(finding.message_beside_path())))
}

/// A text of several lines, on one.
fn prose(text: &str) -> String {
    clip(text).lines().map(markdown).collect::<Vec<_>>().join("<br>")
}

/// `path:line`, or the path of a file as a whole.
fn location(place: &Place) -> String {
    let path = clip(&place.path.to_string()).into_owned();
    match &place.region {
        Some(region) => markdown_code(&format!("{path}:{}", region.start_line)),
        None => markdown_code(&path),
    }
}

/// The first [`TEXT`] characters.
fn clip(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// A Markdown text that stays within [`LIMIT`].
#[derive(Default)]
struct Page {
    text: String,
    /// Whether something was left out; nothing is added then.
    full: bool,
}

impl Page {
    /// Adds a part, if there is room for it.
    fn add(&mut self, part: &str) {
        if self.full {
            return;
        }
        if self.text.len() + part.len() > LIMIT - RESERVE {
            self.full = true;
            self.text
                .push_str("\n**The summary is cut here, for it would be too large. The JSON report has it all.**\n");
        } else {
            self.text.push_str(part);
        }
    }

    /// Adds a table that is folded away under `title`, with as many of its rows as there is room for.
    fn folded(&mut self, title: &str, head: &str, rows: impl ExactSizeIterator<Item = String>) {
        self.add(&format!("<details><summary>{title}</summary>\n\n{head}"));
        if self.full {
            return;
        }
        let total = rows.len();
        let mut added = 0;
        for row in rows {
            if self.text.len() + row.len() > LIMIT - RESERVE {
                break;
            }
            self.text.push_str(&row);
            added += 1;
        }
        if added < total {
            self.full = true;
            let cut = number((total - added) as u64);
            self.text.push_str(&format!(
                "\n**{cut} more are left out here, for the summary would be too large. The JSON report has them all.**\n"
            ));
        }
        self.text.push_str("\n</details>\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RelPath, SkipReason};
    use crate::report::{escape, sample};

    #[test]
    fn an_item_and_a_row_are_exact() {
        let report = sample::report();
        assert_eq!(
            item(1, &report.findings[0], 0),
            "1. **error** `license/no-root-text` in `Cargo.toml:3`<br>\n   \
             The repository has no license text at its root.<br>\n   \
             **How to mend it:** Add the text of Apache-2.0 as LICENSE beside Cargo.toml.\n"
        );
        assert_eq!(
            row(&report.findings[5]),
            "| warning | `license/header-tag-malformed` | \
             <code>src&#47;&#92;u&#123;202e&#125;c&#46;&#96;a&#96; &#124; &#60;b&#62;&#44;x&#58;&#58;y&#37;\
             &#92;n&#58;&#58;error&#58;&#58;&#46;c&#58;1</code> | \
             SPDX tag <code>MIT&#92;u&#123;1b&#125;&#93;0&#59;owned&#92;u&#123;7&#125;</code> is no expression: \
             @&#8203;everyone\\\\r\\\\n::warning::x \\| &lt;img src=x onerror=alert(1)&gt; \
             \\[here\\](https://evil.example) %0A &#36;x&#36; |\n"
        );
    }

    #[test]
    fn many_of_one_rule_leave_room_for_others() {
        let mut report = sample::report();
        let (first, last) = (report.findings[0].clone(), report.findings[5].clone());
        assert_ne!(first.rule, last.rule);
        report.findings = vec![first; 1_234];
        report.findings.push(last);
        let text = sample::render_report(&FORMAT, &report, &View::default());
        let (above, below) = text.split_once("<details>").unwrap();
        assert!(above.contains("1. **error** `license/no-root-text` in `Cargo.toml:3`, and 1,233 more below<br>"));
        assert!(above.contains("2. **warning** `license/header-tag-malformed` in ") && !above.contains("\n3. "));
        assert!(below.contains("1,233 more findings"));
    }

    #[test]
    fn a_clean_summary_says_so() {
        let text = sample::render_report(&FORMAT, &sample::clean(), &View::default());
        assert!(
            text.starts_with("## Open source compliance: nothing to mend\n\n1,204 files scanned.\n\n| Clause 5 |")
        );
        assert!(!text.contains("<details>") && !text.contains("Findings"));
    }

    #[test]
    fn a_summary_ends_before_github_would_drop_it() {
        let mut report = sample::report();
        let one = &mut report.findings[0];
        one.message = "<".repeat(100_000);
        report.findings = vec![report.findings[0].clone(); 3_000];
        let text = sample::render_report(&FORMAT, &report, &View::default());
        assert!(text.len() <= LIMIT && text.len() > LIMIT - 16 * 1024, "{}", text.len());
        assert!(text.contains(" more are left out here") && text.ends_with("</details>\n\n"));
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }

    #[test]
    fn many_skipped_files_are_cut_too() {
        let mut report = sample::clean();
        let skipped = |i| Skipped {
            path: RelPath::new(format!("folder/{i}")),
            kind: SkipReason::Unreadable,
            reason: "permission denied".into(),
            line: None,
        };
        report.inventory.skipped = (0..40_000).map(skipped).collect();
        let text = sample::render_report(&FORMAT, &report, &View::default());
        assert!(text.len() <= LIMIT && text.contains(" more are left out here"));
    }

    #[test]
    fn every_row_has_its_cells_and_no_html_but_ours() {
        let view = View { show_suppressed: true, ..View::default() };
        let mut report = sample::report();
        report.findings = (0..20).flat_map(|_| report.findings.clone()).collect();
        let text = sample::render_report(&FORMAT, &report, &view);
        let unescaped = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        let rows: Vec<_> = text.lines().filter(|l| l.starts_with("| warning") || l.starts_with("| error")).collect();
        assert!(rows.len() > 100);
        assert!(rows.iter().all(|row| unescaped(row) == 5));
        let tags = regex::Regex::new("<[^>]*>").unwrap();
        for tag in tags.find_iter(&text) {
            let ours = ["<br>", "<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>"];
            assert!(ours.contains(&tag.as_str()), "{}", tag.as_str());
        }
        assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)));
    }
}
