//! Compatibility and obligations: what components, copied files and vendored code ask of the project, and whether the
//! project's license, packages and releases answer it.

pub(super) mod approvals;
pub(super) mod conflicts;
pub(super) mod dependencies;
pub(super) mod files;
pub(super) mod obligations;
pub(super) mod profile;
pub(super) mod vendored;

mod graph;
mod outbound;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;
use spdx::Expression;

use crate::model::{Package, Scope, purl_type};
use crate::policy::compat::{self, Compatibility, LicenseFacts, Relation};
use crate::policy::evaluate::Context;
use crate::policy::expression;

static RELATIONS: &str = include_str!("../../../../policies/facts/relations.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Relations {
    ecosystem: BTreeMap<String, Relation>,
    bundlers: BTreeMap<String, Vec<String>>,
    scope: BTreeMap<String, Relation>,
}

fn relations() -> &'static Relations {
    static TABLE: OnceLock<Relations> = OnceLock::new();
    TABLE.get_or_init(|| toml::from_str(RELATIONS).unwrap_or_default())
}

/// How components meet the project, as far as ecosystems, scopes and bundlers tell.
struct Meeting<'a> {
    context: &'a Context<'a>,
    /// Ecosystems of which a manifest of the project asks for a bundler.
    bundled: OnceLock<BTreeSet<&'static str>>,
}

impl<'a> Meeting<'a> {
    fn new(context: &'a Context<'a>) -> Self {
        Self { context, bundled: OnceLock::new() }
    }

    /// The relation of a component with the project.
    fn relation(&self, package: &Package) -> Relation {
        let table = relations();
        if let Some(relation) = table.scope.get(package.scope.name()) {
            return *relation;
        }
        let ecosystem = purl_type(&package.purl);
        let by_default = table.ecosystem.get(ecosystem).copied().unwrap_or(Relation::Dynamic);
        if by_default == Relation::Dynamic && table.bundlers.contains_key(ecosystem) && self.is_bundled(ecosystem) {
            return Relation::Static;
        }
        by_default
    }

    /// Whether a manifest of the project asks for a bundler.
    fn is_bundled(&self, ecosystem: &str) -> bool {
        let bundled = self.bundled.get_or_init(|| {
            let manifests = &self.context.scene.inventory.manifests;
            let asks = |ecosystem: &str, bundlers: &[String]| {
                let asked =
                    manifests.iter().filter(|m| m.ecosystem.as_str() == ecosystem).flat_map(|m| &m.dependencies);
                asked.into_iter().any(|d| bundlers.iter().any(|bundler| bundler.eq_ignore_ascii_case(&d.name)))
            };
            let all = relations().bundlers.iter();
            all.filter(|(ecosystem, bundlers)| asks(ecosystem, bundlers)).map(|(name, _)| name.as_str()).collect()
        });
        bundled.contains(ecosystem)
    }

    /// Whether files of a release hold a component: packages of some ecosystems name what they need, and whoever installs
    /// them fetches it. Images and applications hold everything.
    fn is_held(&self, package: &Package, what: &str) -> bool {
        const NAMED: &[&str] = &["pypi", "gem", "cran", "cpan", "luarocks", "hex"];
        let holds_all = !["release files", "release binaries"].contains(&what);
        holds_all || !NAMED.contains(&purl_type(&package.purl)) || self.relation(package) == Relation::Static
    }
}

/// Components that are not the project's own and become part of what it ships: those that only tests, their data and
/// examples name do not, nor those that only hidden folders do, which set up pipelines and editors.
fn shipped<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Package> + use<'a> {
    let packages = context.scene.inventory.packages.iter();
    let is_shipped = |p: &&Package| matches!(p.scope, Scope::Runtime | Scope::Optional | Scope::Peer);
    let project = context.scene.project;
    let is_hidden = |p: &Package| {
        !p.origin.is_empty() && p.origin.iter().all(|o| o.path.depth() > 1 && o.path.as_str().starts_with('.'))
    };
    packages.filter(move |p| !p.local && is_shipped(p) && !is_hidden(p) && !project.is_of_tests(p))
}

/// The license of a component as text: the recorded choice or conclusion before the declaration.
fn license_text(package: &Package) -> Option<&str> {
    let license = &package.license;
    let text = license.concluded.as_deref().or(license.declared.as_deref())?.trim();
    (!text.is_empty() && text != "NOASSERTION" && text != "NONE").then_some(text)
}

/// Reads expressions once.
#[derive(Default)]
struct Reader {
    read: HashMap<String, Option<Expression>>,
    judged: HashMap<(String, String, Relation), Compatibility>,
}

impl Reader {
    /// The expression that a text is or was meant to be.
    fn read(&mut self, text: &str) -> Option<&Expression> {
        if !self.read.contains_key(text) {
            let found =
                compat::read(text).ok().or_else(|| expression::suggest(text).and_then(|s| expression::parse(&s)));
            self.read.insert(text.to_owned(), found);
        }
        self.read.get(text)?.as_ref()
    }

    /// The verdict on a component's expression in a work.
    fn judge(&mut self, inbound: &str, outbound: &Expression, relation: Relation) -> Option<&Compatibility> {
        let key = (inbound.to_owned(), outbound.to_string(), relation);
        if !self.judged.contains_key(&key) {
            let theirs = self.read(inbound)?.clone();
            self.judged.insert(key.clone(), compat::judge(&theirs, outbound, relation));
        }
        self.judged.get(&key)
    }
}

/// The facts about every license of every branch of an expression; `None` for licenses without facts.
fn branch_facts(expression: &Expression) -> Vec<Vec<(String, Option<&'static LicenseFacts>)>> {
    let facts = |text: String| {
        let id = expression::bare(&text).trim_end_matches('+');
        let id = compat::meaning(id).unwrap_or(id).to_owned();
        let facts = compat::license(&id);
        (text, facts)
    };
    let branches = expression::branches(expression).unwrap_or_default();
    branches.into_iter().map(|branch| branch.into_iter().map(facts).collect()).collect()
}
