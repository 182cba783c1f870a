//! Notices of third parties: which components the product ships, under which licenses and whose copyright, and the texts
//! of those licenses.
//!
//! A notices file is a bill of materials for readers: it is written from a [`Bill`], so that a scan, a document of another
//! tool and a combination of several give the same one.

mod html;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Bill, Component, Scope};
use crate::names::texts;

pub(in crate::report) use html::{FORMAT as HTML_FORMAT, write as write_html};
pub(in crate::report) use text::{FORMAT, write as write_text};

/// What stands in place of a text that nobody knows.
const UNKNOWN: &str = "The text of this license is neither on the SPDX License List nor in the bill of materials. Look for it in the components named above.";

/// What a notices file says.
struct Notices<'b> {
    /// The product, with its version; empty when the bill names none.
    product: &'b str,
    /// Components by their license expression, in its order; those of which no license is known come last.
    groups: Vec<Group<'b>>,
    /// The texts that the expressions name, each once, by id.
    texts: BTreeMap<String, Terms>,
}

/// Components under one license expression.
struct Group<'b> {
    /// `None` when no license is known.
    license: Option<&'b str>,
    components: Vec<&'b Component>,
}

/// The text of one license.
enum Terms {
    /// The text.
    Text(String),
    /// It is not on the SPDX License List, and the bill does not have its text.
    Unknown,
}

/// Gathers what is shipped: components that run in the product. What only builds, develops or tests it is not passed on,
/// and the product's own license is no notice of third parties.
fn gather(bill: &Bill) -> Notices<'_> {
    let own = |c: &Component| c.properties.iter().any(|(name, value)| name == "openclause:local" && value == "true");
    let is_shipped = |c: &&Component| !own(c) && !matches!(c.scope, Some(Scope::Build | Scope::Dev | Scope::Test));
    let mut groups: BTreeMap<(bool, &str), Vec<&Component>> = BTreeMap::new();
    for component in bill.others().filter(is_shipped) {
        let license = license(component);
        groups.entry((license.is_none(), license.unwrap_or_default())).or_default().push(component);
    }
    let mut texts = BTreeMap::new();
    for (_, expression) in groups.keys() {
        for id in ids(expression) {
            let own = bill.license_texts.iter().find(|text| text.id == id).map(|text| text.text.clone());
            let text = own.or_else(|| texts::terms(&id));
            texts.insert(id, text.map_or(Terms::Unknown, Terms::Text));
        }
    }
    let groups = groups.into_iter().map(|((_, license), mut components)| {
        components.sort_by(|a, b| (&a.name, &a.version, &a.reference).cmp(&(&b.name, &b.version, &b.reference)));
        Group { license: Some(license).filter(|license| !license.is_empty()), components }
    });
    Notices { product: &bill.name, groups: groups.collect(), texts }
}

/// The license of a component: what was concluded, or chosen, before what is declared.
fn license(component: &Component) -> Option<&str> {
    let known = |text: &&str| !matches!(*text, "" | "NOASSERTION" | "NONE");
    let concluded = component.concluded.as_deref().map(str::trim).filter(known);
    concluded.or_else(|| component.declared.as_deref().map(str::trim).filter(known))
}

/// The licenses and exceptions that an expression names. Operators are upper case in SPDX (3.0.1 Annex B); what is no
/// expression is a name as a whole.
fn ids(expression: &str) -> BTreeSet<String> {
    let words =
        expression.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).filter(|word| !word.is_empty());
    let ids: BTreeSet<String> = words
        .filter(|word| !matches!(*word, "AND" | "OR" | "WITH"))
        .map(|word| if texts::standard(word).is_some() { word } else { word.trim_end_matches('+') }.to_owned())
        .collect();
    let are_ids = ids.iter().all(|id| id.starts_with("LicenseRef-") || texts::standard(id).is_some());
    match are_ids || expression.is_empty() {
        true => ids,
        false => BTreeSet::from([expression.to_owned()]),
    }
}

/// The name of a component with its version.
fn title(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{} {version}", component.name),
        None => component.name.clone(),
    }
}

/// The copyright statements of a component, each once.
fn copyrights(component: &Component) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let lines = component.copyright.as_deref().unwrap_or_default().lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && seen.insert(*line)).collect()
}

/// Where more is to be found about a component: its purl, else its first address.
fn reference(component: &Component) -> Option<&str> {
    component.purl.as_deref().or_else(|| component.references.first().map(|reference| reference.url.as_str()))
}
