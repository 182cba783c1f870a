//! Documents that a project owes its users: are they there, do they say what they are for.

use super::{Judge, PARTIAL, Predicate};
use crate::model::{
    Document, DocumentRole, FileKind, FileRecord, Manifest, Place, RelPath, Severity, is_readme_name,
};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::{is_first_party, is_source};

/// Fails the repository at its anchor, unless it is empty.
fn fail_repository(context: &Context<'_>, judge: &mut Judge) {
    if let Some(place) = context.scene.project.anchor() {
        judge.fail(Failure::new("repository", place));
    }
}

/// Whether a document of this role is where a forge looks for it.
fn has(context: &Context<'_>, role: DocumentRole) -> bool {
    context.scene.project.documents().any(|d| d.role == role)
}

/// Whether one of the project's own documents says something of this kind.
fn says(context: &Context<'_>, kinds: &[&str]) -> bool {
    let mut signals = context.scene.project.documents().flat_map(|d| &d.signals);
    signals.any(|s| kinds.contains(&s.kind.0.as_str()))
}

/// The documents of a manual: those that lie at any depth of a folder for documents.
fn manual<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Document> {
    let is_in_manual = |path: &RelPath| {
        let mut folders = path.folder().split('/');
        folders.any(|part| ["doc", "docs", "documentation"].iter().any(|name| part.eq_ignore_ascii_case(name)))
    };
    let documents = context.scene.inventory.documents.iter();
    documents.filter(move |d| is_in_manual(&d.place.path) && is_first_party(&d.place.path))
}

/// Whether a heading of the root README holds one of these words.
fn has_section(context: &Context<'_>, words: &[&str]) -> bool {
    context.scene.project.readme_sections().iter().any(|title| words.iter().any(|w| title.contains(w)))
}

/// Judges the repository by whether something is there; abstains when only parts were scanned.
fn present(context: &Context<'_>, judge: &mut Judge, there: bool) {
    if there {
        judge.pass();
    } else if context.scene.inventory.whole {
        fail_repository(context, judge);
    } else {
        judge.undecided(PARTIAL);
    }
}

pub(super) const README_MISSING: Predicate = Predicate {
    name: "readme-missing",
    about: "There is no README at the root, in .github or in docs, and no other document that the root's manifest names as its README. Any text at the root whose name begins so counts: `README.en`, `readme-1.2`. Packages below the root may use the root's. A warning for packages of R and Perl, which say what they are for in DESCRIPTION and in the manual of their main module, and for unpacked crates, whose README may have stayed in the repository.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| {
        if context.scene.project.is_wrapped() {
            return judge.undecided("the root holds nothing but the folder of a project");
        }
        if context.scene.project.is_wheel() {
            return judge.undecided("a wheel has its description in METADATA");
        }
        if context.scene.project.is_collection() {
            return judge.undecided("the root holds nothing but the folders of projects");
        }
        let inventory = context.scene.inventory;
        // Whether an empty one says enough is asked elsewhere.
        let is_text = |f: &FileRecord| {
            matches!(f.kind, FileKind::Text(_) | FileKind::Empty | FileKind::Link(_))
                && !is_source(f.path.extension())
        };
        // A forge shows what the link leads to, as far as the scanned folder goes or further.
        let leads_out = |path: &RelPath| path.depth() == 1 && is_readme_name(path.name());
        let mut root = inventory.files.iter().filter(|f| f.path.depth() == 1);
        if has(context, DocumentRole::Readme)
            || context.scene.project.names_readme()
            || root.any(|f| is_readme_name(f.path.name()) && is_text(f))
            || inventory.skipped.iter().any(|skipped| leads_out(&skipped.path))
        {
            return judge.pass();
        }
        present(context, judge, false);
        let has_manual = |m: &Manifest| m.place.path.depth() == 1 && ["cran", "cpan"].contains(&m.ecosystem.as_str());
        if context.scene.project.is_unpacked_crate() || inventory.manifests.iter().any(has_manual) {
            for failure in &mut judge.failures {
                failure.at_most = Severity::Warning;
            }
        }
    },
};

pub(super) const README_STUB: Predicate = Predicate {
    name: "readme-stub",
    about: "The root README is scaffold text of a generator, or has fewer than `min-words` words.",
    on: SubjectKind::Document,
    fields: &["words", "problem"],
    params: &[("min-words", ParamKind::Number)],
    check: |context, judge| {
        let Some(readme) = context.scene.project.readme() else {
            let mut root = context.scene.inventory.files.iter().filter(|f| f.path.depth() == 1);
            let Some(empty) = root.find(|f| f.kind == FileKind::Empty && is_readme_name(f.path.name())) else {
                return judge.nothing("there is no README");
            };
            let failure = Failure::new(empty.path.as_str(), Place::file(empty.path.clone()));
            return judge.fail(failure.with("words", "0").with("problem", "is empty"));
        };
        let wanted = context.number("min-words");
        let path = readme.place.path.as_str();
        let scaffold = readme.signals.iter().find(|s| s.kind.0 == "readme-scaffold");
        // A README that only leads to another document is as good as that document.
        let beside = context.scene.project.documents().any(|d| {
            d.role == DocumentRole::Readme && d.place.path != readme.place.path && i64::from(d.words) >= wanted
        });
        let pointer = beside || readme.links.iter().any(|l| l.target.ends_with(".md") || l.target.ends_with(".rst"));
        if let Some(signal) = scaffold {
            judge.fail(
                Failure::new(path, signal.place.clone())
                    .with("words", readme.words.to_string())
                    .with("problem", "still has the text of its generator"),
            );
        } else if i64::from(readme.words) < wanted && !pointer {
            judge.fail(
                Failure::new(path, readme.place.clone())
                    .with("words", readme.words.to_string())
                    .with("problem", format!("has {} words, fewer than {wanted}", readme.words)),
            );
        } else {
            judge.pass();
        }
    },
};

pub(super) const BUILD: Predicate = Predicate {
    name: "build-instructions-missing",
    about: "A compiled program has no document or README section on how to build or install it, and no sentence that says so.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let compiled =
            inventory.manifests.iter().any(|m| m.compiled && m.application && is_first_party(&m.place.path));
        let native = inventory.files.iter().any(|f| {
            let name = f.path.name();
            f.path.depth() == 1
                && ["Makefile", "CMakeLists.txt", "meson.build", "configure.ac", "configure", "BUILD.bazel"]
                    .contains(&name)
        });
        if !compiled && !native {
            return judge.nothing("nothing here is compiled, as far as manifests and build files tell");
        }
        let words = [
            "build",
            "compil",
            "install",
            "getting started",
            "quick start",
            "quickstart",
            "usage",
            "setup",
            "from source",
            "development",
            "hacking",
            "how to use",
            "安装",
            "构建",
            "编译",
            "快速开始",
            "使用",
            "开发",
        ];
        let there = has(context, DocumentRole::Install)
            || has_section(context, &words)
            || says(context, &["build-instructions"])
            || manual(context).flat_map(|d| &d.signals).any(|s| s.kind.0 == "build-instructions");
        present(context, judge, there);
    },
};

pub(super) const SUPPORT: Predicate = Predicate {
    name: "support-route-missing",
    about: "No SUPPORT document, issue template, README section or link tells users where to ask or report.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| {
        let words = [
            "support",
            "help",
            "contact",
            "community",
            "questions",
            "feedback",
            "issues",
            "bugs",
            "getting in touch",
            "帮助",
            "支持",
            "联系",
            "社区",
            "反馈",
        ];
        let linked = context.scene.project.documents().flat_map(|d| &d.links).any(|l| {
            let target = l.target.to_ascii_lowercase();
            [
                "/issues",
                "/discussions",
                "discord.",
                "matrix.to",
                "gitter.im",
                "zulip",
                "slack.",
                "forum",
                "stackoverflow.com",
                "mailto:",
                "groups.google",
                "lists.",
            ]
            .iter()
            .any(|mark| target.contains(mark))
        });
        let declared = context.scene.inventory.manifests.iter().any(|m| m.repository.is_some());
        let there = has(context, DocumentRole::Support)
            || has(context, DocumentRole::Template)
            || has_section(context, &words)
            || linked
            || says(context, &["support-route"])
            || context
                .scene
                .inventory
                .files
                .iter()
                .any(|f| f.path.as_str().to_ascii_lowercase().contains("/issue_template"))
            || declared && has(context, DocumentRole::Contributing);
        present(context, judge, there);
    },
};

pub(super) const CONTRIBUTING: Predicate = Predicate {
    name: "contributing-missing",
    about: "No CONTRIBUTING document at the root, in .github or anywhere in docs, and no section of the README on contributing.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| {
        let words = ["contribut", "hacking", "patches", "pull request", "development", "贡献", "参与"];
        let is_chapter = |d: &Document| d.place.path.stem().to_ascii_lowercase().starts_with("contribut");
        let there = has(context, DocumentRole::Contributing)
            || has_section(context, &words)
            || manual(context).any(is_chapter);
        present(context, judge, there);
    },
};

pub(super) const TERMS: Predicate = Predicate {
    name: "contribution-terms-unclear",
    about: "No document of the project names a DCO, a CLA, or says that contributions come under the project's license.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| present(context, judge, says(context, &["dco", "cla", "inbound-outbound"])),
};

pub(super) const END_OF_SUPPORT: Predicate = Predicate {
    name: "end-of-support-unstated",
    about: "A released project does not say which versions are supported, or until when.",
    on: SubjectKind::Repository,
    fields: &[],
    params: &[],
    check: |context, judge| {
        if context.scene.project.released().next().is_none() {
            return judge.nothing("nothing here is released, as far as manifests tell");
        }
        let words = [
            "supported version",
            "support policy",
            "versioning policy",
            "end of life",
            "lts",
            "支持版本",
            "支持的版本",
        ];
        let sections =
            |d: &Document| d.headings.iter().any(|h| words.iter().any(|w| h.text.to_lowercase().contains(w)));
        let there =
            says(context, &["support-period", "end-of-support"]) || context.scene.project.documents().any(sections);
        present(context, judge, there);
    },
};
