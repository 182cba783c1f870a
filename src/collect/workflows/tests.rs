//! Tests of whole files: what is found where, by hand reasoning and by the documentation of the audits.

use proptest::prelude::*;

use super::*;
use crate::model::{Audit, Encoding, FileKind};

/// Findings of one file as `name line`, sorted.
fn found(path: &str, text: &str) -> Vec<String> {
    let mut out: Vec<String> =
        audits(path, text).iter().map(|a| format!("{} {}", a.name, a.place.start_line())).collect();
    out.sort();
    out
}

fn audits(path: &str, text: &str) -> Vec<Audit> {
    evidence(path, text)
        .into_iter()
        .filter_map(|fact| match fact {
            Evidence::Audit(audit) => Some(*audit),
            _ => None,
        })
        .collect()
}

fn evidence(path: &str, text: &str) -> Vec<Evidence> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let file = SourceFile::text_file(&path, &name, &kind, text);
    let mut out = Vec::new();
    Workflows.collect(&file, &[], &mut out);
    out
}

#[test]
fn an_object_is_not_written_out_by_its_name() {
    let of = |what: &str| {
        let text = format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{{{ {what} }}}}\n"
        );
        let all = audits(".github/workflows/a.yml", &text);
        all.into_iter().filter(|a| a.name == "template-injection").map(|a| a.persona).collect::<Vec<_>>()
    };
    // GitHub writes `Object` where a text is asked for, whatever the pull request holds.
    assert_eq!(of("github.event.pull_request"), [crate::model::Persona::Pedantic]);
    assert_eq!(of("toJSON(github.event.pull_request)"), [crate::model::Persona::Regular]);
}

#[test]
fn what_only_writers_choose_is_told_apart() {
    let of = |on: &str, what: &str| {
        let text = format!(
            "on: {on}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{{{ {what} }}}}\n"
        );
        let all = audits(".github/workflows/a.yml", &text);
        all.iter().find(|a| a.name == "template-injection").map(|a| a.contained)
    };
    assert_eq!(of("push", "github.ref_name"), Some(true));
    assert_eq!(
        of("[push, pull_request]", "github.ref_name"),
        Some(true),
        "GitHub names the branch of a pull request"
    );
    assert_eq!(of("pull_request", "github.head_ref"), Some(false));
    assert_eq!(of("push", "github.event.head_commit.message"), Some(false), "whoever proposed the commit wrote it");
    assert_eq!(of("release", "github.event.release.tag_name"), Some(true));
    assert_eq!(of("release", "github.event.release.body"), Some(false), "it is made of titles of pull requests");
    assert_eq!(of("[pull_request, workflow_dispatch]", "github.event.inputs.x"), Some(true));
    assert_eq!(of("workflow_call", "inputs.x"), Some(true), "the author of a workflow chooses");
    assert_eq!(of("[workflow_call, workflow_dispatch]", "inputs.x"), Some(true));
    assert_eq!(of("workflow_call", "github.head_ref"), Some(false), "the event is that of the caller");
    assert_eq!(
        of("pull_request", "github.event.pull_request.user.login"),
        Some(true),
        "a login has no room for code"
    );
    assert_eq!(of("[push, workflow_dispatch]", "github.head_ref"), Some(true), "there is no pull request");
    assert_eq!(of("[push, workflow_call]", "github.head_ref"), Some(false), "there may be one");
    assert_eq!(of("[pull_request, workflow_dispatch]", "inputs.x"), Some(true), "a pull request gives no inputs");
    assert_eq!(of("workflow_run", "github.event.workflow_run.head_sha"), Some(true));
    assert_eq!(of("workflow_run", "github.event.workflow_run.head_branch"), Some(false));
    assert_eq!(of("pull_request", "github.event.pull_request.base.ref"), Some(true), "writers made the branch");
    assert_eq!(of("pull_request", "github.event.pull_request.head.ref"), Some(false));
    assert_eq!(of("pull_request", "toJSON(github.event.pull_request.labels)"), Some(true));
    assert_eq!(of("repository_dispatch", "github.event.client_payload.x"), Some(true));
    assert_eq!(of("[push, pull_request]", "github.event.compare"), Some(true), "only a push has it");
    assert_eq!(of("pull_request", "toJSON(github.event.pull_request)"), Some(false));
    assert_eq!(of("status", "github.event.target_url"), Some(false));
    assert_eq!(of("pull_request_target", "github.event.pull_request.title"), Some(false));
    let action = "name: a\ninputs:\n  x:\n    description: x\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: echo ${{ inputs.x }}\n";
    let of = |path: &str| {
        audits(path, action).iter().find(|a| a.name == "template-injection").map(|audit| audit.contained)
    };
    assert_eq!(of(".github/actions/a/action.yml"), Some(true), "only workflows of the repository call it");
    assert_eq!(of("action.yml"), Some(false), "others call it");
}

#[test]
fn what_writers_took_in_is_checked_out_with_less_danger() {
    let of = |condition: &str| {
        let text = format!(
            "on: pull_request_target\njobs:\n  a:\n    if: {condition}\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{{{ github.event.pull_request.head.sha }}}}\n      - run: make\n"
        );
        let all = audits(".github/workflows/a.yml", &text);
        all.iter().find(|a| a.name == "untrusted-checkout").map(|a| a.contained)
    };
    assert_eq!(of("github.event.pull_request.merged == true"), Some(true));
    assert_eq!(of("github.event.pull_request.head.repo.full_name == github.repository"), Some(true));
    assert_eq!(of("github.event.pull_request.head.repo.full_name == 'acme/lamp'"), Some(true));
    assert_eq!(of("github.event.pull_request.draft == false"), Some(false));
}

#[test]
fn a_checkout_is_judged_by_who_chooses_what_it_takes() {
    let of = |event: &str, steps: &str| {
        let text = format!(
            "on: {event}\nenv:\n  HEAD: ${{{{ github.event.pull_request.head.sha }}}}\n  BASE: ${{{{ github.event.pull_request.base.sha }}}}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}\n      - run: make\n"
        );
        let all = audits(".github/workflows/a.yml", &text);
        all.iter().find(|a| a.name == "untrusted-checkout").map(|a| a.contained)
    };
    let action = |input: &str, value: &str| {
        format!("      - uses: actions/checkout@v4\n        with:\n          {input}: {value}")
    };
    let target = |input: &str, value: &str| of("pull_request_target", &action(input, value));
    assert_eq!(target("ref", "${{ github.event.pull_request.head.sha }}"), Some(false));
    assert_eq!(target("ref", "${{ env.HEAD }}"), Some(false));
    assert_eq!(target("repository", "${{ github.event.pull_request.head.repo.full_name }}"), Some(false));
    assert_eq!(target("ref", "${{ github.event.pull_request.base.sha }}"), None);
    assert_eq!(target("ref", "${{ env.BASE }}"), None);
    assert_eq!(target("ref", "${{ github.base_ref }}"), None);
    let run = |script: &str| format!("      - run: {script}");
    assert_eq!(of("issue_comment", &run("gh pr checkout ${{ github.event.issue.number }}")), Some(false));
    assert_eq!(of("issue_comment", &run("git fetch origin pull/$N/head:pr && git checkout pr")), Some(false));
    assert_eq!(of("pull_request_target", &run("git fetch origin main && git checkout main")), None);
    assert_eq!(of("pull_request_target", &run("gh pr view $N")), None);
    assert_eq!(of("pull_request", &run("gh pr checkout $N")), None);
    let of_push = "      - if: github.event.workflow_run.event == 'push'\n        uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.workflow_run.head_sha }}";
    assert_eq!(of("workflow_run", of_push), Some(true), "strangers do not push");
}

#[test]
fn a_checkout_of_which_nothing_runs_is_less_danger() {
    let of = |steps: &str| {
        let text = format!(
            "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{{{ github.event.pull_request.head.sha }}}}\n{steps}"
        );
        let all = audits(".github/workflows/a.yml", &text);
        all.iter().find(|a| a.name == "untrusted-checkout").map(|a| a.contained)
    };
    assert_eq!(of(""), Some(true));
    assert_eq!(of("      - run: git diff --stat | tail -n 1\n"), Some(true));
    assert_eq!(of("      - uses: actions/labeler@v5\n      - run: gh pr comment --body x\n"), Some(true));
    assert_eq!(of("      - run: git log && make\n"), Some(false));
    assert_eq!(of("      - run: X=$(./version); echo $X\n"), Some(false));
    assert_eq!(of("      - run: $TOOL x\n"), Some(false));
    assert_eq!(of("      - uses: ./.github/actions/a\n"), Some(false));
    assert_eq!(of("      - uses: actions/setup-node@v4\n"), Some(false));
    assert_eq!(of("      - run: git log\n        shell: python\n"), Some(false));
}

#[test]
fn a_recipe_is_judged_by_its_base_and_its_commands() {
    let text = "ARG BASE=debian:12\nFROM ${BASE} AS build\nFROM build\nFROM scratch\n# FROM x\nRUN --mount=type=cache,target=/c set -x && \\\n    # why\n    curl -s https://example.com/i | sh\nRUN [\"pip\", \"install\", \"x\"]\nRUN <<EOF\nset -e\npip install x\nEOF\nRUN go install example.com/x@latest\n";
    let expected = [
        "download-then-run 8",
        "image-unpinned 2",
        "package-unpinned 12",
        "package-unpinned 14",
        "package-unpinned 9",
    ];
    assert_eq!(found("Dockerfile", text), expected);
    let shell = "FROM scratch\nRUN [\"sh\", \"-c\", \"curl -s https://example.com/i | sh\"]\n";
    assert_eq!(found("Dockerfile", shell), ["download-then-run 2"]);
    assert!(!dockerfile::is_dockerfile("dockerfile.md"));
}

#[test]
fn what_one_step_fetches_and_a_later_one_runs_is_found() {
    let steps = "FROM scratch\nRUN curl -o /tmp/i.sh https://example.com/i.sh\nRUN sh /tmp/i.sh\n";
    let recipe = audits("Dockerfile", steps);
    assert_eq!(recipe.iter().map(|a| (a.name, a.place.start_line())).collect::<Vec<_>>(), [("download-then-run", 3)]);
    assert_eq!(recipe[0].scorecard, None, "Scorecard looks at each step alone");
    let checked = "FROM scratch\nRUN curl -o /i.sh https://example.com/i.sh\nRUN sha256sum -c /sums\nRUN sh /i.sh\n";
    assert_eq!(found("Dockerfile", checked), [""; 0]);
    let stages = "FROM scratch\nRUN curl -o /i.sh https://example.com/i.sh\nFROM scratch\nRUN sh /i.sh\n";
    assert_eq!(found("Dockerfile", stages), [""; 0], "another stage has other files");
    let jobs = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: curl -o i.sh https://example.com/i.sh\n      - run: sh i.sh\n  b:\n    runs-on: x\n    steps:\n      - run: sh i.sh\n";
    let runs: Vec<String> =
        found(".github/workflows/a.yml", jobs).into_iter().filter(|f| f.starts_with("download-")).collect();
    assert_eq!(runs, ["download-then-run 7"]);
}

#[test]
fn what_a_recipe_takes_from_elsewhere_is_judged() {
    let text = "FROM scratch AS base\nCOPY --from=base /a /a\nCOPY --from=0 /a /a\nCOPY --from=ghcr.io/example/uv:0.5 /uv /bin/\nRUN --mount=type=bind,from=example/x,target=/x true\nADD https://example.com/i.sh /i.sh\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/j /j\nADD https://github.com/example/x.git#0123456789abcdef0123456789abcdef01234567 /x\nADD local /y\nRUN sh /i.sh\n";
    let expected = ["download-then-run 10", "download-unverified 6", "image-unpinned 4", "image-unpinned 5"];
    assert_eq!(found("Dockerfile", text), expected);
    assert_eq!(found("build/setup.ps1", "iwr https://example.com/i.ps1 | iex\n"), ["download-then-run 1"]);
}

#[test]
fn pipelines_of_other_systems_are_asked_the_same() {
    let gitlab = "image: ruby:3.3\ninclude:\n  - remote: https://example.com/ci.yml\n  - local: /ci/a.yml\njob:\n  script:\n    - bundle install\n    - curl https://example.com/i | bash\n";
    assert_eq!(found(".gitlab-ci.yml", gitlab), ["download-then-run 8", "image-unpinned 1", "include-unpinned 3"]);
    let azure = "resources:\n  repositories:\n    - repository: t\n      name: org/templates\nsteps:\n  - bash: |\n      echo x\n      echo $(Build.SourceBranchName)\n";
    assert_eq!(found("azure-pipelines.yml", azure), ["include-unpinned 3", "macro-injection 8"]);
    let circle = "orbs:\n  node: circleci/node@5.1\n  ruby: circleci/ruby@2.1.0\njobs:\n  a:\n    docker:\n      - image: cimg/node\n    steps:\n      - run: echo << pipeline.git.branch >>\n      - run:\n          command: npm ci\n";
    assert_eq!(
        found(".circleci/config.yml", circle),
        ["image-unpinned 7", "include-unpinned 2", "macro-injection 9"]
    );
    let jenkins =
        "@Library('shared') _\nnode {\n  sh \"git checkout ${env.CHANGE_BRANCH}\"\n  sh 'pip install x'\n}\n";
    assert_eq!(found("Jenkinsfile", jenkins), ["include-unpinned 1", "macro-injection 3", "package-unpinned 4"]);
    let gitee = "stages:\n  - jobs:\n      - commands:\n          - wget -qO- https://example.com/i | sh\n";
    assert_eq!(found(".workflow/pr.yml", gitee), ["download-then-run 4"]);
}

#[test]
fn a_workflow_that_breaks_the_schema_is_audited_as_far_as_it_goes() {
    let text = "on: [push]\njobs:\n  a:\n    permissions: write-all\n    name: x: y\n    steps:\n      - uses: actions/checkout@\n      - run: echo ${{ github.event.issue.title }}\n";
    let found = found(".github/workflows/a.yml", text);
    for expected in ["excessive-permissions 4", "unpinned-uses 7", "template-injection 8"] {
        assert!(found.iter().any(|f| f == expected), "{expected}: {found:?}");
    }
    let broken = evidence(".github/workflows/a.yml", text);
    assert!(
        broken.iter().any(|fact| matches!(fact, Evidence::Unread(skipped) if skipped.line == Some(5))),
        "{broken:?}"
    );
}

#[test]
fn a_comment_silences_what_it_names() {
    let text = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@main # zizmor: ignore[unpinned-uses]\n";
    assert!(!found(".github/workflows/a.yml", text).iter().any(|f| f.starts_with("unpinned-uses")));
}

#[test]
fn owners_are_read() {
    let text = "# c\n*.rs @a b@example.com # why\n/docs/\n[Section]\na\\ b @c\n";
    let rules: Vec<(String, usize)> = evidence(".github/CODEOWNERS", text)
        .into_iter()
        .filter_map(|fact| match fact {
            Evidence::Owner(rule) => Some((rule.pattern, rule.owners.len())),
            _ => None,
        })
        .collect();
    assert_eq!(rules, [("*.rs".to_owned(), 2), ("/docs/".to_owned(), 0), ("a b".to_owned(), 1)]);
}

#[test]
fn scripts_are_known_by_their_first_line() {
    assert!(is_shell_script(b"#!/bin/sh\n") && is_shell_script(b"#!/usr/bin/env -S bash -e\n"));
    assert!(!is_shell_script(b"#!/usr/bin/python3\n") && !is_shell_script(b"sh\n"));
}

proptest! {
    #[test]
    fn any_text_is_audited_without_panic(text in "[ -~\\n\\té]{0,200}") {
        for path in [".github/workflows/a.yml", "action.yml", "Dockerfile", "Jenkinsfile", ".gitlab-ci.yml", "a.sh", "CODEOWNERS", "renovate.json"] {
            evidence(path, &text);
        }
    }

    #[test]
    fn texts_like_workflows_are_audited_without_panic(
        on in "(push|\\[push, release\\]|\\{push: \\{tags: x\\}\\}|pull_request_target|)",
        keys in prop::collection::vec("(runs-on|if|env|permissions|container|strategy|with|uses|run|steps|name|shell|services|concurrency): ?(x|\\$\\{\\{ a.b\\[0\\] \\}\\}|\\{matrix: \\{a: \\[1, \\$\\{\\{ b \\}\\}\\]\\}\\}|\\[\\]|actions/cache@v1|\"q\"|\\|)?", 0..10),
    ) {
        let body: String = keys.iter().map(|key| format!("    {key}\n")).collect();
        let steps: String = keys.iter().map(|key| format!("      - {key}\n        with: {{path: .}}\n")).collect();
        let text = format!("on: {on}\njobs:\n  a:\n{body}  b:\n    runs-on: ${{{{ matrix.os }}}}\n    steps:\n{steps}");
        evidence(".github/workflows/a.yml", &text);
    }
}
