//! What changes the environment of later steps.

use super::super::found::{Found, Sink};
use super::super::github::{Step, is_expression, value_text};
use super::super::shell::{self, Command, Form};
use super::Input;
use crate::collect::workflows::tree::Node;
use crate::model::{Confidence, Persona, Weight};

/// Writes to the files from which later steps take variables and paths, where outsiders may choose what is written.
pub(super) fn github_env(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    if let Some(workflow) = input.workflow()
        && !workflow.events().iter().any(|event| ["workflow_run", "pull_request_target"].contains(event))
    {
        return;
    }
    for step in input.steps() {
        let Some(script) = step.run().and_then(Node::text) else { continue };
        for file in writes(script, step.shell_name()) {
            let message = format!("writes to `{file}`, from which later steps take what they run with");
            let found = Found::new(step.key("run"), message).weight(Weight::High);
            sink.add(found.confidence(Confidence::Low));
        }
    }
}

/// The files among `GITHUB_ENV` and `GITHUB_PATH` to which a script writes something that is not constant.
fn writes(script: &str, shell: &str) -> Vec<String> {
    if shell == "cmd" {
        return batch_writes(script);
    }
    let Some(commands) = shell::commands(script, shell) else { return Vec::new() };
    let is_powershell = shell.starts_with("p");
    commands.iter().flat_map(|c| if is_powershell { powershell_writes(c) } else { bash_writes(c) }).collect()
}

fn is_file(name: &str) -> bool {
    name == "GITHUB_ENV" || name == "GITHUB_PATH"
}

fn bash_writes(command: &Command) -> Vec<String> {
    let mut out = Vec::new();
    let is_constant = ["echo", "printf"].contains(&command.words.first().map_or("", |w| w.text.as_str()))
        && command.words.iter().skip(1).all(|word| matches!(word.form, Form::Bare | Form::Quoted));
    if !is_constant && !command.words.is_empty() && !command.is_piped {
        let targets = command.redirects.iter().filter(|redirect| redirect.writes);
        out.extend(targets.flat_map(|r| r.target.variables.iter().filter(|name| is_file(name)).cloned()));
    }
    if command.is_piped && command.words.first().is_some_and(|word| word.text.contains("tee")) {
        let arguments = command.words.iter().skip(1).filter(|word| word.form == Form::Expanded);
        out.extend(arguments.flat_map(|word| word.variables.iter().filter(|name| is_file(name)).cloned()));
    }
    out
}

fn powershell_writes(command: &Command) -> Vec<String> {
    let is_env = |name: &&String| {
        let name = name.to_ascii_uppercase();
        name.contains("ENV:GITHUB_ENV") || name.contains("ENV:GITHUB_PATH")
    };
    let mut out: Vec<String> = Vec::new();
    for redirect in &command.redirects {
        out.extend(redirect.target.variables.iter().filter(is_env).cloned());
    }
    let program = command.words.first().map_or_else(String::new, |word| word.text.to_ascii_lowercase());
    if ["out-file", "add-content", "set-content", "tee-object"].iter().any(|known| program.contains(known)) {
        let arguments = command.words.iter().skip(1);
        out.extend(arguments.flat_map(|word| word.variables.iter().filter(is_env).cloned()));
    }
    out
}

/// `… >> %GITHUB_ENV%` of the Windows command interpreter.
fn batch_writes(script: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in script.lines() {
        let upper = line.to_ascii_uppercase();
        for name in ["GITHUB_ENV", "GITHUB_PATH"] {
            let Some(at) = upper.find(&format!("%{name}%")) else { continue };
            let before = line[..at].trim_end_matches('"').trim_end();
            if before.ends_with('>') && !before.trim_end_matches('>').trim().is_empty() {
                out.push(name.to_owned());
                break;
            }
        }
    }
    out
}

/// Commands of the runner that were switched off because logs could give them.
pub(super) fn insecure_commands(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let mut bodies: Vec<&Node> = Vec::new();
    if let Some(workflow) = input.workflow() {
        bodies.push(workflow.root);
        bodies.extend(workflow.jobs.iter().filter(|job| job.calls.is_none()).map(|job| job.node));
    }
    let steps = input.steps();
    bodies.extend(steps.iter().filter(|step| step.run().is_some()).map(|step: &Step<'_, '_>| step.node));
    for pair in bodies.into_iter().filter_map(|body| body.pair("env")) {
        if is_expression(&pair.value) {
            let message = "variables come from one expression, which may switch commands in logs back on";
            let found = Found::new(pair.span(), message).weight(Weight::High).confidence(Confidence::Low);
            sink.add(found.persona(Persona::Auditor));
        } else if let Some(value) = pair.value.get("ACTIONS_ALLOW_UNSECURE_COMMANDS")
            && value_text(value).trim().eq_ignore_ascii_case("true")
        {
            let found =
                Found::new(pair.span(), "commands are taken from logs, which whoever gets a line into them can give");
            sink.add(found.weight(Weight::High));
        }
    }
}
