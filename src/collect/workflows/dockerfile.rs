//! Recipes of container images.

use std::collections::BTreeMap;
use std::ops::Range;

use super::downloads::{Download, Fetched, downloads};
use super::found::{Found, Sink};
use super::uses::Image;
use crate::model::Weight;

/// One instruction.
struct Instruction<'s> {
    /// `FROM`, `RUN` and so on, as written.
    word: &'s str,
    /// What follows it, continued lines included.
    body: Range<usize>,
}

/// Whether a file is a recipe by its name, in lower case.
pub(super) fn is_dockerfile(name: &str) -> bool {
    let is_code = [
        ".go",
        ".c",
        ".cpp",
        ".rs",
        ".js",
        ".py",
        ".java",
        ".md",
        ".sh",
        ".ts",
        ".rb",
        ".json",
        ".yml",
        ".yaml",
        ".dockerignore",
    ];
    let named = ["dockerfile", "containerfile"].iter().any(|word| {
        name == *word
            || name.starts_with(&format!("{word}."))
            || name.starts_with(&format!("{word}-"))
            || name.ends_with(&format!(".{word}"))
    });
    named && !is_code.iter().any(|ending| name.ends_with(ending))
}

/// Base images without a digest, and commands that fetch what nothing verifies.
pub(super) fn audit(text: &str, sink: &mut Sink<'_>) {
    let mut arguments: BTreeMap<&str, &str> = BTreeMap::new();
    let mut stages: BTreeMap<String, bool> = BTreeMap::new();
    let mut fetched = Fetched::default();
    for instruction in instructions(text) {
        let body = &text[instruction.body.clone()];
        match instruction.word.to_ascii_uppercase().as_str() {
            "ARG" => {
                let pairs = body.split_whitespace().filter_map(|word| word.split_once('='));
                arguments.extend(pairs.map(|(name, value)| (name, value.trim_matches('"'))));
            }
            "FROM" => {
                from(body, &instruction, &arguments, &mut stages, sink);
                fetched = Fetched::default();
            }
            "RUN" => {
                sources(body, &instruction, &arguments, &stages, sink);
                run(body, instruction.body.start, &mut fetched, sink);
            }
            "COPY" => sources(body, &instruction, &arguments, &stages, sink),
            "ADD" => add(body, &instruction, &mut fetched, sink),
            _ => {}
        }
    }
}

fn from(
    body: &str,
    instruction: &Instruction<'_>,
    arguments: &BTreeMap<&str, &str>,
    stages: &mut BTreeMap<String, bool>,
    sink: &mut Sink<'_>,
) {
    let mut words = body.split_whitespace().filter(|word| !word.starts_with("--"));
    let Some(written) = words.next() else { return };
    let stage = words.next().filter(|word| word.eq_ignore_ascii_case("as")).and_then(|_| words.next());
    let name = substituted(written, arguments);
    let is_pinned = match stages.get(&name.to_ascii_lowercase()) {
        // A stage of the same recipe was judged where it begins.
        Some(_) => true,
        None => name.eq_ignore_ascii_case("scratch") || has_digest(&name),
    };
    if let Some(stage) = stage {
        stages.insert(stage.to_ascii_lowercase(), is_pinned);
    }
    if is_pinned {
        return;
    }
    let start = instruction.body.start + body.find(written).unwrap_or_default();
    let (what, weight) = movable(&name);
    sink.audit("image-unpinned", false);
    let message = format!("the base image `{written}` {what}");
    let found = Found::new(start..start + written.len(), message).weight(weight);
    sink.add(found.scorecard(Some("Pinned-Dependencies")));
}

/// A name with the values of the arguments that it is made of.
fn substituted(written: &str, arguments: &BTreeMap<&str, &str>) -> String {
    arguments.iter().fold(written.to_owned(), |name, (argument, value)| {
        name.replace(&format!("${{{argument}}}"), value).replace(&format!("${argument}"), value)
    })
}

fn has_digest(name: &str) -> bool {
    Image::parse(name).digest.is_some() || name.contains("@sha256:")
}

/// Why an image without a digest is not always the same, and how much that matters.
fn movable(name: &str) -> (&'static str, Weight) {
    if name.contains('$') {
        return ("comes from outside, and may not be pinned to a digest", Weight::Low);
    }
    (Image::parse(name).movable(), Weight::Medium)
}

/// Images of others that files are taken from: `COPY --from=image`, `RUN --mount=from=image`. OpenSSF Scorecard does not
/// look there. Stages have names, or numbers from 0.
fn sources(
    body: &str,
    instruction: &Instruction<'_>,
    arguments: &BTreeMap<&str, &str>,
    stages: &BTreeMap<String, bool>,
    sink: &mut Sink<'_>,
) {
    let options = body.split_whitespace().take_while(|word| word.starts_with("--"));
    let written = options.filter_map(|option| {
        let mount = option
            .strip_prefix("--mount=")
            .and_then(|mount| mount.split(',').find_map(|part| part.strip_prefix("from=")));
        mount.or_else(|| option.strip_prefix("--from="))
    });
    for written in written {
        let name = substituted(written.trim_matches('"'), arguments);
        let is_stage = stages.contains_key(&name.to_ascii_lowercase()) || name.bytes().all(|b| b.is_ascii_digit());
        // What is neither tagged nor in a registry may be a stage or a context that is named on the command line.
        let is_image = name.contains([':', '/']);
        if is_stage || !is_image || has_digest(&name) {
            continue;
        }
        let start = instruction.body.start + body.find(written).unwrap_or_default();
        let (what, weight) = movable(&name);
        sink.audit("image-unpinned", false);
        let message = format!("the image `{written}`, of which files are taken, {what}");
        sink.add(Found::new(start..start + written.len(), message).weight(weight));
    }
}

/// `ADD https://…` without a checksum. What is fetched by the commit of a repository needs none.
fn add(body: &str, instruction: &Instruction<'_>, fetched: &mut Fetched, sink: &mut Sink<'_>) {
    let words: Vec<&str> = body.split_whitespace().collect();
    if words.iter().any(|word| word.starts_with("--checksum=")) {
        return;
    }
    let files: Vec<&str> = words.into_iter().filter(|word| !word.starts_with("--")).collect();
    let Some((to, from)) = files.split_last() else { return };
    for url in from.iter().map(|url| url.trim_matches(['[', '"', ','])) {
        let is_url = url.starts_with("https://") || url.starts_with("http://");
        let commit = url.split_once('#').map_or("", |(_, reference)| reference.split(':').next().unwrap_or_default());
        let is_commit = commit.len() >= 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_url || is_commit {
            continue;
        }
        let name = url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        fetched.add(to.trim_matches([']', '"']));
        fetched.add(&format!("{}/{name}", to.trim_matches([']', '"']).trim_end_matches('/')));
        let start = instruction.body.start + body.find(url).unwrap_or_default();
        sink.audit("download-unverified", false);
        let message =
            format!("`{url}` is added to the image as it is that day: `--checksum=sha256:…` says what it has to be");
        sink.add(Found::new(start..start + url.len(), message).weight(Weight::Medium));
    }
}

fn run(body: &str, start: usize, fetched: &mut Fetched, sink: &mut Sink<'_>) {
    // The form of a list: the script that a shell is given, or a command without a shell.
    if body.trim_start().starts_with('[') {
        let words: Vec<String> = serde_json::from_str(body.trim()).unwrap_or_default();
        let script = words.iter().position(|word| word == "-c").and_then(|at| words.get(at + 1)).cloned();
        let whole = start..start + body.trim_end().len();
        let script = script.unwrap_or_else(|| words.join(" "));
        return report(downloads(&script, fetched), start, Some(&|_| whole.clone()), sink);
    }
    // Comments between continued lines are no part of the command, and options come in front of it.
    let mut script = String::with_capacity(body.len());
    for line in body.split_inclusive('\n') {
        if line.trim_start().starts_with('#') {
            script.push_str(&" ".repeat(line.len()));
        } else {
            script.push_str(line);
        }
    }
    let options: usize = script.split_whitespace().take_while(|word| word.starts_with("--")).count();
    for option in script.clone().split_whitespace().take(options) {
        script = script.replacen(option, &" ".repeat(option.len()), 1);
    }
    report(downloads(&script, fetched), start, None, sink);
}

/// Adds what the commands of a script fetch. The script starts at `start`, or `spans` tells where its parts stand.
pub(super) fn report(
    found: Vec<Download>,
    start: usize,
    spans: Option<&dyn Fn(Range<usize>) -> Range<usize>>,
    sink: &mut Sink<'_>,
) {
    for download in found {
        sink.audit(download.audit(), false);
        let span = download.span.clone();
        let span = spans.map_or(start + span.start..start + span.end, |translate| translate(span));
        sink.add(download.found_at(span));
    }
}

/// The instructions of a recipe: a line ends with a backslash where the next one belongs to it, texts in `<<` follow.
fn instructions(text: &str) -> Vec<Instruction<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = &text[at..end];
        let trimmed = line.trim_start();
        let word_start = at + line.len() - trimmed.len();
        let word = trimmed.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        if word.is_empty() || word.starts_with('#') {
            at = end + 1;
            continue;
        }
        let body = word_start + word.len();
        let mut stop = end;
        while text[body.min(stop)..stop].trim_end().ends_with('\\') || is_comment(text, stop, body) {
            if stop >= text.len() {
                break;
            }
            stop = text[stop + 1..].find('\n').map_or(text.len(), |next| stop + 1 + next);
        }
        if let Some(delimiter) = heredoc(&text[body..stop]) {
            let mut line_end = stop;
            while line_end < text.len() {
                let next = text[line_end + 1..].find('\n').map_or(text.len(), |next| line_end + 1 + next);
                let is_last = text[line_end + 1..next].trim() == delimiter;
                line_end = next;
                if is_last {
                    break;
                }
            }
            // The text is the script.
            out.push(Instruction { word, body: (stop + 1).min(line_end)..line_end });
            at = line_end + 1;
            continue;
        }
        out.push(Instruction { word, body: body..stop });
        at = stop + 1;
    }
    out
}

/// Whether the line that ends at `stop` is a comment between continued lines.
fn is_comment(text: &str, stop: usize, body: usize) -> bool {
    let start = text[..stop].rfind('\n').map_or(0, |at| at + 1);
    start > body && text[start..stop].trim_start().starts_with('#')
}

/// The delimiter of a text that follows a command which is nothing else: `RUN <<EOF`.
fn heredoc(body: &str) -> Option<&str> {
    let rest = body.trim().strip_prefix("<<")?.trim_start_matches('-');
    let word = rest.trim_matches(['"', '\'']);
    (!word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(word)
}
