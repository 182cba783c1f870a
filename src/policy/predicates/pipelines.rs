//! What pipelines do as a whole: test, release, keep dependencies up to date.

use std::collections::{BTreeMap, BTreeSet};

use super::workflows::counts;
use super::{Context, PARTIAL, Predicate};
use crate::model::{HandlingKind, Pipeline, PipelineKind, Place, RelPath, Step};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

/// Why a rule abstains where pipelines are missing from files that are no clone: packages leave them out.
const UNPACKED: &str = "there is no pipeline, and this is no clone of the repository";

/// Pipelines that a forge runs.
fn running<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Pipeline> {
    use PipelineKind as K;
    let inventory = context.scene.inventory;
    let kinds = [K::GithubWorkflow, K::Gitlab, K::Azure, K::Circle, K::Gitee, K::Jenkins, K::OtherCi];
    let mine = move |pipeline: &&Pipeline| {
        kinds.contains(&pipeline.kind) && counts(inventory, &pipeline.place.path, pipeline.active)
    };
    inventory.pipelines.iter().filter(mine)
}

/// Words of a command, in lower case.
fn words(text: &str) -> BTreeSet<String> {
    let is_word = |c: char| c.is_alphanumeric();
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Files whose jobs publish something.
fn handled<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a RelPath> {
    let handling = &context.scene.inventory.handling;
    handling.iter().filter(|h| h.kind == HandlingKind::Ships).map(|h| &h.place.path)
}

/// Whether a script makes a release on GitHub with files: what follows the tag, options and their values aside.
fn gives_files(script: &str) -> bool {
    const WITH_VALUE: &[&str] = &[
        "--title",
        "-t",
        "--notes",
        "-n",
        "--notes-file",
        "-F",
        "--target",
        "--repo",
        "-R",
        "--discussion-category",
        "--notes-start-tag",
    ];
    let joined = script.replace("\\\n", " ");
    joined.lines().filter_map(|line| line.split_once("gh release create")).any(|(_, rest)| {
        let rest = rest.split(['|', '&', ';', '<', '>', '#']).next().unwrap_or_default();
        // Quoted words are one.
        let mut quoted = None;
        let words = rest.split(|c: char| {
            match (quoted, c) {
                (None, '"' | '\'') => quoted = Some(c),
                (Some(open), _) if open == c => quoted = None,
                _ => {}
            }
            quoted.is_none() && c.is_whitespace()
        });
        let mut words = words.filter(|word| !word.is_empty());
        let mut plain = 0;
        while let Some(word) = words.next() {
            match word {
                option if WITH_VALUE.contains(&option) => drop(words.next()),
                option if option.starts_with('-') => {}
                // The tag may be a variable; so may all arguments be, and what those hold nobody sees.
                _ => plain += 1,
            }
        }
        plain > 1
    })
}

pub(super) const UNSIGNED: Predicate = Predicate {
    name: "release-unsigned",
    about: "A workflow publishes files, and no workflow signs or attests anything. Package registries, which sign for themselves, are left out.",
    on: SubjectKind::File,
    fields: &["what"],
    params: &[],
    check: |context, judge| {
        let signs = |step: &Step| {
            const SIGNERS: &[&str] =
                &["cosign", "gpg", "minisign", "signify", "sigstore", "provenance", "attestation"];
            SIGNERS.iter().any(|word| words(&step.text).contains(*word))
        };
        let attests = |step: &Step| {
            [
                "actions/attest",
                "sigstore/",
                "slsa-framework/",
                "crazy-max/ghaction-import-gpg",
                "anchore/sbom-action/publish",
            ]
            .iter()
            .any(|start| step.text.starts_with(start))
        };
        let is_signed = running(context).any(|p| p.commands.iter().any(signs) || p.uses.iter().any(attests));
        for pipeline in running(context) {
            let releases = pipeline
                .commands
                .iter()
                .filter(|step| gives_files(&step.text) || step.text.contains("gh release upload"));
            // Some make releases of nothing but notes.
            let ships = || handled(context).any(|path| *path == pipeline.place.path);
            let actions = pipeline.uses.iter().filter(|step| {
                step.text.starts_with("svenstaro/upload-release-action@")
                    || ["softprops/action-gh-release@", "ncipollo/release-action@"]
                        .iter()
                        .any(|start| step.text.starts_with(start) && ships())
            });
            let Some(step) = releases.chain(actions).next() else { continue };
            if is_signed {
                judge.pass();
                continue;
            }
            let what = step
                .text
                .split('@')
                .next()
                .unwrap_or_default()
                .lines()
                .find(|line| line.contains("gh release"))
                .or_else(|| step.text.split('@').next())
                .unwrap_or("release");
            let subject = pipeline.place.path.as_str();
            judge.fail(Failure::new(subject, step.place.clone()).with("what", what.trim()));
        }
        judge.nothing("no workflow publishes files");
    },
};

/// Files that tell of an ecosystem, and its names in the configuration of Dependabot.
const ECOSYSTEMS: &[(&str, &[&str], &[&str])] = &[
    ("npm", &["package.json"], &["npm", "bun"]),
    ("Cargo", &["Cargo.toml"], &["cargo", "rust-toolchain"]),
    ("Go", &["go.mod"], &["gomod"]),
    ("Python", &["requirements.txt", "pyproject.toml", "Pipfile", "setup.py"], &["pip", "uv", "pipenv", "poetry"]),
    ("Ruby", &["Gemfile"], &["bundler"]),
    ("Maven", &["pom.xml"], &["maven"]),
    ("Gradle", &["build.gradle", "build.gradle.kts"], &["gradle"]),
    ("Composer", &["composer.json"], &["composer"]),
    ("Dart", &["pubspec.yaml"], &["pub"]),
    ("Elixir", &["mix.exs"], &["mix"]),
    ("Swift", &["Package.swift"], &["swift"]),
    ("git submodules", &[".gitmodules"], &["gitsubmodule"]),
];

/// The ecosystems of the project's own files, each with the file that tells.
fn ecosystems(context: &Context<'_>) -> Vec<(&'static str, &'static [&'static str], RelPath)> {
    let inventory = context.scene.inventory;
    let by_name: BTreeMap<&str, usize> = ECOSYSTEMS
        .iter()
        .enumerate()
        .flat_map(|(i, (_, files, _))| files.iter().map(move |file| (*file, i)))
        .collect();
    // A manifest that asks for nothing has nothing that could fall behind.
    let idle: BTreeSet<&RelPath> =
        inventory.manifests.iter().filter(|m| m.dependencies.is_empty()).map(|m| &m.place.path).collect();
    let mut found: BTreeMap<usize, &RelPath> = BTreeMap::new();
    for file in context.scene.project.own_files() {
        if let Some(i) = by_name.get(file.path.name()).filter(|_| !idle.contains(&file.path)) {
            found.entry(*i).or_insert(&file.path);
        }
    }
    let mut out: Vec<_> =
        found.into_iter().map(|(i, path)| (ECOSYSTEMS[i].0, ECOSYSTEMS[i].2, path.clone())).collect();
    let of = |kind| {
        let mine = move |p: &&Pipeline| p.kind == kind && p.active && is_first_party(&p.place.path);
        inventory.pipelines.iter().find(mine).map(|p| p.place.path.clone())
    };
    out.extend(of(PipelineKind::GithubWorkflow).map(|path| ("GitHub Actions", &["github-actions"][..], path)));
    out.extend(of(PipelineKind::Dockerfile).map(|path| ("Docker", &["docker", "docker-compose"][..], path)));
    out
}

pub(super) const UPDATE_GAP: Predicate = Predicate {
    name: "update-tool-gap",
    about: "The project has dependencies of an ecosystem that neither Dependabot nor Renovate is configured for.",
    on: SubjectKind::Repository,
    fields: &["ecosystem", "file", "tool"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if !inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let tools: Vec<&Pipeline> = inventory
            .pipelines
            .iter()
            .filter(|p| matches!(p.kind, PipelineKind::Dependabot | PipelineKind::Renovate) && p.active)
            .collect();
        let all = ecosystems(context);
        if tools.is_empty() && inventory.repository.is_none() && running(context).next().is_none() {
            return judge.undecided(UNPACKED);
        }
        if let Some((_, _, path)) = all.first().filter(|_| tools.is_empty()) {
            let names: Vec<&str> = all.iter().map(|(name, ..)| *name).collect();
            judge.fail(
                Failure::new("repository", Place::file(path.clone()))
                    .with("ecosystem", names.join(", "))
                    .with("file", path.as_str())
                    .with("tool", "No update tool keeps")
                    .maps("scorecard", ["Dependency-Update-Tool".to_owned()]),
            );
            return;
        }
        let covered: BTreeSet<&str> = tools.iter().flat_map(|p| &p.covers).map(|(name, _)| name.as_str()).collect();
        for (name, known, path) in all {
            if covered.contains("*") || known.iter().any(|word| covered.contains(word)) {
                judge.pass();
            } else if let Some(tool) = tools.first() {
                judge.fail(
                    Failure::new("repository", tool.place.clone())
                        .with("ecosystem", name)
                        .with("file", path.as_str())
                        .with("tool", format!("`{}` does not keep", tool.place.path))
                        .also(Place::file(path), "whose dependencies are not kept up to date"),
                );
            }
        }
        judge.nothing("there is no manifest with dependencies, no workflow and no recipe");
    },
};

/// Whether a path is that of a test, by the customs of many languages.
fn is_test(path: &RelPath) -> bool {
    let text = path.as_str().to_ascii_lowercase();
    let (folder, name) = text.rsplit_once('/').unwrap_or(("", &text));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let in_folder = folder.split('/').any(|part| ["test", "tests", "__tests__", "spec", "specs"].contains(&part));
    let named = stem.ends_with("_test")
        || stem.starts_with("test_")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem.ends_with("_spec");
    let is_header = ["h", "hh", "hpp", "hxx", "sql"].contains(&extension);
    (in_folder || named) && crate::policy::paths::is_source(extension) && !is_header
}

pub(super) const TESTS: Predicate = Predicate {
    name: "tests-not-in-ci",
    about: "There are tests, and no pipeline runs a test command. Abstains when a pipeline calls a script or a build tool whose targets it cannot see.",
    on: SubjectKind::Repository,
    fields: &["test"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if !inventory.whole {
            return judge.undecided(PARTIAL);
        }
        let first_party = |path: &RelPath| {
            let vendored = ["vendor", "third_party", "node_modules", "fixtures", "testdata"];
            !path.as_str().split('/').any(|part| vendored.contains(&part))
        };
        let test = inventory.files.iter().find(|file| is_test(&file.path) && first_party(&file.path));
        let Some(test) = test else { return judge.nothing("there are no tests, as far as names of files tell") };
        const TESTERS: &[&str] = &[
            "test",
            "tests",
            "testing",
            "pytest",
            "tox",
            "nox",
            "ctest",
            "rspec",
            "phpunit",
            "jest",
            "vitest",
            "mocha",
            "nextest",
            "unittest",
            "prove",
            "karma",
            "cypress",
            "playwright",
            "verify",
            "tap",
            "ava",
            "bats",
            "miri",
            "coverage",
            "tarpaulin",
        ];
        let is_tester = |text: &str| {
            let words = words(text);
            let checks = words.contains("check")
                && ["make", "gradlew", "gradle", "ninja", "r", "just", "meson"].iter().any(|w| words.contains(*w));
            checks || TESTERS.iter().any(|word| words.contains(*word))
        };
        // What these run is said elsewhere.
        let is_opaque = |text: &str| {
            let calls = [
                "make", "just", "task", "mage", "invoke", "rake", "ant", "nix", "bazel", "earthly", "ninja", "hatch",
                "mvn", "gradle", "gradlew",
            ];
            // A script of a package that checks everything, or that the matrix names.
            let scripts = [" run check", " run ci", " run all", " run validate", " run ${{"];
            text.contains("./")
                || text.contains(".sh")
                || scripts.iter().any(|script| text.contains(script))
                || words(text).iter().any(|word| calls.contains(&word.as_str()))
        };
        let mut is_unclear = false;
        let mut first = None;
        for pipeline in running(context) {
            first.get_or_insert(pipeline);
            // Pipelines of these call what a library or a template of another repository defines.
            let is_elsewhere = match pipeline.kind {
                PipelineKind::OtherCi | PipelineKind::Jenkins => true,
                PipelineKind::Gitlab | PipelineKind::Azure => pipeline.commands.is_empty(),
                _ => false,
            };
            is_unclear |= is_elsewhere;
            for step in &pipeline.commands {
                if is_tester(&step.text) {
                    return judge.pass();
                }
                is_unclear |= is_opaque(&step.text);
            }
            for step in &pipeline.uses {
                if is_tester(&step.text) {
                    return judge.pass();
                }
                // A workflow of somebody else may do anything.
                is_unclear |=
                    step.text.contains(".yml") || step.text.contains(".yaml") || step.text.starts_with("./");
            }
        }
        if is_unclear {
            return judge.undecided("a script or tool that the pipelines call may run the tests");
        }
        if first.is_none() && inventory.repository.is_none() {
            return judge.undecided(UNPACKED);
        }
        let place = first.map_or_else(|| Place::file(test.path.clone()), |pipeline| pipeline.place.clone());
        judge.fail(
            Failure::new("repository", place)
                .with("test", test.path.as_str())
                .also(Place::file(test.path.clone()), "is a test"),
        );
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    /// By the manual of `gh release create [<tag>] [<filename>...]`.
    #[test]
    fn a_release_gives_files_behind_its_tag() {
        for script in [
            "gh release create \"$TAG\" dist/*",
            "x=1\ngh release create v1 \\\n  --title \"Version 1\" \\\n  a.zip b.zip",
            "cat notes | gh release create v1 -F - -p a.tar.gz",
        ] {
            assert!(gives_files(script), "{script}");
        }
        for script in [
            "gh release create \"$TAG\" --verify-tag --title \"Version 1\"",
            "gh release create v1 -d -t v1 -F /tmp/notes --target main",
            "gh release create v1 --notes=\"a b\" # dist/*",
            "gh release view v1 dist/*",
        ] {
            assert!(!gives_files(script), "{script}");
        }
    }
}
