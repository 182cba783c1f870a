//! What a project says of its security to machines: `security.txt` and Security Insights.

use jiff::civil::Date;
use serde_json::Value;

use super::Predicate;
use crate::model::{Metadata, RelPath};
use crate::policy::evaluate::Context;
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

/// Files of a kind that are the project's own.
fn own<'a>(context: &Context<'a>, kind: &'static str) -> impl Iterator<Item = &'a Metadata> {
    let metadata = &context.scene.inventory.metadata;
    metadata.iter().filter(move |m| m.kind == kind && is_first_party(&m.place.path))
}

pub(super) const SECURITY_TXT: Predicate = Predicate {
    name: "security-txt-expired",
    about: "A security.txt (RFC 9116) has no `Contact`, one that is no URI, not exactly one `Expires`, or one in the past.",
    on: SubjectKind::File,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        for metadata in own(context, "security-txt") {
            match security_txt(&metadata.value, context.today) {
                None => judge.pass(),
                Some(problem) => judge.fail(
                    Failure::new(metadata.place.path.as_str(), metadata.place.clone()).with("problem", problem),
                ),
            }
        }
        judge.nothing("there is no security.txt");
    },
};

/// What is wrong with the fields of a security.txt.
fn security_txt(value: &Value, today: Date) -> Option<String> {
    let texts = |field: &str| -> Vec<&str> {
        value.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let contacts = texts("contact");
    if contacts.is_empty() {
        return Some("has no `Contact:`".to_owned());
    }
    if let Some(wrong) = contacts.iter().find(|contact| !is_uri(contact)) {
        return Some(format!("has the contact `{wrong}`, which is no URI such as mailto:, tel: or https:"));
    }
    let expires = match texts("expires")[..] {
        [expires] => expires,
        [] => return Some("has no `Expires:`".to_owned()),
        _ => return Some("has several lines `Expires:`; one is allowed".to_owned()),
    };
    // RFC 3339, whose `T` and `Z` may be written in lower case.
    match expires.to_ascii_uppercase().parse::<jiff::Timestamp>() {
        Err(_) => Some(format!("expires `{expires}`, which is no date and time of RFC 3339")),
        Ok(time) => {
            let day = jiff::tz::Offset::UTC.to_datetime(time).date();
            (day < today).then(|| format!("expired on {day}"))
        }
    }
}

/// Whether a text starts with a scheme; web addresses must be encrypted (RFC 9116 §2.5.3).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    is_scheme && !rest.is_empty() && !scheme.eq_ignore_ascii_case("http")
}

pub(super) const INSIGHTS: Predicate = Predicate {
    name: "insights-invalid",
    about: "A security-insights.yml lacks what version 2 of its schema demands, has a date that cannot be, links to a file of this repository that is not there, or names another license than the root manifest. Of version 1 the expiry is judged.",
    on: SubjectKind::File,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        for metadata in own(context, "security-insights") {
            // Elsewhere the name is a sample or a template.
            let folder = metadata.place.path.parent();
            if !["", ".github", ".gitlab", ".gitee", ".forgejo"].contains(&folder.as_str()) {
                continue;
            }
            let problem = schema(metadata, context.today)
                .or_else(|| dead_link(context, metadata))
                .or_else(|| other_license(context, metadata));
            match problem {
                None => judge.pass(),
                Some(problem) => judge.fail(
                    Failure::new(metadata.place.path.as_str(), metadata.place.clone()).with("problem", problem),
                ),
            }
        }
        judge.nothing("there is no security-insights.yml");
    },
};

/// What a value must be.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Url,
    Date,
    Bool,
    /// A list with at least one entry.
    List,
    Object,
}

/// Keys of an object, with what they must be.
type Keys = &'static [(&'static str, Shape)];

/// The keys that version 2 demands, each where the object that holds it is there.
const REQUIRED: &[(&[&str], Keys)] = &[
    (
        &["header"],
        &[
            ("schema-version", Shape::Text),
            ("last-updated", Shape::Date),
            ("last-reviewed", Shape::Date),
            ("url", Shape::Url),
        ],
    ),
    (
        &["project"],
        &[
            ("name", Shape::Text),
            ("administrators", Shape::List),
            ("repositories", Shape::List),
            ("vulnerability-reporting", Shape::Object),
        ],
    ),
    (
        &["project", "vulnerability-reporting"],
        &[("reports-accepted", Shape::Bool), ("bug-bounty-available", Shape::Bool)],
    ),
    (
        &["repository"],
        &[
            ("url", Shape::Url),
            ("status", Shape::Text),
            ("accepts-change-request", Shape::Bool),
            ("accepts-automated-change-request", Shape::Bool),
            ("core-team", Shape::List),
            ("license", Shape::Object),
            ("security", Shape::Object),
        ],
    ),
    (&["repository", "license"], &[("url", Shape::Url), ("expression", Shape::Text)]),
    (&["repository", "security"], &[("assessments", Shape::Object)]),
    (&["repository", "security", "assessments"], &[("self", Shape::Object)]),
    (&["repository", "security", "assessments", "self"], &[("comment", Shape::Text)]),
    (&["repository", "release"], &[("automated-pipeline", Shape::Bool), ("distribution-points", Shape::List)]),
];

const STATUS: &[&str] = &["active", "abandoned", "concept", "inactive", "moved", "suspended", "unsupported", "WIP"];

/// What a file lacks by its schema, and dates that cannot be.
fn schema(metadata: &Metadata, today: Date) -> Option<String> {
    let value = &metadata.value;
    if value.get("header").is_none() {
        return Some("`header` is missing".to_owned());
    }
    let version = metadata.text(&["header", "schema-version"]);
    if version.is_some_and(|version| version.starts_with("1.")) {
        let expires = metadata.text(&["header", "expiration-date"])?;
        let day = expires.get(..10).and_then(|day| day.parse::<Date>().ok())?;
        return (day < today).then(|| format!("it expired on {day}"));
    }
    for (path, keys) in REQUIRED {
        let Some(object) = path.iter().try_fold(value, |value, key| value.get(key)) else { continue };
        for (key, shape) in *keys {
            let name = || format!("`{}.{key}`", path.join("."));
            let Some(found) = object.get(key).filter(|value| !value.is_null()) else {
                return Some(format!("{} is missing", name()));
            };
            let text = found.as_str().map(str::trim).filter(|text| !text.is_empty());
            let (fits, wanted) = match shape {
                Shape::Text => (text.is_some() || found.is_number(), "a text"),
                Shape::Url => {
                    let is_url = |t: &str| {
                        (t.starts_with("https://") || t.starts_with("http://")) && !t.contains(char::is_whitespace)
                    };
                    (text.is_some_and(is_url), "an address that starts with https://")
                }
                Shape::Date => {
                    let day = text.and_then(|t| t.parse::<Date>().ok());
                    if let Some(day) = day.filter(|day| *day > today) {
                        return Some(format!("{} is {day}, which is yet to come", name()));
                    }
                    (day.is_some(), "a date like 2026-01-31")
                }
                Shape::Bool => (found.is_boolean(), "true or false"),
                Shape::List => (found.as_array().is_some_and(|list| !list.is_empty()), "a list with an entry"),
                Shape::Object => (found.is_object(), "a mapping"),
            };
            if !fits {
                return Some(format!("{} is not {wanted}", name()));
            }
        }
    }
    let status = metadata.text(&["repository", "status"])?;
    (!STATUS.contains(&status))
        .then(|| format!("`repository.status` is `{status}`; allowed are {}", STATUS.join(", ")))
}

/// A link to a file of this repository that the checkout does not have.
fn dead_link(context: &Context<'_>, metadata: &Metadata) -> Option<String> {
    let inventory = context.scene.inventory;
    let prefix = inventory.repository.as_ref().map_or("", |r| r.prefix.as_str());
    // Below the root of the repository, its paths are not those of the checkout.
    if !inventory.whole || !prefix.is_empty() {
        return None;
    }
    let home = metadata.text(&["repository", "url"])?.trim_end_matches('/').trim_end_matches(".git");
    let mut links = Vec::new();
    texts(&metadata.value, &mut links);
    links.into_iter().find_map(|link| {
        let rest = link.strip_prefix(home)?.trim_start_matches("/-").trim_start_matches('/');
        let rest = rest.strip_prefix("blob/").or_else(|| rest.strip_prefix("tree/"))?;
        let (_, path) = rest.split_once('/')?;
        let path = path.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
        let encoded = path.contains('%') || path.contains('{');
        let path = RelPath::new(path);
        // A branch may have slashes in its name: then the path is the end of what is left.
        let there = inventory.exists(&path)
            || path
                .as_str()
                .match_indices('/')
                .any(|(at, _)| inventory.exists(&RelPath::new(&path.as_str()[at + 1..])));
        (!encoded && !there).then(|| format!("it links to `{path}`, which is not in the repository"))
    })
}

/// All texts of a value, in order; the parser bounds its depth.
fn texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(entries) => entries.iter().for_each(|entry| texts(entry, out)),
        Value::Object(members) => members.values().for_each(|member| texts(member, out)),
        _ => {}
    }
}

/// Where the file names another license than the root manifest.
fn other_license(context: &Context<'_>, metadata: &Metadata) -> Option<String> {
    let said = metadata.text(&["repository", "license", "expression"])?;
    let Some(a) = expression::parse(said) else {
        return Some(format!("`{said}` is no SPDX license expression"));
    };
    let manifest = context.scene.project.root()?.manifests.iter().find(|m| m.license.is_some())?;
    let declared = &manifest.license.as_ref()?.text;
    let b = expression::parse(declared)?;
    (a.to_string() != b.to_string())
        .then(|| format!("it names the license {said}, and {} {declared}", manifest.place.path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_security_txt_needs_a_contact_and_one_day_to_come() {
        let today = jiff::civil::date(2026, 1, 1);
        let wrong = |contact: &[&str], expires: &[&str]| {
            security_txt(&json!({ "contact": contact, "expires": expires }), today)
        };
        assert_eq!(wrong(&["mailto:sec@example.org"], &["2026-06-01T00:00:00Z"]), None);
        assert_eq!(wrong(&["https://example.org/report"], &["2026-06-01t00:00:00+08:00"]), None);
        assert!(wrong(&[], &["2026-06-01T00:00:00Z"]).unwrap().contains("no `Contact:`"));
        assert!(wrong(&["sec@example.org"], &["2026-06-01T00:00:00Z"]).unwrap().contains("no URI"));
        assert!(wrong(&["http://example.org"], &["2026-06-01T00:00:00Z"]).unwrap().contains("no URI"));
        assert!(
            wrong(&["mailto:a@example.org"], &["2025-12-31T23:59:59Z"]).unwrap().contains("expired on 2025-12-31")
        );
        assert!(wrong(&["mailto:a@example.org"], &["2026-06-01"]).unwrap().contains("RFC 3339"));
        assert!(wrong(&["mailto:a@example.org"], &[]).unwrap().contains("no `Expires:`"));
    }
}
