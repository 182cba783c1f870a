//! Duties of licenses in what is built and published: notices, license texts, source code.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::super::{PARTIAL, Predicate};
use super::dependencies::name_some;
use super::{Meeting, Reader, branch_facts, license_text, shipped, vendored};
use crate::model::{FileRecord, Handling, HandlingKind, Package, Place, RelPath, Severity, purl_type};
use crate::policy::compat::{Category, LicenseFacts, Relation};
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::{is_first_party, is_license_text_name};

/// What build and packaging files of the project do.
fn handled<'a>(context: &Context<'a>, kind: HandlingKind) -> impl Iterator<Item = &'a Handling> + use<'a> {
    context.scene.inventory.handling.iter().filter(move |h| h.kind == kind && is_first_party(&h.place.path))
}

/// Where the project publishes something that others run: a release job, or an image that is built.
fn release<'a>(context: &Context<'a>) -> Option<&'a Handling> {
    // A Dockerfile alone may be for development or for jobs; a job that publishes leaves no doubt, unless what it
    // publishes is an image for other jobs.
    let is_recipe = |path: &RelPath| path.name().to_ascii_lowercase().contains("dockerfile");
    let is_for_jobs = |path: &RelPath| {
        let name = path.name().to_ascii_lowercase();
        let has = |wanted: &[&str]| name.split(|c: char| !c.is_alphanumeric()).any(|word| wanted.contains(&word));
        has(&["ci"]) && has(&["image", "images"])
    };
    handled(context, HandlingKind::Ships).find(|h| {
        let path = &h.place.path;
        path.as_str().starts_with('.') && !is_recipe(path) && !is_for_jobs(path)
    })
}

fn is_notice_name(path: &RelPath) -> bool {
    let name = path.name();
    let is_notice = name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("notice"));
    is_notice && (name.len() == 6 || name[6..].starts_with('.'))
}

/// The facts about the mildest branch of a component's license.
fn facts(reader: &mut Reader, package: &Package) -> Vec<&'static LicenseFacts> {
    let Some(expression) = license_text(package).and_then(|text| reader.read(text)) else { return Vec::new() };
    let mut branches = branch_facts(expression);
    branches.sort_by_key(|b| b.iter().map(|(_, f)| f.map_or(Category::Unknown, |f| f.category)).max());
    branches.into_iter().next().unwrap_or_default().into_iter().filter_map(|(_, facts)| facts).collect()
}

pub(crate) const NOTICE: Predicate = Predicate {
    name: "notice-not-propagated",
    about: "A vendored component comes with a NOTICE file whose copyright statements no NOTICE or third-party notices file of the project repeats. A warning where the project keeps no such file: the source carries the one of the component.",
    on: SubjectKind::File,
    fields: &["notice", "statement", "ours"],
    params: &[],
    check: |context, judge| {
        let lists: BTreeSet<&RelPath> =
            handled(context, HandlingKind::ListsComponents).map(|h| &h.place.path).collect();
        let ours: Vec<&FileRecord> = context
            .scene
            .project
            .own_files()
            .filter(|f| is_notice_name(&f.path) || lists.contains(&f.path))
            .collect();
        let repeated: BTreeSet<String> =
            ours.iter().flat_map(|f| &f.copyrights).map(|c| c.holder.to_lowercase()).collect();
        for copy in vendored::copies(context) {
            for notice in copy.files.iter().filter(|f| is_notice_name(&f.path) && f.path.parent() == copy.folder) {
                let lost = notice
                    .copyrights
                    .iter()
                    .find(|c| !c.holder.is_empty() && !repeated.contains(&c.holder.to_lowercase()));
                let failed = match lost {
                    Some(copyright) => Some((copyright.statement.clone(), copyright.place.clone())),
                    None if notice.copyrights.is_empty() && ours.is_empty() => {
                        Some(("its text".to_owned(), Place::file(notice.path.clone())))
                    }
                    None => None,
                };
                match failed {
                    None => judge.pass(),
                    Some((statement, place)) => {
                        let mut failure = Failure::new(notice.path.as_str(), place)
                            .with("notice", notice.path.as_str())
                            .with("statement", statement)
                            .with(
                                "ours",
                                match ours.first() {
                                    Some(file) => file.path.to_string(),
                                    None => "a NOTICE file of the project".to_owned(),
                                },
                            );
                        failure = match ours.first() {
                            Some(file) => failure.also(Place::file(file.path.clone()), "the project's notices"),
                            None => failure.at_most(Severity::Warning),
                        };
                        judge.fail(failure);
                    }
                }
            }
        }
        judge.nothing("no component in the tree comes with a NOTICE file");
    },
};

pub(crate) const MISSING: Predicate = Predicate {
    name: "third-party-notices-missing",
    about: "A release job publishes something that holds components whose licenses ask for their notices, and no notices file is kept or produced. Base images and packages of distributions hold theirs, and packages of Python, Ruby, R, Perl, Lua and Elixir hold nothing of what they ask for, unless a bundler packs it.",
    on: SubjectKind::Repository,
    fields: &["what", "components"],
    params: &[],
    check: |context, judge| {
        let Some(release) = release(context) else {
            return judge.nothing("no release job publishes binaries, bundles or images");
        };
        let mut reader = Reader::default();
        // A base image and what a distribution packs hold their notices themselves.
        let meeting = Meeting::new(context);
        let asking: Vec<&Package> = shipped(context)
            .filter(|p| meeting.relation(p) != Relation::Aggregate && meeting.is_held(p, &release.by))
            .filter(|p| {
                let facts = facts(&mut reader, p);
                facts.is_empty() || facts.iter().any(|f| f.duties.iter().any(|d| d == "text" || d == "copyright"))
            })
            .collect();
        if asking.is_empty() {
            return judge.nothing("no shipped component asks for notices");
        }
        let kept = handled(context, HandlingKind::ListsComponents)
            .any(|h| !is_notice_name(&h.place.path) || h.listed.len() > 2);
        if kept || handled(context, HandlingKind::MakesNotices).next().is_some() {
            return judge.pass();
        }
        judge.fail(
            Failure::new("repository", release.place.clone())
                .with("what", release.by.clone())
                .with("components", name_some(asking.iter().map(|p| p.name.as_str()))),
        );
    },
};

pub(crate) const STALE: Predicate = Predicate {
    name: "third-party-notices-stale",
    about: "A notices file that lists components of the lock files names versions that they no longer have, or leaves out shipped ones while it lists most.",
    on: SubjectKind::File,
    fields: &["problems", "count"],
    params: &[],
    check: |context, judge| {
        if handled(context, HandlingKind::ListsComponents).next().is_none() {
            return judge.nothing("no notices file lists components of the lock files");
        }
        let mut versions: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
        for package in context.scene.inventory.packages.iter().filter(|p| !p.local && p.locked) {
            versions.entry(package.name.to_lowercase()).or_default().push(package);
        }
        for notices in handled(context, HandlingKind::ListsComponents) {
            let known: Vec<(&String, &String, &Vec<&Package>)> = notices
                .listed
                .iter()
                .filter_map(|(name, version)| Some((name, version, versions.get(name)?)))
                .collect();
            // A list of other things (bundled C libraries, fonts) says nothing about the lock files.
            if known.len() < 3 || known.len() * 2 < notices.listed.len() {
                continue;
            }
            let mut problems: Vec<String> = known
                .iter()
                .filter(|(_, version, packages)| {
                    packages.iter().all(|p| p.version.trim_start_matches('v') != **version)
                })
                .map(|(name, version, packages)| {
                    let now: Vec<&str> = packages.iter().map(|p| p.version.as_str()).collect();
                    format!("{name} {version} is now {}", now.join(", "))
                })
                .collect();
            let listed: BTreeSet<&String> = notices.listed.iter().map(|(name, _)| name).collect();
            // A list of packages says nothing about images, and one for npm nothing about crates.
            let kinds: BTreeSet<&str> =
                known.iter().flat_map(|(_, _, packages)| packages.iter().map(|p| purl_type(&p.purl))).collect();
            let wanted: Vec<&Package> =
                shipped(context).filter(|p| p.locked && kinds.contains(purl_type(&p.purl))).collect();
            let lacking: Vec<&&Package> =
                wanted.iter().filter(|p| !listed.contains(&p.name.to_lowercase())).collect();
            if lacking.len() * 2 < wanted.len() {
                problems.extend(lacking.iter().map(|p| format!("{} {} is not listed", p.name, p.version)));
            }
            if problems.is_empty() {
                judge.pass();
                continue;
            }
            judge.fail(
                Failure::new(notices.place.path.as_str(), Place::file(notices.place.path.clone()))
                    .with("count", problems.len().to_string())
                    .with("problems", name_some(problems.iter().map(String::as_str))),
            );
        }
        judge.nothing("no notices file lists components of the lock files");
    },
};

/// What the list of a package rule takes, by the patterns of gitignore that Cargo and npm use.
pub(crate) struct Taken {
    /// Paths without wildcards, and whether they count from the folder of the list; else they may lie anywhere below.
    plain: Vec<(String, bool)>,
    globs: Vec<Pattern>,
    ignores_case: bool,
}

/// A pattern with wildcards.
struct Pattern {
    glob: String,
    /// What stands in front of its first wildcard, as far as it is ASCII.
    literal: String,
    /// Whether it counts from the folder of the list; else it is the name of a file or folder anywhere below.
    from_root: bool,
    /// Matches what it names and all below. Built when a path begins like it: that takes longer than all comparisons.
    built: OnceCell<GlobSet>,
}

impl Pattern {
    fn is_match(&self, file: &str, ignores_case: bool) -> bool {
        let begins = |path: &str| {
            let head = path.as_bytes().get(..self.literal.len());
            let literal = self.literal.as_bytes();
            head.is_some_and(|head| if ignores_case { head.eq_ignore_ascii_case(literal) } else { head == literal })
        };
        let may_match = if self.from_root { begins(file) } else { file.split('/').any(begins) };
        may_match && self.built.get_or_init(|| self.build(ignores_case)).is_match(file)
    }

    fn build(&self, ignores_case: bool) -> GlobSet {
        let glob = if self.from_root { self.glob.clone() } else { format!("**/{}", self.glob) };
        let mut set = GlobSetBuilder::new();
        for glob in [format!("{glob}/**"), glob] {
            let built = GlobBuilder::new(&glob).literal_separator(true).case_insensitive(ignores_case).build();
            built.into_iter().for_each(|glob| {
                set.add(glob);
            });
        }
        set.build().unwrap_or_else(|_| GlobSet::empty())
    }
}

/// The list of a package rule under `key`; `None` without one.
pub(crate) fn taken_by(rule: &Handling, key: &str) -> Option<Taken> {
    if !rule.listed.iter().any(|(k, _)| k == key) {
        return None;
    }
    let ignores_case = rule.by == "npm";
    let (mut plain, mut globs) = (Vec::new(), Vec::new());
    for (_, pattern) in rule.listed.iter().filter(|(k, p)| k == key && !p.starts_with('!')) {
        let path = pattern.trim_start_matches("./").trim_end_matches('/');
        let from_root = path.contains('/');
        let path = path.strip_prefix('/').unwrap_or(path);
        match path.find(['*', '?', '[', ']', '{', '}', '\\', '!']) {
            None => plain.push((if ignores_case { path.to_lowercase() } else { path.to_owned() }, from_root)),
            Some(wildcard) => globs.push(Pattern {
                glob: path.to_owned(),
                literal: path[..wildcard].split(|c: char| !c.is_ascii()).next().unwrap_or_default().to_owned(),
                from_root,
                built: OnceCell::new(),
            }),
        }
    }
    Some(Taken { plain, globs, ignores_case })
}

impl Taken {
    /// Whether it takes the file, whose path counts from the folder of the list.
    pub(crate) fn is_match(&self, file: &str) -> bool {
        let lower = if self.ignores_case { Cow::Owned(file.to_lowercase()) } else { Cow::Borrowed(file) };
        let starts =
            |at: &str, path: &str| at.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let anywhere = |path: &str| lower.split('/').any(|part| part == path);
        self.plain.iter().any(|(path, from_root)| if *from_root { starts(&lower, path) } else { anywhere(path) })
            || self.globs.iter().any(|pattern| pattern.is_match(file, self.ignores_case))
    }
}

pub(crate) const NOT_PACKAGED: Predicate = Predicate {
    name: "license-file-not-packaged",
    about: "A package rule (Cargo include or exclude, npm files, MANIFEST.in, GoReleaser) leaves the license text or the NOTICE file beside it out of what is published.",
    on: SubjectKind::Manifest,
    fields: &["file", "rule", "mend"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        for rule in handled(context, HandlingKind::PackageRule) {
            let folder = rule.place.path.parent();
            let manifest = inventory.manifests.iter().find(|m| m.place.path == rule.place.path);
            if manifest.is_none_or(|m| !m.publishable) {
                continue;
            }
            let npm = rule.by == "npm";
            let texts = inventory.below(&folder).iter().filter(|f| f.path.lies_in(&folder)).filter(|f| {
                // npm always packs the license, and not the NOTICE file.
                if npm { is_notice_name(&f.path) } else { is_license_text_name(&f.path) || is_notice_name(&f.path) }
            });
            let (include, exclude) = (taken_by(rule, "include"), taken_by(rule, "exclude"));
            let by_field = manifest.and_then(|m| m.license_file.as_ref()).map(|(path, _)| path);
            let mut left: Vec<&str> = texts
                .filter(|f| by_field != Some(&f.path))
                .filter(|f| {
                    let name = f.path.name();
                    include.as_ref().is_some_and(|list| !list.is_match(name))
                        || exclude.as_ref().is_some_and(|list| list.is_match(name))
                })
                .map(|f| f.path.name())
                .collect();
            left.sort_unstable();
            // One license text of a choice is enough for nobody; every one of them has to be there.
            if left.is_empty() {
                judge.pass();
                continue;
            }
            let key = if include.is_some() { if npm { "files" } else { "include" } } else { "exclude" };
            judge.fail(
                Failure::new(rule.place.path.as_str(), rule.place.clone())
                    .with("file", left.join(", "))
                    .with("rule", format!("`{key}` of {}", rule.place.path.name()))
                    .with(
                        "mend",
                        match key {
                            "exclude" => format!("Take {} out of `exclude`.", left.join(", ")),
                            _ => format!(
                                "Add {} to `{key}`.",
                                left.iter().map(|f| format!("\"{f}\"")).collect::<Vec<_>>().join(", ")
                            ),
                        },
                    ),
            );
        }
        for rule in handled(context, HandlingKind::LeavesOutLicense) {
            judge.fail(
                Failure::new(rule.place.path.as_str(), rule.place.clone())
                    .with("file", "the license text")
                    .with("rule", rule.by.clone())
                    .with("mend", "Let the list take the license text, for example with `LICENSE*`."),
            );
        }
        judge.nothing("no package is made by a list of files");
    },
};

pub(crate) const LEGAL_COMMENTS: Predicate = Predicate {
    name: "legal-comments-stripped",
    about: "A bundler or minifier is told to drop license comments, and no notices file is produced instead.",
    on: SubjectKind::File,
    fields: &["option"],
    params: &[],
    check: |context, judge| {
        let instead = handled(context, HandlingKind::MakesNotices).next().is_some()
            || handled(context, HandlingKind::ListsComponents).any(|h| h.listed.len() > 2);
        for dropped in handled(context, HandlingKind::DropsLegalComments) {
            if instead {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(dropped.place.path.as_str(), dropped.place.clone())
                        .with("option", dropped.by.clone()),
                );
            }
        }
        judge.nothing("no bundler is told to drop license comments");
    },
};

pub(crate) const IMAGE: Predicate = Predicate {
    name: "image-copyright-removed",
    about: "The stage of a Dockerfile that is shipped removes the copyright files of its packages.",
    on: SubjectKind::File,
    fields: &["command"],
    params: &[],
    check: |context, judge| {
        let removed: Vec<&Handling> = handled(context, HandlingKind::RemovesCopyright).collect();
        for image in handled(context, HandlingKind::Ships)
            .filter(|h| h.by == "a container image" && !h.place.path.as_str().starts_with('.'))
        {
            if removed.iter().all(|r| r.place.path != image.place.path) {
                judge.pass();
            }
        }
        for removal in removed {
            judge.fail(
                Failure::new(removal.place.path.as_str(), removal.place.clone()).with("command", removal.by.clone()),
            );
        }
        judge.nothing("no image is built");
    },
};

pub(crate) const SOURCE_OFFER: Predicate = Predicate {
    name: "source-offer-missing",
    about: "A release job publishes something that holds components under copyleft licenses, and neither a source archive is made nor a document offers the source.",
    on: SubjectKind::Repository,
    fields: &["what", "components"],
    params: &[],
    check: |context, judge| {
        let Some(release) = release(context) else {
            return judge.nothing("no release job publishes binaries, bundles or images");
        };
        let mut reader = Reader::default();
        let owed: Vec<String> = shipped(context)
            .filter(|p| facts(&mut reader, p).iter().any(|f| f.duties.iter().any(|d| d == "source")))
            .map(|p| format!("{} ({})", p.name, license_text(p).unwrap_or_default()))
            .collect();
        if owed.is_empty() {
            return judge.nothing("no shipped component is known to ask for its source");
        }
        let offered = handled(context, HandlingKind::MakesSource).next().is_some()
            || handled(context, HandlingKind::ListsComponents).any(|h| h.listed.len() > 2)
            || context.scene.project.documents().any(|d| d.signals.iter().any(|s| s.kind.0 == "source-offer"));
        if offered {
            return judge.pass();
        }
        judge.fail(
            Failure::new("repository", release.place.clone())
                .with("what", release.by.clone())
                .with("components", name_some(owed.iter().map(String::as_str))),
        );
    },
};

pub(crate) const NETWORK: Predicate = Predicate {
    name: "network-copyleft-no-source-route",
    about: "A service (an application with an image) holds code under a network copyleft license, and no document links to source code.",
    on: SubjectKind::Repository,
    fields: &["components"],
    params: &[],
    check: |context, judge| {
        if !context.scene.inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let service = handled(context, HandlingKind::Ships).find(|h| h.by == "a container image");
        let Some(service) = service else {
            return judge.nothing("the project runs as no service, as far as its files tell");
        };
        let mut reader = Reader::default();
        let mut bound: Vec<String> = shipped(context)
            .filter(|p| facts(&mut reader, p).iter().any(|f| f.is_triggered_by("network")))
            .map(|p| format!("{} ({})", p.name, license_text(p).unwrap_or_default()))
            .collect();
        let own = super::outbound::of(context, &RelPath::default());
        if let Some(own) = own
            && branch_facts(&own.expression)
                .iter()
                .all(|b| b.iter().any(|(_, f)| f.is_some_and(|f| f.is_triggered_by("network"))))
        {
            bound.insert(0, format!("the project itself ({})", own.expression));
        }
        if bound.is_empty() {
            return judge.nothing("no part of the service is known to be under a network copyleft license");
        }
        const HOSTS: &[&str] =
            &["github.com/", "gitlab.", "codeberg.org/", "gitee.com/", "bitbucket.org/", "sr.ht/", "git."];
        let linked = context
            .scene
            .project
            .documents()
            .any(|d| d.links.iter().any(|l| HOSTS.iter().any(|h| l.target.contains(h))))
            || context.scene.inventory.manifests.iter().any(|m| m.repository.is_some());
        if linked {
            return judge.pass();
        }
        judge.fail(
            Failure::new("repository", service.place.clone())
                .with("components", name_some(bound.iter().map(String::as_str))),
        );
    },
};
