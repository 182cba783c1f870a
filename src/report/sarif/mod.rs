//! SARIF 2.1.0, as GitHub code scanning takes it.
//!
//! GitHub rejects a file of which one result has no physical location, ignores suppressions, and keeps 5,000 results
//! of a run. So suppressed findings are left out, and those that only pedants want to know, every result has a region, and what had to be cut is said in a
//! notification.

mod log;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Write};

use self::log::{
    ArtifactLocation, AutomationDetails, Configuration, Driver, Fingerprints, Help, Invocation, Location, Log,
    Message, Notification, PhysicalLocation, Region, Rule, RuleProperties, Run, Tool, UriBase, UriBases,
};
use super::{Format, View, counts, escape, json};
use crate::model::{self, Finding, Place, Report, RuleDoc, Severity, Skipped, State};

pub(super) const FORMAT: Format = Format {
    name: "sarif",
    summary: "SARIF 2.1.0 for code scanning; findings that are waived, in the baseline or pedantic are left out.",
    extension: "sarif",
    render,
};

/// How many results GitHub keeps of one run.
const MAX_RESULTS: usize = 5_000;
/// How many skipped files are listed one by one.
const MAX_NOTIFICATIONS: usize = 1_000;
/// How many related places a result lists; GitHub shows 100.
const MAX_RELATED: usize = 100;
/// How many tags GitHub keeps of a rule is 20; it shows 10.
const MAX_TAGS: usize = 10;
/// How long a description of a rule may be, in characters.
const MAX_DESCRIPTION: usize = 1_024;

const SOURCE_ROOT: &str = "%SRCROOT%";

fn render(report: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    json::write(&log(report), out)
}

fn log(report: &Report) -> Log<'_> {
    let counted = report.findings.iter().filter(|f| f.state == State::New && !f.is_pedantic());
    // A finding about the root folder itself has no file that code scanning could show.
    let (placed, unplaced): (Vec<_>, Vec<_>) = counted.partition(|f| !f.place.path.as_str().is_empty());
    Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: report.tool.name,
                    semantic_version: report.tool.version,
                    information_uri: report.tool.home,
                    rules: report.packs.rules.iter().map(|rule| describe(rule, report.tool.home)).collect(),
                },
            },
            automation_details: AutomationDetails { id: format!("{}/", report.tool.name) },
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications(report, placed.len(), unplaced.len()),
            }],
            original_uri_base_ids: UriBases {
                source_root: UriBase { description: text("The root of the scanned checkout.") },
            },
            column_kind: "unicodeCodePoints",
            results: placed.into_iter().take(MAX_RESULTS).map(|f| result(f, report)).collect(),
        }],
    }
}

fn result<'a>(finding: &'a Finding, report: &'a Report) -> log::Result<'a> {
    log::Result {
        rule_id: &finding.rule,
        rule_index: report.packs.rules.binary_search_by(|rule| rule.id.as_str().cmp(&finding.rule)).ok(),
        level: counts::severity(finding.severity),
        message: text(result_text(finding)),
        locations: [location(&finding.place, None, None)],
        related_locations: finding
            .related
            .iter()
            .filter(|(place, _)| !place.path.as_str().is_empty())
            .take(MAX_RELATED)
            .enumerate()
            .map(|(i, (place, message))| location(place, Some(i + 1), Some(text(message_text(message)))))
            .collect(),
        partial_fingerprints: Fingerprints { primary_location_line_hash: &finding.fingerprint },
    }
}

/// What is wrong, and how to mend it: code scanning shows nothing else that is particular to one result.
fn result_text(finding: &Finding) -> Cow<'_, str> {
    match finding.help.as_str() {
        "" => message_text(&finding.message),
        help => {
            let mut text = message_text(&finding.message).into_owned();
            for line in help.lines() {
                text.push('\n');
                text.push_str(&message_text(line));
            }
            text.into()
        }
    }
}

/// `text` as a SARIF plain text message: on one line, and without what §3.11.6 would read as a link.
fn message_text(text: &str) -> Cow<'_, str> {
    let text = escape::visible(text);
    if text.contains("](") { Cow::Owned(text.replace('[', "\\[").replace(']', "\\]")) } else { text }
}

fn text<'a>(text: impl Into<Cow<'a, str>>) -> Message<'a> {
    Message { text: text.into() }
}

fn location<'a>(place: &Place, id: Option<usize>, message: Option<Message<'a>>) -> Location<'a> {
    Location {
        id,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: escape::uri(place.path.as_str()), uri_base_id: SOURCE_ROOT },
            region: place.region.as_ref().map_or(FIRST_CHARACTER, region),
        },
        message,
    }
}

/// Stands for a file as a whole: all four fields of a region are asked for.
const FIRST_CHARACTER: Region = Region { start_line: 1, start_column: 1, end_line: 1, end_column: 2 };

/// The region, or its first line when it is longer than its excerpt: a pull request shows a result only if all its
/// lines were changed. An empty region is widened to one character.
fn region(region: &model::Region) -> Region {
    let model::Region { start_line, start_column, mut end_line, mut end_column, .. } = *region;
    if end_line.saturating_sub(start_line) as usize >= model::Region::EXCERPT_LINES {
        end_line = start_line;
        end_column = region.excerpt.lines().next().map_or(0, |line| line.chars().count() as u32) + 1;
    }
    if end_line <= start_line {
        end_line = start_line;
        end_column = end_column.max(start_column + 1);
    }
    Region { start_line, start_column, end_line, end_column }
}

fn notifications(report: &Report, placed: usize, unplaced: usize) -> Vec<Notification<'_>> {
    let skipped = &report.inventory.skipped;
    let mut out: Vec<_> = skipped.iter().take(MAX_NOTIFICATIONS).map(not_read).collect();
    let mut add = |message: String| {
        out.push(Notification { level: "warning", message: text(message), locations: None });
    };
    if let Some(more @ 1..) = skipped.len().checked_sub(MAX_NOTIFICATIONS) {
        add(format!("{} more could not be read.", counts::plural(more as u64, "path")));
    }
    if let Some(cut @ 1..) = placed.checked_sub(MAX_RESULTS) {
        add(format!(
            "{} of {} findings were left out, the least severe ones: code scanning keeps {} results of a run.",
            counts::number(cut as u64),
            counts::number(placed as u64),
            counts::number(MAX_RESULTS as u64),
        ));
    }
    if unplaced > 0 {
        let findings = counts::plural(unplaced as u64, "finding");
        add(format!("{findings} on the repository as a whole left out: there is no file to show it in."));
    }
    out
}

fn not_read(skipped: &Skipped) -> Notification<'_> {
    let line = skipped.line.unwrap_or(1);
    let mut location = location(&Place::file(skipped.path.clone()), None, None);
    location.physical_location.region = Region { start_line: line, end_line: line, ..FIRST_CHARACTER };
    Notification {
        level: if skipped.kind.is_incomplete() { "warning" } else { "note" },
        message: text(format!(
            "{} was not read, or not wholly: {}.",
            message_text(&skipped.path.to_string()),
            message_text(skipped.reason.trim_end_matches('.'))
        )),
        locations: (!skipped.path.as_str().is_empty()).then_some([location]),
    }
}

fn describe<'a>(rule: &'a RuleDoc, home: &'static str) -> Rule<'a> {
    let sentence = |s: &'a str| -> Cow<'a, str> {
        let s = s.trim();
        let s = s.char_indices().nth(MAX_DESCRIPTION - 1).map_or(s, |(end, _)| &s[..end]);
        if s.ends_with(['.', '?', ':']) { s.into() } else { format!("{s}.").into() }
    };
    let why = if rule.why.trim().is_empty() { &rule.title } else { &rule.why };
    let help = if rule.help.trim().is_empty() { why } else { &rule.help };
    Rule {
        id: &rule.id,
        name: pascal_case(rule.id.rsplit('/').next().unwrap_or_default()),
        short_description: text(sentence(&rule.title)),
        full_description: text(sentence(why)),
        help: Help { text: help.as_str().into(), markdown: help_markdown(rule, why, help) },
        help_uri: home,
        default_configuration: Configuration { level: counts::severity(rule.severity) },
        properties: properties(rule),
    }
}

fn properties(rule: &RuleDoc) -> RuleProperties<'_> {
    let pack = rule.id.split('/').next().unwrap_or_default();
    let mut tags = vec![pack, rule.phrase.as_str()];
    if rule.security && pack != "security" {
        tags.push("security");
    }
    tags.extend(rule.maps.values().flatten().map(String::as_str));
    tags.retain(|tag| !tag.is_empty());
    tags.truncate(MAX_TAGS);
    let (problem_severity, security_severity) = match rule.severity {
        Severity::Error => ("error", "8.0"),
        Severity::Warning => ("warning", "5.0"),
        Severity::Note => ("recommendation", "2.0"),
    };
    RuleProperties {
        tags,
        precision: "high",
        problem_severity,
        security_severity: rule.security.then_some(security_severity),
    }
}

fn help_markdown(rule: &RuleDoc, why: &str, help: &str) -> String {
    let mut out = format!("**{}**\n\n{}\n\n", escape::markdown(&rule.title), escape::markdown(why));
    if help != why {
        out.push_str(&format!("**How to mend it:** {}\n\n", escape::markdown(help)));
    }
    for (standard, controls) in &rule.maps {
        out.push_str(&format!("- {}: {}\n", escape::markdown(standard), escape::markdown(&controls.join(", "))));
    }
    out.push_str(&format!("- Clause 5, phrase {}\n", escape::markdown(&rule.phrase)));
    out
}

/// `no-root-text` as `NoRootText`.
fn pascal_case(kebab: &str) -> String {
    kebab
        .split('-')
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}
