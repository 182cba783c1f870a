//! The configuration itself: corrections and choices that no longer fit.

use super::Predicate;
use crate::model::RelPath;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(super) const WAIVERS: Predicate = Predicate {
    name: "waivers",
    about: "Counts waivers; what is wrong with them is known when all other rules have run, and added then.",
    on: SubjectKind::Repository,
    fields: &["rule", "scope", "approver", "expires", "license", "now"],
    params: &[],
    check: |context, judge| {
        for _ in &context.config.waivers {
            judge.pass();
        }
        judge.nothing("the configuration has no waivers");
    },
};

pub(super) const CORRECTIONS: Predicate = Predicate {
    name: "correction-stale",
    about: "A correction names a file that is not there, or that has changed since a person read it.",
    on: SubjectKind::Repository,
    fields: &["path", "now", "problem"],
    params: &[],
    check: |context, judge| {
        judge.nothing("the configuration has no corrections");
        let Some(source) = &context.config.source else { return };
        for said in &context.config.corrections {
            let correction = &said.value;
            let file = context.scene.inventory.file(&RelPath::new(correction.path.as_str()));
            let now = file.and_then(|f| f.sha256.clone());
            if now.as_deref() == Some(correction.sha256.as_str()) {
                judge.pass();
                continue;
            }
            let problem = if file.is_some() { "has changed since it was read" } else { "is not in the scan" };
            judge.fail(
                Failure::new(format!("correction of {}", correction.path), source.place(said.span.clone()))
                    .with("path", correction.path.clone())
                    .with("now", now.map_or_else(|| "none".to_owned(), |digest| format!("sha256:{digest}")))
                    .with("problem", problem),
            );
        }
    },
};

pub(super) const CHOICES: Predicate = Predicate {
    name: "choice-stale",
    about: "A license choice is for a component that is not there, or that now offers another expression.",
    on: SubjectKind::Repository,
    fields: &["package", "problem"],
    params: &[],
    check: |context, judge| {
        judge.nothing("the configuration has no license choices");
        let Some(source) = &context.config.source else { return };
        for said in &context.config.choices {
            let choice = &said.value;
            let fits = |purl: &str| purl == choice.package || purl.starts_with(&format!("{}@", choice.package));
            let mut found = context.scene.inventory.packages.iter().filter(|p| fits(&p.purl)).peekable();
            let problem = if found.peek().is_none() {
                "is not a component of the project".to_owned()
            } else {
                match found.find(|p| p.license.declared.as_ref() != Some(&choice.expression)) {
                    None => {
                        judge.pass();
                        continue;
                    }
                    Some(p) => format!("now offers {}", p.license.declared.as_deref().unwrap_or("no known license")),
                }
            };
            judge.fail(
                Failure::new(format!("choice for {}", choice.package), source.place(said.span.clone()))
                    .with("package", choice.package.clone())
                    .with("problem", problem),
            );
        }
    },
};
