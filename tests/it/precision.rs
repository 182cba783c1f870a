//! What is an error because the tree leaves no doubt, and what is a warning or nothing because it does.

use serde_json::Value;

use crate::support::{Tree, apache, found, severities};

const GPL_NOTICE: &str = "# This program is free software; you can redistribute it and/or modify\n\
    # it under the terms of the GNU General Public License as published by\n\
    # the Free Software Foundation; either version 2 of the License, or\n\
    # (at your option) any later version.\n";

/// A license that is named grants more than nothing, and some are kept elsewhere by custom.
#[test]
fn a_missing_text_says_what_names_the_license() {
    let rule = "license/no-root-text";
    let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n";
    assert_eq!(
        found(rule, &[("Cargo.toml", cargo)]),
        [(
            "error".to_owned(),
            "No license text in the root: Cargo.toml names MIT, and no license file has its terms".to_owned()
        )]
    );
    let nothing = found(rule, &[("a.c", "int a;\n")]);
    assert!(nothing.len() == 1 && nothing[0].0 == "error" && nothing[0].1.contains("nothing here is known to allow"));
    let page = "<p>Content is available under the GNU Free Documentation License, version 1.3.</p>\n";
    let source = GPL_NOTICE.replace('#', "//");
    let found_in_source = found(rule, &[("glossary.html", page), ("src/a.c", &source)]);
    assert!(found_in_source[0].1.contains("src/a.c names GPL-2.0-or-later"), "{found_in_source:?}");
    let description = "Package: a\nVersion: 1.0\nLicense: GPL (>= 2)\n";
    assert_eq!(severities(rule, &[("DESCRIPTION", description)]), ["warning"], "R has the texts");
    let meta =
        "{\"name\": \"A\", \"version\": \"1\", \"license\": [\"perl_5\"], \"meta-spec\": {\"version\": \"2\"}}";
    assert_eq!(severities(rule, &[("META.json", meta)]), ["warning"], "Perl has the texts");
    let unsaid = found(rule, &[("META.json", &meta.replace("perl_5", "unknown"))]);
    assert!(unsaid[0].0 == "error" && unsaid[0].1.contains("nothing here is known"), "{unsaid:?}");
    let words = "This library is free software; you can redistribute it and/or modify\nit under the same terms as Perl itself.\n";
    assert_eq!(severities(rule, &[("README", words), ("lib/A.pm", "package A;\n")]), ["warning"]);
    let below =
        found(rule, &[("Cargo.toml", &cargo.replace("MIT", "Apache-2.0")), ("etc/core-LICENSE.txt", &apache())]);
    let message = "No license text in the root: the text of Apache-2.0 is in etc/core-LICENSE.txt, where few look";
    assert_eq!(below, [("warning".to_owned(), message.to_owned())]);
    assert_eq!(severities(rule, &[("Cargo.toml", cargo), ("etc/core-LICENSE.txt", &apache())]), ["error"]);
    let two = [
        ("Cargo.toml", &*cargo.replace("MIT", "Apache-2.0")),
        ("a/COPYING", "This is free and unencumbered software released into the public domain.\n"),
        ("etc/core-LICENSE.txt", &*apache()),
    ];
    assert_eq!(severities(rule, &two), ["warning"], "of several texts the one that is named");
    let icons = "This work is licensed under a\nCreative Commons Attribution 2.5 License.\n\
        [ http://creativecommons.org/licenses/by/2.5/ ]\n";
    assert_eq!(severities(rule, &[("readme.txt", icons)]), ["warning"], "a link is enough by that license");
}

#[test]
fn what_an_archive_wraps_has_its_readme_one_level_below() {
    let rule = "docs/readme-missing";
    assert_eq!(severities(rule, &[("a-1.0/README.md", "# A\n"), ("a-1.0/a.c", "int a;\n")]), [""; 0]);
    assert_eq!(severities(rule, &[("a/README.md", "# A\n"), ("b/a.c", "int a;\n")]), ["error"]);
    let deep = [("a-1.0/engine/README", "A\n"), ("a-1.0/engine/src/a.c", "int a;\n")];
    assert_eq!(severities(rule, &deep), [""; 0]);
}

#[test]
fn a_readme_may_have_another_ending_or_stand_elsewhere_by_custom() {
    let rule = "docs/readme-missing";
    let of = |name: &str| severities(rule, &[(name, "It does this and that.\n"), ("a.c", "int a;\n")]);
    assert_eq!(of("README.en"), [""; 0]);
    assert_eq!(of("README.3.3.TXT"), [""; 0]);
    assert_eq!(of("readme.c"), ["error"]);
    let description = "Package: a\nVersion: 1.0\nLicense: GPL (>= 2)\n";
    assert_eq!(severities(rule, &[("DESCRIPTION", description)]), ["warning"]);
}

#[test]
fn a_package_beside_another_may_have_a_license_of_its_own() {
    let rule = "license/manifest-text-mismatch";
    let opam = |license: &str| format!("opam-version: \"2.0\"\nlicense: \"{license}\"\n");
    let (code, manual) = (opam("Apache-2.0"), opam("OPUBL-1.0"));
    assert_eq!(severities(rule, &[("LICENSE", &apache()), ("a-doc.opam", &manual)]), ["error"]);
    let both = [("LICENSE", &*apache()), ("a.opam", &code), ("a-doc.opam", &manual)];
    assert_eq!(severities(rule, &both), ["warning"]);
}

#[test]
fn marks_of_direction_are_slips_in_translations() {
    let rule = "secure/hidden-unicode";
    let text = "a = 'x \u{202b}\u{0627}\u{0644} b';\n";
    assert_eq!(severities(rule, &[("i18n/nl.js", text)]), ["error"]);
    assert_eq!(severities(rule, &[("i18n/ar.js", text)]), ["note"]);
}

#[test]
fn a_line_that_speaks_of_hidden_characters_shows_them() {
    let rule = "secure/hidden-unicode";
    let of = |text: &str| severities(rule, &[("check.py", text)]);
    assert_eq!(of("if a != \"x\u{202e} \u{2066}# is admin\u{2069} \u{2066}\":\n"), ["error"]);
    assert_eq!(of("    a = 'x\u{202e} cba'  # U+202E turns it\n"), ["warning"]);
    assert_eq!(of("    # a bidirectional mark: \u{202e} cba\n"), ["warning"]);
    assert_eq!(of("    a = 'x\u{202e} cba'  # U+202D turns it\n"), ["error"]);
}

#[test]
fn a_text_that_adds_to_the_declared_one_is_a_variant_of_it() {
    let rule = "license/manifest-text-mismatch";
    let package = |license: &str| format!("{{\"name\": \"a\", \"version\": \"1.0.0\", \"license\": \"{license}\"}}");
    let bsd = "Copyright (c) 2020, Ann\n\nRedistribution and use in source and binary forms, with or without\n\
        modification, are permitted provided that the following conditions are met:\n\n\
        1. Redistributions of source code must retain the above copyright notice, this\n\
        list of conditions and the following disclaimer.\n\n\
        2. Redistributions in binary form must reproduce the above copyright notice,\n\
        this list of conditions and the following disclaimer in the documentation\n\
        and/or other materials provided with the distribution.\n\n\
        THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS \"AS IS\"\n\
        AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE\n\
        IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE\n\
        DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE\n\
        FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL\n\
        DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR\n\
        SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER\n\
        CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,\n\
        OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE\n\
        OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.\n";
    let views = format!(
        "{bsd}\nThe views and conclusions contained in the software and documentation are those\n\
        of the authors and should not be interpreted as representing official policies,\n\
        either expressed or implied, of Ann.\n"
    );
    let of = |license: &str, text: &str| severities(rule, &[("package.json", &package(license)), ("LICENSE", text)]);
    assert_eq!(of("BSD-2-Clause", &views), ["warning"]);
    assert_eq!(of("MIT", &views), ["error"]);
    assert_eq!(of("BSD-2-Clause", bsd), [""; 0]);
}

#[test]
fn the_commit_of_a_submodule_protects_it() {
    let rule = "sbom/dependency-insecure-source";
    let modules = "[submodule \"m4\"]\n\tpath = m4\n\turl = git://example.com/acme/m4.git\n";
    assert_eq!(severities(rule, &[(".gitmodules", modules)]), ["warning"]);
}

#[test]
fn a_shrinkwrap_for_users_may_leave_out_tools() {
    let rule = "sbom/lockfile-stale";
    let manifest = "{\"name\": \"a\", \"version\": \"1.0.0\", \"dependencies\": {\"b\": \"1\"}, \"devDependencies\": {\"c\": \"1\"}}";
    let lock = "{\"name\": \"a\", \"version\": \"1.0.0\", \"lockfileVersion\": 1, \"dependencies\": {\"b\": {\"version\": \"1.0.0\"}}}";
    let of = |name: &str, lock: &str| severities(rule, &[("package.json", manifest), (name, lock)]);
    assert_eq!(of("npm-shrinkwrap.json", lock), [""; 0]);
    assert_eq!(of("package-lock.json", lock), ["error"]);
    assert_eq!(of("npm-shrinkwrap.json", &lock.replace("\"b\"", "\"d\"")), ["error"]);
}

#[test]
fn a_text_beside_vendored_code_may_be_named_after_it() {
    let rule = "compat/vendored-unlicensed";
    let code = "x = 1\n".repeat(50);
    let of = |text: &str| severities(rule, &[("a/vendor/dotenv/main.py", &code), (text, "Do as you like.\n")]);
    assert_eq!(of("a/vendor/python_dotenv.LICENSE"), [""; 0]);
    assert_eq!(of("a/vendor/other.LICENSE"), ["error"]);
}

#[test]
fn a_script_beside_the_work_binds_nothing() {
    let rule = "compat/copied-file-conflict";
    let of = |path: &str| severities(rule, &[("LICENSE", &apache()), (path, GPL_NOTICE)]);
    assert_eq!(of("src/parse.py"), ["error"]);
    assert_eq!(of("src/check.sh"), ["warning"]);
    assert_eq!(of("runtime/syntax/lamp.vim"), ["warning"]);
    assert_eq!(of("doc/tools/figure.py"), ["warning"]);
}

#[test]
fn a_lock_of_a_sample_in_documents_is_a_warning() {
    let manifest = "{\"name\": \"a\", \"private\": true, \"dependencies\": {\"left\": \"^1.0.0\"}}\n";
    let lock = "{\"name\": \"a\", \"lockfileVersion\": 3, \"packages\": {\"\": {\"name\": \"a\"}, \
        \"node_modules/right\": {\"version\": \"1.0.0\"}}}\n";
    let at = |folder: &str| {
        let (manifest_path, lock_path) = (format!("{folder}package.json"), format!("{folder}package-lock.json"));
        severities("sbom/lockfile-stale", &[(&manifest_path, manifest), (&lock_path, lock)])
    };
    assert_eq!(at(""), ["error"]);
    assert_eq!(at("docs/start/"), ["warning"]);
}

/// "The GPL" is that of any version.
#[test]
fn a_readme_may_leave_the_version_to_the_license() {
    let rule = "license/readme-license-mismatch";
    let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"GPL-3.0-only\"\n";
    let of = |readme: &str| severities(rule, &[("Cargo.toml", cargo), ("README.md", readme)]);
    assert_eq!(of("# A\n\n## License\n\nA is released under the GPL license.\n"), [""; 0]);
    assert_eq!(of("# A\n\n## License\n\nA is released under the MIT license.\n"), ["warning"]);
}

#[test]
fn a_header_that_points_at_the_license_grants_what_that_grants() {
    let rule = "flow/all-rights-reserved-only";
    let of = |header: &str| severities(rule, &[("LICENSE", &apache()), ("src/a.cpp", header)]);
    let reserved = "// Copyright (C) 2017, Example Corporation, all rights reserved.\n";
    let pointing = "// It is subject to the license terms in the LICENSE file of this distribution.\n//\n";
    assert_eq!(of(&format!("{reserved}int a;\n")), ["warning"]);
    assert_eq!(of(&format!("{pointing}{reserved}int a;\n")), [""; 0]);
}

#[test]
fn an_old_choice_of_cargo_is_a_warning() {
    let rule = "license/manifest-expression-invalid";
    let of = |license: &str| {
        let cargo = format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"{license}\"\n");
        severities(rule, &[("Cargo.toml", &cargo)])
    };
    assert_eq!(of("MIT/Apache-2.0"), ["warning"]);
    assert_eq!(of("MIT/Apache 2"), ["error"]);
    assert_eq!(of("MIT OR Apache-2.0"), [""; 0]);
}

#[test]
fn a_license_that_may_be_chosen_need_not_have_its_text() {
    let rule = "license/reuse-text-missing";
    let of = |tag: &str| {
        let source = format!("// SPDX-License-Identifier: {tag}\nint a;\n");
        severities(rule, &[("LICENSES/Apache-2.0.txt", &apache()), ("a.c", &source), ("b.c", TAGGED)])
    };
    const TAGGED: &str = "// SPDX-License-Identifier: Apache-2.0\nint b;\n";
    assert_eq!(of("MIT"), ["error"]);
    assert_eq!(of("Apache-2.0 OR MIT"), ["warning"]);
    // A text that the program writes.
    assert_eq!(of(&format!("Apache-2.0\n{}// SPDX-License-Identifier: MIT", "\n".repeat(20))), ["warning"]);
}

#[test]
fn a_checkout_without_rights_is_a_warning() {
    let rule = "secure/workflow-untrusted-checkout";
    let of = |permissions: &str, more: &str| {
        let workflow = format!(
            "on: pull_request_target\n{permissions}jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n\
             \x20     - uses: actions/checkout@v4\n        with:\n          ref: ${{{{ github.event.pull_request.head.sha }}}}\n\
             \x20     - run: make{more}\n"
        );
        severities(rule, &[(".github/workflows/a.yml", &workflow)])
    };
    assert_eq!(of("", ""), ["error"]);
    assert_eq!(of("permissions:\n  contents: read\n", ""), ["warning"]);
    assert_eq!(of("permissions:\n  contents: write\n", ""), ["error"]);
    let secret = "\n        env:\n          TOKEN: ${{ secrets.DEPLOY }}";
    assert_eq!(of("permissions:\n  contents: read\n", secret), ["error"]);
}

/// Images for jobs reach no user, and a base image has the notices of what is in it.
#[test]
fn an_image_for_jobs_is_no_release() {
    let rule = "compat/third-party-notices-missing";
    let push = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: docker push example/a\n";
    let cargo = "version = 4\n\n[[package]]\nname = \"memchr\"\nversion = \"2.7.4\"\n\
        source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let of = |path: &str| severities(rule, &[(path, push), ("Cargo.lock", cargo)]);
    assert_eq!(of(".github/workflows/release.yml"), ["warning"]);
    assert_eq!(of(".github/workflows/generate-ci-images.yml"), [""; 0]);
    let recipe = "FROM debian:12\nRUN apt-get install -y make\n";
    let of_base = severities(rule, &[(".github/workflows/release.yml", push), ("Dockerfile", recipe)]);
    assert_eq!(of_base, [""; 0]);
}

/// Who may take a later version of the license may take the project's.
#[test]
fn a_header_that_allows_the_version_of_the_project_goes_with_it() {
    let rule = "license/header-conflicts-project";
    let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"GPL-3.0-or-later\"\n";
    let of = |tag: &str| {
        let source = format!("// SPDX-License-Identifier: {tag}\n");
        severities(rule, &[("Cargo.toml", cargo), ("src/a.rs", &source)])
    };
    assert_eq!(of("GPL-2.0-or-later"), [""; 0]);
    assert_eq!(of("GPL-2.0-only"), ["warning"]);
    assert_eq!(of("LGPL-2.1-or-later"), ["warning"]);
}

#[test]
fn links_count_where_they_are_read() {
    let rule = "docs/broken-relative-link";
    let of = |path: &str, text: &str| {
        severities(rule, &[("README.md", "# A\n"), ("docs/mkdocs.yml", "site_name: A\n"), (path, text)])
    };
    assert_eq!(of("b.md", "# B\n\n[a](docs/none.md)\n"), ["warning"]);
    assert_eq!(of("b.md", "# B\n\n[a](#none)\n"), ["warning"]);
    assert_eq!(of("docs/b.md", "# B\n\n[a](#none)\n"), [""; 0], "the generator makes anchors");
    assert_eq!(of("docs/b.md", "# B\n\n[a](some-label) [b](##)\n"), [""; 0], "the generator looks names up");
    assert_eq!(of("docs/b.md", "# B\n\n[a](none.md)\n"), ["warning"]);
    let page = [("docs/basics.md", "# Basics\n"), ("docs/examples.md", "# E\n\n[a](../basics/) [b](../none/)\n")];
    assert_eq!(severities(rule, &page), ["warning"], "a page is a folder of the site");
    let template = "# Bug\n\nRead [this](../blob/main/REPORTING.md) first.\n";
    assert_eq!(of(".github/ISSUE_TEMPLATE/bug.md", template), [""; 0], "an issue shows it");
}

#[test]
fn a_script_that_the_matrix_names_may_test() {
    let rule = "secure/tests-not-in-ci";
    let of = |run: &str| {
        let workflow = format!("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: {run}\n");
        severities(rule, &[("test/a.js", "run();\n"), (".github/workflows/ci.yml", &workflow)])
    };
    assert_eq!(of("npm run build"), ["warning"]);
    assert_eq!(of("npm run ${{ matrix.script }}"), [""; 0]);
    assert_eq!(of("yarn run check"), [""; 0]);
}

/// An environment of conda holds programs beside each other, and none of them is linked with the work.
#[test]
fn programs_of_an_environment_are_no_part_of_the_work() {
    let license = "Redistribution and use in source and binary forms, with or without modification, are permitted.\n";
    let lock = "version: 6\nenvironments:\n  default:\n    packages:\n      linux-64:\n\
        \x20     - conda: https://conda.anaconda.org/conda-forge/linux-64/wget-1.21.4-0.conda\n\
        packages:\n- conda: https://conda.anaconda.org/conda-forge/linux-64/wget-1.21.4-0.conda\n  \
        sha256: fe51de6107f9edc7aa4f786a70f4a883943bc9d39b3bb7307c04c41410990726\n  license: GPL-3.0-or-later\n";
    let manifest = "[project]\nname = \"a\"\nversion = \"1.0\"\nlicense = \"BSD-3-Clause\"\n";
    let files = [("LICENSE", license), ("pyproject.toml", manifest), ("pixi.lock", lock)];
    assert_eq!(severities("compat/outbound-conflict", &files), [""; 0]);
}

/// What the work was made for restricts nobody; what it may be used for does.
#[test]
fn a_purpose_is_no_condition() {
    let of = |sentence: &str| {
        severities(
            "license/rider-clause",
            &[("LICENSE", &format!("{sentence}\n\n{}", apache())), ("a.c", "int a;\n")],
        )
    };
    assert_eq!(of("The Software has been developed for research purposes only and is not a clinical tool."), [""; 0]);
    assert_eq!(of("The Software may be used for research purposes only."), ["error"]);
    assert_eq!(of("The Software is for academic purposes only."), ["error"]);
}

/// The texts in LICENSES/ are those of the list, with the fields that it has.
#[test]
fn a_field_of_a_text_in_licenses_need_not_be_filled_in() {
    let isc = "ISC License\n\nCopyright (c) <year> <owner>\n\nPermission to use, copy, modify, and/or distribute this \
        software for any purpose with or without fee is hereby granted, provided that the above copyright notice and \
        this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL \
        WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO \
        EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES \
        WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER \
        TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n";
    let of = |path: &str| severities("license/template-placeholder", &[(path, isc), ("a.c", "int a;\n")]);
    assert_eq!(of("LICENSE"), ["warning"]);
    assert_eq!(of("LICENSES/ISC.txt"), [""; 0]);
}

#[test]
fn a_name_that_goes_on_is_no_internal_address() {
    let rule = "flow/internal-endpoint";
    let of = |host: &str| {
        let tree = Tree::new(&[("api.yaml", &*format!("proxy: https://build{host}:8080\n"))]);
        let set = format!("{rule}=warning");
        let run = ["scan", ".", "--no-config", "--format", "json", "--fail-on", "never", "--set", &set];
        let report: Value = serde_json::from_str(&tree.run(&run).expect(0).out).unwrap();
        let findings = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == rule);
        findings.map(|f| f["severity"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(".corp"), ["warning"]);
    assert_eq!(of(".corp.example.com"), [""; 0]);
}

#[test]
fn the_license_of_a_logo_is_not_that_of_the_program() {
    let rule = "license/readme-license-mismatch";
    let of = |words: &str| severities(rule, &[("LICENSE", &apache()), ("README.md", &format!("# A\n\n{words}\n"))]);
    assert_eq!(of("The logo is licensed under CC-BY-NC-4.0."), [""; 0]);
    assert_eq!(of("A is licensed under MIT."), ["warning"]);
}

#[test]
fn words_that_name_no_known_license_are_no_silence() {
    let rule = "compat/dependency-license-unknown";
    let of = |last: &str| {
        let package =
            |n: usize, license: &str| format!(", \"node_modules/p{n}\": {{\"version\": \"1.0.0\"{license}}}");
        let known = ", \"license\": \"MIT\"";
        let packages: String = (0..20).map(|n| package(n, known)).chain([package(20, last)]).collect();
        let wanted: Vec<String> = (0..=20).map(|n| format!("\"p{n}\": \"1.0.0\"")).collect();
        let root = format!(
            "\"name\": \"a\", \"version\": \"1.0.0\", \"license\": \"MIT\", \"dependencies\": {{{}}}",
            wanted.join(", ")
        );
        let lock = format!(
            "{{\"name\": \"a\", \"version\": \"1.0.0\", \"lockfileVersion\": 3, \"packages\": {{\"\": {{{root}}}{packages}}}}}"
        );
        severities(rule, &[("package.json", &format!("{{{root}}}")), ("package-lock.json", &lock)])
    };
    assert_eq!(of(""), ["error"]);
    assert_eq!(of(", \"license\": \"A/B Derivative\""), ["warning"]);
}

#[test]
fn an_id_in_other_letters_is_known() {
    let rule = "license/manifest-expression-invalid";
    let of = |license: &str| {
        let manifest = format!("[project]\nname = \"a\"\nversion = \"1.0\"\nlicense = \"{license}\"\n");
        severities(rule, &[("pyproject.toml", &manifest)])
    };
    assert_eq!(of("GPL-2.0-OR-later"), ["note"], "tools for Python read it");
    assert_eq!(of("Apache 2.0 License"), ["error"]);
}

#[test]
fn a_template_of_an_interface_is_no_document() {
    let rule = "interface/document-invalid";
    let text = "syntax = \"proto2\";\npackage {NAME};\nmessage A { optional int32 a = 1; }\n";
    assert_eq!(severities(rule, &[("a.in.proto", text)]), [""; 0]);
    assert!(!severities(rule, &[("a.proto", text)]).is_empty());
}

#[test]
fn an_action_in_a_hidden_folder_is_called_from_here() {
    let rule = "secure/workflow-injection";
    let action = "name: a\ndescription: a\ninputs:\n  name:\n    description: a name\nruns:\n  using: composite\n  steps:\n    \
        - shell: bash\n      run: echo \"${{ inputs.name }}\"\n";
    assert_eq!(severities(rule, &[("actions/a/action.yml", action)]), ["error"]);
    assert!(!severities(rule, &[(".cicd/actions/a/action.yml", action)]).contains(&"error".to_owned()));
}

/// What archives unpack to is told from a checkout: one folder around all, and the folder that describes a wheel.
#[test]
fn what_an_archive_unpacks_to_is_no_checkout() {
    let (text, readme) = ("license/no-root-text", "docs/readme-missing");
    let npm: &[(&str, &str)] = &[
        ("package/lib/a.js", "a()\n"),
        ("package/package.json", "{\"name\": \"a\", \"version\": \"1.0.0\", \"license\": \"MIT\"}\n"),
    ];
    assert_eq!(severities(readme, npm), [""; 0]);
    let message = "No license text in `package`: package/package.json names MIT, and no license file has its terms";
    assert_eq!(found(text, npm), [("error".to_owned(), message.to_owned())]);
    let pear: &[(&str, &str)] =
        &[("package.xml", "<package/>\n"), ("A-1.0/README", "A\n"), ("A-1.0/LICENSE", &apache())];
    assert_eq!((severities(readme, pear).len(), severities(text, pear).len()), (0, 0));
    let metadata = "Metadata-Version: 2.4\nName: a\nVersion: 1.0\nLicense-Expression: MIT\n\nWhat it does.\n";
    let wheel = ("a-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n");
    let of = |more: &[(&str, &str)]| {
        let files = [&[("a/a.py", "a = 1\n"), ("a-1.0.dist-info/METADATA", metadata), wheel], more].concat();
        assert_eq!(severities(readme, &files), [""; 0]);
        found(text, &files)
    };
    let message =
        "No license text in the root: a-1.0.dist-info/METADATA names MIT, and no license file has its terms";
    assert_eq!(of(&[]), [("error".to_owned(), message.to_owned())]);
    assert_eq!(of(&[("a-1.0.dist-info/licenses/LICENSE", &apache())]), []);
    assert_eq!(severities(readme, &[("README", ""), ("a.c", "int a;\n")]), [""; 0], "it is there, and is empty");
    let stub = found("docs/readme-stub", &[("README", ""), ("a.c", "int a;\n")]);
    assert!(stub.len() == 1 && stub[0].1.contains("is empty"), "{stub:?}");
}

#[test]
fn an_unknown_text_of_a_part_is_a_warning() {
    let rule = "license/unidentified-root-text";
    let words = "Redistribution and use in source and binary forms, with or without modification, are permitted provided \
        that the following conditions are met:\n1. Redistributions of source code must retain the above copyright notice, \
        this list of conditions and the following disclaimer.\n2. Redistributions in binary form must reproduce the above \
        copyright notice, this list of conditions and the following disclaimer in the documentation and/or other \
        materials provided with the distribution.\n3. Whoever sells the lamp lights it once a year and tells the village \
        of it.\n4. Whoever breaks the lamp mends it before winter and tells the village of it.\n5. Whoever paints the lamp \
        leaves its foot as it is and tells the village of it.\n6. Whoever lends the lamp asks for it in spring and tells \
        the village of it.\n7. Whoever melts the lamp gives half of the iron back and tells the village of it.\n";
    let own = apache();
    assert_eq!(severities(rule, &[("LICENSE", own.as_str()), ("LICENSES/LAMP.txt", words)]), ["warning"]);
    assert_eq!(severities(rule, &[("LICENSE", words)]), ["error"]);
    assert_eq!(severities(rule, &[("COPYING", "See individual files for licenses\n")]), ["warning"]);
    assert_eq!(severities("license/no-root-text", &[("COPYINGv3", words), ("a.c", "int a;\n")]), [""; 0]);
}

#[test]
fn a_fragment_with_a_slash_is_a_page_of_an_application() {
    let rule = "docs/broken-relative-link";
    let of = |link: &str| severities(rule, &[("README.md", &format!("# Lamp\n\nSee [this]({link}).\n"))]);
    assert_eq!(of("#lamp/light"), [""; 0]);
    assert_eq!(of("#light"), ["warning"]);
}

#[test]
fn a_program_of_its_own_is_no_part_of_the_work() {
    let rule = "compat/copied-file-conflict";
    let source = format!("{GPL_NOTICE}import os\n");
    let of = |paths: &[&str]| {
        let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, source.as_str())).collect();
        let own = apache();
        let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"Apache-2.0\"\n";
        files.extend([("LICENSE", own.as_str()), ("Cargo.toml", cargo)]);
        severities(rule, &files)
    };
    assert_eq!(of(&["lib/parse.py", "lib/lex.py"]), ["error"]);
    assert_eq!(of(&["probe/main.py", "probe/parts/lex.py"]), ["warning"]);
    assert_eq!(of(&["probe/main.py", "lib/lex.py"]), ["error"]);
    assert_eq!(of(&["test-run/lib/tap.py"]), ["warning"]);
    let (own, text) = (apache(), GPL_NOTICE);
    let files = [("LICENSE", own.as_str()), ("fast/COPYING", text), ("fast/src/lex.py", source.as_str())];
    assert_eq!(severities(rule, &files), ["warning"]);
}

#[test]
fn a_member_that_no_event_has_is_a_warning() {
    let rule = "secure/workflow-injection";
    let of = |member: &str| {
        let workflow = format!(
            "on: issues\npermissions: {{}}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo \"${{{{ github.event.{member} }}}}\"\n"
        );
        severities(rule, &[(".github/workflows/a.yml", &workflow)])
    };
    assert_eq!(of("issue.title"), ["error"]);
    assert_eq!(of("name"), ["warning"]);
    assert_eq!(of("workflow_run.name"), ["warning"]);
    assert_eq!(of("workflow_run.display_title"), ["error"]);
}

/// Where hidden characters are in the way of nothing.
#[test]
fn a_character_in_a_comment_changes_no_name() {
    let rule = "secure/hidden-unicode";
    let of = |line: &str| severities(rule, &[("src/a.py", line)]);
    assert_eq!(of("is_\u{200b}admin = 1\n"), ["error"]);
    assert_eq!(of("a = 1  # the con\u{200b}text of it\n"), ["warning"]);
    assert_eq!(of("a = \"the con\u{200b}text\"\n"), ["warning"]);
}

#[test]
fn tags_of_one_old_id_are_one_finding() {
    let rule = "license/manifest-deprecated-id";
    let tag = |id: &str| format!("// SPDX-License-Identifier: {id}\nint a;\n");
    let (old, other) = (tag("GPL-2.0"), tag("LGPL-2.1+"));
    let files = [("a.c", old.as_str()), ("b.c", &old), ("c.c", &old), ("d.c", &other)];
    let messages: Vec<String> = found(rule, &files).into_iter().map(|(_, message)| message).collect();
    assert_eq!(messages, ["a.c and 2 more: the id GPL-2.0 is deprecated", "d.c: the id LGPL-2.1+ is deprecated"]);
}

/// What says in passing under what license the work is, is no silence.
#[test]
fn a_license_that_is_named_in_passing_is_no_silence() {
    let rule = "license/no-root-text";
    let terms = "These files are distributed under the Creative Commons Attribution-ShareAlike\n3.0 license.\n";
    let named = found(rule, &[("wav/LICENSE-wav", terms), ("gsm/a.gsm", "RIFF")]);
    assert!(named.len() == 1 && named[0].0 == "warning" && named[0].1.contains("LICENSE-wav names"), "{named:?}");
    let words = "# License: Creative Commons Attribution-ShareAlike\n# See http://creativecommons.org/licenses/by-sa/3.0/\nSET UTF-8\n";
    let named = found(rule, &[("be.aff", words)]);
    assert!(named.len() == 1 && named[0].0 == "warning" && named[0].1.contains("be.aff names"), "{named:?}");
    for path in ["tools/bin/light", "manual/intro.tex"] {
        let named = found(rule, &[(path, GPL_NOTICE), ("a.dat", "1\n")]);
        assert!(named.len() == 1 && named[0].1.contains(&format!("{path} names GPL-2.0-or-later")), "{named:?}");
    }
    let rule = "compat/vendored-unlicensed";
    let code = "function light(lamp) { return lamp }\n".repeat(10);
    let of = |words: &str| {
        let source = format!("/*\n {words}\n*/\n{code}");
        severities(rule, &[("LICENSE", &apache()), ("vendor/lamp/lamp.js", &source)])
    };
    assert_eq!(of("It lights."), ["error"]);
    assert_eq!(of("Lamps have the ISC license at home."), ["warning"]);
    assert_eq!(of("ISC license: https://github.com/lamp/lamp/blob/main/LICENSE"), [""; 0]);
}

#[test]
fn a_readme_may_have_the_name_of_the_project_in_front() {
    let rule = "docs/readme-missing";
    assert_eq!(severities(rule, &[("Lamp Readme.text", "It lights.\n")]), [""; 0]);
    assert_eq!(severities(rule, &[("lampreadme.c", "int a;\n")]), ["error"]);
    let stub = "docs/readme-stub";
    let long = "It lights the room in which it stands. ".repeat(10);
    assert_eq!(severities(stub, &[("README", "See README.md\n"), ("README.md", &long)]), [""; 0]);
    assert_eq!(severities(stub, &[("README", "See the lamp\n")]), ["warning"]);
}

/// What a license asks for decides what another may be in the way of.
#[test]
fn a_dedication_is_in_the_way_of_nothing() {
    let rule = "license/header-conflicts-project";
    let of = |id: &str| {
        severities(rule, &[("LICENSE", &apache()), (".editorconfig", &format!("# SPDX-License-Identifier: {id}\n"))])
    };
    assert_eq!(of("CC0-1.0"), [""; 0]);
    assert_eq!(of("MIT"), ["warning"]);
    let rule = "license/readme-license-mismatch";
    let of = |words: &str| severities(rule, &[("LICENSE", &apache()), ("README", words)]);
    let page = "Permission is granted to copy, distribute and/or modify this document\nunder the terms of the GNU Free Documentation License, Version 1.3 or\nany later version.\n";
    assert_eq!(of(page), [""; 0]);
    assert_eq!(of("The lamp is released under the MIT license.\n"), ["warning"]);
}

#[test]
fn texts_of_bundled_parts_do_not_follow_reuse() {
    let rule = "license/reuse-text-unused";
    let of = |names: &[&str]| {
        let own = apache();
        let mut files = vec![("LICENSE", own.as_str())];
        files.extend(names.iter().map(|name| (*name, own.as_str())));
        severities(rule, &files).len()
    };
    assert_eq!(of(&["LICENSES/MIT.txt", "LICENSES/ISC.txt"]), 2);
    assert_eq!(of(&["LICENSES/SNAPPY.txt", "LICENSES/ZSTD.TXT", "LICENSES/Zlib.txt"]), 0);
}

#[test]
fn a_classifier_declares_a_license() {
    let rule = "license/manifest-license-missing";
    let of = |classifier: &str| {
        let setup =
            format!("from setuptools import setup\nsetup(name='a', version='1.0', classifiers=['{classifier}'])\n");
        let project = format!("[project]\nname = \"b\"\nversion = \"1.0\"\nclassifiers = [\"{classifier}\"]\n");
        (severities(rule, &[("setup.py", &setup)]).len(), severities(rule, &[("pyproject.toml", &project)]).len())
    };
    assert_eq!(of("License :: OSI Approved :: BSD License"), (0, 0));
    assert_eq!(of("License :: OSI Approved"), (1, 1));
    assert_eq!(of("Framework :: Jupyter"), (1, 1));
}

#[test]
fn a_pipeline_that_is_written_elsewhere_may_test() {
    let rule = "secure/tests-not-in-ci";
    let of = |pipeline: &str| {
        severities(rule, &[("tests/test_a.py", "def test_a(): pass\n"), (".gitlab-ci.yml", pipeline)])
    };
    assert_eq!(of("include:\n  - project: a/b\n    file: /c.yml\n"), [""; 0]);
    assert_eq!(of("a:\n  script:\n    - echo a\n"), ["warning"]);
}

/// Other files start with the two bytes of a pickle.
#[test]
fn a_font_is_no_pickle() {
    let rule = "ai/weights-executable-format";
    let of = |name: &str, bytes: &[u8]| {
        let tree = Tree::new(&[]);
        tree.write(name, bytes);
        let ran = tree.run(&["scan", ".", "--no-config", "--format", "json", "--fail-on", "never"]).expect(0);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == rule).count()
    };
    let font = b"\x80\x01\xb6\x06\x00\x00%!PS-AdobeFont-1.0: Lamp\n";
    assert_eq!((of("a.pfb", font), of("a.pkl", font)), (0, 1));
    assert_eq!(of("bin/sun3", b"\x80\x02\x01\x0b\x00\x00\x80\x00\x00\x00"), 0);
    assert_eq!(of("data", b"\x80\x02\x01\x01\x00\x00\x80\x00\x00\x00"), 1);
}

/// What lies in folders for tests and examples is no part of what goes out, whatever the rule.
#[test]
fn nothing_in_a_folder_for_tests_is_an_error() {
    let rule = "license/manifest-expression-invalid";
    let of = |folder: &str| {
        let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"Apache 2\"\n";
        severities(rule, &[(&format!("{folder}/Cargo.toml"), cargo)])
    };
    assert_eq!(of("crates/a"), ["error"]);
    assert_eq!(of("PackageTests/a"), ["warning"]);
    assert_eq!(of("testResources/a"), ["warning"]);
    assert_eq!(of("attest/a"), ["error"]);
    assert_eq!(of("{{cookiecutter.name}}"), ["warning"]);
    let template = "{\"name\": \"a\", \"version\": \"1.0.0\", \"license\": \"<%= license %>\"}\n";
    assert_eq!(severities(rule, &[("package.json", template)]), [""; 0]);
    let hidden = "secure/hidden-unicode";
    let letter = "my $x = f(\u{ffa0});\n";
    assert_eq!(severities(hidden, &[("lib/Norm.pl", letter)]), ["error"]);
    assert_eq!(severities(hidden, &[("lib/TestNorm.pl", letter)]), [""; 0]);
    assert_eq!(severities(hidden, &[("lib/norm.js", "let x = \"a\u{ffa0}b\";\n")]), ["warning"]);
}

/// The texts of the root are those of all below it, and what the root shows may be a link.
#[test]
fn what_the_root_has_counts_below_and_through_links() {
    let (text, readme) = ("license/no-root-text", "docs/readme-missing");
    let pom = "<project><groupId>a</groupId><artifactId>b</artifactId><version>1</version></project>\n";
    let own = apache();
    let source = "// SPDX-License-Identifier: Apache-2.0\nclass A {}\n";
    let files = [("apache.txt", own.as_str()), ("b/pom.xml", pom), ("b/A.java", source), ("c/pom.xml", pom)];
    assert_eq!(severities(text, &files), [""; 0]);
    assert_eq!(severities(text, &files[1..]), ["error"], "one for all");
    #[cfg(unix)]
    {
        let tree = Tree::new(&[("packages/a/README.md", "# A\n"), ("a.c", "int a;\n")]);
        std::os::unix::fs::symlink("packages/a/README.md", tree.at("README.md")).unwrap();
        std::os::unix::fs::symlink("../LICENSE", tree.at("LICENSE")).unwrap();
        let ran = tree.run(&["scan", ".", "--no-config", "--format", "json", "--fail-on", "never"]).expect(0);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        let rules: Vec<&Value> = report["findings"].as_array().unwrap().iter().map(|f| &f["rule"]).collect();
        assert!(!rules.iter().any(|rule| **rule == text || **rule == readme), "{rules:?}");
    }
}

/// Whoever takes code over may say that the copy is under the project's license, with the terms of its origin below.
#[test]
fn a_sentence_puts_a_copy_under_the_license_of_the_project() {
    let rule = "compat/copied-file-conflict";
    let of = |sentence: &str| {
        let source = format!("{sentence}\n{GPL_NOTICE}x = 1\n");
        severities(rule, &[("LICENSE", &apache()), ("src/pty.py", &source)])
    };
    assert_eq!(of("# Copied from another program."), ["error"]);
    assert_eq!(of("# This version is licensed under the Apache License, Version 2.0."), [""; 0]);
}

/// What it was cut from holds the rest.
#[test]
fn a_source_distribution_is_a_part_of_a_repository() {
    let project =
        "[project]\nname = \"lamp\"\ndependencies = [\"bulb\"]\n[tool.uv.sources]\nbulb = { path = \"../bulb\" }\n";
    let metadata = "Metadata-Version: 2.4\nName: lamp\nVersion: 1.0\n";
    let described = format!("{metadata}\n# Lamp\n\nA lamp shines.\n");
    let of = |rule: &str, metadata: Option<&str>| {
        let mut files = vec![("pyproject.toml", project)];
        files.extend(metadata.map(|text| ("PKG-INFO", text)));
        severities(rule, &files)
    };
    assert_eq!(of("sbom/dependency-insecure-source", None), ["error"]);
    assert_eq!(of("sbom/dependency-insecure-source", Some(metadata)), [""; 0]);
    assert_eq!(of("docs/readme-missing", Some(metadata)), ["error"]);
    assert_eq!(of("docs/readme-missing", Some(&described)), [""; 0]);
    let part = [("pyproject.toml", project), ("PKG-INFO", &described), ("bindings/python/pyproject.toml", project)];
    assert_eq!(severities("docs/readme-missing", &part), [""; 0]);
}

#[test]
fn projects_side_by_side_have_a_readme_each() {
    let rule = "docs/readme-missing";
    let (own, readme) = (apache(), "# Lamp\n\nIt shines.\n");
    let one = [("lamp/README.md", readme), ("lamp/LICENSE", own.as_str()), ("base/a.c", "int a;\n")];
    let other = [("base/README.md", readme), ("base/LICENSE", own.as_str())];
    let both = [one.as_slice(), other.as_slice()].concat();
    assert_eq!(severities(rule, &one), ["error"]);
    assert_eq!(severities(rule, &both), [""; 0]);
    assert_eq!(severities(rule, &[both.as_slice(), &[(".gitignore", "*.o\n")]].concat()), ["error"]);
}

#[test]
fn a_package_json_that_npm_refuses_is_that_of_another_program() {
    let of = |name: &str| {
        let manifest = format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\", \"license\": \"GPLv3\"}}\n");
        severities("license/manifest-expression-invalid", &[("lib/package.json", &manifest)])
    };
    assert_eq!(of("lamp-tools"), ["error"]);
    assert_eq!(of("Lamp Tools"), [""; 0]);
}

#[test]
fn turned_text_in_prose_runs_nothing() {
    let of = |path: &str| severities("secure/hidden-unicode", &[(path, "a \u{202e}nitraM\u{202e} b\n")]);
    assert_eq!(of("AUTHORS.txt"), ["warning"]);
    assert_eq!(of("src/a.c"), ["error"]);
}

/// What the file with the license says of parts is said.
#[test]
fn a_license_file_tells_of_the_licenses_of_parts() {
    let rule = "compat/copied-file-conflict";
    let of = |more: &str| {
        let text = format!("{}\n{more}", apache());
        severities(rule, &[("COPYING", &text), ("src/signals.py", &format!("{GPL_NOTICE}x = 1\n"))])
    };
    assert_eq!(of(""), ["error"]);
    assert_eq!(of(&format!("signals.py:\n\n{}", GPL_NOTICE.replace("# ", ""))), [""; 0]);
}

#[test]
fn a_text_that_releases_are_packed_with_is_there() {
    let rule = "license/no-root-text";
    let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"Apache-2.0\"\n";
    let of = |path: &str| severities(rule, &[("Cargo.toml", cargo), (path, &apache())]);
    assert_eq!(of("src/dist/license.txt"), ["warning"]);
    assert_eq!(of("third_party/lib/license.txt"), ["error"]);
}

#[test]
fn a_chapter_of_the_manual_counts_as_the_document() {
    let of = |rule: &str, path: &str, words: &str| severities(rule, &[("README", "Lamp shines.\n"), (path, words)]);
    let (report, feature) =
        ("Please email us, and do not open a public issue.\n", "Lamp escapes what users write.\n");
    assert_eq!(of("secure/policy-missing", "docs/internals/security.txt", report), [""; 0]);
    assert_eq!(of("secure/policy-missing", "docs/topics/security.txt", feature), ["warning"]);
    let build = "# Linux\n\nRun `cmake ..` and `make`.\n";
    let of = |path: &str| {
        severities(
            "docs/build-instructions-missing",
            &[("CMakeLists.txt", "project(a)\n"), ("README", "A.\n"), (path, build)],
        )
    };
    assert_eq!(of("doc/tutorials/linux/linux.markdown"), [""; 0]);
    assert_eq!(of("src/linux.markdown"), ["warning"]);
    let of = |path: &str| severities("docs/contributing-missing", &[("README", "A.\n"), (path, "Send patches.\n")]);
    assert_eq!(of("docs/html/development/contributing.rst"), [""; 0]);
    assert_eq!(of("docs/html/development/index.rst"), ["warning"]);
}

#[test]
fn what_a_header_grants_is_not_reserved() {
    let rule = "flow/all-rights-reserved-only";
    let of = |header: &str| severities(rule, &[("LICENSE", &apache()), ("src/a.py", header)]);
    let reserved = "# Copyright 1999 Ada Example all rights reserved.\n";
    assert_eq!(of(reserved), ["warning"]);
    assert_eq!(
        of(&format!("{reserved}# Permission to use and modify this is given under the terms of the Lamp License.\n")),
        [""; 0]
    );
}

#[test]
fn what_tests_are_fed_is_data() {
    let texts = |path: &str| severities("community/text-not-utf8", &[(path, "abc\n")]);
    assert_eq!(texts("lamp-test/data/a.txt"), [""; 0]);
    let tag = ["SPDX-License-", "Identifier: BUSL-1.1"].concat();
    let of = |path: &str| severities("compat/field-of-use-restriction", &[("LICENSE", &apache()), (path, &tag)]);
    assert_eq!(of("lamp/main/a.txt"), ["error"]);
    assert_eq!(of("lamp-test/main/a.txt"), [""; 0]);
}

#[test]
fn what_distributions_pack_with_has_versions_of_its_own() {
    let rule = "docs/changelog-version-gap";
    let pom = "<project><groupId>g</groupId><artifactId>a</artifactId><version>5.5.2</version></project>\n";
    let of = |path: &str| severities(rule, &[(path, pom)]);
    assert_eq!(of("pom.xml"), ["warning"]);
    assert_eq!(of("debian/lamp.pom"), [""; 0]);
}

#[test]
fn packages_of_one_kind_in_one_folder_are_several() {
    let rule = "license/sibling-manifests-disagree";
    let gem = |name: &str, license: &str| {
        format!(
            "Gem::Specification.new do |s|\n  s.name = \"{name}\"\n  s.version = \"1\"\n  s.license = \"{license}\"\nend\n"
        )
    };
    let (a, b) = (gem("a", "Ruby"), gem("b", "BSD-2-Clause"));
    assert_eq!(severities(rule, &[("lib/a.gemspec", &a), ("lib/b.gemspec", &b)]), [""; 0]);
    let npm = "{\"name\": \"a\", \"version\": \"1.0.0\", \"license\": \"MIT\"}\n";
    assert_eq!(severities(rule, &[("lib/a.gemspec", &a), ("lib/package.json", npm)]), ["warning"]);
}

#[test]
fn a_comment_of_cmake_downloads_nothing() {
    let rule = "flow/build-needs-network-asset";
    let call = "FetchContent_Declare(a URL https://intranet.example.org/a.zip)\n";
    let of = |text: &str| severities(rule, &[("CMakeLists.txt", text)]);
    assert_eq!(of(call), ["warning"]);
    assert_eq!(of(&format!("#[==[.rst:\nFor example\n\n  {call}#]]\n]==]\n")), [""; 0]);
    assert_eq!(of(&format!("#[[ A word. ]]\n{call}")), ["warning"]);
}

/// A text of the project may bear any name at the root.
#[test]
fn a_readme_names_the_text_beside_it() {
    let rule = "license/readme-license-mismatch";
    let readme = "# A\n\n## License\n\nA is released under the Apache License, Version 2.0.\n";
    let gpl = "SPDX-License-Identifier: GPL-3.0-only\n";
    let cargo = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"GPL-3.0-only\"\n";
    let of =
        |name: &str| severities(rule, &[("Cargo.toml", cargo), ("x", gpl), ("README.md", readme), (name, &apache())]);
    assert_eq!(of("Copyright.txt"), [""; 0]);
    assert_eq!(of("lib/parts/Copyright.txt"), ["warning"]);
}

#[test]
fn the_name_of_a_substitution_stands_for_its_image() {
    let of = |text: &str| severities("community/image-alt-missing", &[("README.rst", text)]);
    assert_eq!(of("Lamp\n====\n\n|License|\n\n.. |License| image:: https://example.org/badge.svg\n"), [""; 0]);
    assert_eq!(of("Lamp\n====\n\n.. image:: https://example.org/lamp.png\n"), ["warning"]);
}

#[test]
fn a_readme_among_license_texts_is_none_of_them() {
    let tag = ["SPDX-License-", "Identifier: Apache-2.0\n"].concat();
    let of = |name: &str| {
        let files = [("a.py", tag.as_str()), ("LICENSES/Apache-2.0.txt", &apache()), (name, "Words.\n")];
        severities("license/reuse-text-unused", &files)
    };
    assert_eq!(of("LICENSES/README.md"), [""; 0]);
    assert_eq!(of("LICENSES/ISC.txt"), ["warning"]);
}

#[test]
fn the_license_of_most_files_is_named() {
    let rule = "license/no-root-text";
    let tag = |id: &str| ["// SPDX-License-", "Identifier: ", id, "\n"].concat();
    let (mit, gpl) = (tag("MIT"), tag("GPL-3.0-or-later"));
    let files = [("src/a.c", mit.as_str()), ("src/b.c", gpl.as_str()), ("src/c.c", gpl.as_str())];
    let said = found(rule, &files);
    assert!(said[0].1.contains("src/b.c names GPL-3.0-or-later"), "{said:?}");
}

#[test]
fn an_example_of_a_marking_marks_nothing() {
    let rule = "flow/confidential-marking";
    let words = "This software is confidential and proprietary.";
    let of = |text: &str| severities(rule, &[("style.html", text)]);
    assert_eq!(of(&format!("<p>{words}</p>\n")), ["error"]);
    assert_eq!(of(&format!("<p>For example:</p>\n<pre>\n/* {words} */\n</pre>\n")), [""; 0]);
}

#[test]
fn what_debian_packs_with_lies_beside_the_project() {
    let (own, readme) = (apache(), "# Lamp\n\nIt shines.\n");
    let files =
        [("debian/rules", "all:\n"), ("lamp/README.md", readme), ("lamp/LICENSE", &own), ("lamp/a.c", "int a;\n")];
    for rule in ["docs/readme-missing", "license/no-root-text"] {
        assert_eq!(severities(rule, &files), [""; 0], "{rule}");
        assert_eq!(severities(rule, &[("debian/rules", "all:\n"), ("a.c", "int a;\n")]), ["error"], "{rule}");
    }
}

#[test]
fn an_address_that_github_makes_has_no_room_for_code() {
    let of = |member: &str| {
        let workflow = format!(
            "on: issue_comment\npermissions: {{}}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: curl \"${{{{ github.event.{member} }}}}\"\n"
        );
        severities("secure/workflow-injection", &[(".github/workflows/a.yml", &workflow)])
    };
    assert_eq!(of("issue.body"), ["error"]);
    assert!(!of("issue.pull_request.url").contains(&"error".to_owned()));
}

/// The university withdrew these clauses for all its code.
#[test]
fn an_advertising_clause_of_the_regents_is_gone() {
    let rule = "compat/copied-file-conflict";
    let of = |holder: &str| {
        let tag = ["SPDX-License-", "Identifier: BSD-4-Clause"].concat();
        let source = format!("/*\n * Copyright (c) 1988 {holder}. All rights reserved.\n * {tag}\n */\nint a;\n");
        let manifest = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"GPL-2.0-only\"\n";
        severities(rule, &[("Cargo.toml", manifest), ("src/a.c", &source)])
    };
    assert_eq!(of("Ada Example"), ["error"]);
    assert_eq!(of("The Regents of the University of California"), [""; 0]);
}

#[test]
fn texts_without_an_ending_follow_the_kernel() {
    let tag = ["SPDX-License-", "Identifier: GPL-2.0-or-later\n"].concat();
    let of = |name: &str| severities("license/reuse-text-missing", &[("a.c", tag.as_str()), (name, "The text.\n")]);
    assert_eq!(of("LICENSES/MIT.txt"), ["warning"]);
    assert_eq!(of("LICENSES/MIT"), [""; 0]);
}

#[test]
fn one_sentence_of_a_file_on_itself_is_enough() {
    let rule = "compat/noncommercial-or-noderiv";
    let of = |header: &str| severities(rule, &[("LICENSE", &apache()), ("src/a.py", header)]);
    let named = "Creative Commons Attribution-NonCommercial 4.0 International Public License (CC-BY-NC-4.0)";
    let own = format!("# Copyright (c) Example.\n#\n# This file is licensed under the {named}.\nimport os\n");
    assert_eq!(of(&own), ["error"]);
    assert_eq!(
        of(&format!("# Copyright (c) Example.\n#\n# The weights were published under the {named}.\n")),
        [""; 0]
    );
    let rule = "compat/copied-file-conflict";
    let of = |header: &str| severities(rule, &[("LICENSE", &apache()), ("src/a.py", header)]);
    assert_eq!(of("# This program is licensed under the GNU General Public License version 3.\n"), ["error"]);
    assert_eq!(of("# Reads files under the GNU General Public License version 3.\n"), [""; 0]);
}

/// `Licensed under …` as a line of its own in the comment at the head of code.
#[test]
fn a_line_at_the_head_of_code_states_its_license() {
    let rule = "compat/noncommercial-or-noderiv";
    let of = |path: &str, header: &str| severities(rule, &[("LICENSE", &apache()), (path, header)]);
    let header = "# A layer after https://example.org/layers\n# Licensed under CC BY-NC-SA 3.0 US.\nimport os\n";
    assert_eq!(of("src/layer.py", header), ["error"]);
    assert_eq!(of("data/words.yaml", &header.replace("import os", "words: 3")), [""; 0], "that of the data");
    let passing = "# The data of the paper, which are Licensed under CC BY-NC-SA 3.0 US.\nimport os\n";
    assert_eq!(of("src/layer.py", passing), [""; 0]);
}

/// Two texts at the root do not tell how the work goes out, and its README does.
#[test]
fn what_goes_out_is_told_by_the_readme_where_texts_leave_a_doubt() {
    let rule = "compat/copied-file-conflict";
    let mit = read("MIT");
    let files = |readme: &'static str| {
        let texts = [("LICENSE-APACHE", apache()), ("LICENSE-MIT", mit.clone()), ("README.md", readme.to_owned())];
        let source = ("src/a.py", GPL_NOTICE.to_owned());
        let files: Vec<(&str, String)> = texts.into_iter().chain([source]).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        severities(rule, &files)
    };
    assert_eq!(files("# A\n\n## License\n\nA is licensed under the MIT license.\n"), ["error"]);
    assert_eq!(files("# A\n\nIt shows lamps.\n"), [""; 0]);
    let later = [
        ("LICENSE", format!("{}\n\nThe firmware:\n\n{}", apache(), read("GPL-3.0-only"))),
        ("src/a.py", GPL_NOTICE.to_owned()),
    ];
    assert_eq!(
        severities(rule, &later.each_ref().map(|(path, text)| (*path, text.as_str()))),
        [""; 0],
        "or a later version"
    );
}

/// A file with the license of the whole goes on with those of parts.
#[test]
fn the_first_text_of_the_only_license_file_is_that_of_the_whole() {
    let rule = "compat/copied-file-conflict";
    let of = |text: &str| severities(rule, &[("LICENSE", text), ("src/a.py", GPL_NOTICE)]);
    let both = format!("{}\n\nThe parser in src/parse is under other terms:\n\n{}", apache(), read("MIT"));
    assert_eq!(of(&both), ["error"]);
    assert_eq!(of(&format!("{}\n\n{}", apache(), read("GPL-3.0-only"))), [""; 0], "a license that it names");
    assert_eq!(severities(rule, &[("COPYRIGHT", &apache()), ("src/a.py", GPL_NOTICE)]), ["error"]);
    let part = format!(
        "This program is free software: you can redistribute it and/or modify\nit under the terms of the GNU Affero General Public License as published by\nthe Free Software Foundation, version 3.\n\nThe parser:\n\n{}",
        apache()
    );
    assert_eq!(of(&part), [""; 0], "a notice before the text tells that it is of a part");
}

/// A text of the SPDX list as its template has it by default.
fn read(id: &str) -> String {
    let path = crate::support::root().join("policies/facts/spdx/text").join(format!("{id}.txt"));
    let template = std::fs::read_to_string(path).unwrap();
    let mut parts = template.split("<<");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (mark, rest) = part.split_once(">>").unwrap();
        let original = mark.split_once("original=\"").and_then(|(_, original)| original.split_once("\";match="));
        text + original.map_or("", |(original, _)| original) + rest
    })
}

#[test]
fn a_vendored_component_keeps_its_license() {
    let rule = "compat/copied-file-conflict";
    let copying = read("GPL-3.0-only");
    let notice = GPL_NOTICE.replace('#', "//").replace("version 2", "version 3");
    let of = |folder: &str, source: &str| {
        let (text, code) = (format!("{folder}/COPYING"), format!("{folder}/src/parse.c"));
        severities(rule, &[("LICENSE", &apache()), ("main.c", "int a;\n"), (&text, &copying), (&code, source)])
    };
    assert_eq!(of("third_party/lamp", &notice), ["error"]);
    assert_eq!(of("third_party/lamp", "int lamp;\n"), ["warning"], "nothing else says that the text is of all of it");
    assert_eq!(of("tools/third_party/lamp", &notice), ["warning"], "what builds the work is no part of it");
    let tag = ["// SPDX-License-", "Identifier: MIT\nint lamp;\n"].concat();
    assert_eq!(of("third_party/lamp", &tag), [""; 0], "the files say otherwise");
}

#[test]
fn a_script_that_fetches_a_copy_is_no_copy() {
    let rule = "compat/vendored-unlicensed";
    let code = "echo fetch\n".repeat(50);
    assert_eq!(severities(rule, &[("ThirdParty/lamp/update.sh", &code)]), [""; 0]);
    assert_eq!(
        severities(rule, &[("ThirdParty/lamp/update.sh", &code), ("ThirdParty/lamp/lamp.c", &code)]),
        ["error"]
    );
}

#[test]
fn what_a_registry_hands_out_may_have_left_its_readme_behind() {
    let rule = "docs/readme-missing";
    let cargo = ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n");
    assert_eq!(severities(rule, &[cargo]), ["error"]);
    assert_eq!(severities(rule, &[cargo, (".cargo_vcs_info.json", "{}\n")]), ["warning"]);
}

#[test]
fn a_set_or_table_of_hidden_characters_turns_nothing() {
    let rule = "secure/hidden-unicode";
    let of = |line: &str| severities(rule, &[("src/a.js", line)]);
    assert_eq!(of("a = /[\u{202d}\u{202e}\u{2066}\u{2067}\u{2069}]/;\n"), ["warning"]);
    assert_eq!(of("a = '\u{202e}'; w = 3;\n"), ["warning"]);
    assert_eq!(of("a = '\u{202e}'; b = 'x\u{202d} cba';\n"), ["error"]);
    assert_eq!(of("a = 'x\u{202e}\u{2066} cba';\n"), ["error"]);
}

#[test]
fn credentials_that_others_or_clients_hold_are_warnings() {
    let rule = "secure/secret-committed";
    let key = ["AIza", "SyDq7Xk2mVb9RtLw4ZpNc8HsYf3JgUe1Ao5"].concat();
    let key: String = key.chars().take(39).collect();
    let line = format!("KEY = '{key}'\n");
    assert_eq!(severities(rule, &[("src/map.py", &line)]), ["warning"], "who uses the program sees it");
    assert_eq!(severities(rule, &[("deploy.env", &line.replace('\'', ""))]), ["error"]);
    let hook = ["https://hooks.slack.com/services/T04R31YHB/", "B0JDCVX71/XkgBX11yDowlZId5o43TzSU"].concat();
    let notify = format!("notifications:\n  - provider: Slack\n    incoming_webhook: {hook}\n");
    assert_eq!(severities(rule, &[("appveyor.yml", &notify)]), ["error"]);
    assert_eq!(severities(rule, &[("vendor/example.org/lamp/appveyor.yml", &notify)]), ["warning"]);
}
