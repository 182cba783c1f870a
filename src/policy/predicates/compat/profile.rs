//! The third-party license policy of the Apache Software Foundation, as a profile that a project may turn on.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::super::Predicate;
use super::dependencies::NO_SOURCE;
use super::{Reader, branch_facts, license_text, shipped};
use crate::policy::compat::{Category, LicenseFacts};
use crate::policy::expression;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

static DATA: &str = include_str!("../../../../policies/facts/asf-categories.toml");

/// The category of a license: `A`, `B` or `X`; `None` where the policy does not name it and its facts do not tell.
fn category(id: &str, facts: Option<&LicenseFacts>) -> Option<char> {
    static TABLE: OnceLock<BTreeMap<String, Vec<String>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut file: BTreeMap<String, BTreeMap<String, Vec<String>>> = toml::from_str(DATA).unwrap_or_default();
        file.remove("category").unwrap_or_default()
    });
    let named = table.iter().find(|(_, ids)| ids.iter().any(|i| i == id)).and_then(|(name, _)| name.chars().next());
    named.or_else(|| match facts?.category {
        Category::PublicDomain => Some('A'),
        Category::StrongCopyleft | Category::NetworkCopyleft => Some('X'),
        _ if !facts?.is_open() => Some('X'),
        _ => None,
    })
}

pub(crate) const ASF: Predicate = Predicate {
    name: "asf-category",
    about: "By the third-party license policy of the ASF, every branch of a shipped component's license is of category X.",
    on: SubjectKind::Component,
    fields: &["component", "license"],
    params: &[],
    check: |context, judge| {
        let mut reader = Reader::default();
        let mut without = false;
        for package in shipped(context) {
            let Some((text, expression)) = license_text(package).and_then(|t| Some((t, reader.read(t)?))) else {
                without = true;
                continue;
            };
            let branches = branch_facts(expression);
            let refused = branches.iter().all(|branch| {
                branch.iter().any(|(text, facts)| {
                    let id = if text.ends_with("Classpath-exception-2.0") { text } else { expression::bare(text) };
                    category(id, *facts) == Some('X')
                })
            });
            match package.origin.first() {
                Some(place) if refused && !branches.is_empty() => judge.fail(
                    Failure::new(package.purl.clone(), place.clone())
                        .with("component", package.label())
                        .with("license", text)
                        .license(text),
                ),
                _ => judge.pass(),
            }
        }
        if without && judge.subjects == 0 {
            judge.undecided(NO_SOURCE);
        }
        judge.nothing("no component is shipped");
    },
};
