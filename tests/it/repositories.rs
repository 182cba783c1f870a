//! Shapes of repositories as forges have them: workflows, manuals, packed parts, environments.

use serde_json::Value;

use crate::support::{Tree, apache, found, severities};

#[test]
fn links_lead_to_what_a_build_makes_of_a_template() {
    let rule = "docs/broken-relative-link";
    let page = ("docs/index.md", "# A\n\nSee [run](a-run.1.md).\n");
    assert_eq!(severities(rule, &[page]), ["warning"]);
    assert_eq!(severities(rule, &[page, ("docs/a-run.1.md.in", "# a-run\n")]), [""; 0]);
}

/// Sphinx takes the changelog of the root into a page, and would stop at a file that is not there.
#[test]
fn documents_that_a_manual_takes_in_link_from_its_pages() {
    let rule = "docs/broken-relative-link";
    let changes =
        ("CHANGES.rst", "Changes\n=======\n\nAs :doc:`the guide <guide>` tells.\n\n.. include:: _draft.rst\n");
    let plain = [changes, ("docs/guide.rst", "Guide\n=====\n")];
    assert_eq!(severities(rule, &plain).len(), 2);
    let built = [changes, ("docs/conf.py", "project = 'a'\n"), ("docs/guide.rst", "Guide\n=====\n")];
    assert_eq!(severities(rule, &built), [""; 0]);
    let gallery = ("docs/gallery.rst", "Gallery\n=======\n\n.. include:: cards.txt\n");
    assert_eq!(severities(rule, &[gallery]), ["warning"]);
    assert_eq!(severities(rule, &[gallery, ("docs/conf.py", "project = 'a'\n")]), [""; 0]);
    let picture = ("docs/gallery.rst", "Gallery\n=======\n\n.. image:: cards.png\n   :alt: cards\n");
    assert_eq!(severities(rule, &[picture, ("docs/conf.py", "project = 'a'\n")]), ["warning"]);
}

#[test]
fn headings_of_a_site_of_hugo_are_anchored_its_way() {
    let rule = "docs/broken-relative-link";
    let page = "# A\n\n### --port\n\nSee [it](#port).\n";
    assert_eq!(severities(rule, &[("site/content/a.md", page)]), ["warning"]);
    assert_eq!(severities(rule, &[("site/content/a.md", page), ("site/config.json", "{}\n")]), [""; 0]);
    assert_eq!(severities(rule, &[("site/pages/a.md", page), ("site/config.json", "{}\n")]), ["warning"]);
}

#[test]
fn labels_of_a_site_of_myst_are_looked_up_by_it() {
    let rule = "docs/broken-relative-link";
    let page = ("docs/a.md", "# A\n\nSee [](#section:b).\n\n(section:b)=\n## B\n");
    assert_eq!(severities(rule, &[page]), ["warning"]);
    assert_eq!(severities(rule, &[page, ("docs/myst.yml", "version: 1\n")]), [""; 0]);
    assert_eq!(severities(rule, &[page, ("docs/.vuepress/config.js", "module.exports = {}\n")]), [""; 0]);
}

#[test]
fn a_source_distribution_is_a_part_of_the_project() {
    let rule = "docs/broken-relative-link";
    let readme = ("README.md", "# A\n\nSee [how to help](CONTRIBUTING.md) and [below](#usage).\n");
    assert_eq!(severities(rule, &[readme]), ["warning", "warning"]);
    let info = ("PKG-INFO", "Metadata-Version: 2.4\nName: a\nVersion: 1.0\n");
    assert_eq!(severities(rule, &[readme, info]), ["warning"], "its headings are there");
    let manifest = ("Cargo.toml.orig", "[package]\nname = \"a\"\n");
    assert_eq!(severities(rule, &[readme, manifest]), ["warning"]);
}

/// Wheels, gems and the like name what they need; a bundler packs it.
#[test]
fn release_files_of_python_hold_no_dependencies() {
    let rule = "compat/third-party-notices-missing";
    let job = "on:\n  release:\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: gh release upload v1 dist/*\n";
    let workflow = (".github/workflows/release.yml", job);
    let project = |more: &str| {
        format!("[project]\nname = \"a\"\nversion = \"1.0\"\nlicense = \"MIT\"\ndependencies = [\"lamp>=1\"]\n{more}")
    };
    let lock = "[[package]]\nname = \"lamp\"\nversion = \"1.2\"\nfiles = []\noptional = false\npython-versions = \"*\"\n\n\
        [metadata]\nlock-version = \"2.1\"\npython-versions = \"*\"\ncontent-hash = \"a\"\n";
    let of = |more: &str| severities(rule, &[("pyproject.toml", &project(more)), ("poetry.lock", lock), workflow]);
    assert_eq!(of(""), [""; 0]);
    assert_eq!(of("[dependency-groups]\nbuild = [\"PyInstaller\"]\n"), ["warning"]);
    let push = job.replace("gh release upload v1 dist/*", "docker push a/b");
    let image = (".github/workflows/release.yml", &*push);
    assert_eq!(severities(rule, &[("pyproject.toml", &project("")), ("poetry.lock", lock), image]), ["warning"]);
}

/// Pixi states the licenses of Conda's packages and none of Python's; an environment of a pipeline reaches nobody.
#[test]
fn a_lock_file_may_state_the_licenses_of_one_ecosystem() {
    let rule = "compat/dependency-license-unknown";
    let conda = |name: &str, license: &str| {
        format!(
            "- conda: https://conda.anaconda.org/conda-forge/noarch/{name}-1.0-0.conda\n  sha256: {}\n{license}",
            "0".repeat(64)
        )
    };
    let lock = |second: &str| {
        let first: String = (0..20).map(|n| conda(&format!("a{n}"), "  license: MIT\n")).collect();
        format!(
            "version: 6\nenvironments: {{}}\npackages:\n{first}{}- pypi: https://files.pythonhosted.org/packages/lamp-2.0-py3-none-any.whl\n  name: lamp\n  version: 2.0\n",
            conda("b", second)
        )
    };
    assert_eq!(severities(rule, &[("pixi.lock", &lock("  license: MIT\n"))]), [""; 0]);
    let unknown = lock("");
    let messages = found(rule, &[("pixi.lock", &unknown)]);
    assert!(messages.len() == 1 && messages[0].1.contains("1 of 21"), "{messages:?}");
    assert_eq!(messages[0].0, "warning", "it lies in an environment");
    assert_eq!(severities(rule, &[(".github/workflows/pixi.lock", &unknown)]), [""; 0]);
}

#[test]
fn a_text_that_names_its_part_is_not_the_license_of_the_package() {
    let rule = "license/dual-operator-mixup";
    let package = ("package.json", "{\"name\": \"a\", \"version\": \"1.0.0\", \"license\": \"MIT\"}\n");
    let mit = "MIT License\n\nCopyright (c) 2024 Ann\n\nPermission is hereby granted, free of charge, to any person obtaining a \
        copy of this software and associated documentation files (the \"Software\"), to deal in the Software without \
        restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, \
        sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do \
        so, subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be \
        included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT \
        WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, \
        FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE \
        LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING \
        FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n";
    let of = |name: &str| severities(rule, &[package, ("LICENSE", mit), (name, &apache())]);
    assert_eq!(of("LICENSE-logo.md"), [""; 0]);
    assert_eq!(of("LICENSE-APACHE").len(), 1);
    assert_eq!(of("LICENSE2.txt").len(), 1);
}

#[test]
fn ids_in_other_letters_are_read_by_tools_for_python() {
    let rule = "license/manifest-expression-invalid";
    let project = |id: &str| format!("[project]\nname = \"a\"\nversion = \"1.0\"\nlicense = \"{id}\"\n");
    assert_eq!(severities(rule, &[("pyproject.toml", &project("BSD-3-clause"))]), ["note"]);
    assert_eq!(severities(rule, &[("pyproject.toml", &project("BSD"))]), ["error"]);
    let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"BSD-3-clause\"\n";
    assert_eq!(severities(rule, &[("Cargo.toml", cargo)]), ["warning"]);
}

#[test]
fn changelogs_lie_in_the_manual_too() {
    let rule = "docs/changelog-version-gap";
    let project = ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1.2.0\"\nlicense = \"MIT\"\n");
    let log = "Version history\n===============\n\n1.2.0\n-----\n\nNew.\n";
    assert_eq!(severities(rule, &[project]), ["warning"]);
    assert_eq!(severities(rule, &[project, ("docs/versionhistory.rst", log)]), [""; 0]);
    assert_eq!(severities(rule, &[project, ("docs/source/changelog.rst", log)]), [""; 0]);
    assert_eq!(severities(rule, &[project, ("other/changelog.rst", log)]), ["warning"]);
}

#[test]
fn a_chapter_on_security_is_no_policy() {
    let rule = "secure/policy-no-private-channel";
    let chapter = "# Transport security\n\nSockets are encrypted by keys that the server makes at its start.\n";
    assert_eq!(severities(rule, &[("docs/security.md", chapter)]), [""; 0]);
    assert_eq!(severities(rule, &[("SECURITY.md", chapter)]), ["warning"]);
    let policy = format!("{chapter}\n## Reporting a vulnerability\n\nOpen an issue.\n");
    assert_eq!(severities(rule, &[("docs/security.md", &policy)]), ["warning"]);
    let pointer = "# Security policy\n\nSee [our process](https://example.com/proposals/P4-cve-process.md).\n";
    assert_eq!(severities(rule, &[("SECURITY.md", pointer)]), [""; 0]);
}

/// Tables and measurements are in HDF5 as well as weights.
#[test]
fn data_in_hdf5_needs_no_model_card() {
    let rule = "ai/model-card-missing";
    let file = |attribute: &str| {
        let mut bytes = b"\x89HDF\r\n\x1a\n".to_vec();
        bytes.resize(112, 0);
        (bytes[13], bytes[14], bytes[64], bytes[96]) = (8, 8, 96, 1);
        bytes.extend(attribute.as_bytes());
        let end = (bytes.len() as u64).to_le_bytes();
        bytes[40..48].copy_from_slice(&end);
        bytes
    };
    let of = |name: &str, attribute: &str| {
        let tree = Tree::new(&[("README.md", "# A\n\nCounts cells.\n")]);
        tree.write(name, file(attribute));
        let ran = tree.run(&["scan", ".", "--no-config", "--format", "json", "--fail-on", "never"]).expect(0);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == rule).count()
    };
    assert_eq!(of("data/cells.h5ad", "encoding-type"), 0);
    assert_eq!(of("data/cells.h5", "layer_names"), 1);
    assert_eq!(of("data/model.h5", "encoding-type"), 1);
}

#[test]
fn one_lock_file_of_pixi_fixes_packages_of_both_ecosystems() {
    let rule = "sbom/dependency-floating";
    let manifest = "[workspace]\nname = \"a\"\nchannels = [\"conda-forge\"]\nplatforms = [\"linux-64\"]\n\n\
        [dependencies]\npython = \">=3.12\"\n\n[pypi-dependencies]\nlamp = { git = \"https://example.com/lamp\" }\n";
    assert_eq!(severities(rule, &[("pixi.toml", manifest)]), ["warning"]);
    let lock = "version: 6\nenvironments: {}\npackages: []\n";
    assert_eq!(severities(rule, &[("pixi.toml", manifest), ("pixi.lock", lock)]), [""; 0]);
}

#[test]
fn one_credential_over_and_over_is_one_finding() {
    let rule = "secure/secret-committed";
    let line = |n: usize| format!("  {{\"n\": {n}, \"token\": \"{}-{}\"}}", "glpat", "Q7xK2mPz9LwVb4TnRc8Y");
    let text = |count: usize| format!("[\n{}\n]\n", (0..count).map(line).collect::<Vec<_>>().join(",\n"));
    assert_eq!(found(rule, &[("requests.json", &text(3))]).len(), 3);
    let many = found(rule, &[("requests.json", &text(5))]);
    assert!(many.len() == 1 && many[0].1.contains("as do 4 more places in the file"), "{many:?}");
}

/// Pushes of tags start the tests of many projects.
#[test]
fn a_cache_of_tests_spoils_no_release() {
    let rule = "secure/workflow-cache-poisonable";
    let job = |last: &str| {
        format!(
            "on:\n  push:\n    tags: [\"**\"]\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/cache@v4\n        with:\n          path: x\n          key: y\n      - run: {last}\n"
        )
    };
    let of = |last: &str| severities(rule, &[(".github/workflows/a.yml", &job(last))]);
    assert_eq!(of("pytest"), ["note"]);
    assert_eq!(of("twine upload dist/*"), ["warning"]);
}

/// The packages of tutorials are there to be read, and nobody publishes them.
#[test]
fn packages_that_a_manual_shows_declare_no_license() {
    let rule = "license/manifest-license-missing";
    let setup = "from setuptools import setup\n\nsetup(name='tutorial', version='1.0')\n";
    assert_eq!(severities(rule, &[("lamp/setup.py", setup)]), ["warning"]);
    assert_eq!(severities(rule, &[("docs/tutorial/step1/setup.py", setup)]), [""; 0]);
}

#[test]
fn lerna_links_what_the_repository_has() {
    let rule = "sbom/lockfile-stale";
    let package = "{\"name\": \"a\", \"version\": \"1.0.0\", \"devDependencies\": {\"@a/data\": \"^1.0.0\"}}";
    let lock = "{\"name\": \"a\", \"version\": \"1.0.0\", \"lockfileVersion\": 1, \"dependencies\": {}}";
    let data = "{\"name\": \"@a/data\", \"version\": \"1.0.0\"}";
    let files = [
        ("packages/a/package.json", package),
        ("packages/a/package-lock.json", lock),
        ("packages/data/package.json", data),
    ];
    assert_eq!(severities(rule, &files), ["error"]);
    let linked = [files[0], files[1], files[2], ("lerna.json", "{\"packages\": [\"packages/*\"]}")];
    assert_eq!(severities(rule, &linked), [""; 0]);
}

#[test]
fn changelogs_write_a_version_short_or_long_or_say_where_it_is() {
    let rule = "docs/changelog-version-gap";
    let project = ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"4.6\"\nlicense = \"MIT\"\n");
    let of = |log: &str| severities(rule, &[project, ("CHANGELOG.rst", log)]);
    assert_eq!(of("Changes\n=======\n\nVersion 4.6.0, 2024-09-23\n--------------------------\n\nNew.\n"), [""; 0]);
    assert_eq!(
        of("Changes\n=======\n\nVersion 4.5.0, 2024-09-23\n--------------------------\n\nNew.\n"),
        ["warning"]
    );
    let moved = "The NEWS file has been split into files, one for each series.\nThey are now found in doc/en/release-notes/.\n";
    assert_eq!(of(moved), [""; 0]);
}

#[test]
fn private_reports_of_the_forge_are_a_private_channel() {
    let rule = "secure/policy-no-private-channel";
    let policy = |words: &str| format!("# Security\n\n## Reporting a vulnerability\n\n{words}\n");
    let of = |words: &str| severities(rule, &[("SECURITY.md", &policy(words))]);
    assert_eq!(of("Open an issue."), ["warning"]);
    assert_eq!(of("GitHub private security vulnerability reporting is on here."), [""; 0]);
}

#[test]
fn what_sphinx_builds_is_no_model() {
    let pickle = b"\x80\x04\x8c\x0fdocutils.frames\x8c\x04Page\x93)R.";
    let of = |path: &str| {
        let tree = Tree::new(&[("README.md", "# A\n")]);
        tree.write(path, pickle);
        let ran = tree.run(&["scan", ".", "--no-config", "--format", "json", "--fail-on", "never"]).expect(0);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        let of_weights = |f: &&Value| f["rule"].as_str().is_some_and(|rule| rule.starts_with("ai/weights"));
        report["findings"].as_array().unwrap().iter().filter(of_weights).count()
    };
    assert_eq!(of("data/index.pickle"), 1);
    assert_eq!(of("docs/_build/doctrees/index.doctree"), 0);
}

#[test]
fn the_card_of_an_adapter_may_stand_above_it() {
    let rule = "ai/base-model-undeclared";
    let adapter =
        ("models/adapter_config.json", "{\"base_model_name_or_path\": \"acme/base\", \"peft_type\": \"LORA\"}");
    let card = |base: &str| format!("---\nlicense: mit\nlibrary_name: peft\n{base}---\n\n# A\n");
    assert_eq!(severities(rule, &[adapter, ("README.md", &card(""))]).len(), 1);
    let named = card("base_model: acme/base\n");
    assert_eq!(severities(rule, &[adapter, ("README.md", &named)]).len(), 0);
    let own = [adapter, ("README.md", &*named), ("models/README.md", &*card(""))];
    assert_eq!(severities(rule, &own).len(), 1, "its own card counts first");
}

#[test]
fn rustdoc_looks_up_paths_of_items() {
    let rule = "docs/broken-relative-link";
    let of = |target: &str| severities(rule, &[("src/notes.md", &format!("# A\n\nSee [it]({target}).\n"))]).len();
    assert_eq!((of("lamp::Switch"), of("crate#features"), of("lamp")), (0, 0, 1));
}

/// An action that runs a tool has its command in an input.
#[test]
fn tests_are_run_by_actions_too() {
    let rule = "secure/tests-not-in-ci";
    let of = |step: &str| {
        let job = format!("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - {step}\n");
        let files = [("tests/a.rs", "#[test]\nfn a() {}\n"), (".github/workflows/ci.yml", &*job)];
        severities(rule, &files).len()
    };
    assert_eq!(of("uses: actions-rs/cargo@v1\n        with:\n          command: build"), 1);
    assert_eq!(of("uses: actions-rs/cargo@v1\n        with:\n          command: test\n          args: --all"), 0);
    assert_eq!(of("uses: some/tool@v1\n        with:\n          path: test"), 1);
}

#[test]
fn a_release_of_notes_needs_no_signature() {
    let rule = "secure/release-unsigned";
    let of = |step: &str| {
        let job = format!("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - {step}\n");
        severities(rule, &[(".github/workflows/release.yml", &job)]).len()
    };
    assert_eq!(of("uses: ncipollo/release-action@v1\n        with:\n          body: Notes"), 0);
    assert_eq!(of("uses: ncipollo/release-action@v1\n        with:\n          artifacts: dist/*"), 1);
    assert_eq!(of("uses: softprops/action-gh-release@v2"), 0);
    assert_eq!(of("uses: softprops/action-gh-release@v2\n        with:\n          files: dist/*"), 1);
    assert_eq!(of("run: gh release create v1 --notes Notes"), 0);
    assert_eq!(of("run: gh release create v1 dist/*"), 1);
}

#[test]
fn jobs_of_orbs_run_tests() {
    let rule = "secure/tests-not-in-ci";
    let of = |job: &str| {
        let config = format!(
            "version: 2.1\norbs:\n  python: a/python-ci@5.1.2\nworkflows:\n  all:\n    jobs:\n      - {job}:\n          image: x\n"
        );
        severities(rule, &[("tests/a_test.py", "def test_a(): pass\n"), (".circleci/config.yml", &config)]).len()
    };
    assert_eq!((of("python/pip-run-tests"), of("python/release")), (0, 1));
}

/// Versions that the matrix of another job makes may be any, and workflows of vendored code test other things.
#[test]
fn versions_that_are_made_elsewhere_are_not_told() {
    let rule = "interface/support-matrix-untested";
    let project = (
        "pyproject.toml",
        "[project]\nname = \"a\"\nversion = \"1.0\"\nlicense = \"MIT\"\nrequires-python = \">=3.11\"\n",
    );
    let job = |versions: &str| {
        format!(
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n          {versions}\n"
        )
    };
    let of = |path: &str, versions: &str| severities(rule, &[project, (path, &job(versions))]).len();
    assert_eq!(of(".github/workflows/a.yml", "python-version: \"3.13\""), 1);
    assert_eq!(of(".github/workflows/a.yml", "python-version: ${{ fromJSON(needs.b.outputs.c) }}"), 0);
    assert_eq!(of("vendor/b/.github/workflows/a.yml", "python-version: \"3.13\""), 0);
}
