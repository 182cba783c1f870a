//! Pipelines of GitLab, Azure, CircleCI, Gitee and Jenkins, where the same questions make sense.

use std::ops::Range;

use super::dockerfile::report;
use super::downloads::{Fetched, downloads};
use super::found::{Found, Sink};
use super::tree::{Document, Node, Value};
use super::uses::Image;
use crate::collect::SourceFile;
use crate::model::{PipelineKind, RelPath, Step, Weight};

/// Variables that Azure Pipelines writes into scripts as they are, and that outsiders choose.
const AZURE_CHOSEN: &[&str] = &[
    "$(Build.SourceVersionMessage)",
    "$(Build.SourceBranch)",
    "$(Build.SourceBranchName)",
    "$(Build.SourceVersionAuthor)",
    "$(System.PullRequest.SourceBranch)",
    "$(System.PullRequest.SourceBranchName)",
    "$(Build.RequestedFor)",
];
/// Values that CircleCI writes into commands as they are, and that outsiders choose.
const CIRCLE_CHOSEN: &[&str] = &["pipeline.git.branch", "pipeline.git.tag", "pipeline.trigger_parameters"];
/// Variables of Jenkins that outsiders choose.
const JENKINS_CHOSEN: &[&str] = &[
    "CHANGE_TITLE",
    "CHANGE_BRANCH",
    "CHANGE_AUTHOR_DISPLAY_NAME",
    "CHANGE_AUTHOR_EMAIL",
    "GIT_BRANCH",
    "BRANCH_NAME",
    "CHANGE_FORK",
];

/// What kind of pipeline a path is.
pub(super) fn kind(name: &str, path: &RelPath) -> Option<PipelineKind> {
    let folder = path.parent();
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    match (folder.as_str(), name) {
        ("", ".gitlab-ci.yml" | ".gitlab-ci.yaml") => Some(PipelineKind::Gitlab),
        (".gitlab/ci" | ".gitlab-ci", _) if is_yaml => Some(PipelineKind::Gitlab),
        (_, name) if is_yaml && name.starts_with("azure-pipelines") => Some(PipelineKind::Azure),
        (".azure-pipelines" | ".azuredevops" | ".pipelines", _) if is_yaml => Some(PipelineKind::Azure),
        (".circleci", "config.yml" | "config.yaml") => Some(PipelineKind::Circle),
        (".workflow" | ".gitee", _) if is_yaml => Some(PipelineKind::Gitee),
        (_, "jenkinsfile") => Some(PipelineKind::Jenkins),
        (
            "",
            ".travis.yml"
            | ".cirrus.yml"
            | "appveyor.yml"
            | ".appveyor.yml"
            | ".drone.yml"
            | "bitbucket-pipelines.yml",
        ) => Some(PipelineKind::OtherCi),
        ("", ".woodpecker.yml") | (".woodpecker" | ".builds", _) if is_yaml => Some(PipelineKind::OtherCi),
        _ => None,
    }
}

/// Audits a pipeline that is YAML, and lists its commands.
pub(super) fn audit(
    kind: PipelineKind,
    document: &Document<'_>,
    file: &SourceFile<'_>,
    sink: &mut Sink<'_>,
    steps: &mut Vec<Step>,
) {
    let Some(root) = &document.root else { return };
    visit(root, &mut |key, node, in_list| {
        let is_script = match kind {
            PipelineKind::Gitlab => ["script", "before_script", "after_script"].contains(&key),
            PipelineKind::Azure => ["script", "bash", "pwsh", "powershell", "inlineScript"].contains(&key),
            PipelineKind::Circle => key == "run" || key == "command",
            _ => [
                "script",
                "commands",
                "run",
                "install",
                "before_install",
                "before_script",
                "test_script",
                "build_script",
            ]
            .contains(&key),
        };
        if is_script {
            for line in lines(node) {
                script(kind, document, file, line, sink, steps);
            }
        }
        let is_image = match kind {
            PipelineKind::Azure => key == "image" && in_list,
            PipelineKind::Gitlab | PipelineKind::Circle | PipelineKind::Gitee => key == "image",
            _ => false,
        };
        if is_image {
            let name = if node.pairs().is_empty() { Some(node) } else { node.get("name") };
            if let Some((name, text)) = name.and_then(|n| Some((n, n.text()?))) {
                image(text, name.span.clone(), sink);
            }
        }
        // A job or step of an orb has its name as the key: `python/run-tests:`.
        if kind == PipelineKind::Circle && in_list && key.contains('/') {
            steps.push(Step { text: key.to_owned(), place: file.place_of_line(file.line_at(node.at.start)) });
        }
        match (kind, key) {
            (PipelineKind::Gitlab, "include") => includes(node, sink),
            (PipelineKind::Azure, "repositories") => {
                for repository in node.items().iter().filter(|repository| repository.get("ref").is_none()) {
                    let name = repository.get("name").and_then(Node::text).unwrap_or_default();
                    include(
                        repository.at.clone(),
                        format!("templates of `{name}` are taken from its default branch: `ref` is not set"),
                        sink,
                    );
                }
            }
            (PipelineKind::Circle, "orbs") => {
                for pair in node.pairs() {
                    let Some(name) = pair.value.text() else { continue };
                    let version = name.rsplit_once('@').map_or("", |(_, version)| version);
                    if version.split('.').count() < 3 || version == "volatile" {
                        include(
                            pair.value.span.clone(),
                            format!("the orb `{name}` is not pinned to a full version"),
                            sink,
                        );
                    }
                }
            }
            _ => {}
        }
    });
}

/// Calls `f` with every key and value, and whether the mapping is an item of a list.
fn visit(node: &Node, f: &mut dyn FnMut(&str, &Node, bool)) {
    fn go(node: &Node, in_list: bool, f: &mut dyn FnMut(&str, &Node, bool)) {
        match &node.value {
            Value::Mapping(pairs) => {
                for pair in pairs {
                    f(&pair.key, &pair.value, in_list);
                    go(&pair.value, false, f);
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| go(item, true, f)),
            Value::Scalar(_) => {}
        }
    }
    go(node, false, f);
}

/// The scalars of a script: one, or a list of them, or lists in lists.
fn lines(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::Scalar(_) => vec![node],
        Value::Sequence(items) => items.iter().flat_map(lines).collect(),
        Value::Mapping(_) => Vec::new(),
    }
}

fn script(
    kind: PipelineKind,
    document: &Document<'_>,
    file: &SourceFile<'_>,
    node: &Node,
    sink: &mut Sink<'_>,
    steps: &mut Vec<Step>,
) {
    let Some(text) = node.text() else { return };
    let offsets = document.offsets(node);
    let place = file.place_of_line(file.line_at(node.at.start));
    steps.push(Step { text: text.to_owned(), place });
    report(downloads(text, &mut Fetched::default()), 0, Some(&|span| offsets.range(span)), sink);
    let mut injected = |at: usize, name: &str| {
        sink.audit("macro-injection", false);
        let message = format!("`{name}` is written into the script before it runs: whoever chooses it chooses code");
        sink.add(Found::new(offsets.range(at..at + name.len()), message).weight(Weight::High));
    };
    match kind {
        PipelineKind::Azure => {
            for name in AZURE_CHOSEN {
                text.match_indices(name).for_each(|(at, _)| injected(at, name));
            }
        }
        PipelineKind::Circle => {
            for (at, _) in text.match_indices("<<") {
                let inner = text[at + 2..].trim_start();
                if let Some(name) = CIRCLE_CHOSEN.iter().find(|name| inner.starts_with(**name)) {
                    injected(at, &text[at..(at + 2 + text[at + 2..].find(name).unwrap_or(0) + name.len())]);
                }
            }
        }
        _ => {}
    }
}

fn image(text: &str, span: Range<usize>, sink: &mut Sink<'_>) {
    let image = Image::parse(text);
    if text.contains(['$', '<', '{']) || image.digest.is_some() || image.name.is_empty() {
        return;
    }
    sink.audit("image-unpinned", false);
    let weight = if image.is_latest() { Weight::Medium } else { Weight::Low };
    sink.add(Found::new(span, format!("the image `{text}` {}", image.movable())).weight(weight));
}

fn include(span: Range<usize>, message: String, sink: &mut Sink<'_>) {
    sink.audit("include-unpinned", false);
    sink.add(Found::new(span, message).weight(Weight::Medium));
}

/// What GitLab takes from elsewhere.
fn includes(node: &Node, sink: &mut Sink<'_>) {
    let entries: Vec<&Node> = if node.items().is_empty() { vec![node] } else { node.items().iter().collect() };
    for entry in entries {
        if let Some(text) = entry.text().filter(|text| text.starts_with("http")) {
            include(entry.span.clone(), format!("`{text}` can change: it is fetched anew for every run"), sink);
        }
        if let Some(remote) = entry.pair("remote").filter(|_| entry.get("integrity").is_none()) {
            let text = remote.value.text().unwrap_or_default();
            include(remote.value.span.clone(), format!("`{text}` can change: `integrity` is not set"), sink);
        }
        if let Some(project) = entry.pair("project") {
            let version = entry.get("ref").and_then(Node::text).unwrap_or_default();
            if !(version.len() >= 40 && version.bytes().all(|b| b.is_ascii_hexdigit())) {
                let text = project.value.text().unwrap_or_default();
                include(project.value.span.clone(), format!("files of `{text}` are not pinned to a commit"), sink);
            }
        }
    }
}

/// Audits a Jenkinsfile line by line: it is Groovy, of which only calls with a text are looked at.
pub(super) fn jenkins(file: &SourceFile<'_>, sink: &mut Sink<'_>, steps: &mut Vec<Step>) {
    let mut start = 0;
    for (i, line) in file.text().split_inclusive('\n').enumerate() {
        let trimmed = line.trim_start();
        let at = start + line.len() - trimmed.len();
        start += line.len();
        if trimmed.starts_with("//") || trimmed.starts_with('*') {
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix("@Library(") {
            let name = rest.trim_start_matches(['[', '\'', '"']).split(['\'', '"']).next().unwrap_or_default();
            if !name.is_empty() && !name.contains('@') {
                include(
                    at..at + trimmed.trim_end().len(),
                    format!("the library `{name}` is taken from its default branch"),
                    sink,
                );
            }
        }
        let call = ["sh ", "sh(", "bat ", "bat("].iter().find(|call| trimmed.starts_with(**call));
        if let Some(call) = call {
            let body = trimmed[call.len()..].trim_start();
            let is_expanded = body.starts_with('"') || body.contains("script: \"");
            let script = body.trim_matches(['"', '\'', ')', '\n', '\r', ' ']);
            steps.push(Step { text: script.to_owned(), place: file.place_of_line(i as u32 + 1) });
            let base = at + trimmed.find(script).unwrap_or_default();
            report(downloads(script, &mut Fetched::default()), base, None, sink);
            if is_expanded
                && let Some(name) = JENKINS_CHOSEN.iter().find(|name| {
                    script.contains(&format!("${{env.{name}}}")) || script.contains(&format!("${{{name}}}"))
                })
            {
                sink.audit("macro-injection", false);
                let message =
                    format!("`{name}` is written into the script before it runs: whoever chooses it chooses code");
                sink.add(Found::new(base..base + script.len(), message).weight(Weight::High));
            }
        }
    }
}
