//! Relationships of SPDX 3.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::license::{self, Statement, statement};
use super::Graph;
use crate::model::{Completeness, Component, Scope};

/// The license of which nothing is known.
const NO_ASSERTION_LICENSE: &str = "expandedlicensing_NoAssertionLicense";
/// The absence of a license.
const NO_LICENSE: &str = "expandedlicensing_NoneLicense";

/// What kind of relationship a dependency is, and in which phase of the life cycle.
type Kind = (&'static str, Option<&'static str>);

impl<'b> Graph<'b> {
    /// Adds the relationships that start at a component.
    pub(super) fn relationships_of(&mut self, c: &'b Component) {
        let Some(from) = self.ids.get(&c.reference).map(|id| self.id(id)) else { return };
        let declared = self.license_of(c.declared.as_deref());
        self.relate(&from, ("hasDeclaredLicense", None), &[declared], None);
        let concluded = self.license_of(c.concluded.as_deref());
        self.relate(&from, ("hasConcludedLicense", None), &[concluded], None);
        if let Some(parent) = c.parent.as_deref().and_then(|parent| self.ids.get(parent)).map(|id| self.id(id)) {
            self.relate(&parent, ("contains", None), std::slice::from_ref(&from), None);
        }
        self.dependencies(c, &from);
        if let Some(card) = &c.card {
            let sets: Vec<String> =
                card.datasets.iter().filter_map(|set| self.ids.get(set)).map(|id| self.id(id)).collect();
            if !sets.is_empty() {
                self.relate(&from, ("trainedOn", None), &sets, None);
            }
        }
    }

    fn dependencies(&mut self, c: &'b Component, from: &str) {
        let completeness = match c.completeness {
            Completeness::Complete => "complete",
            Completeness::Incomplete => "incomplete",
            Completeness::Unknown => "noAssertion",
        };
        let mut targets: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
        for dependency in &c.dependencies {
            let Some(to) = self.ids.get(dependency).map(|id| self.id(id)) else { continue };
            let scope = self.bill.component(dependency).and_then(|d| d.scope).unwrap_or_default();
            targets.entry(kind(scope)).or_default().push(to);
        }
        if targets.is_empty() {
            let to = if c.completeness == Completeness::Complete { "NoneElement" } else { "NoAssertionElement" };
            self.relate(from, ("dependsOn", None), &[to.to_owned()], Some(completeness));
        }
        for (kind, to) in targets {
            self.relate(from, kind, &to, Some(completeness));
        }
    }

    fn license_of(&self, text: Option<&str>) -> String {
        let id = match statement(text) {
            None => return NO_ASSERTION_LICENSE.to_owned(),
            Some(Statement::Name("NONE")) => return NO_LICENSE.to_owned(),
            Some(Statement::Id(text) | Statement::Expression(text)) => self.licenses.get(text),
            Some(Statement::Name(name)) => self.licenses.get(&license::reference_of(name)),
        };
        id.cloned().unwrap_or_else(|| NO_ASSERTION_LICENSE.to_owned())
    }

    /// Adds a relationship.
    pub(super) fn relate(&mut self, from: &str, (kind, scope): Kind, to: &[String], completeness: Option<&str>) {
        self.relationships += 1;
        let name = format!("Relationship-{}", self.relationships);
        let fields = json!({
            "from": from,
            "relationshipType": kind,
            "to": to,
            "completeness": completeness,
            "scope": scope,
        });
        let element = if scope.is_some() { "LifecycleScopedRelationship" } else { "Relationship" };
        self.add(element, &name, fields);
    }
}

fn kind(scope: Scope) -> Kind {
    match scope {
        Scope::Runtime => ("dependsOn", Some("runtime")),
        Scope::Optional => ("hasOptionalDependency", Some("runtime")),
        Scope::Peer => ("hasProvidedDependency", Some("runtime")),
        Scope::Build => ("dependsOn", Some("build")),
        Scope::Dev => ("dependsOn", Some("development")),
        Scope::Test => ("dependsOn", Some("test")),
    }
}
