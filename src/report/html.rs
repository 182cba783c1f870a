//! One page for those who sign: what was scanned, what was found, what was waived and by whom, which licenses and
//! components there are, and what was not read.
//!
//! The page is a single file without scripts and without anything to fetch, so it can be archived, mailed and printed.
//! Every text from the checkout goes through [`text`].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::counts::{self, Counts, number, plural};
use super::{Format, View, escape};
use crate::model::{FileRecord, Finding, Outcome, Package, Place, Report, Severity, State};

pub(super) const FORMAT: Format = Format {
    name: "html",
    summary: "One page without scripts to read, print and archive: findings, waivers, licenses, components, verdicts.",
    extension: "html",
    render,
};

const STYLE: &str = include_str!("html.css");

/// How many findings of one rule are written out; the others stand as places alone.
const WRITTEN_OUT: usize = 50;

fn render(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let title = title(report);
    head(&title, out)?;
    heading(report, &title, out)?;
    clauses(report, out)?;
    findings(report, view, out)?;
    exceptions(report, out)?;
    licenses(report, out)?;
    components(report, out)?;
    verdicts(report, out)?;
    skipped(report, out)?;
    write!(out, "</body>\n</html>\n")
}

/// What a page starts with: its title, which is text of the page already, and how it looks.
pub(super) fn head(title: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
    )
}

/// Text from anywhere as text of the page.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    let visible = escape::visible(text);
    if !visible.contains(['&', '<', '>', '"', '\'']) {
        return visible;
    }
    let mut out = String::with_capacity(visible.len() + 16);
    for c in visible.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out.into()
}

/// A text of several lines; what stands between backticks is code.
fn prose(prose: &str) -> String {
    let lines = prose.lines().map(|line| {
        let mut out = String::new();
        let mut parts = line.split('`').peekable();
        let mut is_code = false;
        while let Some(part) = parts.next() {
            match (is_code, parts.peek().is_some()) {
                (true, true) => out.push_str(&format!("<code>{}</code>", text(part))),
                // A backtick that nothing closes is a backtick.
                (true, false) => out.push_str(&format!("`{}", text(part))),
                (false, _) => out.push_str(&text(part)),
            }
            is_code = !is_code;
        }
        out
    });
    lines.collect::<Vec<_>>().join("<br>")
}

fn place(place: &Place) -> String {
    let line = place.region.as_ref().map_or_else(String::new, |region| format!(":{}", region.start_line));
    format!("<code>{}{line}</code>", text(&place.path.to_string()))
}

/// The name and version of the project, where one manifest alone tells: of several, the one nearest to the root.
fn title(report: &Report) -> String {
    let depth = |p: &Package| p.origin.iter().map(|place| place.path.as_str().matches('/').count()).min();
    let locals: Vec<&Package> = report.inventory.packages.iter().filter(|p| p.local).collect();
    let least = locals.iter().filter_map(|p| depth(p)).min();
    match locals.iter().filter(|p| depth(p) == least).collect::<Vec<_>>()[..] {
        [p] => text(format!("Open source compliance: {} {}", p.name, p.version).trim_end()).into_owned(),
        _ => "Open source compliance".to_owned(),
    }
}

fn heading(report: &Report, title: &str, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(&report.findings);
    let statistics = &report.inventory.statistics;
    writeln!(out, "<header>\n<h1>{title}</h1>")?;
    let verdict = match counts.new_findings() {
        0 => format!("<span class=\"mark pass\">{}.</span>", counts::clean(report)),
        _ => format!("<span class=\"mark\">{}</span>.", counts.by_severity()),
    };
    let suppressed =
        Some(counts.suppressed()).filter(|s| !s.is_empty()).map(|s| format!(" {s}.")).unwrap_or_default();
    let incomplete = report.inventory.skipped.iter().filter(|s| s.kind.is_incomplete()).count() as u64;
    let incomplete = match incomplete {
        0 => String::new(),
        n => format!(" <a href=\"#skipped\">{} could not be read, or only in part.</a>", plural(n, "path")),
    };
    writeln!(out, "<p>{verdict}{suppressed}{incomplete}</p>")?;
    let commit = report.inventory.repository.as_ref().and_then(|r| r.head.as_ref());
    let commit = commit.map(|c| format!(", commit <code>{}</code>", text(&c.id))).unwrap_or_default();
    writeln!(
        out,
        "<p class=\"soft\">{}, {} of them with a license statement{commit}; {}. Scanned by {} {}.</p>",
        plural(statistics.files, "file"),
        number(statistics.licensed_files),
        plural(report.inventory.packages.len() as u64, "component"),
        text(report.tool.name),
        text(report.tool.version),
    )?;
    writeln!(
        out,
        "<nav><a href=\"#findings\">Findings</a><a href=\"#exceptions\">Exceptions</a><a href=\"#licenses\">Licenses</a>\
         <a href=\"#components\">Components</a><a href=\"#rules\">Rules</a><a href=\"#skipped\">Not read</a></nav>\n</header>"
    )
}

/// A table in a frame that scrolls; a column whose head begins with `#` holds numbers.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>, out: &mut dyn Write) -> io::Result<()> {
    let class = |head: &str| if head.starts_with('#') { " class=\"n\"" } else { "" };
    write!(out, "<div class=\"table\"><table>\n<thead><tr>")?;
    for name in head {
        write!(out, "<th scope=\"col\"{}>{}</th>", class(name), text(name.trim_start_matches('#')))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in rows {
        write!(out, "<tr>")?;
        for (name, cell) in head.iter().zip(row) {
            write!(out, "<td{}>{cell}</td>", class(name))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table></div>")
}

fn severity(severity: Severity) -> String {
    let word = counts::severity(severity);
    format!("<span class=\"mark {word}\">{word}</span>")
}

fn clauses(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.clauses.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>Clause 5, phrase by phrase</h2>")?;
    let rows = report.clauses.iter().map(|clause| {
        let count = |n: u32| n.to_string();
        vec![
            text(&clause.phrase).into_owned(),
            text(&clause.title).into_owned(),
            count(clause.pass),
            count(clause.fail),
            count(clause.not_applicable),
            count(clause.undecidable),
            clause.worst.map_or_else(String::new, severity),
        ]
    });
    table(&["", "Phrase", "#Pass", "#Fail", "#Not applicable", "#Undecidable", "Worst"], rows, out)?;
    writeln!(out, "</section>")
}

fn findings(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"findings\">\n<h2>Findings</h2>")?;
    let shown: Vec<&Finding> = view.shown(report).filter(|f| f.state == State::New).collect();
    if shown.is_empty() {
        writeln!(out, "<p>There are none.</p>")?;
    }
    for group in shown.chunk_by(|a, b| (a.severity, &a.rule) == (b.severity, &b.rule)) {
        let title = report.packs.rule(&group[0].rule).map_or("", |rule| &rule.title);
        let open = if group[0].severity == Severity::Error { " open" } else { "" };
        writeln!(
            out,
            "<details{open}><summary>{} <h3>{}</h3> <code class=\"soft\">{}</code> <span class=\"soft\">({})</span></summary><div>",
            severity(group[0].severity),
            text(title),
            text(&group[0].rule),
            number(group.len() as u64),
        )?;
        let is_shared = group.iter().all(|f| (&f.help, &f.maps) == (&group[0].help, &group[0].maps));
        for finding in &group[..group.len().min(WRITTEN_OUT)] {
            article(finding, !is_shared, out)?;
        }
        if let Some(rest) = group.get(WRITTEN_OUT..).filter(|rest| !rest.is_empty()) {
            let places: Vec<String> = rest.iter().map(|finding| place(&finding.place)).collect();
            writeln!(out, "<article><p>{} more: {}</p></article>", number(rest.len() as u64), places.join(", "))?;
        }
        if is_shared {
            advice(group[0], out)?;
        }
        writeln!(out, "</div></details>")?;
    }
    if let Some(words) = view.folded(report) {
        writeln!(out, "<p class=\"soft\">{}</p>", text(&words))?;
    }
    writeln!(out, "</section>")
}

/// One finding; `advises` when its advice differs from that of its neighbours.
fn article(finding: &Finding, advises: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<article><p>{}<br>{}</p>", place(&finding.place), prose(finding.message_beside_path()))?;
    if let Some(region) = finding.place.region.as_ref().filter(|region| !region.excerpt.trim().is_empty()) {
        let lines: Vec<Cow<'_, str>> = region.excerpt.lines().map(text).collect();
        writeln!(out, "<pre>{}</pre>", lines.join("\n"))?;
    }
    for (where_, what) in &finding.related {
        writeln!(out, "<p class=\"soft\">See also {}: {}</p>", place(where_), prose(what))?;
    }
    if advises {
        advice(finding, out)?;
    }
    writeln!(out, "</article>")
}

/// How to mend a finding, and which controls it belongs to.
fn advice(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    if !finding.help.is_empty() {
        writeln!(out, "<p><strong>To mend it:</strong> {}</p>", prose(&finding.help))?;
    }
    let controls: Vec<String> = finding.maps.iter().map(|(s, ids)| format!("{s} {}", ids.join(", "))).collect();
    if !controls.is_empty() {
        writeln!(out, "<p class=\"soft\">{}</p>", text(&controls.join("; ")))?;
    }
    Ok(())
}

fn exceptions(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"exceptions\">\n<h2>Waived and known before</h2>")?;
    let settled: Vec<&Finding> = report.findings.iter().filter(|f| f.state != State::New).collect();
    if settled.is_empty() {
        writeln!(out, "<p>There are none.</p>")?;
    } else {
        let rows = settled.iter().map(|f| {
            let state = if f.state == State::Waived { "waived" } else { "known before" };
            let why = prose(f.justification.as_deref().unwrap_or_default());
            vec![
                state.to_owned(),
                severity(f.severity),
                format!("<code>{}</code>", text(&f.rule)),
                place(&f.place),
                prose(f.message_beside_path()),
                why,
            ]
        });
        table(&["State", "Severity", "Rule", "Place", "Finding", "Reason"], rows, out)?;
    }
    writeln!(out, "</section>")
}

fn licenses(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"licenses\">\n<h2>Licenses of files</h2>")?;
    let mut by_license: BTreeMap<&str, Vec<&FileRecord>> = BTreeMap::new();
    for file in &report.inventory.files {
        if let Some(license) = file.license.as_deref() {
            by_license.entry(license).or_default().push(file);
        }
    }
    if by_license.is_empty() {
        writeln!(out, "<p>No file states a license.</p>")?;
    } else {
        let mut rows: Vec<_> = by_license.into_iter().collect();
        rows.sort_by_key(|(license, files)| (std::cmp::Reverse(files.len()), *license));
        let rows = rows.into_iter().map(|(license, files)| {
            let first: Vec<String> =
                files.iter().take(3).map(|f| format!("<code>{}</code>", text(&f.path.to_string()))).collect();
            vec![format!("<code>{}</code>", text(license)), number(files.len() as u64), first.join(", ")]
        });
        table(&["License", "#Files", "For instance"], rows, out)?;
    }
    writeln!(out, "</section>")
}

fn components(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"components\">\n<h2>Components</h2>")?;
    let packages = &report.inventory.packages;
    if packages.is_empty() {
        writeln!(out, "<p>No manifest or lock file names any.</p>\n</section>")?;
        return Ok(());
    }
    writeln!(out, "<details><summary>{}</summary><div>", plural(packages.len() as u64, "component"))?;
    let unknown = || "<span class=\"soft\">not stated</span>".to_owned();
    let code = |license: &Option<String>| {
        license.as_deref().map_or_else(unknown, |license| format!("<code>{}</code>", text(license)))
    };
    let rows = packages.iter().map(|p| {
        let scope = if p.local { "the project" } else { p.scope.name() };
        let directly = if p.direct || p.local { "" } else { "through others" };
        vec![
            text(&p.name).into_owned(),
            text(&p.version).into_owned(),
            scope.to_owned(),
            directly.to_owned(),
            code(&p.license.declared),
            code(&p.license.concluded),
            format!("<code>{}</code>", text(&p.purl)),
        ]
    });
    table(&["Name", "Version", "Needed for", "", "Declared", "Concluded", "purl"], rows, out)?;
    writeln!(out, "</div></details>\n</section>")
}

fn verdicts(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"rules\">\n<h2>Every rule and its verdict</h2>")?;
    for (wanted, title) in [
        (Outcome::Fail, "Fail"),
        (Outcome::Undecidable, "Undecidable"),
        (Outcome::Pass, "Pass"),
        (Outcome::NotApplicable, "Not applicable"),
    ] {
        let rows: Vec<_> = report.verdicts.iter().filter(|v| v.verdict == wanted).collect();
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "<details><summary>{title} ({})</summary><div>", rows.len())?;
        let rows = rows.into_iter().map(|v| {
            let title = report.packs.rule(&v.rule).map_or("", |rule| &rule.title);
            vec![
                format!("<code>{}</code>", text(&v.rule)),
                text(title).into_owned(),
                text(&v.phrase).into_owned(),
                number(v.subjects),
                prose(&v.reason),
            ]
        });
        table(&["Rule", "What it asks", "Phrase", "#Judged", "Reason"], rows, out)?;
        writeln!(out, "</div></details>")?;
    }
    writeln!(out, "</section>")
}

fn skipped(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"skipped\">\n<h2>Not read, or only in part</h2>")?;
    let skipped = &report.inventory.skipped;
    if skipped.is_empty() {
        writeln!(out, "<p>Everything was read.</p>")?;
    } else {
        let rows = skipped.iter().map(|s| {
            let line = s.line.map_or_else(String::new, |line| format!(":{line}"));
            vec![format!("<code>{}{line}</code>", text(&s.path.to_string())), prose(&s.reason)]
        });
        table(&["Path", "Reason"], rows, out)?;
    }
    writeln!(out, "</section>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn text_of_the_checkout_is_never_markup() {
        assert_eq!(text("<b a=\"1\">&'"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;");
        assert_eq!(prose("use `a<b` or ` alone\nnext"), "use <code>a&lt;b</code> or ` alone<br>next");
        let page = sample::render(&FORMAT, &View { show_suppressed: true, ..View::default() });
        assert!(!page.contains("<img") && !page.contains("<script") && !page.contains("onerror=alert(1)>"));
        assert!(!page.chars().any(|c| c != '\n' && escape::is_hidden(c)));
    }

    #[test]
    fn every_element_that_is_opened_is_closed() {
        let page = sample::render(&FORMAT, &View { show_suppressed: true, ..View::default() });
        let tags = regex::Regex::new(r"<(/?)([a-z][a-z0-9]*)[^>]*>").unwrap();
        let mut open: Vec<String> = Vec::new();
        for tag in tags.captures_iter(&page) {
            match (&tag[1], &tag[2]) {
                (_, "meta" | "br") => {}
                ("", name) => open.push(name.to_owned()),
                (_, name) => assert_eq!(open.pop().as_deref(), Some(name), "{}", &tag[0]),
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn waivers_are_shown_with_their_reason_and_a_clean_page_says_so() {
        let page = sample::render(&FORMAT, &View::default());
        assert!(page.contains("Build tool only, not shipped; approved by legal@example.org."));
        let clean = sample::render_report(&FORMAT, &sample::clean(), &View::default());
        assert!(clean.contains("Nothing to mend.") && clean.contains("Everything was read."));
    }
}
