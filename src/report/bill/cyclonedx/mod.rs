//! CycloneDX (ECMA-424): 1.6 and 1.7 as JSON, 1.6 as XML.

mod json;
mod xml;

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use super::super::{Format, View};
use super::license::{Statement, statement};
use crate::model::{Bill, Completeness, Component, Report, purl_type};

/// The registration of CycloneDX 1.6 JSON.
pub(in crate::report) const FORMAT: Format = Format {
    name: "cyclonedx",
    summary: "A bill of materials as CycloneDX 1.6 JSON.",
    extension: "cdx.json",
    render: |report, view, out| render(report, view, out, write_1_6),
};

/// The registration of CycloneDX 1.7 JSON.
pub(in crate::report) const FORMAT_1_7: Format = Format {
    name: "cyclonedx-1.7",
    summary: "A bill of materials as CycloneDX 1.7 JSON.",
    extension: "cdx.json",
    render: |report, view, out| render(report, view, out, write_1_7),
};

/// The registration of CycloneDX 1.6 XML.
pub(in crate::report) const XML_FORMAT: Format = Format {
    name: "cyclonedx-xml",
    summary: "A bill of materials as CycloneDX 1.6 XML.",
    extension: "cdx.xml",
    render: |report, view, out| render(report, view, out, write_xml),
};

fn render(report: &Report, _: &View, out: &mut dyn Write, write: super::WriteBill) -> io::Result<()> {
    write(&super::of(report), out)
}

/// Writes CycloneDX 1.6 JSON.
pub(super) fn write_1_6(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    json::write(&with_plain_references(bill), json::Version::V1_6, out)
}

/// Writes CycloneDX 1.7 JSON.
pub(super) fn write_1_7(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    json::write(&with_plain_references(bill), json::Version::V1_7, out)
}

/// Writes CycloneDX 1.6 XML.
pub(super) fn write_xml(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    xml::write(&with_plain_references(bill), out)
}

/// The bill with references in which `@`, `:` and `/` are not escaped, as other tools write them and validators demand:
/// `pkg:npm/@a/b@1`. A reference that would become another one stays as it is.
fn with_plain_references(bill: &Bill) -> Bill {
    let taken: HashSet<&str> = bill.components.iter().map(|c| c.reference.as_str()).collect();
    let mut plain: HashMap<String, Option<&str>> = HashMap::new();
    for component in bill.components.iter().filter(|component| component.reference.contains('%')) {
        let decoded = component.reference.replace("%40", "@").replace("%3A", ":").replace("%2F", "/");
        if !taken.contains(decoded.as_str()) {
            // Two of the same plain form keep their own.
            let of = plain.entry(decoded);
            of.and_modify(|of| *of = None).or_insert(Some(component.reference.as_str()));
        }
    }
    let renamed: HashMap<&str, &str> = plain.iter().filter_map(|(to, from)| Some(((*from)?, to.as_str()))).collect();
    let rename = |reference: &mut String| {
        if let Some(to) = renamed.get(reference.as_str()) {
            *reference = (*to).to_owned();
        }
    };
    let mut bill = bill.clone();
    bill.root.iter_mut().for_each(rename);
    for component in &mut bill.components {
        rename(&mut component.reference);
        component.parent.iter_mut().for_each(rename);
        component.dependencies.iter_mut().for_each(rename);
        component.dependencies.sort();
    }
    bill.components.sort_by(|a, b| a.reference.cmp(&b.reference));
    bill
}

/// Group and name of a component. Only where the group is one in its ecosystem; a Go module is named by its whole path.
fn group_and_name(component: &Component) -> (Option<&str>, &str) {
    const GROUPED: &[&str] =
        &["npm", "maven", "composer", "clojars", "huggingface", "docker", "oci", "github", "swid"];
    let kind = component.purl.as_deref().map_or("", purl_type);
    match component.name.rsplit_once(['/', ':']) {
        // Neither is a name when nothing but white space is left of it.
        Some((group, name)) if GROUPED.contains(&kind) && !group.trim().is_empty() && !name.trim().is_empty() => {
            (Some(group), name)
        }
        _ => (None, &component.name),
    }
}

/// One entry of `licenses`, with how it is known: `declared` or `concluded`.
struct Licensed<'c> {
    statement: Statement<'c>,
    acknowledgement: &'static str,
}

/// What stands in `licenses`, and the declared license where it finds no room there.
///
/// Up to 1.6 the list holds either single licenses or one expression, so an expression displaces the other statement;
/// from 1.7 (`mixed`) it holds any.
fn licenses(component: &Component, mixed: bool) -> (Vec<Licensed<'_>>, Option<&str>) {
    let declared = statement(component.declared.as_deref()).map(|statement| (statement, "declared"));
    let concluded = statement(component.concluded.as_deref()).map(|statement| (statement, "concluded"));
    let both = declared.is_some() && concluded.is_some();
    let mut all: Vec<Licensed<'_>> = declared
        .into_iter()
        .chain(concluded)
        .map(|(statement, acknowledgement)| Licensed { statement, acknowledgement })
        .collect();
    let is_expression = |l: &Licensed<'_>| matches!(l.statement, Statement::Expression(_));
    if both && !mixed && all.iter().any(is_expression) {
        let concluded = all.pop();
        return (concluded.into_iter().collect(), component.declared.as_deref());
    }
    (all, None)
}

/// Properties of a component in the document; `displaced` is what [`licenses`] found no room for.
fn properties<'c>(component: &'c Component, displaced: Option<&'c str>) -> Vec<(&'c str, &'c str)> {
    let mut all: Vec<(&str, &str)> =
        component.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(displaced.map(|text| ("openclause:license:declared", text)));
    all.sort_unstable();
    all
}

/// The compositions: per grade of completeness the references of components whose dependencies are so.
fn compositions(bill: &Bill) -> Vec<(&'static str, Vec<&str>)> {
    [
        (Completeness::Complete, "complete"),
        (Completeness::Incomplete, "incomplete"),
        (Completeness::Unknown, "unknown"),
    ]
    .into_iter()
    .map(|(grade, word)| {
        let of = bill.components.iter().filter(|c| c.completeness == grade).map(|c| c.reference.as_str());
        (word, of.collect::<Vec<_>>())
    })
    .filter(|(_, references)| !references.is_empty())
    .collect()
}

/// How deep components may lie in one another.
const DEPTH: usize = 16;

/// Which components lie in which.
struct Parts<'b> {
    of: HashMap<&'b str, Vec<&'b Component>>,
    /// Components that lie in none.
    top: Vec<&'b Component>,
}

impl<'b> Parts<'b> {
    fn new(bill: &'b Bill) -> Self {
        let parent = |c: &Component| c.parent.as_deref().and_then(|parent| bill.component(parent));
        let mut parts = Self { of: HashMap::new(), top: Vec::new() };
        for component in bill.others() {
            // Where the chain of parents is a ring, or endless for practical purposes, it is not followed.
            let ends = std::iter::successors(parent(component), |c| parent(c)).take(DEPTH + 1).count() <= DEPTH;
            match parent(component).filter(|_| ends) {
                Some(parent) => parts.of.entry(&parent.reference).or_default().push(component),
                None => parts.top.push(component),
            }
        }
        parts
    }

    fn of(&self, reference: &str) -> &[&'b Component] {
        self.of.get(reference).map_or(&[], Vec::as_slice)
    }
}

/// The element of purl evidence: how a component is known to be what it is.
fn technique(component: &Component) -> Option<&'static str> {
    (component.purl.is_some() && !component.occurrences.is_empty()).then_some("manifest-analysis")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_and_a_name_are_split_where_both_say_something() {
        let of = |name: &str| Component {
            name: name.to_owned(),
            purl: Some("pkg:github/reactivecocoa/react".to_owned()),
            ..Component::default()
        };
        assert_eq!(group_and_name(&of("ReactiveCocoa/React")), (Some("ReactiveCocoa"), "React"));
        assert_eq!(group_and_name(&of("ReactiveCocoa/React: ")), (None, "ReactiveCocoa/React: "));
        assert_eq!(group_and_name(&of("React")), (None, "React"));
    }
}
