//! Recipes of container images.

use std::collections::BTreeMap;
use std::ops::Range;

use super::downloads::downloads;
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
    for instruction in instructions(text) {
        let body = &text[instruction.body.clone()];
        match instruction.word.to_ascii_uppercase().as_str() {
            "ARG" => {
                let pairs = body.split_whitespace().filter_map(|word| word.split_once('='));
                arguments.extend(pairs.map(|(name, value)| (name, value.trim_matches('"'))));
            }
            "FROM" => from(body, &instruction, &arguments, &mut stages, sink),
            "RUN" => run(body, instruction.body.start, sink),
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
    let mut name = written.to_owned();
    for (argument, value) in arguments {
        name = name.replace(&format!("${{{argument}}}"), value).replace(&format!("${argument}"), value);
    }
    let is_pinned = match stages.get(&name.to_ascii_lowercase()) {
        // A stage of the same recipe was judged where it begins.
        Some(_) => true,
        None => {
            name.eq_ignore_ascii_case("scratch") || Image::parse(&name).digest.is_some() || name.contains("@sha256:")
        }
    };
    if let Some(stage) = stage {
        stages.insert(stage.to_ascii_lowercase(), is_pinned);
    }
    if is_pinned {
        return;
    }
    let start = instruction.body.start + body.find(written).unwrap_or_default();
    let (what, weight) = if name.contains('$') {
        ("comes from outside, and may not be pinned to a digest".to_owned(), Weight::Low)
    } else {
        let reason = match Image::parse(&name).tag {
            None | Some("latest") => "is whatever is latest",
            Some(_) => "is not pinned to a digest: the tag can be moved",
        };
        (reason.to_owned(), Weight::Medium)
    };
    let found = Found::new(start..start + written.len(), format!("the base image `{written}` {what}")).weight(weight);
    sink.add(found.scorecard(Some("Pinned-Dependencies")));
}

fn run(body: &str, start: usize, sink: &mut Sink<'_>) {
    // The form of a list: the script that a shell is given, or a command without a shell.
    if body.trim_start().starts_with('[') {
        let words: Vec<String> = serde_json::from_str(body.trim()).unwrap_or_default();
        let script = words.iter().position(|word| word == "-c").and_then(|at| words.get(at + 1)).cloned();
        let whole = start..start + body.trim_end().len();
        let script = script.unwrap_or_else(|| words.join(" "));
        return report(&script, start, Some(&|_| whole.clone()), sink);
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
    report(&script, start, None, sink);
}

/// Adds what the commands of a script fetch; `skip` are audits that were made elsewhere.
pub(super) fn report(
    script: &str,
    start: usize,
    spans: Option<&dyn Fn(Range<usize>) -> Range<usize>>,
    sink: &mut Sink<'_>,
) {
    for download in downloads(script) {
        let name = if download.runs { "download-then-run" } else { "package-unpinned" };
        sink.audit(name, false);
        let weight = if download.runs { Weight::High } else { Weight::Low };
        let span = match spans {
            Some(translate) => translate(download.span),
            None => start + download.span.start..start + download.span.end,
        };
        sink.add(Found::new(span, download.message).weight(weight).scorecard(Some("Pinned-Dependencies")));
    }
    sink.audit("image-unpinned", false);
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
