//! Rules on what texts say in passing.

use std::collections::BTreeMap;

use super::Predicate;
use crate::model::{Copyright, DocumentRole, Remark};
use crate::policy::evaluate::Context;
use crate::policy::judge::{Failure, Judge};
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_first_party, is_license_text_name, is_manual};

const fn on_remarks(name: &'static str, about: &'static str, check: fn(&Context<'_>, &mut Judge)) -> Predicate {
    Predicate { name, about, on: SubjectKind::File, fields: &["detail"], params: &[], check }
}

/// Fails for each remark of a kind that `counts` lets through, once a file.
fn each(context: &Context<'_>, judge: &mut Judge, kind: &str, counts: fn(&Context<'_>, &Remark) -> bool) {
    let mut last = None;
    for remark in context.scene.inventory.remarks.iter().filter(|r| r.kind == kind) {
        if !counts(context, remark) || last == Some(&remark.place.path) {
            continue;
        }
        last = Some(&remark.place.path);
        judge.fail(
            Failure::new(remark.place.path.as_str(), remark.place.clone()).with("detail", remark.detail.as_str()),
        );
    }
    // Every other file is in order.
    let clean = context.scene.inventory.files.len().saturating_sub(judge.failures.len());
    judge.subjects += clean as u64;
}

pub(super) const CONFIDENTIAL: Predicate = on_remarks(
    "confidential-marking",
    "The head of a first-party file marks it as confidential. License texts and policies on conduct and security are left out.",
    |context, judge| {
        each(context, judge, "confidential", |context, remark| {
            let path = &remark.place.path;
            let speaks_about_it = context.scene.inventory.documents.iter().any(|d| {
                d.place.path == *path
                    && matches!(
                        d.role,
                        DocumentRole::CodeOfConduct | DocumentRole::Security | DocumentRole::Changelog
                    )
            });
            is_first_party(path) && !is_license_text_name(path) && !speaks_about_it
        });
    },
);

pub(super) const ENDPOINT: Predicate = on_remarks(
    "internal-endpoint",
    "A first-party file names an address that exists only inside a network. Documents and pages of a manual, which show examples, are left out.",
    |context, judge| {
        each(context, judge, "internal-endpoint", |context, remark| {
            let path = &remark.place.path;
            is_first_party(path)
                && !is_manual(path)
                && path.extension() != "pod"
                && !context.scene.inventory.documents.iter().any(|d| d.place.path == *path)
        });
    },
);

pub(super) const POSITION: Predicate = on_remarks(
    "location-metadata-in-image",
    "A photograph tells in its Exif data where it was taken.",
    |context, judge| each(context, judge, "gps", |_, _| true),
);

pub(super) const PERSONAL: Predicate = on_remarks(
    "personal-data",
    "A table of data holds numbers of people that pass their check, or many mail addresses.",
    |context, judge| each(context, judge, "personal-data", |_, _| true),
);

pub(super) const DOWNLOAD: Predicate = on_remarks(
    "build-download-unchecked",
    "A build file downloads without naming the digest of what it expects.",
    |context, judge| each(context, judge, "build-download", |_, remark| is_first_party(&remark.place.path)),
);

pub(super) const REMOTE_CODE: Predicate = on_remarks(
    "remote-code-trusted",
    "First-party code tells a loader to run code that comes with the weights.",
    |context, judge| each(context, judge, "remote-code", |_, remark| is_first_party(&remark.place.path)),
);

pub(super) const LFS: Predicate = Predicate {
    name: "lfs-unreachable",
    about: "Files are pointers of Git LFS, and the store they point to is private, by .lfsconfig, or nowhere: there is neither a configuration nor a remote.",
    on: SubjectKind::Repository,
    fields: &["count", "problem"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let mut pointers = inventory.remarks.iter().filter(|r| r.kind == "lfs-pointer").peekable();
        let Some(first) = pointers.peek().map(|r| r.place.clone()) else {
            return judge.nothing("no file is a pointer of Git LFS");
        };
        let count = pointers.count();
        let store = inventory.remarks.iter().find(|r| r.kind == "lfs-store");
        let problem = match (store, &inventory.repository) {
            (Some(store), _) if store.detail.starts_with("https://") => return judge.pass(),
            (Some(store), _) => format!(".lfsconfig names {}, which is not open to everybody", store.detail),
            (None, Some(repository)) if repository.remote.is_some() => return judge.pass(),
            (None, _) => return judge.undecided("a remote would tell where the content is"),
        };
        judge.fail(Failure::new("repository", first).with("count", count.to_string()).with("problem", problem));
    },
};

/// How far down a file its own copyright notice stands at most; what is said below is text that the program handles.
const LAST_LINE_OF_A_HEADER: u32 = 60;

pub(super) const RESERVED: Predicate = Predicate {
    name: "all-rights-reserved-only",
    about: "First-party source files reserve all rights in their header, and neither grant any nor point at a license text. One finding for each statement.",
    on: SubjectKind::File,
    fields: &["statement", "count"],
    params: &[],
    check: |context, judge| {
        let mut found: BTreeMap<&str, Vec<&Copyright>> = BTreeMap::new();
        for file in context.scene.project.own_files().filter(|file| !file.copyrights.is_empty()) {
            // A statement in a license text or a document is followed by what it grants, or is about something.
            if !file.licenses.is_empty() || !crate::policy::paths::is_source(file.path.extension()) {
                judge.pass();
                continue;
            }
            let mut heading = file.copyrights.iter().filter(|c| c.place.start_line() <= LAST_LINE_OF_A_HEADER);
            let reserves = heading.find(|c| {
                let words = c.statement.to_lowercase();
                words.contains("all rights reserved") || words.contains("版权所有") || words.contains("保留所有权利")
            });
            match reserves.filter(|statement| !statement.points_at_text) {
                Some(statement) => found.entry(&statement.statement).or_default().push(statement),
                None => judge.pass(),
            }
        }
        for (statement, places) in found {
            let Some(first) = places.first() else { continue };
            judge.fail(
                Failure::new(first.place.path.as_str(), first.place.clone())
                    .with("statement", statement)
                    .with("count", places.len().to_string()),
            );
        }
    },
};
