//! Tools and packages that steps install and publish.

use super::super::condition::{Cause, usage};
use super::super::data::actions;
use super::super::downloads::{Fetched, downloads as find_downloads, names_npm_package, powershell_downloads};
use super::super::found::{Found, Sink};
use super::super::github::{Host, Permissions, Step};
use super::super::shell;
use super::Input;
use crate::collect::workflows::tree::Node;
use crate::model::{Confidence, Weight};

/// Actions that install whatever version of a tool is latest.
pub(super) fn unpinned_tools(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        let Some(answer) = actions().tool.iter().find_map(|known| usage(known, &step)) else { continue };
        let Some(uses) = step.node.get("uses").map(|node| node.span.clone()) else { continue };
        let is_default = answer.causes.iter().find_map(|cause| match cause {
            Cause::Default(field) => Some(*field),
            _ => None,
        });
        let is_set = answer.causes.iter().find_map(|cause| match cause {
            Cause::Input(field) => Some(*field),
            _ => None,
        });
        match (answer.holds, is_default, is_set) {
            (Some(_), Some(field), _) => {
                sink.add(Found::new(uses, format!("installs the latest version: `{field}` is not set")));
            }
            (Some(_), None, Some(field)) => {
                let found = Found::new(step.input_key(field), "asks for whatever version is latest");
                sink.add(found.also(uses, "of the tool that this action installs"));
            }
            (None, _, Some(field)) => {
                let found = Found::new(step.input_key(field), "may ask for whatever version is latest");
                sink.add(found.confidence(Confidence::Low).also(uses, "of the tool that this action installs"));
            }
            _ => {}
        }
    }
}

/// A command of a script, as it is written.
struct Run<'s> {
    program: &'s str,
    arguments: Vec<&'s str>,
}

/// Adds a finding for every command of a step that `is_meant` picks.
fn commands(
    step: &Step<'_, '_>,
    sink: &mut Sink<'_>,
    is_meant: fn(&Run<'_>) -> bool,
    found: fn(std::ops::Range<usize>, &str) -> Found,
) {
    let Some(run) = step.run() else { return };
    let Some(script) = run.text() else { return };
    let Some(commands) = shell::commands(script, step.shell_name()) else { return };
    let mut offsets = None;
    for command in commands {
        let arguments = command.raw_arguments(script);
        let Some(program) = command.words.first().and_then(|word| script.get(word.span.clone())) else { continue };
        if arguments.is_empty() || !is_meant(&Run { program, arguments }) {
            continue;
        }
        let offsets = offsets.get_or_insert_with(|| step.document().offsets(run));
        let shown = script.get(command.span.clone()).unwrap_or_default();
        let shown = shown.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ");
        sink.add(found(offsets.range(command.span.clone()), &shown).within(step.span()));
    }
}

/// Packages installed outside of a lock file, by package managers that have one.
pub(super) fn adhoc_packages(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        commands(&step, sink, is_adhoc_install, |span, shown| {
            let scorecard = shown.starts_with("npm ").then_some("Pinned-Dependencies");
            Found::new(span, format!("`{shown}` installs outside of a lock file"))
                .weight(Weight::Low)
                .scorecard(scorecard)
        });
    }
}

fn is_adhoc_install(run: &Run<'_>) -> bool {
    let mut arguments = run.arguments.iter().copied();
    let names_package =
        |mut rest: &mut dyn Iterator<Item = &str>| (&mut rest).any(|argument| !argument.starts_with('-'));
    match run.program {
        "gem" => arguments.any(|a| a == "install" || a == "i") && names_package(&mut arguments),
        "bundle" => arguments.any(|a| a == "add") && names_package(&mut arguments),
        "npm" => {
            const INSTALL: &[&str] = &[
                "install", "i", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall", "add",
            ];
            arguments.find(|a| !a.starts_with('-')).is_some_and(|a| INSTALL.contains(&a))
                && names_package(&mut arguments)
        }
        "yarn" | "pnpm" => {
            let mut command = subcommand(run.program, &mut arguments);
            if run.program == "yarn" && command == Some("workspace") {
                arguments.next();
                command = subcommand(run.program, &mut arguments);
            } else if (run.program == "yarn" && command == Some("global"))
                || (run.program == "pnpm" && matches!(command, Some("recursive" | "multi" | "m")))
            {
                command = subcommand(run.program, &mut arguments);
            }
            command == Some("add") && names_package(&mut arguments)
        }
        _ => false,
    }
}

/// The next word that is no option nor the value of one.
fn subcommand<'s>(program: &str, arguments: &mut dyn Iterator<Item = &'s str>) -> Option<&'s str> {
    let with_value: &[&str] = match program {
        "pnpm" => &["-C", "--dir", "-F", "--filter", "--filter-prod"],
        _ => &["--cwd", "--mutex", "--cache-folder"],
    };
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            return arguments.next();
        }
        if !argument.starts_with('-') {
            return Some(argument);
        }
        if with_value.contains(&argument) {
            arguments.next()?;
        }
    }
    None
}

/// Downloads that nothing verifies, in scripts of POSIX-like shells and, where Scorecard does not look, of PowerShell.
pub(super) fn downloads(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let (mut fetched, mut last_job) = (Fetched::default(), None);
    for step in input.steps() {
        let Some(run) = step.run() else { continue };
        let Some(script) = run.text() else { continue };
        let job = match step.host {
            Host::Job(_, job) => Some(job.span().start),
            Host::Action(_) => None,
        };
        if job != last_job {
            (fetched, last_job) = (Fetched::default(), job);
        }
        let downloads = match step.shell_name() {
            "bash" | "sh" | "zsh" => find_downloads(script, &mut fetched),
            "pwsh" | "powershell" => powershell_downloads(script),
            _ => continue,
        };
        let mut offsets = None;
        for download in downloads {
            if !download.runs && names_npm_package(script.get(download.span.clone()).unwrap_or_default()) {
                continue;
            }
            sink.audit(download.audit(), false);
            let offsets = offsets.get_or_insert_with(|| step.document().offsets(run));
            let span = offsets.range(download.span.clone());
            sink.add(download.found_at(span).within(step.span()));
        }
    }
}

/// Publishing with a long-lived token, where the registry takes short-lived ones of the runner.
pub(super) fn trusted_publishing(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        for known in actions().trusted.iter().filter(|known| usage(known, &step).is_some()) {
            let message = "publishes with a long-lived token instead of trusted publishing";
            let shown = known.shown.as_deref().unwrap_or_default();
            let found = Found::new(step.key("uses"), message).weight(Weight::Informational);
            sink.add(found.also(step.input_key(shown), "which is given here").within(step.span()));
        }
        if matches!(step.host, Host::Job(..)) && !has_id_token(&step) {
            commands(&step, sink, is_publish, |span, shown| {
                let message = format!("`{shown}` publishes with a long-lived token instead of trusted publishing");
                Found::new(span, message).weight(Weight::Informational)
            });
        }
    }
}

/// Whether the job can prove who it is.
fn has_id_token(step: &Step<'_, '_>) -> bool {
    let Host::Job(workflow, job) = step.host else { return false };
    let own = job.permissions();
    let effective = if matches!(own, Permissions::Default) { workflow.permissions() } else { own };
    match effective {
        Permissions::WriteAll(_) => true,
        Permissions::Each(pair) => pair.value.get("id-token").and_then(Node::text) == Some("write"),
        _ => false,
    }
}

/// Whether a command publishes to a registry that takes short-lived tokens; trial runs do not.
fn is_publish(run: &Run<'_>) -> bool {
    let mut rest = run.arguments.iter().copied();
    let mut publish = |words: &[&str]| words.iter().all(|word| rest.any(|argument| argument == *word));
    match run.program {
        "cargo" => publish(&["publish"]) && rest.all(|a| a != "--dry-run" && a != "-n"),
        "uv" => match rest.find(|a| ["publish", "run"].contains(a)) {
            Some("publish") => rest.all(|a| a != "--dry-run"),
            Some(_) => rest.any(|a| a == "twine") && rest.any(|a| a == "upload"),
            None => false,
        },
        "uvx" => rest.any(|a| a.starts_with("twine")) && rest.any(|a| a == "upload"),
        "hatch" | "pdm" => publish(&["publish"]),
        "poetry" | "npm" | "pnpm" | "bun" => publish(&["publish"]) && rest.all(|a| a != "--dry-run"),
        "twine" => publish(&["upload"]),
        "pipx" => rest.any(|a| a == "run") && rest.any(|a| a.starts_with("twine")) && rest.any(|a| a == "upload"),
        "gem" | "nuget" | "nuget.exe" => publish(&["push"]),
        "bundle" => publish(&["exec", "gem", "push"]),
        "yarn" => match rest.find(|a| ["publish", "npm"].contains(a)) {
            Some("publish") => true,
            Some(_) => rest.any(|a| a == "publish") && rest.all(|a| a != "--dry-run" && a != "-n"),
            None => false,
        },
        "bunx" => {
            rest.any(|a| a == "npm" || a.starts_with("npm@"))
                && rest.any(|a| a == "publish")
                && rest.all(|a| a != "--dry-run")
        }
        "dotnet" => publish(&["nuget", "push"]),
        program if program.starts_with("python") => publish(&["-m", "twine", "upload"]),
        _ => false,
    }
}
