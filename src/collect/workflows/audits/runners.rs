//! Machines and shells that jobs run on.

use super::super::expr::{self, Expr, Kind};
use super::super::found::{Found, Sink};
use super::super::github::{Job, is_expression, shell_name};
use super::Input;
use crate::collect::workflows::tree::Node;
use crate::model::{Confidence, Persona, Weight};

/// Jobs on machines of one's own, which keep what a stranger's code left on them.
pub(super) fn self_hosted(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    let Some(workflow) = input.workflow() else { return };
    for job in workflow.jobs.iter().filter(|job| job.calls.is_none()) {
        let (Some(node), Some(span)) = (job.node.get("runs-on"), job.key("runs-on")) else { continue };
        let mut add = |message: &str, confidence| {
            let found = Found::new(span.clone(), message).confidence(confidence).persona(Persona::Auditor);
            sink.add(found.weight(Weight::Medium));
        };
        let own = "runs on a machine of one's own, which keeps what earlier jobs left";
        let perhaps = "may run on a machine of one's own";
        if is_expression(node) {
            let bare = expr::bare(node.text().unwrap_or_default());
            match Expr::parse(bare) {
                Some(parsed) => {
                    for leaf in parsed.leaves() {
                        match runner(leaf, bare, job) {
                            Hosting::Own => add(own, Confidence::High),
                            Hosting::Perhaps => add(perhaps, Confidence::Low),
                            Hosting::Other => {}
                        }
                    }
                }
                None if names_own(bare) => add(perhaps, Confidence::Low),
                None => {}
            }
        } else if node.get("group").is_some_and(|group| !group.is_null()) {
            add("runs on a group of machines of one's own", Confidence::High);
        } else if node.pairs().is_empty()
            && node.texts().iter().any(|label| label.eq_ignore_ascii_case("self-hosted"))
        {
            add(own, Confidence::High);
        }
    }
}

enum Hosting {
    Own,
    Perhaps,
    Other,
}

fn names_own(text: &str) -> bool {
    text.to_ascii_lowercase().contains("self-hosted")
}

/// Where one alternative of an expression leads to.
fn runner(leaf: &Expr, bare: &str, job: &Job<'_>) -> Hosting {
    if matches!(leaf.kind, Kind::Literal(_)) {
        return Hosting::Other;
    }
    let shown = bare.get(leaf.span.clone()).unwrap_or_default();
    let Some(context) = leaf.as_context().filter(|context| context.is_within("matrix")) else {
        return if names_own(shown) { Hosting::Perhaps } else { Hosting::Other };
    };
    let Some(matrix) = job.matrix() else { return Hosting::Other };
    let values: Vec<_> = matrix.values_of(context).filter(|value| value.is_static()).collect();
    if values.iter().any(|value| value.text.eq_ignore_ascii_case("self-hosted")) {
        Hosting::Own
    } else if values.iter().any(|value| names_own(&value.text)) {
        Hosting::Perhaps
    } else {
        Hosting::Other
    }
}

/// Features that are better left alone: installing with an action's input, and shells that nobody analyses.
pub(super) fn misfeature(input: &Input<'_, '_>, sink: &mut Sink<'_>) {
    for step in input.steps() {
        if step.repository().is_some_and(|repository| repository.is("actions/setup-python"))
            && step.input("pip-install").is_some()
        {
            let found = Found::new(
                step.input_key("pip-install"),
                "installs packages into the system, outside of a virtual environment",
            );
            sink.add(
                found
                    .weight(Weight::Low)
                    .also(step.node.get("uses").map_or(0..0, |n: &Node| n.span.clone()), "by this action"),
            );
        }
        let Some((shell, span)) = step.run().and_then(|_| step.shell()) else { continue };
        match shell_name(shell) {
            "bash" | "pwsh" | "python" | "sh" | "powershell" => {}
            "cmd" | "cmd.exe" => {
                let found = Found::new(span, "the Windows command interpreter quotes badly and escapes analysis");
                sink.add(found.weight(Weight::Low).within(step.grip()));
            }
            name => {
                let found =
                    Found::new(span, format!("`{name}` is no shell that the runner knows")).persona(Persona::Auditor);
                sink.add(
                    found
                        .weight(Weight::Low)
                        .within(step.node.pair("run").map_or(0..0, |pair| pair.key_span.clone())),
                );
            }
        }
    }
}
