//! Approvals that were given for one license, for components that now have another.

use super::super::Predicate;
use super::license_text;
use crate::policy::compat;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(crate) const DRIFT: Predicate = Predicate {
    name: "approved-license-drift",
    about: "A waiver names a component and the license it was given for, and the component is now under another.",
    on: SubjectKind::Component,
    fields: &["component", "approved", "now", "approver", "rule"],
    params: &[],
    check: |context, judge| {
        judge.nothing("no waiver names a component and its license");
        let Some(source) = &context.config.source else { return };
        for said in &context.config.waivers {
            let waiver = &said.value;
            let (Some(purl), Some(approved)) = (&waiver.package, &waiver.license) else { continue };
            let packages = context.scene.inventory.packages.iter();
            for package in packages.filter(|p| p.purl == *purl || p.purl.starts_with(&format!("{purl}@"))) {
                let now = license_text(package);
                let same = |text: &str| {
                    text == approved
                        || matches!((compat::read(text), compat::read(approved)), (Ok(a), Ok(b)) if a.to_string() == b.to_string())
                };
                if now.is_some_and(same) {
                    judge.pass();
                    continue;
                }
                let Some(now) = now else {
                    judge.undecided(format!("the license of {} is not known", package.purl));
                    continue;
                };
                let place = source.place(said.span.clone());
                let mut failure = Failure::new(package.purl.clone(), place)
                    .with("component", package.label())
                    .with("approved", approved.clone())
                    .with("now", now)
                    .with("approver", waiver.approver.clone())
                    .with("rule", waiver.rule.value.clone())
                    .license(now);
                if let Some(origin) = package.origin.first() {
                    failure = failure.also(origin.clone(), format!("{now} is stated here"));
                }
                judge.fail(failure);
            }
        }
    },
};
